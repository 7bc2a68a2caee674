//! What differs between two proposals, for a person who has seen the first.
//!
//! It stands beside a sheet and is no part of it: what is signed is the same for everyone, whatever each of them saw
//! before. Texts are compared as on any sheet; of values those that differ are listed, and the others named.

mod values;

use std::collections::{HashMap, HashSet, VecDeque};

use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::proposal::{Effect, Proposal};
use serde::Serialize;

use crate::documents::{Blobs, bytes_of};
use crate::findings::{Findings, TextKind};
use crate::marking::Marking;
use crate::model::{Document, EntryChange, Row, Segment, Sheet, Tone, VERSION, View};
use crate::page::{Page, Room};
use crate::segments::words;
use crate::{Error, count};

use values::{Part, Piece, Text, Value};

/// What differs between two proposals, as documents. Segments name the findings of the sheet that it stands beside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub documents: Vec<Document>,
}

impl Difference {
    /// To ask for its rows by.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&json::to_bytes(&("difference", VERSION, self)))
    }
}

/// What differs from `earlier` in `proposal`, whose sheet is `sheet`; `blobs` finds the contents of both.
///
/// # Errors
///
/// Every [`Error`].
pub fn difference(
    earlier: &Proposal,
    proposal: &Proposal,
    sheet: &Sheet,
    blobs: &dyn Fn(&Digest) -> Option<Vec<u8>>,
    marking: &Marking,
) -> Result<Difference, Error> {
    let mut room = Room::new(Effect::Act, Vec::new(), proposal.gate.as_str(), marking);
    let both = [earlier, proposal].map(|it| values::parts(it, blobs));
    let [before, after] = both;
    let (before, after) = (before?, after?);
    let mut page = Page::new(0, View::Table, vec![words("What differs")], &mut room);
    page.fact("the earlier version and this one");
    let several = before.len().max(after.len()) > 2;
    let (none, mut texts, mut same) = (Part::default(), Vec::new(), 0);
    for at in 0..before.len().max(after.len()) {
        let (was, is) = (before.get(at).unwrap_or(&none), after.get(at).unwrap_or(&none));
        let changed: Vec<_> = pairs(was, is);
        if changed.is_empty() && !differs(was, is) {
            same += usize::from(at > 0);
            continue;
        }
        if several {
            let of = match (before.get(at), after.get(at)) {
                (None, _) => "new",
                (_, None) => "not any more",
                _ => "",
            };
            let name = if at == 0 { "The proposal".to_owned() } else { format!("Action {at}") };
            page.heading(&name, of);
        }
        texts.extend(changed.into_iter().map(|pair| (at, pair)));
        entries(&mut page, was, is);
        alike(&mut page, was, is);
    }
    if texts.is_empty() && page.rows() == 0 {
        page.note(Tone::Plain, vec![words("Nothing that would happen differs, byte for byte.")]);
    } else if same > 0 {
        let text = format!("The same in everything: {}.", count::of(same as u64, "action"));
        page.note(Tone::Plain, vec![words(text)]);
    }
    let first = page.done();
    let mut documents = Vec::new();
    for (at, (was, is)) in texts {
        documents.push(text(at, several, was, is, blobs, &mut room)?);
    }
    documents.push(first);
    settle(&mut documents, &room.findings, sheet);
    Ok(Difference { documents })
}

/// The texts of both parts that are not the same. Of several that are called alike the first is beside the first.
fn pairs<'a>(was: &'a Part<'a>, is: &'a Part<'a>) -> Vec<(Option<&'a Text<'a>>, Option<&'a Text<'a>>)> {
    let mut sides = HashMap::<&[Piece], VecDeque<&Text<'_>>>::new();
    for text in &was.texts {
        sides.entry(&text.name).or_default().push_back(text);
    }
    let mut find = |text: &Text<'_>| sides.get_mut(text.name.as_slice()).and_then(VecDeque::pop_front);
    let mut all: Vec<_> = is.texts.iter().map(|text| (find(text), Some(text))).collect();
    let left: HashSet<*const Text<'_>> = sides.values().flatten().map(|it| std::ptr::from_ref(*it)).collect();
    all.extend(
        was.texts
            .iter()
            .filter(|text| left.contains(&std::ptr::from_ref(*text)))
            .map(|text| (Some(text), None)),
    );
    let digest = |it: Option<&Text<'_>>| it.map(|text| *text.content.sha256());
    all.retain(|(was, is)| digest(*was) != digest(*is));
    all
}

fn text(
    at: usize,
    several: bool,
    was: Option<&Text<'_>>,
    is: Option<&Text<'_>>,
    blobs: Blobs<'_>,
    room: &mut Room,
) -> Result<Document, Error> {
    let mut title = vec![words("What changed in ")];
    title.extend(was.or(is).map(|text| drawn(&text.name, &mut room.findings)).unwrap_or_default());
    if several && at > 0 {
        title.push(words(format!(" of action {at}")));
    }
    let bytes = |text: Option<&Text<'_>>| text.map(|it| bytes_of(it.content, blobs)).transpose();
    let (before, after) = (bytes(was)?, bytes(is)?);
    let mut page = Page::new(at.saturating_sub(1), View::Diff, title, room);
    match (was, is) {
        (None, _) => page.fact("the earlier version had none"),
        (_, None) => page.fact("not any more"),
        _ => page.fact("the earlier version and this one"),
    }
    crate::text::fill(&mut page, before.as_deref(), after.as_deref());
    Ok(page.done())
}

fn differs(was: &Part<'_>, is: &Part<'_>) -> bool {
    let counted = counts(&was.values);
    was.values.len() != is.values.len() || counts(&is.values) != counted
}

/// How often each value is there: one thing can be listed twice.
fn counts(values: &[Value]) -> HashMap<&Value, usize> {
    let mut counts = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

/// Values that are not on the other side as well; of equal ones as many as there are more.
fn only<'v>(these: &'v [Value], others: &[Value]) -> Vec<&'v Value> {
    let mut left = counts(others);
    let mut taken = |value: &Value| match left.get_mut(value) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    these.iter().filter(|value| !taken(value)).collect()
}

/// A row for each value that differs: beside its other side where there is one of that name.
fn entries(page: &mut Page<'_>, was: &Part<'_>, is: &Part<'_>) {
    let (gone, new) = (only(&was.values, &is.values), only(&is.values, &was.values));
    let mut sides = HashMap::<&[Piece], Vec<&Value>>::new();
    for value in gone.iter().rev() {
        sides.entry(&value.name).or_default().push(value);
    }
    let mut hidden = 0;
    let mut row = |name: &[Piece], before: Option<&Value>, after: Option<&Value>| {
        let change = match (before, after) {
            (None, _) => EntryChange::Added,
            (_, None) => EntryChange::Removed,
            _ => EntryChange::Changed,
        };
        let path = drawn(name, page.findings());
        let mut side = |value: Option<&Value>| value.map(|it| drawn_of(name, &it.says, page.findings()));
        let (before, after) = (side(before).unwrap_or_default(), side(after).unwrap_or_default());
        hidden += u64::from(!page.entry(Row::Entry { change, path, before, after, continued: false }));
    };
    for value in new {
        let other = sides.get_mut(value.name.as_slice()).and_then(Vec::pop);
        row(&value.name, other, Some(value));
    }
    let left: HashSet<*const Value> = sides.values().flatten().map(|it| std::ptr::from_ref(*it)).collect();
    for value in gone.into_iter().filter(|it| left.contains(&std::ptr::from_ref(*it))) {
        row(&value.name, Some(value), None);
    }
    page.hide(hidden, "value", "both proposals have it whole", Vec::new());
}

/// Names what is the same on both sides.
fn alike(page: &mut Page<'_>, was: &Part<'_>, is: &Part<'_>) {
    let changed = pairs(was, is);
    let (gone, new) = (only(&was.values, &is.values), only(&is.values, &was.values));
    let mut other: HashSet<&str> = gone.iter().chain(&new).map(|value| value.group).collect();
    other.extend(changed.iter().flat_map(|(was, is)| [*was, *is]).flatten().map(|text| text.group));
    let mut same = Vec::new();
    let groups = is.texts.iter().map(|it| it.group).chain(is.values.iter().map(|it| it.group));
    for group in groups {
        if other.insert(group) {
            same.push(group);
        }
    }
    if !same.is_empty() {
        page.note(Tone::Plain, vec![words(format!("The same: {}.", same.join(", ")))]);
    }
}

fn drawn(pieces: &[Piece], findings: &mut Findings) -> Vec<Segment> {
    let one = |piece: &Piece| match piece {
        Piece::Ours(text) => vec![words(text.clone())],
        Piece::Theirs(text) => findings.value(text, TextKind::Name),
    };
    pieces.iter().flat_map(one).collect()
}

/// What has that name, which says what it is.
fn drawn_of(name: &[Piece], says: &[Piece], findings: &mut Findings) -> Vec<Segment> {
    match (name, says) {
        ([.., Piece::Theirs(name)], [Piece::Theirs(text)]) => {
            let [_, value] = findings.named(name, text);
            value
        }
        _ => drawn(says, findings),
    }
}

/// Segments name what is a finding of `sheet`. What goes is none of it.
fn settle(documents: &mut [Document], findings: &Findings, sheet: &Sheet) {
    let known: HashMap<_, _> = (0u32..).zip(&sheet.findings).map(|(at, it)| (&it.id, at)).collect();
    let numbers: Vec<Option<u32>> = findings.ids().map(|id| known.get(id).copied()).collect();
    let mut renumber = |segment: &mut Segment| {
        let number = |it: &u32| numbers.get(*it as usize).copied().flatten();
        segment.findings = segment.findings.iter().filter_map(number).collect();
        segment.findings.sort_unstable();
    };
    for document in documents {
        let head = document.title.iter_mut().chain(document.subtitle.iter_mut().flatten());
        head.for_each(&mut renumber);
        for row in &mut document.rows {
            row.segments_mut(&mut renumber);
        }
    }
}
