//! What is sensitive is found where it matters, and weighs what it weighs there.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::stands::everything_stands;
use common::*;
use countersign_core::action::{Act, Audience, Environment, Format, Post, Reach, Reversibility, Variable};
use countersign_sheet::{MaskKey, Row, SegmentKind, Severity, Sheet, masked};

/// Made up, and of the right shape.
fn token() -> String {
    ["glpat", "-", "x7Kq2", "mVt9R", "bW4cZ", "p8LsQ"].concat()
}

fn of(sheet: &Sheet) -> Vec<(&str, Severity)> {
    sheet.findings.iter().map(|it| (it.rule.as_str(), it.severity)).collect()
}

fn written(mode: Option<u32>, before: Option<&str>, after: &str) -> Sheet {
    let mut it = change("/srv/app.conf", before.map(str::as_bytes), Some(after.as_bytes()));
    let Act::Change(change) = &mut it.act else { panic!() };
    (change.mode_before, change.mode_after) = (before.and(mode), mode);
    let made = sheet_of(&proposal(vec![it]));
    everything_stands(&made);
    made
}

fn posted(after: Audience, body: &str) -> Sheet {
    let post = Post {
        place: label("#infra-help"),
        body: text(body),
        format: Format::Plain,
        name: None,
        thread: None,
        in_reply_to: None,
        attachments: vec![],
        reach: Reach { before: Audience::Unknown, after },
    };
    let made = sheet_of(&proposal(vec![action("#infra-help", Reversibility::Effort, Act::Post(post))]));
    everything_stands(&made);
    made
}

#[test]
fn a_secret_weighs_by_who_can_read_the_file() {
    let text = format!("token = {}\n", token());
    for (mode, expected) in [
        (Some(0o600), Severity::Warning),
        (Some(0o640), Severity::Blocking),
        (Some(0o644), Severity::Blocking),
        (None, Severity::Blocking),
    ] {
        let made = written(mode, None, &text);
        assert_eq!(of(&made)[0].1, expected, "{mode:?} {:?}", made.findings);
        assert_eq!(made.findings.len(), 1, "{:?}", made.findings);
    }
}

#[test]
fn a_secret_that_was_there_counts_and_one_that_goes_is_only_noted() {
    let text = format!("# Settings\ntoken = {}\n", token());
    let made = written(Some(0o644), Some(&text), &format!("{text}colour = blue\n"));
    assert_eq!(made.findings[0].severity, Severity::Blocking);
    let made = written(Some(0o644), Some(&text), "# Settings\n");
    assert_eq!(of(&made), [("secret-removed", Severity::Note)]);
}

#[test]
fn a_line_that_goes_is_not_hidden_as_a_part_of_a_key_unless_it_is_looked_at() {
    let row =
        |with: &str| format!("{with}{}\n", ["MIIEvQIBADANBgkqhkiG9w0B", "AQEFAASCBKcwggSjAgEAAoIB"].concat());
    let key = |inside: &str| {
        let (first, last) = ("-----BEGIN PRIVATE KEY-----\n", "-----END PRIVATE KEY-----\n");
        format!("{first}{}{}{inside}{}{last}", row(""), row("x7Kq2mVt"), "pLsQ2w==\n")
    };
    let check = "verify_signatures || exit 1\n";
    for (goes, expected) in [(key(""), Severity::Note), (key(check), Severity::Blocking)] {
        let made = written(Some(0o755), Some(&format!("#!/bin/sh\n{goes}echo\n")), "#!/bin/sh\necho\n");
        assert_eq!(of(&made), [("secret-removed", expected)], "{goes}");
    }
    // What looks for a key is none, and hides nothing.
    let hook = format!("grep -q -- '-----BEGIN PRIVATE KEY-----' notes && exit 1\n{check}echo\n");
    let made = written(Some(0o755), Some(&format!("#!/bin/sh\n{hook}")), "#!/bin/sh\necho\n");
    assert!(!of(&made).iter().any(|it| it.0 == "secret-removed"), "{:?}", of(&made));
}

#[test]
fn what_a_script_does_already_is_not_done_by_its_change() {
    let script = "#!/bin/sh\nrm -rf /srv/data\n";
    let made = written(Some(0o755), Some(script), &format!("{script}echo done\n"));
    assert!(made.findings.is_empty(), "{:?}", made.findings);
    let made = written(Some(0o755), Some("#!/bin/sh\n"), script);
    assert_eq!(made.findings.len(), 1, "{:?}", made.findings);
}

#[test]
fn personal_data_weighs_by_who_reads_the_post() {
    let body = "Please pay to DE89 3704 0044 0532 0130 00.\n";
    let team = Audience::Known { count: 12, guests: Some(0), external: Some(0), bots: None };
    let guests = Audience::Known { count: 12, guests: Some(1), external: Some(0), bots: None };
    let worst = |made: &Sheet| made.findings.iter().map(|it| it.severity).max();
    let [inside, outside, everyone] =
        [team, guests, Audience::Everyone].map(|audience| worst(&posted(audience, body)));
    assert_eq!(inside, Some(Severity::Warning));
    assert_eq!((outside, everyone), (Some(Severity::Blocking), Some(Severity::Blocking)));
}

#[test]
fn a_secret_among_arguments_is_one_finding_in_the_line_and_in_its_argument() {
    for argument in [format!("PRIVATE-TOKEN: {}", token()), format!("it's: {}", token()), token()] {
        let made = sheet_of(&proposal(vec![run(vec!["curl".into(), "-H".into(), argument.clone().into()])]));
        everything_stands(&made);
        let secrets: Vec<_> = made.findings.iter().filter(|it| it.title.contains("token")).collect();
        let [found] = secrets.as_slice() else { panic!("{:?}", made.findings) };
        assert_eq!((found.severity, found.spots.len()), (Severity::Blocking, 2), "{found:?}");
        let hidden: Vec<String> = made.documents[0].rows.iter().filter_map(hidden).collect();
        assert_eq!(hidden, [token(), token()], "{argument}");
    }
}

fn hidden(row: &Row) -> Option<String> {
    let (Row::Field { segments, .. } | Row::Argument { segments, .. }) = row else { return None };
    let hidden: Vec<_> = segments.iter().filter(|it| it.secret.is_some()).collect();
    (!hidden.is_empty()).then(|| hidden.iter().map(|it| it.display.as_str()).collect())
}

#[test]
fn a_variable_is_read_with_its_name() {
    let mut it = run(vec!["backup".into()]);
    let Act::Run(run) = &mut it.act else { panic!() };
    run.environment =
        Environment::Complete(vec![Variable { name: "DB_PASSWORD".into(), value: "Wq7zR2kx9LmTv4".into() }]);
    let made = sheet_of(&proposal(vec![it]));
    everything_stands(&made);
    let rows = &made.documents[0].rows;
    assert_eq!(rows.iter().filter_map(hidden).collect::<Vec<_>>(), ["Wq7zR2kx9LmTv4"], "{:?}", made.findings);
}

#[test]
fn of_what_is_said_secrets_matter_and_commands_do_not() {
    let mut it = proposal(vec![change("/a", None, Some(b"a\n"))]);
    it.rationale = Some(text("I would rather not run rm -rf / here.\n"));
    assert!(sheet_of(&it).findings.is_empty(), "{:?}", sheet_of(&it).findings);
    it.rationale = Some(text(format!("I used {} for it.\n", token())));
    let made = sheet_of(&it);
    assert_eq!(made.findings[0].severity, Severity::Warning, "{:?}", made.findings);
    let drawn: Vec<String> = made.claim.iter().flat_map(|line| shown(line)).collect();
    assert!(!drawn.concat().contains("x7Kq2"), "{drawn:?}");
}

fn shown(line: &[countersign_sheet::Segment]) -> Vec<String> {
    let masked = masked(line, &MaskKey::new([3; 32]), &|_| false);
    masked.iter().map(|it| it.display.clone()).collect()
}

#[test]
fn every_secret_of_very_many_is_hidden() {
    let alphabet: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
    let token = |n: usize| -> String {
        let letter = |at: usize| alphabet[(n * 7919 + at * 613 + at * at * 17 + n / 13) % alphabet.len()];
        format!("glpat-{}", (0..20).map(letter).collect::<String>())
    };
    let text: String = (0..400).map(|n| format!("- {}\n", token(n))).collect();
    let made = written(Some(0o644), None, &text);
    let lines = made.documents[0].rows.iter().filter_map(|row| match row {
        Row::Line { segments, .. } => Some(segments),
        _ => None,
    });
    let mut counted = 0;
    for line in lines {
        counted += 1;
        assert!(line.iter().any(|it| it.secret.is_some()), "{line:?}");
        let masks = masked(line, &MaskKey::new([3; 32]), &|_| false);
        assert!(masks.iter().any(|it| it.kind == SegmentKind::Mask));
        assert!(!shown(line).concat().contains("glpat"), "{:?}", shown(line));
    }
    assert_eq!(counted, 400);
}

#[test]
fn beside_a_sheet_a_chip_names_each_secret() {
    let text = format!("done\nuse {} twice: {}\nbye", token(), token());
    let (lines, more) = countersign_sheet::lines(text.as_bytes(), 10);
    let all: Vec<String> = lines.iter().flatten().map(|it| it.display.clone()).collect();
    assert!(!all.concat().contains("x7Kq2"), "{all:?}");
    assert_eq!((lines.len(), more), (3, 0));
    let chips = lines[1].iter().filter(|it| matches!(it.kind, SegmentKind::Chip { .. }));
    assert_eq!(chips.filter(|it| it.display.ends_with(", 26 characters")).count(), 2, "{all:?}");
    assert!(lines.iter().flatten().all(|it| it.findings.is_empty()));
}

#[test]
fn what_is_hidden_can_be_shown_one_finding_at_a_time() {
    let other = token().replace('x', "y");
    let mut it = change("/a", None, Some(format!("one {}\ntwo {other}\n", token()).as_bytes()));
    it.target = "/a".into();
    let made = sheet_of(&proposal(vec![it]));
    let mut shown = made.clone();
    let hidden = countersign_sheet::hide(&mut shown, &MaskKey::new([3; 32]));
    let text = |sheet: &Sheet| format!("{:?}", sheet.documents);
    assert!(!text(&shown).contains("x7Kq2") && !text(&shown).contains("y7Kq2"));
    assert!(
        shown.findings.iter().all(|it| it.masked.as_deref().is_some_and(|it| it.contains("26 characters")))
    );
    let first = shown.findings.iter().position(|it| it.spots == made.findings[0].spots).unwrap() as u32;
    hidden.show(&mut shown, &[first]);
    assert_eq!([text(&shown).contains("x7Kq2"), text(&shown).contains("y7Kq2")], [true, false]);
    hidden.show(&mut shown, &[]);
    assert!(!text(&shown).contains("x7Kq2"));
    hidden.show(&mut shown, &[0, 1]);
    assert_eq!(shown.documents, made.documents);
}

#[test]
fn a_list_tells_no_secret_of_a_name() {
    let target = format!("/srv/{}/job", token());
    let made = countersign_sheet::told(countersign_sheet::would(&proposal(vec![change(
        target.as_str(),
        None,
        Some(b"a\n"),
    )])));
    let drawn: String = made.iter().map(|it| it.display.as_str()).collect();
    assert!(!drawn.contains("x7Kq2") && drawn.contains("/srv/") && drawn.ends_with("/job"), "{drawn}");
    assert!(made.iter().any(|it| matches!(it.kind, SegmentKind::Chip { .. })), "{made:?}");
}

#[test]
fn what_is_advised_and_opens_access_in_one_place_is_asked_about_once() {
    let body =
        "Set the bucket to public:\n\n    aws s3api put-bucket-acl --bucket reports --acl public-read\n";
    let made = posted(Audience::Everyone, body);
    let on_line = |line: &str| {
        let at = body.find(line).unwrap();
        let row = body[..at].matches('\n').count();
        let here = |it: &&countersign_sheet::Finding| {
            it.spots
                .iter()
                .any(|spot| matches!(spot, countersign_sheet::Spot::Rows { rows, .. } if rows.contains(&row)))
        };
        made.findings.iter().filter(here).map(|it| it.severity).collect::<Vec<_>>()
    };
    let found = on_line("aws s3api");
    assert!(found.len() > 1, "{:?}", made.findings);
    assert_eq!(found.iter().filter(|it| **it == Severity::Blocking).count(), 1, "{:?}", made.findings);
    // Two things that are destroyed are two.
    let made =
        sheet_of(&proposal(vec![run(vec!["sh".into(), "-c".into(), "rm -rf a && git push --force".into()])]));
    let blocking = made.findings.iter().filter(|it| it.severity == Severity::Blocking);
    assert_eq!(blocking.count(), 2, "{:?}", made.findings);
}
