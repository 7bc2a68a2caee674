//! One gesture, one decision each: every one of them is checked as a single one is, and all are signed or none.

use countersign_core::decision::{DECISION, Decision, Sheet, Verdict};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::proposal::Proposal;
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify;
use countersign_sources::milestone::milestone;
use countersign_store::NewDecision;

use super::{Group, suits};
use crate::core::{Core, Inner};
use crate::deciding::{open_for, trimmed, with_key};
use crate::earlier::{alike, lately_denied};
use crate::marking::settled;
use crate::screen::Tally;
use crate::{Answer, ApproveState, Bar, Decide, Error, Signed, life};

impl Inner {
    pub(crate) fn decide_together(&self, group: &Group, decide: Decide) -> Result<Signed, Error> {
        let comment = trimmed(decide.comment)?;
        self.lock_when_idle();
        let (now, monotonic) = (self.now(), self.monotonic());
        let mut core = self.core();
        core.check_open(group, decide.answer, now)?;
        if decide.sheet != Some(group.digest) {
            return Err(Error::Changed);
        }
        let verdict = match decide.answer {
            Answer::Approve { not_shown } => {
                core.check_shown_together(group, not_shown, now, monotonic)?;
                Verdict::Approve
            }
            Answer::Deny => Verdict::Deny,
            // What has to change is another thing for each.
            Answer::RequestChanges => return Err(Error::Changed),
        };
        let mut made: Vec<(&Digest, Decision, Envelope)> = Vec::with_capacity(group.members.len());
        for one in &group.members {
            let proposal = &one.made.proposal;
            let unseen = core.unseen(group, one);
            let others = group.members.iter().filter(|it| it.digest != one.digest);
            let decision = Decision {
                verdict,
                comment: comment.clone(),
                reviewer: core.person()?,
                gate: proposal.gate.clone(),
                epoch: proposal.epoch,
                nonce: proposal.nonce,
                not_before: proposal.not_before,
                expires: proposal.expires,
                signed_at: now,
                root_version: core.root()?.root().version,
                rules: proposal.rules,
                sheet: Sheet { sha256: one.sheet, version: countersign_sheet::VERSION },
                acknowledged: if verdict == Verdict::Approve { settled(&one.made) } else { vec![] },
                not_shown: (verdict == Verdict::Approve && unseen > 0).then_some(unseen),
                sequence: core.store.read(|tx| tx.next_sequence(&one.digest))?,
                together: others.map(|it| it.digest).collect(),
            };
            let statement = Statement { subject: one.digest, predicate: decision };
            let payload = statement.to_payload(DECISION);
            let envelope = match verdict {
                Verdict::Approve => core.sign(payload, monotonic)?,
                Verdict::Deny | Verdict::RequestChanges => {
                    let key = core.device.key.as_ref().ok_or(Error::DeviceKey)?;
                    key.sign_envelope(IN_TOTO, payload)
                }
            };
            core.check_ours::<Statement<Decision>>(&envelope, now)?;
            made.push((&one.digest, statement.predicate, envelope));
        }
        milestone("signed");
        core.store.write(|tx| {
            for (subject, decision, envelope) in &made {
                let (digest, bytes) = (envelope.digest(), envelope.to_bytes());
                let new = NewDecision {
                    subject,
                    verdict: life::word(verdict),
                    person: &decision.reviewer,
                    comment: comment.as_deref(),
                    sequence: decision.sequence,
                };
                let signed = countersign_store::Signed {
                    digest: &digest,
                    gate: &decision.gate,
                    envelope: &bytes,
                    at: now,
                };
                tx.add_decision(&new, &signed)?;
            }
            Ok::<_, countersign_store::Error>(())
        })?;
        milestone("in the outbox");
        drop(core);
        let (_, decision, envelope) = made.first().ok_or(Error::Changed)?;
        let signed = self.after(envelope.digest(), &decision.gate)?;
        Ok(Signed { decisions: made.len(), ..signed })
    }

    pub(crate) fn bar_together(&self, group: &Group, has_key: bool) -> Result<Bar, Error> {
        let (now, monotonic) = (self.now(), self.monotonic());
        let mut core = self.core();
        let approve = Answer::Approve { not_shown: None };
        let open = answerable(core.check_open(group, approve, now))?;
        let deny = answerable(core.check_open(group, Answer::Deny, now))?;
        let new = Tally::new(&group.sheet);
        let tally = core.screen.tally(group.which()).unwrap_or(&new);
        let unseen = tally.unseen() + group.sheet.hidden();
        let blocking = tally.noted.left();
        let approve = if !open {
            ApproveState::Closed
        } else if !has_key {
            ApproveState::NoKey
        } else if core.unlocked.is_none() {
            ApproveState::KeyLocked
        } else {
            with_key(core.screen.armed(group.which(), monotonic), &blocking, unseen)
        };
        Ok(Bar {
            approve,
            deny,
            request_changes: false,
            withdraw: false,
            blocking,
            not_displayed: tally.noted.not_displayed(),
            masked: tally.noted.masked(),
            acknowledged: tally.noted.acknowledged(),
            unseen,
            kept: 0,
            next_unseen: tally.next(),
        })
    }
}

fn answerable(checked: Result<(), Error>) -> Result<bool, Error> {
    match checked {
        Ok(()) => Ok(true),
        Err(Error::OneNotOpen { .. } | Error::Changed) => Ok(false),
        Err(other) => Err(other),
    }
}

impl Core {
    /// Whether each of them can be answered like this, and is what was shown of it.
    fn check_open(&mut self, group: &Group, answer: Answer, now: Timestamp) -> Result<(), Error> {
        for one in &group.members {
            let facts = self.facts(&one.digest)?;
            if !open_for(answer, &facts, now) {
                let state = Box::new(life::state(&facts, now));
                return Err(Error::OneNotOpen { which: one.digest, state });
            }
            // What a person began to change is another sheet.
            if !suits(&one.made) || self.drafts.find(&one.digest).is_some() {
                return Err(Error::Changed);
            }
        }
        Ok(())
    }

    /// One like it may have been denied since they were shown; then it stands alone.
    fn check_none_denied(&mut self, group: &Group, now: Timestamp) -> Result<(), Error> {
        let Some(first) = group.members.first() else { return Err(Error::Changed) };
        let denied = self.store.read(|tx| lately_denied(tx, &first.made.proposal, now))?;
        let mut ones = group.members.iter();
        let found = ones.any(|one| denied.iter().any(|(_, before)| alike(before, &one.made.proposal)));
        if found { Err(Error::Changed) } else { Ok(()) }
    }

    fn check_shown_together(
        &mut self,
        group: &Group,
        not_shown: Option<u64>,
        at: Timestamp,
        now: std::time::Duration,
    ) -> Result<(), Error> {
        for one in &group.members {
            // A gate may have lost its trust since the proposal came.
            let envelope = self.store.read(|tx| tx.proposal(&one.digest))?;
            let envelope = envelope.ok_or(Error::NotFound(one.digest))?;
            verify::signed::<Proposal>(&envelope, self.root()?, at).map_err(Error::Root)?;
        }
        self.check_none_denied(group, at)?;
        if self.unlocked.is_none() {
            return Err(Error::KeyLocked);
        }
        self.check_seen(group.which(), group.sheet.hidden(), not_shown, now).map(drop)
    }

    /// Rows of one of them that were not on screen.
    fn unseen(&self, group: &Group, one: &super::One) -> u64 {
        let hidden = one.made.sheet.as_ref().map_or(0, |(sheet, _)| sheet.hidden());
        let tally = self.screen.tally(group.which());
        tally.map_or(0, |tally| tally.unseen_in(one.documents.clone())) + hidden
    }
}
