//! `tests/second-verifier/verify.py`, which was written from `docs/formats/` alone, agrees with us:
//! about every vector, and about payloads that were bent out of shape at random.
//!
//! `cargo xtask test` puts the Python of this test into `target/venv`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic and read files")]

mod common;
mod vectors {
    pub(crate) mod cases;
    pub(crate) mod reader;
    pub(crate) mod spellings;
}

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign_core::envelope::Envelope;
use data_encoding::BASE64;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use common::key;
use vectors::{cases, reader};

fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn python() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| house().join("target"), PathBuf::from);
    let python = target.join("venv/bin/python");
    assert!(python.exists(), "{} is missing: run `cargo xtask test` once, it makes it", python.display());
    python
}

/// Runs the second verifier on the vectors in `folder`; it must agree with all `count` of them.
fn agrees(folder: &Path, count: usize) {
    let verifier = house().join("tests/second-verifier/verify.py");
    let output = Command::new(python()).arg("-B").arg(verifier).arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{wrong}");
    assert!(said.ends_with(&format!("{count} passed, 0 failed\n")), "{said}");
}

#[test]
fn a_verifier_written_from_the_pages_agrees_with_every_vector() {
    let folder = house().join("tests/vectors");
    let files = std::fs::read_dir(&folder).unwrap();
    let names = files.map(|it| it.unwrap().path());
    agrees(&folder, names.filter(|it| it.extension().is_some_and(|it| it == "txt")).count());
}

/// Vectors whose payloads are bent, and who signs them.
const BENT: &[(&str, &[&str])] = &[
    ("proposal-every-act", &["home"]),
    ("proposal-released", &["home"]),
    ("proposal-batch", &["home"]),
    ("proposal-batch-of-calls", &["home"]),
    ("decision-whole", &["mara"]),
    ("receipt-whole", &["home"]),
    ("receipt-of-use", &["home"]),
    ("halt-of-agent", &["laptop"]),
    ("lift-good", &["mara"]),
    ("withdrawal-by-reviewer", &["mara"]),
    ("withdrawal-by-gate", &["home"]),
    ("resolution-good", &["mara"]),
    ("acknowledgement-by-device", &["laptop"]),
    ("root-two-of-two", &["administrator", "second"]),
];

/// What is put in place of something else.
fn odd() -> impl Strategy<Value = Value> {
    let values = [
        json!(0),
        json!(-1),
        json!(256),
        json!(4_294_967_296_u64),
        json!(253_402_300_800_u64),
        json!(true),
        json!(""),
        json!("a\n"),
        json!("none"),
        json!("gate"),
        json!("approve"),
        json!("home"),
        json!("mara"),
        json!("A/b"),
        json!("\u{e9}".repeat(101)),
        json!("a".repeat(64)),
        json!([]),
        json!({}),
        json!([["a", "b"]]),
        json!({"b64": "/w=="}),
        json!({"b64": "YQ=="}),
        json!({"kind": "unknown"}),
        json!({"kind": "unknown", "count": 1}),
        json!({"uid": 1}),
        json!({"gate": "home"}),
        json!({"inline": []}),
        json!({"complete": []}),
    ];
    prop::sample::select(values.to_vec())
}

#[derive(Debug, Clone)]
enum Bend {
    Leave,
    Repeat,
    Unname,
    Add(&'static str, Value),
    Replace(Value),
    Move(prop::sample::Index),
}

fn bend() -> impl Strategy<Value = Bend> {
    let names = [
        "kind",
        "x",
        "reason",
        "role",
        "mode",
        "exit",
        "inline",
        "blob",
        "count",
        "uid",
        "revoked_at",
        "results",
    ];
    prop_oneof![
        Just(Bend::Leave),
        Just(Bend::Repeat),
        Just(Bend::Unname),
        (prop::sample::select(names.to_vec()), odd()).prop_map(|(name, value)| Bend::Add(name, value)),
        odd().prop_map(Bend::Replace),
        any::<prop::sample::Index>().prop_map(Bend::Move),
    ]
}

/// Every place in a value, as JSON pointers.
fn places(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, it)| places(it, &format!("{here}/{at}"), all))
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, it)| places(it, &format!("{here}/{name}"), all))
        }
        _ => {}
    }
}

fn bent(value: &mut Value, at: prop::sample::Index, bend: &Bend) {
    let mut all = Vec::new();
    places(value, "", &mut all);
    let place = &all[at.index(all.len())];
    let other = match bend {
        Bend::Move(from) => value.pointer(&all[from.index(all.len())]).unwrap().clone(),
        _ => Value::Null,
    };
    if let (Bend::Leave, Some((parent, name))) = (bend, place.rsplit_once('/')) {
        match value.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.remove(name)),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => {}
        }
        return;
    }
    let here = value.pointer_mut(place).unwrap();
    match (bend, here) {
        (Bend::Add(name, value), Value::Object(fields)) => {
            drop(fields.insert((*name).to_owned(), value.clone()))
        }
        (Bend::Repeat, Value::Array(items)) => items.extend(items.first().cloned()),
        (Bend::Unname, here @ Value::Object(_)) => {
            *here = here.as_object().unwrap().values().cloned().collect();
        }
        (Bend::Replace(odd), here) => *here = odd.clone(),
        (Bend::Move(_), here) => *here = other,
        _ => {}
    }
}

/// A vector with its payload bent and signed again, and what we say to it.
fn case(from: &str, signers: &[&str], bends: &[(prop::sample::Index, Bend)]) -> String {
    let lines = from.lines().filter_map(|line| line.split_once(": "));
    let mut fields: BTreeMap<&str, String> =
        lines.filter(|(name, _)| !name.starts_with('#')).map(|(name, it)| (name, it.to_owned())).collect();
    let signed = if fields["check"] == "root" { "root" } else { "envelope" };
    let mut envelope = Envelope::parse(&BASE64.decode(fields[signed].as_bytes()).unwrap()).unwrap();
    let mut value = serde_json::from_slice(&envelope.payload).unwrap();
    for (at, bend) in bends {
        bent(&mut value, *at, bend);
    }
    envelope.payload = serde_json::to_vec(&value).unwrap();
    let sign = |signer: &&str| {
        Envelope::sign(&envelope.payload_type, envelope.payload.clone(), &key(signer)).signatures
    };
    envelope.signatures = signers.iter().flat_map(sign).collect();
    fields.insert(signed, BASE64.encode(&envelope.to_bytes()));
    if signed == "root" {
        fields.insert("root-pin", envelope.digest().to_string());
    }
    let write = |fields: &BTreeMap<&str, String>| -> String {
        fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
    };
    let ours = reader::Case::read(&write(&fields)).run();
    fields.insert("expect", ours);
    write(&fields)
}

#[test]
fn it_agrees_about_payloads_that_were_bent_at_random() {
    let folder = std::env::temp_dir().join(format!("countersign-bent-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let vectors = cases::all();
    // A fixed seed: whoever sees it fail can see it fail again.
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let bends = prop::collection::vec((any::<prop::sample::Index>(), bend()), 1..=2);
    let mut count = 0;
    for _ in 0..40 {
        for (name, signers) in BENT {
            let bends = bends.new_tree(&mut runner).unwrap().current();
            let text = case(&vectors[&format!("{name}.txt")], signers, &bends);
            std::fs::write(folder.join(format!("{count:04}-{name}.txt")), text).unwrap();
            count += 1;
        }
    }
    agrees(&folder, count);
    std::fs::remove_dir_all(&folder).unwrap();
}
