//! Cuts segments into rows of a fixed width.
//!
//! A row breaks before a space where it can, so that the next row visibly
//! starts with it and no space is ever out of sight at the end of a row. After a
//! line feed or a lone carriage return a new row begins.

use crate::model::{Segment, SegmentKind};
use crate::segments::part;
use crate::unicode;

/// Columns that a chip takes besides its label.
pub(crate) const CHIP_FRAME: usize = 2;

/// Rows of at most `width` columns; at least one row. Only a chip wider than a row may reach beyond.
pub(crate) fn wrap(segments: Vec<Segment>, width: usize) -> Vec<Vec<Segment>> {
    let mut rows = Rows { done: Vec::new(), row: Vec::new(), used: 0, width };
    for (at, segment) in mark_breaks(&segments).into_iter().zip(segments) {
        match segment.kind {
            SegmentKind::Chip { .. } => {
                let columns = segment.display.chars().count() + CHIP_FRAME;
                rows.whole(segment, columns);
            }
            SegmentKind::Joined { .. } if !segment.rtl => {
                // Emoji are two columns wide, whatever they are made of.
                let columns = segment.display.chars().map(unicode::width).sum::<usize>().max(2);
                if columns <= width { rows.whole(segment, columns) } else { rows.pieces(segment) }
            }
            _ => rows.pieces(segment),
        }
        if at {
            rows.end();
        }
    }
    if !rows.row.is_empty() || rows.done.is_empty() {
        rows.end();
    }
    rows.done
}

/// Whether [`wrap`] would make one row of `segments`, and of each segment one piece.
pub(crate) fn is_one_row(segments: &[Segment], width: usize) -> bool {
    let mut left = width;
    let mut fits = |it: &Segment| {
        let usual = matches!(it.kind, SegmentKind::Text | SegmentKind::Changed) && it.display.is_ascii();
        let fits = usual && !it.display.is_empty() && it.display.len() <= left;
        left -= if fits { it.display.len() } else { 0 };
        fits
    };
    !segments.is_empty() && segments.iter().all(&mut fits)
}

/// Several columns of one row, each cut to its own width: as many rows as the longest needs.
pub(crate) fn wrap_columns(columns: Vec<(Vec<Segment>, usize)>) -> Vec<Vec<Vec<Segment>>> {
    let wrapped: Vec<_> = columns.into_iter().map(|(segments, width)| wrap(segments, width)).collect();
    let rows = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    let mut columns: Vec<_> = wrapped.into_iter().map(IntoIterator::into_iter).collect();
    (0..rows).map(|_| columns.iter_mut().map(|it| it.next().unwrap_or_default()).collect()).collect()
}

/// Whether a row ends after each segment: after LF, and after a CR that no LF follows.
fn mark_breaks(segments: &[Segment]) -> Vec<bool> {
    let is = |at: usize, label: &str| {
        segments.get(at).is_some_and(|it| matches!(it.kind, SegmentKind::Chip { .. }) && it.display == label)
    };
    (0..segments.len()).map(|at| is(at, "LF") || (is(at, "CR") && !is(at + 1, "LF"))).collect()
}

struct Rows {
    done: Vec<Vec<Segment>>,
    row: Vec<Segment>,
    used: usize,
    width: usize,
}

impl Rows {
    fn end(&mut self) {
        self.done.push(std::mem::take(&mut self.row));
        self.used = 0;
    }

    fn whole(&mut self, segment: Segment, columns: usize) {
        if self.used > 0 && self.used + columns > self.width {
            self.end();
        }
        self.used += columns;
        self.row.push(segment);
    }

    fn pieces(&mut self, segment: Segment) {
        let mut at = 0;
        while at < segment.display.len() {
            let room = self.width.saturating_sub(self.used);
            let (length, columns) = fitting(segment.kind, &segment.display[at..], room, self.width);
            if length > 0 {
                self.row.push(part(&segment, at..at + length));
                self.used += columns;
                at += length;
            }
            if at < segment.display.len() {
                self.end();
            }
        }
    }
}

/// How many bytes of `text`, and columns, go into `room` columns of a row that
/// is `width` wide. None when it is better to begin a new row.
fn fitting(kind: SegmentKind, text: &str, room: usize, width: usize) -> (usize, usize) {
    if kind == SegmentKind::Bytes {
        // Each byte is drawn as four characters, which stay together.
        let fit = if text.len() <= room { text.len() } else { room / 4 * 4 };
        return if fit == 0 && room == width { (4, 4) } else { (fit, fit) };
    }
    let (mut columns, mut space, mut after_space) = (0, None, true);
    for (at, ch) in text.char_indices() {
        let wide = unicode::width(ch);
        let forced = at == 0 && room == width;
        if columns + wide > room && wide > 0 && !forced {
            // A break at a space, unless that would leave most of the row empty.
            return match space {
                Some((at, columns)) if width - room + columns > width / 2 => (at, columns),
                _ => (at, columns),
            };
        }
        if ch == ' ' && !after_space {
            space = Some((at, columns));
        }
        after_space = ch == ' ';
        columns += wide;
    }
    (text.len(), columns)
}
