//! Decisions that may hold later: of a key that a newer root may name, under a newer root, too early.
//!
//! They are kept in the ledger until their proposal expires, and looked at
//! again at each tick and with each root.

use countersign_core::decision::Decision;
use countersign_core::digest::Digest;
use countersign_core::proposal::MAX_LIFETIME;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::statement::Statement;
use countersign_core::verify::signed;

use super::Engine;
use super::ingest::Answer;
use crate::Error;
use crate::ledger::{Entry, Kept, Meta};

impl Engine {
    /// Keeps what may hold later, until its proposal expires.
    pub(super) fn keep(
        &mut self,
        digest: &Digest,
        bytes: &[u8],
        about: Option<&Entry>,
        refusal: &Refusal,
    ) -> Result<(), Error> {
        let until = about.map_or_else(|| self.now().plus(MAX_LIFETIME), |entry| entry.expires);
        let change = self.ledger.write()?;
        Kept::add(&change, digest, bytes, refusal.code.as_str(), until)?;
        change.commit()?;
        Ok(())
    }

    /// Looks again at what was kept for later.
    pub(super) fn look_again(&mut self) -> Result<(), Error> {
        let now = self.now();
        let kept = {
            let read = self.ledger.read()?;
            if !Kept::any(&read)? {
                return Ok(());
            }
            Kept::all(&read)?
        };
        for Kept { digest, envelope } in kept {
            // As long as nothing changes it is refused for the same reason, which is written down once.
            let still = match signed::<Statement<Decision>>(&envelope, &self.root, now) {
                Err(refusal) => refusal.code == Code::KeyUnknown,
                Ok(_) => match self.take_decision(&digest, &envelope)? {
                    Answer::Done => {
                        let epoch = Meta::of(&*self.ledger.read()?)?.epoch;
                        self.acknowledge(&epoch, &[digest])?;
                        self.handle.bump();
                        false
                    }
                    Answer::Refused { refusal, .. } => {
                        matches!(refusal.code, Code::RootStale | Code::NotYetValid | Code::ClockRollback)
                    }
                },
            };
            if !still {
                let change = self.ledger.write()?;
                Kept::remove(&change, &digest)?;
                change.commit()?;
            }
        }
        let change = self.ledger.write()?;
        Kept::remove_old(&change, now)?;
        change.commit()?;
        Ok(())
    }
}
