//! Colours of programs: which parts of a line are what, and that no text is another for it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sheet::{Document, Mark, Row, Segment, SegmentKind, Stats, View, segments, words};
use countersign_views::{Class, pieces};
use proptest::prelude::*;

fn row(at: u32, mark: Mark, text: &str) -> Row {
    let side = |here: bool| here.then_some(at);
    Row::Line {
        before: side(mark != Mark::Added),
        after: side(mark != Mark::Removed),
        moved: None,
        mark,
        continued: false,
        segments: segments(text.as_bytes()),
    }
}

fn document(name: &str, rows: Vec<Row>) -> Document {
    Document {
        action: 0,
        title: [vec![words("Attachment ")], segments(name.as_bytes())].concat(),
        subtitle: vec![],
        view: View::Diff,
        also: None,
        columns: vec![],
        rows,
        folds: vec![],
        stats: Stats::default(),
        hidden: 0,
    }
}

fn lines(name: &str, text: &str) -> Document {
    document(name, (1..).zip(text.lines()).map(|(at, line)| row(at, Mark::Same, line)).collect())
}

fn segments_of(row: &Row) -> &[Segment] {
    match row {
        Row::Line { segments, .. } => segments,
        _ => &[],
    }
}

/// Each row with its classes: `[k fn] main`.
fn drawn(document: &Document) -> String {
    let made = pieces(document, 0..document.rows.len());
    let row = |(row, pieces): (&Row, &Option<Vec<_>>)| {
        let segments = segments_of(row);
        let Some(pieces) = pieces else { return segments.iter().map(|it| it.display.as_str()).collect() };
        let one = |it: &countersign_views::Piece| {
            let text = &segments[it.segment].display[it.text.clone()];
            match it.class {
                None => text.to_owned(),
                Some(Class::Comment) => format!("[c {text}]"),
                Some(Class::String) => format!("[s {text}]"),
                Some(Class::Literal) => format!("[l {text}]"),
                Some(Class::Keyword) => format!("[k {text}]"),
            }
        };
        pieces.iter().map(one).collect::<String>()
    };
    document.rows.iter().zip(&made).map(row).collect::<Vec<_>>().join("\n")
}

fn check(name: &str, text: &str, want: &str) {
    assert_eq!(drawn(&lines(name, text)), want, "{name}");
}

#[test]
fn words_strings_numbers_and_comments_of_each_language_are_told_apart() {
    check("/a/main.rs", "let x: &'a str = \"a\"; // 1", "[k let] x: &'a str = [s \"a\"]; [c // 1]");
    check(
        "m.rs",
        "r#\"a\"b\"# + b'\\n' '\"' 0x1f true",
        "[s r#\"a\"b\"#] + b[s '\\n'] [s '\"'] [l 0x1f] [l true]",
    );
    check("m.rs", "/* a /* b */ c */ fn", "[c /* a /* b */ c */] [k fn]");
    check("m.c", "#include <a.h> /* a */ int x;", "[k #include] <a.h> [c /* a */] [k int] x;");
    check("m.ts", "const a = /['\"]/; b = c / 2 / 1;", "[k const] a = [s /['\"]/]; b = c / [l 2] / [l 1];");
    check("m.py", "@a\ndef f(): return f'x' # it's", "[k @a]\n[k def] f(): [k return] f[s 'x'] [c # it's]");
    check(
        "m.sh",
        "if [ $# = 1 ]; then echo a#b; fi # c",
        "[k if] [ $# = [l 1] ]; [k then] [k echo] a#b; [k fi] [c # c]",
    );
    check("m.yml", "a-b: don't # c\n- on: \"x\"", "[k a-b]: don't [c # c]\n- [k on]: [s \"x\"]");
    check("m.toml", "[a.b]\nc = 'd' # e", "[[k a.b]]\n[k c] = [s 'd'] [c # e]");
    check("m.json", "{\"a\": \"b\", \"c\": null}", "{[k \"a\"]: [s \"b\"], [k \"c\"]: [l null]}");
    check("m.sql", "SELECT a FROM b -- c", "[k SELECT] a [k FROM] b [c -- c]");
    check(
        "m.html",
        "<a href=\"x\">it's 1</a><!-- c -->",
        "[k <a] href=[s \"x\"]>it's 1[k </a]>[c <!-- c -->]",
    );
    check("Dockerfile", "FROM a AS b", "[k FROM] a [k AS] b");
}

#[test]
fn what_is_open_at_the_end_of_a_line_goes_on() {
    check("m.js", "a /* b\nc */ d `e\n`", "a [c /* b]\n[c c */] d [s `e]\n[s `]");
    check("m.py", "\"\"\"a\nif\n\"\"\" if", "[s \"\"\"a]\n[s if]\n[s \"\"\"] [k if]");
    check("m.rs", "r\"a\nb\" fn", "[s r\"a]\n[s b\"] [k fn]");
    check("m.sh", "cat <<'EOF' >b\ndon't\nEOF\nfi", "cat [k <<'EOF'] >b\n[s don't]\n[k EOF]\n[k fi]");
    // Not where a language ends it there.
    check("m.c", "a = \"b\nint", "a = [s \"b]\n[k int]");
}

#[test]
fn the_first_line_names_the_language_where_the_name_does_not() {
    check("/usr/bin/a", "#!/usr/bin/env -S python3.11\nif", "[c #!/usr/bin/env -S python3.11]\n[k if]");
    check("/usr/bin/a", "#!/bin/sh\nfi", "[c #!/bin/sh]\n[k fi]");
    check("/usr/bin/a", "if", "if");
    check("a.txt", "if 1", "if 1");
    check("a", "#!", "#!");
    check("a", "#!é /", "#!é /");
}

#[test]
fn each_side_of_a_change_is_read_by_itself() {
    let rows = vec![
        row(1, Mark::Removed, "/* a"),
        row(1, Mark::Added, "a"),
        row(2, Mark::Same, "int"),
        row(3, Mark::Removed, "int */"),
        row(3, Mark::Added, "int"),
    ];
    assert_eq!(drawn(&document("m.c", rows)), "[c /* a]\na\n[k int]\n[c int */]\n[k int]");
}

#[test]
fn a_line_of_several_rows_is_read_as_one_and_a_very_long_one_not_at_all() {
    let long = |rows: usize| {
        let mut all = vec![row(1, Mark::Same, "a = \"b")];
        for _ in 0..rows {
            let mut next = row(0, Mark::Same, "int");
            if let Row::Line { continued, .. } = &mut next {
                *continued = true;
            }
            all.push(next);
        }
        all.push(row(2, Mark::Same, "int"));
        drawn(&document("m.c", all))
    };
    assert_eq!(long(2), "a = [s \"b]\n[s int]\n[s int]\n[k int]");
    assert!(long(200).starts_with("a = \"b\nint\n") && long(200).ends_with("int\n[k int]"));
}

#[test]
fn changed_words_and_findings_keep_their_own_look() {
    let mut line = row(1, Mark::Added, "int x;");
    if let Row::Line { segments, .. } = &mut line {
        segments[0].kind = SegmentKind::Changed;
        segments.push(Segment { findings: vec![0], ..segments[0].clone() });
        segments[1].kind = SegmentKind::Text;
    }
    assert_eq!(drawn(&document("m.c", vec![line])), "int x;int x;");
}

#[test]
fn a_page_in_the_middle_has_the_colours_of_the_whole() {
    let text: String = (0..300).map(|at| format!("/* {at}\nint */ int \"a\"\n")).collect();
    let whole = lines("m.c", &text);
    let all = pieces(&whole, 0..600);
    for from in [0, 1, 7, 599] {
        let page = pieces(&whole, from..from + 10);
        assert_eq!(page, all[from..(from + 10).min(600)], "{from}");
    }
    assert!(pieces(&whole, 600..700).is_empty());
    assert!(pieces(&whole, 700..710).is_empty());
}

#[test]
fn hostile_lines_end() {
    let long = 40 * 88 - 10;
    for (name, piece) in [
        ("a.js", "=/["),
        ("a.js", "`${"),
        ("a.rs", "r#"),
        ("a.rs", "/*"),
        ("a.rs", "'"),
        ("a.sh", "<<a "),
        ("a.sh", "\\"),
        ("a.html", "<!"),
        ("a.json", "\"\" "),
        ("a.toml", "a."),
        ("a.py", "'''"),
        ("a.sql", "a1"),
    ] {
        let line = piece.repeat(long / piece.len());
        let document = lines(name, &format!("{line}\n").repeat(20));
        let made = pieces(&document, 0..20);
        assert_eq!(made.len(), 20, "{name} {piece}");
        // A line is given up rather than gone through again and again.
        let many = made.iter().flatten().flatten().count();
        assert!(many <= 20 * line.len(), "{name} {piece}: {many} pieces");
    }
}

proptest! {
    #[test]
    fn the_text_stays_as_it_is(
        ending in prop::sample::select(vec!["rs", "js", "sh", "py", "html", "toml", "yml", "json", "sql", "php", "zzz"]),
        text in "([ -~]|\n|\t|é|\u{202e}|/\\*|\\*/|\"|'|`|<<|\\\\|#){0,200}",
    ) {
        let document = lines(&format!("a.{ending}"), &text);
        let made = pieces(&document, 0..document.rows.len());
        for (row, pieces) in document.rows.iter().zip(made) {
            let Some(pieces) = pieces else { continue };
            let mut again = vec![String::new(); segments_of(row).len()];
            for piece in pieces {
                again[piece.segment].push_str(&segments_of(row)[piece.segment].display[piece.text]);
            }
            let was: Vec<_> = segments_of(row).iter().map(|it| it.display.clone()).collect();
            prop_assert_eq!(again, was);
        }
    }
}

#[test]
fn a_page_far_down_has_all_its_rows() {
    let text: String =
        (0..3000).map(|at| format!("    let x{at} = call(\"text {at}\", {at}); // why {at}\n")).collect();
    assert_eq!(pieces(&lines("m.rs", &text), 2400..2600).len(), 200);
}
