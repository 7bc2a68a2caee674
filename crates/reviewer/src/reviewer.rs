//! The reviewer itself: what the window calls.

mod gates;
mod item;
mod keys;
mod lists;

use std::path::PathBuf;
use std::sync::Arc;

use countersign_sources::layout::Layout;

use crate::ahead::Ahead;
use crate::core::Inner;
use crate::rounds::Rounds;
use crate::{Error, Event, Options, RemovalItem, State, removal};

pub use keys::SetUp;

/// The app without a window. Every call is short but those that say that they are slow.
pub struct Reviewer {
    // First, so that the threads have ended before the rest goes.
    rounds: Rounds,
    _ahead: Ahead,
    inner: Arc<Inner>,
}

impl Reviewer {
    /// Opens what is kept and begins to read and send, in threads of its own. They end when it is
    /// dropped; gates go on. `on_event` is called from any thread, also in the midst of a look, a start or a
    /// removal: it may ask anything, and must not call for another of these.
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
        let rounds = Rounds::begin(&inner)?;
        let ahead = Ahead::begin(&inner)?;
        Ok(Self { rounds, _ahead: ahead, inner })
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

    /// The person knows that the clock was set.
    pub fn dismiss_clock(&self) {
        self.inner.dismiss_clock();
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
    /// keys is gone; [`Error::File`], when the keys are gone and something else is not. It can be called again.
    pub fn remove_all(&self, words: &str, desktop: &[PathBuf]) -> Result<(), Error> {
        self.inner.remove_all(words, desktop)
    }

    /// Whether the keys were removed by [`Reviewer::remove_all`], whatever else is still there.
    pub fn is_removed(&self) -> bool {
        self.inner.is_removed()
    }
}
