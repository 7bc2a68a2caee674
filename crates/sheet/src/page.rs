//! Makes a document row by row, within the room that the sheet has.

use std::ops::Range;
use std::sync::Arc;

use countersign_core::action::{Act, Action};
use countersign_core::digest::Digest;
use countersign_core::proposal::Effect;
use countersign_sensitivity as sensitivity;

use crate::count;
use crate::findings::{Findings, TextKind};
use crate::marking::{Destination, Marking};
use crate::marks::mark;
use crate::model::{
    ChipTone, Document, GrantChange, Mark, Row, Segment, SegmentKind, Stats, Tone, View, WIDTH,
};
use crate::segments::{value, words};
use crate::wrap::{is_one_row, wrap, wrap_columns};
use crate::{is_claimed, reach};

/// Rows of a whole sheet, of at most eight pieces each. What does not fit is
/// not drawn, and a red note says how much that is.
pub(crate) const MAX_ROWS: usize = 200_000;

/// Columns of a field's label.
pub(crate) const LABEL: usize = 24;

/// Columns of an entry's path, and of its value on each side.
pub(crate) const PATH: usize = 32;
pub(crate) const LEAF: usize = 28;

/// What a sheet has room for.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) left: usize,
    /// What was asked for, of which only words are looked up.
    pub(crate) asked: Vec<u8>,
    /// What was found so far.
    pub(crate) findings: Findings,
    /// Who would do it.
    pub(crate) effect: Effect,
    /// Whose proposal it is.
    gate: Arc<str>,
    /// Whether what was before is only an agent's word, so that nothing is passed over as unchanged.
    pub(crate) claimed: bool,
}

impl Room {
    pub(crate) fn new(effect: Effect, asked: Vec<u8>, gate: &str, marking: &Marking) -> Self {
        let findings = Findings::new(marking.clone());
        Self { left: MAX_ROWS, asked, findings, effect, gate: Arc::from(gate), claimed: false }
    }

    /// What comes now belongs to `action`.
    pub(crate) fn begin(&mut self, action: &Action) {
        self.claimed = is_claimed(self.effect, action);
        let reach = reach::of(self.effect, action);
        let destination = Destination::of(&self.gate, self.effect, action, reach);
        let path = match &action.act {
            Act::Change(change) => change.resource.as_str().map(str::to_owned),
            _ => None,
        };
        self.findings.go_to(destination, reach, path);
    }
}

/// Whether a name is worth looking for a secret in. Most are not, and looking takes longer than drawing them.
fn may_be_secret(name: &[u8]) -> bool {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-+/=".contains(byte);
    let mut runs = name.split(|byte| !is_token(byte)).filter(|it| it.len() >= 16);
    runs.any(|run| run.iter().any(u8::is_ascii_digit) && run.iter().any(u8::is_ascii_alphabetic))
        || name.windows(3).any(|it| it == b"://")
}

/// A document in the making.
pub(crate) struct Page<'r> {
    pub(crate) document: Document,
    room: &'r mut Room,
}

impl<'r> Page<'r> {
    pub(crate) fn new(action: usize, view: View, title: Vec<Segment>, room: &'r mut Room) -> Self {
        let document = Document {
            action,
            title,
            subtitle: Vec::new(),
            view,
            also: None,
            columns: Vec::new(),
            rows: Vec::new(),
            folds: Vec::new(),
            stats: Stats::default(),
            hidden: 0,
        };
        Self { document, room }
    }

    /// Goes on with a document.
    pub(crate) fn resume(document: Document, room: &'r mut Room) -> Self {
        Self { document, room }
    }

    pub(crate) fn done(self) -> Document {
        self.document
    }

    /// What something is called here, with its findings.
    pub(crate) fn value(&mut self, text: &[u8]) -> Vec<Segment> {
        self.room.findings.value(text, TextKind::Name)
    }

    /// What something is called that goes: nobody is told it by that, and there can be very many.
    pub(crate) fn removed(&mut self, text: &[u8]) -> Vec<Segment> {
        let findings = &mut self.room.findings;
        let marks = match may_be_secret(text) {
            true => findings.scan(text, TextKind::Name),
            false => findings.scan_characters(text),
        };
        mark(value(text), &marks)
    }

    /// What others can read then, with its findings.
    pub(crate) fn content(&mut self, text: &[u8]) -> Vec<Segment> {
        self.room.findings.value(text, TextKind::Content)
    }

    /// The same between two pieces of our own.
    pub(crate) fn sentence(&mut self, before: &str, text: &[u8], after: &str) -> Vec<Segment> {
        between(before, self.value(text), after)
    }

    pub(crate) fn findings(&mut self) -> &mut Findings {
        &mut self.room.findings
    }

    pub(crate) fn asked(&self) -> &[u8] {
        &self.room.asked
    }

    pub(crate) fn left(&self) -> usize {
        self.room.left
    }

    /// Rows so far.
    pub(crate) fn rows(&self) -> usize {
        self.document.rows.len()
    }

    pub(crate) fn fact(&mut self, fact: impl Into<String>) {
        self.document.subtitle.push(vec![words(fact)]);
    }

    pub(crate) fn fact_of(&mut self, fact: Vec<Segment>) {
        self.document.subtitle.push(fact);
    }

    /// A fact that something was found about, where something was.
    pub(crate) fn fact_found(
        &mut self,
        fact: impl Into<String>,
        found: Vec<sensitivity::Finding>,
        text: &[u8],
    ) {
        let digest = Digest::of(text);
        let findings = found.into_iter().map(|it| self.room.findings.add(it, &digest)).collect();
        self.document.subtitle.push(vec![Segment { findings, ..words(fact) }]);
    }

    pub(crate) fn claimed(&self) -> bool {
        self.room.claimed
    }

    pub(crate) fn fold(&mut self, rows: Range<usize>) {
        if !rows.is_empty() && !self.room.claimed {
            self.document.folds.push(rows);
        }
    }

    /// Adds rows that belong to what is listed, as many as there is room for. False when that is not all of them.
    fn listed(&mut self, rows: impl IntoIterator<Item = Row>) -> bool {
        for row in rows {
            let cost = cost(&row);
            if cost > self.room.left {
                self.room.left = 0;
                return false;
            }
            self.room.left -= cost;
            self.document.rows.push(row);
        }
        true
    }

    /// One line of text as rows. False when there was no room.
    pub(crate) fn line(
        &mut self,
        before: Option<u32>,
        after: Option<u32>,
        moved: Option<u32>,
        mark: Mark,
        line: Vec<Segment>,
    ) -> bool {
        if is_one_row(&line, WIDTH) {
            return self.listed([Row::Line { before, after, moved, mark, continued: false, segments: line }]);
        }
        let rows = wrap(line, WIDTH).into_iter().enumerate().map(|(at, segments)| Row::Line {
            before: before.filter(|_| at == 0),
            after: after.filter(|_| at == 0),
            moved: moved.filter(|_| at == 0),
            mark,
            continued: at > 0,
            segments,
        });
        self.listed(rows)
    }

    pub(crate) fn argument(&mut self, index: u32, argument: Vec<Segment>) {
        let found = found_in(&argument);
        let rows = wrap(argument, WIDTH).into_iter().enumerate();
        let rows = rows.map(|(at, segments)| Row::Argument { index, continued: at > 0, segments });
        if !self.listed(rows) {
            self.hide(1, "argument", "it is in the proposal", found);
        }
    }

    pub(crate) fn field(&mut self, label: Vec<Segment>, value: Vec<Segment>) {
        let mut found = found_in(&label);
        found.extend(found_in(&value));
        let rows = wrap_columns(vec![(label, LABEL), (value, WIDTH)]).into_iter().enumerate();
        let rows = rows.map(|(at, columns)| {
            let [label, segments] = <[Vec<Segment>; 2]>::try_from(columns).unwrap_or_default();
            Row::Field { label, continued: at > 0, segments }
        });
        if !self.listed(rows) {
            self.hide(1, "value", "it is in the proposal", found);
        }
    }

    pub(crate) fn object(
        &mut self,
        columns: Vec<Vec<Segment>>,
        size: Option<u64>,
        sha256: Option<Digest>,
    ) -> bool {
        let many = columns.len();
        let width = WIDTH / many.clamp(1, 4);
        let mut size = size.map(|it| vec![words(count::of(it, "byte"))]);
        let rows = wrap_columns(columns.into_iter().map(|it| (it, width)).collect());
        let rows = rows.into_iter().enumerate().map(|(at, columns)| Row::Object {
            columns,
            size: size.take().unwrap_or_default(),
            sha256: Vec::new(),
            continued: at > 0,
        });
        let digest = sha256.map(|it| Row::Object {
            columns: vec![Vec::new(); many],
            size: Vec::new(),
            sha256: vec![words(format!("SHA-256 {it}"))],
            continued: true,
        });
        self.listed(rows.chain(digest))
    }

    /// `name`, `before` and `after` of `grant` become rows; its other fields are copied to each.
    pub(crate) fn grant(&mut self, grant: Row) -> bool {
        let Row::Grant { change, principal, name, tag, before, after, .. } = grant else { return false };
        let rows = wrap_columns(vec![(name, WIDTH / 2), (before, WIDTH / 4), (after, WIDTH / 4)]);
        let rows = rows.into_iter().enumerate().map(|(at, columns)| {
            let [name, before, after] = <[Vec<Segment>; 3]>::try_from(columns).unwrap_or_default();
            Row::Grant { change, principal, name, tag, before, after, continued: at > 0 }
        });
        self.count(change);
        self.listed(rows)
    }

    /// As [`Page::grant`], of an entry; nothing is counted.
    pub(crate) fn entry(&mut self, entry: Row) -> bool {
        let Row::Entry { change, path, before, after, .. } = entry else { return false };
        let rows = wrap_columns(vec![(path, PATH), (before, LEAF), (after, LEAF)]);
        let rows = rows.into_iter().enumerate().map(|(at, columns)| {
            let [path, before, after] = <[Vec<Segment>; 3]>::try_from(columns).unwrap_or_default();
            Row::Entry { change, path, before, after, continued: at > 0 }
        });
        self.listed(rows)
    }

    fn count(&mut self, change: GrantChange) {
        let stats = &mut self.document.stats;
        match change {
            GrantChange::Gained => stats.added += 1,
            GrantChange::Lost => stats.removed += 1,
            GrantChange::Kept => stats.unchanged += 1,
        }
    }

    // Headings and notes are few and are ours, so they are drawn even when there is no room.

    pub(crate) fn heading(&mut self, text: &str, detail: impl Into<String>) {
        self.group(text, Vec::new(), detail);
    }

    /// A heading that names something of someone else's.
    pub(crate) fn group(&mut self, text: &str, name: Vec<Segment>, detail: impl Into<String>) {
        self.document.rows.push(Row::Heading { text: text.to_owned(), name, detail: detail.into() });
    }

    pub(crate) fn note(&mut self, tone: Tone, note: Vec<Segment>) {
        let rows = wrap(note, WIDTH).into_iter().enumerate();
        self.document.rows.extend(rows.map(|(at, segments)| Row::Note { tone, continued: at > 0, segments }));
    }

    /// Says that `count` things called `one` were not drawn, and which whole they are part of; `found` is in them.
    pub(crate) fn hide(&mut self, count: u64, one: &str, whole: &str, mut found: Vec<u32>) {
        if count > 0 {
            self.document.hidden += count;
            let text = format!("Not shown, or not wholly: {}; {whole}", count::of(count, one));
            found.sort_unstable();
            found.dedup();
            self.note(Tone::Red, vec![Segment { findings: found, ..words(text) }]);
        }
    }
}

/// The findings that `segments` show.
pub(crate) fn found_in(segments: &[Segment]) -> Vec<u32> {
    segments.iter().flat_map(|it| it.findings.iter().copied()).collect()
}

/// Foreign text between two pieces of our own.
pub(crate) fn between(before: &str, mut text: Vec<Segment>, after: &str) -> Vec<Segment> {
    if !before.is_empty() {
        text.insert(0, words(before));
    }
    if !after.is_empty() {
        text.push(words(after));
    }
    text
}

/// What a row takes of the room: more when it is in many pieces, so that memory is bounded too.
fn cost(row: &Row) -> usize {
    let pieces = match row {
        Row::Line { segments, .. } | Row::Field { segments, .. } | Row::Argument { segments, .. } => {
            segments.len()
        }
        Row::Grant { name: first, before, after, .. } | Row::Entry { path: first, before, after, .. } => {
            first.len() + before.len() + after.len()
        }
        Row::Object { columns, .. } => columns.iter().map(Vec::len).sum(),
        Row::Heading { .. } | Row::Note { .. } => 0,
    };
    1 + pieces / 8
}

/// Whether a line has something that must not be folded away.
pub(crate) fn is_loud(line: &[Segment]) -> bool {
    let loud =
        |it: &Segment| matches!(it.kind, SegmentKind::Chip { tone: ChipTone::Red } | SegmentKind::Bytes);
    line.iter().any(loud)
}
