//! Gates of this machine: made and started as processes of their own.
//!
//! The app and `countersign init` tell each other their public halves: the
//! gate its key, the app the root's digest. Nothing is compared by a person,
//! because one process made both.

use std::fs::OpenOptions;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::key::PublicKey;
use countersign_core::name::GateId;
use countersign_keys::Passphrase;
use countersign_sources::spool::Writer;

use crate::core::Inner;
use crate::looking::names;
use crate::{Error, Event, files};

/// How long `countersign init` may take.
const INIT_WITHIN: Duration = Duration::from_secs(60);

/// How long a gate may take until it reads its box.
const ALIVE_WITHIN: Duration = Duration::from_secs(15);

/// The most that is read of what a child process prints.
const MOST: u64 = 64 * 1024;

impl Inner {
    pub(crate) fn create_gate(&self, passphrase: &Passphrase) -> Result<GateId, Error> {
        let gate = self.options.gate.clone();
        self.core().still_here()?;
        if self.core().settings.is_none() {
            return Err(Error::NotSetUp);
        }
        // One that was made before, by a set-up that was cut short, is taken as it is.
        let name = gate.as_str();
        let printed = self
            .run("asked", &["key", "--gate", name, "--json"])
            .or_else(|_| self.run("made", &["init", "--name", name, "--json"]))?;
        let key = public_key(&printed)
            .ok_or(Error::GateFailed { what: "made", says: "it did not print its public key".to_owned() })?;
        self.check_not_of_another(&gate, key)?;
        let me = rustix::process::geteuid().as_raw();
        let digest = self.enrol(&gate, key, Some(me), passphrase)?;
        self.pin(&digest)?;
        self.start_gate()?;
        Ok(gate)
    }

    /// A gate pins its root once. Where that names a key in whose place another was made, a new root
    /// would only lose the old one, with which a backup could still be used.
    fn check_not_of_another(&self, gate: &GateId, key: PublicKey) -> Result<(), Error> {
        let mine = self.keys.about(self.seconds())?.ring.ok_or(Error::NotSetUp)?.reviewer.public();
        let core = self.core();
        let Some(root) = &core.root else { return Ok(()) };
        let pinned = root.root().gate(gate).is_some_and(|entry| entry.key == key);
        if !pinned || names(root, &mine) {
            return Ok(());
        }
        let says = format!(
            "it trusts the key that was here before, and no other. Delete this key and restore that one from its \
             backup; or, if that is lost, stop the gate, remove {}, and try again for a new gate",
            self.layout.gate(gate).display()
        );
        Err(Error::GateFailed { what: "made to trust this key", says })
    }

    fn pin(&self, digest: &Digest) -> Result<(), Error> {
        let root = self.layout.root();
        let root = root
            .to_str()
            .ok_or(Error::Damaged { path: root.clone(), why: "its path is not UTF-8".to_owned() })?;
        let (name, digest) = (self.options.gate.as_str(), digest.to_string());
        let pin = ["init", "--name", name, "--trust", root, "--digest", &digest, "--json"];
        self.run("pinned", &pin).map(|_| ())
    }

    fn try_start_gate(&self) -> Result<(), Error> {
        self.core().still_here()?;
        let gate = &self.options.gate;
        let writer = Writer::open(&self.layout.gate_box(gate))?;
        if writer.reader_alive() {
            return Ok(());
        }
        // A set-up that was cut short wrote the root and did not bring it to the gate. Pinned twice is
        // pinned once; why it cannot be, the gate says itself when it starts.
        let first = self.core().root.as_ref().filter(|it| it.root().version == 1).map(|it| *it.digest());
        if let Some(Err(error)) = first.map(|digest| self.pin(&digest)) {
            tracing::warn!(%error, "the root was not pinned");
        }
        let folder = self.layout.gate(gate);
        files::private_folder(&folder)?;
        let log = folder.join("gate.log");
        let file = |path: &Path| {
            let open = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
            open.map_err(|cause| Error::File { path: path.to_owned(), cause })
        };
        let mut command = self.command(&["gate", "--gate", gate.as_str()]);
        // A group of its own: a Ctrl-C meant for the app does not stop it.
        command.stdin(Stdio::null()).stdout(file(&log)?).stderr(file(&log)?).process_group(0);
        let mut child = self.spawn(command)?;
        let until = Instant::now() + ALIVE_WITHIN;
        while !writer.reader_alive() {
            let ended = child.try_wait().ok().flatten();
            if ended.is_some() || Instant::now() >= until {
                let says = match ended {
                    Some(status) => format!("it ended ({status}): {}", last_lines(&log)),
                    None => "it runs, and does not read its box".to_owned(),
                };
                reap(child);
                return Err(Error::GateFailed { what: "started", says });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        reap(child);
        Ok(())
    }

    /// Starts the gate that was made here, unless it runs; `false` where none was made.
    pub(crate) fn start_gate_made_here(&self) -> Result<bool, Error> {
        let gate = &self.options.gate;
        if !self.core().gates().contains(gate) || !self.layout.gate(gate).join("gate.json").exists() {
            return Ok(false);
        }
        self.start_gate().map(|()| true)
    }

    /// Starts the gate of this machine, unless somebody reads its box already. It outlives the app. Why it did not
    /// start is kept for whoever looks.
    pub(crate) fn start_gate(&self) -> Result<(), Error> {
        // Two at once would each take the other for a gate that is in the way.
        let _starting = self.starting.lock().unwrap_or_else(PoisonError::into_inner);
        let started = self.try_start_gate();
        self.core().not_started = started.as_ref().err().map(ToString::to_string);
        self.tell(Event::GatesChanged);
        started
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.options.gate_program);
        command.args(arguments).envs(self.layout.env());
        // Where this app looks, and as nobody in particular.
        for name in ["COUNTERSIGN_SOCKET", "COUNTERSIGN_TOKEN", "COUNTERSIGN_SESSION"] {
            command.env_remove(name);
        }
        command
    }

    fn spawn(&self, mut command: Command) -> Result<Child, Error> {
        command.spawn().map_err(|cause| Error::GateMissing { path: self.options.gate_program.clone(), cause })
    }

    /// What the program prints, when it ends well and in time.
    fn run(&self, what: &'static str, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        self.run_to(what, arguments, 0)
    }

    /// What the program prints, when it ends in time, with the exit status `well`.
    pub(crate) fn run_to(&self, what: &'static str, arguments: &[&str], well: i32) -> Result<Vec<u8>, Error> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.spawn(command)?;
        let (printed, said) = (collect(child.stdout.take()), collect(child.stderr.take()));
        let until = Instant::now() + INIT_WITHIN;
        let failed = |says: String| Error::GateFailed { what, says };
        let status = loop {
            match child.try_wait().map_err(|error| failed(error.to_string()))? {
                Some(status) => break status,
                None if Instant::now() >= until => {
                    let _ = child.kill();
                    reap(child);
                    return Err(failed(format!("it did not end within {} s", INIT_WITHIN.as_secs())));
                }
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        if status.code() != Some(well) {
            let said = said.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
            let printed = printed.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
            let said = error_in(&printed).unwrap_or(String::from_utf8_lossy(&said).trim().to_owned());
            return Err(failed(format!("{status}: {said}")));
        }
        Ok(printed.recv_timeout(Duration::from_secs(1)).unwrap_or_default())
    }
}

/// Reads in a thread, so that a child that prints much never waits for us, nor we for a grandchild.
fn collect(from: Option<impl Read + Send + 'static>) -> std::sync::mpsc::Receiver<Vec<u8>> {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut from) = from {
            let _ = from.by_ref().take(MOST).read_to_end(&mut bytes);
            let _ = send.send(bytes);
            let _ = std::io::copy(&mut from, &mut std::io::sink());
        }
    });
    receive
}

/// Waits for the end of a child in a thread, so that none is left as a zombie.
fn reap(mut child: Child) {
    std::thread::spawn(move || child.wait());
}

fn public_key(printed: &[u8]) -> Option<PublicKey> {
    let said = json::parse(printed).ok()?;
    PublicKey::parse_hex(said.get("key")?.as_str()?).ok()
}

/// What the program says, with `--json`, when it refuses.
fn error_in(printed: &[u8]) -> Option<String> {
    // It has nulls, which nothing that is signed has.
    let said = json::parse_foreign(printed).ok()?;
    Some(said.get("error")?.get("why")?.as_str()?.to_owned())
}

fn last_lines(log: &Path) -> String {
    let text = files::read(log).ok().flatten().unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().rev().take(3).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
}
