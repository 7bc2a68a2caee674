//! A batch: how much of it may happen, and the complete list of what each entry would do.

use countersign_core::action::{Act, Action, Run};
use countersign_core::batch::Batch;

use super::{Blobs, Made, Sum, documents, run};
use crate::Error;
use crate::count;
use crate::model::{Document, View};
use crate::page::{Page, Room};
use crate::segments::words;

/// The documents of `batch`, one of which says how much of it may happen, and one sum for each entry.
pub(crate) fn batch(
    batch: &Batch,
    blobs: Blobs<'_>,
    room: &mut Room,
) -> Result<(Vec<Document>, Vec<Sum>), Error> {
    let mut page = Page::new(0, View::Argv, vec![words("How much of the list may happen")], room);
    for (name, says) in bounds(batch) {
        page.field(vec![words(name)], vec![words(says)]);
    }
    let mut all = vec![page.done()];
    let entries = batch.entries();
    let runs: Vec<&Run> = entries
        .iter()
        .filter_map(|it| match &it.act {
            Act::Run(run) => Some(run),
            _ => None,
        })
        .collect();
    let mut sums = vec![Sum::default(); entries.len()];
    if let ([first, ..], [shared, ..]) = (runs.as_slice(), entries) {
        let made = run::listed(0, first, &runs, blobs, room)?;
        all.extend(with_surroundings(shared, made, room));
    } else {
        for (at, entry) in entries.iter().enumerate() {
            let (made, sum) = documents(at, entry, blobs, room)?;
            all.extend(made);
            sums[at] = sum;
        }
    }
    Ok((all, sums))
}

fn with_surroundings(action: &Action, (first, others, _): Made, room: &mut Room) -> Vec<Document> {
    let mut page = Page::resume(first, room);
    super::surroundings(action, &mut page);
    std::iter::once(page.done()).chain(others).collect()
}

/// What bounds it, in words.
fn bounds(batch: &Batch) -> Vec<(&'static str, String)> {
    let (uses, listed) = (batch.terms().uses, batch.entries().len() as u64);
    let entries = if listed == 1 { "entry".to_owned() } else { format!("{} entries", count::number(listed)) };
    let how = match uses {
        all if all == listed => format!("{entries}, each at most once"),
        some => format!("any {} of {entries}, each at most once", count::number(some)),
    };
    vec![
        ("uses", how),
        ("until", count::time(batch.terms().until.seconds())),
        ("when", "whenever the agent comes for it, in any order; you are not asked again".to_owned()),
    ]
}
