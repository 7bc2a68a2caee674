//! A key of the ring, locked or unlocked.
//!
//! Locked, it is a public key and a name. Unlocked, it signs, until it is
//! dropped or locked again; then the seed is wiped.

use std::fmt;

use countersign_core::envelope::Envelope;
use countersign_core::key::{PublicKey, SIGNATURE_LENGTH, SecretKey};

use crate::{Error, Keys, Passphrase};

/// Which key of a person's ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Approves, lifts, resolves.
    Reviewer,
    /// Changes the root, and nothing else.
    Administrator,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
        })
    }
}

/// A key that cannot sign: what everyone may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockedKey {
    pub(crate) which: Which,
    pub(crate) public: PublicKey,
}

impl LockedKey {
    /// Unlocks this key and no other of the ring.
    ///
    /// # Errors
    ///
    /// [`Error::TooSoon`], [`Error::WrongPassphrase`], and whatever keeps the
    /// ring from being read. Nothing is unlocked then.
    pub fn unlock(&self, keys: &Keys, passphrase: &Passphrase, now: u64) -> Result<UnlockedKey, Error> {
        let secret = keys.open_key(*self, passphrase, now)?;
        Ok(UnlockedKey { which: self.which, secret })
    }

    /// Which key it is.
    pub fn which(&self) -> Which {
        self.which
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    /// What two people read to each other.
    pub fn fingerprint(&self) -> String {
        self.public.fingerprint()
    }
}

/// A key that signs. It is not `Clone`, and is wiped when dropped.
#[derive(Debug)]
pub struct UnlockedKey {
    which: Which,
    secret: SecretKey,
}

impl UnlockedKey {
    /// Signs exactly `message`.
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LENGTH] {
        self.secret.sign(message)
    }

    /// Signs `payload` as `payload_type`, in an envelope.
    pub fn sign_envelope(&self, payload_type: &str, payload: Vec<u8>) -> Envelope {
        Envelope::sign(payload_type, payload, &self.secret)
    }

    /// Which key it is.
    pub fn which(&self) -> Which {
        self.which
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        self.secret.public()
    }

    /// Wipes the seed.
    pub fn lock(self) -> LockedKey {
        LockedKey { which: self.which, public: self.secret.public() }
    }
}
