//! The app at home in a desktop: notifications, the tray, locks, settings, one window for all. Through the
//! real window, on a private desktop, with a real keyring, a real notification daemon and the real gate.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod kept;
mod locks;
mod notices;
mod starting;
mod tray;
mod without;

use std::time::Duration;

use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Window, gate};
use serde_json::{Value, json};

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

/// The window of the app that a person can see.
fn frame(desktop: &Desktop) -> Option<String> {
    let mut look = desktop.command("xdotool");
    look.args(["search", "--onlyvisible", "--name", "^Countersign$"]);
    let found = String::from_utf8_lossy(&desktop.output(&mut look).stdout).into_owned();
    found.lines().next().map(|id| id.trim().to_owned())
}

fn is_visible(desktop: &Desktop) -> bool {
    frame(desktop).is_some()
}

/// Closes the window as the key for it does: by its frame.
#[track_caller]
fn close_by_frame(desktop: &Desktop) {
    until_so("the frame is closed", || {
        let Some(id) = frame(desktop) else { return true };
        // A frame that has no focus yet does not hear the key; one that is going is not there to have it.
        desktop.output(desktop.command("xdotool").args(["windowactivate", &id]));
        desktop.output(desktop.command("xdotool").args(["key", "alt+F4"]));
        (0..20).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            !is_visible(desktop)
        })
    });
}

/// Waits until this many proposals are in the queue.
#[track_caller]
fn wait_for_rows(window: &Window, number: usize) {
    until_so(&format!("{number} are in the queue"), || window.parts("queue-row").len() == number);
}

fn wait_for_tray(window: &Window) {
    until_so("the app knows of the tray", || lacks(window, "no_tray").is_none());
}
