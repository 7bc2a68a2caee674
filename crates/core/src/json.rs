//! Strict JSON: one parser for all that is signed or received.
//!
//! UTF-8 without a byte order mark, no duplicate keys (an escaped spelling is
//! the same key), no lone surrogates, no trailing data, at most
//! [`MAX_DEPTH`] levels, integers within ±(2^53−1), no fractions, no
//! exponents, no `-0`, no `null`: a field that has nothing to say is left
//! out. Unknown fields are refused by the types, all of which carry
//! `deny_unknown_fields`.
//!
//! [`exactly`], by which all that is signed is read, also refuses what a type
//! would let pass: whatever it would not write itself.
//!
//! [`parse_foreign`] reads JSON that is not ours (what an agent's hook is
//! given): fractions and `null` are allowed there, duplicates and depth not.
//!
//! The grammar itself is serde_json's; only the rules that it does not know
//! are here.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use sha2::{Digest as _, Sha256};

use crate::digest::Digest;

/// Levels of nesting: `[]` is one, `[[]]` two.
pub const MAX_DEPTH: u32 = 64;

/// The largest integer that every JSON reader holds exactly: 2^53 − 1 (RFC 8259, section 6).
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why bytes are not the JSON we read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not UTF-8.
    #[error("not UTF-8 at byte {0}")]
    Utf8(usize),
    /// Starts with U+FEFF.
    #[error("starts with a byte order mark")]
    ByteOrderMark,
    /// Breaks a rule of this module or of JSON; says which, and where.
    #[error("{0}")]
    Rule(String),
    /// Well-formed, but not of the form expected; says what is off.
    #[error("{0}")]
    Form(String),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Ours,
    Foreign,
}

/// Reads `bytes` by the strict rules.
///
/// # Errors
///
/// The first rule that is broken.
pub fn parse(bytes: &[u8]) -> Result<Value, Error> {
    read(bytes, Dialect::Ours)
}

/// Reads JSON that another program wrote: fractions and `null` may stand in it.
///
/// # Errors
///
/// The first rule that is broken.
pub fn parse_foreign(bytes: &[u8]) -> Result<Value, Error> {
    read(bytes, Dialect::Foreign)
}

/// Reads `bytes` by the strict rules into a `T`.
///
/// # Errors
///
/// As [`parse`]; [`Error::Form`] when a field is missing, unknown or of another kind.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    from_value(parse(bytes)?)
}

/// Turns a value that was read before into a `T`.
///
/// # Errors
///
/// [`Error::Form`].
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| Error::Form(error.to_string()))
}

/// Reads `bytes` into a `T` in its one spelling, white space and the order of fields aside.
///
/// What `T` writes must be what was read. serde would take a list for an object, a variant by its
/// number, an empty list where it is left out, and further fields beside a variant that has none.
///
/// # Errors
///
/// As [`from_bytes`]; [`Error::Form`] for another spelling.
pub fn exactly<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, Error> {
    exactly_value(&parse(bytes)?)
}

/// As [`exactly`], for a value that was read before.
///
/// # Errors
///
/// [`Error::Form`].
pub(crate) fn exactly_value<T: DeserializeOwned + Serialize>(value: &Value) -> Result<T, Error> {
    let form = |error: serde_json::Error| Error::Form(error.to_string());
    let read = T::deserialize(value).map_err(form)?;
    if serde_json::to_value(&read).map_err(form)? != *value {
        return Err(Error::Form("a list, field or variant in another spelling than its own".to_owned()));
    }
    Ok(read)
}

/// The bytes of `value`: compact, in the order of its declaration.
///
/// Ours are plain data types, for which serde_json has no failure; should one
/// ever come, the bytes are empty and nothing accepts them.
pub fn to_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// The digest of [`to_bytes`], without holding them: a large sheet is tens of megabytes of them.
pub fn digest_of<T: Serialize>(value: &T) -> Digest {
    let mut hashed = BufWriter::with_capacity(64 * 1024, Hashed(Sha256::new()));
    let whole = serde_json::to_writer(&mut hashed, value).is_ok();
    match hashed.into_inner() {
        Ok(Hashed(hash)) if whole => Digest::from_bytes(hash.finalize().into()),
        _ => Digest::of(b""),
    }
}

/// Takes bytes for their digest alone.
struct Hashed(Sha256);

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn read(bytes: &[u8], dialect: Dialect) -> Result<Value, Error> {
    let text = std::str::from_utf8(bytes).map_err(|error| Error::Utf8(error.valid_up_to()))?;
    if text.starts_with('\u{feff}') {
        return Err(Error::ByteOrderMark);
    }
    let rule = |error: serde_json::Error| Error::Rule(error.to_string());
    let depth = Cell::new(0);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { dialect, depth: &depth }.deserialize(&mut reader).map_err(rule)?;
    reader.end().map_err(rule)?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict<'d> {
    dialect: Dialect,
    depth: &'d Cell<u32>,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<(), E> {
        self.depth.set(self.depth.get() + 1);
        if self.depth.get() > MAX_DEPTH {
            return Err(E::custom(format_args!("more than {MAX_DEPTH} levels deep")));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: serde::de::Error>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_u64<E: serde::de::Error>(self, it: u64) -> Result<Value, E> {
        if it > MAX_INTEGER && self.dialect == Dialect::Ours {
            return Err(E::custom("an integer beyond 2^53-1"));
        }
        Ok(Value::Number(it.into()))
    }

    fn visit_i64<E: serde::de::Error>(self, it: i64) -> Result<Value, E> {
        if it.unsigned_abs() > MAX_INTEGER && self.dialect == Dialect::Ours {
            return Err(E::custom("an integer beyond 2^53-1"));
        }
        Ok(Value::Number(it.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, it: f64) -> Result<Value, E> {
        match (self.dialect, Number::from_f64(it)) {
            (Dialect::Foreign, Some(number)) => Ok(Value::Number(number)),
            _ => Err(E::custom("a number with a fraction, an exponent or as `-0`")),
        }
    }

    fn visit_str<E: serde::de::Error>(self, it: &str) -> Result<Value, E> {
        Ok(Value::String(it.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, it: String) -> Result<Value, E> {
        Ok(Value::String(it))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        match self.dialect {
            Dialect::Foreign => Ok(Value::Null),
            Dialect::Ours => Err(E::custom("`null`; what has nothing to say is left out")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(self)? {
            items.push(item);
        }
        self.depth.set(self.depth.get() - 1);
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        self.deeper()?;
        let mut fields = Map::new();
        // Keys arrive unescaped, so `"a"` and `"\u0061"` meet here as one.
        while let Some(key) = from.next_key::<String>()? {
            let value = from.next_value_seed(self)?;
            if fields.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key {key:?} twice")));
            }
            fields.insert(key, value);
        }
        self.depth.set(self.depth.get() - 1);
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn plain_values_pass() {
        for text in
            ["{}", "[]", "\"a\"", "0", "-1", "9007199254740991", "-9007199254740991", " {\"a\": [true]} "]
        {
            assert!(parse(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn every_rule_refuses() {
        let refused: &[(&[u8], &str)] = &[
            (b"\xef\xbb\xbf{}", "byte order mark"),
            (b"\"\xff\"", "not UTF-8"),
            (br#"{"a":1,"a":2}"#, "twice"),
            (br#"{"a":1,"\u0061":2}"#, "twice"),
            (br#"{"x":{"a":1,"\u0061":2}}"#, "twice"),
            (b"9007199254740992", "beyond 2^53-1"),
            (b"-9007199254740992", "beyond 2^53-1"),
            (b"18446744073709551616", "fraction"),
            (b"1.0", "fraction"),
            (b"1e2", "fraction"),
            (b"-0", "fraction"),
            (b"1e400", "out of range"),
            (br#""\ud800""#, "hex escape"),
            (br#""\ud800\u0041""#, "hex escape"),
            (br#""\udc00""#, "hex escape"),
            (b"{} {}", "trailing"),
            (b"{}\0", "trailing"),
            (b"null", "left out"),
            (b"{\"a\":null}", "left out"),
            (b"[1,]", "trailing comma"),
            (b"NaN", "expected"),
            (b"'a'", "expected"),
            (b"\"\x01\"", "control character"),
            (b"", "EOF"),
            (b"01", "invalid number"),
        ];
        for (bytes, expected) in refused {
            let error = parse(bytes).unwrap_err().to_string();
            assert!(error.contains(expected), "{:?}: {error}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn depth_is_counted_exactly() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(nested(64).as_bytes()).is_ok());
        assert!(parse(nested(65).as_bytes()).unwrap_err().to_string().contains("64 levels"));
        let side_by_side = format!("[{}]", vec!["[]"; 500].join(","));
        assert!(parse(side_by_side.as_bytes()).is_ok());
    }

    #[test]
    fn what_a_type_would_not_write_is_not_read_as_signed() {
        use crate::halt::Scope;
        assert!(exactly::<Scope>(br#"{"kind":"all"}"#).is_ok());
        for other in [r#"{"kind":"all","x":1}"#, r#"["all"]"#, r#"["gate","home"]"#] {
            assert!(from_bytes::<Scope>(other.as_bytes()).is_ok(), "serde refuses {other} now");
            assert!(exactly::<Scope>(other.as_bytes()).is_err(), "{other}");
        }
    }

    #[test]
    fn a_foreign_number_is_the_nearest_there_is_and_not_its_neighbour() {
        for number in ["5e32", "5e-324", "9007199254740993.0", "1.7976931348623157e308", "0.1"] {
            let read = parse_foreign(number.as_bytes()).unwrap();
            assert_eq!(read.as_f64(), Some(number.parse().unwrap()), "{number}");
        }
    }

    #[test]
    fn foreign_json_may_have_fractions_and_null_but_no_duplicates() {
        assert!(parse_foreign(b"{\"a\":1.5,\"b\":null}").is_ok());
        assert!(parse_foreign(br#"{"a":1,"\u0061":2}"#).is_err());
    }
}
