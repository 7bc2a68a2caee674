//! What follows from the facts and the time, kept so that proposals are found without looking at all of them.
//!
//! Nothing is decided here. Triggers note in `stale` whichever proposal has
//! new facts, [`Tx::note_due`] those that time has changed; whoever knows what
//! facts amount to takes them from [`Tx::stale`] and says [`Tx::place`].

use countersign_core::digest::Digest;
use countersign_core::name::GateId;
use countersign_core::time::Timestamp;
use rusqlite::{OptionalExtension as _, Row, ToSql, params};

use crate::rows::{Sql, maybe, name, value};
use crate::{Error, EvidenceRow, Tx};

/// Where to find a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The part of the queue that it is in.
    pub section: &'a str,
    /// In its section the highest comes first; of equal ones, that which came last.
    pub rank: i64,
    /// When time changes something about it.
    pub due: Option<Timestamp>,
    /// Since when it is over by nothing but time.
    pub lapsed: Option<Timestamp>,
    /// `approved` or `denied`.
    pub answered: Option<&'a str>,
    /// `failed` or `expired`.
    pub ended: Option<&'a str>,
    /// Where it is in its life, in the words of whoever placed it.
    pub state: &'a str,
}

/// A proposal in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// Its number among the proposals, in the order in which they came.
    pub id: i64,
    /// Its digest.
    pub digest: Digest,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it may act.
    pub expires: Timestamp,
    /// Its place in its section.
    pub rank: i64,
    /// As [`Placed::state`]; empty when it was not placed yet.
    pub state: String,
    /// As [`Tx::keep_shown`] kept it, with its version; 0 when it was not.
    pub shown: String,
    /// The version of it.
    pub version: u64,
    /// Whether what counts is the proposal as a person changed it.
    pub amended: bool,
}

/// Something that was seen: a proposal or evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A proposal.
    Proposal(ItemRow),
    /// Evidence, without its bytes.
    Evidence(EvidenceRow),
}

/// How many items a section has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Which one.
    pub section: String,
    /// How many.
    pub items: u64,
}

const COLUMNS: &str = "p.id, p.digest, p.created, p.expires, i.rank, i.state, ifnull(i.shown, ''), i.version,
    EXISTS (SELECT 1 FROM standing_amendment a WHERE a.proposal = p.digest)";

impl Tx<'_> {
    /// Makes stale whatever time has changed, also when its clock was set back. `true` when there is any.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn note_due(&self, now: Timestamp) -> Result<bool, Error> {
        let now = Sql(now);
        let mut due = self
            .0
            .prepare_cached("INSERT INTO stale SELECT id FROM item WHERE due <= ?1 ON CONFLICT DO NOTHING")?;
        let mut back = self.0.prepare_cached(
            "INSERT INTO stale SELECT id FROM item WHERE lapsed > ?1 ON CONFLICT DO NOTHING",
        )?;
        // What came back, and whose clock was set back since.
        let mut snoozed = self.0.prepare_cached(
            "INSERT INTO stale SELECT s.proposal FROM snooze s JOIN item i ON i.id = s.proposal
             WHERE s.until > ?1 AND i.section <> 'snoozed' ON CONFLICT DO NOTHING",
        )?;
        due.execute([&now])?;
        back.execute([&now])?;
        snoozed.execute([&now])?;
        self.is_stale()
    }

    /// Whether [`Tx::note_due`] would find anything, or something is stale.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn is_due(&self, now: Timestamp) -> Result<bool, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM stale) OR EXISTS (SELECT 1 FROM item WHERE due <= ?1)
                OR EXISTS (SELECT 1 FROM item WHERE lapsed > ?1)
                OR EXISTS (SELECT 1 FROM snooze s JOIN item i ON i.id = s.proposal
                    WHERE s.until > ?1 AND i.section <> 'snoozed')",
        )?;
        Ok(found.query_row([Sql(now)], |row| row.get(0))?)
    }

    /// When time changes something next.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn next_due(&self) -> Result<Option<Timestamp>, Error> {
        let mut found = self.0.prepare_cached("SELECT min(due) FROM item WHERE due IS NOT NULL")?;
        Ok(found.query_row([], |row| maybe(row, 0))?)
    }

    fn is_stale(&self) -> Result<bool, Error> {
        let mut found = self.0.prepare_cached("SELECT EXISTS (SELECT 1 FROM stale)")?;
        Ok(found.query_row([], |row| row.get(0))?)
    }

    /// Keeps where a proposal is to be found; it is stale no longer. `true` when it was in another section.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn place(&self, id: i64, it: &Placed<'_>) -> Result<bool, Error> {
        let mut before = self.0.prepare_cached("SELECT section FROM item WHERE id = ?1")?;
        let before: String = before.query_row([id], |row| row.get(0))?;
        let mut update = self.0.prepare_cached(
            "UPDATE item SET section = ?2, rank = ?3, due = ?4, lapsed = ?5, answered = ?6, ended = ?7, state = ?8
             WHERE id = ?1",
        )?;
        update.execute(params![
            id,
            it.section,
            it.rank,
            it.due.map(Sql),
            it.lapsed.map(Sql),
            it.answered,
            it.ended,
            it.state
        ])?;
        self.0.prepare_cached("DELETE FROM stale WHERE id = ?1")?.execute([id])?;
        Ok(before != it.section)
    }

    /// Keeps what a list shows of a proposal, as `version` of the code makes it.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn keep_shown(&self, digest: &Digest, kind: &str, shown: &str, version: u64) -> Result<(), Error> {
        let mut update = self.0.prepare_cached(
            "UPDATE item SET kind = ?2, shown = ?3, version = ?4
             WHERE id = (SELECT id FROM proposal WHERE digest = ?1)",
        )?;
        update.execute(params![Sql(digest), kind, shown, Sql(version)])?;
        Ok(())
    }

    /// Proposals whose kept look is of another version than `version`, the newest first, at most `most`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn outdated(&self, version: u64, most: usize) -> Result<Vec<Digest>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT p.digest FROM (SELECT id FROM item WHERE version < ?1 UNION ALL
                SELECT id FROM item WHERE version > ?1) i
             JOIN proposal p ON p.id = i.id LIMIT ?2",
        )?;
        let rows = found.query_map(params![Sql(version), Sql(most as u64)], |row| value(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many proposals each section has.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn totals(&self) -> Result<Vec<Total>, Error> {
        let mut found = self.0.prepare_cached("SELECT section, items FROM tally ORDER BY section")?;
        let rows = found.query_map([], |row| Ok(Total { section: row.get(0)?, items: value(row, 1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The proposals of a section in their order, at most `most`, after that with rank and number `after`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn items(
        &self,
        section: &str,
        after: Option<(i64, i64)>,
        most: usize,
    ) -> Result<Vec<ItemRow>, Error> {
        let (rank, id) = after.unwrap_or((i64::MAX, i64::MAX));
        self.list(
            "section = ?1 AND (i.rank, i.id) < (?2, ?3) ORDER BY i.rank DESC, i.id DESC LIMIT ?4",
            params![section, rank, id, Sql(most as u64)],
        )
    }

    /// The same that come before that with rank and number `before`, the nearest first.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn items_before(
        &self,
        section: &str,
        (rank, id): (i64, i64),
        most: usize,
    ) -> Result<Vec<ItemRow>, Error> {
        self.list(
            "section = ?1 AND (i.rank, i.id) > (?2, ?3) ORDER BY i.rank, i.id LIMIT ?4",
            params![section, rank, id, Sql(most as u64)],
        )
    }

    /// The proposals that were answered with `answered`, the newest first, at most `most`, before number `before`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn answered(&self, answered: &str, before: Option<i64>, most: usize) -> Result<Vec<ItemRow>, Error> {
        self.list(
            "answered = ?1 AND i.id < ?2 ORDER BY i.id DESC LIMIT ?3",
            params![answered, before.unwrap_or(i64::MAX), Sql(most as u64)],
        )
    }

    /// The same for those that ended as `ended`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn ended(&self, ended: &str, before: Option<i64>, most: usize) -> Result<Vec<ItemRow>, Error> {
        self.list(
            "ended = ?1 AND i.id < ?2 ORDER BY i.id DESC LIMIT ?3",
            params![ended, before.unwrap_or(i64::MAX), Sql(most as u64)],
        )
    }

    /// Envelopes of whole proposals in `section`, of the same gate, agent and kind as `digest`, the oldest first, at
    /// most `most`; it is among them where it is in that section.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn akin(&self, digest: &Digest, section: &str, most: usize) -> Result<Vec<(Digest, Vec<u8>)>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT q.digest, q.envelope FROM proposal p JOIN item j ON j.id = p.id
             JOIN proposal q ON q.gate = p.gate AND q.agent = p.agent
             JOIN item i ON i.id = q.id AND i.section = ?2 AND i.kind = j.kind
             WHERE p.digest = ?1
                AND NOT EXISTS (SELECT 1 FROM content c WHERE c.proposal = q.id AND c.here = 0)
             ORDER BY q.created, q.id LIMIT ?3",
        )?;
        let rows = found.query_map(params![Sql(digest), section, Sql(most as u64)], |row| {
            Ok((value(row, 0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn list(&self, which: &str, params: &[&dyn ToSql]) -> Result<Vec<ItemRow>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM item i CROSS JOIN proposal p ON p.id = i.id WHERE i.{which}");
        let mut found = self.0.prepare_cached(&sql)?;
        let rows = found.query_map(params, item)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A proposal as a list shows it.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn item(&self, digest: &Digest) -> Result<Option<ItemRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM proposal p JOIN item i ON i.id = p.id WHERE p.digest = ?1");
        Ok(self.0.prepare_cached(&sql)?.query_row([Sql(digest)], item).optional()?)
    }

    /// Everything that was seen, the newest first, at most `most`, before the entry `before`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn seen(&self, before: Option<i64>, most: usize) -> Result<Vec<(i64, Seen)>, Error> {
        let mut found =
            self.0.prepare_cached("SELECT id FROM entry WHERE id < ?1 ORDER BY id DESC LIMIT ?2")?;
        let rows =
            found.query_map(params![before.unwrap_or(i64::MAX), Sql(most as u64)], |row| row.get(0))?;
        let ids: Vec<i64> = rows.collect::<Result<_, _>>()?;
        ids.into_iter().map(|id| Ok((id, self.seen_as(id)?))).collect()
    }

    /// What the entry `id` stands for.
    pub(crate) fn seen_as(&self, id: i64) -> Result<Seen, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM entry e JOIN proposal p ON p.id = e.proposal JOIN item i ON i.id = p.id
             WHERE e.id = ?1"
        );
        if let Some(row) = self.0.prepare_cached(&sql)?.query_row([id], item).optional()? {
            return Ok(Seen::Proposal(row));
        }
        let mut found = self.0.prepare_cached(
            "SELECT v.digest, v.name, v.cause, v.why, v.size, x'', v.received, v.id
             FROM entry e JOIN evidence v ON v.id = e.evidence WHERE e.id = ?1",
        )?;
        let row = found.query_row([id], crate::evidence::evidence).optional()?;
        row.map(Seen::Evidence).ok_or_else(|| Error::Damaged(format!("entry {id} stands for nothing")))
    }

    /// Takes a proposal out of the queue until `until`; a later one takes the place of an earlier one.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn set_snooze(&self, proposal: &Digest, until: Timestamp, now: Timestamp) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO snooze (proposal, until, made) SELECT id, ?2, ?3 FROM proposal WHERE digest = ?1
             ON CONFLICT (proposal) DO UPDATE SET until = excluded.until, made = excluded.made",
            params![Sql(proposal), Sql(until), Sql(now)],
        )?;
        Ok(())
    }

    /// Puts a proposal back into the queue; `false` when it was there.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn end_snooze(&self, proposal: &Digest) -> Result<bool, Error> {
        let mut remove = self.0.prepare_cached(
            "DELETE FROM snooze WHERE proposal = (SELECT id FROM proposal WHERE digest = ?1)",
        )?;
        Ok(remove.execute([Sql(proposal)])? > 0)
    }

    /// Proposals whose snooze is over, or would last until after `furthest`, as after a clock was set back.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn snoozes_over(&self, now: Timestamp, furthest: Timestamp) -> Result<Vec<Digest>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT p.digest FROM snooze s JOIN proposal p ON p.id = s.proposal
             WHERE s.until <= ?1 OR s.until > ?2 ORDER BY s.until",
        )?;
        let rows = found.query_map(params![Sql(now), Sql(furthest)], |row| value(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Proposals of which these contents are missing, with their gates.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn waiting_for(&self, content: &Digest) -> Result<Vec<(Digest, GateId)>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT p.digest, p.gate FROM content c JOIN proposal p ON p.id = c.proposal
             WHERE c.digest = ?1 AND c.here = 0 ORDER BY p.id",
        )?;
        let rows = found.query_map([Sql(content)], |row| Ok((value(row, 0)?, name(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn item(row: &Row<'_>) -> rusqlite::Result<ItemRow> {
    Ok(ItemRow {
        id: row.get(0)?,
        digest: value(row, 1)?,
        created: value(row, 2)?,
        expires: value(row, 3)?,
        rank: row.get(4)?,
        state: row.get(5)?,
        shown: row.get(6)?,
        version: value(row, 7)?,
        amended: row.get(8)?,
    })
}
