//! A folder that only this user can enter, and files that only this user can read.
//!
//! Files are 0600 from their first byte and replaced in one step: a temporary
//! file, fsync, rename, fsync of the folder. What others could read or change
//! is not used: a symlink, a second link, another owner, a group or world bit.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use zeroize::Zeroizing;

use crate::Error;

const LOCK: &str = "keys.lock";
const TEMPORARY: &str = ".countersign-";

pub(crate) struct PrivateDir {
    path: PathBuf,
    /// Everything goes through this, so a folder swapped in under the same name is not used.
    fd: OwnedFd,
}

impl PrivateDir {
    /// Opens the folder at `path`, making it (and its parents) 0700 when it is missing.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let file = |cause: io::Error| Error::File { path: path.to_owned(), cause };
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(file)?;
        let fd =
            rustix::fs::open(path, OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())
                .map_err(|error| match error {
                    Errno::LOOP | Errno::NOTDIR => exposed(path, "it is a symbolic link or no folder"),
                    other => file(other.into()),
                })?;
        let stat = rustix::fs::fstat(&fd).map_err(|error| file(error.into()))?;
        check_owner_and_mode(path, &stat, "chmod 700")?;
        Ok(Self { path: path.to_owned(), fd })
    }

    pub(crate) fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The whole file, at most `limit` bytes; `None` when there is none.
    pub(crate) fn read(&self, name: &str, limit: usize) -> Result<Option<Zeroizing<String>>, Error> {
        let path = self.path_of(name);
        // NONBLOCK: a FIFO put in its place must not hold us up.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = match rustix::fs::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP) => return Err(exposed(&path, "it is a symbolic link")),
            Err(error) => return Err(Error::File { path, cause: error.into() }),
        };
        let stat = rustix::fs::fstat(&fd).map_err(|error| self.file(name, error))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile || stat.st_nlink != 1 {
            return Err(exposed(&path, "it is not a plain file with one name"));
        }
        check_owner_and_mode(&path, &stat, "chmod 600")?;
        // The size is known and bounded before anything is allocated; a buffer that grew would leave copies.
        let size = usize::try_from(stat.st_size).unwrap_or(usize::MAX);
        if size > limit {
            return Err(Error::Damaged(format!("{} has {size} bytes", path.display())));
        }
        let mut text = Zeroizing::new(String::with_capacity(size + 1));
        let limit = u64::try_from(size + 1).unwrap_or(u64::MAX);
        match File::from(fd).take(limit).read_to_string(&mut text) {
            Ok(_) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(Error::Damaged(format!("{} is not UTF-8", path.display())))
            }
            Err(cause) => Err(Error::File { path, cause }),
        }
    }

    /// Replaces the file in one step; on return it is on the disk.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        replace(&self.fd, name, text.as_bytes()).map_err(|error| self.file(name, error))
    }

    /// Removes the file; that there is none is as good.
    pub(crate) fn delete(&self, name: &str) -> Result<(), Error> {
        match rustix::fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => rustix::fs::fsync(&self.fd).map_err(|error| self.file(name, error)),
            Err(error) => Err(self.file(name, error)),
        }
    }

    /// Waits until no other process (or thread) holds the lock; it ends with the value.
    pub(crate) fn lock(&self) -> Result<File, Error> {
        let file = self.lock_file()?;
        file.lock().map_err(|cause| self.file(LOCK, cause))?;
        Ok(file)
    }

    /// Removes what a crash between writing and renaming left behind: it may hold a secret.
    pub(crate) fn sweep(&self) -> Result<(), Error> {
        // Who holds the lock may be in the middle of a write; the next start sweeps.
        let lock = self.lock_file()?;
        if lock.try_lock().is_err() {
            return Ok(());
        }
        let entries = rustix::fs::Dir::read_from(&self.fd).map_err(|error| self.file(".", error))?;
        for entry in entries {
            let entry = entry.map_err(|error| self.file(".", error))?;
            let name = entry.file_name().to_bytes();
            if name.starts_with(TEMPORARY.as_bytes()) && name.ends_with(b".tmp") {
                rustix::fs::unlinkat(&self.fd, entry.file_name(), AtFlags::empty())
                    .map_err(|error| self.file(".", error))?;
            }
        }
        Ok(())
    }

    fn lock_file(&self) -> Result<File, Error> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&self.fd, LOCK, flags, Mode::RUSR | Mode::WUSR)
            .map_err(|error| self.file(LOCK, error))?;
        Ok(File::from(fd))
    }

    fn file(&self, name: &str, cause: impl Into<io::Error>) -> Error {
        Error::File { path: self.path_of(name), cause: cause.into() }
    }
}

/// Writes a file of one's own choosing, 0600, in a folder that need not be private.
pub(crate) fn write_elsewhere(path: &Path, text: &str) -> Result<(), Error> {
    let file = |cause: io::Error| Error::File { path: path.to_owned(), cause };
    let name = path.file_name().ok_or_else(|| file(io::ErrorKind::InvalidInput.into()))?;
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let dir = rustix::fs::open(parent, OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        .map_err(|error| file(error.into()))?;
    replace(&dir, name, text.as_bytes()).map_err(file)
}

fn replace(dir: &OwnedFd, name: impl rustix::path::Arg + Copy, bytes: &[u8]) -> io::Result<()> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|_| io::Error::other("no randomness"))?;
    let temporary = format!("{TEMPORARY}{}.tmp", HEXLOWER.encode(&random));
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::openat(dir, &temporary, flags, Mode::RUSR | Mode::WUSR)?);
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| Ok(rustix::fs::renameat(dir, &temporary, dir, name)?));
    if written.is_err() {
        // Half a secret under a strange name helps nobody; the first error is the one that counts.
        let _ = rustix::fs::unlinkat(dir, &temporary, AtFlags::empty());
    }
    written?;
    Ok(rustix::fs::fsync(dir)?)
}

fn check_owner_and_mode(path: &Path, stat: &rustix::fs::Stat, remedy: &str) -> Result<(), Error> {
    let me = rustix::process::geteuid().as_raw();
    if stat.st_uid != me {
        return Err(exposed(path, &format!("it belongs to user {}, not to user {me}", stat.st_uid)));
    }
    let mode = stat.st_mode & 0o777;
    if mode & 0o077 != 0 {
        return Err(exposed(path, &format!("others can use it (mode {mode:03o}); `{remedy}` rights that")));
    }
    Ok(())
}

fn exposed(path: &Path, problem: &str) -> Error {
    Error::Exposed { path: path.to_owned(), problem: problem.to_owned() }
}

#[cfg(test)]
mod tests;
