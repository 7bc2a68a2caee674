//! Finds which tokens of two sequences stay, within a budget.
//!
//! Lines go through the histogram algorithm, which reads best, as long as
//! what differs is small enough for its quadratic worst case. Longer
//! stretches are first cut apart at lines that stand once on each side, and
//! what is still long then goes through Myers' algorithm with cut-offs, as
//! words do.

use std::ops::Range;

use gix_imara_diff::{
    Algorithm, Diff, IndentHeuristic, IndentLevel, InternedInput, NoSliderHeuristic, Token,
};

use crate::anchors::trimmed;
use crate::long;
use crate::slide::Flags;
use crate::work::{self, Work};

/// Most lines on a side of one stretch for the histogram algorithm.
const HISTOGRAM_LINES: usize = 10_000;

/// Equal lines at both ends that are looked at. Where a hunk is moved to depends on fewer.
const AROUND: usize = 256;

/// Tokens of both sides that differ, as index ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) before: Range<usize>,
    pub(crate) after: Range<usize>,
}

/// The changes, or changes of which some are larger than they need be.
pub(crate) enum Aligned {
    Changes(Vec<Change>),
    TooMuchWork(Vec<Change>),
}

/// Aligns lines.
pub(crate) fn lines(before: &[&[u8]], after: &[&[u8]], work: &mut Work) -> Aligned {
    let region = trimmed(before, after, Change::whole(before, after));
    if region.is_one_sided() {
        return Aligned::Changes(region.unless_empty());
    }
    let skipped = region.before.start.saturating_sub(AROUND);
    let until = |end: usize, side: &[&[u8]]| (end + AROUND).min(side.len());
    let input = intern(
        &before[skipped..until(region.before.end, before)],
        &after[skipped..until(region.after.end, after)],
    );
    let inner = Change {
        before: region.before.start - skipped..region.before.end - skipped,
        after: region.after.start - skipped..region.after.end - skipped,
    };
    let (mut flags, complete) = if inner.longer() > HISTOGRAM_LINES {
        long::compare(&input, inner, HISTOGRAM_LINES, work)
    } else if work.pay(price(&input, &inner, Algorithm::Histogram)) {
        (computed(Algorithm::Histogram, &input), true)
    } else {
        return Aligned::TooMuchWork(vec![region]);
    };
    let level = |token: Token| IndentLevel::for_ascii_line(input.interner[token].iter().copied(), 8);
    flags.slide(&input.before, &input.after, &mut IndentHeuristic::new(level), work);
    let changes = flags.changes().into_iter().map(|change| change.shifted(skipped, skipped)).collect();
    if complete { Aligned::Changes(changes) } else { Aligned::TooMuchWork(changes) }
}

/// Aligns words or chunks, of which there are often few different ones.
pub(crate) fn parts(before: &[&[u8]], after: &[&[u8]], work: &mut Work) -> Aligned {
    let region = trimmed(before, after, Change::whole(before, after));
    if region.is_one_sided() {
        return Aligned::Changes(region.unless_empty());
    }
    let (old, new) = (&before[region.before.clone()], &after[region.after.clone()]);
    if are_apart(old, new) && work.pay((old.len() + new.len()) as u64) {
        return Aligned::Changes(vec![region]);
    }
    let input = intern(before, after);
    if !work.pay(price(&input, &region, Algorithm::Myers)) {
        return Aligned::TooMuchWork(vec![region]);
    }
    let mut flags = computed(Algorithm::Myers, &input);
    flags.slide(&input.before, &input.after, &mut NoSliderHeuristic, work);
    Aligned::Changes(flags.changes())
}

fn computed(algorithm: Algorithm, input: &InternedInput<&[u8]>) -> Flags {
    let mut flags = Flags::new(input.before.len(), input.after.len());
    flags.set(Change::whole(&input.before, &input.after), &Diff::compute(algorithm, input));
    flags
}

/// Whether a few tokens have nothing in common with a few others. Of many, nothing is known.
fn are_apart(old: &[&[u8]], new: &[&[u8]]) -> bool {
    const FEW: usize = 4096;
    let bit = |token: &[u8]| {
        let ends = token.first().zip(token.last()).map_or(0, |(first, last)| first.wrapping_mul(7) ^ last);
        1_u64 << ((usize::from(ends) + token.len()) % 64)
    };
    if old.len() * new.len() > FEW {
        return false;
    }
    let known = old.iter().fold(0, |known, token| known | bit(token));
    !new.iter().any(|token| known & bit(token) != 0 && old.contains(token))
}

/// Gives each different token a number. What follows a token that both sides have is mostly the same on both,
/// and is found without looking it up.
fn intern<'a>(before: &[&'a [u8]], after: &[&'a [u8]]) -> InternedInput<&'a [u8]> {
    let mut input = InternedInput::default();
    input.interner.reserve(before.len());
    input.before.reserve(before.len());
    input.after.reserve(after.len());
    // Where each token stands first.
    let mut first = Vec::with_capacity(before.len());
    for (at, token) in before.iter().enumerate() {
        let token = input.interner.intern(*token);
        if token.0 as usize == first.len() {
            first.push(at);
        }
        input.before.push(token);
    }
    let mut next = 0;
    for token in after {
        if before.get(next) == Some(token) {
            input.after.push(input.before[next]);
            next += 1;
            continue;
        }
        let token = input.interner.intern(*token);
        // One that stands often says little about what follows.
        if let Some(&at) = first.get(token.0 as usize).filter(|at| **at > next) {
            next = at + 1;
        }
        input.after.push(token);
    }
    input
}

impl Change {
    pub(crate) fn whole<T>(before: &[T], after: &[T]) -> Change {
        Change { before: 0..before.len(), after: 0..after.len() }
    }

    /// Whether there is nothing to compare.
    pub(crate) fn is_one_sided(&self) -> bool {
        self.before.is_empty() || self.after.is_empty()
    }

    pub(crate) fn longer(&self) -> usize {
        self.before.len().max(self.after.len())
    }

    pub(crate) fn shifted(self, before: usize, after: usize) -> Change {
        Change {
            before: self.before.start + before..self.before.end + before,
            after: self.after.start + after..self.after.end + after,
        }
    }

    fn unless_empty(self) -> Vec<Change> {
        if self.before.is_empty() && self.after.is_empty() { vec![] } else { vec![self] }
    }
}

/// Tokens that the other side lacks cost next to nothing, so only shared ones count.
fn price(input: &InternedInput<&[u8]>, region: &Change, algorithm: Algorithm) -> u64 {
    let distinct = input.interner.num_tokens() as usize;
    let shared = |side: &[Token], other: &[Token]| {
        let mut known = vec![false; distinct];
        for token in other {
            known[token.0 as usize] = true;
        }
        side.iter().filter(|token| known[token.0 as usize]).count()
    };
    let (before, after) = (&input.before[region.before.clone()], &input.after[region.after.clone()]);
    let kept = (shared(before, &input.after), shared(after, &input.before));
    work::price(algorithm, (before.len(), after.len()), kept)
}
