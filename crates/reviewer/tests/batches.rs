//! A batch in the app: how much of it was used, what each use did, and what voids what remains.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::action::{Environment, Executable, Reversibility};
use countersign_core::batch::{Batch, Program, Terms, Tool};
use countersign_core::decision::{Found, Verdict};
use countersign_core::digest::Digest;
use countersign_core::receipt::{Outcome, Used};
use countersign_core::refusal::Code;
use countersign_reviewer::{Answer, Editable, Error, ItemState};
use world::{World, at, done, world};

/// Any two of three runs, approved.
fn approved(world: &mut World) -> Digest {
    let mut proposal = world.gate.proposal();
    let arguments = ["a", "b", "c"].map(|it| vec!["deploy".into(), it.into()]).to_vec();
    let tool = Tool::Run(Program {
        executable: Executable { path: "/usr/bin/deploy".into(), sha256: Digest::of(b"deploy") },
        cwd: "/srv".into(),
        environment: Environment::Complete(vec![]),
        stdin: None,
        script: None,
        user: "mara".parse().unwrap(),
        host: "desk".parse().unwrap(),
        arguments,
    });
    let terms = Terms {
        target: "/usr/bin/deploy".into(),
        environment: "this machine".parse().unwrap(),
        reversibility: Reversibility::Effort,
        preconditions: vec![],
        tool,
        uses: 2,
        until: at(600),
    };
    proposal.actions = Batch::new(terms).unwrap().into();
    let digest = world.gate.send_proposal(&proposal);
    assert_eq!(world.state(&digest), ItemState::Waiting);
    assert_eq!(world.opened(&digest).editable, Editable::Nothing);
    world.approve(&digest);
    digest
}

fn used(world: &mut World, digest: &Digest, number: u64, outcome: Outcome) -> Digest {
    world.gate.receipt_of(digest, Some(Used { entry: number, number }), true, outcome)
}

fn of(used: u64, over: bool) -> ItemState {
    ItemState::Used { at: at(11), used, most: 2, over }
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
    assert_eq!(world.state(&digest), of(1, false));
    let resolution = world.opened(&digest).uses[0].resolution.clone().unwrap();
    assert_eq!(
        (resolution.found, resolution.comment.as_deref()),
        (Found::DidNotRun, Some("nothing is there"))
    );
    assert!(matches!(world.it().resolve(&receipt, Found::Ran, None), Err(Error::NotOpen(_))));
    used(&mut world, &digest, 2, done());
    assert_eq!(world.state(&digest), of(2, true));
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
