//! What arrives: shown as a proposal when it is one, kept as evidence when it is not.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::content::{Content, MAX_INLINE};
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::key::SecretKey;
use countersign_core::name::Epoch;
use countersign_core::proposal;
use countersign_core::receipt::Outcome;
use countersign_core::refusal::Code;
use countersign_reviewer::{Answer, Cause, Error, Event, ItemState, Mark};
use countersign_sources::spool::Kind;
use world::{FakeGate, at, done, world};

fn evidence(world: &world::World) -> Vec<(Digest, Cause)> {
    world.it().look().unwrap();
    let rows = world.it().queue().unwrap().evidence.rows;
    let cause = |state| match state {
        ItemState::Evidence { cause } => cause,
        other => panic!("{other:?}"),
    };
    rows.into_iter().map(|row| (row.digest, cause(row.state))).collect()
}

#[test]
fn a_proposal_arrives_waits_and_is_acknowledged() {
    let mut world = world();
    let digest = world.gate.propose();
    let opened = world.opened(&digest);
    assert_eq!(opened.state, ItemState::Waiting);
    assert_eq!(opened.proposal.unwrap().id.as_str(), "01890a5d-ac96-774b-bcce-b302099a8057");
    assert_eq!(opened.sheet.unwrap().digest(), opened.sheet_digest.unwrap());
    let queue = world.it().queue().unwrap();
    assert_eq!(queue.waiting.rows.len(), 1);
    assert_eq!(
        queue.waiting.rows[0].agent.iter().map(|it| it.display.as_str()).collect::<String>(),
        "a program of forum-helper"
    );
    assert!(!queue.waiting.rows[0].action.is_empty());
    assert!(!queue.waiting.rows[0].marks.contains(&Mark::UnknownSender));
    assert_eq!(world.acknowledged(&world.gate.take()), [digest]);
    let arrived = |event: &Event| matches!(event, Event::Arrived { digest: of, .. } if *of == digest);
    assert_eq!(world.events.lock().unwrap().iter().filter(|event| arrived(event)).count(), 1);
}

#[test]
fn the_same_proposal_again_is_one_and_is_acknowledged_again() {
    let mut world = world();
    let proposal = world.gate.proposal();
    for _ in 0..3 {
        let digest = world.gate.send_proposal(&proposal);
        world.it().look().unwrap();
        assert_eq!(world.acknowledged(&world.gate.take()), [digest]);
    }
    assert_eq!(world.it().queue().unwrap().waiting.rows.len(), 1);
    assert!(evidence(&world).is_empty());
}

#[test]
fn what_arrives_while_the_app_is_closed_is_there_when_it_opens() {
    let mut world = world();
    world.stop();
    let digest = world.gate.propose();
    world.restart();
    assert_eq!(world.state(&digest), ItemState::Waiting);
    assert_eq!(world.acknowledged(&world.gate.take()), [digest]);
}

#[test]
fn nothing_is_read_before_there_is_a_root_and_nothing_is_lost() {
    let mut world = world::bare();
    let digest = world.gate.propose();
    world.it().look().unwrap();
    assert!(world.it().queue().unwrap().waiting.rows.is_empty());
    let set_up = countersign_reviewer::SetUp {
        person: "Ada".parse().unwrap(),
        device: "desk".parse().unwrap(),
        passphrase: world::passphrase(),
        understood: countersign_keys::LossUnderstood::confirm(countersign_keys::LossUnderstood::WORDS)
            .unwrap(),
        place: None,
    };
    world.it().set_up(set_up).unwrap();
    world.it().enrol(&world.gate.id, world.gate.key.public(), &world::passphrase()).unwrap();
    assert_eq!(world.state(&digest), ItemState::Waiting);
}

#[test]
fn a_tampered_proposal_is_evidence_and_is_not_acknowledged() {
    let mut world = world();
    let proposal = world.gate.proposal();
    let mut envelope = world.gate.sign(&proposal);
    let at = envelope.payload.windows(5).position(|it| it == b"three").unwrap();
    envelope.payload[at] = b'T';
    let digest = world.gate.send(Kind::Proposal, &envelope);
    let found = evidence(&world);
    assert_eq!(found, [(Digest::of(&envelope.to_bytes()), Cause::Refused(Code::SignatureInvalid))]);
    assert!(matches!(world.it().open(&digest), Err(Error::NotFound(_))));
    let opened = world.opened(&found[0].0);
    assert!(opened.proposal.is_none() && opened.sheet.is_none());
    assert_eq!(opened.evidence.unwrap().raw, envelope.to_bytes());
    assert!(world.acknowledged(&world.gate.take()).is_empty());
    let refused = world.answer(&found[0].0, Answer::Deny);
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
}

#[test]
fn a_proposal_of_a_gate_that_is_not_in_the_root_is_evidence() {
    let mut world = world();
    let proposal = world.gate.proposal();
    let stranger = SecretKey::from_seed(&[8; 32]);
    let envelope = Envelope::sign(proposal::TYPE, proposal.to_payload().unwrap(), &stranger);
    world.gate.send(Kind::Proposal, &envelope);
    assert_eq!(evidence(&world)[0].1, Cause::Refused(Code::KeyUnknown));
    assert!(world.it().queue().unwrap().waiting.rows.is_empty());
}

#[test]
fn what_is_not_what_its_name_says_is_evidence() {
    let mut world = world();
    let proposal = world.gate.proposal();
    let envelope = world.gate.sign(&proposal);
    world.gate.writer.send(Kind::Proposal, &Digest::of(b"other"), &envelope.to_bytes()).unwrap();
    assert_eq!(evidence(&world)[0].1, Cause::WrongName);

    let proposal = world.gate.proposal();
    let envelope = world.gate.sign(&proposal);
    world.gate.send(Kind::Receipt, &envelope);
    assert_eq!(evidence(&world)[0].1, Cause::Refused(Code::PayloadType));

    let proposal = world.gate.proposal();
    let envelope = world.gate.sign(&proposal);
    world.gate.send(Kind::Lift, &envelope);
    assert_eq!(evidence(&world)[0].1, Cause::Unexpected);

    world.gate.writer.send(Kind::Proposal, &Digest::of(b"x"), b"no envelope").unwrap();
    assert_eq!(evidence(&world)[0].1, Cause::Refused(Code::EnvelopeMalformed));

    std::fs::write(world.layout().reviewer_box().join("new").join("stray"), b"x").unwrap();
    assert_eq!(evidence(&world)[0].1, Cause::NoMessage);
    assert!(world.it().queue().unwrap().waiting.rows.is_empty());
}

#[test]
fn a_number_given_out_twice_is_evidence() {
    let mut world = world();
    let first = world.gate.propose();
    world.gate.seq -= 1;
    let second = world.gate.propose();
    assert_ne!(first, second);
    assert_eq!(world.state(&first), ItemState::Waiting);
    assert_eq!(evidence(&world)[0].1, Cause::SeqAgain);
    // The number of a receipt is of the same series.
    world.gate.seq -= 1;
    world.gate.receipt(&first, true, done());
    assert_eq!(evidence(&world)[0].1, Cause::SeqAgain);
    assert_eq!(world.state(&first), ItemState::Waiting);
}

#[test]
fn a_proposal_that_would_stand_too_long_is_evidence() {
    let mut world = world();
    let mut proposal = world.gate.proposal();
    proposal.expires = at(15 * 24 * 3600);
    world.gate.send_proposal(&proposal);
    assert_eq!(evidence(&world)[0].1, Cause::Refused(Code::LifetimeTooLong));
}

#[test]
fn it_is_neither_acknowledged_nor_signable_before_its_contents_are_here() {
    let mut world = world();
    let text = vec![b'a'; MAX_INLINE + 1];
    let mut proposal = world.gate.proposal();
    proposal.rationale = Some(Content::blob("text/plain", &text));
    let digest = world.gate.send_proposal(&proposal);
    assert_eq!(world.state(&digest), ItemState::Incomplete { missing: 1 });
    let opened = world.opened(&digest);
    assert!(opened.sheet.is_none());
    assert_eq!(opened.missing, [Digest::of(&text)]);
    assert!(world.acknowledged(&world.gate.take()).is_empty());
    let refused = world.answer(&digest, Answer::Approve { not_shown: None });
    assert!(matches!(refused, Err(Error::NotOpen(_))), "{refused:?}");
    assert!(!world.events.lock().unwrap().iter().any(|event| matches!(event, Event::Arrived { .. })));

    world.gate.writer.put_blob(&Digest::of(&text), &text).unwrap();
    assert_eq!(world.state(&digest), ItemState::Waiting);
    assert_eq!(world.acknowledged(&world.gate.take()), [digest]);
    assert_eq!(world.it().blob(&Digest::of(&text)).unwrap().unwrap(), text);
    assert!(world.events.lock().unwrap().iter().any(|event| matches!(event, Event::Arrived { .. })));
    let left = world.layout().reviewer_box().join("blobs");
    assert_eq!(std::fs::read_dir(left).unwrap().count(), 0);
    world.approve(&digest);
}

#[test]
fn what_was_missing_is_heard_of_when_it_comes_together_with_the_proposal_sent_again() {
    let mut world = world();
    let text = vec![b'a'; MAX_INLINE + 1];
    let mut proposals = Vec::new();
    for _ in 0..2 {
        let mut proposal = world.gate.proposal();
        proposal.rationale = Some(Content::blob("text/plain", &text));
        let digest = world.gate.send_proposal(&proposal);
        assert_eq!(world.state(&digest), ItemState::Incomplete { missing: 1 });
        proposals.push((digest, proposal));
    }
    world.stop();
    world.events.lock().unwrap().clear();
    // As a gate does when it starts: both lie there before anybody looks. One content, which two wait for.
    world.gate.writer.put_blob(&Digest::of(&text), &text).unwrap();
    world.gate.send_proposal(&proposals[0].1);
    world.restart();
    for (digest, _) in &proposals {
        assert_eq!(world.state(digest), ItemState::Waiting);
        let arrived = |event: &&Event| matches!(event, Event::Arrived { digest: of, .. } if of == digest);
        assert_eq!(world.events.lock().unwrap().iter().filter(arrived).count(), 1);
    }
    assert!(world.events.lock().unwrap().iter().any(|event| matches!(event, Event::QueueChanged)));
    let mut acknowledged = world.acknowledged(&world.gate.take());
    acknowledged.sort();
    let mut both: Vec<Digest> = proposals.iter().map(|(digest, _)| *digest).collect();
    both.sort();
    assert_eq!(acknowledged, both);
}

#[test]
fn a_withdrawal_counts_whether_it_comes_before_or_after() {
    let mut world = world();
    let early = world.gate.proposal();
    let withdrawal = world.gate.withdraw(&world.gate.sign(&early).digest());
    world.it().look().unwrap();
    let digest = world.gate.send_proposal(&early);
    assert!(matches!(world.state(&digest), ItemState::Withdrawn { .. }));
    assert!(world.acknowledged(&world.gate.take()).contains(&withdrawal));
    assert!(!world.events.lock().unwrap().iter().any(|event| matches!(event, Event::Arrived { .. })));

    let late = world.gate.propose();
    assert_eq!(world.state(&late), ItemState::Waiting);
    world.gate.withdraw(&late);
    let state = world.state(&late);
    let reason = Some("the agent gave up".to_owned());
    assert_eq!(state, ItemState::Withdrawn { at: at(9), reason });
    let refused = world.answer(&late, Answer::Approve { not_shown: None });
    assert!(matches!(refused, Err(Error::NotOpen(_))), "{refused:?}");
}

#[test]
fn a_newer_proposal_takes_the_place_of_an_older_one_of_the_same_agent() {
    let mut world = world();
    let old = world.gate.propose();
    let mut newer = world.gate.proposal();
    newer.supersedes = Some(old);
    let newer = world.gate.send_proposal(&newer);
    assert_eq!(world.state(&old), ItemState::Superseded { by: Some(newer) });
    assert_eq!(world.state(&newer), ItemState::Waiting);
    let mut stranger = world.gate.proposal();
    stranger.supersedes = Some(newer);
    stranger.agent.authenticated = proposal::Authenticated::Uid(7);
    world.gate.send_proposal(&stranger);
    assert_eq!(world.state(&newer), ItemState::Waiting);
}

#[test]
fn it_expires_by_the_clock() {
    let mut world = world();
    let digest = world.gate.propose();
    world.clock.pass(3_599_000);
    assert_eq!(world.state(&digest), ItemState::Waiting);
    world.clock.pass(1000);
    assert_eq!(world.state(&digest), ItemState::Expired { at: at(3600) });
    assert!(world.it().queue().unwrap().waiting.rows.is_empty());
    let refused = world.answer(&digest, Answer::Approve { not_shown: None });
    assert!(matches!(refused, Err(Error::NotOpen(_))), "{refused:?}");
}

#[test]
fn a_gate_that_lost_its_memory_voids_what_it_asked_before() {
    let mut world = world();
    let before = world.gate.propose();
    assert_eq!(world.state(&before), ItemState::Waiting);
    world.gate.epoch = Epoch::from_bytes([2; 16]);
    world.gate.seq = 0;
    world.gate.say_epoch();
    assert_eq!(world.state(&before), ItemState::Refused { code: Code::NonceUnknown });
    let after = world.gate.propose();
    assert_eq!(world.state(&after), ItemState::Waiting);
}

#[test]
fn receipts_say_what_became_of_it() {
    let outcomes = [
        (done(), ItemState::Executed { at: at(11), exit: None }),
        (Outcome::Released { at: at(10) }, ItemState::Released { at: at(11) }),
        (
            Outcome::Refused { code: Code::Precondition, why: "it changed".to_owned() },
            ItemState::Refused { code: Code::Precondition },
        ),
    ];
    for (outcome, expected) in outcomes {
        let mut world = world();
        let digest = world.gate.propose();
        world.it().look().unwrap();
        world.approve(&digest);
        let receipt = world.gate.receipt(&digest, true, outcome.clone());
        assert_eq!(world.state(&digest), expected);
        let shown = world.opened(&digest).receipt.unwrap();
        assert_eq!((shown.digest, &shown.receipt.outcomes[0]), (receipt, &outcome));
        assert!(world.acknowledged(&world.gate.take()).contains(&receipt));
        assert_eq!(world.it().queue().unwrap().decided.rows.len(), 1);
    }
}

#[test]
fn a_second_app_on_the_same_folders_is_refused() {
    let world = world();
    let second = countersign_reviewer::Reviewer::start(world.layout(), world.options(), |_| {});
    assert!(matches!(second, Err(Error::Spool(countersign_sources::Error::Busy { .. }))));
}

#[test]
fn a_gate_that_comes_back_with_another_key_is_trusted_only_after_it_is_enrolled() {
    let mut world = world();
    world.gate.stop();
    world.gate = FakeGate::new(world.base.path(), 8);
    world.gate.epoch = Epoch::from_bytes([3; 16]);
    let refused = world.gate.proposal();
    world.gate.send_proposal(&refused);
    assert_eq!(evidence(&world)[0].1, Cause::Refused(Code::KeyUnknown));
    let first = *world.root().digest();
    let digest = world.it().enrol(&world.gate.id, world.gate.key.public(), &world::passphrase()).unwrap();
    assert_ne!(digest, first);
    // Nobody was left who could have followed the old root.
    assert_eq!(world.root().root().version, 1);
    assert_eq!(
        world.it().enrol(&world.gate.id, world.gate.key.public(), &world::passphrase()).unwrap(),
        digest
    );
    // It sends again what was not acknowledged, and now it counts.
    let digest = world.gate.send_proposal(&refused);
    assert_eq!(world.state(&digest), ItemState::Waiting);
    world.restart();
    assert_eq!(world.state(&digest), ItemState::Waiting);
}

#[test]
fn another_gate_is_a_version_more_and_the_first_one_is_told() {
    let world = world();
    let second: countersign_core::name::GateId = "second".parse().unwrap();
    let key = SecretKey::from_seed(&[5; 32]).public();
    let first = world.root();
    let digest = world.it().enrol(&second, key, &world::passphrase()).unwrap();
    let sent = world.gate.take();
    let told = sent.iter().find(|it| it.kind == Kind::Root).unwrap();
    assert_eq!(told.digest, digest);
    let next = first.advance(&told.bytes).unwrap();
    assert_eq!((next.root().version, next.root().gate(&second).unwrap().key), (2, key));
    assert_eq!(world.it().state().unwrap().gates.len(), 2);
}

#[test]
fn what_cannot_be_put_away_keeps_nothing_else_waiting() {
    let mut world = world();
    std::fs::remove_dir(world.layout().reviewer_box().join("bad")).unwrap();
    world.gate.writer.send(Kind::Halt, &Digest::of(b"rubbish"), b"rubbish").unwrap();
    let mut proposal = world.gate.proposal();
    let bytes = vec![b'x'; MAX_INLINE + 1];
    proposal.rationale = Some(Content::blob("text/plain", &bytes));
    let digest = world.gate.send_proposal(&proposal);
    // It says that something is wrong, and does all the rest.
    assert!(world.it().look().is_err());
    assert!(matches!(world.it().open(&digest).unwrap().state, ItemState::Incomplete { .. }));
    world.gate.writer.put_blob(&Digest::of(&bytes), &bytes).unwrap();
    assert!(world.it().look().is_err());
    assert_eq!(world.it().open(&digest).unwrap().state, ItemState::Waiting);
    assert_eq!(world.acknowledged(&world.gate.take()), [digest]);
}
