//! What a person said before of what was found: one value at one destination, or one rule.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use common::*;
use countersign_core::digest::Digest;
use countersign_core::proposal::Proposal;
use countersign_sensitivity::{Rules, TeamRules};
use countersign_sheet::{Marking, MaskKey, Row, Severity, Sheet, difference, hide, hide_in, sheet_with};

/// Made up, and of the right shape.
fn token() -> String {
    ["glpat", "-", "x7Kq2", "mVt9R", "bW4cZ", "p8LsQ"].concat()
}

fn key() -> MaskKey {
    MaskKey::new([7; 32])
}

fn writes(paths: &[&str], text: &str) -> Proposal {
    proposal(paths.iter().map(|path| change(*path, None, Some(text.as_bytes()))).collect())
}

fn made(of: &Proposal, marking: &Marking) -> Sheet {
    sheet_with(of, &|_| None, marking).unwrap()
}

/// What there is to say that all secrets of this sheet are none where they go.
fn all_of(sheet: &Sheet) -> HashSet<Digest> {
    sheet.findings.iter().flat_map(|it| &it.secrets).map(|it| it.here(&key()).unwrap()).collect()
}

fn having_said(no_secrets: HashSet<Digest>) -> Marking {
    Marking::default().with_no_secrets(key(), no_secrets)
}

fn of(sheet: &Sheet) -> Vec<(&str, Severity, bool)> {
    sheet.findings.iter().map(|it| (it.rule.as_str(), it.severity, it.is_settled)).collect()
}

fn hides(sheet: &Sheet) -> bool {
    let segments = |row: &Row| match row {
        Row::Line { segments, .. } => segments.iter().any(|it| it.secret.is_some()),
        _ => false,
    };
    sheet.documents.iter().flat_map(|it| &it.rows).any(segments)
}

#[test]
fn what_was_said_to_be_no_secret_is_a_note_where_it_was_said_and_weighs_in_full_elsewhere() {
    let text = format!("token = {}\n", token());
    let here = writes(&["/srv/app.conf"], &text);
    let plain = made(&here, &Marking::default());
    assert_eq!((plain.findings[0].severity, hides(&plain)), (Severity::Blocking, true));
    let said = having_said(all_of(&plain));
    let settled = made(&here, &said);
    assert_eq!(of(&settled), [(plain.findings[0].rule.as_str(), Severity::Note, true)]);
    assert_eq!(settled.findings[0].id, plain.findings[0].id, "it is the same finding");
    assert!(!hides(&settled), "what is no secret is not hidden");
    assert_ne!(settled.digest(), plain.digest(), "the sheet says that it was said");
    for elsewhere in [
        writes(&["/srv/other.conf"], &text),
        Proposal { gate: "another".parse().unwrap(), ..here.clone() },
        writes(&["/srv/app.conf"], &text.replace("x7Kq2", "x7Kq3")),
    ] {
        let made = made(&elsewhere, &said);
        assert_eq!((made.findings[0].severity, made.findings[0].is_settled), (Severity::Blocking, false));
        assert!(hides(&made));
    }
}

#[test]
fn a_text_that_goes_to_two_places_is_settled_when_both_are() {
    let text = format!("token = {}\n", token());
    let both = writes(&["/srv/app.conf", "/srv/other.conf"], &text);
    let one = all_of(&made(&writes(&["/srv/app.conf"], &text), &Marking::default()));
    let other = all_of(&made(&writes(&["/srv/other.conf"], &text), &Marking::default()));
    for said in [&one, &other] {
        let made = made(&both, &having_said(said.clone()));
        assert_eq!(made.findings.len(), 1);
        assert_eq!((made.findings[0].severity, made.findings[0].is_settled), (Severity::Blocking, false));
        assert!(!made.findings[0].title.contains("you said"), "{}", made.findings[0].title);
    }
    let whole = made(&both, &having_said(one.union(&other).copied().collect()));
    assert_eq!((whole.findings[0].severity, whole.findings[0].is_settled), (Severity::Note, true));
}

#[test]
fn one_value_of_several_says_nothing_of_the_others() {
    let text = format!("token = {}\ntoken = {}\n", token(), token().replace("x7Kq2", "x7Kq3"));
    let it = writes(&["/srv/app.conf"], &text);
    let plain = made(&it, &Marking::default());
    assert_eq!(plain.findings.len(), 2);
    let first: HashSet<_> = plain.findings[0].secrets.iter().map(|it| it.here(&key()).unwrap()).collect();
    let severities: Vec<_> = made(&it, &having_said(first)).findings.iter().map(|it| it.severity).collect();
    assert_eq!(severities, [Severity::Blocking, Severity::Note]);
}

#[test]
fn what_was_said_with_another_key_was_not_said() {
    let it = writes(&["/srv/app.conf"], &format!("token = {}\n", token()));
    let said = all_of(&made(&it, &Marking::default()));
    let marking = Marking::default().with_no_secrets(MaskKey::new([8; 32]), said);
    assert!(!made(&it, &marking).findings[0].is_settled);
}

#[test]
fn what_the_gate_requires_stays_settled_and_is_named_all_the_same() {
    let it = writes(&["/srv/app.conf"], &format!("token = {}\n", token()));
    let plain = made(&it, &Marking::default());
    let required = Proposal { acknowledge: vec![plain.findings[0].id.clone()], ..it };
    let settled = made(&required, &having_said(all_of(&plain)));
    assert_eq!(settled.findings.len(), 1);
    assert_eq!((settled.findings[0].severity, settled.findings[0].is_settled), (Severity::Note, true));
}

#[test]
fn a_rule_that_was_demoted_weighs_one_step_less_and_one_of_secrets_never_less_than_a_warning() {
    let text = format!("token = {}\nsudo rm -rf /srv/data\nmail to anna.schmidt@posteo.de\n", token());
    let it = writes(&["/srv/run.sh"], &text);
    let plain = made(&it, &Marking::default());
    assert!(plain.findings.len() > 2, "{:?}", of(&plain));
    let all: BTreeSet<String> = plain.findings.iter().map(|it| it.rule.clone()).collect();
    let demoted = made(&it, &Marking::default().with_demoted(all));
    for before in &plain.findings {
        let after = demoted.findings.iter().find(|it| it.id == before.id).unwrap();
        let expected = match before.severity {
            Severity::Blocking => Severity::Warning,
            Severity::Warning if !before.secrets.is_empty() => Severity::Warning,
            _ => Severity::Note,
        };
        assert_eq!(after.severity, expected, "{}", before.rule);
    }
    // What the gate wants acknowledged is acknowledged.
    let ids = plain.findings.iter().filter(|it| it.severity == Severity::Blocking).map(|it| it.id.clone());
    let required = Proposal { acknowledge: ids.collect(), ..it };
    let all: BTreeSet<String> = plain.findings.iter().map(|it| it.rule.clone()).collect();
    let made = made(&required, &Marking::default().with_demoted(all));
    let blocking =
        |sheet: &Sheet| sheet.findings.iter().filter(|it| it.severity == Severity::Blocking).count();
    assert_eq!(blocking(&made), blocking(&plain));
}

#[test]
fn rules_of_a_team_and_names_of_ones_own_are_looked_for_too() {
    let team = TeamRules::parse(
        "[[rules]]\nid = \"garden-key\"\ndescription = \"Garden key\"\nregex = '''gk_[a-z]{12}'''\nkeywords = [\"gk_\"]\n",
    );
    let marking = Marking::new(Arc::new(Rules::with(team.unwrap(), &["Project Larch".to_owned()])));
    let it =
        writes(&["/srv/notes.txt"], "Project larch starts on Monday.\nUse gk_abcdefghijkl for the gate.\n");
    assert_eq!(of(&made(&it, &Marking::default())), []);
    let made = made(&it, &marking);
    let rules: Vec<_> = made.findings.iter().map(|it| it.rule.as_str()).collect();
    assert_eq!(rules.len(), 2, "{rules:?}");
    assert!(rules.contains(&"own-name") && hides(&made), "{rules:?}");
}

#[test]
fn what_a_rule_for_some_paths_finds_is_hidden_where_it_goes_too() {
    let team = "[[rules]]\nid = 'gk'\nregex = 'gk_[a-z]{12}'\npath = '\\.conf$'\nkeywords = ['gk_']";
    let rules = Rules::with(TeamRules::parse(team).unwrap(), &[]);
    let marking = Marking::new(Arc::new(rules));
    let (old, new) = ("id: gk_abcdefghijkl\n", "id: gk_mnopqrstuvwx\n");
    let of = |before: &str, after: &str| {
        proposal(vec![change("/srv/x.conf", Some(before.as_bytes()), Some(after.as_bytes()))])
    };
    let (first, second) = (of("none\n", old), of(old, new));
    let mut sheet = made(&second, &marking);
    let mut beside = difference(&first, &second, &sheet, &|_| None, &marking).unwrap();
    let hidden = hide(&mut sheet, &key());
    hide_in(&mut beside.documents, &key(), Some(&hidden));
    for all in [format!("{sheet:?}"), format!("{beside:?}")] {
        assert!(all.contains("id: ") && !all.contains("abcdefgh") && !all.contains("mnopqrst"), "{all}");
    }
}

#[test]
fn a_rule_of_a_team_is_for_its_files_and_one_with_a_long_name_does_no_harm() {
    let rules = |id: &str, more: &str| {
        let text =
            format!("[[rules]]\nid = \"{id}\"\nregex = '''gk_[a-z]{{12}}'''\nkeywords = [\"gk_\"]\n{more}");
        let team = TeamRules::parse(&text).unwrap();
        (team.left_out().len(), Marking::new(Arc::new(Rules::with(team, &[]))))
    };
    let it = writes(&["/srv/notes.txt"], "Use gk_abcdefghijkl for the gate.\n");
    let count = |marking: &Marking| made(&it, marking).findings.len();
    assert_eq!(count(&rules("garden", "path = '''notes'''\n").1), 1);
    assert_eq!(count(&rules("garden", "path = '''secrets'''\n").1), 0);
    for id in ["x".repeat(80), "x".repeat(81), "x".repeat(500), "two words".to_owned(), String::new()] {
        let (left_out, marking) = rules(&id, "");
        assert_eq!(count(&marking) + left_out, 1, "{id}");
    }
}

#[test]
fn a_secret_in_the_name_of_what_would_be_removed_is_hidden() {
    let object = |name: String| countersign_core::action::Object {
        id: format!("/srv/old/{name}").as_str().into(),
        known_by: vec![],
        size: None,
        sha256: None,
    };
    let (action, _) =
        removal(vec![object(format!("backup-{}.tar", token())), object("plain.txt".to_owned())]);
    let made = made(&proposal(vec![action]), &Marking::default());
    assert_eq!(
        of(&made).iter().map(|it| it.1).collect::<Vec<_>>(),
        [Severity::Warning],
        "{:?}",
        made.findings
    );
    assert_eq!(made.findings[0].secrets.len(), 1);
    let mut drawn = made;
    assert!(format!("{drawn:?}").contains(&token()), "there is something to hide");
    hide(&mut drawn, &key());
    let drawn = format!("{drawn:?}");
    assert!(!drawn.contains(&token()));
    assert!(drawn.contains("plain.txt"));
}

#[test]
fn among_more_than_are_listed_those_that_the_gate_asks_for_are_the_same_ones() {
    let lines: String = (0..300).map(|at| format!("rm -rf /srv/build/{at}\n")).collect();
    let paths: Vec<String> = (0..8).map(|at| format!("/srv/run{at}.sh")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let texts = paths.iter().enumerate().map(|(at, path)| {
        change(*path, None, Some(format!("token = {}\n{lines}# {at}\n", token()).as_bytes()))
    });
    let it = proposal(texts.collect());
    let gate = made(&it, &Marking::default());
    let asked: Vec<_> =
        gate.findings.iter().filter(|it| it.severity == Severity::Blocking).map(|it| it.id.clone()).collect();
    assert!(asked.len() > 200, "{}", asked.len());
    let required = Proposal { acknowledge: asked, ..it };
    let settled = made(&required, &having_said(all_of(&gate)));
    assert!(settled.findings.iter().any(|it| it.is_settled));
    let unknown: Vec<_> = settled.findings.iter().filter(|it| it.rule == "required").collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
