//! What differs from one operating system to another, behind one trait.

#[cfg(target_os = "linux")]
mod linux;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use countersign_reviewer::Comparer;
use tauri::WebviewWindow;

use crate::notify::Desk;

/// What the desktop or the machine says while the app runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The machine is about to sleep. It waits a moment for whoever handles this.
    Sleeps,
    /// It woke.
    Woke,
    /// The screen locked.
    ScreenLocked,
    /// Whether somebody shows icons in the tray now.
    TrayHost(bool),
}

/// Who is told, on a thread of the platform's own. It must not wait for a person.
pub(crate) type Tell = Box<dyn Fn(Signal) + Send + Sync>;

/// One operating system. What it does not offer it says in a sentence for people.
pub(crate) trait Platform: Send + Sync {
    /// Programs by which a person may compare two texts, whether they are there or not.
    fn comparers(&self) -> &'static [Comparer];

    /// What such a program is told of our surroundings: nothing secret is in it.
    fn surroundings(&self) -> Vec<(OsString, OsString)>;

    /// Begins to listen, in a thread of its own, until the app ends.
    ///
    /// # Errors
    ///
    /// No thread is to be had.
    fn listen(&self, tell: Tell) -> io::Result<()>;

    /// Begins to show notifications, in a thread of its own, until the app ends.
    ///
    /// # Errors
    ///
    /// No thread is to be had.
    fn show_notifications(&self, desk: Desk) -> io::Result<()>;

    /// Why nothing is said outside of the window.
    fn no_notifications(&self) -> Option<String>;

    /// Why the key does not lock by itself when the screen locks or the machine sleeps.
    fn no_lock_signals(&self) -> Option<String>;

    /// Why an icon in the tray would not be seen.
    fn no_tray_host(&self) -> Option<String>;

    /// Whether the app starts with the session.
    fn autostart(&self) -> bool;

    /// Makes it start with the session, or not.
    ///
    /// # Errors
    ///
    /// Why not; it is as it was.
    fn set_autostart(&self, on: bool) -> io::Result<()>;

    /// The files by which it does, whether they are there or not.
    fn autostart_files(&self) -> Vec<PathBuf>;

    /// Shows one notification from a process that is about to end. Waits a moment at most.
    fn say_and_end(&self, summary: &str, body: &str);

    /// Starts this program anew in this very process, with its arguments and `more`. Returns only where it cannot.
    fn start_anew(&self, more: &[&str]) -> io::Error;

    /// Calls `ended` on the main thread whenever the process ends that draws the page.
    ///
    /// # Errors
    ///
    /// It will not be told.
    fn watch_page(&self, window: &WebviewWindow, ended: fn(&WebviewWindow)) -> tauri::Result<()>;

    /// Has the page drawn by the processor, without the graphics card and its drivers, and with the desktop's own
    /// font as its `sans-serif`: one family, found at once. It keeps nothing on the disk.
    ///
    /// # Errors
    ///
    /// It is drawn as the toolkit sees fit.
    fn dress_page(&self, window: &WebviewWindow) -> tauri::Result<()>;

    /// Why the app cannot start with the session.
    fn no_autostart(&self) -> Option<String>;
}

/// This one.
pub(crate) fn this() -> Arc<dyn Platform> {
    #[cfg(target_os = "linux")]
    return Arc::new(linux::Linux::new());
    #[cfg(not(target_os = "linux"))]
    compile_error!("a platform is an implementation of `Platform`; there is one for Linux");
}

/// The argument by which the app knows that the session started it, and not a person.
pub(crate) const BACKGROUND: &str = "--background";

/// The argument by which a start knows that it is the second attempt, and the last.
pub(crate) const AGAIN: &str = "--again";
