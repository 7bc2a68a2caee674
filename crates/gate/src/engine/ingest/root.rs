//! The root: a newer one, and whether the one in use follows from the one that was pinned.

use countersign_core::digest::Digest;
use countersign_core::refusal::{Code, Refusal};
use countersign_sources::spool::Kind;

use super::Answer;
use crate::Error;
use crate::engine::{Engine, memory};
use crate::ledger::meta;

impl Engine {
    pub(super) fn take_root(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        let newer = match self.root.advance(bytes) {
            Ok(newer) => newer,
            Err(_) if self.root.digest() == digest => return Ok(Answer::Done),
            Err(refusal) => return self.refuse(Kind::Root, digest, None, refusal, false),
        };
        let entry = newer.root().gate(self.folder.gate());
        if entry.is_none_or(|entry| entry.key != self.config.key) {
            let refusal = Refusal::new(Code::RootInvalid, "the root does not name this gate with its key");
            return self.refuse(Kind::Root, digest, None, refusal, false);
        }
        let change = self.ledger.write()?;
        meta::add_root(&change, newer.root().version, bytes)?;
        change.commit()?;
        tracing::info!(version = newer.root().version, "a newer root");
        self.root = newer;
        self.allow_senders();
        self.look_again()?;
        Ok(Answer::Done)
    }

    /// Whether the root is still the one that was pinned (check 2, repeated).
    pub(in crate::engine) fn root_holds(&mut self) -> Result<(), Error> {
        let read = self.ledger.read()?;
        self.root = memory::root(&self.folder, &self.config, &read)?;
        Ok(())
    }
}
