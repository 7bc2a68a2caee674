//! Everything that would be removed, one row for each, those together that belong together.

mod groups;

use countersign_core::action::{Object, Remove};
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::proposal::Effect;

use super::{Blobs, Made, Sum, items_of};
use crate::Error;
use crate::count;
use crate::headline::things;
use crate::mask::told;
use crate::model::{Segment, Stats, View};
use crate::page::{Page, Room, found_in};
use crate::segments::{value, words};
use crate::text::cut_at;
use groups::{Group, Of, groups};

/// Columns of one row. By whatever else a thing is recognised stands in the last.
const COLUMNS: usize = 8;

/// Bytes of the name of a group that are drawn.
const NAME: usize = 60;

pub(super) fn removed(at: usize, remove: &Remove, blobs: Blobs<'_>, room: &mut Room) -> Result<Made, Error> {
    let objects = items_of(&remove.objects, blobs)?;
    let effect = room.effect;
    let mut page = Page::new(at, View::Removal, vec![words("What would be removed")], room);
    let listed = |how: &str| {
        let mut fact = things("", objects.len() as u64, &remove.what);
        fact.push(words(how));
        told(fact)
    };
    page.fact_of(listed(", all of them listed"));
    let folder = common_folder(&objects);
    if let Some(folder) = folder.filter(|it| !it.is_empty()) {
        let fact = page.sentence("in ", folder, "");
        page.fact_of(fact);
    }
    page.fact(copy(remove, effect));
    let labels = common_labels(&objects).filter(|labels| labels.len() < COLUMNS);
    page.document.columns = columns(&mut page, &labels, folder);
    page.document.stats = Stats { removed: objects.len() as u64, ..Stats::default() };
    let shared = folder.map(<[u8]>::len);
    let groups = groups(&objects, labels.as_deref(), shared, page.asked());
    let mut order = groups.iter().flat_map(|group| &group.objects);
    'all: for group in &groups {
        heading(&mut page, group, objects.len());
        for at in &group.objects {
            order.next();
            let object = &objects[*at];
            let cells = row(&mut page, object, labels.is_some(), folder);
            if page.object(cells, object.size, object.sha256) {
                continue;
            }
            let whole = format!("SHA-256 of the whole list {}", Digest::of(&json::to_bytes(&objects)));
            page.document.subtitle[0] = listed(", not all of them listed");
            let rest: Vec<_> = std::iter::once(at).chain(order).map(|at| &objects[*at]).collect();
            let unseen = rest.iter().flat_map(|it| row(&mut page, it, labels.is_some(), folder));
            let unseen = unseen.flat_map(|cell| found_in(&cell)).collect();
            page.hide(rest.len() as u64, "object", &whole, unseen);
            break 'all;
        }
    }
    let stats = page.document.stats;
    Ok((page.done(), Vec::new(), Sum { stats, ..Sum::default() }))
}

/// Whether a copy is kept. Of what an agent removes itself, only it says that one is.
pub(crate) fn copy(remove: &Remove, effect: Effect) -> &'static str {
    match (remove.kept, effect) {
        (true, Effect::Act) => "a copy is kept",
        (true, Effect::Release) => "the agent says that a copy is kept",
        (false, _) => "no copy is kept",
    }
}

fn heading(page: &mut Page<'_>, group: &Group<'_>, all: usize) {
    let (text, name) = match group.of {
        Of::All => return,
        Of::Asked => ("Named in the request", Vec::new()),
        Of::NotAsked => ("Not named in the request", Vec::new()),
        Of::Folder(b"") => ("Directly there", Vec::new()),
        Of::Folder(path) => ("Folder", short(path)),
        Of::Column(label, text) => ("", [short(label.as_bytes()), vec![words(": ")], short(text)].concat()),
    };
    let text = if name.is_empty() || text.is_empty() { text.to_owned() } else { format!("{text} ") };
    let count = count::number(group.objects.len() as u64);
    page.group(&text, name, format!("{count} of {}", count::number(all as u64)));
}

/// What names a group. The rows below have all of it, and what is found in it.
fn short(text: &[u8]) -> Vec<Segment> {
    if !crate::findings::secrets(text).is_empty() {
        // Half of one would still be half of one.
        return told(value(text));
    }
    let end = cut_at(text, NAME);
    let mut made = value(&text[..end]);
    if end < text.len() {
        made.push(words(format!(" and {} more", count::of((text.len() - end) as u64, "byte"))));
    }
    made
}

/// The names by which all of `objects` are recognised, when they are the same ones.
fn common_labels(objects: &[Object]) -> Option<Vec<&str>> {
    let names =
        |object: &'_ Object| object.known_by.iter().map(|(name, _)| name.as_str().to_owned()).collect();
    let mut all = objects.iter().map(names);
    let first: Vec<String> = all.next().unwrap_or_default();
    all.all(|it: Vec<String>| it == first).then(|| {
        objects
            .first()
            .map(|it| it.known_by.iter().map(|(name, _)| name.as_str()).collect())
            .unwrap_or_default()
    })
}

/// The folder, up to its last slash, below which all of `objects` lie; nothing of them is common when
/// it is empty. None when what the gate knows them by is no path.
fn common_folder(objects: &[Object]) -> Option<&[u8]> {
    let paths: Vec<_> = objects.iter().map(|it| it.id.as_bytes()).collect();
    if !paths.iter().all(|path| path.starts_with(b"/") && !path.ends_with(b"/")) {
        return None;
    }
    let folder = |path: &[u8]| path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    let first = *paths.first()?;
    let end = paths.iter().fold(folder(first), |end, path| {
        let same = first[..end].iter().zip(*path).take_while(|(one, other)| one == other).count();
        folder(&first[..same])
    });
    // That all lie below the root says nothing.
    Some(if end > 1 { &first[..end] } else { b"" })
}

fn columns(page: &mut Page<'_>, labels: &Option<Vec<&str>>, folder: Option<&[u8]>) -> Vec<Vec<Segment>> {
    let Some(labels) = labels else { return Vec::new() };
    let mut all: Vec<_> = labels.iter().map(|name| page.removed(name.as_bytes())).collect();
    match folder {
        Some(_) => all.insert(0, vec![words("name")]),
        None => all.push(vec![words("id")]),
    }
    all
}

/// First what a person recognises it by: of a path that is its name, below the `folder` that all
/// share; else what else is known of it, and last what the gate knows it by.
fn row(page: &mut Page<'_>, object: &Object, labelled: bool, folder: Option<&[u8]>) -> Vec<Vec<Segment>> {
    let id = object.id.as_bytes();
    let id = page.removed(folder.map_or(id, |folder| &id[folder.len()..]));
    let known = object.known_by.iter().map(|(name, text)| {
        let mut cell = page.removed(text.as_bytes());
        if !labelled {
            cell.insert(0, words(": "));
            cell.splice(0..0, page.removed(name.as_str().as_bytes()));
        }
        cell
    });
    let mut cells: Vec<_> = match folder {
        Some(_) => [id].into_iter().chain(known).collect(),
        None => known.chain([id]).collect(),
    };
    let rest = cells.split_off(COLUMNS.min(cells.len()));
    if let Some(last) = cells.last_mut() {
        rest.into_iter().for_each(|cell| last.extend([words("; ")].into_iter().chain(cell)));
    }
    cells
}
