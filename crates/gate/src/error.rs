//! Why something of the gate, or of a client of it, did not work.

use std::io;
use std::path::{Path, PathBuf};

use countersign_core::refusal::{Code, Refusal};

/// Why something of the gate, or of a client of it, did not work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A check refused; nothing was done.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// What was asked for cannot be proposed; says why.
    #[error("{0}")]
    Request(String),
    /// A file of the gate that is not what it should be.
    #[error("{}: {why}", path.display())]
    Folder {
        /// Which file or folder.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another process is this gate.
    #[error("this gate is already running{by}")]
    Running {
        /// Who, in words, where it is known.
        by: String,
    },
    /// The ledger was written by a newer version.
    #[error("the ledger has schema {found}, this version knows {known}; use the newer version")]
    NewerLedger {
        /// What the ledger says.
        found: i64,
        /// What this version writes.
        known: i64,
    },
    /// The ledger could not be read or written.
    #[error("the ledger: {0}")]
    Ledger(#[from] rusqlite::Error),
    /// The ledger holds something that its own rules forbid.
    #[error("the ledger holds what it should not: {0}")]
    Damaged(&'static str),
    /// A box could not be used.
    #[error("{0}")]
    Sources(#[from] countersign_sources::Error),
    /// The operating system refused.
    #[error("{what}: {cause}")]
    Io {
        /// What was tried.
        what: String,
        /// What it said.
        cause: io::Error,
    },
    /// No gate answers.
    #[error("no gate answers at {}: {cause}", socket.display())]
    Unreachable {
        /// Where it was looked for.
        socket: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The connection ended before the answer.
    #[error("the gate ended the connection")]
    Closed,
    /// What came over the socket is not what this version understands.
    #[error("the other side does not speak this protocol: {0}")]
    Protocol(String),
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
}

impl Error {
    pub(crate) fn io(path: &Path, cause: impl Into<io::Error>) -> Self {
        Self::Io { what: path.display().to_string(), cause: cause.into() }
    }

    pub(crate) fn folder(path: &Path, why: impl Into<String>) -> Self {
        Self::Folder { path: path.to_owned(), why: why.into() }
    }

    /// What a client is told when the gate could not record something: never more than this, and
    /// never that it may have been done.
    pub(crate) fn into_refusal(self) -> Refusal {
        if self.disk_full() {
            let why = "the disk of the gate is full; nothing was done, and nothing is lost";
            return Refusal::new(Code::StateUnavailable, why);
        }
        match self {
            Self::Refused(refusal) => refusal,
            other => Refusal::new(Code::StateUnavailable, other.to_string()),
        }
    }

    /// Whether room on the disk is what is missing.
    pub(crate) fn disk_full(&self) -> bool {
        let full = |cause: &io::Error| {
            matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        };
        match self {
            Self::Ledger(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            Self::Sources(countersign_sources::Error::DiskFull { .. }) => true,
            Self::Io { cause, .. } => full(cause),
            _ => false,
        }
    }
}
