//! What is written down around each action of what was burned, and the last look before the first of them.

use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::name::GateId;
use countersign_core::proposal::Authenticated;
use countersign_core::receipt::Outcome;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::time::Timestamp;
use countersign_sources::milestone::milestone;
use rusqlite::Connection;

use super::burn::Order;
use super::{Engine, receipts};
use crate::Error;
use crate::ledger::{Decided, Entry, Meta, State, Step, Use, halts, steps};

impl Engine {
    /// Writes down that an action begins; from here on its outcome is unknown until it is finished.
    pub(super) fn start_step(&mut self, order: &Order, action: usize) -> Result<Timestamp, Refusal> {
        self.try_start_step(order, action).map_err(Error::into_refusal)
    }

    fn try_start_step(&mut self, order: &Order, action: usize) -> Result<Timestamp, Error> {
        if self.ending {
            return Err(Refusal::new(Code::StateUnavailable, "the gate was asked to end").into());
        }
        self.ingest()?;
        let now = self.now();
        let change = self.ledger.write()?;
        let case = &order.case;
        let agent = &case.proposal.agent.authenticated;
        if halts::covering(&change, self.folder.gate(), agent)?.is_some() {
            return Err(Refusal::new(Code::Halted, "a halt came before this was begun").into());
        }
        // What was begun is carried through; only a halt ends it between two actions.
        if order.entry.is_some() || Step::all(&change, case.entry.number)?.is_empty() {
            let entry = Entry::numbered(&change, case.entry.number)?;
            if let Some(refusal) = against(&change, self.folder.gate(), agent, &entry, now)? {
                return Err(refusal.into());
            }
            let approvals = Decided::standing(&change, entry.number)?;
            if !approvals.iter().any(|it| it.envelope == order.approval) {
                return Err(Refusal::new(Code::Withdrawn, "the approval was withdrawn").into());
            }
        }
        Step::start(&change, case.entry.number, action, now)?;
        Meta::saw(&change, now)?;
        change.commit()?;
        milestone("started");
        self.handle.bump();
        Ok(now)
    }

    /// Writes down what came of an action.
    pub(super) fn finish_step(
        &mut self,
        order: &Order,
        action: usize,
        outcome: &Outcome,
        files: &[(Digest, std::path::PathBuf)],
    ) -> Result<(), Error> {
        let of = order.case.entry.number;
        let change = self.ledger.write()?;
        Step::finish(&change, of, action, outcome)?;
        for (digest, path) in files {
            steps::add_result(&change, of, digest, path)?;
        }
        change.commit()?;
        milestone("finished");
        Ok(())
    }

    /// Writes the receipt of what was burned: of a proposal, or of one use of a batch.
    pub(super) fn conclude(&mut self, order: &Order, stopped: Option<&Refusal>) -> Result<(), Error> {
        let now = self.now();
        let change = self.ledger.write()?;
        let of = order.case.entry.number;
        let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
        match order.entry {
            None => seal.conclude(&change, &Entry::numbered(&change, of)?, stopped)?,
            Some(entry) => {
                let used = Use::of(&change, of, entry)?.ok_or(Error::Damaged("a use is gone"))?;
                seal.conclude_use(&change, &used, stopped)?;
            }
        }
        change.commit()?;
        milestone("receipt");
        self.handle.bump();
        Ok(())
    }
}

/// What stands against acting on a proposal now, as far as the ledger says so without any contents.
pub(super) fn against(
    ledger: &Connection,
    gate: &GateId,
    agent: &Authenticated,
    entry: &Entry,
    now: Timestamp,
) -> Result<Option<Refusal>, Error> {
    let refuse = |code, why: &str| Ok(Some(Refusal::new(code, why)));
    let ended = Code::ALL.iter().find(|it| entry.ending.as_deref() == Some(it.as_str()));
    if let Some(code) = ended {
        return refuse(*code, "what remained of it is void");
    }
    let decided = Decided::standing(ledger, entry.number)?;
    if decided.iter().any(|it| it.verdict != Verdict::Approve && !it.late) {
        return refuse(Code::Denied, "it was denied, or changes were requested");
    }
    if halts::covering(ledger, gate, agent)?.is_some() {
        return refuse(Code::Halted, "a halt covers it");
    }
    if now >= entry.expires {
        return refuse(Code::DecisionExpired, "its time is over");
    }
    Ok(None)
}

/// Whether something of it could still be kept from happening: nothing was burned, or what was is not begun.
pub(super) fn can_be_stopped(ledger: &Connection, entry: &Entry) -> Result<bool, Error> {
    let steps = Step::all(ledger, entry.number)?;
    let begun = |at: usize| steps.iter().any(|step| step.action == at);
    Ok(match entry.state {
        State::Open => true,
        State::Acting if entry.uses.is_none() => steps.is_empty(),
        State::Acting => {
            Use::all(ledger, entry.number)?.iter().any(|used| used.ending.is_none() && !begun(used.entry))
        }
        State::Ended => false,
    })
}
