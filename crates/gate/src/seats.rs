//! How many connections each agent has, so that none takes all of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::json;
use countersign_core::proposal::Authenticated;

use crate::Error;

/// The most connections of one agent, so that none takes all of them.
const MAX_OF_ONE: usize = 64;

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
