//! A program in the background, whose output goes to a file and which ends with the value that holds it.
//!
//! Pipes are not used for what goes on running: whoever inherits one could keep a reader waiting for ever.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal};

use crate::until::until;

/// A running program, the leader of a process group of its own.
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command` with both outputs in `log`.
    pub fn start(command: &mut Command, log: &Path) -> Self {
        Self::start_reading(command, Stdio::null(), log)
    }

    /// As [`Process::start`], with something on standard input.
    pub fn start_reading(command: &mut Command, stdin: Stdio, log: &Path) -> Self {
        let file = File::options().create(true).append(true).open(log).unwrap();
        command.stdin(stdin).stdout(file.try_clone().unwrap()).stderr(file).process_group(0);
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("{:?} could not be started: {error}", command.get_program()),
        };
        Self { child, log: log.to_owned() }
    }

    /// What it wrote so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        let log = self.log.clone();
        until(&format!("{} ended", log.display()), || self.ended())
    }

    /// Sends it, and it alone, a signal.
    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Asks it to end, and waits until it has.
    #[track_caller]
    pub fn stop(mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.wait()
    }

    /// Ends it without asking.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if self.ended().is_none() {
            // The whole group: what it started must not outlive it.
            let _ = rustix::process::kill_process_group(Pid::from_child(&self.child), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Every process of the program `name`, of which the system keeps 15 bytes.
pub fn running(name: &str) -> Vec<Pid> {
    // Whoever is just ending still counts, and what has ended does not: `number (name) state ...`.
    all(|folder| {
        let stat = fs::read_to_string(folder.join("stat")).unwrap_or_default();
        let rest = stat.split_once('(').and_then(|(_, rest)| rest.split_once(") "));
        let threads = || fs::read_dir(folder.join("task")).map_or(0, Iterator::count);
        rest.is_some_and(|(found, state)| found == name && (!state.starts_with('Z') || threads() > 1))
    })
}

/// Every process whose folder in `/proc` passes.
pub(crate) fn all(is_it: impl Fn(&Path) -> bool) -> Vec<Pid> {
    assert!(crate::sealed::is_sealed(), "a process is looked for only where all are those of one test");
    let folders = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let number = |folder: PathBuf| Pid::from_raw(folder.file_name()?.to_str()?.parse().ok()?);
    folders.filter(|folder| is_it(folder)).filter_map(number).collect()
}
