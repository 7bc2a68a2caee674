//! Private keys between a first line and a last one: `-----BEGIN … PRIVATE KEY-----`.
//!
//! Only what can be a key belongs to one: words of base64, with what stands between the lines of
//! a key where it is quoted, escaped or shown as a change. What follows stays readable, or a
//! command could be written where nobody reads it. Headers hold no secret and stay readable, too.
//!
//! What is read for one first line holds no other, so the work grows with the text.

use std::ops::Range;

use super::random::{entropy, stands_for};
use crate::text::Text;

/// The longest that programs write: one of 16,384 bits, with its public half and certificates.
const MOST: usize = 32 << 10;

/// Headers of one key, and bytes of one of them.
const HEADERS: usize = 8;
const HEADER: usize = 200;

/// The shortest line of a key but for its last.
const LINE: usize = 12;

/// The private key whose first line has the words `PRIVATE KEY` at `at`.
pub(crate) fn key(text: &Text<'_>, at: &Range<usize>) -> Option<Range<usize>> {
    let before = text.before(at.start, 40);
    let first = before.windows(10).rposition(|it| it == b"-----BEGIN" || it == b"---- BEGIN")?;
    if before[first..].contains(&b'\n') || text.part(at.clone()) != b"PRIVATE KEY" {
        return None;
    }
    let rest = text.after(at.end, MOST);
    let skip = [&b" BLOCK"[..], b" "].iter().find(|it| rest.starts_with(it)).map_or(0, |it| it.len());
    let dashes = rest[skip..].iter().take_while(|it| **it == b'-').count();
    if dashes < 4 {
        return None;
    }
    let start = at.start - (before.len() - first);
    let rest = &rest[skip + dashes..];
    let body = Body::read(rest, prefix(text.before(start, 40)));
    let value = &rest[body.range.clone()];
    if body.letters < 24 || stands_for(&value[..value.len().min(60)]) || entropy(value) < 3.0 {
        return None;
    }
    let after = at.end + skip + dashes;
    Some(if body.headers { after + body.range.start } else { start }..after + body.range.end)
}

/// What each line of a key begins with, if its first line stands after no words: `> `, `#5 0.228 `.
fn prefix(before: &[u8]) -> &[u8] {
    let escape = before.windows(2).rposition(|it| it == b"\\n" || it == b"\\r").map(|it| it + 2);
    let line = before.iter().rposition(|it| matches!(it, b'\n' | b'\r')).map(|it| it + 1);
    let prefix = &before[escape.max(line).unwrap_or(0)..];
    let is_plain = |it: &u8| it.is_ascii_digit() || b" \t#>|+*/-:.[]TZ".contains(it);
    if prefix.iter().all(is_plain) { prefix.trim_ascii() } else { &[] }
}

/// What follows the first line of a key.
struct Body {
    /// The words of the key, and what stands before and between them.
    range: Range<usize>,
    /// Letters of base64 in it.
    letters: usize,
    /// Whether headers stand before it.
    headers: bool,
    /// How much was looked at.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests count it"))]
    read: usize,
}

impl Body {
    fn read(text: &[u8], prefix: &[u8]) -> Self {
        let (mut start, mut headers, mut at) = (0, 0, gap(text, 0, prefix));
        while let Some(end) = header(&text[at..]).filter(|_| headers < HEADERS) {
            headers += 1;
            at = gap(text, at + end, prefix);
            start = at;
        }
        let (mut end, mut letters, mut read) = (start, 0, at);
        while let Some(length) = word(&text[at..]) {
            let next = gap(text, at + length, prefix);
            read = next;
            if length < LINE && next < text.len() && last_line(text, next, prefix).is_none() {
                break;
            }
            end = at + length;
            letters += length;
            at = next;
        }
        // Up to the last line nothing else stands that anyone has to read.
        if end > start {
            end = if at == text.len() { at } else { last_line(text, at, prefix).unwrap_or(end) };
        }
        Self { range: start..end, letters, headers: headers > 0, read: read + letters_of(&text[read..]) }
    }
}

/// Letters of base64 at the start of `text`.
fn letters_of(text: &[u8]) -> usize {
    text.iter().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/')).count()
}

/// Bytes of the word of base64 at the start of `text`. What has no capitals or no small letters is a
/// command or a path rather than a line of a key; of a short one a capital or a digit is enough.
fn word(text: &[u8]) -> Option<usize> {
    let letters = letters_of(text);
    let signs = text[letters..].iter().take_while(|it| **it == b'=').count();
    let word = &text[..letters];
    let capital = word.iter().any(u8::is_ascii_uppercase);
    let small = word.iter().any(u8::is_ascii_lowercase);
    let fits = if letters < LINE {
        capital || signs > 0 || word.iter().any(u8::is_ascii_digit)
    } else {
        capital && small
    };
    (fits && signs <= 2).then_some(letters + signs)
}

/// Where the last line of a key begins, if it is at `at`, or there after a checksum of PGP.
fn last_line(text: &[u8], at: usize, prefix: &[u8]) -> Option<usize> {
    let is_sum = text[at..].starts_with(b"=") && letters_of(&text[at + 1..]) == 4;
    let at = if is_sum { gap(text, at + 5, prefix) } else { at };
    text[at..].starts_with(b"----").then_some(at)
}

/// Where the next line begins: after blanks, line ends, also escaped ones, quotes with what joins them, and `prefix`.
fn gap(text: &[u8], from: usize, prefix: &[u8]) -> usize {
    let (mut at, mut quoted, mut fresh) = (from, false, false);
    loop {
        match text.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'\n' | b'\r') => (at, fresh) = (at + 1, true),
            Some(b'"' | b'\'') => (at, quoted) = (at + 1, true),
            Some(b'\\') => {
                at += text[at..].iter().take_while(|it| **it == b'\\').count();
                at += usize::from(matches!(text.get(at), Some(b'n' | b'r' | b't')));
                fresh = true;
            }
            Some(b'+' | b',' | b'.') if quoted && matches!(text.get(at + 1), Some(b' ' | b'\n' | b'\r')) => {
                at += 1;
            }
            _ => match prefixed(&text[at..], prefix).filter(|length| fresh && *length > 0) {
                Some(length) => (at, fresh) = (at + length, false),
                None => return at,
            },
        }
    }
}

/// Bytes of `prefix` at the start of `text`, with whatever numbers: lines and times count on.
fn prefixed(text: &[u8], prefix: &[u8]) -> Option<usize> {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|it| it.is_ascii_digit()).count();
    let (mut at, mut of) = (0, 0);
    while let Some(sign) = prefix.get(of) {
        let (here, there) = (digits(&text[at..]), digits(&prefix[of..]));
        if (there == 0 && text.get(at) != Some(sign)) || (there > 0) != (here > 0) {
            return None;
        }
        (at, of) = (at + here.max(1), of + there.max(1));
    }
    Some(at)
}

/// Bytes of the header at the start of `text`: `Proc-Type: 4,ENCRYPTED`.
fn header(text: &[u8]) -> Option<usize> {
    let line = &text[..text.len().min(HEADER)];
    let end = line.iter().position(|it| matches!(it, b'\n' | b'\r' | b'\\'))?;
    let name = line[..end].windows(2).position(|it| it == b": ")?;
    let is_name = line[..name].iter().all(|it| it.is_ascii_alphanumeric() || *it == b'-');
    // With the first line of another key in it headers would be read again for that.
    (name > 0 && is_name && !line[..end].windows(4).any(|it| it == b"----")).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "q7XkW2Lm9TzVb4Rc8YpNd1Hs6Jf3GaQ5E";

    /// How much is read behind all first lines of `text`.
    fn read(text: &str) -> usize {
        let firsts = text.match_indices("PRIVATE KEY-----").map(|(at, it)| at + it.len());
        firsts.map(|at| Body::read(&text.as_bytes()[at..], b"").read).sum()
    }

    #[test]
    fn nothing_is_read_for_two_first_lines() {
        let first = "-----BEGIN PRIVATE KEY-----";
        let units = [
            format!("{first}\n"),
            format!("{first}\nA: {first}\n"),
            format!("{first}\nA: b\nC: d\n{LINE}\n"),
            format!("{first}{LINE}\n{LINE}\n"),
            format!("{first}\\\\\\n\"\"'' +\n"),
            format!("{first} {} ", "a".repeat(500)),
            format!("{first}\nAb1=\n"),
        ];
        for unit in units {
            let text = unit.repeat(200_000 / unit.len());
            assert!(read(&text) <= text.len() + 200 * 8, "{unit}: {} of {}", read(&text), text.len());
        }
    }

    #[test]
    fn what_is_no_first_line_has_no_key() {
        let key_of = |first: &str| {
            let text = format!("{first}\n{LINE}\n");
            let at = text.find("PRIVATE KEY").unwrap_or_default();
            key(&Text { bytes: text.as_bytes() }, &(at..at + 11))
        };
        for first in ["---- BEGIN PRIVATE KEY q7Xk", "-----BEGIN PRIVATE KEY", "-----BEGIN PRIVATE KEY---"] {
            assert_eq!(key_of(first), None, "{first}");
        }
        assert!(key_of("---- BEGIN PRIVATE KEY ----").is_some());
    }

    #[test]
    fn no_word_of_a_command_belongs_to_a_key() {
        for after in
            ["reboot", "/usr/bin/curl /tmp/x", "curl q7XkW2Lm9TzVb4Rc8YpNd1H", "PATH=/tmp/Q7", "sh -c x"]
        {
            for blank in ["\n", " ", "\\n", "\" +\n\""] {
                let text = format!("\n{LINE}{blank}{after}\n-----END PRIVATE KEY-----");
                let body = Body::read(text.as_bytes(), b"");
                assert_eq!(&text[body.range], format!("\n{LINE}"), "{text}");
            }
        }
    }
}
