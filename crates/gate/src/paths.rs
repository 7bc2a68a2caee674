//! Files opened so that no link, swap or FIFO in the way can trick or stall the gate.
//!
//! A path is walked from `/` one component at a time, none of which may be a
//! symbolic link; what is then done goes through the descriptors. The same
//! walk works on every kernel and file system, which `openat2` does not.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Component, Path, PathBuf};

use countersign_core::digest::Digest;
use countersign_core::ostext::OsText;
use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use sha2::Digest as _;

/// A path of the formats as the operating system takes it.
pub(crate) fn path(text: &OsText) -> PathBuf {
    PathBuf::from(OsString::from_vec(text.as_bytes().to_vec()))
}

/// A path as the formats carry it.
pub(crate) fn text(path: &Path) -> OsText {
    OsText::from(path.as_os_str().as_bytes())
}

/// Opens a folder by an absolute path without symbolic links.
pub(crate) fn folder(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut components = path.components();
    if components.next() != Some(Component::RootDir) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path is not absolute"));
    }
    let mut at = rustix::fs::open("/", flags, Mode::empty())?;
    for component in components {
        let Component::Normal(name) = component else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path has `..` in it"));
        };
        at = rustix::fs::openat(&at, name, flags, Mode::empty())?;
    }
    Ok(at)
}

/// A name in a folder that is held open.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) folder: OwnedFd,
    pub(crate) name: OsString,
    // For messages; nothing is opened by it again.
    pub(crate) path: PathBuf,
}

/// What tells one state of one file from another: the file, and when it last changed in any way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    device: u64,
    inode: u64,
    size: i64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    /// Whether both are the same file, whatever happened to it. Renaming a file changes its ctime.
    pub(crate) fn same_file(&self, other: &Self) -> bool {
        let bytes = |it: &Self| (it.device, it.inode, it.size, it.modified);
        bytes(self) == bytes(other)
    }
}

/// A regular file that is held open, and what it was like when it was read.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) file: File,
    pub(crate) stat: Stat,
    pub(crate) sha256: Digest,
    pub(crate) identity: Identity,
}

impl Held {
    /// What was read of `file`, which was as `before` when that began, and has to be so still.
    fn of(file: File, before: &Stat, sha256: Digest) -> io::Result<Self> {
        let stat = rustix::fs::fstat(&file)?;
        let identity = identity(&stat);
        if identity != self::identity(before) {
            return Err(io::Error::other("it changed while it was read"));
        }
        Ok(Self { file, stat, sha256, identity })
    }

    pub(crate) fn mode(&self) -> u32 {
        self.stat.st_mode & 0o7777
    }
}

impl Spot {
    /// Opens the folder that `path` is in.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let invalid =
            || io::Error::new(io::ErrorKind::InvalidInput, "the path does not end in a file's name");
        let name = path.file_name().ok_or_else(invalid)?.to_owned();
        let parent = path.parent().ok_or_else(invalid)?;
        // `Path` forgives a trailing slash or dot; a name that is signed has one spelling.
        if parent.join(&name).as_os_str() != path.as_os_str() {
            return Err(invalid());
        }
        Ok(Self { folder: folder(parent)?, name, path: path.to_owned() })
    }

    /// What is there, not followed; `None` when nothing is.
    pub(crate) fn stat(&self) -> io::Result<Option<Stat>> {
        stat(&self.folder, &self.name)
    }

    /// Opens what is there: a regular file, never a link, never waiting for the other end of a FIFO.
    pub(crate) fn open(&self) -> io::Result<File> {
        let file = self.open_any()?;
        let stat = rustix::fs::fstat(&file)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        Ok(file)
    }

    /// Opens what is there, a file or a folder.
    pub(crate) fn open_any(&self) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&self.folder, &self.name, flags, Mode::empty());
        Ok(File::from(fd.map_err(|errno| match errno {
            Errno::LOOP => io::Error::new(io::ErrorKind::InvalidInput, "it is a symbolic link"),
            other => other.into(),
        })?))
    }

    /// Opens and hashes the file there, whatever its size.
    pub(crate) fn hold(&self) -> io::Result<Held> {
        let mut file = self.open()?;
        let before = rustix::fs::fstat(&file)?;
        let sha256 = hash(&mut file)?;
        Held::of(file, &before, sha256)
    }

    /// Opens the file there and reads it, when it has at most `limit` bytes.
    pub(crate) fn read(&self, limit: u64) -> io::Result<(Held, Vec<u8>)> {
        let file = self.open()?;
        let before = rustix::fs::fstat(&file)?;
        let mut bytes = Vec::new();
        (&file).take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            let why = format!("it is larger than {} MiB", limit / (1024 * 1024));
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        }
        Ok((Held::of(file, &before, Digest::of(&bytes))?, bytes))
    }
}

/// What has `name` in `folder`, not followed.
pub(crate) fn stat(folder: &OwnedFd, name: &OsStr) -> io::Result<Option<Stat>> {
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(errno) => Err(errno.into()),
    }
}

/// What tells this state of this file from others.
#[allow(clippy::unnecessary_cast, reason = "the kinds of these numbers differ between architectures")]
pub(crate) fn identity(stat: &Stat) -> Identity {
    Identity {
        device: stat.st_dev as u64,
        inode: stat.st_ino as u64,
        size: stat.st_size as i64,
        modified: (stat.st_mtime as i64, stat.st_mtime_nsec as i64),
        changed: (stat.st_ctime as i64, stat.st_ctime_nsec as i64),
    }
}

/// The digest of all that is left to read.
pub(crate) fn hash(file: &mut File) -> io::Result<Digest> {
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(Digest::from_bytes(hasher.finalize().into())),
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The real path of `path`, whose last component may not exist and is not followed.
pub(crate) fn settle(path: &Path) -> io::Result<PathBuf> {
    let invalid = |why| io::Error::new(io::ErrorKind::InvalidInput, why);
    if !path.is_absolute() {
        return Err(invalid("the path is not absolute"));
    }
    if path.as_os_str().as_bytes().contains(&0) {
        return Err(invalid("the path has a NUL in it"));
    }
    let name = path.file_name().ok_or_else(|| invalid("the path does not end in a file's name"))?;
    let parent = path.parent().ok_or_else(|| invalid("the path is a root"))?;
    Ok(std::fs::canonicalize(parent)?.join(name))
}
