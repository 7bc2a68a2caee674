//! Commands for what the desktop offers and what a person set.

use std::sync::Arc;
use std::time::Duration;

use countersign_reviewer::{Comparer, found};
use countersign_sources::layout::Layout;
use tauri::{AppHandle, Manager as _, Runtime, State};

use super::Result;
use crate::notify::Notifier;
use crate::page::{self, Page};
use crate::platform::Platform;
use crate::settings::Settings;
use crate::tray::Tray;
use crate::{error, settings, wire};

/// How long a person waits for the daemon to take a notification.
const PATIENCE: Duration = Duration::from_secs(4);

#[tauri::command(async)]
pub(super) fn preferences(
    settings: State<'_, Settings>,
    platform: State<'_, Arc<dyn Platform>>,
) -> Result<wire::Preferences> {
    // Where the desktop was told otherwise, that counts.
    let kept = settings.preferences();
    Ok(wire::Preferences { autostart: kept.autostart && platform.autostart(), ..kept })
}

#[tauri::command(async)]
pub(super) fn set_preferences<R: Runtime>(
    app: AppHandle<R>,
    settings: State<'_, Settings>,
    platform: State<'_, Arc<dyn Platform>>,
    preferences: wire::Preferences,
) -> Result<wire::Preferences> {
    if let Some(why) = settings::wrong(&preferences) {
        return Err(error::input(why));
    }
    if settings.is_removed() {
        return Err(error::input("Everything was removed, and the settings with it."));
    }
    let before = settings.preferences();
    if preferences.close_to_tray
        && !before.close_to_tray
        && let Some(why) = app.state::<Tray>().missing()
    {
        return Err(error::not_offered("The app cannot stay in the tray.", why));
    }
    platform
        .set_autostart(preferences.autostart)
        .map_err(|cause| error::not_offered("The app cannot start with the session.", cause))?;
    if let Err(cause) = settings.set(preferences.clone()) {
        let _ = platform.set_autostart(before.autostart && !settings.is_removed());
        return Err(error::settings(&cause));
    }
    for window in app.webview_windows().values() {
        let _ = window.set_theme(preferences.theme.clone().into());
    }
    app.state::<Notifier>().look();
    page::tell(&app, &wire::AppEvent::Preferences);
    self::preferences(settings, platform)
}

#[tauri::command(async)]
pub(super) fn desktop<R: Runtime>(
    app: AppHandle<R>,
    tray: State<'_, Tray>,
    platform: State<'_, Arc<dyn Platform>>,
    layout: State<'_, Layout>,
) -> Result<wire::Desktop> {
    let mut folders = vec![layout.data().to_owned(), layout.state().to_owned(), layout.sockets()];
    folders.extend(super::machine::kept_by_others(&app));
    folders.retain(|folder| folder.exists());
    Ok(wire::Desktop {
        no_tray: tray.missing(),
        no_notifications: platform.no_notifications(),
        no_lock_signals: platform.no_lock_signals(),
        no_autostart: platform.no_autostart(),
        comparers: here(platform.comparers()),
        folders: folders.iter().map(|it| it.display().to_string()).collect(),
    })
}

/// Those that are on the path now.
fn here(all: &[Comparer]) -> Vec<wire::Comparer> {
    let path = std::env::var("PATH").unwrap_or_default();
    let there = all.iter().filter(|it| found(it.program, &path).is_some());
    there.map(|it| wire::Comparer { id: it.id.to_owned(), name: it.name.to_owned() }).collect()
}

/// The page listens now: what it is to show first.
#[tauri::command(async)]
pub(super) fn wanted(page: State<'_, Page>) -> Result<Option<wire::AppEvent>> {
    Ok(page.listens())
}

#[tauri::command(async)]
pub(super) fn try_notification(notifier: State<'_, Notifier>) -> Result<wire::Decided> {
    let answer = notifier.try_to_say(
        "This is how Countersign reaches you",
        "A proposal looks like this: it says who and what kind of thing, never what exactly.",
    );
    let refused = |why: String| error::not_offered("No notification was shown.", why);
    match answer.recv_timeout(PATIENCE) {
        Ok(Ok(())) => Ok(wire::Decided {
            digest: String::new(),
            title: "Sent.".to_owned(),
            hint: "The notification daemon took it. If you see nothing, the desktop hides it.".to_owned(),
        }),
        Ok(Err(why)) => Err(refused(why)),
        Err(_) => Err(refused("The notification daemon does not answer.".to_owned())),
    }
}
