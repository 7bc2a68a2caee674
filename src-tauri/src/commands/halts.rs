//! Commands to stop agents, and to see what came from each.

use super::{Result, Shared, digest};
use crate::convert::halts as convert;
use crate::settings::Settings;
use crate::wire;
use tauri::State;

#[tauri::command(async)]
pub(crate) fn agents(reviewer: Shared<'_>) -> Result<wire::Agents> {
    Ok(convert::agents(&reviewer.agents()?))
}

/// Takes no passphrase: the device's key halts.
#[tauri::command(async)]
pub(crate) fn halt(reviewer: Shared<'_>, stop: wire::Stop, reason: Option<String>) -> Result<wire::Decided> {
    Ok(convert::halted(reviewer.halt(convert::stop(&stop, digest)?, reason)?))
}

#[tauri::command(async)]
pub(crate) fn dismiss_clock(reviewer: Shared<'_>, settings: State<'_, Settings>) -> Result<wire::AppState> {
    reviewer.dismiss_clock();
    super::state(reviewer, settings)
}
