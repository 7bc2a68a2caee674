//! What somebody who can write into a box puts there to stop, stall or mislead its reader.
//!
//! Never followed, never waited for, never in the way of others; refused with a reason beside it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign_core::digest::Digest;
use countersign_sources::spool::{Arrival, BATCH, Kind, MAX_MESSAGE, Name, Reader, Writer};

/// A user whom no root names; what it is called does not matter.
const STRANGER: u32 = 65_533;

struct Spool {
    _base: tempfile::TempDir,
    dir: PathBuf,
    reader: Reader,
    writer: Writer,
}

fn spool() -> Spool {
    let base = tempfile::tempdir().unwrap();
    let dir = base.path().join("box");
    let (reader, writer) = (Reader::open(&dir).unwrap(), Writer::open(&dir).unwrap());
    Spool { _base: base, dir, reader, writer }
}

impl Spool {
    fn at(&self, folder: &str, name: &str) -> PathBuf {
        self.dir.join(folder).join(name)
    }

    /// A good message.
    fn send(&self, what: &str) -> Name {
        let digest = Digest::of(what.as_bytes());
        self.writer.send(Kind::Proposal, &digest, what.as_bytes()).unwrap();
        Name { kind: Kind::Proposal, digest }
    }

    /// Scans until nothing is left; what was refused, by name, and what was read, which is answered.
    fn take_all(&self) -> (Vec<(String, String)>, Vec<Name>) {
        let (mut refused, mut read) = (vec![], vec![]);
        loop {
            let arrivals = self.reader.scan().unwrap();
            if arrivals.is_empty() {
                return (refused, read);
            }
            for arrival in arrivals {
                match arrival {
                    Arrival::Refused { name, why } => refused.push((name, why)),
                    Arrival::Message { name, .. } => {
                        self.reader.done(&name).unwrap();
                        read.push(name);
                    }
                }
            }
        }
    }

    fn reasons(&self) -> Vec<String> {
        let all = names(&self.dir.join("bad"));
        let why = all.iter().filter(|name| name.contains(".why"));
        why.map(|name| fs::read_to_string(self.at("bad", name)).unwrap().trim().to_owned()).collect()
    }
}

fn names(dir: &Path) -> Vec<String> {
    fs::read_dir(dir).unwrap().map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn name(what: &str) -> String {
    format!("proposal.{}.json", Digest::of(what.as_bytes()))
}

fn assert_root() {
    assert!(rustix::process::geteuid().is_root(), "this test makes files of another user: run it as root");
}

#[test]
fn a_folder_where_what_was_read_is_kept_stops_nothing() {
    let spool = spool();
    for full in [false, true] {
        let blocked = spool.send(if full { "full" } else { "empty" });
        fs::create_dir(spool.at("cur", &blocked.to_string())).unwrap();
        if full {
            fs::write(spool.at("cur", &blocked.to_string()).join("inside"), b"x").unwrap();
        }
        let other = spool.send("other");
        let (refused, mut read) = spool.take_all();
        read.sort();
        let mut expected = [blocked, other];
        expected.sort();
        assert_eq!((refused, read.as_slice()), (vec![], expected.as_slice()));
        assert!(names(&spool.dir.join("new")).is_empty());
    }
}

#[test]
fn a_folder_where_a_reason_or_a_refused_file_goes_stops_nothing() {
    let spool = spool();
    let bad = Name { kind: Kind::Proposal, digest: Digest::of(b"bad") };
    for _ in 0..2 {
        for taken in [bad.to_string(), format!("{bad}.why")] {
            fs::create_dir_all(spool.at("bad", &taken).join("inside")).unwrap();
        }
        spool.send("bad");
        spool.reader.refuse(&bad, "SIGNATURE_INVALID").unwrap();
        symlink("/etc/passwd", spool.at("new", &bad.to_string())).unwrap();
        let good = spool.send("good");
        let (refused, read) = spool.take_all();
        assert_eq!((refused.len(), read), (1, vec![good]), "{refused:?}");
        assert!(names(&spool.dir.join("new")).is_empty());
    }
}

#[test]
fn what_is_no_regular_file_is_not_even_opened() {
    // Whoever opens the other end of a FIFO tells the one who waits there that somebody came; opening
    // a device can do anything.
    let spool = spool();
    let path = spool.at("new", &name("fifo"));
    rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
    let opened = spool.dir.join("opened");
    let mut waits =
        Command::new("sh").arg("-c").arg(": > \"$0\" && : > \"$1\"").args([&path, &opened]).spawn().unwrap();
    // Until it waits in its open (proc(5), `wchan` may be hidden; that it sleeps is not).
    let stat = format!("/proc/{}/stat", waits.id());
    while !fs::read_to_string(&stat).unwrap().contains(") S ") {
        std::thread::yield_now();
    }
    let (refused, _) = spool.take_all();
    let still = waits.try_wait().unwrap().is_none();
    let _ = waits.kill();
    let _ = waits.wait();
    assert_eq!(refused.len(), 1);
    assert!(still && !opened.exists(), "the FIFO was opened");
}

#[test]
fn a_device_node_is_refused() {
    assert_root();
    let spool = spool();
    for (what, kind, major, minor) in
        [("zero", "c", "1", "5"), ("loop", "b", "7", "250"), ("none", "c", "250", "9")]
    {
        let made =
            Command::new("mknod").arg(spool.at("new", &name(what))).args([kind, major, minor]).status();
        assert!(made.unwrap().success(), "mknod needs root, and a file system with device nodes");
    }
    let good = spool.send("good");
    let (refused, read) = spool.take_all();
    assert_eq!(read, [good]);
    assert!(refused.len() == 3 && refused.iter().all(|it| it.1 == "it is not a regular file"), "{refused:?}");
}

#[test]
fn links_that_lead_nowhere_or_in_a_circle_are_refused() {
    let spool = spool();
    symlink("/nowhere/at/all", spool.at("new", &name("dangling"))).unwrap();
    symlink(spool.at("new", &name("circle")), spool.at("new", &name("circle"))).unwrap();
    symlink(spool.at("new", &name("b")), spool.at("new", &name("a"))).unwrap();
    symlink(spool.at("new", &name("a")), spool.at("new", &name("b"))).unwrap();
    symlink(spool.dir.join("new"), spool.at("new", &name("folder"))).unwrap();
    let good = spool.send("good");
    let (refused, read) = spool.take_all();
    assert_eq!(read, [good]);
    assert!(refused.len() == 5 && refused.iter().all(|it| it.1 == "it is a symbolic link"), "{refused:?}");
}

#[test]
fn a_sparse_giant_is_refused_unread() {
    let spool = spool();
    let giant = fs::File::create(spool.at("new", &name("giant"))).unwrap();
    giant.set_len(1 << 40).unwrap();
    let digest = Digest::of(b"blob");
    fs::File::create(spool.at("blobs", &digest.to_string())).unwrap().set_len(1 << 40).unwrap();
    assert!(spool.reader.blob(&digest).is_none());
    let (refused, _) = spool.take_all();
    assert_eq!(refused[0].1, "it is larger than is read");
}

#[test]
fn a_file_of_a_stranger_is_refused_and_one_of_a_known_sender_is_read() {
    assert_root();
    let mut spool = spool();
    let [strange, known] = ["strange", "known"].map(|what| spool.send(what));
    chown(spool.at("new", &strange.to_string()), Some(STRANGER), None).unwrap();
    chown(spool.at("new", &known.to_string()), Some(STRANGER - 1), None).unwrap();
    spool.reader.allow(STRANGER - 1);
    let digest = Digest::of(b"blob");
    spool.writer.put_blob(&digest, b"blob").unwrap();
    chown(spool.at("blobs", &digest.to_string()), Some(STRANGER), None).unwrap();
    assert!(spool.reader.blob(&digest).is_none());
    let (refused, read) = spool.take_all();
    assert_eq!(read, [known]);
    assert_eq!(refused, [(strange.to_string(), "it belongs to a user who may not send here".to_owned())]);
}

#[test]
fn a_file_without_rights_is_refused_and_one_that_cannot_be_written_is_read() {
    // Root may read anything, so the reader is somebody else here: this program, started again.
    const MARK: &str = "COUNTERSIGN_AS_A_STRANGER";
    if std::env::var_os(MARK).is_none() {
        assert_root();
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("again");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let id = STRANGER.to_string();
        let again = Command::new("setpriv")
            .args(["--reuid", &id, "--regid", &id, "--clear-groups", "--"])
            .arg(&program)
            .args(["--exact", "a_file_without_rights_is_refused_and_one_that_cannot_be_written_is_read"])
            .current_dir("/")
            .env(MARK, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&again.stdout);
        assert!(again.status.success() && said.contains("1 passed"), "{said}{again:?}");
        return;
    }
    without_rights();
}

fn without_rights() {
    let spool = spool();
    let [none, read_only, write_only] = ["none", "read-only", "write-only"].map(|what| spool.send(what));
    for (it, mode) in [(none, 0o000), (read_only, 0o400), (write_only, 0o200)] {
        fs::set_permissions(spool.at("new", &it.to_string()), fs::Permissions::from_mode(mode)).unwrap();
    }
    let (refused, read) = spool.take_all();
    assert_eq!(read, [read_only]);
    assert!(refused.len() == 2 && refused.iter().all(|it| it.1 == "it may not be read"), "{refused:?}");
}

#[test]
fn names_that_are_none_are_put_away_under_names_that_are() {
    let spool = spool();
    let strange: Vec<Vec<u8>> = vec![
        b"two\nlines".to_vec(),
        b"\x1b[2Jclear".to_vec(),
        "proposal.\u{202e}nosj".as_bytes().to_vec(),
        b"\xff\xfe not text".to_vec(),
        b"a b".to_vec(),
        vec![b'a'; 129],
        vec![b'b'; 255],
        b".hidden".to_vec(),
        b"-rf".to_vec(),
        name("upper").to_uppercase().into_bytes(),
        format!("{}.json", name("twice")).into_bytes(),
    ];
    for bytes in &strange {
        fs::write(spool.dir.join("new").join(std::ffi::OsStr::from_bytes(bytes)), b"x").unwrap();
    }
    let good = spool.send("good");
    let (refused, read) = spool.take_all();
    assert_eq!(read, [good]);
    assert_eq!(refused.len(), strange.len());
    let plain = |text: &str| text.bytes().all(|b| matches!(b, b' '..=b'~'));
    assert!(
        refused.iter().all(|(name, why)| plain(name) && why.starts_with("its name is not")),
        "{refused:?}"
    );
    assert!(names(&spool.dir.join("bad")).iter().all(|name| plain(name) && name.len() < 140));
    assert_eq!(spool.reasons().len(), strange.len());
}

#[test]
fn a_file_that_grows_and_changes_while_it_is_read_is_read_once_or_refused() {
    let spool = spool();
    let path = spool.at("new", &name("grows"));
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let block = vec![b'x'; 64 << 10];
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let _ = fs::write(&path, b"");
                for _ in 0..24 {
                    use std::io::Write as _;
                    let file = fs::File::options().append(true).open(&path);
                    let _ = file.and_then(|mut file| file.write_all(&block));
                }
            }
        });
        for _ in 0..50 {
            for arrival in spool.reader.scan().unwrap() {
                match arrival {
                    // What was read is what is hashed and verified: nothing is read a second time.
                    Arrival::Message { name, bytes, .. } => {
                        assert!(bytes.len() as u64 <= MAX_MESSAGE);
                        let _ = spool.reader.refuse(&name, "ENVELOPE_MALFORMED");
                    }
                    Arrival::Refused { why, .. } => assert_eq!(why, "it is larger than is read"),
                }
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    let good = spool.send("good");
    assert!(spool.take_all().1.contains(&good));
}

#[test]
fn more_than_a_batch_of_every_kind_of_rubbish_keeps_nothing_waiting() {
    let spool = spool();
    for at in 0..BATCH {
        symlink("/etc/passwd", spool.at("new", &name(&format!("link {at}")))).unwrap();
        fs::create_dir(spool.at("new", &name(&format!("folder {at}")))).unwrap();
        fs::create_dir_all(spool.at("cur", &name(&format!("taken {at}"))).join("inside")).unwrap();
        spool.send(&format!("taken {at}"));
    }
    let good = spool.send("good");
    let (refused, read) = spool.take_all();
    assert_eq!((refused.len(), read.len()), (2 * BATCH, BATCH + 1));
    assert!(read.contains(&good));
    assert!(names(&spool.dir.join("new")).is_empty());
}

#[test]
fn what_was_read_is_not_read_for_ever_when_nobody_keeps_it() {
    let spool = spool();
    let read = spool.send("read");
    fs::remove_dir(spool.dir.join("cur")).unwrap();
    spool.reader.done(&read).unwrap();
    assert!(names(&spool.dir.join("new")).is_empty());
}

/// A process that holds a lease on a file: opening it without waiting fails for as long.
struct Lease(std::process::Child);

impl Lease {
    fn on(file: &Path) -> Self {
        use std::io::Read as _;
        let take = "import fcntl, signal, sys, time\n\
                    signal.signal(signal.SIGIO, signal.SIG_IGN)\n\
                    file = open(sys.argv[1], 'rb+')\n\
                    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)\n\
                    print('x', end='', flush=True)\n\
                    time.sleep(600)";
        let mut python = Command::new("python3");
        let mut child =
            python.args(["-c", take]).arg(file).stdout(std::process::Stdio::piped()).spawn().unwrap();
        child.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
        Self(child)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_box_with_a_message_that_cannot_be_read_now_is_not_an_empty_one() {
    let it = spool();
    let digest = Digest::of(b"stop");
    it.writer.send(Kind::Halt, &digest, b"stop").unwrap();
    let halt = Name { kind: Kind::Halt, digest };
    let lease = Lease::on(&it.at("new", &halt.to_string()));
    // It keeps nothing else waiting.
    let other = it.send("another");
    let arrivals = it.reader.scan().unwrap();
    let [Arrival::Message { name, .. }] = arrivals.as_slice() else { panic!("{arrivals:?}") };
    assert_eq!(*name, other);
    it.reader.done(name).unwrap();
    // Whoever must know all that stands against an act is not told that there is nothing.
    let error = it.reader.scan().unwrap_err();
    assert!(error.to_string().contains(&halt.to_string()), "{error}");
    drop(lease);
    assert_eq!(it.take_all().1, [halt]);
}

#[test]
fn a_lock_that_is_no_file_keeps_nobody_waiting() {
    let it = spool();
    assert!(it.writer.reader_alive());
    // Who owns a box can put anything there, and the app looks at it with everything else waiting.
    let lock = it.dir.join("lock");
    fs::remove_file(&lock).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, &lock, rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
    let (say, said) = std::sync::mpsc::channel();
    let writer = it.writer;
    std::thread::spawn(move || say.send(writer.reader_alive()));
    let alive = said.recv_timeout(std::time::Duration::from_secs(20));
    assert_eq!(alive, Ok(false));
}
