//! Two real proposals by which a newcomer learns: one to refuse, one to sign.
//!
//! They go the whole way, through the real program and the real gate, and
//! what is signed really happens, in a folder made for it. Everything on them
//! says that they are practice.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use countersign_core::json;

use crate::core::Inner;
use crate::{Error, files};

/// How long the proposal may take from the gate to here.
const ARRIVES_WITHIN: Duration = Duration::from_secs(20);

/// The exit status of `countersign` when it does not wait for a decision.
const WAITING: i32 = 98;

/// Which proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Practice {
    /// Asked to look at notes; it would delete them.
    ToRefuse,
    /// Asked to write a greeting; it would write just that.
    ToSign,
}

const NOTES: [(&str, &str); 2] = [
    ("groceries.txt", "Bread\nApples\nCoffee\n"),
    ("ideas.txt", "Write to Sam about the walk on Sunday.\nAsk what the new lamp costs.\n"),
];

const GREETING: &str = "Hello!\n\nYou read this before it was written, and you signed it.\n\
                        Nothing else could have been written here.\n";

impl Inner {
    /// Has the gate propose it, and waits until it is in the store.
    pub(crate) fn practise(&self, which: Practice) -> Result<Digest, Error> {
        let person = {
            let core = self.core();
            core.root()?;
            core.settings.as_ref().ok_or(Error::NotSetUp)?.person.to_string()
        };
        let folder = self.layout.practice();
        let (asked, because, what) = match which {
            Practice::ToRefuse => (
                "Look at the notes in the practice folder. What is in them?",
                "Practice. The notes look old, so I would delete them. (Nobody asked for that: refuse it.)",
                delete_notes(&folder)?,
            ),
            Practice::ToSign => (
                "Write a greeting into hello.txt in the practice folder.",
                "Practice. It does what was asked and nothing else. (Read it, then sign it.)",
                write_greeting(&folder)?,
            ),
        };
        let mut words: Vec<String> =
            ["--json", "apply", "--no-wait", "--expires", "1h"].map(str::to_owned).into();
        let said = [("--calls-itself", "practice"), ("--session", "practice"), ("--asked-by", &person)];
        for (name, value) in said.into_iter().chain([("--asked", asked), ("--because", because)]) {
            words.push(format!("{name}={value}"));
        }
        words.extend(["--gate".to_owned(), self.options.gate.to_string()]);
        words.extend(what);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let printed = self.run_to("asked to propose it", &words, WAITING).map_err(|error| match error {
            Error::GateFailed { says, .. } => Error::Practice(says),
            other => other,
        })?;
        let digest = digest(&printed).ok_or_else(|| Error::Practice("it named no proposal".to_owned()))?;
        self.until_here(&digest)?;
        Ok(digest)
    }

    fn until_here(&self, digest: &Digest) -> Result<(), Error> {
        let until = Instant::now() + ARRIVES_WITHIN;
        loop {
            self.look()?;
            if self.core().store.read(|tx| tx.facts(digest))?.is_some() {
                return Ok(());
            }
            if Instant::now() >= until {
                return Err(Error::Practice("the gate has it, and it did not arrive here".to_owned()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn delete_notes(folder: &Path) -> Result<Vec<String>, Error> {
    let notes = folder.join("notes");
    let mut words = Vec::new();
    for (name, text) in NOTES {
        let path = notes.join(name);
        files::write(&path, text.as_bytes())?;
        words.extend(["--delete".to_owned(), utf8(&path)?]);
    }
    Ok(words)
}

fn write_greeting(folder: &Path) -> Result<Vec<String>, Error> {
    let (greeting, source) = (folder.join("hello.txt"), folder.join(".greeting"));
    files::write(&source, GREETING.as_bytes())?;
    match std::fs::remove_file(&greeting) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::File { path: greeting, cause });
        }
        _ => {}
    }
    Ok(vec!["--write".to_owned(), format!("{}={}", utf8(&greeting)?, utf8(&source)?)])
}

fn utf8(path: &Path) -> Result<String, Error> {
    // `--write` cuts at the first `=`.
    let text = path.to_str().filter(|text| !text.contains('='));
    let why = "its path is not UTF-8, or has a `=`".to_owned();
    text.map(str::to_owned).ok_or(Error::Damaged { path: PathBuf::from(path), why })
}

fn digest(printed: &[u8]) -> Option<Digest> {
    json::parse(printed).ok()?.get("digest")?.as_str()?.parse().ok()
}
