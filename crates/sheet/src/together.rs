//! Several sheets below each other as one, with nothing of any of them left out.
//!
//! What stands in the head of a sheet of its own becomes rows here, so that it is drawn and counted like all else.

use std::collections::HashMap;
use std::ops::Range;

use countersign_core::name::Label;

use crate::count;
use crate::model::{
    Compared, Document, Finding, Headline, Row, Segment, Sheet, Span, Spot, Stats, Tone, View, WIDTH,
};
use crate::segments::{is_ours, words};
use crate::wrap::wrap;

/// One sheet of `sheets`, which are of one kind and by one agent, and the documents of each in it. The first of them
/// has what stands in the head of its own sheet. `None` of nothing.
#[must_use]
pub fn together(sheets: &[&Sheet]) -> Option<(Sheet, Vec<Range<usize>>)> {
    let first = sheets.first()?;
    let mut all = All::default();
    let parts = sheets.iter().map(|sheet| all.add(sheet)).collect();
    let many = count::of(sheets.len() as u64, "proposal");
    let line = |text: String| vec![Span { segments: vec![words(text)], tone: Tone::Plain }];
    let sheet = Sheet {
        kind: first.kind,
        headline: Headline {
            who: first.headline.who.clone(),
            calls_itself: None,
            seal: first.headline.seal,
            lines: [
                line(format!("made {many} of one kind in one place:")),
                line("each is decided and acts on its own, once".to_owned()),
            ],
            note: None,
        },
        asked: None,
        would: vec![words(many)],
        compared: Compared::NotCompared,
        claim: Vec::new(),
        facts: Vec::new(),
        documents: all.documents,
        findings: all.findings,
    };
    Some((sheet, parts))
}

#[derive(Default)]
struct All {
    documents: Vec<Document>,
    findings: Vec<Finding>,
    // The same finding of the same text in two of them is one.
    known: HashMap<Label, u32>,
}

impl All {
    fn add(&mut self, sheet: &Sheet) -> Range<usize> {
        let start = self.documents.len();
        let moved: Vec<u32> = sheet.findings.iter().map(|finding| self.find(finding)).collect();
        let documents = std::iter::once(head(sheet)).chain(sheet.documents.iter().cloned());
        self.documents.extend(documents.map(|mut document| {
            let mut renumber = |it: &mut Segment| {
                it.findings = it.findings.iter().filter_map(|at| moved.get(*at as usize).copied()).collect();
                it.findings.sort_unstable();
                it.findings.dedup();
            };
            let heads = [&mut document.title].into_iter().chain(&mut document.subtitle);
            // Other views of it belong to the sheet of its own.
            document.also = None;
            heads.chain(&mut document.columns).flatten().for_each(&mut renumber);
            document.rows.iter_mut().for_each(|row| row.segments_mut(&mut renumber));
            document
        }));
        for (finding, at) in sheet.findings.iter().zip(moved) {
            self.stand(finding, at, start);
        }
        start..self.documents.len()
    }

    /// Where it stands here.
    fn stand(&mut self, finding: &Finding, at: u32, start: usize) {
        let above = finding.spots.iter().any(|it| matches!(it, Spot::Headline | Spot::Asked | Spot::Claim));
        let mut spots = if above { self.above(at, start) } else { Vec::new() };
        for spot in &finding.spots {
            match spot {
                Spot::Headline | Spot::Asked | Spot::Claim => {}
                // The head of the sheet is a document before it.
                Spot::Head { document } => spots.push(Spot::Head { document: start + 1 + document }),
                Spot::Rows { document, rows } => {
                    spots.push(Spot::Rows { document: start + 1 + document, rows: rows.clone() });
                }
            }
        }
        for spot in &spots {
            self.findings[at as usize].stands(spot);
        }
    }

    /// Where what was found in the head of a sheet stands in the document that has that here. Who proposed it stands
    /// in the headline, once for all of them.
    fn above(&mut self, at: u32, start: usize) -> Vec<Spot> {
        let head = &mut self.documents[start];
        let title = head.title.iter().any(|it| it.findings.contains(&at));
        let mut spots: Vec<Spot> = title.then_some(Spot::Head { document: start }).into_iter().collect();
        for (row, it) in head.rows.iter_mut().enumerate() {
            let mut here = false;
            it.segments_mut(&mut |segment| here |= segment.findings.contains(&at));
            if here {
                spots.push(Spot::Rows { document: start, rows: row..row + 1 });
            }
        }
        if spots.is_empty() { vec![Spot::Headline] } else { spots }
    }

    /// Its place among all of them.
    fn find(&mut self, finding: &Finding) -> u32 {
        *self.known.entry(finding.id.clone()).or_insert_with(|| {
            self.findings.push(Finding { spots: Vec::new(), ..finding.clone() });
            self.findings.len() as u32 - 1
        })
    }
}

/// What stands above the documents of a sheet, as rows. What it would do is the title.
fn head(sheet: &Sheet) -> Document {
    let mut rows = Vec::new();
    let mut add = |label: &str, text: Vec<Segment>| rows.extend(field(label, text));
    let headline = &sheet.headline;
    let whole = |line: &Vec<Span>| line.iter().flat_map(|it| it.segments.clone()).collect::<Vec<_>>();
    for (line, label) in headline.lines.iter().zip(["It", "Then"]) {
        add(label, whole(line));
    }
    if let Some(name) = &headline.calls_itself {
        add("It calls itself", name.clone());
    }
    if let Some(note) = &headline.note {
        add("If approved", note.clone());
    }
    match &sheet.asked {
        None => add("Asked", vec![words("nobody asked for this, as far as is known")]),
        Some(asked) => {
            let mut from = asked.origin.clone();
            if let Some(by) = &asked.by {
                from.push(words(", said to be by "));
                from.extend(by.iter().cloned());
            }
            if let Some(at) = asked.at {
                from.push(words(format!(", {}", count::time(at))));
            }
            if !asked.verified {
                from.push(words("; not verified"));
            }
            add("Asked", from);
            asked.text.iter().for_each(|line| add("", line.clone()));
        }
    }
    match &sheet.compared {
        Compared::NotAsked => {}
        Compared::NotCompared => add("Compared", vec![words("not compared with what was asked")]),
        Compared::Further { why } => add("Goes further", vec![words(why.clone())]),
    }
    for (at, line) in sheet.claim.iter().enumerate() {
        add(if at == 0 { "The agent claims" } else { "" }, line.clone());
    }
    for fact in &sheet.facts {
        let mut text = fact.value.clone();
        if !fact.detail.is_empty() {
            text.push(words(", "));
            text.extend(fact.detail.iter().cloned());
        }
        add(fact.label, text);
    }
    Document {
        action: 0,
        title: sheet.would.clone(),
        subtitle: Vec::new(),
        view: View::Argv,
        also: None,
        columns: Vec::new(),
        rows,
        folds: Vec::new(),
        stats: Stats::default(),
        hidden: 0,
    }
}

/// A value as rows. What has no label is one more line of what somebody said; our own below that is a note, so that
/// none of theirs looks like it.
fn field(label: &str, text: Vec<Segment>) -> Vec<Row> {
    if label.is_empty() && is_ours(&text) {
        return vec![Row::Note { tone: Tone::Plain, continued: false, segments: text }];
    }
    let rows = wrap(text, WIDTH).into_iter().enumerate().map(|(at, segments)| Row::Field {
        label: if at == 0 { vec![words(label)] } else { Vec::new() },
        continued: at > 0,
        segments,
    });
    rows.collect()
}
