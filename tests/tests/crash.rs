//! kill -9 of the gate and of the app at every point between a request and its receipt.
//!
//! Each process dies exactly there (a milestone, see `countersign_sources::milestone`). Then it is
//! started again and all is driven to its end. The tables are in `docs/crash-matrix.md`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use countersign_tests::process::running;
use countersign_tests::rig::{MILESTONE, Proposed, Rig};
use countersign_tests::table::Table;
use countersign_tests::until::{until, until_so};
use countersign_tests::window::{Element, key};
use countersign_tests::{Desktop, Person, Window, gate, programs, sealed};

const DOCUMENT: &str = "crash-matrix.md";

const HEAD: [&str; 6] = [
    "killed when",
    "the program ran",
    "the app shows",
    "the agent is told",
    "the decision",
    "of each message",
];

/// Which process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dies {
    Gate,
    App,
}

/// What the gate does, in order: the point, and what it is called in the table.
const GATE: [(&str, &str); 17] = [
    ("committed proposal", "the proposal is committed, not yet sent"),
    ("written proposal", "the proposal's temp file is written"),
    ("renamed proposal", "the proposal is renamed into the app's box"),
    ("verified", "the approval is verified, not yet committed"),
    ("committed decision", "the approval is committed, not yet moved away"),
    ("done decision", "the approval is moved away, not yet acknowledged"),
    ("written ack:2", "the temp file of its acknowledgement is written"),
    ("renamed ack:2", "its acknowledgement is delivered"),
    ("counted", "the anchor moved on, the burn is not committed"),
    ("burned", "the nonce is burned"),
    ("started", "\"started\" is committed, nothing is begun"),
    ("acted", "the program has ended, nothing is written down"),
    ("finished", "what came of it is committed"),
    ("receipt", "the receipt is committed, not yet sent"),
    ("written receipt", "the receipt's temp file is written"),
    ("renamed receipt", "the receipt is delivered"),
    ("committed ack:2", "its acknowledgement is committed"),
];

/// What the app does, in order.
const APP: [(&str, &str); 15] = [
    ("committed proposal", "the proposal is committed, not yet moved away"),
    ("done proposal", "the proposal is moved away, not yet acknowledged"),
    ("written ack:2", "the temp file of its acknowledgement is written"),
    ("renamed ack:2", "its acknowledgement is delivered"),
    ("shown", "the sheet is shown"),
    ("signed", "the approval is signed, not yet kept"),
    ("in the outbox", "the approval is in the outbox, not yet sent"),
    ("written decision", "the approval's temp file is written"),
    ("renamed decision", "the approval is renamed into the gate's box"),
    ("delivered", "the approval is delivered, the person not yet told"),
    ("committed ack", "the gate's acknowledgement is committed"),
    ("committed receipt", "the receipt is committed, not yet moved away"),
    ("done receipt", "the receipt is moved away, not yet acknowledged"),
    ("written ack:3", "the temp file of its acknowledgement is written"),
    ("renamed ack:3", "its acknowledgement is delivered"),
];

const OVER: [&str; 4] = ["executed", "failed", "unknown", "refused STATE_UNAVAILABLE"];

#[test]
fn killed_at_any_point_the_gate_loses_and_doubles_nothing() {
    sealed(|| matrix(Dies::Gate, "gate", &GATE));
}

#[test]
fn killed_at_any_point_the_app_loses_and_doubles_nothing() {
    sealed(|| matrix(Dies::App, "app", &APP));
}

/// What the person at the window sees of it.
const WINDOW: [(&str, &str, &str); 4] = [
    ("shown", "the sheet is shown", "nice"),
    ("signed", "the approval is signed, not yet kept", "dash"),
    ("in the outbox", "the approval is in the outbox, not yet sent", "bash"),
    ("delivered", "the approval is delivered, the person not yet told", "timeout"),
];

#[test]
fn killed_at_a_signature_the_window_shows_what_counts_when_it_opens_again() {
    sealed(|| {
        let head = ["the window is killed when", "opened again, it", "the program ran"];
        let mut table = Table::new(DOCUMENT, "window", &head);
        let mut desktop = Desktop::start();
        let person = Person::begin(&desktop);
        person.close();
        for (point, called, program) in WINDOW {
            let ran = desktop.path(&format!("ran-{program}"));
            let script = format!("echo ran >> {}", ran.display());
            let before: &[&str] = match program {
                "nice" => &["nice", "sh"],
                "timeout" => &["timeout", "60", "sh"],
                shell => &[shell],
            };
            let words = [&["run", "--no-wait", "--"], before, &["-c", script.as_str()]].concat();
            assert_eq!(gate::output(&desktop, &words).status.code(), Some(98));

            desktop.set(MILESTONE, format!("kill:{point}"));
            let window = Window::open(&desktop, &programs::app(), &[]);
            let person = Person { window };
            desktop.unset(MILESTONE);
            if point == "shown" {
                // It may show what waits by itself.
                until_so("the sheet is shown", || {
                    person.window.parts("queue-row").first().map(Element::try_click);
                    running("countersign-app").is_empty()
                });
            } else {
                person.open_proposal(program);
                person.unlock();
                person.wait_for_approve();
                person.window.try_press(&[key::CONTROL], &[key::ENTER]);
            }
            until_so(&format!("the window dies at {point:?}"), || running("countersign-app").is_empty());
            drop(person);

            let person = Person::open(&desktop);
            person.open_proposal(program);
            // What nobody was told was signed waits again; what was kept is not asked for a second time.
            let waits = matches!(point, "shown" | "signed");
            if waits {
                person.unlock();
                person.approve();
            }
            assert_eq!(person.receipt(), ["done"], "{point}");
            assert_eq!(gate::text(&ran), "ran\n", "{point}");
            let sees = if waits {
                "waits for the person; approved then"
            } else {
                "has the approval; nothing is asked again"
            };
            table.add(&[called, sees, "once"]);
            person.close();
        }
        assert_eq!(gate::output(&desktop, &["--json", "status"]).status.code(), Some(0));
        table.close_with(format!("{} kills: 0 lost, 0 doubled, 0 unknown.", WINDOW.len()));
        table.check();
    });
}

fn matrix(dies: Dies, part: &'static str, points: &[(&str, &str)]) {
    let mut rig = Rig::new();
    let mut table = Table::new(DOCUMENT, part, &HEAD);
    let (mut lost, mut doubled, mut unknown) = (0, 0, 0);
    for (at, (point, called)) in points.iter().enumerate() {
        let end = Case::new(&mut rig, dies, &format!("{part}-{at}"), point).drive();
        lost += end.lost;
        doubled += end.doubled;
        unknown += u32::from(end.shows.contains("unknown"));
        table.add(&[called, &end.ran, &end.shows, &end.told, &end.decision, &end.messages]);
    }
    table.close_with(format!(
        "{} kills: {lost} lost, {doubled} doubled, {unknown} unknown, each shown as such and resolved.",
        points.len()
    ));
    table.check();
}

/// One crash.
struct Case<'r> {
    rig: &'r mut Rig,
    dies: Dies,
    name: String,
    point: &'r str,
    // How often it died there.
    deaths: u32,
}

/// What was found when all had come to its end.
struct End {
    ran: String,
    shows: String,
    told: String,
    decision: String,
    messages: String,
    lost: u32,
    doubled: u32,
}

impl<'r> Case<'r> {
    fn new(rig: &'r mut Rig, dies: Dies, name: &str, point: &'r str) -> Self {
        Self { rig, dies, name: name.to_owned(), point, deaths: 0 }
    }

    fn drive(mut self) -> End {
        let epoch = self.rig.status().unwrap()["epoch"].clone();
        let before = Messages::of(self.rig);
        let kill = format!("kill:{}", self.point);
        match self.dies {
            Dies::Gate => {
                self.rig.stop_gate();
                self.rig.start_gate(Some(&kill));
            }
            Dies::App => {
                self.rig.stop_app();
                self.rig.start_app(Some(&kill));
            }
        }
        let proposed = until("the proposal is taken", || {
            self.revive();
            self.rig.try_propose(&self.name)
        });
        let mut agent = self.rig.agent_waits(&self.name, &["wait", &proposed.id]);
        let acknowledged = self.answer(&proposed);
        let told = until("the agent is told", || {
            self.revive();
            agent.ended()
        });
        let mut shows = until("the app shows that it is over", || {
            // It may die of telling the gate that it knows.
            self.revive();
            self.rig.state(&proposed.digest).filter(|state| OVER.contains(&state.as_str()))
        });
        until_so(&format!("{:?} dies at {:?}", self.dies, self.point), || {
            self.revive();
            self.deaths == 1
        });
        self.rig.settle();
        if shows == "unknown" {
            shows = self.resolve(&proposed);
        }
        let ran = self.rig.ran(&self.name);
        // Nothing of it happens again, however often both are started.
        self.rig.stop_app();
        self.rig.stop_gate();
        self.rig.start_gate(None);
        self.rig.start_app(None);
        self.rig.settle();
        assert_eq!(self.deaths, 1, "{}", self.point);
        assert_eq!(self.rig.ran(&self.name), ran, "{}: it ran again", self.point);
        let status = self.rig.status().unwrap();
        assert_eq!(status["consistent"], true, "{}: ledger and anchor", self.point);
        assert_eq!(status["epoch"], epoch, "{}: the gate forgot", self.point);
        assert_eq!(status["halts"].as_array().map(Vec::len), Some(0), "{}", self.point);
        let decision = self.rig.say(&format!("decision {}", proposed.digest)).unwrap();
        let messages = Messages::of(self.rig).since(&before);
        let kept = decision == "approve";
        End {
            ran: times(ran),
            told: exit(told.code().unwrap_or(-1)),
            lost: u32::from(!kept && acknowledged) + messages.iter().filter(|it| **it == 0).count() as u32,
            doubled: u32::from(ran > 1) + messages.iter().filter(|it| **it > 1).count() as u32,
            decision,
            messages: if messages == [1, 1, 1] { "one".to_owned() } else { format!("{messages:?}") },
            shows,
        }
    }

    /// Approves it, again where nobody was told that it was signed; whether somebody was.
    fn answer(&mut self, proposed: &Proposed) -> bool {
        let mut acknowledged = false;
        until_so("it is over", || {
            self.revive();
            match self.rig.state(&proposed.digest).as_deref() {
                Some("waiting") => {
                    assert!(!acknowledged, "{}: what was signed waits again", self.point);
                    let said = self.rig.say(&format!("approve {}", proposed.digest));
                    acknowledged = said.is_some_and(|said| said.starts_with("signed"));
                    false
                }
                Some(state) => OVER.contains(&state),
                None => false,
            }
        });
        acknowledged
    }

    fn resolve(&mut self, proposed: &Proposed) -> String {
        let said = self.rig.say(&format!("resolve {}", proposed.digest)).unwrap();
        assert!(said.starts_with("signed"), "{said}");
        self.rig.until_state(&proposed.digest, &["resolved"]);
        self.rig.settle();
        until_so("the gate knows what a person found out", || {
            self.rig.view(&proposed.id)["resolved"] == "ran"
        });
        "unknown, then resolved".to_owned()
    }

    /// Starts again what has died, and counts.
    fn revive(&mut self) {
        if let Some(status) = self.rig.gate_died() {
            assert_eq!((self.dies, status.signal()), (Dies::Gate, Some(9)), "{}", self.point);
            self.deaths += 1;
            self.rig.start_gate(None);
        }
        if let Some(status) = self.rig.app_died() {
            assert_eq!((self.dies, status.signal()), (Dies::App, Some(9)), "{}", self.point);
            self.deaths += 1;
            self.rig.start_app(None);
        }
    }
}

/// How many proposals, decisions and receipts there were, ever, by their names.
#[derive(Debug)]
struct Messages([usize; 3]);

impl Messages {
    fn of(rig: &Rig) -> Self {
        assert_eq!(names(&rig.app_box().join("bad")).len(), 0, "the app refused something");
        // An approval that is sent again because its acknowledgement died with the gate is refused as
        // what it looks like: the same one again.
        let refused = rig.gate_box().join("bad");
        for why in names(&refused).iter().filter(|name| name.ends_with(".why")) {
            let why = std::fs::read_to_string(refused.join(why)).unwrap();
            assert!(why.starts_with("REPLAY"), "the gate refused something: {why}");
        }
        let (app, mut gate) = (names(&rig.app_box().join("cur")), names(&rig.gate_box().join("cur")));
        gate.extend(names(&refused).into_iter().filter(|name| name.ends_with(".json")));
        Self([count(&app, "proposal."), count(&gate, "decision."), count(&app, "receipt.")])
    }

    fn since(&self, before: &Self) -> [usize; 3] {
        [0, 1, 2].map(|at| self.0[at] - before.0[at])
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    let all = std::fs::read_dir(folder).unwrap();
    all.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn count(names: &BTreeSet<String>, begins: &str) -> usize {
    names.iter().filter(|name| name.starts_with(begins)).count()
}

fn times(ran: usize) -> String {
    match ran {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        many => format!("{many} TIMES"),
    }
}

fn exit(code: i32) -> String {
    let what = match code {
        0 => "done",
        95 => "nothing was done",
        97 => "unknown",
        _ => "?",
    };
    format!("{what} ({code})")
}
