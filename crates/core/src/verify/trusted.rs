//! Check 2: the root itself.

use crate::digest::Digest;
use crate::envelope::Envelope;
use crate::key::{PublicKey, SIGNATURE_LENGTH};
use crate::refusal::{Code, Refusal};
use crate::root::{Entry, Holder, Purpose, Root, TYPE};

/// A root that was pinned, or that follows one that was.
#[derive(Debug, Clone)]
pub struct TrustedRoot {
    root: Root,
    digest: Digest,
    // The name of each entry's key, in their order; computed once and not at every signature.
    names: Vec<String>,
}

impl TrustedRoot {
    /// The root in `envelope`, whose payload must have the digest `pin`.
    ///
    /// # Errors
    ///
    /// `ROOT_INVALID`, or `ROOT_THRESHOLD` when too few of its own administrators signed it.
    pub fn pinned(envelope: &[u8], pin: &Digest) -> Result<Self, Refusal> {
        let envelope = parse(envelope)?;
        if envelope.digest() != *pin {
            return Err(invalid("the root is not the pinned one"));
        }
        let root = Root::parse(&envelope.payload).map_err(|error| invalid(error.to_string()))?;
        threshold(&envelope, &root)?;
        Ok(Self::new(root, envelope.digest()))
    }

    /// The root in `envelope`, which must follow this one: its version is one more, and the
    /// administrators of both signed it.
    ///
    /// # Errors
    ///
    /// `ROOT_INVALID`, `ROOT_ROLLBACK`, `ROOT_THRESHOLD`.
    pub fn advance(&self, envelope: &[u8]) -> Result<Self, Refusal> {
        let envelope = parse(envelope)?;
        // The signature first: nothing of the payload is looked at that the administrators did not sign.
        threshold(&envelope, &self.root)?;
        let root = Root::parse(&envelope.payload).map_err(|error| invalid(error.to_string()))?;
        if root.version <= self.root.version {
            let why = format!("version {} after version {}", root.version, self.root.version);
            return Err(Refusal::new(Code::RootRollback, why));
        }
        if root.version != self.root.version + 1 {
            return Err(invalid(format!("version {} does not follow {}", root.version, self.root.version)));
        }
        threshold(&envelope, &root)?;
        Ok(Self::new(root, envelope.digest()))
    }

    fn new(root: Root, digest: Digest) -> Self {
        let names = root.entries.iter().map(|entry| entry.key.id()).collect();
        Self { root, digest, names }
    }

    /// Whether the key `keyid` is in it, and the entry whose key made `signature` over `message`.
    ///
    /// The key that is named is tried first, which spares the others. Nothing is decided by its name,
    /// which nobody signed: when it does not hold, all others are tried.
    pub(super) fn signer(
        &self,
        keyid: &str,
        message: &[u8],
        signature: &[u8; SIGNATURE_LENGTH],
    ) -> (bool, Option<&Entry>) {
        let named = self.names.iter().position(|name| name == keyid);
        let others = (0..self.root.entries.len()).filter(|at| Some(*at) != named);
        let mut entries = named.into_iter().chain(others).filter_map(|at| self.root.entries.get(at));
        (named.is_some(), entries.find(|entry| entry.key.holds(message, signature)))
    }

    /// The root.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// The digest of its payload.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }
}

fn invalid(why: impl Into<String>) -> Refusal {
    Refusal::new(Code::RootInvalid, why)
}

fn parse(bytes: &[u8]) -> Result<Envelope, Refusal> {
    let envelope = Envelope::parse(bytes).map_err(|error| invalid(error.to_string()))?;
    if envelope.payload_type != TYPE {
        return Err(invalid("the payload is not a root"));
    }
    Ok(envelope)
}

/// Whether enough administrators of `root`, each counted once, signed `envelope`.
fn threshold(envelope: &Envelope, root: &Root) -> Result<(), Refusal> {
    let message = envelope.signed_bytes();
    let signed = |key: &PublicKey| envelope.signatures.iter().any(|it| key.holds(&message, &it.bytes));
    let mut people = Vec::new();
    for entry in &root.entries {
        let Holder::Administrator { name } = &entry.holder else { continue };
        let may = entry.purposes.contains(&Purpose::Administer) && entry.revoked_at.is_none();
        if may && !people.contains(&name) && signed(&entry.key) {
            people.push(name);
        }
    }
    if people.len() < usize::from(root.threshold) {
        let why = format!("{} of {} administrators signed", people.len(), root.threshold);
        return Err(Refusal::new(Code::RootThreshold, why));
    }
    Ok(())
}
