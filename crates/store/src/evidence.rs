//! What arrived and is not what it says that it is.

use countersign_core::digest::Digest;
use countersign_core::time::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::rows::{Sql, value};
use crate::{Error, Tx};

/// The most bytes that are kept of one: 64 KiB.
pub const MAX_RAW: usize = 64 * 1024;

/// The most that are kept; the oldest go first.
pub const MAX_EVIDENCE: u64 = 1000;

/// Something refused.
#[derive(Debug, Clone, Copy)]
pub struct NewEvidence<'a> {
    /// The file that it came in, escaped.
    pub name: &'a str,
    /// Which check failed.
    pub cause: &'a str,
    /// The particulars.
    pub why: &'a str,
    /// Whose file it was, where that is known.
    pub uid: Option<u32>,
    /// All of it. Empty when it was not read.
    pub bytes: &'a [u8],
}

/// Something that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Its number, in the order in which such things came.
    pub id: i64,
    /// Digest of its raw bytes, or of its name when it was not read.
    pub digest: Digest,
    /// The file that it came in, escaped.
    pub name: String,
    /// Which check failed.
    pub cause: String,
    /// The particulars.
    pub why: String,
    /// How many bytes it had.
    pub size: u64,
    /// The first of them.
    pub raw: Vec<u8>,
    /// When it arrived first.
    pub received: Timestamp,
}

impl Tx<'_> {
    /// Keeps evidence; `false` when the same bytes were kept before.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_evidence(&self, it: &NewEvidence<'_>, now: Timestamp) -> Result<bool, Error> {
        let identity = if it.bytes.is_empty() { it.name.as_bytes() } else { it.bytes };
        let raw = &it.bytes[..it.bytes.len().min(MAX_RAW)];
        let added = self.0.execute(
            "INSERT INTO evidence (digest, name, cause, why, uid, size, raw, received)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (digest) DO NOTHING",
            params![
                Sql(&Digest::of(identity)),
                it.name,
                it.cause,
                it.why,
                it.uid,
                Sql(it.bytes.len() as u64),
                raw,
                Sql(now)
            ],
        )?;
        if added > 0 {
            self.drop_oldest_evidence()?;
        }
        Ok(added > 0)
    }

    fn drop_oldest_evidence(&self) -> Result<(), Error> {
        let mut found = self.0.prepare_cached(
            "SELECT v.id, e.id FROM evidence v JOIN entry e ON e.evidence = v.id
             WHERE v.id <= (SELECT max(id) FROM evidence) - ?1",
        )?;
        let rows = found.query_map([Sql(MAX_EVIDENCE)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let oldest: Vec<(i64, i64)> = rows.collect::<Result<_, _>>()?;
        for (evidence, entry) in oldest {
            self.unindex(entry)?;
            self.0.execute("DELETE FROM entry WHERE id = ?1", [entry])?;
            self.0.execute("DELETE FROM evidence WHERE id = ?1", [evidence])?;
        }
        Ok(())
    }

    /// All evidence, the newest first, without its bytes.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn evidence(&self) -> Result<Vec<EvidenceRow>, Error> {
        self.evidence_before(None, usize::try_from(MAX_EVIDENCE).unwrap_or(usize::MAX))
    }

    /// The same, at most `most`, before number `before`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn evidence_before(&self, before: Option<i64>, most: usize) -> Result<Vec<EvidenceRow>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT digest, name, cause, why, size, x'', received, id FROM evidence
             WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let rows = found.query_map(params![before.unwrap_or(i64::MAX), Sql(most as u64)], evidence)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How much evidence there is.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn evidence_len(&self) -> Result<u64, Error> {
        Ok(self.0.query_row("SELECT count(*) FROM evidence", [], |row| value(row, 0))?)
    }

    /// One piece of evidence.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn evidence_of(&self, digest: &Digest) -> Result<Option<EvidenceRow>, Error> {
        let found = self.0.query_row(
            "SELECT digest, name, cause, why, size, raw, received, id FROM evidence WHERE digest = ?1",
            [Sql(digest)],
            evidence,
        );
        Ok(found.optional()?)
    }
}

pub(crate) fn evidence(row: &Row<'_>) -> rusqlite::Result<EvidenceRow> {
    Ok(EvidenceRow {
        id: row.get(7)?,
        digest: value(row, 0)?,
        name: row.get(1)?,
        cause: row.get(2)?,
        why: row.get(3)?,
        size: value(row, 4)?,
        raw: row.get(5)?,
        received: value(row, 6)?,
    })
}
