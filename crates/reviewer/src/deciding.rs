//! Answers: what may be signed, and signing it.
//!
//! Every condition is checked here, under one lock with the signing and the
//! store, whatever the window believed when the button was pressed.

use countersign_core::decision::{
    Acknowledged, DECISION, Decision, Found, RESOLUTION, Resolution, Sheet, Verdict, WITHDRAWAL, Withdrawal,
    Withdrawer,
};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::name::{GateId, Label};
use countersign_core::proposal::Proposal;
use countersign_core::receipt::{RECEIPT, Receipt};
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{self, Verified};
use countersign_sources::milestone::milestone;
use countersign_store::{DecisionFact, Facts, NewDecision, NewResolution, NewWithdrawal};

use crate::acknowledging::Noted;
use crate::amending::Amended;
use crate::core::{Core, Inner};
use crate::marking::settled;
use crate::screen::{Armed, Which};
use crate::sheets::Made;
use crate::{Answer, ApproveState, Bar, Decide, Error, Event, ItemState, Lock, Signed, life, queue};

/// The longest comment, in bytes.
const MAX_COMMENT: usize = 4000;

/// Whether an item of which this is known can be answered like this at `now`.
pub(crate) fn open_for(answer: Answer, facts: &Facts, now: Timestamp) -> bool {
    use ItemState::{ChangesRequested, Delivered, Halted, Incomplete, Signed, Used, Waiting};
    match answer {
        Answer::Approve { .. } => waits(&life::state(facts, now)),
        // It may be denied unseen, and after one's own approval: a deny always counts. That somebody has to find out
        // about one use of a batch does not keep the others.
        Answer::Deny => {
            matches!(
                life::remaining(facts, now),
                Waiting
                    | Incomplete { .. }
                    | Signed { .. }
                    | Delivered { .. }
                    | Used { over: false, .. }
                    | ChangesRequested { .. }
                    | Halted { .. }
            )
        }
        Answer::RequestChanges => queue::is_open(&life::state(facts, now)),
    }
}

/// Whether an item in `state` can be approved.
pub(crate) fn waits(state: &ItemState) -> bool {
    matches!(state, ItemState::Waiting)
}

/// The answer that was given here, where it can be taken back at `now`. A deny is final.
fn own_answer(facts: &Facts, now: Timestamp) -> Option<&DecisionFact> {
    use ItemState::{ChangesRequested, Delivered, Signed, Used};
    let state = life::remaining(facts, now);
    let open = matches!(
        state,
        Signed { .. } | Delivered { .. } | Used { over: false, .. } | ChangesRequested { .. }
    );
    facts.decision.as_ref().filter(|_| open)
}

impl Inner {
    pub(crate) fn decide(&self, decide: Decide) -> Result<Signed, Error> {
        if let Some(group) = self.group(&decide.proposal) {
            return self.decide_together(&group, decide);
        }
        let comment = trimmed(decide.comment)?;
        // Slow, so before the lock; what is signed is compared with it under the lock.
        let made = self.made(&decide.proposal)?;
        // The thread that does so in time may be busy with what arrives.
        self.lock_when_idle();
        let (now, monotonic) = (self.now(), self.monotonic());
        let mut core = self.core();
        let facts = core.facts(&decide.proposal)?;
        if !open_for(decide.answer, &facts, now) {
            return Err(Error::NotOpen(Box::new(life::state(&facts, now))));
        }
        let sheet = named(&made, decide.sheet)?;
        let not_shown = match decide.answer {
            // An approval names the sheet that it is of.
            Answer::Approve { .. } if decide.sheet.is_none() => return Err(Error::Changed),
            Answer::Approve { not_shown } => {
                // A gate may have lost its trust since the proposal came.
                let envelope = core.store.read(|tx| tx.proposal(&decide.proposal))?;
                let envelope = envelope.ok_or(Error::NotFound(decide.proposal))?;
                verify::signed::<Proposal>(&envelope, core.root()?, now).map_err(Error::Root)?;
                core.check_unlocked(&decide.proposal, &made)?;
                core.check_shown(&decide.proposal, &made, not_shown, monotonic)?
            }
            Answer::Deny | Answer::RequestChanges => None,
        };
        let acknowledged = match decide.answer {
            Answer::Approve { .. } => core.acknowledged(&decide.proposal, &made),
            Answer::Deny | Answer::RequestChanges => vec![],
        };
        let verdict = match decide.answer {
            Answer::Approve { .. } => Verdict::Approve,
            Answer::Deny => Verdict::Deny,
            Answer::RequestChanges => Verdict::RequestChanges,
        };
        let decision = Decision {
            verdict,
            comment: comment.clone(),
            reviewer: core.person()?,
            gate: made.proposal.gate.clone(),
            epoch: made.proposal.epoch,
            nonce: made.proposal.nonce,
            not_before: made.proposal.not_before,
            expires: made.proposal.expires,
            signed_at: now,
            root_version: core.root()?.root().version,
            rules: made.proposal.rules,
            sheet,
            acknowledged,
            not_shown,
            sequence: core.store.read(|tx| tx.next_sequence(&decide.proposal))?,
            together: vec![],
        };
        // Whoever says no says it to the proposal; what is approved is what is on the sheet.
        let amended = made.amended.as_deref().filter(|_| verdict == Verdict::Approve);
        let subject = amended.map_or(decide.proposal, |it| it.digest);
        let statement = Statement { subject, predicate: decision };
        let payload = statement.to_payload(DECISION);
        let envelope = match verdict {
            Verdict::Approve => {
                let envelope = core.sign(payload, monotonic)?;
                if made.is_high() {
                    // The next signature takes the passphrase again.
                    core.lock();
                }
                envelope
            }
            Verdict::Deny | Verdict::RequestChanges => {
                let key = core.device.key.as_ref().ok_or(Error::DeviceKey)?;
                key.sign_envelope(IN_TOTO, payload)
            }
        };
        core.check_ours::<Statement<Decision>>(&envelope, now)?;
        let new = NewDecision {
            subject: &decide.proposal,
            verdict: life::word(verdict),
            person: &statement.predicate.reviewer,
            comment: comment.as_deref(),
            sequence: statement.predicate.sequence,
        };
        let findings = made.sheet.as_ref().map_or(&[][..], |(sheet, _)| &sheet.findings);
        core.keep(&envelope, &made.proposal.gate, now, |tx, signed| {
            tx.add_decision(&new, signed)?;
            crate::marking::were_useful(tx, findings, &statement.predicate.acknowledged, now)?;
            let amended = amended.map(Amended::kept);
            amended.map_or(Ok(()), |it| tx.add_amendment(signed.digest, &it))
        })?;
        core.drafts.drop(&decide.proposal);
        drop(core);
        if verdict == Verdict::Approve && made.is_high() {
            self.tell(Event::KeyChanged);
        }
        self.after(envelope.digest(), &made.proposal.gate)
    }

    pub(crate) fn withdraw(&self, proposal: &Digest) -> Result<Signed, Error> {
        self.lock_when_idle();
        let (now, monotonic) = (self.now(), self.monotonic());
        let mut core = self.core();
        let facts = core.facts(proposal)?;
        let Some(decision) = own_answer(&facts, now) else {
            return Err(Error::NotOpen(Box::new(life::state(&facts, now))));
        };
        let by = Withdrawer::Reviewer(core.person()?);
        let withdrawal = Withdrawal { gate: facts.gate.clone(), by, at: now, reason: None };
        let statement = Statement { subject: decision.digest, predicate: withdrawal };
        let envelope = core.sign(statement.to_payload(WITHDRAWAL), monotonic)?;
        core.check_ours::<Statement<Withdrawal>>(&envelope, now)?;
        let new = NewWithdrawal { subject: &decision.digest, reason: None };
        core.keep(&envelope, &facts.gate, now, |tx, signed| tx.add_own_withdrawal(&new, proposal, signed))?;
        drop(core);
        self.after(envelope.digest(), &facts.gate)
    }

    pub(crate) fn resolve(
        &self,
        receipt: &Digest,
        found: Found,
        comment: Option<String>,
    ) -> Result<Signed, Error> {
        let comment = trimmed(comment)?;
        self.lock_when_idle();
        let (now, monotonic) = (self.now(), self.monotonic());
        let mut core = self.core();
        let (_, about) = core.store.read(|tx| tx.receipt(receipt))?.ok_or(Error::NotFound(*receipt))?;
        let facts = core.facts(&about)?;
        let state = life::state(&facts, now);
        if !matches!(&state, ItemState::Unknown { receipt: of, .. } if of == receipt) {
            return Err(Error::NotOpen(Box::new(state)));
        }
        let person = core.person()?;
        let predicate =
            Resolution { gate: facts.gate.clone(), reviewer: person.clone(), found, at: now, comment };
        let statement = Statement { subject: *receipt, predicate };
        let envelope = core.sign(statement.to_payload(RESOLUTION), monotonic)?;
        core.check_ours::<Statement<Resolution>>(&envelope, now)?;
        let new = NewResolution { receipt, about: &about, ran: found == Found::Ran, person: &person };
        core.keep(&envelope, &facts.gate, now, |tx, signed| tx.add_resolution(&new, signed))?;
        drop(core);
        self.after(envelope.digest(), &facts.gate)
    }

    pub(crate) fn bar(&self, digest: &Digest) -> Result<Bar, Error> {
        let has_key = self.keys.about(self.now().seconds()).is_ok_and(|about| about.ring.is_some());
        if let Some(group) = self.group(digest) {
            return self.bar_together(&group, has_key);
        }
        let made = match self.made(digest) {
            // Evidence has no bar.
            Err(Error::NotFound(_)) => return Ok(Bar::closed()),
            other => other?,
        };
        let monotonic = self.monotonic();
        let mut core = self.core();
        let (facts, now) = (core.facts(digest)?, self.now());
        let which = made.sheet.as_ref().map(|(_, sheet)| (*digest, *sheet));
        let tally = which.and_then(|which| core.screen.tally(which));
        let hidden = made.sheet.as_ref().map_or(0, |(sheet, _)| sheet.hidden());
        let unseen = match (tally, &made.sheet) {
            (Some(tally), _) => tally.unseen() + hidden,
            (None, Some((sheet, _))) => crate::screen::Tally::new(sheet).unseen() + hidden,
            (None, None) => 0,
        };
        let new = made.sheet.as_ref();
        let new = new.map_or(Noted::new(&[]), |(sheet, _)| Noted::new(&sheet.findings));
        let noted = tally.map_or(&new, |tally| &tally.noted);
        let (blocking, acknowledged) = (noted.left(), noted.acknowledged());
        let (not_displayed, masked) = (noted.not_displayed(), noted.masked());
        let next_unseen = tally.and_then(crate::screen::Tally::next);
        let armed = which.map_or(Armed::NotShown, |which| core.screen.armed(which, monotonic));
        let approve = if !open_for(Answer::Approve { not_shown: None }, &facts, now) {
            ApproveState::Closed
        } else if !has_key {
            ApproveState::NoKey
        } else if core.unlocked.is_none() {
            ApproveState::KeyLocked
        } else if core.check_unlocked(digest, &made).is_err() {
            ApproveState::UnlockAgain
        } else {
            with_key(armed, &blocking, unseen)
        };
        Ok(Bar {
            approve,
            deny: open_for(Answer::Deny, &facts, now),
            request_changes: open_for(Answer::RequestChanges, &facts, now),
            withdraw: own_answer(&facts, now).is_some(),
            blocking,
            not_displayed,
            masked,
            acknowledged,
            unseen,
            kept: tally.map_or(0, |tally| tally.kept),
            next_unseen,
        })
    }

    pub(crate) fn after(&self, digest: Digest, gate: &GateId) -> Result<Signed, Error> {
        // It is signed and kept: that it cannot be sent now must not look as if it were not.
        if let Err(error) = self.deliver() {
            tracing::warn!(%digest, %error, "signed, not sent yet");
        }
        milestone("delivered");
        self.tell(Event::QueueChanged);
        Ok(Signed { digest, gate_alive: self.core().is_alive(gate), decisions: 1 })
    }
}

impl Core {
    pub(crate) fn facts(&mut self, digest: &Digest) -> Result<Facts, Error> {
        self.store.read(|tx| tx.facts(digest))?.ok_or(Error::NotFound(*digest))
    }

    pub(crate) fn person(&self) -> Result<Label, Error> {
        Ok(self.settings.as_ref().ok_or(Error::NotSetUp)?.person.clone())
    }

    /// Whether the key is unlocked, and for what is at stake here: by a passphrase typed before this very sheet.
    fn check_unlocked(&self, proposal: &Digest, made: &Made) -> Result<(), Error> {
        let unlocked = self.unlocked.as_ref().ok_or(Error::KeyLocked)?;
        let which = made.sheet.as_ref().map(|(_, sheet)| (*proposal, *sheet));
        if made.is_high() && (which.is_none() || unlocked.on != which) {
            return Err(Error::UnlockAgain);
        }
        Ok(())
    }

    /// Whether the sheet is on screen, armed, and seen, or how many rows were not, as was said.
    fn check_shown(
        &self,
        proposal: &Digest,
        made: &Made,
        not_shown: Option<u64>,
        now: std::time::Duration,
    ) -> Result<Option<u64>, Error> {
        let (sheet, digest) = made.sheet.as_ref().ok_or(Error::Changed)?;
        let unseen = self.check_seen((*proposal, *digest), sheet.hidden(), not_shown, now)?;
        Ok((unseen > 0).then_some(unseen))
    }

    /// The same of whatever can be on screen; how many rows were not.
    pub(crate) fn check_seen(
        &self,
        which: Which,
        hidden: u64,
        not_shown: Option<u64>,
        now: std::time::Duration,
    ) -> Result<u64, Error> {
        match self.screen.armed(which, now) {
            Armed::Yes => {}
            Armed::In(left) => return Err(Error::NotArmed { milliseconds: milliseconds(left) }),
            Armed::NotShown => return Err(Error::Changed),
        }
        let tally = self.screen.tally(which).ok_or(Error::Changed)?;
        let left = tally.noted.left().len();
        if left > 0 {
            return Err(Error::NotAcknowledged { left });
        }
        // Lines that no row stands for cannot be seen; they too have to be owned up to.
        let unseen = tally.unseen() + hidden;
        if not_shown.unwrap_or(0) != unseen {
            return Err(Error::NotSeen { unseen });
        }
        Ok(unseen)
    }

    /// What was acknowledged of this sheet, as a decision says it.
    fn acknowledged(&self, proposal: &Digest, made: &Made) -> Vec<Acknowledged> {
        let Some((sheet, digest)) = &made.sheet else { return vec![] };
        let noted = self.screen.tally((*proposal, *digest)).map(|tally| tally.noted.acknowledged());
        let said = noted.into_iter().flatten().filter_map(|(at, reason)| {
            let id = sheet.findings.get(at)?.id.clone();
            Some(Acknowledged { id, reason: Some(reason.word().to_owned()) })
        });
        let mut said: Vec<_> = said.collect();
        said.extend(settled(made));
        if made.amended.is_some() {
            // What the gate found in a text that was written anew is gone with it; the gate looks at the new one.
            let on_sheet = |id: &&Label| sheet.findings.iter().any(|finding| finding.id == **id);
            let gone = made.proposal.acknowledge.iter().filter(|id| !on_sheet(id));
            said.extend(gone.map(|id| Acknowledged { id: id.clone(), reason: Some("amended".to_owned()) }));
        }
        said
    }

    pub(crate) fn sign(&mut self, payload: Vec<u8>, now: std::time::Duration) -> Result<Envelope, Error> {
        let unlocked = self.unlocked.as_mut().ok_or(Error::KeyLocked)?;
        unlocked.used = now;
        Ok(unlocked.key.sign_envelope(IN_TOTO, payload))
    }

    /// Whether the gates will take what was signed, as far as can be known here.
    pub(crate) fn check_ours<T: verify::Signed>(
        &self,
        envelope: &Envelope,
        now: Timestamp,
    ) -> Result<Verified<T>, Error> {
        verify::signed::<T>(&envelope.to_bytes(), self.root()?, now).map_err(Error::Root)
    }

    pub(crate) fn keep(
        &mut self,
        envelope: &Envelope,
        gate: &GateId,
        at: Timestamp,
        add: impl FnOnce(
            &countersign_store::Tx<'_>,
            &countersign_store::Signed<'_>,
        ) -> Result<(), countersign_store::Error>,
    ) -> Result<(), Error> {
        let (digest, bytes) = (envelope.digest(), envelope.to_bytes());
        let signed = countersign_store::Signed { digest: &digest, gate, envelope: &bytes, at };
        milestone("signed");
        self.store.write(|tx| add(tx, &signed))?;
        milestone("in the outbox");
        Ok(())
    }

    pub(crate) fn lock_state(&self, has_key: bool) -> Lock {
        match (&self.unlocked, has_key) {
            (Some(_), _) => Lock::Unlocked,
            (None, true) => Lock::Locked,
            (None, false) => Lock::None,
        }
    }
}

impl Bar {
    fn closed() -> Self {
        Self {
            approve: ApproveState::Closed,
            deny: false,
            request_changes: false,
            withdraw: false,
            blocking: vec![],
            not_displayed: vec![],
            masked: vec![],
            acknowledged: vec![],
            unseen: 0,
            kept: 0,
            next_unseen: None,
        }
    }
}

/// The receipt in an envelope that verified when it arrived.
pub(crate) fn receipt(envelope: &[u8]) -> Result<Receipt, Error> {
    let damaged = |why: String| Error::Store(countersign_store::Error::Damaged(why));
    let envelope = Envelope::parse(envelope).map_err(|error| damaged(error.to_string()))?;
    let statement = Statement::<Receipt>::parse(&envelope.payload, RECEIPT);
    Ok(statement.map_err(|error| damaged(error.to_string()))?.predicate)
}

/// With how many others the decision in an envelope that was signed here was given.
pub(crate) fn together(envelope: &[u8]) -> usize {
    let made = Envelope::parse(envelope).ok();
    let made = made.and_then(|it| Statement::<Decision>::parse(&it.payload, DECISION).ok());
    made.map_or(0, |it| it.predicate.together.len())
}

/// The resolution in an envelope that was signed here.
pub(crate) fn resolution(envelope: &[u8]) -> Option<Statement<Resolution>> {
    let envelope = Envelope::parse(envelope).ok()?;
    Statement::parse(&envelope.payload, RESOLUTION).ok()
}

pub(crate) fn verdict_of(it: &DecisionFact) -> Verdict {
    life::verdict(&it.verdict)
}

/// The sheet that a decision names. Version 0, of nothing, says that none was on screen.
fn named(made: &Made, sheet: Option<Digest>) -> Result<Sheet, Error> {
    match (sheet, &made.sheet) {
        (None, _) => Ok(Sheet { sha256: Digest::of(b""), version: 0 }),
        (Some(named), Some((_, made))) if named == *made => {
            Ok(Sheet { sha256: named, version: countersign_sheet::VERSION })
        }
        (Some(_), _) => Err(Error::Changed),
    }
}

pub(crate) fn trimmed(comment: Option<String>) -> Result<Option<String>, Error> {
    let comment = comment.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    match comment {
        Some(it) if it.len() > MAX_COMMENT => Err(Error::CommentTooLong(it.len())),
        other => Ok(other),
    }
}

/// What still keeps a person from approving who has unlocked the key.
pub(crate) fn with_key(armed: Armed, blocking: &[usize], unseen: u64) -> ApproveState {
    match armed {
        Armed::NotShown => ApproveState::NotShown,
        Armed::In(left) => ApproveState::Arming { milliseconds: milliseconds(left) },
        Armed::Yes if !blocking.is_empty() => ApproveState::NotAcknowledged,
        Armed::Yes if unseen > 0 => ApproveState::Unseen,
        Armed::Yes => ApproveState::Ready,
    }
}

/// Rounded up: at 0 it is armed.
pub(crate) fn milliseconds(left: std::time::Duration) -> u32 {
    u32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(u32::MAX)
}
