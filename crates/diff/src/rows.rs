//! Makes rows and hunks out of aligned lines.

use std::ops::Range;

use crate::align::{self, Aligned, Change};
use crate::lines::{self, Endings};
use crate::work::Work;
use crate::{Budget, Diff, Fallback, Hunk, Kind, Row, Stats, moved, words};

/// The rows of both sides, not yet checked.
pub(crate) fn rows(before: &[u8], after: &[u8], budget: Budget) -> Diff {
    let sides = Sides::new(before, after, budget);
    if sides.lines_per_row > 1 {
        return replaced(before, after, budget, Fallback::TooManyLines);
    }
    let mut line_work = Work::new(budget.line_work);
    let lines = align::lines(&cut(before, &sides.before), &cut(after, &sides.after), &mut line_work);
    let (changes, fallback) = match lines {
        Aligned::Changes(changes) => (changes, None),
        Aligned::TooMuchWork(changes) => (changes, Some(Fallback::TooMuchWork)),
    };
    let mut diff = sides.build(&changes, fallback);
    let mut word_work = Work::new(budget.word_work);
    if fallback.is_none() {
        diff.moves = moved::moves(&diff, before, after, &mut line_work);
        words::mark(&mut diff, before, after, &mut word_work);
    }
    diff.work = line_work.spent + word_work.spent;
    diff
}

/// All removed, all added.
pub(crate) fn replaced(before: &[u8], after: &[u8], budget: Budget, why: Fallback) -> Diff {
    let sides = Sides::new(before, after, budget);
    let all = Change { before: 0..sides.before.len(), after: 0..sides.after.len() };
    let changes = if before.is_empty() && after.is_empty() { vec![] } else { vec![all] };
    sides.build(&changes, Some(why))
}

fn cut<'a>(side: &'a [u8], lines: &[Range<usize>]) -> Vec<&'a [u8]> {
    lines.iter().map(|line| &side[line.clone()]).collect()
}

struct Sides {
    before: Vec<Range<usize>>,
    after: Vec<Range<usize>>,
    before_endings: Endings,
    after_endings: Endings,
    /// More than 1 keeps millions of empty lines from becoming millions of rows.
    lines_per_row: usize,
}

impl Sides {
    fn new(before: &[u8], after: &[u8], budget: Budget) -> Sides {
        let most = budget.lines.max(1);
        let lines = lines::lines(before, most)
            .and_then(|old| lines::lines(after, most - old.len()).map(|new| (old, new)));
        if let Some((old, new)) = lines {
            return Sides {
                before_endings: Endings::of(before, &old),
                after_endings: Endings::of(after, &new),
                before: old,
                after: new,
                lines_per_row: 1,
            };
        }
        let (before_endings, after_endings) = (Endings::counted(before), Endings::counted(after));
        let lines_per_row = (before_endings.lines() + after_endings.lines()).div_ceil(most);
        Sides {
            before: lines::groups(before, lines_per_row),
            after: lines::groups(after, lines_per_row),
            before_endings,
            after_endings,
            lines_per_row,
        }
    }

    fn build(self, changes: &[Change], fallback: Option<Fallback>) -> Diff {
        let mut rows = Vec::with_capacity(self.before.len() + self.after.len());
        let mut hunks = Vec::with_capacity(changes.len());
        let (mut at_before, mut at_after) = (0, 0);
        for change in changes {
            rows.extend((at_before..change.before.start).zip(at_after..).map(|(b, a)| self.same(b, a)));
            let first = rows.len();
            rows.extend(change.before.clone().map(|line| self.removed(line)));
            rows.extend(change.after.clone().map(|line| self.added(line)));
            hunks.push(Hunk {
                rows: first..rows.len(),
                before: index(change.before.start)..index(change.before.end),
                after: index(change.after.start)..index(change.after.end),
            });
            (at_before, at_after) = (change.before.end, change.after.end);
        }
        rows.extend(
            (at_before..self.before.len()).zip(at_after..self.after.len()).map(|(b, a)| self.same(b, a)),
        );
        Diff {
            stats: Stats::of(&rows),
            rows,
            hunks,
            moves: Vec::new(),
            fallback,
            unrefined: 0,
            before_endings: self.before_endings,
            after_endings: self.after_endings,
            work: 0,
        }
    }

    fn same(&self, before: usize, after: usize) -> Row {
        Row {
            kind: Kind::Same,
            before_line: Some(self.number(before)),
            after_line: Some(self.number(after)),
            before: self.before.get(before).cloned(),
            after: self.after.get(after).cloned(),
            words: Vec::new(),
        }
    }

    fn removed(&self, line: usize) -> Row {
        Row {
            kind: Kind::Removed,
            before_line: Some(self.number(line)),
            after_line: None,
            before: self.before.get(line).cloned(),
            after: None,
            words: Vec::new(),
        }
    }

    fn added(&self, line: usize) -> Row {
        Row {
            kind: Kind::Added,
            before_line: None,
            after_line: Some(self.number(line)),
            before: None,
            after: self.after.get(line).cloned(),
            words: Vec::new(),
        }
    }

    /// The number of the first line in row `line`.
    fn number(&self, line: usize) -> u32 {
        index(line.saturating_mul(self.lines_per_row).saturating_add(1))
    }
}

impl Stats {
    pub(crate) fn of(rows: &[Row]) -> Stats {
        let mut stats = Stats::default();
        for row in rows {
            match row.kind {
                Kind::Same => stats.unchanged += 1,
                Kind::Removed => stats.removed += 1,
                Kind::Added => stats.added += 1,
            }
        }
        stats
    }
}

/// A side has fewer than 2^32 rows as long as the budget does; a number beyond is shown as the last.
fn index(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}
