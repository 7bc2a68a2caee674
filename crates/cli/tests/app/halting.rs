//! A halt from the app, to a gate that runs, is killed, or is down.

use countersign_reviewer::{Error, ItemState, Practice, Stop};
use rustix::process::Signal;

use crate::home::{Home, passphrase, until};

fn obeyed(home: &Home) -> Option<()> {
    home.it().look().unwrap();
    home.it().state().unwrap().halts.first()?.obeyed.then_some(())
}

fn lift(home: &Home) {
    let halt = home.it().state().unwrap().halts[0].digest;
    home.it().lift(&halt, &passphrase()).unwrap();
    until("the lift", || {
        home.it().look().unwrap();
        home.it().state().unwrap().halts.is_empty().then_some(())
    });
}

#[test]
fn a_gate_obeys_at_once_after_a_kill_and_until_it_is_lifted() {
    let home = Home::new();
    let digest = home.it().practice(Practice::ToSign).unwrap();
    home.it().lock();
    let halt = home.it().halt(Stop::Everything, Some("stop".to_owned())).unwrap();
    assert!(halt.gates_alive);
    until("the gate to have it", || obeyed(&home));
    assert!(matches!(home.opened(&digest).state, ItemState::Halted { .. }));
    until("the gate's receipt", || home.opened(&digest).receipt);
    assert!(matches!(home.opened(&digest).state, ItemState::Halted { .. }));
    home.kill_gate();
    home.it().start_gate().unwrap();
    assert!(matches!(home.it().practice(Practice::ToSign), Err(Error::Practice(_))));
    lift(&home);
    let next = home.it().practice(Practice::ToSign).unwrap();
    home.approve(&next);
    home.until_state(&next, |state| matches!(state, ItemState::Executed { .. }));
    // What it made void stays void.
    assert!(matches!(home.opened(&digest).state, ItemState::Halted { .. }));
}

#[test]
fn a_gate_that_was_down_obeys_before_it_does_what_was_approved() {
    let home = Home::new();
    let digest = home.it().practice(Practice::ToSign).unwrap();
    home.kill_gate();
    home.approve(&digest);
    assert!(matches!(home.opened(&digest).state, ItemState::Signed { .. }));
    let halt = home.it().halt(Stop::Everything, None).unwrap();
    assert!(!halt.gates_alive);
    assert_eq!(halt.voided, 1);
    home.it().start_gate().unwrap();
    until("the gate's receipt", || home.opened(&digest).receipt);
    assert!(matches!(home.opened(&digest).state, ItemState::Halted { .. }));
    until("the gate to have it", || obeyed(&home));
    assert!(!home.layout().practice().join("hello.txt").exists());
}

#[test]
fn a_halt_signed_while_the_gate_stands_still_and_the_app_is_closed_arrives() {
    let mut home = Home::new();
    let digest = home.it().practice(Practice::ToSign).unwrap();
    home.signal_gate(Signal::STOP);
    home.approve(&digest);
    home.it().halt(Stop::Everything, None).unwrap();
    home.close();
    home.signal_gate(Signal::CONT);
    home.open();
    until("the device key", || home.it().state().unwrap().device_key.then_some(()));
    until("the gate's receipt", || home.opened(&digest).receipt);
    assert!(matches!(home.opened(&digest).state, ItemState::Halted { .. }));
    assert!(!home.layout().practice().join("hello.txt").exists());
    until("the gate to have it", || obeyed(&home));
}

#[test]
fn what_comes_from_the_users_own_programs_is_halted_only_with_everything() {
    let home = Home::new();
    home.it().practice(Practice::ToSign).unwrap();
    let agents = home.it().agents().unwrap();
    let [agent] = agents.as_slice() else { panic!("{agents:?}") };
    assert!(agent.not_alone.is_some());
    assert!(matches!(home.it().halt(Stop::Agent(agent.id), None), Err(Error::OnlyEverything)));
    assert!(home.it().state().unwrap().halts.is_empty());
}
