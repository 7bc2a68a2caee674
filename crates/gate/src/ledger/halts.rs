//! Halts and lifts, in whatever order they came.

use countersign_core::digest::Digest;
use countersign_core::halt::{Halt, Lift};
use countersign_core::json;
use countersign_core::name::{GateId, Label};
use countersign_core::proposal::Authenticated;
use countersign_core::time::Timestamp;
use rusqlite::{Connection, params};

use super::{digest_at, outbox, parsed_at};
use crate::Error;

/// Keeps a halt, and `envelope`, in which it came.
pub(crate) fn add_halt(
    to: &Connection,
    digest: &Digest,
    halt: &Halt,
    envelope: &[u8],
    now: Timestamp,
) -> Result<(), Error> {
    to.execute(
        "INSERT INTO halt (digest, payload, at, envelope) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![digest.as_bytes(), json::to_bytes(halt), now.seconds(), envelope],
    )?;
    Ok(())
}

/// Whether a halt was taken before.
pub(crate) fn knows_halt(from: &Connection, digest: &Digest) -> Result<bool, Error> {
    Ok(from.prepare_cached("SELECT 1 FROM halt WHERE digest = ?1")?.exists([digest.as_bytes()])?)
}

/// Keeps a lift, after which its halt is sent to nobody any more; whether it is new.
pub(crate) fn add_lift(to: &Connection, digest: &Digest, lift: &Lift, now: Timestamp) -> Result<bool, Error> {
    let added = to.execute(
        "INSERT INTO lift (digest, halt, person, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![digest.as_bytes(), lift.halt.as_bytes(), lift.reviewer.as_str(), now.seconds()],
    )?;
    outbox::acknowledged(to, &[lift.halt], now)?;
    Ok(added == 1)
}

/// The halts that no lift names.
pub(crate) fn standing(from: &Connection) -> Result<Vec<(Digest, Halt)>, Error> {
    let mut query = from.prepare_cached(
        "SELECT digest, payload FROM halt WHERE NOT EXISTS (SELECT 1 FROM lift WHERE lift.halt = halt.digest)",
    )?;
    let rows = query.query_map([], |row| Ok((digest_at(row, 0)?, row.get::<_, Vec<u8>>(1)?)))?;
    rows.map(|row| {
        let (digest, payload) = row?;
        let halt = json::from_bytes(&payload).map_err(|_| Error::Damaged("a halt that cannot be read"))?;
        Ok((digest, halt))
    })
    .collect()
}

/// The first halt that stands and covers what this agent wants through this gate.
pub(crate) fn covering(
    from: &Connection,
    gate: &GateId,
    authenticated: &Authenticated,
) -> Result<Option<Digest>, Error> {
    let covers = |(_, halt): &(Digest, Halt)| halt.scope.covers(gate, authenticated);
    Ok(standing(from)?.into_iter().find(covers).map(|(digest, _)| digest))
}

/// Keeps that a person took back a decision, which may not have come yet.
pub(crate) fn add_withdrawal(
    to: &Connection,
    digest: &Digest,
    subject: &Digest,
    person: &Label,
    now: Timestamp,
) -> Result<(), Error> {
    to.execute(
        "INSERT INTO withdrawal (digest, subject, person, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![digest.as_bytes(), subject.as_bytes(), person.as_str(), now.seconds()],
    )?;
    Ok(())
}

/// Whether `person` took back their decision `subject`.
pub(crate) fn withdrawn(from: &Connection, subject: &Digest, person: &Label) -> Result<bool, Error> {
    let mut query = from.prepare_cached("SELECT person FROM withdrawal WHERE subject = ?1")?;
    let people = query.query_map([subject.as_bytes()], |row| parsed_at::<Label>(row, 0))?;
    for named in people {
        if named? == *person {
            return Ok(true);
        }
    }
    Ok(false)
}
