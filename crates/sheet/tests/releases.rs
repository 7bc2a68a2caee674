//! What an agent would do itself: what was there before is its word, unless the gate looked.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use countersign_core::action::{
    Access, Act, Action, Assurance, Audience, Fact, Object, Precondition, PrincipalKind, Reach, Reversibility,
};
use countersign_core::content::Listing;
use countersign_core::proposal::{Effect, Proposal};
use countersign_sheet::{Sheet, plain};
use expect_test::expect;

fn released(action: Action) -> Proposal {
    Proposal { effect: Effect::Release, ..proposal(vec![action]) }
}

/// What a gate adds that looked at the file.
fn looked_at(mut action: Action) -> Action {
    let Act::Change(change) = &action.act else { panic!("{action:?}") };
    let path = change.resource.clone();
    let fact = match &change.before {
        Some(before) => Fact::File { path, sha256: *before.sha256(), mode: change.mode_before },
        None => Fact::Absent { path },
    };
    action.preconditions = vec![Precondition { assurance: Assurance::Checked, fact }];
    action
}

fn folded(sheet: &Sheet) -> usize {
    sheet.documents.iter().flat_map(|it| &it.folds).map(|it| it.len()).sum()
}

fn facts_of(sheet: &Sheet) -> Vec<String> {
    sheet.documents.iter().flat_map(|it| &it.subtitle).map(|it| plain(it)).collect()
}

/// The agent gives an outsider a right, and says that the outsider has it.
fn nothing_new() -> Action {
    let all = vec![grant(PrincipalKind::Person, "stranger", Some(true), "write")];
    let known = Audience::Known { count: 1, guests: None, external: None, bots: None };
    let access = Access {
        resource: "Payroll".into(),
        before: Listing::Inline(all.clone()),
        after: Listing::Inline(all),
        population: Reach { before: known.clone(), after: known },
    };
    action("Payroll", Reversibility::Unknown, Act::Access(access))
}

const LINES: &str = "a line that stays\n";

fn one_line_more(path: &str) -> Action {
    let before = LINES.repeat(100);
    let after = format!("{before}new\n");
    let action = change(path, Some(before.as_bytes()), Some(after.as_bytes()));
    Action { reversibility: Reversibility::Unknown, ..action }
}

#[test]
fn a_right_that_only_the_agent_says_is_there_already_is_not_folded() {
    let acts = sheet_of(&proposal(vec![nothing_new()]));
    assert_eq!(folded(&acts), 1, "the gate read it: this test would say nothing");
    let sheet = sheet_of(&released(nothing_new()));
    assert_eq!(folded(&sheet), 0);
    assert!(facts_of(&sheet).contains(&"what it was before is the agent's word".to_owned()));
    let volume = sheet.to_text();
    let volume = volume.lines().find(|line| line.starts_with("Volume")).unwrap();
    expect!["Volume         3/3  Not known (the agent says: 0 rights, 0 gained, 0 lost)"].assert_eq(volume);
}

#[test]
fn lines_that_only_the_agent_says_are_there_already_are_not_folded() {
    let bytes = |extra: &[u8]| [&b"\0\x01\x02\xff".repeat(2000), extra].concat();
    let binary = |path: &str| change(path, Some(&bytes(b"")), Some(&bytes(b"\0new")));
    for (held, open) in
        [(one_line_more("/srv/notes"), one_line_more("notes")), (binary("/srv/notes"), binary("notes"))]
    {
        assert!(folded(&sheet_of(&released(looked_at(held.clone())))) > 50, "the gate looked");
        for action in [open, held] {
            let sheet = sheet_of(&released(action));
            assert_eq!(folded(&sheet), 0, "{:?}", sheet.headline);
            assert!(facts_of(&sheet).contains(&"what it was before is the agent's word".to_owned()));
        }
    }
}

#[test]
fn what_a_precondition_says_of_another_file_or_other_bytes_holds_nothing() {
    let held = looked_at(one_line_more("/srv/notes"));
    let others: [fn(&mut Fact); 5] = [
        |fact| {
            let Fact::File { path, .. } = fact else { panic!() };
            *path = "/srv/other".into();
        },
        |fact| {
            let Fact::File { sha256, .. } = fact else { panic!() };
            *sha256 = digest("another");
        },
        |fact| {
            let Fact::File { mode, .. } = fact else { panic!() };
            *mode = Some(0o600);
        },
        |fact| {
            let Fact::File { mode, .. } = fact else { panic!() };
            *mode = None;
        },
        |fact| *fact = Fact::Mode { path: "/srv/notes".into(), mode: 0o644 },
    ];
    for other in others {
        let mut action = held.clone();
        other(&mut action.preconditions[0].fact);
        assert_eq!(folded(&sheet_of(&released(action))), 0);
    }
}

/// Who leaves out the mode, or gives one to what is not there, would say that it stays as it is.
#[test]
fn a_mode_that_nobody_looked_at_talks_no_finding_away() {
    let found = |action: &Action| {
        let sheet = sheet_of(&released(action.clone()));
        sheet.findings.into_iter().map(|it| it.rule).collect::<Vec<_>>()
    };
    let with = |before: Option<&[u8]>, was, would| {
        let mut action = change("/srv/run", before, Some(b"after\n"));
        let Act::Change(change) = &mut action.act else { panic!() };
        (change.mode_before, change.mode_after) = (was, Some(would));
        looked_at(action)
    };
    for (set_id, writable) in [(0o6755, 0o777), (0o4644, 0o646)] {
        for before in [None, Some(&b"before\n"[..])] {
            assert_eq!(found(&with(before, None, set_id)), ["mode-set-id"]);
            assert_eq!(found(&with(before, None, writable)), ["mode-world-writable"]);
        }
        assert_eq!(found(&with(Some(b"before\n"), Some(set_id), set_id)), [""; 0], "the gate looked");
        let mut absent = released(with(None, None, set_id));
        let Act::Change(change) = &mut absent.actions.all_mut().unwrap()[0].act else { panic!() };
        change.mode_before = Some(set_id);
        assert!(absent.to_payload().is_err());
        let sheet = countersign_sheet::sheet(&absent, &|_| None).unwrap();
        assert_eq!(sheet.findings[0].rule, "mode-set-id", "a gate that lets it through finds it");
    }
    let widened = sheet_of(&released(with(Some(b"before\n"), None, 0o644))).to_text();
    let reach = widened.lines().find(|line| line.starts_with("Reach")).unwrap();
    assert!(reach.contains("3/3  Not known"), "{reach}");
}

/// Bytes that are the same by the agent's word are as little passed over where not all of it can be drawn.
#[test]
fn bytes_that_do_not_fit_are_counted_though_the_agent_says_that_they_stay() {
    let before = b"\0\x01\x02\xff".repeat(500_000);
    let made = |action: Action, effect| {
        let Act::Change(it) = &action.act else { panic!() };
        let (was, would) = (it.before.clone().unwrap(), it.after.clone().unwrap());
        let blobs = [was, would].map(|it| (*it.sha256(), it.inline_bytes().unwrap().to_vec()));
        let proposal = Proposal { effect, ..proposal(vec![action]) };
        let find = |digest: &_| blobs.iter().find(|(it, _)| it == digest).map(|(_, bytes)| bytes.clone());
        countersign_sheet::sheet(&proposal, &find).unwrap()
    };
    let action = change("notes", Some(&before), Some(&[&before[..], b"\0new"].concat()));
    assert_eq!(made(action.clone(), Effect::Act).hidden(), 0);
    assert!(made(action, Effect::Release).hidden() > 1_000_000);
}

#[test]
fn a_change_whose_file_nobody_looked_at_is_named_for_what_it_leaves() {
    let same = change("notes", Some(b"one\n"), Some(b"one\n"));
    let new = change("notes", None, Some(b"one\n"));
    let gone = change("notes", Some(b"one\n"), None);
    let texts = [same, new, gone].map(|action| {
        let open = Action { reversibility: Reversibility::Unknown, ..action };
        let text = sheet_of(&released(open)).to_text();
        let wanted = |line: &&str| {
            ["wants to", "there before", "Reach", "Volume", "No byte"].iter().any(|it| line.contains(it))
        };
        text.lines().filter(wanted).map(|line| format!("{line}\n")).collect::<String>()
    });
    expect![[r#"
        "forum-helper" (known by its token) wants to write "notes":
        what is there before is not known; whether it can be undone is not known
        Reach          3/3  Not known (the agent says: Users of the machine, mode 0644)
        Volume         3/3  Not known (the agent says: 1 file, 0 lines, 0 added, 0 removed)

        "forum-helper" (known by its token) wants to write "notes":
        what is there before is not known; whether it can be undone is not known
        Reach          3/3  Not known (the agent says: Users of the machine, mode 0644)
        Volume         3/3  Not known (the agent says: 1 file, 1 line, 1 added, 0 removed)

        "forum-helper" (known by its token) wants to delete "notes":
        what is there before is not known; whether it can be undone is not known
        Reach          3/3  Not known (the agent says: Nobody new, mode 0644)
        Volume         3/3  Not known (the agent says: 1 file, 1 line, 0 added, 1 removed)
    "#]]
    .assert_eq(&texts.join("\n"));
}

#[test]
fn that_a_copy_is_kept_is_said_to_be_the_agents_word() {
    let object = Object { id: "/srv/old/1".into(), known_by: vec![], sha256: None, size: None };
    let (mut action, _) = removal(vec![object]);
    let Act::Remove(remove) = &mut action.act else { panic!() };
    remove.kept = true;
    let text = sheet_of(&released(action)).to_text();
    let told: Vec<_> = text.lines().filter(|line| line.contains("copy is kept")).collect();
    expect![[r#"
        whether a copy is kept is not known; nothing can undo it
        Volume         1/3  1 file (the agent says that a copy is kept)
        == 1. What would be removed [1 file, all of them listed; in "/srv/old/"; the agent says that a copy is kept; target "/srv/old"; what these are is the agent's word]"#]].assert_eq(&told.join("\n"));
}

/// An edit as a hook asks for it, whose file the gate looked at, is read as one that the gate makes.
#[test]
fn a_change_whose_file_the_gate_looked_at_is_shown_as_its_own() {
    let action = Action { reversibility: Reversibility::Effort, ..looked_at(one_line_more("/srv/notes")) };
    let (acts, released) = (sheet_of(&proposal(vec![action.clone()])), sheet_of(&released(action)));
    assert_eq!(acts.documents, released.documents);
    assert_eq!(acts.headline.lines, released.headline.lines);
    assert_eq!(acts.facts[..3], released.facts[..3]);
}
