//! Removing everything removes all that is ours and nothing else.

use std::os::unix::fs::symlink;

use countersign_reviewer::{Error, Event, Practice, REMOVAL_WORDS, Removable, Setup, Stop};

use crate::home::{Home, listed, passphrase, until};

#[test]
fn everything_is_listed_then_gone_and_the_gate_with_it() {
    let home = Home::new();
    home.it().practice(Practice::ToSign).unwrap();
    let desktop = home.path().join("autostart.desktop");
    std::fs::write(&desktop, "x").unwrap();
    let desktop = [desktop, home.path().join("never-there")];
    let items = home.it().removal(&desktop).unwrap();
    let gate = || "home".parse().unwrap();
    for what in [
        Removable::ReviewerKeys,
        Removable::DeviceKey,
        Removable::Records,
        Removable::Spool,
        Removable::Gate(gate()),
        Removable::Anchor(gate()),
        Removable::Root,
        Removable::Practice,
        Removable::Desktop,
    ] {
        let item = items.iter().find(|it| it.what == what).unwrap_or_else(|| panic!("{what:?}"));
        assert!(item.size > 0 && item.place.is_some(), "{item:?}");
    }
    for wrong in ["", "remove", "removeeverything", "yes"] {
        assert!(matches!(home.it().remove_all(wrong, &desktop), Err(Error::NotConfirmed)));
    }
    assert!(home.alive(true).is_some());
    let pid = home.gate().unwrap();
    home.it().remove_all(REMOVAL_WORDS, &desktop).unwrap();
    assert!(home.events.lock().unwrap().contains(&Event::Removed));
    until("the gate to be gone", || rustix::process::test_kill_process(pid).is_err().then_some(()));
    home.it().look().unwrap();
    // What somebody clicks until the app has ended makes nothing anew.
    let _ = home.it().halt(Stop::Everything, None);
    assert!(home.it().start_gate().is_err());
    assert!(home.it().practice(Practice::ToSign).is_err());
    assert!(home.it().create_gate(&passphrase()).is_err());
    assert_eq!(
        listed(&home.path()).iter().filter(|it| it.is_file()).count(),
        0,
        "{:?}",
        listed(&home.path())
    );
    assert!(!home.layout().data().exists() && !home.layout().state().exists());
}

#[test]
fn what_a_link_leads_to_and_what_is_not_ours_stays() {
    let home = Home::new();
    home.it().practice(Practice::ToRefuse).unwrap();
    let outside = home.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("precious"), "x").unwrap();
    let data = home.layout().data().to_owned();
    symlink(&outside, home.layout().practice().join("notes/link")).unwrap();
    symlink(&outside, data.join("gates/linked")).unwrap();
    symlink(outside.join("precious"), data.join("spool/reviewer/new/link")).unwrap();
    let others = ["gates/.of-somebody-else", "of-somebody-else"].map(|name| data.join(name));
    others.iter().for_each(|it| std::fs::write(it, "x").unwrap());
    home.it().remove_all(REMOVAL_WORDS, &[]).unwrap();
    assert_eq!(std::fs::read_to_string(outside.join("precious")).unwrap(), "x");
    let mut left = listed(&data);
    left.retain(|it| *it != data.join("gates"));
    left.sort();
    assert_eq!(left, others);
}

#[test]
fn a_gate_that_only_a_link_leads_to_runs_on() {
    let (home, other) = (Home::new(), Home::new());
    let gate = |name: &str| name.parse().unwrap();
    symlink(other.layout().gate(&gate("home")), home.layout().gate(&gate("linked"))).unwrap();
    let pid = other.gate().unwrap();
    home.it().remove_all(REMOVAL_WORDS, &[]).unwrap();
    other.it().practice(Practice::ToSign).unwrap();
    assert_eq!(other.gate(), Some(pid));
}

#[test]
fn a_folder_of_gates_that_is_a_link_is_not_gone_into() {
    let home = Home::new();
    home.signal_gate(rustix::process::Signal::TERM);
    until("the gate to be gone", || home.alive(false));
    let (gates, outside) = (home.layout().data().join("gates"), home.path().join("outside"));
    std::fs::rename(&gates, &outside).unwrap();
    symlink(&outside, &gates).unwrap();
    let before = listed(&outside);
    home.it().remove_all(REMOVAL_WORDS, &[]).unwrap();
    assert_eq!(listed(&outside), before);
}

#[test]
fn a_removal_that_a_kill_cut_short_goes_on_at_the_next_start() {
    let mut home = Home::new();
    home.it().practice(Practice::ToSign).unwrap();
    let pid = home.gate().unwrap();
    home.close();
    // As a kill leaves it after the mark was written and the first folder went.
    std::fs::write(home.layout().data().join("removing"), "").unwrap();
    std::fs::remove_dir_all(home.layout().app()).unwrap();
    home.open();
    until("the gate to be gone", || rustix::process::test_kill_process(pid).is_err().then_some(()));
    let state = home.it().state().unwrap();
    assert_eq!((state.setup, state.gates.len(), state.outbox), (Setup::New, 0, 0));
    let gate = "home".parse().unwrap();
    assert!(!home.layout().gate(&gate).exists() && !home.layout().anchor(&gate).exists());
    assert!(!home.layout().practice().exists() && !home.layout().data().join("removing").exists());
}

#[test]
fn a_gate_that_somebody_else_holds_keeps_everything_as_it_is() {
    let home = Home::new();
    home.signal_gate(rustix::process::Signal::TERM);
    until("the gate to be gone", || home.alive(false));
    // The lock is held by this very process, and names another.
    let lock = home.layout().gate(&"home".parse().unwrap()).join("lock");
    std::fs::write(&lock, "1").unwrap();
    let held = std::fs::File::options().write(true).open(&lock).unwrap();
    held.lock().unwrap();
    let before = home.it().removal(&[]).unwrap().len();
    let Err(Error::GateFailed { what: "stopped", says }) = home.it().remove_all(REMOVAL_WORDS, &[]) else {
        panic!()
    };
    assert!(says.contains("not known"), "{says}");
    assert_eq!(home.it().removal(&[]).unwrap().len(), before);
    drop(held);
    home.it().remove_all(REMOVAL_WORDS, &[]).unwrap();
}
