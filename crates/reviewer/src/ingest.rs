//! From the box into the store: verified, or kept as evidence.
//!
//! One scan is one transaction; only when it is on the disk are its messages
//! moved out of the way. So a message is read again after a crash, and counts
//! once because the store knows its digest.

use std::collections::HashMap;

use countersign_core::ack::{Acknowledgement, Receiver};
use countersign_core::content::Content;
use countersign_core::decision::{Verdict, Withdrawal, Withdrawer};
use countersign_core::digest::Digest;
use countersign_core::halt::Halt;
use countersign_core::json;
use countersign_core::name::{Epoch, GateId};
use countersign_core::proposal::{MAX_LIFETIME, Proposal};
use countersign_core::receipt::{Outcome, Receipt};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::root::Holder;
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{TrustedRoot, Verified};
use countersign_sources::milestone::milestone;
use countersign_sources::spool::{Name, Reader};
use countersign_store::{
    AnswerFact, HaltRow, NewEvidence, NewHalt, NewProposal, NewReceipt, NewWithdrawal, Tx,
};

use crate::core::Inner;
use crate::queue::{self, Settled};
use crate::sheets::{self, Summary};
use crate::{Cause, Error, Event, ItemState, Need, halting, life};

mod messages;

use messages::{Message, Read, Wrong, in_order, read};

/// Halts that a gate may have signed itself and that stand: more say nothing more.
const MOST_OF_A_GATE: usize = 16;

/// The most scans of one look: what a flood leaves over is taken at the next.
const MOST_SCANS: usize = 64;

/// What a look at the box brought.
#[derive(Debug, Default)]
struct Brought {
    queue: bool,
    gates: bool,
    // Proposals that became whole, and what a list shows of them.
    whole: Vec<(Digest, Summary)>,
    // Gates that were started anew, with or without their memory.
    started: Vec<GateId>,
    // What a person is needed for, after they decided.
    needs: Vec<(Digest, Need)>,
    // Halts that stand at gates, and whether they were signed here.
    halted: Vec<(Digest, bool)>,
    // Contents that need no longer lie in the box.
    stored: Vec<Digest>,
}

impl Brought {
    /// Keeps a content, whichever way it was found. Proposals that it makes whole wait from now on.
    fn content(&mut self, tx: &Tx<'_>, digest: &Digest, bytes: &[u8]) -> Result<(), Error> {
        let waiting = tx.waiting_for(digest)?;
        tx.add_blob(digest, bytes)?;
        self.stored.push(*digest);
        self.queue |= !waiting.is_empty();
        for (proposal, gate) in &waiting {
            if tx.missing(proposal)?.is_empty() {
                tx.add_ack_due(gate, proposal)?;
                // What was asked may have been what was missing.
                let summary = sheets::summary_of(tx, proposal)?;
                queue::keep_row(tx, proposal, &summary)?;
                self.whole.push((*proposal, summary));
            }
        }
        Ok(())
    }
}

/// Either the store failed, and all of it is tried again, or the message is wrong.
enum Stop {
    Failed(Error),
    Wrong(Wrong),
}

impl<E: Into<Wrong>> From<E> for Stop {
    fn from(it: E) -> Self {
        Self::Wrong(it.into())
    }
}

impl From<countersign_store::Error> for Stop {
    fn from(it: countersign_store::Error) -> Self {
        Self::Failed(it.into())
    }
}

struct Batch<'a> {
    tx: &'a Tx<'a>,
    reader: &'a Reader,
    now: Timestamp,
    brought: &'a mut Brought,
    // The halts that stand, once they were needed.
    halts: Option<Vec<HaltRow>>,
    around: &'a Around,
}

/// Whom the root names, as far as a halt needs to know.
struct Around {
    gates: Vec<GateId>,
    // This installation.
    device: Option<Holder>,
}

impl Inner {
    /// Takes everything out of the box, and looks for contents that were missing.
    pub(crate) fn ingest(&self) -> Result<(), Error> {
        let reader = self.reader();
        let taken = self.take_all(&reader);
        let found = self.find_missing(&reader);
        taken.and(found)
    }

    fn take_all(&self, reader: &Reader) -> Result<(), Error> {
        let mut failed = Ok(());
        for _ in 0..MOST_SCANS {
            // Before there is a root, nothing can be verified: it waits in the box.
            let Some((root, around)) = self.around() else { return Ok(()) };
            let arrivals = reader.scan()?;
            if arrivals.is_empty() {
                break;
            }
            let now = self.now();
            // Signatures take longest, and need nothing of the store: not under the lock.
            let mut read: Vec<Read<'_>> = arrivals.iter().map(|arrival| read(arrival, &root, now)).collect();
            in_order(&mut read);
            let mut brought = Brought::default();
            let mut core = self.core();
            // A root that came in between may trust a sender no more: all of it is read again under that one.
            if core.root.as_ref().is_none_or(|now| now.digest() != root.digest()) {
                continue;
            }
            let (answers, settled) = core.store.write_settled(|tx| {
                let mut batch =
                    Batch { tx, reader, now, brought: &mut brought, halts: None, around: &around };
                read.into_iter().map(|read| batch.take(read)).collect::<Result<Vec<_>, Error>>()
            })?;
            drop(core);
            let mut stuck = 0;
            for (name, refused) in answers.into_iter().flatten() {
                milestone(format_args!("committed {}", name.kind));
                let moved = match refused {
                    None => reader.done(&name),
                    Some(why) => reader.refuse(&name, &why),
                };
                // One that cannot be moved is seen again; it must not keep the others waiting.
                stuck += usize::from(moved.is_err());
                failed = failed.and(moved);
            }
            self.after_commit(reader, brought, &settled)?;
            if stuck == arrivals.len() {
                break;
            }
        }
        Ok(failed?)
    }

    fn around(&self) -> Option<(TrustedRoot, Around)> {
        let core = self.core();
        let device = core
            .settings
            .as_ref()
            .map(|it| Holder::Device { name: it.device.clone(), person: it.person.clone() });
        Some((core.root.clone()?, Around { gates: core.gates(), device }))
    }

    /// What was committed needs its copy in the box no longer; and whoever looks is told, once for all of it.
    fn after_commit(&self, reader: &Reader, brought: Brought, settled: &Settled) -> Result<(), Error> {
        for digest in &brought.stored {
            reader.drop_blob(digest);
        }
        // An acknowledgement may have died with the gate: what is open is sent again, and not in a minute.
        for gate in &brought.started {
            self.core().send_again(gate);
        }
        if brought.queue || settled.moved {
            self.tell(Event::QueueChanged);
        }
        if brought.gates {
            self.tell(Event::GatesChanged);
        }
        for (digest, own) in &brought.halted {
            self.tell(Event::Halted { digest: *digest, own: *own });
        }
        for (digest, why) in &brought.needs {
            self.tell(Event::NeedsYou { digest: *digest, why: *why });
        }
        let states: HashMap<&Digest, &ItemState> =
            settled.states.iter().map(|(digest, state)| (digest, state)).collect();
        for (digest, Summary { agent, kind, serious, .. }) in brought.whole {
            let waits = match states.get(&digest) {
                Some(state) => **state == ItemState::Waiting,
                None => self.state_of(&digest)? == Some(ItemState::Waiting),
            };
            if waits {
                self.wishes.arrived(&digest);
                self.tell(Event::Arrived { digest, agent, kind, serious });
            }
        }
        Ok(())
    }

    /// Whether an answer to it is still to be given, also where contents are missing. Makes no sheet.
    pub(crate) fn waits(&self, digest: &Digest) -> Result<bool, Error> {
        Ok(self.state_of(digest)?.as_ref().is_some_and(queue::is_open))
    }

    fn state_of(&self, digest: &Digest) -> Result<Option<ItemState>, Error> {
        let facts = self.core().store.read(|tx| tx.facts(digest))?;
        Ok(facts.map(|facts| life::state(&facts, self.now())))
    }

    /// Takes contents that came after the proposals that they are of.
    fn find_missing(&self, reader: &Reader) -> Result<(), Error> {
        for digest in reader.blobs()? {
            let (waited_for, stored) = self
                .core()
                .store
                .read(|tx| Ok::<_, Error>((!tx.waiting_for(&digest)?.is_empty(), tx.has_blob(&digest)?)))?;
            if stored {
                reader.drop_blob(&digest);
            }
            if !waited_for {
                continue;
            }
            let Some(bytes) = reader.blob(&digest) else { continue };
            let mut brought = Brought::default();
            let ((), settled) = self.core().store.write_settled(|tx| brought.content(tx, &digest, &bytes))?;
            self.after_commit(reader, brought, &settled)?;
        }
        Ok(())
    }
}

/// The message to answer, and why it is refused if it is.
type Answer = Option<(Name, Option<String>)>;

impl Batch<'_> {
    fn take(&mut self, read: Read<'_>) -> Result<Answer, Error> {
        let (name, bytes, uid, is) = match read {
            Read::Message { name, bytes, uid, is } => (name, bytes, uid, is),
            Read::Refused { name, why } => {
                let wrong = Wrong::new(Cause::NoMessage, why);
                self.keep_evidence(name, &[], None, &wrong)?;
                return Ok(None);
            }
        };
        match is.map_err(Stop::Wrong).and_then(|it| self.message(it, bytes)) {
            Ok(()) => Ok(Some((name, None))),
            Err(Stop::Failed(error)) => Err(error),
            Err(Stop::Wrong(wrong)) => {
                self.keep_evidence(&name.to_string(), bytes, Some(uid), &wrong)?;
                Ok(Some((name, Some(format!("{}: {}", wrong.cause.as_str(), wrong.why)))))
            }
        }
    }

    fn keep_evidence(&mut self, name: &str, bytes: &[u8], uid: Option<u32>, it: &Wrong) -> Result<(), Error> {
        let new = NewEvidence { name, cause: it.cause.as_str(), why: &it.why, uid, bytes };
        self.brought.queue |= self.tx.add_evidence(&new, self.now)?;
        Ok(())
    }

    fn message(&mut self, it: Message, bytes: &[u8]) -> Result<(), Stop> {
        match it {
            Message::Proposal(it, summary) => self.proposal(&it, summary.map(|it| *it), bytes),
            Message::Receipt(it) => self.receipt(&it, bytes),
            Message::Withdrawal(it) => self.withdrawal(&it, bytes),
            Message::Acknowledgement(it) => self.acknowledgement(it.value()),
            Message::Halt(it, trusted) => self.halt(&it, trusted, bytes),
        }
    }

    fn proposal(
        &mut self,
        it: &Verified<Proposal>,
        summary: Option<Summary>,
        envelope: &[u8],
    ) -> Result<(), Stop> {
        let proposal = it.value();
        if proposal.expires.since(proposal.created) > MAX_LIFETIME {
            return Err(Refusal::new(Code::LifetimeTooLong, "it would stand for more than 14 days").into());
        }
        self.number(&proposal.gate, &proposal.epoch, proposal.seq, it.digest())?;
        let contents: Vec<Digest> = proposal.blobs().into_iter().map(|it| *it.sha256()).collect();
        let agent = String::from_utf8(json::to_bytes(&proposal.agent.authenticated)).unwrap_or_default();
        let new = NewProposal {
            digest: it.digest(),
            gate: &proposal.gate,
            epoch: &proposal.epoch,
            agent: &agent,
            created: proposal.created,
            expires: proposal.until(),
            uses: proposal.actions.batch().map(|batch| batch.terms().uses),
            supersedes: proposal.supersedes.as_ref(),
            people: proposal.requirement.needs.iter().map(|need| u64::from(need.count)).max().unwrap_or(1),
            contents: &contents,
            envelope,
        };
        let added = self.tx.add_proposal(&new, self.now)?;
        self.brought.queue |= added;
        if added {
            self.void_if_halted(it.digest(), proposal)?;
        }
        let missing = if contents.is_empty() { vec![] } else { self.tx.missing(it.digest())? };
        if added {
            let summary = match summary {
                Some(summary) => summary,
                None => sheets::summary_of(self.tx, it.digest()).map_err(Stop::Failed)?,
            };
            queue::keep_row(self.tx, it.digest(), &summary)?;
            if missing.is_empty() {
                self.brought.whole.push((*it.digest(), summary));
            }
        }
        // It is acknowledged when all of it is here, and again when it is sent again.
        if missing.is_empty() {
            self.tx.add_ack_due(&proposal.gate, it.digest())?;
        }
        // Also of one that was here before: what was missing may come together with it.
        self.take_blobs(&missing)
    }

    fn void_if_halted(&mut self, digest: &Digest, proposal: &Proposal) -> Result<(), Stop> {
        let halts = match self.halts.take() {
            Some(halts) => halts,
            None => self.tx.halts()?,
        };
        let covering = halting::covering(&halts, &proposal.gate, &proposal.agent.authenticated);
        self.halts = Some(halts);
        if let Some(halt) = covering {
            self.tx.void_one(&halt, digest)?;
        }
        Ok(())
    }

    fn receipt(&mut self, it: &Verified<Statement<Receipt>>, envelope: &[u8]) -> Result<(), Stop> {
        let receipt = &it.value().predicate;
        self.number(&receipt.gate, &receipt.epoch, receipt.seq, it.digest())?;
        let outcome = life::outcome(receipt);
        let here = |it: &Digest| self.tx.signed_here(it).map(|it| it.is_some());
        let here = receipt.decisions.iter().map(here).collect::<Result<Vec<_>, _>>()?;
        let new = NewReceipt {
            digest: it.digest(),
            subject: &it.value().subject,
            gate: &receipt.gate,
            seq: receipt.seq,
            burned: receipt.burned,
            amendment: receipt.amendment.as_ref(),
            used: receipt.used.map(|it| it.number),
            at: receipt.at,
            outcome: &outcome,
            elsewhere: !here.is_empty() && !here.contains(&true),
            envelope,
        };
        let added = self.tx.add_receipt(&new, self.now)?;
        self.brought.queue |= added;
        let need = match outcome.as_str() {
            "unknown" => Some(Need::OutcomeUnknown),
            "failed" => Some(Need::Failed),
            _ => None,
        };
        if let Some(need) = need.filter(|_| added)
            && self.was_approved(&it.value().subject, &receipt.gate)?
        {
            self.brought.needs.push((it.value().subject, need));
        }
        let results: Vec<Digest> = receipt.outcomes.iter().flat_map(results).collect();
        self.take_blobs(&results)?;
        self.tx.add_ack_due(&receipt.gate, it.digest())?;
        Ok(())
    }

    /// Whether an approval was given here for a proposal of `gate`, also one that was taken back too late.
    fn was_approved(&self, proposal: &Digest, gate: &GateId) -> Result<bool, Stop> {
        let known = self.tx.facts(proposal)?.is_some_and(|it| it.gate == *gate);
        let approved = |it: &AnswerFact| life::verdict(&it.verdict) == Verdict::Approve;
        Ok(known && self.tx.answers(proposal)?.iter().any(approved))
    }

    fn withdrawal(&mut self, it: &Verified<Statement<Withdrawal>>, envelope: &[u8]) -> Result<(), Stop> {
        let withdrawal = &it.value().predicate;
        if withdrawal.by != Withdrawer::Gate {
            let why = "a reviewer's withdrawal goes to a gate, not to a reviewer";
            return Err(Wrong::new(Cause::Unexpected, why).into());
        }
        let new = NewWithdrawal { subject: &it.value().subject, reason: withdrawal.reason.as_deref() };
        let signed = countersign_store::Signed {
            digest: it.digest(),
            gate: &withdrawal.gate,
            envelope,
            at: withdrawal.at,
        };
        self.brought.queue |= self.tx.add_gate_withdrawal(&new, &signed)?;
        self.tx.add_ack_due(&withdrawal.gate, it.digest())?;
        Ok(())
    }

    fn acknowledgement(&mut self, it: &Acknowledgement) -> Result<(), Stop> {
        let Receiver::Gate(gate) = &it.by else {
            return Err(Wrong::new(Cause::Unexpected, "a device's acknowledgement goes to a gate").into());
        };
        // An empty one announces; a full one of a life that is over says nothing about the present one.
        if it.digests.is_empty() || !self.tx.knows_epoch(gate, &it.epoch)? {
            self.epoch(gate, &it.epoch)?;
        }
        if it.digests.is_empty() {
            self.brought.started.push(gate.clone());
        }
        if self.tx.gate_epoch(gate)? == Some(it.epoch) {
            for digest in &it.digests {
                self.brought.queue |= self.tx.acknowledged(gate, digest, self.now)?;
            }
        }
        Ok(())
    }

    /// A halt that stands at a gate: the gate's own, or a device's that came back from there. Which gate sent the
    /// latter is not known, so every gate in its scope counts as halted, and hears of it when it is lifted.
    fn halt(&mut self, it: &Verified<Halt>, trusted: bool, envelope: &[u8]) -> Result<(), Stop> {
        let halt = it.value();
        let own = trusted && self.around.device.as_ref() == Some(it.holder());
        let by = match it.holder() {
            Holder::Device { name, person } => Some((person, name)),
            _ => None,
        };
        let gates: Vec<GateId> =
            self.around.gates.iter().filter(|gate| halt.scope.reaches(gate)).cloned().collect();
        let from = match it.holder() {
            Holder::Gate { gate } => {
                self.one_more_halt(gate, it.digest())?;
                std::slice::from_ref(gate)
            }
            _ => &self.around.gates,
        };
        for gate in from {
            self.tx.add_ack_due(gate, it.digest())?;
        }
        if self.tx.lifted(it.digest())? {
            // A gate at which it still stands has not heard of that.
            self.tx.spread_lifts(it.digest(), &gates, self.now)?;
            return Ok(());
        }
        let scope = String::from_utf8(json::to_bytes(&halt.scope)).unwrap_or_default();
        let reason = halt.reason.as_deref();
        let mut added = false;
        for gate in &gates {
            added |= if own {
                let signed = countersign_store::Signed { digest: it.digest(), gate, envelope, at: halt.at };
                self.tx.add_own_halt(&scope, reason, &signed)?
            } else {
                let at = halt.at;
                self.tx.add_halt(&NewHalt {
                    digest: it.digest(),
                    gate,
                    scope: &scope,
                    by,
                    at,
                    reason,
                    envelope,
                })?
            };
        }
        if added {
            self.halts = None;
            self.brought.gates = true;
            self.brought.halted.push((*it.digest(), own));
            if own {
                // As when it was signed; what is open stays so only where the gate does not obey it.
                halting::void(self.tx, it.digest(), &halt.scope, self.now).map_err(Stop::Failed)?;
                self.brought.queue = true;
            }
        }
        Ok(())
    }

    /// A gate is halted by one halt of its own as well as by many, and each takes a person's passphrase to lift.
    fn one_more_halt(&self, gate: &GateId, digest: &Digest) -> Result<(), Stop> {
        let rows = self.tx.halts()?;
        let mut own = rows.iter().filter(|it| !it.own && it.by.is_none() && it.gate == *gate);
        if own.clone().count() < MOST_OF_A_GATE || own.any(|it| it.digest == *digest) {
            return Ok(());
        }
        let why = format!(
            "{MOST_OF_A_GATE} halts that this gate signed itself stand already, and must be lifted first"
        );
        Err(Wrong { cause: Cause::Unexpected, why }.into())
    }

    /// A life of a gate that was never heard of is its present one.
    fn number(&mut self, gate: &GateId, epoch: &Epoch, seq: u64, digest: &Digest) -> Result<(), Stop> {
        if !self.tx.knows_epoch(gate, epoch)? {
            self.epoch(gate, epoch)?;
        }
        match self.tx.note_seq(gate, epoch, seq, digest)? {
            None => Ok(()),
            Some(first) => {
                let why = format!("the gate gave the number {seq} to {first} before");
                Err(Wrong { cause: Cause::SeqAgain, why }.into())
            }
        }
    }

    fn epoch(&mut self, gate: &GateId, epoch: &Epoch) -> Result<(), Stop> {
        if self.tx.set_gate_epoch(gate, epoch)? {
            self.tx.reopen(gate, self.now)?;
            self.brought.started.push(gate.clone());
            self.brought.queue = true;
            self.brought.gates = true;
        }
        Ok(())
    }

    fn take_blobs(&mut self, digests: &[Digest]) -> Result<(), Stop> {
        for digest in digests {
            let Some(bytes) = self.reader.blob(digest) else { continue };
            self.brought.content(self.tx, digest, &bytes).map_err(Stop::Failed)?;
        }
        Ok(())
    }
}

/// What came of an action and lies beside the receipt.
fn results(outcome: &Outcome) -> Vec<Digest> {
    let (Outcome::Done { results, .. } | Outcome::Failed { results, .. }) = outcome else { return vec![] };
    let beside = |content: &Content| content.inline_bytes().is_none().then_some(*content.sha256());
    results.iter().filter_map(|(_, content)| beside(content)).collect()
}
