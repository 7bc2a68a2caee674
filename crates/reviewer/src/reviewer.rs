//! The reviewer itself: what the window calls, and the thread that reads and sends.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use countersign_core::decision::Found;
use countersign_core::digest::Digest;
use countersign_core::key::PublicKey;
use countersign_core::name::{GateId, Label};
use countersign_core::time::Timestamp;
use countersign_keys::{Backup, LossUnderstood, Passphrase, Wanted};
use countersign_sources::layout::Layout;
use countersign_sources::milestone::milestone;
use countersign_sources::spool;

use crate::core::Inner;
use crate::{
    AgentState, Bar, Decide, Error, Event, FoundRows, Halted, Held, HistoryFilter, Obstacle, Opened, Options,
    Page, Practice, Queue, RemovalItem, SectionId, Signed, State, Stop, removal,
};

/// How often the box, the gates and the clock are looked at while something waits for a gate, or after a look
/// that failed, and where the box cannot be watched.
const LOOK: Duration = Duration::from_secs(2);

/// The same when nothing does: for gates that went away, for a clock that was set, and for what the operating
/// system did not say.
const QUIET: Duration = Duration::from_secs(10);

/// What is due is not looked for more often than this.
const LEAST: Duration = Duration::from_millis(50);

/// How long the operating system may take to say that something arrived.
const MOMENT: Duration = Duration::from_millis(500);

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
    /// Where the keys are to be kept; as the options say where nothing is said.
    pub place: Option<Wanted>,
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

/// The ear at the box.
struct Watch {
    dirs: [PathBuf; 2],
    wake: Sender<Wake>,
    watched: Option<spool::Watched>,
    // It missed something once, so it is not relied upon.
    missed: bool,
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
        if removal::finish(&layout)? {
            tracing::info!("a removal that was cut short is finished");
        }
        let inner = Arc::new(Inner::open(layout, options, Box::new(on_event))?);
        let (wake, woken) = channel();
        let dirs = {
            let reader = inner.reader();
            [reader.new_folder(), reader.blob_folder()]
        };
        // Watch first, then scan: what comes in between is then seen.
        let watch = Watch::new(dirs, wake.clone());
        let working = Arc::clone(&inner);
        let thread = spawn("reviewer", move || work(&working, &woken, watch))?;
        Ok(Self { inner, stop: Some(wake), thread: Some(thread) })
    }

    /// Has the thread look now: something is due at another time than before.
    fn wake(&self) {
        if let Some(wake) = &self.stop {
            let _ = wake.send(Wake::Look);
        }
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
        let gate = self.inner.create_gate(passphrase)?;
        // What came before there was a root waits in the box.
        self.wake();
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
        self.wake();
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

    /// Unlocks the reviewer key, for as long as it is used. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<(), Error> {
        self.inner.unlock(passphrase)?;
        // It locks by itself.
        self.wake();
        Ok(())
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
        self.inner.core().backup = Some(path.to_owned());
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

    /// Everything that is known, by whose turn it is: of each section the first rows.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn queue(&self) -> Result<Queue, Error> {
        self.inner.queue()
    }

    /// More of a section: what comes after the page that gave `after`.
    ///
    /// # Errors
    ///
    /// [`Error::Cursor`].
    pub fn queue_page(&self, section: SectionId, after: &str) -> Result<Page, Error> {
        self.inner.queue_page(section, after)
    }

    /// Everything that was ever seen, the newest first: the first page, or that after `after`.
    ///
    /// # Errors
    ///
    /// [`Error::Cursor`].
    pub fn history(&self, filter: HistoryFilter, after: Option<&str>) -> Result<Page, Error> {
        self.inner.history(filter, after)
    }

    /// What was ever seen that has all the words of `text`, in any of its texts; the newest first. It is
    /// text and has no syntax; capitals make no difference.
    ///
    /// # Errors
    ///
    /// [`Error::Cursor`].
    pub fn search(&self, text: &str, after: Option<&str>) -> Result<FoundRows, Error> {
        self.inner.search(text, after)
    }

    /// Takes a proposal that waits out of the queue until `until`, ten minutes before it expires, or for
    /// seven days, whatever is first; returns which. It comes back by itself, with an event.
    ///
    /// # Errors
    ///
    /// [`Error::NotOpen`], [`Error::TooLateToSnooze`].
    pub fn snooze(&self, digest: &Digest, until: Timestamp) -> Result<Timestamp, Error> {
        let until = self.inner.snooze(digest, until)?;
        self.wake();
        Ok(until)
    }

    /// Puts it back into the queue.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub fn unsnooze(&self, digest: &Digest) -> Result<(), Error> {
        self.inner.unsnooze(digest)
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
        if focused {
            // Whoever comes back may have unlocked a keyring or ended a gate.
            self.inner.core().places.ask_soon();
            self.wake();
        }
    }

    /// The window shows nothing any more: whatever it showed has to be shown again.
    pub fn nothing_shown(&self) {
        self.inner.core().screen.clear();
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
        let halted = self.inner.halt(stop, reason)?;
        // What it made void is placed by the thread, where that is much.
        self.wake();
        Ok(halted)
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

    /// Has the gate of this machine propose something to practise with; its digest, once it is here. What is
    /// signed of it really happens, in a folder made for it. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::NotSetUp`], [`Error::GateMissing`], [`Error::Practice`].
    pub fn practice(&self, which: Practice) -> Result<Digest, Error> {
        self.inner.practise(which)
    }

    /// What of Countersign is on this machine. `desktop` is what the desktop keeps for this app.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn removal(&self, desktop: &[PathBuf]) -> Result<Vec<RemovalItem>, Error> {
        self.inner.removal(desktop)
    }

    /// Removes all of it: ends the gates of this machine, deletes the keys, then the rest. `words` are
    /// [`crate::REMOVAL_WORDS`]. Afterwards nothing works here, and the app is to end. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::NotConfirmed`]; [`Error::GateFailed`], [`Error::Keys`], where nothing but the gate and some of the
    /// keys is gone; [`Error::File`], when the next start goes on with it.
    pub fn remove_all(&self, words: &str, desktop: &[PathBuf]) -> Result<(), Error> {
        self.inner.remove_all(words, desktop)
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
    pub(crate) fn look(&self) -> Result<(), Error> {
        // One at a time: when it returns, what lay in the box was taken and answered.
        let _looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        if self.core().gone {
            return Ok(());
        }
        let taken = self.ingest();
        let passed = self.end_snoozes().and_then(|()| self.settle_all());
        let sent = self.deliver();
        let all = taken.and(passed).and(sent);
        self.note_trouble(all.as_ref().err().map(held));
        all
    }

    /// Says once what keeps us from going on, and once that nothing does any more.
    fn note_trouble(&self, trouble: Option<Held>) {
        let changed = {
            let mut core = self.core();
            let changed = core.trouble != trouble;
            core.trouble = trouble;
            changed
        };
        if changed {
            self.tell(Event::GatesChanged);
        }
    }

    /// What the clock brings about, but for what is in the store.
    fn tick(self: &Arc<Self>) {
        if self.watch_clocks() {
            self.tell(Event::QueueChanged);
        }
        self.ask_keyring();
        self.lock_when_idle();
        self.fetch_device_key();
    }

    /// Until something is due, or after `quiet` at the latest; sooner while something waits for a gate.
    fn until_due(&self, quiet: Duration) -> Duration {
        let (now, monotonic) = (self.now(), self.monotonic());
        let mut core = self.core();
        let known = core.store.read(|tx| Ok::<_, Error>((tx.next_due()?, tx.outbox_len()?)));
        let Ok((due, outbox)) = known else { return LOOK };
        // A key that is unlocked is locked soon after the machine slept, whatever the desktop says of that.
        let quiet = if outbox == 0 && core.unlocked.is_none() { quiet } else { LOOK };
        let due = due.map_or(quiet, |at| Duration::from_secs(at.since(now)));
        let idle = core.unlocked.as_ref();
        let idle = idle.map_or(quiet, |it| (it.used + self.options.idle).saturating_sub(monotonic));
        quiet.min(due).min(idle).max(LEAST)
    }

    /// Whether something lies in the box that could be taken.
    fn has_arrivals(&self) -> bool {
        self.core().root.is_some() && self.reader().is_empty().is_ok_and(|empty| !empty)
    }

    /// Does a little of what nobody waits for. `true` when there may be more.
    fn catch_up(&self) -> bool {
        if self.core().gone {
            return false;
        }
        // The one that fails does not keep the other waiting.
        let done = [self.refresh_rows(), self.index_some()].map(|done| {
            done.unwrap_or_else(|error| {
                tracing::warn!(%error, "catching up; it is tried again");
                false
            })
        });
        done.contains(&true)
    }
}

fn held(error: &Error) -> Held {
    use countersign_sources::Error as Spool;
    use countersign_store::Error as Store;
    use std::io::ErrorKind::StorageFull;
    let by = match error {
        Error::Store(Store::DiskFull) | Error::Spool(Spool::DiskFull { .. }) => Obstacle::DiskFull,
        Error::Store(Store::File(cause))
        | Error::Spool(Spool::Io { cause, .. })
        | Error::File { cause, .. }
            if cause.kind() == StorageFull =>
        {
            Obstacle::DiskFull
        }
        Error::Store(_) => Obstacle::Records,
        Error::Spool(_) => Obstacle::Folders,
        _ => Obstacle::Other,
    };
    Held { by, says: error.to_string() }
}

impl Watch {
    fn new(dirs: [PathBuf; 2], wake: Sender<Wake>) -> Self {
        let mut watch = Self { dirs, wake, watched: None, missed: false };
        watch.begin();
        watch
    }

    fn begin(&mut self) {
        let wake = self.wake.clone();
        self.watched = spool::on_arrival(&self.dirs, move || {
            let _ = wake.send(Wake::Look);
        });
        if self.watched.is_none() {
            tracing::warn!("the box cannot be watched; it is looked into every {} s", LOOK.as_secs());
        }
    }

    /// How often to look whatever it says.
    fn quiet(&self) -> Duration {
        if self.watched.is_some() && !self.missed { QUIET } else { LOOK }
    }

    /// Something lies in the box of which nothing was heard.
    fn missed(&mut self) {
        if !self.missed {
            tracing::warn!("arrivals are not heard of; the box is looked into every {} s", LOOK.as_secs());
        }
        self.missed = true;
        self.begin();
    }
}

fn work(inner: &Arc<Inner>, woken: &Receiver<Wake>, mut watch: Watch) {
    loop {
        inner.tick();
        let looked = inner.look();
        if let Err(error) = &looked {
            tracing::warn!(%error, "looking into the box; it is tried again");
        }
        // What could not be done stays due: it is not tried again and again without a pause.
        let until = Instant::now() + if looked.is_ok() { inner.until_due(watch.quiet()) } else { LOOK };
        // An arrival comes before the rest of it, and so does what is due: the key locks itself in time.
        let mut wake = woken.try_recv();
        while matches!(wake, Err(TryRecvError::Empty)) && Instant::now() < until && inner.catch_up() {
            wake = woken.try_recv();
        }
        let wake = wake.or_else(|_| woken.recv_timeout(until.saturating_duration_since(Instant::now())));
        // What just arrived is heard of in a moment.
        let unheard = watch.watched.is_some() && matches!(wake, Err(RecvTimeoutError::Timeout));
        let wake = if unheard && looked.is_ok() && inner.has_arrivals() {
            woken.recv_timeout(MOMENT).inspect_err(|_| watch.missed())
        } else {
            wake
        };
        match wake {
            Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(Wake::Look) | Err(RecvTimeoutError::Timeout) => {}
        }
        // One look answers all that came until it began.
        while let Ok(wake) = woken.try_recv() {
            if matches!(wake, Wake::Stop) {
                return;
            }
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    spawned.map_err(|cause| Error::File { path: name.into(), cause })
}
