//! Halts and lifts. A halt stands until a lift names its digest, whatever order they arrive in.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::name::{GateId, Label, Nonce};
use crate::proposal::Authenticated;
use crate::time::Timestamp;

/// Payload type of a halt.
pub const HALT: &str = "application/vnd.countersign.halt.v1+json";

/// Payload type of a lift.
pub const LIFT: &str = "application/vnd.countersign.lift.v1+json";

/// Stop. Every open nonce in its scope is void.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Halt {
    /// Random, so that no two halts have one digest.
    pub id: Nonce,
    /// What is stopped.
    pub scope: Scope,
    /// When, by the signer's clock.
    pub at: Timestamp,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a halt stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scope {
    /// Everything.
    All,
    /// All that goes through one gate.
    Gate {
        /// The gate.
        gate: GateId,
    },
    /// All that comes from one agent, as the gate authenticates it.
    Agent {
        /// The gate.
        gate: GateId,
        /// How that gate knows the agent.
        authenticated: Authenticated,
    },
}

impl Scope {
    /// Whether it stops anything at `gate`.
    pub fn reaches(&self, gate: &GateId) -> bool {
        match self {
            Self::All => true,
            Self::Gate { gate: at } | Self::Agent { gate: at, .. } => at == gate,
        }
    }

    /// Whether it covers what `authenticated` wants through `gate`.
    pub fn covers(&self, gate: &GateId, authenticated: &Authenticated) -> bool {
        match self {
            Self::All => true,
            Self::Gate { gate: halted } => halted == gate,
            Self::Agent { gate: at, authenticated: halted } => at == gate && halted == authenticated,
        }
    }
}

/// Ends the halt whose payload has this digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lift {
    /// Digest of the halt's payload.
    pub halt: Digest,
    /// Who lifts.
    pub reviewer: Label,
    /// When, by the reviewer's clock.
    pub at: Timestamp,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
