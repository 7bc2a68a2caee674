//! What a value looks like that somebody keeps to themselves: a password, or what a program made.
//!
//! The name before it says that it may be one. Here words, names and code are told from it.

use super::reader::Link;
use crate::secrets::random::{Looks, entropy, is_random, is_uuid};

/// Whether a value is what a program says instead of a text.
pub(super) fn is_code(value: &[u8], quoted: bool) -> bool {
    let Some(first) = value.first() else { return true };
    if matches!(first, b'$' if !value.starts_with(b"$2") && !value[1..].contains(&b'$'))
        || matches!(first, b'{' | b'<' | b'%' | b'[' | b'*' | b'&' | b'(' | b'/' | b'#')
            && (!quoted || matches!(first, b'{' | b'<' | b'%' | b'/'))
    {
        return true;
    }
    if value
        .windows(2)
        .any(|it| matches!(it, b"${" | b"{{" | b"$(" | b"%(" | b"#{" | b"<%" | b"::" | b"->" | b"()"))
    {
        return true;
    }
    let lower = value.to_ascii_lowercase();
    if lower.starts_with(b"$argon2") || lower.ends_with(b"{") || lower.ends_with(b"..") {
        return true;
    }
    let code = [
        &b"env."[..],
        b"os.",
        b"process.",
        b"self.",
        b"this.",
        b"config.",
        b"getenv",
        b"input(",
        b"none",
        b"null",
        b"true",
        b"false",
        b"http://",
        b"https://",
        b"file:",
        b"arn:",
        b"secretref",
        b"vault:",
        b"env:",
        b"var.",
        b"data.",
        b"local.",
        b"test.",
        b"settings.",
        b"options.",
        b"args.",
        b"req.",
        b"request.",
        b"params.",
    ];
    if code.iter().any(|it| lower.starts_with(it)) {
        return true;
    }
    !quoted && (value.contains(&b'(') || value.contains(&b'[') || is_identifier(value))
}

/// Whether it is words, with dots or underscores between them.
fn is_identifier(value: &[u8]) -> bool {
    let looks = Looks::of(value);
    value.iter().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-'))
        && (looks.digits == 0 && !is_random(value)
            || value.contains(&b'.') && !value.split(|it| *it == b'.').any(is_random))
}

/// Whether a value can be a password: no word, no name.
pub(super) fn is_password(value: &[u8], quoted: bool, link: Link) -> bool {
    let looks = Looks::of(value);
    if value.len() < 6
        || value.len() > 128
        || value.contains(&b' ')
        || value.iter().any(|it| !it.is_ascii_graphic())
    {
        return false;
    }
    let others = value.len() - looks.letters - looks.digits;
    let lower = looks.letters - looks.upper;
    let classes = [lower > 0, looks.upper > 0, looks.digits > 0, others > 0].iter().filter(|it| **it).count();
    if is_words(value) {
        return false;
    }
    if looks.digits == 0 && others == 0 {
        // Letters alone: what nobody can pronounce.
        return (quoted || link != Link::Blank)
            && looks.length >= 8
            && looks.wordy() < 0.5
            && looks.pairs >= 5;
    }
    if classes >= 3 || looks.turns >= 2 {
        return entropy(value) >= 2.2;
    }
    classes == 2
        && looks.digits >= 1
        && (looks.wordy() < 0.5 || looks.digits >= 3)
        && (link != Link::Blank || quoted || looks.digits >= 2)
}

/// Whether it is words of letters with signs between them, and at most a number at the end.
fn is_words(value: &[u8]) -> bool {
    let end = value.iter().rposition(|it| !it.is_ascii_digit()).map_or(0, |it| it + 1);
    if value.len() - end > 3 {
        return false;
    }
    let words = value[..end].split(|it| matches!(it, b'_' | b'-' | b'.' | b' ' | b':' | b'/'));
    let (mut all, mut wordy) = (0, 0);
    for word in words.filter(|it| !it.is_empty()) {
        all += 1;
        let looks = Looks::of(word);
        wordy += usize::from(
            word.iter().all(u8::is_ascii_alphabetic)
                && (looks.pairs < 3 || looks.wordy() > 0.55)
                && looks.turns * 4 <= looks.length,
        );
    }
    all == wordy
}

/// Whether a value was made by a program.
pub(super) fn is_made(value: &[u8]) -> bool {
    let looks = Looks::of(value);
    let (others, length) = (value.len() - looks.letters - looks.digits, value.len());
    if !(8..=400).contains(&length) || others * 3 > length || value.iter().any(|it| !it.is_ascii_graphic()) {
        return false;
    }
    is_uuid(value)
        || is_random(value)
        || (looks.digits >= 2
            && looks.letters >= 4
            && looks.turns >= 3
            && !is_words(value)
            && entropy(value) >= 2.8)
}

/// Whether nobody would write this as a word of a sentence.
pub(super) fn is_strong(value: &[u8]) -> bool {
    let looks = Looks::of(value);
    looks.length >= 8
        && looks.digits >= 1
        && looks.letters >= 3
        && looks.turns + (looks.length - looks.letters - looks.digits) >= 2
}
