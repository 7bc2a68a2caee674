//! Halts: those signed here, those of gates, and what they made void.

use countersign_core::digest::Digest;
use countersign_core::name::{GateId, Label};
use countersign_core::time::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use crate::decided::Signed;
use crate::rows::{Sql, maybe_name, name, value};
use crate::{Error, Tx};

/// A halt at one gate, of which that gate has not acknowledged a lift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HaltRow {
    /// Digest of its payload.
    pub digest: Digest,
    /// The gate.
    pub gate: GateId,
    /// Whether it was signed here; else another device signed it, or the gate halted itself.
    pub own: bool,
    /// The person and the name of the other device that signed it.
    pub by: Option<(Label, Label)>,
    /// What is halted: JSON, as in the halt.
    pub scope: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// The envelope.
    pub envelope: Vec<u8>,
    /// Whether the gate has it.
    pub acknowledged: bool,
    /// Whether a lift was signed.
    pub lifted: bool,
}

// Open as far as the store knows. What is over by something else is left as that. The signs keep SQLite from
// looking through all that came from an agent for what replaces one proposal.
const OPEN: &str = "
    NOT EXISTS (SELECT 1 FROM receipt r WHERE r.subject = p.digest AND r.gate = p.gate AND r.used IS NULL)
    AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.subject = p.digest AND w.by_gate = 1 AND w.gate = p.gate)
    AND NOT EXISTS (SELECT 1 FROM proposal s WHERE s.supersedes = p.digest AND +s.gate = p.gate AND +s.agent = p.agent)
    AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.subject = p.digest AND d.verdict = 'deny')
    AND (p.expires > ?3 OR EXISTS (SELECT 1 FROM decision d WHERE d.subject = p.digest AND d.verdict = 'approve'
        AND NOT EXISTS (SELECT 1 FROM withdrawal y WHERE y.subject = d.digest AND y.by_gate = 0)))";

impl Tx<'_> {
    /// Keeps a halt that was signed here, as one for `signed.gate`, and its outbox entry; `false` when that was kept
    /// before.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_own_halt(
        &self,
        scope: &str,
        reason: Option<&str>,
        signed: &Signed<'_>,
    ) -> Result<bool, Error> {
        let added = self.0.execute(
            "INSERT INTO halt (digest, gate, own, scope, at, reason, envelope)
             VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6) ON CONFLICT (digest, gate) DO NOTHING",
            params![Sql(signed.digest), signed.gate.as_str(), scope, Sql(signed.at), reason, signed.envelope],
        )?;
        if added > 0 {
            self.put_out("halt", None, signed)?;
        }
        Ok(added > 0)
    }

    /// Whether a lift of `halt` was signed here.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn lifted(&self, halt: &Digest) -> Result<bool, Error> {
        let mut found = self.0.prepare_cached("SELECT 1 FROM lift WHERE halt = ?1")?;
        Ok(found.exists([Sql(halt)])?)
    }

    /// Sends the lifts of `halt` also to those of `gates` to which none went.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn spread_lifts(&self, halt: &Digest, gates: &[GateId], now: Timestamp) -> Result<(), Error> {
        let mut spread = self.0.prepare_cached(
            "INSERT INTO outbox (digest, gate, kind, created, envelope)
                SELECT o.digest, ?2, 'lift', ?3, o.envelope FROM lift l JOIN outbox o ON o.digest = l.digest
                WHERE l.halt = ?1 AND NOT EXISTS (SELECT 1 FROM lift m JOIN outbox p ON p.digest = m.digest
                    WHERE m.halt = ?1 AND p.gate = ?2)
                LIMIT 1",
        )?;
        for gate in gates {
            spread.execute(params![Sql(halt), gate.as_str(), Sql(now)])?;
        }
        Ok(())
    }

    /// Keeps a lift of `halt`, which goes to each of `gates`, and an outbox entry for each. What was kept before stays.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_lift(&self, halt: &Digest, gates: &[GateId], signed: &Signed<'_>) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO lift (digest, halt) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING",
            params![Sql(signed.digest), Sql(halt)],
        )?;
        let mut goes =
            self.0.prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE digest = ?1 AND gate = ?2)")?;
        for gate in gates {
            if !goes.query_row(params![Sql(signed.digest), gate.as_str()], |row| row.get(0))? {
                self.put_out("lift", None, &Signed { gate, ..*signed })?;
            }
        }
        Ok(())
    }

    /// The envelope of the latest lift of `halt`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn lift_of(&self, halt: &Digest) -> Result<Option<Vec<u8>>, Error> {
        let found = self.0.query_row(
            "SELECT o.envelope FROM lift l JOIN outbox o ON o.digest = l.digest WHERE l.halt = ?1
             ORDER BY l.id DESC LIMIT 1",
            [Sql(halt)],
            |row| row.get(0),
        );
        Ok(found.optional()?)
    }

    /// Takes note that `halt` made every proposal void that is open (at `gate`, and of `agent` in the proposals'
    /// words, where they are given); how many those were.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn void(
        &self,
        halt: &Digest,
        gate: Option<&GateId>,
        agent: Option<&str>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        // What is over and will not change by itself needs no look.
        let changed = self.0.execute(
            &format!(
                "INSERT INTO voided (proposal, halt) SELECT p.id, ?1 FROM proposal p WHERE p.id IN
                    (SELECT id FROM item WHERE section IN ('waiting', 'delivering', 'others', 'snoozed')
                     UNION SELECT id FROM item WHERE due IS NOT NULL UNION SELECT id FROM stale)
                 AND (?2 IS NULL OR p.gate = ?2) AND (?4 IS NULL OR p.agent = ?4) AND {OPEN} ON CONFLICT (proposal) DO NOTHING"
            ),
            params![Sql(halt), gate.map(GateId::as_str), Sql(now), agent],
        )?;
        Ok(changed as u64)
    }

    /// Takes note that `halt` made the proposal void.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn void_one(&self, halt: &Digest, proposal: &Digest) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO voided (proposal, halt) SELECT id, ?1 FROM proposal WHERE digest = ?2
             ON CONFLICT (proposal) DO NOTHING",
            params![Sql(halt), Sql(proposal)],
        )?;
        Ok(())
    }

    /// How many proposals `halt` made void, at all gates, as far as is known here. It counts them.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn voided(&self, halt: &Digest) -> Result<u64, Error> {
        let mut count = self.0.prepare_cached("SELECT count(*) FROM voided WHERE halt = ?1")?;
        Ok(count.query_row([Sql(halt)], |row| value(row, 0))?)
    }

    /// The halts that stand, the newest first: at each gate, those of which it has not acknowledged a lift.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn halts(&self) -> Result<Vec<HaltRow>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT h.digest, h.gate, h.own, h.scope, h.at, h.reason, h.envelope,
                h.own = 0 OR EXISTS (SELECT 1 FROM outbox o
                    WHERE o.digest = h.digest AND o.gate = h.gate AND o.acknowledged IS NOT NULL),
                EXISTS (SELECT 1 FROM lift l WHERE l.halt = h.digest), h.person, h.device
             FROM halt h WHERE NOT EXISTS
                (SELECT 1 FROM lift l JOIN outbox o ON o.digest = l.digest AND o.gate = h.gate
                 WHERE l.halt = h.digest AND o.acknowledged IS NOT NULL)
             ORDER BY h.id DESC",
        )?;
        let rows = found.query_map([], |row| {
            Ok(HaltRow {
                digest: value(row, 0)?,
                gate: name(row, 1)?,
                own: row.get(2)?,
                scope: row.get(3)?,
                at: value(row, 4)?,
                reason: row.get(5)?,
                envelope: row.get(6)?,
                acknowledged: row.get(7)?,
                lifted: row.get(8)?,
                by: maybe_name(row, 9)?.zip(maybe_name(row, 10)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
