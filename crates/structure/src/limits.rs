//! What one comparison may cost, and why there is no table.

/// What one comparison may cost. The defaults stay near a second and some hundred megabytes at worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of one side.
    pub bytes: usize,
    /// Values and containers of one side.
    pub values: usize,
    /// Containers in containers. All walks are recursive within it.
    pub depth: usize,
    /// Entries that are listed.
    pub entries: usize,
    /// Remarks of one kind.
    pub remarks: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { bytes: 16 << 20, values: 250_000, depth: 100, entries: 2_000, remarks: 20 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Before,
    After,
}

/// Why there is no table, as a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("no table: {} is too large for one", .0.name())]
    TooLarge(Side),
    #[error("no table: {} has too many values for one", .0.name())]
    TooMany(Side),
    #[error("no table: {} is nested too deep", .0.name())]
    TooDeep(Side),
    #[error("no table: {} is not UTF-8", .0.name())]
    NotText(Side),
    /// The line counts from 1.
    #[error("no table: {} cannot be read as {format} (line {line})", .side.name())]
    Syntax { side: Side, format: &'static str, line: usize },
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Side::Before => "what is there",
            Side::After => "what would be there",
        }
    }
}

/// What stops a parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Many,
    Deep,
    /// At or near this byte.
    Syntax(usize),
}
