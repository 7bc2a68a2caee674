//! The sending end of a box.

use std::ffi::CString;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign_core::digest::Digest;
use rustix::fs::{FlockOperation, Mode, OFlags};
use rustix::io::Errno;

use super::guarded::{Folder, take};
use super::{Kind, MAX_BLOB, MAX_MESSAGE, Name};
use crate::Error;
use crate::milestone::milestone;

/// Sends messages and blobs to the one who reads a box.
#[derive(Debug)]
pub struct Writer {
    base: Folder,
    tmp: Folder,
    new: Folder,
    blobs: Folder,
    // What files are given: the group may read them where the box is shared with one.
    mode: u32,
}

// Distinguishes the temporary files of one process.
static COUNT: AtomicU64 = AtomicU64::new(0);

impl Writer {
    /// Opens the box at `dir`, making it where it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let base = Folder::make(dir)?;
        let [tmp, new, blobs] = ["tmp", "new", "blobs"].map(|name| base.inner(name));
        let (tmp, new, blobs) = (tmp?, new?, blobs?);
        let shared = new.stat()?.st_mode & 0o2000 != 0;
        Ok(Self { base, tmp, new, blobs, mode: if shared { 0o640 } else { 0o600 } })
    }

    /// Puts `bytes` where messages that name their `digest` find them. They are on the disk when this returns.
    ///
    /// # Errors
    ///
    /// [`Error::BlobDigest`], [`Error::TooLarge`], [`Error::DiskFull`], [`Error::Io`]. Nothing was written then.
    pub fn put_blob(&self, digest: &Digest, bytes: &[u8]) -> Result<(), Error> {
        if bytes.len() as u64 > MAX_BLOB {
            return Err(Error::TooLarge { size: bytes.len(), most: MAX_BLOB });
        }
        if Digest::of(bytes) != *digest {
            return Err(Error::BlobDigest);
        }
        let name = digest.to_string();
        if self.has(&name, bytes) {
            return Ok(());
        }
        self.write(&name, bytes, &self.blobs, "blob")
    }

    /// Sends the envelope in `bytes`, whose payload has `digest`. It is on the disk when this
    /// returns. Blobs that it names must have been put before.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`], [`Error::DiskFull`], [`Error::Io`]. Nothing was sent then.
    pub fn send(&self, kind: Kind, digest: &Digest, bytes: &[u8]) -> Result<(), Error> {
        if bytes.len() as u64 > MAX_MESSAGE {
            return Err(Error::TooLarge { size: bytes.len(), most: MAX_MESSAGE });
        }
        self.write(&Name { kind, digest: *digest }.to_string(), bytes, &self.new, kind.as_str())
    }

    /// Whether somebody holds this box open to read it.
    pub fn reader_alive(&self) -> bool {
        // Opening one end of a FIFO would wait for the other.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let Ok(lock) = rustix::fs::openat(&self.base.fd, "lock", flags, Mode::empty()) else { return false };
        // Shared, so that those who only look never keep each other out; let go of at once.
        rustix::fs::flock(&lock, FlockOperation::NonBlockingLockShared) == Err(Errno::WOULDBLOCK)
    }

    // Whether exactly these bytes are there, so that a large blob is not written at each resend.
    fn has(&self, name: &str, bytes: &[u8]) -> bool {
        let Ok(name) = CString::new(name) else { return false };
        let me = rustix::process::geteuid().as_raw();
        take(&self.blobs.fd, &name, &[me], MAX_BLOB).is_ok_and(|taken| taken.bytes == bytes)
    }

    fn write(&self, name: &str, bytes: &[u8], to: &Folder, what: &str) -> Result<(), Error> {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let nanos = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.subsec_nanos());
        let temporary = format!("{}.{count}.{nanos}", std::process::id());
        self.tmp.write_new(&temporary, bytes, self.mode)?;
        milestone(format_args!("written {what}"));
        if let Err(error) = self.tmp.rename(&temporary, to, name) {
            self.tmp.remove(&temporary);
            return Err(error);
        }
        to.sync()?;
        milestone(format_args!("renamed {what}"));
        Ok(())
    }
}
