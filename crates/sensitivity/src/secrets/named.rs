//! Values that have the name of a secret before them: `db_password: …`.

use std::ops::Range;

use super::names::ABOUT;
use super::random::{Looks, entropy, is_random, is_uuid, stands_for};
use crate::text::Text;

/// Bytes after a name in which its value begins and ends.
const AFTER: usize = 320;

/// The value of the name that a word at `at` is part of.
pub(super) fn value(text: &Text<'_>, at: &Range<usize>) -> Option<Range<usize>> {
    let word = text.part(at.clone()).to_ascii_lowercase();
    let is_token = !(word.starts_with(b"pass")
        || word.starts_with(b"_pass")
        || matches!(&*word, b"pwd" | b"pw=" | b"kennwort" | b"senha" | b"mot de passe" | b"identified by"));
    let (assigned, mut reader) = (
        word.ends_with(b"=") || word.ends_with(b":"),
        Reader { bytes: text.after(at.start, AFTER), at: at.len() },
    );
    if assigned {
        reader.at -= 1;
    }
    let rest = reader.name();
    if is_about(rest) || begins_call(text, at.start) {
        return None;
    }
    let link = reader.separator(text.part(at.clone()))?;
    let (range, quoted) = reader.value(link)?;
    let value = &reader.bytes[range.clone()];
    let secret = if is_token { is_made(value) } else { is_password(value, quoted, link) };
    // After words of a sentence only what nobody would write as a word.
    let secret = secret && (link != Link::Words || is_random(value) || is_strong(value));
    (secret && !stands_for(value) && !is_code(value, quoted))
        .then(|| at.start + range.start..at.start + range.end)
}

/// How name and value hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// `=`, `:`, `=>`
    Sign,
    /// `>` of an element
    Element,
    /// A blank, as after an option.
    Blank,
    /// `is`, and words before it.
    Words,
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip(&mut self, of: impl Fn(u8) -> bool) -> &'t [u8] {
        let start = self.at;
        while self.peek().is_some_and(&of) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    /// The rest of the name.
    fn name(&mut self) -> &'t [u8] {
        self.skip(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'))
    }

    /// From the name to its value.
    fn separator(&mut self, word: &[u8]) -> Option<Link> {
        self.skip(|it| matches!(it, b'"' | b'\'' | b'`' | b']' | b')' | b'\\'));
        // `<add key="Password" value="…"/>`
        if self.bytes[self.at..].starts_with(b" value=") {
            self.at += 7;
            return Some(Link::Sign);
        }
        let blanks = self.skip(|it| matches!(it, b' ' | b'\t'));
        // Types between a name and its value: `token: String = …`, `token string = …`.
        let signs =
            self.skip(|it| matches!(it, b'=' | b':' | b'>' | b'~' | b'?' | b'|' | b',' | b'.' | b'+' | b'!'));
        if signs.starts_with(b"!=") || signs.starts_with(b"...") {
            return None;
        }
        if !signs.is_empty() {
            let start = self.at;
            self.skip(|it| matches!(it, b' ' | b'\t'));
            let named = self.skip(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'&'));
            let typed =
                [&b"string"[..], b"str", b"String", b"char", b"&str", b"text", b"Text"].contains(&named);
            self.skip(|it| matches!(it, b' ' | b'\t'));
            if typed && self.peek() == Some(b'=') {
                self.at += 1;
            } else {
                self.at = start;
            }
            return match signs {
                b"." | b"!" | b"+" | b"?" => None,
                b"," if !matches!(
                    self.bytes.get(self.at..),
                    Some([b' ', b'"' | b'\'', ..] | [b'"' | b'\'', ..])
                ) =>
                {
                    None
                }
                b">" if blanks.is_empty() => Some(Link::Element),
                _ => Some(Link::Sign),
            };
        }
        if blanks.is_empty() {
            return None;
        }
        let before = self.at;
        let next = self.skip(|it| it.is_ascii_alphabetic());
        if matches!(next, b"string" | b"String" | b"str") {
            self.skip(|it| matches!(it, b' ' | b'\t'));
            return (!self.skip(|it| matches!(it, b'=' | b':')).is_empty()).then_some(Link::Sign);
        }
        if let Some(end) = sentence(&self.bytes[before..]) {
            self.at = before + end;
            return Some(Link::Words);
        }
        self.at = before;
        let option = word.starts_with(b"pass")
            || word == b"identified by"
            || word == b"secret"
            || word == b"token"
            || word.starts_with(b"api");
        option.then_some(Link::Blank)
    }

    /// The value, and whether it stands in quotes.
    fn value(&mut self, link: Link) -> Option<(Range<usize>, bool)> {
        let blank = |it: u8| {
            if link == Link::Element { it.is_ascii_whitespace() } else { matches!(it, b' ' | b'\t') }
        };
        self.skip(blank);
        self.skip(|it| it == b'\\');
        if matches!(self.bytes.get(self.at..), Some([b'b' | b'r' | b'f' | b'u' | b'@', b'"' | b'\'', ..])) {
            self.at += 1;
        }
        let quote = self.peek().filter(|it| matches!(it, b'"' | b'\'' | b'`'));
        self.at += usize::from(quote.is_some());
        let start = self.at;
        let ends = |it: u8| match quote {
            Some(quote) => it == quote || it == b'\n' || it == b'\\',
            None => {
                it.is_ascii_whitespace()
                    || matches!(
                        it,
                        b'"' | b'\''
                            | b'`'
                            | b','
                            | b';'
                            | b'<'
                            | b'>'
                            | b'&'
                            | b')'
                            | b'}'
                            | b']'
                            | b'|'
                            | b'\\'
                    )
            }
        };
        let length = self.bytes[start..].iter().position(|it| ends(*it));
        // A value that does not end within the window is not one.
        let end = match length {
            Some(length) => start + length,
            None if self.bytes.len() < AFTER => self.bytes.len(),
            None => return None,
        };
        let end =
            if quote.is_none() { end - usize::from(self.bytes[start..end].ends_with(b".")) } else { end };
        (end > start).then_some((start..end, quote.is_some()))
    }
}

/// Where the value begins after `of the staging box is `, if this is how a sentence gives one.
fn sentence(rest: &[u8]) -> Option<usize> {
    let line = &rest[..rest
        .iter()
        .take(64)
        .position(|it| matches!(it, b'\n' | b'.' | b',' | b'?'))
        .unwrap_or(rest.len().min(64))];
    ["is ", "is: ", "ist ", "est ", "es ", "was ", "to ", "lautet "].iter().find_map(|word| {
        let at = line.windows(word.len()).position(|it| it == word.as_bytes())?;
        (at == 0 || line[at - 1] == b' ').then_some(at + word.len())
    })
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
    has(snake)
        || (rest.iter().any(u8::is_ascii_lowercase) && has(camel))
        || lower.starts_with(b"iz")
        || lower.starts_with(b"izer")
}

/// Whether the name is called or asked: `get_token(`, `$token`.
fn begins_call(text: &Text<'_>, start: usize) -> bool {
    let before = text.before(start, 32);
    let name = before
        .iter()
        .rposition(|it| !(it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.')))
        .map_or(before, |it| &before[it + 1..]);
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
    .any(|word| name.to_ascii_lowercase().starts_with(word))
}

/// Whether a value is what a program says instead of a text.
fn is_code(value: &[u8], quoted: bool) -> bool {
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
fn is_password(value: &[u8], quoted: bool, link: Link) -> bool {
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
fn is_made(value: &[u8]) -> bool {
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
fn is_strong(value: &[u8]) -> bool {
    let looks = Looks::of(value);
    looks.length >= 8
        && looks.digits >= 1
        && looks.letters >= 3
        && looks.turns + (looks.length - looks.letters - looks.digits) >= 2
}
