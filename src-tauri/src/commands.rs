//! The commands of the page: wire in, one call, wire out.

mod amending;
mod desktop;
mod finding;
mod halts;
pub(crate) mod machine;
mod queue;
mod reading;

use countersign_core::decision::Found;
use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_keys::{LossUnderstood, Passphrase};
use countersign_reviewer::SetUp;
use tauri::ipc::{Invoke, Response};
use tauri::{AppHandle, Runtime, State};

use crate::opening::Shared;
use crate::settings::Settings;
use crate::shown::Shown;
use crate::wire::{self, UserError};
use crate::{convert, error};

type Result<T> = std::result::Result<T, UserError>;

/// Every command, as `build.rs` lists them.
pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        state,
        queue,
        queue::queue_page,
        queue::history,
        queue::search,
        queue::snooze,
        queue::unsnooze,
        open,
        reading::together,
        rows,
        reading::seek,
        reading::hits,
        reading::change,
        reading::pairs,
        reading::tall,
        reading::lines,
        reading::copies,
        reading::copy,
        reading::compare,
        reading::rendered,
        reading::picture,
        shown,
        hidden,
        seen,
        bar,
        acknowledge,
        reveal,
        conceal,
        decide,
        withdraw,
        resolve,
        lift,
        halts::agents,
        halts::halt,
        halts::dismiss_clock,
        amending::texts,
        amending::edit,
        finding::no_secret,
        finding::judge,
        finding::finding_settings,
        finding::set_names,
        finding::set_team_rules,
        finding::secret_again,
        finding::demote,
        machine::practice,
        machine::removal,
        machine::remove_all,
        unlock,
        lock,
        set_up,
        create_gate,
        start_gate,
        change_passphrase,
        backup,
        restore,
        delete_key,
        desktop::wanted,
        desktop::preferences,
        desktop::set_preferences,
        desktop::desktop,
        desktop::try_notification
    ]
}

fn digest(text: &str) -> Result<Digest> {
    text.parse().map_err(|_| error::input("That is not the digest of an item."))
}

fn label(text: &str) -> Result<Label> {
    text.trim().parse().map_err(|_| error::input("A name is 1 to 200 bytes long."))
}

#[tauri::command(async)]
fn state(reviewer: Shared<'_>, settings: State<'_, Settings>) -> Result<wire::AppState> {
    Ok(convert::app_state(reviewer.state()?, settings.theme()))
}

#[tauri::command(async)]
fn queue(reviewer: Shared<'_>) -> Result<wire::Queue> {
    Ok(convert::queue::queue(reviewer.queue()?))
}

#[tauri::command(async)]
fn open(reviewer: Shared<'_>, sheets: State<'_, Shown>, digest: &str) -> Result<wire::Opened> {
    Ok(keep(&reviewer, &sheets, reviewer.open(&self::digest(digest)?)?))
}

/// An item whose rows the page will ask for.
fn keep(reviewer: &Shared<'_>, sheets: &Shown, opened: countersign_reviewer::Opened) -> wire::Opened {
    if let (Some(digest), Some(sheet)) = (opened.sheet_digest, &opened.sheet) {
        sheets.keep(digest, sheet.clone());
    }
    let denied = opened.denied.as_ref().and_then(|it| it.difference.as_ref());
    let earlier = opened.earlier.as_ref().map(|it| &it.difference);
    for (digest, made) in denied.into_iter().chain(earlier) {
        sheets.keep_difference(*digest, made.clone());
    }
    convert::opened(&opened, |digest| reviewer.blob(digest).ok().flatten())
}

/// The head of a sheet with what `findings` hide; its rows have it too, for a moment.
#[tauri::command(async)]
fn reveal(
    reviewer: Shared<'_>,
    sheets: State<'_, Shown>,
    proposal: &str,
    sheet: &str,
    findings: Vec<u32>,
) -> Result<wire::Revealed> {
    let (proposal, sheet) = (digest(proposal)?, digest(sheet)?);
    let made = reviewer.reveal(&proposal, &sheet, &findings)?;
    let head = convert::sheet::head(&made, &sheet, None);
    sheets.reveal(sheet, made);
    Ok(wire::Revealed {
        head,
        bar: convert::bar(reviewer.bar(&proposal)?),
        milliseconds: crate::shown::REVEALED_MS,
    })
}

/// Hides again what was revealed. The head of that sheet.
#[tauri::command(async)]
fn conceal(sheets: State<'_, Shown>, sheet: &str) -> Result<wire::SheetHead> {
    let sheet = digest(sheet)?;
    sheets.conceal();
    let made = sheets.find(&sheet).ok_or_else(error::sheet_gone)?;
    Ok(convert::sheet::head(&made, &sheet, None))
}

/// Rows of a document as bytes of JSON: a long list is dearer as a value than as text.
#[tauri::command(async)]
fn rows(
    sheets: State<'_, Shown>,
    sheet: &str,
    document: usize,
    from: usize,
    count: usize,
) -> Result<Response> {
    let made = sheets.read(&digest(sheet)?, |all| convert::rows(all, document, from, count.min(500)));
    Ok(Response::new(made.ok_or_else(error::sheet_gone)?))
}

#[tauri::command(async)]
fn shown(reviewer: Shared<'_>, proposal: &str, sheet: &str) -> Result<wire::Bar> {
    let proposal = digest(proposal)?;
    reviewer.shown(&proposal, &digest(sheet)?)?;
    Ok(convert::bar(reviewer.bar(&proposal)?))
}

#[tauri::command(async)]
fn hidden(reviewer: Shared<'_>, proposal: &str, sheet: &str) -> Result<()> {
    reviewer.hidden(&digest(proposal)?, &digest(sheet)?);
    Ok(())
}

#[tauri::command(async)]
fn seen(
    reviewer: Shared<'_>,
    proposal: &str,
    sheet: &str,
    ranges: Vec<wire::Seen>,
    findings: Vec<u32>,
) -> Result<wire::Bar> {
    let (proposal, sheet) = (digest(proposal)?, digest(sheet)?);
    for range in ranges {
        let rows = range.from as usize..range.to as usize;
        reviewer.seen(&proposal, &sheet, range.document as usize, &[rows])?;
    }
    let findings: Vec<usize> = findings.into_iter().map(|it| it as usize).collect();
    reviewer.seen_head(&proposal, &sheet, &findings)?;
    Ok(convert::bar(reviewer.bar(&proposal)?))
}

#[tauri::command(async)]
fn acknowledge(
    reviewer: Shared<'_>,
    proposal: &str,
    sheet: &str,
    finding: &str,
    reason: Option<wire::Reason>,
) -> Result<wire::Bar> {
    let (proposal, sheet) = (digest(proposal)?, digest(sheet)?);
    let finding = label(finding)?;
    reviewer.acknowledge(&proposal, &sheet, &finding, reason.map(convert::reason_given))?;
    Ok(convert::bar(reviewer.bar(&proposal)?))
}

#[tauri::command(async)]
fn bar(reviewer: Shared<'_>, proposal: &str) -> Result<wire::Bar> {
    Ok(convert::bar(reviewer.bar(&digest(proposal)?)?))
}

#[tauri::command(async)]
fn decide(reviewer: Shared<'_>, request: wire::Decide) -> Result<wire::Decided> {
    let answer = request.answer.clone();
    let signed = reviewer.decide(convert::decide(request, digest)?)?;
    Ok(convert::decided(signed, &answer))
}

#[tauri::command(async)]
fn withdraw(reviewer: Shared<'_>, proposal: &str) -> Result<wire::Decided> {
    Ok(convert::withdrawn(reviewer.withdraw(&digest(proposal)?)?))
}

#[tauri::command(async)]
fn resolve(reviewer: Shared<'_>, receipt: &str, ran: bool, comment: Option<String>) -> Result<wire::Decided> {
    let found = if ran { Found::Ran } else { Found::DidNotRun };
    Ok(convert::resolved(reviewer.resolve(&digest(receipt)?, found, comment)?))
}

#[tauri::command(async)]
fn lift(reviewer: Shared<'_>, halt: &str, passphrase: String) -> Result<wire::Decided> {
    Ok(convert::halts::lifted(reviewer.lift(&digest(halt)?, &Passphrase::new(passphrase))?))
}

#[tauri::command(async)]
fn unlock(reviewer: Shared<'_>, settings: State<'_, Settings>, passphrase: String) -> Result<wire::AppState> {
    reviewer.unlock(&Passphrase::new(passphrase))?;
    state(reviewer, settings)
}

#[tauri::command(async)]
fn lock(reviewer: Shared<'_>, settings: State<'_, Settings>) -> Result<wire::AppState> {
    reviewer.lock();
    state(reviewer, settings)
}

#[tauri::command(async)]
fn set_up<R: Runtime>(
    app: AppHandle<R>,
    reviewer: Shared<'_>,
    settings: State<'_, Settings>,
    request: wire::SetUp,
) -> Result<wire::AppState> {
    let made = reviewer.set_up(SetUp {
        person: label(&request.person)?,
        device: label(&request.device)?,
        passphrase: Passphrase::new(request.passphrase),
        understood: LossUnderstood::confirm(&request.understood)
            .map_err(countersign_reviewer::Error::from)?,
        place: Some(match request.place {
            wire::KeyPlace::Keyring => countersign_keys::Wanted::KeyringElseFile,
            wire::KeyPlace::File => countersign_keys::Wanted::File,
        }),
    })?;
    reviewer.save_backup(&made, &convert::backup_path(&app))?;
    state(reviewer, settings)
}

#[tauri::command(async)]
fn create_gate(
    reviewer: Shared<'_>,
    settings: State<'_, Settings>,
    passphrase: String,
) -> Result<wire::AppState> {
    reviewer.create_gate(&Passphrase::new(passphrase))?;
    state(reviewer, settings)
}

#[tauri::command(async)]
fn start_gate(reviewer: Shared<'_>, settings: State<'_, Settings>) -> Result<wire::AppState> {
    reviewer.start_gate()?;
    state(reviewer, settings)
}

#[tauri::command(async)]
fn change_passphrase(
    reviewer: Shared<'_>,
    settings: State<'_, Settings>,
    old: String,
    new: String,
) -> Result<wire::AppState> {
    reviewer.change_passphrase(&Passphrase::new(old), &Passphrase::new(new))?;
    state(reviewer, settings)
}

#[tauri::command(async)]
fn backup<R: Runtime>(
    app: AppHandle<R>,
    reviewer: Shared<'_>,
    passphrase: String,
) -> Result<wire::BackupSaved> {
    let made = reviewer.backup(&Passphrase::new(passphrase))?;
    let path = convert::backup_path(&app);
    reviewer.save_backup(&made, &path)?;
    Ok(wire::BackupSaved { path: path.display().to_string() })
}

#[tauri::command(async)]
fn restore(
    reviewer: Shared<'_>,
    settings: State<'_, Settings>,
    text: &str,
    passphrase: String,
    person: &str,
    device: &str,
) -> Result<wire::AppState> {
    reviewer.restore(text, &Passphrase::new(passphrase), label(person)?, label(device)?)?;
    state(reviewer, settings)
}

#[tauri::command(async)]
fn delete_key(reviewer: Shared<'_>, settings: State<'_, Settings>, words: &str) -> Result<wire::AppState> {
    reviewer.delete_key(LossUnderstood::confirm(words).map_err(countersign_reviewer::Error::from)?)?;
    state(reviewer, settings)
}
