//! Words for what goes wrong below the reviewer: keys, the store, the spool.

use std::io::ErrorKind;

use countersign_keys::{Error as Keys, Trouble};
use countersign_reviewer::{NotEditable, StoreError as Store};
use countersign_sources::Error as Spool;

use super::say;
use crate::wire::{ErrorCode, UserError};

pub(super) fn disk_full() -> UserError {
    say(
        ErrorCode::DiskFull,
        "The disk is full.",
        "Nothing was signed, sent or lost. Make room, then try again.",
    )
}

/// After what cannot be edited, or not like this.
pub(super) const NOT_EDITED: &str = "Nothing was changed or signed. Approve it as it is, or request changes.";

pub(crate) fn not_editable(why: NotEditable) -> String {
    match why {
        NotEditable::Nothing => "There is no such text here to edit.".to_owned(),
        NotEditable::Release => {
            "This cannot be edited: the agent does it itself, with its own text, whatever you sign."
                .to_owned()
        }
        NotEditable::Several => {
            "This cannot be edited: more people than you have to sign it, all of them the same text."
                .to_owned()
        }
        NotEditable::NotText => "This cannot be edited: its bytes are no text.".to_owned(),
        NotEditable::LineEnds => {
            "This cannot be edited: its lines end in several ways, which a field cannot keep apart."
                .to_owned()
        }
        NotEditable::Control(it) => format!(
            "This cannot be edited: it has the control character U+{:04X}, which a field may drop.",
            u32::from(it)
        ),
        NotEditable::TooLong { bytes, most } => format!(
            "This cannot be edited here: it has {} KiB, more than {} KiB.",
            bytes.div_ceil(1024),
            most / 1024
        ),
        NotEditable::TooLarge => "What you wrote is too much for one proposal.".to_owned(),
    }
}

pub(super) fn keys(error: &Keys) -> UserError {
    match error {
        Keys::PassphraseRule(rule) => say(
            ErrorCode::BadPassphrase,
            format!("The passphrase {rule}."),
            "Nothing was changed. Choose another.",
        ),
        Keys::WrongPassphrase { wait: 0 } => say(
            ErrorCode::WrongPassphrase,
            "That is not the passphrase.",
            "Nothing was signed, and the key stays locked. Try again.",
        ),
        Keys::WrongPassphrase { wait } => say(
            ErrorCode::WrongPassphrase,
            "That is not the passphrase.",
            format!("Nothing was signed, and the key stays locked. The next try counts in {wait} s."),
        ),
        Keys::TooSoon { wait } => say(
            ErrorCode::Wait,
            "Too soon after a wrong passphrase.",
            format!("This one was not tried, and nothing was signed. Wait {wait} s, then try again."),
        ),
        Keys::LossNotConfirmed => say(
            ErrorCode::NotUnderstood,
            "The words that confirm it were not typed.",
            "Nothing was changed. Read what losing the key means, then type them.",
        ),
        Keys::NoKey => {
            say(ErrorCode::NoKey, "There is no key here yet.", "Nothing was signed. Make one first.")
        }
        Keys::KeyExists => say(
            ErrorCode::KeyExists,
            "There is a key here already.",
            "It was not replaced, and nothing was changed. Delete it first if you want another.",
        ),
        Keys::Missing(place) => say(
            ErrorCode::KeyUnreachable,
            format!("Your key is not in the {place}, where it was kept."),
            "Nothing was signed. Restore it from your backup.",
        ),
        Keys::AnotherKey(place) => say(
            ErrorCode::KeyUnreachable,
            format!("The {place} holds another key than yours."),
            "Nothing was signed, and that key was not touched. Restore yours from your backup.",
        ),
        Keys::Unclaimed(place) => say(
            ErrorCode::KeyExists,
            format!("The {place} holds a key from before."),
            "Nothing was changed. Restore it from its backup, or remove it from there.",
        ),
        Keys::Damaged(_) | Keys::AbsurdCost(_) => say(
            ErrorCode::BackupInvalid,
            "What was read is not a key of Countersign, or was damaged.",
            "Nothing was changed. Use another copy of the backup.",
        ),
        Keys::Keyring(trouble) => keyring(trouble),
        Keys::File { cause, .. } if cause.kind() == ErrorKind::StorageFull => disk_full(),
        Keys::File { .. } => say(
            ErrorCode::Broken,
            "The file of the key could not be read or written.",
            "Nothing was signed or changed. The file and the system’s words are below.",
        ),
        Keys::Exposed { .. } => say(
            ErrorCode::KeyUnreachable,
            "A key file could be read or changed by others, so it was not used.",
            "Nothing was signed. What is wrong, and how to right it, is below.",
        ),
        Keys::ReadBack(place) => say(
            ErrorCode::Broken,
            format!("The {place} gave back something else than what was put in."),
            "The key is not kept there, and nothing was changed. Choose another place for it.",
        ),
        Keys::Exhausted(what) => say(
            ErrorCode::Broken,
            format!("The system has no {what} to give."),
            "Nothing was signed or changed. Close other programs, then try again.",
        ),
        Keys::Harden(_) => say(
            ErrorCode::Broken,
            "The app could not shield itself from being read by other programs.",
            "No key was opened. What the system said is below.",
        ),
        _ => say(
            ErrorCode::Broken,
            "The keys could not be read or written.",
            "Nothing was signed or changed. What the system said is below.",
        ),
    }
}

fn keyring(trouble: &Trouble) -> UserError {
    let (title, hint) = match trouble {
        Trouble::Absent(_) => (
            "No keyring of the system answers.",
            "Nothing was signed. Log in to a desktop session or start its keyring, then try again.",
        ),
        Trouble::NoCollection => (
            "The system’s keyring has no place to put keys in.",
            "Nothing was signed or kept. Create a default keyring in its program, then try again.",
        ),
        Trouble::Locked => (
            "The system’s keyring is locked.",
            "Nothing was signed. Unlock it, in its own prompt or program, then try again.",
        ),
        Trouble::NoAnswer(_) => (
            "The system’s keyring did not answer in time.",
            "Nothing was signed. A prompt of it may be waiting behind this window: answer that, then try again.",
        ),
        Trouble::Unsure => (
            "The system’s keyring fell silent while it stored the key.",
            "Nothing was signed. It is not known whether the key was kept. Unlock the keyring, then try again.",
        ),
        Trouble::Busy => (
            "The system’s keyring still waits for an earlier answer.",
            "Nothing was signed. Answer or dismiss its prompt, then try again.",
        ),
        Trouble::Failed(_) => (
            "The system’s keyring failed.",
            "Nothing was signed. What it said is below; put that right, then try again.",
        ),
    };
    say(ErrorCode::KeyUnreachable, title, hint)
}

pub(super) fn store(error: &Store) -> UserError {
    match error {
        Store::DiskFull => disk_full(),
        Store::Newer { .. } => say(
            ErrorCode::Broken,
            "A newer Countersign made the records on this machine.",
            "They were not touched, and nothing was signed. Install that version again.",
        ),
        Store::Damaged(_) => say(
            ErrorCode::Broken,
            "The app’s own records are damaged.",
            "Nothing was signed or sent. Put this app’s folder back from a backup of it.",
        ),
        Store::File(cause) if cause.kind() == ErrorKind::StorageFull => disk_full(),
        _ => say(
            ErrorCode::Broken,
            "The app’s own records cannot be read or written.",
            "Nothing was signed or sent. What the system said is below.",
        ),
    }
}

pub(super) fn spool(error: &Spool) -> UserError {
    match error {
        Spool::DiskFull { .. } => disk_full(),
        Spool::NoHome => say(
            ErrorCode::Broken,
            "It is not known where your home folder is.",
            "Nothing was read or written. Set HOME to an absolute path, then start again.",
        ),
        Spool::Folder { .. } => say(
            ErrorCode::Broken,
            "A folder through which gate and app speak could be changed by others, so it was not used.",
            "Nothing was lost: what was signed is sent when that is put right. The folder is named below.",
        ),
        Spool::Busy { .. } => say(
            ErrorCode::Broken,
            "Another Countersign of yours is running.",
            "Nothing was lost or changed. Use that window, or close it first.",
        ),
        Spool::TooLarge { .. } => say(
            ErrorCode::BadInput,
            "It is too long to be sent.",
            "Nothing was sent. Shorten it, then try again.",
        ),
        Spool::BlobDigest | Spool::Name(_) => say(
            ErrorCode::Broken,
            "A message could not be put in the folder through which gate and app speak.",
            "It was not sent. What was wrong with it is below.",
        ),
        Spool::Io { cause, .. } if cause.kind() == ErrorKind::StorageFull => disk_full(),
        Spool::Io { .. } => say(
            ErrorCode::Broken,
            "The folder through which gate and app speak cannot be used.",
            "Nothing was lost: what was signed is sent again. What the system said is below.",
        ),
    }
}
