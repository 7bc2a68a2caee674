//! Turns a proposal into what a person is shown.
//!
//! Promises: everything that would happen is on the sheet, and every byte of
//! it is visible ([`segments`]), or a red note counts what is not drawn; the
//! headline is built from the typed actions and never from an agent's words;
//! the same proposal and contents give the same sheet and the same
//! [`Sheet::digest`] on every machine.
//!
//! Left to others: whether the proposal is genuine, what may be signed, what
//! was on the screen, colours and fonts.
//!
//! Pure: no clock, no file, no network.

mod amended;
mod bytes;
mod changes;
mod compare;
mod count;
mod difference;
mod documents;
mod facts;
mod findings;
mod headline;
mod joined;
mod kept;
mod marking;
mod marks;
mod mask;
mod model;
mod narrow;
mod page;
mod picture;
mod plain;
mod reach;
mod segments;
mod text;
mod together;
mod types;
mod unicode;
mod wide;
mod wrap;

pub use difference::{Difference, difference};
pub use headline::{kind, who, would};
pub use kept::{Kept, kept};
pub use marking::{Destination, Marking};
pub use mask::{Hidden, MaskKey, hide, hide_in, masked, told, told_arguments};
pub use model::*;
pub use narrow::{height, narrow};
pub use picture::{Anatomy, Carried, Format, anatomy};
pub use plain::plain;
pub use segments::{segments, value, words};
pub use together::together;

use std::collections::BTreeSet;

use countersign_core::action::{Act, Action};
use countersign_core::amendment::{self, Amendment};
use countersign_core::batch::Actions;
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::proposal::{self, Effect, Origin, Proposal};
use countersign_sensitivity::Reach;

use documents::{Blobs, bytes_of, documents};
use findings::{Findings, TextKind};
use page::{Room, between};

/// Lines of a request or a claim that are drawn. They are beside the point: nothing of them happens.
const SAID_LINES: usize = 400;

/// Bytes of a request or a claim that are drawn.
const SAID_BYTES: usize = 32 * 1024;

/// Why there is no sheet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A content that travels beside the proposal is not here, or is not what the proposal states.
    #[error("content {0} is missing or is not what the proposal states")]
    Content(Digest),
    /// A list that is here as stated, but is no list of what it should hold, or counts otherwise.
    #[error("content {0} is not the list that the proposal states")]
    Listing(Digest),
    /// What is no amendment of the proposal.
    #[error(transparent)]
    Amendment(#[from] amendment::Error),
}

/// The sheet of `proposal`, with what the rules that are built in find; `blobs` finds the contents that travel beside
/// it.
///
/// # Errors
///
/// Every [`Error`].
pub fn sheet(proposal: &Proposal, blobs: &dyn Fn(&Digest) -> Option<Vec<u8>>) -> Result<Sheet, Error> {
    sheet_with(proposal, blobs, &Marking::default())
}

/// As [`sheet`], with rules of one's own and what was said before.
///
/// # Errors
///
/// Every [`Error`].
pub fn sheet_with(
    proposal: &Proposal,
    blobs: &dyn Fn(&Digest) -> Option<Vec<u8>>,
    marking: &Marking,
) -> Result<Sheet, Error> {
    sheet_after(proposal, blobs, marking, |_| Ok(Vec::new()))
}

/// The sheet of `original` with the texts of `amendment` in it, and first of all what that changes.
///
/// # Errors
///
/// Every [`Error`].
pub fn amended(
    original: &Proposal,
    amendment: &Amendment,
    blobs: &dyn Fn(&Digest) -> Option<Vec<u8>>,
) -> Result<Sheet, Error> {
    amended_with(original, amendment, blobs, &Marking::default())
}

/// As [`amended`], with rules of one's own and what was said before.
///
/// # Errors
///
/// Every [`Error`].
pub fn amended_with(
    original: &Proposal,
    amendment: &Amendment,
    blobs: &dyn Fn(&Digest) -> Option<Vec<u8>>,
    marking: &Marking,
) -> Result<Sheet, Error> {
    let mut whole = amendment.apply(original)?;
    whole.acknowledge = amended::still_required(original, amendment);
    // What the gate finds in a text that is new to it, it asks to be acknowledged, however little it weighs here.
    let marking = marking.clone().with_demoted(BTreeSet::new());
    sheet_after(&whole, blobs, &marking, |room| amended::changed(original, amendment, blobs, room))
}

/// A sheet that begins with other documents.
fn sheet_after(
    proposal: &Proposal,
    blobs: Blobs<'_>,
    marking: &Marking,
    first: impl FnOnce(&mut Room) -> Result<Vec<Document>, Error>,
) -> Result<Sheet, Error> {
    let asked_bytes = proposal.asked.as_ref().map(|asked| bytes_of(&asked.text, blobs)).transpose()?;
    let asked = asked_bytes.clone().unwrap_or_default();
    let mut room = Room::new(proposal.effect, asked, proposal.gate.as_str(), marking);
    let (mut all, mut sums) = (first(&mut room)?, Vec::new());
    match &proposal.actions {
        Actions::All(actions) => {
            for (at, action) in actions.iter().enumerate() {
                let (made, sum) = documents(at, action, blobs, &mut room)?;
                all.extend(made);
                sums.push(sum);
            }
        }
        Actions::Batch(batch) => {
            let (made, each) = documents::batch::batch(batch, blobs, &mut room)?;
            all.extend(made);
            sums = each;
        }
    }
    let mut findings = room.findings;
    // What is only said is told to nobody but the person who reviews.
    findings.go_to(Destination::default(), Reach::Private, None);
    let asked = proposal.asked.as_ref().zip(asked_bytes.as_deref());
    let asked = asked.map(|(asked, text)| said_by(asked, text, &mut findings));
    let claim = claim(proposal, blobs, &mut findings)?;
    let mut made = Sheet {
        kind: kind(proposal),
        headline: headline::headline(proposal, &sums),
        asked,
        would: would(proposal),
        compared: compare::compare(proposal, asked_bytes.as_deref()),
        claim,
        facts: facts::facts(proposal, &sums),
        documents: all,
        findings: Vec::new(),
    };
    for text in headline::texts(proposal) {
        findings.mark_named(text, &mut made.headline, &mut made.would);
    }
    made.findings = findings.settle(&mut made, &proposal.acknowledge);
    Ok(made)
}

/// How what would happen compares with what was asked, without making a sheet.
///
/// # Errors
///
/// [`Error::Content`] when the request travels beside the proposal and is not here.
pub fn compared(proposal: &Proposal, blobs: &dyn Fn(&Digest) -> Option<Vec<u8>>) -> Result<Compared, Error> {
    let asked = proposal.asked.as_ref().map(|asked| bytes_of(&asked.text, blobs)).transpose()?;
    Ok(compare::compare(proposal, asked.as_deref()))
}

impl Sheet {
    /// What every decision names: the digest of everything shown, with the version of this code.
    #[must_use]
    pub fn digest(&self) -> Digest {
        json::digest_of(&(VERSION, self))
    }

    /// Rows of all documents, those in folds included.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.documents.iter().map(|it| it.rows.len() as u64).sum()
    }

    /// What stands on no row, though it would happen. Red notes say so.
    #[must_use]
    pub fn hidden(&self) -> u64 {
        self.documents.iter().map(|it| it.hidden).sum()
    }
}

/// Whether it says what was there before, and only the agent that would act itself says so.
pub(crate) fn is_claimed(effect: Effect, action: &Action) -> bool {
    let says = matches!(action.act, Act::Change(_) | Act::Access(_));
    effect == Effect::Release && says && !action.was_looked_at()
}

/// Text as its lines, cut at line feeds only, at most `count` of them; and how many bytes are not in them. A chip
/// that names it stands in the place of each secret.
///
/// For what is shown beside a sheet: comments, results, evidence.
#[must_use]
pub fn lines(bytes: &[u8], count: usize) -> (Vec<Vec<Segment>>, u64) {
    let (made, more) = exact_lines(bytes, count);
    let secrets = findings::secrets(bytes);
    if secrets.is_empty() {
        return (made, more);
    }
    let mut at = 0;
    let mut over = marks::Over::new(&secrets);
    let marked = made.into_iter().zip(bytes.split(|byte| *byte == b'\n')).map(|(line, text)| {
        let range = at..at + text.len();
        at = range.end + 1;
        let touching = over.at(&range).into_iter().cloned().collect();
        mask::named(marks::mark(line, &touching))
    });
    (marked.collect(), more)
}

/// As [`lines`], with all of it.
fn exact_lines(bytes: &[u8], count: usize) -> (Vec<Vec<Segment>>, u64) {
    let mut made = Vec::new();
    let mut at = 0;
    for line in bytes.split(|byte| *byte == b'\n').take(count) {
        made.push(segments::segments_at(line, at));
        at += line.len() + 1;
    }
    (made, bytes.len().saturating_sub(at) as u64)
}

fn said_by(asked: &proposal::Asked, text: &[u8], findings: &mut Findings) -> Asked {
    let origin = match &asked.origin {
        Origin::Mandate(digest) => {
            vec![words(format!("from the mandate {digest}, which is not checked here"))]
        }
        Origin::Transcript(path) => {
            between("from the agent's own record ", findings.value(path.as_bytes(), TextKind::Said), "")
        }
        Origin::Caller => vec![words("from whoever made the request")],
    };
    Asked {
        by: asked.by.as_ref().map(|by| findings.value(by.as_str().as_bytes(), TextKind::Name)),
        at: asked.at.map(|at| at.seconds()),
        text: said(text, findings),
        origin,
        verified: false,
    }
}

fn claim(proposal: &Proposal, blobs: Blobs<'_>, findings: &mut Findings) -> Result<Vec<Vec<Segment>>, Error> {
    let Some(content) = &proposal.rationale else { return Ok(Vec::new()) };
    Ok(said(&bytes_of(content, blobs)?, findings))
}

/// Lines of what somebody said; how much of it is not drawn stands below, in words of our own.
fn said(text: &[u8], findings: &mut Findings) -> Vec<Vec<Segment>> {
    let marks = findings.scan(text, TextKind::Said);
    let end = text::cut_at(text, SAID_BYTES);
    let (made, more) = exact_lines(&text[..end], SAID_LINES);
    let mut at = 0;
    let ends = made.iter().zip(text[..end].split_inclusive(|byte| *byte == b'\n'));
    let ranges: Vec<_> = ends
        .map(|(_, line)| {
            at += line.len();
            at - line.len()..at
        })
        .collect();
    let ranges = ranges.into_iter().chain(std::iter::repeat(at..at));
    let mut over = marks::Over::new(&marks);
    let marked = made.into_iter().zip(ranges).map(|(line, range)| {
        let touching = over.at(&range).into_iter().cloned().collect();
        marks::mark_line(line, &range, &touching)
    });
    let mut made: Vec<_> = marked.collect();
    let more = more + (text.len() - end) as u64;
    if more > 0 {
        let drawn = text.len() - more as usize;
        let found = marks::from(&marks, drawn);
        let note = words(format!("{} more, not shown", count::of(more, "byte")));
        made.push(vec![Segment { findings: found, ..note }]);
    }
    made
}
