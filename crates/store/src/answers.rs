//! All that was said about one proposal, also what no longer counts.

use countersign_core::digest::Digest;
use countersign_core::name::{GateId, Label};
use countersign_core::time::Timestamp;

use rusqlite::{OptionalExtension as _, params};

use crate::rows::{Sql, maybe, name, value};
use crate::{Error, Tx};

/// An answer that was given here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerFact {
    /// Its digest.
    pub digest: Digest,
    /// `approve`, `deny` or `request_changes`.
    pub verdict: String,
    /// Who gave it.
    pub person: Label,
    /// What was written to it.
    pub comment: Option<String>,
    /// When.
    pub at: Timestamp,
    /// When it was taken back.
    pub taken_back: Option<Timestamp>,
    /// Whether it is about the proposal as the person changed it.
    pub amended: bool,
}

/// A denial of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeniedFact {
    /// The proposal.
    pub proposal: Digest,
    /// Who denied it.
    pub person: Label,
    /// What was written to it.
    pub comment: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl Tx<'_> {
    /// What of an agent was denied here at `since` or later, the last first; at most `most`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn denied(
        &self,
        gate: &GateId,
        agent: &str,
        since: Timestamp,
        most: u32,
    ) -> Result<Vec<DeniedFact>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT d.subject, d.person, d.comment, d.at FROM decision d JOIN proposal p ON p.digest = d.subject
             WHERE d.verdict = 'deny' AND d.at >= ?3 AND p.gate = ?1 AND p.agent = ?2
             ORDER BY d.at DESC, d.id DESC LIMIT ?4",
        )?;
        let rows = found.query_map(params![gate.as_str(), agent, Sql(since), most], |row| {
            Ok(DeniedFact {
                proposal: value(row, 0)?,
                person: name(row, 1)?,
                comment: row.get(2)?,
                at: value(row, 3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every answer to `subject`, the oldest first.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn answers(&self, subject: &Digest) -> Result<Vec<AnswerFact>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT d.digest, d.verdict, d.person, d.comment, d.at,
                (SELECT min(w.at) FROM withdrawal w WHERE w.subject = d.digest AND w.by_gate = 0),
                EXISTS (SELECT 1 FROM amendment a WHERE a.decision = d.digest)
             FROM decision d WHERE d.subject = ?1 ORDER BY d.sequence",
        )?;
        let rows = found.query_map([Sql(subject)], |row| {
            Ok(AnswerFact {
                digest: value(row, 0)?,
                verdict: row.get(1)?,
                person: name(row, 2)?,
                comment: row.get(3)?,
                at: value(row, 4)?,
                taken_back: maybe(row, 5)?,
                amended: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How an answer was signed here; `None` where it was not.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn signed_here(&self, decision: &Digest) -> Result<Option<Vec<u8>>, Error> {
        let mut found = self.0.prepare_cached("SELECT envelope FROM outbox WHERE digest = ?1 LIMIT 1")?;
        Ok(found.query_row([Sql(decision)], |row| row.get(0)).optional()?)
    }

    /// Digests and envelopes of the receipts that `gate` wrote about `subject`, the oldest first.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn receipts_of(&self, subject: &Digest, gate: &GateId) -> Result<Vec<(Digest, Vec<u8>)>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT digest, envelope FROM receipt WHERE subject = ?1 AND gate = ?2 ORDER BY id",
        )?;
        let rows =
            found.query_map(params![Sql(subject), gate.as_str()], |row| Ok((value(row, 0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Envelopes of what people found out about `proposal`, the oldest first.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn resolutions_of(&self, proposal: &Digest) -> Result<Vec<Vec<u8>>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT envelope FROM outbox WHERE about = ?1 AND kind = 'resolution' ORDER BY id",
        )?;
        let rows = found.query_map([Sql(proposal)], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
