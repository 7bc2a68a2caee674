//! Checks 5 to 12: a decision against what the gate knows.

use crate::decision::{Decision, Verdict};
use crate::digest::Digest;
use crate::name::{Epoch, GateId, Label, Nonce};
use crate::proposal::{Agent, MAX_LIFETIME, Proposal, Requirement};
use crate::refusal::{Code, Refusal};
use crate::statement::Statement;
use crate::time::Timestamp;

use super::{TrustedRoot, Verified, signed};

/// How far a clock may step back before it is refused, in seconds.
const CLOCK_TOLERANCE: u64 = 5;

/// What a gate knows when a decision arrives, read in one transaction.
#[derive(Debug)]
pub struct Facts<'a> {
    /// This gate.
    pub gate: &'a GateId,
    /// The life of its ledger.
    pub epoch: &'a Epoch,
    /// What stands against the subject.
    pub standing: Standing,
    /// What the gate holds for the decision's subject; `None` when it knows no such subject.
    pub subject: Option<Subject<'a>>,
    /// The gate's clock.
    pub clock: Clock,
    /// What became of the decision's nonce.
    pub nonce: NonceState,
    /// Whether the ledger agrees with itself and its anchor.
    pub ledger: Ledger,
    /// Those whose earlier approvals of this subject still stand.
    pub approvers: &'a [Approver],
    /// What the gate's rules require now.
    pub rules: (&'a Requirement, &'a Digest),
}

/// The proposal behind a decision's subject, and the request that would run.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The proposal that the gate signed.
    pub proposal: &'a Proposal,
    /// Whether the subject is an amendment of it, and whether that can be applied.
    pub amendment: Option<Result<(), crate::amendment::Error>>,
    /// The digest of the proposal made anew from the request that is about to run and from the contents at hand.
    pub recomputed: Digest,
    /// The digest of the proposal that the gate signed.
    pub signed: Digest,
    /// Who is about to run it, where somebody asks for it now (a release).
    pub asking: Option<&'a Agent>,
}

/// What stands against a subject, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Open,
    /// Somebody denied it.
    Denied,
    /// Its gate withdrew it, or the reviewer this decision.
    Withdrawn,
    /// A newer proposal took its place.
    Superseded,
    /// A halt covers it.
    Halted,
    /// Somebody asked for changes, which blocks until the request is withdrawn.
    ChangesRequested,
}

/// Two readings of the gate's clock.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Now.
    pub now: Timestamp,
    /// The highest that it ever showed.
    pub highest: Timestamp,
}

/// What became of a nonce; of a batch, of the use of it that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonceState {
    /// Never issued in this epoch.
    Unknown,
    /// Issued, not used.
    Open,
    /// Used.
    Burned,
}

/// Whether the ledger can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ledger {
    /// It agrees with itself and its anchor.
    Consistent,
    /// It does not.
    Inconsistent,
}

/// A person whose approval counts, and their roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    /// The person.
    pub person: Label,
    /// Their roles.
    pub roles: Vec<Label>,
}

/// A decision that approves, and that every check up to the twelfth let pass.
#[derive(Debug)]
pub struct Approval {
    decision: Verified<Statement<Decision>>,
}

impl Approval {
    /// The decision.
    pub fn decision(&self) -> &Decision {
        &self.decision.value().predicate
    }

    /// The digest of the decision's payload.
    pub fn digest(&self) -> &Digest {
        self.decision.digest()
    }

    /// The proposal or amendment that is approved.
    pub fn subject(&self) -> &Digest {
        &self.decision.value().subject
    }

    /// The nonce to burn.
    pub fn nonce(&self) -> &Nonce {
        &self.decision().nonce
    }
}

/// What a good approval amounts to.
#[derive(Debug)]
pub enum Ruling {
    /// With it there are enough.
    Enough(Box<Approval>),
    /// More people must sign. This is no refusal.
    Waiting {
        /// This one, which counts.
        approver: Approver,
        /// In words, what is still needed.
        needs: String,
    },
}

/// Checks an approval in `bytes`: form, signature, key, statement, then what stands against it, the
/// gate, the request, time, nonce, ledger, requirement, in this order.
///
/// `facts` is asked only after the signature held, and what it says is not kept.
///
/// # Errors
///
/// The first [`Refusal`]. A deny or a request for changes is refused as `DENIED`: it approves nothing.
pub fn verify<'a>(
    bytes: &[u8],
    root: &TrustedRoot,
    now: Timestamp,
    facts: impl FnOnce(&Verified<Statement<Decision>>) -> Facts<'a>,
) -> Result<Ruling, Refusal> {
    let verified = signed::<Statement<Decision>>(bytes, root, now)?;
    let decision = &verified.value().predicate;
    if decision.root_version > root.root().version {
        let why = format!("made under root {}, the gate has {}", decision.root_version, root.root().version);
        return Err(Refusal::new(Code::RootStale, why));
    }
    if decision.verdict != Verdict::Approve {
        return Err(Refusal::new(Code::Denied, "this decision does not approve"));
    }

    let facts = facts(&verified);
    nothing_against(facts.standing)?;
    if decision.gate != *facts.gate {
        return Err(Refusal::new(Code::WrongGate, format!("the decision is for {}", decision.gate)));
    }
    if let Some(subject) = &facts.subject {
        same_request(decision, subject)?;
    }
    in_time(decision, &facts)?;
    nonce(decision, &facts)?;
    if facts.ledger != Ledger::Consistent {
        return Err(Refusal::new(
            Code::LedgerInconsistent,
            "the ledger does not agree with itself or its anchor",
        ));
    }
    requirement(verified, &facts)
}

fn nothing_against(standing: Standing) -> Result<(), Refusal> {
    let refuse = |code, why: &str| Err(Refusal::new(code, why));
    match standing {
        Standing::Open => Ok(()),
        Standing::Denied => refuse(Code::Denied, "it was denied"),
        Standing::ChangesRequested => refuse(Code::Denied, "changes were requested, which blocks it"),
        Standing::Withdrawn => refuse(Code::Withdrawn, "it was withdrawn"),
        Standing::Superseded => refuse(Code::Superseded, "a newer proposal took its place"),
        Standing::Halted => refuse(Code::Halted, "a halt covers it"),
    }
}

fn same_request(decision: &Decision, subject: &Subject<'_>) -> Result<(), Refusal> {
    if subject.recomputed != subject.signed {
        return Err(Refusal::new(
            Code::ActionMismatch,
            "the request at hand does not make the proposal that was signed",
        ));
    }
    let proposal = subject.proposal;
    let copied = decision.nonce == proposal.nonce
        && decision.epoch == proposal.epoch
        && decision.not_before == proposal.not_before
        && decision.expires == proposal.expires
        && decision.rules == proposal.rules;
    if !copied {
        return Err(Refusal::new(
            Code::ActionMismatch,
            "the decision does not copy the proposal's nonce, times and rules",
        ));
    }
    let same = |asking: &Agent| {
        asking.authenticated == proposal.agent.authenticated && asking.session == proposal.agent.session
    };
    if subject.asking.is_some_and(|asking| !same(asking)) {
        return Err(Refusal::new(Code::AgentMismatch, "another agent or session asks for it"));
    }
    if let Some(Err(error)) = &subject.amendment {
        return Err(Refusal::new(Code::AmendmentInvalid, error.to_string()));
    }
    Ok(())
}

fn in_time(decision: &Decision, facts: &Facts<'_>) -> Result<(), Refusal> {
    let Clock { now, highest } = facts.clock;
    // A clock that went backwards says nothing about the two limits after it.
    if now.plus(CLOCK_TOLERANCE) < highest {
        let why = format!("the clock is {} s behind what it showed before", highest.since(now));
        return Err(Refusal::new(Code::ClockRollback, why));
    }
    if now < decision.not_before {
        let why = format!("it may act in {} s", decision.not_before.since(now));
        return Err(Refusal::new(Code::NotYetValid, why));
    }
    let until =
        facts.subject.as_ref().map_or(decision.expires, |it| it.proposal.until().min(decision.expires));
    if now >= until {
        let why = format!("it expired {} s ago", now.since(until));
        return Err(Refusal::new(Code::DecisionExpired, why));
    }
    let created = facts.subject.as_ref().map_or(decision.not_before, |subject| subject.proposal.created);
    if decision.expires.since(created) > MAX_LIFETIME {
        return Err(Refusal::new(Code::LifetimeTooLong, "it would stand for more than 14 days"));
    }
    Ok(())
}

fn nonce(decision: &Decision, facts: &Facts<'_>) -> Result<(), Refusal> {
    if decision.epoch != *facts.epoch || facts.subject.is_none() {
        return Err(Refusal::new(Code::NonceUnknown, "the nonce is not of this life of the ledger"));
    }
    match facts.nonce {
        NonceState::Open => Ok(()),
        NonceState::Unknown => Err(Refusal::new(Code::NonceUnknown, "the gate did not issue this nonce")),
        NonceState::Burned => Err(Refusal::new(Code::Replay, "the nonce was used before")),
    }
}

fn requirement(verified: Verified<Statement<Decision>>, facts: &Facts<'_>) -> Result<Ruling, Refusal> {
    let decision = &verified.value().predicate;
    let Some(subject) = &facts.subject else {
        return Err(Refusal::new(Code::NonceUnknown, "the gate knows no such proposal"));
    };
    for id in &subject.proposal.acknowledge {
        if !decision.acknowledged.iter().any(|it| it.id == *id) {
            return Err(Refusal::new(Code::Requirement, "a finding that had to be acknowledged was not"));
        }
    }
    let approver = Approver { person: decision.reviewer.clone(), roles: verified.roles().to_vec() };
    let mut people: Vec<&Approver> = vec![&approver];
    for earlier in facts.approvers {
        if !people.iter().any(|it| it.person == earlier.person) {
            people.push(earlier);
        }
    }
    // The stricter of what was signed and what holds now: both must be met.
    let (current, _) = facts.rules;
    for need in subject.proposal.requirement.needs.iter().chain(&current.needs) {
        let fits = |it: &&&Approver| need.role.as_ref().is_none_or(|role| it.roles.contains(role));
        let have = people.iter().filter(fits).count();
        if have < usize::from(need.count) {
            let role = need.role.as_ref().map_or("reviewer", Label::as_str);
            let needs = format!("{have} of {} signatures of the role {role}", need.count);
            return Ok(Ruling::Waiting { approver, needs });
        }
    }
    Ok(Ruling::Enough(Box::new(Approval { decision: verified })))
}
