//! Says what in a text a person has to look at: [`Finding`]s.
//!
//! Promises: the same text gives the same findings on every machine; a range
//! lies inside the text, is never empty and cuts no character; the work grows
//! with the length of the text and with nothing else; at most
//! [`MOST_OF_A_RULE`] findings of one rule, the last of which then counts the
//! rest, so that nothing is dropped silently.
//!
//! Left to others: where a text stands on a sheet, which findings have to be
//! acknowledged, and by whom.
//!
//! Pure: no clock, no file, no network. Ranges are byte offsets.

mod access;
mod characters;
mod commands;
#[cfg(test)]
mod examples;
mod finding;
mod found;
mod hidden;
mod internal;
mod links;
mod personal;
mod phrases;
mod scan;
mod secrets;
pub mod shell;
mod team;
mod text;
mod words;

pub use characters::characters;
pub use finding::{Category, Finding, Severity, id};
pub use internal::own_names;
pub use scan::{Reach, Rules, hides_more};
pub use team::{LeftOut, NoRules, TeamRules};

/// The most findings of one rule in one text.
pub const MOST_OF_A_RULE: usize = 50;
