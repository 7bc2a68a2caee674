//! Acknowledgements: "committed here", no more. They stop resending and delete nothing.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::name::{Epoch, GateId, Label};

/// The payload type.
pub const TYPE: &str = "application/vnd.countersign.ack.v1+json";

/// The most digests that one acknowledgement carries.
pub const MAX_DIGESTS: usize = 1000;

/// What was committed. An empty one announces the epoch at a start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// Who committed it.
    pub by: Receiver,
    /// The life of the receiver's ledger or store.
    pub epoch: Epoch,
    /// Digests of the payloads that are committed.
    pub digests: Vec<Digest>,
}

/// Who received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// A gate.
    Gate(GateId),
    /// A device, by the name it has in the root.
    Device(Label),
}
