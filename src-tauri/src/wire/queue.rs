//! Lists: the queue, the history, the agents.

use super::*;

wire! {
    struct Queue { pub sections: Vec<Section> }

    /// `total` counts all of it; `rows` is its first page, `next` asks for the one after it.
    struct Section { pub id: SectionId, pub title: String, pub total: u32, pub rows: Vec<QueueRow>, pub next: Option<String> }

    struct Page { pub rows: Vec<QueueRow>, pub next: Option<String> }

    enum SectionId { Waiting, Delivering, Others, Unknown, Snoozed, Evidence, Decided }

    /// Which of all that was ever seen a history lists; the newest first.
    enum HistoryFilter { All, Approved, Denied, Failed, Expired, Evidence }

    struct Found {
        pub rows: Vec<FoundRow>,
        pub next: Option<String>,
        /// Proposals whose texts are not in the index yet: they may be missing here.
        pub unindexed: u32,
        /// Proposals of which only the beginning is in the index.
        pub partly: u32,
    }

    struct FoundRow { pub row: QueueRow,
        /// Where it was found: `asked`, `the agent's claim`, `your comment`, ...
        pub place: String,
        /// The words around it; what matched is of kind `changed`.
        pub excerpt: Vec<Segment> }

    struct Agents { pub agents: Vec<AgentShown>,
        /// Said where nothing tells agents apart.
        pub note: Option<String> }

    /// An agent as a gate tells it from others: by the channel, never by a name that it gives itself.
    struct AgentShown {
        /// What [`Stop`] names.
        pub id: String,
        pub gate: String,
        pub name: Vec<Segment>,
        pub seal: Seal,
        /// How the gate knows it, in plain words.
        pub known_by: String,
        /// Why it cannot be halted alone; absent where it can.
        pub only_everything: Option<String>,
        /// The standing halt of it alone.
        pub halt: Option<String>,
        pub first: u64,
        pub last: u64,
        pub proposed: u32,
        pub waiting: u32,
        pub approved: u32,
        pub denied: u32,
        /// Proposals on each of the last 30 days of the machine's calendar, the last one is today.
        pub days: Vec<u32>,
        /// What it proposed, by kind, the most frequent first.
        pub kinds: Vec<KindCount>,
    }

    struct KindCount { pub kind: Kind, pub count: u32 }

    struct QueueRow {
        pub digest: String,
        pub kind: Kind,
        pub agent: Vec<Segment>,
        pub action: Vec<Segment>,
        pub expires: Option<u64>,
        pub at: u64,
        pub state: ItemState,
        /// One or two facts, such as `irreversible`.
        pub marks: Vec<Mark>,
        /// Until when it is out of the queue. Only in the section of what is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        pub snoozed: Option<u64>,
    }

    struct Mark { pub text: String, pub tone: Tone }

    enum Kind { Post, Change, Remove, Access, Run, Call, Several, Evidence }

    enum Tone { Plain, Red, Amber, Green }

    /// Where a proposal is in its life. The page chooses words and marks by `kind`.
    #[serde(tag = "kind")]
    enum ItemState {
        Waiting,
        Incomplete { missing: u32 },
        /// Signed here; the gate has not acknowledged it.
        Signed { at: u64 },
        /// The gate has it and has not acted yet.
        Delivered { at: u64 },
        Denied { at: u64 },
        ChangesRequested { at: u64 },
        Superseded { by: Option<String> },
        Expired { at: u64 },
        /// `why` is in the words of whoever took it back.
        Withdrawn { at: u64, why: Option<Vec<Segment>> },
        /// A halt made it void. `halt` where it is known which.
        Halted { at: u64, halt: Option<String> },
        /// `exit` is the first status other than 0 with which a program of it ended.
        Executed { at: u64, exit: Option<i32> },
        /// `used` of `most` uses of a batch; `at` is when the last of them was. `over`: there will be no more. Of them
        /// so many went `wrong`, and so many rest on approvals that were given `elsewhere`.
        Used { at: u64, used: u64, most: u64, over: bool, wrong: u64, elsewhere: u64 },
        Failed { at: u64 },
        Released { at: u64 },
        Refused { code: String, says: String },
        /// Begun, and its end was not seen. `receipt` is what a resolution is about.
        Unknown { at: u64, receipt: String },
        Resolved { ran: bool, at: u64 },
        Evidence { code: String, says: String },
    }
}
