//! Both sides of a change as files, for a program by which a person compares texts.
//!
//! Promises: exact bytes, in a fresh folder that nobody else can read, under names that mean nothing to a program;
//! the program is started without a shell and gets nothing of our surroundings but what is named; what was written
//! is removed when it ends, when four others were opened since, when the app ends, and at the next start.
//!
//! Left to others: which programs there are, and what of the surroundings they need. Nothing that happens to the
//! files has an effect: what is signed was never in them.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// The longest content that is written: 64 MiB.
pub(crate) const MOST: u64 = 64 * 1024 * 1024;

/// The most folders of copies at a time: each can hold 128 MiB, and some programs never end.
const FOLDERS: usize = 4;

/// Letters of a file's own name that its copies keep.
const LETTERS: usize = 80;

/// Both sides of a document; one that does not exist is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Both {
    /// The name of what would change, as it is called elsewhere.
    pub name: Vec<u8>,
    /// What is there now.
    pub before: Option<Vec<u8>>,
    /// What would be.
    pub after: Option<Vec<u8>>,
}

/// A program by which texts are compared, and what it is told before the two files.
#[derive(Debug, Clone, Copy)]
pub struct Comparer {
    /// What it is called in settings.
    pub id: &'static str,
    /// What it is called by people.
    pub name: &'static str,
    /// What is looked for on the path.
    pub program: &'static str,
    /// Arguments before the files. It must not go on by itself in the background.
    pub arguments: &'static [&'static str],
}

/// Why nothing was opened.
#[derive(Debug, thiserror::Error)]
pub enum NotCompared {
    /// The program is not where it was.
    #[error("{0} is not there")]
    Missing(&'static str),
    /// It did not start.
    #[error("{0} did not start: {1}")]
    Failed(&'static str, io::Error),
    /// The copies could not be written.
    #[error("the copies could not be written: {0}")]
    NotWritten(io::Error),
}

/// The folder in which copies are, as long as they are needed.
#[derive(Debug, Clone)]
pub struct Copies {
    root: PathBuf,
    // The folders that were made, the oldest first; those of programs that ended may be among them.
    folders: Arc<Mutex<VecDeque<PathBuf>>>,
}

impl Copies {
    /// Copies are below `root`, which is theirs alone.
    pub fn below(root: PathBuf) -> Self {
        Self { root, folders: Arc::default() }
    }

    /// Removes all copies, also those of an app that ended without doing so.
    pub fn clear(&self) {
        // What a link leads to is not ours; the link goes.
        if fs::symlink_metadata(&self.root).is_ok_and(|it| it.is_symlink()) {
            let _ = fs::remove_file(&self.root);
        }
        let _ = fs::remove_dir_all(&self.root);
    }

    /// Writes both sides and starts `with`, found on `path`, with these `surroundings` and no others.
    ///
    /// # Errors
    ///
    /// Why it did not start; then no copy is left.
    pub fn open(
        &self,
        both: &Both,
        with: &Comparer,
        path: &str,
        surroundings: Vec<(OsString, OsString)>,
    ) -> Result<(), NotCompared> {
        let program = found(with.program, path).ok_or(NotCompared::Missing(with.name))?;
        let folder = self.fresh().map_err(NotCompared::NotWritten)?;
        let done = write(&folder, both).map_err(NotCompared::NotWritten).and_then(|files| {
            let mut command = Command::new(&program);
            command.args(with.arguments).args(files).env_clear().envs(surroundings).current_dir("/");
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
            command.spawn().map_err(|cause| NotCompared::Failed(with.name, cause))
        });
        let mut child = match done {
            Ok(child) => child,
            Err(error) => {
                let _ = fs::remove_dir_all(&folder);
                return Err(error);
            }
        };
        let wait = move || {
            let ended = child.wait();
            tracing::info!(ok = ended.is_ok_and(|it| it.success()), "a program for comparing ended");
            let _ = fs::remove_dir_all(&folder);
        };
        // Without the thread they stay until the app ends.
        if let Err(cause) = std::thread::Builder::new().name("comparing".to_owned()).spawn(wait) {
            tracing::warn!(%cause, "nobody waits for a program for comparing");
        }
        Ok(())
    }

    /// A folder that was not there before. Where there are too many the oldest goes, whoever still has it open.
    fn fresh(&self) -> io::Result<PathBuf> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.retain(|it| it.exists());
        while folders.len() >= FOLDERS {
            let _ = folders.pop_front().map(fs::remove_dir_all);
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&self.root)?;
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(io::Error::other)?;
        let folder = self.root.join(format!("{:016x}", u64::from_be_bytes(name)));
        DirBuilder::new().mode(0o700).create(&folder)?;
        folders.push_back(folder.clone());
        Ok(folder)
    }
}

/// The first file of that name on `path` that can be run. Only absolute folders count.
#[must_use]
pub fn found(program: &str, path: &str) -> Option<PathBuf> {
    let can = |it: &PathBuf| {
        rustix::fs::access(it, rustix::fs::Access::EXEC_OK).is_ok()
            && fs::metadata(it).is_ok_and(|it| it.is_file())
    };
    path.split(':').filter(|it| it.starts_with('/')).map(|it| Path::new(it).join(program)).find(can)
}

fn write(folder: &Path, both: &Both) -> io::Result<[PathBuf; 2]> {
    let base = base(&both.name);
    let one = |side: &str, bytes: &Option<Vec<u8>>| {
        let path = folder.join(format!("{side}-{base}"));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o400).open(&path)?;
        file.write_all(bytes.as_deref().unwrap_or_default())?;
        Ok::<_, io::Error>(path)
    };
    Ok([one("before", &both.before)?, one("after", &both.after)?])
}

/// The end of a name without anything that a program could take for something: `a b/ü.rs` is `__.rs`.
fn base(name: &[u8]) -> String {
    let last = name.rsplit(|byte| *byte == b'/').find(|it| !it.is_empty()).unwrap_or_default();
    let plain = |ch: char| if ch.is_ascii_alphanumeric() || "._-".contains(ch) { ch } else { '_' };
    let plain: String = String::from_utf8_lossy(last).chars().map(plain).collect();
    plain[plain.len().saturating_sub(LETTERS)..].to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::os::unix::fs::PermissionsExt as _;
    use std::time::{Duration, Instant};

    use super::*;

    const WITH: Comparer =
        Comparer { id: "own", name: "Own", program: "compare-own", arguments: &["--first", "a b;$(c)"] };

    fn both(name: &str) -> Both {
        Both { name: name.into(), before: Some(b"a\xff\0\n".to_vec()), after: None }
    }

    /// A program that writes down what it was given, and ends when it may.
    fn own(folder: &Path) {
        let script = format!(
            "#!/bin/sh\ncd {0}\nfor it; do echo \"$it\"; done >argv\nenv >env\nls -ld \"$3\" \"$4\" >modes\nls -ld \
             \"${{3%/*}}\" >>modes\ncat \"$3\" >before\ncat \"$4\" >after\nmv argv ready\nwhile [ ! -e end ]; do sleep \
             0.02; done\n",
            folder.display()
        );
        fs::write(folder.join("compare-own"), script).unwrap();
        fs::set_permissions(folder.join("compare-own"), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn until(what: impl Fn() -> bool) {
        let begun = Instant::now();
        while !what() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it did not happen");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn path(folder: &Path) -> String {
        format!("relative::{}", folder.display())
    }

    fn surroundings() -> Vec<(OsString, OsString)> {
        vec![("PATH".into(), "/usr/bin:/bin".into()), ("DISPLAY".into(), ":7".into())]
    }

    #[test]
    fn a_program_gets_both_sides_as_they_are_and_they_go_when_it_ends() {
        let at = tempfile::tempdir().unwrap();
        own(at.path());
        let copies = Copies::below(at.path().join("copies"));
        copies.open(&both("/etc/x y/.envrc"), &WITH, &path(at.path()), surroundings()).unwrap();
        until(|| at.path().join("ready").exists());
        let read = |name: &str| fs::read(at.path().join(name)).unwrap();
        assert_eq!((read("before"), read("after")), (b"a\xff\0\n".to_vec(), vec![]));
        let argv = String::from_utf8(read("ready")).unwrap();
        let argv: Vec<_> = argv.lines().collect();
        assert_eq!(argv[..2], ["--first", "a b;$(c)"]);
        assert!(argv[2].ends_with("/before-.envrc") && argv[3].ends_with("/after-.envrc"), "{argv:?}");
        let modes = String::from_utf8(read("modes")).unwrap();
        let modes: Vec<_> = modes.lines().map(|it| &it[..10]).collect();
        assert_eq!(modes, ["-r--------", "-r--------", "drwx------"]);
        let env = String::from_utf8(read("env")).unwrap();
        let ours = |it: &&str| !["PWD=", "OLDPWD=", "SHLVL=", "_="].iter().any(|own| it.starts_with(own));
        let mut env: Vec<_> = env.lines().filter(ours).collect();
        env.sort_unstable();
        assert_eq!(env, ["DISPLAY=:7", "PATH=/usr/bin:/bin"]);
        fs::write(at.path().join("end"), "").unwrap();
        until(|| fs::read_dir(at.path().join("copies")).unwrap().count() == 0);
    }

    #[test]
    fn programs_that_do_not_end_keep_the_last_four_pairs_of_copies() {
        let at = tempfile::tempdir().unwrap();
        let script = format!("#!/bin/sh\nwhile [ ! -e {}/end ]; do sleep 0.02; done\n", at.path().display());
        fs::write(at.path().join("compare-own"), script).unwrap();
        fs::set_permissions(at.path().join("compare-own"), fs::Permissions::from_mode(0o755)).unwrap();
        let copies = Copies::below(at.path().join("copies"));
        for n in 0..6 {
            let both = both(&format!("{n}.txt"));
            copies.open(&both, &WITH, &path(at.path()), surroundings()).unwrap();
        }
        let folders = || fs::read_dir(at.path().join("copies")).unwrap().map(|it| it.unwrap().path());
        let has = |n: usize| folders().any(|it| it.join(format!("after-{n}.txt")).exists());
        assert_eq!((0..6).map(has).collect::<Vec<_>>(), [false, false, true, true, true, true]);
        assert_eq!(folders().count(), 4);
        fs::write(at.path().join("end"), "").unwrap();
        until(|| folders().count() == 0);
    }

    #[test]
    fn what_does_not_start_leaves_nothing() {
        let at = tempfile::tempdir().unwrap();
        let copies = Copies::below(at.path().join("copies"));
        let try_it = || copies.open(&both("a"), &WITH, &path(at.path()), surroundings());
        assert!(matches!(try_it(), Err(NotCompared::Missing("Own"))));
        let program = at.path().join("compare-own");
        fs::write(&program, "no program").unwrap();
        assert!(matches!(try_it(), Err(NotCompared::Missing("Own"))), "it cannot be run");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(&program, "#!/nowhere\n").unwrap();
        assert!(matches!(try_it(), Err(NotCompared::Failed("Own", _))));
        assert_eq!(fs::read_dir(at.path().join("copies")).unwrap().count(), 0);
        fs::remove_dir_all(at.path().join("copies")).unwrap();
        fs::write(at.path().join("copies"), "").unwrap();
        assert!(matches!(try_it(), Err(NotCompared::NotWritten(_))));
    }

    #[test]
    fn copies_of_an_app_that_ended_are_removed_and_nothing_that_a_link_leads_to() {
        let at = tempfile::tempdir().unwrap();
        let copies = Copies::below(at.path().join("copies"));
        write(&copies.fresh().unwrap(), &both("a")).unwrap();
        copies.clear();
        assert!(!at.path().join("copies").exists());
        fs::create_dir(at.path().join("other")).unwrap();
        std::os::unix::fs::symlink(at.path().join("other"), at.path().join("copies")).unwrap();
        copies.clear();
        assert!(at.path().join("other").exists() && fs::symlink_metadata(at.path().join("copies")).is_err());
    }

    #[test]
    fn names_mean_nothing_to_a_program() {
        let long = format!("{}.rs", "a".repeat(300));
        for (name, want) in [
            ("/srv/a.rs", "a.rs"),
            ("/srv/dir/", "dir"),
            ("-rf\n$(a) ü\u{202e}.rs", "-rf___a____.rs"),
            ("..", ".."),
            ("", ""),
            ("/", ""),
            ("a\\b\"c'.vimrc", "a_b_c_.vimrc"),
        ] {
            assert_eq!(base(name.as_bytes()), want, "{name:?}");
        }
        assert_eq!(base(b"\xff\xfe"), "__");
        assert!(base(long.as_bytes()).len() == LETTERS && base(long.as_bytes()).ends_with(".rs"));
    }
}
