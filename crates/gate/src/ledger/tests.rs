#![allow(clippy::unwrap_used, reason = "a test may panic")]
use countersign_core::digest::Digest;
use countersign_core::halt::{Halt, Lift, Scope};
use countersign_core::json;
use countersign_core::name::Nonce;
use countersign_core::time::Timestamp;
use rusqlite::{Connection, params};

use super::{Ledger, Letter, STEPS, VERSION, halts, outbox};
use crate::Error;

fn halt(id: u8, scope: Scope) -> (Digest, Vec<u8>) {
    let halt = Halt { id: Nonce::from_bytes([id; 16]), scope, at: Timestamp::from_seconds(5), reason: None };
    let payload = json::to_bytes(&halt);
    (Digest::of(&payload), payload)
}

/// A ledger as the first version of the gate left it: halted by a device, and by itself.
fn old(connection: &Connection) -> [Digest; 2] {
    connection.execute_batch(STEPS[0]).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    let (of_device, first) = halt(1, Scope::All);
    let (of_gate, second) = halt(2, Scope::Gate { gate: "home".parse().unwrap() });
    for (digest, payload) in [(of_device, first), (of_gate, second)] {
        connection
            .execute(
                "INSERT INTO halt (digest, payload, at) VALUES (?1, ?2, 6)",
                params![digest.as_bytes(), payload],
            )
            .unwrap();
    }
    connection
        .execute(
            "INSERT INTO outbox (digest, kind, envelope, acked) VALUES (?1, 'halt', x'07', 8)",
            [of_gate.as_bytes()],
        )
        .unwrap();
    connection.execute("INSERT INTO device (name, epoch) VALUES ('desk', ?1)", [[1_u8; 16]]).unwrap();
    [of_device, of_gate]
}

#[test]
fn a_ledger_of_the_first_version_opens_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let [of_device, of_gate] = old(&Connection::open(&path).unwrap());
    let mut ledger = Ledger::open(&path).unwrap();
    let now = Timestamp::from_seconds(9);
    let change = ledger.write().unwrap();
    let mut standing: Vec<Digest> = halts::standing(&change).unwrap().into_iter().map(|(it, _)| it).collect();
    standing.sort();
    let mut both = vec![of_device, of_gate];
    both.sort();
    assert_eq!(standing, both);
    // Of the one that was taken from a device, its envelope was not kept.
    outbox::send_again(&change, &"home".parse().unwrap()).unwrap();
    assert_eq!(Letter::waiting(&change).unwrap(), [of_gate]);
    assert_eq!(Letter::by_digest(&change, &of_gate).unwrap().unwrap().envelope, [7]);
    // One that comes from now on is, and is sent until it is lifted; not one of another gate.
    let (later, _) = halt(3, Scope::All);
    let (elsewhere, _) = halt(4, Scope::Gate { gate: "away".parse().unwrap() });
    for (digest, scope) in [(later, Scope::All), (elsewhere, Scope::Gate { gate: "away".parse().unwrap() })] {
        let it = Halt { id: Nonce::from_bytes([0; 16]), scope, at: Timestamp::from_seconds(5), reason: None };
        halts::add_halt(&change, &digest, &it, b"as signed", now).unwrap();
    }
    outbox::send_again(&change, &"home".parse().unwrap()).unwrap();
    assert_eq!(Letter::waiting(&change).unwrap(), [of_gate, later]);
    assert_eq!(Letter::by_digest(&change, &later).unwrap().unwrap().envelope, b"as signed");
    let lift = Lift { halt: later, reviewer: "Ada".parse().unwrap(), at: now, reason: None };
    halts::add_lift(&change, &Digest::of(b"lift"), &lift, now).unwrap();
    assert_eq!(Letter::waiting(&change).unwrap(), [of_gate]);
    outbox::send_again(&change, &"home".parse().unwrap()).unwrap();
    assert_eq!(Letter::waiting(&change).unwrap(), [of_gate]);
    change.commit().unwrap();
    drop(ledger);
    // Opened again, no step is made twice.
    Ledger::open(&path).unwrap();
}

#[test]
fn a_ledger_of_a_later_version_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    drop(Ledger::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", VERSION + 1).unwrap();
    let Err(Error::NewerLedger { found, known }) = Ledger::open(&path) else { panic!() };
    assert_eq!((found, known), (VERSION + 1, VERSION));
}
