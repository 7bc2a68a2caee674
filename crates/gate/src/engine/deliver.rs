//! The outbox: sends what nobody acknowledged, first what it refers to, and again after growing pauses.

use std::fs::File;
use std::io::Read as _;
use std::time::{Duration, Instant};

use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::receipt::{Outcome, RECEIPT, Receipt};
use countersign_core::statement::Statement;
use countersign_sources::spool::Kind;

use super::{Engine, propose};
use crate::Error;
use crate::ledger::{Entry, Letter, steps};

const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LAST_PAUSE: Duration = Duration::from_secs(600);

impl Engine {
    /// Sends what is due.
    pub(super) fn deliver(&mut self) -> Result<(), Error> {
        let due: Vec<Digest> = {
            let now = Instant::now();
            let due = |it: &Digest| self.sent.get(it).is_none_or(|(_, again)| *again <= now);
            Letter::waiting(&*self.ledger.read()?)?.into_iter().filter(due).collect()
        };
        let mut failed = None;
        for digest in due {
            let Some(letter) = Letter::by_digest(&*self.ledger.read()?, &digest)? else { continue };
            if let Err(error) = self.send(&letter) {
                // On a full disk nothing can be sent; anything else must not hold up what comes after.
                if error.disk_full() {
                    return Err(error);
                }
                failed.get_or_insert(error);
            }
            let tries = self.sent.get(&digest).map_or(0, |(tries, _)| *tries);
            let pause = FIRST_PAUSE.saturating_mul(1 << tries.min(10)).min(LAST_PAUSE);
            self.sent.insert(digest, (tries + 1, Instant::now() + pause));
        }
        failed.map_or(Ok(()), Err)
    }

    fn send(&mut self, letter: &Letter) -> Result<(), Error> {
        for (digest, bytes) in self.blobs_of(letter)? {
            self.writer.put_blob(&digest, &bytes)?;
        }
        self.writer.send(letter.kind, &letter.digest, &letter.envelope)?;
        tracing::debug!(kind = %letter.kind, digest = %letter.digest, "sent");
        Ok(())
    }

    fn blobs_of(&mut self, letter: &Letter) -> Result<Vec<(Digest, Vec<u8>)>, Error> {
        let Some(owner) = letter.owner else { return Ok(vec![]) };
        let read = self.ledger.read()?;
        match letter.kind {
            Kind::Proposal => match Entry::by_digest(&read, &letter.digest)? {
                Some(entry) => propose::blobs(&read, &entry),
                None => Ok(vec![]),
            },
            Kind::Receipt => {
                let mut blobs = Vec::new();
                for content in results(&letter.envelope) {
                    if let Some(path) = steps::result(&read, owner, content.sha256())?
                        && let Some(bytes) = stored(&path, &content)
                    {
                        blobs.push((*content.sha256(), bytes));
                    }
                }
                Ok(blobs)
            }
            _ => Ok(vec![]),
        }
    }
}

/// The contents of a receipt that travel beside it.
fn results(envelope: &[u8]) -> Vec<Content> {
    let receipt =
        Envelope::parse(envelope).ok().and_then(|it| Statement::<Receipt>::parse(&it.payload, RECEIPT).ok());
    let outcomes = receipt.map(|it| it.predicate.outcomes).unwrap_or_default();
    let all = outcomes.into_iter().flat_map(|outcome| match outcome {
        Outcome::Done { results, .. } | Outcome::Failed { results, .. } => results,
        _ => vec![],
    });
    all.map(|(_, content)| content).filter(|it| it.inline_bytes().is_none()).collect()
}

/// The bytes of a result, when its file still begins with them.
fn stored(path: &std::path::Path, content: &Content) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(content.size()).read_to_end(&mut bytes).ok()?;
    content.is(&bytes).then_some(bytes)
}
