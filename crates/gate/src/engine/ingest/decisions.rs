//! What people decide about a proposal, and what they found out about its outcome.

use countersign_core::amendment::Amendment;
use countersign_core::decision::{DECISION, Decision, Found, Resolution, Verdict};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::statement::Statement;
use countersign_core::verify::{Ruling, Verified, signed};
use countersign_sources::milestone::milestone;
use countersign_sources::spool::Kind;
use rusqlite::Connection;

use super::Answer;
use crate::Error;
use crate::engine::anchored::counted;
use crate::engine::judge::Bench;
use crate::engine::{Engine, receipts, steps};
use crate::ledger::{Decided, Entry, Kept, Meta, State, decisions, proposals};

impl Engine {
    pub(in crate::engine) fn take_decision(
        &mut self,
        digest: &Digest,
        bytes: &[u8],
    ) -> Result<Answer, Error> {
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
            using: None,
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
                let lacks = matches!(refusal.code, Code::NonceUnknown | Code::AmendmentInvalid)
                    && self.lacks_bytes(bytes)?;
                let told = refusal.code != Code::WrongGate && !later && !lacks;
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

    /// A deny or a request for changes. It counts as long as something can be kept from happening.
    fn take_objection(
        &mut self,
        verified: &Verified<Statement<Decision>>,
        bytes: &[u8],
    ) -> Result<Answer, Error> {
        let now = self.now();
        let predicate = &verified.value().predicate;
        let digest = verified.digest();
        if predicate.gate != *self.folder.gate() {
            let refusal = Refusal::new(Code::WrongGate, format!("the decision is for {}", predicate.gate));
            return self.refuse(Kind::Decision, digest, None, refusal, false);
        }
        self.make_sure()?;
        let read = self.ledger.read()?;
        let entry = meant(&read, verified.value())?;
        let seen = Decided::known(&read, digest)?;
        let late = match &entry {
            Some(entry) => !steps::can_be_stopped(&read, entry)?,
            None => false,
        };
        drop(read);
        let Some(entry) = entry else {
            let refusal = Refusal::new(Code::NonceUnknown, "the gate knows no such proposal");
            return self.refuse(Kind::Decision, digest, None, refusal, true);
        };
        if seen {
            return Ok(Answer::Done);
        }
        if entry.state != State::Open {
            // What was burned and is not begun looks at it before it begins.
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

    pub(super) fn take_resolution(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
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
            Found::Ran => "ran",
            Found::DidNotRun => "did_not_run",
        };
        let change = self.ledger.write()?;
        decisions::add_resolution(&change, digest, &subject, &predicate.reviewer, found, now)?;
        change.commit()?;
        Ok(Answer::Done)
    }

    /// Whether a decision is about an amendment that is not here, or not all of it. Its sender sends it again then,
    /// with the bytes.
    fn lacks_bytes(&mut self, bytes: &[u8]) -> Result<bool, Error> {
        let Some(decision) = unsigned(bytes) else { return Ok(false) };
        let read = self.ledger.read()?;
        if Entry::by_digest(&read, &decision.subject)?.is_some() {
            return Ok(false);
        }
        let Some(entry) = Entry::by_nonce(&read, &decision.predicate.nonce)? else { return Ok(false) };
        let kept = proposals::contents(&read, entry.number)?;
        let here = |digest: &Digest| kept.get(digest).cloned().or_else(|| self.reader.blob(digest));
        let Some(amendment) = here(&decision.subject) else { return Ok(true) };
        let edits = Amendment::parse(&amendment).map(|it| it.edits).unwrap_or_default();
        Ok(edits.iter().any(|edit| edit.content.bytes(here).is_none()))
    }

    /// What a decision says that it is about. Nobody has to have signed it: for the record only.
    fn about(&mut self, bytes: &[u8]) -> Result<Option<Entry>, Error> {
        let Some(decision) = unsigned(bytes) else { return Ok(None) };
        meant(&*self.ledger.read()?, &decision)
    }
}

/// The proposal that a decision is about. One about an amendment names the nonce of its original.
fn meant(from: &Connection, decision: &Statement<Decision>) -> Result<Option<Entry>, Error> {
    match Entry::by_digest(from, &decision.subject)? {
        Some(entry) => Ok(Some(entry)),
        None => Entry::by_nonce(from, &decision.predicate.nonce),
    }
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
    Statement::parse(&envelope.payload, DECISION).ok()
}

/// Whether it says that it stops something. Only the order is decided by it.
pub(super) fn seems_to_stop(kind: Kind, bytes: &[u8]) -> bool {
    kind == Kind::Decision && unsigned(bytes).is_some_and(|it| it.predicate.verdict != Verdict::Approve)
}
