//! One table of cases for each format.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::shown;
use countersign_structure::{Budget, Format, Why, compare};
use expect_test::{Expect, expect};

fn check(format: Format, before: &str, after: &str, expected: Expect) {
    expected.assert_eq(&shown(format, Some(before), Some(after)));
}

#[test]
fn json_by_path() {
    check(
        Format::Json,
        r#"{"a": 1, "b": {"c": [true, null], "d": "x"}, "e": {}, "gone": [1, 2]}"#,
        r#"{"a": "1", "b": {"c": [true, false], "d": "x"}, "e": {"new": []}, "f": -0}"#,
        expect![[r#"
            Changed /a: Number "1" -> Text "\"1\""
            Changed /b/c/1>1: Null "null" -> Bool "false"
            Removed /e: EmptyMap "{}"
            Added /e/new: EmptyList "[]"
            Removed /gone/0>-: Number "1"
            Removed /gone/1>-: Number "2"
            Added /f: Number "-0"
            2 the same
        "#]],
    );
}

#[test]
fn json_lists_keep_what_stays() {
    check(
        Format::Json,
        "[1, 2, 3, 4]",
        "[0, 1, 2, 4]",
        expect![[r#"
        Added /->0: Number "0"
        Removed /2>-: Number "3"
        3 the same
    "#]],
    );
    check(
        Format::Json,
        r#"["a", "a", "b"]"#,
        r#"["a", "a", "a", "b"]"#,
        expect![[r#"
        Added /->2: Text "\"a\""
        3 the same
    "#]],
    );
    check(
        Format::Json,
        "[1, 2]",
        "[2, 1]",
        expect![[r#"
        Removed /0>-: Number "1"
        Added /->1: Number "1"
        1 the same
    "#]],
    );
    check(
        Format::Json,
        r#"[{"x": 1}, [2]]"#,
        r#"[[2], {"x": 1}]"#,
        expect![[r#"
        Removed /0>-/x: Number "1"
        Added /->1/x: Number "1"
        1 the same
    "#]],
    );
}

#[test]
fn json_duplicate_and_similar_keys() {
    check(
        Format::Json,
        r#"{"role": "reader"}"#,
        r#"{"role": "reader", "Role": "x", "role": "admin", "ﬁle": 1, "file": 2}"#,
        expect![[r#"
            Added /Role: Text "\"x\""
            Added /role#1: Text "\"admin\""
            Added /ﬁle: Number "1"
            Added /file: Number "2"
            (/role) DuplicateKey { times: 2, key: 32..38 }
            (/Role) SimilarKey { other: "role", key: 19..25 }
            (/file) SimilarKey { other: "ﬁle", key: 61..67 }
            1 the same
        "#]],
    );
}

#[test]
fn yaml_keys_are_what_they_stand_for() {
    check(
        Format::Yaml,
        "a: 1\n",
        "a: 1\nrole: reader\n!!str role: admin\n&r other: 1\n*r : 2\n",
        expect![[r#"
            Added /role: Text "reader"
            Added /!!str role#1: Text "admin"
            Added /&r other: Number "1"
            Added /*r#1: Number "2"
            (/!!str role) DuplicateKey { times: 2, key: 18..28 }
            (/*r) DuplicateKey { times: 2, key: 48..50 }
            () Aliases { count: 1 }
            1 the same
        "#]],
    );
}

#[test]
fn json_numbers() {
    check(
        Format::Json,
        r#"{"a": 1.0, "b": 1e3, "c": 1, "d": 0}"#,
        r#"{"a": 1.00, "b": 1000, "c": 9007199254740993, "d": -0}"#,
        expect![[r#"
            Changed /c: Number "1" -> Number "9007199254740993"
            Changed /d: Number "0" -> Number "-0"
            (/a) NumberForm { before: Leaf { source: 6..9, sort: Number }, after: Leaf { source: 6..10, sort: Number } }
            (/b) NumberForm { before: Leaf { source: 16..19, sort: Number }, after: Leaf { source: 17..21, sort: Number } }
            (/c) Imprecise { after: Leaf { source: 28..44, sort: Number } }
            2 the same
        "#]],
    );
}

#[test]
fn json_same_meaning() {
    check(
        Format::Json,
        r#"{"a": "\u0061", "b": [1, {"x": 1, "y": 2}]}"#,
        "{\n  \"b\": [1, {\"y\": 2, \"x\": 1}],\n  \"\\u0061\": \"a\"\n}\n",
        expect![[r#"
            () KeyOrder
            (/b/1>1) KeyOrder
            () SameMeaning
            () Respelled { count: 2 }
            4 the same
        "#]],
    );
    check(
        Format::Json,
        "[1]",
        "[1]",
        expect![[r#"
        1 the same
    "#]],
    );
}

#[test]
fn json_records_by_their_key() {
    check(
        Format::Json,
        r#"[{"id": 1, "n": "a"}, {"id": 2, "n": "b"}, {"id": 3, "n": "c"}]"#,
        r#"[{"id": 3, "n": "c"}, {"id": 1, "n": "A"}, {"id": 4, "n": "d"}]"#,
        expect![[r#"
            Moved /0>1[id=1]: Number "1" -> Number "1"
            Changed /0>1[id=1]/n: Text "\"a\"" -> Text "\"A\""
            Removed /1>-[id=2]/id: Number "2"
            Removed /1>-[id=2]/n: Text "\"b\""
            Added /->2[id=4]/id: Number "4"
            Added /->2[id=4]/n: Text "\"d\""
            Rows { key: Some("id"), added: 1, removed: 1, changed: 1, same: 1 }
            3 the same
        "#]],
    );
    check(
        Format::Json,
        r#"[{"n": "a"}, {"n": "b"}]"#,
        r#"[{"n": "b"}, {"n": "c"}]"#,
        expect![[r#"
        Removed /0>-/n: Text "\"a\""
        Added /->1/n: Text "\"c\""
        Rows { key: None, added: 1, removed: 1, changed: 0, same: 1 }
        1 the same
    "#]],
    );
}

#[test]
fn json_lines() {
    check(
        Format::JsonLines,
        "{\"id\":1}\n{\"id\":2}\n",
        "{\"id\":2}\n{\"id\":3}\n",
        expect![[r#"
        Removed /0>-[id=1]/id: Number "1"
        Added /->1[id=3]/id: Number "3"
        Rows { key: Some("id"), added: 1, removed: 1, changed: 0, same: 1 }
        1 the same
    "#]],
    );
}

#[test]
fn new_and_gone() {
    expect![[r#"
        Added /a/->0: Number "1"
        Added /a/->1/b: Text "\"\""
        0 the same
    "#]]
    .assert_eq(&shown(Format::Json, None, Some(r#"{"a": [1, {"b": ""}]}"#)));
    expect![[r#"
        Removed /a: Number "1"
        0 the same
    "#]]
    .assert_eq(&shown(Format::Yaml, Some("a: 1\n"), None));
}

#[test]
fn yaml_by_path() {
    check(
        Format::Yaml,
        "upstream:\n  auth: required # keep\n  hosts:\n    - a\n    - b\n  note: |\n    two\n    lines\nempty:\n",
        "# new\nupstream:\n  auth: optional\n  hosts:\n    - a\n    - c\n    - b\n  note: |\n    two\n    linos\nempty: ~\n",
        expect![[r#"
            Changed /upstream/auth: Text "required" -> Text "optional"
            Added /upstream/hosts/->1: Text "c"
            Changed /upstream/note: Text "|\n    two\n    lines\n" -> Text "|\n    two\n    linos\n"
            () Comments { added: 1, removed: 1 }
            () Respelled { count: 1 }
            3 the same
        "#]],
    );
}

#[test]
fn yaml_traps() {
    check(
        Format::Yaml,
        "a: 1\n",
        "a: 1\ncountry: no\nmode: 0777\nat: 12:30\nsafe: 'no'\nbig: 1_000\nday: 2026-11-21\non: push\nexp: 1e3\n",
        expect![[r#"
            Added /country: Doubtful "no"
            Added /mode: Doubtful "0777"
            Added /at: Doubtful "12:30"
            Added /safe: Text "'no'"
            Added /big: Doubtful "1_000"
            Added /day: Doubtful "2026-11-21"
            Added /on: Text "push"
            Added /exp: Doubtful "1e3"
            (/country) Doubtful { after: Leaf { source: 14..16, sort: Doubtful }, old: "false", new: "a text" }
            (/mode) Doubtful { after: Leaf { source: 23..27, sort: Doubtful }, old: "an octal number", new: "a decimal number" }
            (/at) Doubtful { after: Leaf { source: 32..37, sort: Doubtful }, old: "a number to the base of 60", new: "a text" }
            (/big) Doubtful { after: Leaf { source: 54..59, sort: Doubtful }, old: "a number", new: "a text" }
            (/day) Doubtful { after: Leaf { source: 65..75, sort: Doubtful }, old: "a date", new: "a text" }
            (/on) Doubtful { after: Leaf { source: 76..78, sort: Doubtful }, old: "true", new: "a text" }
            (/exp) Doubtful { after: Leaf { source: 90..93, sort: Doubtful }, old: "a text", new: "a number" }
            1 the same
        "#]],
    );
    check(
        Format::Yaml,
        "a: no\n",
        "a: 'no'\n",
        expect![[r#"
        Changed /a: Doubtful "no" -> Text "'no'"
        0 the same
    "#]],
    );
    check(
        Format::Yaml,
        "a: 010\n",
        "a: 10\n",
        expect![[r#"
        Changed /a: Doubtful "010" -> Number "10"
        0 the same
    "#]],
    );
}

#[test]
fn yaml_spelling() {
    check(
        Format::Yaml,
        "{a: b, c: [1.0, x]}\n",
        "'a': \"b\"\nc:\n- 1.00\n- x\n",
        expect![[r#"
        (/c/0>0) NumberForm { before: Leaf { source: 11..14, sort: Number }, after: Leaf { source: 14..18, sort: Number } }
        () SameMeaning
        () Respelled { count: 2 }
        3 the same
    "#]],
    );
    check(
        Format::Yaml,
        "a: 1\n",
        "a: '1'\n",
        expect![[r#"
        Changed /a: Number "1" -> Text "'1'"
        0 the same
    "#]],
    );
    check(
        Format::Yaml,
        "a: 1\n",
        "a: 1.0\n",
        expect![[r#"
        Changed /a: Number "1" -> Number "1.0"
        0 the same
    "#]],
    );
    check(
        Format::Yaml,
        "a: !x {b: 1}\n",
        "a: !y {b: 1}\n",
        expect![[r#"
            Changed /a: Whole "!x {b: 1}" -> Whole "!y {b: 1}"
            0 the same
        "#]],
    );
}

#[test]
fn yaml_aliases_differ_where_what_they_stand_for_does() {
    check(
        Format::Yaml,
        "base: &base {x: 1}\none:\n  <<: *base\nlist: [*base, &self [*self]]\n",
        "base: &base {x: 2}\none:\n  <<: *base\nlist: [*base, &self [*self]]\n",
        expect![[r#"
            Changed /base/x: Number "1" -> Number "2"
            Changed /one/<<: Alias "*base" -> Alias "*base"
            Changed /list/0>0: Alias "*base" -> Alias "*base"
            () Aliases { count: 3 }
            () Merges { count: 1 }
            1 the same
        "#]],
    );
    check(
        Format::Yaml,
        "a: &x 1\nb: &y 2\nc: *x\n",
        "a: &y 1\nb: &x 2\nc: *x\n",
        expect![[r#"
            Changed /c: Alias "*x" -> Alias "*x"
            () Respelled { count: 2 }
            () Aliases { count: 1 }
            2 the same
        "#]],
    );
}

#[test]
fn yaml_documents_and_letters() {
    check(
        Format::Yaml,
        "a: 1\n---\nb: 2\n",
        "a: 1\n---\nb: 3\n---\nc: 4\n",
        expect![[r#"
        Changed /1>1/b: Number "2" -> Number "3"
        Added /->2/c: Number "4"
        () Documents { count: 3 }
        1 the same
    "#]],
    );
    check(
        Format::Yaml,
        "\u{feff}é: ü # ö\nß: é\n",
        "\u{feff}é: ü # ö\nß: 'ö'\n",
        expect![[r#"
        Changed /ß: Text "é" -> Text "'ö'"
        1 the same
    "#]],
    );
}

#[test]
fn toml_by_path() {
    check(
        Format::Toml,
        "a = 1 # one\n[dep]\nx = \"1\"\ny.z = 0x10\n[[bin]]\nname = \"a\"\n[[bin]]\nname = \"b\"\n",
        "a = 1.0\n[dep]\nx = '1'\ny = {z = 16, w = 1979-05-27}\n[[bin]]\nname = \"b\"\n[empty]\n",
        expect![[r#"
            Changed /a: Number "1" -> Number "1.0"
            Added /dep/y/w: Date "1979-05-27"
            Removed /bin/0>-[name="a"]/name: Text "\"a\""
            Added /empty: EmptyMap "[empty]"
            (/dep/y/z) NumberForm { before: Leaf { source: 32..36, sort: Number }, after: Leaf { source: 31..33, sort: Number } }
            () Comments { added: 0, removed: 1 }
            () Respelled { count: 1 }
            3 the same
        "#]],
    );
}

#[test]
fn records_by_their_key() {
    check(
        Format::Csv,
        "id,name,right\n1,ann,read\n2,bob,read\n3,cy,read\n",
        "id,name,right\n1,ann,read\n3,cy,admin\n4,\"dee \"\"d\"\"\",read\n",
        expect![[r#"
            Removed /rows/1>-[id=2]: Whole "2,bob,read"
            Changed /rows/2>1[id=3]/right: Text "read" -> Text "admin"
            Added /rows/->2[id=4]: Whole "4,\"dee \"\"d\"\"\",read"
            Rows { key: Some("id"), added: 1, removed: 1, changed: 1, same: 1 }
            8 the same
        "#]],
    );
    check(
        Format::Tsv,
        "x\ty\n1\t2\n",
        "x\tz\n1\t2\n",
        expect![[r#"
        Changed /columns/1>1: Text "y" -> Text "z"
        Removed /rows/0>0[x=1]/y: Text "2"
        Added /rows/0>0[x=1]/z: Text "2"
        Rows { key: Some("x"), added: 0, removed: 0, changed: 1, same: 0 }
        2 the same
    "#]],
    );
}

#[test]
fn records_by_their_place() {
    check(
        Format::Csv,
        "n,v\na,1\na,2\na,3\n",
        "n,v\na,1\na,3\n\"a\",4,5\n",
        expect![[r#"
            Removed /rows/1>-: Whole "a,2"
            Added /rows/->2: Whole "\"a\",4,5"
            () Ragged { count: 1, first: 2 }
            Rows { key: None, added: 1, removed: 1, changed: 0, same: 2 }
            6 the same
        "#]],
    );
    check(
        Format::Csv,
        "1;2\n3;4\n",
        "1;2\n3;5\n",
        expect![[r#"
        Changed /rows/1>1[column 1=3]/column 2: Text "4" -> Text "5"
        () NoHeader
        Rows { key: Some("column 1"), added: 0, removed: 0, changed: 1, same: 1 }
        4 the same
    "#]],
    );
}

#[test]
fn what_cannot_be_read_says_why() {
    let why = |format, before: &[u8], after: &[u8]| {
        compare(format, Some(before), Some(after), Budget::default()).unwrap_err().to_string()
    };
    expect!["no table: what would be there cannot be read as JSON (line 3)"].assert_eq(&why(
        Format::Json,
        b"{}",
        b"{\n\"a\": 1,\n}",
    ));
    expect!["no table: what is there is not UTF-8"].assert_eq(&why(Format::Json, b"\xff", b"{}"));
    expect!["no table: what would be there cannot be read as YAML (line 3)"].assert_eq(&why(
        Format::Yaml,
        b"a: 1",
        b"a: 1\nb: [\n",
    ));
    expect!["no table: what is there cannot be read as TOML (line 2)"].assert_eq(&why(
        Format::Toml,
        b"a = 1\na = 2",
        b"",
    ));
    expect!["no table: what would be there cannot be read as CSV (line 2)"].assert_eq(&why(
        Format::Csv,
        b"a,b\n1,2\n",
        b"a,b\n1,\"2\n",
    ));
    for bad in [
        "",
        "[1 2]",
        "{\"a\" 1}",
        "01",
        "1.",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\t\"",
        "nul",
        "[1] 2",
        "[1,]",
        "'a'",
    ] {
        let why = compare(Format::Json, None, Some(bad.as_bytes()), Budget::default());
        assert!(matches!(why, Err(Why::Syntax { .. })), "{bad}: {why:?}");
    }
}

#[test]
fn formats_by_media_type_and_name() {
    let of = |media, name: &str| Format::of(media, name.as_bytes());
    assert_eq!(of("application/json", "x"), Some(Format::Json));
    assert_eq!(of("application/json", "x.yaml"), Some(Format::Yaml), "its readers go by the name");
    assert_eq!(of("application/vnd.api+json; charset=utf-8", ""), Some(Format::Json));
    assert_eq!(of("text/plain", "/etc/A.YML"), Some(Format::Yaml));
    assert_eq!(of("", "/srv/Cargo.lock"), Some(Format::Toml));
    assert_eq!(of("", "a.csv"), Some(Format::Csv));
    assert_eq!(of("text/plain", "/etc/json"), None);
    assert_eq!(of("text/plain", "/a.json/readme"), None);
}
