//! Reading the box: roots, halts, withdrawals, denies, then the rest.
//!
//! Each message is committed before it is moved to `cur`; what is refused is
//! written down with its code and moved to `bad`. While the ledger cannot be
//! written, messages stay where they are and are read again.

mod acks;
mod decisions;
mod halts;
mod root;

use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::refusal::{Code, Refusal};
use countersign_sources::milestone::milestone;
use countersign_sources::spool::{Arrival, Kind, Name};

use super::Engine;
use crate::Error;
use crate::ledger::{Attempt, Meta};
use decisions::seems_to_stop;

/// What became of a message.
pub(super) enum Answer {
    /// It is committed.
    Done,
    /// It will not be used. `told`: whether its sender may stop sending it.
    Refused { refusal: Refusal, told: bool },
}

impl Engine {
    /// Reads all that is in the box, as whoever is about to act has to.
    pub(super) fn ingest(&mut self) -> Result<(), Error> {
        self.read_box(usize::MAX).map(|_| ())
    }

    /// Reads what one scan finds. What is left over is read after the jobs that wait, so that whoever
    /// floods the box keeps no agent waiting for long.
    pub(super) fn ingest_some(&mut self) -> Result<(), Error> {
        if self.read_box(1)? {
            self.handle.hand(Self::tick)?;
        }
        Ok(())
    }

    /// Reads what at most so many scans find; whether there may be more.
    fn read_box(&mut self, scans: usize) -> Result<bool, Error> {
        let mut acks = Vec::new();
        let mut failed = None;
        let mut any = false;
        let mut more = true;
        for _ in 0..scans {
            let mut arrivals = match self.reader.scan() {
                Ok(arrivals) => arrivals,
                // What the scans before it brought is answered all the same.
                Err(error) => {
                    failed = Some(error.into());
                    break;
                }
            };
            // Stable: roots, halts and withdrawals stay first, and among decisions those that stop.
            arrivals.sort_by_key(|arrival| match arrival {
                Arrival::Message { name, bytes, .. } => (name.kind, !seems_to_stop(name.kind, bytes)),
                Arrival::Refused { .. } => (Kind::Resolution, true),
            });
            let (mut answered, mut rubbish) = (0, Vec::new());
            for arrival in arrivals {
                let (name, kind, digest_in_name, bytes) = match arrival {
                    Arrival::Message { name, kind, digest_in_name, bytes, .. } => {
                        (name, kind, digest_in_name, bytes)
                    }
                    Arrival::Refused { name, why } => {
                        tracing::warn!(message = %name, why, "not read");
                        answered += 1;
                        continue;
                    }
                };
                if let Some(refusal) = misnamed(&digest_in_name, &bytes) {
                    rubbish.push((name, refusal));
                    continue;
                }
                match self.take(kind, &digest_in_name, &bytes) {
                    Ok(answer) => {
                        any = true;
                        // One that cannot be moved is seen again; it must not keep the others waiting.
                        match self.answer(&name, answer, &mut acks) {
                            Ok(()) => answered += 1,
                            Err(error) => failed = Some(error),
                        }
                    }
                    Err(error) => failed = Some(error),
                }
            }
            match self.refuse_all(rubbish) {
                Ok(refused) => {
                    any |= refused > 0;
                    answered += refused;
                }
                Err(error) => failed = Some(error),
            }
            // Only an empty scan says that there is nothing more: one may end early by its bytes.
            more = answered > 0;
            if !more {
                break;
            }
        }
        if !acks.is_empty() {
            let epoch = Meta::of(&*self.ledger.read()?)?.epoch;
            self.acknowledge(&epoch, &acks)?;
        }
        if any {
            self.handle.bump();
        }
        failed.map_or(Ok(more), Err)
    }

    fn answer(&self, name: &Name, answer: Answer, acks: &mut Vec<Digest>) -> Result<(), Error> {
        match answer {
            Answer::Done => {
                milestone(format_args!("committed {}", name.kind));
                self.reader.done(name)?;
                if name.kind != Kind::Ack {
                    acks.push(name.digest);
                }
            }
            Answer::Refused { refusal, told } => {
                tracing::warn!(message = %name, code = %refusal.code, "refused");
                self.reader.refuse(name, &refusal.to_string())?;
                if told {
                    acks.push(name.digest);
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, kind: Kind, digest: &Digest, bytes: &[u8]) -> Result<Answer, Error> {
        match kind {
            Kind::Root => self.take_root(digest, bytes),
            Kind::Halt => self.take_halt(digest, bytes),
            Kind::Withdrawal => self.take_withdrawal(digest, bytes),
            Kind::Decision => self.take_decision(digest, bytes),
            Kind::Lift => self.take_lift(digest, bytes),
            Kind::Ack => self.take_ack(digest, bytes),
            Kind::Resolution => self.take_resolution(digest, bytes),
            Kind::Proposal | Kind::Receipt => {
                let refusal = Refusal::new(Code::PayloadType, "a gate takes neither proposals nor receipts");
                self.refuse(kind, digest, None, refusal, false)
            }
        }
    }

    /// Writes down, all at once, what is no envelope of its name, so that a flood of it costs one commit
    /// for each scan; how many were put away.
    fn refuse_all(&mut self, rubbish: Vec<(Name, Refusal)>) -> Result<usize, Error> {
        if rubbish.is_empty() {
            return Ok(0);
        }
        let now = self.now();
        let change = self.ledger.write()?;
        for (name, refusal) in &rubbish {
            Attempt::add(&change, name.kind.as_str(), &name.digest, None, refusal, now)?;
        }
        change.commit()?;
        let (mut refused, mut failed) = (0, None);
        for (name, refusal) in rubbish {
            match self.answer(&name, Answer::Refused { refusal, told: false }, &mut Vec::new()) {
                Ok(()) => refused += 1,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(refused), Err)
    }

    /// Writes a refusal down.
    fn refuse(
        &mut self,
        kind: Kind,
        digest: &Digest,
        about: Option<&Digest>,
        refusal: Refusal,
        told: bool,
    ) -> Result<Answer, Error> {
        let now = self.now();
        let change = self.ledger.write()?;
        Attempt::add(&change, kind.as_str(), digest, about, &refusal, now)?;
        change.commit()?;
        Ok(Answer::Refused { refusal, told })
    }
}

/// Why this is no envelope of that name. The name decides what is acknowledged, so it has to be the name
/// of what is inside.
fn misnamed(digest: &Digest, bytes: &[u8]) -> Option<Refusal> {
    let why = match Envelope::parse(bytes) {
        Ok(envelope) if envelope.digest() == *digest => return None,
        Ok(_) => "its payload has another digest than its name says".to_owned(),
        Err(error) => error.to_string(),
    };
    Some(Refusal::new(Code::EnvelopeMalformed, why))
}
