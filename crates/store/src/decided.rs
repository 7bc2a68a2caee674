//! What is signed here: kept together with its outbox entry, or not at all.

use countersign_core::digest::Digest;
use countersign_core::name::{GateId, Label};
use countersign_core::time::Timestamp;
use rusqlite::params;

use crate::rows::Sql;
use crate::{Error, Tx};

/// What goes to a gate.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// Digest of the payload.
    pub digest: &'a Digest,
    /// Where it goes.
    pub gate: &'a GateId,
    /// The envelope.
    pub envelope: &'a [u8],
    /// When it was signed.
    pub at: Timestamp,
}

/// A person's answer.
#[derive(Debug, Clone, Copy)]
pub struct NewDecision<'a> {
    /// The proposal.
    pub subject: &'a Digest,
    /// `approve`, `deny` or `request_changes`.
    pub verdict: &'a str,
    /// Who answered.
    pub person: &'a Label,
    /// What was written to it.
    pub comment: Option<&'a str>,
    /// 1 for the first answer to this proposal, then one more each time.
    pub sequence: u64,
}

/// Something taken back.
#[derive(Debug, Clone, Copy)]
pub struct NewWithdrawal<'a> {
    /// What is taken back; it may not be here yet.
    pub subject: &'a Digest,
    /// Why.
    pub reason: Option<&'a str>,
}

/// What was found out about a receipt.
#[derive(Debug, Clone, Copy)]
pub struct NewResolution<'a> {
    /// The receipt.
    pub receipt: &'a Digest,
    /// The proposal behind it.
    pub about: &'a Digest,
    /// Whether it happened.
    pub ran: bool,
    /// Who found out.
    pub person: &'a Label,
}

impl Tx<'_> {
    /// The sequence of the next answer to `subject`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn next_sequence(&self, subject: &Digest) -> Result<u64, Error> {
        let last = self.0.query_row(
            "SELECT ifnull(max(sequence), 0) FROM decision WHERE subject = ?1",
            [Sql(subject)],
            |row| crate::rows::value::<u64>(row, 0),
        )?;
        Ok(last + 1)
    }

    /// Keeps an answer and its outbox entry.
    ///
    /// # Errors
    ///
    /// The database; also when there is an answer with this sequence.
    pub fn add_decision(&self, it: &NewDecision<'_>, signed: &Signed<'_>) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO decision (digest, subject, verdict, person, comment, sequence, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                Sql(signed.digest),
                Sql(it.subject),
                it.verdict,
                it.person.as_str(),
                it.comment,
                Sql(it.sequence),
                Sql(signed.at)
            ],
        )?;
        self.put_out("decision", Some(it.subject), signed)
    }

    /// Keeps that the decision `it.subject`, which is about the proposal `about`, was taken back, and its outbox entry.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn add_own_withdrawal(
        &self,
        it: &NewWithdrawal<'_>,
        about: &Digest,
        signed: &Signed<'_>,
    ) -> Result<(), Error> {
        self.add_withdrawal(it, false, signed)?;
        self.put_out("withdrawal", Some(about), signed)
    }

    /// Keeps a resolution and its outbox entry.
    ///
    /// # Errors
    ///
    /// The database; also when the receipt was resolved before.
    pub fn add_resolution(&self, it: &NewResolution<'_>, signed: &Signed<'_>) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO resolution (digest, receipt, ran, person, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![Sql(signed.digest), Sql(it.receipt), it.ran, it.person.as_str(), Sql(signed.at)],
        )?;
        self.put_out("resolution", Some(it.about), signed)
    }

    pub(crate) fn add_withdrawal(
        &self,
        it: &NewWithdrawal<'_>,
        by_gate: bool,
        signed: &Signed<'_>,
    ) -> Result<bool, Error> {
        let added = self.0.execute(
            "INSERT INTO withdrawal (digest, subject, by_gate, gate, at, reason, envelope)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (digest) DO NOTHING",
            params![
                Sql(signed.digest),
                Sql(it.subject),
                by_gate,
                signed.gate.as_str(),
                Sql(signed.at),
                it.reason,
                signed.envelope
            ],
        )?;
        Ok(added > 0)
    }

    pub(crate) fn put_out(&self, kind: &str, about: Option<&Digest>, it: &Signed<'_>) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO outbox (digest, gate, kind, about, created, envelope) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![Sql(it.digest), it.gate.as_str(), kind, Sql(about), Sql(it.at), it.envelope],
        )?;
        Ok(())
    }
}
