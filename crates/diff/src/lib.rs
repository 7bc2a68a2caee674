//! Turns two byte strings into rows: what stays, what goes, what comes.
//!
//! Promises, for every input, hostile ones included:
//! * The rows of each side, put one after the other, are that side byte for
//!   byte, and a `Same` row holds equal bytes on both sides. [`Diff::check`]
//!   verifies this on every result before it is handed out; a result that
//!   fails is replaced by "all removed, all added".
//! * The work is bounded by a [`Budget`] that counts steps, not time, so the
//!   same input gives the same rows on every machine.
//! * [`diff`] does not fail and does not panic.
//!
//! Left to others: what a byte looks like on a screen, findings, pages.
//! A side that does not exist (created, deleted) is passed as empty.
//!
//! Units: ranges are byte offsets into the whole side; line numbers count
//! from 1.

mod align;
mod anchors;
mod check;
mod fold;
mod lines;
mod long;
mod moved;
mod rows;
mod slide;
mod tokens;
pub mod unified;
mod words;
mod work;

use std::ops::Range;

pub use fold::{CONTEXT, Fold, folds};
pub use lines::{Endings, Eol};
pub use moved::Move;
pub use work::Budget;

/// What one side has become in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Removed rows of a hunk come before its added rows.
    pub rows: Vec<Row>,
    /// Where the sides differ, in order; between two hunks lies at least one `Same` row.
    pub hunks: Vec<Hunk>,
    /// What only changed its place, in the order of what came: no row is in two of them.
    pub moves: Vec<Move>,
    /// Why the rows are coarser than the true difference; `None` in the normal case.
    pub fallback: Option<Fallback>,
    /// Hunks that the budget left without a complete word comparison.
    pub unrefined: u32,
    pub stats: Stats,
    pub before_endings: Endings,
    pub after_endings: Endings,
    /// Steps spent, in the unit of [`Budget`].
    pub work: u64,
}

/// One line of the two columns, with its terminator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub kind: Kind,
    /// Counted from 1; `None` for an added row.
    pub before_line: Option<u32>,
    /// Counted from 1; `None` for a removed row.
    pub after_line: Option<u32>,
    /// Bytes in the whole `before`, terminator included.
    pub before: Option<Range<usize>>,
    /// Bytes in the whole `after`, terminator included.
    pub after: Option<Range<usize>>,
    /// The parts of a removed row (in `before`) or added row (in `after`) that
    /// have no counterpart in its hunk: sorted, apart, never empty, never
    /// inside a character or between CR and LF. No parts means that the row
    /// is not marked any finer: nothing of it, or next to all of it, is new.
    pub words: Vec<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Same,
    Removed,
    Added,
}

/// A stretch of removed and added rows without a `Same` row between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Indices into [`Diff::rows`].
    pub rows: Range<usize>,
    /// Indices of the removed rows among the rows of `before`, which is its lines from 0;
    /// the empty range tells where the added ones go.
    pub before: Range<u32>,
    /// Indices of the added rows among the rows of `after`.
    pub after: Range<u32>,
}

/// How many rows of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub added: u32,
    pub removed: u32,
    pub unchanged: u32,
}

/// Why a diff is coarse. It still covers both sides byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fallback {
    /// More lines than [`Budget::lines`]: all removed, all added, and a row holds several lines.
    TooManyLines,
    /// Comparing would cost more than [`Budget::line_work`]: all removed, all
    /// added in the stretches that would, and neither moves nor words.
    TooMuchWork,
    /// The result did not cover both sides: all removed, all added. A defect of ours.
    CheckFailed,
}

/// Compares `before` and `after` within the default [`Budget`].
#[must_use]
pub fn diff(before: &[u8], after: &[u8]) -> Diff {
    diff_within(before, after, Budget::default())
}

/// Compares `before` and `after` within `budget`.
#[must_use]
pub fn diff_within(before: &[u8], after: &[u8], budget: Budget) -> Diff {
    checked(rows::rows(before, after, budget), before, after, budget)
}

fn checked(made: Diff, before: &[u8], after: &[u8], budget: Budget) -> Diff {
    if made.check(before, after) {
        made
    } else {
        rows::replaced(before, after, budget, Fallback::CheckFailed)
    }
}

impl Row {
    /// The bytes of an added row in `after`, else in `before`.
    ///
    /// Empty when the row is not of these two sides.
    #[must_use]
    pub fn bytes<'a>(&self, before: &'a [u8], after: &'a [u8]) -> &'a [u8] {
        let (range, side) = match self.kind {
            Kind::Added => (&self.after, after),
            Kind::Same | Kind::Removed => (&self.before, before),
        };
        range.clone().and_then(|range| side.get(range)).unwrap_or_default()
    }
}
