//! Making and starting gates: what the program does wrong is said, and can be tried again.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::os::unix::fs::PermissionsExt as _;

use countersign_keys::LossUnderstood;
use countersign_reviewer::{Error, Lock, SetUp, Setup};
use world::{World, bare, passphrase};

fn set_up(world: &World) {
    let set_up = SetUp {
        person: "Ada".parse().unwrap(),
        device: "desk".parse().unwrap(),
        passphrase: passphrase(),
        understood: LossUnderstood::confirm(LossUnderstood::WORDS).unwrap(),
        place: None,
    };
    world.it().set_up(set_up).unwrap();
}

/// Puts a program where `countersign` is looked for.
fn program(world: &World, script: &str) {
    let path = world.options().gate_program;
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn create(world: &World) -> Error {
    world.it().create_gate(&passphrase()).unwrap_err()
}

#[test]
fn the_first_start_goes_from_nothing_to_keys() {
    let world = bare();
    assert_eq!(world.it().state().unwrap().setup, Setup::New);
    assert_eq!(world.it().state().unwrap().key.lock, Lock::None);
    set_up(&world);
    let state = world.it().state().unwrap();
    assert_eq!((state.setup, state.key.lock, state.device_key), (Setup::NoGate, Lock::Locked, true));
    assert_eq!(state.person.unwrap().as_str(), "Ada");
    let again = SetUp {
        person: "Eve".parse().unwrap(),
        device: "desk".parse().unwrap(),
        passphrase: passphrase(),
        understood: LossUnderstood::confirm(LossUnderstood::WORDS).unwrap(),
        place: None,
    };
    assert!(matches!(world.it().set_up(again), Err(Error::SetUpBefore)));
}

#[test]
fn there_is_no_gate_before_there_are_keys() {
    assert!(matches!(create(&bare()), Error::NotSetUp));
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let world = bare();
    set_up(&world);
    let Error::GateMissing { path, .. } = create(&world) else { panic!() };
    assert_eq!(path, world.options().gate_program);
    assert_eq!(world.it().state().unwrap().setup, Setup::NoGate);
}

#[test]
fn what_the_program_says_when_it_fails_is_passed_on() {
    let world = bare();
    set_up(&world);
    program(&world, "echo 'there is no room' >&2; exit 99");
    let Error::GateFailed { what: "made", says } = create(&world) else { panic!() };
    assert!(says.contains("there is no room") && says.contains("99"), "{says}");
}

#[test]
fn a_program_that_prints_no_key_is_not_believed() {
    for printed in ["", "{}", "{\"key\":7}", "{\"key\":\"00\"}", "no json"] {
        let world = bare();
        set_up(&world);
        program(&world, &format!("printf '%s' '{printed}'"));
        assert!(matches!(create(&world), Error::GateFailed { .. }), "{printed}");
        assert_eq!(world.it().state().unwrap().setup, Setup::NoGate);
    }
}

#[test]
fn a_gate_that_ends_at_once_is_said_with_its_last_words() {
    let mut world = bare();
    set_up(&world);
    world.gate.stop();
    let key = world.gate.key.public().to_hex();
    program(
        &world,
        &format!(
            "case $1 in key) exit 1;; gate) echo 'the ledger is locked' >&2; exit 95;; *) echo '{{\"key\":\"{key}\"}}';; esac"
        ),
    );
    let Error::GateFailed { what: "started", says } = create(&world) else { panic!() };
    assert!(says.contains("the ledger is locked"), "{says}");
    // The root is made; only the start is to be tried again.
    assert_eq!(world.it().state().unwrap().setup, Setup::Ready);
    assert_eq!(world.root().root().gate(&world.gate.id).unwrap().key, world.gate.key.public());
    world.gate.start();
    world.it().start_gate().unwrap();
    world.it().create_gate(&passphrase()).unwrap();
}

#[test]
fn the_program_is_told_where_everything_is_and_what_to_trust() {
    let world = bare();
    set_up(&world);
    let key = world.gate.key.public().to_hex();
    let log = world.base.path().join("log");
    program(
        &world,
        &format!(
            "echo \"$* in $XDG_DATA_HOME\" >> {}; case $1 in key) exit 1;; esac; echo '{{\"key\":\"{key}\"}}'",
            log.display()
        ),
    );
    world.it().create_gate(&passphrase()).unwrap();
    let said = std::fs::read_to_string(log).unwrap();
    let data = world.base.path().join("data");
    let trust = format!(
        "init --name home --trust {} --digest {} --json in {}",
        world.layout().root().display(),
        world.root().digest(),
        data.display()
    );
    assert!(said.lines().any(|line| line == trust), "{said}");
    let root = world.root();
    assert_eq!(root.root().gate(&world.gate.id).unwrap().uid, Some(rustix::process::geteuid().as_raw()));
}

#[test]
fn a_set_up_that_was_cut_short_before_the_gate_heard_of_it_goes_on_at_the_start() {
    let world = bare();
    set_up(&world);
    let key = world.gate.key.public().to_hex();
    let log = world.base.path().join("log");
    let answers = |pin: &str| {
        format!(
            "echo \"$*\" >> {}; case \"$*\" in *--trust*) exit {pin};; esac; echo '{{\"key\":\"{key}\"}}'",
            log.display()
        )
    };
    program(&world, &answers("99"));
    assert!(matches!(create(&world), Error::GateFailed { what: "pinned", .. }));
    assert_eq!(world.it().state().unwrap().setup, Setup::Ready);

    std::fs::remove_file(&log).unwrap();
    program(&world, &answers("0"));
    let mut world = world;
    world.gate.stop();
    // The program here is no gate, so it does not come up.
    assert!(matches!(world.it().start_gate(), Err(Error::GateFailed { what: "started", .. })));
    let said = std::fs::read_to_string(log).unwrap();
    assert!(said.contains(&format!("--digest {}", world.root().digest())), "{said}");
}

#[test]
fn a_new_key_in_place_of_a_lost_one_is_not_ready_and_takes_nothing_from_the_old_one() {
    let world = bare();
    set_up(&world);
    let key = world.gate.key.public().to_hex();
    program(&world, &format!("echo '{{\"key\":\"{key}\"}}'"));
    world.it().create_gate(&passphrase()).unwrap();
    let root = *world.root().digest();
    world.it().delete_key(LossUnderstood::confirm(LossUnderstood::WORDS).unwrap()).unwrap();
    set_up(&world);
    assert_eq!(world.it().state().unwrap().setup, Setup::NoGate);
    let Error::GateFailed { says, .. } = create(&world) else { panic!() };
    assert!(says.contains("restore"), "{says}");
    assert_eq!(*world.root().digest(), root);
}
