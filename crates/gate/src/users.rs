//! Names of users, groups and this machine, for people. Nothing is decided by them.

use std::path::Path;

use countersign_core::name::Label;

/// The name of a user in `/etc/passwd`, else its number.
pub(crate) fn user(uid: u32) -> Label {
    named(Path::new("/etc/passwd"), uid).unwrap_or_else(|| numbered("user", uid))
}

/// The name of a group in `/etc/group`, else its number.
pub(crate) fn group(gid: u32) -> Label {
    named(Path::new("/etc/group"), gid).unwrap_or_else(|| numbered("group", gid))
}

/// The name of this machine.
pub(crate) fn host() -> Label {
    let uname = rustix::system::uname();
    uname.nodename().to_str().ok().and_then(|name| name.parse().ok()).unwrap_or_else(|| label("this machine"))
}

/// A text of ours that is a name.
pub(crate) fn label(text: &str) -> Label {
    let end = (0..=text.len().min(200)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    match text[..end].parse() {
        Ok(label) => label,
        // Only the empty text is left, which no caller gives.
        Err(_) => unnamed(),
    }
}

fn unnamed() -> Label {
    #[allow(clippy::unwrap_used, reason = "a constant of the right length")]
    "unnamed".parse().unwrap()
}

fn numbered(what: &str, number: u32) -> Label {
    label(&format!("{what} {number}"))
}

// Both files: name, password, number, and more.
fn named(file: &Path, number: u32) -> Option<Label> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.split(':').nth(2) == Some(number.to_string().as_str()))?;
    line.split(':').next()?.parse().ok()
}
