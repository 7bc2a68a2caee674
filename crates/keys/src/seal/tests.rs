#![allow(clippy::unwrap_used, reason = "a test may panic")]
use countersign_core::json;
use serde_json::{Value, json};

use super::*;

fn seeds() -> Seeds {
    Seeds { reviewer: SecretKey::from_seed(&[1; 32]), administrator: SecretKey::from_seed(&[2; 32]) }
}

fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery".to_owned())
}

fn sealed() -> String {
    SealedRing::seal(&seeds(), &passphrase(), Cost::LEAST).unwrap().to_text().to_string()
}

/// The ring with its JSON changed and its checksum made right again, as an attacker would.
fn forged(change: impl FnOnce(&mut Value)) -> String {
    let text = sealed();
    let body = BASE64.decode(text.split_once('.').unwrap().0.as_bytes()).unwrap();
    let mut value = json::parse(&body).unwrap();
    change(&mut value);
    let body = BASE64.encode(value.to_string().as_bytes());
    let sum = checksum(&body);
    format!("{body}.{sum}")
}

#[test]
fn a_ring_opens_with_its_passphrase_only() {
    let ring = SealedRing::parse(&sealed()).unwrap();
    for (which, key) in [(Which::Reviewer, seeds().reviewer), (Which::Administrator, seeds().administrator)] {
        assert_eq!(*ring.open(which, &passphrase()).unwrap().unwrap().seed(), *key.seed());
        let wrong = Passphrase::new("correct horse batterz".to_owned());
        assert!(ring.open(which, &wrong).unwrap().is_none());
    }
}

#[test]
fn the_standard_cost_is_what_the_documents_say_and_works() {
    assert_eq!(Cost::STANDARD, Cost::new(65_536, 3, 4).unwrap());
    let ring = SealedRing::seal(&seeds(), &passphrase(), Cost::STANDARD).unwrap();
    assert!(ring.open_both(&passphrase()).unwrap().is_some());
}

#[test]
fn each_bit_of_the_text_is_covered() {
    let text = sealed();
    for bit in 0..text.len() * 8 {
        let mut bytes = text.clone().into_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let refused = String::from_utf8(bytes).map_or(true, |it| SealedRing::parse(&it).is_err());
        assert!(refused, "bit {bit}");
    }
}

#[test]
fn each_bit_of_what_is_sealed_is_covered_even_under_a_right_checksum() {
    for (field, bytes) in [("sealed", 48), ("nonce", 24)] {
        for at in [0, bytes / 2, bytes - 1] {
            let text = forged(|ring| {
                let old = BASE64.decode(ring["reviewer"][field].as_str().unwrap().as_bytes()).unwrap();
                let mut new = old;
                new[at] ^= 1;
                ring["reviewer"][field] = json!(BASE64.encode(&new));
            });
            let ring = SealedRing::parse(&text).unwrap();
            assert!(ring.open(Which::Reviewer, &passphrase()).unwrap().is_none(), "{field} {at}");
        }
    }
}

#[test]
fn the_two_keys_cannot_change_places() {
    let swap = |fields: &'static [&'static str]| {
        forged(move |ring| {
            for field in fields {
                let reviewer = ring["reviewer"][field].clone();
                ring["reviewer"][field] = ring["administrator"][field].clone();
                ring["administrator"][field] = reviewer;
            }
        })
    };
    for fields in [&["public", "nonce", "sealed"][..], &["nonce", "sealed"], &["public"]] {
        let ring = SealedRing::parse(&swap(fields)).unwrap();
        for which in [Which::Reviewer, Which::Administrator] {
            assert!(ring.open(which, &passphrase()).unwrap().is_none(), "{fields:?}");
        }
    }
}

#[test]
fn an_absurd_cost_is_refused_on_reading() {
    let costs = [
        ("memory_kib", 1024 * 1024 + 1),
        ("memory_kib", u32::MAX),
        ("memory_kib", 1023),
        ("memory_kib", 0),
        ("passes", 21),
        ("passes", 0),
        ("lanes", 17),
        ("lanes", 0),
    ];
    for (field, value) in costs {
        let text = forged(|ring| ring["cost"][field] = json!(value));
        assert!(matches!(SealedRing::parse(&text), Err(Error::AbsurdCost(_))), "{field} {value}");
    }
    assert!(Cost::new(1024 * 1024, 20, 16).is_ok());
}

#[test]
fn whatever_else_is_not_ours_is_damaged() {
    type Change = fn(&mut Value);
    let changes: [Change; 8] = [
        |ring| ring["version"] = json!(2),
        |ring| ring["kdf"] = json!("argon2i-v19"),
        |ring| ring["cipher"] = json!("none"),
        |ring| ring["cost"]["memory_kib"] = json!(u64::from(u32::MAX) + 1),
        |ring| ring["extra"] = json!(1),
        |ring| ring["cost"]["extra"] = json!(1),
        |ring| ring["reviewer"]["public"] = json!("00"),
        |ring| *ring = json!([]),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        assert!(matches!(SealedRing::parse(&forged(change)), Err(Error::Damaged(_))), "change {at}");
    }
    for text in ["", ".", "AAAA", &"A".repeat(100_000)] {
        assert!(matches!(SealedRing::parse(text), Err(Error::Damaged(_))));
    }
    let short = forged(|ring| ring["salt"] = json!("AAAA"));
    let opened = SealedRing::parse(&short).unwrap().open(Which::Reviewer, &passphrase());
    assert!(matches!(opened, Err(Error::Damaged(_))));
}

#[test]
fn two_rings_of_the_same_seeds_share_no_salt_and_no_nonce() {
    let (one, two) = (SealedRing::parse(&sealed()).unwrap(), SealedRing::parse(&sealed()).unwrap());
    assert_ne!(one.salt, two.salt);
    let nonces = [&one.reviewer, &one.administrator, &two.reviewer, &two.administrator].map(|it| &it.nonce);
    for (at, nonce) in nonces.iter().enumerate() {
        assert!(!nonces[at + 1..].contains(nonce));
    }
}
