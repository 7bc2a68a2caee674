//! Counts hits without saying where they are, which a whole sheet needs for each of its texts.
//!
//! The same as [`super::cell::marks`] finds; but what is read in all ways alike is read once, and places are
//! kept for runs of characters and not for each.

use std::borrow::Cow;
use std::ops::Range;

use countersign_sheet::{ChipTone, Segment, SegmentKind};

use super::cell::Needle;
use crate::chips;

/// Texts in the making, kept from one text of a sheet to the next.
#[derive(Default)]
pub(super) struct Quick {
    drawn: Reading,
    // Exact, and without what is invisible: only where something was met that they read in another way.
    others: [Reading; 2],
    apart: bool,
    // Bytes that are drawn so far.
    at: usize,
    hits: Vec<Range<usize>>,
}

#[derive(Default)]
struct Reading {
    text: String,
    runs: Vec<Run>,
}

/// From `text` on in a reading stands what is drawn from `drawn` on: byte for byte, or as a whole.
#[derive(Clone, Copy)]
struct Run {
    text: usize,
    drawn: usize,
    whole: Option<usize>,
}

impl Quick {
    /// Hits in the text that `pieces` are together.
    pub(super) fn count<'s>(
        &mut self,
        pieces: impl Iterator<Item = Cow<'s, [Segment]>>,
        needle: &Needle,
    ) -> usize {
        self.drawn.clear();
        (self.apart, self.at) = (false, 0);
        for piece in pieces {
            for segment in piece.iter() {
                self.segment(segment, !needle.exact);
                self.at += segment.display.len();
            }
        }
        let needle = needle.text.as_str();
        if !self.apart && self.drawn.runs.len() <= 1 {
            return if self.drawn.text.contains(needle) {
                self.drawn.text.matches(needle).count()
            } else {
                0
            };
        }
        self.hits.clear();
        self.drawn.hits(needle, &mut self.hits);
        if self.apart {
            let [exact, visible] = &self.others;
            exact.hits(needle, &mut self.hits);
            if visible.text != exact.text {
                visible.hits(needle, &mut self.hits);
            }
        }
        self.hits.sort_unstable_by_key(|it| (it.start, it.end));
        let (mut end, mut count) = (0, 0);
        for hit in &self.hits {
            if hit.start >= end {
                (end, count) = (hit.end, count + 1);
            }
        }
        count
    }

    fn segment(&mut self, segment: &Segment, fold: bool) {
        let whole = (self.at, segment.display.len());
        match segment.kind {
            SegmentKind::Chip { tone } => {
                self.part();
                self.drawn.whole(segment.display.chars(), whole, fold);
                let Some((ch, count)) = chips::character(&segment.display) else { return };
                let [exact, visible] = &mut self.others;
                exact.whole(std::iter::repeat_n(ch, count), whole, fold);
                if tone != ChipTone::Red {
                    visible.whole(std::iter::repeat_n(spaced(ch), count), whole, fold);
                }
            }
            SegmentKind::Bytes => {
                self.part();
                self.drawn.whole(segment.display.chars(), whole, fold);
                self.others.iter_mut().for_each(|it| it.whole(['\0'].into_iter(), whole, fold));
            }
            _ => self.text(&segment.display, fold),
        }
    }

    /// From here on they are read in three ways.
    fn part(&mut self) {
        if !self.apart {
            self.apart = true;
            self.others.iter_mut().for_each(|it| it.copy(&self.drawn));
        }
    }

    fn text(&mut self, text: &str, fold: bool) {
        let mut rest = text;
        while !rest.is_empty() {
            let place = self.at + text.len() - rest.len();
            let usual = rest.bytes().take_while(|it| (b' '..0x7f).contains(it)).count();
            if let Some((usual, after)) = rest.split_at_checked(usual).filter(|_| usual > 0) {
                self.drawn.usual(usual, place, fold);
                if self.apart {
                    self.others.iter_mut().for_each(|it| it.usual(usual, place, fold));
                }
                rest = after;
                continue;
            }
            let mut chars = rest.chars();
            let Some(ch) = chars.next() else { return };
            let dropped = chips::is_unseen_in_text(ch);
            if dropped || spaced(ch) != ch {
                self.part();
            }
            self.drawn.push(ch, ch, place, fold);
            if self.apart {
                let [exact, visible] = &mut self.others;
                exact.push(ch, ch, place, fold);
                if !dropped {
                    visible.push(spaced(ch), ch, place, fold);
                }
            }
            rest = chars.as_str();
        }
    }
}

/// Any white space as a space.
fn spaced(ch: char) -> char {
    if ch.is_whitespace() { ' ' } else { ch }
}

/// Letters of scripts without capitals need not be looked up.
fn has_case(ch: char) -> bool {
    !matches!(ch, '\u{2e80}'..='\u{a63f}' | '\u{ac00}'..='\u{d7ff}')
}

impl Reading {
    fn clear(&mut self) {
        self.text.clear();
        self.runs.clear();
    }

    fn copy(&mut self, other: &Self) {
        self.text.clone_from(&other.text);
        self.runs.clone_from(&other.runs);
    }

    /// Begins a run, unless the last one goes on.
    fn run(&mut self, drawn: usize) {
        let text = self.text.len();
        let goes_on =
            |run: &Run| run.whole.is_none() && drawn.checked_sub(run.drawn) == Some(text - run.text);
        if !self.runs.last().is_some_and(goes_on) {
            self.runs.push(Run { text, drawn, whole: None });
        }
    }

    /// Letters, digits and signs of ASCII.
    fn usual(&mut self, text: &str, drawn: usize, fold: bool) {
        self.run(drawn);
        let from = self.text.len();
        self.text.push_str(text);
        if fold && let Some(new) = self.text.get_mut(from..) {
            new.make_ascii_lowercase();
        }
    }

    /// `ch` where `as_drawn` is drawn.
    fn push(&mut self, ch: char, as_drawn: char, drawn: usize, fold: bool) {
        if ch.len_utf8() != as_drawn.len_utf8() {
            return self.whole([ch].into_iter(), (drawn, as_drawn.len_utf8()), fold);
        }
        if !fold || !has_case(ch) {
            self.run(drawn);
            return self.text.push(ch);
        }
        let mut small = ch.to_lowercase();
        match (small.next(), small.next()) {
            (Some(small), None) if small.len_utf8() == ch.len_utf8() => {
                self.run(drawn);
                self.text.push(small);
            }
            _ => self.whole([ch].into_iter(), (drawn, ch.len_utf8()), fold),
        }
    }

    fn whole(&mut self, text: impl Iterator<Item = char>, (drawn, length): (usize, usize), fold: bool) {
        self.runs.push(Run { text: self.text.len(), drawn, whole: Some(length) });
        for ch in text {
            if fold { self.text.extend(ch.to_lowercase()) } else { self.text.push(ch) }
        }
    }

    fn hits(&self, needle: &str, to: &mut Vec<Range<usize>>) {
        if self.text.contains(needle) {
            let last = needle.len() - 1;
            let found = self.text.match_indices(needle);
            to.extend(found.map(|(at, _)| self.drawn(at).start..self.drawn(at + last).end));
        }
    }

    /// Where a byte of the reading is drawn.
    fn drawn(&self, at: usize) -> Range<usize> {
        let after = self.runs.partition_point(|run| run.text <= at);
        let Some(run) = after.checked_sub(1).and_then(|at| self.runs.get(at)) else { return 0..0 };
        match run.whole {
            Some(length) => run.drawn..run.drawn + length,
            None => run.drawn + at - run.text..run.drawn + at - run.text + 1,
        }
    }
}
