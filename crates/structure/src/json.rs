//! Reads JSON (RFC 8259) and keeps what others drop: duplicate keys, the text of numbers, places.
//!
//! Our own, because no parser of ours gives all three. It takes nothing that
//! the grammar does not allow, and no half of a surrogate pair.

use crate::Sort;
use crate::limits::Stop;
use crate::number;
use crate::tree::{Maker, Node};

/// The one value that `text` is.
pub(crate) fn parse(text: &str, maker: &mut Maker) -> Result<Node, Stop> {
    let mut reader = Reader { text, at: start(text), depth: 0, maker };
    let root = reader.value()?;
    reader.space();
    if reader.at < text.len() { Err(reader.stop()) } else { Ok(root) }
}

/// The values that `text` holds, one after the other, as a list.
pub(crate) fn parse_lines(text: &str, maker: &mut Maker) -> Result<Node, Stop> {
    let mut reader = Reader { text, at: start(text), depth: 1, maker };
    let mut items = Vec::new();
    loop {
        reader.space();
        if reader.at == text.len() {
            return reader.maker.list(items, 0..text.len());
        }
        items.push(reader.value()?);
        // `1 2` on one line is no pair of lines.
        let rest = text[reader.at..].trim_start_matches([' ', '\t', '\r']);
        if !rest.is_empty() && !rest.starts_with('\n') {
            return Err(reader.stop());
        }
    }
}

/// Behind a byte order mark, which many readers pass over and some refuse.
fn start(text: &str) -> usize {
    if text.starts_with('\u{feff}') { 3 } else { 0 }
}

struct Reader<'t, 'm> {
    text: &'t str,
    at: usize,
    depth: usize,
    maker: &'m mut Maker,
}

impl Reader<'_, '_> {
    fn stop(&self) -> Stop {
        Stop::Syntax(self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.take(byte) { Ok(()) } else { Err(self.stop()) }
    }

    fn value(&mut self) -> Result<Node, Stop> {
        self.space();
        match self.peek() {
            Some(b'{') => self.inside(Self::map),
            Some(b'[') => self.inside(Self::list),
            Some(b'"') => {
                let start = self.at;
                let text = self.string()?;
                self.maker.leaf(Sort::Text, &text, start..self.at)
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn inside(&mut self, read: fn(&mut Self) -> Result<Node, Stop>) -> Result<Node, Stop> {
        if self.depth == self.maker.depth {
            return Err(Stop::Deep);
        }
        self.depth += 1;
        let made = read(self);
        self.depth -= 1;
        made
    }

    fn map(&mut self) -> Result<Node, Stop> {
        let start = self.at;
        self.at += 1;
        let mut members = Vec::new();
        self.space();
        while !self.take(b'}') {
            if !members.is_empty() {
                self.expect(b',')?;
                self.space();
            }
            let key = self.at;
            let name = self.string()?;
            let key = key..self.at;
            self.space();
            self.expect(b':')?;
            let value = self.value()?;
            members.push(self.maker.member(&name, key, value));
            self.space();
        }
        self.maker.map(members, start..self.at)
    }

    fn list(&mut self) -> Result<Node, Stop> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        while !self.take(b']') {
            if !items.is_empty() {
                self.expect(b',')?;
            }
            items.push(self.value()?);
            self.space();
        }
        self.maker.list(items, start..self.at)
    }

    fn word(&mut self) -> Result<Node, Stop> {
        let words = [("null", Sort::Null), ("true", Sort::Bool), ("false", Sort::Bool)];
        let found = words.into_iter().find(|(word, _)| self.text[self.at..].starts_with(word));
        let (word, sort) = found.ok_or(self.stop())?;
        let start = self.at;
        self.at += word.len();
        self.maker.leaf(sort, word, start..self.at)
    }

    fn digits(&mut self) -> Result<(), Stop> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.stop()) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Node, Stop> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'-') || self.take(b'+');
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        let exact = number::exact(text).unwrap_or_else(|| text.to_owned());
        self.maker.leaf(Sort::Number, &exact, start..self.at)
    }

    fn string(&mut self) -> Result<String, Stop> {
        self.expect(b'"')?;
        let mut made = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(|ch| matches!(ch, '"' | '\\' | '\0'..='\u{1f}')).ok_or(self.stop())?;
            made.push_str(&rest[..plain]);
            self.at += plain;
            if self.take(b'"') {
                return Ok(made);
            }
            self.expect(b'\\')?;
            made.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let byte = self.peek().ok_or(self.stop())?;
        let ch = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.stop()),
        };
        self.at += 1;
        Ok(ch)
    }

    fn unicode(&mut self) -> Result<char, Stop> {
        let high = self.unit()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high).ok_or(self.stop());
        }
        self.expect(b'\\')?;
        let low = self.unit()?;
        if !(0xdc00..0xe000).contains(&low) {
            return Err(self.stop());
        }
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).ok_or(self.stop())
    }

    /// `u` and four digits.
    fn unit(&mut self) -> Result<u32, Stop> {
        self.expect(b'u')?;
        let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or(self.stop())?;
        let mut unit = 0;
        for digit in digits {
            unit = unit * 16 + char::from(*digit).to_digit(16).ok_or(self.stop())?;
        }
        self.at += 4;
        Ok(unit)
    }
}
