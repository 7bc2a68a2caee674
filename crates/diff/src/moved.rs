//! Finds what only changed its place.
//!
//! Lines that repeat could have come from many places, so a stretch has to
//! have some that say something, and a line that went in many places starts
//! none. Takes about as long as reading the lines that changed.

use std::collections::HashMap;
use std::ops::Range;

use crate::work::Work;
use crate::{Diff, Hunk, Kind};

/// Lines with a letter or a digit that a stretch must have.
const LEAST: usize = 3;

/// Places at which a line may have gone to be looked for there.
const MOST_PLACES: usize = 16;

/// Rows that went in one place and came, byte for byte, in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Indices into [`Diff::rows`].
    pub removed: Range<usize>,
    /// As many.
    pub added: Range<usize>,
}

/// The moves of `diff` that can be paid, in the order of what came. No row is in two.
pub(crate) fn moves(diff: &Diff, before: &[u8], after: &[u8], work: &mut Work) -> Vec<Move> {
    let removed = runs(diff, |hunk| hunk.rows.start..hunk.rows.start + hunk.before.len());
    let added = runs(diff, |hunk| hunk.rows.start + hunk.before.len()..hunk.rows.end);
    let mut moves = Vec::new();
    if removed.is_empty() || added.is_empty() {
        return moves;
    }
    let mut lines = Lines::of(diff, before, after, removed);
    for run in added {
        let mut at = run.start;
        while at < run.end {
            let Some(found) = lines.longest(at, work) else { return moves };
            at = found.as_ref().map_or(at + 1, |found| found.added.end);
            if let Some(found) = found {
                lines.take(&found);
                moves.push(found);
            }
        }
    }
    moves
}

/// Whether `line` has a letter or a digit.
pub(crate) fn says_something(line: &[u8]) -> bool {
    line.iter().any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
}

pub(crate) fn is_enough<'a>(lines: impl Iterator<Item = &'a [u8]>) -> bool {
    lines.filter(|line| says_something(line)).take(LEAST).count() == LEAST
}

/// The rows of each hunk that `of` tells, where they are enough.
fn runs(diff: &Diff, of: impl Fn(&Hunk) -> Range<usize>) -> Vec<Range<usize>> {
    diff.hunks.iter().map(of).filter(|run| run.len() >= LEAST).collect()
}

const NAMELESS: u32 = u32::MAX;

struct Lines<'a> {
    diff: &'a Diff,
    sides: (&'a [u8], &'a [u8]),
    /// For each row the number of its bytes, or [`NAMELESS`]: it did not change, went or came with few, came
    /// and never went, or belongs to a move already.
    names: Vec<u32>,
    /// By name: in which rows a line went that says something.
    places: Vec<Vec<usize>>,
}

impl<'a> Lines<'a> {
    fn of(diff: &'a Diff, before: &'a [u8], after: &'a [u8], removed: Vec<Range<usize>>) -> Lines<'a> {
        let mut names = vec![NAMELESS; diff.rows.len()];
        let mut known = HashMap::new();
        let mut places: Vec<Vec<usize>> = Vec::new();
        for row in removed.into_iter().flatten() {
            let line = diff.rows[row].bytes(before, after);
            let name = *known.entry(line).or_insert(places.len() as u32);
            if name as usize == places.len() {
                places.push(Vec::new());
            }
            names[row] = name;
            if says_something(line) {
                places[name as usize].push(row);
            }
        }
        for run in runs(diff, |hunk| hunk.rows.start + hunk.before.len()..hunk.rows.end) {
            for row in run {
                let line = diff.rows[row].bytes(before, after);
                names[row] = known.get(line).copied().unwrap_or(NAMELESS);
            }
        }
        Lines { diff, sides: (before, after), names, places }
    }

    /// The longest move with the row `added`, of several the one that went first. Nothing at all when the
    /// search cannot be paid.
    fn longest(&self, added: usize, work: &mut Work) -> Option<Option<Move>> {
        let mut longest: Option<Move> = None;
        let places = self.places.get(self.names[added] as usize).filter(|places| places.len() <= MOST_PLACES);
        for &removed in places.into_iter().flatten().filter(|removed| self.is_same(**removed, added)) {
            let below = (1..).take_while(|by| self.is_same(removed + by, added + by)).count() + 1;
            let above =
                (1..=removed.min(added)).take_while(|by| self.is_same(removed - by, added - by)).count();
            work.pay((above + below) as u64).then_some(())?;
            if longest.as_ref().is_none_or(|longest| above + below > longest.added.len()) {
                longest = Some(Move {
                    removed: removed - above..removed + below,
                    added: added - above..added + below,
                });
            }
        }
        let (before, after) = self.sides;
        Some(longest.filter(|found| {
            is_enough(self.diff.rows[found.added.clone()].iter().map(|row| row.bytes(before, after)))
        }))
    }

    fn is_same(&self, removed: usize, added: usize) -> bool {
        let kind = |row: usize| self.diff.rows.get(row).map(|row| row.kind);
        kind(removed) == Some(Kind::Removed)
            && kind(added) == Some(Kind::Added)
            && self.names[removed] != NAMELESS
            && self.names[removed] == self.names[added]
    }

    fn take(&mut self, found: &Move) {
        self.names[found.removed.clone()].fill(NAMELESS);
        self.names[found.added.clone()].fill(NAMELESS);
    }
}
