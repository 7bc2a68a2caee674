//! Reads both sides into trees that share their meanings.

use std::ops::Range;

use crate::limits::Stop;
use crate::text::line_of;
use crate::tree::{Maker, Node};
use crate::{About, Budget, Format, Side, Sort, Why};
use crate::{comments, json, records, toml, yaml};

pub(crate) fn text(bytes: Option<&[u8]>, side: Side, budget: Budget) -> Result<Option<&str>, Why> {
    let Some(bytes) = bytes else { return Ok(None) };
    if bytes.len() > budget.bytes {
        return Err(Why::TooLarge(side));
    }
    std::str::from_utf8(bytes).map(Some).map_err(|_| Why::NotText(side))
}

/// What a side says.
#[derive(Default)]
pub(crate) struct Read {
    pub(crate) root: Option<Node>,
    pub(crate) comments: Vec<Range<usize>>,
    /// Said of this side when it is the one after.
    pub(crate) about: Vec<About>,
}

pub(crate) fn read(format: Format, texts: [Option<&str>; 2], budget: Budget) -> Result<[Read; 2], Why> {
    let mut maker = Maker::new(budget.depth);
    let why = |side: usize, stop: Stop| {
        let (text, side) = (texts[side].unwrap_or_default(), [Side::Before, Side::After][side]);
        match stop {
            Stop::Many => Why::TooMany(side),
            Stop::Deep => Why::TooDeep(side),
            Stop::Syntax(at) => {
                Why::Syntax { side, format: format.name(), line: line_of(text.as_bytes(), at) }
            }
        }
    };
    match format {
        Format::Json | Format::JsonLines | Format::Toml => {
            let mut one = |side: usize| {
                let Some(text) = texts[side] else { return Ok(Read::default()) };
                maker.begin(budget.values);
                let (root, comments) = match format {
                    Format::Toml => toml::parse(text, &mut maker)?,
                    Format::JsonLines => (json::parse_lines(text, &mut maker)?, Vec::new()),
                    _ => (json::parse(text, &mut maker)?, Vec::new()),
                };
                Ok(Read { root: Some(root), comments, about: Vec::new() })
            };
            Ok([one(0).map_err(|it| why(0, it))?, one(1).map_err(|it| why(1, it))?])
        }
        Format::Yaml => {
            let mut one = |side: usize| {
                let Some(text) = texts[side] else { return Ok(None) };
                maker.begin(budget.values);
                yaml::parse(text, &mut maker).map(Some)
            };
            let streams = [one(0).map_err(|it| why(0, it))?, one(1).map_err(|it| why(1, it))?];
            streams_read(texts, streams, &mut maker).map_err(|stop| why(1, stop))
        }
        Format::Csv | Format::Tsv => records_read(format, texts, budget, &mut maker, &why),
    }
}

fn records_read(
    format: Format,
    texts: [Option<&str>; 2],
    budget: Budget,
    maker: &mut Maker,
    why: &dyn Fn(usize, Stop) -> Why,
) -> Result<[Read; 2], Why> {
    let separator = match format {
        Format::Tsv => b'\t',
        _ => records::separator(texts[0].or(texts[1]).unwrap_or_default()),
    };
    let split = |side: usize| {
        let fields = texts[side].map(|text| records::split(text, separator, budget.values));
        fields.transpose().map_err(|stop| why(side, stop))
    };
    let fields = [split(0)?, split(1)?];
    let header = fields.iter().flatten().all(records::has_header);
    let mut sides = [Read::default(), Read::default()];
    for (at, fields) in fields.into_iter().enumerate() {
        let Some(fields) = fields else { continue };
        let about = &mut sides[at].about;
        about.extend((!header && !fields.is_empty()).then_some(About::NoHeader));
        let ragged = records::ragged(&fields, header);
        about.extend(ragged.map(|(count, first)| About::Ragged { count, first }));
        // Rows and their fields, and the few nodes around them.
        maker.begin(budget.values * 2 + 8);
        let root = records::tree(fields, header, maker).map_err(|stop| why(at, stop))?;
        sides[at].root = Some(root);
    }
    Ok(sides)
}

/// Streams with more than one document on either side are lists of documents.
fn streams_read(
    texts: [Option<&str>; 2],
    streams: [Option<yaml::Stream>; 2],
    maker: &mut Maker,
) -> Result<[Read; 2], Stop> {
    let several = streams.iter().flatten().any(|it| it.documents.len() > 1);
    let mut one = |text: Option<&str>, stream: Option<yaml::Stream>| {
        let (Some(text), Some(stream)) = (text, stream) else { return Ok(Read::default()) };
        maker.begin(2);
        let comments = comments::between(text, &stream.scalars);
        let mut about = Vec::new();
        let mut documents = stream.documents;
        let count = documents.len() as u64;
        about.extend((count > 1).then_some(About::Documents { count }));
        about.extend((stream.aliases > 0).then_some(About::Aliases { count: stream.aliases }));
        about.extend((stream.merges > 0).then_some(About::Merges { count: stream.merges }));
        let root = match documents.pop() {
            Some(only) if !several => only,
            None if !several => maker.leaf(Sort::Null, "null", 0..0)?,
            last => {
                documents.extend(last);
                maker.list(documents, 0..text.len())?
            }
        };
        Ok(Read { root: Some(root), comments, about })
    };
    let [was, would] = streams;
    Ok([one(texts[0], was)?, one(texts[1], would)?])
}
