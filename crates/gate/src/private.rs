//! Folders that only the gate's user enters, and files that only it reads.
//!
//! A file is 0600 from its first byte and replaced in one step: temporary
//! file, fsync, rename, fsync of the folder. What another user owns or can
//! write is not used.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use data_encoding::HEXLOWER;

use crate::Error;

/// `N` random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}

/// Makes `path` and those above it (0700) where they are missing; refuses a folder that others can use.
pub(crate) fn make_dir(path: &Path) -> Result<(), Error> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|cause| Error::io(path, cause))?;
    let meta = std::fs::symlink_metadata(path).map_err(|cause| Error::io(path, cause))?;
    if !meta.is_dir() {
        return Err(Error::folder(path, "it is not a folder"));
    }
    check(path, &meta, 0o077, "chmod 700")
}

/// The whole file, at most `limit` bytes; `None` when there is none.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Error> {
    let flags = i32::try_from((rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits());
    let mut options = File::options();
    options.read(true).custom_flags(flags.unwrap_or(0));
    let file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(Error::io(path, cause)),
    };
    let meta = file.metadata().map_err(|cause| Error::io(path, cause))?;
    if !meta.is_file() {
        return Err(Error::folder(path, "it is not a regular file"));
    }
    check(path, &meta, 0o077, "chmod 600")?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|cause| Error::io(path, cause))?;
    if bytes.len() as u64 > limit {
        return Err(Error::folder(path, format!("it is larger than {limit} bytes")));
    }
    Ok(Some(bytes))
}

/// Writes the file or replaces it, with `mode`; on return it is on the disk.
pub(crate) fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Error> {
    let io = |cause| Error::io(path, cause);
    let parent = path.parent().ok_or_else(|| Error::folder(path, "it has no folder"))?;
    let temporary = parent.join(format!(".new-{}", HEXLOWER.encode(&random::<8>()?)));
    let mut options = File::options();
    options.write(true).create_new(true).mode(mode);
    let written = options.open(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    });
    if let Err(cause) = written {
        let _ = std::fs::remove_file(&temporary);
        return Err(io(cause));
    }
    File::open(parent).and_then(|dir| dir.sync_all()).map_err(io)
}

fn check(path: &Path, meta: &std::fs::Metadata, forbidden: u32, remedy: &str) -> Result<(), Error> {
    let me = rustix::process::geteuid().as_raw();
    if meta.uid() != me {
        return Err(Error::folder(path, format!("it belongs to user {}, not to user {me}", meta.uid())));
    }
    if meta.mode() & forbidden != 0 {
        let mode = meta.mode() & 0o777;
        return Err(Error::folder(
            path,
            format!("others can use it (mode {mode:03o}); `{remedy}` rights that"),
        ));
    }
    Ok(())
}
