//! A reviewer with real files and a real database, and a gate made of nothing but keys and a spool.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::single_range_in_vec_init, reason = "one range is meant")]

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver as Receive, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_core::ack::{self, Acknowledgement, Receiver};
use countersign_core::action::{Act, Action, Change, Reversibility};
use countersign_core::content::Content;
use countersign_core::decision::{Decision, WITHDRAWAL, Withdrawal, Withdrawer};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::halt::{HALT, Halt, Scope};
use countersign_core::json;
use countersign_core::key::SecretKey;
use countersign_core::name::{Epoch, GateId, Nonce};
use countersign_core::proposal::{self, Agent, Authenticated, Effect, Proposal, Requirement};
use countersign_core::receipt::{Outcome, RECEIPT, Receipt, Used};
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{self, TrustedRoot, Verified};
use countersign_keys::{Cost, Keyring, LossUnderstood, Passphrase, SecretPlace, Slot, Trouble, Wanted};
use countersign_reviewer::{
    Answer, Clock, Decide, Event, IDLE, ItemState, Opened, Options, Reviewer, SetUp, Signed,
};
use countersign_sources::layout::Layout;
use countersign_sources::spool::{Arrival, Kind, Reader, Writer};
use zeroize::Zeroizing;

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
        for (at, document) in opened.sheet.unwrap().documents.iter().enumerate() {
            self.it().seen(digest, &sheet, at, &[0..document.rows.len()]).unwrap();
        }
        self.clock.pass(1000);
        sheet
    }

    /// Reads it and approves it.
    pub(crate) fn approve(&self, digest: &Digest) -> Signed {
        let sheet = self.read_all(digest);
        let answer = Answer::Approve { not_shown: None };
        self.it().decide(Decide { proposal: *digest, sheet: Some(sheet), answer, comment: None }).unwrap()
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

/// What lay in the gate's box.
pub(crate) struct Sent {
    pub(crate) kind: Kind,
    pub(crate) digest: Digest,
    pub(crate) bytes: Vec<u8>,
}

/// A gate that signs what a test wants, true or not.
pub(crate) struct FakeGate {
    pub(crate) id: GateId,
    pub(crate) key: SecretKey,
    pub(crate) epoch: Epoch,
    pub(crate) seq: u64,
    pub(crate) writer: Writer,
    pub(crate) reader: Option<Reader>,
    base: std::path::PathBuf,
    nonces: u8,
}

impl FakeGate {
    pub(crate) fn new(base: &Path, seed: u8) -> Self {
        let layout = Layout::at(base);
        let id: GateId = "home".parse().unwrap();
        Self {
            reader: Some(Reader::open(&layout.gate_box(&id)).unwrap()),
            writer: Writer::open(&layout.reviewer_box()).unwrap(),
            id,
            key: SecretKey::from_seed(&[seed; 32]),
            epoch: Epoch::from_bytes([1; 16]),
            seq: 0,
            base: base.to_owned(),
            nonces: 0,
        }
    }

    pub(crate) fn stop(&mut self) {
        self.reader = None;
    }

    pub(crate) fn start(&mut self) {
        self.reader = Some(Reader::open(&Layout::at(&self.base).gate_box(&self.id)).unwrap());
    }

    /// Takes all that lies in its box.
    pub(crate) fn take(&self) -> Vec<Sent> {
        let reader = self.reader.as_ref().unwrap();
        let mut sent = Vec::new();
        for arrival in reader.scan().unwrap() {
            let Arrival::Message { name, kind, digest_in_name, bytes, .. } = arrival else {
                panic!("{arrival:?}")
            };
            reader.done(&name).unwrap();
            sent.push(Sent { kind, digest: digest_in_name, bytes });
        }
        sent
    }

    pub(crate) fn proposal(&mut self) -> Proposal {
        self.seq += 1;
        self.nonces += 1;
        let change = Change {
            resource: "/srv/notes.txt".into(),
            before: Some(Content::inline("text/plain", b"one\ntwo\n".to_vec())),
            after: Some(Content::inline("text/plain", b"one\nthree\n".to_vec())),
            mode_before: None,
            mode_after: None,
        };
        Proposal {
            id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            gate: self.id.clone(),
            epoch: self.epoch,
            seq: self.seq,
            nonce: Nonce::from_bytes([self.nonces; 16]),
            agent: Agent {
                name: "forum-helper".parse().unwrap(),
                calls_itself: None,
                session: "s1".parse().unwrap(),
                model: None,
                authenticated: Authenticated::Uid(1000),
            },
            created: at(0),
            not_before: at(0),
            expires: at(3600),
            asked: None,
            rationale: None,
            effect: Effect::Act,
            actions: vec![Action {
                target: "/srv/notes.txt".into(),
                environment: "this machine".parse().unwrap(),
                reversibility: Reversibility::Reversible,
                preconditions: vec![],
                act: Act::Change(change),
            }]
            .into(),
            supersedes: None,
            requirement: Requirement::built_in(),
            rules: Requirement::built_in_rules(),
            acknowledge: vec![],
        }
    }

    pub(crate) fn sign(&self, proposal: &Proposal) -> Envelope {
        Envelope::sign(proposal::TYPE, proposal.to_payload().unwrap(), &self.key)
    }

    pub(crate) fn send(&self, kind: Kind, envelope: &Envelope) -> Digest {
        self.writer.send(kind, &envelope.digest(), &envelope.to_bytes()).unwrap();
        envelope.digest()
    }

    pub(crate) fn send_proposal(&self, proposal: &Proposal) -> Digest {
        self.send(Kind::Proposal, &self.sign(proposal))
    }

    pub(crate) fn propose(&mut self) -> Digest {
        let proposal = self.proposal();
        self.send_proposal(&proposal)
    }

    pub(crate) fn acknowledge(&self, digests: &[Digest]) {
        let it = Acknowledgement {
            by: Receiver::Gate(self.id.clone()),
            epoch: self.epoch,
            digests: digests.to_vec(),
        };
        self.send(Kind::Ack, &Envelope::sign(ack::TYPE, json::to_bytes(&it), &self.key));
    }

    pub(crate) fn say_epoch(&self) {
        self.acknowledge(&[]);
    }

    pub(crate) fn receipt(&mut self, subject: &Digest, burned: bool, outcome: Outcome) -> Digest {
        self.receipt_of(subject, None, burned, outcome)
    }

    /// Of a use of a batch, or of what remained of it.
    pub(crate) fn receipt_of(
        &mut self,
        subject: &Digest,
        used: Option<Used>,
        burned: bool,
        outcome: Outcome,
    ) -> Digest {
        self.seq += 1;
        let receipt = Receipt {
            gate: self.id.clone(),
            epoch: self.epoch,
            seq: self.seq,
            id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            decisions: vec![],
            amendment: None,
            used,
            burned: burned.then_some(at(10)),
            at: at(11),
            outcomes: vec![outcome],
        };
        let payload = Statement { subject: *subject, predicate: receipt }.to_payload(RECEIPT);
        self.send(Kind::Receipt, &Envelope::sign(IN_TOTO, payload, &self.key))
    }

    pub(crate) fn withdraw(&self, subject: &Digest) -> Digest {
        let by = Withdrawer::Gate;
        let reason = Some("the agent gave up".to_owned());
        let withdrawal = Withdrawal { gate: self.id.clone(), by, at: at(9), reason };
        let payload = Statement { subject: *subject, predicate: withdrawal }.to_payload(WITHDRAWAL);
        self.send(Kind::Withdrawal, &Envelope::sign(IN_TOTO, payload, &self.key))
    }

    pub(crate) fn halt_itself(&self, number: u8) -> Digest {
        let scope = Scope::Gate { gate: self.id.clone() };
        let reason = Some("the ledger is behind its anchor".to_owned());
        let halt = Halt { id: Nonce::from_bytes([number; 16]), scope, at: at(1), reason };
        self.send(Kind::Halt, &Envelope::sign(HALT, json::to_bytes(&halt), &self.key))
    }
}

pub(crate) fn done() -> Outcome {
    Outcome::Done { started: at(10), finished: at(11), exit: Some(0), results: vec![] }
}
