//! Calls about gates: made, enrolled, started, practised with, halted.

use countersign_core::digest::Digest;
use countersign_core::key::PublicKey;
use countersign_core::name::GateId;
use countersign_keys::Passphrase;

use super::Reviewer;
use crate::{Error, Halted, Practice, Signed, Stop};

impl Reviewer {
    /// Makes the gate of this machine, makes the root that names it, pins the one in the other, and
    /// starts it. Slow. It can be called again when it failed half-way.
    ///
    /// # Errors
    ///
    /// [`Error::NotSetUp`], [`Error::Keys`], [`Error::GateMissing`], [`Error::GateFailed`].
    pub fn create_gate(&self, passphrase: &Passphrase) -> Result<GateId, Error> {
        let gate = self.inner.create_gate(passphrase)?;
        // What came before there was a root waits in the box.
        self.rounds.wake();
        Ok(gate)
    }

    /// Writes a root that names `gate` with `key`, whose fingerprint people have compared, and
    /// returns the digest that the gate is to pin. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::NotSetUp`], [`Error::Keys`], [`Error::Root`].
    pub fn enrol(&self, gate: &GateId, key: PublicKey, passphrase: &Passphrase) -> Result<Digest, Error> {
        let digest = self.inner.enrol(gate, key, None, passphrase)?;
        self.rounds.wake();
        Ok(digest)
    }

    /// Starts the gate of this machine when it does not run. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::GateMissing`], [`Error::GateFailed`].
    pub fn start_gate(&self) -> Result<(), Error> {
        self.inner.start_gate()
    }

    /// The same for a gate that was made here; `false` where there is none. For a start with the app. Slow.
    ///
    /// # Errors
    ///
    /// As [`Reviewer::start_gate`]. It is also kept, see [`crate::GateState::not_started`].
    pub fn start_gate_made_here(&self) -> Result<bool, Error> {
        self.inner.start_gate_made_here()
    }

    /// Has the gate of this machine propose something to practise with; its digest, once it is here. What is
    /// signed of it really happens, in a folder made for it. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::NotSetUp`], [`Error::GateMissing`], [`Error::Practice`].
    pub fn practice(&self, which: Practice) -> Result<Digest, Error> {
        self.inner.practise(which)
    }

    /// Stops everything, or one agent, with the device's key: no passphrase, and at once. Where it stands
    /// already nothing more is signed. It goes to every gate that it is for, also to one that is down.
    ///
    /// # Errors
    ///
    /// [`Error::CannotHalt`], [`Error::OnlyEverything`], [`Error::NotFound`], [`Error::CommentTooLong`],
    /// [`Error::NotSetUp`]; nothing was halted then.
    pub fn halt(&self, stop: Stop, reason: Option<String>) -> Result<Halted, Error> {
        let halted = self.inner.halt(stop, reason).inspect_err(|error| self.heal(error))?;
        // What it made void is placed by the thread, where that is much.
        self.rounds.wake();
        Ok(halted)
    }

    /// Ends the halt `halt`. Asks for the passphrase each time. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Keys`].
    pub fn lift(&self, halt: &Digest, passphrase: &Passphrase) -> Result<Signed, Error> {
        self.inner.lift(halt, passphrase)
    }
}
