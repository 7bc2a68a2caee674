//! Proposals, their contents, and what became of them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use countersign_core::digest::Digest;
use countersign_core::name::Nonce;
use countersign_core::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{digest_at, optional_digest_at, parsed_at};
use crate::Error;

/// Where a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was burned, nothing was done.
    Open,
    /// Burned, and not ended.
    Acting,
    /// There is nothing more to come.
    Ended,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Acting => "acting",
            Self::Ended => "ended",
        })
    }
}

impl FromStr for State {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Open, Self::Acting, Self::Ended].into_iter().find(|it| it.to_string() == text).ok_or(())
    }
}

/// A proposal as it is put in.
pub(crate) struct New<'a> {
    pub(crate) digest: Digest,
    pub(crate) id: &'a str,
    pub(crate) epoch: &'a [u8; 16],
    pub(crate) nonce: Nonce,
    pub(crate) agent: Vec<u8>,
    pub(crate) key: Option<&'a str>,
    pub(crate) request: Vec<u8>,
    pub(crate) payload: &'a [u8],
    pub(crate) envelope: &'a [u8],
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
    /// How often it may be used, when it is a batch.
    pub(crate) uses: Option<u64>,
}

/// A proposal as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) number: i64,
    pub(crate) digest: Digest,
    pub(crate) id: String,
    pub(crate) agent: Vec<u8>,
    pub(crate) request: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) envelope: Vec<u8>,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) state: State,
    pub(crate) ending: Option<String>,
    pub(crate) burned: Option<Timestamp>,
    pub(crate) approval: Option<Digest>,
    pub(crate) amendment: Option<Digest>,
    pub(crate) receipt: Option<Digest>,
    /// How often it may be used, when it is a batch.
    pub(crate) uses: Option<u64>,
}

const COLUMNS: &str = "number, digest, id, agent, request, payload, envelope, created, expires, state, \
                       ending, burned, approval, amendment, receipt, uses";

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let time = |at: usize| Ok::<_, rusqlite::Error>(Timestamp::from_seconds(row.get(at)?));
    Ok(Entry {
        number: row.get(0)?,
        digest: digest_at(row, 1)?,
        id: row.get(2)?,
        agent: row.get(3)?,
        request: row.get(4)?,
        payload: row.get(5)?,
        envelope: row.get(6)?,
        created: time(7)?,
        expires: time(8)?,
        state: parsed_at(row, 9)?,
        ending: row.get(10)?,
        burned: row.get::<_, Option<u64>>(11)?.map(Timestamp::from_seconds),
        approval: optional_digest_at(row, 12)?,
        amendment: optional_digest_at(row, 13)?,
        receipt: optional_digest_at(row, 14)?,
        uses: row.get(15)?,
    })
}

impl Entry {
    /// Puts a new proposal in; its number.
    pub(crate) fn add(
        to: &Connection,
        new: &New<'_>,
        contents: &BTreeMap<Digest, Vec<u8>>,
    ) -> Result<i64, Error> {
        to.execute(
            "INSERT INTO proposal (digest, id, epoch, nonce, agent, key, request, payload, envelope, created, expires, state, uses)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'open', ?12)",
            params![
                new.digest.as_bytes(),
                new.id,
                new.epoch,
                new.nonce.as_bytes(),
                new.agent,
                new.key,
                new.request,
                new.payload,
                new.envelope,
                new.created.seconds(),
                new.expires.seconds(),
                new.uses,
            ],
        )?;
        let number = to.last_insert_rowid();
        add_contents(to, number, contents)?;
        Ok(number)
    }

    pub(crate) fn by_digest(from: &Connection, digest: &Digest) -> Result<Option<Self>, Error> {
        Self::one(from, "digest = ?1", params![digest.as_bytes()])
    }

    pub(crate) fn by_nonce(from: &Connection, nonce: &Nonce) -> Result<Option<Self>, Error> {
        Self::one(from, "nonce = ?1", params![nonce.as_bytes()])
    }

    pub(crate) fn by_key(from: &Connection, agent: &[u8], key: &str) -> Result<Option<Self>, Error> {
        Self::one(from, "agent = ?1 AND key = ?2", params![agent, key])
    }

    /// By its id, or its digest in hexadecimal.
    pub(crate) fn by_name(from: &Connection, name: &str) -> Result<Option<Self>, Error> {
        match name.parse::<Digest>() {
            Ok(digest) => Self::by_digest(from, &digest),
            Err(_) => Self::one(from, "id = ?1", params![name]),
        }
    }

    /// The numbers of all in `state`, oldest first. Numbers, because they can be many and each is large.
    pub(crate) fn all_in(from: &Connection, state: State) -> Result<Vec<i64>, Error> {
        numbers(from, "state = ?1", params![state.to_string()])
    }

    /// Those that are open although their time is over.
    pub(crate) fn expired(from: &Connection, now: Timestamp) -> Result<Vec<i64>, Error> {
        numbers(from, "state = 'open' AND expires <= ?1", params![now.seconds()])
    }

    /// When the first of those that are open expires.
    pub(crate) fn next_expiry(from: &Connection) -> Result<Option<Timestamp>, Error> {
        let mut query = from.prepare_cached("SELECT MIN(expires) FROM proposal WHERE state = 'open'")?;
        let at: Option<u64> = query.query_row([], |row| row.get(0))?;
        Ok(at.map(Timestamp::from_seconds))
    }

    /// Batches that are open.
    pub(crate) fn open_batches(from: &Connection) -> Result<Vec<i64>, Error> {
        numbers(from, "state = 'open' AND uses IS NOT NULL", &[])
    }

    /// Those that are open and that somebody approved, but batches, which wait to be used.
    pub(crate) fn approved(from: &Connection) -> Result<Vec<i64>, Error> {
        let approved = "number IN (SELECT owner FROM decision WHERE verdict = 'approve')";
        numbers(from, &format!("state = 'open' AND uses IS NULL AND {approved}"), &[])
    }

    /// One whose number was just read.
    pub(crate) fn numbered(from: &Connection, number: i64) -> Result<Self, Error> {
        Self::one(from, "number = ?1", params![number])?.ok_or(Error::Damaged("a proposal is gone"))
    }

    /// How many an agent has open.
    pub(crate) fn count_open(from: &Connection, agent: &[u8]) -> Result<usize, Error> {
        let mut query =
            from.prepare_cached("SELECT COUNT(*) FROM proposal WHERE state = 'open' AND agent = ?1")?;
        Ok(query.query_row([agent], |row| row.get(0))?)
    }

    /// The latest of all, newest first.
    pub(crate) fn latest(from: &Connection, count: u32) -> Result<Vec<Self>, Error> {
        let mut query =
            from.prepare_cached(&format!("SELECT {COLUMNS} FROM proposal ORDER BY number DESC LIMIT ?1"))?;
        Ok(query.query_map([count], entry)?.collect::<Result<_, _>>()?)
    }

    fn one(from: &Connection, which: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Option<Self>, Error> {
        let mut query = from.prepare_cached(&format!("SELECT {COLUMNS} FROM proposal WHERE {which}"))?;
        Ok(query.query_row(values, entry).optional()?)
    }

    /// Burns it.
    pub(crate) fn burn(
        &self,
        to: &Connection,
        approval: Option<&Digest>,
        amendment: Option<&Digest>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let changed = to.execute(
            "UPDATE proposal SET state = 'acting', burned = ?2, approval = ?3, amendment = ?4
             WHERE number = ?1 AND state = 'open' AND burned IS NULL",
            params![
                self.number,
                now.seconds(),
                approval.map(Digest::as_bytes),
                amendment.map(Digest::as_bytes)
            ],
        )?;
        if changed == 1 { Ok(()) } else { Err(Error::Damaged("a nonce would be burned twice")) }
    }

    /// Ends it, in a word; with the digest of its receipt, when there is one.
    pub(crate) fn end(
        &self,
        to: &Connection,
        ending: &str,
        receipt: Option<&Digest>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let changed = to.execute(
            "UPDATE proposal SET state = 'ended', ending = ?2, receipt = ?3, ended = ?4
             WHERE number = ?1 AND state <> 'ended'",
            params![self.number, ending, receipt.map(Digest::as_bytes), now.seconds()],
        )?;
        if changed == 1 { Ok(()) } else { Err(Error::Damaged("a proposal would end twice")) }
    }
}

fn numbers(from: &Connection, which: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<i64>, Error> {
    let mut query =
        from.prepare_cached(&format!("SELECT number FROM proposal WHERE {which} ORDER BY number"))?;
    Ok(query.query_map(values, |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Keeps bytes with a proposal.
pub(crate) fn add_contents(
    to: &Connection,
    owner: i64,
    contents: &BTreeMap<Digest, Vec<u8>>,
) -> Result<(), Error> {
    let mut add = to.prepare_cached(
        "INSERT INTO content (owner, digest, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for (digest, bytes) in contents {
        add.execute(params![owner, digest.as_bytes(), bytes])?;
    }
    Ok(())
}

/// The bytes kept with a proposal; those that are not what their name says are left out.
pub(crate) fn contents(from: &Connection, owner: i64) -> Result<BTreeMap<Digest, Vec<u8>>, Error> {
    let mut query = from.prepare_cached("SELECT digest, bytes FROM content WHERE owner = ?1")?;
    let rows = query.query_map([owner], |row| Ok((digest_at(row, 0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let all: BTreeMap<_, _> = rows.collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|(digest, bytes)| Digest::of(bytes) == *digest).collect())
}

/// Drops the bytes of what ended before `before` and was acknowledged.
pub(crate) fn drop_contents(to: &Connection, before: Timestamp) -> Result<usize, Error> {
    Ok(to.execute(
        "DELETE FROM content WHERE owner IN (
             SELECT p.number FROM proposal p WHERE p.state = 'ended' AND p.ended < ?1
             AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.owner = p.number AND o.acked IS NULL))",
        [before.seconds()],
    )?)
}
