//! One item with all that is known of it.

use std::ops::Range;
use std::sync::Arc;

use countersign_core::decision::{Found, Verdict};
use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_core::proposal::Proposal;
use countersign_core::receipt::Receipt;
use countersign_core::time::Timestamp;
use countersign_sheet::{Segment, Sheet};

use super::{Cause, Denied, Earlier, Editable, ItemState};

/// One item, opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its identity.
    pub digest: Digest,
    /// Where it is in its life.
    pub state: ItemState,
    /// Whether its texts can be edited before it is approved.
    pub editable: Editable,
    /// The amendment that it is shown with: one that is being made, or that was signed.
    pub amended: Option<Digest>,
    /// When it arrived.
    pub received: Timestamp,
    /// The proposal; `None` for evidence, which is never shown as one.
    pub proposal: Option<Arc<Proposal>>,
    /// What is shown; `None` for evidence and while contents are missing.
    pub sheet: Option<Arc<Sheet>>,
    /// The digest of the sheet, which every decision names.
    pub sheet_digest: Option<Digest>,
    /// How many of the same kind from the same agent were approved here, up to 1,000, and when the last was made.
    pub alike: (u64, Option<Timestamp>),
    /// The contents that are missing.
    pub missing: Vec<Digest>,
    /// The answer that stands, given here.
    pub decision: Option<DecisionState>,
    /// Every answer that was given here, the oldest first, also those that were taken back.
    pub answers: Vec<AnswerState>,
    /// Until when it is out of the queue.
    pub snoozed: Option<Timestamp>,
    /// What the gate did.
    pub receipt: Option<ReceiptState>,
    /// What the gate did of a batch, use by use.
    pub uses: Vec<ReceiptState>,
    /// While it waits: the version before it that was on screen here.
    pub earlier: Option<Earlier>,
    /// While it waits: one like it that was denied here of late.
    pub denied: Option<Denied>,
    /// What is known of something that is no proposal.
    pub evidence: Option<Evidence>,
    /// How many others wait that are like it, as far as can be told without their sheets.
    pub like: usize,
    /// What this is when it is several that are answered together.
    pub together: Option<Together>,
}

/// Several proposals that are alike, under one sheet.
#[derive(Debug, Clone)]
pub struct Together {
    /// Each of them, the oldest first.
    pub members: Vec<Member>,
    /// Those that were left out and could be among them.
    pub left_out: Vec<Member>,
    /// How many are like them and yet are to be read alone, or after these.
    pub apart: usize,
}

/// One of several proposals.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its identity.
    pub digest: Digest,
    /// What it would do, in one clause.
    pub would: Vec<Segment>,
    /// Until when it may act.
    pub expires: Timestamp,
    /// Its documents on the sheet of all of them, the first of which is its head.
    pub documents: Range<usize>,
}

/// An answer that was given here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionState {
    /// Its identity.
    pub digest: Digest,
    /// The answer.
    pub verdict: Verdict,
    /// Who gave it.
    pub by: Label,
    /// When.
    pub at: Timestamp,
    /// What was written to it.
    pub comment: Option<String>,
    /// Whether the gate has acknowledged it.
    pub delivered: bool,
    /// Whether it approves the proposal as the person changed it.
    pub amended: bool,
}

/// An answer that was given here, whether it stands or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerState {
    /// The answer.
    pub verdict: Verdict,
    /// Who gave it.
    pub by: Label,
    /// When.
    pub at: Timestamp,
    /// What was written to it.
    pub comment: Option<String>,
    /// When it was taken back.
    pub taken_back: Option<Timestamp>,
    /// Whether it approved the proposal as the person changed it.
    pub amended: bool,
    /// How many others were answered by the same gesture.
    pub together: usize,
}

/// What a gate did, and what a person found out about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptState {
    /// Its identity.
    pub digest: Digest,
    /// The receipt.
    pub receipt: Receipt,
    /// What was found out about an unknown outcome.
    pub resolution: Option<ResolutionState>,
}

/// What a person found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolutionState {
    /// What.
    pub found: Found,
    /// Who.
    pub by: Label,
    /// When.
    pub at: Timestamp,
    /// What the person wrote with it.
    pub comment: Option<String>,
}

/// Something that arrived and is no proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Why not.
    pub cause: Cause,
    /// The particulars.
    pub why: String,
    /// The file that it came in, escaped.
    pub name: String,
    /// When it arrived.
    pub at: Timestamp,
    /// The first bytes of it.
    pub raw: Vec<u8>,
    /// How many there were.
    pub size: u64,
}
