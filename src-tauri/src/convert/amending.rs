//! Texts that a person may edit, into wire and back.

use countersign_reviewer::{self as reviewer, Editable};
use countersign_sheet::{segments, told};

use super::sheet::segs;
use crate::{error, wire};

pub(crate) fn editable(it: Editable) -> wire::Editable {
    match it {
        Editable::Nothing => wire::Editable::Nothing,
        Editable::Off(why) => wire::Editable::Off { why: error::not_editable(why) },
        Editable::Yes => wire::Editable::Yes,
    }
}

pub(crate) fn text(it: reviewer::TextState) -> wire::TextShown {
    let (agent, off) = match it.agent {
        Ok(text) => (text, None),
        Err(why) => (String::new(), Some(error::not_editable(why))),
    };
    wire::TextShown {
        action: super::count(it.action),
        field: it.field.to_owned(),
        target: segs(&told(segments(it.target.as_bytes()))),
        text: it.edited.unwrap_or_else(|| agent.clone()),
        agent,
        off,
    }
}

pub(crate) fn new_text(it: wire::NewText) -> reviewer::NewText {
    reviewer::NewText { action: it.action as usize, field: it.field, text: it.text }
}
