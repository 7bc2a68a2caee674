//! Where a proposal is in its life: a function of what is known about it and of the time.
//!
//! Nothing of it is stored, so it cannot disagree with the facts.

use countersign_core::decision::{Found, Verdict};
use countersign_core::receipt::{Outcome, Receipt};
use countersign_core::refusal::Code;
use countersign_core::time::Timestamp;
use countersign_store::{BatchFact, DecisionFact, Facts, ReceiptFact};

use crate::ItemState;

/// What a receipt amounts to, in one word (and a code).
pub(crate) fn outcome(receipt: &Receipt) -> String {
    let any = |kind: fn(&Outcome) -> bool| receipt.outcomes.iter().any(kind);
    if any(|it| matches!(it, Outcome::Unknown { .. })) {
        // Whatever else is in it, a person has to find out.
        "unknown".to_owned()
    } else if any(|it| matches!(it, Outcome::Failed { .. })) {
        "failed".to_owned()
    } else if let Some(code) = receipt.outcomes.iter().find_map(|it| match it {
        Outcome::Refused { code, .. } => Some(code),
        _ => None,
    }) {
        // Stopped half-way is a failure: something was done.
        let done = any(|it| matches!(it, Outcome::Done { .. }));
        if done { "failed".to_owned() } else { format!("refused {code}") }
    } else if any(|it| matches!(it, Outcome::Released { .. })) {
        "released".to_owned()
    } else if receipt.outcomes.iter().all(|it| matches!(it, Outcome::Done { .. }))
        && !receipt.outcomes.is_empty()
    {
        exit(receipt).map_or_else(|| "done".to_owned(), |status| format!("done {status}"))
    } else {
        "failed".to_owned()
    }
}

/// The first status other than 0 with which a program ended.
fn exit(receipt: &Receipt) -> Option<i32> {
    receipt.outcomes.iter().find_map(|it| match it {
        Outcome::Done { exit, .. } => exit.filter(|status| *status != 0),
        _ => None,
    })
}

/// The words of the table for the three answers.
pub(crate) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approve => "approve",
        Verdict::Deny => "deny",
        Verdict::RequestChanges => "request_changes",
    }
}

/// The answer that a word of the table stands for.
pub(crate) fn verdict(word: &str) -> Verdict {
    match word {
        "approve" => Verdict::Approve,
        "request_changes" => Verdict::RequestChanges,
        // The table holds no other word.
        _ => Verdict::Deny,
    }
}

/// Where it is in its life at `now`.
pub(crate) fn state(facts: &Facts, now: Timestamp) -> ItemState {
    let answer = facts.decision.as_ref().map(|it| (verdict(&it.verdict), it));
    let used = facts.batch.filter(|it| it.used > 0);
    if let Some(state) = used.and_then(|it| after_uses(&it, facts.receipt.as_ref())) {
        return state;
    }
    if let Some(receipt) = &facts.receipt {
        return after_receipt(facts, receipt);
    }
    if let Some((Verdict::Deny, it)) = answer {
        return ItemState::Denied { at: it.at };
    }
    if let Some(withdrawn) = &facts.withdrawn {
        return ItemState::Withdrawn { at: withdrawn.at, reason: withdrawn.reason.clone() };
    }
    if let Some(by) = facts.superseded_by {
        return ItemState::Superseded { by: Some(by) };
    }
    if let Some(halted) = &facts.halted {
        return ItemState::Halted { at: halted.at, halt: Some(halted.halt) };
    }
    if facts.gate_epoch.is_some_and(|epoch| epoch != facts.epoch) {
        return ItemState::Refused { code: Code::NonceUnknown };
    }
    // An approval that was sent may have been acted on in time: only a receipt can say.
    if let Some((Verdict::Approve, it)) = answer {
        return used.map_or_else(|| approved(it), |it| used_of(&it, false));
    }
    if now >= facts.expires {
        return used.map_or(ItemState::Expired { at: facts.expires }, |it| used_of(&it, true));
    }
    if let Some((Verdict::RequestChanges, it)) = answer {
        return ItemState::ChangesRequested { at: it.at };
    }
    // Somebody else approved it: there is nothing to sign, and the rest can be denied.
    if let Some(it) = used.filter(|it| it.elsewhere > 0) {
        return used_of(&it, false);
    }
    match usize::try_from(facts.missing).unwrap_or(usize::MAX) {
        0 => ItemState::Waiting,
        missing => ItemState::Incomplete { missing },
    }
}

/// Where what remains of a batch is in its life, whatever somebody has to find out about a use of it; of all else the
/// same as [`state`].
pub(crate) fn remaining(facts: &Facts, now: Timestamp) -> ItemState {
    let batch = facts.batch.map(|it| BatchFact { unknown: None, ..it });
    state(&Facts { batch, ..facts.clone() }, now)
}

/// What uses say by themselves, whatever else is known of the batch.
fn after_uses(it: &BatchFact, rest: Option<&ReceiptFact>) -> Option<ItemState> {
    if let Some((receipt, at)) = it.unknown {
        return Some(ItemState::Unknown { at, receipt });
    }
    let expired = format!("refused {}", Code::DecisionExpired);
    let over = it.used >= it.most || rest.is_some_and(|rest| rest.outcome == expired);
    over.then(|| used_of(it, true))
}

fn used_of(it: &BatchFact, over: bool) -> ItemState {
    let at = it.at.unwrap_or(Timestamp::from_seconds(0));
    let wrong = it.failed + it.exits;
    ItemState::Used { at, used: it.used, most: it.most, over, wrong, elsewhere: it.elsewhere }
}

fn approved(it: &DecisionFact) -> ItemState {
    if it.acknowledged { ItemState::Delivered { at: it.at } } else { ItemState::Signed { at: it.at } }
}

fn after_receipt(facts: &Facts, receipt: &ReceiptFact) -> ItemState {
    let at = receipt.at;
    let (kind, code) = receipt.outcome.split_once(' ').unwrap_or((&receipt.outcome, ""));
    match kind {
        "done" => ItemState::Executed { at, exit: code.parse().ok() },
        "released" => ItemState::Released { at },
        "unknown" => match &receipt.resolution {
            Some(it) => {
                ItemState::Resolved { found: if it.ran { Found::Ran } else { Found::DidNotRun }, at: it.at }
            }
            None => ItemState::Unknown { at, receipt: receipt.digest },
        },
        "refused" => refused(facts, at, code),
        _ => ItemState::Failed { at },
    }
}

/// A refusal that says what was known here already is shown as that.
fn refused(facts: &Facts, at: Timestamp, code: &str) -> ItemState {
    let code = Code::ALL.iter().copied().find(|it| it.as_str() == code).unwrap_or(Code::StateUnavailable);
    let answer = facts.decision.as_ref().map(|it| (verdict(&it.verdict), it.at));
    match (code, answer, &facts.withdrawn) {
        (Code::Denied, Some((Verdict::Deny, at)), _) => ItemState::Denied { at },
        (Code::Denied, Some((Verdict::RequestChanges, at)), _) => ItemState::ChangesRequested { at },
        // Denied after it was halted: the gate had nothing left to deny.
        (Code::Halted, Some((Verdict::Deny, at)), _) => ItemState::Denied { at },
        (Code::Halted, _, _) => {
            let known = facts.halted.as_ref();
            ItemState::Halted { at: known.map_or(at, |it| it.at), halt: known.map(|it| it.halt) }
        }
        (Code::Withdrawn, _, Some(it)) => ItemState::Withdrawn { at: it.at, reason: it.reason.clone() },
        (Code::Superseded, _, _) => ItemState::Superseded { by: facts.superseded_by },
        (Code::DecisionExpired, _, _) => ItemState::Expired { at: facts.expires.min(at) },
        _ => ItemState::Refused { code },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use countersign_core::digest::Digest;
    use countersign_core::name::Epoch;
    use countersign_store::{ResolutionFact, WithdrawalFact};

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn facts() -> Facts {
        Facts {
            digest: Digest::of(b"p"),
            gate: "home".parse().unwrap(),
            epoch: Epoch::from_bytes([1; 16]),
            gate_epoch: Some(Epoch::from_bytes([1; 16])),
            created: at(100),
            expires: at(200),
            people: 1,
            received: at(101),
            missing: 0,
            superseded_by: None,
            halted: None,
            snoozed: None,
            withdrawn: None,
            decision: None,
            receipt: None,
            batch: None,
        }
    }

    fn answered(verdict: &str, acknowledged: bool) -> Facts {
        let decision = DecisionFact {
            digest: Digest::of(b"d"),
            verdict: verdict.to_owned(),
            person: "Ada".parse().unwrap(),
            comment: None,
            at: at(150),
            acknowledged,
            amended: false,
        };
        Facts { decision: Some(decision), ..facts() }
    }

    fn with_receipt(facts: Facts, outcome: &str, resolution: Option<bool>) -> Facts {
        let resolution =
            resolution.map(|ran| ResolutionFact { ran, person: "Ada".parse().unwrap(), at: at(170) });
        let receipt =
            ReceiptFact { digest: Digest::of(b"r"), at: at(160), outcome: outcome.to_owned(), resolution };
        Facts { receipt: Some(receipt), ..facts }
    }

    #[test]
    fn time_ends_only_what_was_not_approved() {
        assert_eq!(state(&facts(), at(199)), ItemState::Waiting);
        assert_eq!(state(&facts(), at(200)), ItemState::Expired { at: at(200) });
        assert_eq!(state(&Facts { missing: 2, ..facts() }, at(150)), ItemState::Incomplete { missing: 2 });
        assert_eq!(state(&Facts { missing: 2, ..facts() }, at(200)), ItemState::Expired { at: at(200) });
        assert_eq!(state(&answered("approve", false), at(300)), ItemState::Signed { at: at(150) });
        assert_eq!(state(&answered("approve", true), at(300)), ItemState::Delivered { at: at(150) });
        assert_eq!(state(&answered("request_changes", true), at(300)), ItemState::Expired { at: at(200) });
    }

    #[test]
    fn what_stands_against_it_comes_in_the_order_of_its_weight() {
        let all = Facts {
            superseded_by: Some(Digest::of(b"q")),
            withdrawn: Some(WithdrawalFact { at: at(5), reason: None }),
            gate_epoch: Some(Epoch::from_bytes([2; 16])),
            ..answered("deny", true)
        };
        assert_eq!(state(&all, at(300)), ItemState::Denied { at: at(150) });
        let all = Facts { decision: None, ..all };
        assert_eq!(state(&all, at(300)), ItemState::Withdrawn { at: at(5), reason: None });
        let all = Facts { withdrawn: None, ..all };
        assert_eq!(state(&all, at(300)), ItemState::Superseded { by: Some(Digest::of(b"q")) });
        let all = Facts { superseded_by: None, ..all };
        assert_eq!(state(&all, at(150)), ItemState::Refused { code: Code::NonceUnknown });
    }

    #[test]
    fn a_receipt_has_the_last_word() {
        let of = |outcome, resolution| {
            state(&with_receipt(answered("approve", false), outcome, resolution), at(300))
        };
        assert_eq!(of("done", None), ItemState::Executed { at: at(160), exit: None });
        assert_eq!(of("done 3", None), ItemState::Executed { at: at(160), exit: Some(3) });
        assert_eq!(of("failed", None), ItemState::Failed { at: at(160) });
        assert_eq!(of("released", None), ItemState::Released { at: at(160) });
        assert_eq!(of("unknown", None), ItemState::Unknown { at: at(160), receipt: Digest::of(b"r") });
        assert_eq!(of("unknown", Some(true)), ItemState::Resolved { found: Found::Ran, at: at(170) });
        assert_eq!(of("refused PRECONDITION", None), ItemState::Refused { code: Code::Precondition });
        assert_eq!(of("refused DECISION_EXPIRED", None), ItemState::Expired { at: at(160) });
        let denied = with_receipt(answered("deny", true), "refused DENIED", None);
        assert_eq!(state(&denied, at(300)), ItemState::Denied { at: at(150) });
        // Denied too late: it was done all the same, and that is what is shown.
        let late = with_receipt(answered("deny", true), "done", None);
        assert_eq!(state(&late, at(300)), ItemState::Executed { at: at(160), exit: None });
    }

    #[test]
    fn a_batch_says_how_much_of_it_was_used_until_something_ends_it() {
        let batch = |used, unknown: Option<u64>| {
            let unknown = unknown.map(|seconds| (Digest::of(b"u"), at(seconds)));
            let at = (used > 0).then_some(at(155));
            Some(BatchFact { most: 3, used, at, failed: 0, exits: 0, elsewhere: 0, unknown })
        };
        let of = |it: Facts, used, unknown| state(&Facts { batch: batch(used, unknown), ..it }, at(190));
        let delivered = ItemState::Delivered { at: at(150) };
        assert_eq!(of(answered("approve", true), 0, None), delivered);
        let used = |used, over| ItemState::Used { at: at(155), used, most: 3, over, wrong: 0, elsewhere: 0 };
        assert_eq!(of(answered("approve", true), 2, None), used(2, false));
        assert_eq!(of(answered("approve", true), 3, None), used(3, true));
        // Somebody has to find out, however many more there are.
        let unknown = ItemState::Unknown { at: at(152), receipt: Digest::of(b"u") };
        assert_eq!(of(answered("approve", true), 3, Some(152)), unknown);
        assert_eq!(of(answered("deny", true), 1, None), ItemState::Denied { at: at(150) });
        let expired = with_receipt(answered("approve", true), "refused DECISION_EXPIRED", None);
        assert_eq!(of(expired.clone(), 1, None), used(1, true));
        assert_eq!(of(expired, 0, None), ItemState::Expired { at: at(160) });
        let denied = with_receipt(answered("deny", true), "refused DENIED", None);
        assert_eq!(of(denied, 1, None), ItemState::Denied { at: at(150) });
        // Taken back, and its time over.
        assert_eq!(of(facts(), 1, None), ItemState::Waiting);
        let late = Facts { batch: batch(1, None), ..facts() };
        assert_eq!(state(&late, at(200)), used(1, true));
    }

    #[test]
    fn a_receipt_amounts_to_its_worst_outcome() {
        let receipt = |outcomes| Receipt {
            gate: "home".parse().unwrap(),
            epoch: Epoch::from_bytes([1; 16]),
            seq: 2,
            id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            decisions: vec![],
            amendment: None,
            used: None,
            burned: None,
            at: at(1),
            outcomes,
        };
        let ended = |exit| Outcome::Done { started: at(1), finished: at(2), exit, results: vec![] };
        let done = || ended(None);
        let refused = || Outcome::Refused { code: Code::Halted, why: String::new() };
        let unknown = || Outcome::Unknown { started: at(1) };
        let cases = [
            (vec![done(), done()], "done"),
            (vec![done(), ended(Some(0))], "done"),
            (vec![ended(Some(0)), ended(Some(3)), ended(Some(-1))], "done 3"),
            (vec![done(), refused(), Outcome::NotAttempted {}], "failed"),
            (vec![refused(), Outcome::NotAttempted {}], "refused HALTED"),
            (vec![done(), unknown(), Outcome::NotAttempted {}], "unknown"),
            (vec![Outcome::Released { at: at(1) }], "released"),
            (vec![Outcome::NotAttempted {}], "failed"),
            (vec![], "failed"),
        ];
        for (outcomes, expected) in cases {
            assert_eq!(outcome(&receipt(outcomes.clone())), expected, "{outcomes:?}");
        }
    }
}
