//! What is asked for by pages, in an order or in numbers: nothing is missing, nothing is there twice.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{at, digest, epoch, gate, person};
use countersign_core::digest::Digest;
use countersign_core::name::GateId;
use countersign_store::{Error, NewDecision, NewEvidence, NewProposal, Placed, Signed, Store, Tx};

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn opened() -> (tempfile::TempDir, Store) {
    let base = tempfile::tempdir().unwrap();
    let store = Store::open(&base.path().join("store.db")).unwrap();
    (base, store)
}

fn propose(tx: &Tx<'_>, name: &str, created: u64) -> Result<(), Error> {
    let new = NewProposal {
        uses: None,
        digest: &digest(name),
        gate: &gate(),
        epoch: &epoch(1),
        agent: "\"none\"",
        created: at(created),
        expires: at(900),
        supersedes: None,
        people: 1,
        contents: &[],
        envelope: name.as_bytes(),
    };
    tx.add_proposal(&new, at(110)).map(drop)
}

fn decide(tx: &Tx<'_>, name: &str, subject: &str, time: u64) -> Result<(), Error> {
    let (subject, digest) = (digest(subject), digest(name));
    let sequence = tx.next_sequence(&subject)?;
    let new = NewDecision { subject: &subject, verdict: "deny", person: &person(), comment: None, sequence };
    tx.add_decision(&new, &Signed { digest: &digest, gate: &gate(), envelope: b"", at: at(time) })
}

fn halt(tx: &Tx<'_>, name: &str, gate: &GateId) -> Result<bool, Error> {
    tx.add_own_halt("", None, &Signed { digest: &digest(name), gate, envelope: b"", at: at(120) })
}

/// Places all that is stale, as if it were alike in everything.
fn place(tx: &Tx<'_>, answered: Option<&str>) -> Result<(), Error> {
    let it = Placed {
        section: "decided",
        rank: 7,
        due: None,
        lapsed: None,
        answered,
        ended: Some("expired"),
        state: "",
    };
    tx.stale(99)?.iter().try_for_each(|(id, _)| tx.place(*id, &it).map(drop))
}

#[test]
fn pages_of_what_is_alike_neither_repeat_nor_skip() {
    let (_base, mut store) = opened();
    store.write(|tx| NAMES.iter().try_for_each(|name| propose(tx, name, 100))).unwrap();
    store.write(|tx| place(tx, Some("denied"))).unwrap();
    let expected: Vec<Digest> = NAMES.iter().rev().map(|name| digest(name)).collect();
    for list in ["section", "answered", "ended"] {
        let (mut all, mut after) = (vec![], None);
        // One page more than there are.
        for _ in 0..=NAMES.len() / 2 {
            let page = store.read(|tx| match list {
                "section" => tx.items("decided", after, 2),
                "answered" => tx.answered("denied", after.map(|(_, id)| id), 2),
                _ => tx.ended("expired", after.map(|(_, id)| id), 2),
            });
            let page = page.unwrap();
            after = page.last().map(|it| (it.rank, it.id)).or(after);
            all.extend(page.into_iter().map(|it| it.digest));
        }
        assert_eq!(all, expected, "{list}");
    }
}

#[test]
fn halts_are_first_of_what_is_to_be_sent() {
    let (_base, mut store) = opened();
    store
        .write(|tx| {
            propose(tx, "a", 100)?;
            decide(tx, "on a", "a", 120)?;
            halt(tx, "halt", &gate())
        })
        .unwrap();
    let sent = store.read(|tx| tx.outbox()).unwrap();
    assert_eq!(sent.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(), ["halt", "decision"]);
}

#[test]
fn what_was_signed_goes_to_each_gate_once() {
    let (_base, mut store) = opened();
    let signed = |tx: &Tx<'_>| {
        propose(tx, "a", 100)?;
        decide(tx, "signed", "a", 120)
    };
    store.write(signed).unwrap();
    // By one digest a gate acknowledges one thing.
    assert!(matches!(store.write(|tx| halt(tx, "signed", &gate())), Err(Error::Database(_))));
    assert!(store.write(|tx| halt(tx, "signed", &"other".parse().unwrap())).unwrap());
    assert_eq!(store.read(|tx| tx.outbox_len()).unwrap(), 2);
}

#[test]
fn the_latest_time_is_that_of_whatever_was_written_down_last() {
    let (_base, mut store) = opened();
    let latest = |store: &mut Store| store.read(|tx| tx.latest()).unwrap();
    assert_eq!(latest(&mut store), None);
    store.write(|tx| propose(tx, "a", 500)).unwrap();
    // When it came, and not what a gate says of its own clock.
    assert_eq!(latest(&mut store), Some(at(110)));
    store.write(|tx| decide(tx, "on a", "a", 120)).unwrap();
    assert_eq!(latest(&mut store), Some(at(120)));
    store.write(|tx| tx.add_shown(&digest("a"), &digest("sheet"), at(130))).unwrap();
    assert_eq!(latest(&mut store), Some(at(130)));
    let strange = NewEvidence { name: "n", cause: "c", why: "w", uid: None, bytes: b"raw" };
    store.write(|tx| tx.add_evidence(&strange, at(140)).map(drop)).unwrap();
    assert_eq!(latest(&mut store), Some(at(140)));
}

#[test]
fn an_agent_is_counted_by_what_is_so_now_and_called_as_it_was_last() {
    let (_base, mut store) = opened();
    let agent = |store: &mut Store| store.read(|tx| tx.agents()).unwrap().remove(0);
    store.write(|tx| propose(tx, "newer", 100)).unwrap();
    // It comes later and was made before.
    store.write(|tx| propose(tx, "older", 90)).unwrap();
    let it = agent(&mut store);
    assert_eq!((it.newest, it.first, it.last, it.waiting), (digest("newer"), at(90), at(100), 2));
    for (answered, counted) in [(Some("approved"), (0, 2, 0)), (Some("denied"), (0, 0, 2)), (None, (0, 0, 0))]
    {
        store
            .write(|tx| {
                // A fact that makes both of them stale.
                for name in ["newer", "older"] {
                    tx.set_snooze(&digest(name), at(200), at(110))?;
                }
                place(tx, answered)
            })
            .unwrap();
        let it = agent(&mut store);
        assert_eq!((it.waiting, it.approved, it.denied), counted, "{answered:?}");
    }
}
