//! The thread that reads and sends: what it does in a round, and when the next one is due.
//!
//! A round is due when something arrives, when a time comes, or after a
//! while. Between two rounds it catches up with what nobody waits for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use countersign_sources::spool;

use crate::core::Inner;
use crate::{Error, Event, Held, Obstacle};

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

/// The thread, while it goes on. It ends when this is dropped.
pub(crate) struct Rounds {
    wake: Sender<Wake>,
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

impl Rounds {
    pub(crate) fn begin(inner: &Arc<Inner>) -> Result<Self, Error> {
        let (wake, woken) = channel();
        let dirs = {
            let reader = inner.reader();
            [reader.new_folder(), reader.blob_folder()]
        };
        // Watch first, then scan: what comes in between is then seen.
        let mut watch = Watch::new(dirs, wake.clone());
        let working = Arc::clone(inner);
        let spawned = std::thread::Builder::new().name("reviewer".to_owned()).spawn(move || {
            while catch_unwind(AssertUnwindSafe(|| work(&working, &woken, &mut watch))).is_err() {
                // What was kept is whole: a transaction that was not finished never was.
                tracing::error!("the thread that reads and sends failed; it begins anew");
                working.note_trouble(Some(Held {
                    by: Obstacle::Other,
                    says: "a defect in Countersign".to_owned(),
                }));
                std::thread::sleep(LOOK);
            }
        });
        let thread = spawned.map_err(|cause| Error::File { path: "reviewer".into(), cause })?;
        Ok(Self { wake, thread: Some(thread) })
    }

    /// Has it look now: something is due at another time than before.
    pub(crate) fn wake(&self) {
        let _ = self.wake.send(Wake::Look);
    }
}

impl Drop for Rounds {
    fn drop(&mut self) {
        let _ = self.wake.send(Wake::Stop);
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

fn work(inner: &Arc<Inner>, woken: &Receiver<Wake>, watch: &mut Watch) {
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
