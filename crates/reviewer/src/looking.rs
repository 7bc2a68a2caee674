//! Pictures of what is known, for whoever shows it.

use countersign_core::digest::Digest;
use countersign_core::key::PublicKey;
use countersign_core::name::GateId;
use countersign_core::root::Holder;
use countersign_core::time::Timestamp;
use countersign_core::verify::TrustedRoot;
use countersign_store::{AnswerFact, Tx};

use crate::core::{Core, Inner};
use crate::{
    AnswerState, Cause, DecisionState, Editable, Error, Evidence, GateState, ItemState, KeyState, Lock,
    Opened, ReceiptState, ResolutionState, Setup, State, amending, deciding, life,
};

impl Inner {
    pub(crate) fn state(&self) -> Result<State, Error> {
        let about = self.keys.about(self.seconds());
        let waiting = self.waiting()?;
        let monotonic = self.monotonic();
        let mut core = self.core();
        let outbox = core.store.read(|tx| tx.outbox_len())?;
        let ring = about.as_ref().ok().and_then(|about| about.ring.as_ref());
        let key = KeyState {
            lock: if about.is_err() { Lock::Unreachable } else { core.lock_state(ring.is_some()) },
            fingerprint: ring.map(|it| it.reviewer.fingerprint()),
            kept: ring.map(|it| it.kept),
            backed_up: ring.and_then(|it| it.backed_up).map(Timestamp::from_seconds),
            backup: core.backup.clone(),
            locks_in: core
                .unlocked
                .as_ref()
                .map(|it| self.options.idle.saturating_sub(monotonic.saturating_sub(it.used)).as_secs()),
            wait: about.as_ref().map_or(0, |about| about.wait),
        };
        let halts = core.halt_states()?;
        let me = rustix::process::geteuid().as_raw();
        let entries = core.root.iter().flat_map(|root| &root.root().entries);
        let gates = entries.filter_map(|entry| match &entry.holder {
            Holder::Gate { gate } => Some(GateState {
                id: gate.clone(),
                alive: core.is_alive(gate),
                not_started: core.not_started.clone().filter(|_| *gate == self.options.gate),
                fingerprint: entry.key.fingerprint(),
                // Where no other user is pinned, only files of our own are taken.
                same_user: entry.uid.is_none_or(|uid| uid == me),
            }),
            _ => None,
        });
        let gates = gates.collect();
        let setup = match (&core.settings, ring, &core.root) {
            (None, _, _) | (_, None, None) => Setup::New,
            (_, _, None) => Setup::NoGate,
            // A key that was made in place of a lost one: no gate takes what it signs.
            (_, Some(ring), Some(root)) if !names(root, &ring.reviewer.public()) => Setup::NoGate,
            (_, _, Some(_)) => Setup::Ready,
        };
        Ok(State {
            setup,
            person: core.settings.as_ref().map(|it| it.person.clone()),
            device: core.settings.as_ref().map(|it| it.device.clone()),
            key,
            device_key: core.device.key.is_some(),
            gates,
            halts,
            clock_jump: core.watched.jump,
            trouble: core.trouble.clone(),
            keyring: core.places.keyring.clone(),
            outbox: usize::try_from(outbox).unwrap_or(usize::MAX),
            waiting,
        })
    }

    pub(crate) fn opened(&self, digest: &Digest) -> Result<Opened, Error> {
        let made = match self.made(digest) {
            Err(Error::NotFound(_)) => return self.opened_evidence(digest),
            other => other?,
        };
        let now = self.now();
        // Only a person who is to decide needs it.
        let waits = deciding::waits(&life::state(&self.core().facts(digest)?, now));
        let earlier = if waits { self.earlier(digest, &made)? } else { None };
        let denied = if waits { self.denied(digest, &made, now)? } else { None };
        let mut core = self.core();
        let facts = core.facts(digest)?;
        let (missing, answers, alike) = core.store.read(|tx| {
            let answers = tx.answers(digest)?.into_iter().map(|it| answer(tx, it));
            let answers = answers.collect::<Result<Vec<_>, Error>>()?;
            Ok::<_, Error>((tx.missing(digest)?, answers, tx.approved_alike(digest)?))
        })?;
        let state = life::state(&facts, now);
        if !deciding::waits(&state) && core.drafts.drop(digest) {
            // What can no longer be approved is shown as it came.
            drop(core);
            return self.opened(digest);
        }
        let like = if state == ItemState::Waiting { core.like(digest, &made, now)? } else { 0 };
        let receipt = facts.receipt.as_ref().map(|it| core.receipt_state(digest, &it.digest)).transpose()?;
        let uses = if facts.batch.is_some() { core.uses(digest, &facts.gate)? } else { vec![] };
        let (sheet, sheet_digest) = made.sheet.unzip();
        Ok(Opened {
            digest: *digest,
            state,
            editable: amending::editable(&made.proposal),
            amended: made.amended.as_ref().map(|it| it.digest),
            received: facts.received,
            proposal: Some(made.proposal),
            sheet,
            sheet_digest,
            alike,
            missing,
            decision: facts.decision.as_ref().map(|it| DecisionState {
                digest: it.digest,
                verdict: deciding::verdict_of(it),
                by: it.person.clone(),
                at: it.at,
                comment: it.comment.clone(),
                delivered: it.acknowledged,
                amended: it.amended,
            }),
            answers,
            snoozed: facts.snoozed.filter(|until| *until > now),
            receipt,
            uses,
            earlier,
            denied,
            evidence: None,
            like,
            together: None,
        })
    }

    fn opened_evidence(&self, digest: &Digest) -> Result<Opened, Error> {
        let found = self.core().store.read(|tx| tx.evidence_of(digest))?;
        let row = found.ok_or(Error::NotFound(*digest))?;
        let cause = Cause::parse(&row.cause);
        Ok(Opened {
            digest: *digest,
            state: ItemState::Evidence { cause },
            editable: Editable::Nothing,
            amended: None,
            received: row.received,
            proposal: None,
            sheet: None,
            sheet_digest: None,
            alike: (0, None),
            missing: vec![],
            decision: None,
            answers: vec![],
            snoozed: None,
            receipt: None,
            uses: vec![],
            earlier: None,
            denied: None,
            evidence: Some(Evidence {
                cause,
                why: row.why,
                name: row.name,
                at: row.received,
                raw: row.raw,
                size: row.size,
            }),
            like: 0,
            together: None,
        })
    }
}

impl Core {
    /// The receipts of the uses of a batch, in their order.
    fn uses(&mut self, proposal: &Digest, gate: &GateId) -> Result<Vec<ReceiptState>, Error> {
        let (kept, found) = self
            .store
            .read(|tx| Ok::<_, Error>((tx.receipts_of(proposal, gate)?, tx.resolutions_of(proposal)?)))?;
        let all = kept.iter().map(|(digest, envelope)| receipt_state(digest, envelope, &found));
        let mut all = all.collect::<Result<Vec<_>, _>>()?;
        all.retain(|it| it.receipt.used.is_some());
        all.sort_by_key(|it| it.receipt.used.map(|used| used.number));
        Ok(all)
    }

    fn receipt_state(&mut self, proposal: &Digest, digest: &Digest) -> Result<ReceiptState, Error> {
        let (kept, found) =
            self.store.read(|tx| Ok::<_, Error>((tx.receipt(digest)?, tx.resolutions_of(proposal)?)))?;
        let (envelope, _) = kept.ok_or(Error::NotFound(*digest))?;
        receipt_state(digest, &envelope, &found)
    }
}

/// A receipt with what was found out about it, if that is among `found`.
fn receipt_state(digest: &Digest, envelope: &[u8], found: &[Vec<u8>]) -> Result<ReceiptState, Error> {
    let mut found = found.iter().filter_map(|it| deciding::resolution(it));
    let resolution = found.find(|it| it.subject == *digest).map(|it| ResolutionState {
        found: it.predicate.found,
        by: it.predicate.reviewer,
        at: it.predicate.at,
        comment: it.predicate.comment,
    });
    Ok(ReceiptState { digest: *digest, receipt: deciding::receipt(envelope)?, resolution })
}

/// Whether `root` has an entry of `key`.
pub(crate) fn names(root: &TrustedRoot, key: &PublicKey) -> bool {
    root.root().entries.iter().any(|entry| entry.key == *key)
}

fn answer(tx: &Tx<'_>, it: AnswerFact) -> Result<AnswerState, Error> {
    let together = tx.signed_here(&it.digest)?.map_or(0, |envelope| deciding::together(&envelope));
    Ok(AnswerState {
        verdict: life::verdict(&it.verdict),
        by: it.person,
        at: it.at,
        comment: it.comment,
        taken_back: it.taken_back,
        amended: it.amended,
        together,
    })
}
