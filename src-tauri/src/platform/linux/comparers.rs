//! Programs that show two texts beside each other, and what of our surroundings such a program needs.

use std::ffi::OsString;

use countersign_reviewer::Comparer;

const fn plain(id: &'static str, name: &'static str, arguments: &'static [&'static str]) -> Comparer {
    Comparer { id, name, program: id, arguments }
}

/// Each is told to stay until its window is closed. A foreign text may hold settings for an editor: vim is told to
/// read none of them, at each text, whatever its own settings say.
const VIM: &[&str] =
    &["--nofork", "-R", "-n", "--cmd", "autocmd BufReadPre,StdinReadPre * setlocal nomodeline", "-d", "--"];

pub(super) const ALL: &[Comparer] = &[
    plain("meld", "Meld", &[]),
    plain("kdiff3", "KDiff3", &[]),
    plain("kompare", "Kompare", &[]),
    plain("diffuse", "Diffuse", &[]),
    plain("xxdiff", "xxdiff", &[]),
    plain("tkdiff", "TkDiff", &[]),
    plain("bcompare", "Beyond Compare", &["-solo", "-ro"]),
    plain("code", "Visual Studio Code", &["--wait", "--new-window", "--diff"]),
    plain("codium", "VSCodium", &["--wait", "--new-window", "--diff"]),
    plain("gvim", "gvim", VIM),
];

/// What a program with a window needs. Tokens, agents and whatever else lies in the environment stay here.
const NEEDED: &[&str] = &[
    "DBUS_SESSION_BUS_ADDRESS",
    "DESKTOP_SESSION",
    "DISPLAY",
    "GDK_SCALE",
    "HOME",
    "LANG",
    "LANGUAGE",
    "LOGNAME",
    "PATH",
    "QT_SCALE_FACTOR",
    "SHELL",
    "TZ",
    "USER",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
    "XDG_CURRENT_DESKTOP",
    "XDG_DATA_DIRS",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_SESSION_TYPE",
    "XDG_STATE_HOME",
];

pub(super) fn surroundings() -> Vec<(OsString, OsString)> {
    let needed =
        |name: &OsString| name.to_str().is_some_and(|name| NEEDED.contains(&name) || name.starts_with("LC_"));
    std::env::vars_os().filter(|(name, _)| needed(name)).collect()
}
