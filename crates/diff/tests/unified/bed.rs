//! Patches in the hands of git: a folder in no repository, and nobody's settings.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use countersign_diff::unified::{File, unified};

/// A folder that is gone afterwards.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("unified-{}-{count}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// Git with nobody's settings, and in no repository.
    pub(crate) fn git(&self, words: &[&str], input: &[u8]) -> Output {
        let mut git = Command::new("git")
            .args(words)
            .current_dir(&self.0)
            .env("GIT_CEILING_DIRECTORIES", self.0.parent().unwrap())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        git.stdin.take().unwrap().write_all(input).unwrap();
        git.wait_with_output().unwrap()
    }

    pub(crate) fn put(&self, name: &str, file: File<'_>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, file.bytes).unwrap();
        let mode = if file.executable { 0o755 } else { 0o644 };
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn found(&self, name: &str) -> Option<(Vec<u8>, bool)> {
        let path = self.0.join(name);
        let bytes = fs::read(&path).ok()?;
        Some((bytes, fs::metadata(&path).unwrap().permissions().mode() & 0o100 != 0))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn text(bytes: &[u8]) -> Option<File<'_>> {
    Some(File { bytes, executable: false })
}

pub(crate) fn program(bytes: &[u8]) -> Option<File<'_>> {
    Some(File { bytes, executable: true })
}

/// Git makes `after` of `before` by our patch, and `before` of `after` when it goes back.
pub(crate) fn applies(name: &str, before: Option<File<'_>>, after: Option<File<'_>>) {
    let patch = unified(name.as_bytes(), before, after).unwrap();
    if before == after {
        assert!(patch.is_empty());
        return;
    }
    let kept = |side: Option<File<'_>>| side.map(|file| (file.bytes.to_vec(), file.executable));
    for (words, from, to) in [([].as_slice(), before, after), (["--reverse"].as_slice(), after, before)] {
        let folder = Folder::new();
        if let Some(file) = from {
            folder.put(name, file);
        }
        let said = folder.git(&[&["apply"], words].concat(), &patch);
        let patch = String::from_utf8_lossy(&patch);
        assert!(said.status.success(), "{said:?}\n{patch}");
        let (mut found, mut expected) = (folder.found(name), kept(to));
        if from.is_none() && !words.is_empty() {
            // Git forgets the mode of what it brings back, also by its own patches.
            for (_, executable) in [&mut found, &mut expected].into_iter().flatten() {
                *executable = false;
            }
        }
        assert_eq!(found, expected, "{name:?} {words:?} {said:?}\n{patch}");
        let left = fs::read_dir(&folder.0).unwrap().count();
        assert_eq!(left, usize::from(to.is_some()), "{name:?}");
    }
}
