//! What a gate remembers: kill -9, full disks, lost and old files.

use countersign_core::decision::Verdict;
use countersign_core::halt::Scope;
use countersign_core::receipt::Outcome;
use countersign_sources::spool::Kind;
use rustix::process::Signal;

use crate::bed::{Bed, until};

#[test]
fn killed_between_started_and_finished_the_outcome_is_unknown_and_it_is_not_tried_again() {
    let mut bed = Bed::new();
    let go = bed.work().join("go");
    let script = format!(
        "echo ran >> {}; while ! test -e {}; do sleep 0.02; done; echo over >> {}",
        bed.work().join("ran").display(),
        go.display(),
        bed.work().join("over").display()
    );
    let agent = bed.spawn(&["run", "--", "/bin/sh", "-c", &script]);
    let proposed = bed.proposal();
    bed.approve(&proposed);
    until("it to begin", || (bed.marks() == 1).then_some(()));
    bed.kill();
    bed.start();
    let (status, _, err) = agent.end();
    assert_eq!(status, 97, "{err}");
    let receipt = bed.receipt(&proposed.digest);
    assert!(matches!(receipt.outcomes.as_slice(), [Outcome::Unknown { .. }]), "{receipt:?}");
    assert!(receipt.burned.is_some());
    // The program itself was not killed, which is why nobody knew.
    std::fs::write(go, "").unwrap();
    until("its end", || bed.work().join("over").exists().then_some(()));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn a_gate_that_is_asked_to_end_ends_its_programs_and_writes_that_down() {
    let mut bed = Bed::new();
    let script = format!("echo ran >> {}; exec sleep 1000", bed.work().join("ran").display());
    let agent = bed.spawn(&["run", "--", "/bin/sh", "-c", &script]);
    let proposed = bed.proposal();
    bed.approve(&proposed);
    until("it to begin", || (bed.marks() == 1).then_some(()));
    bed.stop();
    bed.start();
    assert_eq!(agent.end().0, 143);
    let receipt = bed.receipt(&proposed.digest);
    assert!(matches!(receipt.outcomes.as_slice(), [Outcome::Done { exit: Some(143), .. }]), "{receipt:?}");
}

#[test]
fn approved_and_killed_before_it_began_it_runs_after_the_restart_once() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    bed.stop();
    bed.approve(&proposed);
    for _ in 0..3 {
        bed.start();
        bed.kill();
    }
    bed.start();
    let status = bed.cli(&["wait", &id]).status.code();
    // A kill can fall between started and finished: then it is unknown, and still not done twice.
    assert!(matches!(status, Some(0 | 97 | 95)), "{status:?}");
    match status {
        Some(0) => assert_eq!(bed.marks(), 1),
        Some(95) => assert_eq!(bed.marks(), 0),
        _ => assert!(bed.marks() <= 1),
    }
}

#[test]
fn a_burn_that_a_crash_cut_short_counts_as_burned_and_does_nothing() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    bed.stop();
    // As if the gate had ended between advancing its anchor and committing the burn.
    let ledger = rusqlite::Connection::open(bed.home().join("ledger.db")).unwrap();
    ledger.execute("UPDATE meta SET intent = ?1", [proposed.proposal.nonce.as_bytes()]).unwrap();
    drop(ledger);
    let mark: serde_json::Value = serde_json::from_slice(&std::fs::read(bed.anchor()).unwrap()).unwrap();
    let ahead = serde_json::json!({
        "epoch": mark["epoch"],
        "count": mark["count"].as_u64().unwrap() + 1,
        "last": proposed.proposal.nonce,
    });
    std::fs::write(bed.anchor(), ahead.to_string()).unwrap();
    bed.approve(&proposed);
    bed.start();
    assert_eq!(bed.refused(&proposed.digest), "STATE_UNAVAILABLE");
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(95));
    // It is no reason to halt: the next one works.
    let id = bed.propose_mark(&[]);
    let next = bed.proposal();
    assert_eq!(next.proposal.epoch, proposed.proposal.epoch);
    bed.approve(&next);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
}

/// Puts an old copy of the ledger in the place of the one there is.
fn restore(bed: &Bed, old: &[u8]) {
    for name in ["ledger.db-wal", "ledger.db-shm"] {
        let _ = std::fs::remove_file(bed.home().join(name));
    }
    std::fs::write(bed.home().join("ledger.db"), old).unwrap();
}

#[test]
fn a_restored_ledger_that_forgot_one_burn_is_no_burn_that_was_cut_short() {
    let mut bed = Bed::new();
    let [first, second] = [bed.propose_mark(&[]), bed.propose_mark(&[])];
    let both = [bed.proposal(), bed.proposal()];
    bed.stop();
    let ledger = rusqlite::Connection::open(bed.home().join("ledger.db")).unwrap();
    // As an attempt leaves it that came to nothing: what it was about to burn still stands there.
    ledger.execute("UPDATE meta SET intent = ?1", [both[0].proposal.nonce.as_bytes()]).unwrap();
    drop(ledger);
    let old = std::fs::read(bed.home().join("ledger.db")).unwrap();
    bed.start();
    let approval = bed.approve(&both[1]);
    let done = if both[1].proposal.id.as_str() == first { first } else { second };
    assert_eq!(bed.cli(&["wait", &done]).status.code(), Some(0));
    bed.stop();
    restore(&bed, &old);
    bed.send(Kind::Decision, &approval);
    bed.start();
    assert_eq!(bed.json(&["status"])["halts"].as_array().unwrap().len(), 1);
    bed.until_refused(&done, "HALTED");
    assert_eq!(bed.marks(), 1);
}

#[test]
fn a_restored_ledger_that_forgot_what_stopped_something_is_noticed_as_well() {
    for stop in ["deny", "changes", "withdrawal", "halt", "ctrl-c", "supersede"] {
        let mut bed = Bed::new();
        let id = bed.propose_mark(&[]);
        let proposed = bed.proposal();
        bed.stop();
        let old = std::fs::read(bed.home().join("ledger.db")).unwrap();
        bed.start();
        let approval = bed.approval(&proposed);
        let count = |bed: &Bed| {
            let mark: serde_json::Value =
                serde_json::from_slice(&std::fs::read(bed.anchor()).unwrap()).unwrap();
            mark["count"].as_u64().unwrap()
        };
        match stop {
            "deny" => bed.deny(&proposed, "no"),
            "changes" => {
                let decision = bed.decision(&proposed, Verdict::RequestChanges);
                bed.send(Kind::Decision, &Bed::sign(decision, proposed.digest, &bed.device));
            }
            "withdrawal" => bed.withdraw(&approval.digest()),
            "halt" => {
                let halt = bed.halt(Scope::All, 1);
                bed.lift(&halt);
            }
            "ctrl-c" => {
                let agent = bed.spawn(&["run", "--key", "k", "--", "true"]);
                bed.proposal();
                agent.signal(Signal::INT);
                assert_eq!(agent.end().0, 85);
            }
            _ => drop(bed.propose_mark(&["--supersedes", &id])),
        }
        until("it to be counted", || (count(&bed) == 1).then_some(()));
        bed.stop();
        restore(&bed, &old);
        bed.send(Kind::Decision, &approval);
        bed.start();
        assert_eq!(bed.json(&["status"])["halts"].as_array().unwrap().len(), 1, "{stop}");
        bed.until_refused(&id, "HALTED");
        assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(91), "{stop}");
        assert_eq!(bed.marks(), 0, "{stop}");
    }
}

#[test]
fn a_restored_ledger_that_counts_as_much_as_its_anchor_is_of_another_life() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    bed.stop();
    let old = std::fs::read(bed.home().join("ledger.db")).unwrap();
    // In the life that begins with this nothing is counted yet, either.
    std::fs::remove_file(bed.anchor()).unwrap();
    bed.start();
    bed.stop();
    restore(&bed, &old);
    bed.approve(&proposed);
    bed.start();
    assert_eq!(bed.json(&["status"])["halts"].as_array().unwrap().len(), 1);
    bed.until_refused(&id, "HALTED");
    assert_eq!(bed.marks(), 0);
}

#[test]
fn a_missing_anchor_and_one_that_is_behind_halt_the_gate() {
    for change in ["missing", "behind"] {
        let mut bed = Bed::new();
        let id = bed.propose_mark(&[]);
        let first = bed.proposal();
        let old = std::fs::read(bed.anchor()).unwrap();
        bed.approve(&first);
        assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
        let id = bed.propose_mark(&[]);
        let open = bed.proposal();
        bed.stop();
        match change {
            "missing" => std::fs::remove_file(bed.anchor()).unwrap(),
            _ => std::fs::write(bed.anchor(), old).unwrap(),
        }
        bed.start();
        assert_eq!(bed.json(&["status"])["halts"].as_array().unwrap().len(), 1);
        assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(91));
        bed.approve(&open);
        bed.until_refused(&id, "HALTED");
        assert_eq!(bed.marks(), 1);
    }
}

#[test]
fn an_anchor_that_changes_while_the_gate_runs_is_noticed_before_the_burn() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    std::fs::remove_file(bed.anchor()).unwrap();
    bed.approve(&proposed);
    bed.until_refused(&id, "LEDGER_INCONSISTENT");
    until("a halt", || bed.messages(Kind::Halt).pop());
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(91));
    assert_eq!(bed.marks(), 0);
}

#[test]
fn a_standing_halt_survives_restarts() {
    let mut bed = Bed::new();
    let halt = bed.halt(Scope::All, 1);
    until("the halt", || (bed.json(&["status"])["halts"].as_array().unwrap().len() == 1).then_some(()));
    bed.kill();
    bed.start();
    let mark = bed.mark();
    let mut arguments = vec!["run", "--"];
    arguments.extend(mark.iter().map(String::as_str));
    let output = bed.cli(&arguments);
    assert_eq!(output.status.code(), Some(87));
    assert!(String::from_utf8_lossy(&output.stderr).contains("HALTED"));
    bed.lift(&halt);
    until("the lift", || bed.json(&["status"])["halts"].as_array().unwrap().is_empty().then_some(()));
    bed.propose_mark(&[]);
}

#[test]
fn a_second_gate_says_who_is_the_first() {
    let bed = Bed::new();
    let output = bed.cli(&["gate"]);
    assert_eq!(output.status.code(), Some(99));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("already running as process "), "{said}");
    // And it did not disturb the first.
    assert!(bed.cli(&["status"]).status.success());
    let again = bed.cli(&["init"]);
    assert_eq!(again.status.code(), Some(99));
}

#[test]
fn a_lock_that_outlives_its_gate_by_a_moment_keeps_no_gate_from_starting() {
    let mut bed = Bed::new();
    bed.stop();
    // As a program holds it that the gate was about to run when it was killed.
    let lock = std::fs::File::options().write(true).open(bed.home().join("lock")).unwrap();
    lock.lock().unwrap();
    let held = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        drop(lock);
    });
    bed.start();
    held.join().unwrap();
}

#[test]
fn a_ledger_of_a_newer_version_is_refused_and_left_as_it_is() {
    let mut bed = Bed::new();
    bed.stop();
    let path = bed.home().join("ledger.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(&path).unwrap();
    let output = bed.cli(&["gate"]);
    assert_eq!(output.status.code(), Some(99));
    assert!(String::from_utf8_lossy(&output.stderr).contains("schema 99"));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn what_others_could_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let mut bed = Bed::new();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for (path, expected) in [
        (bed.home(), 0o700),
        (bed.home().join("key"), 0o600),
        (bed.home().join("gate.json"), 0o600),
        (bed.home().join("ledger.db"), 0o600),
        (bed.home().join("root.json"), 0o600),
        (bed.anchor(), 0o600),
        (bed.socket(), 0o600),
        (bed.socket().parent().unwrap().to_owned(), 0o700),
    ] {
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
    bed.stop();
    std::fs::set_permissions(bed.home().join("key"), PermissionsExt::from_mode(0o644)).unwrap();
    let output = bed.cli(&["gate"]);
    assert_eq!(output.status.code(), Some(99));
    assert!(String::from_utf8_lossy(&output.stderr).contains("chmod 600"));
}

/// A small file system, gone with the value.
pub(crate) struct Small(pub(crate) tempfile::TempDir);

impl Small {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "countersign-test"])
            .arg(folder.path())
            .output();
        let mounted = mounted.expect("this test needs mount(8)");
        assert!(
            mounted.status.success(),
            "this test fills a small file system, and only root can mount one: {mounted:?}"
        );
        Self(folder)
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_said_loses_nothing_and_does_nothing_until_there_is_room() {
    let small = Small::new();
    let mut bed = Bed::in_folder(small.0.path());
    bed.start();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    let waiting = bed.spawn(&["wait", &id]);
    // The approval has its place already; from then on nothing has.
    bed.signal_only(Signal::STOP);
    bed.approve(&proposed);
    let filler = small.0.path().join("filler");
    fill(&filler);
    bed.signal_only(Signal::CONT);
    let trouble = until("the gate to say so", || {
        let status = bed.json(&["status"]);
        status["trouble"].as_str().map(str::to_owned)
    });
    assert!(!trouble.is_empty());
    assert_eq!(bed.marks(), 0);
    // Nor can anything new be proposed.
    let output = bed.cli(&["run", "--no-wait", "--", "true"]);
    assert_eq!(output.status.code(), Some(95), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("STATE_UNAVAILABLE"));
    assert_eq!(bed.json(&["show", &id])["view"]["ending"], serde_json::Value::Null);

    std::fs::remove_file(filler).unwrap();
    let (status, _, err) = waiting.end();
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("STATE_UNAVAILABLE"), "{err}");
    assert_eq!(bed.marks(), 1);
    let receipt = bed.receipt(&proposed.digest);
    assert!(matches!(receipt.outcomes.as_slice(), [Outcome::Done { .. }]));
}

/// Takes all the room there is.
pub(crate) fn fill(path: &std::path::Path) {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).unwrap();
    for size in [65536, 4096, 512, 1] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
}
