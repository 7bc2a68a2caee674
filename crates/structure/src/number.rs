//! Numbers as they are written, to the last digit.

/// The number in its one spelling, `-123e-4`, exact however long it is.
/// None for what is no decimal number, and for exponents beyond all use.
pub(crate) fn exact(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, "0"),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + part.len() == 0 || !digits(whole) || !digits(part) || exponent.len() > 18 {
        return None;
    }
    let all = [whole, part].concat();
    let significant = all.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        // A float keeps the sign of its zero.
        return Some(format!("{sign}0"));
    }
    let zeros = all.len() - all.trim_end_matches('0').len();
    let exponent = exponent.parse::<i64>().ok()? - part.len() as i64 + zeros as i64;
    Some(format!("{sign}{significant}e{exponent}"))
}

/// Whether a reader that keeps it as a 64-bit float, and writes it in the shortest way, writes the same number.
pub(crate) fn survives(text: &str) -> bool {
    let Ok(float) = text.parse::<f64>() else { return true };
    float.is_finite() && exact(&format!("{float:e}")) == exact(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_spelling() {
        let same = [
            ["1.0", "1.00"],
            ["1e3", "1000"],
            ["1E+3", "1000.0"],
            ["0.0", "0"],
            ["12.50e-1", "1.25"],
            ["+7", "7"],
            [".5", "0.5"],
            ["5.", "5"],
        ];
        for [one, other] in same {
            assert_eq!(exact(one), exact(other), "{one} {other}");
            assert!(exact(one).is_some(), "{one}");
        }
        let other = [["1", "10"], ["-0", "0"], ["1", "-1"], ["9007199254740993", "9007199254740992"]];
        for [one, other] in other {
            assert_ne!(exact(one), exact(other), "{one} {other}");
        }
        for none in ["", "-", ".", "1e", "e1", "0x1", "1_0", "nan", "1e9999999999999999999"] {
            assert_eq!(exact(none), None, "{none}");
        }
    }

    #[test]
    fn floats_lose_what_they_cannot_hold() {
        for held in ["0", "-0.0", "1", "0.1", "1e300", "9007199254740992", "1.10"] {
            assert!(survives(held), "{held}");
        }
        for lost in ["9007199254740993", "0.10000000000000000001", "1e400", "12345678901234567890"] {
            assert!(!survives(lost), "{lost}");
        }
    }
}
