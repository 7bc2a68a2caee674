//! What is said when, without a screen.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use countersign_sheet::words as own_words;

use super::*;
use crate::settings::Settings;
use crate::wire::Quiet;

/// The rest of the app, as a test sets it.
#[derive(Default)]
struct Rest {
    wanted: Option<Preferences>,
    now: Option<Zoned>,
    over: BTreeSet<Digest>,
    lifted: bool,
    waiting: u32,
    opened: Vec<Option<Digest>>,
}

#[derive(Clone, Default)]
struct Fake(Arc<Mutex<Rest>>);

impl Host for Fake {
    fn preferences(&self) -> Preferences {
        let usual = || Settings::load("/nowhere/at/all".into()).preferences();
        self.0.lock().unwrap().wanted.clone().unwrap_or_else(usual)
    }

    fn now(&self) -> Zoned {
        self.0.lock().unwrap().now.clone().unwrap_or_else(|| at("12:00"))
    }

    fn waits(&self, digest: &Digest) -> bool {
        !self.0.lock().unwrap().over.contains(digest)
    }

    fn halted(&self) -> bool {
        !self.0.lock().unwrap().lifted
    }

    fn waiting(&self) -> Option<u32> {
        Some(self.0.lock().unwrap().waiting)
    }

    fn open(&self, digest: Digest) {
        self.0.lock().unwrap().opened.push(Some(digest));
    }

    fn open_queue(&self) {
        self.0.lock().unwrap().opened.push(None);
    }
}

fn at(time: &str) -> Zoned {
    format!("2026-05-04T{time}:00[UTC]").parse().unwrap()
}

fn digest(number: u32) -> Digest {
    Digest::of(&number.to_le_bytes())
}

struct Test {
    rest: Fake,
    notifier: Notifier,
    desk: Desk,
    // It goes on by more than any wait each time that something is looked at.
    now: Instant,
}

impl Test {
    fn new(set: impl FnOnce(&mut Preferences)) -> Self {
        let rest = Fake::default();
        let mut wanted = rest.preferences();
        set(&mut wanted);
        rest.0.lock().unwrap().wanted = Some(wanted);
        let (notifier, desk) = Notifier::new(Box::new(rest.clone()));
        Self { rest, notifier, desk, now: Instant::now() }
    }

    /// At eleven in the evening, with quiet hours from ten to seven.
    fn at_night() -> Self {
        let mut test = Self::new(|it| it.quiet = Some(Quiet { from: 22 * 60, to: 7 * 60 }));
        test.set(|it| it.now = Some(at("23:00")));
        test.listen();
        test
    }

    /// The quiet hours end, and so many wait.
    fn morning(&mut self, waiting: u32) {
        self.set(|it| {
            it.waiting = waiting;
            it.now = Some(at("07:00"));
        });
        self.listen();
    }

    fn arrive(&mut self, number: u32, serious: bool) {
        self.notifier.arrived(digest(number), &[own_words(format!("Agent {number}"))], Kind::Run, serious);
        self.listen();
    }

    fn listen(&mut self) -> Vec<Slot> {
        while let Ok(notice) = self.desk.notices.try_recv() {
            self.desk.take(notice);
        }
        self.now += LOOK * 2;
        self.desk.tick(self.now)
    }

    /// What would be on the screen now, and is from now on.
    fn shows(&mut self) -> Option<String> {
        self.now += Duration::from_secs(1);
        let now = self.now;
        let (slot, wait) = self.desk.due(now)?;
        assert_eq!(wait, Duration::ZERO);
        let text = self.desk.text(slot);
        self.desk.showing(slot, now);
        self.desk.shown(slot);
        Some(text.unwrap().summary)
    }

    fn set(&self, set: impl FnOnce(&mut Rest)) {
        set(&mut self.rest.0.lock().unwrap());
    }
}

#[test]
fn a_halt_that_is_lifted_leaves_the_screen_and_takes_nothing_with_it() {
    let mut test = Test::new(|_| {});
    test.notifier.gate_halted();
    test.listen();
    assert!(test.shows().is_some_and(|it| it.contains("halted")));
    test.notifier.look();
    assert!(!test.listen().contains(&Slot::Trouble), "it stands");
    test.notifier.needs(digest(1), Need::OutcomeUnknown);
    test.listen();
    test.set(|rest| rest.lifted = true);
    test.notifier.look();
    assert!(!test.listen().contains(&Slot::Trouble), "something else is said there");
    assert!(test.shows().is_some_and(|it| !it.contains("halted")));

    // More than are known by name, too.
    let mut alone = Test::new(|_| {});
    (0..300).for_each(|_| alone.notifier.gate_halted());
    alone.listen();
    alone.set(|rest| rest.lifted = true);
    alone.notifier.look();
    assert!(alone.listen().contains(&Slot::Trouble));
    assert_eq!(alone.shows(), None);
}

#[test]
fn a_person_chooses_how_much_is_said() {
    let of = |level| {
        let mut test = Test::new(|it| it.notify = level);
        test.arrive(1, false);
        let usual = test.shows();
        test.arrive(2, true);
        (usual.is_some(), test.shows().is_some())
    };
    assert_eq!(of(NotifyLevel::Everything), (true, true));
    assert_eq!(of(NotifyLevel::Serious), (false, true));
    assert_eq!(of(NotifyLevel::Nothing), (false, false));
    // What a person did just now is answered all the same.
    let mut test = Test::new(|it| it.notify = NotifyLevel::Nothing);
    test.notifier.say("Everything is halted", "");
    test.listen();
    assert_eq!(test.shows().as_deref(), Some("Everything is halted"));
}

#[test]
fn in_quiet_hours_nothing_is_said_and_at_their_end_what_still_waits_is_said_once() {
    let mut test = Test::at_night();
    test.arrive(1, true);
    test.arrive(2, false);
    test.notifier.needs(digest(9), Need::Failed);
    test.listen();
    assert_eq!(test.shows(), None);
    // One is decided elsewhere, and one waited since before.
    test.set(|it| it.over.extend([digest(1)]));
    test.morning(2);
    let said: BTreeSet<_> = [test.shows(), test.shows()].into_iter().flatten().collect();
    let wanted = ["2 proposals wait", "Something that you approved went wrong"];
    assert_eq!(said, wanted.map(str::to_owned).into());
    assert_eq!(test.shows(), None, "and only once");
    // The next day, of what came there is all that waits, so it is named.
    test.desk.told(Slot::Proposals);
    test.set(|it| it.now = Some(at("22:00")));
    test.listen();
    test.arrive(3, false);
    assert_eq!(test.shows(), None);
    test.morning(1);
    assert_eq!(test.shows().as_deref(), Some("Agent 3 wants to run a program"));
}

#[test]
fn those_that_are_only_counted_are_never_more_than_wait() {
    let mut test = Test::at_night();
    test.morning(7);
    assert_eq!(test.shows().as_deref(), Some("7 proposals wait"));
    test.set(|it| it.waiting = 8);
    test.arrive(1, false);
    assert_eq!(test.shows().as_deref(), Some("8 proposals wait"));
    test.set(|it| it.waiting = 2);
    test.notifier.look();
    assert_eq!(test.listen(), []);
    assert_eq!(test.shows().as_deref(), Some("2 proposals wait"));
    // One that was counted before it was told of by name is not another one.
    test.arrive(2, false);
    assert_eq!(test.shows().as_deref(), Some("2 proposals wait, from 2 agents"));
}

#[test]
fn what_waits_since_before_leaves_the_screen_when_all_of_it_is_decided() {
    let mut test = Test::at_night();
    test.morning(7);
    test.shows();
    test.set(|it| it.waiting = 1);
    test.notifier.look();
    assert_eq!(test.listen(), []);
    assert_eq!(test.shows().as_deref(), Some("A proposal waits for you"));
    test.set(|it| it.waiting = 0);
    test.notifier.look();
    assert_eq!(test.listen(), [Slot::Proposals]);
    assert_eq!(test.shows(), None);
}

#[test]
fn of_more_than_are_known_by_name_those_that_wait_are_counted() {
    let mut test = Test::new(|_| {});
    test.set(|it| it.waiting = 300);
    (0..300).for_each(|it| test.arrive(it, false));
    assert_eq!(test.shows().as_deref(), Some("300 proposals wait"));
    test.set(|it| {
        it.over.extend((0..199).map(digest));
        it.waiting = 41;
    });
    test.notifier.look();
    assert_eq!(test.listen(), []);
    assert_eq!(test.shows().as_deref(), Some("41 proposals wait"));
    test.set(|it| {
        it.over.insert(digest(199));
        it.waiting = 40;
    });
    test.notifier.look();
    assert_eq!(test.listen(), []);
    assert_eq!(test.shows().as_deref(), Some("40 proposals wait"));
}

#[test]
fn when_nothing_waits_at_the_end_of_quiet_hours_nothing_is_said() {
    let mut test = Test::at_night();
    test.arrive(1, false);
    test.set(|it| it.over.extend([digest(1)]));
    test.morning(0);
    assert_eq!(test.shows(), None);
}

#[test]
fn what_is_over_leaves_the_screen() {
    let mut test = Test::new(|_| {});
    test.arrive(1, false);
    test.arrive(2, false);
    assert_eq!(test.shows().as_deref(), Some("2 proposals wait, from 2 agents"));
    test.set(|it| it.over.extend([digest(1)]));
    test.notifier.look();
    assert_eq!(test.listen(), []);
    assert_eq!(test.shows().as_deref(), Some("Agent 2 wants to run a program"));
    test.set(|it| it.over.extend([digest(2)]));
    test.notifier.look();
    let close = test.listen();
    assert_eq!(close, [Slot::Proposals]);
    assert_eq!(test.shows(), None);
}

#[test]
fn what_was_said_last_waits_though_what_was_said_before_it_was_closed() {
    let mut test = Test::new(|_| {});
    test.notifier.say("First", "");
    test.listen();
    assert_eq!(test.shows().as_deref(), Some("First"));
    test.notifier.say("Second", "");
    test.listen();
    test.desk.told(Slot::Said);
    assert_eq!(test.shows().as_deref(), Some("Second"));
}

#[test]
fn a_click_opens_the_one_or_the_queue() {
    let mut test = Test::new(|_| {});
    test.arrive(1, false);
    test.shows();
    test.desk.clicked(Slot::Proposals);
    test.arrive(2, false);
    test.arrive(3, false);
    test.shows();
    test.desk.clicked(Slot::Proposals);
    assert_eq!(test.rest.0.lock().unwrap().opened, [Some(digest(1)), None]);
    assert_eq!(test.shows(), None, "what was clicked on is not said again");
}

#[test]
fn what_no_daemon_took_waits_and_comes_as_one() {
    let mut test = Test::new(|_| {});
    test.arrive(1, false);
    let now = test.now;
    test.desk.showing(Slot::Proposals, now);
    test.desk.not_shown(Slot::Proposals, "nobody is there");
    test.arrive(2, false);
    test.arrive(3, false);
    assert_eq!(test.shows().as_deref(), Some("3 proposals wait, from 3 agents"));
    test.desk.lost(&[Slot::Proposals]);
    assert_eq!(test.shows().as_deref(), Some("3 proposals wait, from 3 agents"));
    // Who asks to try one is told, and it does not come later.
    let answer = test.notifier.try_to_say("A try", "");
    test.listen();
    test.desk.showing(Slot::Said, now);
    test.desk.not_shown(Slot::Said, "nobody is there");
    assert_eq!(answer.recv().unwrap(), Err("nobody is there".to_owned()));
    assert_eq!(test.shows(), None);
}
