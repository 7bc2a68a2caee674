//! What those who ask are shown: their own proposals, or everything for the gate's own user.

use countersign_core::action::{Act, Action, Fact, Precondition};
use countersign_core::amendment::{self, Amendment, Edit};
use countersign_core::content::Content;
use countersign_core::decision::{DECISION, Decision, Verdict};
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::json;
use countersign_core::proposal::{Authenticated, Effect, Proposal};
use countersign_core::statement::Statement;
use rusqlite::Connection;

use super::{Engine, propose, receipts, uses};
use crate::Error;
use crate::ledger::{Attempt, Decided, Entry, Letter, Meta, State, Use, decisions, halts, proposals};
use crate::wire::{Attempted, Changed, HaltView, Said, Shown, Standing, Status, UseView, Uses, View};

/// How many proposals a status lists.
const LATEST: u32 = 50;

/// Who looks.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    pub(crate) authenticated: Authenticated,
    /// The gate's own user, or root, and no agent's token.
    pub(crate) all: bool,
}

impl Viewer {
    /// The proposal, if it is the viewer's; one that is not looks as if it did not exist.
    pub(super) fn may_see(&self, entry: Option<Entry>) -> Result<Entry, Error> {
        let own = json::to_bytes(&self.authenticated);
        let seen = entry.filter(|entry| self.all || entry.agent == own);
        seen.ok_or_else(|| Error::Request("the gate knows no such proposal of yours".to_owned()))
    }
}

impl Engine {
    /// How a proposal stands.
    pub(crate) fn view(&mut self, name: &str, viewer: &Viewer) -> Result<View, Error> {
        let trouble = self.trouble.clone();
        let read = self.ledger.read()?;
        let entry = viewer.may_see(Entry::by_name(&read, name)?)?;
        let mut view = view(&read, &entry)?;
        view.trouble = trouble.filter(|_| entry.state != State::Ended);
        Ok(view)
    }

    /// A proposal with everything that travels beside it. An agent that is not the gate's own user is
    /// not told what the gate read for it: it could name any file of the gate's to learn what is in it.
    pub(crate) fn show(&mut self, name: &str, viewer: &Viewer) -> Result<(Shown, Vec<Vec<u8>>), Error> {
        let read = self.ledger.read()?;
        let entry = viewer.may_see(Entry::by_name(&read, name)?)?;
        if !viewer.all && was_read(&receipts::parse(&entry)?) {
            let why = "it holds what the gate read from the disk, which an agent is not shown; \
                       the reviewer sees it, and `countersign wait` tells how it stands";
            return Err(Error::Request(why.to_owned()));
        }
        let (digests, blobs): (Vec<Digest>, Vec<Vec<u8>>) =
            propose::blobs(&read, &entry)?.into_iter().unzip();
        let envelope = String::from_utf8_lossy(&entry.envelope).into_owned();
        Ok((Shown { view: view(&read, &entry)?, envelope, blobs: digests }, blobs))
    }

    /// What a person changed in a proposal before it was acted on, and for each text the agent's and theirs.
    pub(crate) fn changes(
        &mut self,
        name: &str,
        viewer: &Viewer,
    ) -> Result<(Vec<Changed>, Vec<Vec<u8>>), Error> {
        let read = self.ledger.read()?;
        let entry = viewer.may_see(Entry::by_name(&read, name)?)?;
        let none = || Error::Request("nobody changed it before it was approved".to_owned());
        let gone = || Error::Request("what a person changed in it is not kept any more".to_owned());
        let digest = entry.amendment.ok_or_else(none)?;
        let contents = proposals::contents(&read, entry.number)?;
        let amendment = Amendment::parse(contents.get(&digest).ok_or_else(gone)?).map_err(|_| gone())?;
        let proposal = receipts::parse(&entry)?;
        let bytes = |content: &Content| content.bytes(|of| contents.get(of).cloned()).ok_or_else(gone);
        let (mut changed, mut sides) = (Vec::new(), Vec::new());
        for Edit { action, field, content } in amendment.edits {
            let of = proposal.actions.get(action).ok_or_else(gone)?;
            // Both are texts of those who know them: what the gate read itself cannot be amended.
            sides.extend([bytes(amendment::text(&of.act, &field).ok_or_else(gone)?)?, bytes(&content)?]);
            changed.push(Changed { action, field, target: of.target.clone() });
        }
        Ok((changed, sides))
    }

    /// How the gate stands.
    pub(crate) fn status(&mut self, viewer: &Viewer) -> Result<Status, Error> {
        let reviewer_listens = self.writer.reader_alive();
        let anchored = self.anchor_matches()?;
        let read = self.ledger.read()?;
        let meta = Meta::of(&read)?;
        let mut proposals = Vec::new();
        for entry in Entry::latest(&read, LATEST)? {
            if let Ok(entry) = viewer.may_see(Some(entry)) {
                // Receipts are looked at one by one; fifty of them would not fit into one answer.
                proposals.push(View { receipt: None, ..view(&read, &entry)? });
            }
        }
        let attempts = if viewer.all { Attempt::about(&read, None)? } else { vec![] };
        let standing = halts::standing(&read)?;
        Ok(Status {
            gate: self.folder.gate().clone(),
            key: self.config.key,
            keyid: self.config.key.id(),
            epoch: meta.epoch,
            root_version: self.root.root().version,
            root: *self.root.digest(),
            halts: standing
                .into_iter()
                .map(|(digest, halt)| HaltView {
                    digest,
                    scope: halt.scope,
                    at: halt.at,
                    reason: halt.reason,
                })
                .collect(),
            consistent: anchored,
            reviewer_listens,
            outbox: Letter::count_waiting(&read)?,
            trouble: self.trouble.clone(),
            clock_offset: self.config.clock_offset,
            proposals,
            attempts: attempts.into_iter().map(attempted).collect(),
        })
    }
}

/// Whether a proposal says what was in files that its agent only named.
fn was_read(proposal: &Proposal) -> bool {
    let read = |action: &Action| match &action.act {
        Act::Change(change) => change.before.is_some(),
        // The digest of a short file is as good as what is in it.
        Act::Run(run) => {
            let other = |it: &Precondition| !matches!(&it.fact, Fact::File { path, .. } if *path == run.executable.path);
            run.script.is_some() || action.preconditions.iter().any(other)
        }
        Act::Remove(_) => true,
        Act::Post(_) | Act::Access(_) | Act::Call(_) => false,
    };
    // What is released is the agent's own words.
    proposal.effect == Effect::Act && proposal.actions.iter().any(read)
}

fn view(from: &Connection, entry: &Entry) -> Result<View, Error> {
    let proposal = receipts::parse(entry)?;
    let decided = Decided::standing(from, entry.number)?;
    let said = |verdict: Verdict| {
        let found = decided.iter().rev().find(|it| it.verdict == verdict && !it.late);
        found.map(|it| Said { by: it.person.clone(), comment: it.comment.clone() })
    };
    let objection = match entry.ending.as_deref() {
        // Between the count and the first action a request for changes stops it as well.
        Some("DENIED") => said(Verdict::Deny).or_else(|| said(Verdict::RequestChanges)),
        None => said(Verdict::RequestChanges),
        Some(_) => None,
    };
    let approved = said(Verdict::Approve).is_some();
    let standing = match entry.state {
        State::Open if objection.is_some() => Standing::ChangesRequested,
        State::Open if approved => Standing::Approved,
        State::Open => Standing::Waiting,
        State::Acting => Standing::Acting,
        State::Ended => Standing::Ended,
    };
    let receipt = entry.receipt.map(|digest| Letter::by_digest(from, &digest)).transpose()?.flatten();
    let uses = match entry.uses {
        Some(most) => {
            let all = Use::all(from, entry.number)?;
            let of = |it: Use| UseView { entry: it.entry as u64, number: it.number, ending: it.ending };
            Some(Uses { most, used: all.into_iter().map(of).collect() })
        }
        None => None,
    };
    Ok(View {
        id: entry.id.clone(),
        digest: entry.digest,
        agent: proposal.agent.name.clone(),
        session: proposal.agent.session.clone(),
        effect: proposal.effect,
        actions: proposal.actions.len(),
        created: entry.created,
        expires: entry.expires,
        standing,
        ending: entry.ending.clone(),
        amended: entry.amendment,
        said: objection,
        together: decided.iter().rev().find(|it| !it.late).map(together).filter(|it| *it > 0),
        late: Decided::all(from, entry.number)?
            .into_iter()
            .filter(|it| it.late)
            .map(|it| it.digest)
            .collect(),
        receipt: receipt.map(|it| String::from_utf8_lossy(&it.envelope).into_owned()),
        resolved: entry.receipt.map(|it| decisions::resolution(from, &it)).transpose()?.flatten(),
        attempts: Attempt::about(from, Some(&entry.digest))?.into_iter().map(attempted).collect(),
        trouble: None,
        uses,
        used: None,
    })
}

/// How a use stands: as a proposal of it alone would.
pub(super) fn of_use(from: &Connection, of: &Entry, used: &Use) -> Result<View, Error> {
    let receipt = used.receipt.map(|digest| Letter::by_digest(from, &digest)).transpose()?.flatten();
    Ok(View {
        standing: if used.ending.is_some() { Standing::Ended } else { Standing::Acting },
        ending: used.ending.clone(),
        receipt: receipt.map(|it| String::from_utf8_lossy(&it.envelope).into_owned()),
        resolved: used.receipt.map(|it| decisions::resolution(from, &it)).transpose()?.flatten(),
        said: None,
        used: Some(uses::named(used)),
        ..view(from, of)?
    })
}

fn together(it: &Decided) -> usize {
    let envelope = Envelope::parse(&it.envelope).ok();
    let made = envelope.and_then(|it| Statement::<Decision>::parse(&it.payload, DECISION).ok());
    made.map_or(0, |it| it.predicate.together.len())
}

fn attempted(it: Attempt) -> Attempted {
    Attempted {
        number: it.number,
        at: it.at,
        kind: it.kind,
        digest: it.digest,
        proposal: it.proposal,
        code: it.code,
        why: it.why,
    }
}
