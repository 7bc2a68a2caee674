//! Files and folders that others can reach, opened so that none of them can trick or stall us.
//!
//! Everything is reached from a folder's descriptor, so no part of a path can
//! be swapped for a link in between.

use std::ffi::CStr;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::Error;

/// A folder of a box, by its descriptor.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) fd: OwnedFd,
    // For messages to people; nothing is opened by it again.
    pub(super) path: PathBuf,
}

impl Folder {
    /// Makes the folder and those above it (0700) where they are missing, and opens it.
    pub(super) fn make(path: &Path) -> Result<Self, Error> {
        use std::os::unix::fs::DirBuilderExt as _;
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|cause| Error::io(path, cause))?;
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty()).map_err(|cause| Error::io(path, cause))?;
        Ok(Self { fd, path: path.to_owned() })
    }

    /// The same for a folder inside this one.
    pub(super) fn inner(&self, name: &str) -> Result<Self, Error> {
        let path = self.path.join(name);
        match rustix::fs::mkdirat(&self.fd, name, Mode::from_raw_mode(0o700)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(cause) => return Err(Error::io(&path, cause)),
        }
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&self.fd, name, flags, Mode::empty())
            .map_err(|cause| Error::io(&path, cause))?;
        Ok(Self { fd, path })
    }

    /// Refuses a folder that another user owns, or in which others could replace what is not theirs.
    pub(super) fn check_owned(&self) -> Result<(), Error> {
        let no = |why| Err(Error::Folder { path: self.path.clone(), why });
        let stat = self.stat()?;
        if stat.st_uid != rustix::process::geteuid().as_raw() {
            return no("it belongs to another user");
        }
        if stat.st_mode & 0o002 != 0 {
            return no("everyone may write to it");
        }
        // A box for a gate of another user is shared with one group: sticky, so that nobody
        // renames or removes another's file, and set-group-ID, so that we can read what arrives.
        if stat.st_mode & 0o020 != 0 && stat.st_mode & 0o3000 != 0o3000 {
            return no("a group may write to it, and it is not 3770 (sticky and set-group-ID)");
        }
        Ok(())
    }

    pub(super) fn stat(&self) -> Result<Stat, Error> {
        rustix::fs::fstat(&self.fd).map_err(|cause| Error::io(&self.path, cause))
    }

    /// Makes what was renamed into it last.
    pub(super) fn sync(&self) -> Result<(), Error> {
        rustix::fs::fsync(&self.fd).map_err(|cause| Error::io(&self.path, cause))
    }

    /// Writes a new file, whole and on the disk, or none.
    pub(super) fn write_new(&self, name: &str, bytes: &[u8], mode: u32) -> Result<(), Error> {
        self.write(name, bytes, mode, File::sync_all)
    }

    /// Writes a note in the place of one of that name: whoever reads it reads all of it. A crash may lose
    /// it, as a flood of what deserves a note must not cost as many syncs.
    pub(super) fn write_note(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let begun = format!("{name}.new");
        self.remove(&begun);
        self.write(&begun, bytes, 0o600, |_| Ok(()))?;
        self.rename(&begun, self, name).inspect_err(|_| self.remove(&begun))
    }

    fn write(
        &self,
        name: &str,
        bytes: &[u8],
        mode: u32,
        keep: impl FnOnce(&File) -> std::io::Result<()>,
    ) -> Result<(), Error> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let path = self.path.join(name);
        let written = rustix::fs::openat(&self.fd, name, flags, Mode::from_raw_mode(mode))
            .map_err(std::io::Error::from)
            .and_then(|fd| {
                // The process may mask bits that the reader needs.
                rustix::fs::fchmod(&fd, Mode::from_raw_mode(mode))?;
                let mut file = File::from(fd);
                file.write_all(bytes)?;
                keep(&file)
            });
        written.map_err(|cause| {
            self.remove(name);
            Error::io(&path, cause)
        })
    }

    pub(super) fn rename(&self, name: &str, to: &Self, new: &str) -> Result<(), Error> {
        rustix::fs::renameat(&self.fd, name, &to.fd, new)
            .map_err(|cause| Error::io(&to.path.join(new), cause))
    }

    /// Removes a file, if it is there and can be.
    pub(super) fn remove(&self, name: &str) {
        let _ = rustix::fs::unlinkat(&self.fd, name, AtFlags::empty());
    }
}

/// How often a file may be replaced while it is being read before that is left to the next time.
const REPLACED: usize = 8;

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is gone.
    Gone,
    /// It will never be read; says why.
    Because(&'static str),
    /// It could not be read now.
    Later(Errno),
}

/// A file's bytes, read once, and its owner.
pub(super) struct Taken {
    pub(super) bytes: Vec<u8>,
    pub(super) uid: u32,
}

/// Reads `name` in `folder`, if it is a regular file with one name, owned by one of `uids`, of at most `most` bytes.
///
/// What is no regular file is not opened: opening a device or one end of a FIFO does something. Nor is
/// a link followed, nor anybody waited for, if it is swapped in at that moment; what it is, is then
/// asked again of the descriptor.
pub(super) fn take(folder: impl AsFd, name: &CStr, uids: &[u32], most: u64) -> Result<Taken, Refused> {
    // Who sends the same again puts it in the place of the first, also between two steps of ours.
    let tries = (0..REPLACED).find_map(|_| take_once(&folder, name, uids, most).transpose());
    tries.unwrap_or(Err(Refused::Later(Errno::AGAIN)))
}

/// As [`take`]; `None` when another file took its place meanwhile.
fn take_once(folder: impl AsFd, name: &CStr, uids: &[u32], most: u64) -> Result<Option<Taken>, Refused> {
    let looked = rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW);
    match looked.map(|stat| FileType::from_raw_mode(stat.st_mode)) {
        Ok(FileType::RegularFile) => {}
        Ok(FileType::Symlink) => return Err(Refused::Because("it is a symbolic link")),
        Ok(_) => return Err(Refused::Because("it is not a regular file")),
        Err(Errno::NOENT) => return Err(Refused::Gone),
        Err(other) => return Err(Refused::Later(other)),
    }
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let fd = rustix::fs::openat(folder, name, flags, Mode::empty()).map_err(|errno| match errno {
        Errno::NOENT => Refused::Gone,
        Errno::LOOP => Refused::Because("it is a symbolic link"),
        Errno::NXIO | Errno::NODEV => Refused::Because("it is not a regular file"),
        Errno::ACCESS | Errno::PERM => Refused::Because("it may not be read"),
        other => Refused::Later(other),
    })?;
    let stat = rustix::fs::fstat(&fd).map_err(Refused::Later)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(Refused::Because("it is not a regular file"));
    }
    if stat.st_nlink == 0 {
        return Ok(None);
    }
    if stat.st_nlink != 1 {
        return Err(Refused::Because("it has more than one name (hard link)"));
    }
    if !uids.contains(&stat.st_uid) {
        return Err(Refused::Because("it belongs to a user who may not send here"));
    }
    if u64::try_from(stat.st_size).is_ok_and(|size| size > most) {
        return Err(Refused::Because("it is larger than is read"));
    }
    let mut bytes = Vec::new();
    // It may grow while it is read: one byte over the limit is enough to know.
    let read = File::from(fd).take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| Refused::Later(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
    if bytes.len() as u64 > most {
        return Err(Refused::Because("it is larger than is read"));
    }
    Ok(Some(Taken { bytes, uid: stat.st_uid }))
}
