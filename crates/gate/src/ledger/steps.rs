//! What was begun, and what came of it. "Started" is on the disk before an action begins.

use std::path::{Path, PathBuf};

use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::receipt::Outcome;
use countersign_core::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::Error;

/// One action that was begun.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) action: usize,
    pub(crate) started: Timestamp,
    /// `None` until it finished.
    pub(crate) outcome: Option<Outcome>,
}

impl Step {
    pub(crate) fn start(to: &Connection, owner: i64, action: usize, now: Timestamp) -> Result<(), Error> {
        to.execute(
            "INSERT INTO step (owner, action, started) VALUES (?1, ?2, ?3)",
            params![owner, action, now.seconds()],
        )?;
        Ok(())
    }

    pub(crate) fn finish(to: &Connection, owner: i64, action: usize, outcome: &Outcome) -> Result<(), Error> {
        let changed = to.execute(
            "UPDATE step SET outcome = ?3 WHERE owner = ?1 AND action = ?2 AND outcome IS NULL",
            params![owner, action, json::to_bytes(outcome)],
        )?;
        if changed == 1 { Ok(()) } else { Err(Error::Damaged("an action would finish twice")) }
    }

    pub(crate) fn all(from: &Connection, owner: i64) -> Result<Vec<Self>, Error> {
        let mut query = from
            .prepare_cached("SELECT action, started, outcome FROM step WHERE owner = ?1 ORDER BY action")?;
        let rows = query.query_map([owner], |row| {
            let outcome: Option<Vec<u8>> = row.get(2)?;
            Ok((row.get(0)?, Timestamp::from_seconds(row.get(1)?), outcome))
        })?;
        rows.map(|row| {
            let (action, started, outcome) = row?;
            let outcome = outcome.map(|bytes| json::from_bytes(&bytes)).transpose();
            let outcome = outcome.map_err(|_| Error::Damaged("an outcome that cannot be read"))?;
            Ok(Self { action, started, outcome })
        })
        .collect()
    }
}

/// Remembers which file holds a result.
pub(crate) fn add_result(to: &Connection, owner: i64, digest: &Digest, path: &Path) -> Result<(), Error> {
    to.execute(
        "INSERT INTO result (digest, owner, path) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![digest.as_bytes(), owner, path.to_string_lossy()],
    )?;
    Ok(())
}

/// The file that holds a result.
pub(crate) fn result(from: &Connection, owner: i64, digest: &Digest) -> Result<Option<PathBuf>, Error> {
    let mut query = from.prepare_cached("SELECT path FROM result WHERE owner = ?1 AND digest = ?2")?;
    let path: Option<String> =
        query.query_row(params![owner, digest.as_bytes()], |row| row.get(0)).optional()?;
    Ok(path.map(PathBuf::from))
}
