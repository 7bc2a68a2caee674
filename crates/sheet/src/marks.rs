//! Marks on segments what was found in their texts.

use std::ops::Range;
use std::sync::Arc;

use crate::model::{ChipTone, Secret, Segment, SegmentKind};
use crate::segments::{chip, part};

/// A stretch of a text, and what was found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) range: Range<usize>,
    /// The number of the finding.
    pub(crate) finding: u32,
    /// The secret that it is.
    pub(crate) secret: Option<Arc<Secret>>,
}

impl Place {
    pub(crate) fn overlaps(&self, range: &Range<usize>) -> bool {
        self.range.start < range.end && range.start < self.range.end
    }
}

pub(crate) type Marks = Vec<Place>;

/// Names the findings on the segments that show any byte of them. `marks` may overlap.
pub(crate) fn mark(segments: Vec<Segment>, marks: &Marks) -> Vec<Segment> {
    if marks.is_empty() {
        return segments;
    }
    let mut made = Vec::with_capacity(segments.len() + marks.len());
    let mut over = Over::new(marks);
    for segment in segments {
        let touching = over.at(&segment.source);
        if touching.is_empty() {
            made.push(segment);
            continue;
        }
        let mut within = Over::new(touching.iter().copied());
        for mut piece in pieces(segment, &touching) {
            let inside = within.at(&piece.source);
            piece.secret = inside.iter().find_map(|it| it.secret.clone());
            piece.findings = inside.iter().map(|it| it.finding).collect();
            piece.findings.sort_unstable();
            piece.findings.dedup();
            made.push(piece);
        }
    }
    made
}

/// Places over which one goes from their beginning to their end, so that many of them are not looked at for each piece
/// of a long text.
pub(crate) struct Over<'m> {
    sorted: Vec<&'m Place>,
    /// Those that begin before the end of the last range, and do not end before it.
    open: Vec<&'m Place>,
    next: usize,
    last: usize,
}

impl<'m> Over<'m> {
    pub(crate) fn new(marks: impl IntoIterator<Item = &'m Place>) -> Self {
        let mut sorted: Vec<_> = marks.into_iter().collect();
        sorted.sort_by_key(|it| it.range.start);
        Self { sorted, open: Vec::new(), next: 0, last: 0 }
    }

    /// Those that overlap `range`, by their place in the text.
    pub(crate) fn at(&mut self, range: &Range<usize>) -> Vec<&'m Place> {
        if range.start < self.last {
            (self.open, self.next) = (Vec::new(), 0);
        }
        self.last = range.start;
        while let Some(it) = self.sorted.get(self.next).filter(|it| it.range.start < range.end) {
            self.open.push(it);
            self.next += 1;
        }
        self.open.retain(|it| it.range.end > range.start);
        self.open.iter().copied().filter(|it| it.overlaps(range)).collect()
    }
}

/// As [`mark`], for a line of which the end may not be drawn: what is found there is shown at its end.
///
/// `line` is the range of the line with its end; `marks` are those that have a part of it.
pub(crate) fn mark_line(segments: Vec<Segment>, line: &Range<usize>, marks: &Marks) -> Vec<Segment> {
    let mut made = mark(segments, marks);
    let drawn = made.iter().map(|it| it.source.end).max().unwrap_or(line.start);
    if drawn >= line.end {
        return made;
    }
    for Place { finding, .. } in marks.iter().filter(|it| it.overlaps(&(drawn..line.end))) {
        if made.iter().any(|it| it.findings.contains(finding)) {
            continue;
        }
        if made.is_empty() {
            made.push(chip("LF".to_owned(), ChipTone::Neutral, line.end - 1..line.end));
        }
        if let Some(last) = made.last_mut() {
            last.findings.push(*finding);
        }
    }
    made
}

/// Text is cut where a finding begins or ends; a chip, bytes and what is joined stay whole.
fn pieces(segment: Segment, marks: &[&Place]) -> Vec<Segment> {
    if !matches!(segment.kind, SegmentKind::Text | SegmentKind::Changed) {
        return vec![segment];
    }
    let edges = marks.iter().flat_map(|it| [it.range.start, it.range.end]);
    let mut edges: Vec<usize> = edges
        .filter(|at| segment.source.contains(at))
        .map(|at| at - segment.source.start)
        .filter(|at| segment.display.is_char_boundary(*at))
        .chain([0, segment.display.len()])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    edges.windows(2).map(|pair| part(&segment, pair[0]..pair[1])).collect()
}

/// The findings that reach beyond `at`.
pub(crate) fn from(marks: &Marks, at: usize) -> Vec<u32> {
    marks.iter().filter(|it| it.range.end > at).map(|it| it.finding).collect()
}
