//! What an agent may try so that a person reads something else than what would happen.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use countersign_core::action::{Act, Object};
use countersign_core::content::{Content, Listing};
use countersign_core::digest::Digest;
use countersign_core::ostext::OsText;
use countersign_sheet::{
    ChipTone, Error, Mark, Row, Segment, SegmentKind, Severity, Sheet, Tone, View, WIDTH, plain, segments,
    sheet, value,
};
use expect_test::{Expect, expect};

fn shown(bytes: &[u8], expected: Expect) {
    expected.assert_eq(&plain(&value(bytes)));
}

fn arguments(sheet: &Sheet) -> Vec<(u32, bool, String)> {
    let argument = |row: &Row| match row {
        Row::Argument { index, continued, segments } => Some((*index, *continued, plain(segments))),
        _ => None,
    };
    sheet.documents[0].rows.iter().filter_map(argument).collect()
}

#[test]
fn a_direction_override_in_a_path_is_a_red_chip() {
    let path = "/srv/invoice\u{202e}fdp.sh";
    let sheet = sheet_of(&proposal(vec![change(path, None, Some(b"x\n"))]));
    let title = &sheet.documents[0].title;
    assert_eq!(title[1].kind, SegmentKind::Chip { tone: ChipTone::Red });
    assert_eq!(title[1].display, "RLO U+202E");
    assert!(sheet.to_text().contains(r#"create "/srv/invoice\<RLO U+202E>fdp.sh":"#));
}

#[test]
fn what_goes_does_not_take_all_the_room_from_what_comes() {
    let side = |word: &str| (0..150_000).map(|line| format!("{word} {line}\n")).collect::<String>();
    let (before, after) = (side("old"), side("new") + "the one that matters \u{202e}\n");
    let mut it = change("/a", None, None);
    if let Act::Change(change) = &mut it.act {
        change.before = Some(Content::blob("text/plain", before.as_bytes()));
        change.after = Some(Content::blob("text/plain", after.as_bytes()));
    }
    let find = |of: &Digest| {
        [&before, &after].into_iter().map(|it| it.as_bytes().to_vec()).find(|it| Digest::of(it) == *of)
    };
    let made = sheet(&proposal(vec![it]), &find).unwrap();
    let document = &made.documents[0];
    let of = |mark: Mark| {
        document.rows.iter().filter(|row| matches!(row, Row::Line { mark: it, .. } if *it == mark)).count()
    };
    assert!(of(Mark::Removed) >= 99_000 && of(Mark::Added) >= 99_000, "{:?}", document.stats);
    assert_eq!(document.hidden as usize, 300_001 - of(Mark::Removed) - of(Mark::Added));
    let notes: Vec<_> =
        document.rows.iter().filter(|row| matches!(row, Row::Note { tone: Tone::Red, .. })).collect();
    assert!(notes.len() < 12, "{notes:#?}");
    // What is found where nothing is drawn is marked on the note that counts it.
    let blocking = made.findings.iter().position(|it| it.severity == Severity::Blocking).unwrap();
    let marked = |row: &&&Row| matches!(row, Row::Note { segments, .. } if segments.iter().any(|it| it.findings.contains(&(blocking as u32))));
    assert!(notes.iter().any(|it| marked(&it)));
}

#[test]
fn invisible_characters_in_arguments_are_seen() {
    let sheet = sheet_of(&proposal(vec![run(vec![
        "rsync".into(),
        "--del\u{200b}ete".into(),
        "a\u{a0}b".into(),
        "\u{e0041}\u{fe01}\u{3164}\u{ad}\u{feff}\u{2800}".into(),
        OsText::from(b"nm\xff\xfee".to_vec()),
        " -rf".into(),
        "".into(),
    ])]));
    let shown: Vec<_> = arguments(&sheet).into_iter().map(|(_, _, text)| text).collect();
    expect![[r#"
        rsync
        --del\<ZWSP U+200B>ete
        a\<NBSP U+00A0>b
        \<TAG A U+E0041>\<VS2 U+FE01>\<HANGUL FILLER U+3164>\<SHY U+00AD>\<BOM U+FEFF>
        \<BRAILLE BLANK U+2800>
        nm\xff\xfee
        \<SP>-rf
        \<empty>"#]]
    .assert_eq(&shown.join("\n"));
}

#[test]
fn terminal_sequences_do_not_reach_a_terminal() {
    let hostile = b"\x1b[2J\x1b]0;title\x07safe\rEVIL\x08\x9b31m\xc2\x9b31m";
    let sheet = sheet_of(&proposal(vec![change(hostile.as_slice(), None, Some(hostile))]));
    let text = sheet.to_text();
    assert!(text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)), "{text}");
    shown(
        hostile,
        expect![[
            r#"\<ESC U+001B>[2J\<ESC U+001B>]0;title\<BEL U+0007>safe\<CR>EVIL\<BS U+0008>\x9b31m\<CSI U+009B>31m"#
        ]],
    );
}

#[test]
fn a_newline_in_an_argument_makes_no_row_of_its_own() {
    let sheet =
        sheet_of(&proposal(vec![run(vec!["echo".into(), "hi\n     2  --safe\r\n3".into(), "x".into()])]));
    let rows = arguments(&sheet);
    assert_eq!(
        rows,
        [
            (0, false, "echo".to_owned()),
            (1, false, "hi\\<LF>".to_owned()),
            (1, true, "     2  --safe\\<CR>\\<LF>".to_owned()),
            (1, true, "3".to_owned()),
            (2, false, "x".to_owned()),
        ]
    );
}

#[test]
fn a_claim_cannot_imitate_a_chip_or_a_heading() {
    let mut it = proposal(vec![change("/a", None, Some(b"x\n"))]);
    it.rationale = Some(text("\\<RLO U+202E> RLO U+202E\n== 1. /b [new]\n\u{202e}"));
    let sheet = sheet_of(&it);
    let kinds: Vec<_> = sheet.claim.iter().flatten().map(|it| it.kind).collect();
    let red = SegmentKind::Chip { tone: ChipTone::Red };
    assert_eq!(kinds, [SegmentKind::Text, SegmentKind::Text, red]);
    assert!(
        sheet.to_text().contains("  > \\\\<RLO U+202E> RLO U+202E\n  > == 1. /b [new]\n  > \\<RLO U+202E>\n")
    );
}

#[test]
fn a_name_cannot_pass_for_a_part_of_the_sentence() {
    let sheet = sheet_of(&proposal(vec![change("notes\": nothing else, and \"it", None, Some(b"x\n"))]));
    let line = &sheet.headline.lines[0][0].segments;
    let kinds: Vec<_> = line.iter().map(|it| it.kind).collect();
    assert_eq!(kinds[1..4], [SegmentKind::Words, SegmentKind::Text, SegmentKind::Words]);
    assert!(sheet.to_text().contains(r#"wants to create "notes\": nothing else, and \"it":"#));
}

#[test]
fn at_most_one_phrase_is_red() {
    let worst = |act| action("x", countersign_core::action::Reversibility::Irreversible, act);
    let (removal, _) = removal(vec![]);
    for it in [worst(removal.act), run(vec!["x".into()])] {
        let sheet = sheet_of(&proposal(vec![it]));
        let red = sheet.headline.lines.iter().flatten().filter(|span| span.tone == Tone::Red).count();
        assert_eq!(red, 1);
    }
}

#[test]
fn marks_cannot_pile_up_or_stand_alone() {
    shown("a\u{338}b".as_bytes(), expect![[r#"a\u{338}b"#]]);
    shown(
        "Z\u{334}\u{335}\u{336}\u{337}\u{338}".as_bytes(),
        expect![[r#"Z\u{334}\u{335}\u{336}\<U+0337>\<U+0338>"#]],
    );
    shown("\u{301}x".as_bytes(), expect![[r#"\<U+0301>x"#]]);
    // The same text in two spellings does not look the same.
    shown("caf\u{e9} cafe\u{301} \u{212b}".as_bytes(), expect![[r#"caf\u{e9} cafe\<U+0301> \<U+212B>"#]]);
}

#[test]
fn right_to_left_text_is_in_boxes_of_its_own() {
    let made = segments("rm א ב 1 > ج".as_bytes());
    let pieces: Vec<_> = made.iter().map(|it| (it.display.as_str(), it.rtl)).collect();
    assert_eq!(pieces, [("rm ", false), ("א ב", true), (" 1 > ", false), ("ج", true)]);
}

#[test]
fn a_long_line_is_wrapped_and_whole() {
    let line: Vec<u8> = b"word ".iter().copied().cycle().take(1 << 20).chain(*b"!").collect();
    let before = [line.as_slice(), b"\n"].concat();
    let mut after = before.clone();
    after[700_001] = b'X';
    let contents = [Content::blob("text/plain", &before), Content::blob("text/plain", &after)];
    let mut it = change("/one-line", None, None);
    if let Act::Change(change) = &mut it.act {
        change.before = Some(contents[0].clone());
        change.after = Some(contents[1].clone());
    }
    let made = sheet(&proposal(vec![it]), &|digest| {
        [&before, &after].into_iter().find(|bytes| Digest::of(bytes) == *digest).cloned()
    })
    .unwrap();
    let rows = &made.documents[0].rows;
    assert!(rows.len() > 20_000, "{}", rows.len());
    let mut changed = 0;
    for row in rows {
        let Row::Line { segments, .. } = row else { continue };
        let width: usize = segments.iter().map(|it| it.display.chars().count()).sum();
        assert!(width <= WIDTH);
        changed += segments.iter().filter(|it| it.kind == SegmentKind::Changed).count();
    }
    assert_eq!(changed, 2, "one word on each side");
}

#[test]
fn ten_thousand_files_are_all_listed() {
    let object = |at: usize| Object {
        id: format!("/srv/old/{at}").as_str().into(),
        known_by: vec![],
        sha256: None,
        size: Some(at as u64),
    };
    let (it, blob) = removal((0..10_000).map(object).collect());
    let proposal = proposal(vec![it]);
    let made = sheet(&proposal, &|_| blob.clone()).unwrap();
    let rows =
        made.documents[0].rows.iter().filter(|row| matches!(row, Row::Object { continued: false, .. }));
    assert_eq!(rows.count(), 10_000);
    assert_eq!(made.documents[0].stats.removed, 10_000);
    assert_eq!(plain(&made.would), "Remove 10,000 files");
    assert!(matches!(sheet(&proposal, &|_| None), Err(Error::Content(_))));
}

#[test]
fn a_list_that_counts_otherwise_is_refused() {
    let bytes = b"[]".to_vec();
    let content = Content::blob("application/json", &bytes);
    let (mut it, _) = removal(vec![]);
    if let Act::Remove(remove) = &mut it.act {
        remove.objects = Listing::Blob { count: 3, content };
    }
    assert!(matches!(sheet(&proposal(vec![it]), &|_| Some(bytes.clone())), Err(Error::Listing(_))));
}

#[test]
fn what_does_not_fit_is_counted_in_red() {
    let bytes: Vec<u8> = b"x\n".iter().copied().cycle().take(500_000).collect();
    let mut it = change("/many", None, None);
    if let Act::Change(change) = &mut it.act {
        change.after = Some(Content::blob("text/plain", &bytes));
    }
    let last = run(vec!["after".into()]);
    let made = sheet(&proposal(vec![it, last]), &|_| Some(bytes.clone())).unwrap();
    assert_eq!(made.documents[0].hidden, 50_000);
    let note = made.documents[0].rows.last().unwrap();
    assert!(matches!(note, Row::Note { tone: Tone::Red, .. }), "{note:?}");
    // What comes after it is not silently left out either.
    assert!(made.documents[1].hidden > 0 && made.hidden() > 50_000);
}

#[test]
fn a_line_too_long_to_draw_is_drawn_in_part_and_counted() {
    // Pieces that are one column wide and right-to-left by turns: the worst for memory.
    for piece in ["a\u{5d0}", " \r", "x"] {
        let bytes = piece.as_bytes().repeat((3 << 20) / piece.len());
        let mut it = change("/line", None, None);
        if let Act::Change(change) = &mut it.act {
            change.after = Some(Content::blob("text/plain", &bytes));
        }
        let made = sheet(&proposal(vec![it]), &|_| Some(bytes.clone())).unwrap();
        let document = &made.documents[0];
        assert!(document.rows.len() > 10_000 && document.rows.len() < 200_010);
        assert!(document.hidden > 0);
        assert!(matches!(document.rows.last(), Some(Row::Note { tone: Tone::Red, .. })));
    }
}

#[test]
fn a_small_change_in_a_huge_file_is_drawn() {
    let before: Vec<u8> = (0..250_000).flat_map(|at| format!("{at}\n").into_bytes()).collect();
    let after = [before.as_slice(), b"evil\n"].concat();
    let mut it = change("/huge", None, None);
    if let Act::Change(change) = &mut it.act {
        change.before = Some(Content::blob("text/plain", &before));
        change.after = Some(Content::blob("text/plain", &after));
    }
    let sides = [before, after];
    let made =
        sheet(&proposal(vec![it]), &|digest| sides.iter().find(|it| Digest::of(it) == *digest).cloned())
            .unwrap();
    let text = made.to_text();
    assert!(text.contains("249,997 unchanged lines not listed"), "{text}");
    assert!(text.contains(" + evil\n"), "{text}");
    assert_eq!(made.hidden(), 0);
}

#[test]
fn one_bad_byte_does_not_turn_a_text_into_numbers() {
    let sheet = sheet_of(&proposal(vec![change("/a", None, Some(b"a long enough line of text \xff\n"))]));
    assert_eq!(sheet.documents[0].view, View::Diff);
    assert!(sheet.to_text().contains("not UTF-8: 1 byte shown as numbers"));
    let sheet = sheet_of(&proposal(vec![change("/a", None, Some(b"\x00\x01binary"))]));
    assert_eq!(sheet.documents[0].view, View::Raw);
    assert!(sheet.to_text().contains("00 01 62 69 6e 61 72 79"));
}

#[test]
fn utf_16_is_named_and_its_letters_stand_beside_the_bytes() {
    let text = "\u{feff}Gr\u{fc}\u{df}e \u{1f600} \u{4f60}\u{202e}\u{5d0}\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let shown = |before: Option<&[u8]>, after: &[u8]| {
        let text = sheet_of(&proposal(vec![change("/a", before, Some(after))])).to_text();
        text[text.find("==").unwrap()..].to_owned()
    };
    expect![[r#"
        == 1. "/a" [new; mode 0644; bytes, not text; UTF-16LE with BOM, shown as bytes]
        -- After: 30 bytes, SHA-256 325f9bf4caafc172fa2c5035ba808d8c6cbfe25d16e7180ec5b3bbc603c6de88
                      + 00000000  "ff fe 47 00 72 00 fc 00 df 00 65 00 20 00 3d d8"  ".Gr\u{fc}\u{df}e ."
                      + 00000010  "00 de 20 00 60 4f 2e 20 d0 05 0d 00 0a 00"        ". \u{4f60}...."
    "#]]
    .assert_eq(&shown(None, &little));
    assert!(
        shown(Some(&little), &big)
            .contains("UTF-16LE with BOM, shown as bytes, to UTF-16BE with BOM, shown as bytes")
    );
    assert!(shown(Some(b"x\n"), &big).contains("after: UTF-16BE with BOM"));
    assert!(!shown(None, &little[2..]).contains("UTF-16"), "what does not say so is not guessed");
}

#[test]
fn a_line_with_a_red_chip_is_never_folded() {
    let mut before = String::new();
    for at in 0..40 {
        before.push_str(if at == 20 { "hid\u{200b}den\n" } else { "plain\n" });
    }
    let after = format!("{before}new\n");
    let sheet = sheet_of(&proposal(vec![change("/a", Some(before.as_bytes()), Some(after.as_bytes()))]));
    let document = &sheet.documents[0];
    let loud = |row: &Row| match row {
        Row::Line { segments, .. } => segments.iter().any(|it: &Segment| it.display == "ZWSP U+200B"),
        _ => false,
    };
    let at = document.rows.iter().position(loud).unwrap();
    assert!(!document.folds.is_empty());
    assert!(document.folds.iter().all(|fold| !fold.contains(&at)));
}

/// Bytes that are no text, and no two rows of which are alike.
fn noise(size: usize) -> Vec<u8> {
    (0..size as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

#[test]
fn of_two_binaries_what_differs_is_shown_and_the_rest_is_folded() {
    let before = noise(4096);
    let mut after = before.clone();
    after[1000..1003].copy_from_slice(b"new");
    let sheet = sheet_of(&proposal(vec![change("/a", Some(&before), Some(&after))]));
    let document = &sheet.documents[0];
    assert_eq!((document.view, sheet.hidden()), (View::Diff, 0));
    let stats = document.stats;
    assert_eq!((stats.added, stats.removed, stats.unchanged), (1, 1, 255));
    let bytes = |row: &Row, side: Mark| match row {
        Row::Line { mark, segments, .. } if *mark == side || *mark == Mark::Same => {
            let hex = segments.iter().filter(|it| it.kind == SegmentKind::Bytes);
            hex.map(|it| it.source.clone()).collect()
        }
        _ => Vec::new(),
    };
    for side in [Mark::Removed, Mark::Added] {
        let mut end = 0;
        for range in document.rows.iter().flat_map(|row| bytes(row, side)) {
            assert_eq!(range.start, end, "{side:?}");
            end = range.end;
        }
        assert_eq!(end, 4096, "{side:?}");
    }
    let folded: usize = document.folds.iter().map(ExactSizeIterator::len).sum();
    assert_eq!(document.rows.len() - folded, 1 + 2 + 2 + 2, "the heading, the change, two rows on each side");
}

#[test]
fn of_long_binaries_what_differs_comes_first_and_the_rest_is_counted() {
    let before = noise(4_000_000);
    let mut after = before.clone();
    after[2_000_000] ^= 1;
    let blobs = [before, after];
    let find = |digest: &Digest| blobs.iter().find(|it| Digest::of(it) == *digest).cloned();
    let mut it = change("/a", None, None);
    if let Act::Change(change) = &mut it.act {
        change.before = Some(Content::blob("text/plain", &blobs[0]));
        change.after = Some(Content::blob("text/plain", &blobs[1]));
    }
    let made = sheet(&proposal(vec![it.clone()]), &find).unwrap();
    assert!(made.documents[0].rows.len() < 10 && made.hidden() == 0);
    assert!(made.to_text().contains("2,000,000 unchanged bytes not listed"));

    // All of one side is more than there is room for, and leaves room for others.
    if let Act::Change(change) = &mut it.act {
        change.before = None;
    }
    let made = sheet(&proposal(vec![it, change("/b", None, Some(b"a text\n"))]), &find).unwrap();
    assert_eq!(made.hidden(), 4_000_000 - 16 * 100_000);
    assert_eq!(made.documents[1].hidden, 0);
    assert!(made.to_text().contains("a text"));
}

#[test]
fn binaries_that_differ_in_every_second_row_take_no_more_room_than_others() {
    let before = noise(6_400_000);
    let mut after = before.clone();
    (0..after.len()).step_by(32).for_each(|at| after[at] ^= 1);
    let blobs = [before, after];
    let find = |digest: &Digest| blobs.iter().find(|it| Digest::of(it) == *digest).cloned();
    let mut it = change("/a", None, None);
    if let Act::Change(change) = &mut it.act {
        change.before = Some(Content::blob("text/plain", &blobs[0]));
        change.after = Some(Content::blob("text/plain", &blobs[1]));
    }
    let made = sheet(&proposal(vec![it]), &find).unwrap();
    assert!(made.rows() < 200_000, "{}", made.rows());
    // 50,000 rows of each side, and a note between any two.
    assert_eq!(made.hidden(), 2 * 16 * (200_000 - 50_000));
    assert!(made.to_text().contains("2,400,016 unchanged bytes not listed further down"));
}

#[test]
fn a_content_that_is_not_what_its_name_says_is_found() {
    for (name, bytes, title) in [
        ("/logo.png", &b"#!/bin/sh\nid\n"[..], Some("It is not a PNG picture, and is said to be")),
        ("/notes.txt", b"\x7fELF\x02\x01\0", Some("It is an ELF program, and named like something else")),
        ("/logo.png", b"\x89PNG\r\n\x1a\n\0", None),
        ("/notes.txt", b"words\n", None),
    ] {
        let sheet = sheet_of(&proposal(vec![change(name, None, Some(bytes))]));
        let found = sheet.findings.iter().find(|it| it.rule == "type-mismatch");
        assert_eq!(found.map(|it| it.title.as_str()), title, "{name}");
        assert!(found.is_none_or(|it| it.severity == Severity::Warning && !it.spots.is_empty()));
    }
}
