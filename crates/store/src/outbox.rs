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
    /// Its number, in the order in which things were signed.
    pub id: i64,
    /// Digest of the payload.
    pub digest: Digest,
    /// Where it goes.
    pub gate: GateId,
    /// `halt`, `decision`, `withdrawal`, `resolution` or `lift`.
    pub kind: String,
    /// The envelope.
    pub envelope: Vec<u8>,
}

impl Tx<'_> {
    /// What no gate has acknowledged: halts, then the oldest first.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn outbox(&self) -> Result<Vec<Entry>, Error> {
        self.outbox_after(0)
    }

    /// The same for what was signed after the entry `after`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn outbox_after(&self, after: i64) -> Result<Vec<Entry>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT id, digest, gate, kind, envelope FROM outbox WHERE acknowledged IS NULL AND id > ?1
             ORDER BY kind <> 'halt', id",
        )?;
        let rows = found.query_map([after], |row| {
            Ok(Entry {
                id: row.get(0)?,
                digest: value(row, 1)?,
                gate: name(row, 2)?,
                kind: row.get(3)?,
                envelope: row.get(4)?,
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
        let mut note = self.0.prepare_cached(
            "UPDATE outbox SET acknowledged = ?3 WHERE gate = ?1 AND digest = ?2 AND acknowledged IS NULL",
        )?;
        let changed = note.execute(params![gate.as_str(), Sql(digest), Sql(at)])?;
        Ok(changed > 0)
    }

    /// Takes back the acknowledgements of a gate that lost its memory, of all that still matters: halts that stand
    /// there, lifts, and what is about proposals that have not expired and on which there is no receipt.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn reopen(&self, gate: &GateId, now: Timestamp) -> Result<u64, Error> {
        // Before the lifts, by whose acknowledgements it is known what stands.
        let halts = self.0.execute(
            "UPDATE outbox SET acknowledged = NULL WHERE gate = ?1 AND acknowledged IS NOT NULL AND kind = 'halt'
                AND digest NOT IN (SELECT l.halt FROM lift l JOIN outbox o ON o.digest = l.digest
                    WHERE o.gate = ?1 AND o.acknowledged IS NOT NULL)",
            [gate.as_str()],
        )?;
        let changed = self.0.execute(
            "UPDATE outbox SET acknowledged = NULL WHERE gate = ?1 AND acknowledged IS NOT NULL AND
                (kind = 'lift' OR EXISTS (SELECT 1 FROM proposal p WHERE p.digest = outbox.about AND p.expires > ?2
                    AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = p.digest AND r.used IS NULL)))",
            params![gate.as_str(), Sql(now)],
        )?;
        Ok((halts + changed) as u64)
    }

    /// Takes note that `digest` is to be acknowledged to `gate`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_ack_due(&self, gate: &GateId, digest: &Digest) -> Result<(), Error> {
        let mut add = self
            .0
            .prepare_cached("INSERT INTO ack_due (gate, digest) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
        add.execute(params![gate.as_str(), Sql(digest)])?;
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
