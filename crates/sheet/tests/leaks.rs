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

/// Made up, of three forms; the second is longer than a cell of a table is wide, the third than a line.
fn tokens() -> [String; 3] {
    let github = ["ghp", "_", "x7Kq2mVt9R", "bW4cZp8LsQ", "h3Jd6Fg1Ny", "5Tv0Xe"].concat();
    let part = |json: String| data_encoding::BASE64URL_NOPAD.encode(json.as_bytes());
    let claims: String = (0..12).map(|at| format!(",\"claim{at}\":\"v{}\"", at * 7919 + 13)).collect();
    let jwt = [
        part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".to_owned()),
        part(format!("{{\"sub\":\"10238842\"{claims}}}")),
        "Zq8Yt3Kd0wVb6NfLx2Rj9Hs7Mc4Pa1Ug5EiTQoBkCyD".to_owned(),
    ];
    [token(), github, jwt.join(".")]
}

/// Everything that is drawn of it.
fn drawn(mut made: Sheet, token: &str) -> String {
    let all = format!("{made:?}");
    let is_named = ["token, ", "Token, ", "token\", "].iter().any(|it| all.contains(it));
    assert!(is_named || told(&all, token).is_some(), "it is nowhere on the sheet: {all}");
    hide(&mut made, &key());
    format!("{made:?}")
}

/// A piece of `token` that is drawn: a row can have a part of it only.
fn told(all: &str, token: &str) -> Option<String> {
    let piece = token.as_bytes().windows(9).find(|it| all.contains(std::str::from_utf8(it).unwrap()));
    piece.map(|it| String::from_utf8_lossy(it).into_owned())
}

#[track_caller]
fn hidden(make: impl Fn(&str) -> Vec<Action>) {
    for token in tokens() {
        let actions = make(&token);
        let all = drawn(sheet_of(&proposal(actions)), &token);
        assert_eq!(told(&all, &token), None, "{} bytes: {all}", token.len());
    }
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
    hidden(|t| {
        runs(&["sh", "-c", &format!("curl -H 'PRIVATE-TOKEN: {t}' https://example.org | tee /tmp/x")])
    });
    hidden(|t| runs(&["sh", "-c", &format!("TOKEN={t} ./run > /tmp/{t}")]));
    hidden(|t| runs(&["ssh", "host", "deploy", &format!("--token={t}")]));
    hidden(|t| runs(&["ssh", "host", "deploy", "--token", t]));
    hidden(|t| runs(&["sh", "-c", &format!("case x in a) echo {t};; esac")]));
}

#[test]
fn in_a_table_on_either_side_and_in_the_name_of_an_entry() {
    hidden(|t| changes("/srv/x.json", &format!("{{\"a\":\"{t}\"}}"), "{\"a\":\"none\"}"));
    hidden(|t| changes("/srv/x.json", &format!("{{\"a\":\"{t}\"}}"), "{}"));
    hidden(|t| changes("/srv/x.json", "{}", &format!("{{\"a\":\"{t}\"}}")));
    hidden(|t| changes("/srv/x.json", &format!("{{\"{t}\":1}}"), &format!("{{\"{t}\":2}}")));
    let list = |t: &str, n: u32| format!("[{{\"id\":\"a\",\"n\":1}},{{\"id\":\"{t}\",\"n\":{n}}}]");
    hidden(|t| changes("/srv/x.json", &list(t, 1), &list(t, 2)));
    hidden(|t| changes("/srv/x.toml", &format!("a = \"{t}\"\nb = 1\n"), "b = 1\n"));
    hidden(|t| changes("/srv/x.yaml", &format!("a: {t}\nb: 1\n"), "a: none\nb: 1\n"));
    hidden(|t| changes("/srv/x.csv", &format!("id,n\na,1\n{t},1\n"), &format!("id,n\na,1\n{t},2\n")));
}

#[test]
fn in_the_names_of_things() {
    let t = token();
    hidden(|t| changes(&format!("/srv/{t}/x"), "", "hello\n"));
    hidden(|t| {
        let mut it = changes("/srv/x", "", "hello\n");
        // A name is no longer than that.
        if t.len() <= 200 {
            it[0].environment = label(t);
        } else {
            it = changes(&format!("/srv/{t}/y"), "", "hello\n");
        }
        it
    });
    let object = |id: String, from: &str| {
        let known_by = if from.is_empty() { vec![] } else { vec![(label("from"), from.into())] };
        Object { id: id.as_str().into(), known_by, size: None, sha256: None }
    };
    let folders = (0..12).map(|i| object(format!("/srv/old/{t}/f{i}"), ""));
    let others = (0..12).map(|i| object(format!("/srv/old/b/f{i}"), ""));
    let columns = (0..24).map(|i| object(format!("m{i}"), if i < 12 { &t } else { "x" }));
    for objects in [folders.chain(others).collect(), columns.collect::<Vec<_>>()] {
        let (action, blob) = removal(objects);
        let all = drawn(sheet(&proposal(vec![action]), &|_| blob.clone()).unwrap(), &t);
        assert_eq!(told(&all, &t), None, "{all}");
    }
}

#[test]
fn in_what_was_edited_and_in_what_differs_from_an_earlier_version() {
    let t = token();
    let both = [changes(&format!("/srv/{t}/x"), "", "hello\n"), changes("/srv/y", "", "hello\n")].concat();
    let edit = Edit { action: 0, field: "after".to_owned(), content: text("other\n") };
    let amendment = Amendment { original: digest("the original"), edits: vec![edit] };
    let all = drawn(amended(&proposal(both), &amendment, &|_| None).unwrap(), &t);
    assert_eq!(told(&all, &t), None, "{all}");

    let compared = |one: &Proposal, two: &Proposal, t: &str| {
        let mut beside = sheet_of(two);
        let mut made = difference(one, two, &beside, &|_| None, &Marking::default()).unwrap();
        let all = format!("{made:?}");
        assert!(told(&all, t).is_some() || all.contains("GitLab token"));
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
    for t in tokens() {
        for (one, two) in [
            (file(&format!("token = {t}\n")), file("other\n")),
            (file("other\n"), file(&format!("token = {t}\n"))),
            (command("./run"), command(&format!("TOKEN={t} ./run"))),
            (command(&format!("TOKEN={t} ./run")), command("./run")),
            (command("./run"), command(&format!("mysql -p{t} shop"))),
            (variable("none"), variable(&t)),
        ] {
            let all = compared(&one, &two, &t);
            assert_eq!(told(&all, &t), None, "{all}");
        }
    }
}

/// A private key of `lines` of base64.
fn private_key(seed: u32, lines: usize) -> Vec<String> {
    let mut state = seed;
    let mut line = || {
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()
        };
        let bytes: Vec<u8> = (0..12).flat_map(|_| next()).collect();
        data_encoding::BASE64.encode(&bytes)
    };
    let edge = |word: &str| format!("-----{word} {} KEY-----", "PRIVATE");
    [edge("BEGIN")].into_iter().chain((0..lines).map(|_| line())).chain([edge("END")]).collect()
}

#[test]
fn in_lines_that_go_of_what_stays_around_them() {
    let (old, new) = (private_key(1, 12), private_key(2, 12));
    let text = |key: &[String]| format!("# the key\n{}\n", key.join("\n"));
    let mut made = sheet_of(&proposal(changes("/srv/key.pem", &text(&old), &text(&new))));
    hide(&mut made, &key());
    let all = format!("{made:?}");
    for line in old.iter().chain(&new).filter(|it| !it.starts_with('-')) {
        assert_eq!(told(&all, line), None);
    }
    assert!(all.contains("# the key"));
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

/// What is drawn of what would happen, and whether any of it has to be seen.
fn masks(made: &mut Sheet) -> (String, bool) {
    hide(made, &key());
    (format!("{:?}", (&made.headline, &made.documents)), made.findings.iter().any(|it| it.hides_elsewhere))
}

#[test]
fn what_is_only_said_hides_nothing_of_what_would_happen() {
    let edge = |word: &str| format!("-----{word} {} KEY-----", "PRIVATE");
    let key_of = private_key(3, 1);
    let script =
        "curl -fsSL https://get.example.org/agent -o /srv/app/bin/agent\ninstall -m 755 agent /srv/bin\n";
    let claims = [
        format!("{}\n{}\n{script}{}\n", edge("BEGIN"), key_of[1], edge("END")),
        "mysql -u app -p/etc/cron.d/report".to_owned(),
        "mysql -u app -pU+202E".to_owned(),
    ];
    for claim in claims {
        let file = |path: &str, body: &str| changes(path, "", body);
        for actions in [
            file("/srv/app/deploy.sh", script),
            file("/etc/cron.d/report", "hello\n"),
            file("/srv/x.txt", "if \u{202e}x\n"),
        ] {
            let mut plain = sheet_of(&proposal(actions.clone()));
            let mut of = proposal(actions);
            of.rationale = Some(text(claim.as_str()));
            let mut made = sheet_of(&of);
            let (plain, _) = masks(&mut plain);
            let (with, elsewhere) = masks(&mut made);
            assert_eq!(shape(&plain), shape(&with), "{claim}");
            assert!(!elsewhere);
        }
    }
}

/// Without the numbers of findings, which a claim can have too.
fn shape(all: &str) -> String {
    let mut rest = all;
    let mut made = String::new();
    while let Some((before, after)) = rest.split_once("findings: [") {
        made.push_str(before);
        rest = after.split_once(']').unwrap().1;
    }
    made + rest
}

#[test]
fn what_hides_text_in_other_places_too_has_to_be_seen() {
    let config = changes("/home/mara/.my.cnf", "", "[client]\npassword = Tq8/etc/cron.d\n");
    let mut one = config.clone();
    if let Act::Change(it) = &mut one[0].act {
        it.mode_after = Some(0o600);
    }
    let alone = masks(&mut sheet_of(&proposal(one.clone())));
    assert!(!alone.1, "{}", alone.0);
    one.extend(changes("/srv/notes.txt", "", "see Tq8/etc/cron.d for it\n"));
    let mut made = sheet_of(&proposal(one));
    let (all, elsewhere) = masks(&mut made);
    assert!(elsewhere, "{all}");
    assert!(!all.contains("Tq8/etc"));
    assert!(made.findings.iter().any(|it| it.hides_elsewhere && it.severity == Severity::Blocking));
}

#[test]
fn a_chip_says_what_is_there_whatever_is_called_a_secret() {
    let actions = changes("/srv/x.txt", "", "password = U+202E-U+202E\nif \u{202e}x\n");
    let (all, _) = masks(&mut sheet_of(&proposal(actions)));
    assert!(all.contains("RLO U+202E"), "{all}");
}

#[test]
fn what_is_hidden_in_a_request_is_looked_at_and_what_a_program_calls_itself_hides_nothing() {
    let mut file = changes("/home/mara/.netrc", "", "machine h login u password Tq8production\n");
    if let Act::Change(it) = &mut file[0].act {
        it.mode_after = Some(0o600);
    }
    let mut of = proposal(file);
    of.asked = Some(asked("clean staging, not Tq8production"));
    let mut made = sheet_of(&of);
    assert!(masks(&mut made).1, "{:?}", made.findings);

    let mut of = proposal(changes("/srv/Tq8backups.txt", "", "hello\n"));
    of.agent.calls_itself = Some(label("helper of https://u:/srv/Tq8backups@h"));
    let (all, elsewhere) = masks(&mut sheet_of(&of));
    assert!(!elsewhere && all.contains("/srv/Tq8backups.txt"), "{all}");
}

#[test]
fn a_command_in_a_mask_is_looked_at_whoever_can_read_it() {
    let edge = |word: &str| format!("-----{word} {} KEY-----", "PRIVATE");
    let lines = private_key(5, 2);
    for text in [
        format!("{}\n{}\n/opt/Agent/RunOnce /srv/Data\n{}\n", edge("BEGIN"), lines[1], edge("END")),
        "mysql -u app '-pTq8abc;/usr/local/bin/wipe' shop\n".to_owned(),
    ] {
        let mut script = changes("/home/mara/x.sh", "", &text);
        if let Act::Change(it) = &mut script[0].act {
            it.mode_after = Some(0o700);
        }
        let mut made = sheet_of(&proposal(script));
        hide(&mut made, &key());
        let blocks =
            |it: &countersign_sheet::Finding| it.masked.is_some() && it.severity == Severity::Blocking;
        assert!(made.findings.iter().any(blocks), "{text}: {:?}", made.findings);
    }
    let made = sheet_of(&proposal(runs(&["bash", "-c", "mysql -u app -pTq8abcZ7&&/usr/local/bin/wipe"])));
    assert!(
        made.findings.iter().flat_map(|it| &it.secrets).all(|it| it.characters == 8),
        "{:?}",
        made.findings
    );
}
