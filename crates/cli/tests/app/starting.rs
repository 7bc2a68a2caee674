//! The gate of this machine starts with the app, and says why where it does not.

use rustix::process::Signal;

use crate::home::{Home, until};

#[test]
fn the_gate_that_was_made_here_starts_with_the_app_when_that_is_wanted() {
    let mut home = Home::new();
    home.kill_gate();
    home.close();
    home.open();
    // Not asked for: it stays down.
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(home.alive(false).is_some());
    home.close();
    home.start_gate = true;
    home.open();
    until("the gate", || home.alive(true));
    let first = home.gate().unwrap();
    // It runs already: it is left alone.
    home.close();
    home.open();
    assert!(home.alive(true).is_some());
    assert_eq!(home.gate(), Some(first));
}

#[test]
fn a_gate_that_cannot_start_says_why_and_keeps_nobody_waiting() {
    let mut home = Home::new();
    home.signal_gate(Signal::TERM);
    until("the gate to be gone", || home.alive(false));
    home.close();
    let config = home.layout().gate(&"home".parse().unwrap()).join("gate.json");
    let good = std::fs::read(&config).unwrap();
    std::fs::write(&config, "{}").unwrap();
    home.start_gate = true;
    home.open();
    let why = until("the reason", || home.it().state().unwrap().gates.remove(0).not_started);
    assert!(why.contains("could not be started"), "{why}");
    assert!(home.alive(false).is_some());
    std::fs::write(&config, good).unwrap();
    home.it().start_gate().unwrap();
    assert_eq!(home.it().state().unwrap().gates[0].not_started, None);
}
