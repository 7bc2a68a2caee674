//! Envelopes against other people's code, both ways: Python securesystemslib and OpenSSL.
//!
//! `cargo xtask test` puts the Python of these tests into `target/venv`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic and read files")]

mod common;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{key, proposal, propose};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, Signature};
use countersign_core::key::PublicKey;

fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let python = target.join("venv/bin/python");
    assert!(python.exists(), "{} is missing: run `cargo xtask test` once, it makes it", python.display());
    python
}

fn ask_python(script: &str, input: &[u8]) -> String {
    let mut child = Command::new(python())
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "python failed");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Reads an envelope, then verifies it against a public key that securesystemslib names by itself.
const VERIFY: &str = r#"
import json, sys
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey
from securesystemslib.exceptions import VerificationError
from cryptography.hazmat.primitives.serialization import load_pem_public_key
given = json.load(sys.stdin)
key = SSlibKey.from_crypto(load_pem_public_key(given["pem"].encode()))
try:
    print(list(Envelope.from_dict(given["envelope"]).verify([key], 1))[0])
except VerificationError:
    print("refused")
"#;

fn securesystemslib_says(envelope: &Envelope, key: &PublicKey) -> String {
    let envelope: serde_json::Value = serde_json::from_slice(&envelope.to_bytes()).unwrap();
    let given = serde_json::json!({ "pem": key.to_pem(), "envelope": envelope });
    ask_python(VERIFY, given.to_string().as_bytes())
}

#[test]
fn securesystemslib_verifies_ours_and_computes_the_same_key_id() {
    let envelope = propose(&proposal());
    assert_eq!(securesystemslib_says(&envelope, &key("home").public()), key("home").public().id());
}

#[test]
fn securesystemslib_refuses_ours_with_one_byte_changed() {
    let mut envelope = propose(&proposal());
    envelope.payload[20] ^= 1;
    assert_eq!(securesystemslib_says(&envelope, &key("home").public()), "refused");
}

#[test]
fn we_verify_what_securesystemslib_signs() {
    let script = r#"
import json, sys
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
signer = CryptoSigner(private)
envelope = Envelope(sys.stdin.buffer.read(), "application/vnd.countersign.proposal.v1+json", {})
envelope.sign(signer)
raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
print(json.dumps({"key": raw, "envelope": envelope.to_dict()}))
"#;
    let payload = proposal().to_payload().unwrap();
    let answer: serde_json::Value = serde_json::from_str(&ask_python(script, &payload)).unwrap();
    let envelope = Envelope::parse(answer["envelope"].to_string().as_bytes()).unwrap();
    let key = PublicKey::parse_hex(answer["key"].as_str().unwrap()).unwrap();
    assert_eq!(envelope.payload, payload);
    assert_eq!(envelope.signatures[0].keyid, key.id());
    assert!(key.holds(&envelope.signed_bytes(), &envelope.signatures[0].bytes));
}

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("countersign-interop-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn openssl_verifies(name: &str, envelope: &Envelope, key: &PublicKey) -> bool {
    let scratch = Scratch::new(name);
    let status = Command::new("openssl")
        .args(["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey"])
        .arg(scratch.file("key.pem", key.to_pem().as_bytes()))
        .arg("-sigfile")
        .arg(scratch.file("signature", &envelope.signatures[0].bytes))
        .arg("-in")
        .arg(scratch.file("message", &envelope.signed_bytes()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    status.success()
}

#[test]
fn openssl_verifies_ours_and_nothing_else() {
    let mut envelope = propose(&proposal());
    assert!(openssl_verifies("good", &envelope, &key("home").public()));
    assert!(!openssl_verifies("other", &envelope, &key("away").public()));
    envelope.payload_type.push('x');
    assert!(
        !openssl_verifies("type", &envelope, &key("home").public()),
        "the type is part of what is signed"
    );
}

#[test]
fn we_verify_what_openssl_signs() {
    let scratch = Scratch::new("sign");
    let pem = scratch.0.join("private.pem");
    let run = |command: &mut Command| {
        let output = command.stderr(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "openssl failed");
        output.stdout
    };
    run(Command::new("openssl").args(["genpkey", "-algorithm", "ed25519", "-out"]).arg(&pem));
    let der = run(Command::new("openssl").args(["pkey", "-pubout", "-outform", "DER", "-in"]).arg(&pem));
    let key = PublicKey::from_bytes(der[der.len() - 32..].try_into().unwrap()).unwrap();

    let payload = proposal().to_payload().unwrap();
    let mut envelope =
        Envelope { payload_type: countersign_core::proposal::TYPE.to_owned(), payload, signatures: vec![] };
    let message = scratch.file("message", &envelope.signed_bytes());
    let signature = run(Command::new("openssl")
        .args(["pkeyutl", "-sign", "-rawin", "-inkey"])
        .arg(&pem)
        .arg("-in")
        .arg(message));
    envelope.signatures.push(Signature { keyid: String::new(), bytes: signature.try_into().unwrap() });
    let read = Envelope::parse(&envelope.to_bytes()).unwrap();
    assert!(key.holds(&read.signed_bytes(), &read.signatures[0].bytes));
    assert_eq!(read.digest(), Digest::of(&envelope.payload));
}
