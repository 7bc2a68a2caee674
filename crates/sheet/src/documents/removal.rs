//! Everything that would be removed, one row for each.

use countersign_core::action::{Object, Remove};
use countersign_core::digest::Digest;
use countersign_core::json;

use super::{Blobs, Made, Sum, items_of, sentence};
use crate::Error;
use crate::count;
use crate::model::{Segment, Stats, View};
use crate::page::{Page, Room};
use crate::segments::{value, words};

pub(super) fn removed(at: usize, remove: &Remove, blobs: Blobs<'_>, room: &mut Room) -> Result<Made, Error> {
    let objects = items_of(&remove.objects, blobs)?;
    let mut page = Page::new(at, View::Removal, vec![words("What would be removed")], room);
    page.fact(format!("{}, all of them listed", count::number(objects.len() as u64)));
    page.fact_of(sentence("each a ", remove.what.as_str().as_bytes(), ""));
    page.fact(if remove.kept { "a copy is kept" } else { "no copy is kept" });
    let labels = common_labels(&objects);
    page.document.columns = columns(&labels);
    page.document.stats = Stats { removed: objects.len() as u64, ..Stats::default() };
    for (at, object) in objects.iter().enumerate() {
        let sha256 = object.sha256.map(|digest| digest.to_string());
        if !page.object(row(object, labels.is_some()), object.size, sha256) {
            let whole = format!("SHA-256 of the whole list {}", Digest::of(&json::to_bytes(&objects)));
            page.document.subtitle[0] =
                vec![words(format!("{}, not all of them listed", count::number(objects.len() as u64)))];
            page.hide((objects.len() - at) as u64, "object", &whole);
            break;
        }
    }
    let stats = page.document.stats;
    Ok((page.done(), Vec::new(), Sum { stats, ..Sum::default() }))
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

fn columns(labels: &Option<Vec<&str>>) -> Vec<Vec<Segment>> {
    let Some(labels) = labels else { return Vec::new() };
    let named = labels.iter().map(|name| value(name.as_bytes()));
    named.chain([vec![words("id")]]).collect()
}

/// What a person recognises it by, then what the gate knows it by.
fn row(object: &Object, labelled: bool) -> Vec<Vec<Segment>> {
    let known = object.known_by.iter().map(|(name, text)| {
        let mut cell = value(text.as_bytes());
        if !labelled {
            cell.insert(0, words(": "));
            cell.splice(0..0, value(name.as_str().as_bytes()));
        }
        cell
    });
    known.chain([value(object.id.as_bytes())]).collect()
}
