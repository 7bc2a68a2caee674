//! Commands to write a text of a proposal anew before it is approved.

use tauri::State;

use super::{Result, Shared, digest, keep};
use crate::convert::amending as convert;
use crate::shown::Shown;
use crate::wire;

/// What may be edited, each text as the agent wrote it and as it is edited now.
#[tauri::command(async)]
pub(crate) fn texts(reviewer: Shared<'_>, proposal: &str) -> Result<Vec<wire::TextShown>> {
    Ok(reviewer.texts(&digest(proposal)?)?.into_iter().map(convert::text).collect())
}

/// Puts a person's texts in place of the agent's: answers with the sheet of what comes of it.
#[tauri::command(async)]
pub(crate) fn edit(
    reviewer: Shared<'_>,
    sheets: State<'_, Shown>,
    proposal: &str,
    texts: Vec<wire::NewText>,
) -> Result<wire::Opened> {
    let texts: Vec<_> = texts.into_iter().map(convert::new_text).collect();
    Ok(keep(&reviewer, &sheets, reviewer.edit(&digest(proposal)?, &texts)?))
}
