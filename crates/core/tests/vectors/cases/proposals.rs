//! Proposals: their envelopes, and every field of their payload.

use countersign_core::ack;
use countersign_core::action::{Act, Action, Change, Remove, Reversibility};
use countersign_core::content::{Content, Listing};
use countersign_core::envelope::Envelope;
use countersign_core::json;
use countersign_core::proposal::{Proposal, TYPE};
use data_encoding::BASE64URL;

use super::{Files, add_signed, b64, pinned};
use crate::common::{key, label, proposal, propose, root, root_envelope};
use crate::vectors::spellings;

pub(super) fn all(files: &mut Files) {
    let root = pinned(&root_envelope(&root(), "administrator"));
    let mut case = |name: &str, says: &str, expect: &str, bytes: Vec<u8>| {
        add_signed(files, "proposal", (name, says, expect), &root, &bytes);
    };
    let good = propose(&proposal());
    case("good", "a proposal", "ok", good.to_bytes());
    let envelope = String::from_utf8(good.to_bytes()).unwrap();
    let (standard, safe) = (b64(&good.payload), BASE64URL.encode(&good.payload));
    case("base64-url", "URL-safe base64 is read too", "ok", envelope.replace(&standard, &safe).into_bytes());
    let sign = |payload: Vec<u8>| Envelope::sign(TYPE, payload, &key("home")).to_bytes();
    let by = |signer: &str| Envelope::sign(TYPE, good.payload.clone(), &key(signer)).to_bytes();

    let mut changed = good.clone();
    changed.payload[30] ^= 1;
    case("byte-changed", "one byte of the payload changed", "SIGNATURE_INVALID", changed.to_bytes());
    let mut other_type = good.clone();
    other_type.payload_type = ack::TYPE.to_owned();
    case("type-changed", "the type changed after signing", "SIGNATURE_INVALID", other_type.to_bytes());
    let as_ack = Envelope::sign(ack::TYPE, good.payload.clone(), &key("home"));
    case("as-ack", "signed as something else", "PAYLOAD_TYPE", as_ack.to_bytes());
    case("unknown-key", "signed by a stranger", "KEY_UNKNOWN", by("stranger"));
    let mut renamed = good.clone();
    renamed.signatures[0].keyid = key("mara").public().id();
    case("key-id-is-a-hint", "the key id names another key", "ok", renamed.to_bytes());
    case("of-other-gate", "a gate signs in another's name", "STATEMENT_INVALID", by("away"));
    case("by-reviewer", "a reviewer's key proposes", "KEY_PURPOSE", by("mara"));
    let mut twice = good.clone();
    twice.signatures.push(twice.signatures[0].clone());
    case("two-signatures", "two signatures where one is expected", "ENVELOPE_MALFORMED", twice.to_bytes());
    let mut none = good.clone();
    none.signatures.clear();
    case("no-signature", "no signature", "ENVELOPE_MALFORMED", none.to_bytes());
    let extra = envelope.replacen('{', "{\"x\":1,", 1);
    case(
        "envelope-unknown-field",
        "an unknown field in the envelope",
        "ENVELOPE_MALFORMED",
        extra.into_bytes(),
    );
    case("envelope-truncated", "half an envelope", "ENVELOPE_MALFORMED", good.to_bytes()[..200].to_vec());
    case("envelope-empty", "nothing", "ENVELOPE_MALFORMED", vec![]);

    let named = format!("\"keyid\":\"{}\",", key("home").public().id());
    case(
        "no-key-id",
        "an envelope may leave out the key id",
        "ok",
        envelope.replace(&named, "").into_bytes(),
    );
    let as_list =
        format!(r#"["{}","{}",[["","{}"]]]"#, good.payload_type, standard, b64(&good.signatures[0].bytes));
    case(
        "envelope-as-list",
        "a list where an object is expected",
        "ENVELOPE_MALFORMED",
        as_list.into_bytes(),
    );
    let unpadded = envelope.replace("==\"", "\"");
    case("base64-unpadded", "base64 without padding", "ENVELOPE_MALFORMED", unpadded.into_bytes());

    let every = spellings::every_act();
    case("every-act", "all six acts and every field", "ok", propose(&every).to_bytes());
    case("released", "what an agent would do itself", "ok", propose(&spellings::released()).to_bytes());
    let every = String::from_utf8(every.to_payload().unwrap()).unwrap();
    let usual = String::from_utf8(good.payload.clone()).unwrap();
    let spaced = every.replacen("{\"id\"", " {\n \"id\"", 1) + "\n";
    case("white-space", "white space is no part of a value", "ok", sign(spaced.into_bytes()));
    let batch = spellings::batch();
    case("batch", "a batch of argument lists of one program", "ok", propose(&batch).to_bytes());
    let calls = propose(&spellings::batch_of_calls());
    case("batch-of-calls", "a batch of calls of one tool", "ok", calls.to_bytes());
    let batch = String::from_utf8(batch.to_payload().unwrap()).unwrap();
    let released = batch.replace("\"act\"", "\"release\"").replace("\"held\"", "\"checked\"");
    let says = "a batch that an agent would do itself";
    case("batch-released", says, "STATEMENT_INVALID", sign(released.into_bytes()));
    let filled = |entry: &str, count: usize| {
        let list = r#"["rsync","-a","web-02"],["rsync","-a","web-03"],["rsync","-a","web-02"],["rsync","-a",{"b64":"/w=="}]"#;
        assert!(batch.contains(list));
        sign(batch.replace(list, &vec![entry; count].join(",")).into_bytes())
    };
    case("batch-entries-100", "as many entries as there may be", "ok", filled(r#"["r"]"#, 100));
    case("batch-entries-101", "more than 100 entries", "STATEMENT_INVALID", filled(r#"["r"]"#, 101));
    let long = |bytes: usize| format!(r#"["{}"]"#, "r".repeat(bytes));
    case("batch-64-kib", "as many bytes of arguments as there may be", "ok", filled(&long(8 * 1024), 8));
    case("batch-over-64-kib", "more bytes of arguments", "STATEMENT_INVALID", filled(&long(8 * 1024 + 1), 8));
    let all = [(&every, spellings::REFUSED), (&usual, REFUSED), (&batch, spellings::REFUSED_OF_A_BATCH)];
    for (payload, refused) in all {
        for (name, says, from, to) in refused {
            assert!(payload.contains(from), "{name}: {from} is not in the payload");
            case(name, says, "STATEMENT_INVALID", sign(payload.replacen(from, to, 1).into_bytes()));
        }
    }
    let neither =
        Change { resource: "x".into(), before: None, after: None, mode_before: None, mode_after: None };
    let raw = |change: &dyn Fn(&mut Proposal)| {
        let mut changed = proposal();
        change(&mut changed);
        sign(json::to_bytes(&changed))
    };
    let of = |change: Change| raw(&|it| it.actions.all_mut().unwrap()[0].act = Act::Change(change.clone()));
    case("change-of-nothing", "neither before nor after", "STATEMENT_INVALID", of(neither.clone()));
    let after = Some(Content::inline("text/plain", b"new".to_vec()));
    let fresh = Change { after, mode_before: Some(0o600), ..neither };
    case("mode-of-nothing", "a mode of what is not there", "STATEMENT_INVALID", of(fresh));
    case("no-actions", "nothing would happen", "STATEMENT_INVALID", raw(&|it| it.actions = vec![].into()));
    let many = raw(&|it| it.actions = vec![small(); 1001].into());
    case("actions-1001", "more than 1000 actions", "STATEMENT_INVALID", many);
    let most = raw(&|it| it.actions = vec![small(); 1000].into());
    case("actions-1000", "as many actions as there may be", "ok", most);
    let name = |bytes: usize| raw(&|it| it.agent.session = label(&"\u{e9}".repeat(bytes / 2)));
    case("name-200-bytes", "a name of 200 bytes", "ok", name(200));
    let long = usual.replace("s-1", &"\u{e9}".repeat(101));
    case(
        "name-202-bytes",
        "a name of 202 bytes, 101 characters",
        "STATEMENT_INVALID",
        sign(long.into_bytes()),
    );
    case(
        "expires-at-once",
        "it expires when it begins",
        "STATEMENT_INVALID",
        raw(&|it| it.expires = it.not_before),
    );
}

/// Name, what it says, text to find in the payload of [`proposal`], text instead.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("unknown-field", "an unknown field in the payload", "{\"id\"", "{\"urgent\":true,\"id\""),
    ("unknown-nested-field", "an unknown field in an act", "\"argv\"", "\"shell\":true,\"argv\""),
    ("duplicate-field", "a field twice, once in escaped spelling", "\"seq\":1", "\"seq\":1,\"\\u0073eq\":2"),
    ("missing-field", "no nonce", "\"nonce\":\"01010101010101010101010101010101\",", ""),
    ("seq-0", "seq counts from 1", "\"seq\":1", "\"seq\":0"),
    ("float", "a time with a fraction", "\"seq\":1", "\"seq\":1.0"),
    ("unknown-act", "an act outside the union", "\"kind\":\"run\"", "\"kind\":\"shout\""),
    (
        "inline-not-as-stated",
        "inline bytes that do not have the stated digest",
        "Give everyone",
        "Give no one..",
    ),
    ("b64-of-utf8", "text that is UTF-8 spelled as b64", "\"-a\"", "{\"b64\":\"LWE=\"}"),
    ("digest-upper-case", "a nonce in another spelling", "01010101", "0101010X"),
    ("id-not-v7", "an id that is no UUID of version 7", "-7000-", "-4000-"),
    (
        "expires-before-created",
        "times that do not follow each other",
        "\"expires\":1790003600",
        "\"expires\":1780000000",
    ),
    ("no-argv", "a program without arguments", "[\"rsync\",\"-a\",\"--delete\",{\"b64\":\"/3g=\"}]", "[]"),
    ("released-held", "a held precondition in a release", "\"effect\":\"act\"", "\"effect\":\"release\""),
    (
        "unbound-act",
        "an unbound environment in what the gate runs",
        "{\"complete\":[{\"name\":\"LANG\",\"value\":\"C.UTF-8\"}]}",
        "\"unbound\"",
    ),
];

/// An action of so few bytes that a thousand of them fit into a payload.
fn small() -> Action {
    let nothing = Remove { what: label("w"), kept: true, objects: Listing::Inline(vec![]) };
    Action {
        target: "t".into(),
        environment: label("e"),
        reversibility: Reversibility::Effort,
        preconditions: vec![],
        act: Act::Remove(nothing),
    }
}
