//! What the app keeps: proposals and their contents, decisions and the outbox, receipts, evidence.
//!
//! Promises: what a [`Store::write`] did is on the disk when it returns, all
//! of it or nothing; the same thing kept twice is kept once, by its digest;
//! things may come in any order, a withdrawal before what it names.
//!
//! Nothing is verified here: who calls has done that. Rows are the store's
//! own; envelopes are kept as they came, so that all of it can be checked
//! again. Times are whole Unix seconds and are passed in.

mod agents;
mod amended;
mod answers;
mod decided;
mod evidence;
mod facts;
mod halting;
mod items;
mod outbox;
mod proposals;
mod received;
mod rows;
mod said;
mod schema;
mod search;

use std::path::Path;

use countersign_core::name::Epoch;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use agents::AgentRow;
pub use amended::NewAmendment;
pub use answers::{AnswerFact, DeniedFact};
pub use decided::{NewDecision, NewResolution, NewWithdrawal, Signed};
pub use evidence::{EvidenceRow, MAX_EVIDENCE, MAX_RAW, NewEvidence};
pub use facts::{BatchFact, DecisionFact, Facts, HaltFact, ReceiptFact, ResolutionFact, WithdrawalFact};
pub use halting::HaltRow;
pub use items::{ItemRow, Placed, Seen, Total};
pub use outbox::Entry;
pub use proposals::NewProposal;
pub use received::{NewHalt, NewReceipt};
pub use said::{NoSecret, Usefulness};
pub use search::{Hit, Hits, MAX_QUERY, MAX_TEXT, Piece, Query, Unindexed};

/// Why something could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database was made by a newer version of the app. It was not touched.
    #[error("the store has schema {found}, newer than {known}, which this version reads")]
    Newer {
        /// What it has.
        found: i64,
        /// What is known.
        known: i64,
    },
    /// Nothing more fits on the disk. Nothing was changed.
    #[error("the disk is full; nothing was kept")]
    DiskFull,
    /// What is stored is not what was written.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The file cannot be made.
    #[error("the store: {0}")]
    File(#[from] std::io::Error),
    /// Anything else that the database says. Nothing was changed.
    #[error("the store: {0}")]
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
        match (error.sqlite_error_code(), &error) {
            (Some(DiskFull), _) => Self::DiskFull,
            (Some(DatabaseCorrupt | NotADatabase), _)
            | (_, rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..)) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Database(error),
        }
    }
}

/// The app's database. One connection, used by one thread at a time.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    epoch: Epoch,
}

/// One transaction: what is read in it belongs together, what is written in it is kept together.
pub struct Tx<'a>(&'a Connection);

impl Store {
    /// Opens the store at `path`, making it (0600, its folder 0700) where it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::Newer`] and what keeps it from being read.
    pub fn open(path: &Path) -> Result<Self, Error> {
        make_private(path)?;
        let mut connection = Connection::open(path)?;
        let epoch = schema::prepare(&mut connection)?;
        // More statements than it would keep by itself are used again and again.
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Self { connection, epoch })
    }

    /// The life of this store: a new one when it had to be made anew.
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// Does `work` in one transaction that is on the disk when this returns; when `work` fails, nothing of it is.
    ///
    /// # Errors
    ///
    /// What `work` says, or the database.
    pub fn write<T, E: From<Error>>(&mut self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.transaction(TransactionBehavior::Immediate, work)
    }

    /// Does `work`, which reads, on one state of the database.
    ///
    /// # Errors
    ///
    /// What `work` says, or the database.
    pub fn read<T, E: From<Error>>(&mut self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.transaction(TransactionBehavior::Deferred, work)
    }

    fn transaction<T, E: From<Error>>(
        &mut self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let begun: Transaction<'_> =
            self.connection.transaction_with_behavior(behavior).map_err(Error::from)?;
        let done = work(&Tx(&begun))?;
        begun.commit().map_err(Error::from)?;
        Ok(done)
    }
}

fn make_private(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // SQLite would make it as the process' mask says; its companions take the mode of the file.
    std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    Ok(())
}
