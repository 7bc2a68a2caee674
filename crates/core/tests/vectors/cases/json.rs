//! The strict dialect of JSON.

use super::{Files, add, b64};

pub(super) fn all(files: &mut Files) {
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
