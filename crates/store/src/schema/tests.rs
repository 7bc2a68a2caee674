#![allow(clippy::unwrap_used, reason = "a test may panic")]
use countersign_core::digest::Digest;
use countersign_core::name::GateId;
use countersign_core::time::Timestamp;
use rusqlite::{Connection, params};

use super::STEPS;
use crate::{Seen, Store};

fn digest(of: &str) -> Digest {
    Digest::of(of.as_bytes())
}

/// A store as the first version of the app left it, with something in every table.
fn old(connection: &Connection) {
    connection.execute_batch(STEPS[0]).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    let put = |sql: &str, params: &[&dyn rusqlite::ToSql]| connection.execute(sql, params).unwrap();
    let of = |text: &str| *digest(text).as_bytes();
    put("INSERT INTO own (id, epoch) VALUES (1, ?1)", &[&[7_u8; 16]]);
    put("INSERT INTO gate (name, epoch) VALUES ('home', ?1)", &[&[1_u8; 16]]);
    put("INSERT INTO gate_epoch (gate, epoch) VALUES ('home', ?1)", &[&[1_u8; 16]]);
    for (id, name, received) in [(1, "first", 10), (2, "second", 30), (3, "third", 40)] {
        connection
            .execute(
                "INSERT INTO proposal (id, digest, gate, epoch, agent, created, expires, supersedes, people, received, envelope)
                 VALUES (?1, ?2, 'home', ?3, '\"none\"', 5, 500, NULL, 1, ?4, ?5)",
                params![id, of(name), [1_u8; 16], received, name.as_bytes()],
            )
            .unwrap();
    }
    put("INSERT INTO content (proposal, digest) VALUES (1, ?1)", &[&of("here")]);
    put("INSERT INTO content (proposal, digest) VALUES (1, ?1)", &[&of("missing")]);
    put("INSERT INTO blob (digest, bytes) VALUES (?1, x'00')", &[&of("here")]);
    put(
        "INSERT INTO seq (gate, epoch, seq, digest) VALUES ('home', ?1, 1, ?2)",
        &[&[1_u8; 16], &of("first")],
    );
    put(
        "INSERT INTO decision (digest, subject, verdict, person, comment, sequence, at)
         VALUES (?1, ?2, 'approve', 'Ada', 'well', 1, 50)",
        &[&of("decision"), &of("second")],
    );
    put(
        "INSERT INTO outbox (digest, gate, kind, about, created, acknowledged, envelope)
         VALUES (?1, 'home', 'decision', ?2, 50, 60, x'01')",
        &[&of("decision"), &of("second")],
    );
    put(
        "INSERT INTO outbox (digest, gate, kind, about, created, acknowledged, envelope)
         VALUES (?1, 'home', 'lift', NULL, 51, NULL, x'02')",
        &[&of("lift")],
    );
    put(
        "INSERT INTO withdrawal (digest, subject, by_gate, gate, at, reason, envelope)
         VALUES (?1, ?2, 1, 'home', 70, 'gave up', x'03')",
        &[&of("withdrawal"), &of("third")],
    );
    put(
        "INSERT INTO receipt (digest, subject, gate, seq, burned, at, outcome, received, envelope)
         VALUES (?1, ?2, 'home', 2, 61, 62, 'unknown', 63, x'04')",
        &[&of("receipt"), &of("second")],
    );
    put(
        "INSERT INTO resolution (digest, receipt, ran, person, at) VALUES (?1, ?2, 1, 'Ada', 80)",
        &[&of("resolution"), &of("receipt")],
    );
    put(
        "INSERT INTO halt (digest, gate, at, reason, envelope) VALUES (?1, 'home', 90, 'behind', x'05')",
        &[&of("halt")],
    );
    put("INSERT INTO lift (digest, halt) VALUES (?1, ?2)", &[&of("lift"), &of("halt")]);
    put("INSERT INTO ack_due (gate, digest) VALUES ('home', ?1)", &[&of("second")]);
    put(
        "INSERT INTO evidence (digest, name, cause, why, uid, size, raw, received)
         VALUES (?1, 'strange', 'NO_MESSAGE', 'torn', 1, 2, x'0607', 20)",
        &[&of("evidence")],
    );
    put("INSERT INTO shown (proposal, sheet, at) VALUES (?1, ?2, 45)", &[&of("second"), &of("sheet")]);
}

#[test]
fn a_store_of_the_first_version_opens_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    old(&Connection::open(&path).unwrap());
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.epoch().as_bytes(), &[7; 16]);
    let home: GateId = "home".parse().unwrap();
    store
        .read(|tx| {
            let all = tx.all_facts()?;
            assert_eq!(all.len(), 3);
            let [third, second, first] = all.as_slice() else { panic!("{all:?}") };
            assert_eq!((first.missing, tx.missing(&first.digest)?), (1, vec![digest("missing")]));
            assert_eq!(tx.blob(&digest("here"))?, Some(vec![0]));
            assert_eq!(third.withdrawn.as_ref().unwrap().reason.as_deref(), Some("gave up"));
            let decision = second.decision.as_ref().unwrap();
            assert!(decision.acknowledged);
            assert_eq!(decision.comment.as_deref(), Some("well"));
            assert!(second.receipt.as_ref().unwrap().resolution.as_ref().unwrap().ran);
            let outbox = tx.outbox()?;
            assert_eq!(outbox.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(), ["lift"]);
            assert_eq!(outbox[0].envelope, [2]);
            let halts = tx.halts()?;
            assert_eq!((halts.len(), halts[0].digest, &halts[0].gate), (1, digest("halt"), &home));
            assert!(!halts[0].own);
            assert_eq!(halts[0].scope, r#"{"kind":"gate","gate":"home"}"#);
            assert_eq!(tx.acks_due(&home, 9)?, [digest("second")]);
            assert_eq!(tx.shown(&digest("second"))?, [(digest("sheet"), Timestamp::from_seconds(45))]);
            // All of it waits to be placed, to be indexed and to be drawn.
            assert_eq!(tx.stale(9)?.len(), 3);
            assert_eq!(tx.totals()?[0].items, 3);
            assert_eq!(tx.outdated(1, 9)?.len(), 3);
            assert_eq!(tx.index_gaps()?, (4, 0));
            // What was seen stands in the order in which it came.
            let seen = tx.seen(None, 9)?.into_iter().map(|(_, it)| match it {
                Seen::Proposal(it) => it.digest,
                Seen::Evidence(it) => it.digest,
            });
            let order: Vec<_> = ["third", "second", "evidence", "first"].into_iter().map(digest).collect();
            assert_eq!(seen.collect::<Vec<_>>(), order);
            let agents = tx.agents()?;
            assert_eq!((agents.len(), agents[0].proposed), (1, 3));
            Ok::<_, crate::Error>(())
        })
        .unwrap();
    // What could have only one gate may have two.
    let signed = |gate: &GateId| {
        let gate = gate.clone();
        move |tx: &crate::Tx<'_>| {
            let lift = digest("another lift");
            let at = Timestamp::from_seconds(99);
            let signed = crate::Signed { digest: &lift, gate: &gate, envelope: b"", at };
            tx.add_lift(&digest("halt"), &[gate.clone(), "away".parse().unwrap()], &signed)
        }
    };
    store.write(signed(&home)).unwrap();
    assert_eq!(store.read(|tx| tx.outbox_len()).unwrap(), 3);
    drop(store);
    // Opened again, nothing is done twice.
    assert_eq!(Store::open(&path).unwrap().read(|tx| tx.seen(None, 9)).unwrap().len(), 4);
}
