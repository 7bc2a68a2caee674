//! The anchors of HTML.

use std::ops::Range;

use super::claim::Form;
use crate::text::Text;

/// The most bytes that an anchor is followed.
const LONGEST: usize = 4096;

/// `<a href="…">…</a>`
pub(super) struct Anchor {
    pub(super) range: Range<usize>,
    pub(super) address: String,
    /// Without tags.
    pub(super) text: String,
    pub(super) form: Form,
}

/// The anchor that begins at `at`.
pub(super) fn anchor(text: &Text<'_>, at: usize) -> Option<Anchor> {
    let near = text.after(at, LONGEST);
    if !near.get(2).is_some_and(|it| it.is_ascii_whitespace() || *it == b'/') {
        return None;
    }
    let (address, length) = attribute(near)?;
    let rest = &near[length..];
    let close = end(rest);
    let code = rest[..close].windows(5).any(|it| it.eq_ignore_ascii_case(b"<code"));
    Some(Anchor {
        form: if code { Form::Code } else { Form::Plain },
        range: at..at + length + close,
        address: decoded(&String::from_utf8_lossy(address)),
        text: decoded(&String::from_utf8_lossy(&without_tags(&rest[..close]))),
    })
}

/// The value of `href` in the tag that begins `tag`, and where the tag ends.
fn attribute(tag: &[u8]) -> Option<(&[u8], usize)> {
    let mut at = 2;
    let mut address = None;
    loop {
        while tag.get(at).is_some_and(|it| it.is_ascii_whitespace() || *it == b'/') {
            at += 1;
        }
        if *tag.get(at)? == b'>' {
            return Some((address?, at + 1));
        }
        let start = at;
        while !matches!(tag.get(at)?, b'=' | b'>' | b' ' | b'\n' | b'\t' | b'\r') {
            // Another tag begins: what came so far is none, and is not gone through again for the next.
            if tag[at] == b'<' {
                return None;
            }
            at += 1;
        }
        let name = &tag[start..at];
        let (value, next) = value(tag, at)?;
        if name.eq_ignore_ascii_case(b"href") && address.is_none() {
            address = Some(value);
        }
        // A sign that belongs to nothing is passed.
        at = next.max(start + 1);
    }
}

/// The value after the name that ends at `at`, and where it ends.
fn value(tag: &[u8], mut at: usize) -> Option<(&[u8], usize)> {
    while tag.get(at)?.is_ascii_whitespace() {
        at += 1;
    }
    if tag[at] != b'=' {
        return Some((&[], at));
    }
    at += 1;
    while tag.get(at)?.is_ascii_whitespace() {
        at += 1;
    }
    let quote = tag[at];
    if matches!(quote, b'"' | b'\'') {
        let length = tag[at + 1..].iter().position(|it| *it == quote)?;
        return Some((&tag[at + 1..at + 1 + length], at + length + 2));
    }
    let length = tag[at..].iter().position(|it| it.is_ascii_whitespace() || matches!(it, b'<' | b'>'))?;
    Some((&tag[at..at + length], at + length))
}

/// Where the text of an anchor ends: with its closing tag, at a new anchor, or nowhere.
fn end(rest: &[u8]) -> usize {
    let is =
        |at: usize, word: &[u8]| rest[at..].get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
    for at in rest.iter().enumerate().filter(|it| *it.1 == b'<').map(|it| it.0) {
        if is(at, b"</a>") {
            return at + 4;
        }
        if is(at, b"<a ") {
            return at;
        }
    }
    rest.len().min(512)
}

fn without_tags(text: &[u8]) -> Vec<u8> {
    let mut inside = false;
    let outside = text.iter().filter(|it| {
        inside |= **it == b'<';
        let shown = !inside;
        inside &= **it != b'>';
        shown
    });
    outside.copied().collect()
}

/// With the references to characters that can hide a scheme or a host.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let near: String = rest.chars().take(12).collect();
        let length = near.find(';').map_or(1, |it| it + 1);
        match character(&near[1..length.max(2).min(near.len()) - usize::from(length > 1)]) {
            Some(ch) if length > 1 => out.push(ch),
            _ => out.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The character that `name` refers to.
fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
        return char::from_u32(code);
    }
    let known = match name.to_ascii_lowercase().as_str() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "colon" => ':',
        "sol" => '/',
        "period" => '.',
        "commat" => '@',
        "tab" => '\t',
        "newline" => '\n',
        "shy" => '\u{ad}',
        _ => return None,
    };
    Some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Option<(String, String)> {
        anchor(&Text { bytes: html.as_bytes() }, 0).map(|it| (it.address, it.text))
    }

    #[test]
    fn anchors_are_read_in_every_spelling() {
        for html in [
            "<a href=\"u\">t</a>",
            "<A class=x HREF = 'u' >t</A>",
            "<a href=u>t</a>",
            "<a\nid=a href=u target=_blank><b>t</b></a>",
            "<a href=\"&#117;\">&#x74;</a>",
        ] {
            assert_eq!(read(html), Some(("u".to_owned(), "t".to_owned())), "{html}");
        }
    }

    #[test]
    fn what_is_no_anchor_is_nothing() {
        for html in
            ["<abbr href=u>", "<a>", "<a href=", "<a =>", "<a name=x>t</a>", "<a", "<a '", "<a href='x"]
        {
            assert_eq!(read(html), None, "{html}");
        }
    }

    #[test]
    fn references_to_characters_are_decoded() {
        assert_eq!(decoded("a&amp;b &#106;s&colon; & &x; &&; &é;"), "a&b js: & &x; &&; &é;");
    }
}
