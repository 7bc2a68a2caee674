//! Advice to change who can do what, or to run what nobody has read.
//!
//! The case this is made for: an answer told a colleague to widen access, and data stood open.
//! Commands count where the reader is told to run them, sentences where they are an order or
//! say how something can be fixed. What was done, and what is advised against, does not count.

mod open;
mod protection;
mod rights;
mod trust;

use super::Rule;

/// The rules, those of one kind of advice after those of another.
pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    [open::RULES, rights::RULES, protection::RULES, trust::RULES].into_iter().flatten()
}
