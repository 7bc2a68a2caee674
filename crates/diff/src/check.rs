//! Verifies a finished diff against the two sides, independently of how it was made.

use std::ops::Range;

use crate::moved::is_enough;
use crate::{Diff, Kind, Row, Stats};

impl Diff {
    /// Whether this is a diff of `before` and `after`.
    ///
    /// True when the rows of each side cover it byte for byte and in order,
    /// `Same` rows are equal, hunks are exactly the runs of other rows, moves
    /// are of equal rows of which none is in two, and words lie in their row, apart, in order, and cut neither a character
    /// nor a CRLF.
    #[must_use]
    pub fn check(&self, before: &[u8], after: &[u8]) -> bool {
        covers(before, self.rows.iter().filter_map(|row| row.before.as_ref()))
            && covers(after, self.rows.iter().filter_map(|row| row.after.as_ref()))
            && self.rows.iter().all(|row| row_holds(row, before, after))
            && self.hunks_hold()
            && self.moves_hold(before, after)
            && self.stats == Stats::of(&self.rows)
    }

    fn hunks_hold(&self) -> bool {
        let runs = self.rows.chunk_by(|one, next| (one.kind == Kind::Same) == (next.kind == Kind::Same));
        let mut at = 0;
        let mut hunks = self.hunks.iter();
        for run in runs {
            let rows = at..at + run.len();
            at = rows.end;
            if run[0].kind != Kind::Same {
                let removed = run.iter().take_while(|row| row.kind == Kind::Removed).count();
                let holds = hunks.next().is_some_and(|hunk| {
                    hunk.rows == rows
                        && hunk.before.len() == removed
                        && hunk.after.len() == run.len() - removed
                });
                if !holds || run[removed..].iter().any(|row| row.kind != Kind::Added) {
                    return false;
                }
            }
        }
        hunks.next().is_none()
    }

    fn moves_hold(&self, before: &[u8], after: &[u8]) -> bool {
        let mut moved = vec![false; if self.moves.is_empty() { 0 } else { self.rows.len() }];
        self.moves.iter().all(|it| {
            let rows = self.rows.get(it.removed.clone()).zip(self.rows.get(it.added.clone()));
            let Some((removed, added)) = rows.filter(|(removed, added)| removed.len() == added.len()) else {
                return false;
            };
            is_enough(removed.iter().map(|row| row.bytes(before, after)))
                && removed.iter().zip(added).all(|(old, new)| {
                    (old.kind, new.kind) == (Kind::Removed, Kind::Added)
                        && old.bytes(before, after) == new.bytes(before, after)
                })
                && it
                    .removed
                    .clone()
                    .chain(it.added.clone())
                    .all(|row| !std::mem::replace(&mut moved[row], true))
        })
    }
}

fn covers<'a>(side: &[u8], ranges: impl Iterator<Item = &'a Range<usize>>) -> bool {
    let mut at = 0;
    for range in ranges {
        if range.start != at || range.end <= at {
            return false;
        }
        at = range.end;
    }
    at == side.len()
}

fn row_holds(row: &Row, before: &[u8], after: &[u8]) -> bool {
    match (row.kind, &row.before, &row.after) {
        (Kind::Same, Some(old), Some(new)) => {
            row.words.is_empty() && before.get(old.clone()) == after.get(new.clone())
        }
        (Kind::Removed, Some(line), None) => words_hold(&row.words, line, before),
        (Kind::Added, None, Some(line)) => words_hold(&row.words, line, after),
        _ => false,
    }
}

fn words_hold(words: &[Range<usize>], line: &Range<usize>, side: &[u8]) -> bool {
    let mut at = line.start;
    for (index, word) in words.iter().enumerate() {
        // Touching words would be one.
        let apart = index == 0 || word.start > at;
        if !apart || word.start < at || word.end <= word.start || word.end > line.end {
            return false;
        }
        at = word.end;
    }
    if words.is_empty() {
        return true;
    }
    let Some(text) = side.get(line.clone()) else { return false };
    let utf8 = std::str::from_utf8(text).ok();
    words.iter().flat_map(|word| [word.start, word.end]).all(|edge| {
        let edge = edge - line.start;
        utf8.is_none_or(|text| text.is_char_boundary(edge)) && !splits_crlf(text, edge)
    })
}

fn splits_crlf(text: &[u8], edge: usize) -> bool {
    edge > 0 && text.get(edge - 1) == Some(&b'\r') && text.get(edge) == Some(&b'\n')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    #![allow(clippy::single_range_in_vec_init, reason = "words are ranges, and one word is one range")]

    use super::*;
    use crate::{Budget, Fallback, Move, checked, diff};

    const BEFORE: &[u8] = "one\ntwo old\r\nthr\u{e9}e\n".as_bytes();
    const AFTER: &[u8] = "one\ntwo new\r\nthr\u{e9}e\n".as_bytes();

    /// Breaks a true diff and expects that nobody gets to see it.
    fn refused(what: &str, break_it: impl FnOnce(&mut Diff)) {
        let mut made = diff(BEFORE, AFTER);
        assert!(made.check(BEFORE, AFTER));
        break_it(&mut made);
        assert!(!made.check(BEFORE, AFTER), "{what}");
        let replaced = checked(made, BEFORE, AFTER, Budget::default());
        assert!(replaced.check(BEFORE, AFTER), "{what}");
        assert_eq!(replaced.fallback, Some(Fallback::CheckFailed), "{what}");
        assert_eq!((replaced.stats.unchanged, replaced.stats.removed, replaced.stats.added), (0, 3, 3));
    }

    #[test]
    fn a_diff_that_does_not_cover_both_sides_is_replaced() {
        refused("a row less", |made| drop(made.rows.pop()));
        refused("a row twice", |made| made.rows.insert(0, made.rows[0].clone()));
        refused("rows swapped", |made| made.rows.swap(0, 3));
        refused("a byte less", |made| made.rows[1].before.as_mut().unwrap().end -= 1);
        refused("a row of bytes outside", |made| made.rows[3].after = Some(15..usize::MAX));
        refused("no rows", |made| made.rows.clear());
    }

    #[test]
    fn a_diff_that_calls_a_change_unchanged_is_replaced() {
        refused("two rows called one", |made| {
            let added = made.rows.remove(2);
            made.rows[1] =
                Row { kind: Kind::Same, words: vec![], after: added.after, ..made.rows[1].clone() };
            made.hunks.clear();
            made.stats = Stats::of(&made.rows);
        });
        refused("a hunk less", |made| made.hunks.clear());
        refused("a hunk of other rows", |made| made.hunks[0].rows.end += 1);
        refused("stats", |made| made.stats.added = 0);
        refused("kind", |made| made.rows[1].kind = Kind::Added);
    }

    #[test]
    fn moves_of_other_rows_are_replaced() {
        let (before, after) = (b"a\nb\nc\n1\n2\n3\n4\n", b"1\n2\n3\n4\na\nb\nc\n");
        let made = diff(before, after);
        assert_eq!(made.moves, [Move { removed: 0..3, added: 7..10 }]);
        for moves in [
            vec![Move { removed: 0..3, added: 3..6 }],
            vec![Move { removed: 0..3, added: 6..9 }],
            vec![Move { removed: 0..2, added: 7..9 }],
            vec![Move { removed: 0..3, added: 7..11 }],
            vec![Move { removed: 0..3, added: 7..usize::MAX }],
            vec![made.moves[0].clone(), made.moves[0].clone()],
        ] {
            let broken = Diff { moves, ..made.clone() };
            assert!(!broken.check(before, after), "{:?}", broken.moves);
        }
    }

    #[test]
    fn words_that_lie_wrong_are_replaced() {
        // `two old\r\n` is 4..13 and `thr\u{e9}e\n` is 13..20.
        for words in [vec![3..5], vec![8..14], vec![8..8], vec![4..6, 5..7], vec![4..6, 6..7], vec![8..12]] {
            refused(&format!("{words:?}"), |made| made.rows[1].words = words);
        }
        refused("a word in an unchanged row", |made| made.rows[0].words = vec![0..1]);
        let (before, after) = ("\u{e9}b\n".as_bytes(), b"x\n");
        let mut made = diff(before, after);
        made.rows[0].words = vec![1..3];
        assert!(!made.check(before, after));
    }
}
