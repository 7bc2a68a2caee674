//! What was noticed, where, and how much it matters.

use std::ops::Range;

use countersign_core::digest::Digest;

/// Something in a text that a person has to know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the rule, in lower case with hyphens: `bidi-control`. It never changes its meaning.
    pub rule: &'static str,
    pub severity: Severity,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What was found, in a few words of our own.
    pub title: String,
    /// Why it matters, in one sentence of our own. No word of the text is in it.
    pub why: String,
}

/// How much it matters. There is no other scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Worth a look.
    Warning,
    /// Nothing is approved before a person took note of it.
    Blocking,
}

/// The identity of a finding: `RULE:DIGEST:START-END`, the digest that of the whole text.
///
/// The same finding in the same text has the same one on every machine, and a text that changed has none of the old.
#[must_use]
pub fn id(rule: &str, text: &Digest, range: &Range<usize>) -> String {
    format!("{rule}:{text}:{}-{}", range.start, range.end)
}
