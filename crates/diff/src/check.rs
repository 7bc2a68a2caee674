//! Verifies a finished diff against the two sides, independently of how it was made.

use std::ops::Range;

use crate::{Diff, Kind, Row, Stats};

impl Diff {
    /// Whether this is a diff of `before` and `after`.
    ///
    /// True when the rows of each side cover it byte for byte and in order,
    /// `Same` rows are equal, hunks are exactly the runs of other rows, and
    /// words lie in their row, apart, in order, and cut neither a character
    /// nor a CRLF.
    #[must_use]
    pub fn check(&self, before: &[u8], after: &[u8]) -> bool {
        covers(before, self.rows.iter().filter_map(|row| row.before.as_ref()))
            && covers(after, self.rows.iter().filter_map(|row| row.after.as_ref()))
            && self.rows.iter().all(|row| row_holds(row, before, after))
            && self.hunks_hold()
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
