//! A Linux desktop: D-Bus for what it says and shows, a `.desktop` file to start with it.
//!
//! Two threads, which block until there is something: one listens to the
//! session's bus and the system's, one shows notifications. Each runs zbus
//! itself, so no other runtime is needed and none is kept waiting.

mod autostart;
mod bus;
mod comparers;
mod notices;
mod session;
mod system;

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use countersign_reviewer::Comparer;
use gtk::prelude::GtkSettingsExt as _;
use tauri::WebviewWindow;
use webkit2gtk::{SettingsExt as _, WebViewExt as _};

use super::{Platform, Signal, Tell};
use crate::notify::Desk;
use crate::thread;

/// A daemon that takes longer than this to take a notification is said to hang.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a process that ends waits for its last notification to be shown.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What is known of the surroundings, as of the last signal.
#[derive(Default)]
struct Known {
    /// There is a session bus.
    session: bool,
    /// Somebody says when the screen locks.
    locker: bool,
    /// Somebody shows icons in the tray.
    tray_host: bool,
    /// Somebody says when the machine sleeps, and when the session is told to lock.
    logind: bool,
    /// Why no notification was shown the last time that one was to be.
    not_shown: Option<String>,
    /// Since when the daemon has been asked to show one.
    asked: Option<Instant>,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Known>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Linux {
    known: Shared,
}

impl Linux {
    pub(super) fn new() -> Self {
        Self { known: Shared::default() }
    }
}

impl Platform for Linux {
    fn comparers(&self) -> &'static [Comparer] {
        comparers::ALL
    }

    fn surroundings(&self) -> Vec<(OsString, OsString)> {
        comparers::surroundings()
    }

    fn listen(&self, tell: Tell) -> io::Result<()> {
        outlive_the_buses();
        let (known, tell) = (self.known.clone(), Arc::new(tell));
        thread("desktop", move || {
            zbus::block_on(futures_lite::future::zip(
                bus::again_and_again(|| session::listen(&known, &tell)),
                bus::again_and_again(|| system::listen(&known, &tell)),
            ));
        })
    }

    fn show_notifications(&self, desk: Desk) -> io::Result<()> {
        let known = self.known.clone();
        thread("notifications", move || zbus::block_on(notices::run(desk, &known)))
    }

    fn no_notifications(&self) -> Option<String> {
        let known = self.known.lock();
        if !known.session {
            return Some("There is no session bus here, over which notifications are shown.".to_owned());
        }
        if known.asked.is_some_and(|since| since.elapsed() > PATIENCE) {
            let says =
                "The notification daemon of this desktop does not answer. What it has not shown waits.";
            return Some(says.to_owned());
        }
        known.not_shown.clone()
    }

    fn no_lock_signals(&self) -> Option<String> {
        let known = self.known.lock();
        let says = match (known.locker, known.logind) {
            (true, true) => return None,
            (false, true) => {
                "No screen saver of this desktop says when the screen locks. The key locks when the machine \
                 sleeps, when the session is told to lock, and after a while without use."
            }
            (true, false) => {
                "Nothing here says when the machine is about to sleep (there is no logind on the system bus). \
                 The key locks when the screen does, and after a while without use."
            }
            (false, false) => {
                "Nothing here says when the screen locks or the machine sleeps. The key locks after a while \
                 without use, or when you lock it."
            }
        };
        Some(says.to_owned())
    }

    fn no_tray_host(&self) -> Option<String> {
        let known = self.known.lock();
        (!known.tray_host).then(|| {
            "Nothing on this desktop shows icons in a tray (nobody is org.kde.StatusNotifierWatcher)."
                .to_owned()
        })
    }

    fn autostart(&self) -> bool {
        autostart::is_on()
    }

    fn set_autostart(&self, on: bool) -> io::Result<()> {
        if on { autostart::turn_on() } else { autostart::turn_off() }
    }

    fn autostart_files(&self) -> Vec<PathBuf> {
        autostart::files()
    }

    fn start_anew(&self, more: &[&str]) -> io::Error {
        let program = match std::env::current_exe() {
            Ok(program) => program,
            Err(cause) => return cause,
        };
        Command::new(program).args(std::env::args_os().skip(1)).args(more).exec()
    }

    fn say_and_end(&self, summary: &str, body: &str) {
        let (done, shown) = std::sync::mpsc::channel();
        let mut notification = notify_rust::Notification::new();
        notification.appname("Countersign").summary(summary).body(body).icon("countersign");
        let told = thread("last-words", move || {
            let _ = done.send(notification.show().is_ok());
        });
        if told.is_ok() {
            let _ = shown.recv_timeout(LAST_WORDS);
        }
    }

    fn watch_page(&self, window: &WebviewWindow, ended: fn(&WebviewWindow)) -> tauri::Result<()> {
        let page = window.clone();
        window.with_webview(move |webview| {
            webview.inner().connect_web_process_terminated(move |_, reason| {
                tracing::error!(?reason, "the web process ended");
                ended(&page);
            });
        })
    }

    fn dress_page(&self, window: &WebviewWindow) -> tauri::Result<()> {
        window.with_webview(|webview| {
            let named = gtk::Settings::default().and_then(|it| it.gtk_font_name());
            let family = named.as_deref().and_then(own_family);
            let Some(settings) = webview.inner().settings() else { return };
            settings.set_hardware_acceleration_policy(webkit2gtk::HardwareAccelerationPolicy::Never);
            // The page keeps nothing: what it has of the person is in the app.
            settings.set_enable_html5_local_storage(false);
            settings.set_enable_html5_database(false);
            if let Some(family) = family {
                settings.set_sans_serif_font_family(&family);
            }
        })
    }

    fn no_autostart(&self) -> Option<String> {
        autostart::hindrance()
    }
}

/// The family that GTK's name of a font begins with (`Cantarell Light 11`), where it is no mere "any".
fn own_family(name: &str) -> Option<String> {
    let family = gtk::pango::FontDescription::from_string(name).family()?;
    let first = family.split(',').next()?.trim();
    let any = ["", "sans", "sans-serif", "sans serif", "serif", "monospace", "system-ui"];
    (!any.contains(&first.to_lowercase().as_str())).then(|| first.to_owned())
}

/// GLib ends a program when a bus goes away that it shares with GTK and WebKit. What is signed and
/// waits is not in danger then, so there is no reason to.
fn outlive_the_buses() {
    for kind in [gio::BusType::Session, gio::BusType::System] {
        match gio::bus_get_sync(kind, gio::Cancellable::NONE) {
            Ok(shared) => shared.set_exit_on_close(false),
            Err(error) => tracing::debug!(%error, "a bus is not there"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desktop_font_is_one_that_has_a_name() {
        let named =
            [("Cantarell 11", "Cantarell"), ("Noto Sans Bold 10", "Noto Sans"), ("Ubuntu, Sans 9", "Ubuntu")];
        for (font, family) in named {
            assert_eq!(own_family(font).as_deref(), Some(family), "{font}");
        }
        for font in ["Sans 10", "sans-serif", "System-ui 11", "", "10"] {
            assert_eq!(own_family(font), None, "{font}");
        }
    }
}
