//! What is on screen, since when, and which rows of it were.
//!
//! The window says so; a compromised page could lie. What is kept here is
//! that nothing is approved in the moment after it appeared, and that every
//! row was reported or is counted. Times are those of the monotonic clock.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use countersign_core::digest::Digest;
use countersign_sheet::{Document, Sheet, View};

use crate::ARMING;
use crate::acknowledging::Noted;
use crate::earlier::Carried;

/// A sheet of a proposal.
pub(crate) type Which = (Digest, Digest);

/// The most tallies that are remembered; a person reads one sheet at a time.
const MOST: usize = 64;

#[derive(Debug)]
pub(crate) struct Screen {
    // Whether the window is in front. It may never be told when it starts there.
    focused: bool,
    shown: Option<(Which, Duration)>,
    tallies: HashMap<Which, Tally>,
}

/// Whether what is on screen can be approved now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Armed {
    Yes,
    In(Duration),
    NotShown,
}

impl Screen {
    pub(crate) fn new() -> Self {
        Self { focused: true, shown: None, tallies: HashMap::new() }
    }

    /// `carried` is what counts of an earlier version where this one was never shown.
    pub(crate) fn show(&mut self, which: Which, sheet: &Sheet, carried: Option<&Carried>, now: Duration) {
        self.shown = Some((which, now));
        // What a mask hides is in no digest, so the same sheet can ask for more than it did.
        if self.tallies.get(&which).is_none_or(|it| !it.noted.is_about(&sheet.findings)) {
            let earlier = carried.and_then(|it| Some((it, self.tallies.get(&it.from)?)));
            let mut tally = Tally::new(sheet);
            if let Some((carried, earlier)) = earlier {
                tally.carry(sheet, carried, earlier, now);
            }
            if self.tallies.len() >= MOST {
                self.tallies.clear();
            }
            self.tallies.insert(which, tally);
        }
        if let Some(tally) = self.tallies.get_mut(&which) {
            tally.noted.shown(now);
        }
    }

    /// Nothing is on screen any more.
    pub(crate) fn clear(&mut self) {
        self.shown = None;
    }

    pub(crate) fn focus(&mut self, focused: bool, now: Duration) {
        self.focused = focused;
        if let Some((_, since)) = &mut self.shown {
            *since = now;
        }
    }

    /// The sheet that is on screen.
    pub(crate) fn current(&self) -> Option<Which> {
        self.shown.map(|(which, _)| which)
    }

    pub(crate) fn shows(&self, which: Which) -> bool {
        self.shown.is_some_and(|(shown, _)| shown == which)
    }

    pub(crate) fn armed(&self, which: Which, now: Duration) -> Armed {
        match self.shown {
            Some((shown, since)) if shown == which && self.focused => {
                match ARMING.saturating_sub(now.saturating_sub(since)) {
                    Duration::ZERO => Armed::Yes,
                    left => Armed::In(left),
                }
            }
            _ => Armed::NotShown,
        }
    }

    pub(crate) fn seen(&mut self, which: Which, document: usize, rows: &[Range<usize>], now: Duration) {
        if let Some(tally) = self.tallies.get_mut(&which) {
            tally.seen(document, rows);
            tally.noted.look(&tally.documents, now);
        }
    }

    /// Marks of these findings were on screen, in a head.
    pub(crate) fn seen_head(&mut self, which: Which, findings: &[usize], now: Duration) {
        if let Some(tally) = self.tallies.get_mut(&which) {
            tally.noted.head(findings, now);
        }
    }

    /// Rows of these documents of one sheet are the same as those of another, and were on screen there.
    pub(crate) fn carry(&mut self, from: (Which, Range<usize>), to: (Which, Range<usize>), now: Duration) {
        let Some(seen) = self.tallies.get(&from.0).and_then(|it| it.documents.get(from.1)) else { return };
        let seen = seen.to_vec();
        let Some(tally) = self.tallies.get_mut(&to.0) else { return };
        for (rows, seen) in tally.documents.get_mut(to.1).into_iter().flatten().zip(seen) {
            for (row, seen) in rows.iter_mut().zip(seen) {
                *row |= seen;
            }
        }
        tally.noted.look(&tally.documents, now);
    }

    pub(crate) fn tally_mut(&mut self, which: Which) -> Option<&mut Tally> {
        self.tallies.get_mut(&which)
    }

    pub(crate) fn tally(&self, which: Which) -> Option<&Tally> {
        self.tallies.get(&which)
    }
}

/// Which rows of a sheet were on screen.
#[derive(Debug)]
pub(crate) struct Tally {
    // For each document, whether each row was seen or need not be.
    documents: Vec<Vec<bool>>,
    /// Rows that count as seen because they were, on an earlier sheet.
    pub(crate) kept: u64,
    pub(crate) noted: Noted,
}

impl Tally {
    /// Folded rows are unchanged, and need not be seen. Nor need those of a table that only says once
    /// more what exact rows below it show, unless something was found there.
    pub(crate) fn new(sheet: &Sheet) -> Self {
        let rows = |document: &Document| {
            let mut rows = match document.view {
                View::Table => document.rows.iter().map(|row| row.findings().is_empty()).collect(),
                _ => vec![false; document.rows.len()],
            };
            for fold in &document.folds {
                mark(&mut rows, fold);
            }
            rows
        };
        let documents = sheet.documents.iter().map(rows).collect();
        Self { documents, kept: 0, noted: Noted::new(&sheet.findings) }
    }

    /// Takes over what was seen and acknowledged of an earlier sheet, where this one shows the same.
    fn carry(&mut self, sheet: &Sheet, carried: &Carried, earlier: &Self, now: Duration) {
        let was_seen = |(document, row): (usize, usize)| {
            let seen = earlier.documents.get(document).and_then(|rows| rows.get(row)).copied();
            // A row in a fold counts there and was never on screen.
            let folds = carried.sheet.documents.get(document).map_or(&[][..], |it| it.folds.as_slice());
            seen == Some(true) && !folds.iter().any(|fold| fold.contains(&row))
        };
        let row = |was: &Option<(usize, usize)>| was.is_some_and(was_seen);
        let same: Vec<Vec<bool>> =
            carried.kept.rows.iter().map(|rows| rows.iter().map(row).collect()).collect();
        for (rows, same) in self.documents.iter_mut().zip(&same) {
            for (seen, _) in rows.iter_mut().zip(same).filter(|(seen, same)| **same && !**seen) {
                *seen = true;
                self.kept += 1;
            }
        }
        self.noted.look(&self.documents, now);
        self.noted.carry(&sheet.findings, &earlier.noted, (&same, carried.kept.frame), now);
    }

    fn seen(&mut self, document: usize, ranges: &[Range<usize>]) {
        let Some(rows) = self.documents.get_mut(document) else { return };
        ranges.iter().for_each(|range| mark(rows, range));
    }

    pub(crate) fn unseen(&self) -> u64 {
        self.documents.iter().flatten().filter(|seen| !**seen).count() as u64
    }

    /// The same of some documents.
    pub(crate) fn unseen_in(&self, documents: Range<usize>) -> u64 {
        let rows = self.documents.get(documents).unwrap_or_default();
        rows.iter().flatten().filter(|seen| !**seen).count() as u64
    }

    /// The first row that was not seen: document and row.
    pub(crate) fn next(&self) -> Option<(usize, usize)> {
        let first = |(at, rows): (usize, &Vec<bool>)| Some((at, rows.iter().position(|seen| !seen)?));
        self.documents.iter().enumerate().find_map(first)
    }
}

/// Ranges come from the page: what is outside or backwards is nothing.
fn mark(rows: &mut [bool], range: &Range<usize>) {
    let end = range.end.min(rows.len());
    if range.start < end {
        rows[range.start..end].fill(true);
    }
}

#[cfg(test)]
#[path = "../../sheet/tests/common/proposals.rs"]
mod proposals;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    #![allow(clippy::single_range_in_vec_init, reason = "one range is meant")]
    use super::*;

    fn which(of: u8) -> Which {
        (Digest::of(&[of]), Digest::of(&[of, 1]))
    }

    fn ms(it: u64) -> Duration {
        Duration::from_millis(it)
    }

    fn tally() -> Tally {
        Tally { documents: vec![vec![false; 3], vec![], vec![false; 2]], kept: 0, noted: Noted::new(&[]) }
    }

    fn screen() -> Screen {
        let mut screen = Screen::new();
        screen.tallies.insert(which(1), tally());
        screen.shown = Some((which(1), ms(5000)));
        screen
    }

    #[test]
    fn it_arms_one_second_after_it_was_shown_and_not_before() {
        let screen = screen();
        assert_eq!(screen.armed(which(1), ms(5000)), Armed::In(ms(1000)));
        assert_eq!(screen.armed(which(1), ms(5999)), Armed::In(ms(1)));
        assert_eq!(screen.armed(which(1), ms(6000)), Armed::Yes);
        // A clock that stands still, or is read out of order, arms nothing.
        assert_eq!(screen.armed(which(1), ms(0)), Armed::In(ms(1000)));
    }

    #[test]
    fn another_item_or_another_sheet_of_it_is_not_armed() {
        let screen = screen();
        assert_eq!(screen.armed(which(2), ms(9000)), Armed::NotShown);
        assert_eq!(screen.armed((which(1).0, which(2).1), ms(9000)), Armed::NotShown);
    }

    #[test]
    fn coming_to_the_front_begins_anew_and_leaving_it_disarms() {
        let mut screen = screen();
        screen.focus(false, ms(7000));
        assert_eq!(screen.armed(which(1), ms(9000)), Armed::NotShown);
        screen.focus(true, ms(9000));
        assert_eq!(screen.armed(which(1), ms(9500)), Armed::In(ms(500)));
        assert_eq!(screen.armed(which(1), ms(10000)), Armed::Yes);
    }

    #[test]
    fn every_row_counts_once_and_nonsense_counts_nothing() {
        let mut screen = screen();
        let unseen = |screen: &Screen| screen.tally(which(1)).unwrap().unseen();
        assert_eq!(unseen(&screen), 5);
        let backwards = Range { start: 2, end: 0 };
        let now = ms(6000);
        screen.seen(which(1), 0, &[0..2, 1..2, backwards, 7..9, 2..2], now);
        screen.seen(which(1), 9, &[0..9], now);
        screen.seen(which(2), 0, &[0..9], now);
        assert_eq!(unseen(&screen), 3);
        assert_eq!(screen.tally(which(1)).unwrap().next(), Some((0, 2)));
        screen.seen(which(1), 0, &[2..usize::MAX], now);
        assert_eq!(screen.tally(which(1)).unwrap().next(), Some((2, 0)));
        screen.seen(which(1), 2, &[0..2], now);
        assert_eq!((unseen(&screen), screen.tally(which(1)).unwrap().next()), (0, None));
    }

    #[test]
    fn a_sheet_on_which_more_is_hidden_than_before_is_read_anew() {
        let token = ["glpat", "-", "x7Kq2", "mVt9R", "bW4cZ", "p8LsQ"].concat();
        let change = proposals::change("/srv/a", None, Some(token.as_bytes()));
        let mut sheet = countersign_sheet::sheet(&proposals::proposal(vec![change]), &|_| None).unwrap();
        let mut screen = Screen::new();
        let unseen = |screen: &Screen| screen.tally(which(1)).unwrap().unseen();
        screen.show(which(1), &sheet, None, ms(0));
        screen.seen(which(1), 0, &[0..9], ms(0));
        screen.show(which(1), &sheet, None, ms(1000));
        assert_eq!(unseen(&screen), 0);
        sheet.findings[0].hides_elsewhere = true;
        screen.show(which(1), &sheet, None, ms(2000));
        assert_eq!(unseen(&screen), sheet.documents[0].rows.len() as u64);
    }
}
