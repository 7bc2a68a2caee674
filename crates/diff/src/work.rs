//! Bounds the work of one comparison, in steps.
//!
//! The library that aligns cannot be interrupted, so a comparison is paid for
//! before it starts, at an upper bound of what it can cost. What cannot be
//! paid is not begun. Moving hunks is paid step by step. One step is some ten nanoseconds of a common machine.

use gix_imara_diff::Algorithm;

/// What one comparison may cost. The defaults stay near a second at worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Lines of both sides together; it bounds memory as well.
    pub lines: usize,
    /// Steps to align lines.
    pub line_work: u64,
    /// Steps to find the words that changed.
    pub word_work: u64,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { lines: 1_000_000, line_work: 1 << 27, word_work: 1 << 27 }
    }
}

/// A purse: what is left, and what was spent.
#[derive(Debug)]
pub(crate) struct Work {
    left: u64,
    pub(crate) spent: u64,
}

impl Work {
    pub(crate) fn new(budget: u64) -> Work {
        Work { left: budget, spent: 0 }
    }

    /// Takes `steps`, or takes nothing and says no.
    pub(crate) fn pay(&mut self, steps: u64) -> bool {
        let Some(left) = self.left.checked_sub(steps) else { return false };
        self.left = left;
        self.spent += steps;
        true
    }
}

/// Most steps to align so many tokens of both sides, of which `kept` are on the other side as well.
pub(crate) fn price(algorithm: Algorithm, tokens: (usize, usize), kept: (usize, usize)) -> u64 {
    let read = (tokens.0 + tokens.1) as u64;
    let myers = myers(kept.0, kept.1);
    match algorithm {
        // It hands repetitive stretches to Myers' algorithm.
        Algorithm::Histogram => read + myers + histogram(tokens.0, tokens.1, kept.0.min(kept.1)),
        Algorithm::Myers | Algorithm::MyersMinimal => read + myers,
    }
}

/// Most steps of Myers' algorithm with its cut-offs, which give up a search
/// after the larger of 256 and about the square root of the tokens.
fn myers(before: usize, after: usize) -> u64 {
    if before == 0 || after == 0 {
        return 0;
    }
    let tokens = (before + after) as u64;
    let root = 1 << (u64::BITS - tokens.leading_zeros()).div_ceil(2);
    tokens.saturating_mul(tokens.min(root.max(256)))
}

/// Most steps of the histogram algorithm: it may read both sides again for
/// every line that stays. Its steps are shorter.
fn histogram(before: usize, after: usize, shared: usize) -> u64 {
    (before + after) as u64 * (shared as u64 + 1) / 8
}
