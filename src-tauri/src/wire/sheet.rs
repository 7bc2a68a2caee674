//! The sheet: its head, its findings, and the rows of its documents.

use super::*;

wire! {
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
    /// A `mask` stands for a secret and is as wide as it is.
    enum SegmentKind { Words, Text, Changed, Joined, JoinedChanged, ChipRed, Chip, Bytes, Mask }

    enum Syntax { Comment, String, Literal, Keyword }

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
        /// What to do about it.
        pub fix: Option<String>,
        /// What is hidden for it: kind, length, and a mark that tells it from others.
        pub masked: Option<String>,
        /// Whether a person can say, once it is revealed, that it is no secret where it goes.
        pub settles: bool,
        /// Where it stands, in words.
        pub place: Vec<Segment>,
        /// Where to go to see it; absent where that is the head of the sheet.
        pub at: Option<Spot>,
        /// It stands in the agent's claim, which must not be folded then.
        pub in_claim: bool,
    }

    /// A row, or what stands above the rows of a document: its title, its facts, its columns.
    #[serde(tag = "kind")]
    enum Spot { Head { document: u32 }, Row { document: u32, row: u32 } }

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
        Object { columns: Vec<Vec<Segment>>, size: Vec<Segment>, sha256: Vec<Segment>, continued: bool },
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
}
