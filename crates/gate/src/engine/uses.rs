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
use super::{Engine, Viewer, receipts, views};
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
    /// What a use would be, when the batch is approved, its agent asks, and there is such an entry left.
    pub(crate) fn use_order(&mut self, wanted: &Wanted) -> Result<Result<Order, Refusal>, Error> {
        // What was committed to the box before wins.
        self.ingest()?;
        let read = self.ledger.read()?;
        let entry = wanted.by.may_see(Entry::by_name(&read, &wanted.proposal)?)?;
        let batch = batch(&receipts::parse(&entry)?)?;
        let used = Use::all(&read, entry.number)?;
        drop(read);
        // The gate's own user sees what is another's, and does not use it.
        if entry.agent != json::to_bytes(&wanted.by.authenticated) {
            let why = "it was approved for another agent";
            return self.not_used(&entry, Refusal::new(Code::AgentMismatch, why)).map(Err);
        }
        let found =
            resolve::batch::entry(&batch, &wanted.arguments, |at| used.iter().any(|it| it.entry == at));
        let refusal = match self.order(&entry.digest, None, found)? {
            Ok(order) if found.is_some() => return Ok(Ok(order)),
            Ok(_) => {
                Refusal::new(Code::ActionMismatch, "these arguments are not in the list that was approved")
            }
            Err(refusal) if refusal.code == Code::Replay && found.is_none() => {
                Refusal::new(Code::Replay, "as many as may be used were used, or it has ended")
            }
            Err(refusal) => refusal,
        };
        self.not_used(&entry, refusal).map(Err)
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

    /// Writes the receipt of a use that was burned.
    pub(super) fn conclude_use(&mut self, order: &Order, stopped: Option<&Refusal>) -> Result<(), Error> {
        let now = self.now();
        let change = self.ledger.write()?;
        let of = order.case.entry.number;
        let gone = Error::Damaged("a use is gone");
        let used = order.entry.map(|entry| Use::of(&change, of, entry)).transpose()?.flatten().ok_or(gone)?;
        let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
        seal.conclude_use(&change, &used, stopped)?;
        change.commit()?;
        countersign_sources::milestone::milestone("receipt");
        self.handle.bump();
        Ok(())
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
