//! All that is known about each proposal, in one look.

use countersign_core::digest::Digest;
use countersign_core::name::{Epoch, GateId, Label};
use countersign_core::time::Timestamp;
use rusqlite::{OptionalExtension as _, Row};

use crate::rows::{Sql, maybe, name, value};
use crate::{Error, Tx};

/// All that is known about a proposal. What it amounts to is for others to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its digest.
    pub digest: Digest,
    /// Its gate.
    pub gate: GateId,
    /// The life of the gate's ledger in which it was made.
    pub epoch: Epoch,
    /// The life that the gate announced last.
    pub gate_epoch: Option<Epoch>,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it may act.
    pub expires: Timestamp,
    /// How many people must sign.
    pub people: u64,
    /// When it arrived.
    pub received: Timestamp,
    /// How many contents are missing.
    pub missing: u64,
    /// A proposal of the same gate and agent that says it replaces this one.
    pub superseded_by: Option<Digest>,
    /// The halt that made it void.
    pub halted: Option<HaltFact>,
    /// Until when it is out of the queue.
    pub snoozed: Option<Timestamp>,
    /// Its gate's withdrawal.
    pub withdrawn: Option<WithdrawalFact>,
    /// The latest answer given here that was not taken back.
    pub decision: Option<DecisionFact>,
    /// What the gate did: the receipt of a burned nonce, else the latest. Of a batch what became of what remained of it.
    pub receipt: Option<ReceiptFact>,
    /// What was used of it, when it is a batch.
    pub batch: Option<BatchFact>,
}

/// What was used of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchFact {
    /// How often it may be used.
    pub most: u64,
    /// How many uses there are receipts of.
    pub used: u64,
    /// When the latest of those was written.
    pub at: Option<Timestamp>,
    /// How many of them were not done, or nobody saw their end; without those that a person or the time stopped
    /// before they began, and those of which a person found out that they ran.
    pub failed: u64,
    /// Of how many the program ended with another status than 0.
    pub exits: u64,
    /// How many rest on approvals none of which was given here.
    pub elsewhere: u64,
    /// The first receipt of a use whose outcome is unknown and that nobody resolved, and when it was written.
    pub unknown: Option<(Digest, Timestamp)>,
}

/// A halt that made something void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HaltFact {
    /// Digest of its payload.
    pub halt: Digest,
    /// When it was signed.
    pub at: Timestamp,
}

/// A withdrawal by the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawalFact {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<String>,
}

/// An answer given here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionFact {
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
    /// Whether the gate has it.
    pub acknowledged: bool,
    /// Whether it is about the proposal as the person changed it.
    pub amended: bool,
}

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFact {
    /// Its digest.
    pub digest: Digest,
    /// When it was written.
    pub at: Timestamp,
    /// What it amounts to.
    pub outcome: String,
    /// What a person found out about it.
    pub resolution: Option<ResolutionFact>,
}

/// What a person found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolutionFact {
    /// Whether it happened.
    pub ran: bool,
    /// Who found out.
    pub person: Label,
    /// When.
    pub at: Timestamp,
}

// The signs before `s.gate` and `s.agent` keep SQLite from looking through all that came from an agent.
// A deny is the last answer that is ever kept, and a withdrawal names one answer: so the latest
// that was not taken back is the one that stands.
const KNOWN: &str = "
SELECT p.digest, p.gate, p.epoch, g.epoch, p.created, p.expires, p.people, p.received,
    (SELECT count(*) FROM content c WHERE c.proposal = p.id AND c.here = 0),
    (SELECT s.digest FROM proposal s WHERE s.supersedes = p.digest AND +s.gate = p.gate AND +s.agent = p.agent
        ORDER BY s.id DESC LIMIT 1),
    w.at, w.reason,
    d.digest, d.verdict, d.person, d.comment, d.at, o.acknowledged IS NOT NULL,
    r.digest, r.at, r.outcome,
    z.ran, z.person, z.at,
    (SELECT v.halt FROM voided v WHERE v.proposal = p.id),
    (SELECT n.until FROM snooze n WHERE n.proposal = p.id),
    (SELECT h.at FROM voided v JOIN halt h ON h.digest = v.halt WHERE v.proposal = p.id LIMIT 1),
    p.id,
    EXISTS (SELECT 1 FROM amendment a WHERE a.decision = d.digest),
    p.uses,
    (SELECT count(*) FROM receipt u
        WHERE p.uses IS NOT NULL AND u.subject = p.digest AND u.gate = p.gate AND u.used IS NOT NULL),
    (SELECT max(u.at) FROM receipt u
        WHERE p.uses IS NOT NULL AND u.subject = p.digest AND u.gate = p.gate AND u.used IS NOT NULL),
    k.digest, k.at,
    (SELECT count(*) FROM receipt u
        WHERE p.uses IS NOT NULL AND u.subject = p.digest AND u.gate = p.gate AND u.used IS NOT NULL
            AND u.outcome <> 'done' AND u.outcome NOT LIKE 'done %'
            AND u.outcome NOT IN ('refused DENIED', 'refused HALTED', 'refused WITHDRAWN', 'refused DECISION_EXPIRED')
            AND NOT EXISTS (SELECT 1 FROM resolution y WHERE y.receipt = u.digest AND y.ran = 1)),
    (SELECT count(*) FROM receipt u
        WHERE p.uses IS NOT NULL AND u.subject = p.digest AND u.gate = p.gate AND u.used IS NOT NULL
            AND u.outcome LIKE 'done %'),
    (SELECT count(*) FROM receipt u
        WHERE p.uses IS NOT NULL AND u.subject = p.digest AND u.gate = p.gate AND u.used IS NOT NULL
            AND u.elsewhere = 1)
FROM proposal p
LEFT JOIN gate g ON g.name = p.gate
LEFT JOIN withdrawal w ON w.id =
    (SELECT min(x.id) FROM withdrawal x WHERE x.subject = p.digest AND x.by_gate = 1 AND x.gate = p.gate)
LEFT JOIN decision d ON d.id =
    (SELECT max(x.id) FROM decision x WHERE x.subject = p.digest
        AND NOT EXISTS (SELECT 1 FROM withdrawal y WHERE y.subject = x.digest AND y.by_gate = 0))
LEFT JOIN outbox o ON o.digest = d.digest AND o.gate = p.gate
LEFT JOIN receipt r ON r.id =
    (SELECT x.id FROM receipt x WHERE x.subject = p.digest AND x.gate = p.gate AND x.used IS NULL
        ORDER BY x.burned IS NULL, x.id DESC LIMIT 1)
LEFT JOIN resolution z ON z.receipt = r.digest
LEFT JOIN receipt k ON k.id =
    (SELECT min(u.id) FROM receipt u WHERE p.uses IS NOT NULL AND u.subject = p.digest AND u.gate = p.gate
        AND u.used IS NOT NULL AND u.outcome = 'unknown'
        AND NOT EXISTS (SELECT 1 FROM resolution y WHERE y.receipt = u.digest))
";

impl Tx<'_> {
    /// All proposals, the newest first. Slow where there are many: nothing that runs often asks for it.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn all_facts(&self) -> Result<Vec<Facts>, Error> {
        let mut found = self.0.prepare_cached(&format!("{KNOWN} ORDER BY p.id DESC"))?;
        let rows = found.query_map([], facts)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One proposal.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn facts(&self, digest: &Digest) -> Result<Option<Facts>, Error> {
        let mut found = self.0.prepare_cached(&format!("{KNOWN} WHERE p.digest = ?1"))?;
        Ok(found.query_row([Sql(digest)], facts).optional()?)
    }

    /// Proposals of which something changed since they were placed, with their numbers, at most `most`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn stale(&self, most: usize) -> Result<Vec<(i64, Facts)>, Error> {
        let sql = format!("{KNOWN} WHERE p.id IN (SELECT id FROM stale ORDER BY id DESC LIMIT ?1)");
        let mut found = self.0.prepare_cached(&sql)?;
        let rows = found.query_map([Sql(most as u64)], |row| Ok((row.get(27)?, facts(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn facts(row: &Row<'_>) -> rusqlite::Result<Facts> {
    Ok(Facts {
        digest: value(row, 0)?,
        gate: name(row, 1)?,
        epoch: value(row, 2)?,
        gate_epoch: maybe(row, 3)?,
        created: value(row, 4)?,
        expires: value(row, 5)?,
        people: value(row, 6)?,
        received: value(row, 7)?,
        missing: value(row, 8)?,
        superseded_by: maybe(row, 9)?,
        halted: match (maybe(row, 24)?, maybe(row, 26)?) {
            (Some(halt), Some(at)) => Some(HaltFact { halt, at }),
            _ => None,
        },
        snoozed: maybe(row, 25)?,
        withdrawn: match maybe(row, 10)? {
            Some(at) => Some(WithdrawalFact { at, reason: row.get(11)? }),
            None => None,
        },
        decision: match maybe(row, 12)? {
            Some(digest) => Some(DecisionFact {
                digest,
                verdict: row.get(13)?,
                person: name(row, 14)?,
                comment: row.get(15)?,
                at: value(row, 16)?,
                acknowledged: row.get(17)?,
                amended: row.get(28)?,
            }),
            None => None,
        },
        receipt: match maybe(row, 18)? {
            Some(digest) => Some(ReceiptFact {
                digest,
                at: value(row, 19)?,
                outcome: row.get(20)?,
                resolution: resolution(row)?,
            }),
            None => None,
        },
        batch: batch(row)?,
    })
}

fn batch(row: &Row<'_>) -> rusqlite::Result<Option<BatchFact>> {
    let Some(most) = maybe(row, 29)? else { return Ok(None) };
    let unknown = maybe(row, 32)?.zip(maybe(row, 33)?);
    Ok(Some(BatchFact {
        most,
        used: value(row, 30)?,
        at: maybe(row, 31)?,
        failed: value(row, 34)?,
        exits: value(row, 35)?,
        elsewhere: value(row, 36)?,
        unknown,
    }))
}

fn resolution(row: &Row<'_>) -> rusqlite::Result<Option<ResolutionFact>> {
    let Some(ran) = row.get::<_, Option<bool>>(21)? else { return Ok(None) };
    Ok(Some(ResolutionFact { ran, person: name(row, 22)?, at: value(row, 23)? }))
}
