//! Commands about this machine: practising on it, and taking everything away from it.

use std::sync::Arc;
use std::time::Duration;

use countersign_sources::layout::Layout;
use tauri::{AppHandle, Manager as _, Runtime, State};

use super::{Result, Shared};
use crate::convert::machine as convert;
use crate::platform::Platform;
use crate::settings::Settings;
use crate::{error, thread, wire};

/// How long the page has to say what was removed, before the app ends.
const LAST_WORDS: Duration = Duration::from_secs(6);

#[tauri::command(async)]
pub(crate) fn practice(reviewer: Shared<'_>, what: wire::Practice) -> Result<String> {
    Ok(reviewer.practice(convert::practice(&what))?.to_string())
}

#[tauri::command(async)]
pub(crate) fn removal<R: Runtime>(app: AppHandle<R>, reviewer: Shared<'_>) -> Result<wire::Removal> {
    Ok(convert::removal(reviewer.removal(&kept_by_others(&app))?))
}

/// Removes everything; the app ends after it, for nothing works any more.
#[tauri::command(async)]
pub(crate) fn remove_all<R: Runtime>(
    app: AppHandle<R>,
    reviewer: Shared<'_>,
    settings: State<'_, Settings>,
    words: &str,
) -> Result<()> {
    settings.set_removed(true);
    let removed = reviewer.remove_all(words, &kept_by_others(&app));
    settings.set_removed(reviewer.is_removed());
    removed.map_err(|cause| if reviewer.is_removed() { error::left_over(&cause) } else { cause.into() })?;
    let ending = app.clone();
    let end = thread("end", move || {
        std::thread::sleep(LAST_WORDS);
        ending.exit(0);
    });
    if end.is_err() {
        app.exit(0);
    }
    Ok(())
}

/// What the web view wrote after everything was removed goes as well.
pub(crate) fn remove_what_came_back<R: Runtime>(app: &AppHandle<R>) {
    for path in kept_by_others(app) {
        let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir_all(&path));
    }
}

/// What the desktop and the web view keep for this app, outside of the folders of the app.
pub(super) fn kept_by_others<R: Runtime>(app: &AppHandle<R>) -> Vec<std::path::PathBuf> {
    let paths = app.path();
    let all =
        [paths.app_local_data_dir(), paths.app_data_dir(), paths.app_cache_dir(), paths.app_config_dir()];
    let mut all: Vec<_> = all.into_iter().flatten().collect();
    all.sort();
    all.dedup();
    all.extend(app.state::<Arc<dyn Platform>>().autostart_files());
    // A name that is ours already is listed as that.
    let ours = app.state::<Layout>().data().to_owned();
    all.retain(|path| !path.starts_with(&ours) && !ours.starts_with(path));
    all
}
