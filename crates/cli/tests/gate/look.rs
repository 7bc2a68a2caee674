//! The verbs that only look: verify, status, show, key.

use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::key::PublicKey;
use countersign_sources::spool::Kind;

use crate::bed::Bed;

#[test]
fn verify_says_what_it_is_and_whether_it_holds() {
    let mut bed = Bed::new();
    let id = bed.propose_mark(&[]);
    let proposed = bed.proposal();
    let approval = bed.approve(&proposed);
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    bed.receipt(&proposed.digest);
    let receipt = bed.messages(Kind::Receipt).remove(0).1;
    let mut changed = approval.clone();
    changed.payload[20] ^= 1;
    let stranger = Envelope::sign(&approval.payload_type, approval.payload.clone(), &bed.stranger);
    let device = Envelope::sign(&approval.payload_type, approval.payload.clone(), &bed.device);
    let root = std::fs::read(bed.home().join("root.json")).unwrap();
    let file = bed.base.join("envelope");
    for (bytes, kind, code, status) in [
        (proposed.envelope.clone(), "proposal", None, 0),
        (approval.to_bytes(), "decision", None, 0),
        (receipt, "receipt", None, 0),
        (root, "root", None, 0),
        (changed.to_bytes(), "decision", Some("SIGNATURE_INVALID"), 82),
        (stranger.to_bytes(), "decision", Some("KEY_UNKNOWN"), 82),
        (device.to_bytes(), "decision", Some("KEY_PURPOSE"), 82),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let output = bed.cli(&["--json", "verify", file.to_str().unwrap()]);
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(said["code"].as_str(), code, "{said}");
        assert_eq!((said["kind"].as_str(), output.status.code()), (Some(kind), Some(status)));
        assert_eq!(said["holds"], code.is_none());
    }
    std::fs::write(&file, b"{}").unwrap();
    assert_eq!(bed.cli(&["verify", file.to_str().unwrap()]).status.code(), Some(80));
}

#[test]
fn show_prints_the_sheet_escaped_and_the_envelope_as_it_is() {
    let mut bed = Bed::new();
    let output =
        bed.cli(&["run", "--no-wait", "--because", "\u{1b}[2Jclean\u{202e}", "--", "echo", "a\u{1b}b"]);
    let id = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let proposed = bed.proposal();
    let shown = bed.cli(&["show", &id]);
    assert!(shown.status.success(), "{shown:?}");
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.chars().all(|c| c == '\n' || (' '..='~').contains(&c)), "{text}");
    assert!(text.contains("echo") && text.contains("clean"), "{text}");
    let envelope = bed.cli(&["show", "--envelope", &id]).stdout;
    assert_eq!(String::from_utf8(envelope).unwrap().trim_end().as_bytes(), proposed.envelope);
    // By its digest as well.
    assert!(bed.cli(&["show", &proposed.digest.to_string()]).status.success());
}

#[test]
fn key_and_status_agree_with_the_root() {
    let mut bed = Bed::new();
    let entry = bed.root.root().gate(&"home".parse().unwrap()).unwrap().key;
    let key = bed.json(&["key"]);
    assert_eq!(PublicKey::parse_hex(key["key"].as_str().unwrap()).unwrap(), entry);
    assert_eq!(key["keyid"], entry.id());
    let plain = String::from_utf8(bed.cli(&["key"]).stdout).unwrap();
    assert!(plain.starts_with("-----BEGIN PUBLIC KEY-----\n") && plain.contains(&entry.id()));
    let status = bed.json(&["status"]);
    assert_eq!((&status["keyid"], &status["consistent"]), (&key["keyid"], &true.into()));
    assert_eq!(status["reviewer_listens"], true);
    // Each start says which life this is.
    let acks = bed.messages(Kind::Ack);
    assert_eq!(acks.len(), 1);
    // Without the gate the key is in its folder.
    bed.stop();
    assert!(bed.cli(&["key"]).status.success());
    assert_eq!(bed.cli(&["status"]).status.code(), Some(96));
}

#[test]
fn what_an_answer_says_was_answered_with_it_is_shown_and_approves_nothing() {
    let mut bed = Bed::new();
    let (id, one) = (bed.propose_mark(&[]), bed.proposal());
    let (other, two) = (bed.propose_mark(&[]), bed.proposal());
    let mut decision = bed.decision(&one, Verdict::Approve);
    decision.together = vec![two.digest, one.digest, Digest::of(b"of nothing")];
    bed.send(Kind::Decision, &Bed::sign(decision, one.digest, &bed.person));
    assert_eq!(bed.cli(&["wait", &id]).status.code(), Some(0));
    bed.receipt(&one.digest);
    let said = |id: &str| String::from_utf8(bed.cli(&["show", id]).stdout).unwrap();
    assert!(said(&id).contains("answered together with 3 others, by one gesture"), "{}", said(&id));
    let waits = said(&other);
    assert!(waits.contains("waits for a reviewer") && !waits.contains("together"), "{waits}");
    assert_eq!(bed.json(&["show", &id])["view"]["together"], 3);
    // It is approved by an answer of its own, as if nothing had been said of it.
    let mut decision = bed.decision(&two, Verdict::Approve);
    decision.together = vec![one.digest];
    bed.send(Kind::Decision, &Bed::sign(decision, two.digest, &bed.person));
    assert_eq!(bed.cli(&["wait", &other]).status.code(), Some(0));
    assert!(said(&other).contains("answered together with another, by one gesture"));
}
