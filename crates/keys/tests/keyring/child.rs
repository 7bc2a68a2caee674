//! The process under test: reads one command a line, answers with one line.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{ChildStdin, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use countersign_keys::{
    Cost, Error, Kept, Keyring, Keys, LossUnderstood, Passphrase, SecretPlace as _, Slot, Wanted,
    harden_process,
};
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;

use crate::GOOD;
use crate::desktop::{Desktop, HANG, Leash};

/// Set in the environment of the child: its folder.
pub(crate) const MARK: &str = "COUNTERSIGN_KEYS_UNDER_TEST";
const TIMEOUT: &str = "COUNTERSIGN_KEYS_TIMEOUT";

/// The test's end of the child.
pub(crate) struct Child {
    leash: Leash,
    commands: Option<ChildStdin>,
    answers: Receiver<String>,
}

impl Child {
    /// `timeout` is that of the keyring, in seconds.
    pub(crate) fn start(desktop: &Desktop, timeout: u64) -> Self {
        let mut command = desktop.command(std::env::current_exe().unwrap());
        command.env(MARK, desktop.keys_dir()).env(TIMEOUT, timeout.to_string());
        let mut leash = Leash::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
        let commands = leash.0.stdin.take();
        let output = BufReader::new(leash.0.stdout.take().unwrap());
        let (lines, answers) = channel();
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|it| lines.send(it)));
        Self { leash, commands, answers }
    }

    pub(crate) fn ask(&mut self, command: &str) -> String {
        writeln!(self.commands.as_mut().unwrap(), "{command}").unwrap();
        self.answers.recv_timeout(HANG).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    pub(crate) fn refuses(&mut self, command: &str, words: &str) {
        let answer = self.ask(command);
        assert!(answer.starts_with("error") && answer.contains(words), "{command}: {answer}");
    }

    /// Unlocks the reviewer key and gives its public half.
    pub(crate) fn unlocks(&mut self, passphrase: &str) -> String {
        let answer = self.ask(&format!("unlock {passphrase}"));
        answer.strip_prefix("unlocked ").unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    pub(crate) fn until_not_busy(&mut self, command: &str) -> String {
        for _ in 0..600 {
            let answer = self.ask(command);
            if !answer.contains("an earlier prompt") {
                assert!(!answer.starts_with("error"), "{answer}");
                return answer;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{command}: still busy");
    }

    /// Lets the process return from `main`, and waits until it has.
    pub(crate) fn end(mut self) {
        self.commands = None;
        assert!(self.leash.wait().success());
    }
}

/// The other end: what the child does.
pub(crate) fn run() {
    let dir = std::env::var_os(MARK).unwrap();
    let seconds = std::env::var(TIMEOUT).unwrap().parse().unwrap();
    let keyring = Arc::new(Keyring::new("test", Duration::from_secs(seconds)));
    let keys = Keys::open(Path::new(&dir), Arc::clone(&keyring) as _, Cost::LEAST).unwrap();
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let (command, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = act(&keys, &keyring, command, rest).unwrap_or_else(|error| format!("error: {error}"));
        println!("{answer}");
    }
}

fn act(keys: &Keys, keyring: &Keyring, command: &str, rest: &str) -> Result<String, Error> {
    let now = 1000;
    let typed = || Passphrase::new(rest.to_owned());
    let understood = || LossUnderstood::confirm(LossUnderstood::WORDS);
    let done = || "done".to_owned();
    Ok(match command {
        "create" => {
            let good = Passphrase::new(GOOD.to_owned());
            place(keys.create(&good, understood()?, Wanted::KeyringElseFile, now)?.kept)
        }
        "device" => {
            if keys.device()?.is_none() {
                keys.create_device(Wanted::KeyringElseFile)?;
            }
            place(keys.about(now)?.device.unwrap().kept)
        }
        "unlock" => format!("unlocked {}", keys.reviewer()?.unlock(keys, &typed(), now)?.public().to_hex()),
        "change-passphrase" => {
            keys.change_passphrase(&Passphrase::new(GOOD.to_owned()), &typed(), now).map(|()| done())?
        }
        "delete" => keys.delete(understood()?).map(|()| done())?,
        "move-to-keyring" => keys.move_to_keyring().map(|()| done())?,
        "move-to-file" => keys.move_to_file().map(|()| done())?,
        "where" => place(keys.about(now)?.ring.unwrap().kept),
        "look" => keyring.look().map(|()| "ready".to_owned())?,
        "look-in-keyring" => seen(keyring)?,
        "look-in-keyring-of" => seen(&Keyring::new(rest, HANG))?,
        "empty-keyring-of" => Keyring::new(rest, HANG).delete(Slot::Ring).map(|()| done())?,
        "lock-keyring" => {
            let service = SecretService::connect(EncryptionType::Plain).unwrap();
            let collection = service.get_default_collection().unwrap();
            collection.lock().unwrap();
            assert!(collection.is_locked().unwrap());
            done()
        }
        "plant-second-item" => {
            let service = SecretService::connect(EncryptionType::Plain).unwrap();
            let collection = service.get_default_collection().unwrap();
            let items = collection.get_all_items().unwrap();
            let ours = items.iter().find(|it| it.get_label().unwrap() == "Countersign: key ring").unwrap();
            let mut attributes = ours.get_attributes().unwrap();
            attributes.insert("more".to_owned(), "so it is another item".to_owned());
            let attributes: HashMap<&str, &str> = attributes.iter().map(|(k, v)| (&**k, &**v)).collect();
            collection.create_item("planted", attributes, b"x", false, "text/plain").unwrap();
            done()
        }
        "harden" => harden_process().map(|()| done())?,
        "dumpable" => format!("{:?}", rustix::process::dumpable_behavior().unwrap()),
        "core-limit" => {
            let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
            format!("{:?} {:?}", limit.current, limit.maximum)
        }
        other => panic!("{other}"),
    })
}

fn seen(keyring: &Keyring) -> Result<String, Error> {
    let seen = keyring.read(Slot::Ring)?;
    Ok(if seen.is_some() { "something" } else { "nothing" }.to_owned())
}

fn place(kept: Kept) -> String {
    match kept {
        Kept::Keyring => "keyring".to_owned(),
        Kept::File { why } => format!("file {why:?}"),
    }
}
