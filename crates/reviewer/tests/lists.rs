//! The queue by pages, history, search, and what is put aside: with real files and a real database.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use countersign_core::action::{Act, Reversibility};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::name::Nonce;
use countersign_core::proposal::{Asked, Authenticated, Origin, Proposal};
use countersign_core::receipt::Outcome;
use countersign_core::time::Timestamp;
use countersign_reviewer::{Answer, Decide, Error, Event, FoundIn, HistoryFilter, ItemState, Row, SectionId};
use countersign_sheet::{Kind, SegmentKind};
use countersign_sources::spool::Kind as Sent;
use world::{World, at, done, world};

/// So many proposals, the last of which expires first; the oldest first.
fn flood(world: &mut World, count: u64) -> Vec<Digest> {
    let all = left(world, count);
    world.it().look().unwrap();
    all
}

/// The same, not looked at yet.
fn left(world: &mut World, count: u64) -> Vec<Digest> {
    let mut proposal = world.gate.proposal();
    let another = |n: u64| {
        world.gate.seq += 1;
        proposal.seq = world.gate.seq;
        proposal.expires = at(3600 + count - n);
        proposal.nonce = Nonce::from_bytes(u128::from(n + 1000).to_be_bytes());
        leave(world, &proposal)
    };
    (0..count).map(another).collect()
}

/// Puts a proposal into the box as a writer would, without waiting for the disk.
fn leave(world: &World, proposal: &Proposal) -> Digest {
    let envelope = world.gate.sign(proposal);
    let spool = world.layout().reviewer_box();
    let name = format!("proposal.{}.json", envelope.digest());
    std::fs::write(spool.join("tmp").join(&name), envelope.to_bytes()).unwrap();
    std::fs::rename(spool.join("tmp").join(&name), spool.join("new").join(&name)).unwrap();
    envelope.digest()
}

fn digests(rows: &[Row]) -> Vec<Digest> {
    rows.iter().map(|row| row.digest).collect()
}

/// Every page of a section.
fn section(world: &World, id: SectionId) -> Vec<Digest> {
    let queue = world.it().queue().unwrap();
    let first = match id {
        SectionId::Waiting => queue.waiting,
        SectionId::Decided => queue.decided,
        SectionId::Evidence => queue.evidence,
        _ => panic!("{id:?}"),
    };
    let (mut all, mut next) = (digests(&first.rows), first.next);
    while let Some(after) = next {
        let page = world.it().queue_page(id, &after).unwrap();
        all.extend(digests(&page.rows));
        next = page.next;
    }
    assert_eq!(all.len() as u64, first.total);
    all
}

fn history(world: &World, filter: HistoryFilter) -> Vec<Digest> {
    let (mut all, mut next) = (vec![], None::<String>);
    loop {
        let page = world.it().history(filter, next.as_deref()).unwrap();
        all.extend(digests(&page.rows));
        next = page.next;
        if next.is_none() {
            return all;
        }
    }
}

/// Waits until all that was seen can be found.
fn indexed(world: &World) {
    for _ in 0..2000 {
        if world.it().search("x", None).unwrap().unindexed == 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the index is not whole");
}

fn found(world: &World, text: &str) -> Vec<(Digest, FoundIn)> {
    let rows = world.it().search(text, None).unwrap().rows;
    rows.into_iter().map(|it| (it.row.digest, it.place)).collect()
}

#[test]
fn a_queue_has_its_first_rows_its_true_totals_and_a_way_to_the_rest() {
    let mut world = world();
    let all = flood(&mut world, 230);
    let queue = world.it().queue().unwrap();
    assert_eq!((queue.waiting.total, queue.waiting.rows.len()), (230, 100));
    assert_eq!(world.it().state().unwrap().waiting, 230);
    // What ends first comes first.
    let order: Vec<_> = all.iter().rev().copied().collect();
    assert_eq!(section(&world, SectionId::Waiting), order);

    // What is decided between two pages is neither repeated nor does it hide another.
    let after = queue.waiting.next.unwrap();
    for digest in [order[0], order[99], order[100]] {
        world.answer(&digest, Answer::Deny).unwrap();
    }
    let page = world.it().queue_page(SectionId::Waiting, &after).unwrap();
    assert_eq!(digests(&page.rows), order[101..201]);
    assert_eq!(world.it().queue().unwrap().waiting.total, 227);

    // All of them expire, and the section of what is over shows the last of them.
    world.clock.pass(5_000_000);
    let queue = world.it().queue().unwrap();
    assert_eq!(queue.waiting.total + queue.decided.total + queue.delivering.total, 230);
    world.it().look().unwrap();
    let queue = world.it().queue().unwrap();
    assert_eq!((queue.waiting.total, queue.decided.total, queue.decided.rows.len()), (0, 227, 50));
    assert_eq!(section(&world, SectionId::Decided).len(), 227);
    let again = world.it().queue_page(SectionId::Decided, &queue.decided.next.unwrap()).unwrap();
    assert_eq!(again.rows.len(), 100);
}

#[test]
fn a_cursor_is_for_its_own_list_and_nothing_else() {
    let mut world = world();
    flood(&mut world, 101);
    let after = world.it().queue().unwrap().waiting.next.unwrap();
    let refused = |it: Result<_, Error>| assert!(matches!(it, Err(Error::Cursor)));
    let page = |section, after: &str| world.it().queue_page(section, after).map(drop);
    page(SectionId::Waiting, &after).unwrap();
    for strange in ["", "0", "waiting:1", "waiting:1:1:1", "waiting:x:1", "waiting: 1:1", "' OR 1 --"] {
        refused(page(SectionId::Waiting, strange));
    }
    refused(page(SectionId::Decided, &after));
    refused(page(SectionId::Evidence, &after));
    refused(world.it().history(HistoryFilter::All, Some(&after)).map(drop));
    refused(world.it().history(HistoryFilter::Denied, Some("approved:1")).map(drop));
    refused(world.it().search("x", Some(&after)).map(drop));
}

#[test]
fn a_queue_is_right_after_a_restart_and_after_the_clock_was_set_back() {
    let mut world = world();
    let all = flood(&mut world, 3);
    world.stop();
    world.clock.pass(3_601_000);
    world.restart();
    // The last of them expires first, after 3601 s.
    assert_eq!(section(&world, SectionId::Waiting), [all[1], all[0]]);
    assert_eq!(world.state(&all[2]), ItemState::Expired { at: at(3601) });
    world.clock.set(-(3_000));
    world.it().look().unwrap();
    assert_eq!(section(&world, SectionId::Waiting).len(), 3);
    assert!(history(&world, HistoryFilter::Expired).is_empty());
}

#[test]
fn history_has_everything_the_newest_first_and_each_filter_its_own() {
    let mut world = world();
    let all = flood(&mut world, 5);
    let [approved, denied, changed, failed, expired] = <[Digest; 5]>::try_from(all).unwrap();
    world.gate.writer.send(Sent::Proposal, &Digest::of(b"strange"), b"strange").unwrap();
    world.it().look().unwrap();
    let strange = world.it().queue().unwrap().evidence.rows[0].digest;
    world.approve(&approved);
    world.answer(&denied, Answer::Deny).unwrap();
    world.answer(&changed, Answer::RequestChanges).unwrap();
    world.approve(&failed);
    world.gate.receipt(&failed, true, Outcome::Unknown { started: at(10) });
    world.it().look().unwrap();
    world.clock.pass(4_000_000);
    world.it().look().unwrap();

    assert_eq!(history(&world, HistoryFilter::All), [strange, expired, failed, changed, denied, approved]);
    assert_eq!(history(&world, HistoryFilter::Approved), [failed, approved]);
    assert_eq!(history(&world, HistoryFilter::Denied), [changed, denied]);
    assert_eq!(history(&world, HistoryFilter::Failed), [failed]);
    // Sent back for changes, and then its time ran out.
    assert_eq!(history(&world, HistoryFilter::Expired), [expired, changed]);
    assert_eq!(history(&world, HistoryFilter::Evidence), [strange]);
}

#[test]
fn a_long_history_comes_by_pages() {
    let mut world = world();
    let mut all = flood(&mut world, 250);
    all.reverse();
    assert_eq!(history(&world, HistoryFilter::All), all);
    assert_eq!(world.it().history(HistoryFilter::All, None).unwrap().rows.len(), 100);
}

#[test]
fn what_ends_at_the_same_time_is_on_one_page_each_and_a_full_page_may_be_the_last() {
    let mut world = world();
    let mut proposal = world.gate.proposal();
    let mut another = |n: u64| {
        proposal.seq = n;
        proposal.nonce = Nonce::from_bytes(u128::from(n).to_be_bytes());
        leave(&world, &proposal)
    };
    let mut all: Vec<Digest> = (1001..=1200).map(&mut another).collect();
    world.it().look().unwrap();
    all.reverse();
    assert_eq!(section(&world, SectionId::Waiting), all);
    world.clock.pass(3_600_000);
    world.it().look().unwrap();
    assert_eq!(section(&world, SectionId::Decided), all);
    assert_eq!(history(&world, HistoryFilter::Expired), all);
    assert_eq!(history(&world, HistoryFilter::All), all);
}

#[test]
fn evidence_comes_by_pages() {
    let world = world();
    let strange = |n: u32| {
        let bytes = format!("strange {n}");
        world.gate.writer.send(Sent::Proposal, &Digest::of(bytes.as_bytes()), bytes.as_bytes()).unwrap();
        Digest::of(bytes.as_bytes())
    };
    let mut all: Vec<Digest> = (0..130).map(strange).collect();
    world.it().look().unwrap();
    let mut found = section(&world, SectionId::Evidence);
    assert_eq!(history(&world, HistoryFilter::Evidence), found);
    all.sort_by_key(|it| *it.as_bytes());
    found.sort_by_key(|it| *it.as_bytes());
    assert_eq!(found, all);
}

#[test]
fn everything_that_was_seen_is_found_by_any_of_its_texts() {
    let mut world = world();
    let mut proposal = world.gate.proposal();
    proposal.asked = Some(Asked {
        by: Some("Grace".parse().unwrap()),
        text: Content::inline("text/plain", b"summarise the incident".to_vec()),
        at: None,
        origin: Origin::Caller,
    });
    proposal.rationale = Some(Content::inline("text/plain", b"it is urgent, trust me".to_vec()));
    let Act::Change(change) = &mut proposal.actions[0].act else { panic!("a change") };
    let long = format!("{}\nxylophone\n", "filler ".repeat(4000));
    change.after = Some(Content::blob("text/plain", long.as_bytes()));
    let digest = world.gate.send_proposal(&proposal);
    world.it().look().unwrap();
    indexed(&world);
    // What comes later is found later, and nobody looks in vain without being told.
    assert_eq!(found(&world, "xylophone"), []);
    assert_eq!(world.it().search("xylophone", None).unwrap().partly, 1);
    world.gate.writer.put_blob(&Digest::of(long.as_bytes()), long.as_bytes()).unwrap();
    let sheet = world.read_all(&digest);
    let comment = Some("looks legitimate, go ahead".to_owned());
    let answer = Answer::Approve { not_shown: None };
    let decide = Decide { proposal: digest, sheet: Some(sheet), answer, comment };
    let decision = world.it().decide(decide).unwrap().digest;
    let results =
        vec![("stderr".parse().unwrap(), Content::inline("text/plain", b"warning: tepid".to_vec()))];
    world.gate.receipt(
        &digest,
        true,
        Outcome::Failed {
            started: at(1),
            finished: at(2),
            why: "disk of glass".to_owned(),
            exit: Some(1),
            results,
        },
    );
    let withdrawn = world.gate.propose();
    world.gate.withdraw(&withdrawn);
    world.gate.writer.send(Sent::Proposal, &Digest::of(b"?"), b"not an envelope").unwrap();
    world.it().look().unwrap();
    indexed(&world);

    let at_once =
        |text: &str, place: FoundIn| assert!(found(&world, text).contains(&(digest, place)), "{text}");
    at_once("forum-helper", FoundIn::Agent);
    at_once("incident", FoundIn::Asked);
    at_once("URGENT trust", FoundIn::Claim);
    at_once("xylophone", FoundIn::Content);
    at_once("legitimate", FoundIn::Comment);
    at_once("glass", FoundIn::Result);
    at_once("tepid", FoundIn::Result);
    at_once("notes.txt", FoundIn::Action);
    at_once("two", FoundIn::Before);
    at_once(&digest.to_string()[..12], FoundIn::Id);
    at_once(&digest.short(), FoundIn::Id);
    at_once(&decision.to_string(), FoundIn::Id);
    assert_eq!(found(&world, "agent gave up"), [(withdrawn, FoundIn::Withdrawal)]);
    let evidence = world.it().queue().unwrap().evidence.rows[0].digest;
    assert!(found(&world, &format!("proposal.{}", Digest::of(b"?"))).contains(&(evidence, FoundIn::File)));
    let page = world.it().search("incident", None).unwrap();
    assert_eq!((page.partly, page.next), (0, None));
    let matched: Vec<_> = page.rows[0]
        .excerpt
        .iter()
        .filter(|it| it.kind == SegmentKind::Changed)
        .map(|it| &it.display)
        .collect();
    assert_eq!(matched, ["incident"]);

    // All of it is there after a restart, too.
    world.restart();
    assert_eq!(found(&world, "xylophone"), [(digest, FoundIn::Content)]);
}

#[test]
fn an_excerpt_is_drawn_like_any_foreign_text() {
    let mut world = world();
    let mut proposal = world.gate.proposal();
    let text = "pay \u{202e}evil\u{202c} <b>needle</b>\u{200b} now";
    proposal.rationale = Some(Content::inline("text/plain", text.as_bytes().to_vec()));
    world.gate.send_proposal(&proposal);
    world.it().look().unwrap();
    indexed(&world);
    let page = world.it().search("needle", None).unwrap();
    let excerpt = &page.rows[0].excerpt;
    assert!(excerpt.iter().all(|it| !it.display.contains(['\u{202e}', '\u{200b}'])), "{excerpt:?}");
    assert!(
        excerpt.iter().filter(|it| matches!(it.kind, SegmentKind::Chip { .. })).count() >= 3,
        "{excerpt:?}"
    );
    // A search for what nobody can see finds it as well.
    assert_eq!(found(&world, "\u{202e}evil").len(), 1);
}

#[test]
fn what_is_put_aside_comes_back_by_itself_and_says_so_once() {
    let mut world = world();
    let digest = world.gate.propose();
    world.it().look().unwrap();
    assert_eq!(world.it().snooze(&digest, at(60)).unwrap(), at(60));
    let queue = world.it().queue().unwrap();
    assert_eq!((queue.waiting.total, queue.snoozed.total, queue.snoozed.rows[0].digest), (0, 1, digest));
    assert_eq!((world.opened(&digest).snoozed, world.it().state().unwrap().waiting), (Some(at(60)), 0));
    // It is still what it was: it can be answered, and its state is no other.
    assert_eq!(world.state(&digest), ItemState::Waiting);
    world.restart();
    assert_eq!(world.it().queue().unwrap().snoozed.total, 1);
    world.clock.pass(60_000);
    assert_eq!(world.it().queue().unwrap().waiting.total, 1, "whoever looks sees it at once");
    world.it().look().unwrap();
    world.it().look().unwrap();
    let returned = |world: &World| {
        let events = world.events.lock().unwrap();
        events
            .iter()
            .filter(
                |it| matches!(it, Event::Returned { digest: of, kind: Kind::Change, .. } if *of == digest),
            )
            .count()
    };
    assert_eq!(returned(&world), 1);
    assert_eq!(world.opened(&digest).snoozed, None);

    // Its end while the app was closed is said at the start.
    world.it().snooze(&digest, at(120)).unwrap();
    world.stop();
    world.clock.pass(120_000);
    world.restart();
    assert_eq!((returned(&world), world.it().queue().unwrap().waiting.total), (2, 1));
}

#[test]
fn nothing_is_put_aside_for_too_long() {
    let mut world = world();
    let mut proposal = world.gate.proposal();
    proposal.expires = at(13 * 24 * 3600);
    let long = world.gate.send_proposal(&proposal);
    let short = world.gate.propose();
    world.it().look().unwrap();
    let ever = Timestamp::from_seconds(u64::MAX);
    assert_eq!(world.it().snooze(&long, ever).unwrap(), at(7 * 24 * 3600));
    // Ten minutes before it expires it is back.
    assert_eq!(world.it().snooze(&short, ever).unwrap(), at(3000));
    world.it().unsnooze(&short).unwrap();
    assert_eq!(world.it().queue().unwrap().waiting.total, 1);
    world.clock.pass(3_000_000);
    assert!(matches!(world.it().snooze(&short, ever), Err(Error::TooLateToSnooze)));
    assert!(matches!(world.it().snooze(&long, at(5)), Err(Error::TooLateToSnooze)));
    assert!(matches!(world.it().snooze(&Digest::of(b"nothing"), ever), Err(Error::NotFound(_))));
    // A clock that was set back does not keep it away for longer than seven days either.
    world.clock.set(-(24 * 3600));
    world.it().look().unwrap();
    assert_eq!(world.it().queue().unwrap().snoozed.total, 0);
}

#[test]
fn an_answer_from_elsewhere_ends_it() {
    let mut world = world();
    let [first, second] = <[Digest; 2]>::try_from(flood(&mut world, 2)).unwrap();
    for digest in [first, second] {
        world.it().snooze(&digest, at(100)).unwrap();
    }
    world.answer(&first, Answer::Deny).unwrap();
    world.gate.withdraw(&second);
    world.it().look().unwrap();
    assert!(matches!(world.it().snooze(&first, at(100)), Err(Error::NotOpen(_))));
    assert_eq!(world.it().queue().unwrap().snoozed.total, 0);
    world.clock.pass(200_000);
    world.it().look().unwrap();
    assert!(!world.events.lock().unwrap().iter().any(|it| matches!(it, Event::Returned { .. })));
}

#[test]
fn every_answer_is_kept_with_its_comment_also_one_that_was_taken_back() {
    let mut world = world();
    let digest = world.gate.propose();
    let sheet = world.read_all(&digest);
    let say = |answer, comment: &str| Decide {
        proposal: digest,
        sheet: Some(sheet),
        answer,
        comment: Some(comment.to_owned()),
    };
    world.it().decide(say(Answer::Approve { not_shown: None }, "fine")).unwrap();
    world.clock.pass(5_000);
    world.it().withdraw(&digest).unwrap();
    world.it().decide(say(Answer::Deny, "not fine")).unwrap();
    let answers = world.opened(&digest).answers;
    let comments: Vec<_> = answers.iter().map(|it| it.comment.as_deref().unwrap()).collect();
    assert_eq!(comments, ["fine", "not fine"]);
    assert!(answers[0].taken_back.is_some_and(|it| it > answers[0].at) && answers[1].taken_back.is_none());
}

#[test]
fn an_arrival_says_whether_it_is_serious() {
    let mut world = world();
    let plain = world.gate.proposal();
    let unknown = Proposal {
        agent: countersign_core::proposal::Agent {
            authenticated: Authenticated::None,
            ..world.gate.proposal().agent
        },
        ..world.gate.proposal()
    };
    let mut lasting = world.gate.proposal();
    lasting.actions[0].reversibility = Reversibility::Irreversible;
    let sent = [plain, unknown, lasting].map(|it| world.gate.send_proposal(&it));
    world.it().look().unwrap();
    let events = world.events.lock().unwrap();
    let serious = sent.map(|of| {
        events.iter().find_map(|it| match it {
            Event::Arrived { digest, serious, .. } if *digest == of => Some(*serious),
            _ => None,
        })
    });
    assert_eq!(serious, [Some(false), Some(true), Some(true)]);
}

#[test]
fn a_flood_is_told_of_once_for_many() {
    let mut world = world();
    world.stop();
    left(&mut world, 1200);
    world.events.lock().unwrap().clear();
    world.restart();
    world.it().look().unwrap();
    assert_eq!(world.it().queue().unwrap().waiting.total, 1200);
    let events = world.events.lock().unwrap();
    let count = |which: fn(&Event) -> bool| events.iter().filter(|it| which(it)).count();
    assert_eq!(count(|it| matches!(it, Event::Arrived { .. })), 1200);
    let changed = count(|it| matches!(it, Event::QueueChanged));
    assert!((1..=10).contains(&changed), "{changed}");
    drop(events);
    assert_eq!(world.acknowledged(&world.gate.take()).len(), 1200);
}

#[test]
fn a_receipt_for_what_waits_elsewhere_moves_it() {
    let mut world = world();
    let digest = world.gate.propose();
    world.approve(&digest);
    assert_eq!(world.it().queue().unwrap().delivering.total, 1);
    world.gate.receipt(&digest, true, done());
    world.it().look().unwrap();
    let queue = world.it().queue().unwrap();
    assert_eq!((queue.delivering.total, queue.decided.total), (0, 1));
    assert_eq!(queue.decided.rows[0].state, ItemState::Executed { at: at(11), exit: None });
}
