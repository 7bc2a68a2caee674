//! What a person changed in a proposal before they approved it: kept with that decision.

use countersign_core::digest::Digest;
use rusqlite::{OptionalExtension as _, params};

use crate::rows::{Sql, value};
use crate::{Error, Tx};

/// An amendment, and the bytes that travel beside it.
#[derive(Debug, Clone, Copy)]
pub struct NewAmendment<'a> {
    /// Its digest, which the decision names.
    pub digest: &'a Digest,
    /// Its bytes.
    pub payload: &'a [u8],
    /// Contents that are not in them, by digest.
    pub contents: &'a [(Digest, Vec<u8>)],
}

impl Tx<'_> {
    /// Keeps what `decision` is about, in the transaction that keeps the decision.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_amendment(&self, decision: &Digest, it: &NewAmendment<'_>) -> Result<(), Error> {
        for (digest, bytes) in it.contents {
            self.add_blob(digest, bytes)?;
        }
        self.0.execute(
            "INSERT INTO amendment (digest, decision, payload) VALUES (?1, ?2, ?3)",
            params![Sql(it.digest), Sql(decision), it.payload],
        )?;
        Ok(())
    }

    /// The amendment that `decision` is about, if it is about one: its digest and its bytes.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn amendment_of(&self, decision: &Digest) -> Result<Option<(Digest, Vec<u8>)>, Error> {
        let mut found = self.0.prepare_cached("SELECT digest, payload FROM amendment WHERE decision = ?1")?;
        Ok(found.query_row([Sql(decision)], |row| Ok((value(row, 0)?, row.get(1)?))).optional()?)
    }

    /// The amendment of `proposal` that was acted on, or else the one of an approval that was not taken back.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn standing_amendment(&self, proposal: &Digest) -> Result<Option<(Digest, Vec<u8>)>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT digest, payload FROM standing_amendment WHERE proposal = ?1 ORDER BY id DESC LIMIT 1",
        )?;
        Ok(found.query_row([Sql(proposal)], |row| Ok((value(row, 0)?, row.get(1)?))).optional()?)
    }
}
