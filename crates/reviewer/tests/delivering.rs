//! Delivering: what was signed is sent until its gate has it, whoever is closed or dies meanwhile.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::name::Epoch;
use countersign_reviewer::ItemState;
use countersign_sources::spool::Kind;
use world::{World, passphrase, world};

#[test]
fn it_is_sent_until_the_gate_acknowledges_it_and_not_after() {
    let mut world = world();
    let digest = world.gate.propose();
    let signed = world.approve(&digest);
    let decisions = |world: &World| {
        world.it().look().unwrap();
        world.gate.take().iter().filter(|it| it.kind == Kind::Decision).count()
    };
    assert_eq!(decisions(&world), 1);
    assert_eq!(decisions(&world), 0);
    world.clock.pass(60_000);
    assert_eq!(decisions(&world), 1);
    world.gate.acknowledge(&[signed.digest]);
    world.it().look().unwrap();
    world.clock.pass(600_000);
    assert_eq!(decisions(&world), 0);
    world.restart();
    assert_eq!(decisions(&world), 0);
    assert_eq!(world.it().state().unwrap().outbox, 0);
}

#[test]
fn a_forged_acknowledgement_stops_nothing() {
    let mut world = world();
    let digest = world.gate.propose();
    let signed = world.approve(&digest);
    let key = std::mem::replace(&mut world.gate.key, countersign_core::key::SecretKey::from_seed(&[8; 32]));
    world.gate.acknowledge(&[signed.digest]);
    world.gate.key = key;
    assert!(matches!(world.state(&digest), ItemState::Signed { .. }));
    assert_eq!(world.it().queue().unwrap().evidence.rows.len(), 1);
}

#[test]
fn a_decision_signed_while_the_gate_is_down_is_delivered_when_it_is_back() {
    let mut world = world();
    let digest = world.gate.propose();
    world.it().look().unwrap();
    world.gate.take();
    world.gate.stop();
    let signed = world.approve(&digest);
    assert!(!signed.gate_alive);
    world.it().look().unwrap();
    assert!(!world.it().state().unwrap().gates[0].alive);
    assert!(matches!(world.state(&digest), ItemState::Signed { .. }));
    // Both are closed, and come back in either order.
    world.stop();
    world.gate.start();
    world.restart();
    assert_eq!(world.it().state().unwrap().outbox, 1);
    let sent = world.gate.take();
    assert_eq!(world.decision(&sent, &signed.digest).value().subject, digest);
}

#[test]
fn a_restart_keeps_the_outbox_and_sends_it_again() {
    let mut world = world();
    let digest = world.gate.propose();
    let signed = world.approve(&digest);
    // The file is lost on its way.
    world.gate.take();
    world.restart();
    assert_eq!(world.it().state().unwrap().outbox, 1);
    let sent = world.gate.take();
    world.decision(&sent, &signed.digest);
    assert!(matches!(world.state(&digest), ItemState::Signed { .. }));
}

#[test]
fn a_gate_with_a_new_epoch_gets_again_what_is_still_open() {
    let mut world = world();
    let halt = world.gate.halt_itself(9);
    world.it().look().unwrap();
    let lift = world.it().lift(&halt, &passphrase()).unwrap();
    world.gate.acknowledge(&[lift.digest]);
    world.it().look().unwrap();
    world.gate.take();
    assert_eq!(world.it().state().unwrap().outbox, 0);
    world.gate.epoch = Epoch::from_bytes([2; 16]);
    world.gate.say_epoch();
    world.it().look().unwrap();
    assert!(world.gate.take().iter().any(|it| it.digest == lift.digest));
}

#[test]
fn what_a_gate_did_not_acknowledge_before_it_died_is_sent_again_when_it_starts() {
    let mut world = world();
    let digest = world.gate.propose();
    let signed = world.approve(&digest);
    // It takes the approval, and dies before it can say so.
    let sent = |world: &World| world.gate.take().iter().any(|it| it.digest == signed.digest);
    assert!(sent(&world));
    world.it().look().unwrap();
    assert!(!sent(&world));
    world.gate.stop();
    world.gate.start();
    world.gate.say_epoch();
    world.it().look().unwrap();
    assert!(sent(&world));
}
