//! What can be decided about an item, what a person decides, and what was signed.

use countersign_core::digest::Digest;

/// What can be decided about an item now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// Why approving is off, or that it is ready.
    pub approve: ApproveState,
    /// Whether it can be denied.
    pub deny: bool,
    /// Whether changes can be requested.
    pub request_changes: bool,
    /// Whether one's own answer can be taken back.
    pub withdraw: bool,
    /// Rows that were not on screen yet.
    pub unseen: u64,
    /// The first of them: document and row.
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
}
