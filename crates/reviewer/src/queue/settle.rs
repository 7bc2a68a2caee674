//! The store, with everything in its place whenever a transaction ends.
//!
//! Triggers of the store note which proposals have new facts. Here they are
//! placed, in the same transaction; of very many at once (a gate that lost its
//! memory, a clock that was set) some follow in transactions of their own,
//! which is noted on the disk as well.

use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_core::name::Epoch;
use countersign_core::time::Timestamp;
use countersign_store::{Error, Placed, Store, Tx};

use super::{kept, place};
use crate::{Clock, ItemState, life};

/// The most proposals that one transaction places.
const MOST: usize = 1000;

/// The store of a reviewer. Reads and writes as [`Store`] does.
pub(crate) struct Settling {
    store: Store,
    clock: Arc<dyn Clock>,
}

/// What a transaction changed.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Whether something came into another section.
    pub(crate) moved: bool,
    /// Proposals with new facts, and where they are in their lives now.
    pub(crate) states: Vec<(Digest, ItemState)>,
}

impl Settling {
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    pub(crate) fn epoch(&self) -> &Epoch {
        self.store.epoch()
    }

    pub(crate) fn read<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.read(work)
    }

    pub(crate) fn write<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write_settled(work).map(|(done, _)| done)
    }

    /// The same, and what it changed.
    pub(crate) fn write_settled<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<(T, Settled), E> {
        let now = self.clock.now();
        self.store.write(|tx| {
            let done = work(tx)?;
            Ok((done, settle(tx, now)?))
        })
    }
}

/// Places what is stale.
fn settle(tx: &Tx<'_>, now: Timestamp) -> Result<Settled, Error> {
    let mut settled = Settled::default();
    for (id, facts) in tx.stale(MOST)? {
        let state = life::state(&facts, now);
        if facts.snoozed.is_some() && !place::is_open(&state) {
            // Decided from elsewhere, or over: it does not come back.
            tx.end_snooze(&facts.digest)?;
        }
        let it = place::place(&facts, &state, now);
        let placed = Placed {
            section: place::word(it.section),
            rank: it.rank,
            due: it.due,
            lapsed: it.lapsed,
            answered: it.answered,
            ended: it.ended,
            state: &kept::encode_state(&state).unwrap_or_default(),
        };
        settled.moved |= tx.place(id, &placed)?;
        settled.states.push((facts.digest, state));
    }
    Ok(settled)
}
