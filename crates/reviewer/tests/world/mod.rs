//! A reviewer with real files and a real database, and a gate made of nothing but keys and a spool.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::single_range_in_vec_init, reason = "one range is meant")]

mod gate;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver as Receive, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_core::ack::Acknowledgement;
use countersign_core::decision::Decision;
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::receipt::Outcome;
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{self, TrustedRoot, Verified};
use countersign_keys::{Cost, Keyring, LossUnderstood, Passphrase, SecretPlace, Slot, Trouble, Wanted};
use countersign_reviewer::{
    Answer, Clock, Decide, Event, IDLE, ItemState, Opened, Options, Reviewer, SetUp, Signed,
};
use countersign_sources::layout::Layout;
use countersign_sources::spool::Kind;
use zeroize::Zeroizing;

pub(crate) use gate::{FakeGate, Sent};

pub(crate) const START: u64 = 1_800_000_000;

/// A clock that goes when a test says so.
pub(crate) struct TestClock {
    seconds: AtomicU64,
    milliseconds: AtomicU64,
    asleep: AtomicU64,
    /// The thread that reads and sends fails the next time it looks at the clock.
    pub(crate) breaks: AtomicBool,
}

impl TestClock {
    /// Both clocks go on.
    pub(crate) fn pass(&self, milliseconds: u64) {
        self.milliseconds.fetch_add(milliseconds, Ordering::SeqCst);
        self.seconds.fetch_add(milliseconds / 1000, Ordering::SeqCst);
    }

    /// The machine sleeps, and everything but its waking time goes on.
    pub(crate) fn sleep(&self, milliseconds: u64) {
        self.asleep.fetch_add(milliseconds, Ordering::SeqCst);
        self.pass(milliseconds);
    }

    /// Somebody sets the calendar.
    pub(crate) fn set(&self, by: i64) {
        self.seconds.fetch_add(by.cast_unsigned(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let reads = std::thread::current().name() == Some("reviewer");
        assert!(!reads || !self.breaks.swap(false, Ordering::SeqCst), "as a test wanted");
        Timestamp::from_seconds(self.seconds.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.milliseconds.load(Ordering::SeqCst))
    }

    fn awake(&self) -> Duration {
        let asleep = self.asleep.load(Ordering::SeqCst);
        Duration::from_millis(self.milliseconds.load(Ordering::SeqCst) - asleep)
    }
}

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery".to_owned())
}

pub(crate) fn at(after: u64) -> Timestamp {
    Timestamp::from_seconds(START + after)
}

/// What a receipt says of something that was done.
pub(crate) fn done() -> Outcome {
    Outcome::Done { started: at(10), finished: at(11), exit: Some(0), results: vec![] }
}

/// So many seconds before everything begins.
pub(crate) fn back(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(START - seconds)
}

pub(crate) struct World {
    pub(crate) base: tempfile::TempDir,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) reviewer: Option<Reviewer>,
    pub(crate) gate: FakeGate,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
    keyring: Arc<dyn SecretPlace>,
    wanted: Wanted,
}

/// A keyring in memory, of which a test says when it answers.
#[derive(Default)]
pub(crate) struct SlowKeyring {
    kept: Mutex<HashMap<&'static str, String>>,
    /// When there is one, the next reading says that it began, and waits for its end to be said.
    pub(crate) next: Mutex<Option<(Sender<()>, Receive<()>)>>,
    /// Nothing can be deleted from it.
    pub(crate) locked: AtomicBool,
    /// Nothing can be read from it.
    pub(crate) unreadable: AtomicBool,
    /// How often something was to be read from it.
    pub(crate) reads: AtomicU64,
}

impl SecretPlace for SlowKeyring {
    fn read(&self, slot: Slot) -> Result<Option<Zeroizing<String>>, countersign_keys::Error> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        if let Some((began, go_on)) = self.next.lock().unwrap().take() {
            began.send(()).unwrap();
            go_on.recv().unwrap();
        }
        if self.unreadable.load(Ordering::SeqCst) {
            return Err(Trouble::Locked.into());
        }
        Ok(self.kept.lock().unwrap().get(slot.name()).cloned().map(Zeroizing::new))
    }

    fn write(&self, slot: Slot, text: &str) -> Result<(), countersign_keys::Error> {
        self.kept.lock().unwrap().insert(slot.name(), text.to_owned());
        Ok(())
    }

    fn delete(&self, slot: Slot) -> Result<(), countersign_keys::Error> {
        if self.locked.load(Ordering::SeqCst) {
            return Err(Trouble::Locked.into());
        }
        self.kept.lock().unwrap().remove(slot.name());
        Ok(())
    }

    fn look(&self) -> Result<(), Trouble> {
        if self.unreadable.load(Ordering::SeqCst) { Err(Trouble::Locked) } else { Ok(()) }
    }
}

/// A reviewer that is set up and unlocked, and trusts the gate.
pub(crate) fn world() -> World {
    set_up(bare())
}

/// The same with its keys in `keyring`.
pub(crate) fn world_with(keyring: Arc<SlowKeyring>) -> World {
    set_up(made(keyring, Wanted::KeyringElseFile))
}

fn set_up(world: World) -> World {
    let set_up = SetUp {
        person: "Ada".parse().unwrap(),
        device: "desk".parse().unwrap(),
        passphrase: passphrase(),
        understood: LossUnderstood::confirm(LossUnderstood::WORDS).unwrap(),
        place: None,
    };
    world.it().set_up(set_up).unwrap();
    world.it().enrol(&world.gate.id, world.gate.key.public(), &passphrase()).unwrap();
    world.it().unlock(&passphrase()).unwrap();
    world.gate.say_epoch();
    world.it().look().unwrap();
    world.gate.take();
    world
}

/// A reviewer at its first start.
pub(crate) fn bare() -> World {
    made(Arc::new(Keyring::new("test", Duration::from_millis(1))), Wanted::File)
}

fn made(keyring: Arc<dyn SecretPlace>, wanted: Wanted) -> World {
    let base = tempfile::tempdir().unwrap();
    let clock = TestClock {
        seconds: START.into(),
        milliseconds: 1_000_000.into(),
        asleep: 0.into(),
        breaks: false.into(),
    };
    let clock = Arc::new(clock);
    let gate = FakeGate::new(base.path(), 7);
    let mut world = World { base, clock, reviewer: None, gate, events: Arc::default(), keyring, wanted };
    world.start();
    world
}

impl World {
    pub(crate) fn layout(&self) -> Layout {
        Layout::at(self.base.path())
    }

    pub(crate) fn options(&self) -> Options {
        Options {
            gate_program: self.base.path().join("countersign"),
            // The test itself, where it draws pictures.
            picture_program: "/proc/self/exe".into(),
            gate: self.gate.id.clone(),
            // Not asked by most: keys are kept in files.
            keyring: self.keyring.clone(),
            wanted: self.wanted,
            cost: Cost::LEAST,
            idle: IDLE,
            clock: self.clock.clone(),
        }
    }

    pub(crate) fn start(&mut self) {
        let events = Arc::clone(&self.events);
        let on_event = move |event| events.lock().unwrap().push(event);
        self.reviewer = Some(Reviewer::start(self.layout(), self.options(), on_event).unwrap());
    }

    pub(crate) fn stop(&mut self) {
        self.reviewer = None;
    }

    /// The app is closed and opened again.
    pub(crate) fn restart(&mut self) {
        self.stop();
        self.start_again();
    }

    /// The app is opened, and knows its keys.
    pub(crate) fn start_again(&mut self) {
        self.start();
        for _ in 0..1000 {
            if self.it().state().unwrap().device_key {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.it().look().unwrap();
    }

    pub(crate) fn it(&self) -> &Reviewer {
        self.reviewer.as_ref().unwrap()
    }

    /// What `digest` is, after a look at the box.
    pub(crate) fn state(&self, digest: &Digest) -> ItemState {
        self.opened(digest).state
    }

    pub(crate) fn opened(&self, digest: &Digest) -> Opened {
        self.it().look().unwrap();
        self.it().open(digest).unwrap()
    }

    /// Shows the whole sheet of `digest` for long enough, and returns the sheet's digest.
    pub(crate) fn read_all(&self, digest: &Digest) -> Digest {
        let opened = self.opened(digest);
        let sheet = opened.sheet_digest.unwrap();
        self.it().shown(digest, &sheet).unwrap();
        let made = opened.sheet.unwrap();
        for (at, document) in made.documents.iter().enumerate() {
            self.it().seen(digest, &sheet, at, &[0..document.rows.len()]).unwrap();
        }
        let found: Vec<usize> = (0..made.findings.len()).collect();
        self.it().seen_head(digest, &sheet, &found).unwrap();
        self.clock.pass(1000);
        sheet
    }

    /// Reads it and approves it.
    pub(crate) fn approve(&self, digest: &Digest) -> Signed {
        let sheet = self.read_all(digest);
        let answer = Answer::Approve { not_shown: None };
        self.it().decide(Decide { proposal: *digest, sheet: Some(sheet), answer, comment: None }).unwrap()
    }

    /// Approves it as it is on screen, with so many rows that were not.
    pub(crate) fn approve_as(
        &self,
        digest: &Digest,
        sheet: Digest,
        not_shown: Option<u64>,
    ) -> Result<(), countersign_reviewer::Error> {
        let answer = Answer::Approve { not_shown };
        let decide = Decide { proposal: *digest, sheet: Some(sheet), answer, comment: None };
        self.it().decide(decide).map(drop)
    }

    pub(crate) fn answer(
        &self,
        digest: &Digest,
        answer: Answer,
    ) -> Result<Signed, countersign_reviewer::Error> {
        self.it().decide(Decide { proposal: *digest, sheet: None, answer, comment: None })
    }

    pub(crate) fn root(&self) -> TrustedRoot {
        let bytes = std::fs::read(self.layout().root()).unwrap();
        let digest = Envelope::parse(&bytes).unwrap().digest();
        TrustedRoot::pinned(&bytes, &digest).unwrap()
    }

    /// The decision among `sent` with this digest, verified as a gate would.
    pub(crate) fn decision(&self, sent: &[Sent], digest: &Digest) -> Verified<Statement<Decision>> {
        let sent = sent.iter().find(|it| it.kind == Kind::Decision && it.digest == *digest).unwrap();
        verify::signed(&sent.bytes, &self.root(), self.clock.now()).unwrap()
    }

    /// Digests that the device has acknowledged in `sent`.
    pub(crate) fn acknowledged(&self, sent: &[Sent]) -> Vec<Digest> {
        let acks = sent.iter().filter(|it| it.kind == Kind::Ack);
        let read = |it: &Sent| verify::signed::<Acknowledgement>(&it.bytes, &self.root(), self.clock.now());
        acks.flat_map(|it| read(it).unwrap().into_value().digests).collect()
    }
}
