//! The one way for foreign text onto a sheet: [`segments`].
//!
//! Every byte is in exactly one segment, in order, and what a segment draws
//! tells its bytes: plain characters as themselves, the unusual as labelled
//! chips, bytes that are not UTF-8 as `\xNN`. Nothing is stripped. Characters
//! that are drawn as nothing stay in the text only where [`crate::joined`]
//! knows what they do there; the segment then says so by its kind.
//!
//! Besides what [`crate::unicode`] calls unusual, chips stand for spaces at
//! the end of a line, for marks that have nothing to stand on or pile up, for
//! characters that another spelling of the same text would not have (NFC),
//! and, in a [`value`], for spaces at its start and for its emptiness.

use std::ops::Range;

use crate::joined;
use crate::model::{ChipTone, Segment, SegmentKind};
use crate::unicode;

/// Marks on one character that are still drawn; more of them would reach into other rows.
const MARKS: usize = 3;

/// Marks of sentences, after which a phrase that is read from right to left goes on with a space.
const IN_SENTENCES: &str = " .,;!?\u{2013}\u{2014}\u{2026}\u{60c}\u{61b}\u{61f}";

/// What stands inside of words.
const IN_WORDS: [&str; 3] = ["\"", "'", "-"];

/// More equal chips than this in a row become one with a count.
const REPEAT: usize = 8;

/// What people see in place of `bytes`.
#[must_use]
pub fn segments(bytes: &[u8]) -> Vec<Segment> {
    segments_at(bytes, 0)
}

/// As [`segments`], for a value that stands by itself: spaces at its start are
/// chips, and an empty one is the chip `empty`.
#[must_use]
pub fn value(bytes: &[u8]) -> Vec<Segment> {
    if bytes.is_empty() {
        return vec![chip("empty".to_owned(), ChipTone::Neutral, 0..0)];
    }
    let mut made = segments(bytes);
    let spaces = made
        .first()
        .filter(|it| it.kind == SegmentKind::Text)
        .map_or(0, |it| it.display.len() - it.display.trim_start_matches(' ').len());
    if spaces > 0 {
        let rest = cut(&mut made[0], spaces);
        made[0] = space_chip(made[0].source.clone());
        if !rest.display.is_empty() {
            made.insert(1, rest);
        }
    }
    made
}

/// The app's own words. On a sheet they are ASCII, as its plain text is.
#[must_use]
pub fn words(text: impl Into<String>) -> Segment {
    Segment {
        source: 0..0,
        display: text.into(),
        kind: SegmentKind::Words,
        rtl: false,
        findings: Vec::new(),
        secret: None,
    }
}

/// Whether a line is the app's own words; an empty one is nobody's.
pub(crate) fn is_ours(line: &[Segment]) -> bool {
    line.first().is_some_and(|it| it.kind == SegmentKind::Words)
}

/// As [`segments`], for bytes that begin at `base` of their text.
pub(crate) fn segments_at(bytes: &[u8], base: usize) -> Vec<Segment> {
    let mut maker =
        Maker { made: Vec::new(), at: base, marks: Marks::NoBase, pictograph: false, word: false };
    match std::str::from_utf8(bytes) {
        Ok(text) => maker.text(text),
        // Slower, and rare.
        Err(_) => bytes.utf8_chunks().for_each(|chunk| {
            maker.text(chunk.valid());
            maker.bytes(chunk.invalid());
        }),
    }
    maker.trailing_spaces();
    maker.made
}

/// Makes `Changed` of the text of `made` that lies in `ranges` (sorted, apart).
///
/// What is joined, and what is read from right to left, changes as a whole: in
/// pieces it would be drawn with other letters, or in another order.
pub(crate) fn mark_changed(made: Vec<Segment>, ranges: &[Range<usize>]) -> Vec<Segment> {
    if ranges.is_empty() {
        return made;
    }
    let mut marked = Vec::with_capacity(made.len());
    let mut ranges = ranges.iter().peekable();
    for mut segment in made {
        let (start, mut at) = (segment.source.start, 0);
        let joined = matches!(segment.kind, SegmentKind::Joined { .. });
        if joined || segment.rtl {
            while ranges.next_if(|range| range.end <= start).is_some() {}
            if ranges.peek().is_some_and(|range| range.start < segment.source.end) {
                segment.kind =
                    if joined { SegmentKind::Joined { changed: true } } else { SegmentKind::Changed };
            }
            marked.push(segment);
            continue;
        }
        if segment.kind != SegmentKind::Text {
            marked.push(segment);
            continue;
        }
        while at < segment.display.len() {
            while ranges.next_if(|range| range.end <= start + at).is_some() {}
            let (inside, stop) = match ranges.peek() {
                Some(range) if range.start <= start + at => (true, range.end - start),
                Some(range) => (false, range.start - start),
                None => (false, usize::MAX),
            };
            let end = boundary(&segment.display, stop.max(at + 1));
            let mut piece = part(&segment, at..end);
            if inside {
                piece.kind = SegmentKind::Changed;
            }
            marked.push(piece);
            at = end;
        }
    }
    marked
}

/// The first boundary between characters at or after `at`.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// A part of a segment, by bytes of its display, and the source bytes that it stands for.
///
/// Our own words stand for none; bytes are drawn as four characters each,
/// unless the whole is asked for; text is drawn as itself.
pub(crate) fn part(segment: &Segment, display: Range<usize>) -> Segment {
    let size = match segment.kind {
        SegmentKind::Bytes => 4,
        _ => 1,
    };
    let source = if segment.source.is_empty() || display.len() == segment.display.len() {
        segment.source.clone()
    } else {
        segment.source.start + display.start / size..segment.source.start + display.end / size
    };
    Segment {
        source,
        display: segment.display[display].to_owned(),
        kind: segment.kind,
        rtl: segment.rtl,
        findings: segment.findings.clone(),
        secret: segment.secret.clone(),
    }
}

/// Shortens a text segment to its first `length` bytes and returns the rest of it.
fn cut(segment: &mut Segment, length: usize) -> Segment {
    let rest = part(segment, length..segment.display.len());
    *segment = part(segment, 0..length);
    rest
}

pub(crate) fn chip(label: String, tone: ChipTone, source: Range<usize>) -> Segment {
    Segment {
        source,
        display: label,
        kind: SegmentKind::Chip { tone },
        rtl: false,
        findings: Vec::new(),
        secret: None,
    }
}

fn space_chip(source: Range<usize>) -> Segment {
    let label = if source.len() == 1 { "SP".to_owned() } else { format!("SP x{}", source.len()) };
    chip(label, ChipTone::Neutral, source)
}

/// What the marks that come next would stand on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    NoBase,
    On(usize),
}

struct Maker {
    made: Vec<Segment>,
    at: usize,
    marks: Marks,
    /// The last character was a pictograph, or joins one.
    pictograph: bool,
    /// What was joined last is a word, which may go on.
    word: bool,
}

impl Maker {
    fn text(&mut self, text: &str) {
        let off = unicode::not_composed(text);
        let composed = |at: usize| off.binary_search(&at).is_err();
        let mut offset = 0;
        while let Some(ch) = text[offset..].chars().next() {
            let usual = if off.is_empty() { self.usual(&text[offset..]) } else { 0 };
            if usual > 0 {
                offset += usual;
                continue;
            }
            if let Some(length) = joined::emoji(&text[offset..]) {
                self.emoji(&text[offset..offset + length]);
                offset += length;
                continue;
            }
            let (this, next) = (offset, offset + ch.len_utf8());
            offset = next;
            let stands = |it: &Segment| {
                matches!(it.kind, SegmentKind::Text | SegmentKind::Joined { .. }) && it.source.end == self.at
            };
            if joined::joins(text, this) && composed(next) && self.made.last().is_some_and(stands) {
                self.joiner(ch);
                continue;
            }
            let followed_by_lf = ch == '\r' && text[this..].starts_with("\r\n");
            match self.chip_of(ch, composed(this), followed_by_lf) {
                Some((label, tone)) => self.chip(label, tone, ch),
                None => self.plain(ch),
            }
        }
    }

    /// Takes the letters, digits and signs of ASCII that `text` begins with at once, where nothing but what is
    /// plain can come of them. Returns how many.
    fn usual(&mut self, text: &str) -> usize {
        if self.made.last().is_some_and(|last| matches!(last.kind, SegmentKind::Joined { .. })) {
            return 0;
        }
        let is_usual = |byte: u8| (b' '..=b'~').contains(&byte);
        let mut length = text.bytes().take_while(|byte| is_usual(*byte)).count();
        if text.as_bytes().get(length).is_some_and(|byte| !byte.is_ascii()) {
            // A selector may make an emoji of the last one.
            length = length.saturating_sub(1);
        }
        let Some(last) = text[..length].bytes().last() else { return 0 };
        let end = self.at + length;
        match self.made.last_mut() {
            Some(before) if before.kind == SegmentKind::Text && !before.rtl => {
                before.display.push_str(&text[..length]);
                before.source.end = end;
            }
            _ => self.push(Segment {
                source: self.at..end,
                display: text[..length].to_owned(),
                kind: SegmentKind::Text,
                rtl: false,
                findings: Vec::new(),
                secret: None,
            }),
        }
        self.at = end;
        self.marks = if last == b' ' { Marks::NoBase } else { Marks::On(0) };
        self.pictograph = false;
        length
    }

    /// Most lines are of one piece, and there are many of them.
    fn push(&mut self, first: Segment) {
        self.made.reserve_exact(usize::from(self.made.is_empty()));
        self.made.push(first);
    }

    /// An emoji of several characters is a piece of its own.
    fn emoji(&mut self, emoji: &str) {
        self.marks = Marks::NoBase;
        self.pictograph = true;
        self.word = false;
        let source = self.at..self.at + emoji.len();
        self.at = source.end;
        let kind = SegmentKind::Joined { changed: false };
        self.made.push(Segment {
            source,
            display: emoji.to_owned(),
            kind,
            rtl: false,
            findings: Vec::new(),
            secret: None,
        });
    }

    /// A joiner makes a piece of the word that it is in, or of the phrase where that is read from right to left.
    fn joiner(&mut self, ch: char) {
        let Some(last) = self.made.last_mut() else { return };
        if last.kind == SegmentKind::Text && !last.rtl {
            let others = last.display.trim_end_matches(unicode::is_word).len();
            if others > 0 {
                let word = cut(last, others);
                self.made.push(word);
            }
        }
        if let Some(word) = self.made.last_mut() {
            self.at += ch.len_utf8();
            word.display.push(ch);
            word.source.end = self.at;
            word.kind = SegmentKind::Joined { changed: false };
        }
        self.marks = Marks::NoBase;
        self.pictograph = false;
        self.word = true;
    }

    fn chip_of(&self, ch: char, composed: bool, followed_by_lf: bool) -> Option<(String, ChipTone)> {
        if let Some((label, tone)) = unicode::chip(ch) {
            let usual =
                followed_by_lf || (self.pictograph && matches!(ch, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}'));
            return Some((label, if usual { ChipTone::Neutral } else { tone }));
        }
        let piled = unicode::is_mark(ch) && !matches!(self.marks, Marks::On(count) if count < MARKS);
        (piled || !composed).then(|| (unicode::label(ch), ChipTone::Neutral))
    }

    fn plain(&mut self, ch: char) {
        let mark = unicode::is_mark(ch);
        self.marks = match self.marks {
            Marks::On(count) if mark => Marks::On(count + 1),
            _ if ch == ' ' => Marks::NoBase,
            _ => Marks::On(0),
        };
        self.pictograph = unicode::is_pictograph(ch) || ('\u{1f3fb}'..='\u{1f3ff}').contains(&ch);
        let end = self.at + ch.len_utf8();
        let rtl = unicode::is_rtl(ch);
        if rtl {
            self.join_phrase();
        }
        let goes_on = |last: &Segment| match last.kind {
            SegmentKind::Text => mark || last.rtl == rtl,
            SegmentKind::Joined { .. } if last.rtl => mark || rtl,
            SegmentKind::Joined { .. } => self.word && !rtl && unicode::is_word(ch),
            _ => false,
        };
        let goes_on = self.made.last().is_some_and(goes_on);
        match self.made.last_mut() {
            Some(last) if goes_on => {
                last.display.push(ch);
                last.source.end = end;
            }
            _ => self.made.push(Segment {
                source: self.at..end,
                display: ch.to_string(),
                kind: SegmentKind::Text,
                rtl,
                findings: Vec::new(),
                secret: None,
            }),
        }
        self.at = end;
    }

    /// Takes what stands between two right-to-left words into their segment, so that the phrase keeps its
    /// order: spaces, marks of sentences, one mark inside a word. Not what is mirrored, no digits, which turn by
    /// other rules, and nothing that sets parts of data apart: a key would stand in the place of its value.
    fn join_phrase(&mut self) {
        let [.., words, between] = self.made.as_mut_slice() else { return };
        let is_phrase = words.rtl && matches!(words.kind, SegmentKind::Text | SegmentKind::Joined { .. });
        let is_text = between.kind == SegmentKind::Text && !between.rtl;
        let sentence =
            between.display.ends_with(' ') && between.display.chars().all(|ch| IN_SENTENCES.contains(ch));
        if is_phrase && is_text && (sentence || IN_WORDS.contains(&between.display.as_str())) {
            words.display.push_str(&between.display);
            words.source.end = between.source.end;
            self.made.pop();
        }
    }

    fn chip(&mut self, label: String, tone: ChipTone, ch: char) {
        if matches!(ch, '\n' | '\r') {
            self.trailing_spaces();
        }
        self.marks = Marks::NoBase;
        self.pictograph = self.pictograph && tone == ChipTone::Neutral;
        let source = self.at..self.at + ch.len_utf8();
        self.at = source.end;
        self.made.push(chip(label, tone, source));
        if !matches!(ch, '\n' | '\r') {
            self.repeat();
        }
    }

    /// Makes one chip with a count of many equal ones.
    fn repeat(&mut self) {
        let Some((last, before)) = self.made.split_last() else { return };
        let size = last.source.len();
        if let Some(previous) = before.last() {
            let count = previous.source.len() / size;
            if count > REPEAT
                && previous.kind == last.kind
                && previous.display == format!("{} x{count}", last.display)
            {
                let source = previous.source.start..last.source.end;
                let all =
                    Segment { source, display: format!("{} x{}", last.display, count + 1), ..last.clone() };
                self.made.truncate(before.len() - 1);
                self.made.push(all);
                return;
            }
        }
        let alike = self
            .made
            .iter()
            .rev()
            .take(REPEAT + 1)
            .take_while(|it| it.display == last.display && it.kind == last.kind);
        if alike.count() > REPEAT {
            let first = self.made.len() - REPEAT - 1;
            let source = self.made[first].source.start..last.source.end;
            let all =
                Segment { source, display: format!("{} x{}", last.display, REPEAT + 1), ..last.clone() };
            self.made.truncate(first);
            self.made.push(all);
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.marks = Marks::NoBase;
        self.pictograph = false;
        let display: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        let end = self.at + bytes.len();
        match self.made.last_mut() {
            Some(last) if last.kind == SegmentKind::Bytes => {
                last.display.push_str(&display);
                last.source.end = end;
            }
            _ => self.made.push(Segment {
                source: self.at..end,
                display,
                kind: SegmentKind::Bytes,
                rtl: false,
                findings: Vec::new(),
                secret: None,
            }),
        }
        self.at = end;
    }

    /// Spaces before the end of a line would not be seen.
    fn trailing_spaces(&mut self) {
        let Some(last) = self.made.last_mut().filter(|it| it.kind == SegmentKind::Text) else { return };
        let kept = last.display.trim_end_matches(' ').len();
        if kept == last.display.len() {
            return;
        }
        let spaces = cut(last, kept).source;
        if kept == 0 {
            self.made.pop();
        }
        self.made.push(space_chip(spaces));
    }
}
