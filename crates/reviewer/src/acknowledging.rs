//! Findings one by one: each was on screen before a person takes note of it, and not in the rhythm of a key.

use std::ops::Range;
use std::time::Duration;

use countersign_core::name::Label;
use countersign_sheet::{Finding, SPOTS, Severity, Spot};

use crate::deciding::milliseconds;
use crate::{Error, Reason};

/// How long a finding is on screen, and the one before it acknowledged, before it can be.
pub(crate) const DWELL: Duration = Duration::from_millis(800);

/// What became of the findings of one sheet. Times are those of the monotonic clock.
#[derive(Debug)]
pub(crate) struct Noted {
    findings: Vec<One>,
    /// When the sheet came on screen, or the last one was acknowledged.
    since: Duration,
}

#[derive(Debug)]
struct One {
    id: Label,
    blocks: bool,
    /// Whether it is hidden where nothing but this finding says that it is a secret.
    hides_elsewhere: bool,
    stands: Stands,
    /// Whether it is hidden, and nobody asked to see it yet.
    masked: bool,
    /// When somebody asked to see what it hides.
    revealed: Option<Duration>,
    /// Since when it was on screen.
    seen: Option<Duration>,
    reason: Option<Reason>,
}

/// Where a finding has to be looked at.
#[derive(Debug, PartialEq, Eq)]
enum Stands {
    /// Rows of a document, all of which have to be on screen.
    Rows(usize, Range<usize>),
    /// Above the rows, or in the head of a document: its mark is.
    Head,
    /// Nowhere: what the list of findings says of it is all there is.
    Nowhere,
}

impl Noted {
    pub(crate) fn new(findings: &[Finding]) -> Self {
        let one = |it: &Finding| One {
            id: it.id.clone(),
            blocks: it.severity == Severity::Blocking,
            hides_elsewhere: it.hides_elsewhere,
            stands: stands(it),
            masked: it.masked.is_some(),
            revealed: None,
            seen: None,
            reason: None,
        };
        Self { findings: findings.iter().map(one).collect(), since: Duration::ZERO }
    }

    /// Whether these are its findings, the same of them block, and the same are hidden elsewhere too.
    pub(crate) fn is_about(&self, findings: &[Finding]) -> bool {
        let theirs =
            findings.iter().map(|it| (&it.id, it.severity == Severity::Blocking, it.hides_elsewhere));
        self.findings.iter().map(|one| (&one.id, one.blocks, one.hides_elsewhere)).eq(theirs)
    }

    /// The sheet came on screen. What is marked anywhere on it was not seen by that: its head can be long, and scrolls.
    pub(crate) fn shown(&mut self, now: Duration) {
        self.since = now;
        for one in self.findings.iter_mut().filter(|one| one.stands == Stands::Nowhere) {
            one.seen.get_or_insert(now);
        }
    }

    /// Marks of these findings were on screen, in a head. Whatever stands on rows is seen there and not by this.
    pub(crate) fn head(&mut self, findings: &[usize], now: Duration) {
        for at in findings {
            if let Some(one) = self.findings.get_mut(*at).filter(|one| one.stands == Stands::Head) {
                one.seen.get_or_insert(now);
            }
        }
    }

    /// Rows were on screen: `documents` says which by now.
    pub(crate) fn look(&mut self, documents: &[Vec<bool>], now: Duration) {
        for one in self.findings.iter_mut().filter(|one| one.seen.is_none()) {
            let Stands::Rows(document, rows) = &one.stands else { continue };
            let all = documents.get(*document).and_then(|seen| seen.get(rows.clone()));
            if all.is_some_and(|seen| seen.iter().all(|row| *row)) {
                one.seen = Some(now);
            }
        }
    }

    pub(crate) fn acknowledge(
        &mut self,
        finding: &Label,
        reason: Option<Reason>,
        now: Duration,
    ) -> Result<(), Error> {
        let since = self.since;
        let one = self.findings.iter_mut().find(|one| one.id == *finding).ok_or(Error::Changed)?;
        if reason.is_none() {
            one.reason = None;
            return Ok(());
        }
        let seen = one.seen.ok_or(Error::FindingNotSeen)?;
        if one.blocks && one.masked {
            return Err(Error::FindingMasked);
        }
        // Another reason for the same one is no rhythm.
        if one.reason.is_none() {
            dwelt(since.max(seen).max(one.revealed.unwrap_or_default()), now)?;
        }
        one.reason = reason;
        self.since = now;
        Ok(())
    }

    /// Somebody says what this one is, who has to know it: it was on screen, not masked, and for a while.
    pub(crate) fn answers(&mut self, finding: &Label, now: Duration) -> Result<(), Error> {
        let one = self.findings.iter().find(|one| one.id == *finding).ok_or(Error::Changed)?;
        let seen = one.seen.ok_or(Error::FindingNotSeen)?;
        if one.masked {
            return Err(Error::FindingMasked);
        }
        dwelt(self.since.max(seen).max(one.revealed.unwrap_or_default()), now)?;
        self.since = now;
        Ok(())
    }

    /// What was said of a finding of an earlier sheet is said of this one where it is the same finding in the same
    /// place: on rows that were seen there and are the `same`, or in a head whose whole `frame` is. What was seen
    /// in such a head is seen.
    pub(crate) fn carry(
        &mut self,
        findings: &[Finding],
        earlier: &Self,
        (same, frame): (&[Vec<bool>], bool),
        now: Duration,
    ) {
        let stays = |spot: &Spot| match spot {
            Spot::Rows { document, rows } => {
                let rows = same.get(*document).and_then(|same| same.get(rows.clone()));
                rows.is_some_and(|rows| rows.iter().all(|same| *same))
            }
            Spot::Headline | Spot::Asked | Spot::Claim | Spot::Head { .. } => frame,
        };
        for (one, finding) in self.findings.iter_mut().zip(findings) {
            let before = earlier.findings.iter().find(|it| it.id == one.id && it.blocks == one.blocks);
            // What it hides in other places may be hidden there for the first time.
            let all_named = (1..SPOTS).contains(&finding.spots.len()) && !finding.hides_elsewhere;
            if all_named && finding.spots.iter().all(stays) {
                one.reason = before.and_then(|it| it.reason);
                one.masked &= before.is_none_or(|it| it.masked);
                let head = one.stands == Stands::Head && before.is_some_and(|it| it.seen.is_some());
                one.seen = one.seen.or(head.then_some(now));
            }
        }
    }

    /// A person asked to see what these hide.
    pub(crate) fn revealed(&mut self, findings: &[u32], now: Duration) {
        for at in findings {
            if let Some(one) = self.findings.get_mut(*at as usize).filter(|one| one.masked) {
                (one.masked, one.revealed) = (false, Some(now));
            }
        }
    }

    /// Those that block and hide what nobody asked to see yet.
    pub(crate) fn masked(&self) -> Vec<usize> {
        let masked = |(at, one): (usize, &One)| (one.blocks && one.masked).then_some(at);
        self.findings.iter().enumerate().filter_map(masked).collect()
    }

    /// Those that block and were not acknowledged.
    pub(crate) fn left(&self) -> Vec<usize> {
        let open = |(at, one): (usize, &One)| (one.blocks && one.reason.is_none()).then_some(at);
        self.findings.iter().enumerate().filter_map(open).collect()
    }

    /// Those that were not on screen yet.
    pub(crate) fn not_displayed(&self) -> Vec<usize> {
        self.findings.iter().enumerate().filter_map(|(at, one)| one.seen.is_none().then_some(at)).collect()
    }

    pub(crate) fn acknowledged(&self) -> Vec<(usize, Reason)> {
        self.findings.iter().enumerate().filter_map(|(at, one)| Some((at, one.reason?))).collect()
    }
}

fn dwelt(since: Duration, now: Duration) -> Result<(), Error> {
    let left = DWELL.saturating_sub(now.saturating_sub(since));
    if left > Duration::ZERO {
        return Err(Error::TooSoon { milliseconds: milliseconds(left) });
    }
    Ok(())
}

fn stands(finding: &Finding) -> Stands {
    let rows = finding.spots.iter().find_map(|spot| match spot {
        Spot::Rows { document, rows } => Some(Stands::Rows(*document, rows.clone())),
        _ => None,
    });
    rows.unwrap_or(if finding.spots.is_empty() { Stands::Nowhere } else { Stands::Head })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn finding(name: &str, severity: Severity, spot: Option<Spot>) -> Finding {
        Finding {
            id: name.parse().unwrap(),
            rule: name.to_owned(),
            severity,
            title: String::new(),
            why: String::new(),
            fix: None,
            masked: None,
            hides_elsewhere: false,
            is_settled: false,
            secrets: vec![],
            place: vec![],
            spots: spot.into_iter().collect(),
        }
    }

    fn rows(document: usize, from: usize, to: usize) -> Option<Spot> {
        Some(Spot::Rows { document, rows: from..to })
    }

    fn ms(it: u64) -> Duration {
        Duration::from_millis(it)
    }

    fn noted() -> Noted {
        Noted::new(&[
            finding("a", Severity::Blocking, rows(0, 1, 3)),
            finding("b", Severity::Blocking, Some(Spot::Headline)),
            finding("c", Severity::Warning, rows(1, 0, 1)),
        ])
    }

    fn acknowledge(noted: &mut Noted, id: &str, reason: Option<Reason>, at: u64) -> String {
        match noted.acknowledge(&id.parse().unwrap(), reason, ms(at)) {
            Ok(()) => "done".to_owned(),
            Err(error) => format!("{error:?}"),
        }
    }

    const YES: Option<Reason> = Some(Reason::Intended);

    #[test]
    fn what_was_not_on_screen_cannot_be_acknowledged() {
        let mut it = noted();
        it.shown(ms(1000));
        assert_eq!(acknowledge(&mut it, "a", YES, 9000), "FindingNotSeen");
        it.look(&[vec![true, true, false], vec![true]], ms(2000));
        assert_eq!(acknowledge(&mut it, "a", YES, 9000), "FindingNotSeen", "half of it is not all of it");
        it.look(&[vec![true, true, true], vec![true]], ms(8500));
        assert_eq!(acknowledge(&mut it, "a", YES, 9000), "TooSoon { milliseconds: 300 }");
        assert_eq!(acknowledge(&mut it, "a", YES, 9300), "done");
        assert_eq!(it.left(), [1]);
    }

    #[test]
    fn what_stands_in_a_head_is_seen_when_its_mark_was_and_each_takes_its_time() {
        let mut it = noted();
        it.shown(ms(0));
        assert_eq!(it.not_displayed(), [0, 1, 2], "no mark of them was on screen");
        assert_eq!(acknowledge(&mut it, "b", YES, 9000), "FindingNotSeen");
        it.head(&[0, 1, 2, 9, usize::MAX], ms(10_000));
        assert_eq!(it.not_displayed(), [0, 2], "what stands on rows is seen there, and nonsense is nothing");
        assert_eq!(acknowledge(&mut it, "a", YES, 19_000), "FindingNotSeen");
        assert_eq!(acknowledge(&mut it, "b", YES, 10_799), "TooSoon { milliseconds: 1 }");
        assert_eq!(acknowledge(&mut it, "b", YES, 10_800), "done");
        it.look(&[vec![true; 3], vec![true]], ms(10_100));
        assert_eq!(acknowledge(&mut it, "a", YES, 10_900), "TooSoon { milliseconds: 700 }");
        assert_eq!(acknowledge(&mut it, "a", YES, 11_600), "done");
        assert_eq!(it.left(), [0; 0]);
        assert_eq!(it.acknowledged(), [(0, Reason::Intended), (1, Reason::Intended)]);
    }

    #[test]
    fn what_stands_in_the_head_of_a_document_is_not_seen_with_its_rows_alone() {
        let mut it = Noted::new(&[finding("a", Severity::Blocking, Some(Spot::Head { document: 1 }))]);
        it.shown(ms(0));
        it.look(&[vec![true], vec![true]], ms(100));
        assert_eq!(acknowledge(&mut it, "a", YES, 9000), "FindingNotSeen");
        it.head(&[0], ms(9000));
        assert_eq!(acknowledge(&mut it, "a", YES, 9800), "done");
    }

    #[test]
    fn what_stands_nowhere_is_seen_with_the_sheet() {
        let mut it = Noted::new(&[finding("a", Severity::Blocking, None)]);
        it.head(&[0], ms(100));
        assert_eq!(acknowledge(&mut it, "a", YES, 9000), "FindingNotSeen");
        it.shown(ms(10_000));
        assert_eq!(acknowledge(&mut it, "a", YES, 10_800), "done");
    }

    #[test]
    fn what_was_seen_head_the_rows_of_an_earlier_sheet_is_seen_where_the_same_stands_there() {
        let claim = [finding("a", Severity::Blocking, Some(Spot::Claim))];
        let other = [finding("b", Severity::Blocking, Some(Spot::Claim))];
        let mut earlier = Noted::new(&claim);
        let left = |earlier: &Noted, findings: &[Finding], frame| {
            let mut it = Noted::new(findings);
            it.carry(findings, earlier, (&[], frame), ms(5000));
            (it.left().len(), it.not_displayed().len())
        };
        assert_eq!(left(&earlier, &claim, true), (1, 1), "it was not seen there either");
        earlier.head(&[0], ms(100));
        assert_eq!(left(&earlier, &claim, true), (1, 0));
        assert_eq!(acknowledge(&mut earlier, "a", YES, 9000), "done");
        assert_eq!(left(&earlier, &claim, true), (0, 0));
        assert_eq!(left(&earlier, &claim, false), (1, 1));
        assert_eq!(left(&earlier, &other, true), (1, 1));
    }

    #[test]
    fn it_can_be_taken_back_and_given_another_reason_at_once() {
        let mut it = noted();
        it.shown(ms(0));
        it.head(&[1], ms(0));
        assert_eq!(acknowledge(&mut it, "b", YES, 5000), "done");
        assert_eq!(acknowledge(&mut it, "b", Some(Reason::Checked), 5001), "done");
        assert_eq!(it.acknowledged(), [(1, Reason::Checked)]);
        assert_eq!(acknowledge(&mut it, "b", None, 5002), "done");
        assert_eq!((it.left().len(), it.acknowledged().len()), (2, 0));
        assert_eq!(acknowledge(&mut it, "b", YES, 5003), "TooSoon { milliseconds: 798 }");
    }

    #[test]
    fn what_is_masked_takes_its_time_from_when_it_was_revealed() {
        let masked = Finding {
            masked: Some("Password, 9 characters, mark 3f9a".to_owned()),
            ..finding("a", Severity::Blocking, rows(0, 0, 1))
        };
        let mut it = Noted::new(&[masked]);
        it.shown(ms(0));
        it.look(&[vec![true]], ms(0));
        assert_eq!(acknowledge(&mut it, "a", YES, 5000), "FindingMasked");
        it.revealed(&[0], ms(5000));
        assert_eq!(acknowledge(&mut it, "a", YES, 5799), "TooSoon { milliseconds: 1 }");
        assert!(it.answers(&"a".parse().unwrap(), ms(5799)).is_err());
        // It was there once; to look again is no new beginning.
        it.revealed(&[0], ms(5700));
        assert_eq!(acknowledge(&mut it, "a", YES, 5800), "done");
    }

    #[test]
    fn what_blocks_now_and_did_not_is_another_matter() {
        let of = |severity| [finding("a", severity, rows(0, 0, 1))];
        let it = Noted::new(&of(Severity::Warning));
        assert!(it.is_about(&of(Severity::Warning)) && it.is_about(&of(Severity::Note)));
        assert!(!it.is_about(&of(Severity::Blocking)) && !it.is_about(&[]));
        let elsewhere = of(Severity::Warning).map(|it| Finding { hides_elsewhere: true, ..it });
        assert!(!it.is_about(&elsewhere));
    }

    #[test]
    fn another_finding_is_none_of_this_sheet() {
        assert_eq!(acknowledge(&mut noted(), "z", YES, 9000), "Changed");
    }

    #[test]
    fn a_warning_never_blocks() {
        let mut it = noted();
        it.shown(ms(0));
        it.look(&[vec![true; 3], vec![true]], ms(0));
        it.head(&[1], ms(0));
        acknowledge(&mut it, "a", YES, 1000);
        acknowledge(&mut it, "b", YES, 2000);
        assert_eq!(it.left(), [0; 0]);
    }
}
