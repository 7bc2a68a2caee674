//! What was found stands somewhere on the sheet, and in no fold.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::stands::everything_stands;
use common::*;
use countersign_core::action::{Access, Act, Audience, PrincipalKind, Reach, Reversibility};
use countersign_core::amendment::{Amendment, Edit};
use countersign_core::content::Listing;
use countersign_core::proposal::Proposal;
use countersign_sheet::{Finding, Severity, amended, sheet};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn check(proposal: &Proposal, expected: Expect) {
    let made = sheet_of(proposal);
    let mut text = String::new();
    for (at, it) in made.findings.iter().enumerate() {
        let place: String = it.place.iter().map(|it| it.display.as_str()).collect();
        text += &format!("{} {:?} {}: {} ({place})\n", at + 1, it.severity, it.rule, it.title);
    }
    expected.assert_eq(&text);
    everything_stands(&made);
}

#[test]
fn what_a_change_does_besides_its_lines_is_found() {
    let mut it = change("/a", Some(b"one\ntwo\n"), Some(b"one\r\ntwo"));
    if let Act::Change(change) = &mut it.act {
        change.mode_after = Some(0o4755);
    }
    check(
        &proposal(vec![it]),
        expect![[r#"
            1 Blocking mode-set-id: It would run with another's rights (in the facts of document 1)
            2 Warning line-ends: Lines would end otherwise (in the facts of document 1)
            3 Note final-newline: The final newline would be lost (in the facts of document 1)
            4 Note white-space-only: 1 change is of white space alone (in the facts of document 1)
        "#]],
    );
}

#[test]
fn an_encoding_that_changes_is_found() {
    check(
        &proposal(vec![change(
            "/a",
            Some("caf\u{e9} and a good many plain letters\n".as_bytes()),
            Some(b"caf\xe9 and a good many plain letters\n"),
        )]),
        expect![[r#"
            1 Warning encoding: The encoding would change (in the facts of document 1)
            2 Warning invalid-utf8: No text (1 bytes) (document 1, line 1)
        "#]],
    );
}

#[test]
fn the_same_text_is_found_once_and_stands_wherever_it_is() {
    check(
        &proposal(vec![change(
            "/srv/\u{202e}fdp.exe",
            None,
            Some("if x {\u{202e} } // \u{2066}\n".as_bytes()),
        )]),
        expect![[r#"
            1 Blocking bidi-control: Text direction overridden (in the headline)
            2 Blocking bidi-control: Text direction overridden (document 1, line 1)
            3 Warning type-mismatch: It is not a Windows program, and is said to be (in the facts of document 1)
        "#]],
    );
}

#[test]
fn a_claim_and_a_request_are_looked_at_too() {
    let mut it = proposal(vec![change("/a", None, Some(b"a\n"))]);
    it.rationale = Some(text("quite \u{200b}harmless\n"));
    it.asked = Some(asked("add\u{202e} a line"));
    check(
        &it,
        expect![[r#"
        1 Blocking bidi-control: Text direction overridden (in what was asked)
        2 Blocking invisible-character: Invisible character (U+200B) (in the agent's claim)
    "#]],
    );
}

#[test]
fn arguments_and_names_are_looked_at() {
    check(
        &proposal(vec![run(vec!["rsync".into(), "\u{1b}[2J--delete".into()])]),
        expect![[r#"
            1 Blocking terminal-escape: Terminal escape that erases or shifts text (document 1, argument 1)
        "#]],
    );
}

/// The name that the gate knows it by is where the one that it gives itself begins.
#[test]
fn a_name_that_begins_like_another_takes_no_mark_from_it() {
    let mut proposal = proposal(vec![change("/srv/a", None, Some(b"a\n"))]);
    proposal.agent.name = label("\u{200c}");
    proposal.agent.calls_itself = Some(label("\u{200c}bot\u{202e}"));
    let made = sheet_of(&proposal);
    assert!(made.findings.iter().any(|it| it.rule == "bidi-control"), "{:?}", made.findings);
    everything_stands(&made);
}

#[test]
fn what_the_gate_requires_blocks_even_where_it_is_not_known() {
    let mut it = proposal(vec![change("/a", Some(b"one\ntwo\n"), Some(b"one\r\ntwo\r\n"))]);
    let known = sheet_of(&it).findings[0].id.clone();
    it.acknowledge = vec![known, label("some-rule:0-1")];
    check(
        &it,
        expect![[r#"
            1 Blocking line-ends: Lines would end otherwise (in the facts of document 1)
            2 Blocking required: A finding of the gate that is not known here (nowhere on this sheet)
            3 Note white-space-only: 1 change is of white space alone (in the facts of document 1)
        "#]],
    );
}

#[test]
fn what_the_gate_found_of_a_new_file_is_gone_with_the_text_that_is_replaced() {
    let mut action = change("/a", None, Some(b"one\n"));
    if let Act::Change(change) = &mut action.act {
        change.mode_after = Some(0o4755);
    }
    let mut original = proposal(vec![action]);
    original.acknowledge = vec![sheet_of(&original).findings[0].id.clone()];
    let edit = Edit { action: 0, field: "after".to_owned(), content: text("two\n") };
    let amendment = Amendment { original: digest("the original"), edits: vec![edit] };
    let made = amended(&original, &amendment, &|_| None).unwrap();
    let rules: Vec<_> = made.findings.iter().map(|it| it.rule.as_str()).collect();
    assert_eq!(rules, ["mode-set-id"], "found anew, and the old one is not asked for");
}

#[test]
fn an_unchanged_line_with_a_finding_is_never_folded() {
    let mut before = vec!["line\n".to_owned(); 60];
    before[30] = "hid\u{202e}den\n".to_owned();
    let mut after = before.clone();
    after[59] = "end\n".to_owned();
    let made = sheet_of(&proposal(vec![change(
        "/a",
        Some(before.concat().as_bytes()),
        Some(after.concat().as_bytes()),
    )]));
    everything_stands(&made);
    let found: Vec<&Finding> = made.findings.iter().filter(|it| it.severity == Severity::Blocking).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(made.documents[0].folds.len(), 2, "above and below it");
}

#[test]
fn a_right_that_stays_is_not_folded_where_something_is_found_in_it() {
    let sheet = |name: &str| {
        let kept = grant(PrincipalKind::Person, name, None, "read");
        let access = Access {
            resource: "Payroll".into(),
            before: Listing::Inline(vec![kept.clone()]),
            after: Listing::Inline(vec![kept]),
            population: Reach { before: Audience::Unknown, after: Audience::Unknown },
        };
        sheet_of(&proposal(vec![action("Payroll", Reversibility::Effort, Act::Access(access))]))
    };
    let made = sheet("ma\u{202e}ra");
    everything_stands(&made);
    assert_eq!((made.findings.len(), made.documents[0].folds.len()), (1, 0));
    assert_eq!(sheet("mara").documents[0].folds.len(), 1);
}

#[test]
fn very_many_are_counted_and_none_is_lost() {
    let many: Vec<_> = (0..300).map(|at| format!("a{at}\u{202e}b").as_str().into()).collect();
    let made = sheet_of(&proposal(vec![run(many)]));
    everything_stands(&made);
    assert_eq!(made.findings.len(), 201);
    let rest = made.findings.iter().find(|it| it.rule == "more-findings").unwrap();
    assert_eq!((rest.severity, rest.title.as_str()), (Severity::Blocking, "100 findings more"));
    assert_eq!(rest.spots.len(), 1, "rows that follow one another are one place");
}

#[test]
fn a_few_bytes_that_are_no_text_hide_nothing_of_the_rest() {
    check(
        &proposal(vec![change("/deploy", None, Some("if x {\u{202e} } // \u{2066}\n# \0\n".as_bytes()))]),
        expect![[r#"
            1 Blocking bidi-control: Text direction overridden (document 1, line 1)
            2 Blocking control-character: Control character NUL (U+0000) (document 1, line 2)
        "#]],
    );
}

#[test]
fn a_text_that_becomes_bytes_or_is_called_one_is_a_warning() {
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(b"echo no".iter().flat_map(|it| [*it, 0])).collect();
    check(
        &proposal(vec![change("/deploy", Some(b"echo yes\n"), Some(&wide))]),
        expect![[r#"
            1 Warning not-text: A text would become bytes that are no text (in the facts of document 1)
        "#]],
    );
    check(
        &proposal(vec![change("/deploy.sh", None, Some(&wide))]),
        expect![[r#"
            1 Warning type-mismatch: It is no text, and is said to be (in the facts of document 1)
            2 Note not-text: Bytes, not text (in the facts of document 1)
        "#]],
    );
}

#[test]
fn of_more_than_are_listed_the_worst_are() {
    let notes: Vec<_> = (0..250).map(|at| format!("a{at}\u{a0}b").as_str().into()).collect();
    let mut it = run(notes);
    if let Act::Run(run) = &mut it.act {
        run.argv.push("hid\u{202e}den".into());
    }
    let made = sheet_of(&proposal(vec![it]));
    everything_stands(&made);
    let first = made.findings.first().unwrap();
    assert_eq!((first.severity, first.rule.as_str()), (Severity::Blocking, "bidi-control"));
    let rest = made.findings.iter().find(|it| it.rule == "more-findings").unwrap();
    assert_eq!((rest.severity, rest.title.as_str()), (Severity::Note, "51 findings more"));
    assert_eq!(made.findings.len(), 201);
    // The gate requires what blocks; the app lists the same.
    let mut again = made.findings.clone();
    again.retain(|it| it.severity == Severity::Blocking);
    assert_eq!(again.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn every_finding_stands_somewhere(before in nasty(), after in nasty(), name in nasty()) {
        let name = String::from_utf8_lossy(&name[..name.len().min(60)]).replace('\0', "");
        let mut it = proposal(vec![
            change(format!("/{name}").as_str(), Some(&before), Some(&after)),
            run(vec![name.as_str().into()]),
        ]);
        it.rationale = Some(text(&after));
        let made = sheet(&it, &|_| None).unwrap();
        everything_stands(&made);
        prop_assert_eq!(made.digest(), sheet(&it, &|_| None).unwrap().digest());
    }
}

fn nasty() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => "[ -~]{0,20}\n?".prop_map(String::into_bytes),
        2 => any::<char>().prop_map(|ch| ch.to_string().into_bytes()),
        2 => prop::sample::select(vec!["\u{202e}", "\u{2066}", "\u{2069}", "\u{200b}", "\u{1b}[1m", "\u{430}dmin", "e\u{301}", "\r", "\r\n"])
            .prop_map(|it| it.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|it| it.concat())
}
