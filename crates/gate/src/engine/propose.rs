//! Making a proposal out of a resolved request, and taking one back.

use countersign_core::decision::{WITHDRAWAL, Withdrawal, Withdrawer};
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::json;
use countersign_core::name::{Nonce, ProposalId};
use countersign_core::proposal::{Agent, Proposal, Requirement, TYPE};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::statement::Statement;
use countersign_sources::milestone::milestone;
use countersign_sources::spool::Kind;
use rusqlite::Connection;
use uuid::Uuid;

use super::anchored::counted;
use super::{Engine, Viewer, receipts};
use crate::Error;
use crate::ledger::{Entry, Letter, Meta, New, State, halts, proposals};
use crate::private;
use crate::request::Uploads;
use crate::resolve::Resolved;
use crate::wire::Proposed;

/// The most proposals that one agent may have open.
const MAX_OPEN: usize = 1000;

impl Engine {
    /// Proposes what was resolved. Asking again with the same key and request gives the same proposal.
    pub(crate) fn propose(
        &mut self,
        resolved: Resolved,
        uploads: &Uploads,
        agent: Agent,
        key: Option<&str>,
    ) -> Result<Proposed, Error> {
        let known_as = json::to_bytes(&agent.authenticated);
        let request = json::to_bytes(&resolved.request);
        if let Some(key) = key
            && let Some(entry) = Entry::by_key(&*self.ledger.read()?, &known_as, key)?
        {
            if entry.request != request {
                return Err(Error::Request("this key was used for another request".to_owned()));
            }
            return Ok(proposed(&entry));
        }
        let entry = self.try_propose(resolved, uploads, agent, key, &known_as, &request)?;
        self.handle.bump();
        let _ = self.deliver();
        Ok(proposed(&entry))
    }

    fn try_propose(
        &mut self,
        resolved: Resolved,
        uploads: &Uploads,
        agent: Agent,
        key: Option<&str>,
        known_as: &[u8],
        request: &[u8],
    ) -> Result<Entry, Error> {
        let now = self.now();
        self.make_sure()?;
        let read = self.ledger.read()?;
        if halts::covering(&read, self.folder.gate(), &agent.authenticated)?.is_some() {
            let why = "a halt stands; nothing was proposed";
            return Err(Refusal::new(Code::Halted, why).into());
        }
        if Entry::count_open(&read, known_as)? >= MAX_OPEN {
            return Err(Error::Request(format!("this agent has {MAX_OPEN} open proposals; withdraw some")));
        }
        let original = match &resolved.request.supersedes {
            None => None,
            Some(name) => Some(superseded(Entry::by_name(&read, name)?, known_as)?),
        };
        let meta = Meta::of(&read)?;
        drop(read);
        let mut contents = uploads.clone();
        contents.extend(resolved.blobs);
        let nonce = Nonce::from_bytes(private::random()?);
        let actions = resolved.plan.at(now)?;
        let proposal = Proposal {
            id: id()?,
            gate: self.folder.gate().clone(),
            epoch: meta.epoch,
            // The engine is the only one that counts, so nothing comes in between.
            seq: meta.seq + 1,
            nonce,
            agent,
            created: now,
            not_before: now,
            expires: now.plus(resolved.lifetime),
            asked: resolved.asked,
            rationale: resolved.rationale,
            effect: resolved.effect,
            actions,
            supersedes: original.as_ref().map(|it| it.digest),
            requirement: Requirement::built_in(),
            rules: Requirement::built_in_rules(),
            acknowledge: resolved.acknowledge,
        };
        let payload = proposal
            .to_payload()
            .map_err(|error| Error::Request(format!("it cannot be proposed: {error}")))?;
        let envelope = Envelope::sign(TYPE, payload, &self.key);
        let digest = envelope.digest();
        let bytes = envelope.to_bytes();
        let add = |ledger: &Connection| {
            if Meta::next_seq(ledger, now)? != proposal.seq {
                return Err(Error::Damaged("something else counts in it"));
            }
            let new = New {
                digest,
                id: proposal.id.as_str(),
                epoch: proposal.epoch.as_bytes(),
                nonce,
                agent: known_as.to_vec(),
                key,
                request: request.to_vec(),
                payload: &envelope.payload,
                envelope: &bytes,
                created: proposal.created,
                expires: proposal.until(),
                uses: proposal.actions.batch().map(|batch| batch.terms().uses),
            };
            let owner = Entry::add(ledger, &new, &contents)?;
            Letter { digest, kind: Kind::Proposal, owner: Some(owner), envelope: bytes.clone() }.add(ledger)
        };
        match &original {
            None => {
                let change = self.ledger.write()?;
                add(&change)?;
                change.commit()?;
            }
            // What took the place of another must not be forgotten, or the other could still happen.
            Some(original) => counted(&mut self.ledger, &self.anchor, now, |ledger| {
                add(ledger)?;
                let refusal = Refusal::new(Code::Superseded, format!("{} took its place", proposal.id));
                let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
                seal.refuse(ledger, original, &refusal, vec![])
            })?,
        }
        milestone("committed proposal");
        let entry = Entry::by_digest(&*self.ledger.read()?, &digest)?;
        tracing::info!(id = %proposal.id, proposal = %digest, "proposed");
        entry.ok_or(Error::Damaged("a proposal is gone"))
    }

    /// Takes a proposal back, unless its nonce is burned; whether it was taken back now.
    pub(crate) fn withdraw(
        &mut self,
        name: &str,
        viewer: &Viewer,
        reason: Option<String>,
    ) -> Result<bool, Error> {
        let now = self.now();
        let entry = viewer.may_see(Entry::by_name(&*self.ledger.read()?, name)?)?;
        if entry.state != State::Open {
            return Ok(false);
        }
        self.make_sure()?;
        let predicate =
            Withdrawal { gate: self.folder.gate().clone(), by: Withdrawer::Gate, at: now, reason };
        let payload = Statement { subject: entry.digest, predicate }.to_payload(WITHDRAWAL);
        let envelope = Envelope::sign(IN_TOTO, payload, &self.key);
        let letter = Letter {
            digest: envelope.digest(),
            kind: Kind::Withdrawal,
            owner: Some(entry.number),
            envelope: envelope.to_bytes(),
        };
        counted(&mut self.ledger, &self.anchor, now, |ledger| {
            letter.add(ledger)?;
            let refusal = Refusal::new(Code::Withdrawn, "the agent withdrew it");
            let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
            seal.refuse(ledger, &entry, &refusal, vec![])
        })?;
        self.handle.bump();
        let _ = self.deliver();
        Ok(true)
    }
}

/// What is superseded: open, and of the same agent.
fn superseded(entry: Option<Entry>, known_as: &[u8]) -> Result<Entry, Error> {
    let no = |why: &str| Err(Error::Request(format!("what it would supersede {why}")));
    match entry {
        Some(entry) if entry.agent != known_as => no("is another agent's"),
        Some(entry) if entry.state != State::Open => no("is no longer open"),
        Some(entry) => Ok(entry),
        None => no("is not known here"),
    }
}

fn id() -> Result<ProposalId, Error> {
    Uuid::now_v7().to_string().parse().map_err(|_| Error::Damaged("an id that is none"))
}

fn proposed(entry: &Entry) -> Proposed {
    Proposed { id: entry.id.clone(), digest: entry.digest, expires: entry.expires }
}

/// Bytes that travel beside the proposal of `entry`.
pub(super) fn blobs(
    from: &Connection,
    entry: &Entry,
) -> Result<Vec<(countersign_core::digest::Digest, Vec<u8>)>, Error> {
    let proposal = receipts::parse(entry)?;
    let mut kept = proposals::contents(from, entry.number)?;
    let wanted =
        proposal.blobs().into_iter().map(|it| *it.sha256()).collect::<std::collections::BTreeSet<_>>();
    Ok(wanted.into_iter().filter_map(|digest| Some((digest, kept.remove(&digest)?))).collect())
}
