//! The app without a window: what arrived, what it is, what was decided, and what became of it.
//!
//! Promises, kept here and not by the window: nothing is shown as a proposal
//! that did not verify; nothing is approved but the exact sheet that was on
//! screen, armed, with every row seen or counted as unseen, by an unlocked
//! key; a decision is in the store together with its outbox entry before
//! anybody hears of it, and is sent until its gate's signed acknowledgement.
//!
//! Not here: words for people, and whether rows were really on screen (the
//! window says so). Times are whole Unix seconds; arming and idling are
//! measured by a clock that never goes backwards.

mod acknowledging;
mod agents;
mod ahead;
mod amending;
mod changes;
mod chips;
mod clock;
mod comparing;
mod copying;
mod core;
mod deciding;
mod deliver;
mod drawing;
mod earlier;
mod enrolling;
mod files;
mod gates;
mod halting;
mod history;
mod ingest;
mod life;
mod looking;
mod marking;
mod masking;
mod options;
mod picturing;
mod places;
mod practice;
mod processes;
mod queue;
mod removal;
mod reviewer;
mod risk;
mod rounds;
mod screen;
mod search;
mod seeking;
mod settings;
mod sheets;
mod snooze;
mod together;
mod unlocking;
mod view;
mod viewing;

use std::path::PathBuf;

use countersign_core::digest::Digest;
use countersign_core::name::GateId;
use countersign_core::refusal::Refusal;

pub use agents::{AgentState, DAYS, NotAlone, agent_id};
pub use changes::{Change, Pair, change, pairs};
pub use clock::ClockJump;
pub use comparing::{Both, Comparer, Copies, NotCompared, found};
pub use copying::{Copyable, Copying, NotExact, Side};
pub use countersign_images::{Compared, Differ, Drawn, Fault, Pixels};
pub use countersign_sheet::Format as PictureFormat;
pub use countersign_store::Error as StoreError;
pub use countersign_views::{Class, Piece, pieces};
pub use drawing::{DRAW, draw_apart};
pub use halting::{Halted, Stop};
pub use marking::{FindingSettings, JUDGEMENTS, NO_USE, RuleState, Team};
pub use options::{ARMING, Clock, IDLE, Options, SystemClock};
pub use picturing::{About, Picture, Pictured, Seen};
pub use places::KeyringState;
pub use practice::Practice;
pub use removal::{REMOVAL_WORDS, Removable, RemovalItem};
pub use reviewer::{Reviewer, SetUp};
pub use seeking::{Hit, Marked, Sought};
pub use snooze::{BEFORE_EXPIRY, LONGEST};
pub use view::*;

/// Why something was not done. Nothing was signed, sent or changed then, except where it says so.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such item.
    #[error("there is no item {0}")]
    NotFound(Digest),
    /// It is not in a state in which this can be done.
    #[error("this cannot be done to it as it is now")]
    NotOpen(Box<ItemState>),
    /// Of several that were to be answered together this one is not in a state in which it can be.
    #[error("{which} cannot be answered as it is now, so none of them was")]
    OneNotOpen {
        /// Which one.
        which: Digest,
        /// Where it is in its life.
        state: Box<ItemState>,
    },
    /// It was shown, or its window came to the front, a moment ago.
    #[error("it was shown a moment ago; it can be approved in {milliseconds} ms")]
    NotArmed {
        /// Until it can be.
        milliseconds: u32,
    },
    /// Another sheet is on screen than the one that was named, or the window is not in front.
    #[error("the sheet named is not the one on screen")]
    Changed,
    /// Rows were not on screen, or not as many as was said.
    #[error("{unseen} rows were not on screen")]
    NotSeen {
        /// How many.
        unseen: u64,
    },
    /// Findings that block were not acknowledged.
    #[error("{left} findings that block were not acknowledged")]
    NotAcknowledged {
        /// How many.
        left: usize,
    },
    /// The finding was not on screen yet, so it cannot be acknowledged.
    #[error("the finding was not on screen yet")]
    FindingNotSeen,
    /// What the finding is about is masked and was not revealed yet, so it cannot be acknowledged.
    #[error("what the finding is about was not revealed yet")]
    FindingMasked,
    /// A list of names that cannot be used, and why. The one before it is used.
    #[error("the list of names cannot be used: {0}")]
    Names(String),
    /// A file of rules that cannot be used, and why. Those before it are used.
    #[error("the rules cannot be used: {0}")]
    TeamRules(String),
    /// It came on screen, or another was acknowledged, a moment ago.
    #[error("it came on screen a moment ago; it can be acknowledged in {milliseconds} ms")]
    TooSoon {
        /// Until it can be.
        milliseconds: u32,
    },
    /// What should say where a list goes on does not.
    #[error("that is no place in a list")]
    Cursor,
    /// It expires so soon that it would have to come back at once.
    #[error("it expires too soon to be put off")]
    TooLateToSnooze,
    /// A comment longer than 4,000 bytes.
    #[error("the comment has {0} bytes, more than 4000")]
    CommentTooLong(usize),
    /// A text cannot be edited, or not like this.
    #[error("this text cannot be edited like this")]
    NotEditable(NotEditable),
    /// The key is locked.
    #[error("the key is locked")]
    KeyLocked,
    /// The key was unlocked for something else: what cannot be taken back takes an unlocking of its own.
    #[error("this takes an unlocking of its own")]
    UnlockAgain,
    /// The key of this installation is not at hand.
    #[error("the device key is not at hand")]
    DeviceKey,
    /// The device key is not at hand, so nothing was halted.
    #[error("the device key is not at hand; nothing was halted")]
    CannotHalt {
        /// The gates that run, each with its process where that is known: ended, they do nothing.
        gates: Vec<(GateId, Option<u32>)>,
    },
    /// Nothing tells this agent from others: only everything can be halted.
    #[error("nothing tells this agent from others; only everything can be halted")]
    OnlyEverything,
    /// The words that confirm a removal were not typed.
    #[error("the words that confirm it were not typed")]
    NotConfirmed,
    /// What the set-up makes is not there yet.
    #[error("this is not set up yet")]
    NotSetUp,
    /// It was set up before.
    #[error("this was set up before")]
    SetUpBefore,
    /// The root that is on the disk is not the one that was pinned, or does not hold.
    #[error("the root cannot be trusted: {0}")]
    Root(Refusal),
    /// The program that makes gates is not there or cannot be started.
    #[error("{} cannot be started: {cause}", path.display())]
    GateMissing {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The program that makes gates did not do what it should.
    #[error("the gate could not be {what}: {says}")]
    GateFailed {
        /// What it was to be.
        what: &'static str,
        /// What it said.
        says: String,
    },
    /// The gate did not propose what one practises with.
    #[error("practising: {0}")]
    Practice(String),
    /// A file of ours cannot be read or written.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A file of ours does not hold what we wrote.
    #[error("{} is damaged: {why}", path.display())]
    Damaged {
        /// Which one.
        path: PathBuf,
        /// How.
        why: String,
    },
    /// The keys.
    #[error(transparent)]
    Keys(#[from] countersign_keys::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] countersign_store::Error),
    /// The spool.
    #[error(transparent)]
    Spool(#[from] countersign_sources::Error),
}
