//! Orders what was found, and says where on the sheet each of it stands.

use std::cmp::Reverse;

use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_sensitivity as sensitivity;

use super::{Findings, MOST, label};
use crate::count;
use crate::documents::{AFTER_ENTRIES, ENTRY};
use crate::model::{Document, Finding, Row, Segment, Severity, Sheet, Spot, View};
use crate::segments::words;

impl Findings {
    /// The findings with their places, the worst first; segments are given the numbers of that order.
    ///
    /// `required` names those that the gate wants acknowledged: they block, known here or not.
    pub(crate) fn settle(mut self, sheet: &mut Sheet, required: &[Label]) -> Vec<Finding> {
        let is_required = |it: &&mut Finding| required.contains(&it.id) && !it.is_settled;
        for known in self.all.iter_mut().filter(is_required) {
            known.severity = Severity::Blocking;
        }
        self.count_beyond(sheet, required);
        for id in required {
            match self.all.iter_mut().find(|it| it.id == *id) {
                Some(known) if known.is_settled => {}
                Some(known) => known.severity = Severity::Blocking,
                None => self.all.push(unknown(id)),
            }
        }
        let mut all = self.all;
        if all.is_empty() {
            return all;
        }
        visit(sheet, &mut |spot, segment| {
            for number in &segment.findings {
                if let Some(finding) = all.get_mut(*number as usize) {
                    finding.stands(&spot);
                }
            }
        });
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|at| (Reverse(all[*at].severity), rank(all[*at].spots.first()), *at));
        let mut numbers = vec![0; all.len()];
        for (number, at) in order.iter().enumerate() {
            numbers[*at] = number as u32;
        }
        visit(sheet, &mut |_, segment| {
            for number in &mut segment.findings {
                *number = numbers[*number as usize];
            }
            segment.findings.sort_unstable();
            segment.findings.dedup();
        });
        let mut sorted: Vec<_> = order.into_iter().map(|at| all[at].clone()).collect();
        for finding in &mut sorted {
            finding.place = place(finding, &sheet.documents);
        }
        sorted
    }

    /// Leaves the worst, in the order in which they were met, and one that counts the others.
    fn count_beyond(&mut self, sheet: &mut Sheet, required: &[Label]) {
        let counted = self.counts.iter().filter(|(_, (_, more))| *more > 0);
        let worst = counted.clone().map(|(severity, _)| *severity).max();
        let counted: u64 = counted.map(|(_, (_, more))| more).sum();
        if self.all.len() <= MOST && counted == 0 {
            return;
        }
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_key(|at| (!required.contains(&self.all[*at].id), Reverse(self.ranks[*at])));
        let rest = order.split_off(MOST.min(order.len()));
        let worst = rest.iter().map(|at| self.all[*at].severity).chain(worst).max();
        let count = counted + rest.len() as u64;
        let more = order.len() as u32;
        let mut numbers = vec![more; self.all.len()];
        order.sort_unstable();
        (0..).zip(&order).for_each(|(number, at)| numbers[*at] = number);
        visit(sheet, &mut |_, segment| {
            for number in &mut segment.findings {
                *number = numbers.get(*number as usize).copied().unwrap_or(more);
            }
        });
        self.all = order.iter().map(|at| self.all[*at].clone()).collect();
        // Its identity says what it counts, and which are listed: it must not stay acknowledged when that changes.
        let listed: String = self.all.iter().map(|it| it.id.as_str()).collect();
        let text = Digest::of(listed.as_bytes());
        let Some(id) = label(&sensitivity::id("more-findings", &text, &(0..count as usize))) else { return };
        let title = format!("{} more", count::of(count, "finding"));
        let why = "So many are not listed one by one. Each is marked where it stands.";
        self.all.push(placeless(id, "more-findings", worst.unwrap_or(Severity::Blocking), title, why));
    }
}

fn unknown(id: &Label) -> Finding {
    let title = "A finding of the gate that is not known here".to_owned();
    let why = "The gate wants it acknowledged. This version of the app does not find it, and cannot say where it is.";
    placeless(id.clone(), "required", Severity::Blocking, title, why)
}

/// A finding of our own, of no text.
fn placeless(id: Label, rule: &str, severity: Severity, title: String, why: &str) -> Finding {
    Finding {
        id,
        rule: rule.to_owned(),
        severity,
        title,
        why: why.to_owned(),
        fix: None,
        masked: None,
        hides_elsewhere: false,
        is_settled: false,
        secrets: Vec::new(),
        place: Vec::new(),
        spots: Vec::new(),
    }
}

type Visit<'v> = &'v mut dyn FnMut(Spot, &mut Segment);

/// Where it comes on the sheet: document, part of it, row.
fn rank(spot: Option<&Spot>) -> (usize, usize, usize) {
    match spot {
        Some(Spot::Headline) => (0, 0, 0),
        Some(Spot::Asked) => (0, 1, 0),
        Some(Spot::Claim) => (0, 2, 0),
        Some(Spot::Head { document }) => (document + 1, 0, 0),
        Some(Spot::Rows { document, rows }) => (document + 1, 1, rows.start),
        None => (usize::MAX, 0, 0),
    }
}

fn visit(sheet: &mut Sheet, each: Visit<'_>) {
    let headline = &mut sheet.headline;
    let spans = headline.lines.iter_mut().flatten().flat_map(|span| &mut span.segments);
    let said = headline.who.iter_mut().chain(headline.calls_itself.iter_mut().flatten());
    said.chain(spans).chain(&mut sheet.would).for_each(|it| each(Spot::Headline, it));
    if let Some(asked) = &mut sheet.asked {
        let said = asked.by.iter_mut().flatten().chain(&mut asked.origin);
        said.chain(asked.text.iter_mut().flatten()).for_each(|it| each(Spot::Asked, it));
    }
    sheet.claim.iter_mut().flatten().for_each(|it| each(Spot::Claim, it));
    for (document, of) in sheet.documents.iter_mut().enumerate() {
        let head = of
            .title
            .iter_mut()
            .chain(of.subtitle.iter_mut().flatten())
            .chain(of.columns.iter_mut().flatten());
        head.for_each(|it| each(Spot::Head { document }, it));
        for (at, row) in of.rows.iter_mut().enumerate() {
            row.segments_mut(&mut |it| each(Spot::Rows { document, rows: at..at + 1 }, it));
        }
    }
}

/// Where a finding stands, in words: the name of its document and the line.
fn place(of: &Finding, documents: &[Document]) -> Vec<Segment> {
    match of.spots.first() {
        None => vec![words("nowhere on this sheet")],
        Some(Spot::Headline) => vec![words("in the headline")],
        Some(Spot::Asked) => vec![words("in what was asked")],
        Some(Spot::Claim) => vec![words("in the agent's claim")],
        Some(Spot::Head { document }) => vec![words(format!("in the facts of document {}", document + 1))],
        Some(Spot::Rows { document, rows }) => {
            let all = documents.get(*document).map_or(&[][..], |it| it.rows.as_slice());
            let row = match all.get(rows.start) {
                Some(Row::Argument { index, .. }) => format!("argument {index}"),
                Some(Row::Line { .. }) => match line_of(all, rows.start) {
                    Some(line) => format!("line {line}"),
                    None => format!("row {}", rows.start + 1),
                },
                _ => format!("row {}", rows.start + 1),
            };
            let argv = documents.get(*document).is_some_and(|it| it.view == View::Argv);
            let entry = if argv { entry_of(all, rows.start) } else { String::new() };
            vec![words(format!("document {}, {entry}{row}", document + 1))]
        }
    }
}

/// The entry of a batch in which row `at` is, to be said before the row.
fn entry_of(rows: &[Row], at: usize) -> String {
    let above = rows.get(..at).unwrap_or_default().iter().rev();
    let headings = above.filter_map(|row| match row {
        Row::Heading { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let mut bounds = headings.filter(|it| it.starts_with(ENTRY) || *it == AFTER_ENTRIES);
    bounds
        .next()
        .filter(|it| *it != AFTER_ENTRIES)
        .map_or_else(String::new, |it| format!("{}, ", it.to_lowercase()))
}

/// The number of the line that row `at` belongs to.
fn line_of(rows: &[Row], at: usize) -> Option<u32> {
    rows.get(..=at)?.iter().rev().find_map(|row| match row {
        Row::Line { continued: false, before, after, .. } => Some(after.or(*before)),
        Row::Line { .. } => None,
        _ => Some(None),
    })?
}
