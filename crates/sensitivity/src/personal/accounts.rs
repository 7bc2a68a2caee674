//! Accounts with letters in them: IBAN (ISO 13616) and BIC (ISO 9362).

use std::ops::Range;

use super::checks::remainder97;
use crate::text::Text;

/// Countries and the length of their IBAN, from the registry of SWIFT.
const LENGTHS: &[(&[u8; 2], u8)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// Countries that have banks and no IBAN.
const OTHERS: &[u8] = b"USCACNHKJPKRTWSGMYTHIDPHVNINLKBDAUNZZANGKEGHTZUGMXARCLCOPEUYECBOVEPAJMMAKHMMNPUZGIAW";

/// The end of the IBAN that begins at `start`. Single blanks or dashes may be in it.
pub(super) fn iban(text: &Text<'_>, start: usize) -> Option<usize> {
    let head = text.part(start..start + 4);
    let is_head = head.len() == 4
        && head[..2].iter().all(u8::is_ascii_alphabetic)
        && head[2..].iter().all(u8::is_ascii_digit);
    if !is_head {
        return None;
    }
    let country = [head[0].to_ascii_uppercase(), head[1].to_ascii_uppercase()];
    let length = usize::from(LENGTHS.iter().find(|it| *it.0 == country)?.1);
    let (mut kept, mut at) = (Vec::with_capacity(length), start);
    // Its parts are groups of four, or two at all. Words of a sentence are neither.
    let (mut part, mut parts, mut fours) = (0, 1, true);
    while kept.len() < length {
        let byte = *text.bytes.get(at)?;
        if byte.is_ascii_alphanumeric() {
            kept.push(byte.to_ascii_uppercase());
            part += 1;
        } else if matches!(byte, b' ' | b'-') && part > 0 {
            fours &= part == 4;
            (part, parts) = (0, parts + 1);
        } else {
            return None;
        }
        at += 1;
    }
    if !fours && parts > 2 {
        return None;
    }
    let goes_on = text.bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    (!goes_on && remainder97(kept[4..].iter().chain(&kept[..4])) == 1).then_some(at)
}

/// The BIC that a word before `at` announces.
pub(super) fn bic(text: &Text<'_>, at: usize) -> Option<Range<usize>> {
    let mut start = at;
    for word in text.after(at, 40).split_inclusive(|it| !it.is_ascii_alphanumeric()).take(6) {
        let length = word.iter().take_while(|it| it.is_ascii_alphanumeric()).count();
        if is_bic(&word[..length]) && !text.bytes.get(start + length).is_some_and(u8::is_ascii_alphanumeric) {
            return Some(start..start + length);
        }
        start += word.len();
    }
    None
}

fn is_bic(word: &[u8]) -> bool {
    matches!(word.len(), 8 | 11)
        && word[..6].iter().all(u8::is_ascii_uppercase)
        && word[6..].iter().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
        && (LENGTHS.iter().any(|it| *it.0 == word[4..6]) || OTHERS.chunks(2).any(|it| *it == word[4..6]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(text: &str) -> Option<usize> {
        iban(&Text { bytes: text.as_bytes() }, 0)
    }

    #[test]
    fn an_iban_has_the_length_of_its_country_and_a_check() {
        assert_eq!(end("GB82 WEST 1234 5698 7654 32, please"), Some(27));
        assert_eq!(end("gb82west12345698765432"), Some(22));
        assert_eq!(end("GB82 WEST 1234 5698 7654 33"), None);
        assert_eq!(end("GB82WEST1234569876543"), None);
        assert_eq!(end("GB82  WEST 1234 5698 7654 32"), None);
        assert_eq!(end("GB82-WEST-1234-5698-7654-32"), Some(27));
        assert_eq!(end("GB82 WEST12345698765432"), Some(23));
        assert_eq!(end("GB82W EST 1234 5698 7654 32"), None, "no groups of four");
        assert_eq!(end("QQ82 1"), None);
    }

    #[test]
    fn a_bic_follows_its_word() {
        let bic = |text: &str| bic(&Text { bytes: text.as_bytes() }, 3);
        assert_eq!(bic("BIC: DEUTDEFF"), Some(5..13));
        assert_eq!(bic("BIC is DEUTDEFF500."), Some(7..18));
        assert_eq!(bic("BIC is required"), None);
    }
}
