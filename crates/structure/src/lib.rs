//! Turns two documents that have a structure into a table of what differs.
//!
//! Promises, for every input, hostile ones included:
//! * Every leaf that differs is in exactly one [`Entry`], alone or with its
//!   whole row or container, or is counted in [`Table::more`]; its range is its exact
//!   source. What is in doubt differs: two things are the same only where
//!   every reader that we know of reads the same.
//! * The work is bounded by a [`Budget`] that counts bytes, values and depth;
//!   what goes beyond is not begun, and [`Why`] says so. Aliases are never
//!   expanded.
//! * [`compare`] does not panic, and the same bytes give the same table.
//!
//! Left to others: the exact difference of the bytes, beside which a table
//! stands and which it never replaces; what is drawn, and how.
//!
//! Units: ranges are bytes of one side; items and rows count from 0.

mod align;
mod comments;
mod compare;
mod format;
mod json;
mod limits;
mod number;
mod read;
mod records;
mod remarks;
mod resolve;
mod text;
mod toml;
mod tree;
mod yaml;

use std::ops::Range;
use std::sync::Arc;

pub use compare::compare;
pub use format::Format;
pub use limits::{Budget, Side, Why};

/// What differs between two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub format: Format,
    /// The first of them, up to [`Budget::entries`].
    pub entries: Vec<Entry>,
    /// Entries beyond those listed.
    pub more: u64,
    pub counts: Counts,
    /// Leaves that are the same on both sides.
    pub same: u64,
    /// What a person should know besides: up to [`Budget::remarks`] of each kind.
    pub remarks: Vec<Remark>,
    /// Remarks beyond those.
    pub more_remarks: u64,
    /// How the rows of a document that is a list of records were matched.
    pub rows: Option<Rows>,
}

/// How many entries of each kind there are, listed or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub added: u64,
    pub removed: u64,
    pub changed: u64,
    pub moved: u64,
}

/// Rows of a list of records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// The column that tells the rows apart on both sides. Without one they are matched by their place.
    pub key: Option<Arc<str>>,
    pub added: u64,
    pub removed: u64,
    pub changed: u64,
    pub same: u64,
}

/// One leaf that differs, or a whole row or container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub path: Vec<Step>,
    pub change: Change,
    pub before: Option<Leaf>,
    pub after: Option<Leaf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    Added,
    Removed,
    Changed,
    /// A row that stands elsewhere among the rows that stay; the leaf is its key.
    Moved,
}

/// One step from a container to what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `nth` is above 0 only where a key is there more than once.
    Key { name: Arc<str>, nth: u32 },
    /// An item of a list, by its place on each side, and by the key of its row where there is one.
    Item { before: Option<usize>, after: Option<usize>, row: Option<RowKey> },
}

/// What tells a row from the others: the column and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowKey {
    pub column: Arc<str>,
    pub value: Arc<str>,
}

/// A value without parts, or an empty container, or all of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Where it stands on its side; empty when nothing is written there.
    pub source: Range<usize>,
    pub sort: Sort,
}

/// What kind of thing a leaf is for those who read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    Null,
    Bool,
    Number,
    Text,
    Date,
    /// Depends on who reads it.
    Doubtful,
    /// Stands for what has an anchor elsewhere.
    Alias,
    EmptyList,
    EmptyMap,
    /// All of a row, or of a container whose tag differs.
    Whole,
}

/// Something a person should know, that entries do not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub path: Vec<Step>,
    pub about: About,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The bytes differ, and every leaf is the same and at the same place.
    SameMeaning,
    /// The key at the path is there so often (after): some readers take the first, some the last.
    /// `key` is where the last of them stands.
    DuplicateKey { times: u32, key: Range<usize> },
    /// The key at the path differs from this other one of its map (after) only by case or spelling.
    /// `key` is where it stands; empty in records, whose names stand elsewhere.
    SimilarKey { other: Arc<str>, key: Range<usize> },
    /// Another spelling of the same number.
    NumberForm { before: Leaf, after: Leaf },
    /// A number (after) that a 64-bit float does not hold: most readers would have another one.
    Imprecise { after: Leaf },
    /// The same keys in another order.
    KeyOrder,
    /// So many texts or keys with another spelling (quotes, escapes, anchors) and the same meaning.
    Respelled { count: u64 },
    /// Comments that were not there before, and that are no more.
    Comments { added: u64, removed: u64 },
    /// A plain value (after) that readers of YAML 1.1 and 1.2 take for different things.
    Doubtful { after: Leaf, old: &'static str, new: &'static str },
    /// So many aliases (after).
    Aliases { count: u64 },
    /// So many `<<` (after), which take over the members of another map.
    Merges { count: u64 },
    /// So many rows (after) with more or fewer fields than the first, and the first of them.
    Ragged { count: u64, first: usize },
    /// The first row does not look like names, so columns have numbers.
    NoHeader,
    /// Several documents, this many after; they are numbered from 0.
    Documents { count: u64 },
}
