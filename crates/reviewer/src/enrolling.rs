//! The root that this app makes: it names the person, the installation and its gates.
//!
//! Version 1 names them all in one step. Another gate later is a version more,
//! signed by the same administrator. Where no gate would follow the old root,
//! because its only one came back with another key or its administrator's key
//! is gone, there is a new version 1.

use std::sync::PoisonError;

use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::key::PublicKey;
use countersign_core::name::GateId;
use countersign_core::root::{Entry, Holder, Root, TYPE};
use countersign_core::time::Timestamp;
use countersign_core::verify::TrustedRoot;
use countersign_keys::{Passphrase, UnlockedKey};
use countersign_sources::spool::Kind;

use crate::core::Inner;
use crate::settings::{Pinned, Settings};
use crate::{Error, Event};

/// Keys count from a little before the root was made: a clock that is set back by seconds must not end them.
const GRACE: u64 = 300;

impl Inner {
    /// Writes a root that names `gate` with `key`, and returns its digest. The same gate and key again change nothing.
    pub(crate) fn enrol(
        &self,
        gate: &GateId,
        key: PublicKey,
        uid: Option<u32>,
        passphrase: &Passphrase,
    ) -> Result<Digest, Error> {
        let _one = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let settings = self.core().settings.clone().ok_or(Error::NotSetUp)?;
        let ring = self.keys.about(self.seconds())?.ring.ok_or(Error::NotSetUp)?;
        let device = self.keys.about(self.seconds())?.device.ok_or(Error::NotSetUp)?;
        let before = self.core().root.clone();
        let before = before.filter(|root| can_follow(root.root(), &ring.administrator.public(), gate, key));
        if let Some(before) = &before
            && before.root().gate(gate).is_some_and(|entry| entry.key == key)
        {
            return Ok(*before.digest());
        }
        let now = self.now();
        let from = Timestamp::from_seconds(now.seconds().saturating_sub(GRACE));
        let person = settings.person.clone();
        let mut entries = match &before {
            Some(before) => before.root().entries.clone(),
            None => vec![
                Entry::new(ring.reviewer.public(), Holder::Person { name: person.clone() }, from),
                Entry::new(ring.administrator.public(), Holder::Administrator { name: person.clone() }, from),
                Entry::new(device.public, Holder::Device { name: settings.device.clone(), person }, from),
            ],
        };
        entries.retain(|entry| !matches!(&entry.holder, Holder::Gate { gate: named } if named == gate));
        entries.push(Entry { uid, ..Entry::new(key, Holder::Gate { gate: gate.clone() }, from) });
        let version = before.as_ref().map_or(1, |before| before.root().version + 1);
        let root = Root { version, created: now, threshold: 1, entries };

        let administrator = ring.administrator.unlock(&self.keys, passphrase, now.seconds())?;
        let (envelope, trusted) = sign(&root, &administrator, before.as_ref())?;
        drop(administrator);
        let text = String::from_utf8(envelope.to_bytes())
            .map_err(|error| Error::Damaged { path: self.layout.root(), why: error.to_string() })?;
        let digest = envelope.digest();
        let settings = Settings { root: Some(Pinned { digest, envelope: text }), ..settings };
        settings.write(&self.layout)?;
        self.take_root(settings, trusted);
        self.publish(&envelope, gate)?;
        self.tell(Event::GatesChanged);
        Ok(digest)
    }

    /// Brings a newer root to the gates that have an older one.
    fn publish(&self, envelope: &Envelope, but: &GateId) -> Result<(), Error> {
        let mut core = self.core();
        for gate in core.gates().into_iter().filter(|gate| gate != but) {
            core.writer(self, &gate)?.send(Kind::Root, &envelope.digest(), &envelope.to_bytes())?;
        }
        Ok(())
    }
}

/// Whether a root after `root` would find a gate that follows it.
fn can_follow(root: &Root, administrator: &PublicKey, gate: &GateId, key: PublicKey) -> bool {
    let gates = |entry: &&Entry| matches!(entry.holder, Holder::Gate { .. });
    root.entries.iter().any(|entry| entry.key == *administrator)
        && root.entries.iter().filter(gates).any(|entry| {
            entry.key == key || !matches!(&entry.holder, Holder::Gate { gate: named } if named == gate)
        })
}

fn sign(
    root: &Root,
    administrator: &UnlockedKey,
    before: Option<&TrustedRoot>,
) -> Result<(Envelope, TrustedRoot), Error> {
    use countersign_core::refusal::{Code, Refusal};
    let invalid = |error: countersign_core::root::Error| Refusal::new(Code::RootInvalid, error.to_string());
    let payload = root.to_payload().map_err(|error| Error::Root(invalid(error)))?;
    let envelope = administrator.sign_envelope(TYPE, payload);
    let bytes = envelope.to_bytes();
    // What every gate will check, checked before it is kept.
    let trusted = match before {
        Some(before) => before.advance(&bytes),
        None => TrustedRoot::pinned(&bytes, &envelope.digest()),
    };
    Ok((envelope, trusted.map_err(Error::Root)?))
}
