//! A proposal out of the queue for a while. Nothing signs it, and it weakens nothing.

use countersign_core::digest::Digest;
use countersign_core::time::Timestamp;

use crate::core::Inner;
use crate::queue::is_open;
use crate::{Error, Event, life};

/// How long before a proposal expires it comes back at the latest, in seconds.
pub const BEFORE_EXPIRY: u64 = 10 * 60;

/// The longest time that a proposal is out of the queue, in seconds.
pub const LONGEST: u64 = 7 * 24 * 3600;

impl Inner {
    pub(crate) fn snooze(&self, digest: &Digest, until: Timestamp) -> Result<Timestamp, Error> {
        let now = self.now();
        let mut core = self.core();
        let facts = core.facts(digest)?;
        let state = life::state(&facts, now);
        if !is_open(&state) {
            return Err(Error::NotOpen(Box::new(state)));
        }
        let latest = Timestamp::from_seconds(facts.expires.seconds().saturating_sub(BEFORE_EXPIRY));
        let until = until.min(latest).min(now.plus(LONGEST));
        if until <= now {
            return Err(Error::TooLateToSnooze);
        }
        core.store.write(|tx| tx.set_snooze(digest, until, now))?;
        drop(core);
        self.tell(Event::QueueChanged);
        Ok(until)
    }

    pub(crate) fn unsnooze(&self, digest: &Digest) -> Result<(), Error> {
        let mut core = self.core();
        core.facts(digest)?;
        let ended = core.store.write(|tx| tx.end_snooze(digest))?;
        drop(core);
        if ended {
            self.tell(Event::QueueChanged);
        }
        Ok(())
    }

    /// Puts back what was out of the queue long enough, and says so.
    pub(crate) fn end_snoozes(&self) -> Result<(), Error> {
        let now = self.now();
        let over = self.core().store.read(|tx| tx.snoozes_over(now, now.plus(LONGEST)))?;
        if over.is_empty() {
            return Ok(());
        }
        let returned = self.core().store.write(|tx| {
            over.iter().try_for_each(|digest| tx.end_snooze(digest).map(drop))?;
            let facts = over.iter().map(|digest| tx.facts(digest)).collect::<Result<Vec<_>, _>>()?;
            Ok::<_, Error>(facts)
        })?;
        self.tell(Event::QueueChanged);
        for facts in returned.into_iter().flatten().filter(|it| is_open(&life::state(it, now))) {
            let shown = self.summary(&facts.digest)?;
            self.tell(Event::Returned { digest: facts.digest, agent: shown.agent, kind: shown.kind });
        }
        Ok(())
    }
}
