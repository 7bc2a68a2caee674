//! Agents, as their gates tell them from others, and what came from each.

use countersign_core::digest::Digest;
use countersign_core::name::GateId;
use countersign_core::time::Timestamp;
use rusqlite::params;

use crate::rows::{Sql, name, value};
use crate::{Error, Tx};

/// What came from one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// The gate that knows it.
    pub gate: GateId,
    /// How that gate knows it, in the words of its proposals.
    pub agent: String,
    /// How many proposals came from it.
    pub proposed: u64,
    /// When the first was made.
    pub first: Timestamp,
    /// When the last was made.
    pub last: Timestamp,
    /// That one.
    pub newest: Digest,
    /// How many wait for a decision.
    pub waiting: u64,
    /// How many were approved here.
    pub approved: u64,
    /// How many were denied here.
    pub denied: u64,
    /// How many of each kind, the most frequent first.
    pub kinds: Vec<(String, u64)>,
}

impl Tx<'_> {
    /// Every agent from which a proposal came, the one seen last first.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn agents(&self) -> Result<Vec<AgentRow>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT a.id, a.gate, a.agent, a.proposed, a.first, a.last, p.digest, a.waiting, a.approved, a.denied
             FROM agent a JOIN proposal p ON p.id = a.newest ORDER BY a.last DESC, a.id",
        )?;
        let mut kinds = self.0.prepare_cached(
            "SELECT kind, items FROM agent_kind WHERE agent = ?1 AND items > 0 ORDER BY items DESC, kind",
        )?;
        let rows = found.query_map([], |row| {
            let agent = AgentRow {
                gate: name(row, 1)?,
                agent: row.get(2)?,
                proposed: value(row, 3)?,
                first: value(row, 4)?,
                last: value(row, 5)?,
                newest: value(row, 6)?,
                waiting: value(row, 7)?,
                approved: value(row, 8)?,
                denied: value(row, 9)?,
                kinds: vec![],
            };
            Ok((row.get::<_, i64>(0)?, agent))
        })?;
        rows.map(|row| {
            let (id, mut agent) = row?;
            let counted = kinds.query_map([id], |row| Ok((row.get(0)?, value(row, 1)?)))?;
            agent.kinds = counted.collect::<Result<_, _>>()?;
            Ok(agent)
        })
        .collect()
    }

    /// How many proposals of an agent were made in each span from one of `bounds` to the next, the end not included.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn proposed_in(&self, gate: &GateId, agent: &str, bounds: &[Timestamp]) -> Result<Vec<u64>, Error> {
        let mut count = self.0.prepare_cached(
            "SELECT count(*) FROM proposal WHERE gate = ?1 AND agent = ?2 AND created >= ?3 AND created < ?4",
        )?;
        let spans = bounds.windows(2).map(|span| {
            let span = params![gate.as_str(), agent, Sql(span[0]), Sql(span[1])];
            Ok(count.query_row(span, |row| value(row, 0))?)
        });
        spans.collect()
    }

    /// How many proposals of the same kind and from the same agent as this one were approved here, up to
    /// 1,000, and when the last of them was made.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn approved_alike(&self, proposal: &Digest) -> Result<(u64, Option<Timestamp>), Error> {
        let mut found = self.0.prepare_cached(
            "SELECT count(*), max(created) FROM (
                SELECT q.created FROM proposal p JOIN item i ON i.id = p.id
                JOIN proposal q ON q.gate = p.gate AND q.agent = p.agent AND q.id <> p.id
                JOIN item j ON j.id = q.id AND j.answered = 'approved' AND j.kind = i.kind
                WHERE p.digest = ?1 ORDER BY q.id DESC LIMIT 1000)",
        )?;
        Ok(found.query_row([Sql(proposal)], |row| Ok((value(row, 0)?, crate::rows::maybe(row, 1)?)))?)
    }

    /// The latest time, by this machine's clock, that was written down of late.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn latest(&self) -> Result<Option<Timestamp>, Error> {
        // The last rows: those before them were written before, or the clock was noticed then.
        Ok(self.0.query_row(
            "SELECT max(at) FROM (
                SELECT max(received) AS at FROM (SELECT received FROM proposal ORDER BY id DESC LIMIT 20)
                UNION ALL SELECT max(received) FROM (SELECT received FROM receipt ORDER BY id DESC LIMIT 20)
                UNION ALL SELECT max(received) FROM (SELECT received FROM evidence ORDER BY id DESC LIMIT 20)
                UNION ALL SELECT max(created) FROM (SELECT created FROM outbox ORDER BY id DESC LIMIT 20)
                UNION ALL SELECT max(at) FROM (SELECT at FROM shown ORDER BY id DESC LIMIT 20))",
            [],
            |row| crate::rows::maybe(row, 0),
        )?)
    }
}
