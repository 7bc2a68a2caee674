//! What the reviewer shows: plain values, each a picture of one moment.
//!
//! Texts of an agent are always segments of the sheet. Words for people are
//! not made here.

use std::path::PathBuf;
use std::sync::Arc;

use countersign_core::decision::{Found, Verdict};
use countersign_core::digest::Digest;
use countersign_core::halt::Scope;
use countersign_core::name::{GateId, Label};
use countersign_core::proposal::Proposal;
use countersign_core::receipt::Receipt;
use countersign_core::refusal::Code;
use countersign_core::time::Timestamp;
use countersign_keys::Kept;
use countersign_sheet::{Segment, Sheet};

use crate::{ClockJump, KeyringState};

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
        kind: countersign_sheet::Kind,
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
        kind: countersign_sheet::Kind,
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

/// Everything that is known, by whose turn it is; in each the newest first, but those who wait by what ends first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// For this person to decide.
    pub waiting: Section,
    /// Signed, and the gate has not said what became of it.
    pub delivering: Section,
    /// Approved here, and waiting for other people's signatures.
    pub others: Section,
    /// Begun, and its end was not seen: for this person to find out.
    pub unknown: Section,
    /// To be decided, and put off for a while; what comes back first stands first.
    pub snoozed: Section,
    /// What arrived and is no proposal.
    pub evidence: Section,
    /// Over; its first page is a short one.
    pub decided: Section,
}

/// A part of the queue: its first rows, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// How many there are.
    pub total: u64,
    /// The first of them.
    pub rows: Vec<Row>,
    /// What asks for the next page.
    pub next: Option<String>,
}

/// Names a part of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionId {
    /// [`Queue::waiting`].
    Waiting,
    /// [`Queue::delivering`].
    Delivering,
    /// [`Queue::others`].
    Others,
    /// [`Queue::unknown`].
    Unknown,
    /// [`Queue::snoozed`].
    Snoozed,
    /// [`Queue::evidence`].
    Evidence,
    /// [`Queue::decided`].
    Decided,
}

/// Some rows of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// What asks for the next page.
    pub next: Option<String>,
}

/// What of all that was ever seen a history lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryFilter {
    /// All of it.
    All,
    /// What was approved here, whatever came of it.
    Approved,
    /// What was denied here, or sent back for changes.
    Denied,
    /// What went wrong, was refused by its gate, or whose end was not seen.
    Failed,
    /// What expired.
    Expired,
    /// What is no proposal.
    Evidence,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundRows {
    /// The newest first. There can be more although there are few: a search looks at a bounded number of bytes.
    pub rows: Vec<FoundRow>,
    /// What goes on with it.
    pub next: Option<String>,
    /// Items whose texts are not in the index as they are now.
    pub unindexed: u64,
    /// Items of which only the beginning is in the index.
    pub partly: u64,
}

/// One item that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// The item.
    pub row: Row,
    /// Where in it.
    pub place: FoundIn,
    /// The text around; what matched is of kind `Changed`.
    pub excerpt: Vec<Segment>,
}

/// Where in an item something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundIn {
    /// The agent's names.
    Agent,
    /// What it would do.
    Action,
    /// What was asked.
    Asked,
    /// The agent's claim.
    Claim,
    /// The comment of an answer.
    Comment,
    /// Why its gate took it back.
    Withdrawal,
    /// What a person found out about an unknown outcome.
    Finding,
    /// What came of it.
    Result,
    /// What would be posted, written, run, removed or given.
    Content,
    /// What is there now.
    Before,
    /// A digest, an id, a gate.
    Id,
    /// The file that evidence came in.
    File,
    /// Why it is evidence.
    Cause,
}

/// One item in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What to open it by.
    pub digest: Digest,
    /// The kind of action; `None` for evidence.
    pub kind: Option<countersign_sheet::Kind>,
    /// The agent, as its gate knows it. Empty for evidence.
    pub agent: Vec<Segment>,
    /// What would happen, in one clause.
    pub action: Vec<Segment>,
    /// Until when it may be decided.
    pub expires: Option<Timestamp>,
    /// When it was made; for evidence, when it arrived.
    pub at: Timestamp,
    /// Where it is in its life.
    pub state: ItemState,
    /// What stands out.
    pub marks: Vec<Mark>,
    /// Until when it is out of the queue, in the section of what is.
    pub snoozed: Option<Timestamp>,
}

/// What stands out about a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The gate does not know the agent.
    UnknownSender,
    /// It cannot be taken back, or nobody knows.
    Irreversible,
    /// It goes further than what was asked.
    Further,
    /// The agent itself would act.
    Release,
}

/// Where an item is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemState {
    /// For a person to decide.
    Waiting,
    /// Contents are missing; it cannot be decided but for a denial.
    Incomplete {
        /// How many.
        missing: usize,
    },
    /// Approved here; the gate has not acknowledged it.
    Signed {
        /// When.
        at: Timestamp,
    },
    /// The gate has the approval and has not acted.
    Delivered {
        /// When it was signed.
        at: Timestamp,
    },
    /// Denied here.
    Denied {
        /// When.
        at: Timestamp,
    },
    /// Changes were requested here.
    ChangesRequested {
        /// When.
        at: Timestamp,
    },
    /// Another proposal took its place.
    Superseded {
        /// Which one, where it is known.
        by: Option<Digest>,
    },
    /// Its time ran out before it was acted on.
    Expired {
        /// When.
        at: Timestamp,
    },
    /// Its gate took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Option<String>,
    },
    /// A halt made it void.
    Halted {
        /// When.
        at: Timestamp,
        /// Which one, where it is known.
        halt: Option<Digest>,
    },
    /// All of it was done.
    Executed {
        /// When.
        at: Timestamp,
        /// The first status other than 0 with which a program of it ended.
        exit: Option<i32>,
    },
    /// It was begun and went wrong.
    Failed {
        /// When.
        at: Timestamp,
    },
    /// A hook let the agent do it. What came of it is not known.
    Released {
        /// When.
        at: Timestamp,
    },
    /// The gate refused it.
    Refused {
        /// Why.
        code: Code,
    },
    /// Begun, and its end was not seen.
    Unknown {
        /// When the receipt was written.
        at: Timestamp,
        /// What a resolution is about.
        receipt: Digest,
    },
    /// A person found out what became of it.
    Resolved {
        /// What.
        found: Found,
        /// When.
        at: Timestamp,
    },
    /// No proposal.
    Evidence {
        /// Why not.
        cause: Cause,
    },
}

/// Why something that arrived is evidence and not what it says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A check of `verify` failed.
    Refused(Code),
    /// The gate signed two things with one number. One of them should not be.
    SeqAgain,
    /// The file is named by another digest than its payload has.
    WrongName,
    /// Nothing that is sent to a reviewer.
    Unexpected,
    /// It comes from another user than the root names for the signer.
    WrongUser,
    /// What lay in the box is no message at all.
    NoMessage,
}

impl Cause {
    /// As it is written everywhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused(code) => code.as_str(),
            Self::SeqAgain => "SEQ_AGAIN",
            Self::WrongName => "WRONG_NAME",
            Self::Unexpected => "UNEXPECTED",
            Self::WrongUser => "WRONG_USER",
            Self::NoMessage => "NO_MESSAGE",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        let own = [Self::SeqAgain, Self::WrongName, Self::Unexpected, Self::WrongUser, Self::NoMessage];
        let refused = Code::ALL.iter().map(|code| Self::Refused(*code));
        own.into_iter().chain(refused).find(|it| it.as_str() == text).unwrap_or(Self::NoMessage)
    }
}

/// One item, opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its identity.
    pub digest: Digest,
    /// Where it is in its life.
    pub state: ItemState,
    /// When it arrived.
    pub received: Timestamp,
    /// The proposal; `None` for evidence, which is never shown as one.
    pub proposal: Option<Arc<Proposal>>,
    /// What is shown; `None` for evidence and while contents are missing.
    pub sheet: Option<Arc<Sheet>>,
    /// The digest of the sheet, which every decision names.
    pub sheet_digest: Option<Digest>,
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
    /// What is known of something that is no proposal.
    pub evidence: Option<Evidence>,
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
