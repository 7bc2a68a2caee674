//! What the gate sends, until a device says that it committed it.

use countersign_core::digest::Digest;
use countersign_core::name::{Epoch, GateId, Label};
use countersign_core::time::Timestamp;
use countersign_sources::spool::Kind;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{digest_at, halts, parsed_at};
use crate::Error;

/// Something to send.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) digest: Digest,
    pub(crate) kind: Kind,
    /// The proposal that it is about, whose contents go with it.
    pub(crate) owner: Option<i64>,
    pub(crate) envelope: Vec<u8>,
}

impl Letter {
    pub(crate) fn add(&self, to: &Connection) -> Result<(), Error> {
        to.execute(
            "INSERT INTO outbox (digest, kind, owner, envelope) VALUES (?1, ?2, ?3, ?4)",
            params![self.digest.as_bytes(), self.kind.as_str(), self.owner, self.envelope],
        )?;
        Ok(())
    }

    /// Digests of what nobody acknowledged yet: halts, then the oldest first. It can be much: nobody may listen for long.
    pub(crate) fn waiting(from: &Connection) -> Result<Vec<Digest>, Error> {
        let mut query = from.prepare_cached(
            "SELECT digest FROM outbox WHERE acked IS NULL ORDER BY kind <> 'halt', number",
        )?;
        Ok(query.query_map([], |row| digest_at(row, 0))?.collect::<Result<_, _>>()?)
    }

    pub(crate) fn by_digest(from: &Connection, digest: &Digest) -> Result<Option<Self>, Error> {
        let mut query =
            from.prepare_cached("SELECT digest, kind, owner, envelope FROM outbox WHERE digest = ?1")?;
        let letter = query.query_row([digest.as_bytes()], |row| {
            Ok(Self {
                digest: digest_at(row, 0)?,
                kind: parsed_at(row, 1)?,
                owner: row.get(2)?,
                envelope: row.get(3)?,
            })
        });
        Ok(letter.optional()?)
    }

    pub(crate) fn count_waiting(from: &Connection) -> Result<u64, Error> {
        Ok(from.query_row("SELECT COUNT(*) FROM outbox WHERE acked IS NULL", [], |row| row.get(0))?)
    }
}

pub(crate) fn acknowledged(to: &Connection, digests: &[Digest], now: Timestamp) -> Result<(), Error> {
    let mut update = to.prepare_cached("UPDATE outbox SET acked = ?2 WHERE digest = ?1 AND acked IS NULL")?;
    for digest in digests {
        update.execute(params![digest.as_bytes(), now.seconds()])?;
    }
    Ok(())
}

/// Notes the life of a device's store; whether that is a new one.
pub(crate) fn heard_of(to: &Connection, device: &Label, epoch: &Epoch) -> Result<bool, Error> {
    let mut query = to.prepare_cached("SELECT epoch FROM device WHERE name = ?1")?;
    let before: Option<[u8; 16]> = query.query_row([device.as_str()], |row| row.get(0)).optional()?;
    if before.as_ref() == Some(epoch.as_bytes()) {
        return Ok(false);
    }
    to.execute(
        "INSERT INTO device (name, epoch) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET epoch = ?2",
        params![device.as_str(), epoch.as_bytes()],
    )?;
    Ok(true)
}

/// Sends again what is open, every receipt, and the halts that stand at `gate`, whoever signed them.
pub(crate) fn send_again(to: &Connection, gate: &GateId) -> Result<(), Error> {
    to.execute(
        "UPDATE outbox SET acked = NULL WHERE kind IN ('receipt', 'withdrawal')
         OR (kind = 'proposal' AND owner IN (SELECT number FROM proposal WHERE state <> 'ended'))",
        [],
    )?;
    // A halt of another gate, which this one keeps as well, stops nothing here.
    for (digest, _) in halts::standing(to)?.iter().filter(|(_, halt)| halt.scope.reaches(gate)) {
        to.execute(
            "INSERT INTO outbox (digest, kind, envelope) SELECT digest, 'halt', envelope FROM halt
             WHERE digest = ?1 AND envelope IS NOT NULL ON CONFLICT (digest) DO UPDATE SET acked = NULL",
            [digest.as_bytes()],
        )?;
    }
    Ok(())
}
