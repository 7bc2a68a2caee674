//! What holds for every pair of sides.

use countersign_diff::{Budget, Diff, Kind, diff, diff_within, folds};
use proptest::prelude::*;

/// Bytes that meet at lines, words, CRLF, characters and invalid UTF-8.
fn side() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(b"\n".to_vec()),
        2 => Just(b"\r\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        4 => Just(b"a".to_vec()),
        4 => Just(b"b b".to_vec()),
        2 => Just(b"a.b:c".to_vec()),
        2 => Just(b" ".to_vec()),
        1 => Just("e\u{301}".as_bytes().to_vec()),
        1 => Just("\u{301}".as_bytes().to_vec()),
        1 => Just("👩‍💻".as_bytes().to_vec()),
        1 => Just(b"\0".to_vec()),
        1 => Just(b"\xf0\x9f".to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Lines of a tiny alphabet, where hunks slide and merge.
fn repetitive() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(prop_oneof![Just("\n"), Just("x\n"), Just("  }\n"), Just("y z\n")], 0..120)
        .prop_map(|lines| lines.concat().into_bytes())
}

fn pair() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    prop_oneof![(side(), side()), (repetitive(), repetitive())]
}

/// What `before` becomes by the rows, with nothing of `after` but added rows.
fn applied(made: &Diff, before: &[u8], after: &[u8]) -> Vec<u8> {
    made.rows
        .iter()
        .filter(|row| row.kind != Kind::Removed)
        .flat_map(|row| row.bytes(before, after).to_vec())
        .collect()
}

fn reverted(made: &Diff, before: &[u8], after: &[u8]) -> Vec<u8> {
    let own = |row: &countersign_diff::Row| match row.kind {
        Kind::Same => row.after.clone().map(|range| after[range].to_vec()),
        _ => row.before.clone().map(|range| before[range].to_vec()),
    };
    made.rows.iter().filter_map(own).flatten().collect()
}

fn numbers(made: &Diff) -> (Vec<u32>, Vec<u32>) {
    (
        made.rows.iter().filter_map(|row| row.before_line).collect(),
        made.rows.iter().filter_map(|row| row.after_line).collect(),
    )
}

fn counted(lines: usize) -> Vec<u32> {
    (1..).take(lines).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn rows_turn_before_into_after_and_back((before, after) in pair()) {
        let made = diff(&before, &after);
        prop_assert_eq!(made.fallback, None);
        prop_assert_eq!(made.unrefined, 0);
        prop_assert!(made.check(&before, &after));
        prop_assert_eq!(applied(&made, &before, &after), after.clone());
        prop_assert_eq!(reverted(&made, &before, &after), before.clone());
    }

    #[test]
    fn a_row_is_a_line_and_lines_are_numbered_in_order((before, after) in pair()) {
        let made = diff(&before, &after);
        let lines = (made.before_endings.lines(), made.after_endings.lines());
        prop_assert_eq!(numbers(&made), (counted(lines.0), counted(lines.1)));
        for row in &made.rows {
            let line = row.bytes(&before, &after);
            prop_assert!(!line[..line.len() - 1].contains(&b'\n'));
        }
    }

    #[test]
    fn hunks_tell_the_lines_of_their_rows((before, after) in pair()) {
        let made = diff(&before, &after);
        for hunk in &made.hunks {
            let rows = &made.rows[hunk.rows.clone()];
            let old: Vec<u32> = rows.iter().filter_map(|row| row.before_line).collect();
            let new: Vec<u32> = rows.iter().filter_map(|row| row.after_line).collect();
            prop_assert_eq!(old, hunk.before.clone().map(|line| line + 1).collect::<Vec<_>>());
            prop_assert_eq!(new, hunk.after.clone().map(|line| line + 1).collect::<Vec<_>>());
        }
    }

    #[test]
    fn words_cut_no_character_and_no_crlf((before, after) in pair()) {
        let made = diff(&before, &after);
        for row in &made.rows {
            let (line, side) = match row.kind {
                Kind::Added => (row.after.clone(), &after),
                _ => (row.before.clone(), &before),
            };
            let line = line.unwrap_or_default();
            for edge in row.words.iter().flat_map(|word| [word.start, word.end]) {
                prop_assert!(line.start <= edge && edge <= line.end);
                if let Ok(text) = std::str::from_utf8(side) {
                    prop_assert!(text.is_char_boundary(edge));
                }
                let split = edge > 0 && side[edge - 1] == b'\r' && side.get(edge) == Some(&b'\n');
                prop_assert!(!split);
            }
        }
    }

    #[test]
    fn the_same_sides_give_the_same_rows((before, after) in pair()) {
        prop_assert_eq!(diff(&before, &after), diff(&before, &after));
    }

    #[test]
    fn any_budget_covers_both_sides(
        (before, after) in pair(),
        lines in 0usize..40,
        line_work in 0u64..4000,
        word_work in 0u64..4000,
    ) {
        let made = diff_within(&before, &after, Budget { lines, line_work, word_work });
        prop_assert!(made.check(&before, &after));
        prop_assert_eq!(applied(&made, &before, &after), after.clone());
        prop_assert!(made.work <= line_work + word_work);
        prop_assert!(made.rows.len() <= lines.max(1) + 2);
    }

    #[test]
    fn folds_hide_unchanged_rows_only_and_keep_context((before, after) in pair(), context in 0usize..4, open in 0usize..50) {
        let made = diff(&before, &after);
        let mut hidden = vec![false; made.rows.len()];
        for fold in folds(&made.rows, context, |row| row == open) {
            hidden[fold.rows].fill(true);
        }
        for (index, row) in made.rows.iter().enumerate() {
            if row.kind == Kind::Same && index != open {
                continue;
            }
            let near = index.saturating_sub(context)..(index + context + 1).min(hidden.len());
            prop_assert!(hidden[near].iter().all(|&hidden| !hidden));
        }
    }
}
