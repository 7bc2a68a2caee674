//! Finds a text in a sheet: in what is drawn, in the exact text behind it, and in that text as it would look
//! without what is invisible in it.
//!
//! A row that carries on the one above is one text with it, so a word that was wrapped is found. Folded rows are
//! rows like others. Letters are compared as they are where a capital is sought, else without regard to case.
//!
//! Nothing is decided by it, and nothing counts as seen because of it. Columns are counted in UTF-16 units, as the
//! page counts them.

mod cell;
mod quick;

use std::borrow::Cow;
use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

use countersign_sheet::{Document, Row, Segment, Sheet, words};

use cell::Needle;
use quick::Quick;

/// Rows that are looked through by one thread; of fewer the threads themselves would take longer.
const PART: usize = 20_000;

/// The most threads.
const THREADS: usize = 4;

/// Where a text is in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    needle: Option<Needle>,
    // In order. Where in its rows a hit is, is worked out when somebody asks.
    lines: Vec<Line>,
    total: usize,
    above: usize,
}

/// Rows that are one text with each other, with hits in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    document: usize,
    row: usize,
    // Hits of the lines before.
    before: usize,
}

/// One hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// From 0.
    pub index: usize,
    /// Which document.
    pub document: usize,
    /// The row in which it begins.
    pub row: usize,
}

/// A part of a row to be marked. Parts are apart from each other and in order, column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Which row of the document.
    pub row: usize,
    /// Which text of the row.
    pub column: usize,
    /// UTF-16 units of that text. A letter is never parted from what is drawn with it, so it may be more than what
    /// was sought.
    pub units: Range<usize>,
    /// The hits that it is a part of.
    pub hits: Range<usize>,
}

impl Sought {
    /// Looks for `text` in all of `sheet`. An empty one is nowhere.
    #[must_use]
    pub fn new(sheet: &Sheet, text: &str) -> Self {
        let needle = Needle::new(text);
        let mut made = Self { needle, lines: Vec::new(), total: 0, above: 0 };
        let Some(needle) = made.needle.clone() else { return made };
        let needle = &needle;
        for (document, it) in sheet.documents.iter().enumerate() {
            for (row, found) in counted(it, needle) {
                made.lines.push(Line { document, row, before: made.total });
                made.total += found;
            }
        }
        let mut quick = Quick::default();
        made.above = head(sheet)
            .into_iter()
            .map(|text| quick.count(std::iter::once(Cow::Borrowed(text)), needle))
            .sum();
        made
    }

    /// Hits in the rows of all documents.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Hits in what stands above the rows: headline, request, claim, facts and the heads of documents.
    #[must_use]
    pub fn above(&self) -> usize {
        self.above
    }

    /// The first hit that begins at that row or after it; of all, when there is none there.
    #[must_use]
    pub fn from(&self, sheet: &Sheet, document: usize, row: usize) -> Option<Hit> {
        let at = self.lines.partition_point(|line| (line.document, line.row) < (document, row));
        self.hit(sheet, self.lines.get(at).map_or(0, |line| line.before))
    }

    /// Hit number `index`, from 0.
    #[must_use]
    pub fn hit(&self, sheet: &Sheet, index: usize) -> Option<Hit> {
        let line = self.lines.get(self.lines.partition_point(|line| line.before <= index).checked_sub(1)?)?;
        let first = self.marked_in(sheet, line).into_iter().find(|it| it.hits.contains(&index))?;
        Some(Hit { index, document: line.document, row: first.row })
    }

    /// What is to be marked in `rows` of a document.
    #[must_use]
    pub fn marked(&self, sheet: &Sheet, document: usize, rows: Range<usize>) -> Vec<Marked> {
        let place = |line: &Line| (line.document, line.row);
        let after = self.lines.partition_point(|line| place(line) < (document, rows.start));
        // The line before may reach into these rows.
        let lines = self.lines[after.saturating_sub(1)..].iter();
        lines
            .take_while(|line| place(line) < (document, rows.end))
            .filter(|line| line.document == document)
            .flat_map(|line| self.marked_in(sheet, line))
            .filter(|it| rows.contains(&it.row))
            .collect()
    }

    fn marked_in(&self, sheet: &Sheet, line: &Line) -> Vec<Marked> {
        let (Some(needle), Some(document)) = (&self.needle, sheet.documents.get(line.document)) else {
            return Vec::new();
        };
        let rows = line.row..end_of(document, line.row);
        let (mut made, mut before) = (Vec::new(), line.before);
        for column in 0..columns(&document.rows[line.row]) {
            let (marks, found) = cell::marks(pieces(document, &rows, column), needle);
            made.extend(marks.into_iter().map(|it| Marked {
                row: line.row + it.piece,
                column,
                units: it.units,
                hits: before + it.hits.start..before + it.hits.end,
            }));
            before += found;
        }
        made
    }
}

/// Rows in which a line with hits begins, and how many hits it has.
fn counted(document: &Document, needle: &Needle) -> Vec<(usize, usize)> {
    let count = |rows: Range<usize>| {
        let mut quick = Quick::default();
        let mut found = Vec::new();
        for line in lines_of(document, rows) {
            let columns = 0..columns(&document.rows[line.start]);
            let hits: usize =
                columns.map(|column| quick.count(pieces(document, &line, column), needle)).sum();
            if hits > 0 {
                found.push((line.start, hits));
            }
        }
        found
    };
    let mut parts = parts(document);
    let Some(last) = parts.pop() else { return Vec::new() };
    thread::scope(|scope| {
        let count = &count;
        let others: Vec<_> = parts.into_iter().map(|rows| scope.spawn(move || count(rows))).collect();
        let own = count(last);
        let found = others.into_iter().flat_map(|it| it.join().unwrap_or_else(|why| resume_unwind(why)));
        found.chain(own).collect()
    })
}

/// The rows of a document in parts that are looked through at the same time; no text goes from one to the next.
fn parts(document: &Document) -> Vec<Range<usize>> {
    let rows = document.rows.len();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    let count = (rows / PART).clamp(1, threads);
    let mut ends: Vec<usize> = (1..count).map(|at| end_of(document, rows * at / count)).collect();
    ends.push(rows);
    ends.dedup();
    let starts = std::iter::once(0).chain(ends.clone());
    starts.zip(ends).map(|(start, end)| start..end).collect()
}

/// One column of rows that are one text.
pub(crate) fn pieces<'s>(
    document: &'s Document,
    rows: &Range<usize>,
    column: usize,
) -> impl Iterator<Item = Cow<'s, [Segment]>> + Clone + use<'s> {
    document.rows[rows.clone()].iter().map(move |row| text_of(row, column))
}

/// Rows that are one text: each with those that carry it on.
pub(crate) fn lines(document: &Document) -> impl Iterator<Item = Range<usize>> {
    lines_of(document, 0..document.rows.len())
}

fn lines_of(document: &Document, rows: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut at = rows.start;
    std::iter::from_fn(move || {
        let start = at;
        at = end_of(document, start);
        (start < rows.end).then_some(start..at)
    })
}

fn end_of(document: &Document, start: usize) -> usize {
    let after = document.rows.get(start + 1..).unwrap_or_default();
    start + 1 + after.iter().take_while(|row| continued(row)).count()
}

fn continued(row: &Row) -> bool {
    match row {
        Row::Line { continued, .. }
        | Row::Field { continued, .. }
        | Row::Argument { continued, .. }
        | Row::Grant { continued, .. }
        | Row::Object { continued, .. }
        | Row::Entry { continued, .. }
        | Row::Note { continued, .. } => *continued,
        Row::Heading { .. } => false,
    }
}

/// How many texts a row has.
pub(crate) fn columns(row: &Row) -> usize {
    match row {
        Row::Line { .. } | Row::Argument { .. } | Row::Note { .. } => 1,
        Row::Field { .. } => 2,
        Row::Grant { .. } | Row::Entry { .. } | Row::Heading { .. } => 3,
        Row::Object { columns, .. } => columns.len() + 2,
    }
}

fn text_of(row: &Row, column: usize) -> Cow<'_, [Segment]> {
    Cow::Borrowed(match (row, column) {
        (Row::Line { segments, .. } | Row::Argument { segments, .. } | Row::Note { segments, .. }, 0) => {
            segments
        }
        (Row::Field { label, .. }, 0) => label,
        (Row::Field { segments, .. }, 1) => segments,
        (Row::Grant { name: first, .. } | Row::Entry { path: first, .. }, 0) => first,
        (Row::Grant { before, .. } | Row::Entry { before, .. }, 1) => before,
        (Row::Grant { after, .. } | Row::Entry { after, .. }, 2) => after,
        (Row::Object { columns, size, sha256, .. }, column) => {
            columns.iter().chain([size, sha256]).nth(column).map_or(&[], Vec::as_slice)
        }
        (Row::Heading { text, .. }, 0) => return Cow::Owned(vec![words(text)]),
        (Row::Heading { name, .. }, 1) => name,
        (Row::Heading { detail, .. }, 2) => return Cow::Owned(vec![words(detail)]),
        _ => &[],
    })
}

/// Every text that stands above rows.
fn head(sheet: &Sheet) -> Vec<&[Segment]> {
    let headline = &sheet.headline;
    let mut all = vec![headline.who.as_slice(), sheet.would.as_slice()];
    all.extend(headline.lines.iter().flatten().map(|span| span.segments.as_slice()));
    all.extend([&headline.calls_itself, &headline.note].into_iter().flatten().map(Vec::as_slice));
    if let Some(asked) = &sheet.asked {
        all.extend(asked.by.iter().chain(&asked.text).chain([&asked.origin]).map(Vec::as_slice));
    }
    all.extend(sheet.claim.iter().map(Vec::as_slice));
    all.extend(sheet.facts.iter().flat_map(|fact| [fact.value.as_slice(), fact.detail.as_slice()]));
    for document in &sheet.documents {
        all.push(&document.title);
        all.extend(document.subtitle.iter().chain(&document.columns).map(Vec::as_slice));
    }
    all
}
