//! A folder with an old and a new file, and the program that compares them.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Bed(TempDir);

impl Bed {
    pub(crate) fn new() -> Bed {
        Bed(tempfile::tempdir().unwrap())
    }

    pub(crate) fn with(old: impl AsRef<[u8]>, new: impl AsRef<[u8]>) -> Bed {
        let bed = Bed::new();
        bed.put("old", old.as_ref());
        bed.put("new", new.as_ref());
        bed
    }

    pub(crate) fn path(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.0.path().join(name.as_ref())
    }

    pub(crate) fn put(&self, name: impl AsRef<OsStr>, bytes: &[u8]) {
        let path = self.path(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self.mode(name, 0o644);
    }

    pub(crate) fn mode(&self, name: impl AsRef<OsStr>, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn command(&self, words: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.arg("diff").args(words).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    pub(crate) fn diff(&self, words: &[impl AsRef<OsStr>]) -> Output {
        self.command(words).output().unwrap()
    }

    pub(crate) fn json(&self, words: &[&str], status: i32) -> Value {
        let said = self.diff(&[&["--json"], words].concat());
        assert_eq!(said.status.code(), Some(status), "{said:?}");
        let mut value: Value = serde_json::from_slice(&said.stdout).unwrap();
        for side in ["before", "after"] {
            // Their digests are the ones that coreutils finds.
            let name = value[side]["path"].as_str().unwrap_or_default().to_owned();
            if let Some(digest) = value[side].get_mut("file").and_then(|file| file.get_mut("sha256")) {
                let sum = Command::new("sha256sum").arg(self.path(&name)).output().unwrap();
                assert!(sum.stdout.starts_with(digest.as_str().unwrap().as_bytes()), "{sum:?}");
                *digest = format!("SHA-256 of {name}").into();
            }
        }
        value
    }

    /// Git with nobody's settings, and in no repository.
    pub(crate) fn apply(&self, patch: &[u8]) -> Output {
        let mut git = Command::new("git")
            .arg("apply")
            .current_dir(self.0.path())
            .env("GIT_CEILING_DIRECTORIES", self.0.path().parent().unwrap())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        git.stdin.take().unwrap().write_all(patch).unwrap();
        git.wait_with_output().unwrap()
    }
}
