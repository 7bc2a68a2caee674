//! Removing everything begins with the keys, and ends there when they cannot be removed.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use countersign_reviewer::{Error, Event, ItemState, Lock, REMOVAL_WORDS};
use world::{SlowKeyring, passphrase, world, world_with};

#[test]
fn a_keyring_that_keeps_its_keys_keeps_everything_as_it_is() {
    let keyring = Arc::new(SlowKeyring::default());
    let mut world = world_with(Arc::clone(&keyring));
    let digest = world.gate.propose();
    assert_eq!(world.state(&digest), ItemState::Waiting);
    let before = world.it().removal(&[]).unwrap().into_iter().map(|it| it.what).collect::<Vec<_>>();
    keyring.locked.store(true, Ordering::SeqCst);
    assert!(matches!(world.it().remove_all(REMOVAL_WORDS, &[]), Err(Error::Keys(_))));
    assert!(!world.events.lock().unwrap().contains(&Event::Removed));
    let after = world.it().removal(&[]).unwrap().into_iter().map(|it| it.what).collect::<Vec<_>>();
    assert_eq!(after, before);
    world.restart();
    assert_eq!(world.state(&digest), ItemState::Waiting);
    world.it().unlock(&passphrase()).unwrap();
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Unlocked);
    keyring.locked.store(false, Ordering::SeqCst);
    world.it().remove_all(REMOVAL_WORDS, &[]).unwrap();
    assert!(world.events.lock().unwrap().contains(&Event::Removed));
}

#[test]
fn the_words_are_taken_in_capitals_too_and_no_others_are() {
    let world = world();
    for words in ["", "remove", "remove  everything", "remove everything now"] {
        assert!(matches!(world.it().remove_all(words, &[]), Err(Error::NotConfirmed)), "{words:?}");
    }
    assert!(!world.events.lock().unwrap().contains(&Event::Removed));
    world.it().remove_all(" Remove Everything ", &[]).unwrap();
    assert!(world.events.lock().unwrap().contains(&Event::Removed));
}

#[test]
fn what_cannot_be_removed_keeps_nothing_else_and_can_be_tried_again() {
    let world = world();
    let cache = world.base.path().join("cache");
    std::fs::create_dir(&cache).unwrap();
    // Nobody can remove this one.
    let stays = std::path::PathBuf::from("/proc/self/status");
    let removed = world.it().remove_all(REMOVAL_WORDS, &[stays.clone(), cache.clone()]);
    assert!(matches!(removed, Err(Error::File { path, .. }) if path == stays));
    assert!(world.it().is_removed());
    assert!(!cache.exists() && !world.layout().data().exists());
    // Not everything is gone, and nobody is told that it were.
    assert!(!world.events.lock().unwrap().contains(&Event::Removed));
    assert!(world.it().unlock(&passphrase()).is_err());
    world.it().remove_all(REMOVAL_WORDS, &[cache]).unwrap();
    assert!(world.events.lock().unwrap().contains(&Event::Removed));
    assert!(!world.layout().data().exists());
}
