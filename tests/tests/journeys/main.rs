//! What people do with Countersign from the first start to its removal, each way from one end to the
//! other: through the real window, with a real keyring and the real gate, cut off from every network.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::print_stdout, reason = "how many steps a way has is worth reading")]

mod activity;
mod amending;
mod batch;
mod comparing;
mod earlier;
mod findings;
mod first_start;
mod flood;
mod halts;
mod keys;
mod large;
mod masking;
mod narrow;
mod palette;
mod reading;
mod removal;
mod settings;
mod snooze;
mod standstill;
mod states;
mod together;

use std::path::PathBuf;

use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate};
use serde_json::Value;

/// A desktop with a key and a gate, and the person at it.
fn set_up() -> (Desktop, Person) {
    let desktop = Desktop::start();
    let person = Person::begin(&desktop);
    until_so("practice is offered", || person.window.has("coach"));
    person.window.part("practice-end").click();
    (desktop, person)
}

/// What Countersign keeps.
fn data(desktop: &Desktop) -> PathBuf {
    desktop.home().join(".local/share/countersign")
}

/// Proposes without waiting for an answer; gives the digest.
#[track_caller]
fn propose(desktop: &Desktop, words: &[&str]) -> String {
    propose_as(desktop, None, words)
}

/// As [`propose`], for the agent that has the token.
#[track_caller]
fn propose_as(desktop: &Desktop, token: Option<&str>, words: &[&str]) -> String {
    let (verb, rest) = words.split_first().unwrap();
    let words = [&["--json", *verb, "--no-wait"], rest].concat();
    let mut command = gate::countersign(desktop, &words);
    if let Some(token) = token {
        command.env("COUNTERSIGN_TOKEN", token);
    }
    let made = desktop.output(&mut command);
    assert_eq!(made.status.code(), Some(98), "{made:?}");
    let said: Value = countersign_core::json::parse_foreign(&made.stdout).unwrap();
    said["digest"].as_str().unwrap().to_owned()
}

/// Opens the proposal of this digest from wherever in the queue it is.
#[track_caller]
fn open(person: &Person, digest: &str) {
    let row = format!("[data-testid=\"queue-row\"][data-digest=\"{digest}\"]");
    until_so("its row is opened", || {
        if let Some(row) = person.window.all(&row).first() {
            row.try_click();
        }
        !person.window.all(&format!("{row}[aria-current=\"true\"]")).is_empty()
    });
}

/// Waits until its row in the queue says `text`.
#[track_caller]
fn row_saying(person: &Person, digest: &str, text: &str) {
    let row = format!("[data-testid=\"queue-row\"][data-digest=\"{digest}\"]");
    until_so(&format!("its row says {text:?}"), || {
        person.window.all(&row).first().and_then(|it| it.try_text()).is_some_and(|said| said.contains(text))
    });
}

/// Goes to a screen.
#[track_caller]
fn go(person: &Person, screen: &str) {
    person.window.part(&format!("nav-{screen}")).click();
}
