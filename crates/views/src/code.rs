//! Which parts of the lines of a document are comments, strings, numbers and words of a language.
//!
//! Promises: the same pieces of text as before, only cut further; work that grows with the rows asked for and
//! those [`ABOVE`] them, whatever they say; no line has an influence on a row that is further away.
//!
//! Left to others: what the classes look like, and all meaning: this reads words, not programs. Where it is
//! mistaken a text has another colour, and nothing else.

mod languages;
mod lexer;

use std::ops::Range;

use countersign_sheet::{Document, Mark, Row, Segment, SegmentKind};

use languages::language;
use lexer::{Lexer, State};

/// Rows above those that are asked for in which a comment or string can begin that is still open in them.
const ABOVE: usize = 2000;

/// Rows of a line. A longer one stays without colours: nobody reads it as a program.
const ROWS: usize = 40;

/// What a piece of a program's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// What a program would skip.
    Comment,
    /// A text in quotes.
    String,
    /// A number, or a word that stands for a value.
    Literal,
    /// A word of the language, or the name before a value.
    Keyword,
}

/// A piece of a segment: `text` counts in its `display`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Which segment of the row.
    pub segment: usize,
    /// Which bytes of what it draws.
    pub text: Range<usize>,
    /// What they are, if anything.
    pub class: Option<Class>,
}

/// The pieces of those rows of `document` that have classes; the others, and all of a document in no language that
/// is known here, have none.
#[must_use]
pub fn pieces(document: &Document, rows: Range<usize>) -> Vec<Option<Vec<Piece>>> {
    let end = rows.end.min(document.rows.len());
    let mut made = vec![None; end.saturating_sub(rows.start)];
    let Some(lexer) = language(&name(document), shebang(document).as_deref()) else { return made };
    // A comment or string can be open on one side and not on the other.
    let mut sides = [State::default(), State::default()];
    let mut at = rows.start.saturating_sub(ABOVE);
    while at < end {
        let Some(Row::Line { mark, continued: false, .. }) = document.rows.get(at) else {
            at += 1;
            continue;
        };
        let line = Line::at(document, at);
        if line.rows > ROWS {
            // What it leaves open is not known.
            sides = [State::default(), State::default()];
        } else {
            let spans = run(&lexer, *mark, &mut sides, &line.text);
            let wanted = at + line.rows > rows.start;
            for (row, pieces) in wanted.then(|| line.cut(document, at, &spans)).into_iter().flatten() {
                if let Some(into) = row.checked_sub(rows.start).and_then(|row| made.get_mut(row)) {
                    *into = Some(pieces);
                }
            }
        }
        at += line.rows;
    }
    made
}

type Spans = Vec<(Range<usize>, Class)>;

/// Reads a line that is on one side, or on both.
fn run(lexer: &Lexer, mark: Mark, [before, after]: &mut [State; 2], text: &str) -> Spans {
    let read = |state: &mut State| {
        let mut spans = Spans::new();
        let mut say = |range: Range<usize>, class| match spans.last_mut() {
            Some((last, of)) if last.end == range.start && *of == class => last.end = range.end,
            _ => spans.push((range, class)),
        };
        *state = lexer.line(std::mem::take(state), text, &mut say);
        spans
    };
    match mark {
        Mark::Removed => read(before),
        Mark::Added => read(after),
        Mark::Same if before == after => {
            let spans = read(after);
            before.clone_from(after);
            spans
        }
        Mark::Same => {
            read(before);
            read(after)
        }
    }
}

/// A line, of one or several rows.
struct Line {
    text: String,
    rows: usize,
}

impl Line {
    fn at(document: &Document, first: usize) -> Self {
        let goes_on = |row: &&Row| matches!(row, Row::Line { continued: true, .. });
        let rows = 1 + document.rows[first + 1..].iter().take_while(goes_on).count();
        let mut text = String::new();
        if rows <= ROWS {
            for segment in document.rows[first..first + rows].iter().flat_map(segments) {
                stands_for(segment, &mut text);
            }
        }
        Self { text, rows }
    }

    /// Its rows, with what of `spans` is in them. The spans are in order, and apart.
    fn cut(&self, document: &Document, first: usize, spans: &Spans) -> Vec<(usize, Vec<Piece>)> {
        let (mut begin, mut spans) = (0, spans.iter().peekable());
        let mut one = |row: &Row| {
            let mut pieces = Vec::new();
            for (at, segment) in segments(row).iter().enumerate() {
                let mut own = String::new();
                stands_for(segment, &mut own);
                let end = begin + own.len();
                let mut done = begin;
                while let Some((span, class)) = spans.peek()
                    && span.start < end
                {
                    let (from, to) = (span.start.max(done), span.end.min(end));
                    if is_plain(segment) && from < to {
                        if done < from {
                            pieces.push(Piece { segment: at, text: done - begin..from - begin, class: None });
                        }
                        pieces.push(Piece {
                            segment: at,
                            text: from - begin..to - begin,
                            class: Some(*class),
                        });
                        done = to;
                    }
                    if span.end > end {
                        break;
                    }
                    spans.next();
                }
                if !is_plain(segment) {
                    pieces.push(Piece { segment: at, text: 0..segment.display.len(), class: None });
                } else if done < end {
                    pieces.push(Piece { segment: at, text: done - begin..end - begin, class: None });
                }
                begin = end;
            }
            pieces
        };
        (first..first + self.rows).map(|row| (row, one(&document.rows[row]))).collect()
    }
}

fn segments(row: &Row) -> &[Segment] {
    match row {
        Row::Line { segments, .. } => segments,
        _ => &[],
    }
}

/// Changed words and findings keep their own look.
fn is_plain(segment: &Segment) -> bool {
    segment.kind == SegmentKind::Text && segment.findings.is_empty() && !segment.rtl
}

/// What a reader of programs reads in its place.
fn stands_for(segment: &Segment, text: &mut String) {
    match segment.kind {
        SegmentKind::Text | SegmentKind::Changed | SegmentKind::Joined { .. } => {
            text.push_str(&segment.display)
        }
        SegmentKind::Chip { .. } if matches!(segment.display.as_str(), "LF" | "CR") => {}
        // One that is masked keeps no quotation mark open: nothing of it is known here.
        SegmentKind::Words | SegmentKind::Chip { .. } | SegmentKind::Bytes | SegmentKind::Mask => {
            text.push(' ')
        }
    }
}

/// The name of the file that a document is of.
fn name(document: &Document) -> String {
    let foreign = document.title.iter().filter(|it| it.kind != SegmentKind::Words);
    foreign.map(|it| it.display.as_str()).collect()
}

/// The first line of the newer side, if it names a program.
fn shebang(document: &Document) -> Option<String> {
    let first = |row: &&Row| match row {
        Row::Line { before, after, mark, .. } => {
            *after == Some(1) || (*mark == Mark::Removed && *before == Some(1))
        }
        _ => false,
    };
    let rows = document.rows.iter().take(ROWS).filter(first);
    let mut texts = rows.map(|row| segments(row).iter().map(|it| it.display.as_str()).collect::<String>());
    texts.next_back().filter(|text| text.starts_with("#!"))
}
