//! What is kept to find proposals by is what follows from the facts, whatever happened in whatever order.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign_core::digest::Digest;
use countersign_core::name::{Epoch, GateId};
use countersign_core::time::Timestamp;
use countersign_store::{
    Error, NewDecision, NewProposal, NewReceipt, NewResolution, NewWithdrawal, Signed, Store, Tx,
};
use proptest::prelude::*;

use super::{Settling, kept, place};
use crate::{Clock, SectionId, life};

/// Proposals, of which any may never come, or come last.
const PROPOSALS: u8 = 6;

struct Now(AtomicU64);

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    fn awake(&self) -> Duration {
        Duration::ZERO
    }
}

/// Something that happens. Most of it is about the proposal with the number; all else follows from `more`.
#[derive(Debug, Clone, Copy)]
struct Step {
    what: u8,
    which: u8,
    more: u8,
}

fn digest(of: &str, n: u8) -> Digest {
    Digest::of(format!("{of} {n}").as_bytes())
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn home() -> GateId {
    "home".parse().unwrap()
}

/// Does it. What the reviewer would refuse is done all the same: facts come from elsewhere, too.
fn step(tx: &Tx<'_>, it: Step, turn: u8, now: Timestamp) -> Result<(), Error> {
    let (subject, own) = (digest("proposal", it.which), digest("own", turn));
    let signed = Signed { digest: &own, gate: &home(), envelope: b"", at: now };
    match it.what {
        0 | 1 => {
            let before = digest("proposal", it.more % PROPOSALS);
            let new = NewProposal {
                uses: None,
                digest: &subject,
                gate: &home(),
                epoch: &Epoch::from_bytes([it.more % 2; 16]),
                agent: "\"none\"",
                created: at(100),
                expires: at(200 + 10 * u64::from(it.which)),
                supersedes: (it.more.is_multiple_of(5)).then_some(&before),
                people: 1 + u64::from(it.more.is_multiple_of(3)),
                contents: if it.more.is_multiple_of(4) { &[digest("content", 0)] } else { &[] },
                envelope: b"",
            };
            tx.add_proposal(&new, now).map(drop)
        }
        2 => tx.add_blob(&digest("content", 0), b"").map(drop),
        3 => {
            let sequence = tx.next_sequence(&subject)?;
            let verdict = ["approve", "deny", "request_changes"][usize::from(it.more % 3)];
            let person = &"Ada".parse().unwrap();
            let new = NewDecision { subject: &subject, verdict, person, comment: None, sequence };
            tx.add_decision(&new, &signed)
        }
        4 => match tx.answers(&subject)?.last() {
            Some(answer) => {
                let new = NewWithdrawal { subject: &answer.digest, reason: None };
                tx.add_own_withdrawal(&new, &subject, &signed)
            }
            None => Ok(()),
        },
        5 => tx.add_gate_withdrawal(&NewWithdrawal { subject: &subject, reason: None }, &signed).map(drop),
        6 => {
            let outcome = ["done", "unknown", "failed", "refused HALTED", "refused DENIED", "released"];
            let new = NewReceipt {
                used: None,
                digest: &digest("receipt", it.which),
                subject: &subject,
                gate: &home(),
                seq: u64::from(turn),
                burned: None,
                amendment: None,
                at: now,
                outcome: outcome[usize::from(it.more) % outcome.len()],
                elsewhere: false,
                envelope: b"",
            };
            tx.add_receipt(&new, now).map(drop)
        }
        7 => {
            let receipt = digest("receipt", it.which);
            if tx.receipt(&receipt)?.is_none() || tx.facts(&subject)?.is_none_or(|it| resolved(&it)) {
                return Ok(());
            }
            let person = &"Ada".parse().unwrap();
            let new =
                NewResolution { receipt: &receipt, about: &subject, ran: it.more.is_multiple_of(2), person };
            tx.add_resolution(&new, &signed)
        }
        8 => tx
            .outbox()?
            .iter()
            .filter(|entry| entry.digest.as_bytes()[0] % 2 == it.more % 2)
            .try_for_each(|entry| tx.acknowledged(&home(), &entry.digest, now).map(drop)),
        9 => tx.reopen(&home(), now).map(drop),
        10 => tx.set_gate_epoch(&home(), &Epoch::from_bytes([it.more % 2; 16])).map(drop),
        11 => tx.set_snooze(&subject, now.plus(1 + u64::from(it.more)), now),
        12 => tx.end_snooze(&subject).map(drop),
        13 => tx.void_one(&digest("halt", 0), &subject),
        _ => tx.note_due(now).map(drop),
    }
}

fn resolved(it: &countersign_store::Facts) -> bool {
    it.receipt.as_ref().is_none_or(|it| it.resolution.is_some())
}

/// Compares all that is kept with what follows from the facts.
fn check(tx: &Tx<'_>, now: Timestamp) -> Result<(), Error> {
    let all = tx.all_facts()?;
    let mut due = None;
    for facts in &all {
        let state = life::state(facts, now);
        let expected = place::place(facts, &state, now);
        let word = place::word(expected.section);
        let rows = tx.items(word, None, 99)?;
        let row =
            rows.iter().find(|row| row.digest == facts.digest).unwrap_or_else(|| panic!("not in {word}"));
        assert_eq!(row.rank, expected.rank);
        assert_eq!(kept::decode_state(&row.state).as_ref(), Some(&state));
        let found = |rows: Vec<countersign_store::ItemRow>| rows.iter().any(|row| row.digest == facts.digest);
        for answered in ["approved", "denied"] {
            assert_eq!(found(tx.answered(answered, None, 99)?), expected.answered == Some(answered));
        }
        for ended in ["failed", "expired"] {
            assert_eq!(found(tx.ended(ended, None, 99)?), expected.ended == Some(ended));
        }
        due = [due, expected.due].into_iter().flatten().min();
    }
    assert_eq!(tx.next_due()?, due);
    assert!(!tx.is_due(now)?, "nothing is left to do");
    let sections = [
        SectionId::Waiting,
        SectionId::Delivering,
        SectionId::Others,
        SectionId::Unknown,
        SectionId::Snoozed,
        SectionId::Decided,
    ];
    for section in sections {
        let rows = tx.items(place::word(section), None, 99)?;
        let total = tx.totals()?.into_iter().find(|it| it.section == place::word(section));
        assert_eq!(total.map_or(0, |it| it.items), rows.len() as u64);
        assert!(rows.is_sorted_by_key(|row| (-row.rank, -row.id)));
    }
    assert_eq!(tx.seen(None, 99)?.len(), all.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_is_what_follows_from_the_facts(
        steps in proptest::collection::vec((0_u8..18, 0_u8..PROPOSALS, any::<u8>()), 1..50)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Now(AtomicU64::new(150)));
        let path = folder.path().join("store");
        let open = || Settling::new(Store::open(&path).unwrap(), Arc::<Now>::clone(&clock));
        let mut store = open();
        for (turn, (what, which, more)) in steps.into_iter().enumerate() {
            let it = Step { what, which, more };
            match what {
                // Time goes on, or was set back.
                15 => drop(clock.0.fetch_add(u64::from(more) / 2, Ordering::SeqCst)),
                16 => {
                    let now = clock.0.load(Ordering::SeqCst);
                    clock.0.store(now.saturating_sub(u64::from(more)).max(1), Ordering::SeqCst);
                }
                // The app is closed and opened again.
                17 => {
                    drop(store);
                    store = open();
                }
                _ => store.write(|tx| step(tx, it, u8::try_from(turn).unwrap(), clock.now())).unwrap(),
            }
            // As at every look, which writes nothing when it is told that nothing is due.
            let due = store.read(|tx| tx.is_due(clock.now())).unwrap();
            assert_eq!(store.write(|tx| tx.note_due(clock.now())).unwrap(), due);
            store.read(|tx| check(tx, clock.now())).unwrap();
        }
    }
}

#[test]
fn what_is_too_much_for_one_transaction_follows_in_others() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Now(AtomicU64::new(150)));
    let mut store =
        Settling::new(Store::open(&folder.path().join("store")).unwrap(), Arc::<Now>::clone(&clock));
    for portion in 0..3_u32 {
        let add = store.write(|tx| {
            (0..500_u32).try_for_each(|n| {
                let digest = Digest::of(&(portion * 500 + n).to_be_bytes());
                let new = NewProposal {
                    uses: None,
                    digest: &digest,
                    gate: &home(),
                    epoch: &Epoch::from_bytes([0; 16]),
                    agent: "\"none\"",
                    created: at(100),
                    expires: at(200),
                    supersedes: None,
                    people: 1,
                    contents: &[],
                    envelope: b"",
                };
                tx.add_proposal(&new, at(150)).map(drop)
            })
        });
        add.unwrap();
    }
    clock.0.store(200, Ordering::SeqCst);
    let mut placed = vec![];
    while store.read(|tx| tx.is_due(clock.now())).unwrap() {
        let (_, settled) = store.write_settled(|tx| tx.note_due(clock.now())).unwrap();
        assert!(settled.moved);
        placed.push(settled.states.len());
    }
    assert_eq!(placed, [1000, 500]);
    store.read(|tx| tx.totals()).unwrap().iter().for_each(|it| {
        assert_eq!(it.items, if it.section == "decided" { 1500 } else { 0 });
    });
}

#[test]
fn what_came_back_is_put_aside_again_when_the_clock_is_set_back() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Now(AtomicU64::new(150)));
    let mut store =
        Settling::new(Store::open(&folder.path().join("store")).unwrap(), Arc::<Now>::clone(&clock));
    let propose = Step { what: 0, which: 0, more: 1 };
    store.write(|tx| step(tx, propose, 0, at(150))).unwrap();
    store.write(|tx| tx.set_snooze(&digest("proposal", 0), at(160), at(150))).unwrap();
    for (now, section) in [(159, "snoozed"), (160, "waiting"), (159, "snoozed")] {
        clock.0.store(now, Ordering::SeqCst);
        // As whoever looks does: only when it is told that something is due.
        if store.read(|tx| tx.is_due(at(now))).unwrap() {
            store.write(|tx| tx.note_due(at(now))).unwrap();
        }
        assert_eq!(store.read(|tx| tx.items(section, None, 9)).unwrap().len(), 1, "{now}");
    }
}
