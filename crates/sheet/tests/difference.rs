//! What differs between two proposals, and which rows of one sheet show what another showed.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{action, asked, change, digest, label, proposal, removal, run, sheet_of, text};
use countersign_core::action::{
    Act, Action, Attachment, Audience, Format, Object, Post, Reach, Reversibility,
};
use countersign_core::digest::Digest;
use countersign_core::proposal::Proposal;
use countersign_sheet::{Difference, Document, EntryChange, Marking, Row, Segment, difference, kept, sheet};
use proptest::prelude::*;

fn compared(earlier: &Proposal, new: &Proposal) -> Difference {
    difference(earlier, new, &sheet_of(new), &|_| None, &Marking::default()).unwrap()
}

fn drawn(segments: &[Segment]) -> String {
    segments.iter().map(|it| it.display.as_str()).collect()
}

fn lines(document: &Document) -> Vec<String> {
    let one = |row: &Row| match row {
        Row::Entry { change, path, before, after, .. } => {
            let sign = match change {
                EntryChange::Added => '+',
                EntryChange::Removed => '-',
                EntryChange::Changed => '~',
                EntryChange::Moved => '>',
            };
            format!("{sign} {}: {} → {}", drawn(path), drawn(before), drawn(after))
        }
        Row::Heading { text, detail, .. } => format!("# {text} {detail}"),
        Row::Note { segments, .. } => drawn(segments),
        Row::Line { before, after, segments, .. } => format!("{before:?} {after:?} {}", drawn(segments)),
        other => format!("{other:?}"),
    };
    document.rows.iter().map(one).collect()
}

fn post(place: &str, body: &str) -> Action {
    let reach = Reach {
        before: Audience::Unknown,
        after: Audience::Known { count: 12, guests: None, external: Some(2), bots: None },
    };
    let post = Post {
        place: label(place),
        name: None,
        thread: None,
        in_reply_to: None,
        reach,
        format: Format::Markdown,
        body: text(body),
        attachments: vec![],
    };
    action(place, Reversibility::Irreversible, Act::Post(post))
}

#[test]
fn a_text_is_compared_and_what_is_the_same_is_named() {
    let earlier = proposal(vec![post("#docs", "one\ntwo\nthree\n")]);
    let new = proposal(vec![post("#docs", "one\n2\nthree\n")]);
    let made = compared(&earlier, &new);
    let titles: Vec<_> = made.documents.iter().map(|it| drawn(&it.title)).collect();
    assert_eq!(titles, ["What changed in the text", "What differs"]);
    let rows = ["Some(1) Some(1) one", "Some(2) None two", "None Some(2) 2", "Some(3) Some(3) three"];
    assert_eq!(lines(&made.documents[0]), rows);
    let rest = lines(&made.documents[1]).concat();
    assert!(rest.starts_with("The same: kind of action"), "{rest}");
    assert!(rest.contains("target, environment") || rest.contains("place"), "{rest}");
    assert!(!rest.contains("the text"), "{rest}");
}

#[test]
fn attachments_of_one_name_are_compared_one_by_one() {
    let with = |texts: [&str; 2]| {
        let mut it = post("#docs", "one\n");
        if let Act::Post(post) = &mut it.act {
            let one = |it: &str| Attachment { name: label("a.txt"), content: text(it) };
            post.attachments = texts.map(one).to_vec();
        }
        proposal(vec![it])
    };
    let made = compared(&with(["same\n", "kept\n"]), &with(["same\n", "same\n"]));
    let titles: Vec<_> = made.documents.iter().map(|it| drawn(&it.title)).collect();
    assert_eq!(titles, ["What changed in attachment a.txt", "What differs"]);
    let made = compared(&with(["same\n", "same\n"]), &with(["same\n", "same\n"]));
    assert_eq!(lines(&made.documents[0]), ["Nothing that would happen differs, byte for byte."]);
}

#[test]
fn values_that_differ_stand_beside_each_other() {
    let earlier = proposal(vec![run(vec!["rsync".into(), "-a".into(), "/srv/a".into()])]);
    let mut new =
        proposal(vec![run(vec!["rsync".into(), "-a".into(), "/srv/\u{202e}b".into(), "-n".into()])]);
    new.actions.all_mut().unwrap()[0].environment = label("production");
    new.asked = Some(asked("copy it"));
    let made = compared(&earlier, &new);
    let rows = lines(made.documents.last().unwrap());
    assert!(rows.contains(&"~ environment: this machine → production".to_owned()), "{rows:#?}");
    assert!(rows.contains(&"~ argument 2: /srv/a → /srv/RLO U+202Eb".to_owned()), "{rows:#?}");
    assert!(rows.contains(&"+ argument 3:  → -n".to_owned()), "{rows:#?}");
    assert!(rows.contains(&"+ who asked:  → Mara Lindt".to_owned()), "{rows:#?}");
    let same = rows.iter().filter(|it| it.starts_with("The same: ")).cloned().collect::<String>();
    assert!(same.contains("program, working directory, variables"), "{same}");
    assert!(!same.contains("arguments"), "{same}");
    // The marks are those of the sheet that it stands beside.
    let found: Vec<u32> = made.documents.iter().flat_map(|it| &it.rows).flat_map(found).collect();
    assert!(!found.is_empty() && found.iter().all(|it| (*it as usize) < sheet_of(&new).findings.len()));
}

fn found(row: &Row) -> Vec<u32> {
    match row {
        Row::Entry { after, .. } => after.iter().flat_map(|it| it.findings.clone()).collect(),
        _ => vec![],
    }
}

#[test]
fn of_lists_what_came_and_what_went_is_named_one_by_one() {
    let object = |id: &str, size| Object { id: id.into(), known_by: vec![], sha256: None, size: Some(size) };
    let old = removal(vec![object("/a", 1), object("/b", 2), object("/c", 3)]).0;
    let new = removal(vec![object("/a", 1), object("/b", 9), object("/d", 4)]).0;
    let made = compared(&proposal(vec![old]), &proposal(vec![new]));
    let rows = lines(&made.documents[0]);
    let expected = [
        "~ removes /b: to be removed; 2 bytes → to be removed; 9 bytes",
        "+ removes /d:  → to be removed; 4 bytes",
        "- removes /c: to be removed; 3 bytes → ",
    ];
    assert_eq!(rows[..3], expected);
}

#[test]
fn very_long_lists_are_compared_as_a_whole() {
    let many = |last: &str| {
        let object =
            |id: String| Object { id: id.as_str().into(), known_by: vec![], sha256: None, size: None };
        let ids = (0..100_000).map(|at| format!("/{at}")).chain([last.to_owned()]);
        removal(ids.map(object).collect())
    };
    let ((old, before), (new, after)) = (many("/old"), many("/new"));
    let blobs = [before.unwrap(), after.unwrap()];
    let find = |of: &Digest| blobs.iter().find(|it| Digest::of(it) == *of).cloned();
    let (old, new) = (proposal(vec![old]), proposal(vec![new]));
    let made = difference(&old, &new, &sheet(&new, &find).unwrap(), &find, &Marking::default()).unwrap();
    let rows = lines(&made.documents[0]).concat();
    assert!(rows.contains("~ things to remove: 100,001; SHA"), "{rows}");
    assert!(!rows.contains("removes /"), "{rows}");
}

#[test]
fn actions_that_came_went_or_stayed_are_told_apart() {
    let earlier = proposal(vec![post("#a", "x\n"), post("#b", "y\n")]);
    let new = proposal(vec![post("#a", "x\n"), post("#c", "y\n"), post("#d", "z\n")]);
    let made = compared(&earlier, &new);
    let rows = lines(made.documents.last().unwrap());
    assert!(rows.contains(&"# Action 2 ".to_owned()), "{rows:#?}");
    assert!(rows.contains(&"~ target: #b → #c".to_owned()), "{rows:#?}");
    assert!(rows.contains(&"# Action 3 new".to_owned()), "{rows:#?}");
    assert!(rows.contains(&"The same in everything: 1 action.".to_owned()), "{rows:#?}");
    let same = compared(&earlier, &earlier);
    assert_eq!(lines(&same.documents[0]), ["Nothing that would happen differs, byte for byte."]);
}

/// Which rows of the sheet of `new` show what that of `earlier` showed, document by document.
fn stays(earlier: &Proposal, new: &Proposal) -> Vec<Vec<bool>> {
    let (was, is) = (sheet_of(earlier), sheet_of(new));
    let kept = kept((earlier, &was), (new, &is));
    let both = kept.rows.iter().zip(&is.documents).map(|(rows, document)| {
        assert_eq!(rows.len(), document.rows.len());
        for (row, old) in rows.iter().enumerate().filter_map(|(at, old)| Some((at, (*old)?))) {
            assert_eq!(shown(&document.rows[row]), shown(&was.documents[old.0].rows[old.1]));
        }
        rows.iter().map(Option::is_some).collect()
    });
    both.collect()
}

/// A row of text as it is drawn, but for the numbers of lines.
fn shown(row: &Row) -> Row {
    let mut row = row.clone();
    if let Row::Line { before, after, moved, segments, .. } = &mut row {
        (*before, *after, *moved) = (None, None, None);
        segments.iter_mut().for_each(|it| (it.source, it.findings) = (0..0, vec![]));
    }
    row
}

#[test]
fn rows_are_the_same_but_those_that_changed_and_those_beside_them() {
    let numbers = |skip: &str| (1..=9).map(|n| format!("{n}\n")).filter(|it| it != skip).collect::<String>();
    let earlier = proposal(vec![post("#docs", &numbers(""))]);
    assert_eq!(stays(&earlier, &earlier), [[true; 9]]);
    let swapped = proposal(vec![post("#docs", &numbers("").replace('5', "S"))]);
    let expected = [true, true, true, false, false, false, true, true, true];
    assert_eq!(stays(&earlier, &swapped), [expected]);
    // Nothing new stands where a line went, and yet what is left says something else.
    let shorter = proposal(vec![post("#docs", &numbers("5\n"))]);
    assert_eq!(stays(&earlier, &shorter), [[true, true, true, false, false, true, true, true]]);
    let moved = proposal(vec![post("#docs", "2\n3\n4\n5\n6\n7\n8\n9\n1\n")]);
    let stay = stays(&earlier, &moved);
    assert_eq!(stay, [[false, true, true, true, true, true, true, false, false]]);
}

#[test]
fn the_same_text_for_something_else_was_not_seen() {
    let earlier = proposal(vec![post("#docs", "one\ntwo\n")]);
    let none = [[false; 2]];
    assert_eq!(stays(&earlier, &proposal(vec![post("#everyone", "one\ntwo\n")])), none);
    let mut wider = earlier.clone();
    let Act::Post(post) = &mut wider.actions.all_mut().unwrap()[0].act else { panic!() };
    post.reach.after = Audience::Everyone;
    assert_eq!(stays(&earlier, &wider), none);
    let mut lasting = earlier.clone();
    lasting.actions.all_mut().unwrap()[0].reversibility = Reversibility::Unknown;
    assert_eq!(stays(&earlier, &lasting), none);
}

#[test]
fn a_row_with_another_finding_or_look_is_another_row() {
    // The same letters: one is a chip, one is not UTF-8, one has another script's letter.
    let earlier = change("/srv/a", Some(b""), Some(b"1\n2\n3\npay\n5\n6\n"));
    for other in ["1\n2\n3\np\u{430}y\n5\n6\n", "1\n2\n3\npay \n5\n6\n", "1\n2\n3\npa\u{200b}y\n5\n6\n"] {
        let new = change("/srv/a", Some(b""), Some(other.as_bytes()));
        let stay = stays(&proposal(vec![earlier.clone()]), &proposal(vec![new]));
        assert_eq!(stay, [[true, true, false, false, false, true]], "{other:?}");
    }
    // A long line in several rows is one thing.
    let long = |end: &str| change("/srv/a", None, Some(format!("{}{end}\n", "x".repeat(300)).as_bytes()));
    let stay = stays(&proposal(vec![long("a")]), &proposal(vec![long("b")]));
    assert!(stay[0].iter().all(|it| !it), "{stay:?}");
}

#[test]
fn a_difference_has_a_digest_of_its_own() {
    let earlier = proposal(vec![post("#docs", "one\n")]);
    let new = proposal(vec![post("#docs", "two\n")]);
    let made = compared(&earlier, &new);
    assert_eq!(made.digest(), compared(&earlier, &new).digest());
    assert_ne!(made.digest(), compared(&new, &earlier).digest());
    assert_ne!(made.digest(), sheet_of(&new).digest());
    assert_ne!(digest("a"), made.digest());
}

proptest! {
    /// Whatever changes in a text, no row counts as the same that is drawn otherwise, and one whose bytes changed never.
    #[test]
    fn no_row_is_kept_that_is_drawn_otherwise(
        old in proptest::collection::vec("[ab\u{202e}\u{430}]{0,3}", 0..12),
        at in 0usize..12, line in "[ab\u{202e}\u{430}]{0,3}",
    ) {
        let mut new = old.clone();
        if at < new.len() { new[at] = line } else { new.push(line) }
        let body = |lines: &[String]| lines.iter().map(|it| format!("{it}\n")).collect::<String>();
        let (earlier, later) = (proposal(vec![post("#a", &body(&old))]), proposal(vec![post("#a", &body(&new))]));
        let stay = stays(&earlier, &later);
        if old != new && at < old.len() && old.len() == stay[0].len() {
            prop_assert!(!stay[0][at] || old.iter().filter(|it| **it == new[at]).count() > 0);
        }
    }
}
