//! Ends everything that was started on it, however xtask itself ends: done, failed, Ctrl-C or killed.
//!
//! A small shell in a process group of its own reads from a pipe that only xtask holds. When the pipe
//! closes, for whatever reason, it ends the process groups it was told of and every process that carries
//! the leash's mark in its environment, so that one which moved to another session is found too. First
//! `TERM`, then, for what is still there after three seconds, `KILL`.
//!
//! Not caught: a process that changed its group and wiped its environment.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

const MARK: &str = "COUNTERSIGN_LEASH";

const WATCH: &str = r#"
trap '' HUP INT TERM
groups= folder=
while read -r kind value; do
  case $kind in
    group) groups="$groups -$value" ;;
    folder) folder=$value ;;
  esac
done
marked() {
  for file in $(grep -lszxF "$1" /proc/[0-9]*/environ); do
    file=${file#/proc/}
    echo "${file%/environ}"
  done
}
end() {
  for process in $groups $found; do kill -s "$1" -- "$process"; done
}
found=$(marked "$1")
end TERM
tries=0
while [ -n "$found" ] && [ $tries -lt 30 ]; do
  sleep 0.1
  tries=$((tries + 1))
  found=$(marked "$1")
done
end KILL
[ -z "$folder" ] || rm -rf -- "$folder"
"#;

pub(crate) struct Leash {
    watcher: Child,
    /// Taken when dropped: closing it is the signal.
    pipe: Option<ChildStdin>,
    mark: String,
}

impl Leash {
    pub(crate) fn new() -> io::Result<Leash> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mark = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut watcher = Command::new("sh")
            .args(["-c", WATCH, "leash", &format!("{MARK}={mark}")])
            .env_remove(MARK)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let pipe = watcher.stdin.take();
        Ok(Leash { watcher, pipe, mark })
    }

    /// Starts `command` in a group of its own, out of reach of the terminal: `stdin` says what it may read.
    ///
    /// The mark finds it if this process ends before the group is told.
    pub(crate) fn spawn(&mut self, command: &mut Command, stdin: Stdio) -> io::Result<Child> {
        let child = command.stdin(stdin).process_group(0).env(MARK, &self.mark).spawn()?;
        self.tell("group", &child.id().to_string())?;
        Ok(child)
    }

    /// Removes `folder` with all that is in it after the last process has ended.
    pub(crate) fn remove_at_end(&mut self, folder: &Path) -> io::Result<()> {
        self.tell("folder", &folder.to_string_lossy())
    }

    fn tell(&mut self, kind: &str, value: &str) -> io::Result<()> {
        match &mut self.pipe {
            Some(pipe) => writeln!(pipe, "{kind} {value}"),
            None => Ok(()),
        }
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.watcher.wait();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;
    use std::io::{BufRead, BufReader};

    fn alive(process: &str) -> bool {
        // One that ended but was not waited for is a zombie (proc(5)). The state follows the name in brackets.
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
    }

    #[test]
    fn what_left_its_group_and_session_ends_with_the_leash() {
        let mut leash = Leash::new().unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", "setsid sh -c 'echo $$; exec sleep 1000' & wait"]).stdout(Stdio::piped());
        let mut child = leash.spawn(&mut shell, Stdio::null()).unwrap();
        let mut far = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut far).unwrap();
        assert!(alive(far.trim()));

        drop(leash);

        assert!(!alive(far.trim()));
        assert!(!child.wait().unwrap().success());
    }

    #[test]
    fn what_ignores_the_request_to_end_is_ended() {
        let mut leash = Leash::new().unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"]).stdout(Stdio::piped());
        let mut child = leash.spawn(&mut shell, Stdio::null()).unwrap();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();

        drop(leash);

        assert!(!child.wait().unwrap().success());
    }

    #[test]
    fn the_folder_goes_last() {
        let folder = std::env::temp_dir().join(format!("countersign-leash-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let mut leash = Leash::new().unwrap();
        leash.remove_at_end(&folder).unwrap();
        assert!(folder.exists());
        drop(leash);
        assert!(!folder.exists());
    }
}
