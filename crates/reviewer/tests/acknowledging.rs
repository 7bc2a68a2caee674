//! What blocks is acknowledged one by one, with a reason, before anything is signed; and the decision says so.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::action::Act;
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_core::proposal::{Asked, Origin};
use countersign_reviewer::{Answer, ApproveState, Decide, Error, Reason, Signed};
use world::{World, passphrase, world};

/// A change that hides where its text goes, twice.
fn hidden(world: &mut World) -> Digest {
    let mut proposal = world.gate.proposal();
    let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act else { panic!() };
    let text = "one\nif admin { \u{202e} } // \u{2066}\nthree\nno\u{200b}w\n";
    change.after = Some(Content::inline("text/plain", text.as_bytes().to_vec()));
    world.gate.send_proposal(&proposal)
}

fn ids(world: &World, digest: &Digest) -> Vec<Label> {
    let sheet = world.opened(digest).sheet.unwrap();
    let blocking = sheet.findings.iter().filter(|it| it.severity == countersign_sheet::Severity::Blocking);
    blocking.map(|it| it.id.clone()).collect()
}

fn approve(world: &World, digest: &Digest, sheet: Digest) -> Result<Signed, Error> {
    let answer = Answer::Approve { not_shown: None };
    world.it().decide(Decide { proposal: *digest, sheet: Some(sheet), answer, comment: None })
}

fn unlock(world: &World) {
    world.it().unlock(&passphrase()).unwrap();
}

#[test]
fn nothing_is_signed_before_each_of_them_was_acknowledged() {
    let mut world = world();
    let digest = hidden(&mut world);
    let sheet = world.read_all(&digest);
    unlock(&world);
    let findings = ids(&world, &digest);
    assert!(findings.len() >= 2, "{findings:?}");

    let bar = world.it().bar(&digest).unwrap();
    assert_eq!((bar.approve, bar.blocking.len()), (ApproveState::NotAcknowledged, findings.len()));
    let refused = approve(&world, &digest, sheet);
    assert!(matches!(refused, Err(Error::NotAcknowledged { left }) if left == findings.len()), "{refused:?}");

    for (at, finding) in findings.iter().enumerate() {
        let early = world.it().acknowledge(&digest, &sheet, finding, Some(Reason::Harmless));
        if at > 0 {
            assert!(matches!(early, Err(Error::TooSoon { milliseconds: 800 })), "{early:?}");
            world.clock.pass(800);
            world.it().acknowledge(&digest, &sheet, finding, Some(Reason::Harmless)).unwrap();
        }
    }
    // Taken back it blocks again.
    world.it().acknowledge(&digest, &sheet, &findings[0], None).unwrap();
    assert_eq!(world.it().bar(&digest).unwrap().blocking, [0]);
    assert!(matches!(approve(&world, &digest, sheet), Err(Error::NotAcknowledged { left: 1 })));
    world.clock.pass(800);
    world.it().acknowledge(&digest, &sheet, &findings[0], Some(Reason::Intended)).unwrap();
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::Ready);

    let signed = approve(&world, &digest, sheet).unwrap();
    let decision = world.decision(&world.gate.take(), &signed.digest);
    let said: Vec<_> =
        decision.value().predicate.acknowledged.iter().map(|it| (it.id.clone(), it.reason.clone())).collect();
    let word = |at: usize| Some(if at == 0 { "intended" } else { "harmless" }.to_owned());
    let expected: Vec<_> = findings.into_iter().enumerate().map(|(at, id)| (id, word(at))).collect();
    assert_eq!(said, expected);
}

#[test]
fn what_was_not_on_screen_cannot_be_acknowledged() {
    let mut world = world();
    let digest = hidden(&mut world);
    let sheet = world.opened(&digest).sheet_digest.unwrap();
    let findings = ids(&world, &digest);
    let acknowledge =
        |world: &World, id: &Label| world.it().acknowledge(&digest, &sheet, id, Some(Reason::Checked));
    assert!(matches!(acknowledge(&world, &findings[0]), Err(Error::Changed)), "it is not on screen at all");
    world.it().shown(&digest, &sheet).unwrap();
    world.clock.pass(5000);
    assert!(matches!(acknowledge(&world, &findings[0]), Err(Error::FindingNotSeen)));
    let rows = 0..9;
    world.it().seen(&digest, &sheet, 0, &[rows]).unwrap();
    assert!(matches!(acknowledge(&world, &findings[0]), Err(Error::TooSoon { .. })));
    world.clock.pass(800);
    acknowledge(&world, &findings[0]).unwrap();
    assert!(matches!(acknowledge(&world, &"nothing".parse().unwrap()), Err(Error::Changed)));
    assert!(matches!(
        world.it().acknowledge(&digest, &Digest::of(b"another"), &findings[1], None),
        Err(Error::Changed)
    ));
}

/// What an agent says of a proposal; in its line 300 the words turn round.
fn long_claim() -> Content {
    let text: String = (1..=300)
        .map(|n| format!("reason {n}{}\n", if n == 300 { " \u{202e}drawkcab" } else { "" }))
        .collect();
    Content::inline("text/plain", text.into_bytes())
}

#[test]
fn what_was_found_in_a_claim_or_request_waits_until_its_mark_was_on_screen() {
    for claim in [true, false] {
        let mut world = world();
        let mut proposal = world.gate.proposal();
        if claim {
            proposal.rationale = Some(long_claim());
        } else {
            proposal.asked = Some(Asked { by: None, text: long_claim(), at: None, origin: Origin::Caller });
        }
        let digest = world.gate.send_proposal(&proposal);
        let opened = world.opened(&digest);
        let (sheet, made) = (opened.sheet_digest.unwrap(), opened.sheet.unwrap());
        let [found] = &ids(&world, &digest)[..] else { panic!("{:?}", made.findings) };
        let acknowledge = || world.it().acknowledge(&digest, &sheet, found, Some(Reason::Checked));

        // All of its rows are on screen, and the beginning of its head, for as long as one likes.
        world.it().shown(&digest, &sheet).unwrap();
        let rows = 0..made.documents[0].rows.len();
        world.it().seen(&digest, &sheet, 0, &[rows]).unwrap();
        world.clock.pass(60_000);
        assert!(matches!(acknowledge(), Err(Error::FindingNotSeen)), "claim: {claim}");
        assert_eq!(world.it().bar(&digest).unwrap().not_displayed, [0]);
        unlock(&world);
        assert!(matches!(approve(&world, &digest, sheet), Err(Error::NotAcknowledged { left: 1 })));

        let another = Digest::of(b"another");
        assert!(matches!(world.it().seen_head(&digest, &another, &[0]), Err(Error::Changed)));
        world.it().seen_head(&digest, &sheet, &[1, 7, usize::MAX]).unwrap();
        assert!(matches!(acknowledge(), Err(Error::FindingNotSeen)));
        world.it().seen_head(&digest, &sheet, &[0]).unwrap();
        assert!(matches!(acknowledge(), Err(Error::TooSoon { milliseconds: 800 })));
        world.clock.pass(800);
        acknowledge().unwrap();
        approve(&world, &digest, sheet).unwrap();
    }
}

#[test]
fn what_stands_on_rows_is_not_seen_by_a_word_about_the_head() {
    let mut world = world();
    let digest = hidden(&mut world);
    let sheet = world.opened(&digest).sheet_digest.unwrap();
    let findings = ids(&world, &digest);
    world.it().shown(&digest, &sheet).unwrap();
    let all: Vec<usize> = (0..findings.len()).collect();
    world.it().seen_head(&digest, &sheet, &all).unwrap();
    world.clock.pass(5000);
    assert_eq!(world.it().bar(&digest).unwrap().not_displayed, all);
    let refused = world.it().acknowledge(&digest, &sheet, &findings[0], Some(Reason::Checked));
    assert!(matches!(refused, Err(Error::FindingNotSeen)), "{refused:?}");
}

#[test]
fn what_blocks_can_be_denied_at_once_and_a_signature_takes_an_unlocking_of_its_own() {
    let mut world = world();
    let digest = hidden(&mut world);
    let sheet = world.read_all(&digest);
    // The key is unlocked, but not on this sheet: what was found makes the risk high.
    assert_eq!(world.it().bar(&digest).unwrap().approve, ApproveState::UnlockAgain);
    assert!(matches!(approve(&world, &digest, sheet), Err(Error::UnlockAgain)));
    let signed = world.answer(&digest, Answer::Deny).unwrap();
    let decision = world.decision(&world.gate.take(), &signed.digest);
    assert_eq!(decision.value().predicate.acknowledged, []);
}

/// A change of JSON; the first document is the table of what it means, the second has the exact rows.
fn json(world: &mut World, after: &str) -> Digest {
    let mut proposal = world.gate.proposal();
    let Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act else { panic!() };
    change.resource = "/srv/limits.json".into();
    change.before = Some(Content::inline("application/json", b"{\"limit\": 1}\n".to_vec()));
    change.after = Some(Content::inline("application/json", after.as_bytes().to_vec()));
    world.gate.send_proposal(&proposal)
}

#[test]
fn a_table_need_not_be_seen_but_for_what_was_found_in_it() {
    let mut world = world();
    for (after, left) in [("{\"limit\": 2}\n", 0), ("{\"limit\": 2, \"limit\": 3}\n", 1)] {
        let digest = json(&mut world, after);
        let opened = world.opened(&digest);
        let (sheet, exact) = (opened.sheet_digest.unwrap(), opened.sheet.unwrap().documents[1].rows.len());
        assert_eq!(world.opened(&digest).sheet.unwrap().documents[0].view, countersign_sheet::View::Table);
        world.it().shown(&digest, &sheet).unwrap();
        let rows = 0..exact;
        world.it().seen(&digest, &sheet, 1, &[rows]).unwrap();
        let bar = world.it().bar(&digest).unwrap();
        assert_eq!(bar.unseen, left, "{after}");
        assert_eq!(bar.blocking.len() as u64, left);
    }
}
