//! The one row that counts: epoch, burns, `seq`, the clock; and newer roots.

use countersign_core::name::{Epoch, Nonce};
use countersign_core::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::Error;

/// What the ledger counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meta {
    pub(crate) epoch: Epoch,
    pub(crate) count: u64,
    pub(crate) seq: u64,
    pub(crate) highest: Timestamp,
    pub(crate) intent: Option<Nonce>,
}

impl Meta {
    /// The row, if there is one yet.
    pub(crate) fn read(from: &Connection) -> Result<Option<Self>, Error> {
        let row = from.query_row("SELECT epoch, count, seq, highest, intent FROM meta", [], |row| {
            Ok(Self {
                epoch: Epoch::from_bytes(row.get(0)?),
                count: row.get(1)?,
                seq: row.get(2)?,
                highest: Timestamp::from_seconds(row.get(3)?),
                intent: row.get::<_, Option<[u8; 16]>>(4)?.map(Nonce::from_bytes),
            })
        });
        Ok(row.optional()?)
    }

    /// The row, which is there.
    pub(crate) fn of(from: &Connection) -> Result<Self, Error> {
        Self::read(from)?.ok_or(Error::Damaged("it counts nothing"))
    }

    pub(crate) fn write(&self, to: &Connection) -> Result<(), Error> {
        to.execute(
            "INSERT INTO meta (one, epoch, count, seq, highest, intent) VALUES (1, ?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (one) DO UPDATE SET epoch = ?1, count = ?2, seq = ?3, highest = ?4, intent = ?5",
            params![
                self.epoch.as_bytes(),
                self.count,
                self.seq,
                self.highest.seconds(),
                self.intent.as_ref().map(Nonce::as_bytes),
            ],
        )?;
        Ok(())
    }

    /// The next `seq`, counted.
    pub(crate) fn next_seq(to: &Connection, now: Timestamp) -> Result<u64, Error> {
        let mut meta = Self::of(to)?;
        meta.seq += 1;
        meta.highest = meta.highest.max(now);
        meta.write(to)?;
        Ok(meta.seq)
    }

    /// Remembers the highest time that the clock showed.
    pub(crate) fn saw(to: &Connection, now: Timestamp) -> Result<(), Error> {
        to.execute("UPDATE meta SET highest = MAX(highest, ?1)", [now.seconds()])?;
        Ok(())
    }
}

/// Newer roots, in order.
pub(crate) fn roots(from: &Connection) -> Result<Vec<Vec<u8>>, Error> {
    let mut query = from.prepare("SELECT envelope FROM root ORDER BY version")?;
    Ok(query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

pub(crate) fn add_root(to: &Connection, version: u64, envelope: &[u8]) -> Result<(), Error> {
    to.execute("INSERT INTO root (version, envelope) VALUES (?1, ?2)", params![version, envelope])?;
    Ok(())
}
