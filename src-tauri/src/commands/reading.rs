//! Commands that help to read a sheet: a text in it, its changes, its texts for the clipboard. None decides anything.

use std::sync::Arc;

use countersign_reviewer::Copies;
use tauri::State;
use tauri::ipc::Response;

use super::{Result, Shared, digest, keep};
use crate::convert::reading as convert;
use crate::platform::Platform;
use crate::settings::Settings;
use crate::shown::Shown;
use crate::{error, wire};

/// The proposals that are like one, as one item; nothing where it is alone.
#[tauri::command(async)]
pub(super) fn together(
    reviewer: Shared<'_>,
    sheets: State<'_, Shown>,
    proposal: &str,
    left_out: Vec<String>,
) -> Result<Option<wire::Opened>> {
    let left_out = left_out.iter().map(|it| digest(it)).collect::<Result<Vec<_>>>()?;
    let opened = reviewer.together(&digest(proposal)?, &left_out)?;
    Ok(opened.map(|opened| keep(&reviewer, &sheets, opened)))
}

#[tauri::command(async)]
pub(super) fn seek(
    sheets: State<'_, Shown>,
    sheet: &str,
    text: &str,
    from: wire::SeekFrom,
) -> Result<wire::Sought> {
    let (sheet, sought) = sheets.seek(&digest(sheet)?, text).ok_or_else(error::sheet_gone)?;
    Ok(convert::sought(&sheet, &sought, &from))
}

/// As bytes, like the rows that they are marks on.
#[tauri::command(async)]
pub(super) fn hits(
    sheets: State<'_, Shown>,
    sheet: &str,
    text: &str,
    document: usize,
    from: usize,
    count: usize,
) -> Result<Response> {
    let (sheet, sought) = sheets.seek(&digest(sheet)?, text).ok_or_else(error::sheet_gone)?;
    let rows = from..from.saturating_add(count.min(500));
    Ok(Response::new(convert::marks(&sought.marked(&sheet, document, rows))))
}

#[tauri::command(async)]
pub(super) fn change(
    sheets: State<'_, Shown>,
    sheet: &str,
    document: usize,
    row: usize,
    forward: bool,
) -> Result<Option<wire::Step>> {
    let sheet = sheets.find(&digest(sheet)?).ok_or_else(error::sheet_gone)?;
    Ok(countersign_reviewer::change(&sheet, (document, row), forward).map(convert::step))
}

/// As bytes: a long document has many.
#[tauri::command(async)]
pub(super) fn pairs(sheets: State<'_, Shown>, sheet: &str, document: usize) -> Result<Response> {
    let sheet = sheets.find(&digest(sheet)?).ok_or_else(error::sheet_gone)?;
    Ok(Response::new(convert::pairs(&countersign_reviewer::pairs(&sheet, document))))
}

/// Which rows need more than one line in a window of so many columns; as bytes.
#[tauri::command(async)]
pub(super) fn tall(
    sheets: State<'_, Shown>,
    sheet: &str,
    document: usize,
    columns: usize,
) -> Result<Response> {
    let made = sheets.read(&digest(sheet)?, |all| crate::convert::tall(all, document, columns));
    Ok(Response::new(made.ok_or_else(error::sheet_gone)?))
}

/// Rows as the lines that they need there, as bytes of JSON.
#[tauri::command(async)]
pub(super) fn lines(
    sheets: State<'_, Shown>,
    sheet: &str,
    document: usize,
    from: usize,
    count: usize,
    columns: usize,
) -> Result<Response> {
    let rows = |all: &[_]| crate::convert::lines_of(all, document, from, count.min(500), columns);
    Ok(Response::new(sheets.read(&digest(sheet)?, rows).ok_or_else(error::sheet_gone)?))
}

#[tauri::command(async)]
pub(super) fn copies(
    reviewer: Shared<'_>,
    proposal: &str,
    sheet: &str,
    document: usize,
) -> Result<Vec<wire::Copyable>> {
    let all = reviewer.copies(&digest(proposal)?, &digest(sheet)?, document)?;
    Ok(all.into_iter().map(convert::copyable).collect())
}

/// A document as it could be rendered: a whole page, for a frame that may do nothing.
#[tauri::command(async)]
pub(super) fn rendered(
    reviewer: Shared<'_>,
    proposal: &str,
    sheet: &str,
    document: usize,
    dark: bool,
) -> Result<String> {
    let page = reviewer.rendered(&digest(proposal)?, &digest(sheet)?, document, dark)?;
    page.ok_or_else(error::no_view)
}

/// What is known of a picture, and its pixels: as bytes, which the page draws and no decoder of the engine reads.
#[tauri::command(async)]
pub(super) fn picture(
    reviewer: Shared<'_>,
    proposal: &str,
    sheet: &str,
    document: usize,
    which: wire::Pictured,
) -> Result<Response> {
    let which = convert::pictured(&which);
    let picture = reviewer.picture(&digest(proposal)?, &digest(sheet)?, document, which)?;
    Ok(Response::new(convert::picture(&picture.ok_or_else(error::no_view)?)))
}

#[tauri::command(async)]
pub(super) fn copy(
    reviewer: Shared<'_>,
    proposal: &str,
    sheet: &str,
    document: usize,
    what: wire::Copying,
) -> Result<String> {
    let text = reviewer.copy(&digest(proposal)?, &digest(sheet)?, document, convert::copying(&what))?;
    text.ok_or_else(error::not_copied)
}

/// Shows copies of both sides in the program that a person chose. The page names neither a program nor a path.
#[tauri::command(async)]
pub(super) fn compare(
    reviewer: Shared<'_>,
    settings: State<'_, Settings>,
    platform: State<'_, Arc<dyn Platform>>,
    copies: State<'_, Copies>,
    proposal: &str,
    sheet: &str,
    document: usize,
) -> Result<wire::Decided> {
    let chosen = settings.preferences().compare_with;
    let with = platform.comparers().iter().find(|it| it.id == chosen).ok_or_else(error::no_comparer)?;
    let both = reviewer.both(&digest(proposal)?, &digest(sheet)?, document)?.ok_or_else(error::no_sides)?;
    let path = std::env::var("PATH").unwrap_or_default();
    copies.open(&both, with, &path, platform.surroundings()).map_err(|error| error::not_compared(&error))?;
    Ok(convert::compared(with.name))
}
