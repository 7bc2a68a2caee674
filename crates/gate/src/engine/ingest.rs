//! Reading the box: roots, halts, withdrawals, denies, then the rest.
//!
//! Each message is committed before it is moved to `cur`; what is refused is
//! written down with its code and moved to `bad`. While the ledger cannot be
//! written, messages stay where they are and are read again.

use countersign_core::ack::{Acknowledgement, Receiver};
use countersign_core::decision::{Decision, Resolution, Verdict, Withdrawal};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::halt::{Halt, Lift};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::statement::Statement;
use countersign_core::verify::{Ruling, Verified, signed};
use countersign_sources::milestone::milestone;
use countersign_sources::spool::{Arrival, Kind, Name};

use super::anchored::counted;
use super::judge::Bench;
use super::{Engine, memory, receipts};
use crate::Error;
use crate::ledger::{Attempt, Decided, Entry, Kept, Meta, State, decisions, halts, meta, outbox, proposals};

/// What became of a message.
pub(super) enum Answer {
    /// It is committed.
    Done,
    /// It will not be used. `told`: whether its sender may stop sending it.
    Refused { refusal: Refusal, told: bool },
}

impl Engine {
    /// Reads all that is in the box, as whoever is about to act has to.
    pub(super) fn ingest(&mut self) -> Result<(), Error> {
        self.read_box(usize::MAX).map(|_| ())
    }

    /// Reads what one scan finds. What is left over is read after the jobs that wait, so that whoever
    /// floods the box keeps no agent waiting for long.
    pub(super) fn ingest_some(&mut self) -> Result<(), Error> {
        if self.read_box(1)? {
            self.handle.hand(Self::tick)?;
        }
        Ok(())
    }

    /// Reads what at most so many scans find; whether there may be more.
    fn read_box(&mut self, scans: usize) -> Result<bool, Error> {
        let mut acks = Vec::new();
        let mut failed = None;
        let mut any = false;
        let mut more = true;
        for _ in 0..scans {
            let mut arrivals = match self.reader.scan() {
                Ok(arrivals) => arrivals,
                // What the scans before it brought is answered all the same.
                Err(error) => {
                    failed = Some(error.into());
                    break;
                }
            };
            // Stable: roots, halts and withdrawals stay first, and among decisions those that stop.
            arrivals.sort_by_key(|arrival| match arrival {
                Arrival::Message { name, bytes, .. } => (name.kind, !seems_to_stop(name.kind, bytes)),
                Arrival::Refused { .. } => (Kind::Resolution, true),
            });
            let (mut answered, mut rubbish) = (0, Vec::new());
            for arrival in arrivals {
                let Arrival::Message { name, kind, digest_in_name, bytes, .. } = arrival else {
                    answered += 1;
                    continue;
                };
                if let Some(refusal) = misnamed(&digest_in_name, &bytes) {
                    rubbish.push((name, refusal));
                    continue;
                }
                match self.take(kind, &digest_in_name, &bytes) {
                    Ok(answer) => {
                        any = true;
                        // One that cannot be moved is seen again; it must not keep the others waiting.
                        match self.answer(&name, answer, &mut acks) {
                            Ok(()) => answered += 1,
                            Err(error) => failed = Some(error),
                        }
                    }
                    Err(error) => failed = Some(error),
                }
            }
            match self.refuse_all(rubbish) {
                Ok(refused) => {
                    any |= refused > 0;
                    answered += refused;
                }
                Err(error) => failed = Some(error),
            }
            // Only an empty scan says that there is nothing more: one may end early by its bytes.
            more = answered > 0;
            if !more {
                break;
            }
        }
        if !acks.is_empty() {
            let epoch = Meta::of(&*self.ledger.read()?)?.epoch;
            self.acknowledge(&epoch, &acks)?;
        }
        if any {
            self.handle.bump();
        }
        failed.map_or(Ok(more), Err)
    }

    fn answer(&self, name: &Name, answer: Answer, acks: &mut Vec<Digest>) -> Result<(), Error> {
        match answer {
            Answer::Done => {
                milestone(format_args!("committed {}", name.kind));
                self.reader.done(name)?;
                if name.kind != Kind::Ack {
                    acks.push(name.digest);
                }
            }
            Answer::Refused { refusal, told } => {
                tracing::warn!(message = %name, code = %refusal.code, "refused");
                self.reader.refuse(name, &refusal.to_string())?;
                if told {
                    acks.push(name.digest);
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, kind: Kind, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        match kind {
            Kind::Root => self.take_root(digest, bytes),
            Kind::Halt => self.take_halt(digest, bytes),
            Kind::Withdrawal => self.take_withdrawal(digest, bytes),
            Kind::Decision => self.take_decision(digest, bytes),
            Kind::Lift => self.take_lift(digest, bytes),
            Kind::Ack => self.take_ack(digest, bytes),
            Kind::Resolution => self.take_resolution(digest, bytes),
            Kind::Proposal | Kind::Receipt => {
                let refusal = Refusal::new(Code::PayloadType, "a gate takes neither proposals nor receipts");
                self.refuse(kind, digest, None, refusal, false)
            }
        }
    }

    /// Writes down, all at once, what is no envelope of its name, so that a flood of it costs one commit
    /// for each scan; how many were put away.
    fn refuse_all(&mut self, rubbish: Vec<(Name, Refusal)>) -> Result<usize, Error> {
        if rubbish.is_empty() {
            return Ok(0);
        }
        let now = self.now();
        let change = self.ledger.write()?;
        for (name, refusal) in &rubbish {
            Attempt::add(&change, name.kind.as_str(), &name.digest, None, refusal, now)?;
        }
        change.commit()?;
        let (mut refused, mut failed) = (0, None);
        for (name, refusal) in rubbish {
            match self.answer(&name, Answer::Refused { refusal, told: false }, &mut Vec::new()) {
                Ok(()) => refused += 1,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(refused), Err)
    }

    /// Writes a refusal down.
    fn refuse(
        &mut self,
        kind: Kind,
        digest: &Digest,
        about: Option<&Digest>,
        refusal: Refusal,
        told: bool,
    ) -> Result<Answer, Error> {
        let now = self.now();
        let change = self.ledger.write()?;
        Attempt::add(&change, kind.as_str(), digest, about, &refusal, now)?;
        change.commit()?;
        Ok(Answer::Refused { refusal, told })
    }

    fn take_root(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let newer = match self.root.advance(bytes) {
            Ok(newer) => newer,
            Err(_) if self.root.digest() == digest => return Ok(Answer::Done),
            Err(refusal) => return self.refuse(Kind::Root, digest, None, refusal, false),
        };
        let entry = newer.root().gate(self.folder.gate());
        if entry.is_none_or(|entry| entry.key != self.config.key) {
            let refusal = Refusal::new(Code::RootInvalid, "the root does not name this gate with its key");
            return self.refuse(Kind::Root, digest, None, refusal, false);
        }
        let change = self.ledger.write()?;
        meta::add_root(&change, newer.root().version, bytes)?;
        change.commit()?;
        tracing::info!(version = newer.root().version, "a newer root");
        self.root = newer;
        self.allow_senders();
        self.look_again()?;
        Ok(Answer::Done)
    }

    fn take_halt(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let halt = match signed::<Halt>(bytes, &self.root, now) {
            Ok(halt) => halt.into_value(),
            Err(refusal) => return self.refuse(Kind::Halt, digest, None, refusal, false),
        };
        if halts::knows_halt(&*self.ledger.read()?, digest)? {
            return Ok(Answer::Done);
        }
        self.make_sure()?;
        counted(&mut self.ledger, &self.anchor, now, |ledger| {
            halts::add_halt(ledger, digest, &halt, bytes, now)?;
            let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
            for number in Entry::all_in(ledger, State::Open)? {
                let entry = Entry::numbered(ledger, number)?;
                let agent = receipts::parse(&entry)?.agent;
                if halt.scope.covers(self.folder.gate(), &agent.authenticated) {
                    let refusal = Refusal::new(Code::Halted, "a halt made it void");
                    seal.refuse(ledger, &entry, &refusal, vec![])?;
                }
            }
            Ok(())
        })?;
        tracing::warn!(halt = %digest, "halted");
        Ok(Answer::Done)
    }

    fn take_lift(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let lift = match signed::<Lift>(bytes, &self.root, now) {
            Ok(lift) => lift.into_value(),
            Err(refusal) => return self.refuse(Kind::Lift, digest, None, refusal, false),
        };
        let change = self.ledger.write()?;
        if halts::add_lift(&change, digest, &lift, now)? {
            tracing::warn!(halt = %lift.halt, "lifted");
        }
        change.commit()?;
        Ok(Answer::Done)
    }

    fn take_withdrawal(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let withdrawal = match signed::<Statement<Withdrawal>>(bytes, &self.root, now) {
            Ok(withdrawal) => withdrawal,
            Err(refusal) => return self.refuse(Kind::Withdrawal, digest, None, refusal, false),
        };
        let Statement { subject, predicate } = withdrawal.value();
        if predicate.gate != *self.folder.gate() {
            let refusal = Refusal::new(Code::WrongGate, format!("the withdrawal is for {}", predicate.gate));
            return self.refuse(Kind::Withdrawal, digest, None, refusal, false);
        }
        let Some(person) = withdrawal.holder().person() else {
            let refusal = Refusal::new(Code::KeyPurpose, "a gate's proposal is not withdrawn from outside");
            return self.refuse(Kind::Withdrawal, digest, None, refusal, false);
        };
        if halts::withdrawn(&*self.ledger.read()?, subject, person)? {
            return Ok(Answer::Done);
        }
        self.make_sure()?;
        counted(&mut self.ledger, &self.anchor, now, |ledger| {
            halts::add_withdrawal(ledger, digest, subject, person, now)
        })?;
        Ok(Answer::Done)
    }

    fn take_ack(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let ack = match signed::<Acknowledgement>(bytes, &self.root, now) {
            Ok(ack) => ack.into_value(),
            Err(refusal) => return self.refuse(Kind::Ack, digest, None, refusal, false),
        };
        let Receiver::Device(device) = &ack.by else {
            let refusal = Refusal::new(Code::KeyPurpose, "another gate's acknowledgement");
            return self.refuse(Kind::Ack, digest, None, refusal, false);
        };
        let change = self.ledger.write()?;
        if outbox::heard_of(&change, device, &ack.epoch)? {
            outbox::send_again(&change, self.folder.gate())?;
            self.sent.clear();
        }
        outbox::acknowledged(&change, &ack.digests, now)?;
        change.commit()?;
        Ok(Answer::Done)
    }

    fn take_resolution(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let resolution = match signed::<Statement<Resolution>>(bytes, &self.root, now) {
            Ok(resolution) => resolution.into_value(),
            Err(refusal) => return self.refuse(Kind::Resolution, digest, None, refusal, false),
        };
        let Statement { subject, predicate } = resolution;
        if predicate.gate != *self.folder.gate() {
            let refusal = Refusal::new(Code::WrongGate, format!("the resolution is for {}", predicate.gate));
            return self.refuse(Kind::Resolution, digest, None, refusal, false);
        }
        let found = match predicate.found {
            countersign_core::decision::Found::Ran => "ran",
            countersign_core::decision::Found::DidNotRun => "did_not_run",
        };
        let change = self.ledger.write()?;
        decisions::add_resolution(&change, digest, &subject, &predicate.reviewer, found, now)?;
        change.commit()?;
        Ok(Answer::Done)
    }

    pub(super) fn take_decision(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let verified = match signed::<Statement<Decision>>(bytes, &self.root, now) {
            Ok(verified) => verified,
            Err(refusal) => {
                let about = self.about(bytes)?;
                if refusal.code == Code::KeyUnknown {
                    self.keep(digest, bytes, about.as_ref(), &refusal)?;
                }
                let about = about.map(|entry| entry.digest);
                return self.refuse(Kind::Decision, digest, about.as_ref(), refusal, false);
            }
        };
        match verified.value().predicate.verdict {
            Verdict::Approve => self.take_approval(digest, bytes),
            Verdict::Deny | Verdict::RequestChanges => self.take_objection(&verified, bytes),
        }
    }

    fn take_approval(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let now = self.now();
        let mark = self.anchor.read()?;
        let read = self.ledger.read()?;
        let bench = Bench {
            gate: self.folder.gate(),
            root: &self.root,
            config: &self.config,
            mark,
            came: &|digest| self.reader.blob(digest),
            asking: None,
            now,
        };
        let judged = bench.judge(&read, bytes)?;
        let seen = Decided::known(&read, digest)?;
        drop(read);
        let (ruling, case) = match judged {
            Ok(judged) => judged,
            Err(refusal) => {
                if refusal.code == Code::LedgerInconsistent && !self.anchor_matches()? {
                    self.new_epoch()?;
                }
                let about = self.about(bytes)?;
                let later = matches!(
                    refusal.code,
                    Code::RootStale | Code::NotYetValid | Code::ClockRollback | Code::StateUnavailable
                );
                if later {
                    self.keep(digest, bytes, about.as_ref(), &refusal)?;
                }
                let told = refusal.code != Code::WrongGate && !later;
                let about = about.map(|entry| entry.digest);
                return self.refuse(Kind::Decision, digest, about.as_ref(), refusal, told);
            }
        };
        milestone("verified");
        if !seen {
            let change = self.ledger.write()?;
            let verified = signed::<Statement<Decision>>(bytes, &self.root, now)?;
            decided(&verified, bytes, false).add(&change, case.entry.number, now)?;
            let mut came = case.contents.clone();
            if let Some(amendment) = &case.amendment
                && let Some(bytes) = self.reader.blob(amendment)
            {
                came.insert(*amendment, bytes);
            }
            proposals::add_contents(&change, case.entry.number, &came)?;
            Kept::remove(&change, digest)?;
            Meta::saw(&change, now)?;
            change.commit()?;
            tracing::info!(id = case.entry.id, decision = %digest, "approved");
        }
        if let Ruling::Enough(_) = ruling {
            self.set_to_work(&case.entry, &case.proposal);
        }
        Ok(Answer::Done)
    }

    /// A deny or a request for changes. It counts as long as nothing was burned.
    fn take_objection(
        &mut self,
        verified: &Verified<Statement<Decision>>,
        bytes: &[u8],
    ) -> Result<Answer, Error> {
        let now = self.now();
        let Statement { subject, predicate } = verified.value();
        let digest = verified.digest();
        if predicate.gate != *self.folder.gate() {
            let refusal = Refusal::new(Code::WrongGate, format!("the decision is for {}", predicate.gate));
            return self.refuse(Kind::Decision, digest, None, refusal, false);
        }
        self.make_sure()?;
        let read = self.ledger.read()?;
        // An objection to an amendment is one to its original, whose nonce it names.
        let entry = match Entry::by_digest(&read, subject)? {
            Some(entry) => Some(entry),
            None => Entry::by_nonce(&read, &predicate.nonce)?,
        };
        let seen = Decided::known(&read, digest)?;
        drop(read);
        let Some(entry) = entry else {
            let refusal = Refusal::new(Code::NonceUnknown, "the gate knows no such proposal");
            return self.refuse(Kind::Decision, digest, None, refusal, true);
        };
        let late = entry.state != State::Open;
        if seen {
            return Ok(Answer::Done);
        }
        if late {
            let change = self.ledger.write()?;
            decided(verified, bytes, late).add(&change, entry.number, now)?;
            change.commit()?;
        } else {
            counted(&mut self.ledger, &self.anchor, now, |ledger| {
                decided(verified, bytes, late).add(ledger, entry.number, now)?;
                // A denial is final, also when its person would take it back.
                if predicate.verdict == Verdict::Deny {
                    let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
                    let refusal = Refusal::new(Code::Denied, "a reviewer denied it");
                    seal.refuse(ledger, &entry, &refusal, vec![*digest])?;
                }
                Ok(())
            })?;
        }
        tracing::info!(id = entry.id, decision = %digest, late, "objected to");
        Ok(Answer::Done)
    }

    /// What a decision says that it is about. Nobody has to have signed it: for the record only.
    fn about(&mut self, bytes: &[u8]) -> Result<Option<Entry>, Error> {
        let Some(decision) = unsigned(bytes) else { return Ok(None) };
        let read = self.ledger.read()?;
        match Entry::by_digest(&read, &decision.subject)? {
            Some(entry) => Ok(Some(entry)),
            None => Entry::by_nonce(&read, &decision.predicate.nonce),
        }
    }

    /// Whether the root is still the one that was pinned (check 2, repeated).
    pub(super) fn root_holds(&mut self) -> Result<(), Error> {
        let read = self.ledger.read()?;
        self.root = memory::root(&self.folder, &self.config, &read)?;
        Ok(())
    }
}

/// Why this is no envelope of that name. The name decides what is acknowledged, so it has to be the name
/// of what is inside.
fn misnamed(digest: &Digest, bytes: &[u8]) -> Option<Refusal> {
    let why = match Envelope::parse(bytes) {
        Ok(envelope) if envelope.digest() == *digest => return None,
        Ok(_) => "its payload has another digest than its name says".to_owned(),
        Err(error) => error.to_string(),
    };
    Some(Refusal::new(Code::EnvelopeMalformed, why))
}

fn decided(verified: &Verified<Statement<Decision>>, bytes: &[u8], late: bool) -> Decided {
    let decision = &verified.value().predicate;
    Decided {
        digest: *verified.digest(),
        person: decision.reviewer.clone(),
        verdict: decision.verdict,
        comment: decision.comment.clone(),
        envelope: bytes.to_vec(),
        late,
    }
}

fn unsigned(bytes: &[u8]) -> Option<Statement<Decision>> {
    let envelope = Envelope::parse(bytes).ok().filter(|it| it.payload_type == IN_TOTO)?;
    Statement::parse(&envelope.payload, countersign_core::decision::DECISION).ok()
}

/// Whether it says that it stops something. Only the order is decided by it.
fn seems_to_stop(kind: Kind, bytes: &[u8]) -> bool {
    kind == Kind::Decision && unsigned(bytes).is_some_and(|it| it.predicate.verdict != Verdict::Approve)
}
