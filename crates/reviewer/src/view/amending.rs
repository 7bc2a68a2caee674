//! What of a proposal a person may write anew, and why not.

use countersign_core::ostext::OsText;

/// Whether texts of a proposal can be edited before it is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editable {
    /// It has no text that an amendment may replace.
    Nothing,
    /// It has some, and they cannot be edited.
    Off(NotEditable),
    /// Yes; of each text [`TextState`] says more.
    Yes,
}

/// Why a text cannot be edited, or not like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotEditable {
    /// There is no such text.
    Nothing,
    /// The agent would do it itself, with its own text.
    Release,
    /// More people than one have to sign, and all of them the same.
    Several,
    /// Its bytes are no text.
    NotText,
    /// Its lines end in more ways than one.
    LineEnds,
    /// It has a control character, which a text field may drop.
    Control(char),
    /// It is longer than what is edited here.
    TooLong {
        /// How long.
        bytes: u64,
        /// The longest.
        most: u64,
    },
    /// What comes of it is no proposal: it is too large.
    TooLarge,
}

/// A text that an amendment may replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextState {
    /// Which action, counted from 0.
    pub action: usize,
    /// Which of its texts.
    pub field: &'static str,
    /// What the action is about.
    pub target: OsText,
    /// The agent's version; why it cannot be edited.
    pub agent: Result<String, NotEditable>,
    /// As it is edited now, when it is.
    pub edited: Option<String>,
}

/// A text as a person wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    /// Which action, counted from 0.
    pub action: usize,
    /// Which of its texts.
    pub field: String,
    /// All of it; lines end with LF, whatever they end with in the bytes.
    pub text: String,
}
