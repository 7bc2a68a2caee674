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
        let start = at - before.len() + last(before, |it| it == b'\n').map_or(0, |it| it + 1);
        let after = self.after(at, LINE);
        let end = at + first(after, |it| it == b'\n').unwrap_or(after.len());
        start..end
    }

    /// Whether `range` begins and ends where a word does: letters and digits of ASCII, and `_`.
    pub(crate) fn is_word(&self, range: &Range<usize>) -> bool {
        let inside = |at: Option<usize>| at.and_then(|at| self.bytes.get(at)).is_some_and(|it| is_word(*it));
        !inside(range.start.checked_sub(1)) && !inside(Some(range.end))
    }
}

/// Bytes that are asked together, in few instructions.
const BLOCK: usize = 16;

/// The place of the first of `bytes` that is such a one. `is` has no branch, so that many are asked at once.
pub(crate) fn first(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (number, block) in blocks.iter().enumerate() {
        if any(block, &is) {
            return block.iter().position(|it| is(*it)).map(|it| number * BLOCK + it);
        }
    }
    rest.iter().position(|it| is(*it)).map(|it| blocks.len() * BLOCK + it)
}

/// The place of the last of `bytes` that is such a one, asked as [`first`] does.
pub(crate) fn last(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let (rest, blocks) = bytes.as_rchunks::<BLOCK>();
    for (number, block) in blocks.iter().enumerate().rev() {
        if any(block, &is) {
            return block.iter().rposition(|it| is(*it)).map(|it| rest.len() + number * BLOCK + it);
        }
    }
    rest.iter().rposition(|it| is(*it))
}

fn any(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(false, |any, it| any | is(*it))
}

/// Whether `byte` is in words: a letter or digit of ASCII, or `_`.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::{first, last};

    #[test]
    fn the_first_and_the_last_are_found_wherever_they_stand() {
        for length in 0..40 {
            let mut bytes = vec![b'a'; length];
            assert_eq!((first(&bytes, |it| it == b'b'), last(&bytes, |it| it == b'b')), (None, None));
            for at in 0..length {
                bytes[at] = b'b';
                assert_eq!(last(&bytes, |it| it == b'b'), Some(at));
                assert_eq!(first(&bytes, |it| it == b'b'), Some(0));
                assert_eq!(first(&bytes[at..], |it| it == b'a'), (at + 1 < length).then_some(1));
                assert_eq!(last(&bytes, |it| it == b'a'), (at + 1 < length).then_some(length - 1));
            }
        }
    }
}
