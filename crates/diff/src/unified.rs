//! Writes a difference as a patch that `git apply` takes.
//!
//! Promises: applied to `before`, the patch gives `after` byte for byte, also
//! without a final newline, with any line ends and with bytes that are no
//! text; or there is no patch but an [`Error`]. Of a mode it tells what git
//! keeps of it, which is whether the owner may execute the file.
//!
//! Left to others: what the file is called in the patch.

mod binary;

use std::fmt;
use std::ops::Range;

use crate::{Budget, CONTEXT, Diff, Kind, Row, diff_within};

/// One side of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File<'a> {
    pub bytes: &'a [u8],
    pub executable: bool,
}

/// Why there is no patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// `git apply` takes no patch for a file that is called so.
    Name,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Name => f.write_str("git applies no patch to a file of this name"),
        }
    }
}

impl std::error::Error for Error {}

/// The patch that makes `after` of `before`, both called `name` (a relative
/// path); empty when git would see no difference. A side that is absent does
/// not exist: the patch creates or deletes the file.
///
/// # Errors
///
/// Every [`Error`].
pub fn unified(name: &[u8], before: Option<File<'_>>, after: Option<File<'_>>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    if before == after {
        return Ok(out);
    }
    if !is_takeable(name) {
        return Err(Error::Name);
    }
    let (old, new) = (quoted(b"a/", name), quoted(b"b/", name));
    for part in [b"diff --git ".as_slice(), &old, b" ", &new, b"\n"] {
        out.extend_from_slice(part);
    }
    modes(&mut out, before, after);
    let sides = (bytes(before), bytes(after));
    if sides.0 != sides.1 || before.is_none() || after.is_none() {
        index(&mut out, before, after);
    }
    if sides.0 == sides.1 {
        return Ok(out);
    }
    // Git reads lines with NUL as well, but other readers of patches and every screen do not.
    if sides.0.contains(&0) || sides.1.contains(&0) {
        binary::patch(&mut out, sides.0, sides.1);
        return Ok(out);
    }
    label(&mut out, b"--- ", before.map(|_| old.as_slice()));
    label(&mut out, b"+++ ", after.map(|_| new.as_slice()));
    let made = diff_within(sides.0, sides.1, Budget { word_work: 0, ..Budget::default() });
    for rows in groups(&made) {
        hunk(&mut out, &made.rows[rows], sides.0, sides.1);
    }
    Ok(out)
}

fn bytes(side: Option<File<'_>>) -> &[u8] {
    side.map_or(&[], |file| file.bytes)
}

/// Whether git writes to a path: relative, straight down, and into no repository's own folder.
fn is_takeable(name: &[u8]) -> bool {
    let straight = name.split(|byte| *byte == b'/').all(|part| !matches!(part, b"" | b"." | b".."));
    // Git goes by what Windows would make of a name, everywhere.
    let parts = name.split(|byte| matches!(byte, b'/' | b'\\'));
    straight && !name.contains(&0) && !parts.into_iter().any(is_dot_git)
}

fn is_dot_git(part: &[u8]) -> bool {
    let part = part.to_ascii_lowercase();
    let rest = part.strip_prefix(b".git").or_else(|| part.strip_prefix(b"git~1"));
    let end = |rest: &[u8]| rest.iter().find(|byte| !matches!(byte, b'.' | b' ')).copied();
    rest.is_some_and(|rest| matches!(end(rest), None | Some(b':')))
}

/// A name as git writes it: in quotes when it holds anything that could be mistaken.
fn quoted(prefix: &[u8], name: &[u8]) -> Vec<u8> {
    let mut text = prefix.to_vec();
    let mut plain = true;
    for &byte in name {
        let short = match byte {
            0x07 => b'a',
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0b => b'v',
            0x0c => b'f',
            b'\r' => b'r',
            b'"' | b'\\' => byte,
            b' '..=b'~' => {
                text.push(byte);
                continue;
            }
            _ => {
                text.extend_from_slice(format!("\\{byte:03o}").as_bytes());
                plain = false;
                continue;
            }
        };
        text.extend_from_slice(&[b'\\', short]);
        plain = false;
    }
    if plain { text } else { [b"\"", text.as_slice(), b"\""].concat() }
}

fn modes(out: &mut Vec<u8>, before: Option<File<'_>>, after: Option<File<'_>>) {
    let lines = match (before.map(mode), after.map(mode)) {
        (None, Some(new)) => format!("new file mode {new}\n"),
        (Some(old), None) => format!("deleted file mode {old}\n"),
        (Some(old), Some(new)) if old != new => format!("old mode {old}\nnew mode {new}\n"),
        _ => String::new(),
    };
    out.extend_from_slice(lines.as_bytes());
}

fn mode(file: File<'_>) -> &'static str {
    if file.executable { "100755" } else { "100644" }
}

/// The names of both contents, whole: without them git takes nothing that is no text.
fn index(out: &mut Vec<u8>, before: Option<File<'_>>, after: Option<File<'_>>) {
    let id = |side: Option<File<'_>>| {
        side.map_or_else(|| binary::NOTHING.to_owned(), |file| binary::blob_id(file.bytes))
    };
    let kept = match (before.map(mode), after.map(mode)) {
        (Some(old), Some(new)) if old == new => format!(" {old}"),
        _ => String::new(),
    };
    out.extend_from_slice(format!("index {}..{}{kept}\n", id(before), id(after)).as_bytes());
}

fn label(out: &mut Vec<u8>, mark: &[u8], name: Option<&[u8]>) {
    let name = name.unwrap_or(b"/dev/null");
    // Some readers take a space for the end of the name; behind a tab there is none.
    let end: &[u8] = if name.contains(&b' ') { b"\t\n" } else { b"\n" };
    out.extend_from_slice(&[mark, name, end].concat());
}

/// The rows of each hunk of the patch: changes with their context, joined where nothing lies between.
fn groups(made: &Diff) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for hunk in &made.hunks {
        let start = hunk.rows.start.saturating_sub(CONTEXT);
        let end = (hunk.rows.end + CONTEXT).min(made.rows.len());
        match groups.last_mut() {
            Some(last) if start <= last.end => last.end = end,
            _ => groups.push(start..end),
        }
    }
    groups
}

fn hunk(out: &mut Vec<u8>, rows: &[Row], before: &[u8], after: &[u8]) {
    let old = position(rows, |row| row.before_line.zip(row.before.clone()), before);
    let new = position(rows, |row| row.after_line.zip(row.after.clone()), after);
    out.extend_from_slice(format!("@@ -{old} +{new} @@\n").as_bytes());
    for row in rows {
        let mark = match row.kind {
            Kind::Same => b' ',
            Kind::Removed => b'-',
            Kind::Added => b'+',
        };
        // More than one where there were too many lines to compare.
        for line in row.bytes(before, after).split_inclusive(|byte| *byte == b'\n') {
            out.push(mark);
            out.extend_from_slice(line);
            if !line.ends_with(b"\n") {
                out.extend_from_slice(b"\n\\ No newline at end of file\n");
            }
        }
    }
}

/// Where the lines of `rows` begin on one side, and how many they are.
fn position(rows: &[Row], of: impl Fn(&Row) -> Option<(u32, Range<usize>)>, side: &[u8]) -> String {
    let mut held = rows.iter().filter_map(of).peekable();
    let Some((first, _)) = held.peek().cloned() else { return "0,0".to_owned() };
    match held.map(|(_, range)| side[range].split_inclusive(|byte| *byte == b'\n').count()).sum() {
        1 => first.to_string(),
        count => format!("{first},{count}"),
    }
}
