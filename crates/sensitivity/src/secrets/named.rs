//! Values that have the name of a secret before them: `db_password: …`.
//!
//! A name counts unless its rest says that it is about a secret, or that it is called; the value
//! counts unless it is a word, a name or code.

mod reader;
mod values;

use std::ops::Range;

use super::names::ABOUT;
use super::random::{is_random, stands_for};
use crate::text::Text;
use reader::{Link, Reader};
use values::{is_code, is_made, is_password, is_strong};

/// Bytes after a name in which its value begins and ends.
const AFTER: usize = 320;

/// The value of the name that a word at `at` is part of.
pub(super) fn value(text: &Text<'_>, at: &Range<usize>) -> Option<Range<usize>> {
    let word = text.part(at.clone()).to_ascii_lowercase();
    let is_token = !(word.starts_with(b"pass")
        || word.starts_with(b"_pass")
        || matches!(&*word, b"pwd" | b"pw=" | b"kennwort" | b"senha" | b"mot de passe" | b"identified by")
        || word == "contraseña".as_bytes());
    // A sign at the end of the word is no part of the name.
    let signed = word.ends_with(b"=") || word.ends_with(b":");
    let mut reader = Reader::new(text.after(at.start, AFTER), at.len() - usize::from(signed));
    let rest = reader.name();
    let start = at.start + usize::from(word.starts_with(b"_"));
    if is_about(rest) || begins_call(text, start) {
        return None;
    }
    let link = reader.separator(&word)?;
    let (range, quoted) = reader.value(link)?;
    let value = &reader.bytes[range.clone()];
    let secret = if is_token { is_made(value) } else { is_password(value, quoted, link) };
    // After words of a sentence only what nobody would write as a word.
    let secret = secret && (link != Link::Words || is_random(value) || is_strong(value));
    (secret && !stands_for(value) && !is_code(value, quoted))
        .then(|| at.start + range.start..at.start + range.end)
}

/// Whether the rest of a name says that its value is only about a secret.
fn is_about(rest: &[u8]) -> bool {
    if rest.is_empty() {
        return false;
    }
    let lower = rest.to_ascii_lowercase();
    // The last word of it, in either way to write several.
    let snake = lower.rsplit(|it| matches!(it, b'_' | b'-')).next().unwrap_or(&[]);
    let start = rest.iter().rposition(u8::is_ascii_uppercase).unwrap_or(rest.len());
    let camel = &lower[start..];
    let has = |word: &[u8]| ABOUT.iter().any(|it| it.as_bytes() == word);
    has(snake) || (rest.iter().any(u8::is_ascii_lowercase) && has(camel)) || lower.starts_with(b"iz")
}

/// Whether the name is called or asked: `get_token(`, `$token`.
fn begins_call(text: &Text<'_>, start: usize) -> bool {
    let before = text.before(start, 32);
    let name = before
        .iter()
        .rposition(|it| !(it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.')))
        .map_or(before, |it| &before[it + 1..])
        .to_ascii_lowercase();
    [
        &b"get"[..],
        b"reset",
        b"change",
        b"forgot",
        b"is_",
        b"has_",
        b"no_",
        b"without",
        b"invalid",
        b"public",
        b"hash",
        b"encrypted",
    ]
    .iter()
    .any(|word| name.starts_with(word))
}
