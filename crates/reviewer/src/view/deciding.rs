//! What can be decided about an item, what a person decides, and what was signed.

use countersign_core::digest::Digest;

/// What can be decided about an item now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Why approving is off, or that it is ready.
    pub approve: ApproveState,
    /// Whether it can be denied.
    pub deny: bool,
    /// Whether changes can be requested.
    pub request_changes: bool,
    /// Whether one's own answer can be taken back.
    pub withdraw: bool,
    /// Findings that block and were not acknowledged, by their place in the sheet's list.
    pub blocking: Vec<usize>,
    /// Findings that were not on screen yet.
    pub not_displayed: Vec<usize>,
    /// Findings that block and are about what is masked and was not revealed yet: they cannot be acknowledged.
    pub masked: Vec<usize>,
    /// Findings that were acknowledged, each with the reason.
    pub acknowledged: Vec<(usize, Reason)>,
    /// Rows that were not on screen yet.
    pub unseen: u64,
    /// Rows that count as seen because they were, on the sheet of the version before.
    pub kept: u64,
    /// The first of them that were not on screen: document and row.
    pub next_unseen: Option<(usize, usize)>,
}

/// Why approving is off, or that it is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApproveState {
    /// It can be signed.
    Ready,
    /// It was shown, or the window came to the front, a moment ago.
    Arming {
        /// Until it is ready, if nothing changes.
        milliseconds: u32,
    },
    /// The window is not in front, or another sheet is.
    NotShown,
    /// Findings that block were not acknowledged.
    NotAcknowledged,
    /// Rows were not on screen yet. It can be signed by saying how many.
    Unseen,
    /// The key is locked.
    KeyLocked,
    /// It is unlocked for something else; what is at stake here takes the passphrase before this very sheet.
    UnlockAgain,
    /// There is no key.
    NoKey,
    /// It does not wait for a decision.
    Closed,
}

/// Why a finding may stand. The words go into the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It is meant to be so.
    Intended,
    /// It is there, and does no harm here.
    Harmless,
    /// Somebody looked into it outside of this app.
    Checked,
    /// It is a risk, and taken.
    Accepted,
}

impl Reason {
    /// The word in a decision.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Harmless => "harmless",
            Self::Checked => "checked",
            Self::Accepted => "accepted",
        }
    }
}

/// What a person decides about what they were shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decide {
    /// Which proposal.
    pub proposal: Digest,
    /// The sheet that was shown; `None` only where there is none.
    pub sheet: Option<Digest>,
    /// The answer.
    pub answer: Answer,
    /// What the person wrote to it.
    pub comment: Option<String>,
}

/// The three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It may happen, once.
    Approve {
        /// "I sign so many rows that I have not seen": exactly the number of them.
        not_shown: Option<u64>,
    },
    /// It must not happen. Final.
    Deny,
    /// It must not happen like this.
    RequestChanges,
}

/// What was signed, and is in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// Its identity.
    pub digest: Digest,
    /// Whether a gate reads its box now.
    pub gate_alive: bool,
    /// How many were signed, by one gesture.
    pub decisions: usize,
}
