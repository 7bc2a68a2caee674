//! Rows of items, by whose turn it is, by what came of them, and by what a search found.

use countersign_core::digest::Digest;
use countersign_core::time::Timestamp;
use countersign_sheet::{Kind, Segment};

use super::ItemState;

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
    pub kind: Option<Kind>,
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
    /// So many findings block it until a person takes note of them, as its gate signed it.
    Blocking(u32),
    /// The agent itself would act.
    Release,
    /// What was approved is what a person made of it.
    Amended,
}
