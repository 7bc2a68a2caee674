//! What gates say about proposals, and about themselves.

use countersign_core::digest::Digest;
use countersign_core::name::{GateId, Label};
use countersign_core::time::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use crate::decided::{NewWithdrawal, Signed};
use crate::rows::{Sql, value};
use crate::{Error, Tx};

/// A receipt that verified.
#[derive(Debug, Clone, Copy)]
pub struct NewReceipt<'a> {
    /// Digest of its payload.
    pub digest: &'a Digest,
    /// The proposal; it may not be here.
    pub subject: &'a Digest,
    /// The gate.
    pub gate: &'a GateId,
    /// The gate's number for it.
    pub seq: u64,
    /// Which use of a batch it is about, from 1.
    pub used: Option<u64>,
    /// When the nonce was burned, if it was.
    pub burned: Option<Timestamp>,
    /// The amendment that was acted on, if it was one.
    pub amendment: Option<&'a Digest>,
    /// When it was written.
    pub at: Timestamp,
    /// What it amounts to.
    pub outcome: &'a str,
    /// Whether it names decisions on which it rests, and none of them was given here.
    pub elsewhere: bool,
    /// As it came.
    pub envelope: &'a [u8],
}

/// A halt that verified.
#[derive(Debug, Clone, Copy)]
pub struct NewHalt<'a> {
    /// Digest of its payload.
    pub digest: &'a Digest,
    /// The gate that is halted.
    pub gate: &'a GateId,
    /// What is halted there: JSON, as in the halt.
    pub scope: &'a str,
    /// The person and the name of the device that signed it; `None` is the gate itself.
    pub by: Option<(&'a Label, &'a Label)>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<&'a str>,
    /// As it came.
    pub envelope: &'a [u8],
}

impl Tx<'_> {
    /// Keeps a receipt; `false` when it was kept before.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_receipt(&self, it: &NewReceipt<'_>, now: Timestamp) -> Result<bool, Error> {
        let added = self.0.execute(
            "INSERT INTO receipt
                (digest, subject, gate, seq, burned, at, outcome, received, envelope, amendment, used, elsewhere)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (digest) DO NOTHING",
            params![
                Sql(it.digest),
                Sql(it.subject),
                it.gate.as_str(),
                Sql(it.seq),
                it.burned.map(Sql),
                Sql(it.at),
                it.outcome,
                Sql(now),
                it.envelope,
                Sql(it.amendment),
                it.used.map(Sql),
                it.elsewhere
            ],
        )?;
        Ok(added > 0)
    }

    /// The envelope of a receipt, and the proposal that it is about.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn receipt(&self, digest: &Digest) -> Result<Option<(Vec<u8>, Digest)>, Error> {
        let found = self.0.query_row(
            "SELECT envelope, subject FROM receipt WHERE digest = ?1",
            [Sql(digest)],
            |row| Ok((row.get(0)?, value(row, 1)?)),
        );
        Ok(found.optional()?)
    }

    /// Keeps a gate's withdrawal of its proposal; `false` when it was kept before.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_gate_withdrawal(&self, it: &NewWithdrawal<'_>, signed: &Signed<'_>) -> Result<bool, Error> {
        self.add_withdrawal(it, true, signed)
    }

    /// Keeps a halt that was not signed here; `false` when it was kept before.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_halt(&self, it: &NewHalt<'_>) -> Result<bool, Error> {
        let added = self.0.execute(
            "INSERT INTO halt (digest, gate, own, scope, at, reason, envelope, person, device)
             VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (digest, gate) DO NOTHING",
            params![
                Sql(it.digest),
                it.gate.as_str(),
                it.scope,
                Sql(it.at),
                it.reason,
                it.envelope,
                it.by.map(|(person, _)| person.as_str()),
                it.by.map(|(_, device)| device.as_str())
            ],
        )?;
        Ok(added > 0)
    }
}
