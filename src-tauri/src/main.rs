//! The window: thin commands over [`countersign_reviewer`], events, notifications, the tray.
//!
//! Nothing is decided here. Every command turns wire into values, makes one
//! call, and turns what it says into wire.

// A console window has no place beside a desktop app.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod commands;
mod convert;
mod error;
#[cfg(test)]
mod kinds;
mod notify;
mod opening;
mod page;
mod platform;
mod settings;
mod shown;
mod start;
mod suggested;
#[cfg(test)]
mod tests;
mod tray;
mod window;
mod wire;

fn main() -> std::process::ExitCode {
    // A process that reads a picture and nothing else: before anything of the app exists in it.
    if std::env::args_os().nth(1).is_some_and(|it| it == countersign_reviewer::DRAW) {
        return countersign_reviewer::draw_apart();
    }
    start::run()
}

/// Begins a thread, which ends with its work or with the app.
fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}
