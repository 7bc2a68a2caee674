//! Proposals, their contents, the numbers that gates give out, and gates' epochs.

use countersign_core::digest::Digest;
use countersign_core::name::{Epoch, GateId};
use countersign_core::time::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use crate::rows::{Sql, value};
use crate::{Error, Tx};

/// A proposal that verified.
#[derive(Debug, Clone, Copy)]
pub struct NewProposal<'a> {
    /// Digest of its payload.
    pub digest: &'a Digest,
    /// The gate that signed it.
    pub gate: &'a GateId,
    /// The life of that gate's ledger.
    pub epoch: &'a Epoch,
    /// How the gate knows the agent: two with the same text are the same agent.
    pub agent: &'a str,
    /// When the gate made it.
    pub created: Timestamp,
    /// Until when it may act.
    pub expires: Timestamp,
    /// What it replaces.
    pub supersedes: Option<&'a Digest>,
    /// How many people must sign.
    pub people: u64,
    /// How often it may be used, when it is a batch.
    pub uses: Option<u64>,
    /// The contents that travel beside it.
    pub contents: &'a [Digest],
    /// As it came.
    pub envelope: &'a [u8],
}

impl Tx<'_> {
    /// Keeps a proposal; `false` when it was kept before.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_proposal(&self, it: &NewProposal<'_>, now: Timestamp) -> Result<bool, Error> {
        let mut add = self.0.prepare_cached(
            "INSERT INTO proposal (digest, gate, epoch, agent, created, expires, supersedes, people, received, envelope, uses)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (digest) DO NOTHING",
        )?;
        let added = add.execute(params![
            Sql(it.digest),
            it.gate.as_str(),
            Sql(it.epoch),
            it.agent,
            Sql(it.created),
            Sql(it.expires),
            Sql(it.supersedes),
            Sql(it.people),
            Sql(now),
            it.envelope,
            it.uses.map(Sql)
        ])?;
        if added == 0 {
            return Ok(false);
        }
        let id = self.0.last_insert_rowid();
        for content in it.contents {
            self.0.execute(
                "INSERT INTO content (proposal, digest, here)
                 VALUES (?1, ?2, EXISTS (SELECT 1 FROM blob b WHERE b.digest = ?2)) ON CONFLICT DO NOTHING",
                params![id, Sql(content)],
            )?;
        }
        Ok(true)
    }

    /// The envelope of a proposal.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn proposal(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Error> {
        let found =
            self.0.query_row("SELECT envelope FROM proposal WHERE digest = ?1", [Sql(digest)], |row| {
                row.get(0)
            });
        Ok(found.optional()?)
    }

    /// Takes note that `gate` gave the number `seq` to `digest`. Returns what it gave it to before, when that
    /// is something else.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn note_seq(
        &self,
        gate: &GateId,
        epoch: &Epoch,
        seq: u64,
        digest: &Digest,
    ) -> Result<Option<Digest>, Error> {
        let mut note = self.0.prepare_cached(
            "INSERT INTO seq (gate, epoch, seq, digest) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?;
        if note.execute(params![gate.as_str(), Sql(epoch), Sql(seq), Sql(digest)])? > 0 {
            return Ok(None);
        }
        let first: Digest = self.0.query_row(
            "SELECT digest FROM seq WHERE gate = ?1 AND epoch = ?2 AND seq = ?3",
            params![gate.as_str(), Sql(epoch), Sql(seq)],
            |row| value(row, 0),
        )?;
        Ok((first != *digest).then_some(first))
    }

    /// Keeps the bytes of a content, whose digest the caller computed.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_blob(&self, digest: &Digest, bytes: &[u8]) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO blob (digest, bytes) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING",
            params![Sql(digest), bytes],
        )?;
        Ok(())
    }

    /// The bytes of a content.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Error> {
        let found =
            self.0.query_row("SELECT bytes FROM blob WHERE digest = ?1", [Sql(digest)], |row| row.get(0));
        Ok(found.optional()?)
    }

    /// The contents of a proposal whose bytes are not here.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn missing(&self, proposal: &Digest) -> Result<Vec<Digest>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT c.digest FROM content c JOIN proposal p ON p.id = c.proposal
             WHERE p.digest = ?1 AND c.here = 0 ORDER BY c.id",
        )?;
        let rows = found.query_map([Sql(proposal)], |row| value(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The contents of a proposal that are here, with their bytes.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn contents(&self, proposal: &Digest) -> Result<Vec<(Digest, Vec<u8>)>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT b.digest, b.bytes FROM content c JOIN proposal p ON p.id = c.proposal
             JOIN blob b ON b.digest = c.digest WHERE p.digest = ?1 ORDER BY c.id",
        )?;
        let rows = found.query_map([Sql(proposal)], |row| Ok((value(row, 0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether the bytes of a content are here.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn has_blob(&self, digest: &Digest) -> Result<bool, Error> {
        let mut found = self.0.prepare_cached("SELECT EXISTS (SELECT 1 FROM blob WHERE digest = ?1)")?;
        Ok(found.query_row([Sql(digest)], |row| row.get(0))?)
    }

    /// Proposals that miss contents, with their gates.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn incomplete(&self) -> Result<Vec<(Digest, GateId)>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT DISTINCT p.digest, p.gate FROM content c JOIN proposal p ON p.id = c.proposal
             WHERE c.here = 0 ORDER BY p.id",
        )?;
        let rows = found.query_map([], |row| Ok((value(row, 0)?, crate::rows::name(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps that a sheet was on screen.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_shown(&self, proposal: &Digest, sheet: &Digest, at: Timestamp) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO shown (proposal, sheet, at) VALUES (?1, ?2, ?3)",
            params![Sql(proposal), Sql(sheet), Sql(at)],
        )?;
        Ok(())
    }

    /// When sheets of a proposal were on screen.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn shown(&self, proposal: &Digest) -> Result<Vec<(Digest, Timestamp)>, Error> {
        let mut found =
            self.0.prepare_cached("SELECT sheet, at FROM shown WHERE proposal = ?1 ORDER BY id")?;
        let rows = found.query_map([Sql(proposal)], |row| Ok((value(row, 0)?, value(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The epoch that `gate` announced last.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn gate_epoch(&self, gate: &GateId) -> Result<Option<Epoch>, Error> {
        let found =
            self.0.query_row("SELECT epoch FROM gate WHERE name = ?1", [gate.as_str()], |row| value(row, 0));
        Ok(found.optional()?)
    }

    /// Whether `gate` was ever heard in `epoch`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn knows_epoch(&self, gate: &GateId, epoch: &Epoch) -> Result<bool, Error> {
        let mut found = self
            .0
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM gate_epoch WHERE gate = ?1 AND epoch = ?2)")?;
        Ok(found.query_row(params![gate.as_str(), Sql(epoch)], |row| row.get(0))?)
    }

    /// Keeps the epoch that `gate` announces; `true` when it was another before, or none.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn set_gate_epoch(&self, gate: &GateId, epoch: &Epoch) -> Result<bool, Error> {
        self.0.execute(
            "INSERT INTO gate_epoch (gate, epoch) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![gate.as_str(), Sql(epoch)],
        )?;
        let changed = self.0.execute(
            "INSERT INTO gate (name, epoch) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch WHERE epoch <> excluded.epoch",
            params![gate.as_str(), Sql(epoch)],
        )?;
        Ok(changed > 0)
    }
}
