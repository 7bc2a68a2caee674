//! What holds for every input.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::read::*;
use common::*;
use countersign_sheet::{Mark, Row, Segment, SegmentKind, View, plain, segments, sheet, value};
use proptest::prelude::*;

/// Text and bytes that mean to be misread.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[ -~]{0,12}".prop_map(String::into_bytes),
        3 => "\\PC{0,6}".prop_map(String::into_bytes),
        3 => any::<char>().prop_map(|ch| ch.to_string().into_bytes()),
        2 => prop::sample::select(vec![
            "\u{202e}", "\u{200b}", "\u{200d}", "\u{fe0f}", "\u{301}", "\u{338}", "\u{1f469}", "\u{5d0}", "\u{661}",
            "\u{200c}", "\u{94d}", "\u{915}", "\u{6cc}", "\u{645}", "\u{2764}", "\u{1f3fd}", "\u{1f1e9}", "\u{20e3}",
            "1", "\u{1f3f4}", "\u{e0067}", "\u{e007f}", "\u{1f468}\u{200d}\u{1f4bb}", "\u{60c}",
            "\t", "\r", "\n", "\r\n", "  ", "\\", "\"", "\u{e0041}", "\u{e0101}", "\u{a0}", "\u{1100}\u{1161}",
            "\u{4e2d}", "\\<RLO U+202E>", "RLO U+202E", "U+202E", "\\x41", "x12",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::sample::select(vec!["\u{200b}", "\t", " ", "\u{301}"])
            .prop_flat_map(|text| (1usize..20).prop_map(move |count| text.repeat(count).into_bytes())),
        2 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn segments_cover_every_byte_once_and_draw_it(bytes in hostile()) {
        for made in [segments(&bytes), value(&bytes)] {
            let mut at = 0;
            for segment in &made {
                prop_assert_eq!(segment.source.start, at);
                at = segment.source.end;
                let own = std::slice::from_ref(segment);
                prop_assert_eq!(bytes_of_display(own), Some(bytes[segment.source.clone()].to_vec()));
            }
            prop_assert_eq!(at, bytes.len());
            prop_assert_eq!(bytes_of_display(&made), Some(bytes.clone()));
        }
    }

    #[test]
    fn text_holds_nothing_that_cannot_be_seen(bytes in hostile()) {
        let made = value(&bytes);
        for segment in &made {
            prop_assert!(!segment.display.is_empty());
            prop_assert!(is_seen(segment), "{:?}", segment);
        }
        let at_ends = |it: &Segment| it.kind == SegmentKind::Text;
        prop_assert!(!made.first().is_some_and(|it| at_ends(it) && it.display.starts_with(' ')));
        prop_assert!(!made.last().is_some_and(|it| at_ends(it) && it.display.ends_with(' ')));
    }

    #[test]
    fn plain_text_is_ascii_and_can_be_read_back(bytes in hostile()) {
        let text = plain(&segments(&bytes));
        prop_assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{text:?}");
        prop_assert_eq!(bytes_of_plain(&text), Some(bytes));
    }

    #[test]
    fn two_texts_never_look_the_same(one in hostile(), other in hostile()) {
        let look = |bytes: &[u8]| -> Vec<_> {
            segments(bytes).into_iter().map(|it| (it.display, it.kind)).collect()
        };
        prop_assert_eq!(look(&one) == look(&other), one == other);
    }
}

/// Lines that have much in common.
fn document() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just(b"same\n".to_vec()),
        Just(b"\n".to_vec()),
        (hostile(), prop::sample::select(vec!["\n", "\r\n", ""]))
            .prop_map(|(it, end)| [&it, end.as_bytes()].concat()),
        "[a-c ]{0,200}\n".prop_map(String::into_bytes),
    ];
    prop::collection::vec(line, 0..30).prop_map(|lines| lines.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn both_sides_can_be_read_off_a_diff(before in document(), after in document()) {
        let it = proposal(vec![change("/a", Some(&before), Some(&after))]);
        let made = sheet(&it, &|_| None).unwrap();
        let rows = &made.documents[0].rows;
        prop_assert_eq!(made.hidden(), 0);
        prop_assert_eq!(made.digest(), sheet(&it, &|_| None).unwrap().digest());
        let compared = |it: &Row| matches!(it, Row::Heading { text, .. } if text == "Before and after");
        if made.documents[0].view == View::Diff && rows.iter().any(compared) {
            prop_assert_eq!(side_of_bytes(rows, Mark::Removed), Some(before));
            prop_assert_eq!(side_of_bytes(rows, Mark::Added), Some(after));
        } else if made.documents[0].view == View::Diff {
            let crlf = [&before, &after].iter().any(|side| side.windows(2).any(|it| it == b"\r\n"));
            let end = if crlf { "\r\n" } else { "\n" };
            prop_assert_eq!(side_of_rows(rows, Mark::Removed, end), Some(before));
            prop_assert_eq!(side_of_rows(rows, Mark::Added, end), Some(after));
        }
        for fold in &made.documents[0].folds {
            for row in &rows[fold.clone()] {
                let same = matches!(row, Row::Line { mark: Mark::Same, .. });
                prop_assert!(same);
            }
        }
    }
}

/// The same blocks of lines in another order, and lines between them that are of one side only.
fn shuffled() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let blocks = prop::collection::vec((2..6_usize, 0..4_usize), 1..6);
    let order = blocks.prop_flat_map(|blocks| {
        let numbers: Vec<usize> = (0..blocks.len()).collect();
        (Just(blocks), Just(numbers).prop_shuffle(), hostile())
    });
    order.prop_map(|(blocks, order, own)| {
        let block = |at: usize| {
            let lines = (0..blocks[at].0)
                .map(|line| format!("block {at} line {line} {}\n", "wide ".repeat(line * 8)));
            lines.collect::<String>().into_bytes()
        };
        let extra = |at: usize| (0..blocks[at].1).map(|_| "one\ntwo\n").collect::<String>().into_bytes();
        let before = (0..blocks.len()).flat_map(block).collect();
        let after = order.iter().flat_map(|at| [block(*at), extra(*at)].concat());
        (before, after.chain(own).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn what_moved_is_shown_on_both_sides_and_says_where_the_other_is((before, after) in shuffled()) {
        let made = sheet(&proposal(vec![change("/a", Some(&before), Some(&after))]), &|_| None).unwrap();
        let document = &made.documents[0];
        prop_assume!(document.view == View::Diff && !after.contains(&b'\r'));
        prop_assert_eq!(side_of_rows(&document.rows, Mark::Removed, "\n"), Some(before));
        prop_assert_eq!(side_of_rows(&document.rows, Mark::Added, "\n"), Some(after));
        // Each row with its continuation, by the side and the number of its line.
        let mut lines = std::collections::HashMap::new();
        let mut last = None;
        for row in &document.rows {
            let Row::Line { before, after, moved, mark, continued, segments } = row else { continue };
            prop_assert!(moved.is_none() || (*mark != Mark::Same && !continued));
            if !continued {
                last = (*mark != Mark::Same).then_some((*mark, before.or(*after)));
            }
            let line = last.map(|key| lines.entry(key).or_insert_with(|| (*moved, String::new())));
            line.into_iter().for_each(|(_, text)| segments.iter().for_each(|it| text.push_str(&it.display)));
        }
        for ((mark, own), (moved, text)) in &lines {
            let Some(moved) = moved else { continue };
            let other = if *mark == Mark::Added { Mark::Removed } else { Mark::Added };
            prop_assert_eq!(lines.get(&(other, Some(*moved))), Some(&(*own, text.clone())));
        }
    }
}
