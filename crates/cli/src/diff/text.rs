//! A difference for a terminal: printable ASCII and line feeds only, spelled as `show` spells a sheet.

use std::io::{self, Write};
use std::ops::Range;

use countersign_diff::{CONTEXT, Diff, Eol, Kind, Row, diff, folds};
use countersign_sheet::{Segment, SegmentKind, WIDTH, plain, segments, value, words};

use super::facts::{Facts, coarse, is_binary};
use super::{Pair, file};

/// Bytes in one hexadecimal row, and rows of one side.
const HEX_ROW: usize = 16;
const HEX_ROWS: usize = 64;

pub(super) fn write(to: &mut impl Write, pair: &Pair<'_>) -> io::Result<()> {
    let (before, after) = pair.bytes();
    let made = diff(before, after);
    for (mark, path, side) in [("---", pair.old, &pair.before), ("+++", pair.new, &pair.after)] {
        match side {
            Some(_) => writeln!(to, "{mark} {}", quoted(file::path(path)))?,
            None => writeln!(to, "{mark} no file")?,
        }
    }
    facts(to, pair, &made)?;
    if before == after {
        let both = pair.before.is_some() && pair.after.is_some();
        return if both { writeln!(to, "  * The bytes are the same.") } else { Ok(()) };
    }
    if is_binary(before) || is_binary(after) {
        return bytes(to, before, after);
    }
    if let Some(fallback) = made.fallback {
        writeln!(to, "  ! {}", coarse(fallback).1)?;
    }
    if made.unrefined > 0 {
        writeln!(to, "  ! Too much to compare word by word: not all words that changed are marked.")?;
    }
    rows(to, &made, before, after)
}

/// Foreign text in quotes.
fn quoted(bytes: &[u8]) -> String {
    plain(&[&[words("")], value(bytes).as_slice()].concat())
}

/// The facts in which the sides differ; of one side alone, all.
fn facts(to: &mut impl Write, pair: &Pair<'_>, made: &Diff) -> io::Result<()> {
    let was = pair.before.as_ref().map(|it| Facts::of(it, made.before_endings).said());
    let would = pair.after.as_ref().map(|it| Facts::of(it, made.after_endings).said());
    match (was, would) {
        (Some(was), Some(would)) => {
            for ((name, was), (_, would)) in was.iter().zip(&would).filter(|(was, would)| was != would) {
                writeln!(to, "  * {name}: {was} -> {would}")?;
            }
        }
        (was, would) => {
            for (name, fact) in was.or(would).into_iter().flatten() {
                writeln!(to, "  * {name}: {fact}")?;
            }
        }
    }
    Ok(())
}

fn rows(to: &mut impl Write, made: &Diff, before: &[u8], after: &[u8]) -> io::Result<()> {
    let (was, would) = (made.before_endings, made.after_endings);
    // Where all lines end alike, their ends need not be drawn.
    let ends = was.lf + would.lf > 0 && was.crlf + would.crlf > 0;
    let mut at = 0;
    for fold in folds(&made.rows, CONTEXT, |_| false) {
        made.rows[at..fold.rows.start].iter().try_for_each(|it| row(to, it, before, after, ends))?;
        at = fold.rows.end;
        match fold.rows.len() {
            1 => writeln!(to, "  * 1 unchanged line")?,
            count => writeln!(to, "  * {count} unchanged lines")?,
        }
    }
    made.rows[at..].iter().try_for_each(|it| row(to, it, before, after, ends))
}

fn row(to: &mut impl Write, row: &Row, before: &[u8], after: &[u8], ends: bool) -> io::Result<()> {
    let mark = match row.kind {
        Kind::Same => ' ',
        Kind::Removed => '-',
        Kind::Added => '+',
    };
    let range = if row.kind == Kind::Added { &row.after } else { &row.before };
    let start = range.as_ref().map_or(0, |it| it.start);
    let changed: Vec<_> = row.words.iter().map(|it| it.start - start..it.end - start).collect();
    // More than one where there were too many lines to compare.
    for (line, text) in (0..).zip(row.bytes(before, after).split_inclusive(|byte| *byte == b'\n')) {
        let number = |first: Option<u32>| first.map(|it| (it + line).to_string()).unwrap_or_default();
        let first = format!("{:>6} {:>6} {mark} ", number(row.before_line), number(row.after_line));
        let rest = format!("{:>6} {:>6} {mark} ", "", "...");
        let mut drawn =
            Drawn { to, first, rest, text: String::new(), marks: String::new(), changed: &changed };
        drawn.line(text, ends)?;
    }
    Ok(())
}

/// A line on its way out, in rows of so many columns that most terminals do not break them.
struct Drawn<'a, W> {
    to: &'a mut W,
    first: String,
    rest: String,
    text: String,
    /// A `^` below what changed.
    marks: String,
    /// Sorted and apart; those that lie behind are dropped.
    changed: &'a [Range<usize>],
}

impl<W: Write> Drawn<'_, W> {
    fn line(&mut self, line: &[u8], ends: bool) -> io::Result<()> {
        let eol = Eol::of(line);
        let end = line.len() - eol.size();
        for segment in segments(&line[..end]) {
            self.segment(&segment)?;
        }
        match eol {
            Eol::None => self.put("\\<no newline>", end..end)?,
            Eol::Lf if ends => self.put("\\<LF>", end..line.len())?,
            Eol::CrLf if ends => self.put("\\<CRLF>", end..line.len())?,
            Eol::Lf | Eol::CrLf => {}
        }
        self.flush()
    }

    fn segment(&mut self, segment: &Segment) -> io::Result<()> {
        let mut at = segment.source.start;
        match segment.kind {
            SegmentKind::Words | SegmentKind::Chip { .. } | SegmentKind::Mask => {
                self.put(&plain(std::slice::from_ref(segment)), segment.source.clone())
            }
            SegmentKind::Bytes => {
                let shown = plain(std::slice::from_ref(segment));
                let width = shown.len() / segment.source.len().max(1);
                (0..segment.source.len())
                    .try_for_each(|byte| self.put(&shown[byte * width..][..width], at + byte..at + byte + 1))
            }
            _ => segment.display.chars().try_for_each(|ch| {
                let source = at..at + ch.len_utf8();
                at = source.end;
                match ch {
                    '\\' => self.put("\\\\", source),
                    ' '..='~' => self.put(ch.encode_utf8(&mut [0; 4]), source),
                    _ => self.put(&plain(&[Segment { display: ch.to_string(), ..segment.clone() }]), source),
                }
            }),
        }
    }

    /// Draws `shown`, which stands for `source` and is not broken.
    fn put(&mut self, shown: &str, source: Range<usize>) -> io::Result<()> {
        if self.text.len() + shown.len() > WIDTH && !self.text.is_empty() {
            // By itself a backslash spells nothing else; without it a space at the end would not be seen.
            self.text.push('\\');
            self.flush()?;
        }
        while self.changed.first().is_some_and(|it| it.end <= source.start) {
            self.changed = &self.changed[1..];
        }
        let mark = if self.changed.first().is_some_and(|it| it.start < source.end) { '^' } else { ' ' };
        self.text.push_str(shown);
        self.marks.extend(std::iter::repeat_n(mark, shown.len()));
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let first = if self.text.is_empty() { self.first.trim_end_matches(' ') } else { &self.first };
        writeln!(self.to, "{first}{}", self.text)?;
        if self.marks.contains('^') {
            writeln!(self.to, "{:1$}{2}", "", self.first.len(), self.marks.trim_end_matches(' '))?;
        }
        self.first.clone_from(&self.rest);
        self.text.clear();
        self.marks.clear();
        Ok(())
    }
}

/// The stretch in which the bytes differ.
fn bytes(to: &mut impl Write, before: &[u8], after: &[u8]) -> io::Result<()> {
    let prefix = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (old, new) = (&before[prefix..], &after[prefix..]);
    let suffix = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    let rest = |count: usize| if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") };
    writeln!(
        to,
        "  * Bytes, not text. The first {} and the last {} are the same.",
        rest(prefix),
        rest(suffix)
    )?;
    for (mark, side) in [('-', &old[..old.len() - suffix]), ('+', &new[..new.len() - suffix])] {
        for (at, row) in side.chunks(HEX_ROW).enumerate().take(HEX_ROWS) {
            let hex: Vec<_> = row.iter().map(|byte| format!("{byte:02x}")).collect();
            let shown = |byte: &u8| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '.' };
            let ascii: String = row.iter().map(shown).collect();
            let width = HEX_ROW * 3 - 1;
            writeln!(to, "{:08x} {mark} {:width$}  {ascii}", prefix + at * HEX_ROW, hex.join(" "))?;
        }
        if side.len() > HEX_ROW * HEX_ROWS {
            writeln!(to, "         {mark} {} more, not shown", rest(side.len() - HEX_ROW * HEX_ROWS))?;
        }
    }
    Ok(())
}
