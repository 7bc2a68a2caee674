//! The whole loop: proposed, approved, done once, receipt.

use std::time::Instant;

use countersign_core::action::{Act, Environment};
use countersign_core::decision::Verdict;
use countersign_core::receipt::Outcome;
use countersign_sources::spool::{Kind, Writer};
use rustix::process::Signal;

use crate::bed::{Bed, PATIENCE, until};

#[test]
fn what_is_approved_runs_once_and_its_output_and_status_come_back() {
    let mut bed = Bed::new();
    let script = format!("echo ran >> {}; echo out; echo err >&2; exit 7", bed.work().join("ran").display());
    let agent = bed.spawn(&["run", "--because", "to see it", "--", "/bin/sh", "-c", &script]);
    let proposed = bed.proposal();
    assert_eq!(bed.marks(), 0);
    let Act::Run(run) = &proposed.proposal.actions[0].act else { panic!() };
    assert_eq!(run.argv.len(), 3);
    bed.approve(&proposed);
    let (status, out, err) = agent.end();
    assert_eq!((status, out.as_str()), (7, "out\n"), "{err}");
    assert!(err.contains("err\n"), "{err}");
    assert_eq!(bed.marks(), 1);

    let receipt = bed.receipt(&proposed.digest);
    let [Outcome::Done { exit: Some(7), results, .. }] = receipt.outcomes.as_slice() else {
        panic!("{receipt:?}")
    };
    let named: Vec<_> =
        results.iter().map(|(name, it)| (name.as_str(), it.inline_bytes().unwrap())).collect();
    assert_eq!(named, [("stdout", &b"out\n"[..]), ("stderr", &b"err\n"[..])]);
    assert_eq!(receipt.seq, proposed.proposal.seq + 1);
    assert_eq!(receipt.decisions.len(), 1);

    // A later wait says the same again, and nothing is done again.
    let again = bed.spawn(&["wait", proposed.proposal.id.as_str()]).end();
    assert_eq!((again.0, again.1.as_str()), (7, "out\n"));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn nothing_of_the_callers_environment_reaches_the_program() {
    let mut bed = Bed::new();
    let mut command = bed.command();
    command.env("SMUGGLED", "yes").env("LD_PRELOAD", "/nowhere/evil.so");
    command.args(["run", "--env", "ADDED=a b", "--", "env"]);
    let agent = crate::bed::Agent::of(&mut command);
    let proposed = bed.proposal();
    let Act::Run(run) = &proposed.proposal.actions[0].act else { panic!() };
    let Environment::Complete(signed) = &run.environment else { panic!() };
    bed.approve(&proposed);
    let (status, out, err) = agent.end();
    assert_eq!(status, 0, "{err}");
    let mut printed: Vec<&str> = out.lines().collect();
    printed.sort_unstable();
    let mut expected: Vec<String> = signed
        .iter()
        .map(|it| format!("{}={}", it.name.as_str().unwrap(), it.value.as_str().unwrap()))
        .collect();
    expected.sort_unstable();
    assert_eq!(printed, expected);
    assert!(out.contains("ADDED=a b") && !out.contains("SMUGGLED") && !out.contains("LD_PRELOAD"));
}

#[test]
fn a_script_runs_from_the_signed_bytes_in_its_folder_and_reads_its_stdin() {
    let mut bed = Bed::new();
    let script = bed.work().join("tool");
    std::fs::write(&script, "#!/bin/sh -e\npwd\ncat\necho \"$@\"\n").unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = bed.command();
    command.args(["run", "--stdin", "--", "./tool", "a b", "c"]);
    let input = bed.base.join("input");
    std::fs::write(&input, "from stdin\n").unwrap();
    command.stdin(std::fs::File::open(&input).unwrap());
    let agent = crate::bed::Agent::of(&mut command);
    let proposed = bed.proposal();
    let Act::Run(run) = &proposed.proposal.actions[0].act else { panic!() };
    assert!(run.executable.path.as_str().unwrap().contains("sh"));
    assert_eq!(
        run.script.as_ref().unwrap().content.sha256(),
        &countersign_core::digest::Digest::of(&std::fs::read(&script).unwrap())
    );
    bed.approve(&proposed);
    let (status, out, err) = agent.end();
    assert_eq!(status, 0, "{err}");
    assert_eq!(out, format!("{}\nfrom stdin\na b c\n", bed.work().display()));
}

#[test]
fn a_program_that_a_signal_ends_is_128_and_the_signal() {
    let mut bed = Bed::new();
    let agent = bed.spawn(&["run", "--", "/bin/sh", "-c", "kill -9 $$"]);
    let proposed = bed.proposal();
    bed.approve(&proposed);
    assert_eq!(agent.end().0, 137);
}

#[test]
fn long_output_is_kept_up_to_a_limit_and_the_rest_is_counted() {
    let mut bed = Bed::new();
    let size = 17 * 1024 * 1024;
    let agent = bed.spawn(&["run", "--", "head", "-c", &size.to_string(), "/dev/zero"]);
    let proposed = bed.proposal();
    bed.approve(&proposed);
    let (status, out, err) = agent.end();
    assert_eq!((status, out.len()), (0, 16 * 1024 * 1024), "{err}");
    let receipt = bed.receipt(&proposed.digest);
    let [Outcome::Done { results, .. }] = receipt.outcomes.as_slice() else { panic!() };
    let (_, note) = results.iter().find(|(name, _)| name.as_str() == "stdout, not kept").unwrap();
    let note = String::from_utf8(note.inline_bytes().unwrap().to_vec()).unwrap();
    assert!(note.starts_with("1048576 more bytes"), "{note}");
    let (_, kept) = results.iter().find(|(name, _)| name.as_str() == "stdout").unwrap();
    assert_eq!(kept.size(), 16 * 1024 * 1024);
    assert!(bed.blob(kept.sha256()).is_some());
}

#[test]
fn an_id_is_enough_to_wait_later_and_across_restarts() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    bed.stop();
    // Signed while the gate is down.
    bed.approve(&proposed);
    let waiting = bed.spawn(&["wait", &id]);
    bed.start();
    let (status, _, err) = waiting.end();
    assert_eq!(status, 0, "{err}");
    assert_eq!(bed.marks(), 1);
    bed.kill();
    bed.start();
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn ctrl_c_withdraws() {
    let mut bed = Bed::new();
    let mark = bed.mark();
    let mut arguments = vec!["run", "--"];
    arguments.extend(mark.iter().map(String::as_str));
    let agent = bed.spawn(&arguments);
    let proposed = bed.proposal();
    agent.signal(Signal::INT);
    let (status, _, err) = agent.end();
    assert_eq!(status, 85, "{err}");
    assert!(err.contains("withdrawn; nothing was done"), "{err}");
    assert_eq!(bed.refused(&proposed.digest), "WITHDRAWN");
    assert_eq!(bed.messages(Kind::Withdrawal).len(), 1);
    // An approval that comes after is refused, and does nothing.
    bed.approve(&proposed);
    bed.until_refused(proposed.proposal.id.as_str(), "WITHDRAWN");
    assert_eq!(bed.marks(), 0);
}

#[test]
fn a_request_for_changes_ends_the_waiting_and_blocks_until_it_is_superseded() {
    let mut bed = Bed::new();
    let mark = bed.mark();
    let mut arguments = vec!["run", "--"];
    arguments.extend(mark.iter().map(String::as_str));
    let agent = bed.spawn(&arguments);
    let proposed = bed.proposal();
    let mut decision = bed.decision(&proposed, Verdict::RequestChanges);
    decision.comment = Some("use a branch\u{1b}[31m".to_owned());
    bed.send(Kind::Decision, &Bed::sign(decision, proposed.digest, &bed.device));
    let (status, _, err) = agent.end();
    assert_eq!(status, 83, "{err}");
    assert!(err.contains(r"ada requested changes: use a branch\u{1b}[31m"), "{err}");
    bed.approve(&proposed);
    bed.until_refused(proposed.proposal.id.as_str(), "DENIED");

    let second = bed.propose_mark(&["--supersedes", proposed.proposal.id.as_str()]);
    assert_eq!(bed.refused(&proposed.digest), "SUPERSEDED");
    let proposed = bed.proposal();
    assert_eq!(proposed.proposal.id.as_str(), second);
    assert!(proposed.proposal.supersedes.is_some());
    bed.approve(&proposed);
    assert_eq!(bed.cli(&["wait", &second]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn a_person_may_change_their_mind_before_it_is_too_late() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    let approval = bed.approval(&proposed);
    // The withdrawal comes before what it names.
    bed.withdraw(&approval.digest());
    bed.send(Kind::Decision, &approval);
    bed.until_refused(&id, "WITHDRAWN");
    assert_eq!(bed.marks(), 0);
    let mut decision = bed.decision(&proposed, Verdict::Approve);
    decision.sequence = 2;
    bed.send(Kind::Decision, &Bed::sign(decision, proposed.digest, &bed.person));
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn everything_is_sent_again_until_it_is_acknowledged_and_after_the_other_side_forgot() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    let approval = bed.approve(&proposed);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    until("the decision's acknowledgement", || bed.acknowledged(&approval.digest()).then_some(()));
    let receipt = until("a receipt", || bed.messages(Kind::Receipt).pop()).0;
    let outbox = |bed: &Bed| bed.json(&["status"])["outbox"].as_u64().unwrap();
    bed.acknowledge(5, vec![proposed.digest, receipt]);
    until("an empty outbox", || (outbox(&bed) == 0).then_some(()));
    // A new epoch of the device: its memory is gone.
    bed.acknowledge(6, vec![]);
    until("the receipt to be sent again", || {
        let new = bed.gate_box().join("../../reviewer/new");
        new.join(format!("receipt.{receipt}.json")).exists().then_some(())
    });
    bed.acknowledge(6, vec![receipt]);
    until("an empty outbox", || (outbox(&bed) == 0).then_some(()));
}

#[test]
fn a_gate_that_reads_its_box_can_be_asked() {
    let mut bed = Bed::new();
    for _ in 0..10 {
        bed.stop();
        let letters = Writer::open(&bed.gate_box()).unwrap();
        bed.begin();
        let begun = Instant::now();
        while !letters.reader_alive() {
            assert!(begun.elapsed() < PATIENCE, "{}", bed.log());
        }
        std::os::unix::net::UnixStream::connect(bed.socket()).unwrap();
    }
}
