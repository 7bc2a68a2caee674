//! Several at once: proposals that are alike, read as one complete list and answered by one gesture.
//!
//! Which ones are alike is in [`Likeness`]; what is high, or has a history of its own, stands alone. A group
//! is known by the digest of its members and of their sheets: a member more, less or other is another group, which
//! has to be on screen, armed and seen under its own digest. Of a member that stays, what was seen stays seen.

mod answering;
mod likeness;

use std::collections::{HashSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::proposal::Proposal;
use countersign_core::time::Timestamp;
use countersign_sheet::{Compared, Sheet};
use countersign_sources::milestone::milestone;

use self::likeness::Likeness;
use crate::core::{Core, Inner};
use crate::deciding::waits;
use crate::earlier::{alike, lately_denied};
use crate::screen::Which;
use crate::sheets::{Made, read};
use crate::{Editable, Error, ItemState, Member, Opened, Together, life, risk};

/// The most proposals that are answered together, and the most rows of them.
pub(crate) const MOST: usize = 50;
const ROWS: u64 = 20_000;

/// The most proposals that are looked at to find them.
const LOOKED_AT: usize = 200;

/// The most groups that are remembered; a person reads one at a time.
const KEPT: usize = 4;

/// The most proposals of which it is remembered that they are read alone.
const ALONE: usize = 1000;

/// Proposals that are answered together, as they were shown.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) digest: Digest,
    pub(crate) sheet: Arc<Sheet>,
    pub(crate) members: Vec<One>,
}

/// A proposal of a group.
#[derive(Debug, Clone)]
pub(crate) struct One {
    pub(crate) digest: Digest,
    pub(crate) made: Made,
    pub(crate) sheet: Digest,
    /// Its documents on the sheet of the group.
    pub(crate) documents: Range<usize>,
}

impl Group {
    pub(crate) fn which(&self) -> Which {
        (self.digest, self.digest)
    }
}

/// Groups that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    // The one made last is last.
    made: Vec<Arc<Group>>,
    // Proposals that do not suit, which only their sheets told, the last found last. A proposal does not change, so
    // no sheet is made for that twice.
    alone: VecDeque<Digest>,
}

impl Groups {
    fn find(&self, digest: &Digest) -> Option<Arc<Group>> {
        self.made.iter().find(|it| it.digest == *digest).cloned()
    }

    fn keep(&mut self, group: &Arc<Group>) {
        self.made.retain(|it| it.digest != group.digest);
        self.made.push(Arc::clone(group));
        if self.made.len() > KEPT {
            self.made.remove(0);
        }
    }

    fn made(&self, digest: &Digest) -> Option<Made> {
        let mut ones = self.made.iter().rev().flat_map(|it| &it.members);
        ones.find(|it| it.digest == *digest).map(|it| it.made.clone())
    }

    fn is_alone(&self, digest: &Digest) -> bool {
        self.alone.contains(digest)
    }

    fn stands_alone(&mut self, digest: Digest) {
        if self.is_alone(&digest) {
            return;
        }
        if self.alone.len() == ALONE {
            self.alone.pop_front();
        }
        self.alone.push_back(digest);
    }
}

/// Whether it may be answered together with others, as far as its proposal tells. What replaces another is read
/// beside that one, and what the gate asks a person to acknowledge is looked at by itself.
fn may_suit(proposal: &Proposal) -> bool {
    // A list of what may happen is read alone.
    let batch = proposal.actions.batch().is_some();
    !batch && proposal.supersedes.is_none() && proposal.acknowledge.is_empty() && !risk::is_high(proposal)
}

/// The same, when its sheet was made: all of it can be drawn, and nothing in it warns.
fn suits(made: &Made) -> bool {
    let fits = |sheet: &Sheet| !matches!(sheet.compared, Compared::Further { .. }) && sheet.hidden() == 0;
    let whole = made.sheet.as_ref().is_some_and(|(sheet, _)| fits(sheet));
    whole && made.amended.is_none() && !made.is_high() && may_suit(&made.proposal)
}

/// The proposals that are like one.
struct Akin {
    /// That one, and those that may be answered together, the oldest first. Nothing when it is to be read alone.
    all: Vec<Digest>,
    /// How many are to be read alone.
    apart: usize,
}

impl Inner {
    /// The group of this digest, if there is one: digests of groups are no digests of proposals.
    pub(crate) fn group(&self, digest: &Digest) -> Option<Arc<Group>> {
        self.core().groups.find(digest)
    }

    pub(crate) fn together(&self, digest: &Digest, left_out: &[Digest]) -> Result<Option<Opened>, Error> {
        let now = self.now();
        let Akin { all: found, mut apart } = self.core().akin(digest, now)?;
        let left_out: HashSet<&Digest> = left_out.iter().collect();
        let (mut ones, mut out, mut rows) = (Vec::new(), Vec::new(), 0);
        // The one that was asked about is among them, however many are older.
        let (this, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|it| it == digest);
        for digest in this.into_iter().chain(others) {
            if ones.len() + out.len() >= MOST {
                apart += 1;
                continue;
            }
            let known = {
                let mut core = self.core();
                let state = life::state(&core.facts(&digest)?, now);
                if !waits(&state) {
                    continue;
                }
                let drafted = core.drafts.find(&digest);
                drafted.or_else(|| core.groups.made(&digest))
            };
            let made = match known {
                Some(made) => made,
                None => self.made(&digest)?,
            };
            let Some((sheet, of)) = made.sheet.clone().filter(|_| suits(&made)) else {
                if made.sheet.is_some() && made.amended.is_none() {
                    self.core().groups.stands_alone(digest);
                }
                apart += 1;
                continue;
            };
            if rows + sheet.rows() > ROWS && !ones.is_empty() {
                apart += 1;
                continue;
            }
            let one = One { digest, sheet: of, documents: 0..0, made };
            if left_out.contains(&digest) {
                out.push(one);
            } else {
                rows += sheet.rows();
                ones.push(one);
            }
        }
        let asked_for = |it: &One| it.digest == *digest;
        if !ones.iter().chain(&out).any(asked_for) || ones.len() < 2 {
            return Ok(None);
        }
        ones.sort_by_key(|it| (it.made.proposal.created, it.made.proposal.seq, it.digest));
        let sheets: Vec<&Sheet> = ones.iter().filter_map(|it| Some(&*it.made.sheet.as_ref()?.0)).collect();
        let Some((sheet, parts)) = countersign_sheet::together(&sheets) else { return Ok(None) };
        for (one, documents) in ones.iter_mut().zip(parts) {
            one.documents = documents;
        }
        let members: Vec<(Digest, Digest)> = ones.iter().map(|it| (it.digest, it.sheet)).collect();
        let group = Group {
            digest: Digest::of(&json::to_bytes(&("together", countersign_sheet::VERSION, members))),
            sheet: Arc::new(sheet),
            members: ones,
        };
        let group = Arc::new(group);
        self.core().groups.keep(&group);
        let Some(first) = group.members.first() else { return Ok(None) };
        // One kind by one agent: what is known of others like the first is known of all.
        let approved = self.core().store.read(|tx| tx.approved_alike(&first.digest))?;
        let member = |it: &One| Member {
            digest: it.digest,
            would: countersign_sheet::told(countersign_sheet::would(&it.made.proposal)),
            expires: it.made.proposal.expires,
            documents: it.documents.clone(),
        };
        Ok(Some(Opened {
            digest: group.digest,
            state: ItemState::Waiting,
            editable: Editable::Nothing,
            amended: None,
            received: first.made.proposal.created,
            proposal: Some(Arc::clone(&first.made.proposal)),
            sheet: Some(Arc::clone(&group.sheet)),
            sheet_digest: Some(group.digest),
            alike: approved,
            missing: vec![],
            decision: None,
            answers: vec![],
            snoozed: None,
            receipt: None,
            uses: vec![],
            earlier: None,
            denied: None,
            evidence: None,
            like: 0,
            together: Some(Together {
                members: group.members.iter().map(member).collect(),
                left_out: out.iter().map(member).collect(),
                apart,
            }),
        }))
    }

    /// The sheet of a group is on screen now: arming begins anew.
    pub(crate) fn shown_together(&self, group: &Group, sheet: &Digest) -> Result<(), Error> {
        if group.digest != *sheet {
            return Err(Error::Changed);
        }
        let now = self.monotonic();
        let mut core = self.core();
        core.store.write(|tx| {
            group.members.iter().try_for_each(|it| tx.add_shown(&it.digest, &it.sheet, self.now()))
        })?;
        milestone("shown");
        let core = &mut *core;
        core.screen.show(group.which(), &group.sheet, None, now);
        for before in core.groups.made.iter().filter(|it| it.digest != group.digest) {
            for one in &group.members {
                let same = |it: &&One| it.digest == one.digest && it.sheet == one.sheet;
                if let Some(it) = before.members.iter().find(same) {
                    let from = (before.which(), it.documents.clone());
                    core.screen.carry(from, (group.which(), one.documents.clone()), now);
                }
            }
        }
        Ok(())
    }
}

impl Core {
    /// How many others wait that are like it, as far as their proposals tell.
    pub(crate) fn like(&mut self, digest: &Digest, made: &Made, now: Timestamp) -> Result<usize, Error> {
        if !suits(made) {
            return Ok(0);
        }
        Ok(self.akin(digest, now)?.all.len().saturating_sub(1))
    }

    /// Proposals that wait and are like `digest`.
    fn akin(&mut self, digest: &Digest, now: Timestamp) -> Result<Akin, Error> {
        let groups = &self.groups;
        self.store.read(|tx| {
            let this = read(&tx.proposal(digest)?.ok_or(Error::NotFound(*digest))?)?;
            let mut akin = Akin { all: vec![], apart: 0 };
            let Some(likeness) = Likeness::of(&this) else { return Ok(akin) };
            // Who sees one again that was denied is to think of that. It is one agent: it is looked up once.
            let denied = lately_denied(tx, &this, now)?;
            let was_denied = |it: &Proposal| denied.iter().any(|(_, before)| alike(before, it));
            if was_denied(&this) {
                return Ok(akin);
            }
            akin.all.push(*digest);
            for (other, envelope) in tx.akin(digest, "waiting", LOOKED_AT)? {
                let proposal = read(&envelope)?;
                if other == *digest || Likeness::of(&proposal).as_ref() != Some(&likeness) {
                    continue;
                }
                if may_suit(&proposal) && !groups.is_alone(&other) && !was_denied(&proposal) {
                    akin.all.push(other);
                } else {
                    akin.apart += 1;
                }
            }
            Ok(akin)
        })
    }
}
