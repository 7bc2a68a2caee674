//! The file that a tool would write: where it really is, and what is in it.

use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use crate::paths::Spot;

/// As much as a proposal can carry before and after.
const MAX_FILE: u64 = 32 * 1024 * 1024;

/// A place for a file, and what is there.
#[derive(Debug)]
pub(super) struct Place {
    /// The real path: no component of it is a symbolic link.
    pub(super) path: PathBuf,
    /// Bytes and permission bits, when there is a file.
    pub(super) before: Option<(Vec<u8>, u32)>,
}

/// Looks at the file that the tools mean by `named`.
pub(super) fn look(named: &str) -> Result<Place, String> {
    let path = settle(plain(named)?)?;
    let read = Spot::of(&path).and_then(|spot| match spot.stat()? {
        None => Ok(None),
        Some(_) => spot.read(MAX_FILE).map(|(held, bytes)| Some((bytes, held.mode()))),
    });
    match read {
        Ok(before) => Ok(Place { path, before }),
        // The folder is not there either; the tool makes it.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Place { path, before: None }),
        Err(error) => Err(format!("{named}: {error}")),
    }
}

/// An absolute path in its one plain spelling; the tools would read other spellings in ways of their own.
fn plain(named: &str) -> Result<&Path, String> {
    let path = Path::new(named);
    let again: PathBuf = path.components().collect();
    let plain = path.is_absolute()
        && named.trim() == named
        && !named.contains('\0')
        && again.as_os_str().as_bytes() == named.as_bytes()
        && path.components().skip(1).all(|it| matches!(it, Component::Normal(_)))
        && path.file_name().is_some();
    if plain {
        Ok(path)
    } else {
        Err(format!("{named:?} is not a plain absolute path of a file; name it by one"))
    }
}

/// The real path: the part that exists, resolved, and the rest as it would be made.
fn settle(path: &Path) -> Result<PathBuf, String> {
    let about = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let mut rest = vec![];
    let mut folder = path;
    while let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) {
        rest.push(name);
        folder = parent;
        match folder.symlink_metadata() {
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(about(folder, error)),
        }
    }
    // A link that leads nowhere is there, and cannot be resolved.
    let mut real = folder.canonicalize().map_err(|error| about(folder, error))?;
    real.extend(rest.into_iter().rev());
    Ok(real)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_plain_absolute_paths_are_looked_at() {
        for named in
            ["", "a", "./a", "~/a", "/", "/a/", "/a/../b", "/a/./b", "//a", " /a", "/a ", "/a\0b", "/a//b"]
        {
            assert!(look(named).unwrap_err().contains("plain absolute path"), "{named:?}");
        }
    }

    #[test]
    fn links_in_the_way_are_resolved_and_links_at_the_end_refused() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap();
        let at = |name: &str| real.join(name).to_str().unwrap().to_owned();
        fs::create_dir(at("d")).unwrap();
        fs::write(at("d/file"), "text").unwrap();
        symlink("d", at("to-d")).unwrap();
        symlink("d/file", at("to-file")).unwrap();
        symlink("nowhere", at("to-nothing")).unwrap();

        let place = look(&at("to-d/file")).unwrap();
        assert_eq!(place.path, real.join("d/file"));
        assert_eq!(place.before.unwrap().0, b"text");
        let place = look(&at("to-d/new/deeper/file")).unwrap();
        assert_eq!((place.path, place.before), (real.join("d/new/deeper/file"), None));
        assert!(look(&at("to-file")).unwrap_err().contains("symbolic link"));
        assert!(look(&at("to-nothing")).unwrap_err().contains("symbolic link"));
        assert!(look(&at("to-nothing/file")).is_err());
        assert!(look(&at("d/file/below")).is_err());
        assert!(look(&at("d")).unwrap_err().contains("not a regular file"));
    }
}
