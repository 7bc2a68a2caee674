//! What the whole is in: key, gates, halts, and what keeps it from going on.

use std::path::PathBuf;

use countersign_core::digest::Digest;
use countersign_core::halt::Scope;
use countersign_core::name::{GateId, Label};
use countersign_core::time::Timestamp;
use countersign_keys::Kept;
use countersign_sheet::Segment;

use crate::{ClockJump, KeyringState};

/// What keeps us from taking what arrives, or from sending what was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Where it lies.
    pub by: Obstacle,
    /// What the system said of it.
    pub says: String,
}

/// Where it lies when nothing goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Nothing more fits on the disk.
    DiskFull,
    /// The app's own records.
    Records,
    /// The folders through which gate and app speak.
    Folders,
    /// Anything else.
    Other,
}

/// What the whole is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// How far the first start has come.
    pub setup: Setup,
    /// Whose app this is.
    pub person: Option<Label>,
    /// What this installation is called.
    pub device: Option<Label>,
    /// The reviewer key.
    pub key: KeyState,
    /// Whether this installation can acknowledge and deny.
    pub device_key: bool,
    /// Every gate of the root.
    pub gates: Vec<GateState>,
    /// Halts that stand, the newest first.
    pub halts: Vec<HaltState>,
    /// The last time that the machine's clock was set, until it is dismissed.
    pub clock_jump: Option<ClockJump>,
    /// Why what arrives cannot be kept, or what was signed not be sent. It is tried again until it can.
    pub trouble: Option<Held>,
    /// Whether the keyring would take a key. Asked only while there is none.
    pub keyring: KeyringState,
    /// What was signed here and no gate has acknowledged yet.
    pub outbox: usize,
    /// Proposals that wait for a decision, but those that are snoozed.
    pub waiting: u64,
}

/// How far the first start has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// There are no keys.
    New,
    /// There are keys, and no gate that trusts them.
    NoGate,
    /// There is a root.
    Ready,
}

/// The reviewer key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    /// Whether it signs.
    pub lock: Lock,
    /// What two people read to each other.
    pub fingerprint: Option<String>,
    /// Where it is kept, and why there.
    pub kept: Option<Kept>,
    /// When a backup was last saved.
    pub backed_up: Option<Timestamp>,
    /// Where the last backup was put, if that was since the app began.
    pub backup: Option<PathBuf>,
    /// Seconds until it locks by itself.
    pub locks_in: Option<u64>,
    /// Seconds until the next try after wrong passphrases; 0 is at once.
    pub wait: u64,
}

/// Whether a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// There is no key.
    None,
    /// A passphrase unlocks it.
    Locked,
    /// It signs.
    Unlocked,
    /// What is known of it cannot be read now.
    Unreachable,
}

/// A gate of the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateState {
    /// Its name.
    pub id: GateId,
    /// Whether it reads its box now.
    pub alive: bool,
    /// Why it did not start when it was to.
    pub not_started: Option<String>,
    /// Its key, as two people read it to each other.
    pub fingerprint: String,
    /// Whether its files come from the user that this app runs as.
    pub same_user: bool,
}

/// A halt that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HaltState {
    /// What a lift names.
    pub digest: Digest,
    /// When, by its signer's clock.
    pub at: Timestamp,
    /// What is stopped.
    pub scope: Scope,
    /// The name of the agent that is stopped, where it is one.
    pub agent: Vec<Segment>,
    /// Whether it was signed here; else another device signed it, or a gate halted itself.
    pub own: bool,
    /// The person and the name of the other device that signed it.
    pub by: Option<(Label, Label)>,
    /// Whether every gate that it is for has it.
    pub obeyed: bool,
    /// Why, in its signer's words.
    pub reason: Option<String>,
    /// Whether a lift was signed here that not every gate has acknowledged.
    pub lifting: bool,
    /// How many proposals it made void, as far as is known here.
    pub voided: u64,
}
