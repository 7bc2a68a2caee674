//! Makes sheets before somebody asks for them: of what stands beside the open one in the queue, and of what came
//! last.
//!
//! A thread of its own does it, under no lock but for moments. It begins a moment after it was asked, so that what
//! is on its way to the screen goes first, and of all that is asked for meanwhile the last counts. What arrives does
//! not keep the neighbours of the open one waiting, however fast it comes, and is not made ahead where it is long. A
//! sheet that was made ahead is like any other: nothing counts as shown because of it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use countersign_core::proposal::Proposal;

use crate::core::Inner;
use crate::{Error, sheets};

/// How long nothing else like it is asked for before it begins.
const MOMENT: Duration = Duration::from_millis(200);

/// The most bytes of contents of something whose sheet is made because it arrived: 4 MiB.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The thread, while it goes on. It ends when this is dropped.
pub(crate) struct Ahead {
    inner: Arc<Inner>,
    thread: Option<JoinHandle<()>>,
}

/// What it is asked for.
#[derive(Default)]
pub(crate) struct Wishes {
    asked: Mutex<Asked>,
    woken: Condvar,
}

#[derive(Debug, Default)]
struct Asked {
    opened: Option<Wish>,
    arrived: Option<Wish>,
    ends: bool,
}

#[derive(Debug, Clone, Copy)]
struct Wish {
    of: Digest,
    since: Instant,
}

/// What is to be made now.
#[derive(Debug)]
struct Due {
    // Whose neighbours are wanted.
    opened: Option<Digest>,
    arrived: Option<Digest>,
}

impl Wish {
    fn now(of: &Digest) -> Self {
        Self { of: *of, since: Instant::now() }
    }

    fn left(&self, now: Instant) -> Duration {
        (self.since + MOMENT).saturating_duration_since(now)
    }
}

impl Asked {
    /// Until the first of them is due; `None` when there is none.
    fn left(&self, now: Instant) -> Option<Duration> {
        [&self.opened, &self.arrived].into_iter().flatten().map(|it| it.left(now)).min()
    }

    /// Takes those that are due.
    fn take(&mut self, now: Instant) -> Due {
        let due = |wish: &mut Option<Wish>| wish.take_if(|it| it.left(now).is_zero()).map(|it| it.of);
        Due { opened: due(&mut self.opened), arrived: due(&mut self.arrived) }
    }
}

impl Wishes {
    pub(crate) fn opened(&self, digest: &Digest) {
        let mut asked = self.asked();
        // A window that draws the same one again and again wants the same.
        if asked.opened.is_none_or(|it| it.of != *digest) {
            asked.opened = Some(Wish::now(digest));
            self.woken.notify_all();
        }
    }

    pub(crate) fn arrived(&self, digest: &Digest) {
        self.asked().arrived = Some(Wish::now(digest));
        self.woken.notify_all();
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next; `None` when it is to end.
    fn next(&self) -> Option<Due> {
        let mut asked = self.asked();
        while !asked.ends {
            let now = Instant::now();
            asked = match asked.left(now) {
                None => self.woken.wait(asked).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => return Some(asked.take(now)),
                Some(left) => self.woken.wait_timeout(asked, left).unwrap_or_else(PoisonError::into_inner).0,
            };
        }
        None
    }

    /// Whether another one than `opened` is open by now.
    fn are_new(&self, opened: Option<Digest>) -> bool {
        let asked = self.asked();
        asked.ends || asked.opened.is_some_and(|it| Some(it.of) != opened)
    }
}

impl Ahead {
    pub(crate) fn begin(inner: &Arc<Inner>) -> Result<Self, Error> {
        let working = Arc::clone(inner);
        let work = move || {
            let mut done = Vec::new();
            while let Some(due) = working.wishes.next() {
                working.make_ahead(&due, &mut done);
            }
        };
        let spawned = std::thread::Builder::new().name("ahead".to_owned()).spawn(work);
        let thread = spawned.map_err(|cause| Error::File { path: "ahead".into(), cause })?;
        Ok(Self { inner: Arc::clone(inner), thread: Some(thread) })
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.inner.wishes.asked().ends = true;
        self.inner.wishes.woken.notify_all();
        // It makes one sheet to its end at most.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Inner {
    /// `done` are the neighbours that were made last: what is opened again and again wants them once.
    fn make_ahead(&self, due: &Due, done: &mut Vec<Digest>) {
        let beside = due.opened.and_then(|it| self.beside(&it).ok()).filter(|it| it != done);
        if let Some(beside) = beside {
            done.clear();
            for digest in beside {
                if !self.make_one_ahead(&digest, due) {
                    return;
                }
                done.push(digest);
            }
        }
        if let Some(digest) = due.arrived.filter(|it| self.is_short(it)) {
            self.make_one_ahead(&digest, due);
        }
    }

    /// `false` when it is not to go on.
    fn make_one_ahead(&self, digest: &Digest, due: &Due) -> bool {
        if self.wishes.are_new(due.opened) || self.core().gone {
            return false;
        }
        // What cannot be made says so to whoever opens it.
        if !self.core().sheets.has(digest) && self.waits(digest).unwrap_or(false) {
            let _ = self.made_ahead(digest);
        }
        true
    }

    /// Whether it takes so little that it is made although nobody may ever look at it.
    fn is_short(&self, digest: &Digest) -> bool {
        let envelope = self.core().store.read(|tx| tx.proposal(digest));
        let proposal = envelope.ok().flatten().and_then(|it| sheets::read(&it).ok());
        let bytes = |it: &Proposal| it.contents().iter().map(|it| it.size()).sum::<u64>();
        proposal.is_some_and(|it| bytes(&it) <= MOST_BYTES)
    }
}
