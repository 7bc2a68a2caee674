//! Each refusal has its code, and nothing happens: a marker file proves it.

use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::halt::Scope;
use countersign_core::json;
use countersign_core::receipt::Outcome;
use countersign_core::root::{Entry, Holder};
use countersign_core::time::Timestamp;
use countersign_sources::spool::Kind;

use crate::amendments::amend;
use crate::bed::{Bed, Proposed, until};

/// Proposes the marking command and takes the proposal.
fn proposed(bed: &mut Bed, options: &[&str]) -> (String, Proposed) {
    let id = bed.propose_mark(options);
    let proposed = bed.proposal();
    assert_eq!(proposed.proposal.id.as_str(), id);
    (id, proposed)
}

/// The message is refused with `code`, the reason is beside it, and the proposal still waits.
fn refused_and_open(bed: &Bed, id: &str, kind: Kind, digest: &Digest, code: &str) {
    bed.until_refused(id, code);
    let name = format!("{kind}.{digest}.json");
    let why = until("a reason", || bed.bad().remove(&name));
    assert!(why.starts_with(code), "{why}");
    // The reason is there before the message is moved; another of the same name would be moved with it.
    until("it to be put away", || (!bed.gate_box().join("new").join(&name).exists()).then_some(()));
    assert_eq!(bed.json(&["show", id])["view"]["standing"], "waiting");
    assert_eq!(bed.marks(), 0);
}

#[test]
fn a_byte_changed_after_signing() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    let mut approval = bed.approval(&proposed);
    let at = approval.payload.windows(8).position(|it| it == b"sequence").unwrap() + 10;
    approval.payload[at] ^= 1;
    bed.send(Kind::Decision, &approval);
    refused_and_open(&bed, &id, Kind::Decision, &approval.digest(), "SIGNATURE_INVALID");

    // A forged one does not keep a good one from counting, nor is it acknowledged.
    let approval = bed.approve(&proposed);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    until("an acknowledgement", || bed.acknowledged(&approval.digest()).then_some(()));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn a_changed_signature_over_the_same_bytes_is_not_acknowledged() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    let good = bed.approval(&proposed);
    let mut forged = good.clone();
    forged.signatures[0].bytes[3] ^= 1;
    bed.send(Kind::Decision, &forged);
    refused_and_open(&bed, &id, Kind::Decision, &forged.digest(), "SIGNATURE_INVALID");
    assert!(!bed.acknowledged(&good.digest()));
    bed.send(Kind::Decision, &good);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
}

#[test]
fn the_same_approval_again_also_after_a_restart() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    let approval = bed.approve(&proposed);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    bed.send(Kind::Decision, &approval);
    bed.until_refused(&id, "REPLAY");
    bed.stop();
    bed.send(Kind::Decision, &approval);
    bed.start();
    let name = format!("decision.{}.json", approval.digest());
    until("it to be put away", || {
        let new = bed.gate_box().join("new").join(&name);
        (!new.exists()).then_some(())
    });
    // Another one by the same person, for the same nonce.
    let mut decision = bed.decision(&proposed, Verdict::Approve);
    decision.sequence = 2;
    let second = Bed::sign(decision, proposed.digest, &bed.person);
    bed.send(Kind::Decision, &second);
    let why = until("a reason", || bed.bad().remove(&format!("decision.{}.json", second.digest())));
    assert!(why.starts_with("REPLAY"), "{why}");
    assert_eq!(bed.marks(), 1);
}

#[test]
fn the_ledger_alone_was_restored_from_an_old_copy() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    bed.stop();
    let old = std::fs::read(bed.home().join("ledger.db")).unwrap();
    bed.start();
    let approval = bed.approve(&proposed);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
    bed.stop();
    for name in ["ledger.db-wal", "ledger.db-shm"] {
        let _ = std::fs::remove_file(bed.home().join(name));
    }
    std::fs::write(bed.home().join("ledger.db"), old).unwrap();
    bed.send(Kind::Decision, &approval);
    bed.start();

    // The nonce is of a life that is gone, and the gate has halted itself.
    let halt = until("a halt", || bed.messages(Kind::Halt).pop()).0;
    let why = until("a reason", || bed.bad().remove(&format!("decision.{}.json", approval.digest())));
    assert!(why.starts_with("HALTED"), "{why}");
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(91));
    let mark = bed.mark();
    let mut arguments = vec!["run", "--"];
    arguments.extend(mark.iter().map(String::as_str));
    assert_eq!(bed.cli(&arguments).status.code(), Some(87));

    bed.lift(&halt);
    until("the lift", || bed.json(&["status"])["halts"].as_array().unwrap().is_empty().then_some(()));
    bed.send(Kind::Decision, &approval);
    bed.until_refused(&id, "NONCE_UNKNOWN");
    assert_eq!(bed.marks(), 1);

    // After the lift it is a gate like any other.
    let id = bed.propose_mark(&[]);
    let again = bed.proposal();
    assert_ne!(again.proposal.epoch, proposed.proposal.epoch);
    bed.approve(&again);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 2);
}

#[test]
fn a_decision_for_another_gate() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    let mut decision = bed.decision(&proposed, Verdict::Approve);
    decision.gate = "production".parse().unwrap();
    let approval = Bed::sign(decision, proposed.digest, &bed.person);
    bed.send(Kind::Decision, &approval);
    refused_and_open(&bed, &id, Kind::Decision, &approval.digest(), "WRONG_GATE");
}

#[test]
fn it_expired() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &["--expires", "1s"]);
    assert_eq!(bed.refused(&proposed.digest), "DECISION_EXPIRED");
    bed.approve(&proposed);
    bed.until_refused(&id, "DECISION_EXPIRED");
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(90));
    assert_eq!(bed.marks(), 0);
}

#[test]
fn it_was_denied_also_after_ones_own_approval() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    let waiting = bed.spawn(&["wait", &id]);
    bed.stop();
    // Both are in the box when the gate comes back: the denial is read first.
    let approval = bed.approve(&proposed);
    bed.deny(&proposed, "not today");
    bed.start();
    let (status, _, err) = waiting.end();
    assert_eq!(status, 84, "{err}");
    assert!(err.contains("ada wrote: not today"), "{err}");
    assert_eq!(bed.refused(&proposed.digest), "DENIED");
    bed.until_refused(&id, "DENIED");
    assert!(bed.bad().contains_key(&format!("decision.{}.json", approval.digest())));
    assert_eq!(bed.marks(), 0);
}

#[test]
fn a_denial_that_comes_too_late_is_recorded_as_that() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    bed.approve(&proposed);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    bed.deny(&proposed, "stop");
    until("it to be recorded", || {
        let late = bed.json(&["show", &id])["view"]["late"].as_array().map_or(0, Vec::len);
        (late == 1).then_some(())
    });
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn a_signer_that_the_root_does_not_know_waits_for_a_newer_root() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    let mut decision = bed.decision(&proposed, Verdict::Approve);
    decision.reviewer = "bob".parse().unwrap();
    let approval = Bed::sign(decision, proposed.digest, &bed.stranger);
    bed.send(Kind::Decision, &approval);
    refused_and_open(&bed, &id, Kind::Decision, &approval.digest(), "KEY_UNKNOWN");

    // Enrolled by the administrator, the same signature counts.
    let mut root = bed.root.root().clone();
    root.version = 2;
    let bob = Holder::Person { name: "bob".parse().unwrap() };
    root.entries.push(Entry::new(bed.stranger.public(), bob, Timestamp::from_seconds(0)));
    let payload = root.to_payload().unwrap();
    let newer = Envelope::sign(countersign_core::root::TYPE, payload, &bed.administrator);
    bed.send(Kind::Root, &newer);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
    // It is remembered, and the one before is not taken again.
    bed.stop();
    bed.start();
    assert_eq!(bed.json(&["status"])["root_version"], 2);
}

#[test]
fn a_device_key_that_approves() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    let decision = bed.decision(&proposed, Verdict::Approve);
    let approval = Bed::sign(decision, proposed.digest, &bed.device);
    bed.send(Kind::Decision, &approval);
    refused_and_open(&bed, &id, Kind::Decision, &approval.digest(), "KEY_PURPOSE");
}

#[test]
fn a_decision_that_does_not_copy_what_it_decides() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    let mut decision = bed.decision(&proposed, Verdict::Approve);
    decision.expires = decision.expires.plus(1);
    let approval = Bed::sign(decision, proposed.digest, &bed.person);
    bed.send(Kind::Decision, &approval);
    refused_and_open(&bed, &id, Kind::Decision, &approval.digest(), "ACTION_MISMATCH");
}

#[test]
fn another_kind_of_statement() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    let good = bed.approval(&proposed);
    let text = String::from_utf8(good.payload).unwrap();
    let text = text.replace("urn:countersign:decision:v1", "urn:countersign:decision:v2");
    let other = Envelope::sign(IN_TOTO, text.clone().into_bytes(), &bed.person);
    bed.send(Kind::Decision, &other);
    let name = format!("decision.{}.json", other.digest());
    assert!(until("a reason", || bed.bad().remove(&name)).starts_with("PREDICATE_TYPE"));
    let other = Envelope::sign("text/plain", text.replace("v2", "v3").into_bytes(), &bed.person);
    bed.send(Kind::Decision, &other);
    let name = format!("decision.{}.json", other.digest());
    assert!(until("a reason", || bed.bad().remove(&name)).starts_with("PAYLOAD_TYPE"));
    assert_eq!(bed.json(&["show", &id])["view"]["standing"], "waiting");
    assert_eq!(bed.marks(), 0);
}

#[test]
fn the_environment_of_a_run_cannot_be_amended() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    amend(&bed, &proposed, "environment", b"LD_PRELOAD=/evil.so");
    bed.until_refused(&id, "AMENDMENT_INVALID");
    assert_eq!(bed.marks(), 0);
}

#[test]
fn a_variable_smuggled_in_through_the_configuration_after_signing() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    bed.stop();
    bed.configure(|config| {
        let variables = config["environment"].as_array_mut().unwrap();
        variables.push(serde_json::json!({ "name": "LD_PRELOAD", "value": "/evil.so" }));
    });
    let approval = bed.approve(&proposed);
    bed.start();
    refused_and_open(&bed, &id, Kind::Decision, &approval.digest(), "ACTION_MISMATCH");
}

/// Changes a column of the only proposal in the ledger, behind the gate's back.
fn tamper(bed: &Bed, column: &str, change: impl FnOnce(String) -> String) {
    let ledger = rusqlite::Connection::open(bed.home().join("ledger.db")).unwrap();
    let bytes: Vec<u8> =
        ledger.query_row(&format!("SELECT {column} FROM proposal"), [], |row| row.get(0)).unwrap();
    let changed = change(String::from_utf8(bytes).unwrap());
    ledger.execute(&format!("UPDATE proposal SET {column} = ?1"), [changed.into_bytes()]).unwrap();
}

#[test]
fn a_request_or_a_proposal_changed_in_the_ledger() {
    for (column, code) in [("request", "ACTION_MISMATCH"), ("payload", "LEDGER_INCONSISTENT")] {
        let mut bed = Bed::new();
        let (id, proposed) = proposed(&mut bed, &["--env", "TARGET=staging"]);
        bed.stop();
        tamper(&bed, column, |text| text.replace("staging", "product"));
        let approval = bed.approve(&proposed);
        bed.start();
        refused_and_open(&bed, &id, Kind::Decision, &approval.digest(), code);
    }
}

/// Makes an executable file that leaves a mark.
fn program(bed: &Bed, text: &[u8]) -> std::path::PathBuf {
    let path = bed.work().join("program");
    let temporary = bed.work().join("temporary");
    std::fs::write(&temporary, text).unwrap();
    std::fs::set_permissions(&temporary, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::rename(temporary, &path).unwrap();
    path
}

#[test]
fn a_program_swapped_between_approval_and_act() {
    let mut bed = Bed::new();
    let shell = std::fs::read("/bin/sh").unwrap();
    program(&bed, &shell);
    let mark = bed.mark();
    let output = bed.cli(&["run", "--no-wait", "--", "./program", "-c", &mark[2]]);
    let id = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let proposed = bed.proposal();
    let mut other = shell;
    other.extend(b"swapped");
    program(&bed, &other);
    bed.approve(&proposed);
    assert_eq!(bed.refused(&proposed.digest), "PRECONDITION");
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(94));
    assert_eq!(bed.marks(), 0);
}

#[test]
fn a_script_swapped_between_approval_and_act() {
    let mut bed = Bed::new();
    let text = format!("#!/bin/sh\n{}\n", bed.mark()[2]);
    let path = program(&bed, text.as_bytes());
    // Run as a program, and named to its interpreter.
    for command in [vec!["./program"], vec!["/bin/sh", "program"]] {
        program(&bed, text.as_bytes());
        let mut arguments = vec!["run", "--no-wait", "--"];
        arguments.extend(&command);
        assert_eq!(bed.cli(&arguments).status.code(), Some(98));
        let proposed = bed.proposal();
        std::fs::write(&path, format!("{text}echo evil\n")).unwrap();
        bed.approve(&proposed);
        assert_eq!(bed.refused(&proposed.digest), "PRECONDITION");
        assert_eq!(bed.marks(), 0);
    }
}

#[test]
fn a_symlink_swapped_in_for_the_program_its_folder_or_the_working_directory() {
    for what in ["program", "folder", "cwd"] {
        let mut bed = Bed::new();
        let shell = std::fs::read("/bin/sh").unwrap();
        let folder = bed.work().join("folder");
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("program");
        std::fs::rename(program(&bed, &shell), &path).unwrap();
        let cwd = bed.work().join("cwd");
        std::fs::create_dir(&cwd).unwrap();
        let mark = bed.mark();
        let cwd_text = cwd.to_str().unwrap();
        let output =
            bed.cli(&["run", "--no-wait", "--cwd", cwd_text, "--", path.to_str().unwrap(), "-c", &mark[2]]);
        assert_eq!(output.status.code(), Some(98), "{output:?}");
        let proposed = bed.proposal();
        let swapped = match what {
            "program" => path,
            "folder" => folder,
            _ => cwd,
        };
        let aside = bed.work().join("aside");
        std::fs::rename(&swapped, &aside).unwrap();
        // The link leads to exactly what was there.
        std::os::unix::fs::symlink(&aside, &swapped).unwrap();
        bed.approve(&proposed);
        assert_eq!(bed.refused(&proposed.digest), "PRECONDITION", "{what}");
        assert_eq!(bed.marks(), 0);
    }
}

#[test]
fn a_halt_voids_what_is_open_once_also_when_its_lift_comes_with_it() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    bed.stop();
    let halt = bed.halt(Scope::All, 1);
    bed.lift(&halt);
    bed.approve(&proposed);
    bed.start();
    assert_eq!(bed.refused(&proposed.digest), "HALTED");
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(87));
    assert_eq!(bed.marks(), 0);
    // Lifted: what is proposed now can happen.
    let id = bed.propose_mark(&[]);
    let again = bed.proposal();
    bed.approve(&again);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    // A lift that comes first is kept for its halt, which voids all the same and does not stand.
    let id = bed.propose_mark(&[]);
    let open = bed.proposal();
    let halt = countersign_core::halt::Halt {
        id: countersign_core::name::Nonce::from_bytes([2; 16]),
        scope: Scope::Gate { gate: "home".parse().unwrap() },
        at: crate::bed::now(),
        reason: None,
    };
    let envelope = Envelope::sign(countersign_core::halt::HALT, json::to_bytes(&halt), &bed.device);
    bed.lift(&envelope.digest());
    until("the lift to be read", || {
        let new = std::fs::read_dir(bed.gate_box().join("new")).unwrap().count();
        (new == 0).then_some(())
    });
    bed.send(Kind::Halt, &envelope);
    assert_eq!(bed.refused(&open.digest), "HALTED");
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(87));
    assert!(bed.json(&["status"])["halts"].as_array().unwrap().is_empty());
    assert_eq!(bed.marks(), 1);
}

#[test]
fn a_clock_that_went_backwards() {
    let mut bed = Bed::new();
    let (id, proposed) = proposed(&mut bed, &[]);
    bed.stop();
    bed.configure(|config| config["clock_offset"] = serde_json::json!(-3600));
    bed.approve(&proposed);
    bed.start();
    bed.until_refused(&id, "CLOCK_ROLLBACK");
    assert_eq!(bed.marks(), 0);
    // Set right, what was approved goes on.
    bed.stop();
    bed.configure(|config| drop(config.as_object_mut().unwrap().remove("clock_offset")));
    bed.start();
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    assert_eq!(bed.marks(), 1);
}

#[test]
fn a_root_that_is_not_the_pinned_one_keeps_the_gate_from_starting() {
    let mut bed = Bed::new();
    bed.stop();
    let path = bed.home().join("root.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\"payload\":\"ey", "\"payload\":\"eY", 1)).unwrap();
    let output = bed.cli(&["gate"]);
    assert_eq!(output.status.code(), Some(81));
    assert!(String::from_utf8_lossy(&output.stderr).contains("ROOT_INVALID"));
}

#[test]
fn an_outcome_of_every_action_is_in_the_receipt_of_what_was_refused() {
    let mut bed = Bed::new();
    let (_, proposed) = proposed(&mut bed, &[]);
    bed.deny(&proposed, "no");
    let receipt = bed.receipt(&proposed.digest);
    assert_eq!(receipt.outcomes.len(), proposed.proposal.actions.len());
    assert!(matches!(receipt.outcomes[0], Outcome::Refused { .. }));
    assert_eq!(receipt.decisions.len(), 1);
}
