//! A person's own text in place of the agent's: the gate acts on exactly that, once, or on nothing.

use countersign_core::amendment::{Amendment, Edit};
use countersign_core::content::Content;
use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::halt::Scope;
use countersign_core::json;
use countersign_sources::spool::Kind;

use crate::bed::{Agent, Bed, Proposed, until};

/// The amendment of `original` that sets `field` of its first action.
fn amendment(original: &Digest, field: &str, content: Content) -> Vec<u8> {
    let edits = vec![Edit { action: 0, field: field.to_owned(), content }];
    json::to_bytes(&Amendment { original: *original, edits })
}

/// The person's approval of `proposed` as amended.
fn approval(bed: &Bed, proposed: &Proposed, amendment: &[u8]) -> Envelope {
    Bed::sign(bed.decision(proposed, Verdict::Approve), Digest::of(amendment), &bed.person)
}

/// An amendment of `proposed` that sets `field` to `bytes`, approved.
pub(crate) fn amend(bed: &Bed, proposed: &Proposed, field: &str, bytes: &[u8]) -> Digest {
    let amendment = amendment(&proposed.digest, field, Content::inline("text/plain", bytes.to_vec()));
    let subject = bed.send_blob(&amendment);
    bed.send(Kind::Decision, &approval(bed, proposed, &amendment));
    subject
}

/// An agent that waits for a new file of its text.
fn writing(bed: &mut Bed, text: &str, options: &[&str]) -> (Agent, Proposed) {
    let from = bed.base.join("from");
    std::fs::write(&from, text).unwrap();
    let write = format!("{}={}", bed.work().join("new.txt").display(), from.display());
    let agent = bed.spawn(&[&["apply", "--write", &write], options].concat());
    (agent, bed.proposal())
}

fn written(bed: &Bed) -> Option<String> {
    std::fs::read_to_string(bed.work().join("new.txt")).ok()
}

fn id(proposed: &Proposed) -> &str {
    proposed.proposal.id.as_str()
}

#[test]
fn what_may_not_be_amended_and_what_may() {
    let mut bed = Bed::new();
    let (agent, proposed) = writing(&mut bed, "as proposed\n", &[]);
    for field in ["resource", "before", "mode_after", "argv"] {
        amend(&bed, &proposed, field, b"x");
    }
    bed.until_refused(id(&proposed), "AMENDMENT_INVALID");
    until("four refusals", || (bed.attempts(id(&proposed)).len() == 4).then_some(()));
    assert!(bed.attempts(id(&proposed)).iter().all(|code| code == "AMENDMENT_INVALID"));
    assert_eq!(written(&bed), None);

    let amendment = amend(&bed, &proposed, "after", b"as amended\n");
    let (status, _, err) = agent.end();
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("AMENDMENT_INVALID"), "{err}");
    assert_eq!(written(&bed).as_deref(), Some("as amended\n"));
    assert_eq!(bed.receipt(&proposed.digest).amendment, Some(amendment));
}

#[test]
fn the_agent_is_told_what_a_person_changed() {
    let mut bed = Bed::new();
    let (agent, proposed) = writing(&mut bed, "one\ntwo\n", &[]);
    amend(&bed, &proposed, "after", b"one\n\tzwei\n");
    let (status, out, err) = agent.end();
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    for line in [
        "approved with changes",
        "their text, not yours",
        "action 1, after, ",
        "   one",
        "  -two",
        "  +\\u{9}zwei",
    ] {
        assert!(err.contains(line), "{line:?} in {err}");
    }
    let view = bed.json(&["wait", id(&proposed)]);
    assert_eq!(view["amended"].as_str().map(str::len), Some(64));
    assert_eq!(view["changes"][0]["lines"][1], "-two");
    assert_eq!((view["ending"].as_str(), view["exit_status"].as_u64()), (Some("done"), Some(0)));
}

#[test]
fn what_a_person_writes_is_looked_at_as_what_an_agent_writes() {
    let mut bed = Bed::new();
    let (_agent, proposed) = writing(&mut bed, "as proposed\n", &[]);
    // It reads from right to left from there on: nobody took note of that.
    amend(&bed, &proposed, "after", "as \u{202e}amended\n".as_bytes());
    bed.until_refused(id(&proposed), "REQUIREMENT");
    assert_eq!(bed.json(&["show", id(&proposed)])["view"]["standing"], "waiting");
    assert_eq!(written(&bed), None);
}

#[test]
fn an_amendment_of_another_proposal_is_not_acted_on() {
    let mut bed = Bed::new();
    let (_agent, one) = writing(&mut bed, "as proposed\n", &[]);
    let (_other, two) = writing(&mut bed, "another\n", &[]);
    let of_two = amendment(&two.digest, "after", Content::inline("text/plain", b"x\n".to_vec()));
    bed.send_blob(&of_two);
    // Signed for the one, with the amendment of the other.
    bed.send(Kind::Decision, &approval(&bed, &one, &of_two));
    bed.until_refused(id(&one), "ACTION_MISMATCH");
    for proposed in [&one, &two] {
        assert_eq!(bed.json(&["show", id(proposed)])["view"]["standing"], "waiting");
    }
    assert_eq!(written(&bed), None);
}

#[test]
fn bytes_that_have_not_come_are_waited_for_and_never_guessed() {
    let mut bed = Bed::new();
    let (agent, proposed) = writing(&mut bed, "as proposed\n", &[]);
    let long = "a line of the person\n".repeat(2000);
    let amendment = amendment(&proposed.digest, "after", Content::blob("text/plain", long.as_bytes()));
    let approval = approval(&bed, &proposed, &amendment);
    bed.send(Kind::Decision, &approval);
    bed.until_refused(id(&proposed), "NONCE_UNKNOWN");
    // Under the name of what was signed lies something else.
    let swapped = blob_file(&bed, &Digest::of(&amendment));
    std::fs::write(&swapped, [&amendment[..amendment.len() - 1], b" "].concat()).unwrap();
    bed.send(Kind::Decision, &approval);
    until("it to be put away", || (!in_new(&bed, &approval)).then_some(()));
    std::fs::remove_file(&swapped).unwrap();
    bed.send_blob(&amendment);
    bed.send(Kind::Decision, &approval);
    bed.until_refused(id(&proposed), "AMENDMENT_INVALID");
    assert!(!bed.acknowledged(&approval.digest()), "its sender has to send it again");
    assert_eq!(bed.json(&["show", id(&proposed)])["view"]["standing"], "waiting");
    assert_eq!(written(&bed), None);

    bed.send_blob(long.as_bytes());
    bed.send(Kind::Decision, &approval);
    let (status, _, err) = agent.end();
    assert_eq!(status, 0, "{err}");
    assert_eq!(written(&bed), Some(long));
    until("the acknowledgement", || bed.acknowledged(&approval.digest()).then_some(()));
}

/// Where a blob of the gate's box is.
fn blob_file(bed: &Bed, digest: &Digest) -> std::path::PathBuf {
    bed.gate_box().join("blobs").join(digest.to_string())
}

fn in_new(bed: &Bed, envelope: &Envelope) -> bool {
    bed.gate_box().join("new").join(format!("decision.{}.json", envelope.digest())).exists()
}

#[test]
fn the_original_and_its_amendment_are_one_approval() {
    let mut bed = Bed::new();
    let (agent, proposed) = writing(&mut bed, "as proposed\n", &[]);
    bed.approve(&proposed);
    assert_eq!(agent.end().0, 0);
    amend(&bed, &proposed, "after", b"as amended\n");
    bed.until_refused(id(&proposed), "REPLAY");
    assert_eq!(written(&bed).as_deref(), Some("as proposed\n"));
    assert_eq!(bed.receipt(&proposed.digest).amendment, None);
}

#[test]
fn what_was_stopped_is_not_begun_by_amending_it() {
    let mut bed = Bed::new();
    let (agent, denied) = writing(&mut bed, "as proposed\n", &[]);
    bed.deny(&denied, "no");
    assert_eq!(agent.end().0, 84);
    amend(&bed, &denied, "after", b"as amended\n");
    bed.until_refused(id(&denied), "DENIED");

    let (agent, replaced) = writing(&mut bed, "as proposed\n", &[]);
    let (_newer, _) = writing(&mut bed, "newer\n", &["--supersedes", id(&replaced)]);
    assert_eq!(agent.end().0, 86);
    amend(&bed, &replaced, "after", b"as amended\n");
    bed.until_refused(id(&replaced), "SUPERSEDED");

    let (_agent, halted) = writing(&mut bed, "as proposed\n", &[]);
    bed.halt(Scope::All, 1);
    amend(&bed, &halted, "after", b"as amended\n");
    bed.until_refused(id(&halted), "HALTED");
    assert_eq!(written(&bed), None);
}
