//! Several gates, devices and users: what is said of all of them, and what one of them keeps from the others.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::halt::{HALT, Halt, Scope};
use countersign_core::json;
use countersign_core::key::SecretKey;
use countersign_core::name::{GateId, Nonce};
use countersign_core::proposal::Authenticated;
use countersign_core::root::{self, Entry, Holder, Root};
use countersign_keys::Keys;
use countersign_reviewer::{Error, ItemState, NotAlone, Stop, agent_id};
use countersign_sources::spool::{Arrival, Kind, Reader};
use world::{World, at, passphrase, world};

/// A second gate, of which there is only the box.
fn second(world: &World) -> Reader {
    let id: GateId = "second".parse().unwrap();
    let reader = Reader::open(&world.layout().gate_box(&id)).unwrap();
    world.it().enrol(&id, SecretKey::from_seed(&[8; 32]).public(), &passphrase()).unwrap();
    reader
}

fn came(reader: &Reader, kind: Kind) -> Vec<Digest> {
    let named = reader.scan().unwrap().into_iter().map(|it| match it {
        Arrival::Message { name, .. } => name,
        other => panic!("{other:?}"),
    });
    named.filter(|it| it.kind == kind).map(|it| it.digest).collect()
}

/// Puts another root, of the same administrator, in the place of the one that the app made.
fn change_root(world: &mut World, change: impl FnOnce(&mut Root)) {
    world.stop();
    let options = world.options();
    let keys = Keys::open(&world.layout().keys(), options.keyring, options.cost).unwrap();
    let now = at(0).seconds();
    let administrator = keys.about(now).unwrap().ring.unwrap().administrator;
    let administrator = administrator.unlock(&keys, &passphrase(), now).unwrap();
    let before = world.root();
    let mut changed = before.root().clone();
    change(&mut changed);
    let envelope = administrator.sign_envelope(root::TYPE, changed.to_payload().unwrap());
    // The app keeps it as a text in its settings, by its digest.
    let text =
        |bytes: Vec<u8>| String::from_utf8(json::to_bytes(&String::from_utf8(bytes).unwrap())).unwrap();
    let path = world.layout().app().join("reviewer.json");
    let settings = std::fs::read_to_string(&path).unwrap();
    let kept = text(std::fs::read(world.layout().root()).unwrap());
    assert!(settings.contains(&kept));
    let settings = settings.replace(&kept, &text(envelope.to_bytes()));
    let settings = settings.replace(&before.digest().to_string(), &envelope.digest().to_string());
    std::fs::write(&path, settings).unwrap();
    drop(keys);
    world.restart();
}

#[test]
fn a_halt_and_its_lift_say_when_one_of_the_gates_is_not_there() {
    let world = world();
    drop(second(&world));
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    assert!(!halt.gates_alive);
    assert!(!world.it().lift(&halt.digest, &passphrase()).unwrap().gate_alive);
}

#[test]
fn a_gate_whose_box_is_broken_is_not_there_and_keeps_a_halt_from_no_other() {
    let world = world();
    let other = second(&world);
    let inbox = world.layout().gate_box(&world.gate.id);
    std::fs::remove_dir_all(&inbox).unwrap();
    std::fs::write(&inbox, "").unwrap();
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    assert_eq!(came(&other, Kind::Halt), [halt.digest]);
    assert!(!halt.gates_alive);
    assert!(world.it().look().is_err());
    let gates = world.it().state().unwrap().gates;
    assert_eq!(gates.iter().map(|it| it.alive).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn what_another_device_halted_is_halted_here_as_well_by_a_halt_of_ones_own() {
    let mut world = world();
    let laptop = SecretKey::from_seed(&[5; 32]);
    let holder = Holder::Device { name: "laptop".parse().unwrap(), person: "Ada".parse().unwrap() };
    change_root(&mut world, |root| root.entries.push(Entry::new(laptop.public(), holder, world::back(60))));
    let halt = Halt { id: Nonce::from_bytes([4; 16]), scope: Scope::All, at: at(0), reason: None };
    let theirs = world.gate.send(Kind::Halt, &Envelope::sign(HALT, json::to_bytes(&halt), &laptop));
    world.it().look().unwrap();
    let shown = world.it().state().unwrap().halts.remove(0);
    assert_eq!((shown.digest, shown.own), (theirs, false));
    assert_eq!(shown.by.unwrap().1.as_str(), "laptop");
    // Whoever lifts theirs, there, does not lift what was halted here.
    let own = world.it().halt(Stop::Everything, None).unwrap();
    assert!(!own.already && own.digest != theirs);
    assert!(world.gate.take().iter().any(|it| it.kind == Kind::Halt && it.digest == own.digest));
    assert_eq!(world.it().state().unwrap().halts.len(), 2);
}

#[test]
fn the_user_that_a_gate_runs_as_is_no_agent_to_halt_alone() {
    let mut world = world();
    let by = Authenticated::Uid(4242);
    let mut proposal = world.gate.proposal();
    proposal.agent.authenticated = by.clone();
    world.gate.send_proposal(&proposal);
    world.it().look().unwrap();
    let id = agent_id(&world.gate.id, &by);
    let why =
        |world: &World| world.it().agents().unwrap().into_iter().find(|it| it.id == id).unwrap().not_alone;
    assert_eq!(why(&world), None);
    change_root(&mut world, |root| {
        let gates = root.entries.iter_mut().filter(|it| matches!(it.holder, Holder::Gate { .. }));
        gates.for_each(|it| it.uid = Some(4242));
    });
    assert_eq!(why(&world), Some(NotAlone::SharedUser));
    assert!(matches!(world.it().halt(Stop::Agent(id), None), Err(Error::OnlyEverything)));
}

#[test]
fn what_was_approved_in_time_is_halted_also_when_its_time_is_over() {
    let mut world = world();
    let digest = world.gate.propose();
    let approval = world.approve(&digest);
    world.gate.acknowledge(&[approval.digest]);
    world.clock.pass(3_601_000);
    // The gate has it and may be acting.
    assert!(matches!(world.state(&digest), ItemState::Delivered { .. }));
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    assert_eq!(halt.voided, 1);
    assert!(matches!(world.state(&digest), ItemState::Halted { halt: Some(by), .. } if by == halt.digest));
}
