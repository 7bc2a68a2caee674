//! A calendar that is set, and a machine that sleeps, under an app that runs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_reviewer::{Event, ItemState, Lock};
use world::{World, at, bare, world};

/// Waits for the thread that looks at the clock.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..2000 {
        if so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("nothing came of: {what}");
}

fn jumps(world: &World) -> Vec<i64> {
    let events = world.events.lock().unwrap();
    events
        .iter()
        .filter_map(|it| if let Event::ClockJumped { seconds } = it { Some(*seconds) } else { None })
        .collect()
}

/// Lets the thread look at the clock twice.
fn ticks() {
    std::thread::sleep(std::time::Duration::from_millis(2200));
}

#[test]
fn a_clock_that_is_set_is_said_until_it_is_dismissed_and_all_is_looked_at_again() {
    let mut world = world();
    let digest = world.gate.propose();
    assert_eq!(world.state(&digest), ItemState::Waiting);
    world.clock.set(7200);
    until("the step", || jumps(&world) == [7200]);
    assert_eq!(world.it().state().unwrap().clock_jump.unwrap().seconds, 7200);
    // It expired by that, and is waiting again when the clock is put right.
    until("the queue", || world.it().queue().unwrap().waiting.rows.is_empty());
    world.clock.set(-7200);
    until("the step back", || jumps(&world) == [7200, -7200]);
    until("the queue", || !world.it().queue().unwrap().waiting.rows.is_empty());
    world.it().dismiss_clock();
    assert_eq!(world.it().state().unwrap().clock_jump, None);
}

#[test]
fn a_clock_that_goes_or_is_set_by_little_is_not_said() {
    let world = world();
    world.clock.pass(3_600_000);
    ticks();
    world.clock.set(5);
    ticks();
    world.clock.set(-5);
    ticks();
    assert_eq!((jumps(&world), world.it().state().unwrap().clock_jump), (vec![], None));
}

#[test]
fn a_machine_that_slept_locks_the_key_and_did_not_set_its_clock() {
    let world = world();
    ticks();
    world.clock.sleep(1900);
    ticks();
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Unlocked);
    world.clock.sleep(2100);
    until("the key to lock", || world.it().state().unwrap().key.lock == Lock::Locked);
    assert_eq!(jumps(&world), [0; 0]);
}

#[test]
fn a_clock_that_is_behind_what_was_written_down_is_said_at_the_start() {
    let mut world = world();
    world.gate.propose();
    world.it().look().unwrap();
    world.stop();
    world.clock.set(-5);
    world.start();
    ticks();
    assert_eq!(world.it().state().unwrap().clock_jump, None);
    world.stop();
    world.clock.set(-60);
    world.start();
    until("it to be said", || !jumps(&world).is_empty());
    let jump = world.it().state().unwrap().clock_jump.unwrap();
    assert_eq!((jumps(&world), jump.seconds), (vec![-65], -65));
    assert!(jump.at < at(0));
}

#[test]
fn nothing_is_said_at_the_first_start() {
    let world = bare();
    world.it().look().unwrap();
    assert_eq!(world.it().state().unwrap().clock_jump, None);
}

#[test]
fn a_defect_in_the_thread_that_reads_is_said_and_it_goes_on() {
    let mut world = world();
    world.clock.breaks.store(true, std::sync::atomic::Ordering::SeqCst);
    let digest = world.gate.propose();
    until("it is said", || world.it().state().unwrap().trouble.is_some());
    until("what lies in the box comes all the same", || world.it().waits(&digest).unwrap());
    until("all is well again", || world.it().state().unwrap().trouble.is_none());
}
