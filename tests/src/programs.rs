//! The programs under test, where `cargo` builds them.

use std::path::PathBuf;

const BUILD: &str =
    "cargo build -p countersign-cli -p countersign-app --features countersign-app/custom-protocol";

/// The command line.
pub fn countersign() -> PathBuf {
    built("countersign")
}

/// The window.
pub fn app() -> PathBuf {
    built("countersign-app")
}

/// The app without its window, which tests drive by lines of text.
pub fn windowless() -> PathBuf {
    built("windowless")
}

/// Where the house is checked out.
pub fn house() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Where cargo puts what it builds: above `debug` or `release`.
pub fn target() -> PathBuf {
    beside().parent().unwrap().to_owned()
}

/// Where the programs of this profile are.
fn beside() -> PathBuf {
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    // Tests are in `debug/deps`.
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder
}

/// # Panics
///
/// When it was not built, or is a debug build that would ask a development server for its pages.
fn built(name: &str) -> PathBuf {
    let program = beside().join(name);
    assert!(program.exists(), "{} is missing; build it first:\n  {BUILD}", program.display());
    program
}
