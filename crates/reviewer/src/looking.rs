//! Pictures of what is known, for whoever shows it.

use countersign_core::digest::Digest;
use countersign_core::key::PublicKey;
use countersign_core::root::Holder;
use countersign_core::time::Timestamp;
use countersign_core::verify::TrustedRoot;
use countersign_store::{EvidenceRow, Facts};

use crate::core::Inner;
use crate::{
    Cause, DecisionState, Error, Evidence, GateState, ItemState, KeyState, Lock, Opened, Queue, ReceiptState,
    ResolutionState, Row, Setup, State, deciding, life,
};
use countersign_core::decision::Found;

/// The most items of a closed section that a queue lists.
const MOST_CLOSED: usize = 100;

impl Inner {
    pub(crate) fn state(&self) -> Result<State, Error> {
        let about = self.keys.about(self.seconds());
        let monotonic = self.monotonic();
        let mut core = self.core();
        let outbox = core.store.read(|tx| tx.outbox_len())?;
        let ring = about.as_ref().ok().and_then(|about| about.ring.as_ref());
        let key = KeyState {
            lock: if about.is_err() { Lock::Unreachable } else { core.lock_state(ring.is_some()) },
            fingerprint: ring.map(|it| it.reviewer.fingerprint()),
            kept: ring.map(|it| it.kept),
            backed_up: ring.and_then(|it| it.backed_up).map(Timestamp::from_seconds),
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
                alive: core.alive.get(gate).copied().unwrap_or(false),
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
            outbox: usize::try_from(outbox).unwrap_or(usize::MAX),
        })
    }

    pub(crate) fn queue(&self) -> Result<Queue, Error> {
        let (all, evidence) = {
            let mut core = self.core();
            core.store.read(|tx| Ok::<_, Error>((tx.all_facts()?, tx.evidence()?)))?
        };
        let now = self.now();
        let mut queue = Queue::default();
        for facts in &all {
            let state = life::state(facts, now);
            let section = section(&mut queue, facts, &state);
            // What is over is history; a whole history is for another place.
            if section.1 && section.0.len() >= MOST_CLOSED {
                continue;
            }
            section.0.push(self.row(facts, state)?);
        }
        queue.waiting.sort_by_key(|row| row.expires);
        queue.evidence = evidence.into_iter().take(MOST_CLOSED).map(evidence_row).collect();
        Ok(queue)
    }

    fn row(&self, facts: &Facts, state: ItemState) -> Result<Row, Error> {
        let summary = self.summary(&facts.digest)?;
        Ok(Row {
            digest: facts.digest,
            kind: Some(summary.kind),
            agent: summary.agent,
            action: summary.action,
            expires: Some(facts.expires),
            at: facts.created,
            state,
            marks: summary.marks,
        })
    }

    pub(crate) fn opened(&self, digest: &Digest) -> Result<Opened, Error> {
        let made = match self.made(digest) {
            Err(Error::NotFound(_)) => return self.opened_evidence(digest),
            other => other?,
        };
        let now = self.now();
        let mut core = self.core();
        let facts = core.facts(digest)?;
        let missing = core.store.read(|tx| tx.missing(digest))?;
        let receipt = match &facts.receipt {
            None => None,
            Some(it) => {
                let kept = core.store.read(|tx| tx.receipt(&it.digest))?;
                let (envelope, _) = kept.ok_or(Error::NotFound(it.digest))?;
                let resolution = it.resolution.as_ref().map(|found| ResolutionState {
                    found: if found.ran { Found::Ran } else { Found::DidNotRun },
                    by: found.person.clone(),
                    at: found.at,
                });
                Some(ReceiptState { digest: it.digest, receipt: deciding::receipt(&envelope)?, resolution })
            }
        };
        let (sheet, sheet_digest) = made.sheet.unzip();
        Ok(Opened {
            digest: *digest,
            state: life::state(&facts, now),
            received: facts.received,
            proposal: Some(made.proposal),
            sheet,
            sheet_digest,
            missing,
            decision: facts.decision.as_ref().map(|it| DecisionState {
                digest: it.digest,
                verdict: deciding::verdict_of(it),
                by: it.person.clone(),
                at: it.at,
                comment: it.comment.clone(),
                delivered: it.acknowledged,
            }),
            receipt,
            evidence: None,
        })
    }

    fn opened_evidence(&self, digest: &Digest) -> Result<Opened, Error> {
        let found = self.core().store.read(|tx| tx.evidence_of(digest))?;
        let row = found.ok_or(Error::NotFound(*digest))?;
        let cause = Cause::parse(&row.cause);
        Ok(Opened {
            digest: *digest,
            state: ItemState::Evidence { cause },
            received: row.received,
            proposal: None,
            sheet: None,
            sheet_digest: None,
            missing: vec![],
            decision: None,
            receipt: None,
            evidence: Some(Evidence {
                cause,
                why: row.why,
                name: row.name,
                at: row.received,
                raw: row.raw,
                size: row.size,
            }),
        })
    }
}

/// Whether `root` has an entry of `key`.
pub(crate) fn names(root: &TrustedRoot, key: &PublicKey) -> bool {
    root.root().entries.iter().any(|entry| entry.key == *key)
}

/// Whose turn it is, and whether that section is of what is over.
fn section<'q>(queue: &'q mut Queue, facts: &Facts, state: &ItemState) -> (&'q mut Vec<Row>, bool) {
    match state {
        ItemState::Waiting | ItemState::Incomplete { .. } => (&mut queue.waiting, false),
        ItemState::Signed { .. } => (&mut queue.delivering, false),
        ItemState::Delivered { .. } if facts.people > 1 => (&mut queue.others, false),
        ItemState::Delivered { .. } => (&mut queue.delivering, false),
        // An answer that nobody has heard yet has to arrive, whichever it is.
        ItemState::Denied { .. } | ItemState::ChangesRequested { .. }
            if facts.decision.as_ref().is_some_and(|it| !it.acknowledged) =>
        {
            (&mut queue.delivering, false)
        }
        ItemState::Unknown { .. } => (&mut queue.unknown, false),
        _ => (&mut queue.decided, true),
    }
}

fn evidence_row(it: EvidenceRow) -> Row {
    Row {
        digest: it.digest,
        kind: None,
        agent: vec![],
        action: vec![],
        expires: None,
        at: it.received,
        state: ItemState::Evidence { cause: Cause::parse(&it.cause) },
        marks: vec![],
    }
}
