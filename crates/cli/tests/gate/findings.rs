//! The gate looks at what it proposes, and takes no approval that does not own up to what it found.

use countersign_core::decision::{Acknowledged, Verdict};
use countersign_core::envelope::Envelope;
use countersign_core::name::Label;
use countersign_sources::spool::Kind;

use crate::bed::{Agent, Bed, Proposed, until};

/// An agent that would write a file that reads otherwise than it is.
fn hiding(bed: &mut Bed) -> (Agent, Proposed) {
    let from = bed.base.join("from");
    std::fs::write(&from, "if admin { \u{202e} } // \u{2066}\nno\u{200b}w\n").unwrap();
    let write = format!("{}={}", bed.work().join("new.txt").display(), from.display());
    let agent = bed.spawn(&["apply", "--write", &write]);
    (agent, bed.proposal())
}

fn approval(bed: &Bed, proposed: &Proposed, ids: &[Label]) -> Envelope {
    let mut decision = bed.decision(proposed, Verdict::Approve);
    let acknowledged =
        ids.iter().map(|id| Acknowledged { id: id.clone(), reason: Some("intended".to_owned()) });
    decision.acknowledged = acknowledged.collect();
    Bed::sign(decision, proposed.digest, &bed.person)
}

#[test]
fn what_blocks_has_to_be_acknowledged_each_of_it() {
    let mut bed = Bed::new();
    let (agent, proposed) = hiding(&mut bed);
    let ids = proposed.proposal.acknowledge.clone();
    assert!(ids.len() >= 2, "{ids:?}");
    assert!(ids.iter().all(|id| id.as_str().split(':').count() == 3), "{ids:?}");
    let target = bed.work().join("new.txt");

    bed.send(Kind::Decision, &approval(&bed, &proposed, &[]));
    bed.until_refused(proposed.proposal.id.as_str(), "REQUIREMENT");
    bed.send(Kind::Decision, &approval(&bed, &proposed, &ids[1..]));
    until("a second refusal", || (bed.attempts(proposed.proposal.id.as_str()).len() == 2).then_some(()));
    assert!(!target.exists());

    bed.send(Kind::Decision, &approval(&bed, &proposed, &ids));
    let (status, _, err) = agent.end();
    assert_eq!(status, 0, "{err}");
    assert!(target.exists());
}

#[test]
fn what_is_plain_asks_for_nothing() {
    let mut bed = Bed::new();
    bed.propose_mark(&[]);
    assert_eq!(bed.proposal().proposal.acknowledge, []);
}
