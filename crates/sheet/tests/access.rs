//! Who could do what, in effect.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use countersign_core::action::{Access, Act, Audience, Grant, PrincipalKind, Reach, Reversibility};
use countersign_core::content::Listing;
use countersign_sheet::{GrantChange, Row, Sheet};
use expect_test::expect;
use proptest::prelude::*;

fn changed(before: Vec<Grant>, after: Vec<Grant>) -> Sheet {
    let access = Access {
        resource: "Payroll".into(),
        before: Listing::Inline(before),
        after: Listing::Inline(after),
        population: Reach { before: Audience::Unknown, after: Audience::Everyone },
    };
    sheet_of(&proposal(vec![action("Payroll", Reversibility::Effort, Act::Access(access))]))
}

fn rows(sheet: &Sheet) -> String {
    let text = sheet.to_text();
    text[text.find("== 1.").unwrap()..].to_owned()
}

/// What becomes of the rights of one person, a row in a line.
fn person(before: &[&str], after: &[&str]) -> String {
    let of = |rights: &[&str]| {
        rights.iter().map(|it| grant(PrincipalKind::Person, "Ines", Some(false), it)).collect::<Vec<_>>()
    };
    let made = rows(&changed(of(before), of(after)));
    let lines = made.lines().skip(1).map(|it| it.split(": ").last().unwrap().trim().to_owned());
    lines.collect::<Vec<_>>().join(" | ")
}

#[test]
fn known_words_are_compared_and_others_are_not() {
    for (before, after, expected) in [
        (&["Viewer"][..], &["Editor"][..], "1 right, anyone and external first | \"Viewer\" -> \"Editor\""),
        (&["Editor"], &["Viewer"], "1 right | \"Editor\" -> \"Viewer\""),
        (
            &["write"],
            &["Editor"],
            "1 right, the same holder has one that is as strong | \"write\" -> \"Editor\"",
        ),
        (
            &["owner"],
            &["owner", "read"],
            "1 right, the same holder has one that is as strong | none -> \"read\" | 1 right | \"owner\" -> \"owner\"",
        ),
        (&["deploy"], &["admin"], "1 right, anyone and external first | \"deploy\" -> \"admin\""),
        (&["owner"], &["deploy"], "1 right, anyone and external first | \"owner\" -> \"deploy\""),
        (
            &["deploy", "owner"],
            &["deploy"],
            "1 right | \"owner\" -> none | 1 right | \"deploy\" -> \"deploy\"",
        ),
        (
            &["owner"],
            &["read", "write"],
            "1 right | \"owner\" -> \"write\" | 2 rights, the same holder has one that is as strong | none -> \"read\" | none -> \"write\"",
        ),
        (&[], &["read"], "1 right, anyone and external first | none -> \"read\""),
    ] {
        assert_eq!(person(before, after), expected, "{before:?} to {after:?}");
    }
}

#[test]
fn who_gains_without_being_named_is_said() {
    use PrincipalKind::{Anyone, Group, Person};
    let before = vec![grant(Person, "Mara", Some(false), "Owner"), grant(Group, "interns", None, "Editor")];
    let after = vec![
        grant(Person, "Mara", Some(false), "Owner"),
        grant(Anyone, "whoever has the link", None, "Viewer"),
        grant(Anyone, "whoever comes by", None, "badge"),
        grant(Group, "all staff", Some(false), "Commenter"),
        grant(Group, "interns", None, "Viewer"),
        grant(Person, "j@northwind.example", Some(true), "Editor"),
    ];
    expect![[r#"
        == 1. "Payroll" [now not known how many, then anyone]
        -- Gained: 4 rights, anyone and external first
          ! "whoever comes by": everyone gains "badge"
          ! "whoever has the link": everyone could read it
          ! A group gains, and with it everyone in it. Who that is, is not known here.
         + anyone   "whoever comes by" [anyone]: none -> "badge"
         + anyone   "whoever has the link" [anyone]: none -> "Viewer"
         + person   "j@northwind.example" [external]: none -> "Editor"
         + group    "all staff": none -> "Commenter"
        -- Lost: 1 right
         - group    "interns": "Editor" -> "Viewer"
        -- Unchanged: 1 right
           person   "Mara": "Owner" -> "Owner"
    "#]]
    .assert_eq(&rows(&changed(before, after)));
}

/// The bits of a file's mode are no roles.
#[test]
fn who_may_write_to_a_file_need_not_read_it() {
    let owner = |right: &str| grant(PrincipalKind::Person, "mara", None, right);
    let access = |before: Vec<Grant>, after: Vec<Grant>| {
        let population = Reach { before: Audience::Unknown, after: Audience::Unknown };
        let (before, after) = (Listing::Inline(before), Listing::Inline(after));
        let access = Access { resource: "/srv/key".into(), before, after, population };
        rows(&sheet_of(&proposal(vec![action("/srv/key", Reversibility::Reversible, Act::Access(access))])))
    };
    let gained = access(vec![owner("write")], vec![owner("write"), owner("read")]);
    assert!(gained.contains("-- Gained: 1 right") && gained.contains("none -> \"read\""), "{gained}");
    let lost = access(vec![owner("write"), owner("read")], vec![owner("write")]);
    assert!(lost.contains("-- Lost: 1 right") && lost.contains("\"read\" -> none"), "{lost}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    /// Each right of each side stands in a row, and nobody is said to gain what they had.
    #[test]
    fn every_right_is_shown(
        before in prop::collection::btree_set(("[ab]", prop::sample::select(vec!["owner", "edit", "write", "read", "x"])), 0..6),
        after in prop::collection::btree_set(("[ab]", prop::sample::select(vec!["owner", "edit", "write", "read", "x"])), 0..6),
    ) {
        let of = |all: &std::collections::BTreeSet<(String, &str)>| {
            all.iter().map(|(name, right)| grant(PrincipalKind::Person, name, Some(false), right)).collect::<Vec<_>>()
        };
        let sheet = changed(of(&before), of(&after));
        let text = |segments: &[countersign_sheet::Segment]| countersign_sheet::plain(segments);
        for (name, right) in before.iter().chain(&after) {
            let stands = sheet.documents[0].rows.iter().any(|row| matches!(row,
                Row::Grant { name: of, before, after, .. }
                    if text(of) == *name && (text(before) == *right || text(after) == *right)));
            prop_assert!(stands, "{name} {right}");
        }
        for row in &sheet.documents[0].rows {
            if let Row::Grant { change: GrantChange::Gained, name, after, .. } = row {
                prop_assert!(!before.iter().any(|(of, right)| *of == text(name) && *right == text(after)));
                prop_assert!(!before.contains(&(text(name), "owner")) || text(after) == "x");
            }
        }
    }
}
