//! Halting: at once, for what a gate tells apart, until somebody with the passphrase lifts it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;
use std::time::Duration;

use countersign_core::digest::Digest;
use countersign_core::halt::{Halt, Scope};
use countersign_core::key::SecretKey;
use countersign_core::name::{Epoch, GateId};
use countersign_core::proposal::Authenticated;
use countersign_core::receipt::Outcome;
use countersign_core::refusal::Code;
use countersign_core::verify;
use countersign_reviewer::{
    AgentState, Answer, ApproveState, Error, Event, ItemState, Lock, Need, NotAlone, Stop, agent_id,
};
use countersign_sources::spool::{Arrival, Kind, Reader};
use world::{Sent, SlowKeyring, World, at, done, passphrase, world, world_with};

fn propose_as(world: &mut World, authenticated: Authenticated) -> Digest {
    let mut proposal = world.gate.proposal();
    proposal.agent.authenticated = authenticated;
    world.gate.send_proposal(&proposal)
}

fn token(name: &str) -> Authenticated {
    Authenticated::Token(name.parse().unwrap())
}

fn agent(world: &World, authenticated: &Authenticated) -> AgentState {
    world.it().look().unwrap();
    let id = agent_id(&world.gate.id, authenticated);
    world.it().agents().unwrap().into_iter().find(|it| it.id == id).unwrap()
}

fn halts(world: &World, sent: &[Sent]) -> Vec<Halt> {
    let halts = sent.iter().filter(|it| it.kind == Kind::Halt);
    let read = |it: &Sent| verify::signed::<Halt>(&it.bytes, &world.root(), at(0)).unwrap().into_value();
    halts.map(read).collect()
}

fn halted(world: &World, digest: &Digest) -> Option<Digest> {
    match world.state(digest) {
        ItemState::Halted { halt, .. } => halt,
        other => panic!("{other:?}"),
    }
}

#[test]
fn everything_is_halted_by_a_locked_key_and_what_is_open_is_void_at_once() {
    let mut world = world();
    let [waiting, approved] = [world.gate.propose(), world.gate.propose()];
    world.approve(&approved);
    world.it().lock();
    world.gate.take();
    let halt = world.it().halt(Stop::Everything, Some(" it posts nonsense ".to_owned())).unwrap();
    assert!(!halt.already && halt.gates_alive);
    assert_eq!(halt.voided, 2);
    assert_eq!(world.it().state().unwrap().key.lock, Lock::Locked);

    let sent = world.gate.take();
    let [signed] = halts(&world, &sent).try_into().unwrap();
    assert_eq!((signed.scope, signed.reason.as_deref()), (Scope::All, Some("it posts nonsense")));
    for digest in [waiting, approved] {
        assert_eq!(halted(&world, &digest), Some(halt.digest));
        let bar = world.it().bar(&digest).unwrap();
        assert_eq!((bar.approve, bar.deny, bar.request_changes), (ApproveState::Closed, true, false));
    }
    let state = world.it().state().unwrap();
    let [shown] = state.halts.as_slice() else { panic!("{:?}", state.halts) };
    assert!(shown.own && !shown.obeyed && !shown.lifting);
    assert_eq!(shown.voided, 2);
    world.gate.acknowledge(&[halt.digest]);
    world.it().look().unwrap();
    assert!(world.it().state().unwrap().halts[0].obeyed);
    assert!(world.events.lock().unwrap().contains(&Event::Halted { digest: halt.digest, own: true }));
}

#[test]
fn a_halt_goes_before_everything_that_waits_to_be_delivered() {
    let mut world = world();
    let digests: Vec<Digest> = (0..30).map(|_| world.gate.propose()).collect();
    world.it().look().unwrap();
    world.gate.stop();
    for digest in &digests {
        world.answer(digest, Answer::Deny).unwrap();
    }
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    assert!(!halt.gates_alive);
    // The app is closed before the gate is there, and its box lost what lay in it.
    world.stop();
    let inbox = world.layout().gate_box(&world.gate.id).join("new");
    for entry in std::fs::read_dir(&inbox).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    world.start();
    world.it().look().unwrap();
    let written = |entry: &std::fs::DirEntry| entry.metadata().unwrap().modified().unwrap();
    let entries: Vec<_> = std::fs::read_dir(&inbox).unwrap().map(Result::unwrap).collect();
    let is_halt = |it: &&std::fs::DirEntry| it.file_name().to_str().unwrap().starts_with("halt.");
    let first = written(entries.iter().find(is_halt).unwrap());
    // The file system's clock is coarse; they are enough for it to go on.
    assert!(entries.iter().all(|it| first <= written(it)) && entries.iter().any(|it| first < written(it)));
    assert!(entries.len() > digests.len());
    world.gate.start();
    assert_eq!(halts(&world, &world.gate.take()).len(), 1);
}

#[test]
fn halting_what_is_halted_signs_nothing_more() {
    let world = world();
    let first = world.it().halt(Stop::Everything, None).unwrap();
    let again = world.it().halt(Stop::Everything, Some("again".to_owned())).unwrap();
    assert_eq!((again.digest, again.already), (first.digest, true));
    assert_eq!(halts(&world, &world.gate.take()).len(), 1);
    assert_eq!(world.it().state().unwrap().halts.len(), 1);
}

#[test]
fn what_arrives_from_under_a_halt_is_void_too_and_what_arrives_after_its_lift_is_not() {
    let mut world = world();
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    let late = world.gate.propose();
    assert_eq!(halted(&world, &late), Some(halt.digest));
    let arrived = |it: &Event| matches!(it, Event::Arrived { .. });
    assert!(!world.events.lock().unwrap().iter().any(arrived));
    world.gate.acknowledge(&[halt.digest]);
    let lift = world.it().lift(&halt.digest, &passphrase()).unwrap();
    let next = world.gate.propose();
    assert_eq!(world.state(&next), ItemState::Waiting);
    assert_eq!(halted(&world, &late), Some(halt.digest));
    world.gate.acknowledge(&[lift.digest]);
    world.it().look().unwrap();
    assert!(world.it().state().unwrap().halts.is_empty());
    assert_eq!(halted(&world, &late), Some(halt.digest));
}

#[test]
fn one_agent_is_halted_by_its_channel_and_not_by_a_name() {
    let mut world = world();
    let hostile = propose_as(&mut world, token("claude"));
    let mut proposal = world.gate.proposal();
    // Another channel, with the same name and the same claims.
    proposal.agent.name = "claude".parse().unwrap();
    proposal.agent.calls_itself = Some("claude".parse().unwrap());
    let other = world.gate.send_proposal(&proposal);
    let known = agent(&world, &token("claude"));
    assert_eq!(known.not_alone, None);
    let halt = world.it().halt(Stop::Agent(known.id), None).unwrap();
    assert_eq!(halt.voided, 1);
    assert_eq!(halted(&world, &hostile), Some(halt.digest));
    assert_eq!(world.state(&other), ItemState::Waiting);
    // It renames itself, and is void all the same.
    let mut proposal = world.gate.proposal();
    proposal.agent.authenticated = token("claude");
    proposal.agent.name = "somebody else".parse().unwrap();
    let renamed = world.gate.send_proposal(&proposal);
    assert_eq!(halted(&world, &renamed), Some(halt.digest));
    let [signed] = halts(&world, &world.gate.take()).try_into().unwrap();
    let authenticated = token("claude");
    assert_eq!(signed.scope, Scope::Agent { gate: world.gate.id.clone(), authenticated });
    assert_eq!(agent(&world, &token("claude")).halt, Some(halt.digest));
    assert_eq!(agent(&world, &Authenticated::Uid(1000)).halt, None);
    // Everything can be halted beside it, and the two are lifted one by one.
    let all = world.it().halt(Stop::Everything, None).unwrap();
    assert!(!all.already);
    assert_eq!(halted(&world, &other), Some(all.digest));
    assert_eq!(world.it().state().unwrap().halts.len(), 2);
    // What is halted with everything is not halted by itself.
    assert_eq!(agent(&world, &token("claude")).halt, Some(halt.digest));
    assert_eq!(agent(&world, &Authenticated::Uid(1000)).halt, None);
}

#[test]
fn where_nothing_tells_agents_apart_only_everything_can_be_halted() {
    let mut world = world();
    let me = rustix::process::geteuid().as_raw();
    let shared = [
        (Authenticated::None, Some(NotAlone::Unknown)),
        (Authenticated::Uid(me), Some(NotAlone::SharedUser)),
        (Authenticated::Uid(me + 1), None),
        (token("claude"), None),
    ];
    for (authenticated, why) in shared {
        propose_as(&mut world, authenticated.clone());
        let known = agent(&world, &authenticated);
        assert_eq!(known.not_alone, why, "{authenticated:?}");
        let halted = world.it().halt(Stop::Agent(known.id), None);
        match why {
            Some(_) => assert!(matches!(halted, Err(Error::OnlyEverything)), "{halted:?}"),
            None => assert!(!halted.unwrap().already),
        }
    }
    assert!(matches!(world.it().halt(Stop::Agent(Digest::of(b"nobody")), None), Err(Error::NotFound(_))));
    assert_eq!(halts(&world, &world.gate.take()).len(), 2);
}

#[test]
fn without_the_device_key_nothing_is_halted_and_that_is_said() {
    let keyring = Arc::new(SlowKeyring::default());
    let mut world = world_with(Arc::clone(&keyring));
    world.gate.propose();
    world.stop();
    let (began, has_begun) = channel();
    let (end, may_end) = channel();
    *keyring.next.lock().unwrap() = Some((began, may_end));
    world.start();
    has_begun.recv().unwrap();
    let Err(Error::CannotHalt { gates }) = world.it().halt(Stop::Everything, None) else { panic!() };
    assert_eq!(gates, [(world.gate.id.clone(), None)]);
    assert!(world.it().state().unwrap().halts.is_empty());
    end.send(()).unwrap();
    until("the device key is there", || world.it().state().unwrap().device_key);
    world.it().halt(Stop::Everything, None).unwrap();
    assert_eq!(halts(&world, &world.gate.take()).len(), 1);
}

#[test]
fn whoever_unlocks_the_keyring_halts_without_waiting() {
    type Then = fn(&World);
    let ways: [Then; 2] = [
        |world| assert!(matches!(world.it().halt(Stop::Everything, None), Err(Error::CannotHalt { .. }))),
        |world| world.it().focus_changed(true),
    ];
    for then in ways {
        let keyring = Arc::new(SlowKeyring::default());
        let mut world = world_with(Arc::clone(&keyring));
        world.stop();
        keyring.unreadable.store(true, Ordering::SeqCst);
        world.start();
        world.it().look().unwrap();
        // Asked once by now, and not again for as long as the clock stands.
        std::thread::sleep(Duration::from_millis(200));
        assert!(!world.it().state().unwrap().device_key);
        keyring.unreadable.store(false, Ordering::SeqCst);
        then(&world);
        until("the device key is there", || world.it().state().unwrap().device_key);
        world.it().halt(Stop::Everything, None).unwrap();
    }
}

#[test]
fn a_locked_keyring_asks_the_person_at_the_start_and_then_only_for_what_needs_the_key() {
    let keyring = Arc::new(SlowKeyring::default());
    let mut world = world_with(Arc::clone(&keyring));
    world.stop();
    keyring.unreadable.store(true, Ordering::SeqCst);
    let reads = || keyring.reads.load(Ordering::SeqCst);
    let before = reads();
    world.start();
    until("it was asked at the start", || reads() == before + 1);
    // Each prompt that is closed brings the window to the front again.
    for _ in 0..5 {
        std::thread::sleep(Duration::from_millis(30));
        world.clock.pass(60_000);
        world.it().focus_changed(true);
    }
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(reads(), before + 1);
    assert!(matches!(world.it().halt(Stop::Everything, None), Err(Error::CannotHalt { .. })));
    until("it was asked for the halt", || reads() == before + 2);
}

#[track_caller]
fn until(what: &str, so: impl Fn() -> bool) {
    let found = (0..1000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        so()
    });
    assert!(found, "waited in vain until {what}");
}

/// A second gate, of which there is only the box.
fn second(world: &World) -> (GateId, Reader) {
    let id: GateId = "second".parse().unwrap();
    let reader = Reader::open(&world.layout().gate_box(&id)).unwrap();
    world.it().enrol(&id, SecretKey::from_seed(&[8; 32]).public(), &passphrase()).unwrap();
    (id, reader)
}

fn kinds(reader: &Reader) -> Vec<(Kind, Digest)> {
    let arrivals = reader.scan().unwrap();
    let named = arrivals.iter().map(|it| match it {
        Arrival::Message { name, .. } => {
            reader.done(name).unwrap();
            (name.kind, name.digest)
        }
        other => panic!("{other:?}"),
    });
    named.collect()
}

#[test]
fn every_gate_gets_it_also_one_that_is_enrolled_later_and_all_of_them_get_the_lift() {
    let world = world();
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    world.gate.acknowledge(&[halt.digest]);
    world.it().look().unwrap();
    assert!(world.it().state().unwrap().halts[0].obeyed);
    let (_, reader) = second(&world);
    world.it().look().unwrap();
    assert!(kinds(&reader).contains(&(Kind::Halt, halt.digest)));
    // Not obeyed by all of them, until the new one has it too.
    assert!(!world.it().state().unwrap().halts[0].obeyed);
    world.gate.take();
    let lift = world.it().lift(&halt.digest, &passphrase()).unwrap();
    assert!(kinds(&reader).contains(&(Kind::Lift, lift.digest)));
    assert!(world.gate.take().iter().any(|it| it.kind == Kind::Lift && it.digest == lift.digest));
    world.gate.acknowledge(&[lift.digest]);
    world.it().look().unwrap();
    assert!(world.it().state().unwrap().halts[0].lifting, "one of two gates has the lift");
}

#[test]
fn a_halt_of_one_agent_goes_to_its_gate_alone() {
    let mut world = world();
    let (_, reader) = second(&world);
    propose_as(&mut world, token("claude"));
    let id = agent(&world, &token("claude")).id;
    kinds(&reader);
    let halt = world.it().halt(Stop::Agent(id), None).unwrap();
    world.it().look().unwrap();
    assert!(!kinds(&reader).iter().any(|(kind, _)| *kind == Kind::Halt));
    assert!(world.gate.take().iter().any(|it| it.digest == halt.digest));
    world.gate.acknowledge(&[halt.digest]);
    world.it().look().unwrap();
    assert!(world.it().state().unwrap().halts[0].obeyed);
}

#[test]
fn a_gate_that_lost_its_memory_gets_every_halt_that_stands_again() {
    let mut world = world();
    let lifted = world.it().halt(Stop::Everything, None).unwrap();
    let lift = world.it().lift(&lifted.digest, &passphrase()).unwrap();
    world.gate.acknowledge(&[lifted.digest, lift.digest]);
    world.it().look().unwrap();
    let stands = world.it().halt(Stop::Everything, None).unwrap();
    world.gate.acknowledge(&[stands.digest]);
    world.it().look().unwrap();
    world.gate.take();
    world.gate.epoch = Epoch::from_bytes([2; 16]);
    world.gate.say_epoch();
    world.it().look().unwrap();
    let again: Vec<_> = world.gate.take().into_iter().filter(|it| it.kind == Kind::Halt).collect();
    assert_eq!(again.iter().map(|it| it.digest).collect::<Vec<_>>(), [stands.digest]);
    assert!(!world.it().state().unwrap().halts[0].obeyed);
}

#[test]
fn a_halt_survives_a_restart_of_the_app() {
    let mut world = world();
    let digest = world.gate.propose();
    world.it().look().unwrap();
    let halt = world.it().halt(Stop::Everything, Some("why".to_owned())).unwrap();
    let before = world.it().state().unwrap().halts;
    world.restart();
    assert_eq!(world.it().state().unwrap().halts, before);
    assert_eq!(halted(&world, &digest), Some(halt.digest));
    assert!(world.it().halt(Stop::Everything, None).unwrap().already);
}

#[test]
fn receipts_have_the_last_word_about_what_was_halted() {
    let mut world = world();
    let all = [world.gate.propose(), world.gate.propose(), world.gate.propose(), world.gate.propose()];
    let [before, void, denied, half] = all;
    for digest in [before, void, half] {
        world.approve(&digest);
    }
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    // It was done before the gate heard of the halt.
    world.gate.receipt(&before, true, done());
    assert!(matches!(world.state(&before), ItemState::Executed { .. }));
    world.gate.receipt(&void, false, Outcome::Refused { code: Code::Halted, why: String::new() });
    assert_eq!(halted(&world, &void), Some(halt.digest));
    // A deny stays possible, and is what is shown, also when the gate had nothing left to deny.
    world.answer(&denied, Answer::Deny).unwrap();
    assert!(matches!(world.state(&denied), ItemState::Denied { .. }));
    world.gate.receipt(&denied, false, Outcome::Refused { code: Code::Halted, why: String::new() });
    assert!(matches!(world.state(&denied), ItemState::Denied { .. }));
    world.gate.receipt(&half, true, Outcome::Unknown { started: at(10) });
    assert!(matches!(world.state(&half), ItemState::Unknown { .. }));
    let needs = Event::NeedsYou { digest: half, why: Need::OutcomeUnknown };
    assert!(world.events.lock().unwrap().contains(&needs));
}

#[test]
fn a_stray_approval_of_something_halted_is_refused() {
    let mut world = world();
    let digest = world.gate.propose();
    let sheet = world.read_all(&digest);
    world.it().halt(Stop::Everything, None).unwrap();
    let answer = Answer::Approve { not_shown: None };
    let decide = countersign_reviewer::Decide { proposal: digest, sheet: Some(sheet), answer, comment: None };
    assert!(matches!(world.it().decide(decide), Err(Error::NotOpen(_))));
    assert!(world.gate.take().iter().all(|it| it.kind != Kind::Decision));
}

#[test]
fn what_is_over_stays_what_it_is() {
    let mut world = world();
    let [denied, withdrawn, replaced] = [world.gate.propose(), world.gate.propose(), world.gate.propose()];
    let mut short = || {
        let mut proposal = world.gate.proposal();
        proposal.expires = at(1800);
        world.gate.send_proposal(&proposal)
    };
    let [expired, taken_back] = [short(), short()];
    let mut replacing = world.gate.proposal();
    replacing.supersedes = Some(replaced);
    replacing.expires = at(9000);
    world.gate.send_proposal(&replacing);
    world.gate.withdraw(&withdrawn);
    world.it().look().unwrap();
    world.answer(&denied, Answer::Deny).unwrap();
    world.approve(&taken_back);
    world.it().withdraw(&taken_back).unwrap();
    world.clock.pass(1_800_000);
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    assert_eq!(halt.voided, 1);
    assert!(matches!(world.state(&denied), ItemState::Denied { .. }));
    assert!(matches!(world.state(&withdrawn), ItemState::Withdrawn { .. }));
    assert!(matches!(world.state(&replaced), ItemState::Superseded { .. }));
    for digest in [expired, taken_back] {
        assert!(matches!(world.state(&digest), ItemState::Expired { .. }));
    }
}

#[test]
fn a_gate_that_halts_itself_is_said_and_counted_as_its_own() {
    let world = world();
    let digest = world.gate.halt_itself(9);
    world.it().look().unwrap();
    let state = world.it().state().unwrap();
    let [halt] = state.halts.as_slice() else { panic!() };
    assert_eq!((halt.digest, halt.own, halt.obeyed), (digest, false, true));
    assert_eq!(halt.scope, Scope::Gate { gate: world.gate.id.clone() });
    assert!(world.events.lock().unwrap().contains(&Event::Halted { digest, own: false }));
    // Another of everything does not lift it.
    world.it().halt(Stop::Everything, None).unwrap();
    assert_eq!(world.it().state().unwrap().halts.len(), 2);
}

#[test]
fn a_gate_that_halts_itself_without_end_fills_no_list() {
    let world = world();
    let first = world.gate.halt_itself(0);
    for number in 1..20 {
        world.gate.halt_itself(number);
    }
    world.it().look().unwrap();
    let state = world.it().state().unwrap();
    assert_eq!(state.halts.len(), 16);
    assert_eq!(world.it().queue().unwrap().evidence.rows.len(), 4);
    assert_eq!(world.acknowledged(&world.gate.take()).len(), 16);
    // One that stands is heard again, and is none more.
    assert_eq!(world.gate.halt_itself(0), first);
    world.it().look().unwrap();
    assert_eq!(world.it().queue().unwrap().evidence.rows.len(), 4);
    // One's own counts apart.
    world.it().halt(Stop::Everything, None).unwrap();
    assert_eq!(world.it().state().unwrap().halts.len(), 17);
}

#[test]
fn a_receipt_of_what_was_not_approved_here_asks_nobody_for_anything() {
    let mut world = world();
    let digest = world.gate.propose();
    world.it().look().unwrap();
    world.gate.receipt(&digest, true, Outcome::Unknown { started: at(10) });
    world.gate.receipt(&Digest::of(b"of nothing"), true, Outcome::Unknown { started: at(10) });
    world.it().look().unwrap();
    assert!(!world.events.lock().unwrap().iter().any(|it| matches!(it, Event::NeedsYou { .. })));
}

#[test]
fn what_was_approved_and_then_taken_back_or_denied_too_late_still_calls_for_the_person() {
    let mut world = world();
    let [taken_back, denied] = [world.gate.propose(), world.gate.propose()];
    for digest in [taken_back, denied] {
        world.approve(&digest);
    }
    world.it().withdraw(&taken_back).unwrap();
    world.answer(&denied, Answer::Deny).unwrap();
    for digest in [taken_back, denied] {
        world.gate.receipt(&digest, true, Outcome::Unknown { started: at(10) });
        world.it().look().unwrap();
        let needs = Event::NeedsYou { digest, why: Need::OutcomeUnknown };
        assert!(world.events.lock().unwrap().contains(&needs));
    }
}

#[test]
fn agents_are_counted_by_channel_day_and_kind() {
    let mut world = world();
    let digests: Vec<Digest> = (0..3).map(|_| propose_as(&mut world, token("claude"))).collect();
    propose_as(&mut world, token("codex"));
    let mut older = world.gate.proposal();
    older.agent.authenticated = token("claude");
    older.created = world::back(2 * 24 * 3600);
    older.not_before = older.created;
    world.gate.send_proposal(&older);
    world.it().look().unwrap();
    world.approve(&digests[0]);
    world.answer(&digests[1], Answer::Deny).unwrap();
    world.it().queue().unwrap();
    let it = agent(&world, &token("claude"));
    assert_eq!((it.proposed, it.waiting, it.approved, it.denied), (4, 2, 1, 1));
    assert_eq!((it.first, it.last), (older.created, at(0)));
    assert_eq!(it.days.len(), countersign_reviewer::DAYS);
    assert_eq!((it.days[29], it.days[28], it.days[27]), (3, 0, 1));
    assert_eq!(it.days.iter().sum::<u64>(), 4);
    assert_eq!(it.kinds, [(countersign_sheet::Kind::Change, 4)]);
    assert_eq!(agent(&world, &token("codex")).proposed, 1);
    assert_eq!(world.it().agents().unwrap().len(), 2);
}

#[test]
fn a_gate_that_comes_after_a_lift_is_not_halted_by_what_another_has_not_heard_lifted() {
    let world = world();
    let halt = world.it().halt(Stop::Everything, None).unwrap();
    world.it().lift(&halt.digest, &passphrase()).unwrap();
    let (_, reader) = second(&world);
    world.it().look().unwrap();
    assert!(kinds(&reader).iter().all(|(kind, _)| *kind != Kind::Halt));
    assert!(world.it().state().unwrap().halts[0].lifting);
}
