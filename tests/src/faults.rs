//! Disks without room and disks that fail.

use std::fs::{self, DirBuilder, File};
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Pid, Signal};

use crate::process::Process;
use crate::until::until_so;

/// A small file system in a folder, until this is dropped.
pub struct Small {
    folder: PathBuf,
}

impl Small {
    /// Mounts one of so many mebibytes.
    ///
    /// # Panics
    ///
    /// Outside a sealed test, or when this user can mount nothing even there.
    pub fn mount(folder: &Path, mebibytes: u32) -> Self {
        assert!(crate::sealed::is_sealed(), "a file system is mounted only where nobody else sees it");
        DirBuilder::new().recursive(true).mode(0o700).create(folder).unwrap();
        let size = format!("size={mebibytes}m,mode=0700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "small"]).arg(folder).output();
        let mounted = mounted.expect("this test needs mount(8)");
        assert!(mounted.status.success(), "this test mounts a small file system: {mounted:?}");
        Self { folder: folder.to_owned() }
    }

    /// Takes all the room there is.
    pub fn fill(&self) {
        let mut file = File::create(self.filler()).unwrap();
        for size in [65536, 4096, 512, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    }

    /// Gives it back.
    pub fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // A folder on which something is mounted cannot be removed.
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}

/// System calls of a running process that fail with EIO, until this is dropped.
pub struct Failing(Option<Process>);

impl Failing {
    /// Lets `calls`, names with commas between them, fail in the process `pid`, and waits until they do.
    ///
    /// # Panics
    ///
    /// When there is no strace, or it may not watch the process.
    pub fn calls(pid: Pid, calls: &str, log: &Path) -> Self {
        let _ = fs::remove_file(log);
        let mut command = Command::new("strace");
        let inject = format!("inject={calls}:error=EIO");
        command.args(["-f", "-e", &format!("trace={calls}"), "-e", &inject, "-o", "/dev/null"]);
        command.args(["-p", &pid.as_raw_nonzero().to_string()]);
        let mut process = Process::start(&mut command, log);
        until_so("the disk fails", || {
            assert!(process.ended().is_none(), "strace ended: {}", process.log());
            process.log().contains("attached")
        });
        Self(Some(process))
    }
}

impl Drop for Failing {
    fn drop(&mut self) {
        if let Some(process) = self.0.take() {
            // Asked to end, it lets go of what it watches first.
            process.signal(Signal::INT);
            let mut process = process;
            process.wait();
        }
    }
}
