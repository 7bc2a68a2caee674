//! Commands for lists: the queue by pages, history, search, and what is put aside.

use countersign_core::time::Timestamp;

use super::{Result, Shared, digest};
use crate::{convert, wire};

#[tauri::command(async)]
pub(super) fn queue_page(reviewer: Shared<'_>, section: wire::SectionId, after: &str) -> Result<wire::Page> {
    Ok(convert::queue::page(reviewer.queue_page(convert::queue::section(section), after)?))
}

#[tauri::command(async)]
pub(super) fn history(
    reviewer: Shared<'_>,
    filter: wire::HistoryFilter,
    after: Option<String>,
) -> Result<wire::Page> {
    Ok(convert::queue::page(reviewer.history(convert::queue::filter(filter), after.as_deref())?))
}

#[tauri::command(async)]
pub(super) fn search(reviewer: Shared<'_>, text: &str, after: Option<String>) -> Result<wire::Found> {
    Ok(convert::queue::found(reviewer.search(text, after.as_deref())?))
}

#[tauri::command(async)]
pub(super) fn snooze(reviewer: Shared<'_>, proposal: &str, until: u64) -> Result<wire::Decided> {
    reviewer.snooze(&digest(proposal)?, Timestamp::from_seconds(until))?;
    Ok(convert::queue::snoozed(proposal))
}

#[tauri::command(async)]
pub(super) fn unsnooze(reviewer: Shared<'_>, proposal: &str) -> Result<wire::Decided> {
    reviewer.unsnooze(&digest(proposal)?)?;
    Ok(convert::queue::unsnoozed(proposal))
}
