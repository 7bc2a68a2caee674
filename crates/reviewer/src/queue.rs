//! The queue by pages: what is known, by whose turn it is.
//!
//! Rows come from what was kept when the proposals changed, so a page costs
//! the same whether a hundred proposals are stored or a hundred thousand, and
//! makes no sheet. A cursor is the place of the last row, never a count of
//! rows: what comes or goes in between neither repeats a row nor hides one.

mod kept;
mod place;
mod settle;
#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::str::FromStr;

use countersign_core::digest::Digest;
use countersign_core::time::Timestamp;
use countersign_store::{EvidenceRow, ItemRow, Tx};

use kept::{ROW_VERSION, kind_word};
pub(crate) use place::is_open;
pub(crate) use settle::{Settled, Settling};

use crate::core::Inner;
use crate::sheets::Summary;
use crate::{Cause, Error, Event, ItemState, Page, Queue, Row, Section, SectionId, life};

/// The most rows of a page.
pub(crate) const PAGE: usize = 100;

/// The most rows of what is over that the queue itself shows.
const RECENT: usize = 50;

/// The most proposals whose rows are made anew at a time, after a new version of this program.
const AT_A_TIME: usize = 50;

impl Inner {
    pub(crate) fn queue(&self) -> Result<Queue, Error> {
        self.settle_what_is_due()?;
        let now = self.now();
        let mut core = self.core();
        let queue = core.store.read(|tx| {
            let totals = tx.totals()?;
            let total = |id: SectionId| {
                totals.iter().find(|it| it.section == place::word(id)).map_or(0, |it| it.items)
            };
            let section = |id: SectionId, most: usize| {
                let (rows, next) = page(tx, id, None, most, now)?;
                Ok::<_, Error>(Section { total: total(id), rows, next })
            };
            let (evidence, next) = evidence_page(tx, None, PAGE)?;
            Ok::<_, Error>(Queue {
                waiting: section(SectionId::Waiting, PAGE)?,
                delivering: section(SectionId::Delivering, PAGE)?,
                others: section(SectionId::Others, PAGE)?,
                unknown: section(SectionId::Unknown, PAGE)?,
                snoozed: section(SectionId::Snoozed, PAGE)?,
                evidence: Section { total: tx.evidence_len()?, rows: evidence, next },
                decided: section(SectionId::Decided, RECENT)?,
            })
        })?;
        Ok(queue)
    }

    pub(crate) fn queue_page(&self, section: SectionId, after: &str) -> Result<Page, Error> {
        self.settle_what_is_due()?;
        let now = self.now();
        let mut core = self.core();
        let (rows, next) = core.store.read(|tx| match section {
            SectionId::Evidence => {
                let [before] = cursor("evidence", after)?;
                evidence_page(tx, Some(before), PAGE)
            }
            _ => {
                let [rank, id] = cursor(place::word(section), after)?;
                page(tx, section, Some((rank, id)), PAGE, now)
            }
        })?;
        Ok(Page { rows, next })
    }

    /// Proposals that wait for a decision.
    pub(crate) fn waiting(&self) -> Result<u64, Error> {
        let totals = self.core().store.read(|tx| tx.totals())?;
        let waiting = place::word(SectionId::Waiting);
        Ok(totals.iter().find(|it| it.section == waiting).map_or(0, |it| it.items))
    }

    /// What waits before it and after it. That after it is last: what a sheet is made of last is kept longest.
    pub(crate) fn beside(&self, digest: &Digest) -> Result<Vec<Digest>, Error> {
        let waiting = place::word(SectionId::Waiting);
        let found = self.core().store.read(|tx| {
            let Some(item) = tx.item(digest)? else { return Ok(Vec::new()) };
            let mut beside = tx.items_before(waiting, (item.rank, item.id), 1)?;
            beside.extend(tx.items(waiting, Some((item.rank, item.id)), 1)?);
            Ok::<_, Error>(beside)
        })?;
        Ok(found.into_iter().map(|item| item.digest).collect())
    }

    /// Places what time has changed, before anybody looks.
    fn settle_what_is_due(&self) -> Result<(), Error> {
        let now = self.now();
        let mut core = self.core();
        if core.store.read(|tx| tx.is_due(now))? {
            core.store.write(|tx| tx.note_due(now))?;
        }
        Ok(())
    }

    /// Places all that time has changed, some at a time, and tells of it once.
    pub(crate) fn settle_all(&self) -> Result<(), Error> {
        let mut moved = false;
        // More than can be stored would be a clock that jumps about.
        for _ in 0..10_000 {
            let mut core = self.core();
            // Each time: what was due by a clock that is set back since is not due any more.
            let now = self.now();
            if !core.store.read(|tx| tx.is_due(now))? {
                break;
            }
            let (_, settled) = core.store.write_settled(|tx| tx.note_due(now))?;
            moved |= settled.moved;
        }
        if moved {
            self.tell(Event::QueueChanged);
        }
        Ok(())
    }

    /// Makes some of the rows anew that another version of this program made. `true` when there were any.
    pub(crate) fn refresh_rows(&self) -> Result<bool, Error> {
        let outdated = self.core().store.read(|tx| tx.outdated(ROW_VERSION, AT_A_TIME))?;
        let mut made: Vec<(Digest, Summary)> = Vec::with_capacity(outdated.len());
        for digest in outdated {
            made.push((digest, self.summary(&digest)?));
        }
        if made.is_empty() {
            return Ok(false);
        }
        self.core().store.write(|tx| made.iter().try_for_each(|(digest, it)| keep_row(tx, digest, it)))?;
        Ok(true)
    }
}

/// Keeps what a list shows of a proposal.
pub(crate) fn keep_row(tx: &Tx<'_>, digest: &Digest, it: &Summary) -> Result<(), countersign_store::Error> {
    tx.keep_shown(digest, kind_word(it.kind), &kept::encode(it), ROW_VERSION)
}

type Rows = (Vec<Row>, Option<String>);

fn page(
    tx: &Tx<'_>,
    section: SectionId,
    after: Option<(i64, i64)>,
    most: usize,
    now: Timestamp,
) -> Result<Rows, Error> {
    let word = place::word(section);
    let items = tx.items(word, after, most + 1)?;
    let last = items.len().checked_sub(2).filter(|_| items.len() > most).and_then(|at| items.get(at));
    let next = last.map(|it| format!("{word}:{}:{}", it.rank, it.id));
    let rows = items.iter().take(most).map(|it| {
        let snoozed = (section == SectionId::Snoozed).then(|| place::back_at(it.rank));
        Ok(Row { snoozed, ..row(tx, it, now)? })
    });
    Ok((rows.collect::<Result<_, Error>>()?, next))
}

/// What is no proposal, the newest first.
pub(crate) fn evidence_page(tx: &Tx<'_>, before: Option<i64>, most: usize) -> Result<Rows, Error> {
    let found = tx.evidence_before(before, most + 1)?;
    let next = found.get(most).and_then(|_| found.get(most - 1)).map(|it| format!("evidence:{}", it.id));
    Ok((found.iter().take(most).map(evidence_row).collect(), next))
}

/// A proposal in a list.
pub(crate) fn row(tx: &Tx<'_>, item: &ItemRow, now: Timestamp) -> Result<Row, Error> {
    // What is not placed yet, or in the words of another version, is worked out.
    let state = match kept::decode_state(&item.state) {
        Some(state) => state,
        None => life::state(&tx.facts(&item.digest)?.ok_or(Error::NotFound(item.digest))?, now),
    };
    let kept = (item.version == ROW_VERSION).then(|| kept::decode(&item.shown)).flatten();
    let shown = match kept {
        Some(kept) => kept,
        None => crate::sheets::summary_of(tx, &item.digest)?,
    };
    let amended = item.amended.then_some(crate::Mark::Amended);
    Ok(Row {
        digest: item.digest,
        kind: Some(shown.kind),
        agent: shown.agent,
        action: shown.action,
        expires: Some(item.expires),
        at: item.created,
        state,
        marks: shown.marks.into_iter().chain(amended).collect(),
        snoozed: None,
    })
}

/// Evidence in a list.
pub(crate) fn evidence_row(it: &EvidenceRow) -> Row {
    Row {
        digest: it.digest,
        kind: None,
        agent: vec![],
        action: vec![],
        expires: None,
        at: it.received,
        state: ItemState::Evidence { cause: Cause::parse(&it.cause) },
        marks: vec![],
        snoozed: None,
    }
}

/// The numbers of a cursor that was made for `list`, in exactly the spelling in which it was made.
pub(crate) fn cursor<T: FromStr + Display, const N: usize>(list: &str, text: &str) -> Result<[T; N], Error> {
    let strange = || Error::Cursor;
    let rest = text.strip_prefix(list).and_then(|rest| rest.strip_prefix(':')).ok_or_else(strange)?;
    let numbers = rest.split(':').map(|part| part.parse::<T>().ok().filter(|it| it.to_string() == part));
    let numbers: Option<Vec<T>> = numbers.collect();
    numbers.and_then(|numbers| numbers.try_into().ok()).ok_or_else(strange)
}

#[cfg(test)]
mod cursors {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_cursor_is_read_in_one_spelling_only() {
        assert_eq!(cursor::<i64, 2>("waiting", "waiting:-5:7").unwrap(), [-5, 7]);
        let long = "9".repeat(10_000);
        let strange = [
            "",
            "waiting",
            "waiting:",
            "waiting:1",
            "waiting:1:2:3",
            "waiting:+1:2",
            "waiting:01:2",
            "waiting:1:2 ",
            "decided:1:2",
            "waiting:1;2",
            "waiting:1:9223372036854775808",
            "waiting:1:",
            "WAITING:1:2",
            "waiting:-0:2",
        ];
        for text in strange.into_iter().chain([long.as_str(), "waiting:\u{661}:2", "waiting:1:2\0"]) {
            assert!(matches!(cursor::<i64, 2>("waiting", text), Err(Error::Cursor)), "{text:?}");
        }
    }
}
