//! Sheets that are made before somebody asks for them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::single_range_in_vec_init, reason = "one range is meant")]

mod world;

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use countersign_core::action::Act;
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_reviewer::Error;
use world::{World, at, world};

fn soon(world: &World, digest: &Digest) -> bool {
    soon_any(world, std::slice::from_ref(digest))
}

fn soon_any(world: &World, digests: &[Digest]) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(30) {
        if digests.iter().any(|it| world.it().is_at_hand(it)) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

/// Proposals in the order of the queue.
fn waiting(world: &mut World, count: u64) -> Vec<Digest> {
    let sent = (0..count).map(|number| {
        let mut proposal = world.gate.proposal();
        proposal.expires = at(3600 + number);
        world.gate.send_proposal(&proposal)
    });
    let sent: Vec<Digest> = sent.collect();
    world.it().look().unwrap();
    let rows = world.it().queue().unwrap().waiting.rows;
    assert_eq!(rows.iter().map(|it| it.digest).collect::<Vec<_>>(), sent);
    sent
}

#[test]
fn what_came_and_what_is_beside_the_open_one_is_made_ahead() {
    let mut world = world();
    let sent = waiting(&mut world, 7);
    // Of what came at once it is one.
    let begun = Instant::now();
    while !sent.iter().any(|it| world.it().is_at_hand(it)) {
        assert!(begun.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(10));
    }
    let before: Vec<bool> = sent.iter().map(|it| world.it().is_at_hand(it)).collect();
    assert_eq!(before.iter().filter(|made| **made).count(), 1);
    world.it().open(&sent[3]).unwrap();
    assert!(soon(&world, &sent[4]) && soon(&world, &sent[2]));
    for (digest, made) in sent.iter().zip(before) {
        let beside = [&sent[2], &sent[3], &sent[4]].contains(&digest);
        assert_eq!(world.it().is_at_hand(digest), made || beside);
    }
    // Nothing of it was on the screen.
    let made = world.it().open(&sent[4]).unwrap();
    let sheet = made.sheet_digest.unwrap();
    assert!(matches!(world.it().seen(&sent[4], &sheet, 0, &[0..1]), Err(Error::Changed)));
}

#[test]
fn a_new_start_makes_nothing_that_nobody_looks_at() {
    let mut world = world();
    let sent = waiting(&mut world, 3);
    world.restart();
    std::thread::sleep(Duration::from_millis(600));
    assert!(!sent.iter().any(|it| world.it().is_at_hand(it)));
}

#[test]
fn neighbours_are_made_however_fast_others_arrive() {
    let mut world = world();
    let sent = waiting(&mut world, 3);
    // One of what came at once is made.
    assert!(soon_any(&world, &sent));
    world.it().open(&sent[1]).unwrap();
    let mut arrived = 0;
    // Behind the others, and never the moment's peace that a sheet of what arrives waits for.
    while !(world.it().is_at_hand(&sent[0]) && world.it().is_at_hand(&sent[2])) {
        arrived += 1;
        assert!(arrived < 25, "what arrives keeps the neighbours waiting");
        let mut proposal = world.gate.proposal();
        proposal.expires = at(5000);
        world.gate.send_proposal(&proposal);
        world.it().look().unwrap();
        // A window that is told of it draws the open one anew.
        world.it().open(&sent[1]).unwrap();
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// A new file of so many bytes.
fn long(world: &mut World, bytes: usize, expires: u64) -> Digest {
    let mut proposal = world.gate.proposal();
    let text = format!("{}\n", "a".repeat(99)).repeat(bytes / 100).into_bytes();
    world.gate.writer.put_blob(&Digest::of(&text), &text).unwrap();
    if let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act {
        change.before = None;
        change.after = Some(Content::blob("text/plain", &text));
    }
    proposal.expires = at(expires);
    let digest = world.gate.send_proposal(&proposal);
    world.it().look().unwrap();
    assert!(world.it().waits(&digest).unwrap());
    digest
}

#[test]
fn what_is_long_is_made_beside_the_open_one_and_not_because_it_arrived() {
    let mut world = world();
    let long = long(&mut world, 5 * 1024 * 1024, 3601);
    std::thread::sleep(Duration::from_millis(600));
    // What comes after it is made after it.
    let short = world.gate.propose();
    world.it().look().unwrap();
    assert!(soon(&world, &short));
    assert!(!world.it().is_at_hand(&long));
    // Whoever reads the one before it comes to it next.
    world.it().open(&short).unwrap();
    assert!(soon(&world, &long));
}

#[test]
fn two_who_open_the_same_at_once_are_given_the_same_sheet() {
    let mut world = world();
    let mut proposal = world.gate.proposal();
    let line = |number: usize| format!("line {number}\n");
    if let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act {
        let after: String = (0..5_000).map(line).collect();
        change.before = None;
        change.after = Some(Content::inline("text/plain", after.into_bytes()));
    }
    let digest = world.gate.send_proposal(&proposal);
    world.it().look().unwrap();
    let (world, start) = (&world, Barrier::new(4));
    let sheets: Vec<_> = std::thread::scope(|scope| {
        let open = || {
            start.wait();
            world.it().open(&digest).unwrap().sheet.unwrap()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert!(sheets.iter().all(|it| Arc::ptr_eq(it, &sheets[0])));
}
