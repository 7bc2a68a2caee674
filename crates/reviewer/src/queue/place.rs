//! Where a proposal is to be found: a function of what is known about it and of the time.

use countersign_core::decision::Verdict;
use countersign_core::time::Timestamp;
use countersign_store::Facts;

use crate::{ItemState, SectionId, life};

/// Where a proposal is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) section: SectionId,
    // In its section the highest comes first.
    pub(super) rank: i64,
    // When time changes something about it.
    pub(super) due: Option<Timestamp>,
    // Since when it is over by nothing but time.
    pub(super) lapsed: Option<Timestamp>,
    pub(super) answered: Option<&'static str>,
    pub(super) ended: Option<&'static str>,
}

/// Where a proposal in `state` is to be found at `now`.
pub(super) fn place(facts: &Facts, state: &ItemState, now: Timestamp) -> Place {
    let snoozed = facts.snoozed.filter(|until| is_open(state) && *until > now);
    let section = section(facts, state, snoozed.is_some());
    let rank = match (section, snoozed) {
        // Those that wait by what ends first, and those that come back by what comes first.
        (SectionId::Snoozed, Some(until)) => -signed(until),
        (SectionId::Waiting, _) => -signed(facts.expires),
        _ => signed(since(facts, state)),
    };
    // Asking `life` on both sides of the hour, so that what time does is known in one place.
    let (before, after) = (Timestamp::from_seconds(facts.expires.seconds().saturating_sub(1)), facts.expires);
    let ends = (now < after && life::state(facts, after) != *state).then_some(after);
    let lapsed = (now >= after && life::state(facts, before) != *state).then_some(after);
    let due = [ends, snoozed].into_iter().flatten().min();
    Place { section, rank, due, lapsed, answered: answered(facts), ended: ended(facts, state) }
}

/// When what is snoozed comes back, by its rank.
pub(super) fn back_at(rank: i64) -> Timestamp {
    Timestamp::from_seconds(rank.unsigned_abs())
}

/// Whether it waits for a decision.
pub(crate) fn is_open(state: &ItemState) -> bool {
    matches!(state, ItemState::Waiting | ItemState::Incomplete { .. })
}

fn section(facts: &Facts, state: &ItemState, snoozed: bool) -> SectionId {
    match state {
        ItemState::Waiting | ItemState::Incomplete { .. } if snoozed => SectionId::Snoozed,
        ItemState::Waiting | ItemState::Incomplete { .. } => SectionId::Waiting,
        ItemState::Signed { .. } => SectionId::Delivering,
        ItemState::Delivered { .. } if facts.people > 1 => SectionId::Others,
        ItemState::Delivered { .. } | ItemState::Used { over: false, .. } => SectionId::Delivering,
        // An answer that nobody has heard yet has to arrive, whichever it is.
        ItemState::Denied { .. } | ItemState::ChangesRequested { .. }
            if facts.decision.as_ref().is_some_and(|it| !it.acknowledged) =>
        {
            SectionId::Delivering
        }
        ItemState::Unknown { .. } => SectionId::Unknown,
        _ => SectionId::Decided,
    }
}

/// As the store names it.
pub(super) fn word(section: SectionId) -> &'static str {
    match section {
        SectionId::Waiting => "waiting",
        SectionId::Delivering => "delivering",
        SectionId::Others => "others",
        SectionId::Unknown => "unknown",
        SectionId::Snoozed => "snoozed",
        SectionId::Evidence => "evidence",
        SectionId::Decided => "decided",
    }
}

/// When it came into its state, as far as that is known.
fn since(facts: &Facts, state: &ItemState) -> Timestamp {
    match state {
        ItemState::Signed { at }
        | ItemState::Delivered { at }
        | ItemState::Denied { at }
        | ItemState::ChangesRequested { at }
        | ItemState::Expired { at }
        | ItemState::Withdrawn { at, .. }
        | ItemState::Halted { at, .. }
        | ItemState::Executed { at, .. }
        | ItemState::Used { at, .. }
        | ItemState::Failed { at }
        | ItemState::Released { at }
        | ItemState::Unknown { at, .. }
        | ItemState::Resolved { at, .. } => *at,
        ItemState::Refused { .. }
        | ItemState::Superseded { .. }
        | ItemState::Waiting
        | ItemState::Incomplete { .. }
        | ItemState::Evidence { .. } => facts.receipt.as_ref().map_or(facts.received, |it| it.at),
    }
}

/// What a person answered, whatever came of it. A request for changes let nothing happen either.
fn answered(facts: &Facts) -> Option<&'static str> {
    facts.decision.as_ref().map(|it| match life::verdict(&it.verdict) {
        Verdict::Approve => "approved",
        Verdict::Deny | Verdict::RequestChanges => "denied",
    })
}

/// `failed` is whatever was to happen and did not, or not as it should, or nobody saw it.
fn ended(facts: &Facts, state: &ItemState) -> Option<&'static str> {
    match state {
        // A use of it, whatever became of the others.
        _ if facts.batch.is_some_and(|it| it.failed > 0) => Some("failed"),
        ItemState::Failed { .. }
        | ItemState::Unknown { .. }
        | ItemState::Resolved { .. }
        | ItemState::Refused { .. } => Some("failed"),
        ItemState::Expired { .. } => Some("expired"),
        _ => None,
    }
}

fn signed(at: Timestamp) -> i64 {
    i64::try_from(at.seconds()).unwrap_or(i64::MAX)
}
