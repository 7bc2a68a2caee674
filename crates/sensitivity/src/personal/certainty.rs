//! What speaks for a number: a word beside it, its form, or that it is all there is.

use super::contexts::Topics;
use super::identifiers::{Alone, Rule, Sort};

/// The most bytes of a text of which a number can be the whole.
const WHOLE: usize = 120;

/// What speaks for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// It is the whole text.
    Whole,
    /// Its form and check digit.
    Form,
    /// A word beside it.
    Said,
}

/// What stands around a number.
pub(super) struct Around {
    pub(super) near: Topics,
    pub(super) labels: Topics,
    /// Whether digits come before it or after it.
    pub(super) goes_back: bool,
    pub(super) goes_on: bool,
    pub(super) is_lower: bool,
    pub(super) is_whole: bool,
}

impl Around {
    /// What speaks for a number that fits `rule`.
    pub(super) fn certainty(&self, rule: &Rule) -> Option<Certainty> {
        let words = if rule.alone == Alone::Label { self.labels } else { self.near };
        if rule.near & words != 0 {
            return Some(Certainty::Said);
        }
        // After a card often comes when it expires.
        if self.goes_back || self.goes_on && rule.sort != Sort::Card {
            return None;
        }
        match rule.alone {
            Alone::Always if !self.is_lower => Some(Certainty::Form),
            _ => self.is_whole.then_some(Certainty::Whole),
        }
    }
}

/// Whether `part` is made of one digit.
pub(super) fn is_one_digit(part: &[u8]) -> bool {
    let mut digits = part.iter().filter(|it| it.is_ascii_alphanumeric());
    let first = digits.next().filter(|it| it.is_ascii_digit());
    first.is_some_and(|first| digits.all(|it| it == first))
}

/// Whether numbers are all that `text` says: no word is in it but parts of numbers, and those that join them.
pub(super) fn is_whole(text: &[u8]) -> bool {
    const JOINS: [&[u8]; 5] = [b"and", b"und", b"or", b"et", b"y"];
    let words = || text.split(|it| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let is_part = |word: &[u8], most: usize| {
        word.len() <= most
            || word.iter().any(u8::is_ascii_digit)
            || word.len() <= 6 && word.iter().all(u8::is_ascii_uppercase)
            || JOINS.contains(&word)
    };
    // The first word of nearly all texts is none, so that the rest is not read.
    text.len() <= WHOLE
        && words().all(|it| is_part(it, 3))
        && text
            .iter()
            .all(|it| it.is_ascii_alphanumeric() || it.is_ascii_whitespace() || b"-./()+,;_".contains(it))
        && (words().nth(2).is_none() || words().all(|it| is_part(it, 2)))
}
