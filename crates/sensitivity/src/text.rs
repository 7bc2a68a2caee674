//! A text as detectors look at it: bytes, and what stands around a place.

use std::ops::Range;

/// Bytes on either side of a place that belong to its line at most: the work on a line without end is bounded.
const LINE: usize = 4096;

/// The text that is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'t> {
    pub(crate) bytes: &'t [u8],
}

impl<'t> Text<'t> {
    /// The bytes of `range`, as far as they are there.
    pub(crate) fn part(&self, range: Range<usize>) -> &'t [u8] {
        let end = range.end.min(self.bytes.len());
        &self.bytes[range.start.min(end)..end]
    }

    /// What stands before `at`, `most` bytes of it.
    pub(crate) fn before(&self, at: usize, most: usize) -> &'t [u8] {
        self.part(at.saturating_sub(most)..at)
    }

    /// What stands at `at` and after it, `most` bytes of it.
    pub(crate) fn after(&self, at: usize, most: usize) -> &'t [u8] {
        self.part(at..at.saturating_add(most))
    }

    /// The line around `at` without its end, [`LINE`] bytes to each side at most.
    pub(crate) fn line(&self, at: usize) -> Range<usize> {
        let before = self.before(at, LINE);
        let start = at - before.iter().rev().position(|it| *it == b'\n').unwrap_or(before.len());
        let after = self.after(at, LINE);
        let end = at + after.iter().position(|it| *it == b'\n').unwrap_or(after.len());
        start..end
    }

    /// Whether `range` begins and ends where a word does: letters and digits of ASCII, and `_`.
    pub(crate) fn is_word(&self, range: &Range<usize>) -> bool {
        let inside = |at: Option<usize>| at.and_then(|at| self.bytes.get(at)).is_some_and(|it| is_word(*it));
        !inside(range.start.checked_sub(1)) && !inside(Some(range.end))
    }
}

/// Whether `byte` is in words: a letter or digit of ASCII, or `_`.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
