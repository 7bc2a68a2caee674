//! A person's keys on one machine: made, wrapped, kept, unlocked, backed up.
//!
//! Three Ed25519 keys live here. The *reviewer key* and the *administrator
//! key* share one ring, wrapped under one passphrase; the *device key* is not
//! wrapped. [`Keys`] keeps them in the keyring of the operating system, else
//! in a 0600 file, and says which ([`Kept`]). A [`LockedKey`] is public
//! knowledge; only an [`UnlockedKey`] signs, and it forgets when dropped.
//!
//! Promised: no secret in an error, a log or `Debug`; nothing of a stored
//! blob is believed before it is bounded and parsed; a call into the keyring
//! ends after its time-out, whatever the keyring does.
//!
//! Left to others: when to lock again, what may be signed, and words for
//! people. Not promised: protection from another process of the same user,
//! which can read an unlocked keyring and our files. The wrapping and the
//! growing delay ([`Error::TooSoon`]) raise the cost of guessing through this
//! program; whoever copies the blob guesses without the delay, against the
//! passphrase and Argon2 alone.
//!
//! Blocking, no async. Times are whole Unix seconds and are passed in.

mod attempts;
mod backup;
mod device;
mod entry;
mod file_place;
mod harden;
mod keyring;
mod keys;
mod notes;
mod passphrase;
mod place;
mod private_dir;
mod ring;
mod seal;
#[cfg(target_os = "linux")]
mod secret_service;

use std::path::PathBuf;

pub use self::keyring::{ANSWER_WITHIN, Keyring};
pub use backup::{Backup, LossUnderstood};
pub use device::DeviceKey;
pub use harden::harden_process;
pub use keys::{About, AboutDevice, AboutRing, Created, Keys};
pub use passphrase::Passphrase;
pub use place::{Kept, SecretPlace, Slot, Trouble, Wanted, Why};
pub use ring::{LockedKey, UnlockedKey, Which};
pub use seal::Cost;

/// Why a key could not be made, kept, unlocked or moved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A new passphrase breaks a rule; says which.
    #[error("the passphrase {0}")]
    PassphraseRule(&'static str),
    /// Not the passphrase, or a blob that was changed with care. Nothing was unlocked.
    #[error("wrong passphrase; the next try counts in {wait} s")]
    WrongPassphrase {
        /// Seconds until the next try is accepted.
        wait: u64,
    },
    /// Too soon after wrong passphrases; this one was not looked at.
    #[error("too soon after a wrong passphrase; this one was not tried, wait {wait} s")]
    TooSoon {
        /// Seconds until the next try is accepted.
        wait: u64,
    },
    /// The words that confirm what losing the key means were not typed.
    #[error("the words that confirm what losing the key means were not typed")]
    LossNotConfirmed,
    /// No key has been made here.
    #[error("there is no key here yet")]
    NoKey,
    /// A key is here already; it is not replaced.
    #[error("there is a key here already, and it was not replaced")]
    KeyExists,
    /// A key lies in the place, but this folder has no note of it.
    #[error("the {0} holds a key that this folder has no note of; adopt it or remove it first")]
    Unclaimed(&'static str),
    /// The note says where the key is, and it is not there.
    #[error("the key is not in the {0}, where it was kept; restore it from a backup")]
    Missing(&'static str),
    /// What lies in the place is not the key that the note names.
    #[error("the {0} holds another key than the one noted here")]
    AnotherKey(&'static str),
    /// A blob, note or backup that is not what was written; says how.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A blob that asks for an absurd amount of work; nothing was allocated for it.
    #[error("the stored cost is out of bounds: {0}")]
    AbsurdCost(String),
    /// The keyring could not be used.
    #[error("{0}")]
    Keyring(#[from] Trouble),
    /// A file or folder that others could read or change; it was not used.
    #[error("{} was not used: {problem}", path.display())]
    Exposed {
        /// Which one.
        path: PathBuf,
        /// What is wrong and how to right it.
        problem: String,
    },
    /// The operating system refused.
    #[error("{}: {cause}", path.display())]
    File {
        /// On what.
        path: PathBuf,
        /// What it said.
        cause: std::io::Error,
    },
    /// Written, but reading it back gave something else.
    #[error("what was read back from the {0} is not what was written")]
    ReadBack(&'static str),
    /// No random bytes, no memory, or no thread to be had.
    #[error("the system has no {0} to give")]
    Exhausted(&'static str),
    /// The process could not be shielded from dumps and tracing.
    #[error("the process could not be hardened: {0}")]
    Harden(std::io::Error),
}
