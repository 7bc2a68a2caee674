//! The icon in the tray: how many wait, and the one click that halts everything.
//!
//! Nothing is approved and nothing is lifted here. A desktop may have no tray,
//! or lose it: whoever asks is told why, and the window is never hidden then.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use countersign_core::halt::Scope;
use countersign_reviewer::{Lock, State, Stop};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager as _, Wry};

use crate::notify::Notifier;
use crate::page::Page;
use crate::platform::Platform;
use crate::wire::UserError;
use crate::{convert, opening, thread, window};

/// Of many changes at once, the last is drawn.
const SOON: Duration = Duration::from_millis(100);

/// How long the page may take until it shows something; then the icon is made anyway.
const WITHOUT_PAGE: Duration = Duration::from_secs(10);

/// How long the page has the machine for itself, to draw.
const AFTER_PAGE: Duration = Duration::from_millis(500);

const OPEN: &str = "open";
const WAITING: &str = "waiting";
const HALT: &str = "halt";
const LOCK: &str = "lock";
const QUIT: &str = "quit";

thread_local! {
    /// A library that is missing is found out by a panic, which is then no news.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is expected.
pub(crate) fn panics_quietly() -> bool {
    QUIET.get()
}

/// The icon, or why there is none. It is made when the window had time to draw itself: that takes as long as
/// all else that comes before.
pub(crate) struct Tray {
    parts: OnceLock<Result<Sender<()>, String>>,
    platform: Arc<dyn Platform>,
    folder: PathBuf,
}

impl Tray {
    /// One that is not made yet; its pictures go to `folder`.
    pub(crate) fn new(platform: Arc<dyn Platform>, folder: PathBuf) -> Self {
        Self { parts: OnceLock::new(), platform, folder }
    }

    /// Makes the icon, once. On the main thread.
    pub(crate) fn make(&self, app: &AppHandle) {
        let _ = self.parts.get_or_init(|| {
            let parts = begin(app, &self.folder);
            if let Err(why) = &parts {
                tracing::info!(why, "no icon in the tray");
            }
            parts
        });
        self.look();
    }

    /// Draws what is so now.
    pub(crate) fn look(&self) {
        if let Some(Ok(parts)) = self.parts.get() {
            let _ = parts.send(());
        }
    }

    /// Why nobody sees an icon; `None` when there is one. Waits until it is made, so on the main thread only
    /// after that.
    pub(crate) fn missing(&self) -> Option<String> {
        match self.parts.wait() {
            Err(why) => Some(why.clone()),
            Ok(_) => self.platform.no_tray_host(),
        }
    }

    /// Whether there could be one as soon as somebody shows it.
    pub(crate) fn is_made(&self) -> bool {
        self.parts.get().is_some_and(Result::is_ok)
    }
}

/// Has it made by the main thread, when the page shows something. On the main thread.
pub(crate) fn make_later(app: &AppHandle) {
    let later = app.clone();
    let work = move || {
        later.state::<Page>().wait(WITHOUT_PAGE);
        std::thread::sleep(AFTER_PAGE);
        let made = later.clone();
        let _ = later.run_on_main_thread(move || made.state::<Tray>().make(&made));
    };
    if let Err(cause) = thread("tray-later", work) {
        tracing::warn!(%cause, "the icon in the tray is made at once: no thread to be had");
        app.state::<Tray>().make(app);
    }
}

/// The icon, and the thread that draws it.
fn begin(app: &AppHandle, folder: &Path) -> Result<Sender<()>, String> {
    let parts = probe(app, folder)?;
    let (look, looked) = channel();
    let app = app.clone();
    let began = thread("tray", move || keep_up(&app, &parts, &looked));
    began.map(|()| look).map_err(|cause| format!("There is no thread for it to be had ({cause})."))
}

struct Parts {
    icon: TrayIcon,
    waiting: MenuItem<Wry>,
    halt: MenuItem<Wry>,
    lock: MenuItem<Wry>,
}

/// The library for it is loaded when the first icon is made, and its absence is a panic.
fn probe(app: &AppHandle, folder: &Path) -> Result<Parts, String> {
    QUIET.set(true);
    let made = catch_unwind(AssertUnwindSafe(|| parts(app, folder)));
    QUIET.set(false);
    match made {
        Ok(made) => made.map_err(|cause| format!("The icon could not be made ({cause}).")),
        Err(_) => Err("The library that draws icons in a tray is missing. On Debian and Ubuntu the package \
                       libayatana-appindicator3-1 brings it; start Countersign again after that."
            .to_owned()),
    }
}

fn parts(app: &AppHandle, folder: &Path) -> tauri::Result<Parts> {
    let item = |id, text, enabled| MenuItem::with_id(app, id, text, enabled, None::<&str>);
    let line = || PredefinedMenuItem::separator(app);
    let (waiting, halt) = (item(WAITING, "Nothing waits", false)?, item(HALT, "Halt everything", false)?);
    let (lock, open) = (item(LOCK, "Lock key", false)?, item(OPEN, "Open Countersign", true)?);
    let quit = item(QUIT, "Quit", true)?;
    let menu = Menu::with_items(app, &[&open, &waiting, &line()?, &halt, &lock, &line()?, &quit])?;
    let icon = TrayIconBuilder::with_id("countersign")
        .icon(picture(Look::Normal))
        // Beside what is ours: the usual place may be one that others can write to.
        .temp_dir_path(folder)
        .tooltip("Countersign")
        .menu(&menu)
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .build(app)?;
    Ok(Parts { icon, waiting, halt, lock })
}

fn picture(look: Look) -> Image<'static> {
    match look {
        Look::Normal => tauri::include_image!("../icons/tray-normal.png"),
        Look::Waiting => tauri::include_image!("../icons/tray-waiting.png"),
        Look::Halted => tauri::include_image!("../icons/tray-halted.png"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Normal,
    Waiting,
    Halted,
}

/// What the icon and its menu say.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    look: Look,
    waiting: u32,
    halt: (String, bool),
    lock: (&'static str, bool),
}

impl Shown {
    fn of(state: &State) -> Self {
        let waiting = convert::count(state.waiting);
        let everything = state.halts.iter().find(|it| it.own && matches!(it.scope, Scope::All));
        let look = match (state.halts.is_empty(), waiting) {
            (false, _) => Look::Halted,
            (true, 0) => Look::Normal,
            (true, _) => Look::Waiting,
        };
        let halt = match everything {
            Some(halt) if halt.lifting => ("Everything is halted; the lift is on its way".to_owned(), true),
            Some(halt) if halt.obeyed => ("Everything is halted (lift it in the window)".to_owned(), true),
            Some(_) => ("Halted; a gate has not got it yet".to_owned(), true),
            None => ("Halt everything".to_owned(), !state.gates.is_empty()),
        };
        let lock = match state.key.lock {
            Lock::Unlocked => ("Lock key", true),
            Lock::Locked | Lock::Unreachable => ("The key is locked", false),
            Lock::None => ("There is no key yet", false),
        };
        Self { look, waiting, halt, lock }
    }
}

/// Draws again whenever something changed, and only then.
fn keep_up(app: &AppHandle, parts: &Parts, looked: &Receiver<()>) {
    let mut last = None;
    while looked.recv().is_ok() {
        std::thread::sleep(SOON);
        while looked.try_recv().is_ok() {}
        let Some(reviewer) = opening::reviewer(app) else { continue };
        let Ok(state) = reviewer.state() else { continue };
        let shown = Shown::of(&state);
        if last.as_ref() == Some(&shown) {
            continue;
        }
        if let Err(error) = draw(parts, &shown, last.as_ref().map(|it: &Shown| it.look)) {
            tracing::warn!(%error, "the icon in the tray is not up to date");
        }
        last = Some(shown);
    }
}

fn draw(parts: &Parts, shown: &Shown, look: Option<Look>) -> tauri::Result<()> {
    if look != Some(shown.look) {
        parts.icon.set_icon(Some(picture(shown.look)))?;
    }
    let title = (shown.waiting > 0).then(|| shown.waiting.to_string());
    parts.icon.set_title(title)?;
    parts.waiting.set_text(match shown.waiting {
        0 => "Nothing waits".to_owned(),
        1 => "1 waits for you".to_owned(),
        number => format!("{number} wait for you"),
    })?;
    parts.waiting.set_enabled(shown.waiting > 0)?;
    parts.halt.set_text(&shown.halt.0)?;
    parts.halt.set_enabled(shown.halt.1)?;
    parts.lock.set_text(shown.lock.0)?;
    parts.lock.set_enabled(shown.lock.1)
}

/// A click in the menu. On the main thread, which must not wait.
fn chosen(app: &AppHandle, id: &str) {
    match id {
        OPEN => window::raise(app),
        WAITING => window::open_queue(app),
        QUIT => app.exit(0),
        HALT | LOCK => {
            let (app, halt) = (app.clone(), id == HALT);
            let work = move || if halt { halt_everything(&app) } else { opening::lock(&app) };
            if let Err(cause) = thread("tray-click", work) {
                tracing::error!(%cause, "nothing was done: no thread to be had");
            }
        }
        _ => {}
    }
}

/// Halts, and says what was done.
fn halt_everything(app: &AppHandle) {
    let Some(reviewer) = opening::reviewer(app) else { return };
    let notifier = app.state::<Notifier>();
    match reviewer.halt(Stop::Everything, None) {
        Ok(halted) if halted.already => window::raise(app),
        Ok(halted) => {
            // Signed and sent; that a gate obeys is known when it has confirmed, and the icon shows that.
            let gates = if halted.gates_alive {
                "A gate that runs obeys at once"
            } else {
                "A gate is not running; it gets this when it starts, before anything else"
            };
            let body =
                format!("{gates}. Nothing acts until you lift it in the window, with your passphrase.");
            notifier.say("You halted everything", body);
        }
        Err(error) => {
            let said = UserError::from(error);
            notifier.say("Nothing was halted", format!("{} {}", said.title, said.hint));
            window::raise(app);
        }
    }
    app.state::<Tray>().look();
}
