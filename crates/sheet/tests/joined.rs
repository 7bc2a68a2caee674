//! Joiners and variation selectors where they belong to the text, and chips everywhere else.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::HashMap;

use common::read::*;
use common::*;
use countersign_sheet::{ChipTone, Row, Segment, SegmentKind, WIDTH, segments};
use expect_test::{Expect, expect};
use icu_properties::props::{CanonicalCombiningClass, DefaultIgnorableCodePoint, GeneralCategory as Gc};
use icu_properties::{CodePointMapData, CodePointSetData};

/// `text`, `{joined}` and `<chip>`; what is read from right to left ends in `~`.
fn look(text: &str) -> String {
    let one = |it: &Segment| {
        let codes: Vec<_> = it.display.chars().map(|ch| format!("{:x}", u32::from(ch))).collect();
        let shown = match it.kind {
            SegmentKind::Joined { .. } => format!("{{{}}}", codes.join(" ")),
            SegmentKind::Chip { tone: ChipTone::Red } => format!("<{}!>", it.display),
            SegmentKind::Chip { .. } => format!("<{}>", it.display),
            _ => it.display.clone(),
        };
        if it.rtl { format!("{shown}~") } else { shown }
    };
    segments(text.as_bytes()).iter().map(one).collect()
}

fn check(texts: &[&str], expected: Expect) {
    let all: Vec<_> = texts.iter().map(|it| look(it)).collect();
    expected.assert_eq(&all.join("\n"));
}

#[test]
fn emoji_of_several_characters_are_pieces_of_their_own() {
    check(
        &[
            "a \u{1f469}\u{200d}\u{1f4bb}b",
            "\u{2764}\u{fe0f}\u{2764}\u{fe0f}",
            "\u{1f44d}\u{1f3fd}",
            "\u{1f1e9}\u{1f1ea}\u{1f1eb}\u{1f1f7}",
            "1\u{fe0f}\u{20e3}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        ],
        expect![[r#"
            a {1f469 200d 1f4bb}b
            {2764 fe0f}{2764 fe0f}
            {1f44d 1f3fd}
            {1f1e9 1f1ea}{1f1eb 1f1f7}
            {31 fe0f 20e3}
            {1f3f4 e0067 e0062 e0065 e006e e0067 e007f}"#]],
    );
}

#[test]
fn every_emoji_that_is_recommended_is_seen_as_one_piece() {
    let toned = emojis::iter().filter_map(emojis::Emoji::skin_tones).flatten();
    for emoji in emojis::iter().chain(toned) {
        holds(emoji.as_str());
        let made = segments(emoji.as_str().as_bytes());
        assert_eq!(made.len(), 1, "{emoji}");
    }
}

#[test]
fn what_only_resembles_an_emoji_is_in_chips() {
    check(
        &[
            // Not recommended, not in its full spelling, with more after it, or of tags that say something else.
            "\u{1f600}\u{200d}\u{1f600}",
            "\u{2764}\u{200d}\u{1f525}",
            "\u{1f600}\u{fe0f}",
            "\u{2764}\u{fe0f}\u{fe0f}",
            "\u{1f469}\u{200d}\u{1f4bb}\u{200d}\u{200d}",
            "1\u{fe0f}",
            "a\u{fe0f}",
            "\u{1f3f4}\u{e0068}\u{e0069}\u{e007f}",
            "\u{1f1fd}\u{1f1fd}",
        ],
        expect![[r#"
            😀<ZWJ U+200D>😀
            ❤<ZWJ U+200D>🔥
            😀<VS16 U+FE0F>
            {2764 fe0f}<VS16 U+FE0F>
            {1f469 200d 1f4bb}<ZWJ U+200D><ZWJ U+200D>
            1<VS16 U+FE0F!>
            a<VS16 U+FE0F!>
            🏴<TAG h U+E0068!><TAG i U+E0069!><CANCEL TAG U+E007F!>
            🇽🇽"#]],
    );
}

#[test]
fn joiners_that_change_letters_stay_with_them() {
    check(
        &[
            "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}, \u{6cc}\u{6a9}",
            "a \u{915}\u{94d}\u{200d}\u{937} b",
            "\u{915}\u{94d}\u{200c}\u{937}",
            "\u{d28}\u{d4d}\u{200d}.",
            "\u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3}",
        ],
        expect![[r#"
            {645 6cc 200c 62e 648 627 647 645 2c 20 6cc 6a9}~
            a {915 94d 200d 937} b
            {915 94d 200c 937}
            {d28 d4d 200d}.
            {dc1 dca 200d dbb dd3}"#]],
    );
}

#[test]
fn joiners_that_change_nothing_are_chips() {
    check(
        &[
            "a\u{200d}b",
            "a\u{200c}b",
            "\u{645}\u{6cc}\u{200c} \u{645}",
            "\u{645}\u{6cc}\u{200d}\u{645}",
            "\u{627}\u{200c}\u{645}",
            "\u{645}\u{200c}\u{200c}\u{645}",
            "\u{645}\u{200c}a",
            "\u{200c}\u{645}",
            "\u{915}\u{94d}\u{200c}",
            "\u{915}\u{94d}\u{200d}\u{200d}",
            "\u{94d}\u{200d}\u{937}",
            "\u{5d0}\u{200c}\u{5d1}",
            "\u{e1a}\u{e3a}\u{200c}\u{e1a}",
        ],
        expect![[r#"
            a<ZWJ U+200D!>b
            a<ZWNJ U+200C!>b
            می~<ZWNJ U+200C!> م~
            می~<ZWJ U+200D!>م~
            ا~<ZWNJ U+200C!>م~
            م~<ZWNJ U+200C!><ZWNJ U+200C!>م~
            م~<ZWNJ U+200C!>a
            <ZWNJ U+200C!>م~
            क्<ZWNJ U+200C!>
            क्<ZWJ U+200D!><ZWJ U+200D!>
            <U+094D><ZWJ U+200D!>ष
            א~<ZWNJ U+200C!>ב~
            บฺ<ZWNJ U+200C!>บ"#]],
    );
}

#[test]
fn a_sentence_from_right_to_left_is_one_phrase() {
    check(
        &[
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd}, \u{5e2}\u{5d5}\u{5dc}\u{5dd}.",
            "\u{5d0} < \u{5d1}",
            "\u{5d0} (\u{5d1})",
            "\u{5d0} 1-2 \u{5d1}",
            "/\u{5d0}/\u{5d1}",
            "\u{5e6}\u{5d4}\"\u{5dc}",
            "{\"\u{5d0}\": \"\u{5d1}\"}",
            "\u{5d0}: \u{5d1}",
            "\u{5d0},\u{5d1}",
        ],
        expect![[r#"
            שלום, עולם~.
            א~ < ב~
            א~ (ב~)
            א~ 1-2 ב~
            /א~/ב~
            צה"ל~
            {"א~": "ב~"}
            א~: ב~
            א~,ב~"#]],
    );
}

/// What is read back is what was there, each byte once, and nothing of it is drawn as nothing.
#[track_caller]
fn holds(text: &str) {
    let made = segments(text.as_bytes());
    let mut at = 0;
    for segment in &made {
        assert_eq!(segment.source.start, at, "{text:?}");
        at = segment.source.end;
        let own = std::slice::from_ref(segment);
        assert_eq!(bytes_of_display(own).as_deref(), text.as_bytes().get(segment.source.clone()), "{text:?}");
        assert!(is_seen(segment), "{text:?}: {segment:?}");
    }
    assert_eq!(at, text.len(), "{text:?}");
}

fn all() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

fn assigned() -> impl Iterator<Item = char> {
    let classes = CodePointMapData::<Gc>::new();
    all().filter(move |ch| !matches!(classes.get(*ch), Gc::Unassigned | Gc::PrivateUse))
}

#[test]
fn every_character_is_seen_alone_and_doubled() {
    for ch in all() {
        holds(&format!("{ch}{ch}\n{ch}"));
    }
}

#[test]
fn every_character_is_seen_between_letters_of_several_scripts() {
    for ch in assigned() {
        holds(&format!(
            "a{ch}b \u{5d0}{ch}\u{5d1} \u{628}{ch}\u{628} \u{915}\u{94d}{ch}\u{937} \u{ac00}{ch}\u{56fd} \
             \u{1f469}{ch}\u{1f4bb} 1{ch}\u{20e3} \u{1f3f4}{ch}\u{e007f} \u{1f1e9}{ch}\u{1f1ea}"
        ));
    }
}

#[test]
fn what_joins_or_is_drawn_as_nothing_is_seen_after_every_combining_class() {
    let mut classes = HashMap::new();
    for ch in all() {
        classes.entry(CodePointMapData::<CanonicalCombiningClass>::new().get(ch)).or_insert(ch);
    }
    assert!(classes.len() > 50);
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let general = CodePointMapData::<Gc>::new();
    let marks = [Gc::NonspacingMark, Gc::SpacingMark, Gc::EnclosingMark, Gc::Format, Gc::Control];
    for ch in assigned().filter(|ch| ignorable.contains(*ch) || marks.contains(&general.get(*ch))) {
        for mark in classes.values() {
            holds(&format!("a{mark}{ch}b \u{628}{mark}{ch}\u{628} \u{915}{mark}{ch}\u{937}"));
        }
    }
}

#[test]
fn a_joined_piece_changes_as_a_whole_and_is_never_cut() {
    let emoji = "\u{1f469}\u{200d}\u{1f4bb}";
    let before = format!("{}{emoji} \u{645}\u{6cc}\u{200c}\u{62e}\u{648} \u{628}\n", "x".repeat(WIDTH - 1));
    let after = before.replace('\u{1f4bb}', "\u{1f52c}").replace('\u{628}', "\u{62a}");
    let it = proposal(vec![change("/a", Some(before.as_bytes()), Some(after.as_bytes()))]);
    let sheet = sheet_of(&it);
    let mut joined = vec![];
    for row in &sheet.documents[0].rows {
        let Row::Line { segments, .. } = row else { continue };
        let own = segments.iter().filter(|it| matches!(it.kind, SegmentKind::Joined { .. }));
        joined.extend(own.map(|it| (it.display.chars().count(), it.kind)));
    }
    let changed = SegmentKind::Joined { changed: true };
    assert_eq!(joined, [(3, changed), (7, changed), (3, changed), (7, changed)]);
}
