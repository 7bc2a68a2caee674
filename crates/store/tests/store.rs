//! The store on a real disk: nothing is lost, nothing counts twice, whatever the order.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::{Path, PathBuf};

use common::{at, digest, epoch, gate, person};
use countersign_core::digest::Digest;
use countersign_core::name::GateId;
use countersign_store::{
    Error, Facts, NewAmendment, NewDecision, NewEvidence, NewHalt, NewProposal, NewReceipt, NewResolution,
    NewWithdrawal, Signed, Store, Tx,
};
use proptest::prelude::*;

fn propose(tx: &Tx<'_>, name: &str, contents: &[Digest], supersedes: Option<&Digest>) -> bool {
    let new = NewProposal {
        uses: None,
        digest: &digest(name),
        gate: &gate(),
        epoch: &epoch(1),
        agent: "\"none\"",
        created: at(100),
        expires: at(200),
        supersedes,
        people: 1,
        contents,
        envelope: name.as_bytes(),
    };
    tx.add_proposal(&new, at(110)).unwrap()
}

fn signed<'a>(digest: &'a Digest, gate: &'a GateId, envelope: &'a str) -> Signed<'a> {
    Signed { digest, gate, envelope: envelope.as_bytes(), at: at(120) }
}

fn decide(tx: &Tx<'_>, name: &str, subject: &str, verdict: &str) -> Result<(), Error> {
    let subject = digest(subject);
    let sequence = tx.next_sequence(&subject)?;
    let new = NewDecision { subject: &subject, verdict, person: &person(), comment: None, sequence };
    tx.add_decision(&new, &signed(&digest(name), &gate(), name))
}

fn withdraw(tx: &Tx<'_>, name: &str, subject: &str) {
    let new = NewWithdrawal { subject: &digest(subject), reason: Some("why") };
    tx.add_gate_withdrawal(&new, &signed(&digest(name), &gate(), name)).unwrap();
}

fn receive(tx: &Tx<'_>, name: &str, subject: &str, seq: u64, burned: Option<u64>, outcome: &str) -> bool {
    let new = NewReceipt {
        used: None,
        digest: &digest(name),
        subject: &digest(subject),
        gate: &gate(),
        seq,
        burned: burned.map(at),
        amendment: None,
        at: at(130),
        outcome,
        elsewhere: false,
        envelope: name.as_bytes(),
    };
    tx.add_receipt(&new, at(131)).unwrap()
}

struct Opened {
    base: tempfile::TempDir,
    store: Store,
}

fn opened() -> Opened {
    let base = tempfile::tempdir().unwrap();
    let store = Store::open(&base.path().join("app").join("store.db")).unwrap();
    Opened { base, store }
}

impl Opened {
    fn path(&self) -> PathBuf {
        self.base.path().join("app").join("store.db")
    }

    fn write<T>(&mut self, work: impl FnOnce(&Tx<'_>) -> T) -> T {
        self.store.write(|tx| Ok::<_, Error>(work(tx))).unwrap()
    }

    fn facts(&mut self, name: &str) -> Facts {
        self.store.read(|tx| tx.facts(&digest(name))).unwrap().unwrap()
    }

    /// What a machine finds that loses power now: the files as they are, without a word to the database.
    fn after_power_loss(&self) -> (tempfile::TempDir, Store) {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(self.path().parent().unwrap(), copy.path());
        let store = Store::open(&copy.path().join("store.db")).unwrap();
        (copy, store)
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        // The shared memory is what only a running process has.
        if !file.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}

#[test]
fn a_store_made_anew_has_an_epoch_of_its_own_and_keeps_it() {
    let first = opened();
    let again = Store::open(&first.path()).unwrap();
    assert_eq!(first.store.epoch(), again.epoch());
    assert_ne!(first.store.epoch(), opened().store.epoch());
}

#[test]
fn only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut it = opened();
    it.write(|tx| propose(tx, "p", &[], None));
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(it.path()), 0o600);
    assert_eq!(mode(it.path().with_file_name("store.db-wal")), 0o600);
    assert_eq!(mode(it.path().parent().unwrap().to_owned()), 0o700);
}

#[test]
fn a_newer_schema_is_refused_and_not_touched() {
    let it = opened();
    let path = it.path();
    drop(it.store);
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Store::open(&path), Err(Error::Newer { found: 99, .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_that_is_no_database_is_said_to_be_damaged() {
    let base = tempfile::tempdir().unwrap();
    let path = base.path().join("store.db");
    std::fs::write(&path, vec![7; 4096]).unwrap();
    assert!(matches!(Store::open(&path), Err(Error::Damaged(_))));
}

#[test]
fn what_fails_half_way_leaves_nothing() {
    let mut it = opened();
    let failed = it.store.write(|tx| {
        propose(tx, "p", &[], None);
        decide(tx, "d", "p", "approve")?;
        // The second answer with one digest is refused by the table.
        decide(tx, "d", "p", "deny")
    });
    assert!(matches!(failed, Err(Error::Database(_))));
    assert!(it.store.read(|tx| tx.facts(&digest("p"))).unwrap().is_none());
    assert_eq!(it.store.read(|tx| tx.outbox_len()).unwrap(), 0);
}

#[test]
fn a_decision_is_never_kept_without_its_outbox_entry() {
    let mut it = opened();
    it.write(|tx| {
        propose(tx, "p", &[], None);
        decide(tx, "d", "p", "approve").unwrap();
    });
    let (_copy, mut store) = it.after_power_loss();
    let entry = store.read(|tx| tx.outbox()).unwrap().remove(0);
    assert_eq!((entry.digest, entry.kind.as_str(), entry.envelope), (digest("d"), "decision", b"d".to_vec()));
    let facts = store.read(|tx| tx.facts(&digest("p"))).unwrap().unwrap();
    assert_eq!(facts.decision.map(|it| (it.digest, it.acknowledged)), Some((digest("d"), false)));
}

/// A decision about an amendment is kept with it or not at all, and it stands as long as the decision does.
#[test]
fn an_amendment_is_kept_with_its_decision_and_stands_with_it() {
    let mut it = opened();
    let contents = [(digest("long"), b"long".to_vec())];
    let amend = |tx: &Tx<'_>, name: &str, amendment: &str| {
        decide(tx, name, "p", "approve")?;
        let (digest, payload) = (digest(amendment), amendment.as_bytes());
        tx.add_amendment(&self::digest(name), &NewAmendment { digest: &digest, payload, contents: &contents })
    };
    it.write(|tx| propose(tx, "p", &[], None));
    let half: Result<(), Error> = it.store.write(|tx| {
        amend(tx, "half", "never")?;
        Err(Error::Damaged("half-way".to_owned()))
    });
    assert!(half.is_err());
    let standing = |it: &mut Opened| it.store.read(|tx| tx.standing_amendment(&digest("p"))).unwrap();
    assert_eq!((standing(&mut it), it.store.read(|tx| tx.outbox_len()).unwrap()), (None, 0));

    it.write(|tx| amend(tx, "first", "one")).unwrap();
    assert_eq!(standing(&mut it), Some((digest("one"), b"one".to_vec())));
    assert!(it.facts("p").decision.unwrap().amended);
    let (_copy, mut after) = it.after_power_loss();
    let kept =
        after.read(|tx| Ok::<_, Error>((tx.amendment_of(&digest("first"))?, tx.blob(&digest("long"))?)));
    assert_eq!(kept.unwrap(), (Some((digest("one"), b"one".to_vec())), Some(b"long".to_vec())));

    // Taken back, it stands no longer; acted on all the same, it is what was acted on.
    let back = NewWithdrawal { subject: &digest("first"), reason: None };
    it.write(|tx| tx.add_own_withdrawal(&back, &digest("p"), &signed(&digest("w"), &gate(), "w"))).unwrap();
    assert_eq!(standing(&mut it), None);
    it.write(|tx| decide(tx, "plain", "p", "approve")).unwrap();
    assert!(!it.facts("p").decision.unwrap().amended);
    let new = NewReceipt {
        used: None,
        digest: &digest("r"),
        subject: &digest("p"),
        gate: &gate(),
        seq: 2,
        burned: Some(at(130)),
        amendment: Some(&digest("one")),
        at: at(131),
        outcome: "done",
        elsewhere: false,
        envelope: b"r",
    };
    it.write(|tx| tx.add_receipt(&new, at(132))).unwrap();
    assert_eq!(standing(&mut it).map(|it| it.0), Some(digest("one")));
}

#[test]
fn the_same_thing_twice_is_kept_once() {
    let mut it = opened();
    for first in [true, false] {
        it.write(|tx| {
            assert_eq!(propose(tx, "p", &[digest("c")], None), first);
            assert_eq!(receive(tx, "r", "p", 2, Some(125), "done"), first);
            withdraw(tx, "w", "p");
            tx.add_blob(&digest("c"), b"c").unwrap();
            let evidence = NewEvidence { name: "n", cause: "c", why: "w", uid: None, bytes: b"raw" };
            assert_eq!(tx.add_evidence(&evidence, at(1)).unwrap(), first);
            tx.add_ack_due(&gate(), &digest("p")).unwrap();
        });
    }
    assert_eq!(it.store.read(|tx| tx.all_facts()).unwrap().len(), 1);
    assert_eq!(it.store.read(|tx| tx.evidence()).unwrap().len(), 1);
    assert_eq!(it.store.read(|tx| tx.acks_due(&gate(), 10)).unwrap(), [digest("p")]);
}

#[test]
fn a_withdrawal_and_a_receipt_may_come_before_what_they_name() {
    let mut it = opened();
    it.write(|tx| {
        withdraw(tx, "w", "p");
        receive(tx, "r", "p", 2, None, "refused");
    });
    it.write(|tx| propose(tx, "p", &[], None));
    let facts = it.facts("p");
    assert_eq!(facts.withdrawn.unwrap().reason.as_deref(), Some("why"));
    assert_eq!(facts.receipt.unwrap().outcome, "refused");
}

#[test]
fn the_receipt_of_the_burned_nonce_wins_over_later_refusals() {
    let mut it = opened();
    it.write(|tx| {
        propose(tx, "p", &[], None);
        receive(tx, "r1", "p", 2, Some(125), "done");
        receive(tx, "r2", "p", 3, None, "refused REPLAY");
    });
    assert_eq!(it.facts("p").receipt.unwrap().outcome, "done");
}

#[test]
fn a_number_given_out_twice_names_what_it_was_given_to_first() {
    let mut it = opened();
    let note = |it: &mut Opened, name: &str, e: u8| {
        it.write(|tx| tx.note_seq(&gate(), &epoch(e), 7, &digest(name)).unwrap())
    };
    assert_eq!(note(&mut it, "a", 1), None);
    assert_eq!(note(&mut it, "a", 1), None);
    assert_eq!(note(&mut it, "b", 1), Some(digest("a")));
    assert_eq!(note(&mut it, "b", 2), None);
}

#[test]
fn a_proposal_is_complete_when_every_content_is_here() {
    let mut it = opened();
    let contents = [digest("one"), digest("two"), digest("one")];
    it.write(|tx| tx.add_blob(&digest("one"), b"one").unwrap());
    it.write(|tx| propose(tx, "p", &contents, None));
    assert_eq!(it.facts("p").missing, 1);
    assert_eq!(it.store.read(|tx| tx.missing(&digest("p"))).unwrap(), [digest("two")]);
    assert_eq!(it.store.read(|tx| tx.incomplete()).unwrap(), [(digest("p"), gate())]);
    it.write(|tx| tx.add_blob(&digest("two"), b"two").unwrap());
    assert_eq!(it.facts("p").missing, 0);
    assert!(it.store.read(|tx| tx.incomplete()).unwrap().is_empty());
    assert_eq!(it.store.read(|tx| tx.blob(&digest("two"))).unwrap().unwrap(), b"two");
}

#[test]
fn only_the_same_agent_at_the_same_gate_supersedes() {
    let mut it = opened();
    it.write(|tx| {
        propose(tx, "p", &[], None);
        let other = NewProposal {
            uses: None,
            digest: &digest("stranger"),
            gate: &gate(),
            epoch: &epoch(1),
            agent: "{\"uid\":7}",
            created: at(100),
            expires: at(200),
            supersedes: Some(&digest("p")),
            people: 1,
            contents: &[],
            envelope: b"x",
        };
        tx.add_proposal(&other, at(110)).unwrap();
    });
    assert_eq!(it.facts("p").superseded_by, None);
    it.write(|tx| propose(tx, "q", &[], Some(&digest("p"))));
    assert_eq!(it.facts("p").superseded_by, Some(digest("q")));
}

#[test]
fn taking_an_answer_back_leaves_none_standing() {
    let mut it = opened();
    it.write(|tx| {
        propose(tx, "p", &[], None);
        decide(tx, "d1", "p", "approve").unwrap();
        let taken_back = NewWithdrawal { subject: &digest("d1"), reason: None };
        tx.add_own_withdrawal(&taken_back, &digest("p"), &signed(&digest("w"), &gate(), "w")).unwrap();
    });
    assert!(it.facts("p").decision.is_none());
    assert_eq!(it.store.read(|tx| tx.next_sequence(&digest("p"))).unwrap(), 2);
    it.write(|tx| decide(tx, "d2", "p", "deny").unwrap());
    assert_eq!(it.facts("p").decision.unwrap().verdict, "deny");
    let kinds: Vec<_> =
        it.store.read(|tx| tx.outbox()).unwrap().into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, ["decision", "withdrawal", "decision"]);
}

#[test]
fn an_acknowledgement_counts_only_from_the_gate_it_was_for() {
    let mut it = opened();
    it.write(|tx| {
        propose(tx, "p", &[], None);
        decide(tx, "d", "p", "approve").unwrap();
        let other: GateId = "other".parse().unwrap();
        assert!(!tx.acknowledged(&other, &digest("d"), at(1)).unwrap());
        assert_eq!(tx.outbox_len().unwrap(), 1);
        assert!(tx.acknowledged(&gate(), &digest("d"), at(1)).unwrap());
        assert!(!tx.acknowledged(&gate(), &digest("d"), at(1)).unwrap());
        assert_eq!(tx.outbox_len().unwrap(), 0);
    });
    assert!(it.facts("p").decision.unwrap().acknowledged);
}

#[test]
fn a_gate_that_lost_its_memory_gets_again_what_still_matters() {
    let mut it = opened();
    it.write(|tx| {
        for name in ["open", "done"] {
            propose(tx, name, &[], None);
            decide(tx, &format!("decision on {name}"), name, "approve").unwrap();
            tx.acknowledged(&gate(), &digest(&format!("decision on {name}")), at(1)).unwrap();
        }
        receive(tx, "r", "done", 3, Some(125), "done");
        assert!(tx.set_gate_epoch(&gate(), &epoch(2)).unwrap());
        assert!(!tx.set_gate_epoch(&gate(), &epoch(2)).unwrap());
        assert_eq!(tx.reopen(&gate(), at(199)).unwrap(), 1);
        assert_eq!(tx.outbox().unwrap()[0].digest, digest("decision on open"));
        tx.acknowledged(&gate(), &digest("decision on open"), at(1)).unwrap();
        assert_eq!(tx.reopen(&gate(), at(200)).unwrap(), 0);
    });
    assert_eq!(it.facts("open").gate_epoch, Some(epoch(2)));
}

#[test]
fn a_halt_stands_until_its_gate_has_the_lift() {
    let mut it = opened();
    let halt = NewHalt {
        digest: &digest("h"),
        gate: &gate(),
        scope: "",
        by: None,
        at: at(5),
        reason: None,
        envelope: b"h",
    };
    it.write(|tx| tx.add_halt(&halt).unwrap());
    assert!(!it.store.read(|tx| tx.halts()).unwrap()[0].lifted);
    it.write(|tx| tx.add_lift(&digest("h"), &[gate()], &signed(&digest("l"), &gate(), "l")).unwrap());
    assert!(it.store.read(|tx| tx.halts()).unwrap()[0].lifted);
    it.write(|tx| tx.acknowledged(&gate(), &digest("l"), at(6)).unwrap());
    assert!(it.store.read(|tx| tx.halts()).unwrap().is_empty());
}

#[test]
fn an_outcome_is_resolved_once() {
    let mut it = opened();
    let resolve = |tx: &Tx<'_>, name: &str| {
        let found =
            NewResolution { receipt: &digest("r"), about: &digest("p"), ran: true, person: &person() };
        tx.add_resolution(&found, &signed(&digest(name), &gate(), name))
    };
    it.write(|tx| {
        propose(tx, "p", &[], None);
        receive(tx, "r", "p", 2, Some(125), "unknown");
        resolve(tx, "z").unwrap();
    });
    assert!(it.store.write(|tx| resolve(tx, "z2")).is_err());
    assert!(it.facts("p").receipt.unwrap().resolution.unwrap().ran);
    assert_eq!(it.store.read(|tx| tx.outbox_len()).unwrap(), 1);
}

#[test]
fn evidence_is_bounded_in_bytes_and_in_number() {
    let mut it = opened();
    let long = vec![b'x'; countersign_store::MAX_RAW + 1];
    it.write(|tx| {
        let new = NewEvidence { name: "n", cause: "c", why: "w", uid: Some(1), bytes: &long };
        tx.add_evidence(&new, at(1)).unwrap();
    });
    let kept = it.store.read(|tx| tx.evidence_of(&Digest::of(&long))).unwrap().unwrap();
    assert_eq!((kept.raw.len(), kept.size), (countersign_store::MAX_RAW, long.len() as u64));
    it.write(|tx| {
        for n in 0..countersign_store::MAX_EVIDENCE {
            let bytes = n.to_be_bytes();
            let new = NewEvidence { name: "n", cause: "c", why: "w", uid: None, bytes: &bytes };
            tx.add_evidence(&new, at(2)).unwrap();
        }
    });
    let all = it.store.read(|tx| tx.evidence()).unwrap();
    assert_eq!(all.len() as u64, countersign_store::MAX_EVIDENCE);
    assert!(all.iter().all(|row| row.received == at(2)));
}

#[test]
fn when_a_sheet_was_on_screen_is_kept_in_order() {
    let mut it = opened();
    it.write(|tx| {
        tx.add_shown(&digest("p"), &digest("s1"), at(1)).unwrap();
        tx.add_shown(&digest("p"), &digest("s2"), at(2)).unwrap();
    });
    let shown = it.store.read(|tx| tx.shown(&digest("p"))).unwrap();
    assert_eq!(shown, [(digest("s1"), at(1)), (digest("s2"), at(2))]);
}

/// One thing that can happen to the store, about one of three proposals.
#[derive(Debug, Clone)]
enum Step {
    Propose(u8),
    Blob(u8),
    Decide(u8),
    Acknowledge(u8),
    Receive(u8),
    Withdraw(u8),
}

fn step() -> impl Strategy<Value = Step> {
    (0u8..6, 0u8..3).prop_map(|(what, n)| match what {
        0 => Step::Propose(n),
        1 => Step::Blob(n),
        2 => Step::Decide(n),
        3 => Step::Acknowledge(n),
        4 => Step::Receive(n),
        _ => Step::Withdraw(n),
    })
}

fn apply(tx: &Tx<'_>, step: &Step) -> Result<(), Error> {
    let name = |n: &u8| format!("p{n}");
    match step {
        Step::Propose(n) => {
            propose(tx, &name(n), &[digest(&format!("c{n}"))], None);
        }
        Step::Blob(n) => tx.add_blob(&digest(&format!("c{n}")), b"c")?,
        Step::Decide(n) => {
            let sequence = tx.next_sequence(&digest(&name(n)))?;
            decide(tx, &format!("d{n}.{sequence}"), &name(n), "approve")?;
        }
        Step::Acknowledge(n) => {
            let last = tx.next_sequence(&digest(&name(n)))?.saturating_sub(1);
            tx.acknowledged(&gate(), &digest(&format!("d{n}.{last}")), at(9))?;
        }
        Step::Receive(n) => {
            receive(tx, &format!("r{n}"), &name(n), u64::from(*n), Some(125), "done");
        }
        Step::Withdraw(n) => withdraw(tx, &format!("w{n}"), &name(n)),
    }
    Ok(())
}

/// All that can be asked of a store, in one value.
fn everything(store: &mut Store) -> String {
    let asked = store.read(|tx| {
        let facts = tx.all_facts()?;
        let outbox: Vec<_> = tx.outbox()?.into_iter().map(|entry| entry.digest).collect();
        Ok::<_, Error>(format!("{facts:#?}\n{outbox:#?}\n{:#?}", tx.incomplete()?))
    });
    asked.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// After every step, a machine that loses power finds what one that does not sees; and a step
    /// that is done again, but for a new answer, changes nothing.
    #[test]
    fn power_loss_after_any_step_loses_nothing(steps in prop::collection::vec(step(), 1..12)) {
        let mut it = opened();
        for step in &steps {
            it.store.write(|tx| apply(tx, step)).unwrap();
            let seen = everything(&mut it.store);
            let (_copy, mut found) = it.after_power_loss();
            prop_assert_eq!(&everything(&mut found), &seen);
            if !matches!(step, Step::Decide(_)) {
                it.store.write(|tx| apply(tx, step)).unwrap();
                prop_assert_eq!(&everything(&mut it.store), &seen);
            }
        }
    }
}
