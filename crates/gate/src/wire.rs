//! What a gate and its clients say to each other over the socket.
//!
//! Frames: four bytes of length (big endian), one byte of kind (0 JSON,
//! 1 bytes), then so many bytes. JSON is strict, as everywhere. The client
//! says hello, is welcomed or not, and then asks one thing at a time; bytes
//! for a request come before it.

use countersign_core::digest::Digest;
use countersign_core::halt::Scope;
use countersign_core::key::PublicKey;
use countersign_core::name::{Epoch, GateId, Label};
use countersign_core::ostext::OsText;
use countersign_core::proposal::{Authenticated, Effect};
use countersign_core::receipt::Used;
use countersign_core::refusal::Code;
use countersign_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::request::Request;

/// The version of this protocol.
pub const VERSION: u64 = 1;

/// The largest JSON frame.
pub const MAX_JSON: usize = 2 * 1024 * 1024;

/// The largest frame of bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// What a client says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// First of all.
    Hello(Hello),
    /// Propose this.
    Propose(Box<Propose>),
    /// Tell how a proposal stands, whenever that changes, until there is nothing more to come.
    Wait(Wait),
    /// Use an entry of a batch that was approved.
    Use(Use),
    /// Take a proposal back.
    Withdraw(Withdraw),
    /// Show a proposal.
    Show(Name),
    /// Tell what a person changed in a proposal before they approved it.
    Changes(Name),
    /// Tell how the gate stands.
    Status {},
}

/// Who comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// [`VERSION`].
    pub version: u64,
    /// What `countersign token add` printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// A request to propose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// The request.
    pub request: Request,
    /// The agent's own name for it: asking again with the same key is not asking twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Label>,
}

/// Which proposal to wait for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// Its id or digest.
    pub proposal: String,
    /// The request for which its release is wanted, when it is one. Without it nothing is released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Box<Request>>,
    /// The use of a batch that is waited for: its entry, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// Whether the output of programs is wanted.
    pub output: bool,
}

/// An entry of a batch to use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Use {
    /// The id or digest of the proposal.
    pub proposal: String,
    /// The program and its arguments, exactly as they are listed.
    pub arguments: Vec<OsText>,
}

/// A proposal to take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Its id or digest.
    pub proposal: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A proposal, by id or digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Its id or digest.
    pub proposal: String,
}

/// What the gate answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tell {
    /// To a hello.
    Welcome(Welcome),
    /// It is proposed.
    Proposed(Proposed),
    /// As many uses of this agent are done now as may be; this one waits for its turn. Nothing of it is burned yet.
    InLine {},
    /// This entry is used now: its burn is on the disk.
    Using {
        /// Counted from 0.
        entry: u64,
    },
    /// How it stands. The last one of a wait is final.
    View(Box<View>),
    /// Output of a program; the bytes follow in a frame of their own.
    Output(Output),
    /// Whether it was taken back, or it was too late.
    Withdrawn {
        /// Whether.
        now: bool,
    },
    /// A proposal; its blobs follow, each in a frame of its own.
    Shown(Box<Shown>),
    /// What a person changed; for each the agent's text and theirs follow, each in a frame of its own.
    Changes(Vec<Changed>),
    /// How the gate stands.
    Status(Box<Status>),
    /// No. Nothing was done.
    Refused(Refused),
}

/// Who was recognised, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// The gate.
    pub gate: GateId,
    /// What it calls the client.
    pub agent: Label,
    /// How it knows it.
    pub authenticated: Authenticated,
}

/// A proposal that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// For people.
    pub id: String,
    /// What it is.
    pub digest: Digest,
    /// Until when it stands.
    pub expires: Timestamp,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// Which check; absent when the request itself cannot be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// In words.
    pub why: String,
}

/// Some output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Which action.
    pub action: usize,
    /// Standard error, not standard output.
    pub error: bool,
}

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// For a person.
    Waiting,
    /// Somebody requested changes, which blocks it.
    ChangesRequested,
    /// Approved, not acted on yet: more signatures, or the agent to come for its release.
    Approved,
    /// Burned, not ended.
    Acting,
    /// There is nothing more to come.
    Ended,
}

/// How a proposal stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// For people.
    pub id: String,
    /// What it is.
    pub digest: Digest,
    /// Whose it is.
    pub agent: Label,
    /// Which of its sessions.
    pub session: Label,
    /// Who would do it.
    pub effect: Effect,
    /// How many actions it has.
    pub actions: usize,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it stands.
    pub expires: Timestamp,
    /// Where it is.
    pub standing: Standing,
    /// How it ended: `done`, `failed`, `released`, `unknown`, or a refusal's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<String>,
    /// The amendment that is acted on: a person changed it before they approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amended: Option<Digest>,
    /// Who denied it or requested changes, and what they wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
    /// How many others the last answer that counts says were answered by the same gesture. Nothing follows from it:
    /// each of them stands or falls by an answer of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<usize>,
    /// Decisions that came too late.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<Digest>,
    /// The envelope of its receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// What a person found out about an unknown outcome: `ran` or `did_not_run`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// What was refused about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempted>,
    /// What keeps the gate from going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// What was used of it, when it is a batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<Uses>,
    /// Which use of the batch this is about, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Used>,
}

impl View {
    /// Whether there is nothing more to wait for. A batch that was approved waits itself, for its agent.
    pub fn is_over(&self) -> bool {
        match self.standing {
            Standing::Ended | Standing::ChangesRequested => true,
            Standing::Approved => self.uses.is_some() && self.used.is_none(),
            Standing::Waiting | Standing::Acting => false,
        }
    }
}

/// What was used of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uses {
    /// How many entries may be used.
    pub most: u64,
    /// Those that were, in their order.
    pub used: Vec<UseView>,
}

/// A use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseView {
    /// Which entry, counted from 0.
    pub entry: u64,
    /// Which use, counted from 1.
    pub number: u64,
    /// How it ended, as of a proposal; absent until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<String>,
}

/// A text that a person changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// Which action, counted from 0.
    pub action: usize,
    /// Which of its texts.
    pub field: String,
    /// What the action is about.
    pub target: OsText,
}

/// What a person said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Who.
    pub by: Label,
    /// What they wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Something that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempted {
    /// Counts.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// What kind of message, or `act`, or `claim`.
    pub kind: String,
    /// Of its payload.
    pub digest: Digest,
    /// What it was about, as far as it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Digest>,
    /// Which check.
    pub code: String,
    /// In words.
    pub why: String,
}

/// A proposal and what it refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// How it stands.
    pub view: View,
    /// Its envelope.
    pub envelope: String,
    /// Digests of the blobs that follow, in their order.
    pub blobs: Vec<Digest>,
}

/// How a gate stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// Its name.
    pub gate: GateId,
    /// Its key.
    pub key: PublicKey,
    /// The name of its key.
    pub keyid: String,
    /// The life of its ledger.
    pub epoch: Epoch,
    /// The version of its root.
    pub root_version: u64,
    /// The digest of its root's payload.
    pub root: Digest,
    /// Halts that stand.
    pub halts: Vec<HaltView>,
    /// Whether the ledger matches its anchor.
    pub consistent: bool,
    /// Whether somebody reads the reviewer's box.
    pub reviewer_listens: bool,
    /// How many messages nobody acknowledged yet.
    pub outbox: u64,
    /// What keeps it from going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// Seconds that its configuration adds to the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_offset: Option<i64>,
    /// The latest proposals, newest first.
    pub proposals: Vec<View>,
    /// What was refused last.
    pub attempts: Vec<Attempted>,
}

/// A halt that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HaltView {
    /// Its digest, which a lift names.
    pub digest: Digest,
    /// What it stops.
    pub scope: Scope,
    /// Since when.
    pub at: Timestamp,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
