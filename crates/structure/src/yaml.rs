//! Reads YAML by its events. Nothing is expanded: an alias is a leaf.
//!
//! An alias means its name together with what it stands for, so that it
//! differs where that does; that is a number, so that no chain of aliases
//! costs more than its length.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use crate::Sort;
use crate::limits::Stop;
use crate::resolve::resolve;
use crate::tree::{Maker, Meaning, Member, Node};

/// Characters that begin or end something. They bound how many tokens there are, all of which the parser
/// keeps while a flow collection is open, each many times its own size.
const TOKENS: usize = 1 << 19;

/// What stands in a stream.
pub(crate) struct Stream {
    pub(crate) documents: Vec<Node>,
    /// Where scalars and aliases stand, in order; comments are between them.
    pub(crate) scalars: Vec<Range<usize>>,
    pub(crate) aliases: u64,
    pub(crate) merges: u64,
}

pub(crate) fn parse(text: &str, maker: &mut Maker) -> Result<Stream, Stop> {
    let tokens = text.bytes().filter(|it| b",[]{}:\n-?&*!".contains(it)).count();
    if tokens > TOKENS {
        return Err(Stop::Many);
    }
    let mut reader = Reader {
        text,
        places: Places::new(text),
        maker,
        open: Vec::new(),
        anchors: HashMap::new(),
        stream: Stream { documents: Vec::new(), scalars: Vec::new(), aliases: 0, merges: 0 },
    };
    let mut events = Parser::new_from_str(text);
    while let Some(event) = events.next_event() {
        let (event, span) = event.map_err(|error| reader.stop(&error))?;
        reader.event(event, span)?;
    }
    Ok(reader.stream)
}

struct Reader<'t, 'm> {
    text: &'t str,
    places: Places<'t>,
    maker: &'m mut Maker,
    open: Vec<Open>,
    /// What the nodes with anchors mean, by the parser's number for each.
    anchors: HashMap<usize, Meaning>,
    stream: Stream,
}

/// A container that is not closed yet.
struct Open {
    start: usize,
    anchor: usize,
    tag: Option<String>,
    parts: Parts,
}

enum Parts {
    Items(Vec<Node>),
    /// Members, and the key that has no value yet.
    Members(Vec<Member>, Option<Node>),
}

impl Reader<'_, '_> {
    fn stop(&self, error: &ScanError) -> Stop {
        Stop::Syntax(self.places.byte(error.marker().index()))
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.places.byte(span.start.index());
        start..self.places.byte(span.end.index()).max(start)
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        let range = self.range(span);
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&value, style, anchor, tag.as_deref(), range)
            }
            Event::Alias(anchor) => {
                self.stream.aliases += 1;
                self.stream.scalars.push(range.clone());
                // What is still open has no meaning yet: an alias inside of what it stands for.
                let of = self.anchors.get(&anchor).copied();
                let about = of.map_or(0, |meaning| meaning + 1);
                let mut node = self.maker.leaf_of(Sort::Alias, &self.text[range.clone()], about, range)?;
                if let (Some(of), Some(Open { parts: Parts::Members(_, None), .. })) = (of, self.open.last())
                {
                    // A key is what it stands for, however it is written: it could be there twice.
                    node.meaning = of;
                }
                self.put(node)
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(range.start, anchor, tag.as_deref(), Parts::Items(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(range.start, anchor, tag.as_deref(), Parts::Members(Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        mut range: Range<usize>,
    ) -> Result<(), Stop> {
        let plain = style == ScalarStyle::Plain;
        if plain && value.is_empty() && anchor == 0 && tag.is_none() {
            // Nothing is written here; the range is that of what comes next.
            range.end = range.start;
        }
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            range.start = self.indicator(range.start);
        }
        let (sort, text) = match tag {
            None if plain => resolve(value),
            _ => (Sort::Text, value.to_owned()),
        };
        self.stream.scalars.push(range.clone());
        let mut node = self.maker.leaf(sort, &text, range)?;
        // A text that says that it is one means the same as one in quotes.
        let tag = tag.filter(|it| !(it.is_yaml_core_schema() && it.suffix == "str"));
        self.named(&mut node, anchor, tag.map(ToString::to_string).as_deref());
        self.put(node)
    }

    /// Where the `|` or `>` of a block scalar stands, whose lines begin at `start`.
    fn indicator(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.stream.scalars.last().map_or(0, |it| it.end);
        let mut found = None;
        while at < start {
            if bytes[at] == b'#' && (at == 0 || bytes[at - 1].is_ascii_whitespace()) {
                at += bytes[at..start].iter().position(|it| *it == b'\n').unwrap_or(start - at);
            } else if matches!(bytes[at], b'|' | b'>') {
                found = Some(at);
            }
            at += 1;
        }
        found.unwrap_or(start)
    }

    fn named(&mut self, node: &mut Node, anchor: usize, tag: Option<&str>) {
        if let Some(tag) = tag {
            self.maker.tagged(node, tag);
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.meaning);
        }
    }

    fn begin(&mut self, start: usize, anchor: usize, tag: Option<&Tag>, parts: Parts) -> Result<(), Stop> {
        if self.open.len() == self.maker.depth {
            return Err(Stop::Deep);
        }
        self.open.push(Open { start, anchor, tag: tag.map(ToString::to_string), parts });
        Ok(())
    }

    fn end(&mut self, range: Range<usize>) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else { return Err(Stop::Syntax(range.start)) };
        // The end of a block is found only where something else begins.
        let last = match &open.parts {
            Parts::Items(items) => items.last(),
            Parts::Members(members, _) => members.last().map(|it| &it.value),
        };
        let end = if range.is_empty() { last.map_or(open.start, |it| it.source.end) } else { range.end };
        let source = open.start..end.max(open.start);
        let mut node = match open.parts {
            Parts::Items(items) => self.maker.list(items, source)?,
            Parts::Members(members, _) => self.maker.map(members, source)?,
        };
        self.named(&mut node, open.anchor, open.tag.as_deref());
        self.put(node)
    }

    /// Puts a node into the container that is open, or makes it a document.
    fn put(&mut self, node: Node) -> Result<(), Stop> {
        match self.open.last_mut().map(|it| &mut it.parts) {
            None => self.stream.documents.push(node),
            Some(Parts::Items(items)) => items.push(node),
            Some(Parts::Members(members, key)) => match key.take() {
                None => *key = Some(node),
                Some(name) => {
                    let member = member(self.text, &name, node);
                    self.stream.merges += u64::from(&*member.name == "<<");
                    members.push(member);
                }
            },
        }
        Ok(())
    }
}

/// A key is called as it is written, unless it is a quoted text that needs no quotes.
fn member(text: &str, key: &Node, value: Node) -> Member {
    let written = &text[key.source.clone()];
    let quoted = |quote| written.len() > 1 && written.starts_with(quote) && written.ends_with(quote);
    let inner = || &written[1..written.len() - 1];
    let safe = |text: &str| {
        let letters = text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it));
        letters && resolve(text).0 == Sort::Text
    };
    let name = if (quoted('"') || quoted('\'')) && safe(inner()) { inner() } else { written };
    Member { name: name.into(), key: key.source.clone(), id: key.meaning, nth: 0, value }
}

/// From characters, in which the parser counts, to bytes.
struct Places<'t> {
    text: &'t str,
    /// Where every [`STRIDE`]th character is; empty when each is one byte.
    known: Vec<usize>,
}

const STRIDE: usize = 64;

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        let known = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect()
        };
        Self { text, known }
    }

    fn byte(&self, character: usize) -> usize {
        if self.known.is_empty() {
            return character.min(self.text.len());
        }
        let Some(start) = self.known.get(character / STRIDE) else { return self.text.len() };
        let rest = &self.text[*start..];
        rest.char_indices().nth(character % STRIDE).map_or(self.text.len(), |(at, _)| start + at)
    }
}
