//! Secrets are hidden until a person asks for them, and what a person says of findings is kept and undone.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::action::Act;
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_reviewer::{Answer, ApproveState, Decide, Error, Opened, Reason};
use countersign_sheet::{Row, Severity, Sheet};
use world::{World, passphrase, world};

/// Made up, and of the right shape.
fn token() -> String {
    ["glpat", "-", "x7Kq2", "mVt9R", "bW4cZ", "p8LsQ"].concat()
}

fn written(world: &mut World, path: &str, text: &str) -> Digest {
    let mut proposal = world.gate.proposal();
    let action = &mut proposal.actions.all_mut().unwrap()[0];
    action.target = path.into();
    let Act::Change(change) = &mut action.act else { panic!() };
    change.resource = path.into();
    change.after = Some(Content::inline("text/plain", text.as_bytes().to_vec()));
    world.gate.send_proposal(&proposal)
}

fn drawn(sheet: &Sheet) -> String {
    let rows = sheet.documents.iter().flat_map(|it| &it.rows);
    let text = rows.map(|row| match row {
        Row::Line { segments, .. } => segments.iter().map(|it| it.display.as_str()).collect::<String>(),
        _ => String::new(),
    });
    text.collect()
}

/// The one finding of a secret, and the sheet.
fn found(opened: &Opened) -> (Label, Digest, Severity) {
    let sheet = opened.sheet.as_ref().unwrap();
    let found: Vec<_> = sheet.findings.iter().filter(|it| !it.secrets.is_empty()).collect();
    let [found] = found.as_slice() else { panic!("{:?}", sheet.findings) };
    (found.id.clone(), opened.sheet_digest.unwrap(), found.severity)
}

fn reveal(world: &World, digest: &Digest, sheet: &Digest) -> std::sync::Arc<Sheet> {
    world.it().reveal(digest, sheet, &[0]).unwrap()
}

#[test]
fn a_secret_is_drawn_when_asked_for_and_acknowledged_after_that() {
    let mut world = world();
    let digest = written(&mut world, "/srv/app.conf", &format!("token = {}\n", token()));
    let sheet = world.read_all(&digest);
    let opened = world.opened(&digest);
    let (finding, _, severity) = found(&opened);
    assert_eq!(severity, Severity::Blocking);
    assert!(!drawn(opened.sheet.as_ref().unwrap()).contains(&token()));
    assert!(!format!("{opened:?}").contains(&token()), "nor anything else that the window is given");
    world.it().unlock(&passphrase()).unwrap();
    let refused = world.it().acknowledge(&digest, &sheet, &finding, Some(Reason::Intended));
    assert!(matches!(refused, Err(Error::FindingMasked)), "{refused:?}");
    assert_eq!(world.it().bar(&digest).unwrap().masked, [0]);
    assert!(drawn(&reveal(&world, &digest, &sheet)).contains(&token()));
    assert!(world.it().bar(&digest).unwrap().masked.is_empty());
    assert!(!drawn(world.opened(&digest).sheet.as_ref().unwrap()).contains(&token()), "for a moment only");
    let refused = world.it().acknowledge(&digest, &sheet, &finding, Some(Reason::Intended));
    assert!(matches!(refused, Err(Error::TooSoon { .. })), "nobody reads that fast: {refused:?}");
    world.clock.pass(800);
    world.it().acknowledge(&digest, &sheet, &finding, Some(Reason::Intended)).unwrap();
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::Ready);
}

#[test]
fn what_is_no_secret_here_is_none_here_alone_until_it_is_taken_back() {
    let mut world = world();
    let text = format!("first\ntoken = {}\n", token());
    let digest = written(&mut world, "/srv/app.conf", &text);
    let elsewhere = written(&mut world, "/srv/other.conf", &text);
    let sheet = world.read_all(&digest);
    let (finding, ..) = found(&world.opened(&digest));
    // Who did not see it cannot know.
    let refused = world.it().no_secret(&digest, &sheet, &finding);
    assert!(matches!(refused, Err(Error::FindingMasked)), "{refused:?}");
    reveal(&world, &digest, &sheet);
    world.clock.pass(800);
    let opened = world.it().no_secret(&digest, &sheet, &finding).unwrap();
    let (again, new, severity) = found(&opened);
    assert_eq!((again, severity), (finding.clone(), Severity::Note));
    assert_ne!(new, sheet);
    assert!(drawn(opened.sheet.as_ref().unwrap()).contains(&token()), "what is no secret is not hidden");
    assert_eq!(found(&world.opened(&elsewhere)).2, Severity::Blocking);

    // It is listed, without the text, and kept over a restart.
    world.restart();
    let listed = world.it().finding_settings().unwrap();
    let [said] = listed.no_secrets.as_slice() else { panic!("{listed:?}") };
    assert_eq!((said.target.as_slice(), said.characters), (&b"/srv/app.conf"[..], token().len() as u64));
    assert!(!format!("{listed:?}").contains(&token()));
    assert_eq!(listed.rules.iter().map(|it| it.not_useful).sum::<u64>(), 1);
    assert_eq!(found(&world.opened(&digest)).2, Severity::Note);
    world.it().secret_again(&said.here).unwrap();
    assert!(world.it().finding_settings().unwrap().no_secrets.is_empty());
    assert_eq!(found(&world.opened(&digest)).2, Severity::Blocking);
}

#[test]
fn what_the_gate_wants_acknowledged_is_named_as_no_secret_and_what_was_seen_stays_seen() {
    let mut world = world();
    let text = format!("first\ntoken = {}\n", token());
    let probe = written(&mut world, "/srv/app.conf", &text);
    let (required, ..) = found(&world.opened(&probe));
    let mut proposal = world.gate.proposal();
    proposal.acknowledge = vec![required.clone()];
    let action = &mut proposal.actions.all_mut().unwrap()[0];
    action.target = "/srv/app.conf".into();
    let Act::Change(change) = &mut action.act else { panic!() };
    change.resource = "/srv/app.conf".into();
    change.after = Some(Content::inline("text/plain", text.into_bytes()));
    let digest = world.gate.send_proposal(&proposal);
    let sheet = world.read_all(&digest);
    reveal(&world, &digest, &sheet);
    world.clock.pass(800);
    let opened = world.it().no_secret(&digest, &sheet, &required).unwrap();
    let sheet = opened.sheet_digest.unwrap();
    world.it().shown(&digest, &sheet).unwrap();
    let bar = world.it().bar(&digest).unwrap();
    assert!(bar.blocking.is_empty() && bar.unseen < opened.sheet.as_ref().unwrap().rows(), "{bar:?}");
    let sheet = world.read_all(&digest);
    world.it().unlock(&passphrase()).unwrap();
    let answer = Answer::Approve { not_shown: None };
    let decide = Decide { proposal: digest, sheet: Some(sheet), answer, comment: None };
    let signed = world.it().decide(decide).unwrap();
    let decision = world.decision(&world.gate.take(), &signed.digest);
    let said = &decision.value().predicate.acknowledged;
    assert_eq!(said.len(), 1);
    assert_eq!((said[0].id.clone(), said[0].reason.as_deref()), (required, Some("not_secret")));
}

#[test]
fn names_and_rules_of_ones_own_are_looked_for_from_then_on() {
    let mut world = world();
    let text = "Project Larch begins.\nUse gk_abcdefghijkl there.\n";
    let digest = written(&mut world, "/srv/notes.txt", text);
    let rules = |world: &World| -> Vec<String> {
        world.opened(&digest).sheet.unwrap().findings.iter().map(|it| it.rule.clone()).collect()
    };
    assert_eq!(rules(&world), [""; 0]);
    world.it().set_names("# ours\nproject larch\n").unwrap();
    assert_eq!(rules(&world), ["own-name"]);
    let team = "[[rules]]\nid = \"garden-key\"\nregex = '''gk_[a-z]{12}'''\nkeywords = [\"gk_\"]\n";
    world.it().set_team_rules(Some(team)).unwrap();
    assert_eq!(rules(&world).len(), 2);
    assert!(!drawn(world.opened(&digest).sheet.as_ref().unwrap()).contains("gk_abc"));

    // What cannot be used changes nothing.
    let refused = [
        world.it().set_names("ok so far\nx\n"),
        world.it().set_team_rules(Some("[[rules")),
        world.it().set_team_rules(Some("title = \"none\"\n")),
    ];
    assert!(matches!(refused, [Err(Error::Names(_)), Err(Error::TeamRules(_)), Err(Error::TeamRules(_))]));
    world.restart();
    assert_eq!(rules(&world).len(), 2);
    let settings = world.it().finding_settings().unwrap();
    assert_eq!((settings.names.as_str(), settings.trouble), ("# ours\nproject larch\n", None));
    assert_eq!(settings.team.map(|it| it.rules), Some(1));

    world.it().set_names("").unwrap();
    world.it().set_team_rules(None).unwrap();
    assert_eq!(rules(&world), [""; 0]);
}

#[test]
fn what_is_of_use_is_counted_once_for_each_finding() {
    let mut world = world();
    let digest = written(&mut world, "/srv/app.conf", &format!("token = {}\n", token()));
    let sheet = world.read_all(&digest);
    let (finding, ..) = found(&world.opened(&digest));
    let counts = |world: &World| -> Vec<(u64, u64)> {
        world.it().finding_settings().unwrap().rules.iter().map(|it| (it.useful, it.not_useful)).collect()
    };
    assert_eq!(counts(&world), []);
    world.it().judge(&digest, &sheet, &finding, true).unwrap();
    world.it().judge(&digest, &sheet, &finding, false).unwrap();
    assert_eq!(counts(&world), [(0, 1)]);
    // Its acknowledgement says nothing that was not said.
    world.it().unlock(&passphrase()).unwrap();
    reveal(&world, &digest, &sheet);
    world.clock.pass(800);
    world.it().acknowledge(&digest, &sheet, &finding, Some(Reason::Intended)).unwrap();
    let answer = Answer::Approve { not_shown: None };
    world.it().decide(Decide { proposal: digest, sheet: Some(sheet), answer, comment: None }).unwrap();
    assert_eq!(counts(&world), [(0, 1)]);
}

#[test]
fn a_rule_weighs_less_when_a_person_says_so_and_again_what_it_weighs() {
    let mut world = world();
    let digest = written(&mut world, "/srv/app.conf", &format!("token = {}\n", token()));
    let rule = world.opened(&digest).sheet.unwrap().findings[0].rule.clone();
    world.it().demote(&rule, true).unwrap();
    assert_eq!(found(&world.opened(&digest)).2, Severity::Warning);
    let settings = world.it().finding_settings().unwrap();
    assert!(settings.rules.iter().any(|it| it.rule == rule && it.demoted.is_some()), "{settings:?}");
    world.it().demote(&rule, false).unwrap();
    assert_eq!(found(&world.opened(&digest)).2, Severity::Blocking);
}

#[test]
fn what_was_not_on_screen_and_what_a_program_does_with_a_text_is_not_said_to_be_no_secret() {
    let mut world = world();
    let long = format!("{}token = {}\n", "a line\n".repeat(500), token());
    let digest = written(&mut world, "/srv/app.conf", &long);
    let opened = world.opened(&digest);
    let (finding, sheet, _) = found(&opened);
    world.it().shown(&digest, &sheet).unwrap();
    reveal(&world, &digest, &sheet);
    world.clock.pass(5000);
    let refused = world.it().no_secret(&digest, &sheet, &finding);
    assert!(matches!(refused, Err(Error::FindingNotSeen)), "{refused:?}");

    // Who writes where a text goes can be anybody: only what the gate does itself is remembered.
    let mut proposal = world.gate.proposal();
    proposal.effect = countersign_core::proposal::Effect::Release;
    let action = &mut proposal.actions.all_mut().unwrap()[0];
    let Act::Change(change) = &mut action.act else { panic!() };
    change.after = Some(Content::inline("text/plain", format!("token = {}\n", token()).into_bytes()));
    let released = world.gate.send_proposal(&proposal);
    let opened = world.opened(&released);
    assert!(opened.sheet.unwrap().findings.iter().all(|it| !it.can_be_settled()));
}

#[test]
fn what_is_said_of_a_file_of_ones_own_is_not_said_of_it_once_others_can_read_it() {
    let mut world = world();
    let send = |world: &mut World, mode: u32| {
        let mut proposal = world.gate.proposal();
        let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act else { panic!() };
        change.mode_after = Some(mode);
        change.after = Some(Content::inline("text/plain", format!("token = {}\n", token()).into_bytes()));
        world.gate.send_proposal(&proposal)
    };
    let (private, open) = (send(&mut world, 0o600), send(&mut world, 0o644));
    let sheet = world.read_all(&private);
    let (finding, _, severity) = found(&world.opened(&private));
    assert_eq!(severity, Severity::Warning);
    let at = world.opened(&private).sheet.unwrap().findings.iter().position(|it| it.id == finding).unwrap();
    world.it().reveal(&private, &sheet, &[u32::try_from(at).unwrap()]).unwrap();
    world.clock.pass(800);
    world.it().no_secret(&private, &sheet, &finding).unwrap();
    assert_eq!(found(&world.opened(&private)).2, Severity::Note);
    assert_eq!(found(&world.opened(&open)).2, Severity::Blocking);
}

#[test]
fn a_key_of_masks_that_cannot_be_read_keeps_nobody_from_refusing() {
    let mut world = world();
    let digest = written(&mut world, "/srv/app.conf", &format!("token = {}\n", token()));
    let path = world.layout().app().join("mask.key");
    world.stop();
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    world.start_again();
    let settings = world.it().finding_settings().unwrap();
    assert!(settings.trouble.is_some_and(|it| it.contains("mask.key")));
    let opened = world.opened(&digest);
    assert!(!drawn(opened.sheet.as_ref().unwrap()).contains(&token()));
    let deny = Decide { proposal: digest, sheet: opened.sheet_digest, answer: Answer::Deny, comment: None };
    world.it().decide(deny).unwrap();
}

#[test]
fn with_the_key_of_masks_what_was_said_by_it_is_lost_and_that_is_said() {
    let mut world = world();
    let digest = written(&mut world, "/srv/app.conf", &format!("token = {}\n", token()));
    let sheet = world.read_all(&digest);
    let (finding, _, _) = found(&world.opened(&digest));
    reveal(&world, &digest, &sheet);
    world.clock.pass(800);
    world.it().no_secret(&digest, &sheet, &finding).unwrap();
    assert_eq!(world.it().finding_settings().unwrap().no_secrets.len(), 1);
    let path = world.layout().app().join("mask.key");
    world.stop();
    std::fs::write(&path, b"no key").unwrap();
    world.start_again();
    let settings = world.it().finding_settings().unwrap();
    assert!(settings.no_secrets.is_empty());
    assert!(settings.trouble.is_some_and(|it| it.contains("mask.key) was lost")));
    assert_eq!(found(&world.opened(&digest)).2, Severity::Blocking);
    // Once.
    world.restart();
    assert_eq!(world.it().finding_settings().unwrap().trouble, None);
}

#[test]
fn what_is_too_long_to_be_read_back_is_not_kept() {
    let world = world();
    world.it().set_names("Project Larch\n").unwrap();
    let long = "# a comment\n".repeat(120_000);
    assert!(matches!(world.it().set_names(&long), Err(Error::Names(_))));
    assert!(matches!(world.it().set_team_rules(Some(&long)), Err(Error::TeamRules(_))));
    assert_eq!(world.it().finding_settings().unwrap().names, "Project Larch\n");
}

#[test]
fn rules_that_were_written_with_an_editor_are_those_of_the_index_too() {
    let mut world = world();
    let digest = written(&mut world, "/srv/notes.txt", "Use gk_abcdefghijkl with care.\n");
    world.opened(&digest);
    let found = |world: &World, text: &str| {
        let rows = |world: &World| world.it().search(text, None).unwrap();
        let begun = std::time::Instant::now();
        // It is indexed when there is time for it.
        while rows(world).unindexed > 0 && begun.elapsed().as_secs() < 20 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        rows(world).rows.len()
    };
    assert_eq!(found(&world, "gk_abcdefghijkl"), 1);
    let path = world.layout().app().join("rules.toml");
    world.stop();
    let rule = "[[rules]]\nid = \"garden\"\nregex = '''gk_[a-z]{12}'''\nkeywords = [\"gk_\"]\n";
    std::fs::write(path, rule).unwrap();
    world.start();
    assert_eq!((found(&world, "gk_abcdefghijkl"), found(&world, "care")), (0, 1));
}
