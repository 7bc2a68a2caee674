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
mod views;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign_core::digest::Digest;
use countersign_core::key::SecretKey;
use countersign_core::time::Timestamp;
use countersign_core::verify::TrustedRoot;
use countersign_sources::spool::{Reader, Writer};
use tokio::sync::{oneshot, watch};

use crate::Error;
use crate::act::Children;
use crate::anchor::Anchor;
use crate::config::Config;
use crate::folder::Folder;
use crate::ledger::Ledger;

pub(crate) use views::Viewer;

/// How often the clock, the outbox and what failed before are looked at.
const TICK: Duration = Duration::from_millis(500);

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
    handle: Handle,
    children: Children,
    // Proposals for which a worker lives.
    at_work: BTreeSet<Digest>,
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
            handle,
            children: Children::default(),
            at_work: BTreeSet::new(),
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

    /// Does jobs, and what is due, until it is stopped.
    pub(crate) fn run(mut self, jobs: &Receiver<Job>) {
        let mut ticked = Instant::now();
        self.tick();
        loop {
            match jobs.recv_timeout(TICK) {
                Ok(job) => job(&mut self),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.stopped {
                return;
            }
            if ticked.elapsed() >= TICK {
                self.tick();
                ticked = Instant::now();
            }
        }
    }

    /// A way to hand over jobs.
    pub(crate) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// The programs that run now.
    pub(crate) fn children(&self) -> Children {
        self.children.clone()
    }

    /// The folder of what may have arrived.
    pub(crate) fn arrivals(&self) -> std::path::PathBuf {
        self.reader.new_folder()
    }

    /// Begins nothing more; how many proposals are still being acted on.
    pub(crate) fn end(&mut self) -> usize {
        self.ending = true;
        self.at_work.len()
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
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Timestamp::from_seconds(seconds.saturating_add_signed(config.clock_offset.unwrap_or(0)))
}
