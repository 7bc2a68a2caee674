//! What is found in lists: things that would be removed, and the names of their groups.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::action::{Act, Action, Object, Remove};
use countersign_core::content::Listing;
use countersign_core::name::Label;
use countersign_reviewer::{Marked, Sought};
use countersign_sheet::{Row, Sheet};
use world::world;

/// Three folders of a hundred files each.
fn removal() -> Sheet {
    let label = |text: &str| -> Label { text.parse().unwrap() };
    let object = |at: usize| Object {
        id: format!("/srv/{}/{at}.txt", ["keep", "old", "tmp"][at / 100]).into(),
        known_by: vec![(label("modified"), "2026-03-01".into())],
        sha256: None,
        size: None,
    };
    let objects = Listing::Inline((0..300).map(object).collect());
    let mut proposal = world().gate.proposal();
    let like = proposal.actions[0].clone();
    let act = Act::Remove(Remove { what: label("file"), kept: false, objects });
    proposal.actions = vec![Action { act, ..like }].into();
    countersign_sheet::sheet(&proposal, &|_| None).unwrap()
}

/// Where `what` is found: its row and column.
fn found(sheet: &Sheet, what: &str) -> Vec<(usize, usize)> {
    let sought = Sought::new(sheet, what);
    let marked: Vec<Marked> = sought.marked(sheet, 0, 0..sheet.documents[0].rows.len());
    marked.into_iter().map(|it| (it.row, it.column)).collect()
}

#[test]
fn a_thing_that_would_be_removed_is_found_and_so_is_the_name_of_its_group() {
    let sheet = removal();
    let rows = &sheet.documents[0].rows;
    let [(row, 0)] = found(&sheet, "old/123.txt")[..] else { panic!() };
    assert!(matches!(&rows[row], Row::Object { .. }));
    assert_eq!(found(&sheet, "2026-03-01").len(), 300);
    let all = found(&sheet, "old/");
    assert_eq!(all.len(), 101);
    assert!(matches!(&rows[all[0].0], Row::Heading { .. }) && all[0].1 == 1);
}
