//! Payment cards, and accounts that are known by plain digits.
//!
//! Ranges of issuers: ISO/IEC 7812 and the published ranges of the card networks; routing numbers: ABA; CLABE: Banxico.

use super::super::checks::{luhn, number, weighted};
use super::Alone::{Always, Label, Near};
use super::{BANK, PAYMENT, ROUTING, Rule, Sort, any, rule};

pub(super) const RULES: &[Rule] = &[
    rule(
        Sort::Card,
        "Payment card",
        &["dddd~dddd~dddd~dddd", "dddd~dddddd~ddddd"],
        |it| is_issued(it) && luhn(it),
        Always,
        PAYMENT,
    ),
    rule(
        Sort::Card,
        "Payment card",
        &[
            "dddddddddddd",
            "ddddddddddddd",
            "dddd~dddddd~dddd",
            "dddddddddddddddd",
            "ddddddddddddddd",
            "ddddddddddddddddd",
            "dddddddddddddddddd",
            "ddddddddddddddddddd",
            "dddd dddd dddd dddd ddd",
            "dddd-dddd-dddd-dddd-ddd",
            "ddd-ddd-ddd-ddd",
        ],
        |it| matches!(it[0], b'1'..=b'6') && luhn(it),
        Near,
        PAYMENT,
    ),
    rule(
        Sort::Account,
        "Bank routing number (US)",
        &["ddddddddd", "dddd-dddd-d"],
        is_routing,
        Near,
        ROUTING | BANK,
    ),
    rule(
        Sort::Account,
        "CLABE account (Mexico)",
        &["dddddddddddddddddd", "ddd~ddd~ddddddddddd~d"],
        is_clabe,
        Near,
        BANK,
    ),
    rule(Sort::Account, "Sort code (UK)", &["dd-dd-dd", "dddddd"], any, Label, ROUTING),
    rule(Sort::Account, "Branch number (Australia)", &["ddd-ddd"], any, Label, ROUTING),
    rule(
        Sort::Account,
        "Bank account",
        &[
            "dddddddd",
            "ddddddddd",
            "dddddddddd",
            "ddddddddddd",
            "dddddddddddd",
            "ddddddddddddd",
            "dddddddddddddd",
            "ddddddddddddddd",
            "dddddddddddddddd",
            "ddddddddddddddddd",
            "ddddddd",
            "dddd~dddd~dd~dddddddddd",
            "ddd-ddd-dddd",
            "ddd-dddddd-ddd",
            "dddd-dddd",
            "ddd-dddddd",
            "dd-dddd-ddddddd-dd",
            "dd-dddd-ddddddd-ddd",
        ],
        any,
        Label,
        BANK,
    ),
    rule(
        Sort::Account,
        "Bank code (Germany)",
        &["dddddddd", "ddd ddd dd"],
        |it| matches!(it[0], b'1'..=b'8'),
        Label,
        ROUTING,
    ),
];

/// Whether a network gives out cards that begin and are as long as this.
fn is_issued(card: &[u8]) -> bool {
    let first = |digits: usize| number(&card[..digits]);
    match card.len() {
        15 => matches!(first(2), 34 | 37) || matches!(first(4), 1800 | 2131),
        16 => {
            card[0] == b'4'
                || matches!(first(2), 50..=55 | 62 | 64 | 65)
                || matches!(first(4), 2200..=2204 | 2221..=2720 | 3528..=3589 | 6011 | 6304 | 6759 | 6761..=6763)
                || first(2) == 35
        }
        _ => false,
    }
}

fn is_routing(it: &[u8]) -> bool {
    matches!(number(&it[..2]), 0..=12 | 21..=32 | 61..=72 | 80)
        && weighted(it, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
        && number(it) > 0
}

fn is_clabe(it: &[u8]) -> bool {
    let sum: u32 = it[..17]
        .iter()
        .zip([3, 7, 1].into_iter().cycle())
        .map(|(it, by)| u32::from(it - b'0') * by % 10)
        .sum();
    (10 - sum % 10) % 10 == u32::from(it[17] - b'0')
}
