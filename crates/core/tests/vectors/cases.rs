//! The cases, each made with fixed keys, clocks and ids.

use std::collections::BTreeMap;

use countersign_core::ack::{self, Acknowledgement, Receiver};
use countersign_core::action::{Act, Action, Change, Remove, Reversibility};
use countersign_core::amendment::{Amendment, Edit};
use countersign_core::content::{Content, Listing};
use countersign_core::decision::{self, Decision, Found, Resolution, Verdict, Withdrawal, Withdrawer};
use countersign_core::digest::Digest;
use countersign_core::envelope::{Envelope, IN_TOTO, pre_authentication_encoding};
use countersign_core::halt::{self, Halt, Lift, Scope};
use countersign_core::json;
use countersign_core::proposal::{Authenticated, MAX_LIFETIME, Need, Proposal};
use countersign_core::receipt::{self, Outcome, Receipt};
use countersign_core::refusal::Code;
use countersign_core::root::{Entry, Holder, Purpose, Root};
use countersign_core::statement::Statement;
use data_encoding::{BASE64, BASE64URL, HEXLOWER};

use crate::common::{
    MADE, NOW, decide, decision, epoch, gate, key, label, nonce, proposal, propose, root, root_envelope,
    trusted,
};
use crate::vectors::spellings;

/// Files by name.
type Files = BTreeMap<String, String>;

pub(crate) fn all() -> Files {
    let mut files = Files::new();
    strict_json(&mut files);
    keys_and_signatures(&mut files);
    roots(&mut files);
    signed_things(&mut files);
    proposals(&mut files);
    approvals(&mut files);
    files
}

fn add(files: &mut Files, name: &str, says: &str, fields: &[(&str, String)]) {
    let mut text = format!("# {says}\n");
    for (field, value) in fields {
        text.push_str(&format!("{field}: {value}\n"));
    }
    assert!(files.insert(format!("{name}.txt"), text).is_none(), "two cases are called {name}");
}

fn b64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

fn strict_json(files: &mut Files) {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels)).into_bytes();
    let ok: &[(&str, &str, &[u8])] = &[
        ("largest-integer", "2^53-1 is the largest integer", b"9007199254740991"),
        ("smallest-integer", "-(2^53-1) is the smallest integer", b"-9007199254740991"),
        ("surrogate-pair", "two escapes that make one character", br#""\ud83d\ude00""#),
        (
            "white-space",
            "white space around tokens is no part of the value",
            b" \t\r\n{ \"a\" : [ true ] } \n",
        ),
        ("depth-64", "64 levels are read", &nested(64)),
        ("escaped-slash", "an escaped solidus is a solidus", br#""\/""#),
        ("nul-escaped", "U+0000 may stand as an escape", br#""\u0000""#),
    ];
    let refused: &[(&str, &str, &[u8])] = &[
        ("duplicate-key", "one key twice", br#"{"a":1,"a":2}"#),
        ("duplicate-key-escaped", "one key twice, once in escaped spelling", br#"{"a":1,"\u0061":2}"#),
        ("duplicate-key-nested", "one key twice, further in", br#"[{"x":{"b":1,"\u0062":2}}]"#),
        ("integer-2-53", "2^53 is not held exactly by every reader", b"9007199254740992"),
        ("integer-2-53-plus-1", "2^53+1 is read as 2^53 by many", b"9007199254740993"),
        ("integer-negative-2-53", "-2^53 is not held exactly", b"-9007199254740992"),
        ("integer-2-64", "2^64", b"18446744073709551616"),
        ("fraction", "a number with a fraction, even a zero one", b"1.0"),
        ("exponent", "a number with an exponent, even a whole one", b"1e2"),
        ("negative-zero", "-0 has two readings", b"-0"),
        ("overflow", "1e400 is infinite to many readers", b"1e400"),
        ("leading-zero", "a number with a leading zero", b"01"),
        ("plus-sign", "a number with a plus sign", b"+1"),
        ("nan", "no number", b"NaN"),
        ("hexadecimal", "no number of JSON", b"0x10"),
        ("lone-high-surrogate", "half of a pair", br#""\ud800""#),
        ("lone-low-surrogate", "the other half of a pair", br#""\udc00""#),
        ("reversed-surrogates", "the halves the wrong way round", br#""\udc00\ud800""#),
        ("surrogate-in-key", "half of a pair in a key", br#"{"\ud800":1}"#),
        ("surrogate-in-utf8", "a surrogate encoded as UTF-8", b"\"\xed\xa0\x80\""),
        ("overlong-utf8", "an overlong spelling of /", b"\"\xc0\xaf\""),
        ("invalid-utf8", "a byte that is not UTF-8", b"\"\xff\""),
        ("byte-order-mark", "U+FEFF before the value", b"\xef\xbb\xbf{}"),
        ("utf-16", "UTF-16", b"{\0}\0"),
        ("trailing-value", "two values", b"{}{}"),
        ("trailing-nul", "a NUL after the value", b"{}\0"),
        ("trailing-comma", "a comma too many", b"[1,]"),
        ("comment", "a comment", b"{} // no"),
        ("single-quotes", "the wrong quotes", b"'a'"),
        ("control-character", "a raw control character in a string", b"\"\x01\""),
        ("raw-newline", "a raw line feed in a string", b"\"a\nb\""),
        ("null", "null: what has nothing to say is left out", b"{\"a\":null}"),
        ("empty", "no value", b""),
        ("unfinished", "a value that stops in the middle", b"{\"a\":"),
        ("depth-65", "65 levels", &nested(65)),
        ("depth-100000", "many levels", &nested(100_000)),
        ("bad-escape", "an escape that JSON does not have", br#""\x41""#),
        ("non-breaking-space", "white space that JSON does not have", b"\xc2\xa0{}"),
    ];
    for (list, expect) in [(ok, "ok"), (refused, "refused")] {
        for (name, says, input) in list {
            let input = ("input", b64(input));
            add(
                files,
                &format!("json-{name}"),
                says,
                &[("check", "json".into()), ("expect", expect.into()), input],
            );
        }
    }
}

/// The order of the group (RFC 8032, section 5.1), little endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn plus_order(signature: &[u8; 64]) -> [u8; 64] {
    let mut changed = *signature;
    let mut carry = 0u16;
    for at in 0..32 {
        let sum = u16::from(changed[32 + at]) + u16::from(ORDER[at]) + carry;
        changed[32 + at] = (sum & 0xff) as u8;
        carry = sum >> 8;
    }
    changed
}

fn keys_and_signatures(files: &mut Files) {
    // The points of order 1, 2, 4 and 8, and non-canonical spellings of some of them.
    let small: &[(&str, &str)] = &[
        ("identity", "0100000000000000000000000000000000000000000000000000000000000000"),
        ("order-2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("order-4", "0000000000000000000000000000000000000000000000000000000000000000"),
        ("order-4-negative", "0000000000000000000000000000000000000000000000000000000000000080"),
        ("order-8-a", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        ("order-8-b", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
        ("order-8-c", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        ("order-8-d", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
        ("identity-non-canonical", "0100000000000000000000000000000000000000000000000000000000000080"),
        ("identity-plus-p", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("order-4-plus-p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ];
    for (name, input) in small {
        let fields =
            [("check", "public-key".into()), ("expect", "refused".into()), ("input", (*input).into())];
        add(files, &format!("key-small-{name}"), "a key of small order, or another spelling of one", &fields);
    }
    let good = key("mara").public();
    let one = |input: String, expect: &str| {
        [("check", "public-key".to_owned()), ("expect", expect.to_owned()), ("input", input)]
    };
    add(files, "key-good", "a key", &one(good.to_hex(), "ok"));
    add(
        files,
        "key-upper-case",
        "a key in upper case is another spelling",
        &one(good.to_hex().to_uppercase(), "refused"),
    );
    add(files, "key-short", "31 bytes", &one(good.to_hex()[2..].to_owned(), "refused"));
    add(
        files,
        "key-off-the-curve",
        "32 bytes that are no point",
        &one(format!("02{}", "00".repeat(31)), "refused"),
    );
    let named = [("check", "key-id".into()), ("expect", good.id()), ("input", good.to_hex())];
    add(files, "key-id", "a key's name, as securesystemslib computes it", &named);

    let pae = |kind: &str, input: &[u8]| {
        let expect = HEXLOWER.encode(&pre_authentication_encoding(kind, input));
        [("check", "dsse".into()), ("expect", expect), ("type", kind.to_owned()), ("input", b64(input))]
    };
    add(
        files,
        "dsse-hello",
        "the example of the DSSE protocol",
        &pae("http://example.com/HelloWorld", b"hello world"),
    );
    add(files, "dsse-empty", "an empty payload", &pae("t", b""));
    add(files, "dsse-utf8", "lengths are in bytes, not characters", &pae("\u{e9}", "\u{e9}".as_bytes()));

    let (message, signer) = (b"message".as_slice(), key("mara"));
    let signature = signer.sign(message);
    let case = |signature: &[u8; 64], message: &[u8], expect: &str| {
        [
            ("check", "signature".to_owned()),
            ("expect", expect.to_owned()),
            ("key", signer.public().to_hex()),
            ("message", b64(message)),
            ("signature", b64(signature)),
        ]
    };
    add(files, "signature-good", "a signature", &case(&signature, message, "ok"));
    add(
        files,
        "signature-other-message",
        "a signature over something else",
        &case(&signature, b"massage", "refused"),
    );
    add(
        files,
        "signature-plus-order",
        "S + L signs the same for a lax verifier",
        &case(&plus_order(&signature), message, "refused"),
    );
    add(files, "signature-zero", "64 zero bytes", &case(&[0; 64], message, "refused"));
    let mut small_r = signature;
    small_r[..32].copy_from_slice(&HEXLOWER.decode(small[0].1.as_bytes()).unwrap());
    add(files, "signature-small-r", "R of small order", &case(&small_r, message, "refused"));
}

fn pinned(envelope: &Envelope) -> [(&'static str, String); 2] {
    [("root", b64(&envelope.to_bytes())), ("root-pin", envelope.digest().to_string())]
}

fn roots(files: &mut Files) {
    let first = root_envelope(&root(), "administrator");
    let mut case =
        |name: &str, says: &str, expect: &str, envelope: &Envelope, pin: Digest, next: Option<&Envelope>| {
            let mut fields = vec![("check", "root".to_owned()), ("expect", expect.to_owned())];
            fields.push(("root", b64(&envelope.to_bytes())));
            fields.push(("root-pin", pin.to_string()));
            fields.extend(next.map(|it| ("next", b64(&it.to_bytes()))));
            add(files, &format!("root-{name}"), says, &fields);
        };
    let pin = first.digest();
    case("pinned", "the pinned root", "ok", &first, pin, None);
    case(
        "not-pinned",
        "another root than the pinned one",
        "ROOT_INVALID",
        &first,
        Digest::of(b"other"),
        None,
    );
    let forged = root_envelope(&root(), "mara");
    case("not-by-administrator", "signed by a reviewer", "ROOT_THRESHOLD", &forged, pin, None);

    // Payloads that `to_payload` would not make, written by hand.
    let raw = |change: &dyn Fn(&mut Root)| {
        let mut changed = root();
        change(&mut changed);
        let payload = json::to_bytes(&changed);
        Envelope::sign(countersign_core::root::TYPE, payload, &key("administrator"))
    };
    let mut contradiction = |name: &str, says: &str, change: &dyn Fn(&mut Root)| {
        let envelope = raw(change);
        case(name, says, "ROOT_INVALID", &envelope, envelope.digest(), None);
    };
    contradiction("key-twice", "one key for two holders", &|it| it.entries[1].key = it.entries[0].key);
    contradiction("two-sets", "a reviewer's key that may also propose", &|it| {
        it.entries[0].purposes.push(Purpose::Propose)
    });
    contradiction("gate-approves", "a gate's key that may approve", &|it| {
        it.entries[6].purposes = vec![Purpose::Approve]
    });
    contradiction("no-threshold", "a threshold of none", &|it| it.threshold = 0);
    contradiction("threshold-too-high", "a threshold that nobody can meet", &|it| it.threshold = 2);
    contradiction("version-0", "versions count from 1", &|it| it.version = 0);
    contradiction("gate-twice", "two gates of one name", &|it| {
        it.entries[7].holder = it.entries[6].holder.clone()
    });
    let other_type = Envelope::sign("application/json", json::to_bytes(&root()), &key("administrator"));
    case(
        "other-type",
        "the payload type of something else",
        "ROOT_INVALID",
        &other_type,
        other_type.digest(),
        None,
    );

    let version = |number: u64, signer: &str| {
        let mut next = root();
        next.version = number;
        root_envelope(&next, signer)
    };
    case("next", "version 2 after version 1", "ok", &first, pin, Some(&version(2, "administrator")));
    case(
        "skipped",
        "version 3 after version 1",
        "ROOT_INVALID",
        &first,
        pin,
        Some(&version(3, "administrator")),
    );
    case(
        "rollback",
        "version 1 after version 1",
        "ROOT_ROLLBACK",
        &first,
        pin,
        Some(&version(1, "administrator")),
    );
    case(
        "next-forged",
        "version 2 signed by a reviewer",
        "ROOT_THRESHOLD",
        &first,
        pin,
        Some(&version(2, "mara")),
    );
    let mut two = root();
    two.threshold = 2;
    let second = Holder::Administrator { name: label("tomas") };
    two.entries.push(Entry::new(key("second").public(), second, MADE));
    let both = |root: &Root, signers: [&str; 2]| {
        let mut envelope = root_envelope(root, signers[0]);
        envelope.signatures.extend(root_envelope(root, signers[1]).signatures);
        envelope
    };
    let signed = both(&two, ["administrator", "second"]);
    case("two-of-two", "two administrators signed", "ok", &signed, signed.digest(), None);
    let twice = both(&two, ["administrator", "administrator"]);
    case(
        "one-signs-twice",
        "one signature twice counts once",
        "ROOT_THRESHOLD",
        &twice,
        twice.digest(),
        None,
    );
    let mut same = two.clone();
    same.entries[8].holder = same.entries[5].holder.clone();
    let same = both(&same, ["administrator", "second"]);
    case(
        "one-person-two-keys",
        "two keys of one administrator count once",
        "ROOT_THRESHOLD",
        &same,
        same.digest(),
        None,
    );
    let mut revoked = two.clone();
    revoked.entries[8].revoked_at = Some(MADE.plus(1_000_000_000));
    let revoked = both(&revoked, ["administrator", "second"]);
    case(
        "revoked-administrator",
        "a revoked administrator does not count, whenever that is",
        "ROOT_THRESHOLD",
        &revoked,
        revoked.digest(),
        None,
    );
    two.version = 2;
    let grown = both(&two, ["administrator", "second"]);
    case("next-grown", "one administrator, then two", "ok", &first, pin, Some(&grown));
    let alone = root_envelope(&two, "administrator");
    case(
        "next-too-few",
        "enough for the old root, too few for the new",
        "ROOT_THRESHOLD",
        &first,
        pin,
        Some(&alone),
    );
    let mut usurped = root();
    usurped.version = 2;
    usurped.entries[5].key = key("usurper").public();
    let usurped = root_envelope(&usurped, "usurper");
    case(
        "usurped",
        "version 2 signed only by its own new administrator",
        "ROOT_THRESHOLD",
        &first,
        pin,
        Some(&usurped),
    );
}

fn signed_things(files: &mut Files) {
    let subject = propose(&proposal()).digest();
    let root = pinned(&root_envelope(&root(), "administrator"));
    let mut case = |check: &str, name: &str, says: &str, expect: &str, envelope: &Envelope| {
        let mut fields = vec![
            ("check", check.to_owned()),
            ("expect", expect.to_owned()),
            ("now", NOW.seconds().to_string()),
        ];
        fields.extend(root.clone());
        fields.push(("envelope", b64(&envelope.to_bytes())));
        add(files, &format!("{check}-{name}"), says, &fields);
    };

    let withdrawal = |by, signer: &str| {
        let predicate = Withdrawal { gate: gate("home"), by, at: NOW, reason: None };
        let statement = Statement { subject, predicate };
        Envelope::sign(IN_TOTO, statement.to_payload(decision::WITHDRAWAL), &key(signer))
    };
    case(
        "withdrawal",
        "by-gate",
        "a gate withdraws its proposal",
        "ok",
        &withdrawal(Withdrawer::Gate, "home"),
    );
    case(
        "withdrawal",
        "by-other-gate",
        "a gate withdraws another's",
        "STATEMENT_INVALID",
        &withdrawal(Withdrawer::Gate, "away"),
    );
    let by_mara = || Withdrawer::Reviewer(label("mara"));
    case(
        "withdrawal",
        "by-reviewer",
        "a reviewer withdraws a decision",
        "ok",
        &withdrawal(by_mara(), "mara"),
    );
    case(
        "withdrawal",
        "by-device",
        "a device withdraws a decision",
        "KEY_PURPOSE",
        &withdrawal(by_mara(), "laptop"),
    );
    case(
        "withdrawal",
        "in-other-name",
        "a reviewer in another's name",
        "STATEMENT_INVALID",
        &withdrawal(by_mara(), "tomas"),
    );

    let resolution = |signer: &str| {
        let predicate = Resolution {
            gate: gate("home"),
            reviewer: label("mara"),
            found: Found::Ran,
            at: NOW,
            comment: None,
        };
        Envelope::sign(
            IN_TOTO,
            Statement { subject, predicate }.to_payload(decision::RESOLUTION),
            &key(signer),
        )
    };
    case("resolution", "good", "a reviewer resolves an outcome", "ok", &resolution("mara"));
    case("resolution", "by-device", "a device resolves an outcome", "KEY_PURPOSE", &resolution("laptop"));

    let receipt = |signer: &str| {
        let predicate = Receipt {
            gate: gate("home"),
            epoch: epoch(7),
            seq: 2,
            id: proposal().id,
            decisions: vec![],
            amendment: None,
            burned: Some(NOW),
            at: NOW,
            outcomes: vec![
                Outcome::Done { started: NOW, finished: NOW, exit: Some(0), results: vec![] },
                Outcome::Refused { code: Code::Halted, why: "a halt covers it".into() },
                Outcome::NotAttempted {},
            ],
        };
        Envelope::sign(IN_TOTO, Statement { subject, predicate }.to_payload(receipt::RECEIPT), &key(signer))
    };
    case("receipt", "good", "a gate's receipt", "ok", &receipt("home"));
    case(
        "receipt",
        "of-other-gate",
        "a receipt in another gate's name",
        "STATEMENT_INVALID",
        &receipt("away"),
    );
    case("receipt", "by-reviewer", "a receipt by a reviewer", "KEY_PURPOSE", &receipt("mara"));
    case(
        "receipt",
        "as-decision",
        "a decision where a receipt is expected",
        "PREDICATE_TYPE",
        &decide(subject, decision(&proposal(), Verdict::Approve), "mara"),
    );

    let ack = |by: Receiver, signer: &str| {
        let payload = json::to_bytes(&Acknowledgement { by, epoch: epoch(7), digests: vec![subject] });
        Envelope::sign(ack::TYPE, payload, &key(signer))
    };
    case(
        "acknowledgement",
        "by-gate",
        "a gate acknowledges",
        "ok",
        &ack(Receiver::Gate(gate("home")), "home"),
    );
    case(
        "acknowledgement",
        "by-device",
        "a device acknowledges",
        "ok",
        &ack(Receiver::Device(label("laptop")), "laptop"),
    );
    case(
        "acknowledgement",
        "by-reviewer",
        "a reviewer's key acknowledges",
        "KEY_PURPOSE",
        &ack(Receiver::Device(label("laptop")), "mara"),
    );
    case(
        "acknowledgement",
        "in-other-name",
        "a device in a gate's name",
        "STATEMENT_INVALID",
        &ack(Receiver::Gate(gate("home")), "laptop"),
    );

    let halt = |scope: Scope, signer: &str| {
        Envelope::sign(
            halt::HALT,
            json::to_bytes(&Halt { id: nonce(9), scope, at: NOW, reason: None }),
            &key(signer),
        )
    };
    case("halt", "by-device", "a device halts everything", "ok", &halt(Scope::All, "laptop"));
    case(
        "halt",
        "by-gate-of-itself",
        "a gate halts itself",
        "ok",
        &halt(Scope::Gate { gate: gate("home") }, "home"),
    );
    case("halt", "by-gate-of-all", "a gate halts everything", "STATEMENT_INVALID", &halt(Scope::All, "home"));
    case("halt", "by-reviewer", "a reviewer's key halts", "KEY_PURPOSE", &halt(Scope::All, "mara"));
    let agent = Scope::Agent { gate: gate("home"), authenticated: Authenticated::Uid(1000) };
    case("halt", "of-agent", "a device halts one agent", "ok", &halt(agent, "laptop"));

    let spelled = |payload: &str| Envelope::sign(halt::HALT, payload.as_bytes().to_vec(), &key("laptop"));
    let id = nonce(9);
    let extra = format!(r#"{{"id":"{id}","scope":{{"kind":"all","gate":"home"}},"at":1790000100}}"#);
    case("halt", "of-all-and-a-gate", "a field beside `all`", "STATEMENT_INVALID", &spelled(&extra));
    let list = format!(r#"["{id}",{{"kind":"all"}},1790000100]"#);
    case("halt", "as-list", "a list where an object is expected", "STATEMENT_INVALID", &spelled(&list));
    let scope = format!(r#"{{"id":"{id}","scope":["all"],"at":1790000100}}"#);
    case(
        "halt",
        "scope-as-list",
        "a list where an object is expected",
        "STATEMENT_INVALID",
        &spelled(&scope),
    );

    let whole = |decision: Decision, signer: &str| decide(subject, decision, signer);
    case("decision", "whole", "every field of a decision", "ok", &whole(spellings::whole_decision(), "mara"));
    let deny = decision(&proposal(), Verdict::Deny);
    case("decision", "deny", "a device denies", "ok", &whole(deny, "laptop"));
    let changes = decision(&proposal(), Verdict::RequestChanges);
    case("decision", "request-changes", "a device requests changes", "ok", &whole(changes.clone(), "laptop"));
    case(
        "decision",
        "request-by-reviewer",
        "a reviewer's key requests",
        "KEY_PURPOSE",
        &whole(changes, "mara"),
    );
    let statement = Statement { subject, predicate: spellings::whole_receipt() };
    let every = Envelope::sign(IN_TOTO, statement.to_payload(receipt::RECEIPT), &key("home"));
    case("receipt", "whole", "every outcome of a receipt", "ok", &every);
    let odd = String::from_utf8(every.payload.clone()).unwrap().replace("PRECONDITION", "PRECONDITIONS");
    let odd = Envelope::sign(IN_TOTO, odd.into_bytes(), &key("home"));
    case("receipt", "unknown-code", "a code that there is not", "STATEMENT_INVALID", &odd);
    let named = String::from_utf8(every.payload.clone()).unwrap();
    let named = named.replacen("{\"digest\"", "{\"name\":\"x\",\"digest\"", 1);
    let named = Envelope::sign(IN_TOTO, named.into_bytes(), &key("home"));
    case("receipt", "named-subject", "a name in the subject", "STATEMENT_INVALID", &named);
    let full = |count: usize| {
        let ack = Acknowledgement {
            by: Receiver::Gate(gate("home")),
            epoch: epoch(7),
            digests: vec![subject; count],
        };
        Envelope::sign(ack::TYPE, json::to_bytes(&ack), &key("home"))
    };
    case("acknowledgement", "empty", "an epoch is announced", "ok", &full(0));
    case("acknowledgement", "1000", "as many digests as there may be", "ok", &full(1000));
    case("acknowledgement", "1001", "more than 1000 digests", "STATEMENT_INVALID", &full(1001));

    let lift = |signer: &str| {
        let lift = Lift { halt: subject, reviewer: label("mara"), at: NOW, reason: None };
        Envelope::sign(halt::LIFT, json::to_bytes(&lift), &key(signer))
    };
    case("lift", "good", "a reviewer lifts", "ok", &lift("mara"));
    case("lift", "by-device", "a device lifts", "KEY_PURPOSE", &lift("laptop"));
    case("lift", "in-other-name", "a reviewer lifts in another's name", "STATEMENT_INVALID", &lift("tomas"));
}

fn proposals(files: &mut Files) {
    let root = pinned(&root_envelope(&root(), "administrator"));
    let mut case = |name: &str, says: &str, expect: &str, bytes: Vec<u8>| {
        let mut fields = vec![
            ("check", "proposal".to_owned()),
            ("expect", expect.to_owned()),
            ("now", NOW.seconds().to_string()),
        ];
        fields.extend(root.clone());
        fields.push(("envelope", b64(&bytes)));
        add(files, &format!("proposal-{name}"), says, &fields);
    };
    let good = propose(&proposal());
    case("good", "a proposal", "ok", good.to_bytes());
    let url_safe = String::from_utf8(good.to_bytes()).unwrap();
    let (standard, safe) = (b64(&good.payload), BASE64URL.encode(&good.payload));
    case("base64-url", "URL-safe base64 is read too", "ok", url_safe.replace(&standard, &safe).into_bytes());
    let sign =
        |payload: Vec<u8>| Envelope::sign(countersign_core::proposal::TYPE, payload, &key("home")).to_bytes();

    let mut changed = good.clone();
    changed.payload[30] ^= 1;
    case("byte-changed", "one byte of the payload changed", "SIGNATURE_INVALID", changed.to_bytes());
    let mut other_type = good.clone();
    other_type.payload_type = ack::TYPE.to_owned();
    case("type-changed", "the type changed after signing", "SIGNATURE_INVALID", other_type.to_bytes());
    let as_ack = Envelope::sign(ack::TYPE, good.payload.clone(), &key("home"));
    case("as-ack", "signed as something else", "PAYLOAD_TYPE", as_ack.to_bytes());
    let unknown = Envelope::sign(countersign_core::proposal::TYPE, good.payload.clone(), &key("stranger"));
    case("unknown-key", "signed by a stranger", "KEY_UNKNOWN", unknown.to_bytes());
    let mut renamed = good.clone();
    renamed.signatures[0].keyid = key("mara").public().id();
    case("key-id-is-a-hint", "the key id names another key", "ok", renamed.to_bytes());
    let by_away = Envelope::sign(countersign_core::proposal::TYPE, good.payload.clone(), &key("away"));
    case("of-other-gate", "a gate signs in another's name", "STATEMENT_INVALID", by_away.to_bytes());
    let by_mara = Envelope::sign(countersign_core::proposal::TYPE, good.payload.clone(), &key("mara"));
    case("by-reviewer", "a reviewer's key proposes", "KEY_PURPOSE", by_mara.to_bytes());
    let mut twice = good.clone();
    twice.signatures.push(twice.signatures[0].clone());
    case("two-signatures", "two signatures where one is expected", "ENVELOPE_MALFORMED", twice.to_bytes());
    let mut none = good.clone();
    none.signatures.clear();
    case("no-signature", "no signature", "ENVELOPE_MALFORMED", none.to_bytes());
    let extra = String::from_utf8(good.to_bytes()).unwrap().replacen('{', "{\"x\":1,", 1);
    case(
        "envelope-unknown-field",
        "an unknown field in the envelope",
        "ENVELOPE_MALFORMED",
        extra.into_bytes(),
    );
    case("envelope-truncated", "half an envelope", "ENVELOPE_MALFORMED", good.to_bytes()[..200].to_vec());
    case("envelope-empty", "nothing", "ENVELOPE_MALFORMED", vec![]);

    let nameless = String::from_utf8(good.to_bytes()).unwrap();
    let named = format!("\"keyid\":\"{}\",", key("home").public().id());
    case(
        "no-key-id",
        "an envelope may leave out the key id",
        "ok",
        nameless.replace(&named, "").into_bytes(),
    );
    let as_list =
        format!(r#"["{}","{}",[["","{}"]]]"#, good.payload_type, standard, b64(&good.signatures[0].bytes));
    case(
        "envelope-as-list",
        "a list where an object is expected",
        "ENVELOPE_MALFORMED",
        as_list.into_bytes(),
    );
    let unpadded = String::from_utf8(good.to_bytes()).unwrap().replace("==\"", "\"");
    case("base64-unpadded", "base64 without padding", "ENVELOPE_MALFORMED", unpadded.into_bytes());

    let every = spellings::every_act();
    case("every-act", "all six acts and every field", "ok", propose(&every).to_bytes());
    case("released", "what an agent would do itself", "ok", propose(&spellings::released()).to_bytes());
    let every = String::from_utf8(every.to_payload().unwrap()).unwrap();
    let spaced = every.replacen("{\"id\"", " {\n \"id\"", 1) + "\n";
    case("white-space", "white space is no part of a value", "ok", sign(spaced.into_bytes()));
    for (name, says, from, to) in spellings::REFUSED {
        assert!(every.contains(from), "{name}: {from} is not in the payload");
        case(name, says, "STATEMENT_INVALID", sign(every.replacen(from, to, 1).into_bytes()));
    }
    let neither =
        Change { resource: "x".into(), before: None, after: None, mode_before: None, mode_after: None };
    let raw = |change: &dyn Fn(&mut Proposal)| {
        let mut changed = proposal();
        change(&mut changed);
        sign(json::to_bytes(&changed))
    };
    let nothing = raw(&|it| it.actions[0].act = Act::Change(neither.clone()));
    case("change-of-nothing", "neither before nor after", "STATEMENT_INVALID", nothing);
    case("no-actions", "nothing would happen", "STATEMENT_INVALID", raw(&|it| it.actions.clear()));
    let many = raw(&|it| it.actions = vec![small(); 1001]);
    case("actions-1001", "more than 1000 actions", "STATEMENT_INVALID", many);
    let most = raw(&|it| it.actions = vec![small(); 1000]);
    case("actions-1000", "as many actions as there may be", "ok", most);
    let name = |bytes: usize| raw(&|it| it.agent.session = label(&"\u{e9}".repeat(bytes / 2)));
    case("name-200-bytes", "a name of 200 bytes", "ok", name(200));
    let long = String::from_utf8(good.payload.clone()).unwrap().replace("s-1", &"\u{e9}".repeat(101));
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

    let mut edited = |name: &str, says: &str, from: &str, to: &str| {
        let text = String::from_utf8(good.payload.clone()).unwrap();
        assert!(text.contains(from), "{name}: {from} is not in the payload");
        case(name, says, "STATEMENT_INVALID", sign(text.replacen(from, to, 1).into_bytes()));
    };
    edited("unknown-field", "an unknown field in the payload", "{\"id\"", "{\"urgent\":true,\"id\"");
    edited("unknown-nested-field", "an unknown field in an act", "\"argv\"", "\"shell\":true,\"argv\"");
    edited(
        "duplicate-field",
        "a field twice, once in escaped spelling",
        "\"seq\":1",
        "\"seq\":1,\"\\u0073eq\":2",
    );
    edited("missing-field", "no nonce", "\"nonce\":\"01010101010101010101010101010101\",", "");
    edited("seq-0", "seq counts from 1", "\"seq\":1", "\"seq\":0");
    edited("float", "a time with a fraction", "\"seq\":1", "\"seq\":1.0");
    edited("unknown-act", "an act outside the union", "\"kind\":\"run\"", "\"kind\":\"shout\"");
    edited(
        "inline-not-as-stated",
        "inline bytes that do not have the stated digest",
        "Give everyone",
        "Give no one..",
    );
    edited("b64-of-utf8", "text that is UTF-8 spelled as b64", "\"-a\"", "{\"b64\":\"LWE=\"}");
    edited("digest-upper-case", "a nonce in another spelling", "01010101", "0101010X");
    edited("id-not-v7", "an id that is no UUID of version 7", "-7000-", "-4000-");
    edited(
        "expires-before-created",
        "times that do not follow each other",
        "\"expires\":1790003600",
        "\"expires\":1780000000",
    );
    edited(
        "no-argv",
        "a program without arguments",
        "[\"rsync\",\"-a\",\"--delete\",{\"b64\":\"/3g=\"}]",
        "[]",
    );
    edited(
        "released-held",
        "a held precondition in a release",
        "\"effect\":\"act\"",
        "\"effect\":\"release\"",
    );
    edited(
        "unbound-act",
        "an unbound environment in what the gate runs",
        "{\"complete\":[{\"name\":\"LANG\",\"value\":\"C.UTF-8\"}]}",
        "\"unbound\"",
    );
}

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

struct World {
    proposal: Proposal,
    decision: Decision,
    signer: &'static str,
    subject: Option<Digest>,
    fields: BTreeMap<&'static str, String>,
    envelope: Option<Vec<u8>>,
}

impl World {
    fn new() -> Self {
        let proposal = proposal();
        let decision = decision(&proposal, Verdict::Approve);
        let fixed = [
            ("now", NOW.seconds().to_string()),
            ("highest-clock", NOW.seconds().to_string()),
            ("gate", "home".into()),
            ("epoch", epoch(7).to_string()),
            ("standing", "open".into()),
            ("nonce", "open".into()),
            ("ledger", "consistent".into()),
            ("asking", "none".into()),
            ("amendment", "none".into()),
            ("approvers", String::new()),
        ];
        Self { proposal, decision, signer: "mara", subject: None, fields: fixed.into(), envelope: None }
    }

    fn set(mut self, name: &'static str, value: impl ToString) -> Self {
        self.fields.insert(name, value.to_string());
        self
    }

    fn fields(mut self, expect: &str) -> Vec<(&'static str, String)> {
        let proposed = propose(&self.proposal);
        let subject = self.subject.unwrap_or(proposed.digest());
        let envelope =
            self.envelope.unwrap_or_else(|| decide(subject, self.decision, self.signer).to_bytes());
        self.fields.entry("proposal").or_insert_with(|| b64(&proposed.to_bytes()));
        self.fields.entry("recomputed").or_insert_with(|| proposed.digest().to_string());
        self.fields.insert("envelope", b64(&envelope));
        self.fields.extend(pinned(&root_envelope(&root(), "administrator")));
        let mut fields = vec![("check", "approval".to_owned()), ("expect", expect.to_owned())];
        fields.extend(self.fields);
        fields
    }
}

fn approvals(files: &mut Files) {
    let mut case = |name: &str, says: &str, expect: &str, world: World| {
        add(files, &format!("approval-{name}"), says, &world.fields(expect));
    };
    let with = |change: &dyn Fn(&mut World)| {
        let mut world = World::new();
        change(&mut world);
        world
    };
    assert_eq!(trusted().root().version, 1);

    case("good", "everything in order", "ok", World::new());
    case("malformed", "no envelope", "ENVELOPE_MALFORMED", with(&|it| it.envelope = Some(b"{}".to_vec())));
    case(
        "too-large",
        "more than 256 KiB",
        "ENVELOPE_MALFORMED",
        with(&|it| it.envelope = Some(vec![b' '; 256 * 1024 + 1])),
    );
    let flipped = |it: &mut World| {
        let mut envelope = decide(propose(&it.proposal).digest(), it.decision.clone(), "mara");
        envelope.payload[40] ^= 1;
        it.envelope = Some(envelope.to_bytes());
    };
    case("byte-changed", "a byte changed after signing", "SIGNATURE_INVALID", with(&flipped));
    case("stranger", "signed by a key outside the root", "KEY_UNKNOWN", with(&|it| it.signer = "stranger"));
    case("by-device", "a device's key approves", "KEY_PURPOSE", with(&|it| it.signer = "laptop"));
    case("by-gate", "a gate's key approves", "KEY_PURPOSE", with(&|it| it.signer = "home"));
    case(
        "by-administrator",
        "an administrator's key approves",
        "KEY_PURPOSE",
        with(&|it| it.signer = "administrator"),
    );
    case("in-other-name", "signed in another's name", "STATEMENT_INVALID", with(&|it| it.signer = "tomas"));
    case(
        "revoked-key",
        "a revoked key",
        "KEY_REVOKED",
        with(&|it| (it.signer, it.decision.reviewer) = ("revoked", label("revoked"))),
    );
    case(
        "expired-key",
        "a key after its time",
        "KEY_EXPIRED",
        with(&|it| (it.signer, it.decision.reviewer) = ("expired", label("expired"))),
    );
    let other_type = |it: &mut World| {
        let good = decide(propose(&it.proposal).digest(), it.decision.clone(), "mara");
        it.envelope = Some(Envelope::sign(halt::LIFT, good.payload, &key("mara")).to_bytes());
    };
    case("payload-type", "another payload type", "PAYLOAD_TYPE", with(&other_type));
    let other_predicate = |it: &mut World| {
        let statement = Statement { subject: propose(&it.proposal).digest(), predicate: it.decision.clone() };
        it.envelope = Some(
            Envelope::sign(IN_TOTO, statement.to_payload(decision::RESOLUTION), &key("mara")).to_bytes(),
        );
    };
    case("predicate-type", "another predicate", "PREDICATE_TYPE", with(&other_predicate));
    let two_subjects = |it: &mut World| {
        let statement = Statement { subject: propose(&it.proposal).digest(), predicate: it.decision.clone() };
        let text = String::from_utf8(statement.to_payload(decision::DECISION)).unwrap();
        let subject = format!("{{\"digest\":{{\"sha256\":\"{}\"}}}}", statement.subject);
        let text = text.replacen(&subject, &format!("{subject},{subject}"), 1);
        it.envelope = Some(Envelope::sign(IN_TOTO, text.into_bytes(), &key("mara")).to_bytes());
    };
    case("two-subjects", "one signature over two subjects", "STATEMENT_INVALID", with(&two_subjects));
    case(
        "newer-root",
        "made under a root that the gate does not have",
        "ROOT_STALE",
        with(&|it| it.decision.root_version = 2),
    );
    case(
        "deny",
        "a deny by the device approves nothing",
        "DENIED",
        with(&|it| (it.decision.verdict, it.signer) = (Verdict::Deny, "laptop")),
    );
    case(
        "deny-by-reviewer-key",
        "a reviewer's key is not for denying",
        "KEY_PURPOSE",
        with(&|it| it.decision.verdict = Verdict::Deny),
    );

    for (standing, expect) in [
        ("denied", "DENIED"),
        ("changes-requested", "DENIED"),
        ("withdrawn", "WITHDRAWN"),
        ("superseded", "SUPERSEDED"),
        ("halted", "HALTED"),
    ] {
        case(
            &format!("after-{standing}"),
            "something stands against it",
            expect,
            World::new().set("standing", standing),
        );
    }
    case(
        "wrong-gate",
        "the approval of another gate's proposal",
        "WRONG_GATE",
        World::new().set("gate", "away").set("proposal", "none"),
    );
    case(
        "denied-at-wrong-gate",
        "what stands against it comes before whose it is",
        "DENIED",
        World::new().set("standing", "denied").set("gate", "away").set("proposal", "none"),
    );

    case(
        "other-request",
        "the request at hand makes another proposal",
        "ACTION_MISMATCH",
        World::new().set("recomputed", Digest::of(b"another")),
    );
    case(
        "other-expiry",
        "the decision says a later expiry than the proposal",
        "ACTION_MISMATCH",
        with(&|it| it.decision.expires = it.proposal.expires.plus(1)),
    );
    case(
        "other-rules",
        "the decision names other rules",
        "ACTION_MISMATCH",
        with(&|it| it.decision.rules = Digest::of(b"lax")),
    );
    let agent = |change: &dyn Fn(&mut countersign_core::proposal::Agent)| {
        let mut agent = proposal().agent;
        change(&mut agent);
        String::from_utf8(json::to_bytes(&agent)).unwrap()
    };
    case("same-agent", "the same agent and session asks", "ok", World::new().set("asking", agent(&|_| ())));
    case(
        "other-session",
        "another session asks",
        "AGENT_MISMATCH",
        World::new().set("asking", agent(&|it| it.session = label("s-2"))),
    );
    case(
        "other-agent",
        "another agent asks",
        "AGENT_MISMATCH",
        World::new().set("asking", agent(&|it| it.authenticated = Authenticated::Uid(0))),
    );

    let amended = |field: &str, action: usize| {
        let original = propose(&proposal()).digest();
        let content = Content::inline("text/markdown", b"Ask the data owner.\n".to_vec());
        let payload = json::to_bytes(&Amendment {
            original,
            edits: vec![Edit { action, field: field.into(), content }],
        });
        let subject = Digest::of(&payload);
        let mut world = World::new().set("amendment", b64(&payload));
        world.subject = Some(subject);
        world
    };
    case("amended-body", "a body may be amended", "ok", amended("body", 1));
    case("amended-reach", "who can read it may not be amended", "AMENDMENT_INVALID", amended("reach", 1));
    case("amended-argv", "what runs may not be amended", "AMENDMENT_INVALID", amended("argv", 0));
    case("amended-body-of-run", "a program has no body", "AMENDMENT_INVALID", amended("body", 0));
    case("amended-nothing-there", "there is no such action", "AMENDMENT_INVALID", amended("body", 2));

    let at = |seconds: u64| MADE.seconds() + seconds;
    let early = |it: &mut World| {
        it.proposal.not_before = NOW.plus(10);
        it.decision.not_before = NOW.plus(10);
    };
    case("too-early", "before its time", "NOT_YET_VALID", with(&early));
    case(
        "last-second",
        "the last second in which it counts",
        "ok",
        World::new().set("now", at(3599)).set("highest-clock", at(3599)),
    );
    case(
        "expired",
        "the second of its expiry does not count",
        "DECISION_EXPIRED",
        World::new().set("now", at(3600)).set("highest-clock", at(3600)),
    );
    let long = |it: &mut World| {
        it.proposal.expires = MADE.plus(MAX_LIFETIME + 1);
        it.decision.expires = it.proposal.expires;
    };
    case("too-long", "it would stand for more than 14 days", "LIFETIME_TOO_LONG", with(&long));
    case(
        "clock-5-back",
        "a clock 5 seconds back is borne",
        "ok",
        World::new().set("highest-clock", NOW.seconds() + 5),
    );
    case(
        "clock-6-back",
        "a clock 6 seconds back is not",
        "CLOCK_ROLLBACK",
        World::new().set("highest-clock", NOW.seconds() + 6),
    );

    case(
        "unknown-proposal",
        "the gate knows no such proposal",
        "NONCE_UNKNOWN",
        World::new().set("proposal", "none"),
    );
    case(
        "unknown-nonce",
        "the gate never issued the nonce",
        "NONCE_UNKNOWN",
        World::new().set("nonce", "unknown"),
    );
    case("other-epoch", "the ledger began a new life", "NONCE_UNKNOWN", World::new().set("epoch", epoch(8)));
    case("replay", "the nonce was used", "REPLAY", World::new().set("nonce", "burned"));
    case(
        "inconsistent",
        "the ledger contradicts itself",
        "LEDGER_INCONSISTENT",
        World::new().set("ledger", "inconsistent"),
    );

    let acknowledge = |it: &mut World| it.proposal.acknowledge = vec![label("token:1")];
    case("not-acknowledged", "a required acknowledgement is missing", "REQUIREMENT", with(&acknowledge));
    let acknowledged = |it: &mut World| {
        acknowledge(it);
        it.decision.acknowledged = vec![decision::Acknowledged { id: label("token:1"), reason: None }];
    };
    case("acknowledged", "the required acknowledgement is there", "ok", with(&acknowledged));
    let two = |it: &mut World| it.proposal.requirement.needs = vec![Need { role: None, count: 2 }];
    case("one-of-two", "the first of two signatures", "waiting", with(&two));
    case("two-of-two", "the second of two signatures", "ok", with(&two).set("approvers", "tomas"));
    case(
        "same-person-twice",
        "one person does not count twice",
        "waiting",
        with(&two).set("approvers", "mara=security"),
    );
    let two_roles = |it: &mut World| {
        it.proposal.requirement.needs =
            vec![Need { role: None, count: 2 }, Need { role: Some(label("legal")), count: 1 }];
    };
    let legal = World::new().set("approvers", "tomas=legal,press");
    case(
        "role-of-an-earlier",
        "an earlier signer has the role",
        "ok",
        World { proposal: with(&two_roles).proposal, ..legal },
    );
    let released = |session: &str| {
        let mut world = World::new();
        world.proposal = spellings::released();
        let mut agent = world.proposal.agent.clone();
        agent.session = label(session);
        agent.calls_itself = Some(label("renamed"));
        world.set("asking", String::from_utf8(json::to_bytes(&agent)).unwrap())
    };
    case("released", "a release to the session that asked, whatever it calls itself", "ok", released("s-1"));
    case("released-to-another", "a release to another session", "AGENT_MISMATCH", released("s-9"));
    let mismatched = |it: &mut World| {
        it.decision.nonce = nonce(2);
        it.proposal.expires = MADE.plus(10);
        it.decision.expires = MADE.plus(10);
    };
    case(
        "other-nonce",
        "another nonce, and expired: what is signed comes before time",
        "ACTION_MISMATCH",
        with(&mismatched),
    );
    case(
        "clock-before-expiry",
        "a clock that went back says nothing about expiry",
        "CLOCK_ROLLBACK",
        World::new().set("now", MADE.seconds() + 3600).set("highest-clock", MADE.seconds() + 9999),
    );
    case("two-edits-of-one", "one text amended twice", "AMENDMENT_INVALID", {
        let content = Content::inline("text/markdown", b"x".to_vec());
        let edit = Edit { action: 1, field: "body".into(), content };
        let original = propose(&proposal()).digest();
        let payload = json::to_bytes(&Amendment { original, edits: vec![edit.clone(), edit] });
        let mut world = World::new().set("amendment", b64(&payload));
        world.subject = Some(Digest::of(&payload));
        world
    });
    let role = |role: &'static str| {
        move |it: &mut World| it.proposal.requirement.needs = vec![Need { role: Some(label(role)), count: 1 }]
    };
    case("role", "a role that the signer has", "ok", with(&role("security")));
    case("other-role", "a role that the signer does not have", "waiting", with(&role("legal")));
}
