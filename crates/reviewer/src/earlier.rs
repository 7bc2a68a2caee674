//! What this reviewer saw before of what is open: the version that it replaces, and one like it that was denied.
//!
//! Nothing of it is signed: the rows of a sheet are the same for whoever reads it, whatever they saw before. Which rows
//! were on screen is in memory alone, so after a restart of the app all of a version has to be seen anew.

use std::collections::{HashMap, HashSet};
use std::mem::discriminant;
use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_core::proposal::Proposal;
use countersign_core::time::Timestamp;
use countersign_sheet::{Difference, Hidden, Kept, Sheet, hide_in};
use countersign_store::{DeniedFact, Tx};

use crate::core::Inner;
use crate::screen::Which;
use crate::sheets::{self, Made};
use crate::{Denied, Earlier, Error, agents};

/// How far back a denial is remembered: seven days, in seconds.
const LATELY: u64 = 7 * 24 * 3600;

/// Denials of one agent that are looked at.
const DENIALS: u32 = 64;

/// Versions of one proposal that are followed back.
const VERSIONS: usize = 16;

/// Differences that are kept, for what is opened again and again.
const MOST: usize = 8;

/// A difference, and the digest to ask for its rows by.
type Compared = (Digest, Arc<Difference>);

/// Differences that were made, by the two proposals. The one made last is last.
#[derive(Debug, Default)]
pub(crate) struct Differences(Vec<([Digest; 2], Compared)>);

/// What an earlier version's tally says of a new sheet.
pub(crate) struct Carried {
    pub(crate) from: Which,
    pub(crate) sheet: Arc<Sheet>,
    pub(crate) kept: Kept,
}

impl Inner {
    /// The version that was on screen here last, of those that `made` replaces. Slow the first time.
    pub(crate) fn earlier(&self, digest: &Digest, made: &Made) -> Result<Option<Earlier>, Error> {
        let Some((sheet, _)) = made.sheet.as_ref().filter(|_| made.amended.is_none()) else {
            return Ok(None);
        };
        let Some((earlier, at, before)) = self.last_seen(&made.proposal)? else { return Ok(None) };
        let difference =
            self.difference([&earlier, digest], &before, &made.proposal, (sheet, made.hidden.as_deref()))?;
        Ok(difference.map(|difference| Earlier { digest: earlier, at, difference }))
    }

    /// The last proposal like `made` that was denied of late. Slow the first time.
    pub(crate) fn denied(
        &self,
        digest: &Digest,
        made: &Made,
        now: Timestamp,
    ) -> Result<Option<Denied>, Error> {
        let Some((sheet, _)) = made.sheet.as_ref().filter(|_| made.amended.is_none()) else {
            return Ok(None);
        };
        let proposal = &made.proposal;
        let found = self.core().store.read(|tx| lately_denied(tx, proposal, now))?;
        let found = found.into_iter().find(|(it, before)| it.proposal != *digest && alike(before, proposal));
        let Some((fact, before)) = found else { return Ok(None) };
        let difference =
            self.difference([&fact.proposal, digest], &before, proposal, (sheet, made.hidden.as_deref()))?;
        let (digest, by, at) = (fact.proposal, fact.person, fact.at);
        Ok(Some(Denied { digest, by, at, comment: fact.comment, difference }))
    }

    /// What of a sheet that was never on screen was seen as a part of an earlier version. Slow.
    pub(crate) fn carried(&self, which: Which, made: &Made) -> Result<Option<Carried>, Error> {
        let Some((sheet, _)) = made.sheet.as_ref().filter(|_| made.amended.is_none()) else {
            return Ok(None);
        };
        if self.core().screen.tally(which).is_some() {
            return Ok(None);
        }
        let remarked = self.core().remarked.clone().filter(|(of, ..)| *of == which.0);
        if let Some((_, was, digest)) = remarked {
            let kept = countersign_sheet::kept((&made.proposal, &was), (&made.proposal, sheet));
            return Ok(Some(Carried { from: (which.0, digest), sheet: was, kept }));
        }
        if made.proposal.supersedes.is_none() {
            return Ok(None);
        }
        let Some((earlier, ..)) = self.last_seen(&made.proposal)? else { return Ok(None) };
        let before = self.made(&earlier)?;
        let Some((was, digest)) = before.sheet.filter(|_| before.amended.is_none()) else { return Ok(None) };
        let from = (earlier, digest);
        if self.core().screen.tally(from).is_none() {
            return Ok(None);
        }
        let kept = countersign_sheet::kept((&before.proposal, &was), (&made.proposal, sheet));
        Ok(Some(Carried { from, sheet: was, kept }))
    }

    /// The nearest version before `proposal` that was on screen here, and when.
    fn last_seen(&self, proposal: &Proposal) -> Result<Option<(Digest, Timestamp, Proposal)>, Error> {
        self.core().store.read(|tx| {
            let mut next = proposal.supersedes;
            for _ in 0..VERSIONS {
                let Some(digest) = next else { break };
                let Some(envelope) = tx.proposal(&digest)? else { break };
                let earlier = sheets::read(&envelope)?;
                // What an agent can say of its own, it cannot say of another's.
                if !same_agent(&earlier, proposal) {
                    break;
                }
                if let Some((_, at)) = tx.shown(&digest)?.last() {
                    return Ok(Some((digest, *at, earlier)));
                }
                next = earlier.supersedes;
            }
            Ok(None)
        })
    }

    /// `None` where contents of `before` are not here.
    fn difference(
        &self,
        [earlier, digest]: [&Digest; 2],
        before: &Proposal,
        proposal: &Proposal,
        (sheet, hidden): (&Sheet, Option<&Hidden>),
    ) -> Result<Option<Compared>, Error> {
        let key = [*earlier, *digest];
        let (contents, marking) = {
            let mut core = self.core();
            if let Some((_, made)) = core.differences.0.iter().find(|(of, _)| *of == key) {
                return Ok(Some(made.clone()));
            }
            let contents = core.store.read(|tx| {
                let mut contents = tx.contents(earlier)?;
                contents.extend(tx.contents(digest)?);
                Ok::<_, Error>(contents)
            })?;
            (contents, Arc::clone(&core.marking))
        };
        let blobs: HashMap<Digest, Vec<u8>> = contents.into_iter().collect();
        let made =
            countersign_sheet::difference(before, proposal, sheet, &|of| blobs.get(of).cloned(), &marking);
        let Ok(mut made) = made else { return Ok(None) };
        let digest = made.digest();
        hide_in(&mut made.documents, &self.mask, hidden);
        let made = (digest, Arc::new(made));
        let kept = &mut self.core().differences.0;
        kept.push((key, made.clone()));
        if kept.len() > MOST {
            kept.remove(0);
        }
        Ok(Some(made))
    }
}

fn same_agent(one: &Proposal, other: &Proposal) -> bool {
    one.gate == other.gate && one.agent.authenticated == other.agent.authenticated
}

/// What of the agent of `proposal` was denied of late, the last first.
pub(crate) fn lately_denied(
    tx: &Tx<'_>,
    proposal: &Proposal,
    now: Timestamp,
) -> Result<Vec<(DeniedFact, Proposal)>, Error> {
    let since = Timestamp::from_seconds(now.seconds().saturating_sub(LATELY));
    let agent = agents::text(&proposal.agent.authenticated);
    let mut found = Vec::new();
    for fact in tx.denied(&proposal.gate, &agent, since, DENIALS)? {
        if let Some(envelope) = tx.proposal(&fact.proposal)? {
            found.push((fact, sheets::read(&envelope)?));
        }
    }
    Ok(found)
}

/// Whether two are of one agent, and would do the same kind of thing to the same targets, however often: a batch that
/// is one entry longer is like the one before it, and so is an action that stands there twice.
pub(crate) fn alike(one: &Proposal, other: &Proposal) -> bool {
    let what = |of: &Proposal| -> HashSet<_> {
        of.actions.iter().map(|it| (discriminant(&it.act), it.target.clone())).collect()
    };
    same_agent(one, other) && what(one) == what(other)
}
