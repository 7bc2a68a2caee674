//! The app without its window, as a process that can be killed, stopped, and run by another user.
//!
//! A test writes one command to a line and reads one line of answer. Keys lie in files, wrapped as
//! cheaply as they can be; waiting for a sheet to be armed is skipped by a clock of its own. All else
//! is the app: its boxes, its store, its lock, its threads.

#![allow(clippy::print_stdout, reason = "its answers go there")]

use std::io::{BufRead as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign_core::decision::Found;
use countersign_core::digest::Digest;
use countersign_core::time::Timestamp;
use countersign_keys::{Cost, Keyring, LossUnderstood, Passphrase, Wanted};
use countersign_reviewer::{
    ARMING, Answer, Clock, Decide, ItemState, Options, REMOVAL_WORDS, Reviewer, SetUp, Signed, SystemClock,
};
use countersign_sources::layout::Layout;
use countersign_tests::person::PASSPHRASE;
use countersign_tests::programs;

type Said = Result<String, Box<dyn std::error::Error>>;

/// The system's clocks; those that cannot be set are moved on instead of waited for, both alike: the machine did not
/// sleep.
struct Moved(AtomicU64);

impl Moved {
    fn by(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn monotonic(&self) -> Duration {
        SystemClock.monotonic() + self.by()
    }

    fn awake(&self) -> Duration {
        SystemClock.awake() + self.by()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = Arc::new(Moved(AtomicU64::new(0)));
    let mut options = Options::new(programs::countersign(), "home".parse()?);
    options.keyring = Arc::new(Keyring::new("test", Duration::from_millis(1)));
    options.wanted = Wanted::File;
    options.cost = Cost::LEAST;
    options.clock = Arc::clone(&clock) as Arc<dyn Clock>;
    let started = Reviewer::start(Layout::from_env()?, options, |_| {});
    let app = match started {
        Ok(app) => App { reviewer: app, clock },
        Err(error) => {
            println!("error: {error}");
            return Err(error.into());
        }
    };
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        match app.told(&words) {
            Ok(said) => println!("{said}"),
            Err(error) => println!("error: {}", error.to_string().replace('\n', " ")),
        }
        std::io::stdout().flush()?;
    }
    Ok(())
}

struct App {
    reviewer: Reviewer,
    clock: Arc<Moved>,
}

impl App {
    fn told(&self, words: &[&str]) -> Said {
        match words {
            ["set-up", person] => self.set_up(person),
            ["remove-all"] => {
                self.reviewer.remove_all(REMOVAL_WORDS, &[]).map(|()| "ok".to_owned()).map_err(Into::into)
            }
            ["start-gate"] => self.reviewer.start_gate().map(|()| "ok".to_owned()).map_err(Into::into),
            ["waiting"] => self.waiting(),
            ["count"] => Ok(self.reviewer.queue()?.waiting.total.to_string()),
            ["evidence"] => Ok(self.reviewer.queue()?.evidence.total.to_string()),
            ["trouble"] => Ok(self.reviewer.state()?.trouble.map_or_else(|| "none".to_owned(), |it| it.says)),
            ["outbox"] => Ok(self.reviewer.state()?.outbox.to_string()),
            ["state", digest] => self.state(&digest.parse()?),
            ["decision", digest] => self.decision(&digest.parse()?),
            ["show", digest] => self.show(&digest.parse()?).map(|sheet| sheet.to_string()),
            ["approve", digest] => self.approve(&digest.parse()?),
            ["deny", digest] => self.deny(&digest.parse()?),
            ["resolve", digest] => self.resolve(&digest.parse()?),
            _ => Err(format!("there is no command {words:?}").into()),
        }
    }

    fn set_up(&self, person: &str) -> Said {
        let passphrase = Passphrase::new(PASSPHRASE.to_owned());
        self.reviewer.set_up(SetUp {
            person: person.parse()?,
            device: "desk".parse()?,
            passphrase: Passphrase::new(PASSPHRASE.to_owned()),
            understood: LossUnderstood::confirm(LossUnderstood::WORDS)?,
            place: None,
        })?;
        self.reviewer.create_gate(&passphrase)?;
        Ok("ok".to_owned())
    }

    fn waiting(&self) -> Said {
        let waiting = self.reviewer.queue()?.waiting.rows;
        Ok(waiting.iter().map(|row| row.digest.to_string()).collect::<Vec<_>>().join(" "))
    }

    fn state(&self, digest: &Digest) -> Said {
        Ok(match self.reviewer.open(digest)?.state {
            ItemState::Refused { code } => format!("refused {code}"),
            ItemState::Unknown { .. } => "unknown".to_owned(),
            other => {
                let text = format!("{other:?}");
                text.split(' ').next().unwrap_or_default().to_lowercase()
            }
        })
    }

    fn decision(&self, digest: &Digest) -> Said {
        let decision = self.reviewer.open(digest)?.decision;
        Ok(decision.map_or("none".to_owned(), |it| format!("{:?}", it.verdict).to_lowercase()))
    }

    /// Has every row of the sheet on screen, for long enough.
    fn show(&self, digest: &Digest) -> Result<Digest, Box<dyn std::error::Error>> {
        let opened = self.reviewer.open(digest)?;
        let (sheet, shown) = opened.sheet.zip(opened.sheet_digest).ok_or("it has no sheet")?;
        self.reviewer.shown(digest, &shown)?;
        for (at, document) in sheet.documents.iter().enumerate() {
            let all = 0..document.rows.len();
            self.reviewer.seen(digest, &shown, at, std::slice::from_ref(&all))?;
        }
        self.clock.0.fetch_add(u64::try_from(ARMING.as_millis())?, Ordering::SeqCst);
        Ok(shown)
    }

    fn approve(&self, digest: &Digest) -> Said {
        let sheet = self.show(digest)?;
        self.reviewer.unlock(&Passphrase::new(PASSPHRASE.to_owned()))?;
        let answer = Answer::Approve { not_shown: None };
        let decide = Decide { proposal: *digest, sheet: Some(sheet), answer, comment: None };
        Ok(signed(&self.reviewer.decide(decide)?))
    }

    fn deny(&self, digest: &Digest) -> Said {
        let decide = Decide { proposal: *digest, sheet: None, answer: Answer::Deny, comment: None };
        Ok(signed(&self.reviewer.decide(decide)?))
    }

    fn resolve(&self, digest: &Digest) -> Said {
        let ItemState::Unknown { receipt, .. } = self.reviewer.open(digest)?.state else {
            return Err("its outcome is not unknown".into());
        };
        self.reviewer.unlock(&Passphrase::new(PASSPHRASE.to_owned()))?;
        Ok(signed(&self.reviewer.resolve(&receipt, Found::Ran, None)?))
    }
}

fn signed(it: &Signed) -> String {
    format!("signed {}", it.digest)
}
