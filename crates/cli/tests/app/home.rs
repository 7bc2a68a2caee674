//! The folders of one user, with an app that is set up in them and a gate that runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use countersign_keys::{Cost, Keyring, LossUnderstood, Passphrase, Wanted};
use countersign_reviewer::{Answer, Decide, Event, ItemState, Opened, Options, Reviewer, SetUp};
use countersign_sources::layout::Layout;
use rustix::process::{Pid, Signal};

/// Long enough for a loaded machine; nothing passes by waiting for it.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Home {
    pub(crate) base: tempfile::TempDir,
    pub(crate) reviewer: Option<Reviewer>,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
}

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery".to_owned())
}

/// Looks again and again until there is something.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "nothing came of: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Home {
    /// Set up, unlocked, with a gate that runs.
    pub(crate) fn new() -> Self {
        let base = tempfile::tempdir().unwrap();
        let mut home = Self { base, reviewer: None, events: Arc::default() };
        home.open();
        let set_up = SetUp {
            person: "Ada".parse().unwrap(),
            device: "desk".parse().unwrap(),
            passphrase: passphrase(),
            understood: LossUnderstood::confirm(LossUnderstood::WORDS).unwrap(),
            place: Some(Wanted::File),
        };
        home.it().set_up(set_up).unwrap();
        home.it().create_gate(&passphrase()).unwrap();
        home.it().unlock(&passphrase()).unwrap();
        home
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.base.path().canonicalize().unwrap()
    }

    pub(crate) fn layout(&self) -> Layout {
        Layout::at(&self.path())
    }

    /// Opens the app.
    pub(crate) fn open(&mut self) {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_countersign"));
        let mut options = Options::new(program, "home".parse().unwrap());
        options.keyring = Arc::new(Keyring::new("test", Duration::from_millis(1)));
        options.wanted = Wanted::File;
        options.cost = Cost::LEAST;
        let events = Arc::clone(&self.events);
        let on_event = move |event| events.lock().unwrap().push(event);
        self.reviewer = Some(Reviewer::start(self.layout(), options, on_event).unwrap());
    }

    pub(crate) fn close(&mut self) {
        self.reviewer = None;
    }

    pub(crate) fn it(&self) -> &Reviewer {
        self.reviewer.as_ref().unwrap()
    }

    pub(crate) fn opened(&self, digest: &Digest) -> Opened {
        self.it().look().unwrap();
        self.it().open(digest).unwrap()
    }

    pub(crate) fn until_state(&self, digest: &Digest, is: impl Fn(&ItemState) -> bool) -> ItemState {
        until("a state", || Some(self.opened(digest).state).filter(|state| is(state)))
    }

    /// Reads it whole and approves it.
    pub(crate) fn approve(&self, digest: &Digest) {
        let opened = self.opened(digest);
        let sheet = opened.sheet_digest.unwrap();
        self.it().shown(digest, &sheet).unwrap();
        for (at, document) in opened.sheet.unwrap().documents.iter().enumerate() {
            self.it().seen(digest, &sheet, at, std::slice::from_ref(&(0..document.rows.len()))).unwrap();
        }
        // What cannot be taken back takes an unlocking with its own sheet on screen.
        self.it().unlock(&passphrase()).unwrap();
        std::thread::sleep(countersign_reviewer::ARMING);
        let answer = Answer::Approve { not_shown: None };
        self.it().decide(Decide { proposal: *digest, sheet: Some(sheet), answer, comment: None }).unwrap();
    }

    pub(crate) fn deny(&self, digest: &Digest) {
        let decide = Decide { proposal: *digest, sheet: None, answer: Answer::Deny, comment: None };
        self.it().decide(decide).unwrap();
    }

    /// The process that is the gate, as it wrote it down.
    pub(crate) fn gate(&self) -> Option<Pid> {
        gate_in(&self.layout())
    }

    pub(crate) fn signal_gate(&self, signal: Signal) {
        rustix::process::kill_process(self.gate().unwrap(), signal).unwrap();
    }

    /// Kills the gate and waits until it is gone.
    pub(crate) fn kill_gate(&self) {
        self.signal_gate(Signal::KILL);
        until("the gate to be gone", || self.alive(false));
    }

    /// Some when the gate reads its box, or does not, as `wanted` says.
    pub(crate) fn alive(&self, wanted: bool) -> Option<()> {
        self.it().look().unwrap();
        (self.it().state().unwrap().gates[0].alive == wanted).then_some(())
    }
}

fn gate_in(layout: &Layout) -> Option<Pid> {
    let gate = "home".parse().unwrap();
    let text = std::fs::read_to_string(layout.gate(&gate).join("lock")).ok()?;
    Pid::from_raw(text.trim().parse().ok()?)
}

/// Everything under a folder, by its path from there.
pub(crate) fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            found.extend(listed(&path));
        }
        found.push(path);
    }
    found
}

impl Drop for Home {
    fn drop(&mut self) {
        let gate = gate_in(&Layout::at(self.base.path()));
        self.close();
        // Only a gate that has this folder: a number can be somebody else's by now.
        let ours = |pid: &Pid| {
            let environ =
                std::fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero())).unwrap_or_default();
            let base = self.base.path().to_str().unwrap().as_bytes().to_vec();
            environ.windows(base.len()).any(|window| window == base)
        };
        if let Some(pid) = gate.filter(ours) {
            let _ = rustix::process::kill_process(pid, Signal::KILL);
        }
    }
}
