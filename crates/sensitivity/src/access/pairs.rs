//! Names and values on a line: `name = "value"`, `"Name": ["value"]`, `name: value`.

use std::ops::Range;

/// A setting: its name, letters and digits alone and in lower case, and what it is set to.
#[derive(Debug)]
pub(super) struct Pair<'t> {
    pub(super) name: String,
    pub(super) value: &'t str,
    /// From the name to the end of the value.
    pub(super) range: Range<usize>,
}

/// The most settings of one line.
const MOST: usize = 40;

/// The settings on `line`.
pub(super) fn pairs(line: &str) -> Vec<Pair<'_>> {
    let bytes = line.as_bytes();
    let (mut all, mut start, mut at) = (Vec::new(), 0, 0);
    let mut quote = None;
    while at < bytes.len() && all.len() < MOST {
        let byte = bytes[at];
        match quote {
            Some(open) => {
                if byte == b'\\' {
                    at += 1;
                } else if byte == open {
                    quote = None;
                }
            }
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None if byte == b'#' && at > 0 && bytes[at - 1] == b' ' => break,
            None if matches!(byte, b'{' | b'[' | b',' | b';' | b'}' | b'(') => start = at + 1,
            None if matches!(byte, b'=' | b':')
                && bytes.get(at + 1) != Some(&b':')
                && bytes.get(at.wrapping_sub(1)) != Some(&b':') =>
            {
                let after = at
                    + 1
                    + bytes[at + 1..]
                        .iter()
                        .take_while(|it| matches!(it, b' ' | b'\t' | b'>' | b'=' | b'|'))
                        .count();
                let end = value_end(bytes, after);
                if let (Some(written), Some(value)) = (line.get(start..at), line.get(after..end)) {
                    let lead =
                        written.len() - written.trim_start_matches([' ', '\t', '-', '+', '"', '\'']).len();
                    let name = plain(&written[lead..]);
                    if !name.is_empty() && name.len() <= 60 && !value.is_empty() {
                        all.push(Pair { name, value, range: start + lead..end });
                    }
                }
                // What the value holds may be settings in turn.
                let nested = matches!(bytes.get(after), Some(b'{' | b'['));
                at = if nested { after } else { end.max(at + 1) };
                start = at + usize::from(nested);
                if nested {
                    at += 1;
                }
                continue;
            }
            None => {}
        }
        at += 1;
    }
    all
}

/// Where the value that begins at `at` ends.
fn value_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at.min(bytes.len())..];
    let length = match rest.first() {
        Some(quote @ (b'"' | b'\'')) => {
            rest[1..].iter().position(|it| it == quote).map_or(rest.len(), |it| it + 2)
        }
        Some(b'[') => rest.iter().position(|it| *it == b']').map_or(rest.len(), |it| it + 1),
        Some(b'{') => 1,
        _ => rest
            .iter()
            .position(|it| matches!(it, b',' | b'}' | b']' | b';' | b'#' | b'\r'))
            .unwrap_or(rest.len()),
    };
    at + rest[..length].trim_ascii_end().len()
}

/// Letters and digits of `name`, in lower case: `publicly_accessible` and `PubliclyAccessible` are one name.
pub(super) fn plain(name: &str) -> String {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|it| char::from(it.to_ascii_lowercase())).collect()
}

/// `value` without quotes and brackets.
pub(super) fn bare(value: &str) -> &str {
    value.trim_matches(['"', '\'', ' ', '[', ']', '\\', '\t'])
}

#[cfg(test)]
mod tests {
    use super::{bare, pairs};

    fn check(line: &str, wanted: &[(&str, &str)]) {
        let all = pairs(line);
        let seen: Vec<_> = all.iter().map(|it| (it.name.as_str(), bare(it.value))).collect();
        assert_eq!(seen, wanted, "{line}");
    }

    #[test]
    fn settings_of_many_languages_are_read() {
        check("  publicly_accessible = true", &[("publiclyaccessible", "true")]);
        check(
            "{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"*\"}}",
            &[("effect", "Allow"), ("principal", "{"), ("aws", "*")],
        );
        check("- hostNetwork: true # why", &[("hostnetwork", "true")]);
        check("cidr_blocks = [\"0.0.0.0/0\"]", &[("cidrblocks", "0.0.0.0/0")]);
        check("nothing here", &[]);
    }

    #[test]
    fn a_value_is_bare_without_its_quotes_and_brackets() {
        assert_eq!(bare("[\"a\"]"), "a");
    }
}
