//! A gate of its own for each test, with the keys of a person, a device, and a stranger.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use countersign_core::ack::{Acknowledgement, Receiver};
use countersign_core::decision::{DECISION, Decision, Sheet, Verdict, WITHDRAWAL, Withdrawal, Withdrawer};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO};
use countersign_core::halt::{Halt, Lift, Scope};
use countersign_core::key::{PublicKey, SecretKey};
use countersign_core::name::{Epoch, Nonce};
use countersign_core::proposal::Proposal;
use countersign_core::receipt::{Outcome, Receipt};
use countersign_core::root::{Entry, Holder, Root};
use countersign_core::statement::Statement;
use countersign_core::time::Timestamp;
use countersign_core::verify::{TrustedRoot, signed};
use countersign_core::{ack, halt, json, root};
use countersign_sources::spool::{Arrival, Kind, Reader, Writer};

/// Long enough for a loaded machine; nothing passes by waiting for it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Bed {
    pub(crate) base: PathBuf,
    pub(crate) person: SecretKey,
    pub(crate) device: SecretKey,
    pub(crate) administrator: SecretKey,
    pub(crate) stranger: SecretKey,
    pub(crate) root: TrustedRoot,
    gate: Option<Child>,
    inbox: Reader,
    arrived: Vec<(Kind, Digest, Vec<u8>)>,
    // What is sent again after a restart is not new.
    seen: BTreeSet<Digest>,
    _folder: Option<tempfile::TempDir>,
}

/// A proposal as the reviewer gets it.
pub(crate) struct Proposed {
    pub(crate) digest: Digest,
    pub(crate) proposal: Proposal,
    pub(crate) envelope: Vec<u8>,
}

pub(crate) fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_seconds(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs())
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

impl Bed {
    /// A gate that runs.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut bed = Self::in_folder(folder.path());
        bed._folder = Some(folder);
        bed.start();
        bed
    }

    /// A gate that was set up under `base`, and does not run yet.
    pub(crate) fn in_folder(base: &Path) -> Self {
        let base = base.canonicalize().unwrap();
        std::fs::create_dir_all(base.join("work")).unwrap();
        let (person, device, administrator) = (key(1), key(2), key(3));
        let made = command(&base).args(["init", "--json"]).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
        let gate = PublicKey::parse_hex(made["key"].as_str().unwrap()).unwrap();
        let (envelope, pin) = first_root(gate, &person, &device, &administrator);
        let file = base.join("root.json");
        std::fs::write(&file, &envelope).unwrap();
        let trust = command(&base)
            .args(["init", "--trust", file.to_str().unwrap(), "--digest", &pin.to_string()])
            .output()
            .unwrap();
        assert!(trust.status.success(), "{trust:?}");
        Self {
            person,
            device,
            administrator,
            stranger: key(9),
            root: TrustedRoot::pinned(&envelope, &pin).unwrap(),
            gate: None,
            inbox: Reader::open(&base.join("data/countersign/spool/reviewer")).unwrap(),
            arrived: vec![],
            seen: BTreeSet::new(),
            base,
            _folder: None,
        }
    }

    pub(crate) fn command(&self) -> Command {
        command(&self.base)
    }

    /// Runs `countersign` to its end.
    pub(crate) fn cli(&self, arguments: &[&str]) -> Output {
        run(self.command().args(arguments))
    }

    /// Runs `countersign` in the background.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Agent {
        Agent::of(self.command().args(arguments))
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let output = self.cli(&[&["--json"], arguments].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    }

    /// A folder for what programs do.
    pub(crate) fn work(&self) -> PathBuf {
        self.base.join("work")
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.base.join("data/countersign/gates/home")
    }

    pub(crate) fn anchor(&self) -> PathBuf {
        self.base.join("state/countersign/anchors/home")
    }

    pub(crate) fn gate_box(&self) -> PathBuf {
        self.base.join("data/countersign/spool/gates/home")
    }

    /// What the gate listens on.
    pub(crate) fn socket(&self) -> PathBuf {
        self.base.join("run/countersign/home.sock")
    }

    /// A file in [`Bed::work`] that a program leaves when it ran; how often it did.
    pub(crate) fn marks(&self) -> usize {
        std::fs::read_to_string(self.work().join("ran")).map_or(0, |text| text.lines().count())
    }

    /// A command that leaves a mark each time it runs.
    pub(crate) fn mark(&self) -> Vec<String> {
        let script = format!("echo ran >> {}", self.work().join("ran").display());
        vec!["/bin/sh".to_owned(), "-c".to_owned(), script]
    }

    /// Proposes the marking command and does not wait; its id.
    pub(crate) fn propose_mark(&self, options: &[&str]) -> String {
        let mark = self.mark();
        let mut arguments = vec!["run", "--no-wait"];
        arguments.extend(options);
        arguments.push("--");
        arguments.extend(mark.iter().map(String::as_str));
        let output = self.cli(&arguments);
        assert_eq!(output.status.code(), Some(98), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn start(&mut self) {
        self.begin();
        until("the gate to answer", || self.cli(&["status"]).status.success().then_some(()));
    }

    /// Starts the gate and waits for nothing.
    pub(crate) fn begin(&mut self) {
        let log = std::fs::File::options().create(true).append(true).open(self.base.join("log")).unwrap();
        let gate = self.command().arg("gate").stderr(log).spawn().unwrap();
        self.gate = Some(gate);
    }

    /// Asks the gate to end.
    pub(crate) fn stop(&mut self) {
        self.signal(rustix::process::Signal::TERM);
    }

    /// Kills the gate with SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.signal(rustix::process::Signal::KILL);
    }

    /// Sends the gate a signal that does not end it.
    /// Sends `signal` to the gate, which stops or goes on by it: on return all of its threads have, also one that
    /// waited for a disk.
    pub(crate) fn signal_only(&self, signal: rustix::process::Signal) {
        let id = self.gate.as_ref().unwrap().id();
        let pid = rustix::process::Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
        let stops = signal == rustix::process::Signal::STOP;
        until("every thread of the gate to stop or to go on", || {
            let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
            // proc(5): the state stands behind the name, which may hold anything and ends with a parenthesis.
            let mut states =
                threads.filter_map(|it| std::fs::read_to_string(it.ok()?.path().join("stat")).ok());
            states.all(|it| it.rsplit_once(") ").unwrap().1.starts_with('T') == stops).then_some(())
        });
    }

    fn signal(&mut self, signal: rustix::process::Signal) -> ExitStatus {
        let mut gate = self.gate.take().unwrap();
        let pid = rustix::process::Pid::from_raw(i32::try_from(gate.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
        gate.wait().unwrap()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.base.join("log")).unwrap_or_default()
    }

    /// Takes what the gate sent.
    fn look(&mut self) {
        for arrival in self.inbox.scan().unwrap() {
            let Arrival::Message { name, kind, digest_in_name, bytes, .. } = arrival else { continue };
            self.inbox.done(&name).unwrap();
            if self.seen.insert(digest_in_name) {
                self.arrived.push((kind, digest_in_name, bytes));
            }
        }
    }

    /// All messages of one kind, in order.
    pub(crate) fn messages(&mut self, kind: Kind) -> Vec<(Digest, Vec<u8>)> {
        self.look();
        self.arrived.iter().filter(|it| it.0 == kind).map(|it| (it.1, it.2.clone())).collect()
    }

    pub(crate) fn blob(&self, digest: &Digest) -> Option<Vec<u8>> {
        self.inbox.blob(digest)
    }

    /// The next proposal that nobody asked for before.
    pub(crate) fn proposal(&mut self) -> Proposed {
        let (digest, envelope) = until("a proposal", || {
            self.look();
            let at = self.arrived.iter().position(|it| it.0 == Kind::Proposal)?;
            let (_, digest, envelope) = self.arrived.remove(at);
            Some((digest, envelope))
        });
        let proposal = signed::<Proposal>(&envelope, &self.root, now()).unwrap().into_value();
        Proposed { digest, proposal, envelope }
    }

    pub(crate) fn receipt(&mut self, of: &Digest) -> Receipt {
        until("a receipt", || {
            self.messages(Kind::Receipt).into_iter().find_map(|(_, bytes)| {
                let receipt = signed::<Statement<Receipt>>(&bytes, &self.root, now()).unwrap().into_value();
                (receipt.subject == *of).then_some(receipt.predicate)
            })
        })
    }

    /// The code by which every action of a proposal was refused.
    pub(crate) fn refused(&mut self, of: &Digest) -> String {
        let receipt = self.receipt(of);
        let codes: BTreeSet<String> = receipt
            .outcomes
            .iter()
            .map(|outcome| match outcome {
                Outcome::Refused { code, .. } => code.to_string(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(codes.len(), 1);
        assert!(receipt.burned.is_none());
        codes.into_iter().next().unwrap()
    }

    /// The codes of what was refused about a proposal, as `show` lists them.
    pub(crate) fn attempts(&self, id: &str) -> Vec<String> {
        let shown = self.json(&["show", id]);
        let attempts = shown["view"]["attempts"].as_array().cloned().unwrap_or_default();
        attempts.iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until something about a proposal was refused with `code`.
    pub(crate) fn until_refused(&self, id: &str, code: &str) {
        until(code, || self.attempts(id).iter().any(|it| it == code).then_some(()));
    }

    /// Sends `envelope` to the gate.
    pub(crate) fn send(&self, kind: Kind, envelope: &Envelope) {
        self.send_bytes(kind, &envelope.digest(), &envelope.to_bytes());
    }

    pub(crate) fn send_bytes(&self, kind: Kind, digest: &Digest, bytes: &[u8]) {
        Writer::open(&self.gate_box()).unwrap().send(kind, digest, bytes).unwrap();
    }

    pub(crate) fn send_blob(&self, bytes: &[u8]) -> Digest {
        let digest = Digest::of(bytes);
        Writer::open(&self.gate_box()).unwrap().put_blob(&digest, bytes).unwrap();
        digest
    }

    /// What the person says to a proposal; change it before it is signed.
    pub(crate) fn decision(&self, proposed: &Proposed, verdict: Verdict) -> Decision {
        Decision {
            verdict,
            comment: None,
            reviewer: "ada".parse().unwrap(),
            gate: proposed.proposal.gate.clone(),
            epoch: proposed.proposal.epoch,
            nonce: proposed.proposal.nonce,
            not_before: proposed.proposal.not_before,
            expires: proposed.proposal.expires,
            signed_at: now(),
            root_version: 1,
            rules: proposed.proposal.rules,
            sheet: Sheet { sha256: Digest::of(b"a sheet"), version: 1 },
            acknowledged: vec![],
            not_shown: None,
            sequence: 1,
            together: vec![],
        }
    }

    /// The decision about `subject`, signed.
    pub(crate) fn sign(decision: Decision, subject: Digest, key: &SecretKey) -> Envelope {
        let statement = Statement { subject, predicate: decision };
        Envelope::sign(IN_TOTO, statement.to_payload(DECISION), key)
    }

    /// An approval by the person, signed and not sent.
    pub(crate) fn approval(&self, proposed: &Proposed) -> Envelope {
        let decision = self.decision(proposed, Verdict::Approve);
        Self::sign(decision, proposed.digest, &self.person)
    }

    pub(crate) fn approve(&self, proposed: &Proposed) -> Envelope {
        let approval = self.approval(proposed);
        self.send(Kind::Decision, &approval);
        approval
    }

    pub(crate) fn deny(&self, proposed: &Proposed, comment: &str) {
        let mut decision = self.decision(proposed, Verdict::Deny);
        decision.comment = Some(comment.to_owned());
        self.send(Kind::Decision, &Self::sign(decision, proposed.digest, &self.device));
    }

    /// The person takes back what they decided.
    pub(crate) fn withdraw(&self, decision: &Digest) {
        let predicate = Withdrawal {
            gate: "home".parse().unwrap(),
            by: Withdrawer::Reviewer("ada".parse().unwrap()),
            at: now(),
            reason: None,
        };
        let payload = Statement { subject: *decision, predicate }.to_payload(WITHDRAWAL);
        self.send(Kind::Withdrawal, &Envelope::sign(IN_TOTO, payload, &self.person));
    }

    /// The device halts `scope`; the halt's digest.
    pub(crate) fn halt(&self, scope: Scope, id: u8) -> Digest {
        let envelope = self.signed_halt(scope, id);
        self.send(Kind::Halt, &envelope);
        envelope.digest()
    }

    /// A halt that is not sent yet. Another second makes another one of it.
    pub(crate) fn signed_halt(&self, scope: Scope, id: u8) -> Envelope {
        let halt = Halt { id: Nonce::from_bytes([id; 16]), scope, at: now(), reason: None };
        Envelope::sign(halt::HALT, json::to_bytes(&halt), &self.device)
    }

    pub(crate) fn lift(&self, halt: &Digest) {
        let lift = Lift { halt: *halt, reviewer: "ada".parse().unwrap(), at: now(), reason: None };
        self.send(Kind::Lift, &Envelope::sign(halt::LIFT, json::to_bytes(&lift), &self.person));
    }

    /// The device says what it committed.
    pub(crate) fn acknowledge(&self, epoch: u8, digests: Vec<Digest>) {
        let by = Receiver::Device("laptop".parse().unwrap());
        let ack = Acknowledgement { by, epoch: Epoch::from_bytes([epoch; 16]), digests };
        self.send(Kind::Ack, &Envelope::sign(ack::TYPE, json::to_bytes(&ack), &self.device));
    }

    /// Whether the gate acknowledged `digest`.
    pub(crate) fn acknowledged(&mut self, digest: &Digest) -> bool {
        self.messages(Kind::Ack).into_iter().any(|(_, bytes)| {
            let ack = signed::<Acknowledgement>(&bytes, &self.root, now()).unwrap().into_value();
            ack.digests.contains(digest)
        })
    }

    /// The reason files in `bad`, by the name of the message.
    pub(crate) fn bad(&self) -> BTreeMap<String, String> {
        let entries = std::fs::read_dir(self.gate_box().join("bad")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let why = paths.filter(|path| path.extension().is_some_and(|it| it == "why"));
        why.map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
    }

    /// Changes the gate's configuration by hand.
    pub(crate) fn configure(&self, change: impl FnOnce(&mut serde_json::Value)) {
        let path = self.home().join("gate.json");
        let mut config = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        change(&mut config);
        std::fs::write(&path, serde_json::to_vec(&config).unwrap()).unwrap();
    }
}

/// Runs a command to its end, which has to come.
pub(crate) fn run(command: &mut Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || send.send(child.wait_with_output().unwrap()));
    receive.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        panic!("no end of {command:?}")
    })
}

impl Drop for Bed {
    fn drop(&mut self) {
        if let Some(mut gate) = self.gate.take() {
            let _ = gate.kill();
            let _ = gate.wait();
        }
        #[allow(clippy::print_stderr, reason = "for whoever looks why a test failed")]
        if std::thread::panicking() {
            eprintln!("--- the gate's log\n{}", self.log());
        }
    }
}

fn command(base: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .env_clear()
        .env("HOME", base)
        .env("PATH", "/usr/bin:/bin")
        .env("XDG_DATA_HOME", base.join("data"))
        .env("XDG_STATE_HOME", base.join("state"))
        .env("XDG_RUNTIME_DIR", base.join("run"))
        .current_dir(base.join("work"))
        .stdin(Stdio::null());
    command
}

/// A root that names all of them, and its digest.
fn first_root(
    gate: PublicKey,
    person: &SecretKey,
    device: &SecretKey,
    administrator: &SecretKey,
) -> (Vec<u8>, Digest) {
    let from = Timestamp::from_seconds(0);
    let name = || "ada".parse().unwrap();
    let root = Root {
        version: 1,
        created: from,
        threshold: 1,
        entries: vec![
            Entry::new(administrator.public(), Holder::Administrator { name: name() }, from),
            Entry::new(person.public(), Holder::Person { name: name() }, from),
            Entry::new(
                device.public(),
                Holder::Device { name: "laptop".parse().unwrap(), person: name() },
                from,
            ),
            Entry::new(gate, Holder::Gate { gate: "home".parse().unwrap() }, from),
        ],
    };
    let envelope = Envelope::sign(root::TYPE, root.to_payload().unwrap(), administrator);
    (envelope.to_bytes(), envelope.digest())
}

/// A `countersign` that waits.
pub(crate) struct Agent {
    child: Child,
    // Read as it comes, so that a full pipe holds nobody up. Standard output, then standard error.
    streams: [Option<Stream>; 2],
}

/// What a program says, as far as it has.
struct Stream {
    said: Arc<Mutex<String>>,
    reads: JoinHandle<()>,
}

impl Stream {
    fn of(from: impl Read + Send + 'static) -> Self {
        let said = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&said);
        let reads = std::thread::spawn(move || {
            let mut from = BufReader::new(from);
            let mut line = String::new();
            while from.read_line(&mut line).unwrap() > 0 {
                heard.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        Self { said, reads }
    }

    fn end(self) -> String {
        self.reads.join().unwrap();
        std::mem::take(&mut self.said.lock().unwrap())
    }
}

impl Agent {
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let streams = [Some(Stream::of(out)), Some(Stream::of(err))];
        Self { child, streams }
    }

    /// Waits until it has said `what` on standard error.
    pub(crate) fn says(&self, what: &str) {
        until(what, || self.streams[1].as_ref().unwrap().said.lock().unwrap().contains(what).then_some(()));
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Whether it handles `signal` itself (proc(5), `SigCgt`).
    pub(crate) fn listens_for(&self, signal: rustix::process::Signal) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & (1 << (signal.as_raw() - 1)) != 0
    }

    /// Waits for its end: exit status, standard output, standard error.
    pub(crate) fn end(mut self) -> (i32, String, String) {
        let status = until("the end of a command", || self.child.try_wait().unwrap());
        let [out, err] = std::mem::take(&mut self.streams).map(|it| it.unwrap().end());
        (status.code().unwrap_or(-1), out, err)
    }
}

impl Drop for Agent {
    /// One that still waits would wait for the gate for ever.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
