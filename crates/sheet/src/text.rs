//! Documents of text: diffs, new texts, scripts.

use std::collections::HashMap;
use std::ops::Range;

use countersign_core::digest::Digest;
use countersign_diff::{CONTEXT, Diff, Endings, Eol, Fallback, Kind, diff, folds};

use countersign_sensitivity::Finding;

use crate::bytes;
use crate::changes;
use crate::count;
use crate::marks::{self, Marks, mark, mark_line};
use crate::model::{ChipTone, Mark, Segment, Stats, Tone};
use crate::page::{Page, is_loud};
use crate::segments::{chip, mark_changed, segments_at, words};

/// Bytes of one line that are drawn. More would fill a sheet by itself.
const MAX_LINE: usize = 2 * 1024 * 1024;

/// Fills `page` with what becomes of `before`. A side that is absent does not exist.
///
/// Returns how many lines (of bytes: zero) were added and removed.
pub(crate) fn fill(page: &mut Page<'_>, before: Option<&[u8]>, after: Option<&[u8]>) -> Stats {
    let sides = [before.unwrap_or_default(), after.unwrap_or_default()];
    if sides.iter().any(|side| is_binary(side)) {
        bytes::fill(page, before, after);
        return Stats::default();
    }
    let made = diff(sides[0], sides[1]);
    text_facts(page, before, after, &made);
    text_rows(page, sides[0], sides[1], &made);
    if sides.iter().all(|side| side.is_empty()) {
        page.note(Tone::Plain, vec![words("It is empty: 0 bytes.")]);
    }
    let lines = |endings: Endings| endings.lines() as u64;
    let stats = if made.fallback == Some(Fallback::TooManyLines) {
        Stats { added: lines(made.after_endings), removed: lines(made.before_endings), unchanged: 0 }
    } else {
        Stats {
            added: made.stats.added.into(),
            removed: made.stats.removed.into(),
            unchanged: made.stats.unchanged.into(),
        }
    };
    page.document.stats = stats;
    stats
}

/// Bytes that make no sense as text: more than one in ten of them is NUL, or no part of a character.
///
/// One bad byte does not turn a text into numbers that nobody reads, and in which nothing is found.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    let nuls = bytes.iter().filter(|byte| **byte == 0).count();
    (nuls + invalid(bytes)) * 10 > bytes.len()
}

/// Bytes that are no part of a character.
fn invalid(bytes: &[u8]) -> usize {
    // Most texts have none, which is found out faster.
    match std::str::from_utf8(bytes) {
        Ok(_) => 0,
        Err(_) => bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum(),
    }
}

fn text_facts(page: &mut Page<'_>, before: Option<&[u8]>, after: Option<&[u8]>, made: &Diff) {
    let sides = before.zip(after);
    let (was, would) = (made.before_endings, made.after_endings);
    // Hashing both sides takes a while, and in most changes nothing is found.
    let text = |found: bool| match sides {
        Some((before, after)) if found => changes::text(before, after),
        _ => Vec::new(),
    };
    let both = |page: &mut Page<'_>, of: &dyn Fn(&[u8], Endings) -> String, found: Option<Finding>| {
        let was = before.map(|side| of(side, was));
        let would = after.map(|side| of(side, would));
        let fact = match (was, would) {
            (Some(was), Some(would)) if was != would => format!("{was} to {would}"),
            (_, Some(it)) | (Some(it), None) => it,
            (None, None) => return,
        };
        let text = text(found.is_some());
        page.fact_found(fact, Vec::from_iter(found), &text);
    };
    both(page, &|side, _| count::of(side.len() as u64, "byte"), None);
    let found = sides.and_then(|(before, after)| changes::encoding(before, after));
    both(page, &|side, _| encoding(side), found);
    both(page, &|_, endings| line_ends(endings), sides.and_then(|_| changes::line_ends(was, would)));
    let found = sides.and_then(|_| changes::final_newline(was, would));
    both(page, &|side, endings| final_newline(side, endings).to_owned(), found);
    if let Some(found) = sides.and_then(|(before, after)| changes::white_space(before, after, made)) {
        page.fact_found(found.title.clone(), vec![found], &text(true));
    }
    if !made.moves.is_empty() {
        let lines = made.moves.iter().map(|it| it.added.len() as u64).sum();
        let blocks = count::of(made.moves.len() as u64, "block");
        page.fact(format!("{blocks} moved, {}", count::of(lines, "line")));
    }
    let coarse = match made.fallback {
        None => return,
        Some(Fallback::TooManyLines) => "too many lines to compare: all removed, all added",
        Some(Fallback::TooMuchWork) => "compared coarsely: too many differences",
        Some(Fallback::CheckFailed) => "not compared: all removed, all added",
    };
    page.fact_found(coarse, Vec::from_iter(changes::coarse(made.fallback)), &text(true));
}

fn encoding(side: &[u8]) -> String {
    let invalid = invalid(side);
    let name = if side.starts_with("\u{feff}".as_bytes()) { "UTF-8 with BOM" } else { "UTF-8" };
    if invalid == 0 {
        return name.to_owned();
    }
    format!("not UTF-8: {} shown as numbers", count::of(invalid as u64, "byte"))
}

fn line_ends(endings: Endings) -> String {
    let kinds = [(endings.lf, "LF"), (endings.crlf, "CRLF"), (endings.lone_cr, "CR")];
    let mut present = kinds.iter().filter(|(count, _)| *count > 0);
    match (present.next(), present.next()) {
        (None, _) => "no line ends".to_owned(),
        (Some((_, name)), None) => (*name).to_owned(),
        _ => {
            let parts = kinds.iter().filter(|(count, _)| *count > 0);
            let parts: Vec<_> =
                parts.map(|(count, name)| format!("{} {name}", count::number(*count as u64))).collect();
            format!("mixed line ends ({})", parts.join(", "))
        }
    }
}

fn final_newline(side: &[u8], endings: Endings) -> &'static str {
    match (side.is_empty(), endings.unterminated) {
        (true, _) => "empty",
        (false, true) => "no final newline",
        (false, false) => "final newline",
    }
}

/// Whether all lines of all sides end alike, so that their ends need not be drawn.
fn is_uniform(made: &Diff) -> bool {
    let (a, b) = (made.before_endings, made.after_endings);
    (a.lf + b.lf == 0) || (a.crlf + b.crlf == 0)
}

fn text_rows(page: &mut Page<'_>, before: &[u8], after: &[u8], made: &Diff) {
    let ends = !is_uniform(made);
    // Nothing of what goes has to be acknowledged: it goes.
    let was = (!page.claimed()).then_some(before);
    let marks = page.findings().scan_change(was, after);
    let removed = made.rows.iter().filter(|row| row.kind == Kind::Removed);
    let gone = page.findings().scan_removed(before, removed.filter_map(|row| row.before.clone()));
    let marked = Marked::new(made, &marks, &gone);
    let moved = counterparts(made);
    let line = |at: usize| -> (Vec<Segment>, u64) {
        let row = &made.rows[at];
        // The bytes of a row that stays are the same on both sides; it counts in `after`.
        let range = if row.kind == Kind::Removed { &row.before } else { &row.after };
        let base = range.as_ref().map_or(0, |range| range.start);
        let (segments, more) = line_segments(row.bytes(before, after), base, &row.words, ends);
        let line = range.clone().unwrap_or_default();
        // Where the line is cut, the note below it has what is beyond.
        let marked = marked.of(at);
        (if more > 0 { mark(segments, marked) } else { mark_line(segments, &line, marked) }, more)
    };
    let loud = |at: usize| {
        let usual = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n');
        let plain = made.rows[at].bytes(before, after).iter().all(usual);
        !marked.of(at).is_empty() || (!plain && is_loud(&line(at).0))
    };
    let folds = if page.claimed() { Vec::new() } else { folds(&made.rows, CONTEXT, loud) };
    // A document too long for the sheet does not list what stays as it is: what changes comes first.
    let listed = made.rows.len() <= page.left();
    let whole = || format!("SHA-256 before {}, after {}", Digest::of(before), Digest::of(after));
    let lines = |row: &countersign_diff::Row| {
        row.bytes(before, after).iter().filter(|it| **it == b'\n').count().max(1)
    };
    // Nor does what goes take all the room from what comes.
    let mut for_removed = if listed { usize::MAX } else { page.left() / 2 };
    let mut left_out = 0;
    let mut starts = Vec::with_capacity(folds.len());
    let mut fold = folds.iter().peekable();
    for (at, row) in made.rows.iter().enumerate() {
        if row.kind == Kind::Removed && for_removed == 0 {
            left_out += lines(row);
            continue;
        }
        if fold.next_if(|fold| fold.rows.end <= at).is_some() {
            close(page, &mut starts);
        }
        if listed && fold.peek().is_some_and(|fold| fold.rows.start == at) {
            starts.push(page.rows());
        }
        if let Some(inside) = fold.peek().filter(|fold| fold.rows.contains(&at) && !listed) {
            if inside.rows.start == at {
                let text = format!("{} not listed", count::of(inside.rows.len() as u64, "unchanged line"));
                page.note(Tone::Plain, vec![words(text)]);
            }
            continue;
        }
        let mark = match row.kind {
            Kind::Same => Mark::Same,
            Kind::Added => Mark::Added,
            Kind::Removed => Mark::Removed,
        };
        let (segments, more) = line(at);
        let drawn = page.rows();
        if !page.line(row.before_line, row.after_line, moved.get(&at).copied().flatten(), mark, segments) {
            starts.clear();
            if left_out > 0 {
                page.hide(left_out as u64, "removed line", &whole(), Vec::new());
            }
            let from = made.rows[at..].iter().find_map(|row| row.after.as_ref());
            let found = from.map_or_else(Vec::new, |range| marks::from(&marks, range.start));
            page.hide(made.rows[at..].iter().map(lines).sum::<usize>() as u64, "line", &whole(), found);
            return;
        }
        if row.kind == Kind::Removed {
            for_removed = for_removed.saturating_sub((page.rows() - drawn).max(1));
        }
        // The note stands outside of folds: nothing but unchanged rows may be in one.
        if more > 0 {
            close(page, &mut starts);
            let found = marked.of(at).iter().map(|it| it.finding).collect();
            page.hide(more, "byte", &format!("the end of the line above; {}", whole()), found);
        }
    }
    close(page, &mut starts);
    if left_out > 0 {
        page.hide(left_out as u64, "removed line", &whole(), Vec::new());
    }
}

/// Of each row that only changed its place the line where it went, or where it came from.
fn counterparts(made: &Diff) -> HashMap<usize, Option<u32>> {
    let pairs = made.moves.iter().flat_map(|it| it.removed.clone().zip(it.added.clone()));
    let both = |(removed, added): (usize, usize)| {
        [(removed, made.rows[added].after_line), (added, made.rows[removed].before_line)]
    };
    pairs.flat_map(both).collect()
}

/// Which findings each row has a part of.
struct Marked(HashMap<usize, Marks>);

impl Marked {
    /// `gone` are those of what goes.
    fn new(made: &Diff, marks: &Marks, gone: &Marks) -> Self {
        let mut rows = HashMap::<usize, Marks>::new();
        let after = |row: &countersign_diff::Row| row.after.clone();
        let before = |row: &countersign_diff::Row| row.before.clone().filter(|_| row.kind == Kind::Removed);
        Self::add(made, marks, &after, &mut rows);
        Self::add(made, gone, &before, &mut rows);
        Self(rows)
    }

    fn add(
        made: &Diff,
        marks: &Marks,
        side: &dyn Fn(&countersign_diff::Row) -> Option<Range<usize>>,
        rows: &mut HashMap<usize, Marks>,
    ) {
        if !marks.is_empty() {
            let lines = made.rows.iter().enumerate();
            let lines: Vec<_> = lines.filter_map(|(at, row)| Some((side(row)?, at))).collect();
            for place in marks {
                let first = lines.partition_point(|(line, _)| line.end <= place.range.start);
                for (_, at) in lines[first..].iter().take_while(|(line, _)| line.start < place.range.end) {
                    rows.entry(*at).or_default().push(place.clone());
                }
            }
        }
    }

    fn of(&self, row: usize) -> &Marks {
        const NONE: &Marks = &Vec::new();
        self.0.get(&row).unwrap_or(NONE)
    }
}

/// Closes the fold whose first row is the last of `starts`.
fn close(page: &mut Page<'_>, starts: &mut Vec<usize>) {
    if let Some(start) = starts.pop() {
        page.fold(start..page.rows());
    }
}

/// The segments of one line, and how many of its bytes are not in them.
fn line_segments(bytes: &[u8], base: usize, changed: &[Range<usize>], ends: bool) -> (Vec<Segment>, u64) {
    let eol = Eol::of(bytes);
    let text = &bytes[..bytes.len() - eol.size()];
    let shown = &text[..cut_at(text, MAX_LINE)];
    let mut line = mark_changed(segments_at(shown, base), changed);
    if shown.len() < text.len() {
        return (line, (text.len() - shown.len()) as u64);
    }
    let at = base + text.len();
    let label = match eol {
        Eol::Lf => "LF",
        Eol::CrLf => "CRLF",
        Eol::None => "no newline",
    };
    if ends || eol == Eol::None {
        line.push(chip(label.to_owned(), ChipTone::Neutral, at..at + eol.size()));
    }
    (line, 0)
}

/// `limit`, or a little less so that no character is cut.
pub(crate) fn cut_at(text: &[u8], limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    let continues = |at: &usize| text[*at] & 0xc0 == 0x80;
    (limit - 3..=limit).rev().find(|at| !continues(at)).unwrap_or(limit)
}
