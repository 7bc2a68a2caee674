//! Marks the words that changed in the hunks of a diff.
//!
//! All removed lines of a hunk are compared with all its added lines, so a
//! line that was broken in two or has new neighbours still finds its words.
//! Many words at once, one very long line for example, are compared in two
//! levels: chunks first, then words inside the chunks that differ.

use std::ops::Range;

use crate::align::{self, Aligned, Change};
use crate::tokens;
use crate::work::Work;
use crate::{Diff, Row};

/// More tokens of both sides together are compared in chunks first.
const DIRECT: usize = 4096;

/// Steps for cutting one byte into tokens, and for the memory they take.
const CUT_BYTE: u64 = 16;

/// Fills in [`Row::words`] and [`Diff::unrefined`].
pub(crate) fn mark(diff: &mut Diff, before: &[u8], after: &[u8], work: &mut Work) {
    let (mut old, mut new) = (Text::of(before), Text::of(after));
    let mut marks = Marks::default();
    for hunk in &diff.hunks {
        let rows = &mut diff.rows[hunk.rows.clone()];
        let (removed, added) = rows.split_at_mut(hunk.before.len());
        let Some((gone, come)) = span(removed, |row| &row.before).zip(span(added, |row| &row.after)) else {
            continue;
        };
        if !work.pay((gone.len() + come.len()) as u64 * CUT_BYTE) {
            diff.unrefined += 1;
            continue;
        }
        old.cut(gone);
        new.cut(come);
        marks.compare(&old, &new, work);
        diff.unrefined += u32::from(marks.incomplete);
        share(removed, |row| &row.before, &marks.before, before);
        share(added, |row| &row.after, &marks.after, after);
    }
}

/// The bytes that `rows`, which follow one another, cover on their side.
fn span(rows: &[Row], range: impl Fn(&Row) -> &Option<Range<usize>>) -> Option<Range<usize>> {
    let first = range(rows.first()?).as_ref()?;
    let last = range(rows.last()?).as_ref()?;
    Some(first.start..last.end)
}

/// A stretch of one side, cut into tokens.
struct Text<'a> {
    side: &'a [u8],
    /// Where each token starts in the side, and at last where the stretch ends.
    edges: Vec<usize>,
}

impl<'a> Text<'a> {
    fn of(side: &'a [u8]) -> Text<'a> {
        Text { side, edges: vec![0] }
    }

    /// Takes another stretch of the side.
    fn cut(&mut self, stretch: Range<usize>) {
        self.edges.clear();
        self.edges.push(stretch.start);
        tokens::cut(&self.side[stretch.clone()], stretch.start, &mut self.edges);
    }

    fn len(&self) -> usize {
        self.edges.len() - 1
    }

    fn tokens(&self, range: Range<usize>) -> impl Iterator<Item = &'a [u8]> {
        self.edges[range.start..=range.end].windows(2).map(|edges| &self.side[edges[0]..edges[1]])
    }

    /// The bytes of the tokens in `range`.
    fn bytes(&self, range: Range<usize>) -> Range<usize> {
        self.edges[range.start]..self.edges[range.end]
    }

    /// Where each chunk starts, in tokens, and at last the number of tokens.
    fn chunks(&self) -> Vec<usize> {
        let mut starts = vec![0];
        starts.extend(tokens::chunks(self.tokens(0..self.len())));
        starts
    }

    fn chunk_bytes(&self, starts: &[usize]) -> Vec<&'a [u8]> {
        starts.windows(2).map(|chunk| &self.side[self.bytes(chunk[0]..chunk[1])]).collect()
    }
}

/// What changed on both sides: in order, apart.
#[derive(Default)]
struct Marks {
    before: Vec<Range<usize>>,
    after: Vec<Range<usize>>,
    incomplete: bool,
}

impl Marks {
    fn compare(&mut self, old: &Text<'_>, new: &Text<'_>, work: &mut Work) {
        self.before.clear();
        self.after.clear();
        self.incomplete = false;
        if old.len() + new.len() <= DIRECT {
            self.compare_tokens(old, 0..old.len(), new, 0..new.len(), work);
            return;
        }
        let (old_starts, new_starts) = (old.chunks(), new.chunks());
        let aligned = align::parts(&old.chunk_bytes(&old_starts), &new.chunk_bytes(&new_starts), work);
        for change in self.changes(aligned) {
            let removed = old_starts[change.before.start]..old_starts[change.before.end];
            let added = new_starts[change.after.start]..new_starts[change.after.end];
            self.compare_tokens(old, removed, new, added, work);
        }
    }

    fn compare_tokens(
        &mut self,
        old: &Text<'_>,
        removed: Range<usize>,
        new: &Text<'_>,
        added: Range<usize>,
        work: &mut Work,
    ) {
        let (gone, come): (Vec<_>, Vec<_>) =
            (old.tokens(removed.clone()).collect(), new.tokens(added.clone()).collect());
        let aligned = align::parts(&gone, &come, work);
        for change in self.changes(aligned) {
            let Change { before, after } = change.shifted(removed.start, added.start);
            push(&mut self.before, old.bytes(before));
            push(&mut self.after, new.bytes(after));
        }
    }

    /// Without the means to compare, everything that may differ counts as changed.
    fn changes(&mut self, aligned: Aligned) -> Vec<Change> {
        match aligned {
            Aligned::Changes(changes) => changes,
            Aligned::TooMuchWork(changes) => {
                self.incomplete = true;
                changes
            }
        }
    }
}

/// Adds `range`, joined to the last one where they touch.
fn push(ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
    match ranges.last_mut() {
        _ if range.is_empty() => {}
        Some(last) if last.end == range.start => last.end = range.end,
        _ => ranges.push(range),
    }
}

/// Gives each row its part of `marks`, unless that is next to the whole row.
fn share(
    rows: &mut [Row],
    range: impl Fn(&Row) -> &Option<Range<usize>>,
    marks: &[Range<usize>],
    side: &[u8],
) {
    let mut marks = marks.iter().peekable();
    for row in rows {
        let Some(line) = range(row).clone() else { continue };
        let mut words = Vec::new();
        while let Some(mark) = marks.peek().filter(|mark| mark.start < line.end) {
            words.push(mark.start.max(line.start)..mark.end.min(line.end));
            if mark.end > line.end {
                break; // The rest of it is for the rows below.
            }
            marks.next();
        }
        if !nearly_all(&words, line, side) {
            row.words = words;
        }
    }
}

/// Whether less than a quarter of what can be read in `line` is outside `words`.
fn nearly_all(words: &[Range<usize>], line: Range<usize>, side: &[u8]) -> bool {
    let ink = |range: Range<usize>| side[range].iter().filter(|byte| !byte.is_ascii_whitespace()).count();
    let changed: usize = words.iter().cloned().map(ink).sum();
    let whole = ink(line);
    whole > 0 && (whole - changed) * 4 < whole
}
