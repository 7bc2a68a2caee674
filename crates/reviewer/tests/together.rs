//! Several at once: which are alike, that all of each is shown, and that all are signed or none.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::single_range_in_vec_init, reason = "one range is meant")]

mod world;

use countersign_core::action::{Act, Reversibility};
use countersign_core::content::Content;
use countersign_core::decision::Verdict;
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::key::SecretKey;
use countersign_core::name::GateId;
use countersign_core::proposal::{self, Authenticated, Proposal};
use countersign_reviewer::{Answer, ApproveState, Decide, Error, ItemState, NewText, Opened, Signed, Stop};
use countersign_sources::spool::Kind;
use world::{World, at, passphrase, world};

const APPROVE: Answer = Answer::Approve { not_shown: None };

/// A change of one file in a folder.
fn change(world: &mut World, path: &str) -> Proposal {
    let mut proposal = world.gate.proposal();
    let action = &mut proposal.actions.all_mut().unwrap()[0];
    action.target = path.into();
    if let Act::Change(change) = &mut action.act {
        change.resource = path.into();
    }
    proposal
}

fn propose(world: &mut World, path: &str) -> Digest {
    let proposal = change(world, path);
    world.gate.send_proposal(&proposal)
}

fn five(world: &mut World) -> Vec<Digest> {
    let made = (0..5).map(|n| propose(world, &format!("/srv/notes/{n}.txt"))).collect();
    world.it().look().unwrap();
    made
}

fn group(world: &World, digest: &Digest, left_out: &[Digest]) -> Option<Opened> {
    world.it().look().unwrap();
    world.it().together(digest, left_out).unwrap()
}

fn members(opened: &Opened) -> Vec<Digest> {
    opened.together.as_ref().unwrap().members.iter().map(|it| it.digest).collect()
}

/// Shows the whole of it for long enough.
fn read(world: &World, opened: &Opened) {
    world.it().shown(&opened.digest, &opened.digest).unwrap();
    for (at, document) in opened.sheet.as_ref().unwrap().documents.iter().enumerate() {
        world.it().seen(&opened.digest, &opened.digest, at, &[0..document.rows.len()]).unwrap();
    }
    world.clock.pass(1000);
}

fn decide(world: &World, opened: &Opened, answer: Answer) -> Result<Signed, Error> {
    let comment = Some("fine".to_owned());
    world.it().decide(Decide { proposal: opened.digest, sheet: opened.sheet_digest, answer, comment })
}

fn is_signed(world: &World, digest: &Digest) -> bool {
    matches!(world.state(digest), ItemState::Signed { .. } | ItemState::Delivered { .. })
}

fn sent_no_decision(world: &World) -> bool {
    world.gate.take().iter().all(|it| it.kind != Kind::Decision)
}

#[test]
fn one_gesture_signs_one_decision_each_and_each_names_its_sheet_and_the_others() {
    let mut world = world();
    let all = five(&mut world);
    assert_eq!(world.opened(&all[2]).like, 4);
    let opened = group(&world, &all[2], &[]).unwrap();
    assert_eq!(members(&opened), all);
    read(&world, &opened);
    assert_eq!(world.it().bar(&opened.digest).unwrap().approve, ApproveState::Ready);
    let signed = decide(&world, &opened, APPROVE).unwrap();
    assert_eq!(signed.decisions, 5);
    let sent = world.gate.take();
    let decisions: Vec<_> = sent
        .iter()
        .filter(|it| it.kind == Kind::Decision)
        .map(|it| world.decision(&sent, &it.digest))
        .collect();
    assert_eq!(decisions.len(), 5);
    for digest in &all {
        let made = decisions.iter().find(|it| it.value().subject == *digest).unwrap();
        let it = &made.value().predicate;
        assert_eq!((it.verdict, it.sequence, it.not_shown), (Verdict::Approve, 1, None));
        assert_eq!(Some(it.sheet.sha256), world.opened(digest).sheet_digest);
        let others: Vec<_> = all.iter().filter(|it| *it != digest).copied().collect();
        assert_eq!(it.together, others);
        assert!(is_signed(&world, digest));
    }
    let again = decide(&world, &opened, APPROVE);
    assert!(matches!(again, Err(Error::OneNotOpen { .. })), "{again:?}");
    assert!(group(&world, &all[0], &[]).is_none());
}

#[test]
fn all_of_each_of_them_is_on_the_one_sheet_and_counts() {
    let mut world = world();
    let mut asked = change(&mut world, "/srv/notes/asked.txt");
    asked.rationale = Some(Content::inline("text/plain", b"because of the meeting".to_vec()));
    let asked = world.gate.send_proposal(&asked);
    let plain = propose(&mut world, "/srv/notes/plain.txt");
    let opened = group(&world, &asked, &[]).unwrap();
    let sheet = opened.sheet.clone().unwrap();
    let together = opened.together.clone().unwrap();
    for (member, digest) in together.members.iter().zip([asked, plain]) {
        let own = world.opened(&digest).sheet.unwrap();
        let [head, documents @ ..] = &sheet.documents[member.documents.clone()] else { panic!() };
        assert_eq!(documents, own.documents, "every document of it, folds and all");
        assert_eq!(head.title, own.would);
        let rows = format!("{:?}", head.rows);
        for segment in own.claim.iter().flatten().chain(own.facts.iter().flat_map(|it| &it.value)) {
            assert!(rows.contains(&segment.display), "{}", segment.display);
        }
        assert!(head.folds.is_empty());
    }
    world.it().shown(&opened.digest, &opened.digest).unwrap();
    world.clock.pass(1000);
    let bar = world.it().bar(&opened.digest).unwrap();
    let must: usize = sheet
        .documents
        .iter()
        .map(|it| it.rows.len() - it.folds.iter().map(ExactSizeIterator::len).sum::<usize>())
        .sum();
    assert_eq!((bar.unseen, bar.approve), (must as u64, ApproveState::Unseen));
    assert!(matches!(decide(&world, &opened, APPROVE), Err(Error::NotSeen { .. })));
    // Owned up to, each decision says how many of its own were not.
    let answer = Answer::Approve { not_shown: Some(bar.unseen) };
    decide(&world, &opened, answer).unwrap();
    let sent = world.gate.take();
    let said = sent.iter().filter(|it| it.kind == Kind::Decision);
    let said = said.map(|it| world.decision(&sent, &it.digest).value().predicate.not_shown.unwrap());
    assert_eq!(said.sum::<u64>(), bar.unseen);
}

#[test]
fn it_arms_like_one_and_another_group_is_not_the_one_on_screen() {
    let mut world = world();
    let all = five(&mut world);
    let opened = group(&world, &all[0], &[]).unwrap();
    read(&world, &opened);
    world.it().shown(&opened.digest, &opened.digest).unwrap();
    world.clock.pass(999);
    assert!(matches!(decide(&world, &opened, APPROVE), Err(Error::NotArmed { milliseconds: 1 })));
    world.clock.pass(1);
    // One is left out: what was seen of the others stays seen, and arming begins anew.
    let fewer = group(&world, &all[0], &all[1..2]).unwrap();
    assert_eq!(members(&fewer), [all[0], all[2], all[3], all[4]]);
    assert_eq!(fewer.together.as_ref().unwrap().left_out[0].digest, all[1]);
    assert!(matches!(decide(&world, &fewer, APPROVE), Err(Error::Changed)));
    world.it().shown(&fewer.digest, &fewer.digest).unwrap();
    assert!(matches!(decide(&world, &opened, APPROVE), Err(Error::Changed)), "no longer on screen");
    assert!(matches!(decide(&world, &fewer, APPROVE), Err(Error::NotArmed { .. })));
    world.clock.pass(1000);
    assert_eq!(world.it().bar(&fewer.digest).unwrap().unseen, 0);
    decide(&world, &fewer, APPROVE).unwrap();
    assert!(matches!(world.state(&all[1]), ItemState::Waiting));
}

#[test]
fn one_more_is_another_group_of_which_the_new_one_has_to_be_seen() {
    let mut world = world();
    let all = five(&mut world);
    let opened = group(&world, &all[0], &[]).unwrap();
    read(&world, &opened);
    let new = propose(&mut world, "/srv/notes/new.txt");
    let more = group(&world, &all[0], &[]).unwrap();
    assert_eq!(members(&more).last(), Some(&new));
    assert_ne!(more.digest, opened.digest);
    world.it().shown(&more.digest, &more.digest).unwrap();
    world.clock.pass(1000);
    let refused = decide(&world, &more, APPROVE);
    assert!(matches!(refused, Err(Error::NotSeen { .. })), "{refused:?}");
    assert!(sent_no_decision(&world));
}

#[test]
fn nothing_is_signed_when_one_of_them_is_not_open_any_more_and_it_says_which() {
    let gone: [fn(&mut World, &Digest); 4] = [
        // A dangerous one in its place, between show and sign.
        |world, digest| {
            let mut proposal = change(world, "/srv/notes/3.txt");
            proposal.supersedes = Some(*digest);
            proposal.actions.all_mut().unwrap()[0].reversibility = Reversibility::Irreversible;
            world.gate.send_proposal(&proposal);
            world.it().look().unwrap();
        },
        |world, digest| {
            world.gate.withdraw(digest);
            world.it().look().unwrap();
        },
        |world, _| {
            world.it().halt(Stop::Everything, None).unwrap();
        },
        |world, digest| {
            world.answer(digest, Answer::Deny).unwrap();
        },
    ];
    for (at, gone) in gone.into_iter().enumerate() {
        let mut world = world();
        let all = five(&mut world);
        let opened = group(&world, &all[0], &[]).unwrap();
        read(&world, &opened);
        gone(&mut world, &all[3]);
        world.gate.take();
        let refused = decide(&world, &opened, APPROVE);
        let first = if at == 2 { all[0] } else { all[3] };
        assert!(matches!(&refused, Err(Error::OneNotOpen { which, .. }) if *which == first), "{refused:?}");
        assert_eq!(world.it().bar(&opened.digest).unwrap().approve, ApproveState::Closed);
        assert!(sent_no_decision(&world));
        assert!(all.iter().all(|it| !is_signed(&world, it)));
    }
}

#[test]
fn one_that_expired_keeps_the_others_from_being_signed() {
    let mut world = world();
    let mut soon = change(&mut world, "/srv/notes/soon.txt");
    soon.expires = at(60);
    let soon = world.gate.send_proposal(&soon);
    let other = propose(&mut world, "/srv/notes/other.txt");
    let opened = group(&world, &other, &[]).unwrap();
    read(&world, &opened);
    world.clock.pass(60_000);
    let refused = decide(&world, &opened, APPROVE);
    let expired = |state: &ItemState| matches!(state, ItemState::Expired { .. });
    assert!(
        matches!(&refused, Err(Error::OneNotOpen { which, state }) if *which == soon && expired(state)),
        "{refused:?}"
    );
    assert!(!is_signed(&world, &other));
}

#[test]
fn what_is_high_or_not_alike_or_edited_stands_alone() {
    let mut world = world();
    let all = five(&mut world);
    let mut others = Vec::new();
    let mut send = |world: &mut World, alter: &dyn Fn(&mut Proposal)| {
        let mut proposal = change(world, "/srv/notes/other.txt");
        alter(&mut proposal);
        others.push(world.gate.send_proposal(&proposal));
    };
    send(&mut world, &|it| it.actions.all_mut().unwrap()[0].reversibility = Reversibility::Irreversible);
    send(&mut world, &|it| it.actions.all_mut().unwrap()[0].reversibility = Reversibility::Unknown);
    send(&mut world, &|it| it.agent.authenticated = Authenticated::Uid(1001));
    send(&mut world, &|it| it.agent.authenticated = Authenticated::None);
    send(&mut world, &|it| it.actions.all_mut().unwrap()[0].environment = "production".parse().unwrap());
    send(&mut world, &|it| {
        let Act::Change(change) = &mut it.actions.all_mut().unwrap()[0].act else { panic!() };
        change.resource = "/srv/other/notes.txt".into();
    });
    send(&mut world, &|it| {
        let Act::Change(change) = &mut it.actions.all_mut().unwrap()[0].act else { panic!() };
        change.before = None;
    });
    // Found to be other than it looks.
    send(&mut world, &|it| {
        let Act::Change(change) = &mut it.actions.all_mut().unwrap()[0].act else { panic!() };
        change.after = Some(Content::inline("text/plain", "if \u{202e}admin\u{202c} {\n".into()));
    });
    assert_eq!(members(&group(&world, &all[0], &[]).unwrap()), all);
    for other in &others {
        assert!(group(&world, other, &[]).is_none());
    }
    let text = NewText { action: 0, field: "after".to_owned(), text: "mine\n".to_owned() };
    world.it().edit(&all[4], &[text]).unwrap();
    assert_eq!(members(&group(&world, &all[0], &[]).unwrap()), all[..4]);
    assert!(group(&world, &all[4], &[]).is_none());
}

#[test]
fn no_sheet_is_made_a_second_time_of_what_does_not_fit() {
    let mut world = world();
    let all = five(&mut world);
    let hostile: Vec<Digest> = (0..9)
        .map(|n| {
            let mut proposal = change(&mut world, &format!("/srv/notes/hostile-{n}.txt"));
            let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act else { panic!() };
            change.after = Some(Content::inline("text/plain", "if \u{202e}admin\u{202c} {\n".into()));
            world.gate.send_proposal(&proposal)
        })
        .collect();
    let opened = group(&world, &all[0], &[]).unwrap();
    assert_eq!((members(&opened), opened.together.unwrap().apart), (all.clone(), 9));
    assert!(hostile.iter().any(|it| world.it().is_at_hand(it)), "their sheets are how it is known");
    // Others take their place. What stands beside one that is opened is made as well: the outer two are not opened.
    let others: Vec<Digest> = (0..10).map(|n| propose(&mut world, &format!("/srv/other/{n}.txt"))).collect();
    for other in &others[1..9] {
        world.opened(other);
    }
    let at_hand = |it: &Digest| world.it().is_at_hand(it);
    assert!(!hostile.iter().any(at_hand));
    let opened = group(&world, &all[0], &[]).unwrap();
    assert_eq!((members(&opened), opened.together.unwrap().apart), (all.clone(), 9));
    assert_eq!(world.opened(&all[0]).like, 4, "known before, now");
    assert!(!hostile.iter().any(at_hand));
}

#[test]
fn what_is_edited_after_it_was_shown_is_not_signed_with_the_others() {
    let mut world = world();
    let all = five(&mut world);
    let opened = group(&world, &all[0], &[]).unwrap();
    read(&world, &opened);
    let text = NewText { action: 0, field: "after".to_owned(), text: "mine\n".to_owned() };
    world.it().edit(&all[4], &[text]).unwrap();
    assert!(matches!(decide(&world, &opened, APPROVE), Err(Error::Changed)));
    assert!(sent_no_decision(&world));
}

#[test]
fn never_more_than_fifty_and_never_of_two_gates() {
    let mut world = world();
    let all: Vec<Digest> = (0..51).map(|n| propose(&mut world, &format!("/srv/notes/{n}.txt"))).collect();
    let second: GateId = "second".parse().unwrap();
    let key = SecretKey::from_seed(&[8; 32]);
    world.it().enrol(&second, key.public(), &passphrase()).unwrap();
    let mut proposal = change(&mut world, "/srv/notes/second.txt");
    proposal.gate = second;
    let envelope = Envelope::sign(proposal::TYPE, proposal.to_payload().unwrap(), &key);
    let other = world.gate.send(Kind::Proposal, &envelope);
    let opened = group(&world, &all[0], &[]).unwrap();
    assert_eq!(members(&opened), all[..50]);
    assert_eq!(opened.together.unwrap().apart, 1);
    // Whoever asks about the newest has it among them.
    let of_last = members(&group(&world, &all[50], &[]).unwrap());
    assert_eq!((of_last.len(), of_last.last()), (50, Some(&all[50])));
    assert!(matches!(world.state(&other), ItemState::Waiting));
    assert!(group(&world, &other, &[]).is_none());
}

#[test]
fn all_are_denied_by_one_gesture_with_one_reason_and_changes_are_asked_for_one_by_one() {
    let mut world = world();
    let all = five(&mut world);
    world.it().lock();
    let opened = group(&world, &all[0], &[]).unwrap();
    let bar = world.it().bar(&opened.digest).unwrap();
    assert_eq!((bar.approve, bar.deny, bar.request_changes), (ApproveState::KeyLocked, true, false));
    assert!(decide(&world, &opened, Answer::RequestChanges).is_err());
    read(&world, &opened);
    assert!(matches!(decide(&world, &opened, APPROVE), Err(Error::KeyLocked)));
    assert_eq!(decide(&world, &opened, Answer::Deny).unwrap().decisions, 5);
    for digest in &all {
        let opened = world.opened(digest);
        assert!(matches!(opened.state, ItemState::Denied { .. }));
        assert_eq!(opened.decision.unwrap().comment.as_deref(), Some("fine"));
    }
}

#[test]
fn two_that_say_the_same_are_two() {
    let mut world = world();
    let (one, two) = (propose(&mut world, "/srv/notes/a.txt"), propose(&mut world, "/srv/notes/a.txt"));
    let both = group(&world, &one, &[]).unwrap();
    let three = propose(&mut world, "/srv/notes/a.txt");
    let others = group(&world, &one, &[two]).unwrap();
    assert_eq!((members(&both), members(&others)), (vec![one, two], vec![one, three]));
    assert_ne!(both.digest, others.digest, "their sheets are the same, and they are not");
}
