//! From `main` to the window, or to one sentence that says why there is none.
//!
//! There is one app for each set of folders. A second start brings the first
//! one's window to the front and ends; of its arguments nothing is done.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use countersign_keys::{ANSWER_WITHIN, Keyring};
use countersign_reviewer::{Copies, Event, Options, Reviewer, Setup, State};
use countersign_sources::layout::Layout;
use jiff::Zoned;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager as _, RunEvent, Wry};
use tauri_plugin_window_state::StateFlags;

use crate::notify::{Host, Notifier};
use crate::opening::{self, Opening};
use crate::page::{self, Page};
use crate::platform::{self, Platform, Signal};
use crate::settings::Settings;
use crate::shown::Shown;
use crate::tray::{self, Tray};
use crate::window::{self, Begin};
use crate::wire::{AppEvent, Preferences};
use crate::{commands, convert, error, thread};

/// Commands that may run at the same time.
const HANDS: usize = 32;

/// How long a Countersign that runs already has to answer a second start.
const ANSWER: Duration = Duration::from_secs(5);

/// The plugin that keeps a second start out, as it calls itself.
const SINGLE_INSTANCE: &str = "single-instance";

/// How long to wait for another Countersign of this user that is about to end.
const PATIENCE: Duration = Duration::from_secs(8);

pub(crate) fn run() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("COUNTERSIGN_LOG"))
        .with_writer(std::io::stderr)
        .init();
    if let Err(why) = may_start() {
        return refuse(&why);
    }
    if let Err(cause) = countersign_keys::harden_process() {
        return refuse(&format!(
            "Countersign did not start: it could not shield itself from dumps ({cause})."
        ));
    }
    let layout = match Layout::from_env() {
        Ok(layout) => layout,
        Err(cause) => return refuse(&format!("Countersign did not start: {cause}.")),
    };
    if let Err(cause) = many_hands() {
        return refuse(&format!("Countersign did not start: no threads to be had ({cause})."));
    }
    say_what_a_panic_means();
    match build(layout) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => refuse(&why),
    }
}

/// Commands run on the threads of this, and some wait: for a gate, a keyring, a large sheet. With as many as there
/// are processors, two of them would keep a halt waiting.
fn many_hands() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(HANDS).enable_all().build()?;
    tauri::async_runtime::set(runtime.handle().clone());
    // It ends with the process: to end it sooner would be to wait for what waits.
    std::mem::forget(runtime);
    Ok(())
}

/// What the environment must have, and must not have.
fn may_start() -> Result<(), String> {
    if cfg!(target_os = "linux") && !has_display() {
        return Err("Countersign did not start: there is no display here, and it is a window.\n\
             Start it from a desktop session, through `ssh -X`, or under a virtual one: xvfb-run countersign-app"
            .to_owned());
    }
    // Whoever sets this could press Approve from outside; the tests do, with a debug build, and the bench.
    let may_be_driven = cfg!(any(debug_assertions, feature = "automation"));
    if !may_be_driven && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
        return Err(
            "Countersign did not start: TAURI_WEBVIEW_AUTOMATION is set, with which another program could \
             press Approve.\nUnset it and start again."
                .to_owned(),
        );
    }
    Ok(())
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// GTK ends the process by a panic when the display named cannot be opened.
fn say_what_a_panic_means() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if tray::panics_quietly() {
            return;
        }
        let said = panic.payload_as_str().unwrap_or_default();
        if said.to_lowercase().contains("gtk") {
            let _ = writeln!(
                std::io::stderr(),
                "Countersign did not start: the display {} could not be opened.",
                std::env::var("DISPLAY").or_else(|_| std::env::var("WAYLAND_DISPLAY")).unwrap_or_default()
            );
            std::process::exit(1);
        }
        usual(panic);
    }));
}

fn refuse(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{why}");
    ExitCode::FAILURE
}

fn build(layout: Layout) -> Result<(), String> {
    let failed = |cause: tauri::Error| format!("Countersign did not start: {cause}.");
    let platform = platform::this();
    let app = match builder(&layout, &platform).build(tauri::generate_context!()) {
        // The first one ended while it was asked: its place is free, or is about to be.
        Err(tauri::Error::PluginInitialization(plugin, cause))
            if plugin == SINGLE_INSTANCE && !has_argument(platform::AGAIN) =>
        {
            tracing::info!(%cause, "started anew");
            // GTK cannot be begun twice in one process.
            let cause = platform.start_anew(&[platform::AGAIN]);
            return Err(format!("Countersign did not start: {cause}."));
        }
        other => other.map_err(failed)?,
    };
    // Not before: a file that cannot be read is put aside.
    app.manage(Settings::load(layout.settings()));

    let (notifier, desk) = Notifier::new(Box::new(Rest(app.handle().clone())));
    app.manage(notifier.clone());
    // All folders of one user share a keyring: each has its own place in it.
    let keyring = Arc::new(Keyring::new(&layout.profile(), ANSWER_WITHIN));
    let home = "home".parse().map_err(|_| String::new())?;
    let options = Options { keyring, ..Options::new(gate_program(), home) };
    app.manage(Tray::new(platform.clone(), layout.app().join("tray")));
    // While the window is made and its page loaded.
    open_what_is_kept(app.handle(), layout, options, platform.clone())?;
    let begin = if has_argument(platform::BACKGROUND) { Begin::Behind } else { Begin::InFront };
    window::open(app.handle(), begin).map_err(failed)?;
    listen(app.handle(), platform.as_ref(), desk);
    app.run(move |app, event| match event {
        // From here on a new start is to be a start of its own: it waits for this one to end.
        RunEvent::ExitRequested { .. } => tauri_plugin_single_instance::destroy(app),
        RunEvent::Exit => {
            opening::lock(app);
            app.state::<Copies>().clear();
            if app.state::<Settings>().is_removed() {
                commands::machine::remove_what_came_back(app);
            }
            // Who keeps the window's place makes this folder at the end, and puts nothing into it.
            let _ = app.path().app_config_dir().map(std::fs::remove_dir);
        }
        _ => {}
    });
    Ok(())
}

fn has_argument(word: &str) -> bool {
    std::env::args_os().any(|it| it == word)
}

fn builder(layout: &Layout, platform: &Arc<dyn Platform>) -> tauri::Builder<Wry> {
    let (answered, answer) = channel();
    tauri::Builder::default()
        // First, so that a second start touches nothing.
        .plugin(impatient(answer, platform.clone()))
        .plugin(single_instance(layout))
        .plugin(alone(answered))
        .plugin(window_state(layout))
        .manage(layout.clone())
        .manage(platform.clone())
        .manage(Shown::default())
        .manage(Copies::below(layout.copies()))
        .manage(Page::default())
        .manage(Opening::default())
        .invoke_handler(commands::handler())
        .on_window_event(window::on_event)
}

/// One app for each set of folders, on each session's bus. Where there is no bus, the lock of the
/// folders keeps a second one out.
fn single_instance(layout: &Layout) -> TauriPlugin<Wry> {
    let folder = Digest::of(layout.data().as_os_str().as_encoded_bytes()).to_string();
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(format!("app.countersign.f{}", &folder[..16]))
        // Its arguments come from any program of this user: they are not even looked at.
        .callback(|app, _, _| {
            window::raise(app);
            answer(app);
        })
        .build()
}

/// Returns when the window was really asked, so that one that hangs does not seem to answer.
fn answer(app: &AppHandle) {
    let (done, waits) = channel::<()>();
    let asked = app.run_on_main_thread(move || drop(done));
    // Whoever asks does not wait longer.
    if asked.is_ok() && waits.recv_timeout(ANSWER * 2) == Err(RecvTimeoutError::Timeout) {
        tracing::warn!("the window does not answer a second start");
    }
}

/// Asking the first one waits without end, and it may hang.
fn impatient(answer: Receiver<()>, platform: Arc<dyn Platform>) -> TauriPlugin<Wry> {
    tauri::plugin::Builder::new("impatient")
        .setup(move |_, _| {
            let wait = move || {
                if answer.recv_timeout(ANSWER) == Err(RecvTimeoutError::Timeout) {
                    let (what, next) = (
                        "Countersign did not start: it runs already, and does not answer.",
                        "End that one, and start this again. What was signed is kept.",
                    );
                    refuse(&format!("{what}\n{next}"));
                    platform.say_and_end(what, next);
                    std::process::exit(1);
                }
            };
            Ok(thread("second-start", wait)?)
        })
        .build()
}

/// Set up only where no other one runs: a second start ended before.
fn alone(answered: Sender<()>) -> TauriPlugin<Wry> {
    tauri::plugin::Builder::new("alone")
        .setup(move |_, _| {
            drop(answered);
            Ok(())
        })
        .build()
}

fn window_state(layout: &Layout) -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .with_filename(layout.app().join("window.json").to_string_lossy())
        .build()
}

/// Begins to listen to the desktop and to speak to it. Without, the app goes on.
fn listen(app: &AppHandle, platform: &dyn Platform, desk: crate::notify::Desk) {
    let handle = app.clone();
    let told = platform.listen(Box::new(move |signal| hear(&handle, signal)));
    if let Err(cause) = told.and_then(|()| platform.show_notifications(desk)) {
        tracing::error!(%cause, "nothing is heard of the desktop, or said on it");
    }
}

/// What the desktop says.
fn hear(app: &AppHandle, signal: Signal) {
    match signal {
        Signal::Sleeps | Signal::ScreenLocked => {
            tracing::info!(?signal, "the key is locked");
            opening::lock(app);
        }
        Signal::Woke => app.state::<Notifier>().look(),
        Signal::TrayHost(there) => {
            if !there {
                window::come_out_of_the_tray(app);
            }
            page::tell(app, &AppEvent::Preferences);
        }
    }
}

/// What a start brings with it, beside the window.
fn after_start(app: &AppHandle, platform: &dyn Platform, reviewer: &Arc<Reviewer>) {
    let settings = app.state::<Settings>();
    if let Some(aside) = settings.aside() {
        let body =
            format!("The usual ones apply. The file that could not be read is kept: {}", aside.display());
        app.state::<Notifier>().say("Your settings could not be read", body);
    }
    let wanted = settings.preferences();
    // The program may lie elsewhere than when it was set. Where a person turned it off on the desktop, it stays off.
    if wanted.autostart
        && platform.autostart()
        && let Err(cause) = platform.set_autostart(true)
    {
        tracing::warn!(%cause, "the next session may not start the app");
    }
    if wanted.start_gate && reviewer.state().is_ok_and(|state| state.setup == Setup::Ready) {
        let (reviewer, notifier) = (reviewer.clone(), app.state::<Notifier>().inner().clone());
        let work = move || {
            if let Err(error) = reviewer.start_gate_made_here() {
                let said = crate::wire::UserError::from(error);
                notifier.say(said.title, said.hint);
            }
        };
        if let Err(cause) = thread("start-gate", work) {
            tracing::warn!(%cause, "the gate was not started: no thread to be had");
        }
    }
}

/// The rest of the app, for the thread that shows notifications.
struct Rest(AppHandle);

impl Rest {
    fn state(&self) -> Option<State> {
        opening::reviewer(&self.0)?.state().ok()
    }
}

impl Host for Rest {
    fn preferences(&self) -> Preferences {
        self.0.state::<Settings>().preferences()
    }

    fn now(&self) -> Zoned {
        Zoned::now()
    }

    fn waits(&self, digest: &Digest) -> bool {
        // In doubt it is not taken from the screen.
        opening::reviewer(&self.0).is_none_or(|it| it.waits(digest).unwrap_or(true))
    }

    fn halted(&self) -> bool {
        // In doubt it is not taken from the screen.
        self.state().is_none_or(|state| state.halts.iter().any(|halt| !halt.own))
    }

    fn waiting(&self) -> Option<u32> {
        Some(convert::count(self.state()?.waiting))
    }

    fn open(&self, digest: Digest) {
        window::open_item(&self.0, &digest);
    }

    fn open_queue(&self) {
        window::open_queue(&self.0);
    }
}

/// Opens what is kept, in a thread. Where that fails the app ends with the reason.
fn open_what_is_kept(
    app: &AppHandle,
    layout: Layout,
    options: Options,
    platform: Arc<dyn Platform>,
) -> Result<(), String> {
    let app = app.clone();
    let work = move || {
        let notifier = app.state::<Notifier>().inner().clone();
        let open = || start_reviewer(&app, &layout, &options, &notifier);
        let opened = catch_unwind(AssertUnwindSafe(open))
            .map_err(|_| "Countersign did not start: what it keeps could not be opened.".to_owned())
            .and_then(|opened| opened.map_err(|cause| error::at_start(&cause)));
        match opened {
            Ok(reviewer) => {
                let reviewer = Arc::new(reviewer);
                // This is the only app of these folders from here on.
                app.state::<Copies>().clear();
                app.state::<Opening>().opened(reviewer.clone());
                app.state::<Tray>().look();
                after_start(&app, platform.as_ref(), &reviewer);
            }
            // By the main thread: whoever draws may be in the midst of it.
            Err(why) => drop(app.run_on_main_thread(move || {
                refuse(&why);
                std::process::exit(1);
            })),
        }
    };
    thread("open", work).map_err(|cause| format!("Countersign did not start: no thread to be had ({cause})."))
}

/// Opens what is kept. A window that was closed a moment ago may still be letting go of it.
fn start_reviewer(
    app: &AppHandle,
    layout: &Layout,
    options: &Options,
    notifier: &Notifier,
) -> Result<Reviewer, countersign_reviewer::Error> {
    let begun = Instant::now();
    loop {
        let (handle, notifier) = (app.clone(), notifier.clone());
        let on_event = move |event| tell(&handle, &notifier, event);
        match Reviewer::start(layout.clone(), options.clone(), on_event) {
            Err(countersign_reviewer::Error::Spool(countersign_sources::Error::Busy { .. }))
                if begun.elapsed() < PATIENCE =>
            {
                std::thread::sleep(Duration::from_millis(100));
            }
            other => return other,
        }
    }
}

/// The `countersign` that lies beside this program; else the one that the search path finds.
fn gate_program() -> PathBuf {
    let beside = std::env::current_exe().ok().map(|path| path.with_file_name("countersign"));
    beside.filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from("countersign"))
}

/// Hands an event of the reviewer to the page, to the tray, and to the notification daemon.
fn tell(app: &AppHandle, notifier: &Notifier, event: Event) {
    let removed = event == Event::Removed;
    let said: &[AppEvent] = match event {
        // What was acknowledged leaves the outbox, which is part of the state.
        Event::QueueChanged => &[AppEvent::Queue, AppEvent::State],
        Event::KeyChanged | Event::GatesChanged => &[AppEvent::State],
        Event::Halted { .. } | Event::ClockJumped { .. } => &[AppEvent::Queue, AppEvent::State],
        Event::Removed => &[AppEvent::Removed],
        Event::Arrived { .. } | Event::Returned { .. } | Event::NeedsYou { .. } => &[AppEvent::Queue],
    };
    said.iter().for_each(|it| page::tell(app, it));
    match event {
        Event::Arrived { digest, agent, kind, serious } => notifier.arrived(digest, &agent, kind, serious),
        Event::Returned { digest, agent, kind } => notifier.returned(digest, &agent, kind),
        Event::NeedsYou { digest, why } => notifier.needs(digest, why),
        Event::Halted { own: false, .. } => notifier.gate_halted(),
        Event::QueueChanged | Event::GatesChanged | Event::ClockJumped { .. } => notifier.look(),
        _ => {}
    }
    // An icon drawn anew would be a file in a folder that was just removed.
    if !removed {
        app.state::<Tray>().look();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_wait_leave_one_that_halts_a_thread() {
        many_hands().unwrap_or_else(|cause| panic!("{cause}"));
        let (end, may_end) = channel::<()>();
        let may_end = Arc::new(std::sync::Mutex::new(may_end));
        for _ in 0..HANDS - 1 {
            let may_end = may_end.clone();
            tauri::async_runtime::spawn(async move { drop(may_end.lock().map(|it| it.recv())) });
        }
        let (halted, has_halted) = channel();
        tauri::async_runtime::spawn(async move { halted.send(()) });
        assert_eq!(has_halted.recv_timeout(Duration::from_secs(30)), Ok(()));
        drop(end);
    }
}
