//! What helps to read a sheet: a text found in it, steps from change to change, texts for a clipboard.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use std::collections::BTreeSet;

use countersign_core::action::{
    Act, Action, Attachment, Audience, Call, Change, Environment, Executable, Format, Post, Reach, Run,
    Script,
};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::proposal::Proposal;
use countersign_reviewer::{Copying, Error, Marked, NotExact, Side, Sought, change};
use countersign_sheet::{Mark, Row, Sheet};
use proptest::prelude::{
    ProptestConfig, Strategy as _, any, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use world::{World, world};

fn text(bytes: impl AsRef<[u8]>) -> Content {
    Content::inline("text/plain", bytes.as_ref().to_vec())
}

fn changed(before: &[u8], after: &[u8]) -> Act {
    Act::Change(Change {
        resource: "/srv/notes.txt".into(),
        before: Some(text(before)),
        after: Some(text(after)),
        mode_before: None,
        mode_after: None,
    })
}

/// A proposal of one action after the other.
fn proposal(world: &mut World, acts: Vec<Act>) -> Proposal {
    let mut proposal = world.gate.proposal();
    let like = proposal.actions[0].clone();
    proposal.actions = acts.into_iter().map(|act| Action { act, ..like.clone() }).collect::<Vec<_>>().into();
    proposal
}

fn sheet(world: &mut World, acts: Vec<Act>) -> Sheet {
    countersign_sheet::sheet(&proposal(world, acts), &|_| None).unwrap()
}

fn all_marked(sheet: &Sheet, sought: &Sought) -> Vec<(usize, Marked)> {
    let rows = |at: usize| 0..sheet.documents[at].rows.len();
    (0..sheet.documents.len())
        .flat_map(|at| sought.marked(sheet, at, rows(at)).into_iter().map(move |it| (at, it)))
        .collect()
}

/// The text of a row's column, as it is drawn.
fn drawn(row: &Row, column: usize) -> Vec<u16> {
    let segments = match (row, column) {
        (Row::Line { segments, .. }, 0) | (Row::Field { segments, .. }, 1) => segments,
        other => panic!("{other:?}"),
    };
    segments.iter().flat_map(|it| it.display.encode_utf16()).collect()
}

/// What is marked in the lines of the first document when `what` is sought.
fn marks(sheet: &Sheet, what: &str) -> Vec<String> {
    let sought = Sought::new(sheet, what);
    let marked = sought.marked(sheet, 0, 0..sheet.documents[0].rows.len());
    let text = |it: &Marked| {
        let row = drawn(&sheet.documents[0].rows[it.row], it.column);
        String::from_utf16(&row[it.units.clone()]).unwrap()
    };
    marked.iter().map(text).collect()
}

#[test]
fn a_text_is_found_as_it_is_drawn_as_it_is_and_without_what_is_invisible() {
    let mut world = world();
    let after = "a pass\u{200b}word, a Password\nna\u{a0}me\tend\ncafe\u{301}\n".as_bytes();
    let sheet = sheet(&mut world, vec![changed(b"", after)]);
    for (what, wanted) in [
        ("password", &["passZWSP U+200Bword", "Password"][..]),
        ("Password", &["Password"]),
        ("pass\u{200b}word", &["passZWSP U+200Bword"]),
        ("U+200B", &["ZWSP U+200B"]),
        ("word", &["word", "word"]),
        ("na me", &["naNBSP U+00A0me"]),
        ("na\u{a0}me", &["naNBSP U+00A0me"]),
        ("e end", &["eTABend"]),
        ("e\tend", &["eTABend"]),
        ("cafe\u{301}", &["cafeU+0301"]),
        ("nowhere", &[]),
        ("", &[]),
    ] {
        assert_eq!(marks(&sheet, what), wanted, "{what:?}");
        assert_eq!(Sought::new(&sheet, what).total(), wanted.len(), "{what:?}");
    }
}

#[test]
fn what_is_drawn_together_is_marked_together() {
    let mut world = world();
    let after = "x שלום עולם y\nश्री क्ष\nx\u{302}y é\n😀😀\n".as_bytes();
    let sheet = sheet(&mut world, vec![changed(b"", after)]);
    for (what, wanted) in [
        ("עולם", &["שלום עולם"][..]),
        ("र", &["श्री"]),
        ("x", &["x", "x\u{302}"]),
        ("\u{302}", &["x\u{302}"]),
        ("é", &["é"]),
    ] {
        assert_eq!(marks(&sheet, what), wanted, "{what:?}");
    }
    // Two hits in one phrase are counted as two.
    assert_eq!(Sought::new(&sheet, "ו").total(), 2);
    assert_eq!(marks(&sheet, "ו"), ["שלום עולם"]);
}

#[test]
fn a_word_that_was_wrapped_is_one_hit_in_two_rows() {
    let mut world = world();
    let line = format!("{}needle{}\n", "a".repeat(85), "b".repeat(85));
    let sheet = sheet(&mut world, vec![changed(b"", line.as_bytes())]);
    let sought = Sought::new(&sheet, "NEEDLE".to_lowercase().as_str());
    assert_eq!(sought.total(), 1);
    let marked = all_marked(&sheet, &sought);
    let parts: Vec<_> = marked.iter().map(|(_, it)| (it.row - marked[0].1.row, it.units.clone())).collect();
    assert_eq!(parts, [(0, 85..88), (1, 0..3)]);
    assert!(marked.iter().all(|(_, it)| it.hits == (0..1)));
    // A page that begins with the second row marks its part.
    assert_eq!(sought.marked(&sheet, 0, marked[1].1.row..marked[1].1.row + 1).len(), 1);
}

/// It is looked through by several threads; where one ends a text may go on.
#[test]
fn a_long_sheet_is_one_text_in_whatever_parts_it_is_looked_through() {
    let mut world = world();
    let line = |n: usize| format!("{}needle{}{n}\n", "a".repeat(85), "b".repeat(85 + n % 90));
    let after: String = (0..15_000).map(line).collect();
    let sheet = sheet(
        &mut world,
        vec![Act::Change(Change {
            resource: "/srv/notes.txt".into(),
            before: None,
            after: Some(text(after)),
            mode_before: None,
            mode_after: None,
        })],
    );
    assert!(sheet.rows() > 40_000, "{}", sheet.rows());
    let sought = Sought::new(&sheet, "needle");
    assert_eq!(sought.total(), 15_000);
    let begins: Vec<usize> = (0..sheet.documents[0].rows.len())
        .filter(|at| matches!(&sheet.documents[0].rows[*at], Row::Line { continued: false, .. }))
        .collect();
    assert_eq!(begins.len(), 15_000);
    for (index, row) in begins.into_iter().enumerate().step_by(97) {
        let hit = sought.hit(&sheet, index).unwrap();
        assert_eq!((hit.index, hit.row), (index, row));
        assert_eq!(sought.from(&sheet, 0, row).unwrap().index, index);
    }
    assert_eq!(Sought::new(&sheet, "b14999").total(), 1);
}

#[test]
fn folded_rows_are_found_and_the_next_hit_goes_round() {
    let mut world = world();
    let lines = |changed: &str| -> String {
        (0..300).map(|n| if n == 150 { format!("{changed}\n") } else { format!("line {n}\n") }).collect()
    };
    let sheet = sheet(&mut world, vec![changed(lines("x").as_bytes(), lines("y").as_bytes())]);
    let sought = Sought::new(&sheet, "line 20");
    let rows: Vec<_> = (0..sought.total()).map(|at| sought.hit(&sheet, at).unwrap().row).collect();
    assert_eq!(rows.len(), 11, "20 and 200 to 209");
    assert!(rows.is_sorted());
    assert!(sheet.documents[0].folds.iter().any(|fold| fold.contains(&rows[0])));
    assert_eq!(sought.from(&sheet, 0, rows[0]).unwrap().index, 0);
    assert_eq!(sought.from(&sheet, 0, rows[0] + 1).unwrap().index, 1);
    assert_eq!(sought.from(&sheet, 0, rows[10] + 1).unwrap().index, 0, "and round");
    assert_eq!(sought.hit(&sheet, 11), None);
    assert!(Sought::new(&sheet, "notes.txt").above() >= 2, "the headline and the title");
}

#[test]
fn steps_lead_from_change_to_change_and_open_no_fold() {
    let mut world = world();
    let lines = |at: &[usize], word: &str| -> String {
        let line = |n| if at.contains(&n) { format!("{word} {n}\n") } else { format!("line {n}\n") };
        (0..100).map(line).collect()
    };
    let at = [10, 11, 50, 90];
    let change_of = |lines: &dyn Fn(&[usize], &str) -> String| {
        changed(lines(&at, "old").as_bytes(), lines(&at, "new").as_bytes())
    };
    let sheet = sheet(&mut world, vec![change_of(&lines), changed(b"same\n", b"same\nmore\n")]);
    let (mut place, mut found) = ((0, 0), Vec::new());
    for _ in 0..5 {
        let next = change(&sheet, place, true).unwrap();
        assert_eq!(next.of, 4);
        let folds = &sheet.documents[next.document].folds;
        assert!(!folds.iter().any(|fold| next.rows.clone().any(|row| fold.contains(&row))));
        place = (next.document, next.rows.start + 1);
        found.push((next.index, next.document, next.rows.len()));
    }
    assert_eq!(found, [(0, 0, 4), (1, 0, 2), (2, 0, 2), (3, 1, 1), (0, 0, 4)]);
    let first = change(&sheet, (0, 0), true).unwrap();
    assert_eq!(
        change(&sheet, (0, first.rows.start), false).unwrap().index,
        3,
        "before the first comes the last"
    );
    assert_eq!(change(&sheet, (1, 0), false).unwrap().index, 2);
    assert_eq!(change(&self::sheet(&mut world, vec![changed(b"a\n", b"a\n")]), (0, 0), true), None);
}

#[test]
fn what_went_stands_beside_what_came_and_no_row_in_two_pairs() {
    let mut world = world();
    let sides = (b"a\nold 1\nold 2\nb\nc\ngone\nd\n", b"a\nnew\nb\nmore\nc\nd\nlast\n");
    let sheet = sheet(&mut world, vec![changed(sides.0, sides.1), changed(b"same\n", b"same\n")]);
    let all = countersign_reviewer::pairs(&sheet, 0);
    let shown: Vec<_> = all.iter().map(|it| (it.removed.clone(), it.added.clone())).collect();
    assert_eq!(shown, [(1..3, 3..4), (5..5, 5..6), (7..8, 8..8), (9..9, 9..10)]);
    for (at, row) in sheet.documents[0].rows.iter().enumerate() {
        let Row::Line { mark, .. } = row else { continue };
        let held = |of: fn(&countersign_reviewer::Pair) -> &std::ops::Range<usize>| {
            all.iter().filter(|it| of(it).contains(&at)).count()
        };
        let (removed, added) = (held(|it| &it.removed), held(|it| &it.added));
        assert_eq!(
            (removed, added),
            ((*mark == Mark::Removed).into(), (*mark == Mark::Added).into()),
            "row {at}"
        );
    }
    assert!(
        countersign_reviewer::pairs(&sheet, 1).is_empty()
            && countersign_reviewer::pairs(&sheet, 2).is_empty()
    );
}

fn label(text: &str) -> countersign_core::name::Label {
    text.parse().unwrap()
}

/// The bytes before and after.
type Sides = [Option<Vec<u8>>; 2];

/// Acts of every kind that has contents, and the exact bytes of each document's sides.
fn kinds() -> Vec<(Act, Vec<Sides>)> {
    let of = |it: &[u8]| Some(it.to_vec());
    let reach = Reach { before: Audience::Unknown, after: Audience::Unknown };
    let attached = |name: &str, bytes: &[u8]| Attachment { name: label(name), content: text(bytes) };
    let post = Post {
        place: label("board"),
        name: None,
        thread: None,
        in_reply_to: None,
        reach,
        format: Format::Plain,
        body: text("the body\r\n"),
        attachments: vec![attached("one", b"first"), attached("two", b"second \xff")],
    };
    let run = Run {
        argv: vec!["tool".into(), "given".into()],
        executable: Executable { path: "/bin/sh".into(), sha256: Digest::of(b"") },
        cwd: "/".into(),
        environment: Environment::Complete(vec![]),
        stdin: Some(text("what it reads")),
        script: Some(Script {
            path: "/srv/tool".into(),
            interpreter_argument: None,
            content: text("#!/bin/sh\n"),
        }),
        user: label("mara"),
        host: label("desk"),
    };
    let call = Call {
        server: label("files"),
        tool: label("read"),
        definition: None,
        arguments: text("{\"path\": 1}"),
    };
    vec![
        (changed(b"was\n", b"is\n"), vec![[of(b"was\n"), of(b"is\n")]]),
        (
            Act::Post(post),
            vec![[None, of(b"the body\r\n")], [None, of(b"first")], [None, of(b"second \xff")]],
        ),
        (Act::Run(run), vec![[None, None], [None, of(b"#!/bin/sh\n")], [None, of(b"what it reads")]]),
        // The table of the arguments, and the arguments.
        (Act::Call(call), vec![[None, of(b"{\"path\": 1}")], [None, of(b"{\"path\": 1}")]]),
    ]
}

#[test]
fn exact_bytes_are_those_of_the_document_and_side_that_was_named() {
    let mut world = world();
    let (acts, sides): (Vec<_>, Vec<_>) = kinds().into_iter().unzip();
    let proposal = proposal(&mut world, acts);
    let digest = world.gate.send_proposal(&proposal);
    let opened = world.opened(&digest);
    let (sheet, on_screen) = (opened.sheet.unwrap(), opened.sheet_digest.unwrap());
    let sides: Vec<_> = sides.into_iter().flatten().collect();
    assert_eq!(sheet.documents.len(), sides.len());
    for (document, sides) in sides.iter().enumerate() {
        let offered = world.it().copies(&digest, &on_screen, document).unwrap();
        assert_eq!(offered.len(), sides.iter().flatten().count(), "document {document}");
        for (side, bytes) in [Side::Before, Side::After].into_iter().zip(sides) {
            let copied = world.it().copy(&digest, &on_screen, document, Copying::Exact(side)).unwrap();
            let exact = bytes.clone().and_then(|bytes| String::from_utf8(bytes).ok());
            assert_eq!(copied, exact, "document {document}");
            let escaped = world.it().copy(&digest, &on_screen, document, Copying::Escaped(side)).unwrap();
            assert_eq!(escaped.as_deref().map(bytes_of), *bytes, "document {document}");
        }
        assert!(world.it().copy(&digest, &on_screen, document, Copying::Rows).unwrap().is_some());
    }
    assert!(matches!(world.it().copies(&digest, &digest, 0), Err(Error::Changed)));
    assert_eq!(world.it().copy(&digest, &on_screen, 99, Copying::Rows).unwrap(), None);
}

/// The bytes behind escaped text.
fn bytes_of(escaped: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = escaped;
    while let Some(ch) = rest.chars().next() {
        let (made, length) = if let Some(after) = rest.strip_prefix("\\u{") {
            let code = after.split_once('}').unwrap().0;
            let ch = char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap();
            (ch.to_string().into_bytes(), code.len() + 4)
        } else if let Some(after) = rest.strip_prefix("\\x") {
            (vec![u8::from_str_radix(&after[..2], 16).unwrap()], 4)
        } else if rest.starts_with("\\\\") {
            (b"\\".to_vec(), 2)
        } else {
            assert_ne!(ch, '\\', "{rest:?}");
            (ch.to_string().into_bytes(), ch.len_utf8())
        };
        bytes.extend(made);
        rest = &rest[length..];
    }
    bytes
}

/// What comes along unseen.
type Unseen = Result<Vec<(String, usize)>, NotExact>;

/// What can be copied of a change to these bytes.
fn copied(world: &mut World, after: &[u8]) -> (Unseen, Vec<Option<String>>) {
    let digest = {
        let proposal = proposal(world, vec![changed(b"x", after)]);
        world.gate.send_proposal(&proposal)
    };
    let sheet = world.opened(&digest).sheet_digest.unwrap();
    let exact = world.it().copies(&digest, &sheet, 0).unwrap()[1].exact.clone();
    let texts = [Copying::Exact(Side::After), Copying::Escaped(Side::After), Copying::Rows];
    (exact, texts.map(|what| world.it().copy(&digest, &sheet, 0, what).unwrap()).into())
}

#[test]
fn what_comes_along_unseen_is_told_and_escaped_text_has_none_of_it() {
    let mut world = world();
    let after = "a\u{202e}b\u{1b}[2J \\ \u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\r\nשלום \n";
    let (exact, texts) = copied(&mut world, after.as_bytes());
    let told = |label: &str, count| (label.to_owned(), count);
    assert_eq!(exact.unwrap(), [told("ESC U+001B", 1), told("RLO U+202E", 1), told("ZWSP U+200B", 10)]);
    assert_eq!(texts[0].as_deref(), Some(after));
    let escaped = texts[1].as_deref().unwrap();
    assert!(escaped.starts_with("a\\u{202e}b\\u{1b}[2J \\\\ \\u{200b}\\u{200b}"), "{escaped}");
    assert!(escaped.ends_with("\\u{200b}\\u{d}\nשלום\\u{20}\n"), "{escaped}");
    let rows = texts[2].as_deref().unwrap();
    assert!(rows.starts_with("- x\\<no newline>\n+ a\\u{202e}b"), "{rows}");
    assert_eq!(copied(&mut world, b"a\xff").0, Err(NotExact::NotText));
    assert_eq!(copied(&mut world, b"a\0").0, Err(NotExact::Nul));
    assert_eq!(copied(&mut world, b"a\0").1[0], None);
    assert_eq!(copied(&mut world, "plain\r\n\ttext é 👩‍👧\n".as_bytes()).0, Ok(vec![]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn escaped_text_tells_its_bytes(after in strange()) {
        let mut world = world();
        let (_, texts) = copied(&mut world, &after);
        prop_assert_eq!(bytes_of(texts[1].as_deref().unwrap()), after);
    }

    #[test]
    fn every_hit_is_marked_and_every_mark_is_a_hit(after in strange(), what in "[abBik \u{200b}\u{307}\u{5d0}]{1,3}") {
        let mut world = world();
        let sheet = sheet(&mut world, vec![changed(b"bab\nab\n", &after)]);
        let sought = Sought::new(&sheet, &what);
        let marked = all_marked(&sheet, &sought);
        let hits: BTreeSet<usize> = marked.iter().flat_map(|(_, it)| it.hits.clone()).collect();
        prop_assert_eq!(hits, (0..sought.total()).collect());
        for pair in marked.windows(2) {
            let apart = |a: &Marked, b: &Marked| (a.row, a.column) != (b.row, b.column) || a.units.end <= b.units.start;
            prop_assert!(pair[0].0 != pair[1].0 || apart(&pair[0].1, &pair[1].1));
        }
        for index in 0..sought.total() {
            let hit = sought.hit(&sheet, index).unwrap();
            let begins = |(document, it): &(usize, Marked)| {
                *document == hit.document && it.row == hit.row && it.hits.contains(&index)
            };
            prop_assert!(marked.iter().any(begins));
        }
    }
}

/// Bytes with what is hard in them.
fn strange() -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        "[abB \\\\]{1,4}".prop_map(String::into_bytes),
        "[\u{200b}\u{202e}\u{200d}\u{a0}\t\r\n\u{5d0}\u{5d1}\u{301}e\u{e9}\u{1f469}\u{130}\u{212a}\u{23a}\u{65e5}]"
            .prop_map(String::into_bytes),
        any::<char>().prop_map(|ch| ch.to_string().into_bytes()),
        any::<u8>().prop_map(|byte| vec![byte]),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|it| it.concat())
}

#[test]
fn markdown_is_rendered_of_what_would_be_posted_and_of_nothing_else() {
    let mut world = world();
    let post = |format, body: &str| {
        Act::Post(Post {
            place: label("board"),
            reach: Reach { before: Audience::Unknown, after: Audience::Unknown },
            format,
            name: None,
            body: text(body),
            attachments: vec![Attachment { name: label("a.md"), content: text("# not this") }],
            thread: None,
            in_reply_to: None,
        })
    };
    let acts =
        vec![post(Format::Plain, "# plain"), post(Format::Markdown, "# one"), post(Format::Html, "<p>")];
    let proposal = proposal(&mut world, acts);
    let digest = world.gate.send_proposal(&proposal);
    let opened = world.opened(&digest);
    let sheet = opened.sheet_digest.unwrap();
    let rendered = |document| world.it().rendered(&digest, &sheet, document, true).unwrap();
    let count = opened.sheet.unwrap().documents.len();
    let all: Vec<_> = (0..count).filter_map(|at| Some((at, rendered(at)?))).collect();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].0, 2);
    assert!(all[0].1.contains("<h1>one</h1>") && all[0].1.contains("class=\"dark\""), "{}", all[0].1);
    let other = Digest::of(b"another sheet");
    assert!(matches!(world.it().rendered(&digest, &other, 2, true), Err(Error::Changed)));
}
