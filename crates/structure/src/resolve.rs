//! What a plain scalar of YAML is, where its readers agree.
//!
//! YAML 1.1 (which most programs still read) and 1.2 see other things in the
//! same letters. Where they differ, the scalar is nobody's: it means itself,
//! and no spelling that is safe means the same.

use crate::Sort;
use crate::number::exact;

/// What readers of YAML 1.1 and those of 1.2 take a plain scalar for, when they differ.
pub(crate) type Doubt = (&'static str, &'static str);

/// What `text` is, and the one spelling of it.
pub(crate) fn resolve(text: &str) -> (Sort, String) {
    if doubt(text).is_some() {
        return (Sort::Doubtful, text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return (Sort::Null, "null".to_owned()),
        "true" | "True" | "TRUE" => return (Sort::Bool, "true".to_owned()),
        "false" | "False" | "FALSE" => return (Sort::Bool, "false".to_owned()),
        ".nan" | ".NaN" | ".NAN" => return (Sort::Number, ".nan".to_owned()),
        _ => {}
    }
    let (sign, unsigned) = signed(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return (Sort::Number, format!("{}.inf", sign.replace('+', "")));
    }
    if !unsigned.starts_with(|ch: char| ch.is_ascii_digit() || ch == '.') {
        return (Sort::Text, text.to_owned());
    }
    if let Some(digits) = unsigned.strip_prefix("0x").filter(|it| hexadecimal(it)) {
        return (Sort::Number, format!("{sign}0x{}", digits.to_ascii_lowercase()));
    }
    match exact(text) {
        // An integer and a float are two things.
        Some(exact) if unsigned.contains(['.', 'e', 'E']) => (Sort::Number, format!("float {exact}")),
        Some(exact) => (Sort::Number, exact),
        None => (Sort::Text, text.to_owned()),
    }
}

/// Whether the value of a plain scalar depends on who reads it.
pub(crate) fn doubt(text: &str) -> Option<Doubt> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "on" => return Some(("true", "a text")),
        "n" | "no" | "off" => return Some(("false", "a text")),
        "=" => return Some(("a default value", "a text")),
        _ => {}
    }
    let (_, unsigned) = signed(text);
    let first = unsigned.bytes().next()?;
    if !first.is_ascii_digit() && first != b'.' {
        return None;
    }
    if unsigned.starts_with("0b") && unsigned[2..].bytes().all(|it| matches!(it, b'0' | b'1' | b'_')) {
        return Some(("a binary number", "a text"));
    }
    if unsigned.starts_with("0o") && unsigned.len() > 2 && digits(&unsigned[2..], b'7') {
        return Some(("a text", "an octal number"));
    }
    if unsigned.len() > 1 && first == b'0' && digits(unsigned, b'9') {
        return Some(if digits(unsigned, b'7') {
            ("an octal number", "a decimal number")
        } else {
            ("a text", "a decimal number")
        });
    }
    if is_date(text) {
        return Some(("a date", "a text"));
    }
    if unsigned.contains(':') && is_sexagesimal(unsigned) {
        return Some(("a number to the base of 60", "a text"));
    }
    let bare = unsigned.replace('_', "");
    let number = exact(&bare).is_some() || bare.strip_prefix("0x").is_some_and(hexadecimal);
    if bare.len() < unsigned.len() && number {
        return Some(("a number", "a text"));
    }
    let exponent = bare.find(['e', 'E']);
    let usual = |at: usize| bare[..at].contains('.') && bare[at + 1..].starts_with(['+', '-']);
    if number && !bare.starts_with("0x") && exponent.is_some_and(|at| !usual(at)) {
        return Some(("a text", "a number"));
    }
    None
}

fn signed(text: &str) -> (&str, &str) {
    text.split_at(usize::from(text.starts_with(['+', '-'])))
}

fn digits(text: &str, last: u8) -> bool {
    text.bytes().all(|byte| (b'0'..=last).contains(&byte))
}

fn hexadecimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `2026-11-21`, and whatever stands behind it.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let part =
        |it: Option<&str>, len: &[usize]| it.is_some_and(|it| len.contains(&it.len()) && digits(it, b'9'));
    let (year, month) = (part(parts.next(), &[4]), part(parts.next(), &[1, 2]));
    let day = parts.next().unwrap_or_default();
    let end = day.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(day.len());
    let rest = day[end..].chars().next();
    year && month && (1..=2).contains(&end) && matches!(rest, None | Some('T' | 't' | ' ' | '\t'))
}

/// `12:30`, `1:00:00.5`.
fn is_sexagesimal(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = whole.split(':');
    let number = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    parts.next().is_some_and(|first| !first.is_empty() && number(first))
        && parts.all(|it| (1..=2).contains(&it.len()) && digits(it, b'9'))
        && number(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_depends_on_the_reader_is_in_doubt() {
        let doubtful = "y Y yes Yes YES n no No NO on On off OFF = 0777 -0777 0o17 089 0b101 12:30 1:00:00.5 \
            1_000 0x_ff 1e3 1.5e3 1e-3 2026-11-21 2026-1-2 2026-11-21T10:00:00Z";
        for text in doubtful.split(' ') {
            assert!(doubt(text).is_some(), "{text}");
            assert_eq!(resolve(text).0, Sort::Doubtful, "{text}");
        }
        let clear = "yess nope null ~ true False 0 7 -7 1.5 1.5e+3 .5 0x1f .inf -.INF .nan a:b 1:x 10.0.0.1 \
            1.2.3 2026 12-30 key abc é 0x -- . +";
        for text in clear.split(' ') {
            assert_eq!(doubt(text), None, "{text}");
        }
    }

    #[test]
    fn plain_scalars_are_what_all_readers_take_them_for() {
        let sort = |text| resolve(text).0;
        assert_eq!(resolve(""), resolve("~"));
        assert_eq!(resolve("True"), resolve("true"));
        assert_eq!(resolve("1.50"), resolve("1.5"));
        assert_eq!(resolve("+.inf"), resolve(".INF"));
        assert_ne!(resolve("1"), resolve("1.0"));
        for text in ["7", "-7.5", ".inf", "0x1F"] {
            assert_eq!(sort(text), Sort::Number, "{text}");
        }
        for text in ["a", "10.0.0.1", "-", "--1", "é", "0x", ".", "1.2.3"] {
            assert_eq!(sort(text), Sort::Text, "{text}");
        }
    }
}
