//! Editing, then approving: what is signed is what the person made of it, and was shown as that.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::action::{Act, Call};
use countersign_core::amendment::Amendment;
use countersign_core::content::Content;
use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::proposal::{Effect, Need, Proposal};
use countersign_reviewer::{
    Answer, ApproveState, Decide, Editable, Error, ItemState, NewText, NotEditable, Opened,
};
use countersign_sheet::View;
use countersign_sources::spool::Kind;
use world::{Sent, World, done, passphrase, world};

const APPROVE: Answer = Answer::Approve { not_shown: None };

fn new_text(text: &str) -> NewText {
    NewText { action: 0, field: "after".to_owned(), text: text.to_owned() }
}

fn edit(world: &World, digest: &Digest, text: &str) -> Result<Opened, Error> {
    world.it().look().unwrap();
    world.it().edit(digest, &[new_text(text)])
}

/// Shows all of the sheet as it is now, and approves it.
fn approve(world: &World, digest: &Digest) -> Result<Digest, Error> {
    let sheet = world.read_all(digest);
    let decide = Decide { proposal: *digest, sheet: Some(sheet), answer: APPROVE, comment: None };
    world.it().decide(decide).map(|signed| signed.digest)
}

/// What lies beside the messages of the gate's box.
fn blob(world: &World, digest: &Digest) -> Option<Vec<u8>> {
    world.gate.reader.as_ref().unwrap().blob(digest)
}

fn decisions(sent: &[Sent]) -> Vec<Digest> {
    sent.iter().filter(|it| it.kind == Kind::Decision).map(|it| it.digest).collect()
}

/// A file of `before`, which would become `after`.
fn changing(world: &mut World, after: &[u8]) -> Proposal {
    let mut proposal = world.gate.proposal();
    let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act else { panic!() };
    // Whatever ends its lines did so before.
    let before = if after.contains(&b'\r') { "one\r\ntwo\r\n" } else { "one\ntwo\n" };
    change.before = Some(Content::inline("text/plain", before.as_bytes().to_vec()));
    change.after = Some(Content::inline("text/plain", after.to_vec()));
    proposal
}

#[test]
fn what_is_signed_is_the_amendment_and_it_is_there_before_the_decision() {
    let mut world = world();
    let proposal = changing(&mut world, b"one\r\nthree\r\n");
    let digest = world.gate.send_proposal(&proposal);
    let agents = world.opened(&digest);
    assert_eq!((agents.editable, agents.amended), (Editable::Yes, None));
    assert_eq!(world.it().texts(&digest).unwrap()[0].agent.as_deref(), Ok("one\nthree\n"));

    let mine = edit(&world, &digest, "one\nfour\n").unwrap();
    let documents = &mine.sheet.as_ref().unwrap().documents;
    assert_eq!((documents.len(), documents[0].view), (2, View::Diff));
    assert_eq!(documents[0].title[0].display, "What you changed");
    assert_ne!(mine.sheet_digest, agents.sheet_digest);
    let texts = world.it().texts(&digest).unwrap();
    assert_eq!(texts[0].edited.as_deref(), Some("one\nfour\n"));
    let signed = approve(&world, &digest).unwrap();

    let sent = world.gate.take();
    let decision = world.decision(&sent, &signed);
    let (subject, it) = (decision.value().subject, &decision.value().predicate);
    assert_eq!(
        (it.verdict, it.nonce, Some(it.sheet.sha256)),
        (Verdict::Approve, proposal.nonce, mine.sheet_digest)
    );
    assert_eq!(mine.amended, Some(subject));
    let amendment = Amendment::parse(&blob(&world, &subject).unwrap()).unwrap();
    assert_eq!(amendment.original, digest);
    let Act::Change(change) = amendment.apply(&proposal).unwrap().actions[0].act.clone() else { panic!() };
    // Its line ends are those of the agent's version.
    assert_eq!(change.after.unwrap().inline_bytes(), Some(&b"one\r\nfour\r\n"[..]));
}

#[test]
fn the_arguments_of_a_call_are_edited_like_a_text() {
    let mut world = world();
    let mut proposal = world.gate.proposal();
    proposal.actions.all_mut().unwrap()[0].act = Act::Call(Call {
        server: "files".parse().unwrap(),
        tool: "remove".parse().unwrap(),
        definition: None,
        arguments: Content::inline("application/json", b"{\"path\": \"/srv\"}\n".to_vec()),
    });
    let digest = world.gate.send_proposal(&proposal);
    assert_eq!(world.opened(&digest).editable, Editable::Yes);
    world.it().look().unwrap();
    let text = "{\"path\": \"/srv/old\"}\n";
    let edit = NewText { action: 0, field: "arguments".to_owned(), text: text.to_owned() };
    let mine = world.it().edit(&digest, &[edit]).unwrap();
    let first = &mine.sheet.as_ref().unwrap().documents[0];
    assert_eq!(first.title[0].display, "What you changed");

    // What a call does is not understood: the key has to be unlocked for this sheet.
    world.read_all(&digest);
    world.it().unlock(&passphrase()).unwrap();
    let signed = approve(&world, &digest).unwrap();
    let sent = world.gate.take();
    let subject = world.decision(&sent, &signed).value().subject;
    assert_eq!(mine.amended, Some(subject));
    let amendment = Amendment::parse(&blob(&world, &subject).unwrap()).unwrap();
    let Act::Call(call) = amendment.apply(&proposal).unwrap().actions[0].act.clone() else { panic!() };
    assert_eq!(call.arguments.inline_bytes(), Some(text.as_bytes()));
}

#[test]
fn a_long_text_travels_beside_and_all_of_it_is_sent_again_after_a_crash() {
    let mut world = world();
    let digest = world.gate.propose();
    let long = "a line of the person\n".repeat(2000);
    edit(&world, &digest, &long).unwrap();
    world.gate.stop();
    let signed = approve(&world, &digest).unwrap();
    // All that was written so far is lost on its way.
    let new = world.layout().gate_box(&world.gate.id);
    for folder in ["new", "blobs"] {
        for file in std::fs::read_dir(new.join(folder)).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
    }
    world.gate.start();
    world.restart();
    let opened = world.opened(&digest);
    assert!(matches!(opened.state, ItemState::Signed { .. }));
    assert!(opened.amended.is_some() && opened.decision.unwrap().amended && opened.answers[0].amended);
    assert_eq!(opened.sheet.unwrap().documents[0].title[0].display, "What you changed");
    let sent = world.gate.take();
    assert_eq!(decisions(&sent), [signed]);
    let subject = world.decision(&sent, &signed).value().subject;
    let amendment = Amendment::parse(&blob(&world, &subject).unwrap()).unwrap();
    assert_eq!(blob(&world, amendment.edits[0].content.sha256()), Some(long.into_bytes()));
    // The row in the lists says so as well.
    world.gate.acknowledge(&[signed]);
    world.gate.receipt(&digest, true, done());
    assert!(matches!(world.state(&digest), ItemState::Executed { .. }));
}

#[test]
fn each_change_has_to_be_shown_armed_and_seen_anew() {
    let mut world = world();
    let digest = world.gate.propose();
    let agents = world.read_all(&digest);
    let mine = edit(&world, &digest, "one\nfour\n").unwrap().sheet_digest.unwrap();
    let decide = |sheet| {
        world.it().decide(Decide { proposal: digest, sheet: Some(sheet), answer: APPROVE, comment: None })
    };
    // The agent's sheet was on screen and seen; it is not what would be signed.
    assert!(matches!(decide(agents), Err(Error::Changed)));
    assert!(matches!(decide(mine), Err(Error::Changed)));
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::NotShown);
    world.it().shown(&digest, &mine).unwrap();
    assert!(matches!(decide(mine), Err(Error::NotArmed { .. })));
    world.clock.pass(1000);
    assert!(matches!(decide(mine), Err(Error::NotSeen { .. })));
    world.read_all(&digest);
    // Another letter, and it is another sheet; back again is back to the agent's, which has to arm anew as well.
    let other = edit(&world, &digest, "one\nfive\n").unwrap().sheet_digest.unwrap();
    assert_ne!(other, mine);
    assert!(matches!(decide(mine), Err(Error::Changed)));
    let back = world.it().edit(&digest, &[]).unwrap();
    assert_eq!((back.sheet_digest, back.amended), (Some(agents), None));
    assert!(matches!(decide(agents), Err(Error::Changed)));
    assert!(world.gate.take().iter().all(|it| it.kind == Kind::Ack));
}

#[test]
fn what_a_person_writes_is_scanned_as_what_an_agent_writes() {
    let mut world = world();
    let digest = world.gate.propose();
    assert_eq!(world.opened(&digest).sheet.unwrap().findings, []);
    let mine = edit(&world, &digest, "one\n\u{202e}four\n").unwrap();
    assert!(!mine.sheet.unwrap().findings.is_empty());
    assert!(approve(&world, &digest).is_err(), "it was not acknowledged, nor unlocked for");
    assert!(decisions(&world.gate.take()).is_empty());
}

#[test]
fn what_is_as_the_agent_wrote_it_is_no_amendment() {
    let mut world = world();
    let digest = world.gate.propose();
    assert_eq!(edit(&world, &digest, "one\nthree\n").unwrap().amended, None);
    let signed = approve(&world, &digest).unwrap();
    let sent = world.gate.take();
    assert_eq!(world.decision(&sent, &signed).value().subject, digest);
}

#[test]
fn what_may_not_be_edited_is_refused() {
    let mut world = world();
    let digest = world.gate.propose();
    world.opened(&digest);
    let refused = |world: &World, digest: &Digest, text: NewText| match world.it().edit(digest, &[text]) {
        Err(Error::NotEditable(why)) => why,
        other => panic!("{other:?}"),
    };
    for field in ["before", "resource", "mode_after", "body", "argv", "environment", ""] {
        let text = NewText { field: field.to_owned(), ..new_text("x") };
        assert_eq!(refused(&world, &digest, text), NotEditable::Nothing, "{field}");
    }
    assert_eq!(refused(&world, &digest, NewText { action: 1, ..new_text("x") }), NotEditable::Nothing);
    assert_eq!(refused(&world, &digest, new_text("a\r")), NotEditable::Control('\r'));
    assert_eq!(refused(&world, &digest, new_text("a\0")), NotEditable::Control('\0'));
    let twice = [new_text("x\n"), new_text("y\n")];
    assert!(matches!(world.it().edit(&digest, &twice), Err(Error::NotEditable(_))));

    for (after, why) in [
        (&b"a\xff"[..], NotEditable::NotText),
        (b"a\r\nb\n", NotEditable::LineEnds),
        (b"\x1b[2J", NotEditable::Control('\u{1b}')),
    ] {
        let proposal = changing(&mut world, after);
        let digest = world.gate.send_proposal(&proposal);
        world.opened(&digest);
        assert_eq!(refused(&world, &digest, new_text("x")), why);
        assert_eq!(world.it().texts(&digest).unwrap()[0].agent, Err(why));
    }

    let mut released = world.gate.proposal();
    released.effect = Effect::Release;
    let released = world.gate.send_proposal(&released);
    assert_eq!(world.opened(&released).editable, Editable::Off(NotEditable::Release));
    assert_eq!(refused(&world, &released, new_text("x")), NotEditable::Release);
    let mut two = world.gate.proposal();
    two.requirement.needs = vec![Need { role: None, count: 2 }];
    let two = world.gate.send_proposal(&two);
    assert_eq!(world.opened(&two).editable, Editable::Off(NotEditable::Several));
    assert_eq!(refused(&world, &two, new_text("x")), NotEditable::Several);
    assert!(decisions(&world.gate.take()).is_empty());
}

#[test]
fn what_was_stopped_meanwhile_is_neither_edited_nor_signed() {
    let mut world = world();
    // Superseded, with the edited sheet on screen and seen.
    let older = world.gate.propose();
    edit(&world, &older, "mine\n").unwrap();
    let sheet = world.read_all(&older);
    let mut newer = world.gate.proposal();
    newer.supersedes = Some(older);
    world.gate.send_proposal(&newer);
    world.it().look().unwrap();
    let decide = Decide { proposal: older, sheet: Some(sheet), answer: APPROVE, comment: None };
    assert!(matches!(world.it().decide(decide), Err(Error::NotOpen(_))));
    assert!(matches!(edit(&world, &older, "again\n"), Err(Error::NotOpen(_))));
    // What cannot be approved any more is shown as the agent wrote it.
    assert_eq!(world.opened(&older).amended, None);

    let withdrawn = world.gate.propose();
    edit(&world, &withdrawn, "mine\n").unwrap();
    let sheet = world.read_all(&withdrawn);
    world.gate.withdraw(&withdrawn);
    world.it().look().unwrap();
    let decide = Decide { proposal: withdrawn, sheet: Some(sheet), answer: APPROVE, comment: None };
    assert!(matches!(world.it().decide(decide), Err(Error::NotOpen(_))));

    // A denial is of the proposal, whatever was made of it.
    let denied = world.gate.propose();
    edit(&world, &denied, "mine\n").unwrap();
    let signed = world.answer(&denied, Answer::Deny).unwrap();
    assert_eq!(world.opened(&denied).amended, None);
    assert!(matches!(edit(&world, &denied, "again\n"), Err(Error::NotOpen(_))));
    let sent = world.gate.take();
    assert_eq!(decisions(&sent), [signed.digest]);
    assert_eq!(world.decision(&sent, &signed.digest).value().subject, denied);
}

#[test]
fn taken_back_it_is_the_agents_version_again() {
    let mut world = world();
    let digest = world.gate.propose();
    edit(&world, &digest, "mine\n").unwrap();
    let first = approve(&world, &digest).unwrap();
    assert!(matches!(edit(&world, &digest, "again\n"), Err(Error::NotOpen(_))));
    world.it().withdraw(&digest).unwrap();
    let opened = world.opened(&digest);
    assert_eq!((opened.amended, &opened.state), (None, &ItemState::Waiting));
    assert!(opened.answers[0].amended && opened.answers[0].taken_back.is_some());
    // The same once more is another decision.
    edit(&world, &digest, "mine\n").unwrap();
    let second = approve(&world, &digest).unwrap();
    let sent = world.gate.take();
    let [one, two] = [first, second].map(|it| world.decision(&sent, &it).into_value());
    assert_eq!(one.subject, two.subject);
    assert_eq!((one.predicate.sequence, two.predicate.sequence), (1, 2));
}

#[test]
fn what_a_person_took_out_of_the_text_asks_for_no_acknowledgement() {
    let mut world = world();
    let proposal = changing(&mut world, "one\nno\u{200b}w and \u{202e} then\n".as_bytes());
    let blocking = |opened: &Opened| -> Vec<_> {
        let sheet = opened.sheet.as_ref().unwrap();
        let all = sheet.findings.iter().filter(|it| it.severity == countersign_sheet::Severity::Blocking);
        all.map(|it| it.id.clone()).collect()
    };
    let found = {
        let digest = world.gate.send_proposal(&proposal);
        blocking(&world.opened(&digest))
    };
    assert!(!found.is_empty());
    let mut again = world.gate.proposal();
    again.actions = proposal.actions.clone();
    again.acknowledge.clone_from(&found);
    let digest = world.gate.send_proposal(&again);
    assert_eq!(blocking(&world.opened(&digest)), found);
    // With one of them left in, that one blocks, as what it is in the new text.
    let half = edit(&world, &digest, "one\nnow and \u{202e} then\n");
    assert_eq!(half.map(|it| blocking(&it).len()).ok(), Some(1));
    let mine = edit(&world, &digest, "one\nnow and then\n").unwrap();
    assert_eq!(blocking(&mine), []);
    let signed = approve(&world, &digest).unwrap();
    let decision = world.decision(&world.gate.take(), &signed);
    let said = decision.value().predicate.acknowledged.iter();
    let said: Vec<_> = said.map(|it| (it.id.clone(), it.reason.as_deref() == Some("amended"))).collect();
    assert_eq!(said, found.into_iter().map(|id| (id, true)).collect::<Vec<_>>());
}
