//! What an agent may try so that its own text looks exactly like words of the app.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use countersign_core::action::{Act, Environment, Object, Variable};
use countersign_core::proposal::Proposal;
use countersign_sheet::{Row, Segment, SegmentKind, Sheet, Spot, plain, together};

const NOTE: &str = "11,200 bytes more, not shown";

/// One that says more than is drawn, and one that only says so.
fn long_and_pretended(put: impl Fn(&mut Proposal, String)) -> [Sheet; 2] {
    ["really\n".repeat(2000), "really\n".repeat(399) + NOTE].map(|said| {
        let mut it = proposal(vec![run(vec!["x".into()])]);
        put(&mut it, said);
        sheet_of(&it)
    })
}

fn are_ours(line: &[Segment]) -> bool {
    line.iter().all(|it| it.kind == SegmentKind::Words)
}

#[test]
fn nobody_can_say_that_more_of_a_text_is_not_shown() {
    let claimed = |it: &mut Proposal, said: String| it.rationale = Some(text(said));
    let asked = |it: &mut Proposal, said: String| it.asked = Some(asked(&said));
    for made in [long_and_pretended(claimed), long_and_pretended(asked)] {
        let lines = |sheet: &Sheet| match &sheet.asked {
            Some(asked) => asked.text.clone(),
            None => sheet.claim.clone(),
        };
        let [long, pretended] = made.each_ref().map(|it| lines(it).pop().unwrap());
        assert_eq!([plain(&long), plain(&pretended)], [NOTE, NOTE]);
        assert_eq!([are_ours(&long), are_ours(&pretended)], [true, false]);
        let [long, pretended] = made.each_ref().map(Sheet::to_text);
        assert!(pretended.contains(&format!("\n  > {NOTE}\n")), "{pretended}");
        assert!(long.contains(&format!("\n  ({NOTE})\n")) && !long.contains(&format!("> {NOTE}")), "{long}");
        // Below others it is a row of the app's own.
        let last = |sheet: &Sheet| {
            let rows = together(&[sheet]).unwrap().0.documents.swap_remove(0).rows;
            rows.into_iter().find(|row| row_text(row).ends_with(NOTE)).unwrap()
        };
        let [long, pretended] = made.each_ref().map(last);
        assert!(matches!(long, Row::Note { .. }), "{long:?}");
        assert!(matches!(pretended, Row::Field { .. }), "{pretended:?}");
    }
}

fn row_text(row: &Row) -> String {
    plain(segments(row))
}

#[test]
fn a_variable_of_the_environment_cannot_pass_for_a_row_of_the_app() {
    let names = ["user", "host", "SHA-256", "working directory", "held until then", "x\" y"];
    let mut it = run(vec!["x".into()]);
    if let Act::Run(run) = &mut it.act {
        let variable = |name: &&str| Variable { name: (*name).into(), value: "root".into() };
        run.environment = Environment::Complete(names.iter().map(variable).collect());
    }
    let sheet = sheet_of(&proposal(vec![it]));
    let foreign = sheet.documents[0].rows.iter().filter(|row| match row {
        Row::Field { label, .. } => !are_ours(label),
        _ => false,
    });
    assert_eq!(foreign.count(), 6);
    let text = sheet.to_text();
    let row = |label: &str, value: &str| format!("\n   {label:<24} {value}\n");
    for (name, quoted) in [("user", "\"user\""), ("host", "\"host\""), ("x\" y", "\"x\\\" y\"")] {
        assert!(text.contains(&row(quoted, "root")) && !text.contains(&row(name, "root")), "{text}");
    }
    assert!(text.contains(&row("user", "mara")) && text.contains(&row("host", "laptop")), "{text}");
}

#[test]
fn a_title_or_a_column_cannot_pass_for_one_of_the_app() {
    let text = sheet_of(&proposal(vec![change("Standard input", None, Some(b"x\n"))])).to_text();
    assert!(text.contains("\n== 1. \"Standard input\" ["), "{text}");
    let known_by = vec![(label("id"), "a".into())];
    let object = Object { id: "b".into(), known_by, sha256: None, size: None };
    let text = sheet_of(&proposal(vec![removal(vec![object]).0])).to_text();
    assert!(text.contains("\n   \"id\" | id\n"), "{text}");
}

#[test]
fn an_environment_cannot_be_called_unknown_by_its_own_name() {
    let mut it = run(vec!["x".into()]);
    it.environment = label("Not known");
    let text = sheet_of(&proposal(vec![it])).to_text();
    assert!(text.contains("Environment    ") && text.contains("\"Not known\""), "{text}");
}

#[test]
fn letters_beside_bytes_are_not_words_of_the_app() {
    let sheet = sheet_of(&proposal(vec![change("/a", None, Some(b"\x7fELF\x02\x01\0\0SHA-256"))]));
    let shown = sheet.documents[0].rows.iter().find_map(|row| match row {
        Row::Line { segments, .. } => segments.last().cloned(),
        _ => None,
    });
    let shown = shown.unwrap();
    assert_eq!((shown.kind, shown.display.as_str()), (SegmentKind::Text, ".ELF....SHA-256"));
}

#[test]
fn what_was_found_above_the_rows_of_one_is_where_it_is_drawn_below_others() {
    let [first, noted, named] = ["plain", "cafe\u{301}", "plain"].map(|said| {
        let mut it = proposal(vec![change("/a", None, Some(b"x\n"))]);
        it.rationale = Some(text(said));
        it
    });
    let mut named = named;
    named.agent.calls_itself = Some(label("e\u{301}"));
    let sheets = [first, noted, named].map(|it| sheet_of(&it));
    let (all, parts) = together(&sheets.each_ref()).unwrap();
    let places: Vec<_> = all.findings.iter().map(|it| it.spots.clone()).collect();
    let [Spot::Rows { document: claim, .. }] = &*places[0] else { panic!("{places:?}") };
    let [Spot::Rows { document: name, .. }] = &*places[1] else { panic!("{places:?}") };
    assert_eq!([*claim, *name], [parts[1].start, parts[2].start]);
    for (at, spots) in (0..).zip(&places) {
        for spot in spots {
            let Spot::Rows { document, rows } = spot else { panic!("{spot:?}") };
            for row in &all.documents[*document].rows[rows.clone()] {
                assert!(segments(row).iter().any(|it| it.findings.contains(&at)), "{row:?}");
            }
        }
    }
}

fn segments(row: &Row) -> &[Segment] {
    match row {
        Row::Field { segments, .. } | Row::Note { segments, .. } => segments,
        _ => &[],
    }
}
