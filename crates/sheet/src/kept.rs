//! Which rows of a sheet show what rows of an earlier one showed.

use std::collections::HashMap;

use countersign_core::action::{Act, Action};
use countersign_core::content::{Content, Listing};
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::proposal::Proposal;
use countersign_diff::{Kind, diff};
use serde::Serialize;

use crate::model::{Document, Row, Segment, Sheet, View};

/// What of a sheet is as it was on an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// For each row of each document, the document and the row of the earlier sheet that showed the same.
    pub rows: Vec<Vec<Option<(usize, usize)>>>,
    /// Whether everything but texts and lists is as it was: who, what, where.
    pub frame: bool,
}

/// What of the `sheet` of `proposal` was on the `sheet` of `earlier` already, in the same place.
///
/// A row is the same when every piece of it is drawn as it was and has the findings that it had, whatever the numbers of
/// lines; of a line in several rows, all are, or none. Where lines were put in between or taken out, the rows beside
/// that are not the same either: what they say may depend on it. In an action that happens to something else, or
/// otherwise, nothing is.
#[must_use]
pub fn kept(earlier: (&Proposal, &Sheet), (proposal, sheet): (&Proposal, &Sheet)) -> Kept {
    let (before, was) = earlier;
    let frames = |of: &Proposal| of.actions.iter().map(frame).collect::<Vec<_>>();
    let (old, new) = (frames(before), frames(proposal));
    let same_frame = |action: usize| {
        // How much of a list may happen is no row of the list.
        let bounded = before.actions.batch().or(proposal.actions.batch()).is_some();
        !bounded
            && before.effect == proposal.effect
            && old.get(action).is_some_and(|old| new.get(action) == Some(old))
    };
    let mut places = HashMap::new();
    for (at, document) in was.documents.iter().enumerate() {
        places.entry(identity(document)).or_insert_with(Vec::new).push(at);
    }
    let mut met = HashMap::new();
    let rows = |document: &Document| {
        let none = || vec![None; document.rows.len()];
        let identity = identity(document);
        let nth: &mut usize = met.entry(identity).or_default();
        let other = places.get(&identity).and_then(|all| all.get(*nth)).copied();
        *nth += 1;
        let Some(other) = other.filter(|_| same_frame(document.action)) else { return none() };
        let mut rows = none();
        same(&was.documents[other], was, document, sheet, |row, old| rows[row] = Some((other, old)));
        rows
    };
    let rows = sheet.documents.iter().map(rows).collect();
    Kept {
        rows,
        frame: before.actions.batch().or(proposal.actions.batch()).is_none()
            && before.effect == proposal.effect
            && before.agent == proposal.agent
            && old == new,
    }
}

/// An action without its texts and lists, which are rows.
fn frame(action: &Action) -> Action {
    let mut it = action.clone();
    let empty = |content: &mut Content| *content = Content::inline(content.media_type(), Vec::new());
    it.preconditions.clear();
    match &mut it.act {
        Act::Post(post) => {
            empty(&mut post.body);
            post.attachments.iter_mut().for_each(|it| empty(&mut it.content));
        }
        Act::Change(change) => change.before.iter_mut().chain(&mut change.after).for_each(empty),
        Act::Remove(remove) => remove.objects = Listing::of(Vec::new()).0,
        Act::Access(access) => {
            access.before = Listing::of(Vec::new()).0;
            access.after = Listing::of(Vec::new()).0;
        }
        Act::Run(run) => {
            run.stdin.iter_mut().for_each(empty);
            run.script.iter_mut().for_each(|it| empty(&mut it.content));
        }
        Act::Call(call) => empty(&mut call.arguments),
    }
    it
}

/// What a document is, whatever is in it.
fn identity(document: &Document) -> Digest {
    let secrets = document.title.iter().filter_map(|it| it.secret.as_ref()).map(|it| it.sha256);
    let secrets: Vec<Digest> = secrets.collect();
    let head =
        (document.action, view(document.view), drawn(&document.title), columns(&document.columns), secrets);
    Digest::of(&json::to_bytes(&head))
}

fn view(view: View) -> String {
    format!("{view:?}")
}

fn columns(columns: &[Vec<Segment>]) -> Vec<Vec<Segment>> {
    columns.iter().map(|it| drawn(it)).collect()
}

/// Segments as they are drawn, wherever their bytes are.
fn drawn(segments: &[Segment]) -> Vec<Segment> {
    segments
        .iter()
        .map(|it| Segment { source: 0..0, findings: Vec::new(), secret: None, ..it.clone() })
        .collect()
}

/// A row and the ids of what was found in it.
#[derive(Serialize)]
struct Shown<'s> {
    row: Row,
    found: Vec<Vec<&'s str>>,
    /// What masks are drawn for: two that look alike can stand for two secrets.
    secrets: Vec<Digest>,
}

/// Calls `each` with the rows of `new` that are the same and those of `old` that they were.
fn same(old: &Document, was: &Sheet, new: &Document, is: &Sheet, mut each: impl FnMut(usize, usize)) {
    let (before, after) = (units(old), units(new));
    let (left, right) = (lines(old, was, &before), lines(new, is, &after));
    let made = diff(left.as_bytes(), right.as_bytes());
    let stays =
        |at: Option<usize>| at.and_then(|at| made.rows.get(at)).is_none_or(|row| row.kind == Kind::Same);
    for (at, row) in made.rows.iter().enumerate() {
        let beside = stays(at.checked_sub(1)) && stays(Some(at + 1));
        let (Kind::Same, true, Some(was), Some(is)) = (row.kind, beside, row.before_line, row.after_line)
        else {
            continue;
        };
        let (Some(was), Some(is)) = (before.get(was as usize - 1), after.get(is as usize - 1)) else {
            continue;
        };
        is.clone().zip(was.clone()).for_each(|(is, was)| each(is, was));
    }
}

/// Rows with those that carry them on.
fn units(document: &Document) -> Vec<std::ops::Range<usize>> {
    let mut units: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, row) in document.rows.iter().enumerate() {
        match units.last_mut() {
            Some(unit) if row.continues() => unit.end = at + 1,
            _ => units.push(at..at + 1),
        }
    }
    units
}

/// A line for each unit: equal lines are equal units.
fn lines(document: &Document, sheet: &Sheet, units: &[std::ops::Range<usize>]) -> String {
    let shown = |row: &Row| {
        let mut row = row.clone();
        let (mut found, mut secrets) = (Vec::new(), Vec::new());
        row.segments_mut(&mut |it| {
            secrets.extend(it.secret.as_ref().map(|it| it.sha256));
            let ids = it.findings.iter().filter_map(|at| sheet.findings.get(*at as usize));
            found.push(ids.map(|it| it.id.as_str()).collect());
            (it.source, it.findings) = (0..0, Vec::new());
        });
        if let Row::Line { before, after, moved, .. } = &mut row {
            [before, after, moved].into_iter().for_each(|number| *number = number.map(|_| 0));
        }
        Shown { row, found, secrets }
    };
    let line = |unit: &std::ops::Range<usize>| {
        let rows: Vec<_> = document.rows[unit.clone()].iter().map(shown).collect();
        format!("{}\n", Digest::of(&json::to_bytes(&rows)))
    };
    units.iter().map(line).collect()
}
