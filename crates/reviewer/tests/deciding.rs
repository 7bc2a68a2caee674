//! Deciding: nothing is signed but what was shown, armed and seen; what was signed arrives.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::sync::Arc;
use std::sync::mpsc::channel;

use countersign_core::action::Reversibility;
use countersign_core::decision::{Found, Resolution, Verdict, Withdrawal};
use countersign_core::digest::Digest;
use countersign_core::halt::Lift;
use countersign_core::name::Epoch;
use countersign_core::proposal::{Proposal, Requirement};
use countersign_core::receipt::Outcome;
use countersign_core::refusal::Refusal;
use countersign_core::statement::Statement;
use countersign_core::verify::{
    self, Clock as GateClock, Facts, Ledger, NonceState, Ruling, Standing, Subject,
};
use countersign_keys::{LossUnderstood, Passphrase};
use countersign_reviewer::{Answer, ApproveState, Clock as _, Decide, Error, IDLE, ItemState, Lock, Setup};
use countersign_sources::spool::Kind;
use world::{SlowKeyring, World, at, done, passphrase, world, world_with};

const APPROVE: Answer = Answer::Approve { not_shown: None };

fn approve_with(world: &World, digest: &Digest, sheet: Digest, not_shown: Option<u64>) -> Result<(), Error> {
    let answer = Answer::Approve { not_shown };
    let decide = Decide { proposal: *digest, sheet: Some(sheet), answer, comment: None };
    world.it().decide(decide).map(|_| ())
}

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
    let refused = approve_with(&world, &digest, sheet, None);
    assert!(matches!(refused, Err(Error::NotArmed { milliseconds: 1 })), "{refused:?}");
    world.clock.pass(1);
    // Coming to the front begins anew; in the background nothing is armed.
    world.it().focus_changed(false);
    world.clock.pass(5000);
    assert!(matches!(approve_with(&world, &digest, sheet, None), Err(Error::Changed)));
    world.it().focus_changed(true);
    assert!(matches!(approve_with(&world, &digest, sheet, None), Err(Error::NotArmed { .. })));
    world.clock.pass(1000);
    approve_with(&world, &digest, sheet, None).unwrap();
}

#[test]
fn only_the_sheet_on_screen_can_be_approved() {
    let mut world = world();
    let (one, two) = (world.gate.propose(), world.gate.propose());
    let sheet_of_one = world.read_all(&one);
    let sheet_of_two = world.read_all(&two);
    assert!(matches!(approve_with(&world, &one, sheet_of_one, None), Err(Error::Changed)));
    assert!(matches!(approve_with(&world, &two, Digest::of(b"another"), None), Err(Error::Changed)));
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
        let refused = approve_with(&world, &digest, sheet, wrong);
        assert!(matches!(refused, Err(Error::NotSeen { unseen: said }) if said == unseen), "{refused:?}");
    }
    approve_with(&world, &digest, sheet, Some(unseen)).unwrap();
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
    assert!(matches!(approve_with(&world, &digest, sheet, None), Err(Error::KeyLocked)));
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
fn the_key_locks_by_itself_when_nobody_uses_it() {
    let mut world = world();
    let idle = u64::try_from(IDLE.as_millis()).unwrap();
    world.clock.pass(idle - 2000);
    assert_eq!(world.it().state().unwrap().key.locks_in, Some(2));
    // Using it starts the wait anew.
    let mut proposal = world.gate.proposal();
    proposal.expires = at(24 * 3600);
    let digest = world.gate.send_proposal(&proposal);
    world.approve(&digest);
    world.clock.pass(idle - 1);
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Unlocked);
    world.clock.pass(1);
    // The thread looks at the clock by itself.
    for _ in 0..1000 {
        if world.it().state().unwrap().key.lock == Lock::Locked {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("the key is still unlocked");
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
    assert!(matches!(approve_with(&world, &digest, sheet, None), Err(Error::NotOpen(_))));
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
fn it_is_sent_until_the_gate_acknowledges_it_and_not_after() {
    let mut world = world();
    let digest = world.gate.propose();
    let signed = world.approve(&digest);
    let decisions = |world: &World| {
        world.it().look().unwrap();
        world.gate.take().iter().filter(|it| it.kind == Kind::Decision).count()
    };
    assert_eq!(decisions(&world), 1);
    assert_eq!(decisions(&world), 0);
    world.clock.pass(60_000);
    assert_eq!(decisions(&world), 1);
    world.gate.acknowledge(&[signed.digest]);
    world.it().look().unwrap();
    world.clock.pass(600_000);
    assert_eq!(decisions(&world), 0);
    world.restart();
    assert_eq!(decisions(&world), 0);
    assert_eq!(world.it().state().unwrap().outbox, 0);
}

#[test]
fn a_forged_acknowledgement_stops_nothing() {
    let mut world = world();
    let digest = world.gate.propose();
    let signed = world.approve(&digest);
    let key = std::mem::replace(&mut world.gate.key, countersign_core::key::SecretKey::from_seed(&[8; 32]));
    world.gate.acknowledge(&[signed.digest]);
    world.gate.key = key;
    assert!(matches!(world.state(&digest), ItemState::Signed { .. }));
    assert_eq!(world.it().queue().unwrap().evidence.rows.len(), 1);
}

#[test]
fn a_decision_signed_while_the_gate_is_down_is_delivered_when_it_is_back() {
    let mut world = world();
    let digest = world.gate.propose();
    world.it().look().unwrap();
    world.gate.take();
    world.gate.stop();
    let signed = world.approve(&digest);
    assert!(!signed.gate_alive);
    world.it().look().unwrap();
    assert!(!world.it().state().unwrap().gates[0].alive);
    assert!(matches!(world.state(&digest), ItemState::Signed { .. }));
    // Both are closed, and come back in either order.
    world.stop();
    world.gate.start();
    world.restart();
    assert_eq!(world.it().state().unwrap().outbox, 1);
    let sent = world.gate.take();
    assert_eq!(world.decision(&sent, &signed.digest).value().subject, digest);
}

#[test]
fn a_restart_keeps_the_outbox_and_sends_it_again() {
    let mut world = world();
    let digest = world.gate.propose();
    let signed = world.approve(&digest);
    // The file is lost on its way.
    world.gate.take();
    world.restart();
    assert_eq!(world.it().state().unwrap().outbox, 1);
    let sent = world.gate.take();
    world.decision(&sent, &signed.digest);
    assert!(matches!(world.state(&digest), ItemState::Signed { .. }));
}

#[test]
fn a_gate_with_a_new_epoch_gets_again_what_is_still_open() {
    let mut world = world();
    let halt = world.gate.halt_itself(9);
    world.it().look().unwrap();
    let lift = world.it().lift(&halt, &passphrase()).unwrap();
    world.gate.acknowledge(&[lift.digest]);
    world.it().look().unwrap();
    world.gate.take();
    assert_eq!(world.it().state().unwrap().outbox, 0);
    world.gate.epoch = Epoch::from_bytes([2; 16]);
    world.gate.say_epoch();
    world.it().look().unwrap();
    assert!(world.gate.take().iter().any(|it| it.digest == lift.digest));
}

#[test]
fn a_halt_is_lifted_with_the_passphrase_and_nothing_less() {
    let world = world();
    let halt = world.gate.halt_itself(9);
    world.it().look().unwrap();
    let halts = world.it().state().unwrap().halts;
    assert_eq!((halts[0].digest, halts[0].lifting), (halt, false));
    let wrong = world.it().lift(&halt, &Passphrase::new("wrong horse battery".to_owned()));
    assert!(matches!(wrong, Err(Error::Keys(countersign_keys::Error::WrongPassphrase { .. }))));
    world.clock.pass(60_000);
    let lift = world.it().lift(&halt, &passphrase()).unwrap();
    let sent = world.gate.take();
    let bytes = &sent.iter().find(|it| it.digest == lift.digest).unwrap().bytes;
    assert_eq!(verify::signed::<Lift>(bytes, &world.root(), world.clock.now()).unwrap().value().halt, halt);
    assert!(world.it().state().unwrap().halts[0].lifting);
    world.gate.acknowledge(&[lift.digest]);
    world.it().look().unwrap();
    assert!(world.it().state().unwrap().halts.is_empty());
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
fn a_key_that_the_root_does_not_name_signs_nothing() {
    let mut world = world();
    let digest = world.gate.propose();
    let sheet = world.read_all(&digest);
    let understood = || LossUnderstood::confirm(LossUnderstood::WORDS).unwrap();
    world.it().delete_key(understood()).unwrap();
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::NoKey);
    let again = countersign_reviewer::SetUp {
        person: "Ada".parse().unwrap(),
        device: "desk".parse().unwrap(),
        passphrase: passphrase(),
        understood: understood(),
        place: None,
    };
    world.it().set_up(again).unwrap();
    world.it().unlock(&passphrase()).unwrap();
    assert!(matches!(approve_with(&world, &digest, sheet, None), Err(Error::Root(_))));
    assert_eq!(world.state(&digest), ItemState::Waiting);
}

#[test]
fn a_backup_brings_the_key_back() {
    let mut world = world();
    let digest = world.gate.propose();
    let backup = world.it().backup(&passphrase()).unwrap();
    let path = world.base.path().join("backup.txt");
    world.it().save_backup(&backup, &path).unwrap();
    assert!(world.it().state().unwrap().key.backed_up.is_some());
    world.it().delete_key(LossUnderstood::confirm(LossUnderstood::WORDS).unwrap()).unwrap();
    assert_eq!(world.it().state().unwrap().key.lock, Lock::None);
    let text = std::fs::read_to_string(&path).unwrap();
    world.it().restore(&text, &passphrase(), "Ada".parse().unwrap(), "desk".parse().unwrap()).unwrap();
    world.it().unlock(&passphrase()).unwrap();
    assert_eq!(world.it().state().unwrap().setup, Setup::Ready);
    world.approve(&digest);
}

#[test]
fn wrong_passphrases_unlock_nothing_and_cost_time() {
    let world = world();
    world.it().lock();
    let wrong = || Passphrase::new("wrong horse battery".to_owned());
    let first = world.it().unlock(&wrong());
    assert!(matches!(first, Err(Error::Keys(countersign_keys::Error::WrongPassphrase { .. }))));
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Locked);
    for _ in 0..4 {
        let _ = world.it().unlock(&wrong());
    }
    assert!(world.it().state().unwrap().key.wait > 0);
    assert!(matches!(
        world.it().unlock(&passphrase()),
        Err(Error::Keys(countersign_keys::Error::TooSoon { .. }))
    ));
}

#[test]
fn what_cannot_be_taken_back_takes_the_passphrase_before_each_signature() {
    let mut world = world();
    let mut send = |fill: Reversibility| {
        let mut proposal = world.gate.proposal();
        proposal.actions.all_mut().unwrap()[0].reversibility = fill;
        world.gate.send_proposal(&proposal)
    };
    let (harmless, first, second) =
        (send(Reversibility::Reversible), send(Reversibility::Irreversible), send(Reversibility::Unknown));

    // Unlocked elsewhere is not unlocked for this.
    let sheet = world.read_all(&harmless);
    world.it().unlock(&passphrase()).unwrap();
    let graver = world.read_all(&first);
    assert_eq!(world.it().bar(&first).unwrap().approve, ApproveState::UnlockAgain);
    assert!(matches!(approve_with(&world, &first, graver, None), Err(Error::UnlockAgain)));

    // Unlocked with this sheet on screen, it is signed, and the key is locked again.
    world.it().unlock(&passphrase()).unwrap();
    approve_with(&world, &first, graver, None).unwrap();
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Locked);
    let next = world.read_all(&second);
    assert!(matches!(approve_with(&world, &second, next, None), Err(Error::KeyLocked)));

    // What can be taken back needs no passphrase of its own.
    world.it().unlock(&passphrase()).unwrap();
    let _ = world.read_all(&harmless);
    approve_with(&world, &harmless, sheet, None).unwrap();
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Unlocked);
}

#[test]
fn a_passphrase_given_before_one_sheet_unlocks_for_no_other_that_came_meanwhile() {
    let keyring = Arc::new(SlowKeyring::default());
    let mut world = world_with(keyring.clone());
    world.it().lock();
    let mut send = || {
        let mut proposal = world.gate.proposal();
        proposal.actions.all_mut().unwrap()[0].reversibility = Reversibility::Irreversible;
        world.gate.send_proposal(&proposal)
    };
    let (first, second) = (send(), send());
    world.read_all(&first);
    let ((began, has_begun), (end, may_end)) = (channel(), channel());
    *keyring.next.lock().unwrap() = Some((began, may_end));
    let sheet = std::thread::scope(|scope| {
        let it = world.it();
        let unlocking = scope.spawn(move || it.unlock(&passphrase()));
        has_begun.recv().unwrap();
        // A click on a notification opens the other one.
        let sheet = world.read_all(&second);
        end.send(()).unwrap();
        unlocking.join().unwrap().unwrap();
        sheet
    });
    assert_eq!(world.it().bar(&second).unwrap().approve, ApproveState::UnlockAgain);
    assert!(matches!(approve_with(&world, &second, sheet, None), Err(Error::UnlockAgain)));
}

#[test]
fn a_passphrase_given_where_no_sheet_is_shown_unlocks_for_none() {
    let mut world = world();
    world.it().lock();
    let mut proposal = world.gate.proposal();
    proposal.actions.all_mut().unwrap()[0].reversibility = Reversibility::Irreversible;
    let digest = world.gate.send_proposal(&proposal);
    let sheet = world.read_all(&digest);
    // Another one was hidden, a while ago: this one is on screen all the same.
    world.it().hidden(&Digest::of(b"another"), &sheet);
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::KeyLocked);
    world.it().hidden(&digest, &sheet);
    world.it().unlock(&passphrase()).unwrap();
    world.read_all(&digest);
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::UnlockAgain);
}

#[test]
fn a_lock_that_comes_while_the_key_is_unlocked_holds() {
    let keyring = Arc::new(SlowKeyring::default());
    let world = world_with(keyring.clone());
    world.it().lock();
    let ((began, has_begun), (end, may_end)) = (channel(), channel());
    *keyring.next.lock().unwrap() = Some((began, may_end));
    std::thread::scope(|scope| {
        let it = world.it();
        let unlocking = scope.spawn(move || it.unlock(&passphrase()));
        has_begun.recv().unwrap();
        // The lid is closed, or the screen locked.
        world.it().lock();
        end.send(()).unwrap();
        assert!(matches!(unlocking.join().unwrap(), Err(Error::KeyLocked)));
    });
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Locked);
    world.it().unlock(&passphrase()).unwrap();
}

#[test]
fn what_takes_the_passphrase_each_time_ends_an_unlocking_that_is_under_way() {
    let keyring = Arc::new(SlowKeyring::default());
    let mut world = world_with(keyring.clone());
    let mut proposal = world.gate.proposal();
    proposal.actions.all_mut().unwrap()[0].reversibility = Reversibility::Irreversible;
    let digest = world.gate.send_proposal(&proposal);
    let sheet = world.read_all(&digest);
    world.it().unlock(&passphrase()).unwrap();
    let ((began, has_begun), (end, may_end)) = (channel(), channel());
    *keyring.next.lock().unwrap() = Some((began, may_end));
    std::thread::scope(|scope| {
        let it = world.it();
        let unlocking = scope.spawn(move || it.unlock(&passphrase()));
        has_begun.recv().unwrap();
        approve_with(&world, &digest, sheet, None).unwrap();
        end.send(()).unwrap();
        assert!(matches!(unlocking.join().unwrap(), Err(Error::KeyLocked)));
    });
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Locked);
}

#[test]
fn a_key_whose_time_is_over_signs_nothing_whatever_keeps_it_from_being_locked() {
    let mut world = world();
    let digest = world.gate.propose();
    let sheet = world.read_all(&digest);
    // Before the thread that locks it comes to that.
    world.clock.pass(u64::try_from(IDLE.as_millis()).unwrap());
    assert!(matches!(approve_with(&world, &digest, sheet, None), Err(Error::KeyLocked)));
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
fn what_a_gate_did_not_acknowledge_before_it_died_is_sent_again_when_it_starts() {
    let mut world = world();
    let digest = world.gate.propose();
    let signed = world.approve(&digest);
    // It takes the approval, and dies before it can say so.
    let sent = |world: &World| world.gate.take().iter().any(|it| it.digest == signed.digest);
    assert!(sent(&world));
    world.it().look().unwrap();
    assert!(!sent(&world));
    world.gate.stop();
    world.gate.start();
    world.gate.say_epoch();
    world.it().look().unwrap();
    assert!(sent(&world));
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
