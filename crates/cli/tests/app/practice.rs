//! Practising goes the whole way, and what is signed happens.

use countersign_core::action::Act;
use countersign_reviewer::{Error, ItemState, Practice, Stop};
use countersign_sheet::{Compared, Kind};
use rustix::process::Signal;

use crate::home::{Home, passphrase, until};

#[test]
fn what_is_to_be_refused_goes_further_than_asked_and_nothing_happens_when_it_is() {
    let home = Home::new();
    let digest = home.it().practice(Practice::ToRefuse).unwrap();
    let opened = home.opened(&digest);
    assert_eq!(opened.state, ItemState::Waiting);
    let sheet = opened.sheet.unwrap();
    assert_eq!(sheet.kind, Kind::Remove);
    assert!(matches!(sheet.compared, Compared::Further { .. }), "{:?}", sheet.compared);
    let proposal = opened.proposal.unwrap();
    assert_eq!(proposal.agent.calls_itself.as_ref().unwrap().as_str(), "practice");
    let asked = proposal.asked.as_ref().unwrap().text.inline_bytes().unwrap();
    assert!(String::from_utf8_lossy(asked).contains("the practice folder"));
    assert!(proposal.rationale.as_ref().unwrap().inline_bytes().unwrap().starts_with(b"Practice."));
    let Act::Remove(_) = &proposal.actions[0].act else { panic!() };
    let notes = home.layout().practice().join("notes");
    assert_eq!(std::fs::read_dir(&notes).unwrap().count(), 2);
    home.deny(&digest);
    home.until_state(&digest, |state| matches!(state, ItemState::Denied { .. }));
    until("the gate's receipt", || home.opened(&digest).receipt);
    assert_eq!(std::fs::read_dir(&notes).unwrap().count(), 2);
}

#[test]
fn what_is_to_be_signed_really_happens_each_time() {
    let home = Home::new();
    let hello = home.layout().practice().join("hello.txt");
    for _ in 0..2 {
        let digest = home.it().practice(Practice::ToSign).unwrap();
        assert!(!hello.exists());
        let opened = home.opened(&digest);
        let sheet = opened.sheet.unwrap();
        assert_eq!(sheet.kind, Kind::Change);
        assert!(!matches!(sheet.compared, Compared::Further { .. }), "{:?}", sheet.compared);
        assert!(sheet.documents.iter().map(|it| it.rows.len()).sum::<usize>() < 20);
        home.approve(&digest);
        home.until_state(&digest, |state| matches!(state, ItemState::Executed { .. }));
        assert!(std::fs::read_to_string(&hello).unwrap().starts_with("Hello!\n"));
    }
}

#[test]
fn what_was_to_be_refused_and_is_signed_is_really_gone_and_comes_back_with_the_next() {
    let home = Home::new();
    let notes = home.layout().practice().join("notes");
    let digest = home.it().practice(Practice::ToRefuse).unwrap();
    home.approve(&digest);
    home.until_state(&digest, |state| matches!(state, ItemState::Executed { .. }));
    assert_eq!(std::fs::read_dir(&notes).unwrap().count(), 0);
    home.it().practice(Practice::ToRefuse).unwrap();
    assert_eq!(std::fs::read_dir(&notes).unwrap().count(), 2);
}

#[test]
fn without_a_gate_and_under_a_halt_that_is_said_and_nothing_is_proposed() {
    let home = Home::new();
    home.it().halt(Stop::Everything, None).unwrap();
    let obeyed = || home.it().state().unwrap().halts[0].obeyed.then_some(());
    until("the halt", || home.it().look().ok().and_then(|()| obeyed()));
    let Err(Error::Practice(says)) = home.it().practice(Practice::ToSign) else { panic!() };
    assert!(says.contains("HALTED"), "{says}");
    let halt = home.it().state().unwrap().halts[0].digest;
    home.it().lift(&halt, &passphrase()).unwrap();
    let lifted = || home.it().state().unwrap().halts.is_empty().then_some(());
    until("the lift", || home.it().look().ok().and_then(|()| lifted()));

    home.signal_gate(Signal::TERM);
    until("the gate to be gone", || home.alive(false));
    let Err(Error::Practice(says)) = home.it().practice(Practice::ToSign) else { panic!() };
    assert!(says.contains("no gate answers"), "{says}");
    assert_eq!(home.it().queue().unwrap().waiting.total, 0);
}
