//! Uses of a batch: the agent comes for one entry after the other, and each is burned by itself.

use countersign_core::batch::{self, Batch};
use countersign_core::json;
use countersign_core::name::Nonce;
use countersign_core::ostext::OsText;
use countersign_core::proposal::Proposal;
use countersign_core::receipt::Used;
use countersign_core::refusal::{Code, Refusal};
use rusqlite::Connection;

use super::burn::Order;
use super::{Engine, Viewer, receipts, steps, views};
use crate::Error;
use crate::ledger::{Attempt, Entry, State, Use};
use crate::resolve;
use crate::wire::View;

/// What an agent comes for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// Id or digest of the proposal.
    pub(crate) proposal: String,
    pub(crate) arguments: Vec<OsText>,
    pub(crate) by: Viewer,
}

impl Engine {
    /// The entry that a use would be of, as far as that can be said without looking at any contents.
    pub(crate) fn use_entry(&mut self, wanted: &Wanted) -> Result<Result<(Entry, usize), Refusal>, Error> {
        // What was committed to the box before wins.
        self.ingest()?;
        let now = self.now();
        let read = self.ledger.read()?;
        let entry = wanted.by.may_see(Entry::by_name(&read, &wanted.proposal)?)?;
        let batch = batch(&receipts::parse(&entry)?)?;
        let used = Use::all(&read, entry.number)?;
        let against = steps::against(&read, self.folder.gate(), &wanted.by.authenticated, &entry, now)?;
        drop(read);
        let is_used = |at: usize| used.iter().any(|it| it.entry == at);
        let found = resolve::batch::entry(&batch, &wanted.arguments, is_used);
        let refuse = |code, why: &str| Some(Refusal::new(code, why));
        let refusal = match found {
            // The gate's own user sees what is another's, and does not use it.
            _ if entry.agent != json::to_bytes(&wanted.by.authenticated) => {
                refuse(Code::AgentMismatch, "it was approved for another agent")
            }
            _ if against.is_some() => against,
            _ if entry.state != State::Open => {
                refuse(Code::Replay, "as many as may be used were used, or it has ended")
            }
            None => refuse(Code::ActionMismatch, "these arguments are not in the list that was approved"),
            Some(at) if is_used(at) => refuse(Code::Replay, "it was used before"),
            Some(at) => return Ok(Ok((entry, at))),
        };
        let refusal = refusal.ok_or(Error::Damaged("nothing was refused"))?;
        self.not_used(&entry, refusal).map(Err)
    }

    /// What a use would be, when the batch is approved, its agent asks, and there is such an entry left.
    pub(crate) fn use_order(&mut self, wanted: &Wanted) -> Result<Result<Order, Refusal>, Error> {
        let (entry, at) = match self.use_entry(wanted)? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        match self.order(&entry.digest, None, Some(at))? {
            Ok(order) => Ok(Ok(order)),
            Err(refusal) => self.not_used(&entry, refusal).map(Err),
        }
    }

    /// Writes down why an entry was not used. The batch stays as it is.
    fn not_used(&mut self, entry: &Entry, refusal: Refusal) -> Result<Refusal, Error> {
        let now = self.now();
        let change = self.ledger.write()?;
        Attempt::add(&change, "use", &entry.digest, Some(&entry.digest), &refusal, now)?;
        change.commit()?;
        self.handle.bump();
        Ok(refusal)
    }

    /// The same for what was found out when it was about to begin.
    pub(super) fn order_not_used(&mut self, order: &Order, refusal: Refusal) -> Result<Refusal, Error> {
        self.not_used(&order.case.entry, refusal)
    }

    /// A use ends for which nothing runs any more.
    pub(super) fn use_ended(&mut self) {
        self.uses_at_work = self.uses_at_work.saturating_sub(1);
        self.handle.bump();
    }

    /// How one use stands.
    pub(crate) fn view_use(&mut self, name: &str, entry: u64, viewer: &Viewer) -> Result<View, Error> {
        let read = self.ledger.read()?;
        let of = viewer.may_see(Entry::by_name(&read, name)?)?;
        let entry = usize::try_from(entry).unwrap_or(usize::MAX);
        let none = || Error::Request("this entry was not used".to_owned());
        let used = Use::of(&read, of.number, entry)?.ok_or_else(none)?;
        views::of_use(&read, &of, &used)
    }
}

/// The batch of a proposal that has one.
fn batch(proposal: &Proposal) -> Result<Batch, Error> {
    let none = || Error::Request("it is no batch; the gate does it by itself once it is approved".to_owned());
    proposal.actions.batch().cloned().ok_or_else(none)
}

/// What the burn of a use is called in the anchor, which is the nonce for what is no batch.
pub(super) fn burned(proposal: &Proposal, entry: Option<usize>) -> Nonce {
    entry.map_or(proposal.nonce, |entry| batch::burns(&proposal.nonce, entry))
}

/// The open batch, and the entry of it, whose burn is called `id`.
pub(super) fn called(from: &Connection, id: &Nonce) -> Result<Option<(Entry, usize)>, Error> {
    for number in Entry::open_batches(from)? {
        let entry = Entry::numbered(from, number)?;
        let proposal = receipts::parse(&entry)?;
        let found = (0..proposal.actions.len()).find(|at| batch::burns(&proposal.nonce, *at) == *id);
        if let Some(at) = found.filter(|_| entry.state == State::Open) {
            return Ok(Some((entry, at)));
        }
    }
    Ok(None)
}

/// As a receipt names it.
pub(super) fn named(it: &Use) -> Used {
    Used { entry: it.entry as u64, number: it.number }
}
