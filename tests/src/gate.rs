//! The gate of a desktop, and the command that agents use.

use std::path::Path;
use std::process::{Command, Output};

use rustix::process::Pid;

use crate::desktop::Desktop;
use crate::process::{self, Process};
use crate::programs;
use crate::until::until_so;

/// The command line with `words`, not started yet.
pub fn countersign(desktop: &Desktop, words: &[&str]) -> Command {
    let mut command = desktop.command(programs::countersign());
    command.args(words);
    command
}

/// Runs the command line to its end.
#[track_caller]
pub fn output(desktop: &Desktop, words: &[&str]) -> Output {
    desktop.output(&mut countersign(desktop, words))
}

/// Starts the command line in the background.
pub fn start(desktop: &Desktop, name: &str, words: &[&str]) -> Process {
    desktop.start_command(name, &mut countersign(desktop, words))
}

/// Waits until the gate answers.
#[track_caller]
pub fn wait(desktop: &Desktop) {
    until_so("the gate answers", || output(desktop, &["status"]).status.success());
}

/// Ends the gate that the app started, and waits until it is gone. No later start of the app starts it again.
///
/// # Panics
///
/// When there is none.
#[track_caller]
pub fn stop(desktop: &Desktop) {
    end(desktop);
    let settings = desktop.home().join(".local/share/countersign/app/settings.json");
    if !settings.exists() {
        std::fs::write(settings, r#"{"start_gate":false}"#).unwrap();
    }
}

/// Ends the gate that the app started, and waits until it is gone. The next start of the app starts it again.
///
/// # Panics
///
/// When there is none.
#[track_caller]
pub fn end(desktop: &Desktop) {
    let running = running();
    assert!(!running.is_empty(), "no gate runs\n{}", desktop.logs());
    for gate in running {
        let _ = rustix::process::kill_process(gate, rustix::process::Signal::TERM);
    }
    until_so("the gate is gone", || self::running().is_empty());
}

/// Every process that is a gate.
fn running() -> Vec<Pid> {
    process::all(|folder| {
        let line = std::fs::read(folder.join("cmdline")).unwrap_or_default();
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        words[0].ends_with(b"/countersign") && words.contains(&b"gate".as_slice())
    })
}

/// Starts the gate in the background.
pub fn start_gate(desktop: &Desktop) -> Process {
    let process = start(desktop, "gate", &["gate"]);
    wait(desktop);
    process
}

/// What is in a file, or nothing.
pub fn text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}
