//! The texts of a sheet for a clipboard: the exact bytes of a content, the same escaped, and rows as they are shown.
//!
//! Exact is exact: offered only where a clipboard can hold it, which is text without NUL, and with every invisible
//! or control character of it told beforehand. Escaped text has none of them, and each spelling has one meaning:
//! a backslash is `\\`, what would be a chip is `\u{…}`, a byte that is no text is `\xNN`, a chip that stands for
//! no character is `\<…>`. Line feeds stay line feeds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use countersign_core::action::{Act, Action};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::proposal::Proposal;
use countersign_sheet::{
    ChipTone, Document, EntryChange, GrantChange, Mark, Row, Segment, SegmentKind, View, segments,
};

use crate::core::Inner;
use crate::seeking::{columns, lines, pieces};
use crate::{Error, chips};

/// The longest content that is copied: 8 MiB. Nobody pastes more.
const MOST: u64 = 8 * 1024 * 1024;

/// Before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is there now.
    Before,
    /// What would be, or what is sent, posted or run.
    After,
}

/// What to copy of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copying {
    /// Its bytes, as they are.
    Exact(Side),
    /// The same, escaped.
    Escaped(Side),
    /// All its rows, also those in folds, escaped.
    Rows,
}

/// A content that can be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copyable {
    /// Which one.
    pub side: Side,
    /// Bytes.
    pub size: u64,
    /// The invisible and control characters that come along, or why it is not exactly copied.
    pub exact: Result<Vec<(String, usize)>, NotExact>,
}

/// Why a clipboard would not hold the exact bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotExact {
    /// It is not UTF-8.
    NotText,
    /// It contains NUL, where a text ends for a clipboard.
    Nul,
    /// It is longer than 8 MiB, and is not copied at all.
    TooLong,
}

impl Inner {
    /// The contents of a document that can be copied.
    pub(crate) fn copies(
        &self,
        of: &Digest,
        sheet: &Digest,
        document: usize,
    ) -> Result<Vec<Copyable>, Error> {
        let made = self.made(of)?;
        let whole = made.whole(sheet)?;
        let mut all = Vec::new();
        for side in [Side::Before, Side::After] {
            let Some(content) = content(&made.proposal, &whole.documents, document, side) else {
                continue;
            };
            let size = content.size();
            let exact = match self.bytes_to_copy(content)? {
                None => Err(NotExact::TooLong),
                Some(bytes) => exactly(&bytes),
            };
            all.push(Copyable { side, size, exact });
        }
        Ok(all)
    }

    /// The text to be put on a clipboard; `None` when that is not to be had.
    pub(crate) fn copy(
        &self,
        of: &Digest,
        sheet: &Digest,
        document: usize,
        what: Copying,
    ) -> Result<Option<String>, Error> {
        let made = self.made(of)?;
        let whole = made.whole(sheet)?;
        let (Copying::Exact(side) | Copying::Escaped(side)) = what else {
            return Ok(whole.documents.get(document).map(rows));
        };
        let Some(content) = content(&made.proposal, &whole.documents, document, side) else {
            return Ok(None);
        };
        let Some(bytes) = self.bytes_to_copy(content)? else { return Ok(None) };
        Ok(match what {
            Copying::Exact(_) => String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')),
            Copying::Escaped(_) | Copying::Rows => Some(escaped(&bytes)),
        })
    }

    fn bytes_to_copy(&self, content: &Content) -> Result<Option<Vec<u8>>, Error> {
        if content.size() > MOST {
            return Ok(None);
        }
        if let Some(bytes) = content.inline_bytes() {
            return Ok(Some(bytes.to_vec()));
        }
        let kept = self.core().store.read(|tx| tx.blob(content.sha256()))?;
        Ok(kept.filter(|bytes| content.is(bytes)))
    }
}

/// The content behind one side of a document. A table is of the same one as the document after it.
fn content<'p>(
    proposal: &'p Proposal,
    documents: &[Document],
    document: usize,
    side: Side,
) -> Option<&'p Content> {
    let all: Vec<_> = proposal.actions.iter().flat_map(contents).collect();
    let exact = |documents: &[Document]| documents.iter().filter(|it| it.view != View::Table).count();
    // A sheet that has others shows something that is not known here.
    let (before, after) =
        *all.get(exact(documents.get(..document)?)).filter(|_| all.len() == exact(documents))?;
    match side {
        Side::Before => before,
        Side::After => after,
    }
}

/// Before and after of each document that the sheet makes of an action, in their order.
pub(crate) fn contents(action: &Action) -> Vec<(Option<&Content>, Option<&Content>)> {
    let new = |content| (None, Some(content));
    match &action.act {
        Act::Post(post) => {
            [&post.body].into_iter().chain(post.attachments.iter().map(|it| &it.content)).map(new).collect()
        }
        Act::Change(change) => vec![(change.before.as_ref(), change.after.as_ref())],
        Act::Remove(_) | Act::Access(_) => vec![(None, None)],
        Act::Run(run) => {
            let beside = run.script.iter().map(|it| &it.content).chain(&run.stdin);
            [(None, None)].into_iter().chain(beside.map(new)).collect()
        }
        Act::Call(call) => vec![new(&call.arguments)],
    }
}

/// What comes along with the exact bytes, by label.
fn exactly(bytes: &[u8]) -> Result<Vec<(String, usize)>, NotExact> {
    let text = std::str::from_utf8(bytes).map_err(|_| NotExact::NotText)?;
    if text.contains('\0') {
        return Err(NotExact::Nul);
    }
    let mut unseen = BTreeMap::new();
    let usual = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n');
    for line in text.split_inclusive('\n').filter(|line| !line.bytes().all(usual)) {
        for chip in segments(line.as_bytes()) {
            if chip.kind == (SegmentKind::Chip { tone: ChipTone::Red }) {
                let count = chips::character(&chip.display).map_or(1, |(_, count)| count);
                let name = chip.display.strip_suffix(&format!(" x{count}")).unwrap_or(&chip.display);
                *unseen.entry(name.to_owned()).or_default() += count;
            }
        }
    }
    Ok(unseen.into_iter().collect())
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let inside = line.strip_suffix(b"\n").unwrap_or(line);
        for segment in segments(inside) {
            match segment.kind {
                SegmentKind::Chip { .. } | SegmentKind::Bytes => {
                    for chunk in inside[segment.source].utf8_chunks() {
                        chunk.valid().chars().for_each(|ch| by_number(&mut text, ch, 1));
                        for byte in chunk.invalid() {
                            let _ = write!(text, "\\x{byte:02x}");
                        }
                    }
                }
                _ => plainly(&mut text, &segment.display),
            }
        }
        if inside.len() < line.len() {
            text.push('\n');
        }
    }
    text
}

fn plainly(text: &mut String, shown: &str) {
    for ch in shown.chars() {
        match ch {
            '\\' => text.push_str("\\\\"),
            _ if chips::is_unseen_in_text(ch) => by_number(text, ch, 1),
            _ => text.push(ch),
        }
    }
}

fn by_number(text: &mut String, ch: char, count: usize) {
    for _ in 0..count {
        let _ = write!(text, "\\u{{{:x}}}", u32::from(ch));
    }
}

/// All rows of a document: what was wrapped is one line, columns are parted by a tab.
fn rows(document: &Document) -> String {
    let mut text = String::new();
    for rows in lines(document) {
        let first = &document.rows[rows.start];
        text.push_str(sign(document.view, first));
        for column in 0..columns(first) {
            if column > 0 {
                text.push('\t');
            }
            for piece in pieces(document, &rows, column) {
                piece.iter().for_each(|segment| as_shown(&mut text, segment));
            }
        }
        text.push('\n');
    }
    text
}

fn sign(view: View, row: &Row) -> &'static str {
    match row {
        Row::Line { mark: Mark::Added, .. } if view == View::Diff => "+ ",
        Row::Line { mark: Mark::Removed, .. } if view == View::Diff => "- ",
        Row::Line { .. } if view == View::Diff => "  ",
        Row::Grant { change: GrantChange::Gained, .. } | Row::Entry { change: EntryChange::Added, .. } => {
            "+ "
        }
        Row::Grant { change: GrantChange::Lost, .. }
        | Row::Entry { change: EntryChange::Removed, .. }
        | Row::Object { .. } => "- ",
        Row::Entry { change: EntryChange::Changed, .. } => "~ ",
        Row::Entry { change: EntryChange::Moved, .. } => "> ",
        Row::Grant { .. } => "  ",
        _ => "",
    }
}

fn as_shown(text: &mut String, segment: &Segment) {
    match segment.kind {
        SegmentKind::Words | SegmentKind::Bytes => text.push_str(&segment.display),
        SegmentKind::Chip { .. } => match chips::character(&segment.display) {
            Some((ch, count)) => by_number(text, ch, count),
            None => {
                let _ = write!(text, "\\<{}>", segment.display);
            }
        },
        _ => plainly(text, &segment.display),
    }
}
