//! How a proposal ends: outcomes, a signed receipt, and its place in the outbox, in one transaction.

use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO, MAX_PAYLOAD};
use countersign_core::key::SecretKey;
use countersign_core::name::GateId;
use countersign_core::proposal::Proposal;
use countersign_core::receipt::{Outcome, RECEIPT, Receipt, Used};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_sources::spool::Kind;
use rusqlite::Connection;

use super::uses;
use crate::Error;
use crate::ledger::{Decided, Entry, Letter, Meta, State, Step, Use};

/// What was burned, and by which decision.
struct About {
    used: Option<Used>,
    burned: Option<Timestamp>,
    approval: Option<Digest>,
}

/// What it takes to write a receipt.
pub(super) struct Seal<'a> {
    pub(super) key: &'a SecretKey,
    pub(super) gate: &'a GateId,
    pub(super) now: Timestamp,
}

impl Seal<'_> {
    /// Ends a proposal that was burned, by what its steps say. What was not begun was refused by
    /// `stopped`, or never attempted because one before it was not done.
    pub(super) fn conclude(
        &self,
        to: &Connection,
        entry: &Entry,
        stopped: Option<&Refusal>,
    ) -> Result<(), Error> {
        let proposal = parse(entry)?;
        let steps = Step::all(to, entry.number)?;
        let mut whole = true;
        let outcomes = (0..proposal.actions.len()).map(|at| {
            let step = steps.iter().find(|step| step.action == at);
            let outcome = match (step, stopped) {
                (Some(Step { outcome: Some(outcome), .. }), _) => outcome.clone(),
                (Some(Step { started, .. }), _) => Outcome::Unknown { started: *started },
                (None, Some(refusal)) if whole => refused(refusal),
                (None, _) => Outcome::NotAttempted {},
            };
            // After one that is not done, those that follow were not refused but never came up.
            whole &= matches!(outcome, Outcome::Done { .. } | Outcome::Refused { .. });
            outcome
        });
        self.end(to, entry, outcomes.collect(), objections(to, entry.number, stopped)?)
    }

    /// Ends a use that was burned, by what its step says, and the batch with the last of them.
    pub(super) fn conclude_use(
        &self,
        to: &Connection,
        used: &Use,
        stopped: Option<&Refusal>,
    ) -> Result<(), Error> {
        let entry = Entry::numbered(to, used.owner)?;
        let step = Step::all(to, used.owner)?.into_iter().find(|step| step.action == used.entry);
        let outcome = match (step, stopped) {
            (Some(Step { outcome: Some(outcome), .. }), _) => outcome,
            (Some(Step { started, .. }), _) => Outcome::Unknown { started },
            (None, Some(refusal)) => refused(refusal),
            (None, None) => Outcome::NotAttempted {},
        };
        let ended = ending(std::slice::from_ref(&outcome));
        let about =
            About { used: Some(uses::named(used)), burned: Some(used.burned), approval: used.approval };
        let decisions = objections(to, used.owner, stopped)?;
        let digest = self.sign(to, &entry, about, vec![outcome], decisions)?;
        used.end(to, &ended, &digest)?;
        let all = Use::all(to, used.owner)?;
        if entry.state == State::Acting && all.iter().all(|it| it.ending.is_some()) {
            let words: Vec<&str> = all.iter().filter_map(|it| it.ending.as_deref()).collect();
            let worst = ["unknown", "failed"].into_iter().find(|word| words.contains(word));
            // A use that was burned and refused before it began did not happen either.
            let worst = worst.or_else(|| words.into_iter().find(|word| *word != "done"));
            entry.end(to, worst.unwrap_or("done"), None, self.now)?;
        }
        Ok(())
    }

    /// Ends a proposal of which the agent was let go on.
    pub(super) fn release(&self, to: &Connection, entry: &Entry) -> Result<(), Error> {
        let count = parse(entry)?.actions.len();
        self.end(to, entry, vec![Outcome::Released { at: self.now }; count], vec![])
    }

    /// Ends a proposal of which nothing was done.
    pub(super) fn refuse(
        &self,
        to: &Connection,
        entry: &Entry,
        refusal: &Refusal,
        decisions: Vec<Digest>,
    ) -> Result<(), Error> {
        // What remains of a batch is one thing.
        let count = if entry.uses.is_some() { 1 } else { parse(entry)?.actions.len() };
        self.end(to, entry, vec![refused(refusal); count], decisions)
    }

    fn end(
        &self,
        to: &Connection,
        entry: &Entry,
        outcomes: Vec<Outcome>,
        decisions: Vec<Digest>,
    ) -> Result<(), Error> {
        let ending = ending(&outcomes);
        let about = About { used: None, burned: entry.burned, approval: entry.approval };
        let digest = self.sign(to, entry, about, outcomes, decisions)?;
        entry.end(to, &ending, Some(&digest), self.now)?;
        tracing::info!(id = entry.id, ending, receipt = %digest, "ended");
        Ok(())
    }

    /// Writes a receipt and puts it into the outbox; its digest.
    fn sign(
        &self,
        to: &Connection,
        entry: &Entry,
        about: About,
        outcomes: Vec<Outcome>,
        mut decisions: Vec<Digest>,
    ) -> Result<Digest, Error> {
        if let Some(approval) = about.approval {
            let others = Decided::standing(to, entry.number)?.into_iter().filter(|it| !it.late);
            let approving = others.filter(|it| it.verdict == Verdict::Approve);
            decisions.push(approval);
            decisions.extend(approving.map(|it| it.digest).filter(|it| *it != approval));
        }
        let mut receipt = Receipt {
            gate: self.gate.clone(),
            epoch: Meta::of(to)?.epoch,
            seq: Meta::next_seq(to, self.now)?,
            id: entry.id.parse().map_err(|_| Error::Damaged("an id that is none"))?,
            decisions,
            amendment: entry.amendment,
            used: about.used,
            burned: about.burned,
            at: self.now,
            outcomes,
        };
        let written = |receipt: &Receipt| {
            Statement { subject: entry.digest, predicate: receipt.clone() }.to_payload(RECEIPT)
        };
        let mut payload = written(&receipt);
        if payload.len() > MAX_PAYLOAD {
            // One that nobody can be sent would be worse than one without what came of it.
            receipt.outcomes.iter_mut().for_each(drop_results);
            payload = written(&receipt);
        }
        let envelope = Envelope::sign(IN_TOTO, payload, self.key);
        let digest = envelope.digest();
        Letter { digest, kind: Kind::Receipt, owner: Some(entry.number), envelope: envelope.to_bytes() }
            .add(to)?;
        Ok(digest)
    }
}

/// The proposal in its row.
pub(super) fn parse(entry: &Entry) -> Result<Proposal, Error> {
    Proposal::parse(&entry.payload).map_err(|_| Error::Damaged("a proposal that cannot be read"))
}

/// The decisions by which what was burned was not begun.
fn objections(from: &Connection, owner: i64, stopped: Option<&Refusal>) -> Result<Vec<Digest>, Error> {
    if stopped.is_none_or(|refusal| refusal.code != Code::Denied) {
        return Ok(vec![]);
    }
    let decided = Decided::standing(from, owner)?.into_iter();
    Ok(decided.filter(|it| it.verdict != Verdict::Approve && !it.late).map(|it| it.digest).collect())
}

fn refused(refusal: &Refusal) -> Outcome {
    let why = crate::users::label(&refusal.why).as_str().to_owned();
    Outcome::Refused { code: refusal.code, why }
}

fn drop_results(outcome: &mut Outcome) {
    if let Outcome::Done { results, .. } | Outcome::Failed { results, .. } = outcome {
        results.clear();
    }
}

/// The outcomes in one word: the worst of them. A refusal's code says that nothing at all was done.
fn ending(outcomes: &[Outcome]) -> String {
    let begun = |it: &Outcome| !matches!(it, Outcome::Refused { .. } | Outcome::NotAttempted {});
    let rank = |it: &&Outcome| match it {
        Outcome::Unknown { .. } => 0,
        Outcome::Failed { .. } => 1,
        Outcome::Refused { .. } => 2,
        Outcome::NotAttempted {} => 3,
        Outcome::Released { .. } => 4,
        Outcome::Done { .. } => 5,
    };
    match outcomes.iter().min_by_key(rank) {
        Some(Outcome::Unknown { .. }) => "unknown".to_owned(),
        Some(Outcome::Failed { .. } | Outcome::NotAttempted {}) => "failed".to_owned(),
        Some(Outcome::Refused { .. }) if outcomes.iter().any(begun) => "failed".to_owned(),
        Some(Outcome::Refused { code, .. }) => code.to_string(),
        Some(Outcome::Released { .. }) => "released".to_owned(),
        Some(Outcome::Done { .. }) | None => "done".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_ending_only_when_nothing_was_done() {
        let at = Timestamp::from_seconds(1);
        let done = Outcome::Done { started: at, finished: at, exit: None, results: vec![] };
        let halted = refused(&Refusal::new(Code::Halted, "a halt came"));
        assert_eq!(ending(&[halted.clone(), halted.clone()]), "HALTED");
        assert_eq!(ending(&[done.clone(), halted]), "failed");
        assert_eq!(ending(&[done.clone(), Outcome::Unknown { started: at }]), "unknown");
        assert_eq!(ending(&[done]), "done");
    }
}
