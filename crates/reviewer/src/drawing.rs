//! Pictures are decoded by a process of their own, which has nothing to lose.
//!
//! It is this program, started once more and told so by [`DRAW`]. It inherits no environment, opens nothing, and is
//! ended when it takes too long; what it answers is taken only where it holds together. A decoder that panics,
//! hangs, takes all of its memory or is taken over costs that process.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use countersign_core::content::MAX_TOTAL;
use countersign_images::{Answer, answer, longest, parse};
use rustix::process::{Resource, Rlimit, nice, setrlimit};

/// The argument that makes a process decode one picture, or compare two, and end.
pub const DRAW: &str = "--draw-picture";

/// How long it may take. A large photograph takes less than one second.
const WITHIN: Duration = Duration::from_secs(10);

/// Seconds of a processor.
const SECONDS: u64 = 8;

/// Bytes of memory: three pictures of the most pixels, of 16 bits.
const MEMORY: u64 = 1 << 30;

/// Asks a process of its own. `None` when it gave no answer that holds.
pub(crate) fn ask(program: &Path, asked: Vec<u8>) -> Option<Answer> {
    within(Command::new(program).arg0("countersign-draw").arg(DRAW), asked, WITHIN)
}

fn within(command: &mut Command, asked: Vec<u8>, time: Duration) -> Option<Answer> {
    // Where libraries of the system lie elsewhere, it would not start without.
    let libraries: Option<OsString> = std::env::var_os("LD_LIBRARY_PATH");
    command.env_clear().envs(libraries.map(|it| ("LD_LIBRARY_PATH", it))).current_dir("/");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Ends(command.spawn().ok()?);
    let (mut to, from) = (child.0.stdin.take()?, child.0.stdout.take()?);
    let (done, is_done) = channel();
    // What it does not read, it did not need.
    let write = move || drop(to.write_all(&asked));
    let read = move || {
        let mut all = Vec::new();
        let read = from.take(longest() + 1).read_to_end(&mut all);
        drop(done.send(read.map(|_| all)));
    };
    thread::Builder::new().name("draw-ask".to_owned()).spawn(write).ok()?;
    thread::Builder::new().name("draw-hear".to_owned()).spawn(read).ok()?;
    let said = is_done.recv_timeout(time).ok()?.ok()?;
    (said.len() as u64 <= longest()).then(|| parse(&said))?
}

/// Ends with its holder.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        // One that ended is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a process does that was started with [`DRAW`]: reads what is asked, answers, and ends.
#[must_use]
pub fn draw_apart() -> ExitCode {
    if confine().is_err() {
        return ExitCode::FAILURE;
    }
    let mut asked = Vec::new();
    let most = MAX_TOTAL.saturating_add(1024);
    if std::io::stdin().lock().take(most).read_to_end(&mut asked).is_err() {
        return ExitCode::FAILURE;
    }
    let said = answer(&asked);
    let mut out = std::io::stdout().lock();
    match out.write_all(&said).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Gives up what drawing does not need: new files and sockets, processes, memory and time without end.
fn confine() -> rustix::io::Result<()> {
    let most = [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 0),
        (Resource::Nproc, 0),
        (Resource::Cpu, SECONDS),
        (Resource::Data, MEMORY),
    ];
    for (resource, most) in most {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    // The window goes first.
    let _ = nice(10);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn shell(line: &str, time: Duration) -> Option<Answer> {
        within(Command::new("/bin/sh").args(["-c", line]), vec![b'x'; 1 << 20], time)
    }

    #[test]
    fn what_hangs_fails_or_never_ends_its_answer_is_no_picture_and_is_ended() {
        let begun = Instant::now();
        for line in
            ["exec sleep 60", "exec cat >/dev/null; exit 0", "exit 3", "kill -SEGV $$", "echo drawn 1 1 1 1"]
        {
            assert_eq!(shell(line, Duration::from_millis(400)), None, "{line}");
        }
        assert_eq!(shell("exec yes", Duration::from_secs(20)), None);
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        let missing = within(&mut Command::new("/no/such/program"), Vec::new(), Duration::from_secs(1));
        assert_eq!(missing, None);
    }

    #[test]
    fn it_inherits_no_environment_and_is_heard() {
        let asks = r#"[ -z "$HOME$DISPLAY$DBUS_SESSION_BUS_ADDRESS" ] && echo same"#;
        let heard = shell(asks, Duration::from_secs(20));
        assert_eq!(heard, Some(Answer::Compared(countersign_images::Compared::Same)));
    }
}
