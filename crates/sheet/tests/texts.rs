//! Real paragraphs in many scripts: no chips in them, and the rows that the gallery shows of them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "a test reads and writes what the gallery shows")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::*;
use countersign_core::json;
use countersign_sheet::{ChipTone, Row, SegmentKind};
use serde::Serialize;

const TEXTS: [&str; 3] = ["right-to-left", "south-asian", "east-asian-and-emoji"];

/// As the page gets it.
#[derive(Serialize)]
struct Line {
    kind: &'static str,
    before: Option<u32>,
    after: Option<u32>,
    change: &'static str,
    continued: bool,
    segments: Vec<Piece>,
}

#[derive(Serialize)]
struct Piece {
    text: String,
    kind: &'static str,
    rtl: bool,
    findings: Vec<u32>,
}

fn gallery() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/dev")
}

fn lines(name: &str) -> Vec<Line> {
    let text = fs::read(gallery().join("texts").join(name).with_extension("txt")).unwrap();
    let sheet = sheet_of(&proposal(vec![change(name, None, Some(&text))]));
    let mut lines = vec![];
    for row in &sheet.documents[0].rows {
        let Row::Line { before, after, continued, segments, .. } = row else { continue };
        let piece = |it: &countersign_sheet::Segment| {
            let kind = match it.kind {
                SegmentKind::Text => "text",
                SegmentKind::Joined { .. } => "joined",
                SegmentKind::Chip { tone: ChipTone::Red } => "chip_red",
                SegmentKind::Chip { .. } => "chip",
                _ => "other",
            };
            Piece { text: it.display.clone(), kind, rtl: it.rtl, findings: vec![] }
        };
        lines.push(Line {
            kind: "line",
            before: *before,
            after: *after,
            change: "added",
            continued: *continued,
            segments: segments.iter().map(piece).collect(),
        });
    }
    lines
}

#[test]
fn paragraphs_in_many_scripts_have_no_chips() {
    for name in TEXTS {
        for line in lines(name) {
            for piece in line.segments {
                assert!(matches!(piece.kind, "text" | "joined"), "{name}: {} {}", piece.kind, piece.text);
            }
        }
    }
}

#[test]
fn the_gallery_shows_them_as_they_are_cut_here() {
    let all: BTreeMap<_, _> = TEXTS.map(|name| (name, lines(name))).into();
    let text = String::from_utf8(json::to_bytes(&all)).unwrap().replace("{\"after\"", "\n{\"after\"") + "\n";
    let file = gallery().join("texts.json");
    if std::env::var_os("UPDATE_WIRE").is_some() {
        fs::write(&file, &text).unwrap();
    }
    assert!(
        fs::read_to_string(file).unwrap() == text,
        "texts.json is not what is shown of the texts; UPDATE_WIRE=1 writes it anew"
    );
}
