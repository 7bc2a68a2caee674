//! Tables, and the steps from one version of them to the next.

use countersign_core::name::Epoch;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use crate::Error;

/// One step for each version; a step that was released is never changed.
const STEPS: &[&str] = &["
CREATE TABLE own (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch BLOB NOT NULL CHECK (length(epoch) = 16)
) STRICT;

CREATE TABLE proposal (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    gate TEXT NOT NULL,
    epoch BLOB NOT NULL,
    -- How the gate knows the agent, in the proposal's own words.
    agent TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    supersedes BLOB,
    -- How many people must sign.
    people INTEGER NOT NULL,
    received INTEGER NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX proposal_supersedes ON proposal (supersedes) WHERE supersedes IS NOT NULL;

-- What travels beside a proposal; its bytes are in `blob` when they have come.
CREATE TABLE content (
    id INTEGER PRIMARY KEY,
    proposal INTEGER NOT NULL REFERENCES proposal (id),
    digest BLOB NOT NULL,
    UNIQUE (proposal, digest)
) STRICT;
CREATE INDEX content_digest ON content (digest);

CREATE TABLE blob (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    bytes BLOB NOT NULL
) STRICT;

-- Every number that a gate gave out in one life of its ledger, and for what.
CREATE TABLE seq (
    id INTEGER PRIMARY KEY,
    gate TEXT NOT NULL,
    epoch BLOB NOT NULL,
    seq INTEGER NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (gate, epoch, seq)
) STRICT;

CREATE TABLE gate (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- The one that it announced last.
    epoch BLOB NOT NULL
) STRICT;

CREATE TABLE gate_epoch (
    id INTEGER PRIMARY KEY,
    gate TEXT NOT NULL,
    epoch BLOB NOT NULL,
    UNIQUE (gate, epoch)
) STRICT;

CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    subject BLOB NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('approve', 'deny', 'request_changes')),
    person TEXT NOT NULL,
    comment TEXT,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (subject, sequence)
) STRICT;

-- `subject` may name what is not here yet.
CREATE TABLE withdrawal (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    subject BLOB NOT NULL,
    by_gate INTEGER NOT NULL CHECK (by_gate IN (0, 1)),
    gate TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX withdrawal_subject ON withdrawal (subject);

CREATE TABLE receipt (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    subject BLOB NOT NULL,
    gate TEXT NOT NULL,
    seq INTEGER NOT NULL,
    burned INTEGER,
    at INTEGER NOT NULL,
    -- What it amounts to, as the reviewer read it.
    outcome TEXT NOT NULL,
    received INTEGER NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX receipt_subject ON receipt (subject);

CREATE TABLE resolution (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    receipt BLOB NOT NULL UNIQUE,
    ran INTEGER NOT NULL CHECK (ran IN (0, 1)),
    person TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE halt (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    gate TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT,
    envelope BLOB NOT NULL
) STRICT;

CREATE TABLE lift (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    halt BLOB NOT NULL
) STRICT;
CREATE INDEX lift_halt ON lift (halt);

-- What was signed here. Kept after it was acknowledged: a gate that lost its memory gets it again.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    gate TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The proposal that it is about, if any.
    about BLOB,
    created INTEGER NOT NULL,
    acknowledged INTEGER,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_open ON outbox (gate) WHERE acknowledged IS NULL;

CREATE TABLE ack_due (
    id INTEGER PRIMARY KEY,
    gate TEXT NOT NULL,
    digest BLOB NOT NULL,
    UNIQUE (gate, digest)
) STRICT;

-- By the digest of the raw bytes: whatever is wrong with them, these they were.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    name TEXT NOT NULL,
    cause TEXT NOT NULL,
    why TEXT NOT NULL,
    uid INTEGER,
    size INTEGER NOT NULL,
    raw BLOB NOT NULL,
    received INTEGER NOT NULL
) STRICT;

CREATE TABLE shown (
    id INTEGER PRIMARY KEY,
    proposal BLOB NOT NULL,
    sheet BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX shown_proposal ON shown (proposal);
"];

/// The version that this code reads and writes.
pub(crate) const VERSION: i64 = STEPS.len() as i64;

/// Brings the database to the present version, and returns its epoch, drawing one when it is new.
pub(crate) fn prepare(connection: &mut Connection) -> Result<Epoch, Error> {
    let version = |connection: &Connection| connection.query_row("PRAGMA user_version", [], |row| row.get(0));
    let found: i64 = version(connection)?;
    // Before anything is set: a newer database is not touched.
    if found > VERSION {
        return Err(Error::Newer { found, known: VERSION });
    }
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;",
    )?;
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = usize::try_from(version(&step)?).map_err(|_| Error::Damaged("its version".to_owned()))?;
    for sql in STEPS.iter().skip(from) {
        step.execute_batch(sql)?;
    }
    step.pragma_update(None, "user_version", VERSION)?;
    let epoch = own_epoch(&step)?;
    step.commit()?;
    Ok(epoch)
}

fn own_epoch(connection: &Connection) -> Result<Epoch, Error> {
    let kept =
        connection.query_row("SELECT epoch FROM own", [], |row| row.get::<_, [u8; 16]>(0)).optional()?;
    if let Some(kept) = kept {
        return Ok(Epoch::from_bytes(kept));
    }
    let mut drawn = [0; 16];
    getrandom::fill(&mut drawn).map_err(|error| Error::File(std::io::Error::other(error)))?;
    connection.execute("INSERT INTO own (id, epoch) VALUES (1, ?1)", [drawn])?;
    Ok(Epoch::from_bytes(drawn))
}
