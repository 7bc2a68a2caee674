//! Steps from change to change through all documents of a sheet.
//!
//! A change is a run of rows of which none stays as it is: lines added or removed, rights gained or lost, things
//! removed, arguments. No fold holds one.

use std::ops::Range;

use countersign_sheet::{GrantChange, Mark, Row, Sheet};

/// One of the changes of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// From 0.
    pub index: usize,
    /// How many there are.
    pub of: usize,
    /// Which document.
    pub document: usize,
    /// Its rows.
    pub rows: Range<usize>,
}

/// The first change that begins at that row or after it, or, backwards, the last one before it. After the last comes the
/// first. `None` when there is none at all.
#[must_use]
pub fn change(sheet: &Sheet, from: (usize, usize), forward: bool) -> Option<Change> {
    let all = changes(sheet);
    let last = all.len().checked_sub(1)?;
    let start = |it: &(usize, Range<usize>)| (it.0, it.1.start);
    let index = if forward {
        let after = all.partition_point(|it| start(it) < from);
        if after > last { 0 } else { after }
    } else {
        all.partition_point(|it| start(it) < from).checked_sub(1).unwrap_or(last)
    };
    let (document, rows) = all[index].clone();
    Some(Change { index, of: all.len(), document, rows })
}

/// Rows that went, then rows that came, next to each other: what stands side by side where both sides do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub removed: Range<usize>,
    pub added: Range<usize>,
}

/// The pairs of a document, in order; one of the two may be empty.
#[must_use]
pub fn pairs(sheet: &Sheet, document: usize) -> Vec<Pair> {
    let mut all: Vec<Pair> = Vec::new();
    let rows = sheet.documents.get(document).map_or(&[][..], |it| it.rows.as_slice());
    for (at, row) in rows.iter().enumerate() {
        let Row::Line { mark, .. } = row else { continue };
        let last = all.last_mut().filter(|last| last.added.end == at);
        match (mark, last) {
            (Mark::Same, _) => {}
            (Mark::Added, Some(last)) => last.added.end += 1,
            (Mark::Removed, Some(last)) if last.added.is_empty() => {
                last.removed.end += 1;
                last.added = at + 1..at + 1;
            }
            (Mark::Removed, _) => all.push(Pair { removed: at..at + 1, added: at + 1..at + 1 }),
            (Mark::Added, None) => all.push(Pair { removed: at..at, added: at..at + 1 }),
        }
    }
    all
}

fn changes(sheet: &Sheet) -> Vec<(usize, Range<usize>)> {
    let mut all: Vec<(usize, Range<usize>)> = Vec::new();
    for (document, it) in sheet.documents.iter().enumerate() {
        for (at, _) in it.rows.iter().enumerate().filter(|(_, row)| changes_something(row)) {
            match all.last_mut() {
                Some((of, rows)) if *of == document && rows.end == at => rows.end = at + 1,
                _ => all.push((document, at..at + 1)),
            }
        }
    }
    all
}

fn changes_something(row: &Row) -> bool {
    match row {
        Row::Line { mark, .. } => *mark != Mark::Same,
        // A right that changes nothing in effect is a change of the list all the same.
        Row::Grant { change, before, after, .. } => *change != GrantChange::Kept || before != after,
        Row::Argument { .. } | Row::Object { .. } | Row::Entry { .. } => true,
        Row::Field { .. } | Row::Heading { .. } | Row::Note { .. } => false,
    }
}
