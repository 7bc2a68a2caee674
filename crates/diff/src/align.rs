//! Finds which tokens of two sequences stay, within a budget.
//!
//! Lines go through the histogram algorithm, which reads best, as long as
//! what differs is small enough for its quadratic worst case; everything
//! else goes through Myers' with cut-offs.

use std::ops::Range;

use gix_imara_diff::{Algorithm, Diff, IndentHeuristic, IndentLevel, InternedInput, Token};

use crate::work::{self, Work};

/// Most lines on a side, without the common first and last ones, for the histogram algorithm.
const HISTOGRAM_LINES: usize = 10_000;

/// Tokens of both sides that differ, as index ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) before: Range<usize>,
    pub(crate) after: Range<usize>,
}

/// The changes, or why there is only the region that holds them all.
pub(crate) enum Aligned {
    Changes(Vec<Change>),
    TooMuchWork(Vec<Change>),
}

/// Aligns lines.
pub(crate) fn lines(before: &[&[u8]], after: &[&[u8]], work: &mut Work) -> Aligned {
    let input = intern(before, after);
    let region = region(&input);
    let small = region.before.len().max(region.after.len()) <= HISTOGRAM_LINES;
    let algorithm = if small { Algorithm::Histogram } else { Algorithm::Myers };
    aligned(&input, region, algorithm, work, |diff| {
        let level = |token: Token| IndentLevel::for_ascii_line(input.interner[token].iter().copied(), 8);
        diff.postprocess_with_heuristic(&input, IndentHeuristic::new(level));
    })
}

/// Aligns words or chunks, of which there are often few different ones.
pub(crate) fn parts(before: &[&[u8]], after: &[&[u8]], work: &mut Work) -> Aligned {
    let input = intern(before, after);
    let region = region(&input);
    aligned(&input, region, Algorithm::Myers, work, |diff| diff.postprocess_no_heuristic(&input))
}

fn intern<'a>(before: &[&'a [u8]], after: &[&'a [u8]]) -> InternedInput<&'a [u8]> {
    let mut input = InternedInput::default();
    input.update_before(before.iter().copied());
    input.update_after(after.iter().copied());
    input
}

fn aligned(
    input: &InternedInput<&[u8]>,
    region: Change,
    algorithm: Algorithm,
    work: &mut Work,
    postprocess: impl FnOnce(&mut Diff),
) -> Aligned {
    if region.before.is_empty() && region.after.is_empty() {
        return Aligned::Changes(Vec::new());
    }
    if region.before.is_empty() || region.after.is_empty() {
        return Aligned::Changes(vec![region]);
    }
    if !work.pay(price(input, &region, algorithm)) {
        return Aligned::TooMuchWork(vec![region]);
    }
    let mut diff = Diff::compute(algorithm, input);
    // Unmoved hunks are as true as moved ones, so running short here is no fallback.
    if work.pay(work::slide(diff.hunks().count())) {
        postprocess(&mut diff);
    }
    Aligned::Changes(
        diff.hunks()
            .map(|hunk| Change {
                before: hunk.before.start as usize..hunk.before.end as usize,
                after: hunk.after.start as usize..hunk.after.end as usize,
            })
            .collect(),
    )
}

/// What lies between the common first and the common last tokens.
fn region(input: &InternedInput<&[u8]>) -> Change {
    let (before, after) = (&input.before, &input.after);
    let prefix = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (rest_before, rest_after) = (&before[prefix..], &after[prefix..]);
    let suffix =
        rest_before.iter().rev().zip(rest_after.iter().rev()).take_while(|(one, other)| one == other).count();
    Change { before: prefix..before.len() - suffix, after: prefix..after.len() - suffix }
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
    let (kept_before, kept_after) = (shared(before, &input.after), shared(after, &input.before));
    let myers = work::myers(kept_before, kept_after);
    let read = (before.len() + after.len()) as u64;
    match algorithm {
        // It hands repetitive stretches to Myers' algorithm.
        Algorithm::Histogram => {
            read + myers + work::histogram(before.len(), after.len(), kept_before.min(kept_after))
        }
        Algorithm::Myers | Algorithm::MyersMinimal => read + myers,
    }
}
