//! Lifting a halt: with the passphrase, once, and it stands until its gate has heard of it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::sync::Arc;
use std::sync::mpsc::channel;

use countersign_core::halt::Lift;
use countersign_core::verify;
use countersign_keys::Passphrase;
use countersign_reviewer::{Clock as _, Error, Stop};
use countersign_sources::spool::Kind;
use world::{SlowKeyring, at, passphrase, world, world_with};

#[test]
fn a_halt_is_lifted_with_the_passphrase_and_nothing_less() {
    let world = world();
    let halt = world.gate.halt_itself(9);
    world.it().look().unwrap();
    let halts = world.it().state().unwrap().halts;
    assert_eq!((halts[0].digest, halts[0].lifting), (halt, false));
    let wrong = world.it().lift(&halt, &Passphrase::new("wrong horse battery".to_owned()));
    assert!(matches!(wrong, Err(Error::Keys(countersign_keys::Error::WrongPassphrase { .. }))));
    world.clock.pass(60_000);
    let lift = world.it().lift(&halt, &passphrase()).unwrap();
    let sent = world.gate.take();
    let bytes = &sent.iter().find(|it| it.digest == lift.digest).unwrap().bytes;
    assert_eq!(verify::signed::<Lift>(bytes, &world.root(), world.clock.now()).unwrap().value().halt, halt);
    assert!(world.it().state().unwrap().halts[0].lifting);
    world.gate.acknowledge(&[lift.digest]);
    world.it().look().unwrap();
    assert!(world.it().state().unwrap().halts.is_empty());
}

#[test]
fn a_lift_takes_the_passphrase_each_time_and_stands_as_lifting_until_the_gate_has_it() {
    let world = world();
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    world.gate.acknowledge(&[halt.digest]);
    let wrong = Passphrase::new("not the passphrase".to_owned());
    assert!(matches!(world.it().lift(&halt.digest, &wrong), Err(Error::Keys(_))));
    assert!(world.gate.take().iter().all(|it| it.kind != Kind::Lift));
    world.clock.pass(60_000);
    let lift = world.it().lift(&halt.digest, &passphrase()).unwrap();
    let sent = world.gate.take();
    let of: Vec<_> = sent.iter().filter(|it| it.kind == Kind::Lift).collect();
    let read = verify::signed::<Lift>(&of[0].bytes, &world.root(), at(60));
    assert_eq!((of.len(), read.unwrap().value().halt), (1, halt.digest));
    assert!(world.it().state().unwrap().halts[0].lifting);
    // Lifted and not yet heard of: a new halt is a new one.
    let next = world.it().halt(Stop::Everything, None).unwrap();
    assert!(!next.already);
    world.gate.acknowledge(&[lift.digest]);
    world.it().look().unwrap();
    let left = world.it().state().unwrap().halts;
    assert_eq!(left.iter().map(|it| it.digest).collect::<Vec<_>>(), [next.digest]);
    assert!(matches!(world.it().lift(&halt.digest, &passphrase()), Err(Error::NotFound(_))));
}

#[test]
fn a_lift_that_was_asked_for_twice_at_once_is_one() {
    let world = world();
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    let lift = world.it().lift(&halt.digest, &passphrase()).unwrap();
    let again = world.it().lift(&halt.digest, &passphrase()).unwrap();
    world.clock.pass(60_000);
    let later = world.it().lift(&halt.digest, &passphrase()).unwrap();
    assert_eq!((again.digest, later.digest), (lift.digest, lift.digest));
    let sent = world.gate.take();
    assert!(sent.iter().filter(|it| it.kind == Kind::Lift).all(|it| it.digest == lift.digest));
    assert!(world.it().state().unwrap().halts[0].lifting);
}

#[test]
fn a_halt_while_a_lift_waits_for_the_key_is_a_new_one_and_stands() {
    let keyring = Arc::new(SlowKeyring::default());
    let world = world_with(Arc::clone(&keyring));
    let it = world.it();
    let lifted = it.halt(Stop::Everything, None).unwrap();
    let (began, has_begun) = channel();
    let (end, may_end) = channel();
    *keyring.next.lock().unwrap() = Some((began, may_end));
    let (lift, next, again) = std::thread::scope(|scope| {
        let lift = scope.spawn(|| it.lift(&lifted.digest, &passphrase()));
        has_begun.recv().unwrap();
        let halt = || it.halt(Stop::Everything, None);
        let (next, again) = (halt(), halt());
        end.send(()).unwrap();
        (lift.join().unwrap().unwrap(), next.unwrap(), again.unwrap())
    });
    assert!(!next.already && next.digest != lifted.digest);
    assert_eq!((again.digest, again.already), (next.digest, true));
    world.gate.acknowledge(&[lifted.digest, lift.digest, next.digest]);
    it.look().unwrap();
    let left = it.state().unwrap().halts;
    assert_eq!(left.iter().map(|it| (it.digest, it.lifting)).collect::<Vec<_>>(), [(next.digest, false)]);
    // A lift that came to nothing leaves what stands as it was.
    let wrong = Passphrase::new("not the passphrase".to_owned());
    assert!(matches!(it.lift(&next.digest, &wrong), Err(Error::Keys(_))));
    let after = it.halt(Stop::Everything, None).unwrap();
    assert_eq!((after.digest, after.already), (next.digest, true));
}
