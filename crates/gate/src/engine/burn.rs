//! Check 14, the one point of truth.

use std::time::{Duration, Instant};

use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::proposal::{Agent, Effect, Proposal};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::verify::Ruling;
use countersign_sources::milestone::milestone;

use super::anchored::anchored;
use super::judge::{Bench, Case};
use super::{Engine, receipts, uses, work};
use crate::Error;
use crate::ledger::{Attempt, Decided, Entry, Meta, State, Use};
use crate::request::Request;

/// How long nothing is tried again after the disk refused.
const REST: Duration = Duration::from_secs(2);

/// What a worker needs: what to do, and by which approval.
pub(crate) struct Order {
    pub(crate) case: Case,
    pub(super) approval: Vec<u8>,
    /// Which entry of a batch.
    pub(crate) entry: Option<usize>,
}

impl Engine {
    /// Lets a worker act on an approved proposal, unless one does already.
    pub(super) fn set_to_work(&mut self, entry: &Entry, proposal: &Proposal) {
        // A batch waits until its agent comes for an entry.
        if proposal.actions.batch().is_some() {
            return;
        }
        let rests = self.resting.get(&entry.digest).is_some_and(|until| Instant::now() < *until);
        if self.ending || rests || proposal.effect == Effect::Release || !self.at_work.insert(entry.digest) {
            return;
        }
        self.resting.remove(&entry.digest);
        work::start(self.handle(), self.folder.clone(), self.children(), entry.digest);
    }

    /// A worker has ended.
    pub(super) fn worker_ended(&mut self, digest: &Digest) {
        self.at_work.remove(digest);
        self.handle.bump();
    }

    /// Goes on with what is approved and not acted on: after a restart, or after the disk was full.
    pub(super) fn resume(&mut self) -> Result<(), Error> {
        let approved = Entry::approved(&*self.ledger.read()?)?;
        for number in approved {
            let entry = Entry::numbered(&*self.ledger.read()?, number)?;
            let proposal = receipts::parse(&entry)?;
            if proposal.effect == Effect::Release || self.at_work.contains(&entry.digest) {
                continue;
            }
            match self.order(&entry.digest, None, None)? {
                Ok(_) => self.set_to_work(&entry, &proposal),
                // It was approved, and the request or the configuration is another one since.
                Err(refusal) if refusal.code == Code::ActionMismatch => {
                    self.not_done(&entry.digest, &refusal)?;
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// The first approval with which there are enough, and what it approves; of a batch, this entry.
    pub(super) fn order(
        &mut self,
        digest: &Digest,
        asking: Option<(&Agent, &Request)>,
        entry: Option<usize>,
    ) -> Result<Result<Order, Refusal>, Error> {
        let using = entry;
        let now = self.now();
        let mark = self.anchor.read()?;
        let read = self.ledger.read()?;
        let none = || Refusal::new(Code::Requirement, "nobody approved it yet");
        let Some(entry) = Entry::by_digest(&read, digest)? else { return Ok(Err(none())) };
        let mut refusal = none();
        for decided in Decided::standing(&read, entry.number)? {
            if decided.verdict != Verdict::Approve || decided.late {
                continue;
            }
            let bench = Bench {
                gate: self.folder.gate(),
                root: &self.root,
                config: &self.config,
                mark,
                came: &|digest| self.reader.blob(digest),
                asking,
                using,
                now,
            };
            match bench.judge(&read, &decided.envelope)? {
                Ok((Ruling::Enough(_), case)) => {
                    return Ok(Ok(Order { case, approval: decided.envelope, entry: using }));
                }
                Ok((Ruling::Waiting { needs, .. }, _)) => refusal = Refusal::new(Code::Requirement, needs),
                Err(other) => refusal = other,
            }
        }
        Ok(Err(refusal))
    }

    /// Burns the nonce, or says why not. After it, the bytes in the order may be acted on, once.
    pub(super) fn burn(&mut self, order: &Order, asking: Option<(&Agent, &Request)>) -> Result<(), Refusal> {
        self.try_burn(order, asking).map_err(Error::into_refusal)?
    }

    fn try_burn(
        &mut self,
        order: &Order,
        asking: Option<(&Agent, &Request)>,
    ) -> Result<Result<(), Refusal>, Error> {
        if self.ending {
            return Err(Refusal::new(
                Code::StateUnavailable,
                "the gate is ending; it goes on at its next start",
            )
            .into());
        }
        // What was committed to the box before wins.
        self.ingest()?;
        self.root_holds()?;
        if !self.anchor_matches()? {
            self.new_epoch()?;
            let why = "the ledger does not match what was counted outside of it";
            return Ok(Err(Refusal::new(Code::LedgerInconsistent, why)));
        }
        let now = self.now();
        let mark = self.anchor.read()?;
        let burns = uses::burned(&order.case.proposal, order.entry);
        let burned = anchored(&mut self.ledger, &self.anchor, burns, now, |ledger| {
            let bench = Bench {
                gate: self.folder.gate(),
                root: &self.root,
                config: &self.config,
                mark,
                came: &|digest| self.reader.blob(digest),
                asking,
                using: order.entry,
                now,
            };
            let (approval, case) = match bench.judge(ledger, &order.approval)? {
                Ok((Ruling::Enough(approval), case)) => (approval, case),
                Ok((Ruling::Waiting { needs, .. }, _)) => {
                    return Ok(Err(Refusal::new(Code::Requirement, needs)));
                }
                Err(refusal) => return Ok(Err(refusal)),
            };
            // What was prepared is what is approved now.
            if case.acted != order.case.acted || case.amendment != order.case.amendment {
                return Ok(Err(Refusal::new(Code::ActionMismatch, "it changed while it was prepared")));
            }
            match order.entry {
                Some(entry) => drop(Use::burn(ledger, &case.entry, entry, Some(approval.digest()), now)?),
                None => case.entry.burn(ledger, Some(approval.digest()), case.amendment.as_ref(), now)?,
            }
            Ok(Ok(()))
        })?;
        if burned.is_ok() {
            self.uses_at_work += usize::from(order.entry.is_some());
            milestone("burned");
            tracing::info!(id = order.case.entry.id, "burned");
            self.handle.bump();
        }
        Ok(burned)
    }

    /// Nothing was done, before the burn: by what `refusal` says it ends, or is tried again.
    pub(super) fn not_done(&mut self, digest: &Digest, refusal: &Refusal) -> Result<(), Error> {
        let now = self.now();
        let rest = |engine: &mut Self| {
            engine.resting.insert(*digest, Instant::now() + REST);
        };
        if refusal.code == Code::StateUnavailable {
            rest(self);
            tracing::error!(proposal = %digest, "{refusal}");
        }
        let change = self.ledger.write()?;
        Attempt::add(&change, "act", digest, Some(digest), refusal, now)?;
        if let Some(entry) = Entry::by_digest(&change, digest)?.filter(|it| it.state == State::Open)
            && matches!(refusal.code, Code::Precondition | Code::ActionMismatch | Code::LifetimeTooLong)
        {
            let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
            seal.refuse(&change, &entry, refusal, vec![])?;
        }
        change.commit()?;
        Ok(())
    }

    /// What a claim would release, when it is approved for this agent, session and request.
    pub(crate) fn claim(
        &mut self,
        digest: &Digest,
        agent: &Agent,
        request: &Request,
    ) -> Result<Result<Order, Refusal>, Error> {
        match self.order(digest, Some((agent, request)), None)? {
            Ok(order) if order.case.proposal.effect == Effect::Release => Ok(Ok(order)),
            Ok(_) => Err(Error::Request("the gate itself acts on this".to_owned())),
            Err(refusal) => Ok(Err(self.not_released(digest, refusal)?)),
        }
    }

    /// Burns a release whose preconditions hold, and writes its receipt. The agent may go on when this is `Ok`.
    pub(crate) fn release(
        &mut self,
        order: &Order,
        agent: &Agent,
        request: &Request,
    ) -> Result<Result<(), Refusal>, Error> {
        let digest = order.case.entry.digest;
        if let Err(refusal) = self.burn(order, Some((agent, request))) {
            return Ok(Err(self.not_released(&digest, refusal)?));
        }
        let now = self.now();
        let change = self.ledger.write()?;
        let entry = Entry::by_digest(&change, &digest)?.ok_or(Error::Damaged("a proposal is gone"))?;
        let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
        seal.release(&change, &entry)?;
        change.commit()?;
        self.handle.bump();
        Ok(Ok(()))
    }

    /// Writes down why a claim was not met.
    pub(crate) fn not_released(&mut self, digest: &Digest, refusal: Refusal) -> Result<Refusal, Error> {
        if refusal.code != Code::Requirement {
            // Another agent's claim, or a changed request, must not end what was approved for this one.
            if matches!(refusal.code, Code::AgentMismatch | Code::ActionMismatch) {
                let now = self.now();
                let change = self.ledger.write()?;
                Attempt::add(&change, "claim", digest, Some(digest), &refusal, now)?;
                change.commit()?;
            } else {
                self.not_done(digest, &refusal)?;
            }
            self.handle.bump();
        }
        Ok(refusal)
    }

    /// Ends what nobody approved in time.
    pub(super) fn expire(&mut self) -> Result<(), Error> {
        let now = self.now();
        let expired = Entry::expired(&*self.ledger.read()?, now)?;
        if expired.is_empty() {
            return Ok(());
        }
        let change = self.ledger.write()?;
        let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
        for number in expired {
            let entry = Entry::numbered(&change, number)?;
            let refusal = Refusal::new(
                Code::DecisionExpired,
                if entry.uses.is_some() { "its time is over" } else { "nobody approved it in time" },
            );
            seal.refuse(&change, &entry, &refusal, vec![])?;
        }
        Meta::saw(&change, now)?;
        change.commit()?;
        self.handle.bump();
        Ok(())
    }
}
