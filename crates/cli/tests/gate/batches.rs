//! Batches: each listed entry once, so many of them together, until something voids what remains.

use std::fs::File;
use std::process::{Child, Output, Stdio};

use countersign_core::batch::burns;
use countersign_core::decision::Verdict;
use countersign_core::halt::Scope;
use countersign_core::receipt::{Outcome, Receipt};
use countersign_core::statement::Statement;
use countersign_core::verify::signed;
use countersign_gate::client::Client;
use countersign_sources::spool::Kind;

use crate::bed::{Bed, Proposed, now, until};

/// Each use writes its argument into a file, and waits while there is a file `hold`.
const SCRIPT: &str = "echo $1 >> ran; while test -e hold; do sleep 0.02; done; echo did $1";

impl Bed {
    fn propose_batch(&mut self, entries: &[&str], options: &[&str]) -> (String, Proposed) {
        let lists: Vec<_> = entries.iter().map(|it| vec![*it]).collect();
        std::fs::write(self.work().join("lists.json"), serde_json::to_vec(&lists).unwrap()).unwrap();
        let fixed = ["run", "--no-wait", "--batch", "lists.json"];
        let command = ["--", "/bin/sh", "-c", SCRIPT, "name"];
        let output = self.cli(&[&fixed, options, &command].concat());
        assert_eq!(output.status.code(), Some(98), "{output:?}");
        let id = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        (id, self.proposal())
    }

    fn approved_batch(&mut self, entries: &[&str], options: &[&str]) -> (String, Proposed) {
        let (id, proposed) = self.propose_batch(entries, options);
        self.approve(&proposed);
        assert_eq!(self.cli(&["wait", &id]).status.code(), Some(0));
        (id, proposed)
    }

    fn use_one(&self, id: &str, argument: &str) -> Output {
        self.cli(&using(id, argument))
    }

    /// One that came when others of the same agent have to end first, and was told so.
    fn waits_for_its_turn(&self, id: &str, argument: &str) -> Child {
        let told = self.work().join(format!("told {argument}"));
        let mut command = self.command();
        command.args(using(id, argument)).stdout(Stdio::null()).stderr(File::create(&told).unwrap());
        let child = command.spawn().unwrap();
        let waits = || std::fs::read_to_string(&told).unwrap().contains("other uses have to end first");
        until("it to wait", || waits().then_some(()));
        child
    }

    fn ran(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.work().join("ran")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn receipts_of(&mut self, of: &Proposed, count: usize) -> Vec<Receipt> {
        until("receipts", || {
            let all = self.messages(Kind::Receipt).into_iter().filter_map(|(_, bytes)| {
                let it = signed::<Statement<Receipt>>(&bytes, &self.root, now()).unwrap().into_value();
                (it.subject == of.digest).then_some(it.predicate)
            });
            let mut all: Vec<_> = all.collect();
            all.sort_by_key(|it| it.seq);
            (all.len() >= count).then_some(all)
        })
    }
}

fn using<'a>(id: &'a str, argument: &'a str) -> [&'a str; 8] {
    ["use", id, "--", "/bin/sh", "-c", SCRIPT, "name", argument]
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// The agent takes it back.
fn withdraw(bed: &Bed, id: &str) {
    let withdraw = async { Client::connect(&bed.socket(), None).await?.withdraw(id, None).await };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert!(runtime.block_on(withdraw).unwrap());
}

fn is_refused(receipt: &Receipt, word: &str) -> bool {
    receipt.used.is_none()
        && matches!(receipt.outcomes.as_slice(), [Outcome::Refused { code, .. }] if code.as_str() == word)
}

#[test]
fn entries_are_used_one_by_one_each_once_and_as_many_as_were_approved() {
    let mut bed = Bed::new();
    let (id, proposed) = bed.propose_batch(&["a", "b", "c", "b"], &["--uses", "3"]);
    assert_eq!(code(&bed.use_one(&id, "a")), Some(93), "nobody approved it yet");
    let approval = bed.approve(&proposed);
    assert_eq!(code(&bed.cli(&["wait", &id])), Some(0));
    assert!(bed.ran().is_empty(), "an approved batch does nothing by itself");

    let used = bed.use_one(&id, "b");
    assert_eq!(
        (code(&used), String::from_utf8_lossy(&used.stdout).as_ref()),
        (Some(0), "did b\n"),
        "{used:?}"
    );
    // It is listed twice, and so can be used twice.
    assert_eq!(code(&bed.use_one(&id, "b")), Some(0));
    assert_eq!(code(&bed.use_one(&id, "b")), Some(91), "REPLAY");
    for other in ["d", "a ", ""] {
        assert_eq!(code(&bed.use_one(&id, other)), Some(89), "{other}");
    }
    // As somebody would who kept the approval.
    bed.send(Kind::Decision, &approval);
    bed.kill();
    bed.start();
    assert_eq!(code(&bed.use_one(&id, "b")), Some(91), "also after a restart");
    assert_eq!(bed.json(&["show", &id])["view"]["standing"], "approved");
    assert_eq!(code(&bed.use_one(&id, "c")), Some(0));
    assert_eq!(code(&bed.use_one(&id, "a")), Some(91), "three were approved");
    assert_eq!(bed.ran(), ["b", "b", "c"]);

    let receipts = bed.receipts_of(&proposed, 3);
    let places: Vec<_> = receipts.iter().map(|it| it.used.unwrap()).map(|it| (it.entry, it.number)).collect();
    assert_eq!(places, [(1, 1), (3, 2), (2, 3)]);
    for receipt in &receipts {
        assert_eq!(receipt.decisions, [approval.digest()]);
        assert!(receipt.burned.is_some());
        assert!(matches!(receipt.outcomes.as_slice(), [Outcome::Done { exit: Some(0), .. }]), "{receipt:?}");
    }
    let view = bed.json(&["show", &id])["view"].clone();
    assert_eq!((view["standing"].as_str(), view["ending"].as_str()), (Some("ended"), Some("done")));
    assert_eq!(view["uses"]["used"].as_array().unwrap().len(), 3);
    let late = bed.attempts(&id);
    assert!(late.contains(&"REPLAY".to_owned()) && late.contains(&"ACTION_MISMATCH".to_owned()), "{late:?}");
}

#[test]
fn a_program_of_a_use_returns_its_own_status_and_the_others_remain() {
    let mut bed = Bed::new();
    std::fs::write(bed.work().join("lists.json"), r#"[["exit 3"], ["exit 0"]]"#).unwrap();
    let proposed = bed.cli(&["run", "--no-wait", "--batch", "lists.json", "--", "/bin/sh", "-c"]);
    let id = String::from_utf8(proposed.stdout).unwrap().trim().to_owned();
    let proposed = bed.proposal();
    bed.approve(&proposed);
    assert_eq!(code(&bed.cli(&["wait", &id])), Some(0));
    assert_eq!(code(&bed.cli(&["use", &id, "--", "/bin/sh", "-c", "exit 3"])), Some(3));
    assert_eq!(code(&bed.cli(&["use", &id, "--", "/bin/sh", "-c", "exit 0"])), Some(0));
}

#[test]
fn what_voids_a_batch_between_two_uses_voids_what_remains() {
    for word in ["DENIED", "WITHDRAWN", "SUPERSEDED", "HALTED", "DECISION_EXPIRED"] {
        let mut bed = Bed::new();
        let (id, proposed) = bed
            .approved_batch(&["a", "b"], &["--until", if word == "DECISION_EXPIRED" { "6s" } else { "1h" }]);
        assert_eq!(code(&bed.use_one(&id, "a")), Some(0), "{word}");
        match word {
            "DENIED" => bed.deny(&proposed, "enough"),
            // Before anybody read it.
            "HALTED" => drop(bed.halt(Scope::All, 7)),
            "SUPERSEDED" => drop(bed.propose_mark(&["--supersedes", &id])),
            "WITHDRAWN" => withdraw(&bed, &id),
            _ => until("its end", || (bed.json(&["show", &id])["view"]["standing"] == "ended").then_some(())),
        }
        let refused = code(&bed.use_one(&id, "b"));
        assert!(matches!(refused, Some(84..=87 | 90 | 91)), "{word}: {refused:?}");
        bed.kill();
        bed.start();
        assert_eq!(code(&bed.use_one(&id, "b")), refused, "{word}, after a restart");
        assert_eq!(bed.ran(), ["a"], "{word}");
        let receipts = bed.receipts_of(&proposed, 2);
        assert!(receipts[0].used.is_some() && is_refused(&receipts[1], word), "{word}: {receipts:?}");
    }
}

#[test]
fn an_approval_that_is_taken_back_or_blocked_lets_nothing_more_be_used() {
    let mut bed = Bed::new();
    let (id, proposed) = bed.approved_batch(&["a", "b"], &[]);
    assert_eq!(code(&bed.use_one(&id, "a")), Some(0));
    let changes = bed.decision(&proposed, Verdict::RequestChanges);
    let changes = Bed::sign(changes, proposed.digest, &bed.device);
    bed.send(Kind::Decision, &changes);
    assert_eq!(code(&bed.use_one(&id, "b")), Some(84));
    let approval = bed.approval(&proposed);
    bed.withdraw(&approval.digest());
    until("the withdrawal", || matches!(code(&bed.use_one(&id, "b")), Some(84 | 85 | 93)).then_some(()));
    assert_eq!(bed.ran(), ["a"]);
}

#[test]
fn of_two_who_come_for_one_entry_at_once_one_gets_it() {
    let mut bed = Bed::new();
    let (id, proposed) = bed.approved_batch(&["a", "b", "a"], &["--uses", "2"]);
    std::fs::write(bed.work().join("hold"), "").unwrap();
    // Three at once for two entries that are the same, and two uses.
    let agents: Vec<_> = (0..3).map(|_| bed.spawn(&using(&id, "a"))).collect();
    until("two of them", || (bed.ran().len() == 2).then_some(()));
    std::fs::remove_file(bed.work().join("hold")).unwrap();
    let mut ends: Vec<_> = agents.into_iter().map(|it| it.end().0).collect();
    ends.sort_unstable();
    assert_eq!(ends, [0, 0, 91]);
    assert_eq!(bed.ran(), ["a", "a"]);
    assert_eq!(bed.receipts_of(&proposed, 2).len(), 2);
    assert_eq!(code(&bed.use_one(&id, "b")), Some(91));
}

#[test]
fn a_fifth_use_waits_for_its_turn_and_nothing_of_it_is_burned_before() {
    let mut bed = Bed::new();
    let (id, proposed) = bed.approved_batch(&["a", "b", "c", "d", "e", "f"], &["--uses", "5"]);
    let hold = bed.work().join("hold");
    std::fs::write(&hold, "").unwrap();
    let mut running: Vec<_> = ["a", "b", "c", "d"].map(|it| bed.spawn(&using(&id, it))).into();
    until("four of them", || (bed.ran().len() == 4).then_some(()));

    let mut leaves = bed.waits_for_its_turn(&id, "f");
    let mut waits = bed.waits_for_its_turn(&id, "e");
    // What is wrong with one is said at once.
    assert_eq!(["z", "a"].map(|it| code(&bed.use_one(&id, it))), [Some(89), Some(91)]);
    let pid = rustix::process::Pid::from_child(&leaves);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert!(!until("its end", || leaves.try_wait().unwrap()).success());
    let used = || bed.json(&["show", &id])["view"]["uses"]["used"].as_array().unwrap().len();
    assert_eq!(used(), 4);
    std::fs::remove_file(&hold).unwrap();
    assert!(until("the fifth", || waits.try_wait().unwrap()).success());
    assert!(running.drain(..).all(|it| it.end().0 == 0));
    let mut ran = bed.ran();
    ran.sort_unstable();
    assert_eq!(ran, ["a", "b", "c", "d", "e"], "who left is not used");
    assert_eq!(bed.receipts_of(&proposed, 5).len(), 5);
}

#[test]
fn a_use_that_waits_for_its_turn_is_refused_by_a_denial_that_comes_meanwhile() {
    let mut bed = Bed::new();
    let (id, proposed) = bed.approved_batch(&["a", "b", "c", "d", "e"], &[]);
    let hold = bed.work().join("hold");
    std::fs::write(&hold, "").unwrap();
    let running = ["a", "b", "c", "d"].map(|it| bed.spawn(&using(&id, it)));
    until("four of them", || (bed.ran().len() == 4).then_some(()));
    let mut waits = bed.waits_for_its_turn(&id, "e");
    bed.deny(&proposed, "enough");
    std::fs::remove_file(&hold).unwrap();
    assert!(running.into_iter().all(|it| it.end().0 == 0), "what was begun is carried through");
    assert_eq!(until("its end", || waits.try_wait().unwrap()).code(), Some(84));
    assert_eq!(bed.ran().len(), 4);
}

#[test]
fn killed_in_the_middle_of_a_use_that_use_is_unknown_and_the_others_remain() {
    let mut bed = Bed::new();
    let (id, proposed) = bed.approved_batch(&["a", "b", "a"], &["--uses", "2"]);
    std::fs::write(bed.work().join("hold"), "").unwrap();
    let agent = bed.spawn(&using(&id, "a"));
    until("it to begin", || (bed.ran().len() == 1).then_some(()));
    bed.kill();
    bed.start();
    let (status, _, err) = agent.end();
    assert_eq!(status, 97, "{err}");
    let receipts = bed.receipts_of(&proposed, 1);
    assert!(matches!(receipts[0].outcomes.as_slice(), [Outcome::Unknown { .. }]), "{receipts:?}");
    assert_eq!(receipts[0].used.map(|it| it.entry), Some(0));
    std::fs::remove_file(bed.work().join("hold")).unwrap();
    // What is unknown is not tried again; the same arguments are listed once more.
    assert_eq!(code(&bed.use_one(&id, "a")), Some(0));
    assert_eq!(code(&bed.use_one(&id, "b")), Some(91));
    assert_eq!(bed.ran(), ["a", "a"]);
    assert_eq!(bed.json(&["show", &id])["view"]["ending"], "unknown");
}

#[test]
fn a_burn_of_a_use_that_a_crash_cut_short_counts_as_that_use_and_does_nothing() {
    let mut bed = Bed::new();
    let (id, proposed) = bed.approved_batch(&["a", "b"], &[]);
    bed.stop();
    // As if the gate had ended between advancing its anchor and committing the burn of the second entry.
    let burn = burns(&proposed.proposal.nonce, 1);
    let ledger = rusqlite::Connection::open(bed.home().join("ledger.db")).unwrap();
    ledger.execute("UPDATE meta SET intent = ?1", [burn.as_bytes()]).unwrap();
    drop(ledger);
    let mark: serde_json::Value = serde_json::from_slice(&std::fs::read(bed.anchor()).unwrap()).unwrap();
    let count = mark["count"].as_u64().unwrap() + 1;
    let ahead = serde_json::json!({ "epoch": mark["epoch"], "count": count, "last": burn });
    std::fs::write(bed.anchor(), ahead.to_string()).unwrap();
    bed.start();
    let receipts = bed.receipts_of(&proposed, 1);
    assert_eq!(receipts[0].used.map(|it| (it.entry, it.number)), Some((1, 1)));
    let cut = matches!(receipts[0].outcomes.as_slice(), [Outcome::Refused { code, .. }] if code.as_str() == "STATE_UNAVAILABLE");
    assert!(cut, "{receipts:?}");
    assert_eq!(code(&bed.use_one(&id, "b")), Some(91));
    assert_eq!(code(&bed.use_one(&id, "a")), Some(0), "it is no reason to halt");
    assert_eq!(bed.ran(), ["a"]);
}

#[test]
fn a_restored_ledger_that_forgot_a_use_lets_nothing_be_used() {
    let mut bed = Bed::new();
    let (id, _) = bed.approved_batch(&["a", "b"], &[]);
    bed.stop();
    let old = std::fs::read(bed.home().join("ledger.db")).unwrap();
    bed.start();
    assert_eq!(code(&bed.use_one(&id, "a")), Some(0));
    bed.stop();
    for name in ["ledger.db-wal", "ledger.db-shm"] {
        let _ = std::fs::remove_file(bed.home().join(name));
    }
    std::fs::write(bed.home().join("ledger.db"), old).unwrap();
    bed.start();
    let ends = [bed.use_one(&id, "a"), bed.use_one(&id, "b")].map(|it| code(&it));
    assert!(ends.iter().all(|it| matches!(it, Some(87 | 91))), "{ends:?}");
    assert_eq!(bed.ran(), ["a"]);
}

#[test]
fn preconditions_hold_for_each_use() {
    let mut bed = Bed::new();
    let script = bed.work().join("tool");
    let write = |text: &str| {
        std::fs::write(&script, text).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&script, mode).unwrap();
    };
    write("#!/bin/sh\necho $1 >> ran\n");
    std::fs::write(bed.work().join("lists.json"), r#"[["a"], ["b"]]"#).unwrap();
    let tool = script.to_str().unwrap().to_owned();
    let output = bed.cli(&["run", "--no-wait", "--batch", "lists.json", "--", &tool]);
    let id = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let proposed = bed.proposal();
    bed.approve(&proposed);
    assert_eq!(code(&bed.cli(&["wait", &id])), Some(0));
    assert_eq!(code(&bed.cli(&["use", &id, "--", &tool, "a"])), Some(0));
    write("#!/bin/sh\necho other >> ran\n");
    assert_eq!(code(&bed.cli(&["use", &id, "--", &tool, "b"])), Some(94));
    // Nothing was burned by it: as it was, it can be used.
    write("#!/bin/sh\necho $1 >> ran\n");
    assert_eq!(code(&bed.cli(&["use", &id, "--", &tool, "b"])), Some(0));
    assert_eq!(bed.ran(), ["a", "b"]);
}

#[test]
fn another_agent_cannot_use_it() {
    let mut bed = Bed::new();
    let (id, _) = bed.approved_batch(&["a"], &[]);
    let token = String::from_utf8(bed.cli(&["token", "add", "other"]).stdout).unwrap().trim().to_owned();
    let output = crate::bed::run(bed.command().args(using(&id, "a")).env("COUNTERSIGN_TOKEN", &token));
    // To another agent it does not even exist.
    assert_eq!(code(&output), Some(99), "{output:?}");
    assert!(bed.ran().is_empty());
    assert_eq!(code(&bed.use_one(&id, "a")), Some(0));
}

#[test]
fn what_is_no_batch_is_not_proposed_as_one() {
    let mut bed = Bed::new();
    for (lists, options, says) in [
        ("[]", &[][..], "1 to 100 lists"),
        (r#"[["a"]]"#, &["--uses", "2"], "at most as often as it has entries"),
        (r#"[["a"]]"#, &["--uses", "0"], "at least once"),
        (r#"[["a"]]"#, &["--until", "25h"], "no longer than its proposal stands"),
    ] {
        std::fs::write(bed.work().join("lists.json"), lists).unwrap();
        let fixed = ["run", "--no-wait", "--batch", "lists.json"];
        let output = bed.cli(&[&fixed[..], options, &["--", "/bin/true"]].concat());
        assert_eq!(code(&output), Some(99), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(says), "{output:?}");
    }
    // And what is none cannot be used.
    let id = bed.propose_mark(&[]);
    let mark = bed.proposal();
    let output = bed.use_one(&id, "a");
    assert!(String::from_utf8_lossy(&output.stderr).contains("it is no batch"), "{output:?}");
    bed.deny(&mark, "no");
}
