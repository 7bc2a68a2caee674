//! Uses of batches: each entry at most once, and so many of them together.

use countersign_core::digest::Digest;
use countersign_core::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Entry, optional_digest_at};
use crate::Error;

/// A use that was burned.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    /// The number of the proposal.
    pub(crate) owner: i64,
    /// Which entry of its list, from 0.
    pub(crate) entry: usize,
    /// Which use, from 1.
    pub(crate) number: u64,
    pub(crate) burned: Timestamp,
    pub(crate) approval: Option<Digest>,
    /// `None` until it ended.
    pub(crate) ending: Option<String>,
    pub(crate) receipt: Option<Digest>,
}

const COLUMNS: &str = "owner, entry, number, burned, approval, ending, receipt";

fn read(row: &Row<'_>) -> rusqlite::Result<Use> {
    Ok(Use {
        owner: row.get(0)?,
        entry: row.get(1)?,
        number: row.get(2)?,
        burned: Timestamp::from_seconds(row.get(3)?),
        approval: optional_digest_at(row, 4)?,
        ending: row.get(5)?,
        receipt: optional_digest_at(row, 6)?,
    })
}

impl Use {
    /// Burns the entry of a batch that is open; with the last use there is, the batch itself.
    pub(crate) fn burn(
        to: &Connection,
        of: &Entry,
        entry: usize,
        approval: Option<&Digest>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let (before, most) = (Self::all(to, of.number)?.len() as u64, of.uses.unwrap_or(0));
        if before >= most {
            return Err(Error::Damaged("a batch would be used more often than it may be"));
        }
        let number = before + 1;
        to.execute(
            "INSERT INTO used (owner, entry, number, burned, approval) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![of.number, entry, number, now.seconds(), approval.map(Digest::as_bytes)],
        )?;
        if number == most {
            of.burn(to, approval, None, now)?;
        }
        Self::of(to, of.number, entry)?.ok_or(Error::Damaged("a use is gone"))
    }

    /// The use of an entry, if it was used.
    pub(crate) fn of(from: &Connection, owner: i64, entry: usize) -> Result<Option<Self>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM used WHERE owner = ?1 AND entry = ?2");
        Ok(from.prepare_cached(&sql)?.query_row(params![owner, entry], read).optional()?)
    }

    /// All of a batch, in their order.
    pub(crate) fn all(from: &Connection, owner: i64) -> Result<Vec<Self>, Error> {
        let mut query =
            from.prepare_cached(&format!("SELECT {COLUMNS} FROM used WHERE owner = ?1 ORDER BY number"))?;
        Ok(query.query_map([owner], read)?.collect::<Result<_, _>>()?)
    }

    /// Those of all batches that have not ended.
    pub(crate) fn acting(from: &Connection) -> Result<Vec<Self>, Error> {
        let mut query = from.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM used WHERE ending IS NULL ORDER BY owner, number"
        ))?;
        Ok(query.query_map([], read)?.collect::<Result<_, _>>()?)
    }

    /// Ends it, in a word.
    pub(crate) fn end(&self, to: &Connection, ending: &str, receipt: &Digest) -> Result<(), Error> {
        let changed = to.execute(
            "UPDATE used SET ending = ?3, receipt = ?4 WHERE owner = ?1 AND entry = ?2 AND ending IS NULL",
            params![self.owner, self.entry, ending, receipt.as_bytes()],
        )?;
        if changed == 1 { Ok(()) } else { Err(Error::Damaged("a use would end twice")) }
    }
}
