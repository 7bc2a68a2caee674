//! Decisions, withdrawals and resolutions: what people say about a subject.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::name::{Epoch, GateId, Label, Nonce};
use crate::time::Timestamp;

/// Predicate type of a decision.
pub const DECISION: &str = "urn:countersign:decision:v1";

/// Predicate type of a withdrawal.
pub const WITHDRAWAL: &str = "urn:countersign:withdrawal:v1";

/// Predicate type of a resolution.
pub const RESOLUTION: &str = "urn:countersign:resolution:v1";

/// A person's answer to a proposal or amendment, which is the statement's subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The answer.
    pub verdict: Verdict,
    /// What the person wrote to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Who answers: the person whose key, or whose device, signs.
    pub reviewer: Label,
    /// Copied from the proposal.
    pub gate: GateId,
    /// Copied from the proposal.
    pub epoch: Epoch,
    /// Copied from the proposal.
    pub nonce: Nonce,
    /// Copied from the proposal.
    pub not_before: Timestamp,
    /// Copied from the proposal.
    pub expires: Timestamp,
    /// When the reviewer's clock says it was signed. Information.
    pub signed_at: Timestamp,
    /// Version of the root under which it was made.
    pub root_version: u64,
    /// Copied from the proposal.
    pub rules: Digest,
    /// What the person was shown.
    pub sheet: Sheet,
    /// Findings that the person acknowledged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<Acknowledged>,
    /// Rows that the person signed without having had them on screen, after saying so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_shown: Option<u64>,
    /// 1 for the first decision of this person on this proposal, as it is or amended, then one more each time.
    pub sequence: u64,
    /// The other subjects decided in the same gesture.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<Digest>,
}

/// The three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may happen, once.
    Approve,
    /// It must not happen. Final.
    Deny,
    /// It must not happen like this.
    RequestChanges,
}

/// Which sheet was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Digest of the sheet.
    pub sha256: Digest,
    /// Version of the code that makes sheets.
    pub version: u32,
}

/// A finding that a person took note of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledged {
    /// The finding.
    pub id: Label,
    /// Why it may stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Takes back the subject: a gate its proposal, a reviewer their own decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// The gate concerned.
    pub gate: GateId,
    /// Who takes it back.
    pub by: Withdrawer,
    /// When, by the signer's clock.
    pub at: Timestamp,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Who takes something back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawer {
    /// The gate, its proposal.
    Gate,
    /// This person, their decision.
    Reviewer(Label),
}

/// What a person found out about a receipt (the subject) whose outcome was unknown. It never re-arms anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// The gate that wrote the receipt.
    pub gate: GateId,
    /// Who found out.
    pub reviewer: Label,
    /// What was found.
    pub found: Found,
    /// When, by the reviewer's clock.
    pub at: Timestamp,
    /// How it was found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// What became of an action whose outcome was unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It happened.
    Ran,
    /// It did not.
    DidNotRun,
}
