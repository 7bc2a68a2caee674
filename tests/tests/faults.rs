//! Stopped for a while, out of room, on a disk that fails: nothing is lost, nothing happens twice, it is
//! said, and everything goes on by itself afterwards. The tables are in `docs/crash-matrix.md`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;
use std::time::Duration;

use countersign_tests::faults::Small;
use countersign_tests::rig::{Proposed, Rig};
use countersign_tests::sealed;
use countersign_tests::table::Table;
use countersign_tests::until::until_so;
use rustix::process::Signal;

const DOCUMENT: &str = "crash-matrix.md";

/// How long something is stopped: longer than anything waits for an answer where there is time for it.
const PAUSE: Duration = Duration::from_secs(if cfg!(feature = "all") { 60 } else { 2 });

/// More than is left anywhere in a full database.
const LARGE: usize = 1 << 20;

/// Waits until it was done, and nobody has anything left to say; how often it ran.
#[track_caller]
fn done(rig: &mut Rig, proposed: &Proposed, name: &str) -> String {
    rig.until_state(&proposed.digest, &["executed"]);
    rig.settle();
    assert_eq!(rig.view(&proposed.id)["ending"], "done");
    let status = rig.status().unwrap();
    assert_eq!((&status["consistent"], &status["trouble"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(rig.say("trouble").as_deref(), Some("none"));
    match rig.ran(name) {
        1 => "once".to_owned(),
        many => panic!("it ran {many} times"),
    }
}

fn wait_a_while() {
    std::thread::sleep(PAUSE);
}

#[test]
fn stopped_for_a_while_nothing_is_lost_and_nothing_happens_twice() {
    sealed(|| {
        let head = ["stopped", "when", "meanwhile", "afterwards", "the program ran"];
        let mut table = Table::new(DOCUMENT, "stopped", &head);
        let cases: [fn() -> [String; 5]; 6] = [
            gate_at_a_request,
            gate_at_an_approval,
            gate_after_the_burn,
            gate_while_acting,
            app_at_an_arrival,
            app_while_signing,
        ];
        // Side by side, each with folders of its own: the pauses are long.
        let rows: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = cases.into_iter().map(|case| scope.spawn(case)).collect();
            running.into_iter().map(|case| case.join()).collect()
        });
        for row in rows {
            table.add(&row.expect("what went wrong is above").each_ref().map(String::as_str));
        }
        table.close_with("For two seconds in every run of the tests, for a minute in `--all`.".to_owned());
        table.check();
    });
}

fn row(cells: [&str; 5]) -> [String; 5] {
    cells.map(str::to_owned)
}

fn gate_at_a_request() -> [String; 5] {
    let mut rig = Rig::new();
    rig.signal_gate(Signal::STOP);
    let mut agent = rig.agent_waits("arrival", &["run", "--", "sh", "-c", &script(&rig, "arrival")]);
    wait_a_while();
    assert!(agent.ended().is_none());
    // Who waits longer than a few seconds is told what for.
    let told = agent.log().contains("says nothing yet");
    assert_eq!(told, PAUSE > Duration::from_secs(10), "{}", agent.log());
    rig.signal_gate(Signal::CONT);
    let digest = rig.first_waiting();
    rig.approve(&digest);
    assert!(agent.wait().success(), "{}", agent.log());
    rig.settle();
    assert_eq!(rig.ran("arrival"), 1);
    let meanwhile = "the agent waits; after 5 s it is told what for";
    row(["gate", "a request arrives", meanwhile, "proposed, approved, done", "once"])
}

fn gate_at_an_approval() -> [String; 5] {
    let mut rig = Rig::new();
    let proposed = stop_gate_at(&mut rig, "verified", "verified");
    wait_a_while();
    assert_eq!(rig.state(&proposed.digest).as_deref(), Some("signed"));
    rig.signal_gate(Signal::CONT);
    let ran = done(&mut rig, &proposed, "verified");
    row(["gate", "the approval is verified", "the app shows: signed, not yet delivered", "done", &ran])
}

fn gate_after_the_burn() -> [String; 5] {
    let mut rig = Rig::new();
    let proposed = stop_gate_at(&mut rig, "burned", "burned");
    wait_a_while();
    // Nothing has begun yet: a denial comes in time.
    let denied = rig.say(&format!("deny {}", proposed.digest)).unwrap();
    assert!(denied.starts_with("signed"), "{denied}");
    rig.signal_gate(Signal::CONT);
    until_so("the gate ended it", || rig.view(&proposed.id)["ending"] == "DENIED");
    rig.settle();
    rig.until_state(&proposed.digest, &["denied"]);
    assert_eq!(rig.ran("burned"), 0);
    row(["gate", "the nonce is burned", "a denial is signed, before it begins", "denied", "never"])
}

fn gate_while_acting() -> [String; 5] {
    let mut rig = Rig::new();
    let (proposed, go) = begin(&mut rig, "acting");
    rig.signal_gate(Signal::STOP);
    std::fs::write(go, "").unwrap();
    wait_a_while();
    assert_ne!(rig.state(&proposed.digest).as_deref(), Some("executed"));
    rig.signal_gate(Signal::CONT);
    let ran = done(&mut rig, &proposed, "acting");
    row(["gate", "in the middle of acting", "the program goes on and ends", "its end is seen: done", &ran])
}

fn app_at_an_arrival() -> [String; 5] {
    let mut rig = Rig::new();
    rig.stop_app();
    rig.start_app(Some("stop:committed proposal"));
    let proposed = rig.propose("app-arrival");
    rig.until_app_stops();
    wait_a_while();
    rig.signal_app(Signal::CONT);
    rig.approve(&proposed.digest);
    let ran = done(&mut rig, &proposed, "app-arrival");
    row(["app", "a proposal arrives", "nothing is shown", "it waits, is approved, done", &ran])
}

fn app_while_signing() -> [String; 5] {
    let mut rig = Rig::new();
    rig.stop_app();
    rig.start_app(Some("stop:in the outbox"));
    let proposed = rig.propose("app-signing");
    rig.until_state(&proposed.digest, &["waiting"]);
    rig.tell(&format!("approve {}", proposed.digest));
    rig.until_app_stops();
    wait_a_while();
    assert_eq!(rig.ran("app-signing"), 0);
    rig.signal_app(Signal::CONT);
    assert!(rig.hear().unwrap().starts_with("signed"));
    let ran = done(&mut rig, &proposed, "app-signing");
    row(["app", "the approval is in the outbox", "nothing happens", "it is delivered, done", &ran])
}

/// Approves a program that says that it ran and then goes on until the file is there, and waits until it says so.
fn begin(rig: &mut Rig, name: &str) -> (Proposed, PathBuf) {
    let go = rig.path("work").join(format!("go-{name}"));
    let script = format!("{}; while ! test -e {}; do sleep 0.02; done", script(rig, name), go.display());
    let proposed = rig.try_propose_script(name, &script).unwrap();
    rig.approve(&proposed.digest);
    until_so("it has begun", || rig.ran(name) == 1);
    (proposed, go)
}

fn script(rig: &Rig, name: &str) -> String {
    format!("echo ran >> {}", rig.counter(name).display())
}

/// Approves something of which the gate stops at `point`.
fn stop_gate_at(rig: &mut Rig, point: &str, name: &str) -> Proposed {
    rig.stop_gate();
    rig.start_gate(Some(&format!("stop:{point}")));
    let proposed = rig.propose(name);
    rig.approve(&proposed.digest);
    rig.until_gate_stops();
    proposed
}

/// An installation whose `folder` is a file system of so many mebibytes.
fn small(folder: &str, mebibytes: u32) -> (tempfile::TempDir, Small, Rig) {
    let base = tempfile::Builder::new().prefix("cs").tempdir_in("/tmp").unwrap();
    let small = Small::mount(&base.path().join(folder), mebibytes);
    let rig = Rig::at(base.path(), None);
    (base, small, rig)
}

const ROOM: [&str; 5] =
    ["no room in", "when", "it is said by", "when there is room again", "the program ran"];

#[test]
fn without_room_in_the_apps_folder_nothing_is_lost_and_it_goes_on_by_itself() {
    sealed(|| {
        let (_base, small, mut rig) = small("data/countersign/app", 8);
        let mut table = Table::new(DOCUMENT, "room-app", &ROOM);
        let where_ = "the app's folder";

        small.fill();
        let proposed = rig.try_propose_large("app", LARGE).unwrap();
        until_so("it is said", || said(&mut rig, "the disk is full"));
        assert_eq!(rig.state(&proposed.digest), None);
        small.make_room();
        rig.until_state(&proposed.digest, &["waiting"]);
        table.add(&[
            where_,
            "a proposal arrives",
            "the app; it stays in the box",
            "it is there, and waits",
            "not asked yet",
        ]);

        // Started anew, so that no journal is left that has room in it.
        rig.stop_app();
        rig.start_app(None);
        rig.until_state(&proposed.digest, &["waiting"]);
        small.fill();
        let error = rig.say(&format!("approve {}", proposed.digest)).unwrap();
        assert!(error.starts_with("error") && error.contains("the disk is full"), "{error}");
        assert_eq!(rig.state(&proposed.digest).as_deref(), Some("waiting"));
        small.make_room();
        rig.approve(&proposed.digest);
        let ran = done(&mut rig, &proposed, "app");
        table.add(&[
            where_,
            "the person approves",
            "the answer to it; nothing is signed",
            "approved again: done",
            &ran,
        ]);
        table.check();
    });
}

fn said(rig: &mut Rig, text: &str) -> bool {
    rig.say("trouble").is_some_and(|said| said.contains(text))
}

#[test]
fn without_room_in_the_gates_folder_nothing_is_lost_and_it_goes_on_by_itself() {
    sealed(|| {
        let (_base, small, mut rig) = small("data/countersign/gates/home", 8);
        let mut table = Table::new(DOCUMENT, "room-gate", &ROOM);
        let where_ = "the gate's folder";
        let proposed = rig.propose("gate");
        rig.until_state(&proposed.digest, &["waiting"]);
        small.fill();
        assert_eq!(rig.try_propose_large("more", LARGE), None);
        small.make_room();
        let more = rig.try_propose_large("more", LARGE).unwrap();
        rig.approve(&more.digest);
        let ran = done(&mut rig, &more, "more");
        table.add(&[
            where_,
            "an agent asks",
            "the answer to it; nothing is proposed",
            "asked again: approved, done",
            &ran,
        ]);

        rig.signal_gate(Signal::STOP);
        rig.approve(&proposed.digest);
        small.fill();
        rig.signal_gate(Signal::CONT);
        let waits = rig.agent_waits("gate", &["wait", &proposed.id]);
        until_so("it is said", || waits.log().contains("STATE_UNAVAILABLE"));
        assert!(rig.status().unwrap()["trouble"].is_string());
        assert_eq!(rig.ran("gate"), 0);
        small.make_room();
        let ran = done(&mut rig, &proposed, "gate");
        table.add(&[where_, "the approval arrives", "the gate, to the agent that waits", "done", &ran]);
        table.check();
    });
}

#[test]
fn without_room_in_the_spool_nothing_is_lost_and_it_goes_on_by_itself() {
    sealed(|| {
        let (_base, small, mut rig) = small("data/countersign/spool", 8);
        let mut table = Table::new(DOCUMENT, "room-spool", &ROOM);
        let where_ = "the spool";
        small.fill();
        let proposed = rig.try_propose_large("spool", LARGE).unwrap();
        until_so("it is said", || rig.status().unwrap()["trouble"].is_string());
        assert_eq!(rig.state(&proposed.digest), None);
        small.make_room();
        rig.until_state(&proposed.digest, &["waiting"]);
        table.add(&[
            where_,
            "the gate sends a proposal",
            "the gate; it stays in its ledger",
            "it is there, and waits",
            "not asked yet",
        ]);

        rig.settle();
        small.fill();
        rig.approve(&proposed.digest);
        until_so("it is said", || said(&mut rig, "is full"));
        assert_eq!(rig.state(&proposed.digest).as_deref(), Some("signed"));
        small.make_room();
        let ran = done(&mut rig, &proposed, "spool");
        table.add(&[where_, "the app sends an approval", "the app; signed, not yet delivered", "done", &ran]);
        table.check();
    });
}

#[cfg(feature = "all")]
mod broken {
    use countersign_tests::faults::Failing;
    use rustix::process::Pid;

    use super::*;

    /// Groups of system calls that fail together, and what a person would call that.
    const CALLS: [(&str, &str); 3] =
        [("fsync,fdatasync", "syncing"), ("pwrite64", "writing"), ("rename,renameat,renameat2", "renaming")];

    #[test]
    fn on_a_disk_that_fails_nothing_is_lost_and_it_goes_on_by_itself() {
        sealed(|| {
            let mut rig = Rig::new();
            let head =
                ["what fails", "in the", "when", "meanwhile", "when it works again", "the program ran"];
            let mut table = Table::new(DOCUMENT, "broken", &head);
            for (calls, called) in CALLS {
                for case in [gate_at_an_approval, gate_while_acting, app_at_an_arrival, app_while_signing] {
                    let [process, when, meanwhile, afterwards, ran] = case(&mut rig, calls);
                    table.add(&[called, &process, &when, &meanwhile, &afterwards, &ran]);
                }
            }
            table.check();
        });
    }

    fn fail(rig: &Rig, pid: Pid, calls: &str) -> Failing {
        Failing::calls(pid, calls, &rig.path("strace.log"))
    }

    fn gate_at_an_approval(rig: &mut Rig, calls: &str) -> [String; 5] {
        let name = format!("approval-{calls}");
        let proposed = rig.propose(&name);
        rig.until_state(&proposed.digest, &["waiting"]);
        rig.settle();
        let failing = fail(rig, rig.gate_pid(), calls);
        rig.approve(&proposed.digest);
        until_so("it is said", || rig.status().unwrap()["trouble"].is_string());
        assert_eq!(rig.ran(&name), 0);
        drop(failing);
        let ran = done(rig, &proposed, &name);
        row(["gate", "the approval arrives", "the gate says so; nothing is done", "done", &ran])
    }

    fn gate_while_acting(rig: &mut Rig, calls: &str) -> [String; 5] {
        let name = format!("acting-{calls}");
        let (proposed, go) = begin(rig, &name);
        let failing = fail(rig, rig.gate_pid(), calls);
        std::fs::write(go, "").unwrap();
        std::thread::sleep(Duration::from_secs(2));
        let ended = rig.view(&proposed.id)["ending"].is_string();
        drop(failing);
        let ran = done(rig, &proposed, &name);
        let meanwhile = if ended { "done" } else { "the agent waits; the end is not written down yet" };
        row(["gate", "the program ends", meanwhile, "done", &ran])
    }

    fn app_at_an_arrival(rig: &mut Rig, calls: &str) -> [String; 5] {
        let name = format!("arrival-{calls}");
        let failing = fail(rig, rig.app_pid(), calls);
        let proposed = rig.propose(&name);
        until_so("it is said", || rig.say("trouble").as_deref() != Some("none"));
        let shown = rig.state(&proposed.digest).is_some();
        drop(failing);
        rig.approve(&proposed.digest);
        let ran = done(rig, &proposed, &name);
        let meanwhile = if shown { "the app says so, and shows it" } else { "the app says so" };
        row(["app", "a proposal arrives", meanwhile, "it waits, is approved, done", &ran])
    }

    fn app_while_signing(rig: &mut Rig, calls: &str) -> [String; 5] {
        let name = format!("signing-{calls}");
        let proposed = rig.propose(&name);
        rig.until_state(&proposed.digest, &["waiting"]);
        rig.settle();
        let failing = fail(rig, rig.app_pid(), calls);
        let signed = rig.say(&format!("approve {}", proposed.digest)).unwrap().starts_with("signed");
        let state = rig.state(&proposed.digest);
        assert_eq!(state.as_deref(), Some(if signed { "signed" } else { "waiting" }));
        assert_eq!(rig.ran(&name), 0);
        drop(failing);
        if !signed {
            rig.approve(&proposed.digest);
        }
        let ran = done(rig, &proposed, &name);
        let (meanwhile, afterwards) = match signed {
            true => ("signed, not yet delivered", "delivered, done"),
            false => ("it is said that nothing is signed", "approved again, done"),
        };
        row(["app", "the person approves", meanwhile, afterwards, &ran])
    }
}
