//! Where proposals arrive and decisions leave: the spool of one machine.
//!
//! [`layout::Layout`] says which folder is whose. [`spool`] moves messages
//! and blobs between programs of one machine through files: what was sent is
//! on the disk before `send` returns, and what is read was opened without
//! following or waiting for anything, checked on its descriptor, and read once.
//!
//! A message's bytes are untrusted: nothing here verifies a signature, or
//! knows what a message says.

pub mod layout;
pub mod milestone;
pub mod spool;

use std::path::{Path, PathBuf};

/// Why a folder could not be used, or a message not be sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither `$HOME` nor the folder of `$XDG_*` is known.
    #[error("no home folder is known: set HOME, or XDG_DATA_HOME and XDG_STATE_HOME, to absolute paths")]
    NoHome,
    /// A folder that others can write to, or that is none.
    #[error("{} is not used: {why}", path.display())]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Another program reads this box already.
    #[error("another program already reads {}", path.display())]
    Busy {
        /// The box.
        path: PathBuf,
    },
    /// Nothing more fits on the disk. Nothing was sent.
    #[error("the disk of {} is full; nothing was written", path.display())]
    DiskFull {
        /// Where it was tried.
        path: PathBuf,
    },
    /// More bytes than a reader takes. Nothing was sent.
    #[error("{size} bytes are more than the {most} that are read")]
    TooLarge {
        /// How many.
        size: usize,
        /// The limit.
        most: u64,
    },
    /// Bytes given as a blob that have another digest than was said.
    #[error("the bytes of the blob do not have the digest that was given for them")]
    BlobDigest,
    /// A name that this module did not make.
    #[error("{0:?} is not the name of a message")]
    Name(String),
    /// The operating system refused.
    #[error("{}: {cause}", path.display())]
    Io {
        /// On what.
        path: PathBuf,
        /// What it said.
        cause: std::io::Error,
    },
}

impl Error {
    pub(crate) fn io(path: &Path, cause: impl Into<std::io::Error>) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        let (path, cause) = (path.to_owned(), cause.into());
        match cause.kind() {
            StorageFull | QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io { path, cause },
        }
    }
}
