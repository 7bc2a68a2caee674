//! A batch in the app: how much of it was used, what each use did, and what voids what remains.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::decision::{Found, Verdict};
use countersign_core::digest::Digest;
use countersign_core::receipt::{Outcome, Used};
use countersign_core::refusal::Code;
use countersign_reviewer::{Answer, ApproveState, Editable, Error, HistoryFilter, ItemState};
use world::{World, at, done, passphrase, world};

/// Any two of three runs.
fn proposed(world: &mut World) -> Digest {
    let proposal = world.gate.batch(&["a", "b", "c"]);
    let digest = world.gate.send_proposal(&proposal);
    assert_eq!(world.state(&digest), ItemState::Waiting);
    assert_eq!(world.opened(&digest).editable, Editable::Nothing);
    digest
}

/// The same, approved.
fn approved(world: &mut World) -> Digest {
    let digest = proposed(world);
    world.approve(&digest);
    digest
}

fn used(world: &mut World, digest: &Digest, number: u64, outcome: Outcome) -> Digest {
    world.gate.receipt_of(digest, Some(Used { entry: number, number }), true, outcome)
}

fn of(used: u64, over: bool) -> ItemState {
    ItemState::Used { at: at(11), used, most: 2, over, wrong: 0, elsewhere: 0 }
}

fn failed(world: &World) -> Vec<Digest> {
    let page = world.it().history(HistoryFilter::Failed, None).unwrap();
    page.rows.iter().map(|it| it.digest).collect()
}

#[test]
fn each_use_has_its_receipt_and_the_batch_says_how_many_there_were() {
    let mut world = world();
    let digest = approved(&mut world);
    let first = used(&mut world, &digest, 1, done());
    assert_eq!(world.state(&digest), of(1, false));
    assert_eq!(world.it().queue().unwrap().delivering.rows.len(), 1);
    let second = used(&mut world, &digest, 2, done());
    assert_eq!(world.state(&digest), of(2, true));
    let opened = world.opened(&digest);
    assert!(opened.receipt.is_none());
    let uses: Vec<_> = opened.uses.iter().map(|it| (it.digest, it.receipt.used.unwrap().number)).collect();
    assert_eq!(uses, [(first, 1), (second, 2)]);
    assert_eq!(world.it().queue().unwrap().decided.rows.len(), 1);
    let acknowledged = world.acknowledged(&world.gate.take());
    assert!(acknowledged.contains(&first) && acknowledged.contains(&second));
    world.restart();
    assert_eq!(world.state(&digest), of(2, true));
}

#[test]
fn an_unknown_use_waits_for_a_person_and_then_the_others_go_on() {
    let mut world = world();
    let digest = approved(&mut world);
    let receipt = used(&mut world, &digest, 1, Outcome::Unknown { started: at(10) });
    assert_eq!(world.state(&digest), ItemState::Unknown { at: at(11), receipt });
    world.it().resolve(&receipt, Found::DidNotRun, Some("nothing is there".to_owned())).unwrap();
    let one = ItemState::Used { at: at(11), used: 1, most: 2, over: false, wrong: 1, elsewhere: 0 };
    assert_eq!(world.state(&digest), one);
    let resolution = world.opened(&digest).uses[0].resolution.clone().unwrap();
    assert_eq!(
        (resolution.found, resolution.comment.as_deref()),
        (Found::DidNotRun, Some("nothing is there"))
    );
    assert!(matches!(world.it().resolve(&receipt, Found::Ran, None), Err(Error::NotOpen(_))));
    used(&mut world, &digest, 2, done());
    let two = ItemState::Used { at: at(11), used: 2, most: 2, over: true, wrong: 1, elsewhere: 0 };
    assert_eq!(world.state(&digest), two);
}

#[test]
fn a_batch_of_which_a_use_went_wrong_says_so_and_is_found_by_that() {
    let mut world = world();
    let digest = approved(&mut world);
    used(&mut world, &digest, 1, done());
    assert_eq!((world.state(&digest), failed(&world)), (of(1, false), vec![]));
    let why = "no such host".to_owned();
    let (started, finished) = (at(10), at(11));
    let went_wrong = Outcome::Failed { started, finished, why, exit: None, results: vec![] };
    used(&mut world, &digest, 2, went_wrong);
    let two = ItemState::Used { at: at(11), used: 2, most: 2, over: true, wrong: 1, elsewhere: 0 };
    assert_eq!((world.state(&digest), failed(&world)), (two, vec![digest]));
    // Another status is said like that; it is not found among what failed, as no single run is.
    let other = approved(&mut world);
    used(&mut world, &other, 1, Outcome::Done { started, finished, exit: Some(3), results: vec![] });
    let one = ItemState::Used { at: at(11), used: 1, most: 2, over: false, wrong: 1, elsewhere: 0 };
    assert_eq!((world.state(&other), failed(&world)), (one, vec![digest]));
    // Whatever becomes of the rest.
    used(&mut world, &other, 2, Outcome::Refused { code: Code::Precondition, why: String::new() });
    world.it().look().unwrap();
    assert_eq!(failed(&world), [other, digest]);
}

#[test]
fn a_use_that_was_stopped_in_time_or_ran_after_all_did_not_go_wrong() {
    for code in [Code::Denied, Code::Halted, Code::Withdrawn, Code::DecisionExpired] {
        let mut world = world();
        let digest = approved(&mut world);
        used(&mut world, &digest, 1, done());
        used(&mut world, &digest, 2, Outcome::Refused { code, why: String::new() });
        assert_eq!((world.state(&digest), failed(&world)), (of(2, true), vec![]), "{code}");
    }
    let mut world = world();
    let digest = approved(&mut world);
    let receipt = used(&mut world, &digest, 1, Outcome::Unknown { started: at(10) });
    assert_eq!(world.state(&digest), ItemState::Unknown { at: at(11), receipt });
    world.it().resolve(&receipt, Found::Ran, None).unwrap();
    assert_eq!((world.state(&digest), failed(&world)), (of(1, false), vec![]));
}

#[test]
fn what_is_used_under_somebody_elses_approval_says_so() {
    let mut world = world();
    let digest = proposed(&mut world);
    world.gate.rests_on = vec![Digest::of(b"a decision of somebody else")];
    let receipt = used(&mut world, &digest, 1, done());
    let elsewhere = |used, over, elsewhere| {
        let wrong = 0;
        ItemState::Used { at: at(11), used, most: 2, over, wrong, elsewhere }
    };
    assert_eq!(world.state(&digest), elsewhere(1, false, 1));
    assert_eq!(world.opened(&digest).uses[0].digest, receipt);
    let queue = world.it().queue().unwrap();
    assert_eq!((queue.waiting.total, queue.delivering.rows[0].digest), (0, digest));
    // Nothing is left to sign, and what remains can be stopped.
    let bar = world.it().bar(&digest).unwrap();
    assert_eq!((bar.approve, bar.deny, bar.withdraw), (ApproveState::Closed, true, false));
    // Of one that both approved it is said of each use.
    let both = proposed(&mut world);
    let used_by_own = world.approve(&both).digest;
    used(&mut world, &both, 1, done());
    world.gate.rests_on.push(used_by_own);
    used(&mut world, &both, 2, done());
    assert_eq!(world.state(&both), elsewhere(2, true, 1));

    world.restart();
    assert_eq!(world.state(&digest), elsewhere(1, false, 1));
    world.clock.pass(600_000);
    assert_eq!(world.state(&digest), elsewhere(1, true, 1));
    assert!(!world.it().bar(&digest).unwrap().deny);
}

#[test]
fn a_batch_whose_approval_was_taken_back_waits_again_and_remembers_its_uses() {
    let mut world = world();
    let digest = proposed(&mut world);
    world.gate.rests_on = vec![world.approve(&digest).digest];
    used(&mut world, &digest, 1, done());
    assert_eq!(world.state(&digest), of(1, false));
    world.it().withdraw(&digest).unwrap();
    assert_eq!((world.state(&digest), world.opened(&digest).uses.len()), (ItemState::Waiting, 1));
    world.clock.pass(600_000);
    assert_eq!(world.state(&digest), of(1, true));
}

#[test]
fn what_remains_is_stopped_before_anybody_found_out_about_a_use() {
    for deny in [true, false] {
        let mut world = world();
        let digest = approved(&mut world);
        let receipt = used(&mut world, &digest, 1, Outcome::Unknown { started: at(10) });
        let unknown = ItemState::Unknown { at: at(11), receipt };
        assert_eq!(world.state(&digest), unknown);
        let open = |world: &World| {
            let bar = world.it().bar(&digest).unwrap();
            (bar.approve == ApproveState::Closed, bar.deny, bar.request_changes, bar.withdraw)
        };
        assert_eq!(open(&world), (true, true, false, true));
        world.gate.take();
        let signed = if deny {
            world.it().lock();
            world.answer(&digest, Answer::Deny).unwrap()
        } else {
            world.it().lock();
            assert!(matches!(world.it().withdraw(&digest), Err(Error::KeyLocked)));
            world.it().unlock(&passphrase()).unwrap();
            world.it().withdraw(&digest).unwrap()
        };
        assert!(world.gate.take().iter().any(|it| it.digest == signed.digest));
        // Once; and that somebody has to find out still stands.
        assert_eq!(world.state(&digest), unknown);
        assert_eq!(open(&world), (true, !deny, false, false));
        assert!(!deny || matches!(world.answer(&digest, Answer::Deny), Err(Error::NotOpen(_))));
        assert!(matches!(world.it().withdraw(&digest), Err(Error::NotOpen(_))));
    }
}

#[test]
fn nothing_of_a_batch_is_stopped_when_nothing_of_it_is_left() {
    let mut world = world();
    let digest = approved(&mut world);
    used(&mut world, &digest, 1, done());
    used(&mut world, &digest, 2, Outcome::Unknown { started: at(10) });
    world.it().look().unwrap();
    let bar = world.it().bar(&digest).unwrap();
    assert!(!bar.deny && !bar.withdraw);
    assert!(matches!(world.answer(&digest, Answer::Deny), Err(Error::NotOpen(_))));
    assert!(matches!(world.it().withdraw(&digest), Err(Error::NotOpen(_))));
}

#[test]
fn what_remains_can_be_denied_and_the_uses_stay_known() {
    let mut world = world();
    let digest = approved(&mut world);
    used(&mut world, &digest, 1, done());
    assert_eq!(world.state(&digest), of(1, false));
    world.answer(&digest, Answer::Deny).unwrap();
    assert!(matches!(world.state(&digest), ItemState::Denied { .. }));
    let refused = Outcome::Refused { code: Code::Denied, why: "a reviewer denied it".to_owned() };
    world.gate.receipt_of(&digest, None, false, refused);
    assert!(matches!(world.state(&digest), ItemState::Denied { .. }));
    let opened = world.opened(&digest);
    assert_eq!((opened.uses.len(), opened.decision.unwrap().verdict), (1, Verdict::Deny));
}

#[test]
fn a_batch_whose_time_is_over_says_what_was_used() {
    let mut world = world();
    let digest = approved(&mut world);
    used(&mut world, &digest, 1, done());
    let refused = Outcome::Refused { code: Code::DecisionExpired, why: "its time is over".to_owned() };
    world.gate.receipt_of(&digest, None, false, refused);
    assert_eq!(world.state(&digest), of(1, true));
}
