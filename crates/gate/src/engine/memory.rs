//! What a start finds: root, epoch, anchor, and what was being done when the gate ended.

use countersign_core::ack::{Acknowledgement, Receiver};
use countersign_core::envelope::{Envelope, MAX_ENVELOPE};
use countersign_core::halt::{Halt, Scope};
use countersign_core::json;
use countersign_core::name::{Epoch, Nonce};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::time::Timestamp;
use countersign_core::verify::TrustedRoot;
use countersign_core::{ack, halt};
use countersign_sources::spool::Kind;
use rusqlite::Connection;

use super::{Engine, receipts, uses};
use crate::anchor::Mark;
use crate::config::Config;
use crate::folder::Folder;
use crate::ledger::{Entry, Letter, Meta, State, Use, meta, proposals};
use crate::{Error, private};

/// Contents of what ended so long ago, in seconds, are dropped once everything about it was acknowledged.
const KEEP_CONTENTS: u64 = 14 * 24 * 3600;

/// The root that the gate trusts: the pinned first one, and those that followed it.
pub(super) fn root(folder: &Folder, config: &Config, ledger: &Connection) -> Result<TrustedRoot, Error> {
    let Some(pin) = &config.root else {
        let why = "this gate trusts nobody yet; `countersign init --trust FILE --digest HEX` pins a root";
        return Err(Refusal::new(Code::RootInvalid, why).into());
    };
    let path = folder.root();
    let envelope = private::read(&path, MAX_ENVELOPE as u64)?;
    let envelope =
        envelope.ok_or_else(|| Refusal::new(Code::RootInvalid, "the gate's copy of its root is missing"))?;
    let mut root = TrustedRoot::pinned(&envelope, pin)?;
    for newer in meta::roots(ledger)? {
        root = root.advance(&newer)?;
    }
    match root.root().gate(folder.gate()) {
        Some(entry) if entry.key == config.key => Ok(root),
        _ => Err(Refusal::new(Code::RootInvalid, "the root does not name this gate with its key").into()),
    }
}

impl Engine {
    /// Matches the ledger with its anchor, and ends what was being done when the gate ended.
    pub(super) fn remember(&mut self, reset_clock: bool) -> Result<(), Error> {
        let known = Meta::read(&*self.ledger.read()?)?;
        match known {
            Some(_) if self.anchor_matches()? => {}
            _ => self.new_epoch()?,
        }
        let now = self.now();
        let change = self.ledger.write()?;
        if reset_clock {
            let meta = Meta { highest: now, ..Meta::of(&change)? };
            meta.write(&change)?;
        }
        proposals::drop_contents(
            &change,
            Timestamp::from_seconds(now.seconds().saturating_sub(KEEP_CONTENTS)),
        )?;
        let stopped = Refusal::new(Code::StateUnavailable, "the gate ended before it was begun");
        let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
        for used in Use::acting(&change)? {
            tracing::warn!(entry = used.entry, "a use of a batch was being done when the gate ended");
            seal.conclude_use(&change, &used, Some(&stopped))?;
        }
        let left = Entry::all_in(&change, State::Acting)?;
        for number in left {
            let entry = Entry::numbered(&change, number)?;
            tracing::warn!(id = entry.id, "it was being acted on when the gate ended");
            seal.conclude(&change, &entry, Some(&stopped))?;
        }
        change.commit()?;
        Ok(())
    }

    /// Begins a new epoch when ledger and anchor do not agree.
    pub(super) fn make_sure(&mut self) -> Result<(), Error> {
        if self.anchor_matches()? { Ok(()) } else { self.new_epoch() }
    }

    /// Whether ledger and anchor agree. A change that a crash cut short is ended here.
    pub(super) fn anchor_matches(&mut self) -> Result<bool, Error> {
        let known = Meta::of(&*self.ledger.read()?)?;
        let Some(mark) = self.anchor.read()? else { return Ok(false) };
        if (mark.epoch, mark.count) == (known.epoch, known.count) {
            return Ok(true);
        }
        // The anchor is one ahead, by the change that the ledger says it was about to make: a crash
        // came between the two. A nonce counts as burned then, and nothing was begun with it; what
        // stops something is still in the box.
        let cut_short =
            (mark.epoch, mark.count) == (known.epoch, known.count + 1) && mark.last == known.intent;
        let (true, Some(nonce)) = (cut_short, known.intent) else { return Ok(false) };
        self.end_cut_short(&nonce)?;
        Ok(true)
    }

    fn end_cut_short(&mut self, nonce: &Nonce) -> Result<(), Error> {
        let now = self.now();
        let change = self.ledger.write()?;
        let known = Meta::of(&change)?;
        Meta { count: known.count + 1, intent: None, ..known }.write(&change)?;
        if let Some(entry) = Entry::by_nonce(&change, nonce)?.filter(|it| it.state == State::Open) {
            let why = "the gate ended while it wrote this down; nothing was done";
            let refusal = Refusal::new(Code::StateUnavailable, why);
            let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
            seal.refuse(&change, &entry, &refusal, vec![])?;
        } else if let Some((entry, at)) = uses::called(&change, nonce)? {
            // Of a batch that one use only.
            let used = Use::burn(&change, &entry, at, None, now)?;
            let why = "the gate ended while it wrote this down; nothing was done";
            let seal = receipts::Seal { key: &self.key, gate: self.folder.gate(), now };
            seal.conclude_use(&change, &used, Some(&Refusal::new(Code::StateUnavailable, why)))?;
        }
        change.commit()?;
        Ok(())
    }

    /// Begins a new epoch: what was open is void, and the gate halts itself until a reviewer lifts that.
    pub(super) fn new_epoch(&mut self) -> Result<(), Error> {
        let now = self.now();
        let epoch = Epoch::from_bytes(private::random()?);
        let halt = Halt {
            id: Nonce::from_bytes(private::random()?),
            scope: Scope::Gate { gate: self.folder.gate().clone() },
            at: now,
            reason: Some(
                "The gate's ledger does not match what was counted outside of it: it was restored, replaced or lost. \
                 What was open is void. Look at what happened since, then lift this."
                    .to_owned(),
            ),
        };
        let envelope = Envelope::sign(halt::HALT, json::to_bytes(&halt), &self.key);
        tracing::error!(%epoch, "the ledger does not match its anchor: a new epoch, halted until lifted");

        let change = self.ledger.write()?;
        let highest = Meta::read(&change)?.map_or(now, |it| it.highest);
        Meta { epoch, count: 0, seq: 0, highest, intent: None }.write(&change)?;
        for number in Entry::all_in(&change, State::Open)? {
            let entry = Entry::numbered(&change, number)?;
            // No receipt: in the life that this ledger forgot there may already be one.
            entry.end(&change, Code::NonceUnknown.as_str(), None, now)?;
        }
        let digest = envelope.digest();
        let bytes = envelope.to_bytes();
        crate::ledger::halts::add_halt(&change, &digest, &halt, &bytes, now)?;
        Letter { digest, kind: Kind::Halt, owner: None, envelope: bytes }.add(&change)?;
        change.commit()?;
        self.anchor.write(Mark { epoch, count: 0, last: None })?;
        self.handle.bump();
        Ok(())
    }

    /// Says which life of the ledger this is.
    pub(super) fn announce(&mut self) -> Result<(), Error> {
        let epoch = Meta::of(&*self.ledger.read()?)?.epoch;
        self.acknowledge(&epoch, &[])
    }

    /// Says what was committed, in as many messages as that takes.
    pub(super) fn acknowledge(
        &self,
        epoch: &Epoch,
        digests: &[countersign_core::digest::Digest],
    ) -> Result<(), Error> {
        let mut parts: Vec<_> = digests.chunks(ack::MAX_DIGESTS).collect();
        if parts.is_empty() {
            parts.push(&[]);
        }
        for part in parts {
            let ack = Acknowledgement {
                by: Receiver::Gate(self.folder.gate().clone()),
                epoch: *epoch,
                digests: part.to_vec(),
            };
            let envelope = Envelope::sign(ack::TYPE, json::to_bytes(&ack), &self.key);
            self.writer.send(Kind::Ack, &envelope.digest(), &envelope.to_bytes())?;
        }
        Ok(())
    }
}
