//! The reviewer itself: what the window calls, and the thread that reads and sends.

use std::ops::Range;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use countersign_core::decision::Found;
use countersign_core::digest::Digest;
use countersign_core::key::PublicKey;
use countersign_core::name::{GateId, Label};
use countersign_keys::{Backup, LossUnderstood, Passphrase};
use countersign_sources::layout::Layout;
use countersign_sources::milestone::milestone;
use countersign_sources::spool;

use crate::core::Inner;
use crate::{AgentState, Bar, Decide, Error, Event, Halted, Opened, Options, Queue, Signed, State, Stop};

/// How often the clock is looked at when nothing else happens.
const TICK: Duration = Duration::from_secs(1);

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

/// The app without a window. Every call is short but those that say that they are slow.
pub struct Reviewer {
    inner: Arc<Inner>,
    stop: Option<Sender<Wake>>,
    thread: Option<JoinHandle<()>>,
}

enum Wake {
    Look,
    Stop,
}

impl Reviewer {
    /// Opens what is kept and begins to read and send, in threads of its own. They end when it is
    /// dropped; gates go on. `on_event` is called from any thread, with no lock held.
    ///
    /// # Errors
    ///
    /// [`countersign_sources::Error::Busy`] when another app runs on these folders, and whatever
    /// keeps them from being read.
    pub fn start(
        layout: Layout,
        options: Options,
        on_event: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let inner = Arc::new(Inner::open(layout, options, Box::new(on_event))?);
        let (wake, woken) = channel();
        // Watch first, then scan: what comes in between is then seen.
        let dirs = {
            let reader = inner.reader();
            [reader.new_folder(), reader.blob_folder()]
        };
        let mut arrivals = spool::watch(&dirs);
        let on_arrival = wake.clone();
        let forward = move || {
            while arrivals.blocking_recv().is_some() && on_arrival.send(Wake::Look).is_ok() {}
        };
        spawn("spool-watch", forward)?;
        let working = Arc::clone(&inner);
        let thread = spawn("reviewer", move || work(&working, &woken))?;
        Ok(Self { inner, stop: Some(wake), thread: Some(thread) })
    }

    /// Looks into the box, and sends what is due, now. The threads do so by themselves.
    ///
    /// # Errors
    ///
    /// The store or the spool; what was not done is tried again.
    pub fn look(&self) -> Result<(), Error> {
        self.inner.look()
    }

    /// What the whole is in.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn state(&self) -> Result<State, Error> {
        self.inner.state()
    }

    /// Makes the keys. Slow. The backup is for the person to save, by [`Reviewer::save_backup`].
    ///
    /// # Errors
    ///
    /// [`Error::SetUpBefore`], [`Error::Keys`], [`Error::File`]. It can be called again, with the same passphrase.
    pub fn set_up(&self, set_up: SetUp) -> Result<Backup, Error> {
        self.inner.set_up(set_up)
    }

    /// Makes the gate of this machine, makes the root that names it, pins the one in the other, and
    /// starts it. Slow. It can be called again when it failed half-way.
    ///
    /// # Errors
    ///
    /// [`Error::NotSetUp`], [`Error::Keys`], [`Error::GateMissing`], [`Error::GateFailed`].
    pub fn create_gate(&self, passphrase: &Passphrase) -> Result<GateId, Error> {
        self.inner.create_gate(passphrase)
    }

    /// Writes a root that names `gate` with `key`, whose fingerprint people have compared, and
    /// returns the digest that the gate is to pin. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::NotSetUp`], [`Error::Keys`], [`Error::Root`].
    pub fn enrol(&self, gate: &GateId, key: PublicKey, passphrase: &Passphrase) -> Result<Digest, Error> {
        self.inner.enrol(gate, key, None, passphrase)
    }

    /// Starts the gate of this machine when it does not run. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::GateMissing`], [`Error::GateFailed`].
    pub fn start_gate(&self) -> Result<(), Error> {
        self.inner.start_gate()
    }

    /// Unlocks the reviewer key, for as long as it is used. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<(), Error> {
        self.inner.unlock(passphrase)
    }

    /// Locks it.
    pub fn lock(&self) {
        self.inner.lock();
    }

    /// Wraps the keys under another passphrase. Slow. Backups made before keep the old one.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn change_passphrase(&self, old: &Passphrase, new: &Passphrase) -> Result<(), Error> {
        Ok(self.inner.keys.change_passphrase(old, new, self.inner.seconds())?)
    }

    /// A backup, read back and opened once. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn backup(&self, passphrase: &Passphrase) -> Result<Backup, Error> {
        Ok(self.inner.keys.backup(passphrase, self.inner.seconds())?)
    }

    /// Saves a backup where the person says, and notes when.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn save_backup(&self, backup: &Backup, path: &Path) -> Result<(), Error> {
        self.inner.keys.save_backup(backup, path, self.inner.seconds())?;
        self.inner.tell(Event::KeyChanged);
        Ok(())
    }

    /// Takes the keys out of a backup, where there are none. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`], [`Error::File`].
    pub fn restore(
        &self,
        text: &str,
        passphrase: &Passphrase,
        person: Label,
        device: Label,
    ) -> Result<(), Error> {
        self.inner.restore(text, passphrase, person, device)
    }

    /// Deletes the reviewer's keys from this machine. Denying goes on to work.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn delete_key(&self, understood: LossUnderstood) -> Result<(), Error> {
        self.inner.delete_key(understood)
    }

    /// Everything that is known, by whose turn it is. Slow when there are sheets to make.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn queue(&self) -> Result<Queue, Error> {
        self.inner.queue()
    }

    /// One item. Slow the first time: it makes the sheet.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub fn open(&self, digest: &Digest) -> Result<Opened, Error> {
        self.inner.opened(digest)
    }

    /// The bytes of a content or of a receipt's result, when they are here.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.inner.core().store.read(|tx| tx.blob(digest))?)
    }

    /// The sheet is on screen now, or its content changed: arming begins anew.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when the proposal has another sheet.
    pub fn shown(&self, digest: &Digest, sheet: &Digest) -> Result<(), Error> {
        let made = self.inner.made(digest)?;
        let Some((whole, _)) = made.sheet.filter(|(_, made)| made == sheet) else {
            return Err(Error::Changed);
        };
        let mut core = self.inner.core();
        core.store.write(|tx| tx.add_shown(digest, sheet, self.inner.now()))?;
        milestone("shown");
        core.screen.show((*digest, *sheet), &whole, self.inner.monotonic());
        Ok(())
    }

    /// The window came to the front, or left it. Arming begins anew when it comes.
    pub fn focus_changed(&self, focused: bool) {
        self.inner.core().screen.focus(focused, self.inner.monotonic());
    }

    /// Rows of a document that were on screen long enough.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] when that sheet is not the one on screen.
    pub fn seen(
        &self,
        digest: &Digest,
        sheet: &Digest,
        document: usize,
        rows: &[Range<usize>],
    ) -> Result<(), Error> {
        let which = (*digest, *sheet);
        let mut core = self.inner.core();
        if !core.screen.shows(which) {
            return Err(Error::Changed);
        }
        core.screen.seen(which, document, rows);
        Ok(())
    }

    /// What can be decided about it now.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn bar(&self, digest: &Digest) -> Result<Bar, Error> {
        self.inner.bar(digest)
    }

    /// Signs the answer, keeps it together with its outbox entry, and sends it.
    ///
    /// # Errors
    ///
    /// Each condition has its own; nothing was signed then.
    pub fn decide(&self, decide: Decide) -> Result<Signed, Error> {
        self.inner.decide(decide)
    }

    /// Takes back one's own answer to the proposal `digest`, while it was not acted on, unless it was
    /// a deny. Takes the unlocked key. Afterwards it waits for another answer.
    ///
    /// # Errors
    ///
    /// [`Error::NotOpen`], [`Error::KeyLocked`].
    pub fn withdraw(&self, digest: &Digest) -> Result<Signed, Error> {
        self.inner.withdraw(digest)
    }

    /// Records what a person found out about the receipt `receipt`. Takes the unlocked key.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::NotOpen`], [`Error::KeyLocked`].
    pub fn resolve(&self, receipt: &Digest, found: Found, comment: Option<String>) -> Result<Signed, Error> {
        self.inner.resolve(receipt, found, comment)
    }

    /// Stops everything, or one agent, with the device's key: no passphrase, and at once. Where it stands
    /// already nothing more is signed. It goes to every gate that it is for, also to one that is down.
    ///
    /// # Errors
    ///
    /// [`Error::CannotHalt`], [`Error::OnlyEverything`], [`Error::NotFound`], [`Error::CommentTooLong`],
    /// [`Error::NotSetUp`]; nothing was halted then.
    pub fn halt(&self, stop: Stop, reason: Option<String>) -> Result<Halted, Error> {
        self.inner.halt(stop, reason)
    }

    /// Every agent from which a proposal came, the one seen last first.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn agents(&self) -> Result<Vec<AgentState>, Error> {
        self.inner.agents()
    }

    /// The person knows that the clock was set.
    pub fn dismiss_clock(&self) {
        self.inner.dismiss_clock();
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

impl Drop for Reviewer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(Wake::Stop);
        }
        // It never waits for a keyring or a person, so this is short.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Inner {
    fn look(&self) -> Result<(), Error> {
        // One at a time: when it returns, what lay in the box was taken and answered.
        let _looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = self.ingest();
        let sent = self.deliver();
        taken.and(sent)
    }

    /// What the clock brings about.
    fn tick(self: &Arc<Self>) {
        let set = self.watch_clocks();
        self.lock_when_idle();
        self.fetch_device_key();
        let now = self.now();
        let expired = {
            let mut core = self.core();
            let since = std::mem::replace(&mut core.looked, now);
            // A clock that was set back brings expired ones back to life as well.
            set || since > now || core.store.read(|tx| tx.expires_between(since, now)).unwrap_or(false)
        };
        if expired {
            self.tell(Event::QueueChanged);
        }
    }
}

fn work(inner: &Arc<Inner>, woken: &Receiver<Wake>) {
    loop {
        inner.tick();
        if let Err(error) = inner.look() {
            tracing::warn!(%error, "looking into the box; it is tried again");
        }
        match woken.recv_timeout(TICK) {
            Ok(Wake::Look) | Err(RecvTimeoutError::Timeout) => {}
            Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    spawned.map_err(|cause| Error::File { path: name.into(), cause })
}
