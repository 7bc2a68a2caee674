//! What stands alone, however much it is like others; and that a gesture signs nothing that was not on the screen.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::single_range_in_vec_init, reason = "one range is meant")]

mod world;

use std::collections::HashSet;

use countersign_core::action::Act;
use countersign_core::content::Content;
use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::proposal::Proposal;
use countersign_reviewer::{Answer, ApproveState, Decide, Error, Mark, NewText, Opened, Signed};
use countersign_sheet::Severity;
use countersign_sources::spool::Kind;
use world::{World, world};

const APPROVE: Answer = Answer::Approve { not_shown: None };

/// A change of a file in one folder, as `alter` makes it.
fn send(world: &mut World, name: &str, alter: impl FnOnce(&mut Proposal)) -> Digest {
    let mut proposal = world.gate.proposal();
    let path = format!("/srv/notes/{name}.txt");
    proposal.actions.all_mut().unwrap()[0].target = path.as_str().into();
    let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act else { panic!() };
    change.resource = path.as_str().into();
    alter(&mut proposal);
    let digest = world.gate.send_proposal(&proposal);
    world.it().look().unwrap();
    digest
}

fn plain(world: &mut World, count: usize) -> Vec<Digest> {
    (0..count).map(|n| send(world, &n.to_string(), |_| {})).collect()
}

fn after(proposal: &mut Proposal, text: &str) {
    let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act else { panic!() };
    change.after = Some(Content::inline("text/plain", text.as_bytes().to_vec()));
}

fn group(world: &World, digest: &Digest, left_out: &[Digest]) -> Option<Opened> {
    world.it().look().unwrap();
    world.it().together(digest, left_out).unwrap()
}

fn members(opened: &Opened) -> Vec<Digest> {
    opened.together.as_ref().unwrap().members.iter().map(|it| it.digest).collect()
}

/// It is not among `others`, offers nothing by itself, and they say that it is read alone.
fn stands_alone(world: &World, it: &Digest, others: &[Digest]) {
    assert_eq!(world.opened(it).like, 0);
    assert!(group(world, it, &[]).is_none());
    let opened = group(world, &others[0], &[]).unwrap();
    assert_eq!(members(&opened), others);
    assert!(opened.together.unwrap().apart > 0);
}

fn worst(world: &World, digest: &Digest) -> Option<Severity> {
    world.opened(digest).sheet.unwrap().findings.iter().map(|it| it.severity).max()
}

fn decide(world: &World, proposal: Digest, sheet: Digest, answer: Answer) -> Result<Signed, Error> {
    world.it().decide(Decide { proposal, sheet: Some(sheet), answer, comment: None })
}

/// Brings all of it on screen for long enough.
fn read(world: &World, opened: &Opened) {
    world.it().shown(&opened.digest, &opened.digest).unwrap();
    for (at, document) in opened.sheet.as_ref().unwrap().documents.iter().enumerate() {
        world.it().seen(&opened.digest, &opened.digest, at, &[0..document.rows.len()]).unwrap();
    }
    world.clock.pass(1000);
}

/// The subjects of what was sent.
fn approved(world: &World) -> Vec<Digest> {
    let sent = world.gate.take();
    let decisions = sent.iter().filter(|it| it.kind == Kind::Decision);
    let made = decisions.map(|it| world.decision(&sent, &it.digest));
    let made = made.filter(|it| it.value().predicate.verdict == Verdict::Approve);
    made.map(|it| it.value().subject).collect()
}

#[test]
fn what_replaces_another_stands_alone() {
    let mut world = world();
    let others = plain(&mut world, 2);
    let first = send(&mut world, "first", |_| {});
    let second = send(&mut world, "second", |it| it.supersedes = Some(first));
    stands_alone(&world, &second, &others);
}

#[test]
fn what_was_denied_of_late_stands_alone_for_seven_days() {
    let mut world = world();
    let first = send(&mut world, "again", |_| {});
    world.answer(&first, Answer::Deny).unwrap();
    let others = plain(&mut world, 2);
    let again = send(&mut world, "again", |it| after(it, "the same under another text\n"));
    assert!(world.opened(&again).denied.is_some());
    stands_alone(&world, &again, &others);
    world.clock.pass(8 * 24 * 3600 * 1000);
    let later = |it: &mut Proposal| {
        it.created = world::at(8 * 24 * 3600);
        (it.not_before, it.expires) = (it.created, world::at(8 * 24 * 3600 + 3600));
    };
    let again = send(&mut world, "again", later);
    let other = send(&mut world, "other", later);
    assert_eq!(members(&group(&world, &again, &[]).unwrap()), [again, other]);
}

#[test]
fn what_warns_stands_alone_and_what_is_noted_does_not() {
    let mut world = world();
    let others = plain(&mut world, 2);
    let warned = send(&mut world, "warned", |it| after(it, "one\rtwo\n"));
    assert_eq!(worst(&world, &warned), Some(Severity::Warning));
    stands_alone(&world, &warned, &others);
    let noted = send(&mut world, "noted", |it| after(it, "cafe\u{301}\n"));
    assert_eq!(worst(&world, &noted), Some(Severity::Note));
    assert_eq!(members(&group(&world, &noted, &[]).unwrap()), [others[0], others[1], noted]);
}

#[test]
fn what_its_gate_wants_acknowledged_stands_alone_and_its_row_says_how_much() {
    let mut world = world();
    let others = plain(&mut world, 2);
    let ids = ["bidi-control:1", "bidi-control:2"].map(|it| it.parse().unwrap());
    let found = send(&mut world, "found", |it| it.acknowledge = ids.to_vec());
    stands_alone(&world, &found, &others);
    for _ in 0..2 {
        let rows = world.it().queue().unwrap().waiting.rows;
        let marks = |digest: &Digest| rows.iter().find(|it| it.digest == *digest).unwrap().marks.clone();
        assert!(marks(&found).contains(&Mark::Blocking(2)));
        assert!(!marks(&others[0]).iter().any(|it| matches!(it, Mark::Blocking(_))));
        world.restart();
    }
}

#[test]
fn what_was_amended_stands_alone_also_when_that_was_signed_and_taken_back() {
    let mut world = world();
    let others = plain(&mut world, 2);
    let mine = send(&mut world, "mine", |_| {});
    let text = || NewText { action: 0, field: "after".to_owned(), text: "mine\n".to_owned() };
    world.it().edit(&mine, &[text()]).unwrap();
    let opened = group(&world, &others[0], &[]).unwrap();
    assert_eq!(members(&opened), others);
    assert!(group(&world, &mine, &[]).is_none());
    world.approve(&mine);
    world.it().withdraw(&mine).unwrap();
    // What was written is gone with the answer: it is the agent's text again, and all of that has to be seen.
    let all = group(&world, &mine, &[]).unwrap();
    assert_eq!(members(&all), [others[0], others[1], mine]);
    world.it().shown(&all.digest, &all.digest).unwrap();
    world.clock.pass(1000);
    assert!(matches!(decide(&world, all.digest, all.digest, APPROVE), Err(Error::NotSeen { .. })));
}

#[test]
fn nothing_is_signed_when_one_like_a_member_was_denied_since_they_were_shown() {
    let mut world = world();
    let all = plain(&mut world, 3);
    let twin = send(&mut world, "1", |it| after(it, "the same file\n"));
    let opened = group(&world, &all[0], &[twin]).unwrap();
    read(&world, &opened);
    world.answer(&twin, Answer::Deny).unwrap();
    world.gate.take();
    let refused = decide(&world, opened.digest, opened.digest, APPROVE);
    assert!(matches!(refused, Err(Error::Changed)), "{refused:?}");
    assert!(approved(&world).is_empty());
    assert_eq!(members(&group(&world, &all[0], &[]).unwrap()), [all[0], all[2]]);
}

/// A page that lies about what it shows, beside an agent that sends whatever it likes meanwhile.
#[test]
fn nothing_that_was_not_on_the_screen_is_signed_by_the_gesture() {
    let mut world = world();
    let all = plain(&mut world, 3);
    let two = group(&world, &all[0], &all[2..]).unwrap();
    read(&world, &two);
    assert_eq!(world.it().bar(&two.digest).unwrap().approve, ApproveState::Ready);

    // More is asked for and not shown: neither under its own name, nor its members under the name of what is shown.
    let three = group(&world, &all[0], &[]).unwrap();
    let hidden = send(&mut world, "hidden", |_| {});
    let four = group(&world, &hidden, &[]).unwrap();
    assert_eq!((members(&three).len(), members(&four).len()), (3, 4));
    let own = |digest: &Digest| world.opened(digest).sheet_digest.unwrap();
    let named = [
        (three.digest, three.digest),
        (four.digest, four.digest),
        (three.digest, two.digest),
        (two.digest, four.digest),
        (hidden, two.digest),
        (hidden, own(&hidden)),
        (two.digest, own(&all[0])),
        (all[0], two.digest),
        (all[0], own(&all[0])),
    ];
    let not_shown = [None, Some(0), Some(1), Some(u64::MAX)];
    for (proposal, sheet) in named {
        for not_shown in not_shown {
            let refused = decide(&world, proposal, sheet, Answer::Approve { not_shown });
            assert!(matches!(refused, Err(Error::Changed)), "{refused:?}");
        }
        // Nor can rows of what is not shown be said to be seen.
        if proposal != two.digest {
            assert!(world.it().seen(&proposal, &sheet, 0, &[0..99]).is_err());
        }
    }

    // It is shown for a moment, and its rows are said to be seen where they are not.
    world.it().shown(&four.digest, &four.digest).unwrap();
    let [first, .., last] = four.together.as_ref().unwrap().members.as_slice() else { panic!() };
    let documents = four.sheet.as_ref().unwrap().documents.len();
    for document in (0..last.documents.start).chain(documents..documents + 9) {
        world.it().seen(&four.digest, &four.digest, document, &[0..usize::MAX]).unwrap();
    }
    assert_eq!((first.digest, last.digest), (all[0], hidden));
    world.clock.pass(1000);
    let refused = decide(&world, four.digest, four.digest, APPROVE);
    assert!(matches!(refused, Err(Error::NotSeen { unseen }) if unseen > 0), "{refused:?}");

    // Back on the screen, what was read is what is signed, whatever else was asked for in between.
    for n in 0..9 {
        send(&mut world, &format!("flood {n}"), |_| {});
        group(&world, &all[0], &[]).unwrap();
    }
    let back = group(&world, &all[0], &all[2..]).unwrap();
    assert_ne!(back.digest, two.digest, "what came since is in it");
    world.it().shown(&back.digest, &back.digest).unwrap();
    world.clock.pass(1000);
    let refused = decide(&world, back.digest, back.digest, APPROVE);
    assert!(matches!(refused, Err(Error::NotSeen { .. })), "{refused:?}");
    assert!(decide(&world, two.digest, two.digest, APPROVE).is_err(), "forgotten by now");
    assert!(approved(&world).is_empty());

    let everything = group(&world, &all[0], &[]).unwrap();
    let rest: Vec<_> = members(&everything).into_iter().filter(|it| !all[..2].contains(it)).collect();
    let two = group(&world, &all[0], &rest).unwrap();
    read(&world, &two);
    decide(&world, two.digest, two.digest, APPROVE).unwrap();
    assert_eq!(approved(&world).into_iter().collect::<HashSet<_>>(), all[..2].iter().copied().collect());
    let answers = world.opened(&all[0]).answers;
    assert_eq!(answers.iter().map(|it| it.together).collect::<Vec<_>>(), [1]);
}
