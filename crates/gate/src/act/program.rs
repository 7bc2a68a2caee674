//! Running a program: the opened descriptor, the signed arguments and environment, nothing inherited.
//!
//! The child has a process group of its own. It is not killed when the gate
//! is (that would need unsafe code between fork and exec); a gate that is
//! asked to end ends its children first, and one that is killed finds the
//! outcome unknown at its next start.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{PipeWriter, Read as _, Seek as _, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign_core::action::{Environment, Run};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::ostext::OsText;
use countersign_core::refusal::{Code, Refusal};
use rustix::process::{Pid, Signal, kill_process_group};
use sha2::Digest as _;

use super::{Done, MAX_INLINE, Workshop, changed};
use crate::paths::{self, Spot};
use crate::{Error, private, users};

/// How many bytes of each stream are kept. What is beyond is counted and hashed.
const MAX_KEPT: u64 = 16 * 1024 * 1024;

/// How long to wait for output that something left behind still holds open, after the program ended.
const LINGER: Duration = Duration::from_secs(2);

/// A program that can be run.
#[derive(Debug)]
pub(crate) struct Ready {
    executable: File,
    sha256: Digest,
    cwd: OwnedFd,
    arguments: Vec<OsText>,
    environment: Vec<(OsText, OsText)>,
    stdin: Option<Vec<u8>>,
    // Removed when it has run.
    script: Option<PathBuf>,
}

pub(super) fn prepare(
    run: &Run,
    bytes: &dyn Fn(&Content) -> Result<Vec<u8>, Refusal>,
    shop: &Workshop<'_>,
) -> Result<Ready, Refusal> {
    let path = paths::path(&run.executable.path);
    let held = Spot::of(&path).and_then(|spot| spot.hold()).map_err(|error| changed(&path, error))?;
    if held.sha256 != run.executable.sha256 {
        return Err(changed(&path, "the program has other bytes now"));
    }
    let cwd = paths::path(&run.cwd);
    let cwd = paths::folder(&cwd).map_err(|error| changed(&cwd, error))?;
    let Environment::Complete(variables) = &run.environment else {
        return Err(Refusal::new(Code::ActionMismatch, "an environment that the gate does not know"));
    };
    let mut arguments = run.argv.clone();
    let mut script = None;
    if let Some(signed) = &run.script {
        let name = paths::path(&signed.path);
        let copy = private_copy(shop, &name, &bytes(&signed.content)?).map_err(Error::into_refusal)?;
        // As Linux does it: interpreter, its argument, the script, the rest.
        let mut all = vec![run.executable.path.clone()];
        all.extend(signed.interpreter_argument.clone());
        all.push(paths::text(&copy));
        all.extend(arguments.drain(..).skip(1));
        arguments = all;
        script = Some(copy);
    }
    Ok(Ready {
        executable: held.file,
        sha256: held.sha256,
        cwd,
        arguments,
        environment: variables.iter().map(|it| (it.name.clone(), it.value.clone())).collect(),
        stdin: run.stdin.as_ref().map(bytes).transpose()?,
        script,
    })
}

/// How many copies were made: two who come for the same at once have one each.
static COPIES: AtomicU64 = AtomicU64::new(0);

/// Writes the signed bytes where nobody else can enter, to be run from there.
fn private_copy(shop: &Workshop<'_>, script: &Path, bytes: &[u8]) -> Result<PathBuf, Error> {
    let number = COPIES.fetch_add(1, Ordering::Relaxed);
    let folder = shop.folder.scripts().join(format!("{}-{number}", shop.proposal));
    private::make_dir(&shop.folder.scripts())?;
    private::make_dir(&folder)?;
    let path = folder.join(script.file_name().unwrap_or(script.as_os_str()));
    private::write(&path, bytes, 0o500)?;
    Ok(path)
}

impl Drop for Ready {
    fn drop(&mut self) {
        if let Some(script) = &self.script {
            let _ = std::fs::remove_file(script);
            let _ = script.parent().map(std::fs::remove_dir);
        }
    }
}

impl Ready {
    pub(super) fn run(mut self, action: usize, shop: &Workshop<'_>) -> Done {
        self.try_run(action, shop).unwrap_or_else(|error| Done::failed(error.to_string()))
    }

    fn try_run(&mut self, action: usize, shop: &Workshop<'_>) -> Result<Done, Error> {
        let folder = shop.folder.results().join(shop.proposal.to_string());
        private::make_dir(&folder)?;
        let files = ["stdout", "stderr"].map(|stream| shop.output(action, stream));
        let [out, err] = files.each_ref().map(|path| new_file(path));
        // Those who read are there before anything writes: without them nothing is run.
        let (out, out_kept) = keep(out?, Arc::clone(&shop.progress))?;
        let (err, err_kept) = keep(err?, Arc::clone(&shop.progress))?;

        // Both links are followed in the child before its exec closes the descriptors.
        let link = |fd: i32| format!("/proc/self/fd/{fd}");
        let mut command = Command::new(link(self.executable.as_raw_fd()));
        let os = |text: &OsText| paths::path(text).into_os_string();
        if let Some((first, rest)) = self.arguments.split_first() {
            command.arg0(os(first)).args(rest.iter().map(os));
        }
        command
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (os(name), os(value))))
            .current_dir(link(self.cwd.as_raw_fd()))
            .stdin(self.stdin(&folder, action)?)
            .stdout(out)
            .stderr(err)
            .process_group(0);
        // The descriptor keeps the file, not its bytes: whoever may write to it could have since it was
        // opened. Once the program runs, the system lets nobody.
        if !self.is_as_signed() {
            return Ok(Done::failed("it could not be run: its bytes were changed at the last moment"));
        }
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return Ok(Done::failed(format!("it could not be run: {error}"))),
        };
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let _running = shop.children.add(pid);
        // It holds our ends for writing: what is read ends when the program does.
        drop(command);
        let status =
            child.wait().map_err(|cause| Error::Io { what: "waiting for the program".to_owned(), cause })?;
        Ok(finished(status, &files, &[out_kept, err_kept]))
    }

    fn is_as_signed(&self) -> bool {
        let again = self.executable.try_clone().and_then(|mut file| {
            file.rewind()?;
            paths::hash(&mut file)
        });
        again.is_ok_and(|again| again == self.sha256)
    }

    /// Standard input: a file without a name that holds the signed bytes, or nothing.
    fn stdin(&mut self, folder: &Path, action: usize) -> Result<Stdio, Error> {
        // Held by the file from here on, however long it runs.
        let Some(bytes) = self.stdin.take() else { return Ok(Stdio::null()) };
        let path = folder.join(format!("stdin-{}-{action}", std::process::id()));
        let io = |cause| Error::io(&path, cause);
        let mut options = File::options();
        options.read(true).write(true).create_new(true).mode(0o600);
        let mut file = options.open(&path).map_err(io)?;
        std::fs::remove_file(&path).map_err(io)?;
        file.write_all(&bytes).and_then(|()| file.rewind()).map_err(io)?;
        Ok(file.into())
    }
}

fn finished(status: ExitStatus, files: &[PathBuf; 2], waiting: &[Receiver<Stream>; 2]) -> Done {
    let mut done = Done {
        exit: status.code().or_else(|| status.signal().map(|signal| 128 + signal)),
        ..Done::default()
    };
    for ((name, path), stream) in ["stdout", "stderr"].into_iter().zip(files).zip(waiting) {
        let stream = stream.recv_timeout(LINGER).ok().or_else(|| so_far(path));
        let Some(stream) = stream else { continue };
        if let Some(note) = stream.note() {
            done.results
                .push((users::label(&format!("{name}, not kept")), Content::inline("text/plain", note)));
        }
        let Some(content) = stream.content(path) else { continue };
        if content.inline_bytes().is_none() {
            done.files.push((*content.sha256(), path.clone()));
        }
        done.results.push((users::label(name), content));
    }
    done
}

/// What was read of one stream.
struct Stream {
    kept: u64,
    all: u64,
    sha256_of_all: Digest,
    // Whether something that the program left behind still writes.
    open: bool,
    broken: Option<String>,
}

impl Stream {
    fn note(&self) -> Option<Vec<u8>> {
        let mut notes = Vec::new();
        if self.all > self.kept {
            let beyond = self.all - self.kept;
            notes.push(format!(
                "{beyond} more bytes were not kept; SHA-256 of all {}: {}",
                self.all, self.sha256_of_all
            ));
        }
        if self.open {
            notes.push(
                "something that it left running still held this open; what came later was not kept"
                    .to_owned(),
            );
        }
        notes.extend(self.broken.clone());
        (!notes.is_empty()).then(|| notes.join("\n").into_bytes())
    }

    fn content(&self, path: &Path) -> Option<Content> {
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(self.kept).read_to_end(&mut bytes).ok()?;
        if self.kept == 0 {
            return None;
        }
        let kind = "text/plain";
        Some(if bytes.len() <= MAX_INLINE {
            Content::inline(kind, bytes)
        } else {
            Content::blob(kind, &bytes)
        })
    }
}

fn so_far(path: &Path) -> Option<Stream> {
    let kept = std::fs::metadata(path).ok()?.len();
    Some(Stream { kept, all: kept, sha256_of_all: Digest::of(b""), open: true, broken: None })
}

/// Has what is written into a pipe copied to `file`, in a thread of its own, until it ends.
fn keep(
    mut file: File,
    progress: Arc<dyn Fn() + Send + Sync>,
) -> Result<(PipeWriter, Receiver<Stream>), Error> {
    let io = |cause| Error::Io { what: "keeping its output".to_owned(), cause };
    let (send, receive) = channel();
    let (mut from, to) = std::io::pipe().map_err(io)?;
    let copying = move || {
        let mut stream =
            Stream { kept: 0, all: 0, sha256_of_all: Digest::of(b""), open: false, broken: None };
        let mut hasher = sha2::Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    stream.broken = Some(error.to_string());
                    break;
                }
            };
            hasher.update(&buffer[..read]);
            stream.all += read as u64;
            let room = usize::try_from(MAX_KEPT - stream.kept).unwrap_or(usize::MAX);
            let part = &buffer[..read.min(room)];
            // A full disk must not stop the program: it is read on, and what is missing is said.
            if stream.broken.is_none() && !part.is_empty() {
                match file.write_all(part) {
                    Ok(()) => stream.kept += part.len() as u64,
                    Err(error) => stream.broken = Some(format!("it could not be kept: {error}")),
                }
                progress();
            }
        }
        let _ = file.sync_all();
        stream.sha256_of_all = Digest::from_bytes(hasher.finalize().into());
        let _ = send.send(stream);
    };
    std::thread::Builder::new().name("output".to_owned()).spawn(copying).map_err(io)?;
    Ok((to, receive))
}

fn new_file(path: &Path) -> Result<File, Error> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path).map_err(|cause| Error::io(path, cause))
}

/// The programs that run now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Children(Arc<Mutex<BTreeMap<i32, Pid>>>);

impl Children {
    fn add(&self, pid: Option<Pid>) -> Running {
        if let Some(pid) = pid {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(pid.as_raw_nonzero().get(), pid);
        }
        Running { children: self.clone(), pid }
    }

    /// Sends `signal` to all of them and to what they started; how many there are.
    pub(crate) fn signal(&self, signal: Signal) -> usize {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for pid in running.values() {
            let _ = kill_process_group(*pid, signal);
        }
        running.len()
    }
}

struct Running {
    children: Children,
    pid: Option<Pid>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(pid) = self.pid {
            self.children
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&pid.as_raw_nonzero().get());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use std::os::unix::fs::PermissionsExt as _;

    use countersign_core::action::Executable;
    use countersign_sources::layout::Layout;

    use super::*;
    use crate::folder::Folder;

    #[test]
    fn bytes_that_were_overwritten_in_place_after_the_check_do_not_run() {
        let base = tempfile::tempdir().unwrap();
        let real = base.path().canonicalize().unwrap();
        let program = real.join("program");
        std::fs::copy("/bin/true", &program).unwrap();
        let folder = Folder::of(&Layout::at(&real), &"home".parse().unwrap());
        let children = Children::default();
        let shop = Workshop {
            folder: &folder,
            proposal: Digest::of(b"p"),
            children: &children,
            progress: Arc::new(|| {}),
        };
        let run = Run {
            argv: vec!["program".into()],
            executable: Executable {
                path: paths::text(&program),
                sha256: Digest::of(&std::fs::read(&program).unwrap()),
            },
            cwd: paths::text(&real),
            environment: Environment::Complete(vec![]),
            stdin: None,
            script: None,
            user: "u".parse().unwrap(),
            host: "h".parse().unwrap(),
        };
        let ready = || prepare(&run, &|_| unreachable!(), &shop).unwrap();
        let done = ready().run(0, &shop);
        assert_eq!((done.wrong, done.exit), (None, Some(0)));

        let ready = ready();
        // The same file, other bytes, and still a program.
        let other = std::fs::read("/bin/false").unwrap();
        File::options().write(true).truncate(true).open(&program).unwrap().write_all(&other).unwrap();
        assert_eq!(std::fs::metadata(&program).unwrap().permissions().mode() & 0o111, 0o111);
        let done = ready.run(0, &shop);
        assert!(done.wrong.unwrap().starts_with("it could not be run: its bytes were changed"));
        assert_eq!(done.exit, None);
    }
}
