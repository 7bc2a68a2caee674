//! The reviewer itself: what the window calls.

use std::ops::Range;
use std::path::Path;

use countersign_core::decision::Found;
use countersign_core::digest::Digest;
use countersign_core::key::PublicKey;
use countersign_core::name::{GateId, Label};
use countersign_keys::{Backup, LossUnderstood, Passphrase};
use countersign_sources::layout::Layout;

use crate::{Bar, Decide, Error, Event, Opened, Options, Queue, Signed, State};

/// What the first start asks for.
#[derive(Debug)]
pub struct SetUp {
    /// Whose app this is.
    pub person: Label,
    /// What this installation is called.
    pub device: Label,
    /// What wraps the keys.
    pub passphrase: Passphrase,
    /// That the person knows what losing the key means.
    pub understood: LossUnderstood,
}

/// The app without a window. Every call is short but those that say otherwise.
pub struct Reviewer {}

impl Reviewer {
    /// Opens what is kept and begins to read, in threads of its own. They end when it is dropped.
    pub fn start(
        _layout: Layout,
        _options: Options,
        _on_event: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        Err(Error::NotSetUp)
    }

    /// What the whole is in.
    pub fn state(&self) -> Result<State, Error> {
        Err(Error::NotSetUp)
    }

    /// Makes the keys. Slow: it derives a key, and may ask the keyring.
    pub fn set_up(&self, _set_up: SetUp) -> Result<Backup, Error> {
        Err(Error::NotSetUp)
    }

    /// Makes the gate of this machine, the root that names it, pins the one in the other, and starts it. Slow.
    pub fn create_gate(&self, _passphrase: &Passphrase) -> Result<GateId, Error> {
        Err(Error::NotSetUp)
    }

    /// Writes a root that names `gate` with `key`, and returns its digest. Slow.
    pub fn enrol(&self, _gate: &GateId, _key: PublicKey, _passphrase: &Passphrase) -> Result<Digest, Error> {
        Err(Error::NotSetUp)
    }

    /// Starts the gate of this machine when it does not run. Slow.
    pub fn start_gate(&self) -> Result<(), Error> {
        Err(Error::NotSetUp)
    }

    /// Unlocks the reviewer key. Slow.
    pub fn unlock(&self, _passphrase: &Passphrase) -> Result<(), Error> {
        Err(Error::NotSetUp)
    }

    /// Locks it.
    pub fn lock(&self) {}

    /// Wraps the keys under another passphrase. Slow.
    pub fn change_passphrase(&self, _old: &Passphrase, _new: &Passphrase) -> Result<(), Error> {
        Err(Error::NotSetUp)
    }

    /// A backup, read back and opened once. Slow.
    pub fn backup(&self, _passphrase: &Passphrase) -> Result<Backup, Error> {
        Err(Error::NotSetUp)
    }

    /// Saves a backup where the person says.
    pub fn save_backup(&self, _backup: &Backup, _path: &Path) -> Result<(), Error> {
        Err(Error::NotSetUp)
    }

    /// Takes the keys out of a backup. Slow.
    pub fn restore(
        &self,
        _text: &str,
        _passphrase: &Passphrase,
        _person: Label,
        _device: Label,
    ) -> Result<(), Error> {
        Err(Error::NotSetUp)
    }

    /// Deletes the reviewer's keys from this machine.
    pub fn delete_key(&self, _understood: LossUnderstood) -> Result<(), Error> {
        Err(Error::NotSetUp)
    }

    /// Everything that is known, by whose turn it is.
    pub fn queue(&self) -> Result<Queue, Error> {
        Err(Error::NotSetUp)
    }

    /// One item. May be slow the first time: it makes the sheet.
    pub fn open(&self, _digest: &Digest) -> Result<Opened, Error> {
        Err(Error::NotSetUp)
    }

    /// The bytes of a content or result, when they are here.
    pub fn blob(&self, _digest: &Digest) -> Result<Option<Vec<u8>>, Error> {
        Err(Error::NotSetUp)
    }

    /// The sheet is on screen now, or its content changed: arming begins anew.
    pub fn shown(&self, _digest: &Digest, _sheet: &Digest) -> Result<(), Error> {
        Err(Error::NotSetUp)
    }

    /// The window came to the front, or left it. Arming begins anew when it comes.
    pub fn focus_changed(&self, _focused: bool) {}

    /// Rows of a document that were on screen long enough.
    pub fn seen(
        &self,
        _digest: &Digest,
        _sheet: &Digest,
        _document: usize,
        _rows: &[Range<usize>],
    ) -> Result<(), Error> {
        Err(Error::NotSetUp)
    }

    /// What can be decided about it now.
    pub fn bar(&self, _digest: &Digest) -> Result<Bar, Error> {
        Err(Error::NotSetUp)
    }

    /// Signs the answer, keeps it together with its outbox entry, and sends it.
    pub fn decide(&self, _decide: Decide) -> Result<Signed, Error> {
        Err(Error::NotSetUp)
    }

    /// Takes back one's own answer to the proposal `digest`, while it was not acted on. Takes the unlocked key.
    pub fn withdraw(&self, _digest: &Digest) -> Result<Signed, Error> {
        Err(Error::NotSetUp)
    }

    /// Records what a person found out about the receipt `receipt`. Takes the unlocked key.
    pub fn resolve(
        &self,
        _receipt: &Digest,
        _found: Found,
        _comment: Option<String>,
    ) -> Result<Signed, Error> {
        Err(Error::NotSetUp)
    }

    /// Ends the halt `halt`. Asks for the passphrase each time. Slow.
    pub fn lift(&self, _halt: &Digest, _passphrase: &Passphrase) -> Result<Signed, Error> {
        Err(Error::NotSetUp)
    }
}
