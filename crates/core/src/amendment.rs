//! Amendments: a proposal with some texts replaced by the reviewer.
//!
//! An amendment is authenticated by the decision whose subject it is. It may
//! replace bodies, after-contents and arguments, and nothing else: not who
//! reads, not where, not what runs, not who acts. What an agent does itself
//! cannot be amended: it would go on with its own text, whatever was signed.

use serde::{Deserialize, Serialize};

use crate::action::Act;
use crate::content::Content;
use crate::digest::Digest;
use crate::json;
use crate::proposal::{Effect, Proposal};

/// The payload type.
pub const TYPE: &str = "application/vnd.countersign.amendment.v1+json";

/// Texts to replace in the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// Digest of the proposal's payload.
    pub original: Digest,
    /// One for each text.
    pub edits: Vec<Edit>,
}

/// One text to replace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Which action, counted from 0.
    pub action: usize,
    /// Which of its texts: `body`, `after` or `arguments`. Other names are refused when it is applied.
    pub field: String,
    /// The text instead.
    pub content: Content,
}

/// Why an amendment cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No edits, or two for one text.
    #[error("an amendment edits at least one text, and each only once")]
    Edits,
    /// The gate does not act on the original, so nothing makes the agent act on another text.
    #[error("what an agent does itself may not be amended")]
    Release,
    /// A person signs the list as it came, or has it proposed anew.
    #[error("a batch may not be amended")]
    Batch,
    /// No such action.
    #[error("there is no action {0}")]
    NoAction(usize),
    /// A field that an amendment may not touch, or that this action does not have.
    #[error("`{field}` of action {action} may not be amended")]
    Field {
        /// Which action.
        action: usize,
        /// The field named.
        field: String,
    },
}

/// The text of `act` that an amendment may replace under the name `field`.
pub fn text<'a>(act: &'a Act, field: &str) -> Option<&'a Content> {
    match (act, field) {
        (Act::Post(post), "body") => Some(&post.body),
        (Act::Change(change), "after") => change.after.as_ref(),
        (Act::Call(call), "arguments") => Some(&call.arguments),
        _ => None,
    }
}

/// The name of the text of `act` that an amendment may replace, and that text.
pub fn field(act: &Act) -> Option<(&'static str, &Content)> {
    ["body", "after", "arguments"].into_iter().find_map(|field| Some((field, text(act, field)?)))
}

impl Amendment {
    /// Reads the payload of an amendment.
    ///
    /// # Errors
    ///
    /// When it is not one, in its one spelling.
    pub fn parse(payload: &[u8]) -> Result<Self, json::Error> {
        json::exactly(payload)
    }

    /// The proposal as amended.
    ///
    /// # Errors
    ///
    /// Every [`Error`].
    pub fn apply(&self, original: &Proposal) -> Result<Proposal, Error> {
        if original.effect == Effect::Release {
            return Err(Error::Release);
        }
        let mut amended = original.clone();
        let mut seen = Vec::new();
        for edit in &self.edits {
            if seen.contains(&(edit.action, &edit.field)) {
                return Err(Error::Edits);
            }
            seen.push((edit.action, &edit.field));
            let actions = amended.actions.all_mut().ok_or(Error::Batch)?;
            let action = actions.get_mut(edit.action).ok_or(Error::NoAction(edit.action))?;
            let text = match (&mut action.act, edit.field.as_str()) {
                (Act::Post(post), "body") => &mut post.body,
                (Act::Change(change), "after") if change.after.is_some() => {
                    change.after = Some(edit.content.clone());
                    continue;
                }
                (Act::Call(call), "arguments") => &mut call.arguments,
                _ => return Err(Error::Field { action: edit.action, field: edit.field.clone() }),
            };
            *text = edit.content.clone();
        }
        if seen.is_empty() {
            return Err(Error::Edits);
        }
        Ok(amended)
    }
}
