//! From `main` to the window, or to one sentence that says why there is none.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign_reviewer::{Event, Options, Reviewer};
use countersign_sources::layout::Layout;
use tauri::{AppHandle, Emitter as _, Manager as _, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use crate::notify::Notifier;
use crate::settings::Settings;
use crate::shown::Shown;
use crate::wire::AppEvent;
use crate::{commands, error};

/// The one window.
const MAIN: &str = "main";

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
    let settings = Settings::load(layout.app().join("settings.json"));
    say_what_a_panic_means();
    match build(layout, settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => refuse(&why),
    }
}

/// What the environment must have, and must not have.
fn may_start() -> Result<(), String> {
    if cfg!(target_os = "linux") && !has_display() {
        return Err("Countersign did not start: there is no display here, and it is a window.\n\
             Start it from a desktop session, through `ssh -X`, or under a virtual one: xvfb-run countersign-app"
            .to_owned());
    }
    // Whoever sets this could press Approve from outside; the tests do, with a debug build.
    if !cfg!(debug_assertions) && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
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

fn build(layout: Layout, settings: Settings) -> Result<(), String> {
    let app = tauri::Builder::default()
        .manage(settings)
        .manage(Shown::default())
        .invoke_handler(commands::handler())
        .on_window_event(|window, event| {
            if let WindowEvent::Focused(focused) = event {
                window.state::<Arc<Reviewer>>().focus_changed(*focused);
                let _ = window.emit("app", AppEvent::Arming);
            }
        })
        .build(tauri::generate_context!())
        .map_err(|cause| format!("Countersign did not start: {cause}."))?;

    let options = Options::new(gate_program(), "home".parse().map_err(|_| String::new())?);
    let reviewer =
        start_reviewer(app.handle(), &layout, &options).map_err(|cause| error::at_start(&cause))?;
    let reviewer = Arc::new(reviewer);
    app.manage(reviewer.clone());
    open_window(app.handle()).map_err(|cause| format!("Countersign did not start: {cause}."))?;
    app.run(move |_, event| {
        if let tauri::RunEvent::Exit = event {
            reviewer.lock();
        }
    });
    Ok(())
}

/// Opens what is kept. A window that was closed a moment ago may still be letting go of it.
fn start_reviewer(
    app: &AppHandle,
    layout: &Layout,
    options: &Options,
) -> Result<Reviewer, countersign_reviewer::Error> {
    let begun = Instant::now();
    loop {
        let (handle, notifier) = (app.clone(), Notifier::new(app.clone()));
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

fn open_window(app: &AppHandle) -> tauri::Result<()> {
    let theme = app.state::<Settings>().theme();
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Countersign")
        .inner_size(1280.0, 800.0)
        .min_inner_size(480.0, 400.0)
        .theme(theme.into())
        // The page never goes anywhere else, whatever is clicked in it.
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .disable_drag_drop_handler()
        .build()?;
    Ok(())
}

/// Hands an event of the reviewer to the page, and an arrival to the notification daemon.
fn tell(app: &AppHandle, notifier: &Notifier, event: Event) {
    let pages: &[AppEvent] = match event {
        // What was acknowledged leaves the outbox, which is part of the state.
        Event::QueueChanged => &[AppEvent::Queue, AppEvent::State],
        Event::KeyChanged | Event::GatesChanged => &[AppEvent::State],
        Event::NeedsYou { .. } => &[AppEvent::Queue],
        Event::Halted { .. } => &[AppEvent::Queue, AppEvent::State],
        Event::ClockJumped { .. } => &[AppEvent::Queue, AppEvent::State],
        Event::Removed => &[AppEvent::Removed],
        Event::Arrived { digest, agent, kind, .. } | Event::Returned { digest, agent, kind } => {
            notifier.arrived(digest, &agent, kind);
            &[AppEvent::Queue]
        }
    };
    for page in pages {
        let _ = app.emit_to(MAIN, "app", page);
    }
}

/// Brings the window to the front and opens one item in it.
pub(crate) fn open_item(app: &AppHandle, digest: String) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
    let _ = app.emit_to(MAIN, "app", AppEvent::OpenItem { digest });
}
