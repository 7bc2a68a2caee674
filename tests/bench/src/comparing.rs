//! What comparing texts costs, beside git.
//!
//! Both are programs that are started for one comparison, read two files and write to nowhere; what counts is the
//! time that the whole program has a processor for itself, its start included. Ours also finds the words that
//! changed and checks what it found, and git writes down the lines.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use countersign_core::digest::Digest;
use countersign_diff::Fallback;

use crate::figure::{Figure, Target};
use crate::sample::{median, worst};
use crate::{Failed, say, texts};

/// Turns of each.
const ROUNDS: usize = 15;

/// The largest file of one package in two published versions, as `cargo xtask bench` fetches it.
const PUBLISHED: [(&str, &str); 2] = [
    ("typescript-5.8.3", "dd17428736a07e1db1a138d8a14295ddb2699ba780ee15038acdd2c6da5373a0"),
    ("typescript-5.9.3", "3ae902c92cc44dace175c0e69e13a4b0899f6983c6121d76b9ab8dd5795e7675"),
];

const HISTOGRAM: (&str, &str) = ("git diff --histogram", "--histogram");
const MYERS: (&str, &str) = ("git diff, Myers", "--diff-algorithm=myers");

/// Two files.
struct Files {
    before: PathBuf,
    after: PathBuf,
}

/// What one program took in each turn, in milliseconds.
#[derive(Default)]
struct Taken {
    user: Vec<f64>,
    all: Vec<f64>,
}

/// What our program says of its result.
struct Said {
    fell_back: bool,
    words: String,
}

pub(crate) fn measure(folder: &Path) -> Result<Vec<Figure>, Failed> {
    let folder = folder.join("texts");
    std::fs::create_dir_all(&folder)?;
    let mut figures = vec![];
    let (code, ..) =
        beside_git("diff-100k-lines", &written(&folder, "code", texts::code())?, HISTOGRAM, 0.5)?;
    figures.push(code);
    figures.push(published(&folder)?);
    let mut slowest = 0.0;
    let mut whole = 0;
    for (name, made) in texts::REPEATS {
        let (figure, said, ours) = beside_git(name, &written(&folder, name, made())?, MYERS, 1.5)?;
        figures.push(figure);
        if !said.fell_back {
            whole += 1;
            slowest = worst(&ours.user).max(slowest);
        }
    }
    figures.push(
        Figure::new("diff-repeats-worst", slowest, "ms", Target::AtMost(500.0), ROUNDS * whole)
            .beside("without_fallback", whole),
    );
    let long = written(&folder, "long-line", texts::long_line())?;
    let said = said(&long)?;
    let mut ours = Taken::default();
    for _ in 0..ROUNDS {
        ours.add(&our_words(&long)?, 0)?;
    }
    figures.push(
        Figure::new("diff-2mb-line", median(&ours.user), "ms", Target::AtMost(100.0), ROUNDS)
            .beside("all", median(&ours.all).round())
            .beside("result", said.words),
    );
    Ok(figures)
}

/// Compares two files and says how it went; does nothing else.
pub(crate) fn compare(before: &str, after: &str) -> Result<(), Failed> {
    let (before, after) = (std::fs::read(before)?, std::fs::read(after)?);
    let made = countersign_diff::diff(&before, &after);
    let words: usize = made.rows.iter().map(|row| row.words.len()).sum();
    let result = format!(
        "{} removed, {} added, {} marked{}",
        made.stats.removed,
        made.stats.added,
        words,
        made.fallback.map_or("", |why| match why {
            Fallback::TooMuchWork => ", too much work",
            Fallback::TooManyLines => ", too many lines",
            Fallback::CheckFailed => ", check failed",
        }),
    );
    Ok(writeln!(std::io::stdout(), "{result}")?)
}

fn published(folder: &Path) -> Result<Figure, Failed> {
    const NAME: &str = "diff-typescript";
    let bench = folder.parent().ok_or("the folder has none above it")?;
    let [before, after] = PUBLISHED.map(|(name, digest)| {
        let file = bench.join(name).join("typescript.js");
        let found =
            std::fs::read(&file).map_err(|error| format!("{} could not be read: {error}", file.display()));
        found.and_then(|bytes| {
            let same = Digest::of(&bytes).to_string() == digest;
            if same {
                Ok(file.clone())
            } else {
                Err(format!("{} is another one than published", file.display()))
            }
        })
    });
    match before.and_then(|before| Ok((before, after?))) {
        Ok((before, after)) => Ok(beside_git(NAME, &Files { before, after }, HISTOGRAM, 0.5)?.0),
        Err(why) => {
            say(&format!("{NAME} is not measured: {why}"));
            Ok(Figure::new(NAME, f64::NAN, "ms", Target::RatioAtMost(0.5), 0).beside("not_measured", why))
        }
    }
}

/// Ours and git, in turns.
fn beside_git(
    name: &'static str,
    files: &Files,
    (git, algorithm): (&'static str, &str),
    most: f64,
) -> Result<(Figure, Said, Taken), Failed> {
    let said = said(files)?;
    let (mut ours, mut theirs) = (Taken::default(), Taken::default());
    let mut diff: Vec<String> = ["git", "diff", "--no-index", "--no-ext-diff"].map(str::to_owned).into();
    diff.extend([algorithm.to_owned(), path(&files.before)?, path(&files.after)?]);
    for round in 0..ROUNDS {
        // Not always in the same order. Git ends with 1 where files differ.
        if round % 2 == 0 {
            theirs.add(&diff, 1)?;
        }
        ours.add(&our_words(files)?, 0)?;
        if round % 2 == 1 {
            theirs.add(&diff, 1)?;
        }
    }
    let figure = Figure::new(name, median(&ours.user), "ms", Target::RatioAtMost(most), ROUNDS)
        .peer(git, median(&theirs.user))
        .beside("all", median(&ours.all).round())
        .beside("peer_all", median(&theirs.all).round())
        .beside("result", said.words.clone());
    Ok((figure, said, ours))
}

impl Taken {
    /// Runs `words`, which are to end with `code`.
    fn add(&mut self, words: &[String], code: i32) -> Result<(), Failed> {
        // The shell asks the kernel what its children took, which without unsafe code nothing of ours can.
        let mut shell = Command::new("bash");
        shell.args(["-c", "TIMEFORMAT='%3U %3S'; time \"$@\" > /dev/null", "bash"]).args(words);
        shell.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("LC_ALL", "C");
        let done = shell.stdin(Stdio::null()).stderr(Stdio::piped()).output()?;
        let said = String::from_utf8(done.stderr)?;
        let times = said.trim().split_once(' ').filter(|_| done.status.code() == Some(code));
        let (user, system) = times.ok_or_else(|| format!("{words:?} failed: {said}"))?;
        let (user, system): (f64, f64) = (user.parse()?, system.parse()?);
        self.user.push(user * 1e3);
        self.all.push((user + system) * 1e3);
        Ok(())
    }
}

fn said(files: &Files) -> Result<Said, Failed> {
    let words = our_words(files)?;
    let (program, words) = words.split_first().ok_or("there is no program")?;
    let done = Command::new(program).args(words).output()?;
    if !done.status.success() {
        return Err(format!("comparing failed: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    let words = String::from_utf8(done.stdout)?.trim().to_owned();
    Ok(Said { fell_back: words.contains("too m"), words })
}

/// This program again, for one comparison.
fn our_words(files: &Files) -> Result<Vec<String>, Failed> {
    let program = path(&std::env::current_exe()?)?;
    Ok(vec![program, "compare".to_owned(), path(&files.before)?, path(&files.after)?])
}

fn path(path: &Path) -> Result<String, Failed> {
    Ok(path.to_str().ok_or("a path is not UTF-8")?.to_owned())
}

fn written(folder: &Path, name: &str, (before, after): texts::Pair) -> Result<Files, Failed> {
    let files =
        Files { before: folder.join(format!("{name}.old")), after: folder.join(format!("{name}.new")) };
    std::fs::write(&files.before, before)?;
    std::fs::write(&files.after, after)?;
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn the_shell_says_what_a_program_took() {
        let mut taken = Taken::default();
        let busy = ["bash", "-c", "for ((i = 0; i < 30000; i++)); do :; done; exit 3"].map(str::to_owned);
        taken.add(&busy, 3).unwrap();
        assert!(taken.user[0] > 0.0 && taken.all[0] >= taken.user[0], "{:?}", taken.user);
        assert!(taken.add(&busy, 0).is_err());
        assert_eq!(taken.user.len(), 1);
    }

    #[test]
    fn the_texts_are_what_they_are_called() {
        let lines = |side: &[u8]| side.iter().filter(|byte| **byte == b'\n').count();
        let (before, after) = texts::code();
        let made = countersign_diff::diff(&before, &after);
        assert_eq!(lines(&before), 100_000);
        assert!((900..1100).contains(&made.hunks.len()), "{} edits", made.hunks.len());
        let (before, after) = texts::long_line();
        assert_eq!((before.len(), after.len(), lines(&before)), (2_000_001, 2_000_001, 1));
        let edits = before.split(|byte| b", ".contains(byte)).zip(after.split(|byte| b", ".contains(byte)));
        assert_eq!(edits.filter(|(one, other)| one != other).count(), 50);
    }
}
