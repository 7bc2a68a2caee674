//! One opened item: what it is, what was answered, and what became of it.

use super::*;

wire! {
    /// One opened item.
    struct Opened {
        pub digest: String,
        /// For people: `7F3A-19C0`.
        pub short: String,
        pub gate: String,
        pub kind: Kind,
        pub created: u64,
        pub expires: Option<u64>,
        pub state: ItemState,
        /// Absent for evidence, which is never drawn as a proposal, and while contents are missing.
        pub sheet: Option<SheetHead>,
        pub decision: Option<DecisionShown>,
        pub receipt: Option<ReceiptShown>,
        /// What the gate did of a batch, use by use.
        pub uses: Vec<ReceiptShown>,
        pub evidence: Option<EvidenceShown>,
        /// The proposal that this one replaces.
        pub supersedes: Option<String>,
        /// The agent as [`AgentShown`] names it, to go there and to halt it.
        pub agent: Option<String>,
        /// Until when it is out of the queue.
        pub snoozed: Option<u64>,
        pub editable: Editable,
        /// The digest of the amendment whose sheet this is: what is being edited, or was signed.
        pub amended: Option<String>,
        /// Every answer that was given here, the oldest first, with those that were taken back.
        pub answers: Vec<AnswerShown>,
        /// While it waits: the version before it that was on screen here last.
        pub earlier: Option<EarlierShown>,
        /// While it waits: one like it that was denied here of late.
        pub denied: Option<DeniedShown>,
        /// How many others wait that are like it, and may be answered together with it.
        pub like: u32,
        /// What this is when it is several that are answered together.
        pub together: Option<Together>,
    }

    struct EarlierShown { pub digest: String, pub at: u64, pub difference: DifferenceShown }

    struct DeniedShown { pub digest: String, pub by: String, pub at: u64, pub comment: Option<Vec<Vec<Segment>>>,
        pub difference: Option<DifferenceShown> }

    /// What differs from another proposal. Its rows are asked for by its digest, as those of a sheet are, and none of
    /// them has to be seen.
    struct DifferenceShown { pub digest: String, pub documents: Vec<DocumentHead> }

    /// Several proposals under one sheet; `left_out` are those that could be among them, `apart` counts those that are
    /// to be read alone, or after these.
    struct Together { pub members: Vec<Member>, pub left_out: Vec<Member>, pub apart: u32 }

    /// One of several: what it would do, and at which document of the sheet it begins.
    struct Member { pub digest: String, pub short: String, pub would: Vec<Segment>, pub expires: u64, pub document: u32 }

    /// `amended` is an approval of the proposal as the person changed it; `together` says how many others were answered
    /// by the same gesture.
    struct AnswerShown { pub verdict: Verdict, pub by: String, pub at: u64, pub comment: Option<Vec<Vec<Segment>>>,
        pub taken_back: Option<u64>, pub amended: bool, pub together: u32 }

    /// Whether its texts can be edited before it is approved; `why` not, in plain words.
    #[serde(tag = "kind")]
    enum Editable { Nothing, Off { why: String }, Yes }

    /// A text that a person may edit: as the agent wrote it, and as it is now. Lines end with LF in both, whatever
    /// they end with in the bytes, which keep theirs. `off` says why this one cannot be edited.
    struct TextShown { pub action: u32, pub field: String, pub target: Vec<Segment>, pub agent: String, pub text: String,
        pub off: Option<String> }

    struct NewText { pub action: u32, pub field: String, pub text: String }

    struct DecisionShown {
        pub verdict: Verdict,
        pub by: String,
        pub at: u64,
        pub comment: Option<Vec<Vec<Segment>>>,
        pub digest: String,
        /// It approves the proposal as the person changed it.
        pub amended: bool,
    }

    enum Verdict { Approve, Deny, RequestChanges }

    struct ReceiptShown {
        pub digest: String,
        pub gate: String,
        pub at: u64,
        /// The amendment that was acted on.
        pub amendment: Option<String>,
        pub outcomes: Vec<Outcome>,
        /// What a person found out about an unknown outcome.
        pub resolution: Option<ResolutionShown>,
    }

    /// `comment` is what the person wrote with it, line by line.
    struct ResolutionShown { pub ran: bool, pub by: String, pub at: u64, pub comment: Option<Vec<Vec<Segment>>> }

    /// What became of one action.
    struct Outcome {
        pub action: Vec<Segment>,
        pub result: OutcomeKind,
        /// Words: exit status, code and meaning, what went wrong.
        pub says: Vec<Segment>,
        /// The status with which a program ended, where one did.
        pub exit: Option<i32>,
        pub started: Option<u64>,
        pub finished: Option<u64>,
        pub results: Vec<ResultShown>,
    }

    enum OutcomeKind { Done, Failed, Refused, Released, Unknown, NotAttempted }

    struct ResultShown { pub name: String, pub size: u64, pub sha256: String, pub lines: Vec<Vec<Segment>>,
        /// Bytes that are not in `lines`.
        pub more: u64 }

    struct EvidenceShown {
        pub code: String,
        pub says: String,
        /// The file that it came in.
        pub name: Vec<Segment>,
        pub why: Vec<Segment>,
        pub at: u64,
        /// The raw bytes as escaped lines, bounded; `more` says how many bytes are not in them.
        pub raw: Vec<Vec<Segment>>,
        pub more: u64,
    }
}
