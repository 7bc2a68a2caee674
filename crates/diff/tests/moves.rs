//! What only changed its place.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_diff::{Budget, Diff, Kind, diff, diff_within};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn shown(made: &Diff, before: &[u8], after: &[u8]) -> String {
    let lines = |rows: &std::ops::Range<usize>, number: fn(&countersign_diff::Row) -> Option<u32>| {
        let numbers: Vec<u32> = made.rows[rows.clone()].iter().filter_map(number).collect();
        format!("{}-{}", numbers[0], numbers[numbers.len() - 1])
    };
    let mut text = String::new();
    for it in &made.moves {
        let (old, new) = (lines(&it.removed, |row| row.before_line), lines(&it.added, |row| row.after_line));
        let first = String::from_utf8_lossy(made.rows[it.added.start].bytes(before, after)).into_owned();
        text.push_str(&format!("{old} to {new}: {first}"));
    }
    text
}

fn check(before: &str, after: &str, expected: Expect) {
    let made = diff(before.as_bytes(), after.as_bytes());
    assert!(made.check(before.as_bytes(), after.as_bytes()));
    expected.assert_eq(&shown(&made, before.as_bytes(), after.as_bytes()));
}

const FUNCTION: &str = "\nfn moved() {\n    one();\n    two();\n}\n";

fn rest(from: usize) -> String {
    (from..from + 20).map(|line| format!("line {line}\n")).collect()
}

#[test]
fn a_function_that_went_elsewhere_is_a_move() {
    let before = format!("{}{FUNCTION}{}", rest(0), rest(20));
    let after = format!("{}{}{FUNCTION}", rest(0), rest(20));
    check(
        &before,
        &after,
        expect![[r#"
            21-25 to 41-45: 
        "#]],
    );
}

#[test]
fn a_line_that_changed_on_the_way_is_in_no_move() {
    let longer = FUNCTION.replace("two();\n", "two();\n    three();\n    four();\n    five();\n");
    let before = format!("{}{longer}{}", rest(0), rest(20));
    let after = format!("{}{}{}", rest(0), rest(20), longer.replace("three", "other"));
    check(
        &before,
        &after,
        expect![[r#"
            21-24 to 41-44: 
        "#]],
    );
}

#[test]
fn what_says_too_little_is_no_move() {
    for piece in ["a();\n}\n}\n\n\n}\nb();\n", "}\n\n}\n\n}\n\n", "one\ntwo\n"] {
        check(&format!("{piece}{}", rest(0)), &format!("{}{piece}", rest(0)), expect![""]);
    }
}

#[test]
fn what_came_twice_went_once() {
    let piece = "one\ntwo\nthree\n";
    let before = format!("{piece}{}{}", rest(0), rest(20));
    let after = format!("{}{piece}{}{piece}", rest(0), rest(20));
    check(
        &before,
        &after,
        expect![[r#"
            1-3 to 21-23: one
        "#]],
    );
}

#[test]
fn what_cannot_be_paid_is_no_move() {
    let (before, after) = (format!("{}{}", rest(0), rest(20)), format!("{}{}", rest(20), rest(0)));
    let made = diff(before.as_bytes(), after.as_bytes());
    assert_eq!(made.moves.len(), 1);
    let budget = |line_work| Budget { line_work, ..Budget::default() };
    // As much as finding the lines that stay takes.
    let less = diff_within(before.as_bytes(), after.as_bytes(), budget(made.work - 1));
    assert_eq!((less.fallback, less.moves.len()), (None, 0));
    assert!(less.check(before.as_bytes(), after.as_bytes()));
}

#[test]
fn lines_that_went_in_many_places_are_cheap() {
    let piece = |index: usize| format!("a{}\nb\nc\nd\n{index}\n", index % 50);
    let before: String = (0..20_000).map(piece).collect();
    let after: String = (0..20_000).rev().map(piece).collect();
    let made = diff(before.as_bytes(), after.as_bytes());
    assert!(made.check(before.as_bytes(), after.as_bytes()));
    assert!(made.work <= Budget::default().line_work + Budget::default().word_work);
}

fn pieces() -> impl Strategy<Value = Vec<&'static str>> {
    let piece = ["a\nb\nc\n", "d\n}\ne\nf\ng\n", "\n", "}\n", "h\n", "i\nj\n"];
    proptest::collection::vec(proptest::sample::select(piece.to_vec()), 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn moves_are_equal_rows_and_always_the_same(before in pieces(), after in pieces()) {
        let (before, after) = (before.concat(), after.concat());
        let made = diff(before.as_bytes(), after.as_bytes());
        prop_assert!(made.check(before.as_bytes(), after.as_bytes()));
        for it in &made.moves {
            let bytes = |rows: &std::ops::Range<usize>, kind: Kind| -> Vec<u8> {
                let rows = &made.rows[rows.clone()];
                assert!(rows.iter().all(|row| row.kind == kind));
                rows.iter().flat_map(|row| row.bytes(before.as_bytes(), after.as_bytes()).to_vec()).collect()
            };
            prop_assert_eq!(bytes(&it.removed, Kind::Removed), bytes(&it.added, Kind::Added));
        }
        prop_assert_eq!(&made.moves, &diff(before.as_bytes(), after.as_bytes()).moves);
    }
}
