//! Everything that would be removed, together with what it belongs to.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use countersign_core::action::{Act, Object};
use countersign_core::digest::Digest;
use countersign_sheet::{Row, plain, sheet};
use expect_test::expect;
use proptest::prelude::*;

fn file(path: &str) -> Object {
    Object { id: path.into(), known_by: vec![], sha256: None, size: None }
}

fn held(path: &str) -> Object {
    Object { sha256: Some(Digest::of(path.as_bytes())), size: Some(1_000_001), ..file(path) }
}

fn mail(id: &str, from: &str, subject: &str) -> Object {
    let known_by = vec![(label("From"), from.into()), (label("Subject"), subject.into())];
    Object { id: id.into(), known_by, sha256: None, size: None }
}

/// The rows of a removal for which somebody asked in these words.
fn rows(words: &str, objects: Vec<Object>) -> String {
    let mut it = proposal(vec![removal(objects).0]);
    it.asked = (!words.is_empty()).then(|| asked(words));
    let text = sheet_of(&it).to_text();
    text[text.find("== 1.").unwrap()..].to_owned()
}

#[test]
fn files_are_grouped_by_folder_and_what_was_asked_for_comes_first() {
    let paths = [
        "/srv/www/a.html",
        "/srv/www/img/1.png",
        "/srv/www/img/2.png",
        "/srv/www/img/3.png",
        "/srv/www/old/x",
        "/srv/www/old/y",
        "/srv/www/b.html",
    ];
    let files = || paths.iter().map(|it| file(it)).collect::<Vec<_>>();
    expect![[r#"
        == 1. What would be removed [7 files, all of them listed; in "/srv/www/"; no copy is kept; target "/srv/old"]
           name
        -- Folder "img/": 3 of 7
           - "img/1.png"
           - "img/2.png"
           - "img/3.png"
        -- Directly there: 2 of 7
           - "a.html"
           - "b.html"
        -- Folder "old/": 2 of 7
           - "old/x"
           - "old/y"
    "#]].assert_eq(&rows("", files()));
    expect![[r#"
        == 1. What would be removed [7 files, all of them listed; in "/srv/www/"; no copy is kept; target "/srv/old"]
           name
        -- Named in the request: 3 of 7
           - "a.html"
           - "old/x"
           - "old/y"
        -- Folder "img/": 3 of 7
           - "img/1.png"
           - "img/2.png"
           - "img/3.png"
        -- Directly there: 1 of 7
           - "b.html"
    "#]].assert_eq(&rows("Remove the folder /srv/www/old/ and \"a.html\", please.", files()));
}

#[test]
fn other_things_are_grouped_by_what_they_are_known_by() {
    let mails = || {
        vec![
            mail("m1", "Hana Sato", "Raw traces"),
            mail("m2", "News", "One"),
            mail("m3", "News", "Two"),
            mail("m4", "Hana Sato", "More traces"),
            mail("m5", "News", "Three \u{202e}"),
            mail("m6", "", "Four"),
        ]
    };
    expect![[r#"
        == 1. What would be removed [6 files, all of them listed; no copy is kept; target "/srv/old"]
           "From" | "Subject" | id
        -- "From": "News": 3 of 6
           - "News" | "One" | "m2"
           - "News" | "Two" | "m3"
           - "News" | "Three \<RLO U+202E>" | "m5"
        -- "From": "Hana Sato": 2 of 6
           - "Hana Sato" | "Raw traces" | "m1"
           - "Hana Sato" | "More traces" | "m4"
        -- "From": "\<empty>": 1 of 6
           - "\<empty>" | "Four" | "m6"
    "#]]
    .assert_eq(&rows("", mails()));
    assert_eq!(rows("Delete what hana sato sent", mails()), rows("", mails()));
    expect![[r#"
        == 1. What would be removed [2 files, all of them listed; no copy is kept; target "/srv/old"]
           "From" | "Subject" | id
        -- Named in the request: 1 of 2
           - "Hana Sato" | "Raw traces" | "m1"
        -- Not named in the request: 1 of 2
           - "News" | "One" | "m2"
    "#]]
    .assert_eq(&rows("Delete what Hana Sato sent", mails()[..2].to_vec()));
}

#[test]
fn a_size_is_exact_and_a_digest_is_whole_on_a_row_of_its_own() {
    let path = format!("/a/{}", "long".repeat(40));
    let known = |path: &str, size| Object { sha256: Some(Digest::of(b"x")), size, ..file(path) };
    let made = rows("", vec![known(&path, Some(1_000_001)), known("/a/b", Some(1)), known("/a/c", None)]);
    expect![[r#"
        == 1. What would be removed [3 files, all of them listed; in "/a/"; no copy is kept; target "/srv/old"]
           name
           - "longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong", 1,000,001 bytes
         ... "longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong"
         ... SHA-256 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881
           - "b", 1 byte
         ... SHA-256 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881
           - "c"
         ... SHA-256 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881
    "#]]
    .assert_eq(&made);
    // A name that says the same is somebody else's.
    let digest = format!("SHA-256 {}", Digest::of(b"x"));
    let made = rows("", vec![file(&format!("{}{digest}", "a".repeat(88)))]);
    assert!(made.contains(&format!("\n ... \"{digest}\"\n")), "{made}");
}

#[test]
fn what_nothing_is_common_to_has_no_headings() {
    let made = rows("Remove to it a b", vec![file("/a/b"), file("/c/d"), file("/e/f"), file("/g/it")]);
    assert!(!made.contains("-- "), "{made}");
    let made = rows("", vec![file("/a/b"), file("/a/c")]);
    assert!(!made.contains("-- "), "{made}");
}

#[test]
fn a_row_has_few_columns_however_much_is_known_of_a_thing() {
    let many = |of: usize| {
        let known_by =
            (0..of).map(|at| (label(&format!("l{at}")), format!("v{at}").as_str().into())).collect();
        sheet_of(&proposal(vec![removal(vec![Object { known_by, ..file("x") }]).0]))
    };
    for of in [7, 8, 9, 600] {
        let made = many(of);
        let rows = &made.documents[0].rows;
        let cells = rows.iter().filter_map(|row| match row {
            Row::Object { columns, .. } => Some(columns),
            _ => None,
        });
        assert!(cells.clone().all(|it| it.len() <= 8) && made.documents[0].columns.len() <= 8);
        let drawn: String = cells.flatten().flatten().map(|it| it.display.as_str()).collect();
        assert_eq!(made.hidden(), 0);
        assert_eq!((0..of).filter(|at| !drawn.contains(&format!("v{at}"))).count(), 0, "{drawn}");
        assert!(drawn.ends_with('x'), "{drawn}");
    }
}

#[test]
fn fifty_thousand_are_all_listed() {
    let objects: Vec<_> =
        (0..50_000).map(|at| held(&format!("/home/mara/Mail/{}/{at:05}.eml", at % 400))).collect();
    let (action, blob) = removal(objects);
    let mut it = proposal(vec![action]);
    it.asked = Some(asked("Remove 00017.eml and the folder /home/mara/Mail/9 of my mail"));
    let blob = blob.unwrap();
    let made = sheet(&it, &|digest| (*digest == Digest::of(&blob)).then(|| blob.clone())).unwrap();
    let document = &made.documents[0];
    assert_eq!(made.hidden(), 0);
    let objects =
        document.rows.iter().filter(|row| matches!(row, Row::Object { continued: false, .. })).count();
    assert_eq!(objects, 50_000);
    let digests = |row: &&Row| matches!(row, Row::Object { sha256, .. } if !sha256.is_empty());
    assert_eq!(document.rows.iter().filter(digests).count(), 50_000);
    let headings: Vec<_> = document
        .rows
        .iter()
        .filter_map(|row| match row {
            Row::Heading { text, name, detail } => Some(format!("{text}{} {detail}", plain(name))),
            _ => None,
        })
        .collect();
    assert_eq!(headings.len(), 400);
    assert_eq!(headings[..2], ["Named in the request 126 of 50,000", "Folder 0/ 125 of 50,000"]);
    assert!(made.documents[0].subtitle.iter().any(|it| plain(it) == "50,000 files, all of them listed"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Grouped or not, asked for or not: each thing has its row, and groups count theirs.
    #[test]
    fn nothing_is_left_out(
        ids in prop::collection::btree_set("(/[ab]{1,3}){1,4}|[ab]{1,2}", 1..20),
        words in "[ab/ ]{0,12}",
        known in any::<bool>(),
    ) {
        let objects: Vec<_> = ids.iter().map(|id| if known { mail(id, &id[..1], id) } else { file(id) }).collect();
        let action = removal(objects).0;
        let count = match &action.act { Act::Remove(it) => it.objects.count(), _ => 0 };
        let mut it = proposal(vec![action]);
        it.asked = (!words.is_empty()).then(|| asked(&words));
        let document = &sheet_of(&it).documents[0];
        let objects = document.rows.iter().filter(|row| matches!(row, Row::Object { continued: false, .. }));
        prop_assert_eq!(objects.count() as u64, count);
        let (mut left, mut grouped) = (0, false);
        for row in &document.rows {
            match row {
                Row::Heading { detail, .. } => {
                    prop_assert_eq!(left, 0);
                    left = detail.split(' ').next().unwrap().parse::<usize>().unwrap();
                    grouped = true;
                }
                Row::Object { continued: false, .. } if grouped => left -= 1,
                _ => {}
            }
        }
        prop_assert_eq!(left, 0);
    }
}
