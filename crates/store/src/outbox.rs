//! What gates have not acknowledged yet, and what we have to acknowledge to them.

use countersign_core::digest::Digest;
use countersign_core::name::GateId;
use countersign_core::time::Timestamp;
use rusqlite::params;

use crate::rows::{Sql, name, value};
use crate::{Error, Tx};

/// Something signed here that its gate has not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Digest of the payload.
    pub digest: Digest,
    /// Where it goes.
    pub gate: GateId,
    /// `decision`, `withdrawal`, `resolution` or `lift`.
    pub kind: String,
    /// The envelope.
    pub envelope: Vec<u8>,
}

impl Tx<'_> {
    /// What no gate has acknowledged, the oldest first.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn outbox(&self) -> Result<Vec<Entry>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT digest, gate, kind, envelope FROM outbox WHERE acknowledged IS NULL ORDER BY id",
        )?;
        let rows = found.query_map([], |row| {
            Ok(Entry {
                digest: value(row, 0)?,
                gate: name(row, 1)?,
                kind: row.get(2)?,
                envelope: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many that are.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn outbox_len(&self) -> Result<u64, Error> {
        Ok(self
            .0
            .query_row("SELECT count(*) FROM outbox WHERE acknowledged IS NULL", [], |row| value(row, 0))?)
    }

    /// Takes note that `gate` has committed `digest`; `true` when it was waiting for that.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn acknowledged(&self, gate: &GateId, digest: &Digest, at: Timestamp) -> Result<bool, Error> {
        let changed = self.0.execute(
            "UPDATE outbox SET acknowledged = ?3 WHERE gate = ?1 AND digest = ?2 AND acknowledged IS NULL",
            params![gate.as_str(), Sql(digest), Sql(at)],
        )?;
        Ok(changed > 0)
    }

    /// Takes back the acknowledgements of a gate that lost its memory, of all that still matters: lifts, and
    /// what is about proposals that have not expired and on which there is no receipt.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn reopen(&self, gate: &GateId, now: Timestamp) -> Result<u64, Error> {
        let changed = self.0.execute(
            "UPDATE outbox SET acknowledged = NULL WHERE gate = ?1 AND acknowledged IS NOT NULL AND
                (kind = 'lift' OR EXISTS (SELECT 1 FROM proposal p WHERE p.digest = outbox.about AND p.expires > ?2
                    AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = p.digest)))",
            params![gate.as_str(), Sql(now)],
        )?;
        Ok(changed as u64)
    }

    /// Takes note that `digest` is to be acknowledged to `gate`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_ack_due(&self, gate: &GateId, digest: &Digest) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO ack_due (gate, digest) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![gate.as_str(), Sql(digest)],
        )?;
        Ok(())
    }

    /// What is to be acknowledged to `gate`, at most `most`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn acks_due(&self, gate: &GateId, most: usize) -> Result<Vec<Digest>, Error> {
        let mut found =
            self.0.prepare_cached("SELECT digest FROM ack_due WHERE gate = ?1 ORDER BY id LIMIT ?2")?;
        let rows = found.query_map(params![gate.as_str(), Sql(most as u64)], |row| value(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes note that these were acknowledged to `gate`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn acks_sent(&self, gate: &GateId, digests: &[Digest]) -> Result<(), Error> {
        let mut remove = self.0.prepare_cached("DELETE FROM ack_due WHERE gate = ?1 AND digest = ?2")?;
        for digest in digests {
            remove.execute(params![gate.as_str(), Sql(digest)])?;
        }
        Ok(())
    }
}
