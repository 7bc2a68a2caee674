//! What holds for every text.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use countersign_core::digest::Digest;
use countersign_sensitivity::{Finding, MOST_OF_A_RULE, Severity, characters, id};
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory as Gc};
use icu_properties::{CodePointMapData, CodePointSetData};
use proptest::prelude::*;

/// Text and bytes that mean to be misread, and pieces that are legitimate beside each other.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => "[ -~]{0,8}".prop_map(String::into_bytes),
        3 => "\\PC{0,6}".prop_map(String::into_bytes),
        2 => any::<char>().prop_map(|ch| ch.to_string().into_bytes()),
        6 => prop::sample::select(vec![
            "\u{202e}", "\u{202a}", "\u{202c}", "\u{2067}", "\u{2068}", "\u{2069}", "\u{200f}", "\u{61c}", "\u{5d0}",
            "\u{661}", "\n", "\r", "\r\n", "\u{85}", "\u{2029}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{fe0f}",
            "\u{1f468}", "\u{1f3fd}", "\u{1f3f4}", "\u{e0067}", "\u{e007f}", "\u{e0101}", "\u{94d}", "\u{915}", "\u{645}",
            "\u{301}", "\u{323}", "\u{212a}", "\u{37e}", "\u{1100}", "\u{1161}", "\u{430}", "\u{3b1}", "\u{43e}\u{441}\u{430}",
            "https://", ".com", "\u{ff0f}", "\u{1b}", "\u{1b}[", "\u{1b}]", "\u{9b}", "\u{7}", "\u{8}", "\u{a0}", "\u{e000}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        2 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

/// Whether `at` cuts no character of `text`.
fn is_boundary(text: &[u8], at: usize) -> bool {
    let mut start = 0;
    for chunk in text.utf8_chunks() {
        let valid = chunk.valid();
        if at <= start + valid.len() {
            return valid.is_char_boundary(at - start);
        }
        start += valid.len() + chunk.invalid().len();
        if at < start {
            return true;
        }
    }
    at == text.len()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn findings_lie_in_the_text_in_order_and_cut_no_character(text in hostile()) {
        let found = characters(&text);
        for it in &found {
            prop_assert!(!it.range.is_empty() && it.range.end <= text.len());
            prop_assert!(is_boundary(&text, it.range.start) && is_boundary(&text, it.range.end), "{:?}", it);
            prop_assert!(!it.title.is_empty() && it.why.ends_with('.'));
        }
        let places: Vec<_> = found.iter().map(|it| (it.range.start, it.range.end, it.rule.clone())).collect();
        prop_assert!(places.is_sorted());
        let mut ids: Vec<_> = found.iter().map(|it| id(&it.rule, &Digest::of(&text), &it.range)).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), found.len());
        prop_assert_eq!(found, characters(&text));
    }

    #[test]
    fn titles_and_reasons_are_our_own_words(text in hostile()) {
        for it in characters(&text) {
            prop_assert!(it.title.is_ascii() && it.why.is_ascii(), "{:?}", it);
        }
    }

    #[test]
    fn what_stands_around_a_text_in_lines_of_its_own_changes_nothing_in_it(text in hostile()) {
        // But for words that look Latin, which a text can show to be at home; and for line ends.
        let of_lines = |found: Vec<Finding>| -> Vec<_> {
            let whole_text = ["lookalike-word", "mixed-line-ends", "carriage-return"];
            found.into_iter().filter(|it| !whole_text.contains(&&*it.rule)).collect()
        };
        let around = [b"first\n", &text[..], b"\nlast"].concat();
        let mut found = of_lines(characters(&around));
        for it in &mut found {
            it.range = it.range.start - 6..it.range.end - 6;
        }
        // At the very start of a text a BOM is nothing, and without a cap nothing is counted together.
        prop_assume!(!text.starts_with("\u{feff}".as_bytes()));
        prop_assert_eq!(found, of_lines(characters(&text)));
    }

    #[test]
    fn any_bytes_are_read(text in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = characters(&text);
    }
}

#[test]
fn every_control_format_and_ignorable_character_is_found_in_a_word() {
    let class = CodePointMapData::<Gc>::new();
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let hidden = |ch: &char| matches!(class.get(*ch), Gc::Control | Gc::Format) || ignorable.contains(*ch);
    // A tab and the ends of lines.
    let legitimate = ['\t', '\n'];
    let mut below: BTreeMap<Severity, Vec<char>> = BTreeMap::new();
    let mut seen = 0;
    for ch in ('\0'..=char::MAX).filter(hidden) {
        let text = format!("a{ch}b");
        let found = characters(text.as_bytes());
        if legitimate.contains(&ch) {
            assert_eq!(found, [], "U+{:04X}", u32::from(ch));
            continue;
        }
        let worst = found.iter().filter(|it| it.range.contains(&1)).map(|it| it.severity).max();
        assert!(worst.is_some(), "U+{:04X} is not found", u32::from(ch));
        seen += 1;
        below.entry(worst.unwrap()).or_default().push(ch);
    }
    assert!(seen > 4000, "{seen}");
    // Line ends that not all programs know.
    assert_eq!(below[&Severity::Warning], ['\r', '\u{85}']);
    // A new page, and signs that are drawn around what follows them.
    let around =
        "\u{600}\u{601}\u{602}\u{603}\u{604}\u{605}\u{6dd}\u{70f}\u{890}\u{891}\u{8e2}\u{110bd}\u{110cd}";
    let notes: Vec<char> = ['\u{c}'].into_iter().chain(around.chars()).collect();
    let others: Vec<&char> =
        below.get(&Severity::Note).into_iter().flatten().filter(|it| !notes.contains(it)).collect();
    assert_eq!(others, Vec::<&char>::new());
}

#[test]
fn the_last_finding_of_a_rule_that_has_too_many_counts_the_rest() {
    let text = "a\u{200b}b ".repeat(MOST_OF_A_RULE);
    let found = characters(text.as_bytes());
    assert_eq!(found.len(), MOST_OF_A_RULE);
    assert!(found.iter().all(|it| it.title == "Invisible character (U+200B)"));

    let text = "a \u{200b} ".repeat(1000) + "pay\u{200b}pal" + &"a \u{200b} ".repeat(1000);
    let found = characters(text.as_bytes());
    assert_eq!(found.len(), MOST_OF_A_RULE);
    let last = found.last().unwrap();
    assert_eq!(last.says(), "1952 places like this: Invisible character (U+200B)");
    // The worst of the rest stands for them.
    assert_eq!(last.severity, Severity::Blocking);
    assert_eq!(&text.as_bytes()[last.range.start - 3..last.range.end + 3], "pay\u{200b}pal".as_bytes());
}

#[test]
fn an_id_is_made_of_rule_content_and_place() {
    let digest = Digest::of(b"a");
    assert_eq!(
        id("bidi-control", &digest, &(3..6)),
        "bidi-control:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb:3-6"
    );
}

#[test]
fn hostile_repetition_takes_linear_work() {
    // What is not linear takes minutes here. Each unit makes one of the searches around a place go far.
    let units = [
        "a",
        "\u{202e}",
        "\u{2066}",
        "\u{202a}\u{2069}",
        "\u{2067}\u{202b}\u{2069}",
        "\u{202e}\n",
        "\u{200b}",
        "a\u{200b}",
        "\u{200d}",
        "\u{1f468}\u{200d}",
        "\u{fe0f}",
        "\u{e0067}",
        "\u{1f3f4}\u{e0067}",
        "\u{301}\u{327}",
        "e\u{301}",
        "\u{212a}",
        "\u{212a} ",
        "\u{1100}",
        "\u{1100}\u{1161}",
        "\u{344}",
        "\u{43e}\u{441}.",
        "\u{43e}\u{441}-",
        "\u{430}b ",
        "\u{430}\u{3b1}",
        "a\u{ff0f}",
        "://\u{ff0f}",
        "\u{1b}]",
        "\u{1b}[1",
        "\u{1b}[;",
        "\r",
        "\ra",
        "\u{9d}x",
    ];
    for unit in units {
        let text = unit.repeat(200_000 / unit.len());
        for text in [format!("https://{text}.com\u{301}"), format!("\u{1b}]{text}")] {
            let _ = characters(text.as_bytes());
        }
    }
    let mut bytes = vec![0xff; 400_000];
    let _ = characters(&bytes);
    bytes.iter_mut().step_by(2).for_each(|it| *it = b'a');
    let _ = characters(&bytes);
}
