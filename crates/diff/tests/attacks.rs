//! Inputs an agent could choose to make a comparison slow or wrong.
//!
//! What is asserted is work, counted; never time.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_diff::{Budget, Diff, Fallback, diff, diff_within};

const MIB: usize = 1 << 20;

/// The diff, after the claims that hold for every attack.
fn attacked(before: impl AsRef<[u8]>, after: impl AsRef<[u8]>) -> Diff {
    let (before, after) = (before.as_ref(), after.as_ref());
    let budget = Budget::default();
    let made = diff(before, after);
    assert!(made.check(before, after));
    assert!(made.work <= budget.line_work + budget.word_work);
    made
}

fn lines(count: usize, line: impl Fn(usize) -> usize) -> String {
    (0..count).map(|index| format!("{}\n", line(index))).collect()
}

/// Numbers that look random and are always the same.
fn scattered(index: usize) -> usize {
    (index as u64 ^ 0x5851_f42d).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) as usize
}

#[test]
fn a_hundred_thousand_equal_lines_against_fewer_cost_nothing() {
    let made = attacked("x\n".repeat(100_000), "x\n".repeat(99_000));
    assert_eq!((made.fallback, made.stats.removed, made.stats.added), (None, 1000, 0));
    assert_eq!(made.work, 0);
}

#[test]
fn a_hundred_thousand_alternating_lines_stay_within_the_budget() {
    let made = attacked(lines(100_000, |index| index % 2), lines(100_000, |index| index / 2 % 2));
    assert_eq!(made.fallback, None);
}

#[test]
fn lines_of_few_kinds_stay_within_the_budget() {
    for kinds in [2, 60, 160, 5000] {
        let before = lines(10_000, |index| scattered(index) % kinds);
        let after = lines(10_000, |index| scattered(index + 10_000) % kinds);
        assert_eq!(attacked(before, after).fallback, None, "{kinds} kinds");
    }
}

#[test]
fn shared_lines_between_lines_of_their_own_stay_within_the_budget() {
    // Each line that stays makes the histogram algorithm read both sides again,
    // and each hunk may slide past all others.
    let before = lines(10_000, |index| if index % 2 == 0 { index } else { 100_000 + index });
    let after = lines(10_000, |index| if index % 2 == 0 { index } else { 200_000 + index });
    let made = attacked(&before, &after);
    assert_eq!((made.fallback, made.stats.unchanged), (None, 5000));
    let made = attacked(lines(100_000, |index| index), lines(100_000, |index| index * 2));
    assert_eq!((made.fallback, made.stats.unchanged), (None, 50_000));
}

#[test]
fn what_costs_too_much_is_replaced_between_the_lines_that_stay() {
    let middle = |offset: usize| lines(200_000, move |index| scattered(index + offset) % 1000);
    let before = format!("first\n{}last\n", middle(0));
    let after = format!("first\n{}last\n", middle(200_000));
    let made = attacked(before, after);
    assert_eq!(made.fallback, Some(Fallback::TooMuchWork));
    assert_eq!(made.hunks.len(), 1);
    assert!(made.stats.unchanged >= 2);
    assert_eq!(made.work, 0);
}

#[test]
fn a_stretch_that_costs_too_much_leaves_the_others_as_they_are() {
    let calm = |from: usize| lines(20_000, move |index| 1_000_000 + from + index);
    let wild = |offset: usize| lines(200_000, move |index| scattered(index + offset) % 1000);
    let before = format!("{}{}{}", calm(0), wild(0), calm(20_000));
    let after = format!("{}{}{}", calm(0), wild(200_000), calm(20_000)).replace("\n1000100\n", "\nnew\n");
    let made = attacked(before, after);
    assert_eq!((made.fallback, made.hunks.len()), (Some(Fallback::TooMuchWork), 2));
    assert_eq!((made.hunks[0].before.clone(), made.hunks[0].after.clone()), (100..101, 100..101));
    assert!(made.stats.unchanged >= 39_999);
}

#[test]
fn what_is_new_among_equal_lines_is_found() {
    let before = "x\n".repeat(200_000);
    let after: String = (0..200_000)
        .map(|index| if index % 200 == 100 { format!("{index}\nx\n") } else { "x\n".to_owned() })
        .collect();
    let made = attacked(before, after);
    assert_eq!((made.fallback, made.stats.removed, made.stats.added), (None, 0, 1000));
}

#[test]
fn new_lines_everywhere_are_cheap() {
    // The library reads the rest of a side without removals for each of these hunks.
    let after: String = (0..100_000)
        .map(|index| if index % 2 == 0 { format!("{index}\n") } else { format!("{index}\nnew {index}\n") })
        .collect();
    let made = attacked(lines(100_000, |index| index), after);
    assert_eq!((made.fallback, made.stats.removed, made.stats.added), (None, 0, 50_000));
    assert_eq!(made.work, 0);
}

#[test]
fn many_lines_that_have_nothing_in_common_are_cheap() {
    let made = attacked(lines(200_000, |index| index), lines(200_000, |index| 1_000_000 + index));
    assert_eq!((made.fallback, made.stats.unchanged), (None, 0));
}

#[test]
fn millions_of_empty_lines_become_a_bounded_number_of_rows() {
    let (before, after) = ("\n".repeat(3 * MIB), "\r\n".repeat(2 * MIB));
    let made = attacked(before, after);
    assert_eq!(made.fallback, Some(Fallback::TooManyLines));
    assert!(made.rows.len() <= Budget::default().lines + 2);
    assert_eq!((made.before_endings.lf, made.after_endings.crlf), (3 * MIB, 2 * MIB));
    let last = made.rows.last().unwrap();
    assert!(last.after_line.unwrap() as usize <= 2 * MIB);
}

#[test]
fn a_word_in_a_line_of_a_mebibyte_is_marked_alone() {
    let long = lines(MIB / 8, |index| scattered(index) % 1_000_000).replace('\n', ",");
    let at = long.len() / 2;
    let after = format!("{}changed{}", &long[..at], &long[at..]);
    let made = attacked(&long, &after);
    assert_eq!((made.fallback, made.unrefined), (None, 0));
    let marked: usize = made.rows[1].words.iter().map(ExactSizeIterator::len).sum();
    assert!((1..40).contains(&marked), "{marked} bytes are marked");
}

#[test]
fn a_shift_at_the_front_of_a_long_line_does_not_mark_the_rest() {
    // Without spaces, and with a change at each end, so nothing can be trimmed.
    let blob: String = (0..MIB / 4).map(|index| char::from(b'a' + (scattered(index) % 26) as u8)).collect();
    let made = attacked(format!("x{blob}y"), format!("zz{blob}w"));
    assert_eq!((made.fallback, made.unrefined), (None, 0));
    let marked: usize = made.rows[1].words.iter().map(ExactSizeIterator::len).sum();
    assert!((3..2048).contains(&marked), "{marked} bytes are marked");
}

#[test]
fn long_single_lines_stay_within_the_budget() {
    const LONG: usize = MIB / 4;
    let noise = |offset: usize, kinds: usize| -> Vec<u8> {
        (0..LONG)
            .map(|index| (scattered(index + offset) % kinds) as u8)
            .map(|b| if b == b'\n' { b'.' } else { b })
            .collect()
    };
    // Invalid UTF-8 and NUL among others, two kinds of byte, one kind, one word, marks without a base.
    attacked(noise(0, 256), noise(LONG, 256));
    attacked(noise(0, 2), noise(LONG, 2));
    attacked("a".repeat(LONG), "a".repeat(LONG - 1));
    attacked("ab".repeat(LONG / 2), "ba".repeat(LONG / 2));
    attacked("\u{301}".repeat(LONG / 2), format!("a{}", "\u{301}".repeat(LONG / 2)));
    attacked("🇩🇪".repeat(LONG / 8), format!("🇩{}", "🇩🇪".repeat(LONG / 8)));
    attacked("a:".repeat(LONG / 2), "a.".repeat(LONG / 2));
}

#[test]
fn words_that_cannot_be_paid_are_left_out_and_said() {
    let (before, after) = ("a b c\nsame\nd e f\n", "a x c\nsame\nd y f\n");
    let budget = Budget { word_work: 0, ..Budget::default() };
    let made = diff_within(before.as_bytes(), after.as_bytes(), budget);
    assert_eq!((made.fallback, made.unrefined, made.hunks.len()), (None, 2, 2));
    assert!(made.rows.iter().all(|row| row.words.is_empty()));
}

#[test]
fn a_budget_of_nothing_still_shows_both_sides() {
    let made =
        diff_within(b"same\na\nb\n", b"same\nb\na\n", Budget { lines: 100, line_work: 0, word_work: 0 });
    assert_eq!(made.fallback, Some(Fallback::TooMuchWork));
    assert_eq!((made.stats.unchanged, made.stats.removed, made.stats.added), (1, 2, 2));
    let made = diff_within(b"same\na\nb\n", b"same\nb\na\n", Budget { lines: 0, line_work: 0, word_work: 0 });
    assert_eq!(made.fallback, Some(Fallback::TooManyLines));
    assert_eq!((made.stats.unchanged, made.stats.removed, made.stats.added), (0, 1, 1));
}
