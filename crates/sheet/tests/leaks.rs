//! A secret is drawn nowhere on a sheet on which a mask stands for it, whatever it is a part of.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use countersign_core::action::{Act, Action, Object};
use countersign_core::amendment::{Amendment, Edit};
use countersign_core::proposal::Proposal;
use countersign_sheet::{Marking, MaskKey, Severity, Sheet, amended, difference, hide, hide_in, sheet};

/// Made up, and of the right shape.
fn token() -> String {
    ["glpat", "-", "x7Kq2", "mVt9R", "bW4cZ", "p8LsQ"].concat()
}

fn key() -> MaskKey {
    MaskKey::new([7; 32])
}

/// Everything that is drawn of it.
fn drawn(mut made: Sheet) -> String {
    let all = format!("{made:?}");
    assert!(all.contains(&token()) || all.contains("GitLab token"), "it is nowhere on the sheet");
    hide(&mut made, &key());
    format!("{made:?}")
}

#[track_caller]
fn hidden(actions: Vec<Action>) {
    let all = drawn(sheet_of(&proposal(actions)));
    assert!(!all.contains(&token()), "{all}");
}

fn changes(path: &str, before: &str, after: &str) -> Vec<Action> {
    let side = |text: &str| (!text.is_empty()).then(|| text.as_bytes().to_vec());
    vec![change(path, side(before).as_deref(), side(after).as_deref())]
}

fn runs(argv: &[&str]) -> Vec<Action> {
    vec![run(argv.iter().map(|it| (*it).into()).collect())]
}

#[test]
fn in_a_command_that_is_taken_apart() {
    let t = token();
    hidden(runs(&["sh", "-c", &format!("curl -H 'PRIVATE-TOKEN: {t}' https://example.org | tee /tmp/x")]));
    hidden(runs(&["sh", "-c", &format!("TOKEN={t} ./run > /tmp/{t}")]));
    hidden(runs(&["ssh", "host", "deploy", &format!("--token={t}")]));
    hidden(runs(&["sh", "-c", &format!("case x in a) echo {t};; esac")]));
}

#[test]
fn in_a_table_on_either_side_and_in_the_name_of_an_entry() {
    let t = token();
    hidden(changes("/srv/x.json", &format!("{{\"a\":\"{t}\"}}"), "{\"a\":\"none\"}"));
    hidden(changes("/srv/x.json", &format!("{{\"a\":\"{t}\"}}"), "{}"));
    hidden(changes("/srv/x.json", "{}", &format!("{{\"a\":\"{t}\"}}")));
    hidden(changes("/srv/x.json", &format!("{{\"{t}\":1}}"), &format!("{{\"{t}\":2}}")));
    let list = |n: u32| format!("[{{\"id\":\"a\",\"n\":1}},{{\"id\":\"{t}\",\"n\":{n}}}]");
    hidden(changes("/srv/x.json", &list(1), &list(2)));
    hidden(changes("/srv/x.toml", &format!("a = \"{t}\"\nb = 1\n"), "b = 1\n"));
    hidden(changes("/srv/x.csv", &format!("id,n\na,1\n{t},1\n"), &format!("id,n\na,1\n{t},2\n")));
}

#[test]
fn in_the_names_of_things() {
    let t = token();
    hidden(changes(&format!("/srv/{t}/x"), "", "hello\n"));
    let mut it = changes("/srv/x", "", "hello\n");
    it[0].environment = label(&t);
    hidden(it);
    let object = |id: String, from: &str| {
        let known_by = if from.is_empty() { vec![] } else { vec![(label("from"), from.into())] };
        Object { id: id.as_str().into(), known_by, size: None, sha256: None }
    };
    let folders = (0..12).map(|i| object(format!("/srv/old/{t}/f{i}"), ""));
    let others = (0..12).map(|i| object(format!("/srv/old/b/f{i}"), ""));
    let columns = (0..24).map(|i| object(format!("m{i}"), if i < 12 { &t } else { "x" }));
    for objects in [folders.chain(others).collect(), columns.collect::<Vec<_>>()] {
        let (action, blob) = removal(objects);
        let all = drawn(sheet(&proposal(vec![action]), &|_| blob.clone()).unwrap());
        assert!(!all.contains(&t), "{all}");
    }
}

#[test]
fn in_what_was_edited_and_in_what_differs_from_an_earlier_version() {
    let t = token();
    let both = [changes(&format!("/srv/{t}/x"), "", "hello\n"), changes("/srv/y", "", "hello\n")].concat();
    let edit = Edit { action: 0, field: "after".to_owned(), content: text("other\n") };
    let amendment = Amendment { original: digest("the original"), edits: vec![edit] };
    let all = drawn(amended(&proposal(both), &amendment, &|_| None).unwrap());
    assert!(!all.contains(&t), "{all}");

    let compared = |one: &Proposal, two: &Proposal| {
        let mut beside = sheet_of(two);
        let mut made = difference(one, two, &beside, &|_| None, &Marking::default()).unwrap();
        let all = format!("{made:?}");
        assert!(all.contains(&t) || all.contains("GitLab token"));
        let hidden = hide(&mut beside, &key());
        hide_in(&mut made.documents, &key(), Some(&hidden));
        format!("{:?}", made.documents)
    };
    let file = |text: &str| proposal(changes("/srv/x", "", text));
    let command = |line: &str| proposal(runs(&["sh", "-c", line]));
    let variable = |value: &str| {
        let mut it = runs(&["deploy"]);
        let Act::Run(run) = &mut it[0].act else { panic!() };
        run.environment =
            countersign_core::action::Environment::Complete(vec![countersign_core::action::Variable {
                name: "GITLAB_TOKEN".into(),
                value: value.into(),
            }]);
        proposal(it)
    };
    for (one, two) in [
        (file(&format!("token = {t}\n")), file("other\n")),
        (command("./run"), command(&format!("TOKEN={t} ./run"))),
        (variable("none"), variable(&t)),
    ] {
        let all = compared(&one, &two);
        assert!(!all.contains(&t), "{all}");
    }
}

fn worst(before: &str, after: &str) -> Option<Severity> {
    sheet_of(&proposal(changes("/srv/x.sh", before, after))).findings.iter().map(|it| it.severity).max()
}

#[test]
fn what_is_new_is_found_behind_however_much_of_its_kind_was_there() {
    for known in [48, 49, 50, 51, 60, 500] {
        let old: String = (0..known).map(|at| format!("rm -rf /srv/build/{at}\n")).collect();
        let blocks = worst(&old, &format!("{old}rm -rf /home /etc\n"));
        assert_eq!(blocks, Some(Severity::Blocking), "{known}");
    }
}

#[test]
fn what_is_destroyed_blocks_whatever_stands_around_it() {
    for line in [
        "ufw disable; rm -rf /srv/data; git push --force origin main; terraform destroy -auto-approve",
        "chmod 777 /tmp/build && kubectl delete namespace prod",
        "docker exec --privileged db psql -c 'DROP DATABASE prod'",
    ] {
        let made = sheet_of(&proposal(runs(&["bash", "-c", line])));
        let gone = ["deletes-files", "deletes-resource", "deletes-data", "destroys-history"];
        let gone: Vec<_> = made.findings.iter().filter(|it| gone.contains(&it.rule.as_str())).collect();
        assert!(
            !gone.is_empty() && gone.iter().all(|it| it.severity == Severity::Blocking),
            "{line}: {gone:?}"
        );
    }
}

#[test]
fn a_long_line_of_many_secrets_is_marked_without_looking_at_all_of_them_each_time() {
    let line: String = (0..1500).map(|at| format!("{}{at:05}=x ", token())).collect();
    let all = sheet_of(&proposal(changes("/srv/x.txt", "", &line)));
    assert!(!all.findings.is_empty());
}
