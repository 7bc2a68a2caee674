//! What a change of a structured content means, value by value.
//!
//! An addition: it stands before the document of the exact bytes, which has
//! everything, and never in its place. So what does not fit here is counted,
//! and hidden nowhere.

mod remarks;

use countersign_core::action::{Act, Action};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_structure::{Budget, Change, Entry, Format, Leaf, Step, Table, compare};

use super::{Blobs, bytes_of};
use crate::Error;
use crate::count;
use crate::findings::{TextKind, secrets};
use crate::marks::{Marks, mark};
use crate::model::{ChipTone, Document, EntryChange, Row, Segment, Tone, View};
use crate::page::{MAX_ROWS, Page, Room, between};
use crate::segments::{chip, segments_at, value, words};
use crate::text::{cut_at, is_binary};

/// Rows of one table.
const MOST_ROWS: usize = 8_000;

/// Bytes of one value that are drawn.
const LEAF: usize = 400;

/// Bytes of one key that are drawn.
const NAME: usize = 120;

/// The table of `action`, and why there is none where one could be expected.
pub(super) fn table(
    at: usize,
    action: &Action,
    blobs: Blobs<'_>,
    room: &mut Room,
) -> Result<(Option<Document>, Option<String>), Error> {
    let side = |content: &Option<Content>| content.as_ref().map(|it| bytes_of(it, blobs)).transpose();
    let (format, title, before, after) = match &action.act {
        Act::Change(change) => {
            let media = change.after.as_ref().map(Content::media_type).unwrap_or_default();
            let Some(format) = Format::of(media, change.resource.as_bytes()) else { return Ok((None, None)) };
            let name = room.findings.value(change.resource.as_bytes(), TextKind::Name);
            (format, between("What it means: ", name, ""), side(&change.before)?, side(&change.after)?)
        }
        Act::Call(call) => {
            // That is what a server reads, whatever they are called.
            let format = Format::Json;
            let title = vec![words("What the arguments mean")];
            (format, title, None, Some(bytes_of(&call.arguments, blobs)?))
        }
        Act::Post(_) | Act::Remove(_) | Act::Access(_) | Act::Run(_) => return Ok((None, None)),
    };
    let Some(after) = after.filter(|it| before.as_ref() != Some(it)) else { return Ok((None, None)) };
    // That is drawn as numbers, in which nothing is found: what was found here would stand nowhere.
    if [before.as_deref(), Some(&after)].into_iter().flatten().any(is_binary) {
        return Ok((None, None));
    }
    // Of what is all new a table says no more than the text does; what it does by itself is remarked on all the same.
    let whole = before.is_none() && matches!(action.act, Act::Change(_));
    let mut made = match compare(format, before.as_deref(), Some(&after), Budget::default()) {
        Ok(made) => made,
        Err(why) => return Ok((None, Some(why.to_string()))),
    };
    if whole {
        made.entries.clear();
    }
    if made.entries.is_empty() && made.remarks.is_empty() {
        return Ok((None, None));
    }
    let before = before.as_deref().unwrap_or_default();
    let was = (!room.claimed).then_some(before);
    let mut gone: Vec<_> =
        made.entries.iter().filter_map(|it| Some(it.before.as_ref()?.source.clone())).collect();
    gone.sort_by_key(|it| it.start);
    let sides = Sides {
        format,
        marks: room.findings.scan_change(was, &after),
        gone: room.findings.scan_removed(before, gone.into_iter()),
        before,
        after: &after,
    };
    Ok((Some(sides.document(at, title, &made, room)), None))
}

/// What the entries are about.
struct Sides<'b> {
    format: Format,
    before: &'b [u8],
    after: &'b [u8],
    /// What was found in `after`.
    marks: Marks,
    /// The secrets in `before` that go.
    gone: Marks,
}

impl Sides<'_> {
    fn document(&self, at: usize, title: Vec<Segment>, made: &Table, room: &mut Room) -> Document {
        let mut page = Page::new(at, View::Table, title, room);
        facts(&mut page, made);
        remarks::notes(self, &mut page, made);
        // Half of the sheet is for exact documents, whichever comes first.
        let most = page.rows() + MOST_ROWS.min(page.left().saturating_sub(MAX_ROWS / 2));
        let mut listed = 0;
        for entry in &made.entries {
            if page.rows() >= most || !page.entry(self.row(entry)) {
                break;
            }
            listed += 1;
        }
        let more = made.entries.len() as u64 - listed + made.more;
        if more > 0 {
            let text =
                format!("{} not listed here. The exact document below has all.", count::of(more, "value"));
            page.note(Tone::Red, vec![words(text)]);
        }
        page.done()
    }

    fn row(&self, entry: &Entry) -> Row {
        let change = match entry.change {
            Change::Added => EntryChange::Added,
            Change::Removed => EntryChange::Removed,
            Change::Changed => EntryChange::Changed,
            Change::Moved => EntryChange::Moved,
        };
        if let (Change::Moved, Some(Step::Item { before: Some(before), after: Some(after), .. })) =
            (entry.change, entry.path.last())
        {
            let place = |at: usize| vec![words(format!("row {}", at + 1))];
            let (path, before, after) = (self.path(&entry.path), place(*before), place(*after));
            return Row::Entry { change, path, before, after, continued: false };
        }
        let side = |leaf: &Option<Leaf>, bytes, marks| {
            leaf.as_ref().map(|it| shown(bytes, it, marks)).unwrap_or_default()
        };
        Row::Entry {
            change,
            path: self.path(&entry.path),
            before: side(&entry.before, self.before, &self.gone),
            after: side(&entry.after, self.after, &self.marks),
            continued: false,
        }
    }

    /// `servers[0].name`; of records `row id=7: name`. Keys are foreign, what is between them is ours.
    fn path(&self, steps: &[Step]) -> Vec<Segment> {
        let mut made = Vec::new();
        let records = matches!(self.format, Format::Csv | Format::Tsv);
        let mut steps = steps.iter().peekable();
        if let Some(Step::Key { name, .. }) = steps.next_if(|_| records) {
            match (&**name, steps.next()) {
                ("rows", Some(step)) => row_step(step, &mut made),
                ("columns", Some(Step::Item { before, after, .. })) => {
                    made.push(words(format!("name of column {}", after.or(*before).unwrap_or(0) + 1)));
                }
                (name, _) => made.push(words(format!("all {name}"))),
            }
        }
        for step in steps {
            match step {
                Step::Key { name, nth } => {
                    if !made.is_empty() {
                        made.push(words(if records { ": " } else { "." }));
                    }
                    made.extend(name_of(name));
                    if *nth > 0 {
                        made.push(words(format!(" (number {})", nth + 1)));
                    }
                }
                Step::Item { .. } => item_step(step, &mut made),
            }
        }
        if made.is_empty() {
            made.push(words("all of it"));
        }
        made
    }
}

fn facts(page: &mut Page<'_>, made: &Table) {
    let counts = made.counts;
    page.fact(format!("read as {}", made.format.name()));
    let named = [
        (counts.changed, "changed"),
        (counts.added, "added"),
        (counts.removed, "removed"),
        (counts.moved, "moved"),
    ];
    for (number, name) in named.into_iter().filter(|(number, _)| *number > 0) {
        page.fact(format!("{} {name}", count::number(number)));
    }
    if made.same > 0 {
        page.fact(format!("{} the same", count::of(made.same, "value")));
    }
}

fn name_of(name: &str) -> Vec<Segment> {
    let mut end = cut_at(name.as_bytes(), NAME);
    if end < name.len() {
        // The beginning of a secret is not known for one.
        let cut = secrets(name.as_bytes()).into_iter().find(|it| it.range.start < end && end < it.range.end);
        end = cut.map_or(end, |it| it.range.start);
    }
    let mut made = value(&name.as_bytes()[..end]);
    made.extend(more(name.len() - end));
    made
}

fn item_step(step: &Step, made: &mut Vec<Segment>) {
    let Step::Item { before, after, row } = step else { return };
    made.push(words("["));
    match (row, before, after) {
        (Some(row), ..) => {
            made.extend(name_of(&row.column));
            made.push(words("="));
            made.extend(name_of(&row.value));
        }
        (None, Some(before), Some(after)) if before != after => {
            made.push(words(format!("{before} to {after}")));
        }
        (None, before, after) => made.push(words(after.or(*before).unwrap_or(0).to_string())),
    }
    made.push(words("]"));
}

fn row_step(step: &Step, made: &mut Vec<Segment>) {
    let Step::Item { before, after, row } = step else { return };
    match row {
        Some(row) => {
            made.push(words("row "));
            made.extend(name_of(&row.column));
            made.push(words("="));
            made.extend(name_of(&row.value));
        }
        None => made.push(words(format!("row {}", after.or(*before).unwrap_or(0) + 1))),
    }
}

/// A value as it is written.
fn shown(bytes: &[u8], leaf: &Leaf, marks: &Marks) -> Vec<Segment> {
    let text = bytes.get(leaf.source.clone()).unwrap_or_default();
    if text.is_empty() {
        return vec![chip("empty".to_owned(), ChipTone::Neutral, 0..0)];
    }
    let end = cut_at(text, LEAF);
    let mut made = mark(segments_at(&text[..end], leaf.source.start), marks);
    made.extend(more(text.len() - end));
    made
}

fn more(bytes: usize) -> Option<Segment> {
    (bytes > 0).then(|| words(format!(" and {} more", count::of(bytes as u64, "byte"))))
}
