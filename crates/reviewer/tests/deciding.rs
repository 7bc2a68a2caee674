//! Deciding: nothing is signed but what was shown, armed and seen.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::decision::{Found, Resolution, Verdict, Withdrawal};
use countersign_core::digest::Digest;
use countersign_core::proposal::{Proposal, Requirement};
use countersign_core::receipt::Outcome;
use countersign_core::refusal::Refusal;
use countersign_core::statement::Statement;
use countersign_core::verify::{
    self, Clock as GateClock, Facts, Ledger, NonceState, Ruling, Standing, Subject,
};
use countersign_reviewer::{Answer, ApproveState, Clock as _, Decide, Error, ItemState};
use countersign_sources::spool::Kind;
use world::{World, at, done, world};

const APPROVE: Answer = Answer::Approve { not_shown: None };

/// What a gate rules on the envelope in `bytes`, with nothing standing against it.
fn rule(world: &World, bytes: &[u8], proposal: &Proposal, signed: &Digest) -> Result<Ruling, Refusal> {
    let rules = (Requirement::built_in(), Requirement::built_in_rules());
    let now = world.clock.now();
    verify::verify(bytes, &world.root(), now, |_| Facts {
        gate: &proposal.gate,
        epoch: &proposal.epoch,
        standing: Standing::Open,
        subject: Some(Subject {
            proposal,
            amendment: None,
            recomputed: *signed,
            signed: *signed,
            asking: None,
        }),
        clock: GateClock { now, highest: now },
        nonce: NonceState::Open,
        ledger: Ledger::Consistent,
        approvers: &[],
        rules: (&rules.0, &rules.1),
    })
}

#[test]
fn an_approval_is_one_that_a_gate_acts_on() {
    let mut world = world();
    let proposal = world.gate.proposal();
    let digest = world.gate.send_proposal(&proposal);
    let sheet = world.read_all(&digest);
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::Ready);
    let comment = Some("  looks right \n".to_owned());
    let decide = Decide { proposal: digest, sheet: Some(sheet), answer: APPROVE, comment };
    let signed = world.it().decide(decide).unwrap();
    assert!(signed.gate_alive);
    assert!(matches!(world.state(&digest), ItemState::Signed { .. }));

    let sent = world.gate.take();
    let decision = world.decision(&sent, &signed.digest);
    let it = &decision.value().predicate;
    assert_eq!((it.verdict, it.sequence, it.not_shown), (Verdict::Approve, 1, None));
    assert_eq!((it.sheet.sha256, it.sheet.version), (sheet, countersign_sheet::VERSION));
    assert_eq!(it.comment.as_deref(), Some("looks right"));
    let bytes = &sent.iter().find(|it| it.digest == signed.digest).unwrap().bytes;
    let Ruling::Enough(approval) = rule(&world, bytes, &proposal, &digest).unwrap() else { panic!() };
    assert_eq!(approval.subject(), &digest);

    world.gate.acknowledge(&[signed.digest]);
    assert!(matches!(world.state(&digest), ItemState::Delivered { .. }));
    assert!(world.opened(&digest).decision.unwrap().delivered);
}

#[test]
fn approving_in_the_moment_after_it_appeared_is_refused() {
    let mut world = world();
    let digest = world.gate.propose();
    let sheet = world.read_all(&digest);
    world.it().shown(&digest, &sheet).unwrap();
    world.clock.pass(999);
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::Arming { milliseconds: 1 });
    let refused = world.approve_as(&digest, sheet, None);
    assert!(matches!(refused, Err(Error::NotArmed { milliseconds: 1 })), "{refused:?}");
    world.clock.pass(1);
    // Coming to the front begins anew; in the background nothing is armed.
    world.it().focus_changed(false);
    world.clock.pass(5000);
    assert!(matches!(world.approve_as(&digest, sheet, None), Err(Error::Changed)));
    world.it().focus_changed(true);
    assert!(matches!(world.approve_as(&digest, sheet, None), Err(Error::NotArmed { .. })));
    world.clock.pass(1000);
    world.approve_as(&digest, sheet, None).unwrap();
}

#[test]
fn only_the_sheet_on_screen_can_be_approved() {
    let mut world = world();
    let (one, two) = (world.gate.propose(), world.gate.propose());
    let sheet_of_one = world.read_all(&one);
    let sheet_of_two = world.read_all(&two);
    assert!(matches!(world.approve_as(&one, sheet_of_one, None), Err(Error::Changed)));
    assert!(matches!(world.approve_as(&two, Digest::of(b"another"), None), Err(Error::Changed)));
    assert!(
        matches!(world.it().shown(&one, &sheet_of_two), Err(Error::Changed)) || sheet_of_one == sheet_of_two
    );
    let unnamed = Decide { proposal: two, sheet: None, answer: APPROVE, comment: None };
    assert!(matches!(world.it().decide(unnamed), Err(Error::Changed)));
    assert!(world.gate.take().iter().all(|it| it.kind == Kind::Ack));
}

#[test]
fn rows_that_were_not_on_screen_must_be_owned_up_to_exactly() {
    let mut world = world();
    let digest = world.gate.propose();
    let opened = world.opened(&digest);
    let (sheet, documents) = (opened.sheet_digest.unwrap(), opened.sheet.unwrap().documents.clone());
    world.it().shown(&digest, &sheet).unwrap();
    let all: usize = documents.iter().map(|it| it.rows.len()).sum();
    let folded: usize = documents.iter().flat_map(|it| &it.folds).map(|fold| fold.len()).sum();
    world.it().seen(&digest, &sheet, 0, std::slice::from_ref(&(0..1))).unwrap();
    world.clock.pass(1000);
    let unseen = (all - folded - 1) as u64;
    assert!(unseen > 0);
    let bar = world.it().bar(&digest).unwrap();
    assert_eq!((bar.approve, bar.unseen, bar.next_unseen), (ApproveState::Unseen, unseen, Some((0, 1))));
    for wrong in [None, Some(0), Some(unseen - 1), Some(unseen + 1)] {
        let refused = world.approve_as(&digest, sheet, wrong);
        assert!(matches!(refused, Err(Error::NotSeen { unseen: said }) if said == unseen), "{refused:?}");
    }
    world.approve_as(&digest, sheet, Some(unseen)).unwrap();
    let sent = world.gate.take();
    let decision = sent.iter().find(|it| it.kind == Kind::Decision).unwrap();
    let decision = world.decision(&sent, &decision.digest);
    assert_eq!(decision.value().predicate.not_shown, Some(unseen));
}

#[test]
fn rows_seen_are_remembered_when_one_comes_back_to_it() {
    let mut world = world();
    let (one, two) = (world.gate.propose(), world.gate.propose());
    let sheet = world.read_all(&one);
    world.read_all(&two);
    assert!(matches!(world.it().seen(&one, &sheet, 0, &[]), Err(Error::Changed)));
    world.it().shown(&one, &sheet).unwrap();
    world.clock.pass(1000);
    assert_eq!(world.it().bar(&one).unwrap().approve, ApproveState::Ready);
}

#[test]
fn a_locked_key_approves_nothing_and_denies_all_the_same() {
    let mut world = world();
    let digest = world.gate.propose();
    let sheet = world.read_all(&digest);
    world.it().lock();
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::KeyLocked);
    assert!(matches!(world.approve_as(&digest, sheet, None), Err(Error::KeyLocked)));
    let signed = world.answer(&digest, Answer::Deny).unwrap();
    let sent = world.gate.take();
    let decision = world.decision(&sent, &signed.digest);
    assert_eq!(decision.value().predicate.verdict, Verdict::Deny);
    assert_ne!(decision.key().to_hex(), world.root().root().entries[0].key.to_hex());
    assert!(matches!(world.state(&digest), ItemState::Denied { .. }));
    assert_eq!(world.it().queue().unwrap().delivering.rows.len(), 1);
    world.gate.acknowledge(&[signed.digest]);
    world.it().look().unwrap();
    assert_eq!(world.it().queue().unwrap().decided.rows.len(), 1);
}

#[test]
fn a_deny_is_final() {
    let mut world = world();
    let digest = world.gate.propose();
    let sheet = world.read_all(&digest);
    world.answer(&digest, Answer::Deny).unwrap();
    for again in [Answer::Deny, Answer::RequestChanges] {
        assert!(matches!(world.answer(&digest, again), Err(Error::NotOpen(_))));
    }
    assert!(matches!(world.approve_as(&digest, sheet, None), Err(Error::NotOpen(_))));
    assert!(matches!(world.it().withdraw(&digest), Err(Error::NotOpen(_))));
}

#[test]
fn a_deny_counts_also_after_ones_own_approval() {
    let mut world = world();
    let digest = world.gate.propose();
    let approved = world.approve(&digest);
    let denied = world.answer(&digest, Answer::Deny).unwrap();
    assert!(matches!(world.state(&digest), ItemState::Denied { .. }));
    let sent = world.gate.take();
    assert_eq!(world.decision(&sent, &approved.digest).value().predicate.sequence, 1);
    assert_eq!(world.decision(&sent, &denied.digest).value().predicate.sequence, 2);
}

#[test]
fn a_change_of_mind_is_a_withdrawal_and_then_the_next_answer() {
    let mut world = world();
    let digest = world.gate.propose();
    let first = world.approve(&digest);
    assert!(world.it().bar(&digest).unwrap().withdraw);
    let taken_back = world.it().withdraw(&digest).unwrap();
    assert_eq!(world.state(&digest), ItemState::Waiting);
    let second = world.answer(&digest, Answer::RequestChanges).unwrap();
    assert!(matches!(world.state(&digest), ItemState::ChangesRequested { .. }));
    let sent = world.gate.take();
    let withdrawal = sent.iter().find(|it| it.digest == taken_back.digest).unwrap();
    let it = verify::signed::<Statement<Withdrawal>>(&withdrawal.bytes, &world.root(), world.clock.now());
    assert_eq!(it.unwrap().value().subject, first.digest);
    assert_eq!(world.decision(&sent, &second.digest).value().predicate.sequence, 2);
    // What was acted on cannot be taken back.
    world.it().withdraw(&digest).unwrap();
    world.approve(&digest);
    world.gate.receipt(&digest, true, done());
    world.it().look().unwrap();
    assert!(matches!(world.it().withdraw(&digest), Err(Error::NotOpen(_))));
}

#[test]
fn taking_back_an_answer_takes_the_unlocked_key() {
    let mut world = world();
    let digest = world.gate.propose();
    world.approve(&digest);
    world.it().lock();
    assert!(matches!(world.it().withdraw(&digest), Err(Error::KeyLocked)));
    assert!(matches!(world.state(&digest), ItemState::Signed { .. }));
}

#[test]
fn an_unknown_outcome_waits_for_a_person_and_is_resolved_once() {
    let mut world = world();
    let digest = world.gate.propose();
    world.approve(&digest);
    let receipt = world.gate.receipt(&digest, true, Outcome::Unknown { started: at(10) });
    assert_eq!(world.state(&digest), ItemState::Unknown { at: at(11), receipt });
    assert_eq!(world.it().queue().unwrap().unknown.rows.len(), 1);
    let comment = Some("the file is there".to_owned());
    let signed = world.it().resolve(&receipt, Found::Ran, comment).unwrap();
    assert!(matches!(world.state(&digest), ItemState::Resolved { found: Found::Ran, .. }));
    assert!(matches!(world.it().resolve(&receipt, Found::DidNotRun, None), Err(Error::NotOpen(_))));
    let sent = world.gate.take();
    let bytes = &sent.iter().find(|it| it.digest == signed.digest).unwrap().bytes;
    let it = verify::signed::<Statement<Resolution>>(bytes, &world.root(), world.clock.now()).unwrap();
    assert_eq!((it.value().subject, it.value().predicate.found), (receipt, Found::Ran));
}

#[test]
fn a_comment_has_an_end() {
    let mut world = world();
    let digest = world.gate.propose();
    world.it().look().unwrap();
    let comment = Some("x".repeat(4001));
    let decide = Decide { proposal: digest, sheet: None, answer: Answer::Deny, comment };
    assert!(matches!(world.it().decide(decide), Err(Error::CommentTooLong(4001))));
    assert_eq!(world.state(&digest), ItemState::Waiting);
}

#[test]
fn what_was_answered_or_is_not_there_does_not_wait() {
    let mut world = world();
    let digest = world.gate.propose();
    world.it().look().unwrap();
    assert!(world.it().waits(&digest).unwrap());
    world.read_all(&digest);
    world.answer(&digest, Answer::Deny).unwrap();
    assert!(!world.it().waits(&digest).unwrap());
    assert!(!world.it().waits(&Digest::of(b"another")).unwrap());
}

#[test]
fn what_was_approved_before_of_the_same_kind_is_remembered() {
    let mut world = world();
    let first = world.gate.propose();
    assert_eq!(world.opened(&first).alike, (0, None));
    world.approve(&first);
    let mut other = world.gate.proposal();
    other.agent.authenticated = countersign_core::proposal::Authenticated::Uid(2000);
    let (second, stranger) = (world.gate.propose(), world.gate.send_proposal(&other));
    assert_eq!(world.opened(&second).alike, (1, Some(at(0))));
    assert_eq!(world.opened(&stranger).alike, (0, None), "it is another agent's");
    world.answer(&second, Answer::Deny).unwrap();
    let third = world.gate.propose();
    assert_eq!(world.opened(&third).alike.0, 1, "what was denied was not approved");
}
