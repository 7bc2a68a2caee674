//! Agents, as gates tell them from others: by a channel, never by what they call themselves.

use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::json;
use countersign_core::name::GateId;
use countersign_core::proposal::{Authenticated, Proposal};
use countersign_core::time::Timestamp;
use countersign_sheet::{Kind, Segment};
use countersign_store::AgentRow;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};

use crate::core::{Core, Inner};
use crate::{Error, halting};

/// How many days an agent's proposals are counted for.
pub const DAYS: usize = 30;

/// An agent, and what came from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentState {
    /// What [`crate::Stop`] names.
    pub id: Digest,
    /// The gate that knows it.
    pub gate: GateId,
    /// The name that the gate gave it last.
    pub name: Vec<Segment>,
    /// How the gate knows it.
    pub authenticated: Authenticated,
    /// Why it cannot be halted without everything else.
    pub not_alone: Option<NotAlone>,
    /// The standing halt of it alone.
    pub halt: Option<Digest>,
    /// When its first proposal was made.
    pub first: Timestamp,
    /// When its last proposal was made.
    pub last: Timestamp,
    /// How many proposals came from it.
    pub proposed: u64,
    /// How many wait for a decision.
    pub waiting: u64,
    /// How many were approved here.
    pub approved: u64,
    /// How many were denied here.
    pub denied: u64,
    /// How many were made on each of the last [`DAYS`] days of this machine's calendar; the last is today.
    pub days: Vec<u64>,
    /// How many of each kind, the most frequent first.
    pub kinds: Vec<(Kind, u64)>,
}

/// Why an agent cannot be halted without everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAlone {
    /// The gate does not know it at all.
    Unknown,
    /// It is known only by the user that the app or the gate runs as, which every program of that user shares.
    SharedUser,
    /// Its gate is trusted no more.
    NoGate,
}

/// The identity of an agent: how a gate knows it, and nothing that it says of itself.
pub fn agent_id(gate: &GateId, authenticated: &Authenticated) -> Digest {
    id(gate, &text(authenticated))
}

/// As the store has it.
pub(crate) fn text(authenticated: &Authenticated) -> String {
    String::from_utf8(json::to_bytes(authenticated)).unwrap_or_default()
}

pub(crate) fn row_id(row: &AgentRow) -> Digest {
    id(&row.gate, &row.agent)
}

pub(crate) fn authenticated(row: &AgentRow) -> Result<Authenticated, Error> {
    Ok(json::from_bytes(row.agent.as_bytes()).map_err(damaged)?)
}

// No name of a gate has a NUL.
fn id(gate: &GateId, agent: &str) -> Digest {
    Digest::of(format!("{gate}\0{agent}").as_bytes())
}

fn damaged(error: impl ToString) -> countersign_store::Error {
    countersign_store::Error::Damaged(error.to_string())
}

impl Inner {
    pub(crate) fn agents(&self) -> Result<Vec<AgentState>, Error> {
        let days = days(self.now(), &TimeZone::system());
        let mut core = self.core();
        let halts = core.store.read(|tx| tx.halts())?;
        let rows = core.store.read(|tx| tx.agents())?;
        rows.into_iter().map(|row| core.agent(row, &halts, &days)).collect()
    }
}

impl Core {
    fn agent(
        &mut self,
        row: AgentRow,
        halts: &[countersign_store::HaltRow],
        days: &[Timestamp],
    ) -> Result<AgentState, Error> {
        let authenticated = authenticated(&row)?;
        Ok(AgentState {
            id: row_id(&row),
            name: self.name_in(&row.newest)?,
            not_alone: self.not_alone(&row.gate, &authenticated),
            halt: halting::of_agent_alone(halts, &row.gate, &authenticated),
            first: row.first,
            last: row.last,
            proposed: row.proposed,
            waiting: row.waiting,
            approved: row.approved,
            denied: row.denied,
            days: self.store.read(|tx| tx.proposed_in(&row.gate, &row.agent, days))?,
            kinds: row.kinds.iter().filter_map(|(word, count)| Some((kind(word)?, *count))).collect(),
            gate: row.gate,
            authenticated,
        })
    }

    /// The name that a gate gave last to what it knows like this.
    pub(crate) fn agent_name(
        &mut self,
        gate: &GateId,
        authenticated: &Authenticated,
    ) -> Result<Vec<Segment>, Error> {
        let text = text(authenticated);
        let rows = self.store.read(|tx| tx.agents())?;
        match rows.iter().find(|row| row.gate == *gate && row.agent == text) {
            Some(row) => self.name_in(&row.newest),
            None => Ok(vec![]),
        }
    }

    fn name_in(&mut self, proposal: &Digest) -> Result<Vec<Segment>, Error> {
        let envelope = self.store.read(|tx| tx.proposal(proposal))?.ok_or(Error::NotFound(*proposal))?;
        let envelope = Envelope::parse(&envelope).map_err(damaged)?;
        let proposal = Proposal::parse(&envelope.payload).map_err(damaged)?;
        Ok(countersign_sheet::told(countersign_sheet::who(&proposal.agent)))
    }
}

/// The first moments of the last days of the calendar of `zone`, and of tomorrow.
fn days(now: Timestamp, zone: &TimeZone) -> Vec<Timestamp> {
    let seconds = i64::try_from(now.seconds()).unwrap_or(i64::MAX);
    let now = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX).to_zoned(zone.clone());
    let back = i64::try_from(DAYS).unwrap_or(0) - 1;
    let begins =
        |day: i64| -> Option<Zoned> { now.date().checked_add(day.days()).ok()?.to_zoned(zone.clone()).ok() };
    let seconds = |it: Zoned| Timestamp::from_seconds(u64::try_from(it.timestamp().as_second()).unwrap_or(0));
    (-back..=1).filter_map(begins).map(seconds).collect()
}

/// The kind that a word of the table stands for.
fn kind(word: &str) -> Option<Kind> {
    let words = [
        ("post", Kind::Post),
        ("change", Kind::Change),
        ("remove", Kind::Remove),
        ("access", Kind::Access),
        ("run", Kind::Run),
        ("call", Kind::Call),
        ("several", Kind::Several),
    ];
    words.into_iter().find(|(known, _)| *known == word).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar_also_when_its_clocks_change() {
        // 2026-03-31 12:00 in a zone in which 29 March had 23 hours.
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let days = days(Timestamp::from_seconds(1_774_951_200), &zone);
        assert_eq!(days.len(), DAYS + 1);
        let hours: Vec<u64> = days.windows(2).map(|day| (day[1].since(day[0])) / 3600).collect();
        assert_eq!(hours.iter().filter(|it| **it == 24).count(), DAYS - 1);
        assert_eq!(hours[27], 23);
        assert!(days[29].seconds() <= 1_774_951_200 && 1_774_951_200 < days[30].seconds());
    }
}
