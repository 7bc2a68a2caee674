//! The gate of a desktop, and the command that agents use.

use std::path::Path;
use std::process::{Command, Output};

use crate::desktop::Desktop;
use crate::process::Process;
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

/// Ends the gate that the app started, and waits until it is gone.
#[track_caller]
pub fn stop(desktop: &Desktop) {
    // Only processes of this test are seen here.
    assert!(crate::sealed::is_sealed(), "a gate is looked for only where there is no other");
    desktop.run("pkill", &["-TERM", "-f", "countersign.* gate"]);
    until_so("the gate is gone", || {
        !desktop.output(desktop.command("pgrep").args(["-f", "countersign.* gate"])).status.success()
    });
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
