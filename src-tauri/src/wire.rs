//! What crosses between Rust and the page. TypeScript is generated from these
//! types, committed, and compared in a test (`UPDATE_WIRE=1` writes them anew).
//!
//! Texts that come from an agent are always [`Segment`]s, which the page puts
//! into text nodes. Times are Unix seconds, digests 64 hexadecimal digits.

use serde::{Deserialize, Serialize};

/// Derives what every wire type has.
macro_rules! wire {
    ($($(#[$meta:meta])* $kind:ident $name:ident $body:tt)*) => {
        $(
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            #[cfg_attr(test, derive(ts_rs::TS))]
            #[serde(rename_all = "snake_case")]
            $(#[$meta])*
            pub(crate) $kind $name $body
        )*

        /// Every type, as the file that TypeScript reads.
        #[cfg(test)]
        pub(crate) fn files() -> std::collections::BTreeMap<String, String> {
            let config = ts_rs::Config::from_env();
            let text = |made: Result<String, ts_rs::ExportError>| made.expect("a type of the wire can be exported");
            [$((
                format!("{}.ts", stringify!($name)),
                text(<$name as ts_rs::TS>::export_to_string(&config)),
            )),*].into()
        }
    };
}

wire! {
    /// What the whole app is in.
    struct AppState {
        pub stage: Stage,
        pub person: Option<String>,
        pub device: Option<String>,
        /// What the system knows of the two, to begin with.
        pub suggested: Suggested,
        pub key: Key,
        pub gates: Vec<Gate>,
        /// Halts that stand, the newest first.
        pub halts: Vec<Halt>,
        /// Decisions and halts that no gate has acknowledged yet.
        pub outbox: u32,
        /// Proposals that wait for a decision, whatever part of the queue is on screen.
        pub waiting: u32,
        /// The last time that the machine's clock was set while the app ran, until it is dismissed.
        pub clock_jump: Option<ClockJump>,
        /// What keeps the app from taking what arrives, or from sending what was signed. It is tried again until it
        /// goes.
        pub trouble: Option<UserError>,
        /// Where a key can be kept on this machine. Asked when one is made.
        pub places: Vec<KeyPlaceShown>,
        /// In plain words, whether gate and app are the same user.
        pub separation: String,
        /// In plain words, what losing the key means. Shown before one is made.
        pub loss: String,
        /// What a person types to say that they know it.
        pub loss_words: String,
        pub theme: Theme,
        pub version: String,
    }

    /// Empty where the system does not say.
    struct Suggested { pub person: String, pub device: String }

    /// How far the first start has come.
    enum Stage { NoKey, NoGate, Ready }

    enum Theme { System, Light, Dark }

    struct Key {
        pub state: KeyState,
        /// Groups of four digits.
        pub fingerprint: Option<String>,
        /// In plain words, where it is kept and why there.
        pub kept: Option<String>,
        /// Seconds until it locks by itself.
        pub locks_in: Option<u64>,
        /// Seconds that must pass before the next try, after wrong passphrases.
        pub wait: Option<u64>,
        /// When a backup was last saved.
        pub backed_up: Option<u64>,
        /// Where it was put, if that was since the app began.
        pub backup: Option<String>,
    }

    enum KeyState { None, Locked, Unlocked, Unreachable }

    struct Gate {
        pub id: String,
        pub alive: bool,
        pub fingerprint: String,
        /// Made by this app on this machine, which can start it.
        pub own: bool,
        /// The app tried to start it, and it did not come up: why, and what to do, in words.
        pub not_started: Option<String>,
    }

    struct Halt {
        pub digest: String,
        pub at: u64,
        /// What is stopped: `everything`, `the gate home`, an agent's name set apart.
        pub what: Vec<Segment>,
        pub scope: HaltScope,
        /// Signed here; else another device signed it, or a gate halted itself.
        pub own: bool,
        /// The other device that signed it, `Ines on laptop`; nothing when none did.
        pub by: Vec<Segment>,
        /// Every gate that it is for has acknowledged it. Until then it may not be obeyed yet.
        pub obeyed: bool,
        /// Why, in its signer's words.
        pub why: Vec<Segment>,
        /// A lift was signed here that not every gate has acknowledged.
        pub lifting: bool,
        /// Proposals that it made void, as far as is known here.
        pub voided: u32,
    }

    #[serde(tag = "kind")]
    enum HaltScope { Everything, Gate { gate: String }, Agent { agent: String } }

    /// What a person wants to stop. `agent` is the `id` of an [`AgentShown`].
    #[serde(tag = "kind")]
    enum Stop { Everything, Agent { agent: String } }

    /// `seconds` is how far it went ahead (or, negative, back).
    struct ClockJump { pub seconds: i64, pub at: u64 }

    struct KeyPlaceShown { pub place: KeyPlace, pub available: bool,
        /// What it means to keep it there, or why it is not to be had.
        pub says: String }

    enum KeyPlace { Keyring, File }

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

    /// What a person sets. None of it weakens a check.
    struct Preferences {
        pub theme: Theme,
        pub notify: NotifyLevel,
        /// Names the agent and the kind of action; never what it would do.
        pub notify_names: bool,
        pub quiet: Option<Quiet>,
        pub close_to_tray: bool,
        pub autostart: bool,
        /// Starts the gate of this machine with the app.
        pub start_gate: bool,
        /// Off: only keys with Ctrl or Cmd, and those that move, act.
        pub single_keys: bool,
        /// Rows that are wider than the window are scrolled sideways, and not wrapped.
        #[serde(default)]
        pub sideways: bool,
        /// The program by which both sides of a change are compared, by its id; empty: none.
        #[serde(default)]
        pub compare_with: String,
        /// Keys by the name of the command, where they differ from the usual ones. Names are of the page.
        pub keys: std::collections::BTreeMap<String, String>,
    }

    enum NotifyLevel { Everything, Serious, Nothing }

    /// Minutes since midnight by the machine's clock. `from` after `to` goes over midnight.
    struct Quiet { pub from: u16, pub to: u16 }

    /// What the desktop offers, in plain words where it does not.
    struct Desktop {
        /// Why there is no icon in the tray.
        pub no_tray: Option<String>,
        /// Why nothing is said outside of the window.
        pub no_notifications: Option<String>,
        /// Why the key does not lock by itself when the screen locks or the machine sleeps.
        pub no_lock_signals: Option<String>,
        /// Why the app cannot start with the session.
        pub no_autostart: Option<String>,
        /// Programs for comparing two texts that are on this machine.
        pub comparers: Vec<Comparer>,
        /// The folders of this app, for people.
        pub folders: Vec<String>,
    }

    struct Comparer { pub id: String, pub name: String }

    /// What would be removed from this machine, before it is.
    struct Removal { pub items: Vec<RemovalItem>,
        /// What stays, and why.
        pub stays: Vec<String>,
        /// What a person types to say that they know it.
        pub words: String }

    struct RemovalItem { pub what: String, pub place: String, pub size: u64 }

    /// The two proposals by which a newcomer learns: one to refuse, one to sign.
    enum Practice { ToRefuse, ToSign }

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
        /// `used` of `most` uses of a batch; `at` is when the last of them was. `over`: there will be no more.
        Used { at: u64, used: u64, most: u64, over: bool },
        Failed { at: u64 },
        Released { at: u64 },
        Refused { code: String, says: String },
        /// Begun, and its end was not seen. `receipt` is what a resolution is about.
        Unknown { at: u64, receipt: String },
        Resolved { ran: bool, at: u64 },
        Evidence { code: String, says: String },
    }

    /// A piece of text with one look.
    /// `rtl` ones read from right to left and hold nothing else: draw each in a `bdi` of its own.
    /// `findings` are those that it shows a part of, by their place in the sheet's list.
    /// `syntax` is what it is in the language of its file; it means nothing.
    struct Segment { pub text: String, pub kind: SegmentKind, pub rtl: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        pub syntax: Option<Syntax>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(test, ts(optional, as = "Option<Vec<u32>>"))]
        pub findings: Vec<u32> }

    /// `words` are the app's own; all others are someone else's text and look different, so that a
    /// name cannot pass for a part of the sentence around it. Of `joined` some characters are drawn
    /// as nothing and change the others: it is marked, and says which they are.
    enum SegmentKind { Words, Text, Changed, Joined, JoinedChanged, ChipRed, Chip, Bytes }

    enum Syntax { Comment, String, Literal, Keyword }

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

    struct SheetHead {
        /// The sheet's digest, which every decision names.
        pub digest: String,
        pub who: Vec<Segment>,
        pub calls_itself: Option<Vec<Segment>>,
        pub seal: Seal,
        /// What the seal, or its absence, means here.
        pub seal_says: String,
        pub headline: Vec<Vec<Span>>,
        /// Said when the agent itself would act.
        pub note: Option<Vec<Segment>>,
        pub asked: Option<Asked>,
        pub would: Vec<Segment>,
        pub compared: Compared,
        /// Lines of the agent's claim.
        pub claim: Vec<Vec<Segment>>,
        pub facts: Vec<Fact>,
        pub documents: Vec<DocumentHead>,
        /// Rows of all documents that must have been on screen.
        pub rows: u32,
        /// What a person has to know of, the worst first.
        pub findings: Vec<Finding>,
        /// Milliseconds that approving is held: 800, with effort to undo 1500,
        /// irreversible or not known 3000.
        pub hold: u32,
    }

    /// Something to know of. Segments name it by its place in the list.
    struct Finding {
        pub id: String,
        pub severity: Severity,
        pub title: String,
        pub why: String,
        /// Where it stands, in words.
        pub place: Vec<Segment>,
        /// Where to go to see it; absent where that is the head of the sheet.
        pub at: Option<Place>,
        /// It stands in the agent's claim, which must not be folded then.
        pub in_claim: bool,
    }

    enum Severity { Note, Warning, Blocking }

    /// Why a finding may stand.
    enum Reason { Intended, Harmless, Checked, Accepted }

    struct Acknowledged { pub finding: u32, pub reason: Reason }

    enum Seal { Token, Uid, None }

    struct Span { pub segments: Vec<Segment>, pub tone: Tone }

    struct Asked {
        pub by: Option<Vec<Segment>>,
        pub at: Option<u64>,
        pub text: Vec<Vec<Segment>>,
        /// Where the words come from, in plain words.
        pub origin: Vec<Segment>,
        pub verified: bool,
    }

    #[serde(tag = "kind")]
    #[expect(clippy::enum_variant_names, reason = "`not_compared` is the word that people read")]
    enum Compared { NotAsked, NotCompared, Further { why: String } }

    /// One cell of the strip; `level` is 1 to 3.
    struct Fact { pub label: String, pub value: Vec<Segment>, pub detail: Vec<Segment>, pub level: u8 }

    struct DocumentHead {
        pub title: Vec<Segment>,
        pub view: View,
        /// How else it can be looked at.
        pub also: Option<Also>,
        /// Encoding, line ends, mode: short facts.
        pub facts: Vec<Vec<Segment>>,
        /// Lines, grants or objects of each kind; all zero where that means nothing.
        pub stats: Stats,
        /// Labels of the columns of `object` rows.
        pub columns: Vec<Vec<Segment>>,
        pub rows: u32,
        /// Ranges of rows that may stay folded.
        pub folds: Vec<Fold>,
    }

    enum View { Diff, Text, Argv, Access, Removal, Raw, Table }

    /// A view beside the rows, which alone count.
    enum Also { Markdown, Picture }

    struct Stats { pub added: u32, pub removed: u32, pub unchanged: u32 }

    struct Fold { pub from: u32, pub to: u32 }

    /// One row of a document; every row is one line high.
    #[serde(tag = "kind")]
    enum Row {
        Line { before: Option<u32>, after: Option<u32>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(test, ts(optional))]
            moved: Option<Moved>,
            change: Change, continued: bool, segments: Vec<Segment> },
        Field { label: Vec<Segment>, segments: Vec<Segment>, continued: bool },
        Argument { index: u32, segments: Vec<Segment>, continued: bool },
        Grant { change: Gain, principal: PrincipalKind, name: Vec<Segment>, tag: Option<Mark>, before: Vec<Segment>, after: Vec<Segment>, continued: bool },
        Object { columns: Vec<Vec<Segment>>, size: Option<u64>, sha256: Option<String>, continued: bool },
        Entry { change: EntryChange, path: Vec<Segment>, before: Vec<Segment>, after: Vec<Segment>, continued: bool },
        Heading { text: String, name: Vec<Segment>, detail: String },
        Note { segments: Vec<Segment>, tone: Tone, continued: bool },
    }

    /// The line only changed its place. `line` is its number on the other side, `row` where that stands;
    /// `first` begins a block of such lines.
    struct Moved { pub line: u32, pub row: Option<u32>, pub first: bool }

    enum Change { Same, Added, Removed }

    enum Gain { Gained, Lost, Kept }

    enum EntryChange { Added, Removed, Changed, Moved }

    enum PrincipalKind { Person, Group, Service, Anyone }

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
        pub acknowledged: Vec<Acknowledged>,
        /// Rows that were not on screen yet.
        pub unseen: u32,
        /// Rows that count as seen because they were, on the sheet of the version before.
        pub kept: u32,
        /// The first of those that were not on screen, to go there: document and row.
        pub next_unseen: Option<Place>,
    }

    struct Place { pub document: u32, pub row: u32 }

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

    /// A part of the sheet that was on screen: rows `from` to `to`, the last not included.
    struct Seen { pub document: u32, pub from: u32, pub to: u32 }

    /// From where a text is sought: the first hit at a row or after it, or the hit of that number.
    #[serde(tag = "kind")]
    enum SeekFrom { Row { document: u32, row: u32 }, Hit { index: u32 } }

    /// Where a text is in a sheet. `above` counts hits in what stands above the rows.
    struct Sought { pub total: u32, pub above: u32, pub hit: Option<Hit> }

    /// One of the hits, counted from 0, and the row in which it begins.
    struct Hit { pub index: u32, pub document: u32, pub row: u32 }

    /// UTF-16 units of the text number `column` of a row, and the hits that this is a part of, the last not included.
    /// In order, and apart.
    struct HitMark { pub row: u32, pub column: u32, pub from: u32, pub to: u32, pub first: u32, pub last: u32 }

    /// Change number `index`, from 0, of so many: some rows of a document, the last not included.
    struct Step { pub index: u32, pub of: u32, pub document: u32, pub from: u32, pub to: u32 }

    /// Rows that went, up to `middle`, and rows that came, up to `to`, not included: they stand side by side.
    struct Pair { pub from: u32, pub middle: u32, pub to: u32 }

    /// Rows that need so many lines in a window of some columns, the last row not included.
    struct Tall { pub from: u32, pub to: u32, pub lines: u32 }

    enum Side { Before, After }

    /// A content of a document, and in words what comes along with its exact bytes, or why there are none to be had.
    struct Copyable { pub side: Side, pub size: u64, pub exact: bool, pub escaped: bool, pub says: Option<String> }

    #[serde(tag = "kind")]
    enum Copying { Exact { side: Side }, Escaped { side: Side }, Rows }

    /// A side of a document, or what is different between both.
    enum Pictured { Before, After, Difference }

    /// A picture of a document. Its pixels follow these words as they cross.
    struct Picture { pub about: Option<AboutPicture>, pub seen: SeenPicture }

    /// What the file of a picture says of itself, in our words.
    struct AboutPicture { pub format: String, pub size: u64, pub says: String, pub remarks: Vec<String> }

    /// Sizes are in pixels; `across` and `down` are those of what is drawn, where that is less.
    #[serde(tag = "kind")]
    enum SeenPicture {
        /// There is no such side.
        Absent,
        Drawn { width: u32, height: u32, across: u32, down: u32 },
        Same,
        Sizes { before: [u32; 2], after: [u32; 2] },
        /// `area` is left, top, width, height; `unseen` are wholly transparent on both sides.
        Differ { width: u32, height: u32, across: u32, down: u32, changed: u32, unseen: u32, area: [u32; 4] },
        Not { why: String },
    }

    struct SetUp { pub person: String, pub device: String, pub passphrase: String, pub understood: String, pub place: KeyPlace }

    struct Decide { pub proposal: String, pub sheet: Option<String>, pub answer: Answer, pub comment: Option<String> }

    #[serde(tag = "kind")]
    enum Answer { Approve { not_shown: Option<u32> }, Deny, RequestChanges }

    /// What was made when somebody decided.
    struct Decided { pub digest: String, pub title: String, pub hint: String }

    /// "Look again", never "here is the truth": a missed one costs a refresh.
    #[serde(tag = "kind")]
    enum AppEvent { Queue, State, Item { digest: String }, Arming, OpenItem { digest: String }, ShowQueue, Preferences, Removed }

    /// Where a backup was put.
    struct BackupSaved { pub path: String }

    struct UserError { pub code: ErrorCode, pub title: String, pub hint: String, pub detail: Option<String> }

    enum ErrorCode {
        WrongPassphrase,
        Wait,
        KeyLocked,
        NoKey,
        KeyUnreachable,
        KeyExists,
        BadPassphrase,
        NotUnderstood,
        NotArmed,
        NotShown,
        Changed,
        NotOpen,
        NotFound,
        GateMissing,
        GateFailed,
        BadInput,
        BackupInvalid,
        DiskFull,
        /// Nothing tells agents apart here: only everything can be halted.
        OnlyEverything,
        /// The desktop does not offer it.
        NotOffered,
        Broken,
    }
}
