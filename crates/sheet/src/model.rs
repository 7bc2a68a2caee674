//! The words of a sheet: plain values, ready to be drawn, counted and hashed.
//!
//! Nothing here is markup. Every text that came from outside is a list of
//! [`Segment`]s; whoever draws it keeps spaces as they are (`pre-wrap`) and
//! puts each segment in a box of its own, so that right-to-left text cannot
//! move its neighbours.
//!
//! Units: `source` is a byte range of the text that the segments were made
//! from; widths are display columns; times are Unix seconds.

use std::ops::Range;
use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_core::name::Label;
use serde::Serialize;

use crate::findings::REMOVED;
use crate::marking::Destination;

/// The version of the code that makes sheets. It is part of every sheet's
/// digest and of every decision; from the first release on it changes
/// whenever a sheet would.
pub const VERSION: u32 = 3;

/// A row is at most this many columns wide, a wide character counting two.
pub const WIDTH: usize = 88;

/// Places of one finding that are named; there can be more.
pub const SPOTS: usize = 20;

/// Everything a person is shown about one proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    pub kind: Kind,
    pub headline: Headline,
    pub asked: Option<Asked>,
    /// What would happen, in one clause.
    pub would: Vec<Segment>,
    pub compared: Compared,
    /// The agent's reason, line by line. Never verified. How much is not drawn is a last line, of our own words.
    pub claim: Vec<Vec<Segment>>,
    /// Reach, volume, reversibility, environment, in this order.
    pub facts: Vec<Fact>,
    /// At least one for each action, in the order of the actions.
    pub documents: Vec<Document>,
    /// What a person has to know of, the worst first. [`Segment::findings`] counts in it.
    pub findings: Vec<Finding>,
}

/// A secret on a sheet: what is said of it in its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Secret {
    /// What it is, in our words.
    pub what: String,
    pub characters: u64,
    /// Of its bytes. Nobody is shown it: a short secret could be guessed from it.
    pub sha256: Digest,
    /// Where it would go.
    pub destination: Destination,
}

/// Something that a person has to know of, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What a decision names: rule, digest of the text, range in it.
    pub id: Label,
    /// The name of the rule, in lower case with hyphens.
    pub rule: String,
    pub severity: Severity,
    /// What was found, in our words.
    pub title: String,
    /// Why it matters, in our words.
    pub why: String,
    /// What to do about it, in our words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<&'static str>,
    /// Of what is hidden, what the mask says of it.
    #[serde(skip)]
    pub masked: Option<String>,
    /// Whether what it hides is hidden in other places too, where nothing says that it is a secret.
    #[serde(skip)]
    pub hides_elsewhere: bool,
    /// Whether a person said before that none of what it found is a secret where it goes. It blocks nothing then.
    #[serde(skip_serializing_if = "is_false")]
    pub is_settled: bool,
    /// The secrets that it is about.
    #[serde(skip)]
    pub secrets: Vec<Arc<Secret>>,
    /// Where it stands, in words.
    pub place: Vec<Segment>,
    /// Where it stands, in the order of the sheet; of very many the first.
    pub spots: Vec<Spot>,
}

impl Finding {
    /// Whether a person can say that what it found is no secret where it goes: of one thing that comes, at a place where
    /// nothing else is done with it.
    #[must_use]
    pub fn can_be_settled(&self) -> bool {
        let one = self.secrets.first().map(|it| it.sha256);
        one.is_some()
            && !self.is_settled
            && self.rule != REMOVED
            && self.secrets.iter().all(|it| Some(it.sha256) == one && it.destination.known_by.is_some())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(it: &bool) -> bool {
    !it
}

/// How much a finding matters. There is no other scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Worth a look.
    Warning,
    /// Nothing is approved before a person took note of it.
    Blocking,
}

/// A place on a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Spot {
    Headline,
    Asked,
    Claim,
    /// The title, the facts or the columns of a document.
    Head {
        document: usize,
    },
    /// Rows of a document that follow one another.
    Rows {
        document: usize,
        rows: Range<usize>,
    },
}

/// What kind of action it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Post,
    Change,
    Remove,
    Access,
    Run,
    Call,
    /// More than one action.
    Several,
}

/// `{who} {seal} {line 1}` and the consequence below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Headline {
    /// The agent, as the gate knows it: a name of its own, or our words and the name of its user.
    pub who: Vec<Segment>,
    /// What the program called itself: a claim.
    pub calls_itself: Option<Vec<Segment>>,
    pub seal: Seal,
    /// `wants to …:`, then what follows from it. Built from the typed actions
    /// only; at most one span of both lines is red or amber.
    pub lines: [Vec<Span>; 2],
    /// Said when the agent itself would act.
    pub note: Option<Vec<Segment>>,
}

/// How the gate knows the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    /// By a token of its own.
    Token,
    /// By the user id of its process, which every program of that user shares.
    Uid,
    /// Not at all: draw "unknown sender".
    None,
}

/// A part of a headline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    pub segments: Vec<Segment>,
    pub tone: Tone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Plain,
    Amber,
    Red,
}

/// What a person is said to have asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    pub by: Option<Vec<Segment>>,
    /// Unix seconds.
    pub at: Option<u64>,
    /// Word for word, line by line. How much is not drawn is a last line, of our own words.
    pub text: Vec<Vec<Segment>>,
    /// Where the words come from, as a phrase.
    pub origin: Vec<Segment>,
    /// Whether anything but the agent's side vouches for the words.
    pub verified: bool,
}

/// Asked beside would do. There is no "equal": nothing here can know that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Compared {
    /// Nobody asked for this.
    NotAsked,
    /// The words do not settle it.
    NotCompared,
    /// Goes further than asked.
    Further { why: String },
}

/// One cell of the strip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// `Reach`, `Volume`, `Reversibility` or `Environment`.
    pub label: &'static str,
    pub value: Vec<Segment>,
    /// One more fact; may be empty.
    pub detail: Vec<Segment>,
    /// 1 to 3. What is not known is 3.
    pub level: u8,
}

/// One thing to read: a diff, a text, an argument list, …
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Which action, from 0.
    pub action: usize,
    pub title: Vec<Segment>,
    /// Short facts: encoding, line ends, mode, digest, …
    pub subtitle: Vec<Vec<Segment>>,
    pub view: View,
    /// How else it can be looked at. Nothing of that counts in place of the rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also: Option<Also>,
    /// Labels of the columns of [`Row::Object`]; empty when the rows label their columns themselves.
    pub columns: Vec<Vec<Segment>>,
    pub rows: Vec<Row>,
    /// Rows that may start closed: all of them unchanged. In order, apart.
    pub folds: Vec<Range<usize>>,
    pub stats: Stats,
    /// Lines or objects beyond what is shown, for which a red note stands as a row.
    pub hidden: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Before and after, line by line.
    Diff,
    /// A text, all of it new.
    Text,
    /// A program, its arguments, its surroundings.
    Argv,
    /// Who gains and loses what.
    Access,
    /// A list of things to be removed.
    Removal,
    /// Exact bytes or text that nothing here understands.
    Raw,
    /// What a change means, value by value. The exact document follows.
    Table,
}

/// A view of a document beside its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Also {
    /// As a reader of Markdown could show it.
    Markdown,
    /// As a picture: each side, and what differs.
    Picture,
}

/// Lines, grants or objects of each kind; a wrapped one counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    pub added: u64,
    pub removed: u64,
    pub unchanged: u64,
}

/// One row of fixed height. `continued` rows carry on the row above them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Row {
    /// A line of text. `source` counts in `before` for removed ones, else in `after`.
    Line {
        before: Option<u32>,
        after: Option<u32>,
        /// The line on the other side that has the same bytes, where this one only changed its place.
        #[serde(skip_serializing_if = "Option::is_none")]
        moved: Option<u32>,
        mark: Mark,
        continued: bool,
        segments: Vec<Segment>,
    },
    /// A named value.
    Field { label: Vec<Segment>, continued: bool, segments: Vec<Segment> },
    /// An argument, numbered from 0.
    Argument { index: u32, continued: bool, segments: Vec<Segment> },
    /// One right of one principal. No segments in `before` or `after` mean "none".
    Grant {
        change: GrantChange,
        principal: PrincipalKind,
        name: Vec<Segment>,
        tag: Option<GrantTag>,
        before: Vec<Segment>,
        after: Vec<Segment>,
        continued: bool,
    },
    /// One thing to be removed. Its digest stands by itself on a row that carries on the others.
    Object {
        columns: Vec<Vec<Segment>>,
        /// In bytes, in words; nothing where it is not known.
        size: Vec<Segment>,
        sha256: Vec<Segment>,
        continued: bool,
    },
    /// One value that would differ, and where. No segments in `before` or `after`: there is none.
    Entry {
        change: EntryChange,
        path: Vec<Segment>,
        before: Vec<Segment>,
        after: Vec<Segment>,
        continued: bool,
    },
    /// Starts a group; `name` is what it is called elsewhere, such as a folder.
    Heading { text: String, name: Vec<Segment>, detail: String },
    /// Something the app says.
    Note { tone: Tone, continued: bool, segments: Vec<Segment> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Same,
    Added,
    Removed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryChange {
    Added,
    Removed,
    Changed,
    /// A row of records that would stand elsewhere.
    Moved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantChange {
    Gained,
    Lost,
    Kept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    Person,
    Group,
    Service,
    Anyone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantTag {
    Anyone,
    External,
}

/// A piece of text as it is drawn, and the bytes that it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// The bytes shown; empty for the app's own words, for chips that say what is not there, and for
    /// letters beside bytes.
    pub source: Range<usize>,
    /// What to draw: the characters themselves, the label of a chip, or `\xNN` for each byte.
    pub display: String,
    pub kind: SegmentKind,
    /// Reads from right to left; such a segment holds nothing else.
    pub rtl: bool,
    /// The findings that it shows a part of: indices into [`Sheet::findings`], ascending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<u32>,
    /// The secret that it is a part of.
    #[serde(skip)]
    pub secret: Option<Arc<Secret>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SegmentKind {
    /// The app's own words. All other kinds are someone else's text: draw them differently, so
    /// that a name cannot pass for a part of the sentence around it.
    Words,
    /// Characters that look like what they are.
    Text,
    /// The same, in a word that the other side does not have.
    Changed,
    /// Characters of which some are drawn as nothing and change how the others are drawn: an emoji
    /// of several, a word or right-to-left phrase with joiners. Never cut.
    Joined { changed: bool },
    /// A labelled box in place of what would be invisible or would move other text.
    Chip { tone: ChipTone },
    /// Bytes that are no text.
    Bytes,
    /// Stands for a secret, and is as wide. See [`crate::masked`].
    Mask,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChipTone {
    /// Invisible, or moves other text.
    Red,
    Neutral,
}

impl Row {
    /// Whether it carries on the row above it.
    pub(crate) fn continues(&self) -> bool {
        match self {
            Self::Line { continued, .. }
            | Self::Field { continued, .. }
            | Self::Argument { continued, .. }
            | Self::Grant { continued, .. }
            | Self::Object { continued, .. }
            | Self::Entry { continued, .. }
            | Self::Note { continued, .. } => *continued,
            Self::Heading { .. } => false,
        }
    }

    /// The findings that it shows a part of.
    #[must_use]
    pub fn findings(&self) -> Vec<u32> {
        let mut found = Vec::new();
        // Few rows are asked, and they are short.
        self.clone().segments_mut(&mut |it| found.extend_from_slice(&it.findings));
        found
    }

    /// Every segment of it, in the order in which they are drawn.
    pub(crate) fn segments_mut(&mut self, each: &mut dyn FnMut(&mut Segment)) {
        self.texts_mut().into_iter().flatten().for_each(each);
    }

    /// Its texts, in the order in which they are drawn.
    pub(crate) fn texts_mut(&mut self) -> Vec<&mut Vec<Segment>> {
        match self {
            Self::Line { segments, .. } | Self::Argument { segments, .. } | Self::Note { segments, .. } => {
                vec![segments]
            }
            Self::Field { label, segments, .. } => vec![label, segments],
            Self::Grant { name, before, after, .. } => vec![name, before, after],
            Self::Entry { path, before, after, .. } => vec![path, before, after],
            Self::Object { columns, size, sha256, .. } => columns.iter_mut().chain([size, sha256]).collect(),
            Self::Heading { name, .. } => vec![name],
        }
    }
}
