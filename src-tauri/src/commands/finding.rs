//! Commands about findings: what is looked for, what is no secret, what was of use.

use tauri::State;

use super::{Result, Shared, digest, keep, label};
use crate::convert::finding as convert;
use crate::shown::Shown;
use crate::wire;

/// What a finding found is no secret where it goes: answers with the sheet that says so.
#[tauri::command(async)]
pub(crate) fn no_secret(
    reviewer: Shared<'_>,
    sheets: State<'_, Shown>,
    proposal: &str,
    sheet: &str,
    finding: &str,
) -> Result<wire::Opened> {
    let opened = reviewer.no_secret(&digest(proposal)?, &digest(sheet)?, &label(finding)?)?;
    sheets.conceal();
    Ok(keep(&reviewer, &sheets, opened))
}

/// Whether a finding was of use.
#[tauri::command(async)]
pub(crate) fn judge(
    reviewer: Shared<'_>,
    proposal: &str,
    sheet: &str,
    finding: &str,
    useful: bool,
) -> Result<()> {
    Ok(reviewer.judge(&digest(proposal)?, &digest(sheet)?, &label(finding)?, useful)?)
}

#[tauri::command(async)]
pub(crate) fn finding_settings(reviewer: Shared<'_>) -> Result<wire::FindingSettings> {
    Ok(convert::settings(reviewer.finding_settings()?))
}

#[tauri::command(async)]
pub(crate) fn set_names(reviewer: Shared<'_>, names: &str) -> Result<wire::FindingSettings> {
    reviewer.set_names(names)?;
    finding_settings(reviewer)
}

/// Takes the text of a file of rules; without one, there are none from then on.
#[tauri::command(async)]
pub(crate) fn set_team_rules(reviewer: Shared<'_>, text: Option<String>) -> Result<wire::FindingSettings> {
    reviewer.set_team_rules(text.as_deref())?;
    finding_settings(reviewer)
}

#[tauri::command(async)]
pub(crate) fn secret_again(reviewer: Shared<'_>, here: &str) -> Result<wire::FindingSettings> {
    reviewer.secret_again(&digest(here)?)?;
    finding_settings(reviewer)
}

#[tauri::command(async)]
pub(crate) fn demote(reviewer: Shared<'_>, rule: &str, demoted: bool) -> Result<wire::FindingSettings> {
    reviewer.demote(rule, demoted)?;
    finding_settings(reviewer)
}
