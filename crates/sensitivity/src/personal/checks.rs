//! Check digits: arithmetic that says whether a number was made by those who give such numbers.
//!
//! Everything here takes letters and digits of ASCII without what stands between them, letters in upper case.
//! Anything else is no such number, never a panic.

/// The value of a digit; 0 for what is none.
pub(super) fn digit(byte: u8) -> u32 {
    if byte.is_ascii_digit() { u32::from(byte - b'0') } else { 0 }
}

/// The digits of `text` as a number. Sixteen and more do not fit what callers ask for and give 0.
pub(super) fn number(text: &[u8]) -> u64 {
    if text.len() > 18 {
        return 0;
    }
    text.iter().fold(0, |all, it| all * 10 + u64::from(digit(*it)))
}

/// Each digit times its weight, added.
pub(super) fn weighted(text: &[u8], weights: &[u32]) -> u32 {
    text.iter().zip(weights).map(|(it, weight)| digit(*it) * weight).sum()
}

/// The check digit of ISO/IEC 7812, of payment cards and many others.
pub(super) fn luhn(text: &[u8]) -> bool {
    let sum: u32 = text
        .iter()
        .rev()
        .enumerate()
        .map(|(place, it)| {
            let twice = digit(*it) * (1 + u32::try_from(place & 1).unwrap_or(0));
            twice / 10 + twice % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The remainder by 97 of a number in which letters are 10 to 35 (ISO/IEC 7064 MOD 97-10).
pub(super) fn remainder97<'a>(text: impl IntoIterator<Item = &'a u8>) -> u32 {
    text.into_iter().fold(0, |rest, it| match it {
        b'A'..=b'Z' => (rest * 100 + u32::from(it - b'A') + 10) % 97,
        it => (rest * 10 + digit(*it)) % 97,
    })
}

/// The check digit of ISO/IEC 7064 MOD 11,10: German tax numbers and Croatian ones.
pub(super) fn mod11_10(text: &[u8]) -> bool {
    let Some((last, rest)) = text.split_last() else { return false };
    let product = rest.iter().fold(10, |product, it| {
        let sum = (digit(*it) + product) % 10;
        2 * if sum == 0 { 10 } else { sum } % 11
    });
    (11 - product) % 10 == digit(*last)
}

/// The check character of ISO/IEC 7064 MOD 11-2, where X is ten: Chinese identity numbers.
pub(super) fn mod11_2(text: &[u8]) -> bool {
    let Some((last, rest)) = text.split_last() else { return false };
    let sum = rest.iter().fold(0, |sum, it| (sum + digit(*it)) * 2 % 11);
    let check = (12 - sum) % 11;
    (check == 10 && *last == b'X') || (check < 10 && last.is_ascii_digit() && check == digit(*last))
}

/// The check digit of Verhoeff (1969): Indian Aadhaar numbers.
pub(super) fn verhoeff(text: &[u8]) -> bool {
    const TURN: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    // Multiplication in the dihedral group of the pentagon.
    let times = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let turned = |digit: u8, turns: usize| (0..turns).fold(digit, |it, _| TURN[usize::from(it)]);
    let sum = text
        .iter()
        .rev()
        .enumerate()
        .fold(0, |sum, (place, it)| times(sum, turned(u8::try_from(digit(*it)).unwrap_or(0), place % 8)));
    sum == 0
}

/// Whether day and month can be in a calendar; the year does not matter but for February.
pub(super) fn is_day(year: u64, month: u64, day: u64) -> bool {
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// `YYMMDD`.
pub(super) fn yymmdd(text: &[u8]) -> bool {
    text.len() >= 6 && is_day(number(&text[..2]), number(&text[2..4]), number(&text[4..6]))
}

/// `DDMMYY`.
pub(super) fn ddmmyy(text: &[u8]) -> bool {
    text.len() >= 6 && is_day(number(&text[4..6]), number(&text[2..4]), number(&text[..2]))
}

/// `YYYYMMDD` of the last or this century.
pub(super) fn yyyymmdd(text: &[u8]) -> bool {
    text.len() >= 8 && matches!(&text[..2], b"19" | b"20") && yymmdd(&text[2..])
}

/// Whether one byte is all there is in `text`.
pub(super) fn is_one_repeated(text: &[u8]) -> bool {
    text.windows(2).all(|two| two[0] == two[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_pass_and_a_changed_digit_fails() {
        assert!(luhn(b"4111111111111111") && !luhn(b"4111111111111112"));
        assert!(mod11_10(b"86095742719") && !mod11_10(b"86095742718"));
        assert!(mod11_2(b"11010519491231002X") && !mod11_2(b"110105194912310021"));
        assert!(verhoeff(b"2363") && !verhoeff(b"2364"));
        assert_eq!(remainder97(b"3214282912345698765432161182"), 1);
        assert!(is_day(2000, 2, 29) && !is_day(2001, 2, 29) && !is_day(2000, 13, 1));
        assert!(!mod11_10(b"") && !mod11_2(b"") && luhn(b""));
    }
}
