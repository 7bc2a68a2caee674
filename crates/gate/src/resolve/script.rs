//! What is known of interpreters: the `#!` line, and which file a command line has them read.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use countersign_core::action::{Assurance, Fact, Precondition};
use countersign_core::ostext::OsText;

use crate::paths::{self, Spot};

/// The interpreter and the one argument of a `#!` line, as Linux splits it.
pub(super) fn interpreter(line: &[u8]) -> Option<(PathBuf, Option<Vec<u8>>)> {
    let line = line.trim_ascii();
    let end = line.iter().position(|b| matches!(b, b' ' | b'\t')).unwrap_or(line.len());
    let path = PathBuf::from(OsStr::from_bytes(&line[..end]));
    let argument = line[end..].trim_ascii();
    path.is_absolute().then(|| (path, (!argument.is_empty()).then(|| argument.to_vec())))
}

/// Programs whose first argument that is no option is a file that they run.
fn interprets(executable: &OsText) -> bool {
    let path = paths::path(executable);
    let name = path.file_name().map(OsStrExt::as_bytes).unwrap_or_default();
    let known: [&[u8]; 5] = [b"sh", b"bash", b"dash", b"zsh", b"node"];
    let versioned: [&[u8]; 3] = [b"python", b"perl", b"ruby"];
    let version = |rest: &[u8]| rest.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    known.contains(&name) || versioned.iter().any(|it| name.strip_prefix(*it).is_some_and(version))
}

/// That the script which a command line names still has its bytes, when `executable` is known to run one.
pub(super) fn read_by(executable: &OsText, arguments: &[OsText], cwd: &Path) -> Option<Precondition> {
    if !interprets(executable) {
        return None;
    }
    let first = arguments.iter().find(|it| !it.as_bytes().starts_with(b"-"))?;
    let real = std::fs::canonicalize(cwd.join(paths::path(first))).ok()?;
    let held = Spot::of(&real).ok()?.hold().ok()?;
    let fact = Fact::File { path: paths::text(&real), sha256: held.sha256, mode: None };
    Some(Precondition { assurance: Assurance::Checked, fact })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_first_line_is_split_as_linux_does() {
        let split =
            |line: &[u8]| interpreter(line).map(|(path, rest)| (path.to_str().unwrap().to_owned(), rest));
        assert_eq!(split(b"/bin/sh"), Some(("/bin/sh".to_owned(), None)));
        assert_eq!(
            split(b" /usr/bin/env\tpython3 -u "),
            Some(("/usr/bin/env".to_owned(), Some(b"python3 -u".to_vec())))
        );
        assert_eq!(split(b"python3"), None);
        assert_eq!(split(b""), None);
    }

    #[test]
    fn versions_of_interpreters_are_known_and_others_are_not() {
        for name in ["/bin/sh", "/usr/bin/python3.11", "/usr/bin/perl", "/usr/bin/ruby3.1", "/usr/bin/node"] {
            assert!(interprets(&name.into()), "{name}");
        }
        for name in ["/usr/bin/python3-config", "/bin/shutdown", "/usr/bin/nodejs-thing"] {
            assert!(!interprets(&name.into()), "{name}");
        }
    }
}
