//! Decisions that count or came too late, what was refused, and what may hold later.

use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_core::refusal::Refusal;
use countersign_core::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::halts::withdrawn;
use super::{digest_at, optional_digest_at, parsed_at};
use crate::Error;

/// The most refusals that are remembered.
const MAX_ATTEMPTS: u32 = 1000;

/// The most messages that are kept for later.
const MAX_KEPT: u32 = 200;

/// A decision in the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    pub(crate) digest: Digest,
    pub(crate) person: Label,
    pub(crate) verdict: Verdict,
    pub(crate) comment: Option<String>,
    pub(crate) envelope: Vec<u8>,
    /// Whether it came after the nonce was burned, or the proposal had ended.
    pub(crate) late: bool,
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approve => "approve",
        Verdict::Deny => "deny",
        Verdict::RequestChanges => "request_changes",
    }
}

impl Decided {
    pub(crate) fn add(&self, to: &Connection, owner: i64, now: Timestamp) -> Result<(), Error> {
        to.execute(
            "INSERT INTO decision (digest, owner, person, verdict, comment, envelope, standing, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
            params![
                self.digest.as_bytes(),
                owner,
                self.person.as_str(),
                word(self.verdict),
                self.comment,
                self.envelope,
                if self.late { "late" } else { "counts" },
                now.seconds(),
            ],
        )?;
        Ok(())
    }

    /// All of a proposal that their people did not take back, in order.
    pub(crate) fn standing(from: &Connection, owner: i64) -> Result<Vec<Self>, Error> {
        let mut all = Vec::new();
        for decided in Self::all(from, owner)? {
            if !withdrawn(from, &decided.digest, &decided.person)? {
                all.push(decided);
            }
        }
        Ok(all)
    }

    pub(crate) fn all(from: &Connection, owner: i64) -> Result<Vec<Self>, Error> {
        let mut query = from.prepare_cached(
            "SELECT digest, person, verdict, comment, envelope, standing FROM decision
             WHERE owner = ?1 ORDER BY number",
        )?;
        let rows = query.query_map([owner], |row| {
            let verdict: String = row.get(2)?;
            Ok(Self {
                digest: digest_at(row, 0)?,
                person: parsed_at(row, 1)?,
                verdict: match verdict.as_str() {
                    "approve" => Verdict::Approve,
                    "request_changes" => Verdict::RequestChanges,
                    // Whatever else stands there must not make anything happen.
                    _ => Verdict::Deny,
                },
                comment: row.get(3)?,
                envelope: row.get(4)?,
                late: row.get::<_, String>(5)? != "counts",
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether this decision was recorded.
    pub(crate) fn known(from: &Connection, digest: &Digest) -> Result<bool, Error> {
        let mut query = from.prepare_cached("SELECT 1 FROM decision WHERE digest = ?1")?;
        Ok(query.exists([digest.as_bytes()])?)
    }
}

/// Something that was refused.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) number: i64,
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    pub(crate) digest: Digest,
    /// What it was about, as far as it said so itself.
    pub(crate) proposal: Option<Digest>,
    pub(crate) code: String,
    pub(crate) why: String,
}

impl Attempt {
    pub(crate) fn add(
        to: &Connection,
        kind: &str,
        digest: &Digest,
        proposal: Option<&Digest>,
        refusal: &Refusal,
        now: Timestamp,
    ) -> Result<(), Error> {
        to.execute(
            "INSERT INTO attempt (at, kind, digest, proposal, code, why) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            params![
                now.seconds(),
                kind,
                digest.as_bytes(),
                proposal.map(Digest::as_bytes),
                refusal.code.as_str(),
                cut(&refusal.why),
            ],
        )?;
        to.execute(
            "DELETE FROM attempt WHERE number <= (SELECT MAX(number) FROM attempt) - ?1",
            [MAX_ATTEMPTS],
        )?;
        Ok(())
    }

    /// Those about `proposal`, or of all the latest ones, oldest first.
    pub(crate) fn about(from: &Connection, proposal: Option<&Digest>) -> Result<Vec<Self>, Error> {
        let mut query = from.prepare_cached(
            "SELECT number, at, kind, digest, proposal, code, why FROM
                 (SELECT * FROM attempt WHERE ?1 IS NULL OR proposal = ?1 ORDER BY number DESC LIMIT 50)
             ORDER BY number",
        )?;
        let rows = query.query_map(params![proposal.map(Digest::as_bytes)], |row| {
            Ok(Self {
                number: row.get(0)?,
                at: Timestamp::from_seconds(row.get(1)?),
                kind: row.get(2)?,
                digest: digest_at(row, 3)?,
                proposal: optional_digest_at(row, 4)?,
                code: row.get(5)?,
                why: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// As much of a reason as tells what was wrong. It may quote what a stranger sent, and a list of
/// reasons has to fit into one answer.
fn cut(why: &str) -> &str {
    const MOST: usize = 400;
    let end = (0..=why.len().min(MOST)).rev().find(|at| why.is_char_boundary(*at)).unwrap_or(0);
    &why[..end]
}

/// A decision that may hold later.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) digest: Digest,
    pub(crate) envelope: Vec<u8>,
}

impl Kept {
    pub(crate) fn add(
        to: &Connection,
        digest: &Digest,
        envelope: &[u8],
        code: &str,
        until: Timestamp,
    ) -> Result<(), Error> {
        let count: u32 = to.query_row("SELECT COUNT(*) FROM kept", [], |row| row.get(0))?;
        // Strangers can send as many as they like; the newest are the ones that are left out.
        if count < MAX_KEPT {
            to.execute(
                "INSERT INTO kept (digest, envelope, code, until) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
                params![digest.as_bytes(), envelope, code, until.seconds()],
            )?;
        }
        Ok(())
    }

    pub(crate) fn all(from: &Connection) -> Result<Vec<Self>, Error> {
        let mut query = from.prepare_cached("SELECT digest, envelope FROM kept")?;
        let rows =
            query.query_map([], |row| Ok(Self { digest: digest_at(row, 0)?, envelope: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn remove(to: &Connection, digest: &Digest) -> Result<(), Error> {
        to.execute("DELETE FROM kept WHERE digest = ?1", [digest.as_bytes()])?;
        Ok(())
    }

    pub(crate) fn remove_old(to: &Connection, now: Timestamp) -> Result<(), Error> {
        to.execute("DELETE FROM kept WHERE until <= ?1", [now.seconds()])?;
        Ok(())
    }

    /// Whether anything is kept.
    pub(crate) fn any(from: &Connection) -> Result<bool, Error> {
        let found: Option<i64> =
            from.query_row("SELECT 1 FROM kept LIMIT 1", [], |row| row.get(0)).optional()?;
        Ok(found.is_some())
    }
}

/// Keeps what a person found out about a receipt.
pub(crate) fn add_resolution(
    to: &Connection,
    digest: &Digest,
    receipt: &Digest,
    person: &Label,
    found: &str,
    now: Timestamp,
) -> Result<(), Error> {
    to.execute(
        "INSERT INTO resolution (digest, receipt, person, found, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
        params![digest.as_bytes(), receipt.as_bytes(), person.as_str(), found, now.seconds()],
    )?;
    Ok(())
}

/// What people found out about a receipt, the latest.
pub(crate) fn resolution(from: &Connection, receipt: &Digest) -> Result<Option<String>, Error> {
    let mut query =
        from.prepare_cached("SELECT found FROM resolution WHERE receipt = ?1 ORDER BY at DESC LIMIT 1")?;
    Ok(query.query_row([receipt.as_bytes()], |row| row.get(0)).optional()?)
}
