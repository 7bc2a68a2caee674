//! The gate's memory: what it proposed, who decided, what it burned, began and finished.
//!
//! One connection, owned by one thread. Every write is one `BEGIN IMMEDIATE`
//! transaction that is on the disk when it returns (WAL, `synchronous=FULL`).
//! It is never rebuilt or merged: when it does not match its anchor, a new
//! epoch begins and what was open is void.

pub(crate) mod decisions;
pub(crate) mod halts;
pub(crate) mod meta;
pub(crate) mod outbox;
pub(crate) mod proposals;
pub(crate) mod steps;
pub(crate) mod uses;

use std::path::Path;

use countersign_core::digest::Digest;
use rusqlite::{Connection, OpenFlags, Row, Transaction, TransactionBehavior};

use crate::Error;

pub(crate) use decisions::{Attempt, Decided, Kept};
pub(crate) use meta::Meta;
pub(crate) use outbox::Letter;
pub(crate) use proposals::{Entry, New, State};
pub(crate) use steps::Step;
pub(crate) use uses::Use;

/// One step for each version; a step that was released is never changed.
const STEPS: &[&str] =
    &[include_str!("schema.sql"), include_str!("schema-2.sql"), include_str!("schema-3.sql")];

/// The schema that this version writes.
const VERSION: i64 = STEPS.len() as i64;

/// The ledger.
#[derive(Debug)]
pub(crate) struct Ledger {
    connection: Connection,
}

impl Ledger {
    /// Opens the ledger at `path`, making it where it is missing.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        if !path.exists() {
            // Made by us, so that it is 0600 before anything is in it.
            use std::os::unix::fs::OpenOptionsExt as _;
            let mut options = std::fs::File::options();
            let made = options.write(true).create_new(true).mode(0o600).open(path);
            made.map_err(|cause| Error::io(path, cause))?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        // The folder may be reached through a link; the file itself may not be one.
        let real = path.parent().and_then(|it| std::fs::canonicalize(it).ok());
        let real = real.zip(path.file_name()).map_or_else(|| path.to_owned(), |(dir, name)| dir.join(name));
        let mut connection = Connection::open_with_flags(real, flags)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "trusted_schema", "OFF")?;
        connection.pragma_update(None, "cell_size_check", "ON")?;
        bring_up(&mut connection)?;
        Ok(Self { connection })
    }

    /// Begins to write.
    pub(crate) fn write(&mut self) -> Result<Transaction<'_>, Error> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Reads, all from one state.
    pub(crate) fn read(&mut self) -> Result<Transaction<'_>, Error> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Deferred)?)
    }
}

/// Brings the ledger to the present version, with all that is in it, or leaves it as it is.
fn bring_up(connection: &mut Connection) -> Result<(), Error> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(found).ok().and_then(|found| STEPS.get(found..));
    let Some(steps) = done else { return Err(Error::NewerLedger { found, known: VERSION }) };
    if steps.is_empty() {
        return Ok(());
    }
    for step in steps {
        change.execute_batch(step)?;
    }
    change.pragma_update(None, "user_version", VERSION)?;
    change.commit()?;
    Ok(())
}

fn digest_at(row: &Row<'_>, at: usize) -> rusqlite::Result<Digest> {
    Ok(Digest::from_bytes(row.get(at)?))
}

fn optional_digest_at(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Digest>> {
    Ok(row.get::<_, Option<[u8; 32]>>(at)?.map(Digest::from_bytes))
}

/// Reads a text of ours back.
fn parsed_at<T: std::str::FromStr>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text: String = row.get(at)?;
    text.parse().map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(
            at,
            rusqlite::types::Type::Text,
            "a word that this ledger does not know".into(),
        )
    })
}

#[cfg(test)]
mod tests;
