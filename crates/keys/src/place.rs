//! Where secrets are kept, and why there.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::Error;

/// What is kept: each has one slot in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The wrapped ring of reviewer and administrator key.
    Ring,
    /// The device key.
    Device,
}

impl Slot {
    pub(crate) const ALL: [Self; 2] = [Self::Ring, Self::Device];

    /// The name of the file, and of the item in a keyring.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ring => "key-ring",
            Self::Device => "device-key",
        }
    }
}

/// A place that keeps one text per slot for this user.
///
/// The part that differs between operating systems. A call may take a while,
/// but it ends.
pub trait SecretPlace: Send + Sync {
    /// What lies in `slot`; `None` when the place is usable and nothing does.
    ///
    /// # Errors
    ///
    /// The place cannot be used, or cannot be trusted.
    fn read(&self, slot: Slot) -> Result<Option<Zeroizing<String>>, Error>;

    /// Puts `text` into `slot`, in place of what was there, in one step.
    ///
    /// # Errors
    ///
    /// As [`SecretPlace::read`]; what was there before is still there, except
    /// where the error says that the outcome is not known.
    fn write(&self, slot: Slot, text: &str) -> Result<(), Error>;

    /// Empties `slot`; that it is empty already is as good.
    ///
    /// # Errors
    ///
    /// As [`SecretPlace::read`].
    fn delete(&self, slot: Slot) -> Result<(), Error>;

    /// Whether something could be put here now, without asking a person for anything.
    ///
    /// # Errors
    ///
    /// Why not. [`Trouble::Locked`]: not before a person unlocks it.
    fn look(&self) -> Result<(), Trouble> {
        Ok(())
    }
}

/// Where a key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kept {
    /// In the keyring of the operating system.
    Keyring,
    /// In a file that only this user can read.
    File {
        /// Why not in the keyring.
        why: Why,
    },
}

impl Kept {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::File { .. } => "key file",
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring => f.write_str("in the keyring of this system"),
            Self::File { why } => write!(f, "in a file that only this user can read, because {why}"),
        }
    }
}

/// Why a key is in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The person asked for a file.
    Asked,
    /// No keyring answered when the key was made.
    NoKeyring,
    /// There was a keyring program, but no keyring in it.
    NoCollection,
    /// The keyring was locked and nobody unlocked it.
    Locked,
    /// The keyring failed in some other way.
    Failed,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Asked => "it was asked for",
            Self::NoKeyring => "no keyring was running",
            Self::NoCollection => "the keyring program had no keyring to put it in",
            Self::Locked => "the keyring was locked and was not unlocked in time",
            Self::Failed => "the keyring failed",
        })
    }
}

/// Where a person wants a key to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// In the keyring; in a file when the keyring cannot be used, and [`Kept`] says so.
    KeyringElseFile,
    /// In a file.
    File,
}

/// Why the keyring could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No bus, or nobody on it who keeps secrets. It may come later.
    #[error("no keyring answers: {0}")]
    Absent(String),
    /// A keyring program that has no keyring to put things in.
    #[error("the keyring program has no default keyring")]
    NoCollection,
    /// Locked, and the prompt was dismissed or could not be shown.
    #[error("the keyring is locked, and its prompt was dismissed or could not be shown")]
    Locked,
    /// Nothing was heard in time; most likely a prompt waits for an answer.
    #[error("the keyring did not answer within {0} s; a prompt of it may be waiting")]
    NoAnswer(u64),
    /// An answer was due when it stopped answering: whether it took the key is not known.
    #[error("the keyring fell silent while it stored the key; it may or may not have it")]
    Unsure,
    /// An earlier call still waits for its prompt.
    #[error("the keyring is busy: an earlier prompt of it waits for an answer")]
    Busy,
    /// Anything else, in the words of the bus.
    #[error("the keyring failed: {0}")]
    Failed(String),
}

impl Trouble {
    /// The reason to note for a file that is used instead; none when using one would leave a key in two places.
    pub(crate) fn why(&self) -> Option<Why> {
        match self {
            Self::Absent(_) => Some(Why::NoKeyring),
            Self::NoCollection => Some(Why::NoCollection),
            Self::Locked | Self::NoAnswer(_) | Self::Busy => Some(Why::Locked),
            Self::Failed(_) => Some(Why::Failed),
            Self::Unsure => None,
        }
    }
}
