//! Which process is a gate of this machine, from the lock that it holds.

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use countersign_core::name::GateId;
use countersign_sources::layout::Layout;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::core::Inner;
use crate::{Error, files};

/// How long a gate may take to end: it ends its programs first.
const END_WITHIN: Duration = Duration::from_secs(15);

/// How long it may take to write its number into the lock that it took.
const KNOWN_WITHIN: Duration = Duration::from_secs(2);

impl Inner {
    /// The gates among `gates` that run, each with its process where that is known.
    pub(crate) fn pids(&self, gates: &[GateId]) -> Vec<(GateId, Option<u32>)> {
        let pid = |gate: &GateId| holder(&self.layout.gate(gate).join("lock"));
        let known = gates.iter().map(|gate| (gate.clone(), pid(gate)));
        known.map(|(gate, pid)| (gate, pid.map(|it| it.as_raw_nonzero().get().unsigned_abs()))).collect()
    }
}

/// Ends the gate `gate` of this machine, and waits until it is gone. What does not run is ended already.
pub(crate) fn stop_gate(layout: &Layout, gate: &GateId) -> Result<(), Error> {
    let folder = layout.gate(gate);
    // What a link leads to is not ours to end.
    if !std::fs::symlink_metadata(&folder).is_ok_and(|it| it.is_dir()) {
        return Ok(());
    }
    let lock = folder.join("lock");
    let failed = |says: String| Error::GateFailed { what: "stopped", says };
    let begun = Instant::now();
    let mut asked = None;
    while is_held(&lock) {
        if let Some(pid) = holder(&lock).filter(|pid| asked != Some(*pid))
            // Held by a descriptor, so that the signal never reaches another that got its number.
            && let Ok(process) = pidfd_open(pid, PidfdFlags::empty())
            && holder(&lock) == Some(pid)
        {
            pidfd_send_signal(&process, Signal::TERM).map_err(|cause| failed(cause.to_string()))?;
            asked = Some(pid);
        }
        if begun.elapsed() >= if asked.is_some() { END_WITHIN } else { KNOWN_WITHIN } {
            return Err(failed(match asked {
                Some(pid) => format!("process {} did not end when it was asked to", pid.as_raw_nonzero()),
                None => format!("it is not known which process holds {}", lock.display()),
            }));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Whether somebody holds the lock.
fn is_held(lock: &Path) -> bool {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let Ok(file) = open(lock, flags, Mode::empty()) else { return false };
    match File::from(file).try_lock() {
        Ok(()) => false,
        Err(_) => true,
    }
}

/// The process that wrote its number into the lock, when the kernel says that it holds it (proc(5), `locks`).
fn holder(lock: &Path) -> Option<Pid> {
    let meta = std::fs::symlink_metadata(lock).ok().filter(|it| it.file_type().is_file())?;
    let text = files::read(lock).ok()??;
    let said: i32 = std::str::from_utf8(&text).ok()?.trim().parse().ok()?;
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let inode = format!(":{}", meta.ino());
    let holds = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.get(1) == Some(&"FLOCK")
            && words.get(4).and_then(|it| it.parse().ok()) == Some(said)
            && words.get(5).is_some_and(|it| it.ends_with(&inode))
    };
    locks.lines().any(holds).then(|| Pid::from_raw(said)).flatten()
}
