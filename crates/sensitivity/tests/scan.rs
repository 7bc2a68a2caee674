//! What holds of all rules together, whatever the text.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sensitivity::{Category, Finding, Reach, Rules, Severity};
use proptest::prelude::*;

/// The lines of the own set: every kind of thing that is found, and what only looks like it.
fn lines() -> Vec<String> {
    let files = [
        include_str!("own/secret.txt"),
        include_str!("own/pii.txt"),
        include_str!("own/internal.txt"),
        include_str!("own/access.txt"),
        include_str!("own/destructive.txt"),
        include_str!("own/link.txt"),
        include_str!("own/injection.txt"),
        include_str!("own/advice.txt"),
        include_str!("own/clean.txt"),
    ];
    let lines = files.iter().flat_map(|it| it.lines()).filter(|it| !it.starts_with('#') && it.len() > 2);
    lines.map(|it| it[2..].replace(['\u{2038}', '⟦', '⟧'], "").replace("\\n", "\n")).collect()
}

fn scan(text: &[u8]) -> Vec<Finding> {
    Rules::built_in().scan(text, Reach::Public)
}

/// Pieces of lines, whole lines and any bytes, one after the other.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(lines()).boxed();
    let whole = line.clone().prop_map(String::into_bytes);
    let piece =
        (line, any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(line, one, other)| {
            let line = line.into_bytes();
            let (one, other) = (one.index(line.len() + 1), other.index(line.len() + 1));
            line[one.min(other)..one.max(other)].to_vec()
        });
    let noise = prop::collection::vec(any::<u8>(), 0..12);
    let sign = prop::sample::select(vec![
        "\n", " ", "\n\n", "\r\n", "`", "\"", "é", "\u{202e}", "```\n", "%25", "=", "| ",
    ]);
    let part =
        prop_oneof![3 => whole, 3 => piece, 1 => noise, 3 => sign.prop_map(|it| it.as_bytes().to_vec())];
    prop::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn a_finding_lies_in_the_text_and_cuts_no_character(text in texts()) {
        let found = scan(&text);
        let places: Vec<_> = found.iter().map(|it| (it.range.start, it.range.end, it.rule.clone())).collect();
        prop_assert!(places.is_sorted());
        for it in &found {
            prop_assert!(it.range.start < it.range.end && it.range.end <= text.len(), "{it:?}");
            let valid = std::str::from_utf8(&text);
            if let Ok(text) = valid {
                prop_assert!(text.is_char_boundary(it.range.start) && text.is_char_boundary(it.range.end), "{it:?}");
            }
            prop_assert!(!it.title.is_empty() && !it.why.is_empty(), "{it:?}");
        }
    }

    #[test]
    fn the_same_text_gives_the_same_findings(text in texts()) {
        prop_assert_eq!(scan(&text), scan(&text));
    }

    #[test]
    fn who_can_read_less_never_matters_more(text in texts()) {
        let of = |reach| Rules::built_in().scan(&text, reach);
        for (private, public) in of(Reach::Private).iter().zip(of(Reach::Public)) {
            prop_assert!(private.severity <= public.severity);
            prop_assert!(private.category != Category::Secret || private.severity >= Severity::Warning);
        }
    }

    /// What stands far away changes nothing: no state is carried along, and no window reaches so far.
    #[test]
    fn texts_far_from_each_other_are_found_as_each_alone(one in texts(), other in texts()) {
        let far = format!("\n\n{}\n\n", "Plain words in plain lines, of which nothing is found.\n".repeat(200));
        // A text that is nothing but a number is judged as that, so neither stands alone.
        // A label of a link counts in all of a document, the first of that name: each has its own.
        let [one, other] = [of_valid(&one), of_valid(&other).replace("[1]", "[2]")];
        let [one, other] = [one, other].map(|it| format!("{far}{it}{far}"));
        let joined = format!("{one}{other}");
        let shift = one.len();
        let alone = scan(one.as_bytes()).into_iter().map(|it| (it.range.start, it.range.end, it.rule));
        let after = scan(other.as_bytes()).into_iter().map(|it| (it.range.start + shift, it.range.end + shift, it.rule));
        let mut expected: Vec<_> = alone.chain(after).collect();
        expected.sort();
        let mut seen: Vec<_> = scan(joined.as_bytes()).into_iter().map(|it| (it.range.start, it.range.end, it.rule)).collect();
        seen.sort();
        prop_assert_eq!(seen, expected, "{:?} and {:?}", one.replace(&far, ""), other.replace(&far, ""));
    }
}

/// Text alone, without what is judged by the whole of a text: which scripts are at home, how lines end.
fn of_valid(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.chars().filter(|it| it.is_ascii() && *it != '\r').collect()
}

#[test]
fn every_beginning_of_every_line_is_looked_at_without_harm() {
    for line in lines() {
        for (end, _) in line.char_indices() {
            scan(&line.as_bytes()[..end]);
        }
    }
}
