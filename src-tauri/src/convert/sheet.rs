//! The sheet into wire: each field has its counterpart.

use std::collections::{HashMap, VecDeque};

use countersign_core::action::{Action, Reversibility};
use countersign_core::digest::Digest;
use countersign_core::proposal::{Authenticated, Proposal};
use countersign_core::time::Timestamp;
use countersign_reviewer::{Class, Piece, pieces};
use countersign_sheet::{
    Also, ChipTone, Compared, Document, EntryChange, Finding, GrantChange, GrantTag, Kind, Mark,
    PrincipalKind, Row, Seal, Segment, SegmentKind, Severity, Sheet, Span, Spot, Tone, View, narrow,
};

use super::count;
use crate::wire;

pub(crate) fn segs(made: &[Segment]) -> Vec<wire::Segment> {
    let one = |it: &Segment| wire::Segment {
        text: it.display.clone(),
        kind: match it.kind {
            SegmentKind::Words => wire::SegmentKind::Words,
            SegmentKind::Text => wire::SegmentKind::Text,
            SegmentKind::Changed => wire::SegmentKind::Changed,
            SegmentKind::Joined { changed: false } => wire::SegmentKind::Joined,
            SegmentKind::Joined { changed: true } => wire::SegmentKind::JoinedChanged,
            SegmentKind::Chip { tone: ChipTone::Red } => wire::SegmentKind::ChipRed,
            SegmentKind::Chip { tone: ChipTone::Neutral } => wire::SegmentKind::Chip,
            SegmentKind::Bytes => wire::SegmentKind::Bytes,
            SegmentKind::Mask => wire::SegmentKind::Mask,
        },
        rtl: it.rtl,
        syntax: None,
        findings: it.findings.clone(),
    };
    made.iter().map(one).collect()
}

fn lines(made: &[Vec<Segment>]) -> Vec<Vec<wire::Segment>> {
    made.iter().map(|line| segs(line)).collect()
}

pub(crate) fn kind(kind: Kind) -> wire::Kind {
    match kind {
        Kind::Post => wire::Kind::Post,
        Kind::Change => wire::Kind::Change,
        Kind::Remove => wire::Kind::Remove,
        Kind::Access => wire::Kind::Access,
        Kind::Run => wire::Kind::Run,
        Kind::Call => wire::Kind::Call,
        Kind::Several => wire::Kind::Several,
    }
}

fn tone(tone: Tone) -> wire::Tone {
    match tone {
        Tone::Plain => wire::Tone::Plain,
        Tone::Amber => wire::Tone::Amber,
        Tone::Red => wire::Tone::Red,
    }
}

pub(crate) fn head(sheet: &Sheet, digest: &Digest, proposal: Option<&Proposal>) -> wire::SheetHead {
    let span = |it: &Span| wire::Span { segments: segs(&it.segments), tone: tone(it.tone) };
    let headline = &sheet.headline;
    wire::SheetHead {
        digest: digest.to_string(),
        who: segs(&headline.who),
        calls_itself: headline.calls_itself.as_deref().map(segs),
        seal: match headline.seal {
            Seal::Token => wire::Seal::Token,
            Seal::Uid => wire::Seal::Uid,
            Seal::None => wire::Seal::None,
        },
        seal_says: proposal.map(seal_says).unwrap_or_default(),
        headline: headline.lines.iter().map(|line| line.iter().map(span).collect()).collect(),
        note: headline.note.as_deref().map(segs),
        asked: sheet.asked.as_ref().map(|asked| wire::Asked {
            by: asked.by.as_deref().map(segs),
            at: asked.at,
            text: lines(&asked.text),
            origin: segs(&asked.origin),
            verified: asked.verified,
        }),
        would: segs(&sheet.would),
        compared: match &sheet.compared {
            Compared::NotAsked => wire::Compared::NotAsked,
            Compared::NotCompared => wire::Compared::NotCompared,
            Compared::Further { why } => wire::Compared::Further { why: why.clone() },
        },
        claim: lines(&sheet.claim),
        facts: sheet
            .facts
            .iter()
            .map(|it| wire::Fact {
                label: it.label.to_string(),
                value: segs(&it.value),
                detail: segs(&it.detail),
                level: it.level,
            })
            .collect(),
        documents: sheet.documents.iter().map(document).collect(),
        rows: sheet.documents.iter().map(|it| count(it.rows.len())).sum(),
        findings: sheet.findings.iter().map(finding).collect(),
        hold: proposal.map_or(LONGEST_HOLD, hold),
    }
}

/// What this installation remembers; another one may remember otherwise, so it is no part of the sheet.
pub(super) fn novelty((approved, last): (u64, Option<Timestamp>)) -> wire::Fact {
    let words = |text: String| {
        vec![wire::Segment {
            text,
            kind: wire::SegmentKind::Words,
            rtl: false,
            syntax: None,
            findings: vec![],
        }]
    };
    let (value, detail, level) = match (approved, last) {
        (0, _) | (_, None) => {
            ("The first".to_owned(), "nothing of this kind by this agent was approved here".to_owned(), 2)
        }
        (1, Some(_)) => {
            ("The second".to_owned(), "one of this kind by this agent was approved here".to_owned(), 1)
        }
        (many, Some(_)) => {
            let many = if many >= 1000 { "1,000 or more".to_owned() } else { many.to_string() };
            (format!("{many} before"), "of this kind by this agent were approved here".to_owned(), 1)
        }
    };
    wire::Fact { label: "Novelty".to_owned(), value: words(value), detail: words(detail), level }
}

fn finding(of: &Finding) -> wire::Finding {
    let row = of.spots.iter().find_map(|spot| match spot {
        Spot::Rows { document, rows } => {
            Some(wire::Spot::Row { document: count(*document), row: count(rows.start) })
        }
        _ => None,
    });
    let at = row.or_else(|| match of.spots.first() {
        Some(Spot::Head { document }) => Some(wire::Spot::Head { document: count(*document) }),
        _ => None,
    });
    wire::Finding {
        id: of.id.to_string(),
        severity: match of.severity {
            Severity::Note => wire::Severity::Note,
            Severity::Warning => wire::Severity::Warning,
            Severity::Blocking => wire::Severity::Blocking,
        },
        title: of.title.clone(),
        why: of.why.clone(),
        fix: of.fix.map(str::to_owned),
        masked: of.masked.clone(),
        settles: of.can_be_settled(),
        place: segs(&of.place),
        at,
        in_claim: of.spots.contains(&Spot::Claim),
    }
}

/// Milliseconds to hold the button, for what cannot be taken back.
const LONGEST_HOLD: u32 = 3000;

/// The more it takes to undo, the longer; the least reversible action counts.
fn hold(proposal: &Proposal) -> u32 {
    let one = |action: &Action| match action.reversibility {
        Reversibility::Reversible => 800,
        Reversibility::Effort => 1500,
        Reversibility::Irreversible | Reversibility::Unknown => LONGEST_HOLD,
    };
    proposal.actions.iter().map(one).max().unwrap_or(LONGEST_HOLD)
}

/// What the seal, or its absence, means here.
fn seal_says(proposal: &Proposal) -> String {
    match &proposal.agent.authenticated {
        Authenticated::Token(id) => format!("The gate knows this agent by its token {id}."),
        Authenticated::Uid(uid) => {
            format!(
                "The gate knows only the user it runs as (uid {uid}), which every program of that user shares."
            )
        }
        Authenticated::None => "Unknown sender: the gate does not know who this is.".to_owned(),
    }
}

pub(super) fn document(document: &Document) -> wire::DocumentHead {
    wire::DocumentHead {
        title: segs(&document.title),
        view: match document.view {
            View::Diff => wire::View::Diff,
            View::Text => wire::View::Text,
            View::Argv => wire::View::Argv,
            View::Access => wire::View::Access,
            View::Removal => wire::View::Removal,
            View::Raw => wire::View::Raw,
            View::Table => wire::View::Table,
        },
        also: document.also.map(|it| match it {
            Also::Markdown => wire::Also::Markdown,
            Also::Picture => wire::Also::Picture,
        }),
        facts: lines(&document.subtitle),
        stats: wire::Stats {
            added: count(document.stats.added),
            removed: count(document.stats.removed),
            unchanged: count(document.stats.unchanged),
        },
        columns: lines(&document.columns),
        rows: count(document.rows.len()),
        folds: document
            .folds
            .iter()
            .map(|it| wire::Fold { from: count(it.start), to: count(it.end) })
            .collect(),
    }
}

/// Rows `from` and the `number` after it, as JSON.
pub(crate) fn rows(documents: &[Document], document: usize, from: usize, number: usize) -> Vec<u8> {
    countersign_core::json::to_bytes(&page(documents, document, from, number))
}

/// The same, each as the lines that it needs in so many columns.
pub(crate) fn lines_of(
    documents: &[Document],
    document: usize,
    from: usize,
    number: usize,
    columns: usize,
) -> Vec<u8> {
    let all = documents.get(document).map(|it| it.rows.as_slice()).unwrap_or_default();
    let page = page(documents, document, from, number);
    let cut = |(whole, it): (wire::Row, &Row)| match narrow(it, columns) {
        one if one.len() == 1 => vec![whole],
        more => cut(&whole, &more),
    };
    let lines: Vec<_> = page.into_iter().zip(all.get(from..).unwrap_or_default()).map(cut).collect();
    countersign_core::json::to_bytes(&lines)
}

/// `lines` with what only the whole row knows: its colours, and where it moved.
fn cut(whole: &wire::Row, lines: &[Row]) -> Vec<wire::Row> {
    let mut lines: Vec<_> = lines.iter().map(row).collect();
    let wire::Row::Line { moved, segments, .. } = whole else { return lines };
    let mut left: VecDeque<_> = segments.iter().cloned().collect();
    for (at, line) in lines.iter_mut().enumerate() {
        let wire::Row::Line { moved: to, segments, .. } = line else { continue };
        if at == 0 {
            to.clone_from(moved);
        }
        let mut room: usize = segments.iter().map(|it| it.text.len()).sum();
        let mut own = Vec::new();
        while room > 0
            && let Some(mut next) = left.pop_front()
        {
            if next.text.len() > room {
                let rest = next.text.split_off(room);
                left.push_front(wire::Segment { text: rest, ..next.clone() });
            }
            room -= next.text.len();
            own.push(next);
        }
        *segments = own;
    }
    lines
}

/// Rows that need more than one line in so many columns.
pub(crate) fn tall(documents: &[Document], document: usize, columns: usize) -> Vec<u8> {
    let rows = documents.get(document).map(|it| it.rows.as_slice()).unwrap_or_default();
    let mut runs: Vec<wire::Tall> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let (at, lines) = (count(at), count(countersign_sheet::height(row, columns)));
        match runs.last_mut() {
            Some(last) if last.to == at && last.lines == lines => last.to += 1,
            _ if lines > 1 => runs.push(wire::Tall { from: at, to: at + 1, lines }),
            _ => {}
        }
    }
    countersign_core::json::to_bytes(&runs)
}

fn page(documents: &[Document], document: usize, from: usize, number: usize) -> Vec<wire::Row> {
    let Some(document) = documents.get(document) else { return Vec::new() };
    let rows = document.rows.as_slice();
    let end = from.saturating_add(number).min(rows.len());
    let mut page: Vec<wire::Row> = rows.get(from..end).unwrap_or_default().iter().map(row).collect();
    link(rows, from, &mut page);
    for (row, pieces) in page.iter_mut().zip(pieces(document, from..end)) {
        if let (wire::Row::Line { segments, .. }, Some(pieces)) = (row, pieces) {
            *segments = coloured(segments, &pieces);
        }
    }
    page
}

/// The same text, cut where a colour begins or ends.
fn coloured(segments: &[wire::Segment], pieces: &[Piece]) -> Vec<wire::Segment> {
    let one = |it: &Piece| {
        let whole = segments.get(it.segment)?;
        let syntax = it.class.map(|class| match class {
            Class::Comment => wire::Syntax::Comment,
            Class::String => wire::Syntax::String,
            Class::Literal => wire::Syntax::Literal,
            Class::Keyword => wire::Syntax::Keyword,
        });
        let text = whole.text.get(it.text.clone())?.to_owned();
        Some(wire::Segment { text, syntax, ..whole.clone() })
    };
    // Colours never cost a letter.
    let cut: Option<Vec<_>> = pieces.iter().map(one).collect();
    let text = |all: &[wire::Segment]| all.iter().map(|it| it.text.as_str()).collect::<String>();
    cut.filter(|cut| text(cut) == text(segments)).unwrap_or_else(|| segments.to_vec())
}

/// Says of each line of `page` that changed its place at which row of all `rows` it stands there.
fn link(rows: &[Row], from: usize, page: &mut [wire::Row]) {
    let moved = |at: usize| match rows.get(at) {
        Some(Row::Line { moved: Some(line), mark, before, after, .. }) => {
            Some((*mark, (*before).or(*after)?, *line))
        }
        _ => None,
    };
    let mut places: Option<HashMap<(Mark, u32), usize>> = None;
    for (at, row) in (from..).zip(page) {
        let (wire::Row::Line { moved: shown, .. }, Some((mark, own, line))) = (row, moved(at)) else {
            continue;
        };
        let all = || (0..rows.len()).filter_map(|at| moved(at).map(|(mark, own, _)| ((mark, own), at)));
        let places = places.get_or_insert_with(|| all().collect());
        let other = if mark == Mark::Added { Mark::Removed } else { Mark::Added };
        let above = own.checked_sub(1).and_then(|own| moved(*places.get(&(mark, own))?));
        *shown = Some(wire::Moved {
            line,
            row: places.get(&(other, line)).copied().map(count),
            first: above.is_none_or(|(_, _, above)| above + 1 != line),
        });
    }
}

fn row(row: &Row) -> wire::Row {
    match row {
        Row::Line { before, after, moved: _, mark, continued, segments } => wire::Row::Line {
            before: *before,
            after: *after,
            // Filled in where all rows are known.
            moved: None,
            change: match mark {
                Mark::Same => wire::Change::Same,
                Mark::Added => wire::Change::Added,
                Mark::Removed => wire::Change::Removed,
            },
            continued: *continued,
            segments: segs(segments),
        },
        Row::Field { label, continued, segments } => {
            wire::Row::Field { label: segs(label), segments: segs(segments), continued: *continued }
        }
        Row::Argument { index, continued, segments } => {
            wire::Row::Argument { index: *index, segments: segs(segments), continued: *continued }
        }
        Row::Grant { change, principal, name, tag, before, after, continued } => wire::Row::Grant {
            change: match change {
                GrantChange::Gained => wire::Gain::Gained,
                GrantChange::Lost => wire::Gain::Lost,
                GrantChange::Kept => wire::Gain::Kept,
            },
            principal: match principal {
                PrincipalKind::Person => wire::PrincipalKind::Person,
                PrincipalKind::Group => wire::PrincipalKind::Group,
                PrincipalKind::Service => wire::PrincipalKind::Service,
                PrincipalKind::Anyone => wire::PrincipalKind::Anyone,
            },
            name: segs(name),
            tag: tag.map(|tag| match tag {
                GrantTag::Anyone => wire::Mark { text: "anyone".to_owned(), tone: wire::Tone::Red },
                GrantTag::External => wire::Mark { text: "external".to_owned(), tone: wire::Tone::Amber },
            }),
            before: segs(before),
            after: segs(after),
            continued: *continued,
        },
        Row::Object { columns, size, sha256, continued } => wire::Row::Object {
            columns: lines(columns),
            size: segs(size),
            sha256: segs(sha256),
            continued: *continued,
        },
        Row::Entry { change, path, before, after, continued } => wire::Row::Entry {
            change: match change {
                EntryChange::Added => wire::EntryChange::Added,
                EntryChange::Removed => wire::EntryChange::Removed,
                EntryChange::Changed => wire::EntryChange::Changed,
                EntryChange::Moved => wire::EntryChange::Moved,
            },
            path: segs(path),
            before: segs(before),
            after: segs(after),
            continued: *continued,
        },
        Row::Heading { text, name, detail } => {
            wire::Row::Heading { text: text.clone(), name: segs(name), detail: detail.clone() }
        }
        Row::Note { tone: of, continued, segments } => {
            wire::Row::Note { segments: segs(segments), tone: tone(*of), continued: *continued }
        }
    }
}
