//! Halts that come back: to an app that lost its store, from a gate that keeps them as they were signed.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::halt::{HALT, Halt, Scope};
use countersign_core::json;
use countersign_core::key::SecretKey;
use countersign_core::name::Nonce;
use countersign_core::root::{Entry, Holder, Root, TYPE};
use countersign_core::time::Timestamp;
use countersign_keys::{Cost, Keyring, Keys};
use countersign_reviewer::{Error, HaltState, Practice, Stop};
use countersign_sources::spool::{Kind, Writer};

use crate::home::{Home, passphrase, until};

const INES: [u8; 32] = [21; 32];

fn now() -> Timestamp {
    Timestamp::from_seconds(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs())
}

fn keys(home: &Home) -> Keys {
    let keyring = Arc::new(Keyring::new("test", Duration::from_millis(1)));
    Keys::open(&home.layout().keys(), keyring, Cost::LEAST).unwrap()
}

/// Closes the app, takes away its store and nothing else, and opens it again.
fn lose_the_store(home: &mut Home) {
    home.close();
    let store = home.layout().store();
    std::fs::remove_file(&store).unwrap();
    for beside in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{beside}", store.display()));
    }
    home.open();
    until("the device key", || home.it().state().unwrap().device_key.then_some(()));
}

fn halts(home: &Home) -> Vec<HaltState> {
    home.it().look().unwrap();
    home.it().state().unwrap().halts
}

/// The halts that stand at the gate, as it says itself, and how much it still has to say.
fn at_gate(home: &Home) -> (usize, u64) {
    let mut status = Command::new(env!("CARGO_BIN_EXE_countersign"));
    let output = status.args(["--json", "status"]).envs(home.layout().env()).output().unwrap();
    let status = json::parse_foreign(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    (status["halts"].as_array().unwrap().len(), status["outbox"].as_u64().unwrap())
}

fn halted(home: &Home) {
    assert!(matches!(home.it().practice(Practice::ToSign), Err(Error::Practice(_))));
}

fn lift(home: &Home, halt: &Digest) {
    home.it().lift(halt, &passphrase()).unwrap();
    until("the lift", || halts(home).iter().all(|it| it.digest != *halt).then_some(()));
}

/// The root names Ines as well, and her laptop.
fn enrol_ines(home: &mut Home, revoked: bool) {
    home.close();
    let before = std::fs::read(home.layout().root()).unwrap();
    let before = Root::parse(&Envelope::parse(&before).unwrap().payload).unwrap();
    let from = Timestamp::from_seconds(now().seconds() - 300);
    let laptop = Holder::Device { name: "laptop".parse().unwrap(), person: "Ines".parse().unwrap() };
    let laptop = Entry {
        revoked_at: revoked.then(now),
        ..Entry::new(SecretKey::from_seed(&INES).public(), laptop, from)
    };
    let mut root = Root { version: before.version + 1, created: now(), ..before };
    root.entries.retain(|it| it.key != laptop.key);
    root.entries.push(laptop);
    let keys = keys(home);
    let key = keys.administrator().unwrap().unlock(&keys, &passphrase(), now().seconds()).unwrap();
    let envelope = key.sign_envelope(TYPE, root.to_payload().unwrap());
    let path = home.layout().app().join("reviewer.json");
    let mut settings = json::parse(&std::fs::read(&path).unwrap()).unwrap();
    let text = String::from_utf8(envelope.to_bytes()).unwrap();
    settings["root"]["digest"] = envelope.digest().to_string().into();
    settings["root"]["envelope"] = text.clone().into();
    std::fs::write(&path, json::to_bytes(&settings)).unwrap();
    to_gate(home, Kind::Root, &envelope);
    home.open();
}

fn to_gate(home: &Home, kind: Kind, envelope: &Envelope) {
    let gate_box = home.layout().gate_box(&"home".parse().unwrap());
    Writer::open(&gate_box).unwrap().send(kind, &envelope.digest(), &envelope.to_bytes()).unwrap();
}

fn to_app(home: &Home, envelope: &Envelope) {
    let writer = Writer::open(&home.layout().reviewer_box()).unwrap();
    writer.send(Kind::Halt, &envelope.digest(), &envelope.to_bytes()).unwrap();
}

fn halt(id: u16) -> Vec<u8> {
    let mut bytes = [7; 16];
    bytes[..2].copy_from_slice(&id.to_be_bytes());
    let reason = Some("it posts nonsense".to_owned());
    json::to_bytes(&Halt { id: Nonce::from_bytes(bytes), scope: Scope::All, at: now(), reason })
}

fn by_ines(id: u16) -> Envelope {
    Envelope::sign(HALT, halt(id), &SecretKey::from_seed(&INES))
}

#[test]
fn an_app_that_lost_its_store_knows_what_it_halted_and_lifts_it() {
    let mut home = Home::new();
    let made = home.it().halt(Stop::Everything, Some("it posts nonsense".to_owned())).unwrap().digest;
    until("the gate to have it", || halts(&home)[0].obeyed.then_some(()));
    lose_the_store(&mut home);
    let back = until("the halt to come back", || halts(&home).pop());
    assert_eq!((back.digest, back.own, back.by.as_ref(), &back.scope), (made, true, None, &Scope::All));
    assert_eq!(back.reason.as_deref(), Some("it posts nonsense"));
    until("the gate to have it", || halts(&home)[0].obeyed.then_some(()));
    halted(&home);
    // Halting again finds that it stands.
    assert!(home.it().halt(Stop::Everything, None).unwrap().already);
    lift(&home, &made);
    home.it().practice(Practice::ToSign).unwrap();
    // Lost once more, there is nothing to bring back.
    lose_the_store(&mut home);
    until("the gate to have nothing left to say", || {
        home.it().look().unwrap();
        (at_gate(&home) == (0, 0)).then_some(())
    });
    assert_eq!(halts(&home), []);
    home.it().practice(Practice::ToSign).unwrap();
}

#[test]
fn a_halt_of_another_device_is_listed_with_who_signed_it_and_lifted_here() {
    let mut home = Home::new();
    enrol_ines(&mut home, false);
    let envelope = by_ines(1);
    to_gate(&home, Kind::Halt, &envelope);
    until("the gate to halt", || (at_gate(&home).0 == 1).then_some(()));
    lose_the_store(&mut home);
    let back = until("the halt to come", || halts(&home).pop());
    assert_eq!(back.digest, envelope.digest());
    let by = back.by.map(|(person, device)| (person.to_string(), device.to_string()));
    assert_eq!((back.own, by), (false, Some(("Ines".to_owned(), "laptop".to_owned()))));
    assert_eq!((back.scope, back.lifting), (Scope::All, false));
    // It stands where its owner sent it; nothing of it is sent from here.
    assert_eq!(home.it().state().unwrap().outbox, 0);
    halted(&home);
    lift(&home, &envelope.digest());
    assert_eq!(at_gate(&home).0, 0);
    home.it().practice(Practice::ToSign).unwrap();
    // Sent once more, by whoever can write into the boxes, it stays lifted.
    to_app(&home, &envelope);
    to_gate(&home, Kind::Halt, &envelope);
    until("the box to be empty", || {
        home.it().look().unwrap();
        let new = std::fs::read_dir(home.layout().reviewer_box().join("new")).unwrap();
        (new.count() == 0).then_some(())
    });
    assert_eq!((halts(&home), home.it().queue().unwrap().evidence.total), (vec![], 0));
    home.it().practice(Practice::ToSign).unwrap();
}

#[test]
fn a_halt_stands_and_is_lifted_here_also_when_its_key_was_revoked_later() {
    let mut home = Home::new();
    enrol_ines(&mut home, false);
    let envelope = by_ines(1);
    to_gate(&home, Kind::Halt, &envelope);
    until("the gate to halt", || (at_gate(&home).0 == 1).then_some(()));
    std::thread::sleep(Duration::from_millis(1100));
    enrol_ines(&mut home, true);
    lose_the_store(&mut home);
    let back = until("the halt to come", || halts(&home).pop());
    assert_eq!((back.digest, back.own), (envelope.digest(), false));
    lift(&home, &envelope.digest());
    home.it().practice(Practice::ToSign).unwrap();
}

#[test]
fn what_nobody_may_sign_is_evidence_and_halts_nothing() {
    let mut home = Home::new();
    enrol_ines(&mut home, false);
    let keys = keys(&home);
    let reviewer = keys.reviewer().unwrap().unlock(&keys, &passphrase(), now().seconds()).unwrap();
    let mut forged = Envelope::sign(HALT, halt(1), &SecretKey::from_seed(&[66; 32]));
    to_app(&home, &forged);
    // A payload that was changed under a good signature.
    forged = Envelope::sign(HALT, halt(2), &SecretKey::from_seed(&INES));
    forged.payload = halt(3);
    to_app(&home, &forged);
    to_app(&home, &reviewer.sign_envelope(HALT, halt(4)));
    until("the evidence", || {
        home.it().look().unwrap();
        (home.it().queue().unwrap().evidence.total == 3).then_some(())
    });
    assert_eq!(halts(&home), []);
    assert_eq!(home.it().state().unwrap().outbox, 0);
    home.it().practice(Practice::ToSign).unwrap();
}

#[test]
fn a_thousand_halts_come_back_once_each() {
    let mut home = Home::new();
    enrol_ines(&mut home, false);
    let sent: Vec<Envelope> = (0..1000).map(by_ines).collect();
    for envelope in &sent {
        to_gate(&home, Kind::Halt, envelope);
    }
    until("the gate to have them", || (at_gate(&home).0 == 1000).then_some(()));
    lose_the_store(&mut home);
    until("the app to have them", || (halts(&home).len() == 1000).then_some(()));
    until("the gate to be told", || {
        home.it().look().unwrap();
        (at_gate(&home).1 == 0).then_some(())
    });
    assert_eq!(home.it().state().unwrap().outbox, 0);
    lift(&home, &sent[500].digest());
    assert_eq!((halts(&home).len(), at_gate(&home).0), (999, 999));
    halted(&home);
}
