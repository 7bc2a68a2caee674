//! The receiving end of a box.

use std::ffi::{CStr, CString};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use countersign_core::digest::Digest;
use rustix::fs::{AtFlags, Dir, FlockOperation, Mode, OFlags};
use rustix::io::Errno;

use super::guarded::{Folder, Refused, take};
use super::{BATCH, BATCH_BYTES, Kind, MAX_BLOB, MAX_MESSAGE, Name, names};
use crate::Error;
use crate::milestone::milestone;

/// The most names that one scan looks at.
const MAX_NAMES: usize = 65_536;

/// After so many seconds a temporary file belongs to nobody any more.
const ABANDONED: u64 = 36 * 3600;

static LISTING: Mutex<()> = Mutex::new(());

/// Takes what arrives in a box. There is one reader of a box at a time.
#[derive(Debug)]
pub struct Reader {
    new: Folder,
    cur: Folder,
    bad: Folder,
    blobs: Folder,
    // Those who may send here.
    uids: Vec<u32>,
    // Locked for as long as this lives, which is how writers know that somebody reads.
    _lock: OwnedFd,
}

/// Something that was in the box.
#[derive(Debug)]
pub enum Arrival {
    /// A file of the right shape. Nothing of its bytes is checked.
    Message {
        /// Its name, to answer with.
        name: Name,
        /// What it says that it is.
        kind: Kind,
        /// What its payload is said to hash to.
        digest_in_name: Digest,
        /// All of it, read once.
        bytes: Vec<u8>,
        /// Whose file it is.
        uid: u32,
    },
    /// A file that was not read, and was moved to `bad`.
    Refused {
        /// Its name, escaped.
        name: String,
        /// What was wrong.
        why: String,
    },
}

impl Reader {
    /// Opens the box at `dir`, making it where it is missing, and locks it.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Folder`], [`Error::Io`].
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let base = Folder::make(dir)?;
        base.check_owned()?;
        let lock = lock(&base)?;
        let [tmp, new, cur, bad, blobs] = ["tmp", "new", "cur", "bad", "blobs"].map(|name| base.inner(name));
        let (tmp, new, cur, bad, blobs) = (tmp?, new?, cur?, bad?, blobs?);
        for folder in [&tmp, &new, &cur, &bad, &blobs] {
            folder.check_owned()?;
        }
        remove_abandoned(&tmp);
        let uids = vec![rustix::process::geteuid().as_raw()];
        Ok(Self { new, cur, bad, blobs, uids, _lock: lock })
    }

    /// Takes files of `uid` too, whom the root names.
    pub fn allow(&mut self, uid: u32) {
        if !self.uids.contains(&uid) {
            self.uids.push(uid);
        }
    }

    /// The folder to watch for messages.
    pub fn new_folder(&self) -> PathBuf {
        self.new.path.clone()
    }

    /// The folder to watch for blobs.
    pub fn blob_folder(&self) -> PathBuf {
        self.blobs.path.clone()
    }

    /// What is in the box, at most [`BATCH`]: first what stops acts, see [`Kind`]. What cannot be
    /// a message is moved to `bad`.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the folder cannot be listed, is full of what cannot be taken out of it, or when what is
    /// left in it are messages that cannot be read now.
    pub fn scan(&self) -> Result<Vec<Arrival>, Error> {
        let mut found: Vec<(bool, Option<Name>, CString)> = self
            .names()?
            .into_iter()
            .map(|file| (parsed(&file), file))
            .map(|(name, file)| (name.is_none(), name, file))
            .collect();
        // What is no message comes last: a heap of it must not keep a halt waiting.
        found.sort_unstable();
        // What can neither be read nor moved takes no place in the batch, whatever it is called.
        let (mut arrivals, mut bytes, mut unread) = (Vec::new(), 0, None);
        for (_, _, file) in &found {
            let arrival = match self.arrival(file) {
                Ok(Some(arrival)) => arrival,
                Ok(None) => continue,
                Err(errno) => {
                    unread = unread.or(Some((file, errno)));
                    continue;
                }
            };
            if let Arrival::Message { bytes: read, .. } = &arrival {
                bytes += read.len();
            }
            arrivals.push(arrival);
            if arrivals.len() >= BATCH || bytes >= BATCH_BYTES {
                break;
            }
        }
        // It may be a halt, so a box with it is not empty. It keeps nothing else waiting.
        if let Some((file, cause)) = unread.filter(|_| arrivals.is_empty()) {
            return Err(Error::io(&self.new.path.join(file.to_string_lossy().as_ref()), cause));
        }
        if arrivals.is_empty() && found.len() >= MAX_NAMES {
            let cause = std::io::Error::other("it holds more than is looked at, and none of it can be moved");
            return Err(Error::io(&self.new.path, cause));
        }
        Ok(arrivals)
    }

    /// Whether no message lies in it, of whatever kind.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the folder cannot be listed.
    pub fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.names()?.is_empty())
    }

    /// The blob with this digest, hashed; `None` when it is not there, or is not what its name says.
    pub fn blob(&self, digest: &Digest) -> Option<Vec<u8>> {
        let name = CString::new(digest.to_string()).ok()?;
        let taken = take(&self.blobs.fd, &name, &self.uids, MAX_BLOB).ok()?;
        (Digest::of(&taken.bytes) == *digest).then_some(taken.bytes)
    }

    /// The digests of the blobs that are in the box.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the folder cannot be listed.
    pub fn blobs(&self) -> Result<Vec<Digest>, Error> {
        let names = list(&self.blobs)?;
        Ok(names.iter().filter_map(|name| name.to_str().ok()?.parse().ok()).collect())
    }

    /// Removes a blob that is kept elsewhere now.
    pub fn drop_blob(&self, digest: &Digest) {
        self.blobs.remove(&digest.to_string());
    }

    /// Says that the message was committed: it moves to `cur`. An acknowledgement, which is worth
    /// nothing any more, is removed.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; the message is then seen again.
    pub fn done(&self, name: &Name) -> Result<(), Error> {
        let text = name.to_string();
        if name.kind == Kind::Ack {
            return match rustix::fs::unlinkat(&self.new.fd, &text, AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => Ok(()),
                Err(cause) => Err(Error::io(&self.new.path.join(&text), cause)),
            };
        }
        let file = CString::new(text.as_str()).map_err(|_| Error::Name(text.clone()))?;
        match self.move_to(&self.cur, &file, &text) {
            Ok(()) => {}
            // Nobody keeps what was read any more, and it must not be read for ever.
            Err(Errno::NOENT) => self.new.remove(&text),
            Err(cause) => return Err(Error::io(&self.cur.path.join(&text), cause)),
        }
        milestone(format_args!("done {}", name.kind));
        Ok(())
    }

    /// Says that the message will never be used: it moves to `bad`, with the reason in a file beside it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; the message is then seen again.
    pub fn refuse(&self, name: &Name, why: &str) -> Result<(), Error> {
        let text = name.to_string();
        self.put_away(&CString::new(text.as_str()).map_err(|_| Error::Name(text.clone()))?, &text, why)
    }

    fn names(&self) -> Result<Vec<CString>, Error> {
        list(&self.new)
    }

    /// `None` when there is nothing to hand out; an error when that is a message that cannot be read now.
    fn arrival(&self, file: &CStr) -> Result<Option<Arrival>, Errno> {
        let Some(name) = parsed(file) else {
            let why = match names::fits(file.to_bytes()) {
                true => "its name is not <kind>.<digest>.json",
                false => "its name is not 1 to 128 of A-Z, a-z, 0-9, dot, underscore and hyphen",
            };
            return Ok(self.refused(file, why));
        };
        match take(&self.new.fd, file, &self.uids, MAX_MESSAGE) {
            Ok(taken) => Ok(Some(Arrival::Message {
                name,
                kind: name.kind,
                digest_in_name: name.digest,
                bytes: taken.bytes,
                uid: taken.uid,
            })),
            Err(Refused::Because(why)) => Ok(self.refused(file, why)),
            // Another name for it was taken.
            Err(Refused::Gone) => Ok(None),
            // The next scan tries again.
            Err(Refused::Later(errno)) => Err(errno),
        }
    }

    fn refused(&self, file: &CStr, why: &'static str) -> Option<Arrival> {
        // A name that is ours may stay; any other could be a path, or too long for a reason beside it.
        let kept = match parsed(file) {
            Some(name) => name.to_string(),
            None => format!("unnamed.{}", Digest::of(file.to_bytes())),
        };
        self.put_away(file, &kept, why).ok()?;
        Some(Arrival::Refused { name: file.to_bytes().escape_ascii().to_string(), why: why.to_owned() })
    }

    fn put_away(&self, file: &CStr, kept: &str, why: &str) -> Result<(), Error> {
        let reason = format!("{why}\n");
        let name = format!("{kept}.why");
        self.bad.write_note(&name, reason.as_bytes()).or_else(|error| match error {
            // Somebody made a folder of that name or of the one it is begun under, or keeps it from being replaced.
            Error::Io { cause, .. } if is_taken(&cause) => {
                self.bad.write_note(&format!("{kept}.{}.why", nanos()), reason.as_bytes())
            }
            // Moving takes no room, and what lies there unmoved could keep a halt waiting.
            Error::DiskFull { .. } => {
                // What stands there is of another time.
                self.bad.remove(&name);
                Ok(())
            }
            other => Err(other),
        })?;
        self.move_to(&self.bad, file, kept).map_err(|cause| Error::io(&self.bad.path.join(kept), cause))
    }

    /// Moves `file` away; beside what is in its way, if something is.
    fn move_to(&self, folder: &Folder, file: &CStr, kept: &str) -> Result<(), Errno> {
        let to = |kept: &str| rustix::fs::renameat(&self.new.fd, file, &folder.fd, kept);
        match to(kept) {
            // A folder cannot take the place of a file, nor a file that of a folder.
            Err(Errno::ISDIR | Errno::NOTDIR | Errno::NOTEMPTY | Errno::EXIST) => {
                to(&format!("{kept}.{}", nanos()))
            }
            other => other,
        }
    }
}

fn is_taken(cause: &std::io::Error) -> bool {
    use std::io::ErrorKind as Why;
    matches!(cause.kind(), Why::IsADirectory | Why::AlreadyExists | Why::PermissionDenied)
}

/// Sets one name apart from another.
fn nanos() -> u128 {
    std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos())
}

fn list(folder: &Folder) -> Result<Vec<CString>, Error> {
    let io = |cause: Errno| Error::io(&folder.path, cause);
    let mut names = Vec::new();
    // The descriptor at hand, from its beginning: a folder that is opened anew wakes whoever watches it,
    // which is us. It has one place at which it is read, so one lists at a time.
    let _listing = LISTING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut entries = Dir::new(rustix::io::fcntl_dupfd_cloexec(&folder.fd, 0).map_err(io)?).map_err(io)?;
    entries.rewind();
    for entry in entries.take(MAX_NAMES) {
        let entry = entry.map_err(io)?;
        if !matches!(entry.file_name().to_bytes(), b"." | b"..") {
            names.push(entry.file_name().to_owned());
        }
    }
    Ok(names)
}

fn parsed(file: &CStr) -> Option<Name> {
    file.to_str().ok()?.parse().ok()
}

fn lock(base: &Folder) -> Result<OwnedFd, Error> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let path = base.path.join("lock");
    let lock = rustix::fs::openat(&base.fd, "lock", flags, Mode::from_raw_mode(0o640))
        .map_err(|cause| Error::io(&path, cause))?;
    // Writers who look whether we are here hold it for a moment; a reader holds it for long.
    for _ in 0..20 {
        match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(lock),
            Err(Errno::WOULDBLOCK) => std::thread::sleep(Duration::from_millis(25)),
            Err(cause) => return Err(Error::io(&path, cause)),
        }
    }
    Err(Error::Busy { path: base.path.clone() })
}

/// Removes what writers began and never finished.
fn remove_abandoned(tmp: &Folder) {
    let Ok(entries) = Dir::read_from(&tmp.fd) else { return };
    let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    for entry in entries.flatten() {
        let Ok(stat) = rustix::fs::statat(&tmp.fd, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW) else {
            continue;
        };
        let old = u64::try_from(stat.st_mtime).is_ok_and(|at| at.saturating_add(ABANDONED) < now);
        if old && !matches!(entry.file_name().to_bytes(), b"." | b"..") {
            let _ = rustix::fs::unlinkat(&tmp.fd, entry.file_name(), AtFlags::empty());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::spool::Writer;

    #[test]
    fn what_cannot_be_moved_away_keeps_nothing_waiting() {
        let base = tempfile::tempdir().unwrap();
        let reader = Reader::open(&base.path().join("box")).unwrap();
        let writer = Writer::open(&base.path().join("box")).unwrap();
        for at in 0..=BATCH {
            // A folder of another user cannot be moved out of ours.
            let name = format!("root.{}.json", Digest::of(&at.to_be_bytes()));
            std::fs::create_dir(base.path().join("box/new").join(name)).unwrap();
        }
        std::fs::remove_dir(base.path().join("box/bad")).unwrap();
        writer.send(Kind::Halt, &Digest::of(b"h"), b"halt").unwrap();
        let arrivals = reader.scan().unwrap();
        assert!(matches!(arrivals.as_slice(), [Arrival::Message { kind: Kind::Halt, .. }]), "{arrivals:?}");
    }

    #[test]
    fn a_reason_that_can_be_read_is_whole() {
        let base = tempfile::tempdir().unwrap();
        let reader = Reader::open(&base.path().join("box")).unwrap();
        let name = Name { kind: Kind::Decision, digest: Digest::of(b"d") };
        let file = base.path().join("box/bad").join(format!("{name}.why"));
        let (reading, ended) = (std::sync::Barrier::new(2), std::sync::atomic::AtomicBool::new(false));
        let read = std::thread::scope(|scope| {
            let read = scope.spawn(|| {
                let mut read = std::collections::BTreeSet::new();
                reading.wait();
                loop {
                    let last = ended.load(std::sync::atomic::Ordering::Acquire);
                    read.extend(std::fs::read_to_string(&file).ok());
                    if last {
                        return read;
                    }
                }
            });
            reading.wait();
            for _ in 0..2_000 {
                // Nothing lies there to move; the reason is written first.
                reader.refuse(&name, "it says nothing").unwrap_err();
            }
            ended.store(true, std::sync::atomic::Ordering::Release);
            read.join().unwrap()
        });
        assert_eq!(read.into_iter().collect::<Vec<_>>(), ["it says nothing\n"]);
    }

    #[test]
    fn an_acknowledgement_that_cannot_be_taken_away_is_not_said_to_be_gone() {
        let base = tempfile::tempdir().unwrap();
        let reader = Reader::open(&base.path().join("box")).unwrap();
        let writer = Writer::open(&base.path().join("box")).unwrap();
        let digest = Digest::of(b"a");
        writer.send(Kind::Ack, &digest, b"ack").unwrap();
        assert_eq!(reader.scan().unwrap().len(), 1);
        let name = Name { kind: Kind::Ack, digest };
        let file = base.path().join("box/new").join(name.to_string());
        std::fs::remove_file(&file).unwrap();
        // Whoever scans until nothing is left would never end, were this said to be done.
        std::fs::create_dir(&file).unwrap();
        assert!(matches!(reader.done(&name), Err(Error::Io { .. })));
        std::fs::remove_dir(&file).unwrap();
        reader.done(&name).unwrap();
    }

    #[test]
    fn a_file_of_a_user_who_may_not_send_is_refused_until_the_root_names_them() {
        let base = tempfile::tempdir().unwrap();
        let mut reader = Reader::open(&base.path().join("box")).unwrap();
        let writer = Writer::open(&base.path().join("box")).unwrap();
        let me = rustix::process::geteuid().as_raw();
        reader.uids = vec![me.wrapping_add(1)];
        let digest = Digest::of(b"p");
        writer.put_blob(&digest, b"p").unwrap();
        writer.send(Kind::Proposal, &digest, b"x").unwrap();
        assert!(reader.blob(&digest).is_none());
        let arrivals = reader.scan().unwrap();
        let [Arrival::Refused { why, .. }] = arrivals.as_slice() else { panic!("{arrivals:?}") };
        assert!(why.contains("may not send"), "{why}");

        reader.allow(me);
        writer.send(Kind::Proposal, &digest, b"x").unwrap();
        assert!(matches!(reader.scan().unwrap().as_slice(), [Arrival::Message { uid, .. }] if *uid == me));
        assert!(reader.blob(&digest).is_some());
    }
}
