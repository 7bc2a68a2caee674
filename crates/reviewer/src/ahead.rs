//! Makes sheets before somebody asks for them: of what stands beside the open one in the queue, and of what came
//! last.
//!
//! A thread of its own does it, under no lock but for moments. It begins a moment after it was asked, so that what
//! is on its way to the screen goes first, and of all that is asked for meanwhile the last counts. A sheet that
//! was made ahead is like any other: nothing counts as shown because of it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use countersign_core::digest::Digest;

use crate::Error;
use crate::core::Inner;

/// How long nothing else is asked for before it begins.
const MOMENT: Duration = Duration::from_millis(200);

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
    // Whose neighbours are wanted.
    opened: Option<Digest>,
    arrived: Option<Digest>,
    ends: bool,
}

impl Wishes {
    pub(crate) fn opened(&self, digest: &Digest) {
        self.asked().opened = Some(*digest);
        self.woken.notify_all();
    }

    pub(crate) fn arrived(&self, digest: &Digest) {
        self.asked().arrived = Some(*digest);
        self.woken.notify_all();
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next; `None` when it is to end.
    fn next(&self) -> Option<Asked> {
        let nothing = |asked: &mut Asked| asked.opened.is_none() && asked.arrived.is_none() && !asked.ends;
        let mut asked = self.woken.wait_while(self.asked(), nothing).unwrap_or_else(PoisonError::into_inner);
        loop {
            if asked.ends {
                return None;
            }
            let (guard, waited) =
                self.woken.wait_timeout(asked, MOMENT).unwrap_or_else(PoisonError::into_inner);
            asked = guard;
            if waited.timed_out() && !asked.ends {
                return Some(std::mem::take(&mut asked));
            }
        }
    }

    /// Whether something else is asked for.
    fn are_new(&self) -> bool {
        let asked = self.asked();
        asked.ends || asked.opened.is_some()
    }
}

impl Ahead {
    pub(crate) fn begin(inner: &Arc<Inner>) -> Result<Self, Error> {
        let working = Arc::clone(inner);
        let work = move || {
            let mut done = Vec::new();
            while let Some(asked) = working.wishes.next() {
                working.make_ahead(&asked, &mut done);
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
    /// `done` is what was made for the last wish: what is opened again and again wants it once.
    fn make_ahead(&self, asked: &Asked, done: &mut Vec<Digest>) {
        let beside = asked.opened.map(|it| self.beside(&it)).transpose();
        let wanted: Vec<Digest> = beside.into_iter().flatten().flatten().chain(asked.arrived).collect();
        if wanted == *done {
            return;
        }
        done.clear();
        for digest in wanted {
            if self.wishes.are_new() || self.core().gone {
                return;
            }
            // What cannot be made says so to whoever opens it.
            if !self.core().sheets.has(&digest) && self.waits(&digest).unwrap_or(false) {
                let _ = self.made_ahead(&digest);
            }
            done.push(digest);
        }
    }
}
