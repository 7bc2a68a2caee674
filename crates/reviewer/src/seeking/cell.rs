//! One text of a sheet, which may lie in several rows, and a needle in it.

use std::borrow::Cow;
use std::ops::Range;

use countersign_sheet::{ChipTone, Segment, SegmentKind};

use crate::chips;

/// What is sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needle {
    pub(super) text: String,
    /// Capitals count.
    pub(super) exact: bool,
}

impl Needle {
    /// `None` for an empty text.
    pub(super) fn new(text: &str) -> Option<Self> {
        let exact = text.chars().any(char::is_uppercase);
        let text = if exact { text.to_owned() } else { text.chars().flat_map(char::to_lowercase).collect() };
        (!text.is_empty()).then_some(Self { text, exact })
    }
}

/// A part of one of the pieces to be marked; see [`super::Marked`].
pub(super) struct Mark {
    pub(super) piece: usize,
    pub(super) units: Range<usize>,
    pub(super) hits: Range<usize>,
}

/// What is to be marked, and how many hits that is.
pub(super) fn marks<'s>(
    pieces: impl Iterator<Item = Cow<'s, [Segment]>>,
    needle: &Needle,
) -> (Vec<Mark>, usize) {
    let mut text = Text::default();
    for (piece, segments) in pieces.enumerate() {
        text.piece(piece, &segments, !needle.exact);
    }
    let mut hits: Vec<Range<usize>> =
        text.readings.iter().flat_map(|reading| reading.hits(&needle.text)).collect();
    hits.sort_by_key(|it| (it.start, it.end));
    let mut end = 0;
    hits.retain(|it| {
        let apart = it.start >= end;
        end = if apart { it.end } else { end };
        apart
    });
    (text.marked(&hits), hits.len())
}

/// The ways in which one text is read: drawn, exact, and without what is invisible in it.
#[derive(Default)]
struct Text {
    readings: [Reading; 3],
    parts: Vec<Part>,
}

/// What is marked as a whole or not at all: a character, or a box.
struct Part {
    piece: usize,
    units: Range<usize>,
    /// A mark may begin before it. What joins the character before is never parted from it.
    apart: bool,
}

#[derive(Default)]
struct Reading {
    text: String,
    // For each byte, the part that it is of.
    parts: Vec<usize>,
}

impl Reading {
    fn push(&mut self, ch: char, part: usize, fold: bool) {
        if fold {
            self.text.extend(ch.to_lowercase());
        } else {
            self.text.push(ch);
        }
        self.parts.resize(self.text.len(), part);
    }

    fn hits(&self, needle: &str) -> impl Iterator<Item = Range<usize>> {
        let last = needle.len() - 1;
        self.text.match_indices(needle).map(move |(at, _)| self.parts[at]..self.parts[at + last] + 1)
    }
}

impl Text {
    fn piece(&mut self, piece: usize, segments: &[Segment], fold: bool) {
        let mut column = 0;
        for segment in segments {
            let mut part = |length: usize, apart: bool, parts: &mut Vec<Part>| {
                parts.push(Part { piece, units: column..column + length, apart });
                column += length;
                parts.len() - 1
            };
            let [drawn, exact, visible] = &mut self.readings;
            match segment.kind {
                SegmentKind::Chip { tone } => {
                    let at = part(segment.display.encode_utf16().count(), true, &mut self.parts);
                    segment.display.chars().for_each(|ch| drawn.push(ch, at, fold));
                    let Some((ch, count)) = chips::character(&segment.display) else { continue };
                    for _ in 0..count {
                        exact.push(ch, at, fold);
                        if tone != ChipTone::Red {
                            visible.push(if ch.is_whitespace() { ' ' } else { ch }, at, fold);
                        }
                    }
                }
                SegmentKind::Bytes => {
                    let at = part(segment.display.encode_utf16().count(), true, &mut self.parts);
                    segment.display.chars().for_each(|ch| drawn.push(ch, at, fold));
                    // Nobody can type what they are, and what is before and after them is apart.
                    exact.push('\0', at, fold);
                    visible.push('\0', at, fold);
                }
                _ => {
                    for (offset, ch) in segment.display.char_indices() {
                        let apart = offset == 0 || (!segment.rtl && stands_apart(ch));
                        let at = part(ch.len_utf16(), apart, &mut self.parts);
                        drawn.push(ch, at, fold);
                        exact.push(ch, at, fold);
                        if !chips::is_unseen_in_text(ch) {
                            visible.push(if ch.is_whitespace() { ' ' } else { ch }, at, fold);
                        }
                    }
                }
            }
        }
    }

    fn marked(&self, hits: &[Range<usize>]) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for (hit, range) in hits.iter().enumerate() {
            let start = (0..=range.start).rev().find(|at| self.parts[*at].apart).unwrap_or(0);
            let end =
                (range.end..self.parts.len()).find(|at| self.parts[*at].apart).unwrap_or(self.parts.len());
            for part in &self.parts[start..end] {
                match marks.last_mut() {
                    // A hit that was widened may reach into the one before, which then is both.
                    Some(last) if last.piece == part.piece && part.units.start < last.units.end => {
                        last.hits.end = hit + 1;
                    }
                    Some(last)
                        if last.piece == part.piece
                            && part.units.start == last.units.end
                            && last.hits.contains(&hit) =>
                    {
                        last.units.end = part.units.end;
                    }
                    _ => {
                        marks.push(Mark { piece: part.piece, units: part.units.clone(), hits: hit..hit + 1 })
                    }
                }
            }
        }
        marks
    }
}

/// Whether `ch` is drawn the same whatever stands before it: letters of scripts whose letters do not join.
fn stands_apart(ch: char) -> bool {
    ch.is_ascii()
        || matches!(ch,
            '\u{a1}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}'
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3029}'
            | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fe}' | '\u{3400}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}')
}
