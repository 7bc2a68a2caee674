//! What was seen of an earlier version counts only where the new one shows the same, and what was denied is remembered.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::single_range_in_vec_init, reason = "one range is meant")]

mod world;

use countersign_core::action::{Act, Action, Object, Remove};
use countersign_core::content::{Content, Listing};
use countersign_core::digest::Digest;
use countersign_core::proposal::{Authenticated, Proposal};
use countersign_reviewer::{Answer, ApproveState, Bar, Decide, Reason};
use countersign_sheet::Severity;
use world::{World, passphrase, world};

/// A proposal of a new file with this text.
fn version(world: &mut World, text: &str, supersedes: Option<Digest>) -> Proposal {
    let mut proposal = world.gate.proposal();
    let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act else { panic!() };
    change.before = None;
    change.after = Some(Content::inline("text/plain", text.as_bytes().to_vec()));
    proposal.supersedes = supersedes;
    proposal
}

fn send(world: &mut World, text: &str, supersedes: Option<Digest>) -> Digest {
    let proposal = version(world, text, supersedes);
    world.gate.send_proposal(&proposal)
}

fn numbers() -> String {
    (1..=9).map(|n| format!("line {n}\n")).collect()
}

/// Brings it on screen and sees nothing of it by that.
fn show(world: &World, digest: &Digest) -> (Digest, Bar) {
    let sheet = world.opened(digest).sheet_digest.unwrap();
    world.it().shown(digest, &sheet).unwrap();
    (sheet, world.it().bar(digest).unwrap())
}

fn earlier(world: &World, digest: &Digest) -> Option<Digest> {
    world.opened(digest).earlier.map(|it| it.digest)
}

#[test]
fn what_was_seen_stays_seen_but_where_a_byte_was_swapped_and_beside_that() {
    let mut world = world();
    let first = send(&mut world, &numbers(), None);
    world.read_all(&first);
    let second = send(&mut world, &numbers().replace('5', "S"), Some(first));
    let opened = world.opened(&second);
    let difference = opened.earlier.unwrap();
    assert_eq!(difference.digest, first);
    let changed = &difference.difference.1.documents[0];
    assert_eq!((changed.stats.added, changed.stats.removed, changed.stats.unchanged), (1, 1, 8));

    let (sheet, bar) = show(&world, &second);
    assert_eq!((bar.unseen, bar.kept, bar.next_unseen), (3, 6, Some((0, 3))));
    world.it().seen(&second, &sheet, 0, &[3..5]).unwrap();
    world.clock.pass(1000);
    assert_eq!(world.it().bar(&second).unwrap().approve, ApproveState::Unseen);
    world.it().seen(&second, &sheet, 0, &[5..6]).unwrap();
    assert_eq!(world.it().bar(&second).unwrap().approve, ApproveState::Ready);

    // Shown again it is as it was: what was seen meanwhile does not start anew.
    let (_, bar) = show(&world, &second);
    assert_eq!((bar.unseen, bar.kept), (0, 6));
    // The next one follows from both.
    let third = send(&mut world, &numbers().replace('5', "S").replace('9', "N"), Some(second));
    assert_eq!(show(&world, &third).1.unseen, 2);
}

#[test]
fn every_single_byte_that_is_swapped_makes_its_row_unseen() {
    let mut world = world();
    let first = send(&mut world, &numbers(), None);
    world.read_all(&first);
    for at in (0..numbers().len()).filter(|at| numbers().as_bytes()[*at] != b'\n').step_by(3) {
        let mut text = numbers().into_bytes();
        text[at] ^= 1;
        let second = send(&mut world, &String::from_utf8(text).unwrap(), Some(first));
        let row = at / 7;
        let sheet = world.opened(&second).sheet_digest.unwrap();
        world.it().shown(&second, &sheet).unwrap();
        let bar = world.it().bar(&second).unwrap();
        assert_eq!(bar.next_unseen, Some((0, row.saturating_sub(1))), "byte {at}");
        let beside = (row > 0).then(|| row - 1).into_iter().chain((row < 8).then_some(row + 1));
        for other in beside {
            world.it().seen(&second, &sheet, 0, &[other..other + 1]).unwrap();
        }
        assert_eq!(world.it().bar(&second).unwrap().next_unseen, Some((0, row)), "byte {at}");
    }
}

#[test]
fn only_what_was_on_screen_counts() {
    let mut world = world();
    let first = send(&mut world, &numbers(), None);
    let (sheet, _) = show(&world, &first);
    world.it().seen(&first, &sheet, 0, &[0..2]).unwrap();
    let second = send(&mut world, &format!("{}more\n", numbers()), Some(first));
    assert_eq!(show(&world, &second).1.kept, 2);

    // What was in a fold was never on screen, whatever was seen around it.
    let numbers: Vec<String> = (1..=40).map(|n| format!("line {n}\n")).collect();
    let edit = |world: &mut World, changed: &[usize], supersedes| {
        let after = numbers.iter().enumerate();
        let after =
            after.map(|(at, it)| if changed.contains(&at) { format!("new {it}") } else { it.clone() });
        let mut proposal = version(world, &after.collect::<String>(), supersedes);
        let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act else { panic!() };
        change.before = Some(Content::inline("text/plain", numbers.concat().into_bytes()));
        world.gate.send_proposal(&proposal)
    };
    let third = edit(&mut world, &[3], None);
    world.read_all(&third);
    let fourth = edit(&mut world, &[3, 30], Some(third));
    let bar = show(&world, &fourth).1;
    // The change, what it replaces and three lines on each side.
    assert_eq!((bar.unseen, bar.next_unseen), (8, Some((0, 28))));
}

#[test]
fn after_a_restart_all_of_it_has_to_be_seen_anew() {
    let mut world = world();
    let first = send(&mut world, &numbers(), None);
    world.read_all(&first);
    world.restart();
    let second = send(&mut world, &numbers().replace('5', "S"), Some(first));
    assert_eq!(earlier(&world, &second), Some(first));
    let bar = show(&world, &second).1;
    assert_eq!((bar.unseen, bar.kept), (9, 0));
}

#[test]
fn the_last_version_that_was_on_screen_is_what_it_is_compared_with() {
    let mut world = world();
    let first = send(&mut world, &numbers(), None);
    assert_eq!(earlier(&world, &first), None);
    world.read_all(&first);
    let second = send(&mut world, &numbers().replace('5', "S"), Some(first));
    let third = send(&mut world, &numbers().replace('6', "S"), Some(second));
    assert_eq!(earlier(&world, &third), Some(first));
    assert_eq!(show(&world, &third).1.kept, 6);

    // Another agent's was never a version of this one's, whatever it says.
    let mut foreign = version(&mut world, &numbers(), Some(first));
    foreign.agent.authenticated = Authenticated::Uid(1001);
    let foreign = world.gate.send_proposal(&foreign);
    assert_eq!(earlier(&world, &foreign), None);
    assert_eq!(show(&world, &foreign).1.kept, 0);
    // Once it is answered nobody needs it any more.
    world.answer(&third, Answer::Deny).unwrap();
    assert_eq!(earlier(&world, &third), None);
}

#[test]
fn what_was_seen_before_is_no_part_of_the_sheet() {
    let (mut one, mut other) = (world(), world());
    let first = send(&mut one, &numbers(), None);
    one.read_all(&first);
    assert_eq!(send(&mut other, &numbers(), None), first);
    let second = send(&mut one, &numbers().replace('5', "S"), Some(first));
    assert_eq!(send(&mut other, &numbers().replace('5', "S"), Some(first)), second);
    let (seen, unseen) = (one.opened(&second), other.opened(&second));
    assert!(seen.earlier.is_some() && unseen.earlier.is_none());
    assert_eq!(seen.sheet_digest, unseen.sheet_digest);
    // What differs is no sheet, and cannot be shown as one.
    let difference = seen.earlier.unwrap().difference.0;
    assert!(one.it().shown(&second, &difference).is_err());
}

#[test]
fn what_was_acknowledged_stays_so_only_for_the_same_finding_in_the_same_place() {
    let mut world = world();
    let text = format!("{}pay \u{202e}100\n", numbers());
    let first = send(&mut world, &text, None);
    let sheet = world.read_all(&first);
    let opened = world.opened(&first);
    let findings = &opened.sheet.as_ref().unwrap().findings;
    let blocks = findings.iter().filter(|it| it.severity == Severity::Blocking);
    let ids: Vec<_> = blocks.map(|it| it.id.clone()).collect();
    assert!(!ids.is_empty());
    for id in &ids {
        world.clock.pass(1000);
        world.it().acknowledge(&first, &sheet, id, Some(Reason::Checked)).unwrap();
    }
    // The same bytes, for another reason.
    let mut same = version(&mut world, &text, Some(first));
    same.rationale = Some(Content::inline("text/plain", b"I mean it".to_vec()));
    let same = world.gate.send_proposal(&same);
    let bar = show(&world, &same).1;
    assert_eq!((bar.unseen, bar.blocking.len(), bar.acknowledged.len()), (0, 0, ids.len()));
    // Another byte in that text, far from it: it is another text.
    let changed = send(&mut world, &text.replace("line 1", "line I"), Some(same));
    let bar = show(&world, &changed).1;
    assert_eq!((bar.blocking.len(), bar.acknowledged.len()), (ids.len(), 0));
    // The same text elsewhere: it may do harm there.
    let mut elsewhere = version(&mut world, &text, Some(same));
    elsewhere.actions.all_mut().unwrap()[0].target = "/srv/shared.txt".into();
    let Act::Change(change) = &mut elsewhere.actions.all_mut().unwrap()[0].act else { panic!() };
    change.resource = "/srv/shared.txt".into();
    let elsewhere = world.gate.send_proposal(&elsewhere);
    let bar = show(&world, &elsewhere).1;
    assert_eq!((bar.kept, bar.blocking.len(), bar.acknowledged.len()), (0, ids.len(), 0));
}

#[test]
fn what_hides_something_elsewhere_is_looked_at_anew() {
    let mut world = world();
    let text = "password = Tq8production\n";
    let first = version(&mut world, text, None);
    let action = first.actions.first().unwrap().clone();
    let first = world.gate.send_proposal(&first);
    let sheet = world.read_all(&first);
    let findings = world.opened(&first).sheet.unwrap().findings.clone();
    let secret = findings.iter().position(|it| it.masked.is_some()).unwrap();
    assert_eq!(findings[secret].severity, Severity::Blocking);
    world.it().reveal(&first, &sheet, &[u32::try_from(secret).unwrap()]).unwrap();
    world.clock.pass(1000);
    world.it().acknowledge(&first, &sheet, &findings[secret].id, Some(Reason::Checked)).unwrap();

    let mut beside = action.clone();
    beside.target = "/srv/notes.txt".into();
    let Act::Change(change) = &mut beside.act else { panic!() };
    change.resource = "/srv/notes.txt".into();
    let and = |world: &mut World, other: &str| {
        let mut next = version(world, text, Some(first));
        let mut beside = beside.clone();
        let Act::Change(change) = &mut beside.act else { panic!() };
        change.after = Some(Content::inline("text/plain", other.as_bytes().to_vec()));
        next.actions = vec![action.clone(), beside].into();
        world.gate.send_proposal(&next)
    };
    let plain = and(&mut world, "all is well\n");
    let bar = show(&world, &plain).1;
    assert_eq!((bar.blocking.len(), bar.masked.len(), bar.acknowledged.len()), (0, 0, 1));
    let hides = and(&mut world, "remove Tq8production\n");
    let bar = show(&world, &hides).1;
    assert_eq!((bar.blocking.len(), bar.masked.len(), bar.acknowledged.len()), (1, 1, 0));
}

#[test]
fn one_like_it_that_was_denied_is_remembered_for_seven_days() {
    const DAY: u64 = 24 * 3600 * 1000;
    let mut world = world();
    let first = send(&mut world, &numbers(), None);
    world.it().look().unwrap();
    let comment = Some("not on this machine".to_owned());
    let answer = Decide { proposal: first, sheet: None, answer: Answer::Deny, comment: comment.clone() };
    world.it().decide(answer).unwrap();
    assert!(world.opened(&first).denied.is_none(), "it is not like itself");

    let again = send(&mut world, &numbers().replace('5', "S"), None);
    let denied = world.opened(&again).denied.unwrap();
    assert_eq!((denied.digest, denied.by.as_str(), denied.comment), (first, "Ada", comment));
    assert_eq!(denied.difference.unwrap().1.documents[0].stats.added, 1);
    assert_eq!(show(&world, &again).1.kept, 0, "what was denied was not seen for this");

    let mut elsewhere = version(&mut world, &numbers(), None);
    elsewhere.actions.all_mut().unwrap()[0].target = "/srv/other.txt".into();
    let elsewhere = world.gate.send_proposal(&elsewhere);
    let mut foreign = version(&mut world, &numbers(), None);
    foreign.agent.authenticated = Authenticated::Uid(1001);
    let foreign = world.gate.send_proposal(&foreign);
    for other in [elsewhere, foreign] {
        assert!(world.opened(&other).denied.is_none());
    }

    for days in [6, 8] {
        world.clock.pass((days - if days == 8 { 6 } else { 0 }) * DAY);
        let mut later = version(&mut world, &numbers(), None);
        later.created = world::at(days * DAY / 1000);
        (later.not_before, later.expires) = (later.created, world::at(days * DAY / 1000 + 3600));
        let later = world.gate.send_proposal(&later);
        assert_eq!(world.opened(&later).denied.is_some(), days == 6, "after {days} days");
    }
}

/// Whether one like `denied` is recognised as `again`.
fn is_like(world: &mut World, denied: &Proposal, again: &Proposal) -> bool {
    let denied = world.gate.send_proposal(denied);
    world.it().look().unwrap();
    world.answer(&denied, Answer::Deny).unwrap();
    let again = world.gate.send_proposal(again);
    let found = world.opened(&again).denied.map(|it| it.digest);
    assert!(found.is_none_or(|it| it == denied));
    world.answer(&again, Answer::Deny).unwrap();
    found.is_some()
}

#[test]
fn a_batch_that_is_one_entry_longer_is_like_the_one_that_was_denied() {
    let mut world = world();
    let (two, three) = (world.gate.batch(&["a", "b"]), world.gate.batch(&["a", "b", "c"]));
    assert!(is_like(&mut world, &two, &three));
    let (three, two) = (world.gate.batch(&["d", "e", "f"]), world.gate.batch(&["g", "g"]));
    assert!(is_like(&mut world, &three, &two));
    // Run alone it is the same program.
    let (two, mut one) = (world.gate.batch(&["a", "b"]), world.gate.batch(&["a", "b"]));
    one.actions = vec![one.actions[0].clone()].into();
    assert!(is_like(&mut world, &two, &one));
}

#[test]
fn who_names_a_target_twice_is_recognised_and_who_names_another_is_not() {
    let mut world = world();
    let remove = |world: &mut World, folders: &[&str], files: &[&str]| {
        let mut proposal = world.gate.proposal();
        let action = |folder: &&str| {
            let objects = files.iter().map(|file| Object {
                id: format!("{folder}/{file}").as_str().into(),
                known_by: vec![],
                sha256: None,
                size: None,
            });
            let objects = Listing::Inline(objects.collect());
            let act = Act::Remove(Remove { what: "file".parse().unwrap(), kept: true, objects });
            Action { target: (*folder).into(), act, ..proposal.actions[0].clone() }
        };
        proposal.actions = folders.iter().map(action).collect::<Vec<_>>().into();
        proposal
    };
    let mut number = 0;
    let mut check = |before: [&[&str]; 2], after: [&[&str]; 2], alike: bool| {
        // Each in folders of its own: what was denied before is not what is looked for.
        number += 1;
        let own = |it: &[&str]| it.iter().map(|it| format!("/srv/{number}/{it}")).collect::<Vec<_>>();
        let mut made = |[folders, files]: [&[&str]; 2]| {
            let folders = own(folders);
            let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
            remove(&mut world, &folders, files)
        };
        let (denied, again) = (made(before), made(after));
        assert_eq!(is_like(&mut world, &denied, &again), alike, "{before:?} {after:?}");
    };
    check([&["a"], &["x"]], [&["a"], &["x", "y"]], true);
    check([&["a"], &["x"]], [&["a", "a"], &["x"]], true);
    check([&["a", "b"], &["x"]], [&["b", "a", "b"], &["x"]], true);
    check([&["a", "b"], &["x"]], [&["a", "c"], &["x"]], false);
    check([&["a", "b"], &["x"]], [&["a"], &["x"]], false);
    // Another thing is done to the same.
    let mut change = world.gate.proposal();
    change.actions.all_mut().unwrap()[0].target = "/srv/notes".into();
    let removal = remove(&mut world, &["/srv/notes"], &["x"]);
    assert!(!is_like(&mut world, &change, &removal));
}

#[test]
fn with_changes_of_ones_own_it_is_another_sheet_and_nothing_is_carried() {
    let mut world = world();
    let first = send(&mut world, &numbers(), None);
    world.read_all(&first);
    let second = send(&mut world, &numbers().replace('5', "S"), Some(first));
    world.opened(&second);
    let mine =
        countersign_reviewer::NewText { action: 0, field: "after".to_owned(), text: "mine\n".to_owned() };
    let opened = world.it().edit(&second, &[mine]).unwrap();
    assert!(opened.amended.is_some() && opened.earlier.is_none());
    assert_eq!(show(&world, &second).1.kept, 0);
    world.it().unlock(&passphrase()).unwrap();
    assert_ne!(world.it().bar(&second).unwrap().approve, ApproveState::Ready);
}
