//! What one may answer, what one answers, and what comes of it.

use super::*;

wire! {
    /// What the decision bar needs: asked again after every show, focus, scroll and event.
    struct Bar {
        /// Why approving is off, or `ready`.
        pub approve: ApproveState,
        pub deny: bool,
        pub request_changes: bool,
        /// One's own approval can be taken back.
        pub withdraw: bool,
        /// Findings that block and were not acknowledged, by their place in the list.
        pub blocking: Vec<u32>,
        /// Findings that were not on screen yet: they cannot be acknowledged.
        pub not_displayed: Vec<u32>,
        /// Findings that block and hide what was not revealed yet: they cannot be acknowledged either.
        pub masked: Vec<u32>,
        pub acknowledged: Vec<Acknowledged>,
        /// Rows that were not on screen yet.
        pub unseen: u32,
        /// Rows that count as seen because they were, on the sheet of the version before.
        pub kept: u32,
        /// The first of those that were not on screen, to go there: document and row.
        pub next_unseen: Option<Place>,
    }

    /// A sheet's head with what a person asked to see of it, and for how long rows have that too.
    struct Revealed { pub head: SheetHead, pub bar: Bar, pub milliseconds: u32 }

    #[serde(tag = "kind")]
    enum ApproveState {
        Ready,
        /// Milliseconds until it is ready, if nothing changes.
        Arming { milliseconds: u32 },
        /// The window is not in front, or another sheet is on screen.
        NotShown,
        /// Findings that block were not acknowledged.
        NotAcknowledged,
        Unseen,
        KeyLocked,
        /// The key is unlocked, but what cannot be taken back asks for the passphrase again.
        UnlockAgain,
        NoKey,
        /// The item is not waiting for a decision.
        Closed,
    }

    struct Decide { pub proposal: String, pub sheet: Option<String>, pub answer: Answer, pub comment: Option<String> }

    #[serde(tag = "kind")]
    enum Answer { Approve { not_shown: Option<u32> }, Deny, RequestChanges }

    /// What was made when somebody decided.
    struct Decided { pub digest: String, pub title: String, pub hint: String }
}
