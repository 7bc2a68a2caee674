//! The gate of this machine starts when it is to, and says why where it does not.

use rustix::process::Signal;

use crate::home::{Home, until};

#[test]
fn the_gate_that_was_made_here_starts_once_and_is_left_alone_when_it_runs() {
    let home = Home::new();
    home.kill_gate();
    // Several at once start one.
    std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| home.it().start_gate_made_here())).collect();
        for start in starts {
            assert!(start.join().unwrap().unwrap());
        }
    });
    assert!(home.alive(true).is_some());
    let first = home.gate().unwrap();
    assert!(home.it().start_gate_made_here().unwrap());
    assert_eq!(home.gate(), Some(first));
    assert_eq!(home.it().state().unwrap().gates[0].not_started, None);
}

#[test]
fn where_none_was_made_none_is_started() {
    let home = Home::new();
    home.signal_gate(Signal::TERM);
    until("the gate to be gone", || home.alive(false));
    std::fs::remove_dir_all(home.layout().gate(&"home".parse().unwrap())).unwrap();
    assert!(!home.it().start_gate_made_here().unwrap());
    assert_eq!(home.it().state().unwrap().gates[0].not_started, None);
}

#[test]
fn a_gate_that_cannot_start_says_why_until_it_does() {
    let home = Home::new();
    home.signal_gate(Signal::TERM);
    until("the gate to be gone", || home.alive(false));
    let config = home.layout().gate(&"home".parse().unwrap()).join("gate.json");
    let good = std::fs::read(&config).unwrap();
    std::fs::write(&config, "{}").unwrap();
    home.it().start_gate_made_here().unwrap_err();
    let why = home.it().state().unwrap().gates.remove(0).not_started.unwrap();
    assert!(why.contains("could not be started"), "{why}");
    assert!(home.alive(false).is_some());
    std::fs::write(&config, good).unwrap();
    home.it().start_gate().unwrap();
    assert_eq!(home.it().state().unwrap().gates[0].not_started, None);
}
