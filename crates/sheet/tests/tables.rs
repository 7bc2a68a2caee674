//! Tables of what a change means, before the document of its bytes.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use countersign_core::action::{Act, Call, Reversibility};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_sheet::{Document, EntryChange, Row, Severity, Sheet, Tone, View, plain, sheet};
use expect_test::{Expect, expect};

fn changed(name: &str, before: Option<&[u8]>, after: Option<&[u8]>) -> Sheet {
    sheet_of(&proposal(vec![change(name, before, after)]))
}

/// The table alone, as text.
fn check(name: &str, before: &str, after: &str, expected: Expect) {
    let mut sheet = changed(name, Some(before.as_bytes()), Some(after.as_bytes()));
    assert_eq!(sheet.documents[0].view, View::Table);
    assert_eq!(sheet.documents[1].view, View::Diff, "the exact bytes follow");
    assert_eq!(sheet.hidden(), 0);
    sheet.documents.truncate(1);
    let text = sheet.to_text();
    expected.assert_eq(&text[text.find("== 1.").unwrap()..]);
}

#[test]
fn json_value_by_value() {
    check(
        "/etc/roles.json",
        r#"{"users": [{"id": 7, "role": "reader", "tags": ["a"]}], "limit": 1.0, "gone": {"x": null}}"#,
        r#"{"users": [{"id": 7, "role": "admin", "tags": ["a", "b"]}], "limit": 1.00, "n e\u200bw": [true]}"#,
        expect![[r#"
            == 1. What it means: "/etc/roles.json" [read as JSON; 1 changed; 2 added; 1 removed; 3 values the same]
              * "limit": the same number, written "1.0" before and "1.00" after
              ~ "users"["id"="7"]."role": "\"reader\"" -> "\"admin\""
              + "users"["id"="7"]."tags"[1]: "\"b\""
              - "gone"."x": "null"
              + "n e\<ZWSP U+200B>w"[0]: "true"
        "#]],
    );
}

#[test]
fn yaml_value_by_value() {
    check(
        "/etc/gateway.yaml",
        "upstream:\n  auth: required # never change\n  hosts: [a, b]\nmode: &m 0644\nother: *m\n",
        "upstream:\n  auth: optional\n  hosts: [a, c, b]\n  note: |\n    two\n    lines\nmode: &m 0777\nother: *m\n",
        expect![[r#"
            == 1. What it means: "/etc/gateway.yaml" [read as YAML; 3 changed; 2 added; 2 values the same]
              ! "mode": "&m 0777" is an octal number for programs that read YAML 1.1, and a decimal number
            ...  for others
              * Comments: 0 added, 1 removed. They are no values.
              * Aliases: 1, shown as such. An alias is changed where what it stands for is.
              ~ "upstream"."auth": "required" -> "optional"
              + "upstream"."hosts"[1]: "c"
              + "upstream"."note": "|\<LF>"
            ... : "    two\<LF>"
            ... : "    lines\<LF>"
              ~ "mode": "&m 0644" -> "&m 0777"
              ~ "other": "*m" -> "*m"
        "#]],
    );
}

#[test]
fn toml_value_by_value() {
    check(
        "/srv/Cargo.toml",
        "[package]\nname = \"a\"\n[dependencies]\nserde = { version = \"1\" }\n",
        "[package]\nname = 'a'\n[dependencies]\nserde = { version = \"1\", features = [] }\n",
        expect![[r#"
            == 1. What it means: "/srv/Cargo.toml" [read as TOML; 1 added; 2 values the same]
              * 1 text or key in another spelling, with the same meaning
              + "dependencies"."serde"."features": "[]"
        "#]],
    );
}

#[test]
fn records_row_by_row() {
    check(
        "/srv/people.csv",
        "id,name,right\n1,ann,read\n2,bob,read\n3,cy,read\n",
        "id,name,right\n3,cy,admin\n1,ann,read\n4,dee,read,x\n",
        expect![[r#"
            == 1. What it means: "/srv/people.csv" [read as CSV; 1 changed; 1 added; 1 removed; 1 moved; 8 values the same]
              ! 1 row with more or fewer fields than the first row; the first of them is row 3
              * Rows are told apart by "id": 1 changed, 1 added, 1 removed, 1 the same.
              > row "id"="1": row 1 -> row 2
              - row "id"="2": "2,bob,read"
              ~ row "id"="3": "right": "read" -> "admin"
              + row "id"="4": "4,dee,read,x"
        "#]],
    );
}

#[test]
fn bytes_that_differ_and_mean_the_same() {
    check(
        "/a.json",
        "{\"a\": [1, 2]}",
        "{ \"a\" : [ 1, 2 ] }\n",
        expect![[r#"
        == 1. What it means: "/a.json" [read as JSON; 2 values the same]
          * The bytes differ, the meaning is the same: no value would change.
    "#]],
    );
}

#[test]
fn a_key_that_is_there_twice_blocks_until_it_is_acknowledged() {
    let before = "{\"role\": \"reader\"}";
    let after = "{\"role\": \"reader\", \"role\": \"admin\", \"Role\": 1}";
    let sheet = changed("/a.json", Some(before.as_bytes()), Some(after.as_bytes()));
    let found = sheet.findings.iter().find(|it| it.rule == "duplicate-key").unwrap();
    assert_eq!(found.severity, Severity::Blocking);
    assert!(found.id.as_str().ends_with(":19-25"), "where the second key stands: {}", found.id.as_str());
    let similar = sheet.findings.iter().find(|it| it.rule == "similar-key").unwrap();
    assert_eq!(similar.severity, Severity::Warning);
    assert!(sheet.findings.iter().all(|it| !it.spots.is_empty()), "{:?}", sheet.findings);
}

#[test]
fn arguments_of_a_call_are_listed() {
    let call = |arguments: &str| {
        let call = Call {
            server: label("tickets"),
            tool: label("close"),
            definition: None,
            arguments: text(arguments),
        };
        sheet_of(&proposal(vec![action("tickets", Reversibility::Unknown, Act::Call(call))])).documents
    };
    let made = call(r#"{"all": true, "in": {"project": "x"}}"#);
    assert_eq!((made[0].view, made[1].view), (View::Table, View::Raw));
    assert_eq!(entries(&made[0]).count(), 2);
    let made = call("not JSON");
    assert_eq!((made.len(), made[0].view), (1, View::Raw));
    let facts: Vec<_> = made[0].subtitle.iter().map(|it| plain(it)).collect();
    assert!(facts.iter().any(|it| it.starts_with("no table: ")), "{facts:?}");
}

#[test]
fn there_is_no_table_where_it_would_say_nothing() {
    let views = |name: &str, before: Option<&str>, after: Option<&str>| -> Vec<View> {
        let made = changed(name, before.map(str::as_bytes), after.map(str::as_bytes));
        made.documents.iter().map(|it| it.view).collect()
    };
    assert_eq!(views("/a.txt", Some("{}"), Some("[]")), [View::Diff]);
    assert_eq!(views("/a.json", Some("{}"), None), [View::Diff]);
    assert_eq!(views("/a.json", Some("{}"), Some("{}")), [View::Diff]);
    assert_eq!(views("/a.json", Some("{}"), Some("{")), [View::Diff]);
    // What is all new says itself what it is; what is wrong with it is said all the same.
    assert_eq!(views("/a.json", None, Some("{\"a\": 1}")), [View::Diff]);
    assert_eq!(views("/a.json", None, Some("{\"a\": 1, \"a\": 2}")), [View::Table, View::Diff]);
    // Bytes are no table, whatever they are called, and nothing is found in them that stands nowhere.
    let nuls = "a,b\n\0\0,1,2\n";
    assert_eq!(views("/a.csv", None, Some(nuls)), [View::Raw]);
    assert_eq!(views("/a.csv", Some(nuls), Some("a,b\n1,2,3\n")), [View::Raw]);
    let found = changed("/a.csv", None, Some(nuls.as_bytes())).findings;
    assert!(found.iter().all(|it| !it.spots.is_empty()), "{found:?}");
}

#[test]
fn what_a_table_does_not_list_is_counted_and_stands_below() {
    let list = |value: &str| format!("[{}]", vec![value; 3000].join(",\n"));
    let sheet = changed("/a.json", Some(list("1").as_bytes()), Some(list("2").as_bytes()));
    let [table, exact] = sheet.documents.as_slice() else { panic!() };
    assert_eq!(entries(table).count(), 2000);
    let last = table.rows.last().unwrap();
    let Row::Note { tone: Tone::Red, segments, .. } = last else { panic!("{last:?}") };
    assert_eq!(plain(segments), "1,000 values not listed here. The exact document below has all.");
    assert_eq!((table.hidden, exact.hidden, exact.stats.added), (0, 0, 3000));
}

#[test]
fn a_table_leaves_room_for_the_bytes_of_all_documents() {
    let long = |end: char| format!("[{}1]", format!("\"{}{end}\",\n", "x".repeat(500)).repeat(700));
    let (before, after) = (long('a').into_bytes(), long('b').into_bytes());
    let mut it = change("/a.json", None, None);
    if let Act::Change(change) = &mut it.act {
        change.before = Some(Content::blob("text/plain", &before));
        change.after = Some(Content::blob("text/plain", &after));
    }
    let blobs =
        |digest: &Digest| Some(if *digest == Digest::of(&before) { before.clone() } else { after.clone() });
    let sheet = sheet(&proposal(vec![it]), &blobs).unwrap();
    let [table, exact] = sheet.documents.as_slice() else { panic!() };
    assert!((8_000..8_100).contains(&table.rows.len()), "{}", table.rows.len());
    let first = entries(table).next().unwrap();
    assert_eq!(first.0, EntryChange::Changed);
    assert!(first.1.ends_with(" and 103 bytes more"), "{}", first.1);
    assert_eq!((exact.stats.added, sheet.hidden()), (700, 0));
}

/// Change and what would be there of each entry.
fn entries(document: &Document) -> impl Iterator<Item = (EntryChange, String)> {
    let mut rows = document.rows.iter().peekable();
    std::iter::from_fn(move || {
        loop {
            let Row::Entry { change, after, continued: false, .. } = rows.next()? else { continue };
            let mut text = plain(after);
            while let Some(Row::Entry { after, .. }) =
                rows.next_if(|it| matches!(it, Row::Entry { continued: true, .. }))
            {
                text += &plain(after);
            }
            return Some((*change, text));
        }
    })
}

#[test]
fn a_file_is_read_as_its_name_says_whatever_its_sender_calls_it() {
    let twice = b"role: reader\nname: ada\nrole: admin\n";
    for media in ["text/csv", "application/json", "text/plain"] {
        let mut it = change("/etc/roles.yaml", None, None);
        if let Act::Change(change) = &mut it.act {
            change.after = Some(Content::inline(media, twice.to_vec()));
            change.mode_after = Some(0o644);
        }
        let made = sheet_of(&proposal(vec![it]));
        let found = made.findings.iter().find(|it| it.rule == "duplicate-key");
        assert!(found.is_some_and(|it| it.severity == Severity::Blocking), "{media}");
    }
    let call = Call {
        server: label("tickets"),
        tool: label("add"),
        definition: None,
        arguments: Content::inline("text/csv", br#"{"role": "reader", "role": "admin"}"#.to_vec()),
    };
    let made = sheet_of(&proposal(vec![action("tickets", Reversibility::Unknown, Act::Call(call))]));
    assert!(made.findings.iter().any(|it| it.rule == "duplicate-key"));
}
