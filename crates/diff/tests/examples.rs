//! What a person would see, row by row. Changed words stand in «».

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_diff::{CONTEXT, Diff, Endings, Eol, Fallback, Kind, diff, folds};
use expect_test::{Expect, expect};

fn shown(before: &[u8], after: &[u8]) -> String {
    let made = diff(before, after);
    assert!(made.check(before, after));
    let mut text = String::new();
    for index in 0..made.rows.len() {
        if made.hunks.iter().any(|hunk| hunk.rows.start == index) {
            text.push_str("@@\n");
        }
        text.push_str(&line(&made, index, before, after));
        text.push('\n');
    }
    if let Some(why) = made.fallback {
        text.push_str(&format!("fallback: {why:?}\n"));
    }
    text
}

fn line(made: &Diff, index: usize, before: &[u8], after: &[u8]) -> String {
    let row = &made.rows[index];
    let number = |line: Option<u32>| line.map_or("-".to_owned(), |line| line.to_string());
    let (sign, side, range) = match row.kind {
        Kind::Same => ('=', before, row.before.clone()),
        Kind::Removed => ('-', before, row.before.clone()),
        Kind::Added => ('+', after, row.after.clone()),
    };
    let range = range.unwrap();
    let mut text = String::new();
    let mut at = range.start;
    for word in &row.words {
        text.push_str(&escaped(&side[at..word.start]));
        text.push_str(&format!("«{}»", escaped(&side[word.clone()])));
        at = word.end;
    }
    text.push_str(&escaped(&side[at..range.end]));
    format!("{sign} {:>2} {:>2} {text}", number(row.before_line), number(row.after_line))
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for piece in bytes.utf8_chunks() {
        text.push_str(&piece.valid().replace('\n', "\\n").replace('\r', "\\r").replace('\0', "\\0"));
        piece.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text
}

fn check(before: impl AsRef<[u8]>, after: impl AsRef<[u8]>, expected: Expect) {
    expected.assert_eq(&shown(before.as_ref(), after.as_ref()));
}

#[test]
fn a_changed_word_is_marked_on_both_sides() {
    check(
        "[limits]\nretries = 3\ntimeout = 20\n",
        "[limits]\nretries = 5\ntimeout = 20\n",
        expect![[r#"
            =  1  1 [limits]\n
            @@
            -  2  - retries = «3»\n
            +  -  2 retries = «5»\n
            =  3  3 timeout = 20\n
        "#]],
    );
}

#[test]
fn a_created_and_a_deleted_file_have_one_hunk_without_words() {
    check(
        "",
        "one\ntwo\n",
        expect![[r#"
            @@
            +  -  1 one\n
            +  -  2 two\n
        "#]],
    );
    check(
        "one\ntwo\n",
        "",
        expect![[r#"
            @@
            -  1  - one\n
            -  2  - two\n
        "#]],
    );
    check("", "", expect![""]);
}

#[test]
fn equal_sides_have_no_hunk() {
    check(
        "one\ntwo",
        "one\ntwo",
        expect![[r#"
            =  1  1 one\n
            =  2  2 two
        "#]],
    );
}

#[test]
fn the_final_newline_is_a_change_of_its_own() {
    check(
        "end",
        "end\n",
        expect![[r#"
            @@
            -  1  - end
            +  -  1 end«\n»
        "#]],
    );
}

#[test]
fn crlf_and_lf_differ_and_a_mark_never_splits_crlf() {
    check(
        "a b\r\nkeep\r\n",
        "a b\nkeep\r\n",
        expect![[r#"
            @@
            -  1  - a b«\r\n»
            +  -  1 a b«\n»
            =  2  2 keep\r\n
        "#]],
    );
}

#[test]
fn a_lone_cr_is_text_inside_its_line() {
    check(
        "safe\rrm -rf\nend\n",
        "safe\rls\nend\n",
        expect![[r#"
            @@
            -  1  - safe\r«rm -rf»\n
            +  -  1 safe\r«ls»\n
            =  2  2 end\n
        "#]],
    );
}

#[test]
fn parts_of_names_and_addresses_are_words() {
    check(
        "self.gate.verify(a)\nhttps://docs.example.com/a\n",
        "self.gate.check(a)\nhttps://docs.example.org/a\n",
        expect![[r#"
            @@
            -  1  - self.gate.«verify»(a)\n
            -  2  - https://docs.example.«com»/a\n
            +  -  1 self.gate.«check»(a)\n
            +  -  2 https://docs.example.«org»/a\n
        "#]],
    );
}

#[test]
fn one_character_of_a_long_digest_is_marked_alone() {
    let digest = "4f1d".repeat(20);
    check(
        format!("sha {digest}a{digest}\n"),
        format!("sha {digest}b{digest}\n"),
        expect![[r#"
            @@
            -  1  - sha 4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d«a»4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d\n
            +  -  1 sha 4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d«b»4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d4f1d\n
        "#]],
    );
}

#[test]
fn characters_stay_whole() {
    // A letter with a combining mark, an emoji of several code points, two-byte and three-byte letters.
    check(
        "cafe\u{301} is 👩‍💻 here, über 今日は\n",
        "cafe is 👩‍🔬 here, uber 今夜は\n",
        expect![[r#"
            @@
            -  1  - «café» is «👩‍💻» here, «über» 今«日»は\n
            +  -  1 «cafe» is «👩‍🔬» here, «uber» 今«夜»は\n
        "#]],
    );
}

#[test]
fn invalid_utf8_and_nul_are_compared_byte_by_byte() {
    check(
        b"key \xff\xfe\x00 end\n",
        b"key \xff\xfd\x00 end\n",
        expect![[r#"
            @@
            -  1  - key \xff«\xfe»\0 end\n
            +  -  1 key \xff«\xfd»\0 end\n
        "#]],
    );
}

#[test]
fn a_line_broken_in_two_marks_the_break() {
    check(
        "keep\nfirst part, second part\n",
        "keep\nfirst part,\nsecond part\n",
        expect![[r#"
            =  1  1 keep\n
            @@
            -  2  - first part,« »second part\n
            +  -  2 first part,«\n»
            +  -  3 second part\n
        "#]],
    );
}

#[test]
fn a_line_that_changed_nearly_whole_is_not_marked_in_pieces() {
    check(
        "keep\nThe quick brown fox\n",
        "keep\nAn answer, published\n",
        expect![[r#"
            =  1  1 keep\n
            @@
            -  2  - The quick brown fox\n
            +  -  2 An answer, published\n
        "#]],
    );
}

#[test]
fn an_added_function_is_one_hunk_at_its_own_lines() {
    check(
        "fn a() {\n    one();\n}\n\nfn c() {\n    three();\n}\n",
        "fn a() {\n    one();\n}\n\nfn b() {\n    two();\n}\n\nfn c() {\n    three();\n}\n",
        expect![[r#"
            =  1  1 fn a() {\n
            =  2  2     one();\n
            =  3  3 }\n
            =  4  4 \n
            @@
            +  -  5 fn b() {\n
            +  -  6     two();\n
            +  -  7 }\n
            +  -  8 \n
            =  5  9 fn c() {\n
            =  6 10     three();\n
            =  7 11 }\n
        "#]],
    );
}

#[test]
fn endings_are_facts() {
    let made = diff(b"a\r\nb\rc\nd", b"a\n");
    assert_eq!(made.before_endings, Endings { lf: 1, crlf: 1, lone_cr: 1, unterminated: true });
    assert_eq!(made.after_endings, Endings { lf: 1, crlf: 0, lone_cr: 0, unterminated: false });
    let ends: Vec<Eol> = made
        .rows
        .iter()
        .filter(|row| row.kind == Kind::Removed)
        .map(|row| Eol::of(row.bytes(b"a\r\nb\rc\nd", b"a\n")))
        .collect();
    assert_eq!(ends, [Eol::CrLf, Eol::Lf, Eol::None]);
}

fn folded(before: &str, after: &str, shown: impl Fn(usize) -> bool) -> String {
    let made = diff(before.as_bytes(), after.as_bytes());
    assert_eq!(made.fallback, None::<Fallback>);
    format!("{:?}", folds(&made.rows, CONTEXT, shown).into_iter().map(|fold| fold.rows).collect::<Vec<_>>())
}

fn numbered(lines: std::ops::Range<u32>) -> String {
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn long_unchanged_runs_fold_and_keep_context() {
    let before = numbered(0..30);
    let after = before.replace("\n10\n", "\nten\n").replace("\n26\n", "\ntwenty-six\n");
    // Rows: 0..10 same, 10..12 changed, 12..27 same, 27..29 changed, 29..32 same.
    expect!["[0..7, 15..24]"].assert_eq(&folded(&before, &after, |_| false));
    // A row with a finding opens its surroundings.
    expect!["[0..7, 15..16, 23..24]"].assert_eq(&folded(&before, &after, |row| row == 19));
    // A run of exactly twice the context stays.
    expect!["[]"].assert_eq(&folded(&numbered(0..6), &numbered(0..6), |_| false));
    expect!["[0..7]"].assert_eq(&folded(&numbered(0..7), &numbered(0..7), |_| false));
}
