//! The few things that the window remembers of itself. None of them weakens a check.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::wire::Theme;

/// Settings and the file that they are in.
pub(crate) struct Settings {
    path: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    theme: Option<Theme>,
}

impl Settings {
    /// Reads the file; what is missing or unreadable is as at the first start.
    pub(crate) fn load(path: PathBuf) -> Self {
        let read = std::fs::read(&path).ok();
        let kept = read.and_then(|bytes| countersign_core::json::from_bytes(&bytes).ok()).unwrap_or_default();
        Self { path, kept: Mutex::new(kept) }
    }

    pub(crate) fn theme(&self) -> Theme {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).theme.clone().unwrap_or(Theme::System)
    }

    /// Remembers the theme, and says so only when it is on the disk.
    pub(crate) fn set_theme(&self, theme: Theme) -> std::io::Result<()> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.theme = (theme != Theme::System).then_some(theme);
        std::fs::write(&self.path, countersign_core::json::to_bytes(&*kept))
    }
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
