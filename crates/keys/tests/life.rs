//! The life of a person's keys in files: made, unlocked, backed up, damaged, lost, found.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use countersign_keys::{
    Cost, Created, Error, Kept, Keyring, Keys, LossUnderstood, Passphrase, Slot, Wanted, Which, Why,
};

const GOOD: &str = "correct horse battery";

fn keys(dir: &Path) -> Keys {
    // The keyring is never asked here: every key is wanted in a file.
    let keyring = Keyring::new("life", Duration::from_millis(1));
    Keys::open(dir, Arc::new(keyring), Cost::LEAST).unwrap()
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned())
}

fn understood() -> LossUnderstood {
    LossUnderstood::confirm(LossUnderstood::WORDS).unwrap()
}

fn create(keys: &Keys) -> Created {
    keys.create(&passphrase(GOOD), understood(), Wanted::File, 50).unwrap()
}

fn unlock(keys: &Keys, typed: &str, now: u64) -> Result<(), Error> {
    keys.reviewer()?.unlock(keys, &passphrase(typed), now).map(|_| ())
}

fn fresh() -> (tempfile::TempDir, Keys, Created) {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys(&dir.path().join("keys"));
    let created = create(&keys);
    (dir, keys, created)
}

fn ring_file(dir: &tempfile::TempDir) -> std::path::PathBuf {
    dir.path().join("keys/key-ring")
}

#[test]
fn an_unlocked_key_signs_and_each_key_is_its_own() {
    let (_dir, keys, created) = fresh();
    assert_eq!(created.kept, Kept::File { why: Why::Asked });
    assert_eq!(created.kept.to_string(), "in a file that only this user can read, because it was asked for");
    assert_ne!(created.reviewer.public(), created.administrator.public());
    for (locked, which) in
        [(keys.reviewer().unwrap(), Which::Reviewer), (keys.administrator().unwrap(), Which::Administrator)]
    {
        let unlocked = locked.unlock(&keys, &passphrase(GOOD), 100).unwrap();
        assert_eq!((unlocked.which(), unlocked.public()), (which, locked.public()));
        assert!(locked.public().holds(b"message", &unlocked.sign(b"message")));
        let envelope = unlocked.sign_envelope("text/plain", b"payload".to_vec());
        assert!(locked.public().holds(&envelope.signed_bytes(), &envelope.signatures[0].bytes));
        assert_eq!(unlocked.lock(), locked);
    }
    assert_eq!(created.reviewer.fingerprint(), created.reviewer.public().fingerprint());
}

#[test]
fn a_weak_passphrase_makes_no_key() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys(&dir.path().join("keys"));
    let refused = keys.create(&passphrase("short"), understood(), Wanted::File, 50);
    assert!(matches!(refused, Err(Error::PassphraseRule(_))));
    assert!(matches!(keys.reviewer(), Err(Error::NoKey)));
    assert_eq!(keys.about(50).unwrap().ring, None);
}

#[test]
fn wrong_passphrases_wait_longer_and_longer_also_after_a_restart() {
    let (dir, mut keys, _) = fresh();
    let mut now = 1000;
    for expected in [0, 0, 1, 2, 4, 8] {
        match unlock(&keys, "wrong horse battery", now) {
            Err(Error::WrongPassphrase { wait }) => assert_eq!(wait, expected),
            other => panic!("{other:?}"),
        }
        // A restart in between changes nothing.
        keys = self::keys(&dir.path().join("keys"));
        assert_eq!(keys.about(now).unwrap().wait, expected);
        if expected > 0 {
            // Even the right one is not looked at before its time.
            let soon = unlock(&keys, GOOD, now + expected - 1);
            assert!(matches!(soon, Err(Error::TooSoon { wait: 1 })), "{soon:?}");
        }
        now += expected;
    }
    unlock(&keys, GOOD, now).unwrap();
    assert_eq!(keys.about(now).unwrap().wait, 0);
    assert!(matches!(unlock(&keys, "wrong horse battery", now), Err(Error::WrongPassphrase { wait: 0 })));
}

#[test]
fn every_door_that_takes_the_passphrase_shares_one_count() {
    let (_dir, keys, _) = fresh();
    let wrong = || passphrase("wrong horse battery");
    assert!(matches!(keys.backup(&wrong(), 100), Err(Error::WrongPassphrase { wait: 0 })));
    assert!(keys.administrator().unwrap().unlock(&keys, &wrong(), 100).is_err());
    let third = keys.change_passphrase(&wrong(), &passphrase("another good one"), 100);
    assert!(matches!(third, Err(Error::WrongPassphrase { wait: 1 })));
    assert!(matches!(unlock(&keys, GOOD, 100), Err(Error::TooSoon { wait: 1 })));
}

#[test]
fn a_clock_put_back_waits_once_more_and_not_for_ever() {
    let (_dir, keys, _) = fresh();
    for now in [100_000, 100_000, 100_000] {
        assert!(unlock(&keys, "wrong horse battery", now).is_err());
    }
    assert!(matches!(unlock(&keys, GOOD, 10), Err(Error::TooSoon { wait: 1 })));
    unlock(&keys, GOOD, 11).unwrap();
}

#[test]
fn a_changed_passphrase_replaces_the_old_one() {
    let (_dir, keys, created) = fresh();
    keys.change_passphrase(&passphrase(GOOD), &passphrase("another good one"), 100).unwrap();
    assert!(matches!(unlock(&keys, GOOD, 101), Err(Error::WrongPassphrase { .. })));
    let key = keys.reviewer().unwrap().unlock(&keys, &passphrase("another good one"), 102).unwrap();
    assert_eq!(key.public(), created.reviewer.public());
    let weak = keys.change_passphrase(&passphrase("another good one"), &passphrase("weak"), 103);
    assert!(matches!(weak, Err(Error::PassphraseRule(_))));
    unlock(&keys, "another good one", 104).unwrap();
}

#[test]
fn a_backup_brings_both_keys_back_after_the_loss_of_everything() {
    let (dir, keys, created) = fresh();
    assert_eq!(keys.about(60).unwrap().ring.unwrap().backed_up, None);
    let path = dir.path().join("backup.txt");
    keys.save_backup(&created.backup, &path, 60).unwrap();
    assert_eq!(keys.about(60).unwrap().ring.unwrap().backed_up, Some(60));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    let elsewhere = self::keys(&dir.path().join("elsewhere"));
    let text = fs::read_to_string(&path).unwrap();
    let wrong = elsewhere.restore(&text, &passphrase("wrong horse battery"), Wanted::File, 70);
    assert!(matches!(wrong, Err(Error::WrongPassphrase { wait: 0 })));
    assert_eq!(elsewhere.about(70).unwrap().ring, None);
    let restored = elsewhere.restore(&text, &passphrase(GOOD), Wanted::File, 70).unwrap();
    assert_eq!(
        (restored.reviewer, restored.administrator),
        (created.reviewer, created.administrator),
        "the same keys"
    );
    unlock(&elsewhere, GOOD, 71).unwrap();

    // It never replaces a key.
    assert!(matches!(elsewhere.restore(&text, &passphrase(GOOD), Wanted::File, 72), Err(Error::KeyExists)));
}

#[test]
fn a_later_backup_opens_with_the_present_passphrase_and_an_old_one_with_the_old() {
    let (dir, keys, created) = fresh();
    keys.change_passphrase(&passphrase(GOOD), &passphrase("another good one"), 100).unwrap();
    let later = keys.backup(&passphrase("another good one"), 101).unwrap();
    for (at, (backup, opens)) in [(created.backup, GOOD), (later, "another good one")].iter().enumerate() {
        let elsewhere = self::keys(&dir.path().join(format!("elsewhere-{at}")));
        let restored = elsewhere.restore(backup.text(), &passphrase(opens), Wanted::File, 102).unwrap();
        assert_eq!(restored.reviewer.public(), keys.reviewer().unwrap().public());
    }
}

#[test]
fn a_deleted_key_is_gone_and_another_can_be_made() {
    let (dir, keys, created) = fresh();
    assert!(matches!(keys.create(&passphrase(GOOD), understood(), Wanted::File, 60), Err(Error::KeyExists)));
    keys.delete(understood()).unwrap();
    assert!(!ring_file(&dir).exists());
    assert!(matches!(created.reviewer.unlock(&keys, &passphrase(GOOD), 61), Err(Error::NoKey)));
    assert_ne!(create(&keys).reviewer.public(), created.reviewer.public());
    // What was known of the old key does not unlock the new one.
    let stale = created.reviewer.unlock(&keys, &passphrase(GOOD), 62);
    assert!(matches!(stale, Err(Error::AnotherKey(_))));
}

#[test]
fn a_flipped_bit_is_damage_and_no_wrong_try() {
    let (dir, keys, _) = fresh();
    let text = fs::read(ring_file(&dir)).unwrap();
    for at in [0, text.len() / 2, text.len() - 1] {
        let mut bytes = text.clone();
        bytes[at] ^= 1;
        fs::write(ring_file(&dir), &bytes).unwrap();
        let error = unlock(&keys, GOOD, 100).unwrap_err();
        assert!(matches!(error, Error::Damaged(_)), "{error}");
    }
    fs::write(ring_file(&dir), &text).unwrap();
    unlock(&keys, GOOD, 100).unwrap();
}

#[test]
fn another_ring_in_its_place_is_noticed_before_the_passphrase_is_used() {
    let ((one, keys, _), (two, _, _)) = (fresh(), fresh());
    fs::copy(ring_file(&two), ring_file(&one)).unwrap();
    assert!(matches!(unlock(&keys, GOOD, 100), Err(Error::AnotherKey("key file"))));
    fs::remove_file(ring_file(&one)).unwrap();
    assert!(matches!(unlock(&keys, GOOD, 100), Err(Error::Missing("key file"))));
}

#[test]
fn a_key_file_that_is_a_symlink_or_open_to_others_is_not_used() {
    let (dir, keys, _) = fresh();
    fs::set_permissions(ring_file(&dir), Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(unlock(&keys, GOOD, 100), Err(Error::Exposed { .. })));
    fs::set_permissions(ring_file(&dir), Permissions::from_mode(0o600)).unwrap();
    let moved = dir.path().join("moved");
    fs::rename(ring_file(&dir), &moved).unwrap();
    symlink(&moved, ring_file(&dir)).unwrap();
    assert!(matches!(unlock(&keys, GOOD, 100), Err(Error::Exposed { .. })));
}

#[test]
fn a_key_without_a_note_is_neither_overwritten_nor_lost() {
    let (dir, keys, created) = fresh();
    let device = keys.create_device(Wanted::File).unwrap().public();
    fs::remove_file(dir.path().join("keys/keys.json")).unwrap();
    let again = keys.create(&passphrase(GOOD), understood(), Wanted::File, 100);
    assert!(matches!(again, Err(Error::Unclaimed("key file"))));
    assert!(matches!(keys.create_device(Wanted::File), Err(Error::Unclaimed("key file"))));
    let about = keys.adopt(101).unwrap();
    assert_eq!(about.ring.unwrap().reviewer, created.reviewer);
    assert_eq!(about.device.unwrap().public, device);
    unlock(&keys, GOOD, 102).unwrap();
    assert_eq!(keys.device().unwrap().unwrap().public(), device);
}

#[test]
fn notes_that_are_not_ours_refuse_everything() {
    let (dir, keys, _) = fresh();
    let path = dir.path().join("keys/keys.json");
    let good = fs::read_to_string(&path).unwrap();
    for bad in [
        "",
        "{}",
        "[]",
        &good.replace("\"version\":1", "\"version\":2"),
        &good.replace("\"version\":1", "\"version\":1,\"version\":1"),
        &good.replace("\"wrong\":0", "\"wrong\":-1"),
        &good.replace("\"wrong\":0", "\"wrong\":0,\"more\":1"),
    ] {
        assert_ne!(bad, good);
        fs::write(&path, bad).unwrap();
        assert!(matches!(unlock(&keys, GOOD, 100), Err(Error::Damaged(_))), "{bad}");
        assert!(matches!(keys.about(100), Err(Error::Damaged(_))), "{bad}");
    }
}

#[test]
fn what_a_crash_left_half_written_is_swept_at_the_next_start() {
    let (dir, keys, _) = fresh();
    let left = dir.path().join("keys/.countersign-0123456789abcdef.tmp");
    fs::write(&left, "half a secret").unwrap();
    // Not while another process may be writing it.
    let busy = fs::File::open(dir.path().join("keys/keys.lock")).unwrap();
    busy.lock().unwrap();
    self::keys(&dir.path().join("keys"));
    assert!(left.exists());
    drop(busy);
    self::keys(&dir.path().join("keys"));
    assert!(!left.exists());
    assert_eq!(keys.file_of(Slot::Ring), ring_file(&dir));
    unlock(&keys, GOOD, 100).unwrap();
}

#[test]
fn a_device_key_is_made_once_found_again_and_deleted() {
    let (_dir, keys, _) = fresh();
    assert!(keys.device().unwrap().is_none());
    let made = keys.create_device(Wanted::File).unwrap();
    let found = keys.device().unwrap().unwrap();
    assert_eq!(found.public(), made.public());
    assert!(made.public().holds(b"halt", &found.sign(b"halt")));
    assert!(matches!(keys.create_device(Wanted::File), Err(Error::KeyExists)));
    keys.delete_device().unwrap();
    assert!(keys.device().unwrap().is_none());
}

#[test]
fn no_secret_is_printed_by_debug_or_by_an_error() {
    let (dir, keys, created) = fresh();
    let unlocked = keys.reviewer().unwrap().unlock(&keys, &passphrase(GOOD), 100).unwrap();
    let device = keys.create_device(Wanted::File).unwrap();
    let stored = fs::read_to_string(dir.path().join("keys/device-key")).unwrap();
    let seed = stored.rsplit('.').next().unwrap();
    let wrong = unlock(&keys, "wrong horse battery", 100).unwrap_err();
    for printed in [
        format!("{unlocked:?} {device:?} {:?}", passphrase(GOOD)),
        format!("{wrong} {wrong:?} {:?}", created.reviewer),
    ] {
        for secret in [GOOD, "wrong horse", seed] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
