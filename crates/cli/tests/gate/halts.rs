//! A halt at each moment of a proposal's life: from it on nothing more is begun, and a restart forgets nothing.

use countersign_core::decision::Verdict;
use countersign_core::envelope::Envelope;
use countersign_core::halt::Scope;
use countersign_core::proposal::Authenticated;
use countersign_core::receipt::Outcome;
use countersign_core::refusal::Code;
use countersign_core::root::{self, Holder};
use countersign_sources::spool::Kind;
use rustix::process::Signal;

use crate::bed::{Bed, now, until};

fn halts(bed: &Bed) -> usize {
    bed.json(&["status"])["halts"].as_array().unwrap().len()
}

/// Waits until nothing lies unread in the gate's box.
fn until_read(bed: &Bed) {
    until("the box to be read", || {
        (std::fs::read_dir(bed.gate_box().join("new")).unwrap().count() == 0).then_some(())
    });
}

#[test]
fn while_it_waits_for_a_person() {
    let mut bed = Bed::new();
    let agent = bed.spawn(&["run", "--", "/bin/sh", "-c", &bed.mark()[2].clone()]);
    let proposed = bed.proposal();
    let halt = bed.halt(Scope::All, 1);
    let (status, _, err) = agent.end();
    assert_eq!(status, 87, "{err}");
    assert!(err.contains("HALTED"), "{err}");
    assert_eq!(bed.refused(&proposed.digest), "HALTED");
    // An approval that comes all the same, during the halt and after it, is refused.
    bed.approve(&proposed);
    bed.until_refused(proposed.proposal.id.as_str(), "HALTED");
    bed.lift(&halt);
    until("the lift", || (halts(&bed) == 0).then_some(()));
    let mut decision = bed.decision(&proposed, Verdict::Approve);
    decision.sequence = 2;
    bed.send(Kind::Decision, &Bed::sign(decision, proposed.digest, &bed.person));
    until("a second refusal", || {
        (bed.attempts(proposed.proposal.id.as_str()).iter().filter(|it| *it == "HALTED").count() > 1)
            .then_some(())
    });
    assert_eq!(bed.marks(), 0);
}

#[test]
fn when_it_was_approved_and_both_lie_in_the_box() {
    for down in [false, true] {
        let mut bed = Bed::new();
        let id = bed.propose_mark(&[]);
        let proposed = bed.proposal();
        if down {
            bed.stop();
        } else {
            bed.signal_only(Signal::STOP);
        }
        bed.approve(&proposed);
        bed.halt(Scope::Gate { gate: "home".parse().unwrap() }, 1);
        if down {
            bed.start();
        } else {
            bed.signal_only(Signal::CONT);
        }
        assert_eq!(bed.refused(&proposed.digest), "HALTED");
        assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(87));
        assert_eq!(bed.marks(), 0);
    }
}

#[test]
fn when_it_was_begun_before_the_gate_was_killed() {
    // What was begun stays unknown: a halt neither ends nor repeats it.
    let mut bed = Bed::new();
    let script = format!("{}; sleep 1000", bed.mark()[2]);
    let _agent = bed.spawn(&["run", "--no-wait", "--", "/bin/sh", "-c", &script]);
    let proposed = bed.proposal();
    bed.stop();
    bed.approve(&proposed);
    // It runs, is killed, and is not begun again; a halt in the box changes nothing about that.
    bed.start();
    until("it to begin", || (bed.marks() == 1).then_some(()));
    bed.kill();
    bed.halt(Scope::All, 1);
    bed.start();
    let receipt = bed.receipt(&proposed.digest);
    assert!(matches!(receipt.outcomes.as_slice(), [Outcome::Unknown { .. }]), "{receipt:?}");
    assert_eq!((halts(&bed), bed.marks()), (1, 1));
}

/// A list of `count` files to write.
fn many(bed: &Bed, count: usize) -> std::path::PathBuf {
    let operation = |at: usize| {
        let path = bed.work().join(format!("file-{at}"));
        serde_json::json!({ "write": { "path": path, "content": "new\n" } })
    };
    let list: Vec<_> = (0..count).map(operation).collect();
    let path = bed.base.join("operations.json");
    std::fs::write(&path, serde_json::to_vec(&list).unwrap()).unwrap();
    path
}

#[test]
fn between_the_actions_of_one_proposal() {
    const COUNT: usize = 100;
    let mut bed = Bed::new();
    let list = many(&bed, COUNT);
    let agent = bed.spawn(&["apply", list.to_str().unwrap()]);
    let proposed = bed.proposal();
    bed.approve(&proposed);
    // What is prepared beside them has other names.
    let written = |bed: &Bed| {
        let files = std::fs::read_dir(bed.work()).unwrap().map(|it| it.unwrap().file_name());
        files.filter(|name| name.to_str().unwrap().starts_with("file-")).count()
    };
    until("the first to be done", || (written(&bed) > 0).then_some(()));
    // While it stands still, the halt comes; the next action is not begun.
    bed.signal_only(Signal::STOP);
    bed.halt(Scope::All, 1);
    bed.signal_only(Signal::CONT);
    let (status, _, err) = agent.end();
    assert_ne!(status, 0, "{err}");
    let receipt = bed.receipt(&proposed.digest);
    assert!(receipt.burned.is_some());
    let done = receipt.outcomes.iter().take_while(|it| matches!(it, Outcome::Done { .. })).count();
    assert!(0 < done && done < COUNT, "{done}");
    let halted = |it: &Outcome| matches!(it, Outcome::Refused { code: Code::Halted, .. });
    assert!(receipt.outcomes[done..].iter().all(halted), "{:?}", &receipt.outcomes[done..]);
    assert_eq!(written(&bed), done);
}

#[test]
fn a_program_that_runs_already_is_not_killed_and_its_end_is_written_down() {
    let mut bed = Bed::new();
    let go = bed.work().join("go");
    let script = format!("{}; while ! test -e {}; do sleep 0.02; done", bed.mark()[2], go.display());
    let agent = bed.spawn(&["run", "--", "/bin/sh", "-c", &script]);
    let proposed = bed.proposal();
    bed.approve(&proposed);
    until("it to begin", || (bed.marks() == 1).then_some(()));
    bed.halt(Scope::All, 1);
    until("the halt", || (halts(&bed) == 1).then_some(()));
    std::fs::write(go, "").unwrap();
    let (status, _, err) = agent.end();
    assert_eq!(status, 0, "{err}");
    let receipt = bed.receipt(&proposed.digest);
    assert!(matches!(receipt.outcomes.as_slice(), [Outcome::Done { .. }]), "{receipt:?}");
}

#[test]
fn while_a_hook_waits_for_its_release() {
    let mut bed = Bed::new();
    let file = bed.base.join("request.json");
    let path = bed.work().join("file");
    let content = countersign_core::content::Content::inline("text/plain", b"after\n".to_vec());
    let request = countersign_gate::request::Request::new(countersign_gate::request::Want::Release(vec![
        countersign_core::action::Action {
            target: path.to_str().unwrap().into(),
            environment: "this machine".parse().unwrap(),
            reversibility: countersign_core::action::Reversibility::Effort,
            preconditions: vec![],
            act: countersign_core::action::Act::Change(countersign_core::action::Change {
                resource: path.to_str().unwrap().into(),
                before: None,
                after: Some(content),
                mode_before: None,
                mode_after: None,
            }),
        },
    ]));
    std::fs::write(&file, serde_json::to_vec(&request).unwrap()).unwrap();
    let agent = bed.spawn(&["propose", file.to_str().unwrap()]);
    let proposed = bed.proposal();
    // The approval and the halt are read in one go: the halt wins over the claim that waits.
    bed.signal_only(Signal::STOP);
    bed.approve(&proposed);
    bed.halt(Scope::All, 1);
    bed.signal_only(Signal::CONT);
    let (status, _, err) = agent.end();
    assert_eq!(status, 87, "{err}");
    assert_eq!(bed.refused(&proposed.digest), "HALTED");
}

#[test]
fn a_gate_that_is_killed_around_the_moment_in_which_it_takes_a_halt_is_halted_when_it_starts() {
    for round in 0..6u8 {
        let mut bed = Bed::new();
        let id = bed.propose_mark(&[]);
        let proposed = bed.proposal();
        bed.halt(Scope::All, round + 1);
        // Killed at once, or as soon as the message has left the box.
        if round % 2 == 1 {
            until_read(&bed);
        } else {
            std::thread::sleep(std::time::Duration::from_millis(u64::from(round) * 4));
        }
        bed.kill();
        bed.approve(&proposed);
        bed.start();
        assert_eq!(bed.refused(&proposed.digest), "HALTED");
        assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(87));
        assert_eq!((halts(&bed), bed.marks()), (1, 0));
        let again = bed.cli(&["run", "--", "true"]);
        assert_eq!(again.status.code(), Some(87), "{again:?}");
    }
}

#[test]
fn a_halt_stands_also_when_the_key_that_signed_it_is_revoked_later() {
    let mut bed = Bed::new();
    let halt = bed.halt(Scope::All, 1);
    until("the halt", || (halts(&bed) == 1).then_some(()));
    let mut newer = bed.root.root().clone();
    newer.version = 2;
    for entry in &mut newer.entries {
        if matches!(entry.holder, Holder::Device { .. }) {
            entry.revoked_at = Some(now());
        }
    }
    let newer = Envelope::sign(root::TYPE, newer.to_payload().unwrap(), &bed.administrator);
    bed.send(Kind::Root, &newer);
    until("the newer root", || (bed.json(&["status"])["root_version"] == 2).then_some(()));
    assert_eq!(halts(&bed), 1);
    bed.kill();
    bed.start();
    assert_eq!(halts(&bed), 1);
    assert_eq!(bed.cli(&["run", "--", "true"]).status.code(), Some(87));
    // The same key halts nothing any more, and the person still lifts what it halted.
    let late = bed.halt(Scope::All, 2);
    let name = format!("halt.{late}.json");
    assert!(until("a reason", || bed.bad().remove(&name)).starts_with("KEY_REVOKED"));
    bed.lift(&halt);
    until("the lift", || (halts(&bed) == 0).then_some(()));
    bed.propose_mark(&[]);
}

#[test]
fn each_halt_takes_a_lift_of_its_own_and_nobody_else_lifts_it() {
    let mut bed = Bed::new();
    let envelope = bed.signed_halt(Scope::All, 1);
    let first = envelope.digest();
    bed.send(Kind::Halt, &envelope);
    bed.halt(Scope::All, 2);
    until("both halts", || (halts(&bed) == 2).then_some(()));
    // Sent again, it is the same halt.
    bed.send(Kind::Halt, &envelope);
    until_read(&bed);
    assert_eq!(halts(&bed), 2);
    let by_device = countersign_core::halt::Lift {
        halt: first,
        reviewer: "ada".parse().unwrap(),
        at: now(),
        reason: None,
    };
    let bytes = countersign_core::json::to_bytes(&by_device);
    for key in [&bed.device, &bed.stranger] {
        let lift = Envelope::sign(countersign_core::halt::LIFT, bytes.clone(), key);
        bed.send(Kind::Lift, &lift);
        let name = format!("lift.{}.json", lift.digest());
        until("a reason", || bed.bad().remove(&name));
        // The payload is the same each time, so what was put away is cleared for the next.
        let bad = bed.gate_box().join("bad");
        until("it to be put away", || std::fs::remove_file(bad.join(&name)).ok());
        let _ = std::fs::remove_file(bad.join(format!("{name}.why")));
    }
    assert_eq!(halts(&bed), 2);
    bed.lift(&first);
    until("one lift", || (halts(&bed) == 1).then_some(()));
    assert_eq!(bed.cli(&["run", "--", "true"]).status.code(), Some(87));
    assert!(bed.messages(Kind::Proposal).is_empty());
}

#[test]
fn a_halt_of_what_the_gate_does_not_tell_apart_covers_only_its_own_scope() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    let other = Scope::Agent {
        gate: "other".parse().unwrap(),
        authenticated: proposed.proposal.agent.authenticated.clone(),
    };
    bed.halt(other, 1);
    until_read(&bed);
    bed.approve(&proposed);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn a_halt_goes_to_every_device_that_does_not_know_it_until_it_is_lifted() {
    let mut bed = Bed::new();
    let halt = bed.halt(Scope::All, 1);
    // What stops nothing here goes to nobody.
    let other = Scope::Agent { gate: "other".parse().unwrap(), authenticated: Authenticated::Uid(1) };
    bed.halt(other, 2);
    until_read(&bed);
    let outbox = |bed: &Bed| bed.json(&["status"])["outbox"].as_u64().unwrap();
    let sent = |bed: &Bed| {
        let new = bed.gate_box().join("../../reviewer/new");
        until("the halt", || new.join(format!("halt.{halt}.json")).exists().then_some(()));
    };
    // Twice its memory is gone.
    for epoch in [5, 6] {
        bed.acknowledge(epoch, vec![]);
        sent(&bed);
        assert_eq!(bed.messages(Kind::Halt).iter().map(|it| it.0).collect::<Vec<_>>(), [halt]);
        bed.acknowledge(epoch, vec![halt]);
        until("an empty outbox", || (outbox(&bed) == 0).then_some(()));
    }
    bed.acknowledge(7, vec![]);
    sent(&bed);
    bed.lift(&halt);
    until("an empty outbox", || (outbox(&bed) == 0).then_some(()));
}

#[test]
fn a_halt_that_comes_again_after_its_lift_makes_nothing_void() {
    let mut bed = Bed::new();
    let halt = bed.signed_halt(Scope::All, 1);
    bed.send(Kind::Halt, &halt);
    until("the halt", || (halts(&bed) == 1).then_some(()));
    bed.lift(&halt.digest());
    until("the lift", || (halts(&bed) == 0).then_some(()));
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    bed.send(Kind::Halt, &halt);
    until_read(&bed);
    bed.approve(&proposed);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
}
