//! The root: who is trusted for what, from when until when.
//!
//! [`Root::parse`] refuses a root that gives one key to two holders or a
//! purpose to a key that is not meant for it, so a parsed root has neither.

use serde::{Deserialize, Serialize};

use crate::json;
use crate::key::PublicKey;
use crate::name::{GateId, Label};
use crate::time::Timestamp;

/// The payload type.
pub const TYPE: &str = "application/vnd.countersign.root.v1+json";

/// Who is trusted for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// 1 for the first, then one more each time.
    pub version: u64,
    /// When it was made.
    pub created: Timestamp,
    /// How many administrators must sign the next root, and this one.
    pub threshold: u8,
    /// Every key.
    pub entries: Vec<Entry>,
}

/// A key, whose it is, and what for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The key.
    pub key: PublicKey,
    /// Whose it is.
    pub holder: Holder,
    /// What it may do.
    pub purposes: Vec<Purpose>,
    /// Roles that requirements can name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Label>,
    /// From when.
    pub valid_from: Timestamp,
    /// Until when, this second not included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// The user id from which this holder's files come, where it is pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
}

/// Whose key it is. The kind fixes which purposes the key can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Holder {
    /// A person, who unlocks it.
    Person {
        /// The person's name.
        name: Label,
    },
    /// An installation, which acts for its person without being unlocked.
    Device {
        /// The installation's name.
        name: Label,
        /// Its person.
        person: Label,
    },
    /// A gate.
    Gate {
        /// Its name.
        gate: GateId,
    },
    /// A person's key for roots, and nothing else.
    Administrator {
        /// The person's name.
        name: Label,
    },
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Approve a proposal.
    Approve,
    /// Lift a halt.
    Lift,
    /// Resolve an unknown outcome.
    Resolve,
    /// Ask for an undo.
    Undo,
    /// Withdraw one's own decision.
    WithdrawDecision,
    /// Acknowledge what was committed.
    Acknowledge,
    /// Deny a proposal.
    Deny,
    /// Request changes to a proposal.
    RequestChanges,
    /// Halt. A gate may halt only itself.
    Halt,
    /// Sign a log's head.
    Checkpoint,
    /// Propose.
    Propose,
    /// Write a receipt.
    Receipt,
    /// Withdraw one's own proposal.
    WithdrawProposal,
    /// Sign a root.
    Administer,
}

impl Holder {
    /// The purposes that a key of this kind of holder can have.
    pub fn purposes(&self) -> &'static [Purpose] {
        match self {
            Self::Person { .. } => {
                &[Purpose::Approve, Purpose::Lift, Purpose::Resolve, Purpose::Undo, Purpose::WithdrawDecision]
            }
            Self::Device { .. } => &[
                Purpose::Acknowledge,
                Purpose::Deny,
                Purpose::RequestChanges,
                Purpose::Halt,
                Purpose::Checkpoint,
            ],
            Self::Gate { .. } => &[
                Purpose::Propose,
                Purpose::Receipt,
                Purpose::WithdrawProposal,
                Purpose::Acknowledge,
                Purpose::Halt,
            ],
            Self::Administrator { .. } => &[Purpose::Administer],
        }
    }

    /// The person behind it: the person, or the device's.
    pub fn person(&self) -> Option<&Label> {
        match self {
            Self::Person { name } => Some(name),
            Self::Device { person, .. } => Some(person),
            Self::Gate { .. } | Self::Administrator { .. } => None,
        }
    }
}

impl Entry {
    /// An entry with every purpose that its holder can have, valid from `from` on.
    pub fn new(key: PublicKey, holder: Holder, from: Timestamp) -> Self {
        let purposes = holder.purposes().to_vec();
        Self {
            key,
            holder,
            purposes,
            roles: vec![],
            valid_from: from,
            valid_to: None,
            revoked_at: None,
            uid: None,
        }
    }
}

/// Why bytes are not a root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not its JSON.
    #[error("{0}")]
    Json(#[from] json::Error),
    /// Says what contradicts what.
    #[error("{0}")]
    Contradiction(&'static str),
}

impl Root {
    /// Reads the payload of a root.
    ///
    /// # Errors
    ///
    /// Every [`Error`].
    pub fn parse(payload: &[u8]) -> Result<Self, Error> {
        let root: Self = json::exactly(payload)?;
        root.check()?;
        Ok(root)
    }

    /// The bytes to sign.
    ///
    /// # Errors
    ///
    /// When they would be refused by [`Root::parse`].
    pub fn to_payload(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        Ok(json::to_bytes(self))
    }

    /// The entry of `gate`, if there is one.
    pub fn gate(&self, gate: &GateId) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| matches!(&entry.holder, Holder::Gate { gate: named } if named == gate))
    }

    fn check(&self) -> Result<(), Error> {
        let no = |what| Err(Error::Contradiction(what));
        if self.version == 0 {
            return no("versions count from 1");
        }
        let administrators =
            self.entries.iter().filter(|entry| matches!(entry.holder, Holder::Administrator { .. })).count();
        if self.threshold == 0 || usize::from(self.threshold) > administrators {
            return no("the threshold is between 1 and the number of administrators");
        }
        for (at, entry) in self.entries.iter().enumerate() {
            if self.entries[..at].iter().any(|earlier| earlier.key == entry.key) {
                return no("one key stands in two entries");
            }
            if entry.purposes.is_empty()
                || entry.purposes.iter().any(|p| !entry.holder.purposes().contains(p))
            {
                return no("a key has a purpose that its holder cannot have");
            }
            if let Holder::Gate { gate } = &entry.holder {
                let same = |earlier: &Entry| matches!(&earlier.holder, Holder::Gate { gate: named } if named == gate);
                if self.entries[..at].iter().any(same) {
                    return no("two gates have one name");
                }
            }
        }
        Ok(())
    }
}
