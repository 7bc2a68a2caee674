//! The key: when it signs, what unlocks it and for which sheet, and when it locks.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::sync::Arc;
use std::sync::mpsc::channel;

use countersign_core::action::Reversibility;
use countersign_core::digest::Digest;
use countersign_keys::{LossUnderstood, Passphrase};
use countersign_reviewer::{ApproveState, Error, IDLE, ItemState, Lock, Setup};
use world::{SlowKeyring, at, passphrase, world, world_with};

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
    assert!(matches!(world.approve_as(&digest, sheet, None), Err(Error::Root(_))));
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
    assert!(matches!(world.approve_as(&first, graver, None), Err(Error::UnlockAgain)));

    // Unlocked with this sheet on screen, it is signed, and the key is locked again.
    world.it().unlock(&passphrase()).unwrap();
    world.approve_as(&first, graver, None).unwrap();
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Locked);
    let next = world.read_all(&second);
    assert!(matches!(world.approve_as(&second, next, None), Err(Error::KeyLocked)));

    // What can be taken back needs no passphrase of its own.
    world.it().unlock(&passphrase()).unwrap();
    let _ = world.read_all(&harmless);
    world.approve_as(&harmless, sheet, None).unwrap();
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
    assert!(matches!(world.approve_as(&second, sheet, None), Err(Error::UnlockAgain)));
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
        world.approve_as(&digest, sheet, None).unwrap();
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
    assert!(matches!(world.approve_as(&digest, sheet, None), Err(Error::KeyLocked)));
}
