//! What a person set, and the file that it is in. None of it weakens a check.
//!
//! The file is written whole or not at all. One that cannot be understood is
//! put aside under another name, never written over, and the usual settings
//! apply until a person sets others.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::wire::{NotifyLevel, Preferences, Quiet, Theme};

/// More keys than the page has commands, and more letters than the name of one has.
const MOST_KEYS: usize = 200;
const MOST_LETTERS: usize = 64;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Settings and the file that they are in.
pub(crate) struct Settings {
    path: PathBuf,
    kept: Mutex<Kept>,
    // Where a file that could not be understood is now.
    aside: Option<PathBuf>,
    // Such a file is still in its place, so nothing may be written over it.
    stuck: bool,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Kept {
    theme: Theme,
    notify: NotifyLevel,
    notify_names: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet: Option<Quiet>,
    close_to_tray: bool,
    autostart: bool,
    start_gate: bool,
    single_keys: bool,
    sideways: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    compare_with: String,
    keys: BTreeMap<String, String>,
    // A person was told once where the window goes when it is closed.
    told_of_tray: bool,
    // With everything else the file was removed: it stays away.
    #[serde(skip)]
    removed: bool,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            notify: NotifyLevel::Everything,
            notify_names: true,
            quiet: None,
            close_to_tray: false,
            autostart: false,
            start_gate: true,
            single_keys: true,
            sideways: false,
            compare_with: String::new(),
            keys: BTreeMap::new(),
            told_of_tray: false,
            removed: false,
        }
    }
}

impl Settings {
    /// Reads the file; what is missing is as at the first start.
    pub(crate) fn load(path: PathBuf) -> Self {
        let read = match fs::read(&path) {
            Ok(bytes) => countersign_core::json::from_bytes::<Kept>(&bytes).map_err(io::Error::other),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Kept::default()),
            Err(cause) => Err(cause),
        };
        let read = read.and_then(|kept| match wrong(&kept.preferences()) {
            Some(why) => Err(io::Error::other(why)),
            None => Ok(kept),
        });
        let (kept, aside, stuck) = match read {
            Ok(kept) => (kept, None, false),
            Err(cause) => {
                tracing::warn!(%cause, "the settings cannot be read; the usual ones apply");
                let moved = put_aside(&path);
                let stuck = moved.is_err();
                (Kept::default(), moved.ok(), stuck)
            }
        };
        Self { path, kept: Mutex::new(kept), aside, stuck }
    }

    /// Where a file that could not be understood was put.
    pub(crate) fn aside(&self) -> Option<&Path> {
        self.aside.as_deref()
    }

    pub(crate) fn theme(&self) -> Theme {
        self.kept().theme.clone()
    }

    pub(crate) fn preferences(&self) -> Preferences {
        self.kept().preferences()
    }

    /// Remembers them, and says so only when they are on the disk.
    pub(crate) fn set(&self, wanted: Preferences) -> io::Result<()> {
        self.change(|kept| Kept::from(wanted, kept.told_of_tray))
    }

    /// Whether this is the first time; it never is again.
    pub(crate) fn first_time_in_the_tray(&self) -> bool {
        let kept = self.kept().clone();
        if kept.told_of_tray || kept.removed {
            return false;
        }
        let mut first = true;
        let told = self.change(|kept| {
            first = !kept.told_of_tray;
            Kept { told_of_tray: true, ..kept.clone() }
        });
        if let Err(cause) = told {
            tracing::warn!(%cause, "it is not remembered that the tray was explained");
        }
        first
    }

    /// While everything is being removed, and after it, nothing is written: a file would bring its folder back.
    pub(crate) fn set_removed(&self, removed: bool) {
        self.kept().removed = removed;
    }

    /// Whether nothing is written any more.
    pub(crate) fn is_removed(&self) -> bool {
        self.kept().removed
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One change at a time, from what is kept to what is on the disk: none of two is lost.
    fn change(&self, to: impl FnOnce(&Kept) -> Kept) -> io::Result<()> {
        if self.stuck {
            let why = "the settings that are there cannot be read, and were not written over";
            return Err(io::Error::other(why));
        }
        let mut kept = self.kept();
        if kept.removed {
            return Err(io::Error::other("everything was removed, and the settings with it"));
        }
        let wanted = to(&kept);
        write_whole(&self.path, &countersign_core::json::to_bytes(&wanted))?;
        *kept = wanted;
        Ok(())
    }
}

impl Kept {
    fn from(wanted: Preferences, told_of_tray: bool) -> Self {
        Self {
            theme: wanted.theme,
            notify: wanted.notify,
            notify_names: wanted.notify_names,
            quiet: wanted.quiet,
            close_to_tray: wanted.close_to_tray,
            autostart: wanted.autostart,
            start_gate: wanted.start_gate,
            single_keys: wanted.single_keys,
            sideways: wanted.sideways,
            compare_with: wanted.compare_with,
            keys: wanted.keys,
            told_of_tray,
            removed: false,
        }
    }

    fn preferences(&self) -> Preferences {
        let it = self.clone();
        Preferences {
            theme: it.theme,
            notify: it.notify,
            notify_names: it.notify_names,
            quiet: it.quiet,
            close_to_tray: it.close_to_tray,
            autostart: it.autostart,
            start_gate: it.start_gate,
            single_keys: it.single_keys,
            sideways: it.sideways,
            compare_with: it.compare_with,
            keys: it.keys,
        }
    }
}

/// What is wrong with them, in a sentence for people.
pub(crate) fn wrong(wanted: &Preferences) -> Option<&'static str> {
    let long = |text: &String| text.chars().count() > MOST_LETTERS;
    if wanted.quiet.as_ref().is_some_and(|it| it.from >= DAY || it.to >= DAY || it.from == it.to) {
        return Some("Quiet hours begin and end at two different times of the day.");
    }
    if wanted.keys.len() > MOST_KEYS || wanted.keys.iter().any(|(name, key)| long(name) || long(key)) {
        return Some("There are more keys, or longer ones, than there are commands.");
    }
    if long(&wanted.compare_with) {
        return Some("There is no program for comparing of that name.");
    }
    None
}

/// Moves it to a name that nothing has.
fn put_aside(path: &Path) -> io::Result<PathBuf> {
    let at = |number: u32| path.with_extension(format!("unreadable-{number}.json"));
    let free = (1..1000).map(at).find(|it| fs::symlink_metadata(it).is_err());
    let free = free.ok_or_else(|| io::Error::other("a thousand of them lie there already"))?;
    fs::rename(path, &free)?;
    Ok(free)
}

/// After a crash there is the old file or the new one.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let temporary = path.with_extension("json.new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    File::open(folder)?.sync_all()
}

impl From<Theme> for Option<tauri::Theme> {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::System => None,
            Theme::Light => Some(tauri::Theme::Light),
            Theme::Dark => Some(tauri::Theme::Dark),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn dark() -> Preferences {
        let quiet = Some(Quiet { from: 22 * 60, to: 7 * 60 });
        Preferences { theme: Theme::Dark, quiet, close_to_tray: true, ..Kept::default().preferences() }
    }

    #[test]
    fn what_was_set_is_there_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app/settings.json");
        assert_eq!(Settings::load(path.clone()).preferences(), Kept::default().preferences());
        Settings::load(path.clone()).set(dark()).unwrap();
        assert_eq!(Settings::load(path.clone()).preferences(), dark());
        // One more thing that is remembered does not touch the rest.
        assert!(Settings::load(path.clone()).first_time_in_the_tray());
        assert!(!Settings::load(path.clone()).first_time_in_the_tray());
        assert_eq!(Settings::load(path).preferences(), dark());
    }

    #[test]
    fn a_file_of_an_older_version_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        fs::write(&path, "{\"theme\":\"dark\"}").unwrap();
        let settings = Settings::load(path);
        assert_eq!((settings.theme(), settings.aside()), (Theme::Dark, None));
    }

    #[test]
    fn what_cannot_be_understood_is_put_aside_and_kept() {
        let broken =
            ["", "{", "{\"theme\":\"dark\",\"later\":1}", "{\"quiet\":{\"from\":9999,\"to\":1}}", "\u{0}"];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        for text in broken {
            fs::write(&path, text).unwrap();
            let settings = Settings::load(path.clone());
            assert_eq!(settings.preferences(), Kept::default().preferences(), "{text}");
            settings.set(dark()).unwrap();
            assert_eq!(fs::read_to_string(settings.aside().unwrap()).unwrap(), text);
        }
        let there = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(there, broken.len() + 1, "none of them replaced another");
    }

    #[test]
    fn what_cannot_be_put_aside_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        // A folder in the place of the file can be moved; a path below a file cannot be anything.
        fs::write(folder.path().join("file"), "").unwrap();
        let below = Settings::load(folder.path().join("file/settings.json"));
        assert!(below.stuck);
        assert!(below.set(dark()).is_err());
        assert_eq!(below.preferences(), Kept::default().preferences(), "what was not kept does not count");
        fs::create_dir(&path).unwrap();
        let settings = Settings::load(path);
        assert!(settings.aside().unwrap().is_dir());
    }

    #[test]
    fn after_everything_was_removed_no_file_brings_the_folder_back() {
        let folder = tempfile::tempdir().unwrap();
        let app = folder.path().join("app");
        let settings = Settings::load(app.join("settings.json"));
        settings.set(Preferences { theme: Theme::Light, ..dark() }).unwrap();
        fs::remove_dir_all(&app).unwrap();
        settings.set_removed(true);
        assert!(settings.set(dark()).is_err());
        assert_eq!(settings.theme(), Theme::Light, "what was not kept does not count");
        assert!(!settings.first_time_in_the_tray(), "there is no tray to be told of");
        assert!(!app.exists());
        // It did not come to that.
        settings.set_removed(false);
        settings.set(dark()).unwrap();
        assert!(app.exists());
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        let quiet = |from, to| Preferences { quiet: Some(Quiet { from, to }), ..dark() };
        assert_eq!(wrong(&dark()), None);
        assert!(wrong(&quiet(DAY, 1)).is_some() && wrong(&quiet(1, DAY)).is_some());
        assert!(wrong(&quiet(60, 60)).is_some());
        let keys = |name: String| Preferences { keys: [(name, "a".to_owned())].into(), ..dark() };
        assert!(wrong(&keys("x".repeat(65))).is_some());
        assert_eq!(wrong(&keys("x".repeat(64))), None);
    }
}
