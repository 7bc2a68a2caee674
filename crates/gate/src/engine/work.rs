//! A worker: one thread that acts on one approved proposal, with the engine as its memory.

use std::sync::Arc;
use std::time::Duration;

use countersign_core::batch::Actions;
use countersign_core::digest::Digest;
use countersign_core::refusal::{Code, Refusal};
use countersign_sources::milestone::milestone;

use super::burn::Order;
use super::uses::Wanted;
use super::{Engine, Handle};
use crate::Error;
use crate::act::{Children, Ready, Workshop, prepare};
use crate::folder::Folder;

/// How long to wait before something that must be written down is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Starts the worker of a proposal.
pub(super) fn start(handle: Handle, folder: Folder, children: Children, digest: Digest) {
    let ends = AtWork { handle: handle.clone(), digest };
    let worker = move || {
        // Dropped also by a panic; and without a thread, where nothing was begun, a later tick tries again.
        let _ends = ends;
        if let Err(error) = work(&handle, &folder, &children, digest) {
            tracing::error!(proposal = %digest, "{error}");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("act".to_owned()).spawn(worker) {
        tracing::error!(proposal = %digest, "{error}");
    }
}

/// A worker of a proposal, until it ends.
struct AtWork {
    handle: Handle,
    digest: Digest,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        let digest = self.digest;
        let _ = self.handle.hand(move |engine| engine.worker_ended(&digest));
    }
}

/// What was burned. However its worker ends, it ends with a receipt.
struct Burned {
    handle: Handle,
    order: Arc<Order>,
    ended: bool,
}

impl Burned {
    fn burn(handle: &Handle, order: &Arc<Order>) -> Result<Self, Refusal> {
        let burning = Arc::clone(order);
        handle.call(move |engine| engine.burn(&burning, None)).map_err(Error::into_refusal)??;
        Ok(Self { handle: handle.clone(), order: Arc::clone(order), ended: false })
    }

    /// Writes the receipt.
    fn end(mut self, stopped: Option<&Refusal>) -> Result<(), Error> {
        let written = self.write(stopped);
        self.ended = written.is_ok();
        written
    }

    fn write(&self, stopped: Option<&Refusal>) -> Result<(), Error> {
        until_written(|| {
            let (order, stopped) = (Arc::clone(&self.order), stopped.cloned());
            self.handle.call(move |engine| engine.conclude(&order, stopped.as_ref()))?
        })
    }
}

impl Drop for Burned {
    fn drop(&mut self) {
        if !self.ended {
            tracing::error!(id = self.order.case.entry.id, "what acted on it failed");
            // As after a crash: what was begun is unknown.
            let stopped = Refusal::new(Code::StateUnavailable, "the gate failed before it was begun");
            if let Err(error) = self.write(Some(&stopped)) {
                tracing::error!(id = self.order.case.entry.id, "{error}");
            }
        }
        if self.order.entry.is_some() {
            let _ = self.handle.hand(Engine::use_ended);
        }
    }
}

fn work(handle: &Handle, folder: &Folder, children: &Children, digest: Digest) -> Result<(), Error> {
    let order = handle.call(move |engine| engine.order(&digest, None, None))??;
    // Else a halt, a denial or a withdrawal came first, and is written down.
    let Ok(mut order) = order else { return Ok(()) };
    let shop = Workshop { folder, proposal: digest, children, progress: progress(handle) };
    let ready = match prepare_all(&order, &shop) {
        Ok(ready) => ready,
        Err(refusal) => return handle.call(move |engine| engine.not_done(&digest, &refusal))?,
    };
    // What is needed of them is in what is ready.
    order.case.contents.clear();
    let order = Arc::new(order);
    let burned = match Burned::burn(handle, &order) {
        Ok(burned) => burned,
        Err(refusal) => return handle.call(move |engine| engine.not_done(&digest, &refusal))?,
    };
    let mut stopped = None;
    for (at, ready) in ready.into_iter().enumerate() {
        match act(handle, &order, at, ready, &shop)? {
            Acted::Whole => {}
            Acted::Wrong => break,
            Acted::Stopped(refusal) => {
                stopped = Some(refusal);
                break;
            }
        }
    }
    burned.end(stopped.as_ref())
}

/// Uses one entry of a batch, in a thread of its own, which keeps `turn` until it ends. `told` is which entry that is,
/// once it is burned, or why it is not used.
pub(crate) fn use_one(
    handle: Handle,
    folder: Folder,
    children: Children,
    wanted: Wanted,
    turn: impl Send + 'static,
    told: impl FnOnce(Result<usize, Error>) + Send + 'static,
) -> Result<(), Error> {
    let worker = move || {
        let _turn = turn;
        let mut told = Some(told);
        let mut tell = |it: Result<usize, Error>| {
            if let Some(told) = told.take() {
                told(it);
            }
        };
        if let Err(error) = use_it(&handle, &folder, &children, &wanted, &mut tell) {
            tracing::error!(proposal = wanted.proposal, "{error}");
            tell(Err(error));
        }
    };
    let spawned = std::thread::Builder::new().name("use".to_owned()).spawn(worker);
    spawned.map(drop).map_err(|cause| Error::Io { what: "starting".to_owned(), cause })
}

fn use_it(
    handle: &Handle,
    folder: &Folder,
    children: &Children,
    wanted: &Wanted,
    tell: &mut dyn FnMut(Result<usize, Error>),
) -> Result<(), Error> {
    let (order, ready, shop, burned) = loop {
        let asked = wanted.clone();
        let mut order = match handle.call(move |engine| engine.use_order(&asked))? {
            Ok(Ok(order)) => order,
            Ok(Err(refusal)) => {
                tell(Err(refusal.into()));
                return Ok(());
            }
            Err(error) => {
                tell(Err(error));
                return Ok(());
            }
        };
        let proposal = order.case.entry.digest;
        let shop = Workshop { folder, proposal, children, progress: progress(handle) };
        let action = order.entry.and_then(|at| order.case.acted.actions.get(at));
        let missing = || Refusal::new(Code::ActionMismatch, "there is no such entry");
        let ready = action.ok_or_else(missing).and_then(|it| prepare(it, &order.case.contents, &shop));
        // What is needed of them is in what is ready.
        order.case.contents.clear();
        let order = Arc::new(order);
        match ready.and_then(|ready| Ok((ready, Burned::burn(handle, &order)?))) {
            Ok((ready, burned)) => break (order, ready, shop, burned),
            // Another came first for this one; the same arguments may be listed once more.
            Err(refusal) if refusal.code == Code::Replay => {}
            Err(refusal) => {
                let refusal = handle.call(move |engine| engine.order_not_used(&order, refusal))??;
                tell(Err(refusal.into()));
                return Ok(());
            }
        }
    };
    let at = order.entry.unwrap_or_default();
    tell(Ok(at));
    let stopped = match act(handle, &order, at, ready, &shop)? {
        Acted::Whole | Acted::Wrong => None,
        Acted::Stopped(refusal) => Some(refusal),
    };
    burned.end(stopped.as_ref())
}

/// Tells those who wait that there is more output.
fn progress(handle: &Handle) -> Arc<dyn Fn() + Send + Sync> {
    let bumps = handle.clone();
    Arc::new(move || bumps.bump())
}

fn prepare_all(order: &Order, shop: &Workshop<'_>) -> Result<Vec<Ready>, Refusal> {
    let Actions::All(actions) = &order.case.acted.actions else {
        return Err(Refusal::new(Code::ActionMismatch, "a batch does nothing by itself"));
    };
    actions.iter().map(|action| prepare(action, &order.case.contents, shop)).collect()
}

enum Acted {
    Whole,
    Wrong,
    Stopped(Refusal),
}

fn act(
    handle: &Handle,
    order: &Arc<Order>,
    at: usize,
    ready: Ready,
    shop: &Workshop<'_>,
) -> Result<Acted, Error> {
    let starting = Arc::clone(order);
    let started = match handle.call(move |engine| engine.start_step(&starting, at))? {
        Ok(started) => started,
        Err(refusal) => return Ok(Acted::Stopped(refusal)),
    };
    let mut done = ready.act(at, shop);
    milestone("acted");
    let whole = done.wrong.is_none();
    let files = std::mem::take(&mut done.files);
    let finished = handle.call(|engine| engine.now())?;
    let outcome = done.outcome(started, finished);
    // Until this is written the outcome would be unknown, so it is tried for as long as we live.
    until_written(|| {
        let (order, outcome, files) = (Arc::clone(order), outcome.clone(), files.clone());
        handle.call(move |engine| engine.finish_step(&order, at, &outcome, &files))?
    })?;
    Ok(if whole { Acted::Whole } else { Acted::Wrong })
}

fn until_written(mut write: impl FnMut() -> Result<(), Error>) -> Result<(), Error> {
    loop {
        match write() {
            Err(error) if error.disk_full() || matches!(error, Error::Ledger(_)) => {
                let refusal = Refusal::new(Code::StateUnavailable, error.to_string());
                tracing::error!("{refusal}; it is tried again");
                std::thread::sleep(AGAIN);
            }
            other => return other,
        }
    }
}
