//! Texts that are written so that nobody reads them: base64, hex, escapes of links.
//!
//! What such a blob holds is looked at like any text, one level deep. Together the blobs of a
//! text are never longer than the text, so that the work stays in proportion to it.

use std::ops::Range;
use std::sync::OnceLock;

use crate::text::Text;

/// The shortest blob that can hold anything.
const SHORTEST: usize = 24;

/// The longest that is taken apart at once.
const LONGEST: usize = 1 << 20;

/// Bytes of a link that are taken apart.
const LINK: usize = 4096;

/// A blob, and what it holds.
pub(crate) struct Hidden {
    pub(crate) range: Range<usize>,
    /// How it is written.
    pub(crate) form: &'static str,
    pub(crate) text: Vec<u8>,
}

/// What was looked at so far in one text.
#[derive(Default)]
pub(crate) struct Look {
    blobs: usize,
    links: usize,
}

impl Look {
    /// What the token in `range` holds, with the lines that go on with it.
    pub(crate) fn token(&mut self, text: &Text<'_>, range: &Range<usize>) -> Option<Hidden> {
        if range.start < self.blobs || range.len() < SHORTEST {
            return None;
        }
        // A short beginning tells most of what is none apart.
        let first = text.part(range.start..range.start + 24);
        let plain =
            first.iter().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'-' | b'_'));
        if !plain || !begins(first) {
            return None;
        }
        if let Some(text) = hex(text.part(range.clone())) {
            return Some(Hidden { range: range.clone(), form: "hex", text });
        }
        let end = lines(text, range);
        self.blobs = end;
        let (range, text) = base64(text, range.start..end)?;
        Some(Hidden { range, form: "base64", text })
    }

    /// What the word holds in which a `%` stands at `at`.
    pub(crate) fn escape(&mut self, text: &Text<'_>, at: usize) -> Option<Hidden> {
        let escapes = text.after(at + 1, 2);
        if at < self.links || escapes.len() < 2 || !escapes.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let of =
            |it: &u8| it.is_ascii_graphic() && !matches!(it, b'"' | b'\'' | b'<' | b'>' | b'`' | b'(' | b')');
        let start = at - text.before(at, LINK).iter().rev().take_while(|it| of(it)).count();
        let end = at + text.after(at, LINK).iter().take_while(|it| of(it)).count();
        let start = start.max(self.links);
        self.links = end;
        let made = unescaped(text.part(start..end));
        Some(Hidden { range: start..end, form: "the escapes of a link", text: made })
    }
}

/// The end of the last line that goes on with the token in `range`.
fn lines(text: &Text<'_>, range: &Range<usize>) -> usize {
    let (mut end, length) = (range.end, range.len());
    while length >= 60 && end - range.start < LONGEST {
        let rest = text.after(end, length + 2);
        let skip = usize::from(rest.starts_with(b"\r")) + 1;
        if rest.get(skip - 1) != Some(&b'\n') {
            break;
        }
        let next = rest[skip..]
            .iter()
            .take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'-' | b'_'))
            .count();
        if next == 0 {
            break;
        }
        end += skip + next;
        if next < length {
            break;
        }
    }
    end
}

fn hex(token: &[u8]) -> Option<Vec<u8>> {
    let made =
        token.len() <= LONGEST && token.len().is_multiple_of(2) && token.iter().all(u8::is_ascii_hexdigit);
    let text = made.then(|| data_encoding::HEXLOWER_PERMISSIVE.decode(token).ok())??;
    is_text(&text).then_some(text)
}

/// Whether what begins like this can be a text in base64 or in hex.
fn begins(first: &[u8]) -> bool {
    let mut written = [0; 24];
    for (to, from) in written.iter_mut().zip(first) {
        *to = match from {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        };
    }
    let mut made = [0; 18];
    let base64 = data_encoding::BASE64.decode_mut(&written, &mut made).is_ok() && is_text(&made);
    base64 || first.iter().all(u8::is_ascii_hexdigit)
}

/// The text in `range`, which can begin after a word that hangs on it.
fn base64(text: &Text<'_>, range: Range<usize>) -> Option<(Range<usize>, Vec<u8>)> {
    let written: Vec<u8> = text
        .part(range.clone())
        .iter()
        .filter(|it| !it.is_ascii_whitespace())
        .map(|it| match it {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    if written.len() > LONGEST || written.iter().any(|it| matches!(it, b'.' | b'~')) {
        return None;
    }
    let whole = written.len() - usize::from(written.len() % 4 == 1);
    let text = lenient()?.decode(&written[..whole]).ok()?;
    is_text(&text).then_some((range, text))
}

/// Base64 that can be cut off anywhere.
fn lenient() -> Option<&'static data_encoding::Encoding> {
    static ENCODING: OnceLock<Option<data_encoding::Encoding>> = OnceLock::new();
    let made = || {
        let mut specification = data_encoding::BASE64_NOPAD.specification();
        specification.check_trailing_bits = false;
        specification.encoding().ok()
    };
    ENCODING.get_or_init(made).as_ref()
}

/// Whether `bytes` are words that somebody could read.
fn is_text(bytes: &[u8]) -> bool {
    let plain = bytes.iter().filter(|it| matches!(it, b' '..=b'~' | b'\n' | b'\r' | b'\t')).count();
    plain * 20 >= bytes.len() * 19
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut made = Vec::with_capacity(text.len());
    let mut at = 0;
    let digit = |it: Option<&u8>| it.and_then(|it| char::from(*it).to_digit(16));
    while at < text.len() {
        match (text[at], digit(text.get(at + 1)), digit(text.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                made.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                made.push(byte);
                at += 1;
            }
        }
    }
    made
}
