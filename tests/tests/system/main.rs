//! The app at home in a desktop: notifications, the tray, locks, settings, one window for all. Through the
//! real window, on a private desktop, with a real keyring, a real notification daemon and the real gate.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod kept;
mod locks;
mod notices;
mod starting;
mod tray;
mod without;

use std::fs;
use std::time::Duration;

use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, Window, gate};
use serde_json::{Value, json};

/// A key and a gate, and the person at the window.
fn set_up(desktop: &Desktop) -> Person {
    let person = Person::open(desktop);
    person.set_up();
    gate::wait(desktop);
    person
}

/// Calls a command as the page does.
#[track_caller]
fn invoke(window: &Window, command: &str, arguments: &Value) -> Value {
    let call = format!("return window.__TAURI_INTERNALS__.invoke({command:?}, {arguments});");
    window.script(&call)
}

/// Sets some preferences, as the page does.
#[track_caller]
fn prefer(window: &Window, changes: &Value) -> Value {
    let mut wanted = invoke(window, "preferences", &json!({}));
    for (name, value) in changes.as_object().unwrap() {
        wanted[name] = value.clone();
    }
    invoke(window, "set_preferences", &json!({ "preferences": wanted }))
}

fn key_state(window: &Window) -> String {
    invoke(window, "state", &json!({}))["key"]["state"].as_str().unwrap().to_owned()
}

/// What the desktop does not offer, if it does not.
fn lacks(window: &Window, what: &str) -> Option<String> {
    invoke(window, "desktop", &json!({}))[what].as_str().map(str::to_owned)
}

/// Proposes to print `text`, and does not wait for an answer.
fn propose(desktop: &Desktop, text: &str) {
    let made = gate::output(desktop, &["run", "--no-wait", "--", "echo", text]);
    assert_eq!(made.status.code(), Some(98), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Whether there is a window of the app that a person can see.
fn is_visible(desktop: &Desktop) -> bool {
    let mut look = desktop.command("xdotool");
    look.args(["search", "--onlyvisible", "--name", "^Countersign$"]);
    !desktop.output(&mut look).stdout.is_empty()
}

/// Closes the window as the key for it does: by its frame.
#[track_caller]
fn close_by_frame(desktop: &Desktop) {
    let search = ["search", "--onlyvisible", "--name", "^Countersign$"];
    until_so("the frame is closed", || {
        let id = desktop.output(desktop.command("xdotool").args(search)).stdout;
        let id = String::from_utf8_lossy(&id).into_owned();
        let Some(id) = id.lines().next() else { return true };
        // A frame that has no focus yet does not hear the key; one that is going is not there to have it.
        desktop.output(desktop.command("xdotool").args(["windowactivate", id.trim()]));
        desktop.output(desktop.command("xdotool").args(["key", "alt+F4"]));
        (0..20).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            !is_visible(desktop)
        })
    });
}

fn wait_for_tray(window: &Window) {
    until_so("the app knows of the tray", || lacks(window, "no_tray").is_none());
}

/// The folder of the app's process.
fn app_process() -> String {
    let is_app = |name: &str| {
        let line = fs::read(format!("/proc/{name}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).next().is_some_and(|it| it.ends_with(b"/countersign-app"))
    };
    let names = fs::read_dir("/proc").unwrap().flatten().filter_map(|it| it.file_name().into_string().ok());
    format!("/proc/{}", names.filter(|name| is_app(name)).last().expect("the app runs"))
}
