//! Numbers of Australia and New Zealand.
//!
//! Check digits as published by the ATO, ASIC, Services Australia and Inland Revenue.

use super::super::checks::{digit, number, weighted};
use super::Alone::{Always, Near};
use super::{COMPANY, HEALTH, Rule, Sort, TAX, rule};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule(Sort::Company, "ABN (Australia)", &["dd ddd ddd ddd"], is_abn, Always, COMPANY | TAX),
    rule(Sort::Company, "ABN (Australia)", &["ddddddddddd"], is_abn, Near, COMPANY | TAX),
    rule(Sort::Company, "ACN (Australia)", &["ddd~ddd~ddd"], |it| (10 - weighted(it, &[8, 7, 6, 5, 4, 3, 2, 1]) % 10) % 10 == digit(it[8]), Near, COMPANY),
    rule(Sort::Tax, "Tax file number (Australia)", &["ddd~ddd~ddd", "dddddddd", "ddd ddd dd"], is_tfn, Near, TAX),
    rule(Sort::Health, "Medicare number (Australia)", &["dddd~ddddd~d", "dddd ddddd d d", "dddd ddddd d/d", "ddddddddddd"], |it| matches!(it[0], b'2'..=b'6') && weighted(it, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == digit(it[8]), Near, HEALTH),
    rule(Sort::Tax, "IRD number (New Zealand)", &["ddd~ddd~ddd", "dd~ddd~ddd"], is_ird, Near, TAX),
    rule(Sort::Health, "NHI number (New Zealand)", &["LLLdddd", "LLLddLL"], |it| !it.iter().any(|it| matches!(it, b'I' | b'O')), Near, HEALTH),
];

fn is_abn(it: &[u8]) -> bool {
    let weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
    it[0] != b'0' && (weighted(it, &weights) - 10).is_multiple_of(89)
}

fn is_tfn(it: &[u8]) -> bool {
    let sum = if it.len() == 8 {
        weighted(it, &[10, 7, 8, 4, 6, 3, 5, 1])
    } else {
        weighted(it, &[1, 4, 3, 7, 5, 8, 6, 9, 10])
    };
    number(it) > 0 && sum % 11 == 0
}

fn is_ird(it: &[u8]) -> bool {
    let it = if it.len() == 8 { [b"0", it].concat() } else { it.to_vec() };
    let check = |weights: &[u32]| (11 - weighted(&it[..8], weights) % 11) % 11;
    let first = check(&[3, 2, 7, 6, 5, 4, 3, 2]);
    let check = if first == 10 { check(&[7, 4, 3, 2, 5, 2, 7, 6]) } else { first };
    matches!(number(&it), 10_000_000..=150_000_000) && check == digit(it[8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_known() {
        assert!(is_abn(b"51824753556") && !is_abn(b"51824753557"));
        assert!(is_tfn(b"123456782") && is_ird(b"49091850") && is_ird(b"136410132"));
    }
}
