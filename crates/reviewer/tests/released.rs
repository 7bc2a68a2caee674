//! What an agent would do itself: nothing counts as seen, or as harmless, because the agent says so.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::action::{
    Access, Act, Action, Assurance, Audience, Fact, Grant, Precondition, Principal, PrincipalKind, Reach,
    Remove, Reversibility,
};
use countersign_core::content::{Content, Listing};
use countersign_core::digest::Digest;
use countersign_core::proposal::{Effect, Proposal};
use countersign_reviewer::{ApproveState, Error};
use world::{World, passphrase, world};

fn released(world: &mut World, act: Act) -> Proposal {
    let mut proposal = world.gate.proposal();
    proposal.effect = Effect::Release;
    let action = &mut proposal.actions.all_mut().unwrap()[0];
    // The best that a gate could say of it.
    (action.act, action.reversibility) = (act, Reversibility::Reversible);
    proposal
}

fn one_person() -> Reach {
    let one = Audience::Known { count: 1, guests: None, external: None, bots: None };
    Reach { before: one.clone(), after: one }
}

/// An outsider may write, and by the agent's word that is so already.
fn nothing_new() -> Act {
    let stranger =
        Principal { kind: PrincipalKind::Person, name: "stranger".parse().unwrap(), external: Some(true) };
    let all = Listing::Inline(vec![Grant { principal: stranger, right: "write".parse().unwrap() }]);
    let (before, after) = (all.clone(), all);
    Act::Access(Access { resource: "Payroll".into(), before, after, population: one_person() })
}

/// One line more, below a hundred of which the agent says that they are there.
fn one_line_more(world: &mut World, path: &str) -> Proposal {
    let mut proposal = world.gate.proposal();
    let Act::Change(mut change) = proposal.actions.all_mut().unwrap()[0].act.clone() else { panic!() };
    let before = "a line that stays\n".repeat(100);
    change.resource = path.into();
    change.after = Some(Content::inline("text/plain", format!("{before}new\n").into_bytes()));
    change.before = Some(Content::inline("text/plain", before.into_bytes()));
    (change.mode_before, change.mode_after) = (Some(0o644), Some(0o644));
    released(world, Act::Change(change))
}

/// What a gate adds that looked at the file.
fn look_at(action: &mut Action) {
    let Act::Change(change) = &action.act else { panic!() };
    let (path, before) = (change.resource.clone(), change.before.as_ref().unwrap());
    let fact = Fact::File { path, sha256: *before.sha256(), mode: change.mode_before };
    action.preconditions = vec![Precondition { assurance: Assurance::Checked, fact }];
    action.reversibility = Reversibility::Effort;
}

/// How many rows it has, and how many of them must have been on screen; nothing was.
fn rows(world: &World, digest: &Digest) -> (u64, u64) {
    let opened = world.opened(digest);
    world.it().shown(digest, &opened.sheet_digest.unwrap()).unwrap();
    world.clock.pass(1000);
    (opened.sheet.unwrap().rows(), world.it().bar(digest).unwrap().unseen)
}

#[test]
fn what_only_the_agent_says_was_there_must_have_been_on_screen() {
    let mut world = world();
    let access = released(&mut world, nothing_new());
    let relative = one_line_more(&mut world, "notes");
    let unchecked = one_line_more(&mut world, "/srv/notes");
    for proposal in [access, relative, unchecked] {
        let digest = world.gate.send_proposal(&proposal);
        let (all, unseen) = rows(&world, &digest);
        assert!(all > 1);
        assert_eq!(unseen, all);
        // The passphrase is given, and is not what keeps it from being signed.
        world.it().unlock(&passphrase()).unwrap();
        assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::Unseen);
        let sheet = world.opened(&digest).sheet_digest.unwrap();
        let refused = world.approve_as(&digest, sheet, None);
        assert!(matches!(refused, Err(Error::NotSeen { unseen }) if unseen == all), "{refused:?}");
        let sheet = world.read_all(&digest);
        world.it().unlock(&passphrase()).unwrap();
        world.approve_as(&digest, sheet, None).unwrap();
    }
}

#[test]
fn what_the_gate_looked_at_is_read_as_a_change_of_its_own() {
    let mut world = world();
    let mut send = |effect| {
        let mut proposal = one_line_more(&mut world, "/srv/notes");
        proposal.effect = effect;
        look_at(&mut proposal.actions.all_mut().unwrap()[0]);
        world.gate.send_proposal(&proposal)
    };
    let (acts, released) = (send(Effect::Act), send(Effect::Release));
    assert_eq!(rows(&world, &acts), rows(&world, &released));
    let (all, unseen) = rows(&world, &released);
    assert!(unseen < all, "{unseen} of {all}");
}

/// Whoever would act itself also says who is reached and that all can be undone.
#[test]
fn what_nobody_looked_at_is_high_whatever_the_agent_says_of_it() {
    let mut world = world();
    let remove = Remove { what: "mail".parse().unwrap(), kept: true, objects: Listing::Inline(vec![]) };
    let all = [
        released(&mut world, nothing_new()),
        released(&mut world, Act::Remove(remove)),
        one_line_more(&mut world, "/srv/notes"),
    ];
    for proposal in all {
        let digest = world.gate.send_proposal(&proposal);
        world.read_all(&digest);
        assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::UnlockAgain);
    }
}

#[test]
fn edits_that_the_gate_looked_at_are_low_and_read_together() {
    let mut world = world();
    let all: Vec<_> = (0..3)
        .map(|n| {
            let mut proposal = one_line_more(&mut world, &format!("/srv/notes/{n}"));
            look_at(&mut proposal.actions.all_mut().unwrap()[0]);
            world.gate.send_proposal(&proposal)
        })
        .collect();
    world.it().look().unwrap();
    world.read_all(&all[0]);
    assert_eq!(world.it().bar(&all[0]).unwrap().approve, ApproveState::Ready);
    let group = world.it().together(&all[0], &[]).unwrap().unwrap();
    assert_eq!(group.together.unwrap().members.len(), 3);
}
