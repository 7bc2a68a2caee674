//! Check 14, the one point of truth, and what is written down around each action.

use std::time::{Duration, Instant};

use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::proposal::{Agent, Effect, Proposal};
use countersign_core::receipt::Outcome;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::time::Timestamp;
use countersign_core::verify::Ruling;
use countersign_sources::milestone::milestone;

use super::anchored::anchored;
use super::judge::{Bench, Case};
use super::{Engine, receipts, uses, work};
use crate::Error;
use crate::ledger::{Attempt, Decided, Entry, Meta, State, Step, Use, halts, steps};
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

    /// Writes down that an action begins; from here on its outcome is unknown until it is finished.
    pub(super) fn start_step(&mut self, case: &Case, action: usize) -> Result<Timestamp, Refusal> {
        self.try_start_step(case, action).map_err(Error::into_refusal)
    }

    fn try_start_step(&mut self, case: &Case, action: usize) -> Result<Timestamp, Error> {
        if self.ending {
            return Err(Refusal::new(Code::StateUnavailable, "the gate was asked to end").into());
        }
        self.ingest()?;
        let now = self.now();
        let change = self.ledger.write()?;
        let agent = &case.proposal.agent.authenticated;
        if halts::covering(&change, self.folder.gate(), agent)?.is_some() {
            return Err(Refusal::new(Code::Halted, "a halt came before this was begun").into());
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
        case: &Case,
        action: usize,
        outcome: &Outcome,
        files: &[(Digest, std::path::PathBuf)],
    ) -> Result<(), Error> {
        let change = self.ledger.write()?;
        Step::finish(&change, case.entry.number, action, outcome)?;
        for (digest, path) in files {
            steps::add_result(&change, case.entry.number, digest, path)?;
        }
        change.commit()?;
        milestone("finished");
        Ok(())
    }

    /// Writes the receipt of what was burned.
    pub(super) fn conclude(&mut self, digest: &Digest, stopped: Option<&Refusal>) -> Result<(), Error> {
        let now = self.now();
        let change = self.ledger.write()?;
        let entry = Entry::by_digest(&change, digest)?.ok_or(Error::Damaged("a proposal is gone"))?;
        let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
        seal.conclude(&change, &entry, stopped)?;
        change.commit()?;
        milestone("receipt");
        self.handle.bump();
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use countersign_core::decision::{DECISION, Decision, Sheet};
    use countersign_core::envelope::{Envelope, IN_TOTO};
    use countersign_core::key::SecretKey;
    use countersign_core::proposal::Authenticated;
    use countersign_core::root::{self, Holder, Root};
    use countersign_core::statement::Statement;
    use countersign_sources::layout::Layout;
    use countersign_sources::spool::{Kind, Writer};

    use super::*;
    use crate::config::Config;
    use crate::engine::Parts;
    use crate::folder::Folder;
    use crate::request::{Run, Uploads, Want};
    use crate::{resolve, start};

    /// What is in the box when the nonce is about to be burned wins, also when nobody has read it yet.
    #[test]
    fn a_denial_that_lies_unread_in_the_box_wins_over_a_burn() {
        let base = tempfile::tempdir().unwrap();
        let layout = Layout::at(&base.path().canonicalize().unwrap());
        let gate = "home".parse().unwrap();
        let [person, device, administrator] = [1, 2, 3].map(|seed| SecretKey::from_seed(&[seed; 32]));
        let own = start::init(&layout, &gate).unwrap();
        let from = Timestamp::from_seconds(0);
        let name = || "ada".parse().unwrap();
        let laptop = Holder::Device { name: "laptop".parse().unwrap(), person: name() };
        let entries = vec![
            root::Entry::new(administrator.public(), Holder::Administrator { name: name() }, from),
            root::Entry::new(person.public(), Holder::Person { name: name() }, from),
            root::Entry::new(device.public(), laptop, from),
            root::Entry::new(own, Holder::Gate { gate: gate.clone() }, from),
        ];
        let root = Root { version: 1, created: from, threshold: 1, entries };
        let root = Envelope::sign(root::TYPE, root.to_payload().unwrap(), &administrator);
        start::trust(&layout, &gate, &root.to_bytes(), &root.digest()).unwrap();

        let folder = Folder::of(&layout, &gate);
        let config = Config::read(&folder.config()).unwrap();
        let run = Run { argv: vec!["true".into()], cwd: "/".into(), environment: vec![], stdin: None };
        let resolved = resolve::resolve(Request::new(Want::Run(run)), &Uploads::new(), &config).unwrap();
        let agent = Agent {
            name: name(),
            calls_itself: None,
            session: name(),
            model: None,
            authenticated: Authenticated::None,
        };
        // Its jobs are never done: nothing happens but what is called here.
        let (mut engine, _jobs) = Engine::start(Parts { folder, config, reset_clock: false }).unwrap();
        let digest = engine.propose(resolved, &Uploads::new(), agent, None).unwrap().digest;
        let entry = Entry::by_digest(&engine.ledger.read().unwrap(), &digest).unwrap().unwrap();
        let proposal = receipts::parse(&entry).unwrap();
        let say = |verdict: Verdict, key: &SecretKey| {
            let predicate = Decision {
                verdict,
                comment: None,
                reviewer: name(),
                gate: proposal.gate.clone(),
                epoch: proposal.epoch,
                nonce: proposal.nonce,
                not_before: proposal.not_before,
                expires: proposal.expires,
                signed_at: proposal.created,
                root_version: 1,
                rules: proposal.rules,
                sheet: Sheet { sha256: digest, version: 1 },
                acknowledged: vec![],
                not_shown: None,
                sequence: 1,
                together: vec![],
            };
            let envelope =
                Envelope::sign(IN_TOTO, Statement { subject: digest, predicate }.to_payload(DECISION), key);
            let writer = Writer::open(&layout.gate_box(&gate)).unwrap();
            writer.send(Kind::Decision, &envelope.digest(), &envelope.to_bytes()).unwrap();
        };
        say(Verdict::Approve, &person);
        engine.ingest().unwrap();
        let order = engine.order(&digest, None, None).unwrap().unwrap_or_else(|refusal| panic!("{refusal}"));

        // Behind more rubbish than one scan reads, all of which looks as if it came first.
        for at in 0..12_u8 {
            let name = format!("root.{}.json", Digest::of(&[at]));
            let bytes = vec![b' '; usize::try_from(countersign_sources::spool::MAX_MESSAGE).unwrap()];
            std::fs::write(layout.gate_box(&gate).join("new").join(name), bytes).unwrap();
        }
        say(Verdict::Deny, &device);
        assert_eq!(engine.burn(&order, None).unwrap_err().code, Code::Denied);
        let entry = Entry::by_digest(&engine.ledger.read().unwrap(), &digest).unwrap().unwrap();
        assert_eq!((entry.state, entry.burned), (State::Ended, None));
    }
}
