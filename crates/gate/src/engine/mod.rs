//! The gate's one thread that knows and decides.
//!
//! It owns ledger, anchor, key, root and boxes. Everybody else hands it jobs:
//! connections ask and look, workers (one for each proposal that is acted on)
//! report. A job never waits for an agent, a program or a network.

mod anchored;
mod burn;
mod deliver;
mod ingest;
mod judge;
mod kept;
mod memory;
mod propose;
mod receipts;
mod steps;
#[cfg(test)]
mod tests;
mod uses;
mod views;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign_core::digest::Digest;
use countersign_core::key::SecretKey;
use countersign_core::time::Timestamp;
use countersign_core::verify::TrustedRoot;
use countersign_sources::spool::{Reader, Watched, Writer, on_arrival};
use tokio::sync::{oneshot, watch};

use crate::Error;
use crate::act::Children;
use crate::anchor::Anchor;
use crate::config::Config;
use crate::folder::Folder;
use crate::ledger::{Entry, Kept, Ledger, Letter};

pub(crate) use uses::Wanted;
pub(crate) use views::Viewer;
pub(crate) use work::use_one;

/// How long after a change, and while something is tried again, everything is looked at.
const TICK: Duration = Duration::from_millis(500);

/// How often everything is looked at when nothing is due: for a clock that was set, and for what the operating
/// system did not say of the box.
const QUIET: Duration = Duration::from_secs(5);

/// The same where the box cannot be watched.
const UNWATCHED: Duration = Duration::from_secs(2);

type Job = Box<dyn FnOnce(&mut Engine) + Send>;

/// Hands jobs to the engine.
#[derive(Clone)]
pub(crate) struct Handle {
    jobs: Sender<Job>,
    changed: watch::Sender<u64>,
}

impl Handle {
    /// Runs `job` on the engine and waits for it. Not for async code.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Engine) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (send, receive) = channel();
        self.hand(move |engine| drop(send.send(job(engine))))?;
        receive.recv().map_err(|_| Error::Closed)
    }

    /// Runs `job` on the engine.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Engine) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (send, receive) = oneshot::channel();
        self.hand(move |engine| drop(send.send(job(engine))))?;
        receive.await.map_err(|_| Error::Closed)
    }

    /// Hands `job` over and does not wait.
    pub(crate) fn hand(&self, job: impl FnOnce(&mut Engine) + Send + 'static) -> Result<(), Error> {
        self.jobs.send(Box::new(job)).map_err(|_| Error::Closed)
    }

    /// Wakes those who wait for a change.
    pub(crate) fn bump(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Is woken by changes.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

/// What the one thread owns.
pub(crate) struct Engine {
    folder: Folder,
    config: Arc<Config>,
    key: SecretKey,
    root: TrustedRoot,
    ledger: Ledger,
    anchor: Anchor,
    reader: Reader,
    writer: Writer,
    // How often the box is looked into whatever is said of it.
    quiet: Duration,
    handle: Handle,
    children: Children,
    // Proposals for which a worker lives.
    at_work: BTreeSet<Digest>,
    // Uses of batches that are being done, each by a worker of its own.
    uses_at_work: usize,
    // Before when nothing is tried again for a proposal, after the disk refused.
    resting: BTreeMap<Digest, Instant>,
    // What was sent, how often, and when it is sent again.
    sent: BTreeMap<Digest, (u32, Instant)>,
    // What keeps the gate from writing, as far as it cannot be written down.
    trouble: Option<String>,
    // Set when the gate was asked to end: nothing more is begun.
    ending: bool,
    // Set when there is nothing more to do at all.
    stopped: bool,
}

/// What the engine is made of.
pub(crate) struct Parts {
    pub(crate) folder: Folder,
    pub(crate) config: Config,
    pub(crate) reset_clock: bool,
}

impl Engine {
    /// Opens everything, finds out what was left from before, and announces the epoch.
    pub(crate) fn start(parts: Parts) -> Result<(Self, Receiver<Job>), Error> {
        let Parts { folder, config, reset_clock } = parts;
        let key = folder.key()?;
        if key.public() != config.key {
            return Err(Error::folder(&folder.config(), "it names another key than the one in this folder"));
        }
        let (jobs, received) = channel();
        let handle = Handle { jobs, changed: watch::Sender::new(0) };
        let mut ledger = Ledger::open(&folder.ledger())?;
        let root = memory::root(&folder, &config, &*ledger.read()?)?;
        let mut engine = Self {
            key,
            root,
            ledger,
            anchor: Anchor::at(folder.anchor()),
            reader: Reader::open(folder.inbox())?,
            writer: Writer::open(folder.outbox())?,
            quiet: UNWATCHED,
            handle,
            children: Children::default(),
            at_work: BTreeSet::new(),
            uses_at_work: 0,
            resting: BTreeMap::new(),
            sent: BTreeMap::new(),
            trouble: None,
            ending: false,
            stopped: false,
            config: Arc::new(config),
            folder,
        };
        engine.allow_senders();
        engine.remember(reset_clock)?;
        engine.announce()?;
        Ok((engine, received))
    }

    /// Does jobs, and what is due, until it is stopped. What arrives in the box is read at once.
    pub(crate) fn run(mut self, jobs: &Receiver<Job>) {
        let _watched = self.watch();
        let mut ticked = Instant::now();
        let mut next = ticked;
        loop {
            match jobs.recv_timeout(next.saturating_duration_since(Instant::now())) {
                Ok(job) => {
                    job(&mut self);
                    // Anything may follow from it.
                    next = next.min(ticked + TICK);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.stopped {
                return;
            }
            if Instant::now() >= next {
                self.tick();
                ticked = Instant::now();
                next = ticked + self.until_due();
            }
        }
    }

    /// Has the box looked into whenever something arrives there.
    fn watch(&mut self) -> Option<Watched> {
        let looks = self.handle();
        // One look that waits says as much as many: a flood must not keep agents waiting behind as many looks.
        let waits = Arc::new(AtomicBool::new(false));
        let watched = on_arrival(&[self.reader.new_folder()], move || {
            if waits.swap(true, Ordering::SeqCst) {
                return;
            }
            let begun = Arc::clone(&waits);
            let _ = looks.hand(move |engine| {
                // Before it reads: what comes while it does is looked for again.
                begun.store(false, Ordering::SeqCst);
                engine.tick();
            });
        });
        match &watched {
            Some(_) => self.quiet = QUIET,
            None => {
                tracing::warn!("the box cannot be watched; it is looked into every {} s", UNWATCHED.as_secs())
            }
        }
        watched
    }

    /// Until something is due, or it is time to look whatever was said.
    fn until_due(&mut self) -> Duration {
        let tries_again = self.trouble.is_some() || !self.at_work.is_empty();
        let due = if tries_again { Ok(TICK) } else { self.next_due() };
        // Of a ledger that cannot be read the next tick says more.
        due.unwrap_or(TICK).min(self.quiet)
    }

    fn next_due(&mut self) -> Result<Duration, Error> {
        let now = Instant::now();
        let read = self.ledger.read()?;
        // Each may hold at any time: when a halt is lifted, or a clock comes right.
        if Kept::any(&read)? || !Entry::approved(&read)?.is_empty() {
            return Ok(TICK);
        }
        let again = Letter::waiting(&read)?.into_iter().map(|digest| {
            self.sent.get(&digest).map_or(Duration::ZERO, |(_, again)| again.saturating_duration_since(now))
        });
        let expires = Entry::next_expiry(&read)?.map(|at| until(&self.config, at));
        Ok(again.chain(expires).min().unwrap_or(self.quiet))
    }

    /// A way to hand over jobs.
    pub(crate) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// The programs that run now.
    pub(crate) fn children(&self) -> Children {
        self.children.clone()
    }

    /// Begins nothing more; how many proposals are still being acted on.
    pub(crate) fn end(&mut self) -> usize {
        self.ending = true;
        self.at_work.len() + self.uses_at_work
    }

    /// Ends the thread, after the jobs that were handed over before.
    pub(crate) fn stop(&mut self) {
        self.stopped = true;
    }

    /// Looks at everything that may be due.
    pub(crate) fn tick(&mut self) {
        let mut trouble = None;
        for (what, result) in [
            ("reading the box", self.ingest_some()),
            ("looking at the clock", self.expire()),
            ("looking at what was kept for later", self.look_again()),
            ("going on with approvals", self.resume()),
            ("sending", self.deliver()),
        ] {
            if let Err(error) = result {
                trouble.get_or_insert_with(|| format!("{what}: {error}"));
            }
        }
        self.set_trouble(trouble);
    }

    fn set_trouble(&mut self, trouble: Option<String>) {
        if trouble != self.trouble {
            match &trouble {
                Some(trouble) => tracing::error!("{trouble}"),
                None => tracing::info!("what could not be written before can be again"),
            }
            self.trouble = trouble;
            self.handle.bump();
        }
    }

    fn now(&self) -> Timestamp {
        now(&self.config)
    }

    fn allow_senders(&mut self) {
        let uids: Vec<u32> = self.root.root().entries.iter().filter_map(|entry| entry.uid).collect();
        uids.into_iter().for_each(|uid| self.reader.allow(uid));
    }
}

/// The gate's clock.
pub(crate) fn now(config: &Config) -> Timestamp {
    Timestamp::from_seconds(exactly(config).as_secs())
}

/// How long until the gate's clock shows `at`.
fn until(config: &Config, at: Timestamp) -> Duration {
    Duration::from_secs(at.seconds()).saturating_sub(exactly(config))
}

fn exactly(config: &Config) -> Duration {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs().saturating_add_signed(config.clock_offset.unwrap_or(0));
    Duration::new(seconds, since.subsec_nanos())
}
