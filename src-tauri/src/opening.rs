//! The reviewer, which is opened while the window is made.
//!
//! A page that asks before it is there waits for it, and never gets an answer
//! that only looks like one. Where it cannot be opened the app ends, and says why.

use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use countersign_reviewer::Reviewer;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tauri::{AppHandle, Manager as _, Runtime, State};

/// Where the reviewer is, as soon as it is there.
#[derive(Default)]
pub(crate) struct Opening {
    reviewer: OnceLock<Arc<Reviewer>>,
    /// Whether the window is in front, as far as the window manager said.
    front: Mutex<Option<bool>>,
}

impl Opening {
    /// It is there. What was said of the window before counts from its beginning.
    pub(crate) fn opened(&self, reviewer: Arc<Reviewer>) {
        let front = self.front.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(front) = *front {
            reviewer.focus_changed(front);
        }
        let _ = self.reviewer.set(reviewer);
    }

    /// The window came to the front, or left it.
    pub(crate) fn focus_changed(&self, focused: bool) {
        let mut front = self.front.lock().unwrap_or_else(PoisonError::into_inner);
        *front = Some(focused);
        if let Some(reviewer) = self.reviewer.get() {
            reviewer.focus_changed(focused);
        }
    }
}

/// The reviewer, if it is there by now.
pub(crate) fn reviewer(app: &AppHandle) -> Option<&Arc<Reviewer>> {
    app.state::<Opening>().inner().reviewer.get()
}

/// Locks the key. Before the reviewer is there it is locked.
pub(crate) fn lock(app: &AppHandle) {
    if let Some(reviewer) = reviewer(app) {
        reviewer.lock();
    }
}

/// The reviewer, as commands take it: they wait for it. Not on the main thread.
pub(crate) struct Shared<'a>(&'a Arc<Reviewer>);

impl<'a, R: Runtime> CommandArg<'a, R> for Shared<'a> {
    fn from_command(command: CommandItem<'a, R>) -> Result<Self, InvokeError> {
        let opening: State<'a, Opening> = command.message.webview_ref().state();
        Ok(Self(opening.inner().reviewer.wait()))
    }
}

impl Deref for Shared<'_> {
    type Target = Reviewer;

    fn deref(&self) -> &Reviewer {
        self.0
    }
}
