//! Reads a file whole, and nothing that is no file.

use std::fs::{Metadata, OpenOptions};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use countersign_core::content::MAX_TOTAL;
use countersign_sheet::{plain, value, words};
use rustix::fs::OFlags;

/// A file as it was found.
#[derive(PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) bytes: Vec<u8>,
    /// Permission bits.
    pub(crate) mode: u32,
}

pub(crate) fn bytes(file: Option<&File>) -> &[u8] {
    file.map_or(&[], |it| &it.bytes)
}

pub(crate) fn path(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

/// The file at `path`, or at the end of its links; none for `/dev/null`. `done` is what would be done with it, for
/// who is told that it was not: `compared`.
pub(crate) fn read(path: &Path, done: &str) -> Result<Option<File>, String> {
    if path == Path::new("/dev/null") {
        return Ok(None);
    }
    let refused = |why: &str| {
        let why = format!(" {why}. Nothing was {done}.");
        plain(&[&[words("")], value(self::path(path)).as_slice(), &[words(why)]].concat())
    };
    let io = |cause: std::io::Error| refused(&format!("could not be read: {cause}"));
    // Before it is opened: opening a pipe would wake who waits at its other end.
    let refuse = |why: String| refused(&why);
    is_file(&std::fs::metadata(path).map_err(io)?, done).map_err(refuse)?;
    // It may have become something else by now, at which opening would wait.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(path).map_err(io)?;
    let found = opened.metadata().map_err(io)?;
    is_file(&found, done).map_err(refuse)?;
    let mut bytes = Vec::new();
    opened.take(MAX_TOTAL + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MAX_TOTAL {
        return Err(refused(&format!("is larger than 64 MiB, and no larger file is {done}")));
    }
    Ok(Some(File { bytes, mode: found.mode() & 0o7777 }))
}

fn is_file(found: &Metadata, done: &str) -> Result<(), String> {
    let kind = found.file_type();
    if kind.is_file() {
        return Ok(());
    }
    Err(match () {
        () if kind.is_dir() => format!("is a folder; only files are {done}, one by one"),
        () if kind.is_fifo() => format!("is a pipe; only files are {done}"),
        () if kind.is_socket() => format!("is a socket; only files are {done}"),
        () => format!("is a device; only files are {done}"),
    })
}
