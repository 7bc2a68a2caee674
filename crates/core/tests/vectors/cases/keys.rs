//! Keys, their names, what a signature covers, and signatures.

use countersign_core::envelope::pre_authentication_encoding;
use data_encoding::HEXLOWER;

use super::{Files, add, b64};
use crate::common::key;

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

pub(super) fn all(files: &mut Files) {
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
