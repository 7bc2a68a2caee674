//! What somebody would send to keep us busy, or to make us fall over.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::table;
use countersign_structure::{About, Budget, Format, Side, Sort, Table, Why, compare};

const FORMATS: [Format; 6] =
    [Format::Json, Format::JsonLines, Format::Yaml, Format::Toml, Format::Csv, Format::Tsv];

fn made(format: Format, before: &str, after: &str) -> Result<Table, Why> {
    compare(format, Some(before.as_bytes()), Some(after.as_bytes()), Budget::default())
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let deep = |open: &str, close: &str, times: usize| open.repeat(times) + &close.repeat(times);
    for times in [101, 1000, 500_000] {
        let json = deep("[", "]", times);
        assert_eq!(made(Format::Json, "1", &json), Err(Why::TooDeep(Side::After)));
        let json = format!("{}1{}", "{\"a\":".repeat(times), "}".repeat(times));
        assert_eq!(made(Format::Json, "1", &json), Err(Why::TooDeep(Side::After)));
        let toml = format!("a = {}", deep("[", "]", times));
        assert_eq!(made(Format::Toml, "", &toml), Err(Why::TooDeep(Side::After)));
        let toml = format!("a = {}1{}", "{a.a.a = ".repeat(times), "}".repeat(times));
        assert_eq!(made(Format::Toml, "", &toml), Err(Why::TooDeep(Side::After)));
        let toml = format!("{}a = 1", "a.".repeat(times));
        assert_eq!(made(Format::Toml, "", &toml), Err(Why::TooDeep(Side::After)));
    }
    for open in ["[", "{a: ", "- ", "? ", "[? "] {
        for times in [101, 1000, 200_000] {
            let refused = made(Format::Yaml, "1", &open.repeat(times));
            assert!(
                matches!(refused, Err(Why::TooDeep(_) | Why::Syntax { .. })),
                "{open} {times}: {refused:?}"
            );
        }
    }
    let nested: String = (0..1500).map(|at| " ".repeat(at) + "a:\n").collect();
    assert_eq!(made(Format::Yaml, "1", &nested), Err(Why::TooDeep(Side::After)));
}

#[test]
fn one_piece_again_and_again_ends() {
    let pieces = [
        "[",
        "{",
        "\"",
        "'",
        "a",
        "-",
        "- ",
        "- a\n",
        "a: ",
        "? ",
        ": ",
        ",",
        "&a ",
        "!a ",
        "!",
        "*a ",
        "#",
        " #\n",
        "|\n",
        ">\n ",
        "\n",
        " ",
        "\t",
        "---\n",
        "%a b\n",
        "a.",
        "[a]\n",
        "[[a]]\n",
        "a = 1\n",
        "\"\"\"",
        "\\",
        "\\u",
        "0",
        "1.",
        "1e",
        "1,",
        ";",
        "\r",
        "é",
        "\u{feff}",
        "a: b\n",
        "{a: b}, ",
        "[a, b]: c\n",
        "- - - a\n",
        "\"a\" \"b\"",
        "a: &b\n",
        "a:\n  ",
    ];
    for format in FORMATS {
        for piece in pieces {
            let text = piece.repeat((1 << 16) / piece.len());
            let _ = made(format, "", &text);
            let _ = made(format, &text, &format!("[{text}"));
        }
    }
}

#[test]
fn chains_of_aliases_cost_their_length() {
    let mut bomb = "a0: &a0 [lol, lol]\n".to_owned();
    for at in 1..1000 {
        bomb += &format!("a{at}: &a{at} [{}]\n", vec![format!("*a{}", at - 1); 9].join(", "));
    }
    let made = table(Format::Yaml, Some(&bomb), Some(&bomb.replacen("lol", "lal", 1)));
    assert_eq!(made.counts.changed, 1 + 999 * 9, "each alias that now stands for something else");
    let aliases = |it: &About| matches!(it, About::Aliases { count: 8991 });
    assert!(made.remarks.iter().any(|it| aliases(&it.about)));
    assert!(made.entries[1..].iter().all(|it| it.after.as_ref().unwrap().sort == Sort::Alias));
}

#[test]
fn many_keys_and_items_are_matched_fast() {
    let number = 100_000;
    let map = |value: usize| -> String {
        let members: Vec<_> =
            (0..number).map(|at| format!("\"k{}\": {}", (at * 7) % number, at % value)).collect();
        format!("{{{}}}", members.join(", "))
    };
    let made = table(Format::Json, Some(&map(3)), Some(&map(5)));
    assert_eq!(made.entries.len(), Budget::default().entries);
    assert_eq!(made.more + made.entries.len() as u64, made.counts.changed);
    assert_eq!(made.same + made.counts.changed, number as u64);

    let list = |from: usize| -> String {
        let items: Vec<_> = (0..number).map(|at| (from + at * 31 % number).to_string()).collect();
        format!("[{}]", items.join(","))
    };
    let made = table(Format::Json, Some(&list(0)), Some(&list(7)));
    assert_eq!(made.same + made.counts.added + made.counts.changed, number as u64);

    let same = |count: usize| format!("[{}1]", "0,".repeat(count));
    let made = table(Format::Json, Some(&same(number)), Some(&same(number - 9)));
    assert_eq!(made.counts.removed, 9);

    let duplicates = format!("{{{}\"a\": 0}}", "\"a\": 1, ".repeat(number));
    let made = table(Format::Json, Some("{\"a\": 0}"), Some(&duplicates));
    let last = duplicates.len() - 7..duplicates.len() - 4;
    let times = About::DuplicateKey { times: number as u32 + 1, key: last };
    assert!(made.remarks.iter().any(|it| it.about == times), "{:?}", made.remarks);
}

#[test]
fn many_rows_are_matched_fast() {
    let rows = |from: usize, to: usize| -> String {
        let rows = (from..to).rev().map(|at| format!("x,{at},{}\n", at / 50_000));
        ["kind,user_id,right\n".to_owned()].into_iter().chain(rows).collect()
    };
    let made = table(Format::Csv, Some(&rows(0, 80_000)), Some(&rows(40_000, 90_000)));
    let rows = made.rows.unwrap();
    assert_eq!((rows.removed, rows.added, rows.same), (40_000, 10_000, 40_000));
    assert_eq!(rows.key.as_deref(), Some("user_id"));
}

#[test]
fn one_long_text_is_one_leaf() {
    let long = |end: char| format!("{{\"a\": \"{}{end}\", \"b\": 1}}", "é".repeat(5 << 20));
    let made = table(Format::Json, Some(&long('x')), Some(&long('y')));
    assert_eq!((made.counts.changed, made.same), (1, 1));
    let number = |end: char| format!("[{}{end}]", "1".repeat(10 << 20));
    let made = table(Format::Json, Some(&number('1')), Some(&number('2')));
    assert_eq!(made.counts.changed, 1);
    let yaml = |end: char| format!("a: {}{end}\nb: |\n  {}\n", "x".repeat(1 << 20), "y ".repeat(1 << 20));
    let made = table(Format::Yaml, Some(&yaml('x')), Some(&yaml('y')));
    assert_eq!((made.counts.changed, made.same), (1, 1));
}

#[test]
fn what_is_too_large_says_so() {
    let budget = Budget { bytes: 10, values: 4, ..Budget::default() };
    let why = |format, before: &str, after: &str| {
        compare(format, Some(before.as_bytes()), Some(after.as_bytes()), budget).unwrap_err()
    };
    for format in FORMATS {
        assert_eq!(why(format, "", "0123456789a"), Why::TooLarge(Side::After), "{format:?}");
    }
    assert_eq!(why(Format::Json, "[1,2]", "[1,[],2,3]"), Why::TooMany(Side::After));
    assert_eq!(why(Format::Csv, "1,2,3,4,5,", "1"), Why::TooMany(Side::Before));
}

#[test]
fn entries_and_remarks_beyond_the_budget_are_counted() {
    let budget = Budget { entries: 3, remarks: 2, ..Budget::default() };
    let after = b"a: no\nb: no\nc: no\nd: no\ne: no\n";
    let made = compare(Format::Yaml, Some(b"x: 1"), Some(after), budget).unwrap();
    assert_eq!((made.entries.len(), made.more, made.counts.added), (3, 3, 5));
    assert_eq!((made.remarks.len(), made.more_remarks), (2, 3));
}
