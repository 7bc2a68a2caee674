//! The links of Markdown, a paragraph at a time.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::claim::{self, Claim, Form};
use super::html;
use crate::text::Text;

/// How far a paragraph is followed to each side.
const LONGEST: usize = 4096;

/// The longest text or target of a link that can be seen to be harmless at a glance.
const LONGEST_PLAIN: usize = 256;

/// The longest label of a reference.
const LABEL: usize = 512;

/// A link.
pub(super) struct Link {
    /// In the paragraph.
    pub(super) range: Range<usize>,
    pub(super) to: To,
    /// What its text claims.
    pub(super) claim: Option<Claim>,
}

pub(super) enum To {
    Address(String),
    /// The label of a reference.
    Label(String),
}

/// Whether the link with the `](` at `at` needs no closer look: its text names no host, and its target neither
/// runs anything nor is written in a way that has to be read first. Most links are of this kind.
pub(super) fn is_plain(text: &Text<'_>, at: &Range<usize>) -> bool {
    let rest = text.after(at.end, LONGEST_PLAIN);
    let web = rest.starts_with(b"https://") || rest.starts_with(b"http://");
    (web || is_relative(rest)) && is_plain_text(text, at.start)
}

/// Whether `rest` begins with a target that is one of the same place, as far as can be seen at a glance.
fn is_relative(rest: &[u8]) -> bool {
    let ends = |it: &u8| it.is_ascii_whitespace() || matches!(it, b'(' | b')' | b'<' | b'[' | b']');
    let Some(end) = rest.iter().position(ends).filter(|it| rest[*it] == b')') else { return false };
    let target = &rest[..end];
    let read_first = |it: &u8| !it.is_ascii_graphic() || matches!(it, b'@' | b'\\' | b'&' | b'%' | b':');
    !target.starts_with(b"//") && !target.iter().any(read_first)
}

/// Whether the text of a link that ends before `at` names no host, however it is read.
pub(super) fn is_plain_text(text: &Text<'_>, at: usize) -> bool {
    let before = text.before(at, LONGEST_PLAIN);
    let Some(start) = before.iter().rposition(|it| *it == b'[') else { return false };
    let opens = start.checked_sub(1).map(|it| before[it]);
    let shown = &before[start + 1..];
    let read_first = |it: &u8| matches!(it, b']' | b'\\' | b'&' | b'<');
    // A backtick alone can belong to one before the link, and then the text of the link is a longer one.
    let ticks = shown.iter().filter(|it| **it == b'`').count();
    !matches!(opens, Some(b'\\' | b'!'))
        && ticks.is_multiple_of(2)
        && !shown.iter().any(read_first)
        && (!shown.contains(&b'.') || names_nothing(shown))
}

/// Whether `shown` is written without marks that are not shown, and names no host.
fn names_nothing(shown: &[u8]) -> bool {
    let (inner, form) = match shown {
        [b'`', inner @ .., b'`'] => (inner, Form::Code),
        _ => (shown, Form::Plain),
    };
    let is_mark = |it: &u8| matches!(it, b'`' | b'*' | b'_' | b'~' | b'\n' | b'\r');
    !inner.iter().any(is_mark) && std::str::from_utf8(inner).is_ok_and(|it| claim::of(it, form).is_none())
}

/// The paragraph around `at`, from `from` on: up to an empty line or a fence. What it is nested in does not matter.
pub(super) fn block(text: &Text<'_>, at: usize, from: usize) -> Range<usize> {
    let mut start = at - text.before(at, LONGEST.min(at - from)).len();
    let mut line = start;
    while let Some(length) = text.part(line..at).iter().position(|it| *it == b'\n') {
        if ends(text.part(line..line + length)) {
            start = line + length + 1;
        }
        line += length + 1;
    }
    let limit = text.bytes.len().min(at + LONGEST);
    let mut end = at;
    while end < limit {
        let rest = text.part(end..limit);
        let length = rest.iter().position(|it| *it == b'\n').map_or(rest.len(), |it| it + 1);
        if end > at && ends(text.part(end..end + length)) {
            break;
        }
        end += length;
    }
    // A link that the limit would cut is read with the lines that follow.
    if end == limit && limit < text.bytes.len() {
        let last = text.part(at..end).iter().rposition(|it| *it == b'\n');
        end = last.map_or(end, |it| at + it + 1);
    }
    // What is indented would be code, if it were not in a list.
    start += text.part(start..at).iter().take_while(|it| it.is_ascii_whitespace()).count();
    start..end
}

/// Whether `line` divides paragraphs.
fn ends(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.is_empty() || line.starts_with(b"```") || line.starts_with(b"~~~")
}

/// The links of `block` that lead somewhere.
pub(super) fn links(block: &[u8]) -> Vec<Link> {
    let block = readable(block);
    let unknown = |link: BrokenLink<'_>| {
        let wanted = link.link_type != LinkType::Shortcut;
        wanted.then(|| (CowStr::from("#"), CowStr::from("")))
    };
    let parser = Parser::new_with_broken_link_callback(&block, Options::empty(), Some(unknown));
    let mut open = Open::default();
    let mut links = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
                open.begin(to(link_type, &dest_url, &id))
            }
            Event::Start(Tag::Image { dest_url, .. }) if open.to.is_none() => {
                open.begin(Some(To::Address(dest_url.to_string())));
                open.form = Some(Form::Image);
                open.images += 1;
            }
            Event::Start(Tag::Image { .. }) => open.images += 1,
            Event::Text(text) => open.add(&text, Form::Plain),
            Event::Code(text) => open.add(&text, Form::Code),
            Event::SoftBreak | Event::HardBreak => open.add(" ", Form::Plain),
            Event::End(TagEnd::Link) => links.extend(open.end(range)),
            Event::End(TagEnd::Image) => {
                open.images = open.images.saturating_sub(1);
                if open.images == 0 && open.form == Some(Form::Image) {
                    links.extend(open.end(range));
                }
            }
            _ => {}
        }
    }
    links
}

/// Where a link leads; `None` for one whose text is its address.
fn to(kind: LinkType, address: &str, label: &str) -> Option<To> {
    match kind {
        LinkType::Inline => Some(To::Address(address.to_owned())),
        LinkType::Autolink => Some(To::Address(address.to_owned())),
        LinkType::Reference | LinkType::ReferenceUnknown => Some(To::Label(normal(label))),
        // Their label is their text, and their definition says what it is.
        _ => None,
    }
}

/// The link that is being read.
#[derive(Default)]
struct Open {
    to: Option<To>,
    text: String,
    /// How its text is written, where it is all the same.
    form: Option<Form>,
    images: usize,
}

impl Open {
    fn begin(&mut self, to: Option<To>) {
        *self = Self { to, ..Self::default() };
    }

    fn add(&mut self, text: &str, form: Form) {
        let form = if self.images > 0 { Form::Image } else { form };
        if self.to.is_some() {
            self.text.push_str(text);
            let all = self.form.unwrap_or(form);
            // An image within a link is what people see of it, and what stands for it is not.
            self.form = Some(if all == form || form == Form::Image { form } else { Form::Plain });
        }
    }

    fn end(&mut self, range: Range<usize>) -> Option<Link> {
        let Self { to, text, form, .. } = std::mem::take(self);
        Some(Link { range, to: to?, claim: claim::of(&text, form.unwrap_or(Form::Plain)) })
    }
}

/// The definition whose label ends at `at`: the label, and where its target stands.
pub(super) fn definition(text: &Text<'_>, at: usize) -> Option<(String, Range<usize>)> {
    let before = text.before(at, LABEL);
    let open =
        before.iter().rposition(|it| matches!(it, b'[' | b']' | b'\n')).filter(|it| before[*it] == b'[')?;
    let label = normal(&String::from_utf8_lossy(&before[open + 1..]));
    let line = before[..open].iter().rposition(|it| *it == b'\n').map_or(0, |end| end + 1);
    if !before[line..open].iter().all(|it| matches!(it, b' ' | b'\t' | b'>' | b'*' | b'-')) {
        return None;
    }
    let after = text.after(at + 2, LONGEST);
    let space = after.iter().take_while(|it| matches!(it, b' ' | b'\t' | b'\r')).count();
    // A target can stand on the next line.
    let space = space + usize::from(after.get(space) == Some(&b'\n'));
    let space = space + after.get(space..)?.iter().take_while(|it| matches!(it, b' ' | b'\t')).count();
    let rest = &after[space..];
    let (skip, length) = match rest.first()? {
        b'<' => (1, rest[1..].iter().position(|it| matches!(it, b'>' | b'\n'))?),
        _ => (0, rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len())),
    };
    let start = at + 2 + space + skip;
    (length > 0 && !label.is_empty()).then_some((label, start..start + length))
}

/// An address of a definition as it is opened.
pub(super) fn unescaped(address: &[u8]) -> String {
    html::decoded(&String::from_utf8_lossy(address))
}

/// A label as it is compared: in lower case, its spaces one each.
fn normal(label: &str) -> String {
    let words: Vec<&str> = label.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// `bytes` as text of the same length: what is no text becomes question marks.
fn readable(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_read_whatever_it_is_nested_in() {
        for text in
            ["a\n\n        [x](y)\nb\n\nc", "```\n[x](y)\nb\n```\nc", "[x](y)\nb\n", "    > [x](y)\nb"]
        {
            let at = text.find("](").expect("a link");
            let block = block(&Text { bytes: text.as_bytes() }, at, 0);
            let part = &text[block];
            assert!(
                part.trim_start_matches(['>', ' ']).starts_with("[x](y)\nb") && !part.contains('c'),
                "{part:?}"
            );
            assert_eq!(links(part.as_bytes()).len(), 1, "{text:?}");
        }
    }

    #[test]
    fn definitions_have_a_label_and_a_target() {
        for (text, label, target) in [
            ("[a b]: https://x.example 't'", "a b", "https://x.example"),
            ("  [A]: <u v>", "a", "u v"),
            ("> [a]:\n u", "a", "u"),
        ] {
            let at = text.find("]:").expect("a definition");
            let (found, range) = definition(&Text { bytes: text.as_bytes() }, at).expect("a definition");
            assert_eq!((found.as_str(), &text[range]), (label, target));
        }
        let at = |text: &'static str| {
            definition(&Text { bytes: text.as_bytes() }, text.find("]:").expect("its end"))
        };
        assert!(at("x: [u8]: y").is_none() && at("[a]:").is_none() && at("[]: u").is_none());
    }
}
