//! How many connections each agent has, and how many uses of batches at once, so that none takes everything.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use countersign_core::json;
use countersign_core::proposal::Authenticated;

use tokio::sync::Semaphore;

use crate::Error;

/// The most connections of one agent, so that none takes all of them.
const MAX_OF_ONE: usize = 64;

/// The most uses of batches of one agent that are done at once. Those that come then wait, in their order.
pub(crate) const MOST_USES: usize = 4;

/// How many connections each agent has.
#[derive(Clone, Default)]
pub(crate) struct Seats(Arc<Mutex<BTreeMap<Vec<u8>, usize>>>);

/// One connection of an agent, counted until it is dropped.
pub(crate) struct Seat {
    seats: Seats,
    agent: Vec<u8>,
}

impl Seats {
    /// Takes one more for an agent, unless it has as many as it may.
    pub(crate) fn take(&self, authenticated: &Authenticated) -> Result<Seat, Error> {
        let agent = json::to_bytes(authenticated);
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(agent.clone()).or_default();
        if *count >= MAX_OF_ONE {
            return Err(Error::Request(format!("this agent has {MAX_OF_ONE} connections already")));
        }
        *count += 1;
        Ok(Seat { seats: self.clone(), agent })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.agent) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.agent);
            }
        }
    }
}

/// Whose turn it is, of the uses of each agent.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<BTreeMap<Vec<u8>, Weak<Semaphore>>>>);

impl Turns {
    /// Those of an agent: the same as long as somebody holds or waits for one, also without a connection.
    pub(crate) fn of(&self, authenticated: &Authenticated) -> Arc<Semaphore> {
        let agent = json::to_bytes(authenticated);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, turns| turns.strong_count() > 0);
        if let Some(turns) = all.get(&agent).and_then(Weak::upgrade) {
            return turns;
        }
        let turns = Arc::new(Semaphore::new(MOST_USES));
        all.insert(agent, Arc::downgrade(&turns));
        turns
    }
}
