//! Numbers that states, banks and companies give to people: the table of all of them, and how one is judged.
//!
//! A number with a form of its own and a check digit is reported wherever it stands. A number of plain digits is
//! reported with a word beside it that says what it is, or where it is the whole text and so the whole message.

mod americas;
mod asia;
mod documents;
mod europe;
#[cfg(test)]
mod examples;
mod pacific;
mod payments;

use super::contexts::{Topic, Topics};
use crate::finding::Kind;
use crate::{Category, Severity};

/// When a number is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alone {
    /// Wherever it stands.
    Always,
    /// With a word of its topic around it.
    Near,
    /// With a word of its topic directly before it: nothing but its length speaks for it.
    Label,
}

/// What a number is for. Each is one rule of the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Citizen,
    Tax,
    Health,
    Document,
    Account,
    Card,
    Company,
    Plate,
    Post,
}

/// A kind of number.
pub(super) struct Rule {
    pub(super) sort: Sort,
    /// What it is, as it is shown.
    pub(super) title: &'static str,
    pub(super) shapes: &'static [&'static str],
    /// Says of letters and digits alone, letters in upper case, whether it can be one.
    pub(super) check: fn(&[u8]) -> bool,
    pub(super) alone: Alone,
    pub(super) near: Topics,
}

/// Short for a [`Rule`], so that the tables are tables.
const fn rule(
    sort: Sort,
    title: &'static str,
    shapes: &'static [&'static str],
    check: fn(&[u8]) -> bool,
    alone: Alone,
    near: Topics,
) -> Rule {
    Rule { sort, title, shapes, check, alone, near }
}

/// All rules. Where several fit a number, one that its context names wins, then the first.
pub(super) const RULES: &[&[Rule]] =
    &[payments::RULES, europe::RULES, americas::RULES, asia::RULES, pacific::RULES, documents::RULES];

/// Topics by short names, for the tables.
const CITIZEN: Topics = Topic::Citizen.set() | Topic::Card.set();
const CARD: Topics = Topic::Card.set();
const PASSPORT: Topics = Topic::Passport.set();
const DRIVING: Topics = Topic::Driving.set();
const TAX: Topics = Topic::Tax.set();
const SOCIAL: Topics = Topic::Social.set();
const HEALTH: Topics = Topic::Health.set();
const DOCTOR: Topics = Topic::Doctor.set();
const BANK: Topics = Topic::Bank.set();
const ROUTING: Topics = Topic::Routing.set();
const PAYMENT: Topics = Topic::Payment.set();
const COMPANY: Topics = Topic::Company.set();
const POST: Topics = Topic::Post.set();
const PLATE: Topics = Topic::Plate.set();
const VOTE: Topics = Topic::Vote.set();

/// For numbers that carry no check digit.
fn any(_: &[u8]) -> bool {
    true
}

impl Sort {
    /// The rule of the findings, and how much a number of it matters.
    pub(super) fn kind(self) -> (&'static Kind, Severity) {
        match self {
            Self::Citizen => (&NATIONAL, Severity::Blocking),
            Self::Tax => (&TAX_NUMBER, Severity::Blocking),
            Self::Health => (&HEALTH_NUMBER, Severity::Blocking),
            Self::Document => (&DOCUMENT, Severity::Blocking),
            Self::Account => (&ACCOUNT, Severity::Blocking),
            Self::Card => (&CARD_NUMBER, Severity::Blocking),
            Self::Company => (&COMPANY_NUMBER, Severity::Warning),
            Self::Plate => (&PLATE_NUMBER, Severity::Warning),
            Self::Post => (&POSTCODE, Severity::Note),
        }
    }
}

const REPLACE: Option<&str> = Some("Replace it by a placeholder.");

const NATIONAL: Kind = Kind {
    id: "national-identifier",
    category: Category::Personal,
    why: "It names one person for life, and others can pass as that person with it.",
    fix: REPLACE,
};
const TAX_NUMBER: Kind = Kind {
    id: "tax-identifier",
    category: Category::Personal,
    why: "Tax offices know a person or a business by it.",
    fix: REPLACE,
};
const HEALTH_NUMBER: Kind = Kind {
    id: "health-identifier",
    category: Category::Personal,
    why: "It leads to what is known of somebody's health, or to who may prescribe.",
    fix: REPLACE,
};
const DOCUMENT: Kind = Kind {
    id: "identity-document",
    category: Category::Personal,
    why: "The number of a passport, licence or card stands for the person who holds it.",
    fix: REPLACE,
};
const ACCOUNT: Kind = Kind {
    id: "bank-account",
    category: Category::Personal,
    why: "It names an account, and money can be asked of it.",
    fix: REPLACE,
};
const CARD_NUMBER: Kind = Kind {
    id: "payment-card",
    category: Category::Personal,
    why: "The number of a payment card, with which others can pay.",
    fix: REPLACE,
};
const COMPANY_NUMBER: Kind = Kind {
    id: "company-identifier",
    category: Category::Personal,
    why: "It names a business, which can be one person.",
    fix: None,
};
const PLATE_NUMBER: Kind = Kind {
    id: "licence-plate",
    category: Category::Personal,
    why: "The keeper of a vehicle can be found by it.",
    fix: REPLACE,
};
const POSTCODE: Kind = Kind {
    id: "postcode",
    category: Category::Personal,
    why: "With little else it says where somebody lives.",
    fix: None,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_takes_whatever_its_shapes_let_through() {
        for rule in RULES.iter().copied().flatten() {
            for shape in rule.shapes {
                // Once with all that can be left out, once without it.
                let long = shape.replace('?', "");
                let short: String = shape
                    .char_indices()
                    .filter(|(at, it)| *it != '?' && !shape[at + 1..].starts_with('?'))
                    .map(|it| it.1)
                    .collect();
                for (shape, digit, letter) in [&long, &short]
                    .into_iter()
                    .flat_map(|it| [(it, '0', 'A'), (it, '9', 'Z'), (it, '5', 'M'), (it, '1', 'T')])
                {
                    for x in [digit, letter] {
                        let text = shape
                            .replace('d', &digit.to_string())
                            .replace('L', &letter.to_string())
                            .replace('x', &x.to_string());
                        let text: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).collect();
                        assert!(text.len() <= 40, "{}", rule.title);
                        let _ = (rule.check)(&text);
                    }
                }
            }
        }
    }

    #[test]
    fn every_rule_says_what_it_is_and_with_which_words() {
        for rule in RULES.iter().copied().flatten() {
            assert!(!rule.title.is_empty() && !rule.shapes.is_empty() && rule.near != 0, "{}", rule.title);
        }
    }
}
