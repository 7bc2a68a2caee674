//! Rows and states as the store keeps them: JSON of this file's own.
//!
//! What cannot be read, because another version wrote it, is made anew; so
//! reading gives `None` and never an error.

use countersign_core::decision::Found;
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::refusal::Code;
use countersign_core::time::Timestamp;
use countersign_sheet::{ChipTone, Kind, Segment, SegmentKind};
use serde::{Deserialize, Serialize};

use crate::sheets::Summary;
use crate::{ItemState, Mark};

/// What rows say changes with the sheet, and with this file.
pub(crate) const ROW_VERSION: u64 = countersign_sheet::VERSION as u64 * 1000 + 3;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    kind: String,
    agent: Vec<Seg>,
    action: Vec<Seg>,
    marks: Vec<String>,
    serious: bool,
}

/// What is drawn, how, and whether it reads from right to left.
#[derive(Serialize, Deserialize)]
struct Seg(String, String, bool);

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum State {
    Waiting,
    Incomplete {
        missing: u64,
    },
    Signed {
        at: Timestamp,
    },
    Delivered {
        at: Timestamp,
    },
    Denied {
        at: Timestamp,
    },
    ChangesRequested {
        at: Timestamp,
    },
    Superseded {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Digest>,
    },
    Expired {
        at: Timestamp,
    },
    Withdrawn {
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    Halted {
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        halt: Option<Digest>,
    },
    Executed {
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit: Option<i32>,
    },
    Used {
        at: Timestamp,
        used: u64,
        most: u64,
        over: bool,
        wrong: u64,
        elsewhere: u64,
    },
    Failed {
        at: Timestamp,
    },
    Released {
        at: Timestamp,
    },
    Refused {
        code: String,
    },
    Unknown {
        at: Timestamp,
        receipt: Digest,
    },
    Resolved {
        ran: bool,
        at: Timestamp,
    },
}

pub(super) fn encode(it: &Summary) -> String {
    let segments = |all: &[Segment]| all.iter().map(seg).collect();
    let kept = Kept {
        kind: kind_word(it.kind).to_owned(),
        agent: segments(&it.agent),
        action: segments(&it.action),
        marks: it.marks.iter().map(|mark| mark_word(*mark)).collect(),
        serious: it.serious,
    };
    text(&kept)
}

pub(super) fn decode(text: &str) -> Option<Summary> {
    let kept: Kept = json::from_bytes(text.as_bytes()).ok()?;
    let segments = |all: Vec<Seg>| all.into_iter().map(segment).collect::<Option<Vec<_>>>();
    Some(Summary {
        kind: KINDS.into_iter().find(|kind| kind_word(*kind) == kept.kind)?,
        agent: segments(kept.agent)?,
        action: segments(kept.action)?,
        marks: kept.marks.iter().map(|word| mark(word)).collect::<Option<_>>()?,
        serious: kept.serious,
    })
}

fn text<T: Serialize>(it: &T) -> String {
    // JSON is UTF-8; an empty text is made anew when it is read.
    String::from_utf8(json::to_bytes(it)).unwrap_or_default()
}

fn seg(it: &Segment) -> Seg {
    let kind = match it.kind {
        SegmentKind::Words => "words",
        SegmentKind::Text => "text",
        SegmentKind::Changed => "changed",
        SegmentKind::Joined { changed: false } => "joined",
        SegmentKind::Joined { changed: true } => "joined_changed",
        SegmentKind::Chip { tone: ChipTone::Red } => "red",
        SegmentKind::Chip { tone: ChipTone::Neutral } => "chip",
        SegmentKind::Bytes => "bytes",
        SegmentKind::Mask => "mask",
    };
    Seg(kind.to_owned(), it.display.clone(), it.rtl)
}

fn segment(Seg(kind, display, rtl): Seg) -> Option<Segment> {
    let kind = match kind.as_str() {
        "words" => SegmentKind::Words,
        "text" => SegmentKind::Text,
        "changed" => SegmentKind::Changed,
        "joined" => SegmentKind::Joined { changed: false },
        "joined_changed" => SegmentKind::Joined { changed: true },
        "red" => SegmentKind::Chip { tone: ChipTone::Red },
        "chip" => SegmentKind::Chip { tone: ChipTone::Neutral },
        "bytes" => SegmentKind::Bytes,
        "mask" => SegmentKind::Mask,
        _ => return None,
    };
    // A list needs no source: nothing is hashed or selected by bytes in it.
    Some(Segment { source: 0..0, display, kind, rtl, findings: Vec::new(), secret: None })
}

const KINDS: [Kind; 7] =
    [Kind::Post, Kind::Change, Kind::Remove, Kind::Access, Kind::Run, Kind::Call, Kind::Several];

/// As the store names it.
pub(crate) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Post => "post",
        Kind::Change => "change",
        Kind::Remove => "remove",
        Kind::Access => "access",
        Kind::Run => "run",
        Kind::Call => "call",
        Kind::Several => "several",
    }
}

fn mark_word(mark: Mark) -> String {
    match mark {
        Mark::UnknownSender => "unknown_sender".to_owned(),
        Mark::Irreversible => "irreversible".to_owned(),
        Mark::Further => "further".to_owned(),
        Mark::Blocking(findings) => format!("{BLOCKING}{findings}"),
        Mark::Release => "release".to_owned(),
        Mark::Amended => "amended".to_owned(),
    }
}

const BLOCKING: &str = "blocking:";

fn mark(word: &str) -> Option<Mark> {
    if let Some(findings) = word.strip_prefix(BLOCKING) {
        return findings.parse().ok().map(Mark::Blocking);
    }
    let all = [Mark::UnknownSender, Mark::Irreversible, Mark::Further, Mark::Release];
    all.into_iter().find(|it| mark_word(*it) == word)
}

/// `None` for what is never a state of a proposal.
pub(super) fn encode_state(state: &ItemState) -> Option<String> {
    let kept = match state {
        ItemState::Waiting => State::Waiting,
        ItemState::Incomplete { missing } => State::Incomplete { missing: *missing as u64 },
        ItemState::Signed { at } => State::Signed { at: *at },
        ItemState::Delivered { at } => State::Delivered { at: *at },
        ItemState::Denied { at } => State::Denied { at: *at },
        ItemState::ChangesRequested { at } => State::ChangesRequested { at: *at },
        ItemState::Superseded { by } => State::Superseded { by: *by },
        ItemState::Expired { at } => State::Expired { at: *at },
        ItemState::Withdrawn { at, reason } => State::Withdrawn { at: *at, reason: reason.clone() },
        ItemState::Halted { at, halt } => State::Halted { at: *at, halt: *halt },
        ItemState::Executed { at, exit } => State::Executed { at: *at, exit: *exit },
        ItemState::Used { at, used, most, over, wrong, elsewhere } => State::Used {
            at: *at,
            used: *used,
            most: *most,
            over: *over,
            wrong: *wrong,
            elsewhere: *elsewhere,
        },
        ItemState::Failed { at } => State::Failed { at: *at },
        ItemState::Released { at } => State::Released { at: *at },
        ItemState::Refused { code } => State::Refused { code: code.as_str().to_owned() },
        ItemState::Unknown { at, receipt } => State::Unknown { at: *at, receipt: *receipt },
        ItemState::Resolved { found, at } => State::Resolved { ran: *found == Found::Ran, at: *at },
        ItemState::Evidence { .. } => return None,
    };
    Some(text(&kept))
}

pub(super) fn decode_state(kept: &str) -> Option<ItemState> {
    Some(match json::from_bytes::<State>(kept.as_bytes()).ok()? {
        State::Waiting => ItemState::Waiting,
        State::Incomplete { missing } => ItemState::Incomplete { missing: usize::try_from(missing).ok()? },
        State::Signed { at } => ItemState::Signed { at },
        State::Delivered { at } => ItemState::Delivered { at },
        State::Denied { at } => ItemState::Denied { at },
        State::ChangesRequested { at } => ItemState::ChangesRequested { at },
        State::Superseded { by } => ItemState::Superseded { by },
        State::Expired { at } => ItemState::Expired { at },
        State::Withdrawn { at, reason } => ItemState::Withdrawn { at, reason },
        State::Halted { at, halt } => ItemState::Halted { at, halt },
        State::Executed { at, exit } => ItemState::Executed { at, exit },
        State::Used { at, used, most, over, wrong, elsewhere } => {
            ItemState::Used { at, used, most, over, wrong, elsewhere }
        }
        State::Failed { at } => ItemState::Failed { at },
        State::Released { at } => ItemState::Released { at },
        State::Refused { code } => {
            ItemState::Refused { code: Code::ALL.iter().copied().find(|it| it.as_str() == code)? }
        }
        State::Unknown { at, receipt } => ItemState::Unknown { at, receipt },
        State::Resolved { ran, at } => {
            ItemState::Resolved { found: if ran { Found::Ran } else { Found::DidNotRun }, at }
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn every_state_is_read_as_it_was_kept() {
        let of = Digest::of(b"of");
        let reason = Some("tired of \u{202e}waiting".to_owned());
        let states = [
            ItemState::Waiting,
            ItemState::Incomplete { missing: 3 },
            ItemState::Signed { at: at(1) },
            ItemState::Delivered { at: at(2) },
            ItemState::Denied { at: at(3) },
            ItemState::ChangesRequested { at: at(4) },
            ItemState::Superseded { by: Some(of) },
            ItemState::Superseded { by: None },
            ItemState::Expired { at: at(5) },
            ItemState::Withdrawn { at: at(6), reason },
            ItemState::Withdrawn { at: at(6), reason: None },
            ItemState::Halted { at: at(7), halt: Some(of) },
            ItemState::Executed { at: at(8), exit: None },
            ItemState::Executed { at: at(8), exit: Some(3) },
            ItemState::Used { at: at(9), used: 2, most: 3, over: false, wrong: 1, elsewhere: 2 },
            ItemState::Failed { at: at(9) },
            ItemState::Released { at: at(10) },
            ItemState::Refused { code: Code::Precondition },
            ItemState::Unknown { at: at(11), receipt: of },
            ItemState::Resolved { found: Found::DidNotRun, at: at(12) },
        ];
        for state in states {
            assert_eq!(decode_state(&encode_state(&state).unwrap()), Some(state));
        }
        for strange in ["", "{}", "{\"kind\":\"done\"}", "{\"kind\":\"signed\"}"] {
            assert_eq!(decode_state(strange), None);
        }
    }

    #[test]
    fn a_row_looks_the_same_when_it_was_kept() {
        let names = ["forum-helper", "\u{202e}abc\u{200b} x ", "شركة 12", ""];
        for name in names {
            let it = Summary {
                kind: Kind::Remove,
                agent: countersign_sheet::value(name.as_bytes()),
                action: countersign_sheet::segments(b"\xff\x00 mail"),
                marks: vec![Mark::UnknownSender, Mark::Further, Mark::Blocking(2)],
                serious: true,
            };
            let read = decode(&encode(&it)).unwrap();
            let drawn = |all: &[Segment]| -> Vec<_> {
                all.iter().map(|it| (it.display.clone(), it.kind, it.rtl)).collect()
            };
            assert_eq!(drawn(&read.agent), drawn(&it.agent));
            assert_eq!(drawn(&read.action), drawn(&it.action));
            assert_eq!((read.kind, read.marks, read.serious), (it.kind, it.marks, it.serious));
        }
    }
}
