//! Where the checkout is, where things are built, and which programs come first.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub(crate) struct House {
    pub(crate) root: PathBuf,
    /// Cargo's, so that everything made goes with `cargo clean`.
    pub(crate) target: PathBuf,
    /// Folders searched for programs before those of the machine.
    first: Vec<PathBuf>,
}

impl House {
    pub(crate) fn here() -> House {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        House { root, target, first: Vec::new() }
    }

    pub(crate) fn search_first(&mut self, folder: PathBuf) {
        self.first.push(folder);
    }

    /// The value for `PATH`, or nothing where the machine's own will do.
    pub(crate) fn path(&self) -> Option<OsString> {
        if self.first.is_empty() {
            return None;
        }
        let machine = env::var_os("PATH").unwrap_or_default();
        env::join_paths(self.first.iter().cloned().chain(env::split_paths(&machine))).ok()
    }

    /// Where cargo puts the programs it builds.
    pub(crate) fn built(&self, name: &str, release: bool) -> PathBuf {
        self.target.join(if release { "release" } else { "debug" }).join(name)
    }
}

/// The file that `name` would start, if there is one on the machine's `PATH`.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
