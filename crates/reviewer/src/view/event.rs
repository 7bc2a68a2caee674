//! What the reviewer tells of by itself.

use countersign_core::digest::Digest;
use countersign_sheet::{Kind, Segment};

/// "Look again", never "here is the truth": a missed one costs a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A proposal came, went, or changed its state.
    QueueChanged,
    /// A key was made, unlocked or locked.
    KeyChanged,
    /// A gate came, went, or halted itself.
    GatesChanged,
    /// A proposal that waits for a decision arrived whole. For a notification.
    Arrived {
        /// Which one.
        digest: Digest,
        /// The agent, as its gate knows it.
        agent: Vec<Segment>,
        /// What kind of action it is about.
        kind: Kind,
        /// It cannot be taken back or nobody knows, goes further than what was asked, is open to
        /// anyone, or comes from nobody known.
        serious: bool,
    },
    /// A proposal that was snoozed waits again. For a notification.
    Returned {
        /// Which one.
        digest: Digest,
        /// The agent, as its gate knows it.
        agent: Vec<Segment>,
        /// What kind of action it is about.
        kind: Kind,
    },
    /// Something that was signed needs the person again. For a notification.
    NeedsYou {
        /// Which one.
        digest: Digest,
        /// What for.
        why: Need,
    },
    /// Something was halted: from here, by a gate that halted itself, or by another device.
    Halted {
        /// The halt.
        digest: Digest,
        /// Whether it was signed here.
        own: bool,
    },
    /// The machine's clock was set by more than a few seconds.
    ClockJumped {
        /// How far it went ahead, or back.
        seconds: i64,
    },
    /// Everything was removed from this machine. The app ends.
    Removed,
}

/// What a person is needed for, after the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It was begun, and its end was not seen: find out.
    OutcomeUnknown,
    /// It was begun and went wrong.
    Failed,
}
