//! A difference for programs, as docs/formats/diff.md describes it.

use std::io::{self, Write};
use std::ops::Range;

use countersign_core::ostext::OsText;
use countersign_diff::{Diff, Hunk, Kind, Row, diff};
use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;

use super::Pair;
use super::facts::{Facts, coarse, is_binary};
use super::file::{self, File};
use crate::out;

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    same: bool,
    before: Side,
    after: Side,
    binary: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<&'static str>,
    unrefined: u32,
    removed: u32,
    added: u32,
    unchanged: u32,
    hunks: Vec<HunkLine>,
    rows: Rows<'a>,
}

#[derive(Serialize)]
struct Side {
    path: OsText,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Facts>,
}

#[derive(Serialize)]
struct HunkLine {
    rows: [usize; 2],
    before: [u32; 2],
    after: [u32; 2],
}

#[derive(Serialize)]
struct RowLine {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<[usize; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<[usize; 2]>,
    text: OsText,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<[usize; 2]>,
}

/// Rows are made one by one: all of them at once would be the files several times over.
struct Rows<'a> {
    rows: &'a [Row],
    before: &'a [u8],
    after: &'a [u8],
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.rows.iter().map(|row| RowLine {
            kind: match row.kind {
                Kind::Same => "same",
                Kind::Removed => "removed",
                Kind::Added => "added",
            },
            before_line: row.before_line,
            after_line: row.after_line,
            before: row.before.as_ref().map(ends),
            after: row.after.as_ref().map(ends),
            text: row.bytes(self.before, self.after).into(),
            words: row.words.iter().map(ends).collect(),
        }))
    }
}

pub(super) fn write(to: &mut impl Write, pair: &Pair<'_>) -> io::Result<()> {
    let (before, after) = pair.bytes();
    let made = diff(before, after);
    let document = document(pair, &made, Rows { rows: &made.rows, before, after });
    document.serialize(&mut serde_json::Serializer::with_formatter(&mut *to, Ascii))?;
    to.write_all(b"\n")
}

fn document<'a>(pair: &Pair<'_>, made: &Diff, rows: Rows<'a>) -> Document<'a> {
    let side = |path, file: &Option<File>, endings| Side {
        path: file::path(path).into(),
        file: file.as_ref().map(|it| Facts::of(it, endings)),
    };
    Document {
        version: VERSION,
        same: pair.before == pair.after,
        before: side(pair.old, &pair.before, made.before_endings),
        after: side(pair.new, &pair.after, made.after_endings),
        binary: is_binary(rows.before) || is_binary(rows.after),
        fallback: made.fallback.map(|it| coarse(it).0),
        unrefined: made.unrefined,
        removed: made.stats.removed,
        added: made.stats.added,
        unchanged: made.stats.unchanged,
        hunks: made.hunks.iter().map(hunk).collect(),
        rows,
    }
}

fn hunk(hunk: &Hunk) -> HunkLine {
    HunkLine { rows: ends(&hunk.rows), before: ends(&hunk.before), after: ends(&hunk.after) }
}

fn ends<T: Copy>(range: &Range<T>) -> [T; 2] {
    [range.start, range.end]
}

/// Compact JSON of plain ASCII: it may end on a terminal.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, to: &mut W, fragment: &str) -> io::Result<()> {
        to.write_all(out::ascii(fragment).as_bytes())
    }
}
