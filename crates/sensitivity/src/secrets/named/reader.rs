//! From a name to its value, as languages, settings, command lines and sentences write it.
//!
//! Not here: whether the value is a secret.

use std::ops::Range;

use super::AFTER;

/// How name and value hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// `=`, `:`, `=>`
    Sign,
    /// `>` of an element
    Element,
    /// A blank, as after an option.
    Blank,
    /// `is`, and words before it.
    Words,
}

/// Reads on from a name.
pub(super) struct Reader<'t> {
    pub(super) bytes: &'t [u8],
    /// Up to here it is read.
    at: usize,
}

impl<'t> Reader<'t> {
    /// Reads `bytes` from `at` on.
    pub(super) fn new(bytes: &'t [u8], at: usize) -> Self {
        Self { bytes, at }
    }

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
    pub(super) fn name(&mut self) -> &'t [u8] {
        self.skip(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'))
    }

    fn blanks(&mut self) -> &'t [u8] {
        self.skip(|it| matches!(it, b' ' | b'\t'))
    }

    /// From the name to its value. `word` is what of the name was met.
    pub(super) fn separator(&mut self, word: &[u8]) -> Option<Link> {
        self.skip(|it| matches!(it, b'"' | b'\'' | b'`' | b']' | b')' | b'\\'));
        // `<add key="Password" value="…"/>`
        if self.bytes[self.at..].starts_with(b" value=") {
            self.at += 7;
            return Some(Link::Sign);
        }
        let blanks = self.blanks();
        let signs =
            self.skip(|it| matches!(it, b'=' | b':' | b'>' | b'~' | b'?' | b'|' | b',' | b'.' | b'+' | b'!'));
        match (signs, blanks) {
            ([], []) => None,
            ([], _) => self.after_blank(word),
            _ => self.after_signs(signs, blanks),
        }
    }

    fn after_signs(&mut self, signs: &[u8], blanks: &[u8]) -> Option<Link> {
        if signs.starts_with(b"!=") || signs.starts_with(b"...") {
            return None;
        }
        self.skip_type();
        let quoted = matches!(self.bytes.get(self.at..), Some([b' ', b'"' | b'\'', ..] | [b'"' | b'\'', ..]));
        match signs {
            b"." | b"!" | b"+" | b"?" => None,
            b"," if !quoted => None,
            b">" if blanks.is_empty() => Some(Link::Element),
            _ => Some(Link::Sign),
        }
    }

    /// A type between a name and its value: `token: String = …`. What is none stays unread.
    fn skip_type(&mut self) {
        let start = self.at;
        self.blanks();
        let named = self.skip(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'&'));
        let is_type = matches!(named, b"string" | b"str" | b"String" | b"char" | b"&str" | b"text" | b"Text");
        self.blanks();
        if is_type && self.peek() == Some(b'=') {
            self.at += 1;
        } else {
            self.at = start;
        }
    }

    /// After a blank alone: a type as in `token string = …`, the words of a sentence, or an option.
    fn after_blank(&mut self, word: &[u8]) -> Option<Link> {
        let before = self.at;
        let next = self.skip(|it| it.is_ascii_alphabetic());
        if matches!(next, b"string" | b"String" | b"str") {
            self.blanks();
            return (!self.skip(|it| matches!(it, b'=' | b':')).is_empty()).then_some(Link::Sign);
        }
        // `Token token=…`: the second one has the value.
        if next.eq_ignore_ascii_case(word) && self.peek() == Some(b'=') {
            return None;
        }
        if let Some(end) = sentence(&self.bytes[before..]) {
            self.at = before + end;
            return Some(Link::Words);
        }
        self.at = before;
        let is_option = word.starts_with(b"pass")
            || matches!(word, b"identified by" | b"secret" | b"token")
            || word.starts_with(b"api");
        is_option.then_some(Link::Blank)
    }

    /// The value, and whether it stands in quotes.
    pub(super) fn value(&mut self, link: Link) -> Option<(Range<usize>, bool)> {
        self.skip(|it| matches!(it, b' ' | b'\t') || link == Link::Element && it.is_ascii_whitespace());
        self.skip(|it| it == b'\\');
        // Letters before a quote that say how a language reads it.
        if matches!(self.bytes.get(self.at..), Some([b'b' | b'r' | b'f' | b'u' | b'@', b'"' | b'\'', ..])) {
            self.at += 1;
        }
        let quote = self.peek().filter(|it| matches!(it, b'"' | b'\'' | b'`'));
        self.at += usize::from(quote.is_some());
        let start = self.at;
        let end = self.end(quote)?;
        // What ends a sentence is no part of it.
        let end = end - usize::from(quote.is_none() && self.bytes[start..end].ends_with(b"."));
        (end > start).then_some((start..end, quote.is_some()))
    }

    /// Where the value ends that begins here. One that does not end within the window is none.
    fn end(&self, quote: Option<u8>) -> Option<usize> {
        let mut rest = self.bytes[self.at..].iter();
        let length = match quote {
            Some(quote) => rest.position(|it| *it == quote || matches!(it, b'\n' | b'\\')),
            None => rest.position(|it| ENDS[usize::from(*it)]),
        };
        length.map(|it| self.at + it).or_else(|| (self.bytes.len() < AFTER).then_some(self.bytes.len()))
    }
}

/// Which bytes end a value that stands in no quotes.
static ENDS: [bool; 256] = {
    let (mut table, mut at) = ([false; 256], 0);
    let signs = b" \t\n\r\x0c\"'`,;<>&)}]|\\";
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    table
};

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
