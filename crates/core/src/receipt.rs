//! Receipts: what a gate did, one outcome for each action.

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::digest::Digest;
use crate::name::{Epoch, GateId, Label, ProposalId};
use crate::refusal::Code;
use crate::time::Timestamp;

/// Predicate type of a receipt; its subject is the proposal.
pub const RECEIPT: &str = "urn:countersign:receipt:v1";

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The gate.
    pub gate: GateId,
    /// The life of its ledger.
    pub epoch: Epoch,
    /// Counts what the gate sent in this epoch, together with its proposals.
    pub seq: u64,
    /// The proposal's id, for people.
    pub id: ProposalId,
    /// Digests of the decisions on which it rests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Digest>,
    /// The amendment that was acted on instead of the proposal's own texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<Digest>,
    /// Which use of a batch it is about; absent when it is about the whole, or what remained of it.
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Used>,
    /// When the nonce was burned; absent when it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burned: Option<Timestamp>,
    /// When the receipt was written.
    pub at: Timestamp,
    /// One for each action, in order; for a batch one.
    pub outcomes: Vec<Outcome>,
}

/// A use of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// Which entry of its list, counted from 0.
    pub entry: u64,
    /// Which of its uses that was, counted from 1.
    pub number: u64,
}

/// What became of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// It happened.
    Done {
        /// When it began.
        started: Timestamp,
        /// When it was over.
        finished: Timestamp,
        /// A program's exit status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit: Option<i32>,
        /// What came of it, such as a program's output: pairs of name and content.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        results: Vec<(Label, Content)>,
    },
    /// It was begun and went wrong.
    Failed {
        /// When it began.
        started: Timestamp,
        /// When it was over.
        finished: Timestamp,
        /// What went wrong, in words.
        why: String,
        /// A program's exit status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit: Option<i32>,
        /// What came of it all the same.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        results: Vec<(Label, Content)>,
    },
    /// The gate refused; nothing was done.
    Refused {
        /// Which check.
        code: Code,
        /// What was wrong, in words.
        why: String,
    },
    /// A hook permitted it. The gate did not act and does not know what came of it.
    Released {
        /// When.
        at: Timestamp,
    },
    /// It was begun, and its end was not seen.
    Unknown {
        /// When it began.
        started: Timestamp,
    },
    /// It was never begun, because one before it was not done.
    NotAttempted {},
}
