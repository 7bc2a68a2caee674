//! Reads TOML (1.1), which has no duplicate keys.

use std::ops::Range;

use ::toml::de::{DeInteger, DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use crate::Sort;
use crate::limits::Stop;
use crate::number::exact;
use crate::tree::{Maker, Node};

/// What stands in a file, and where its comments are.
pub(crate) fn parse(text: &str, maker: &mut Maker) -> Result<(Node, Vec<Range<usize>>), Stop> {
    let comments = look(text, maker.depth)?;
    let table = DeTable::parse(text).map_err(|error| Stop::Syntax(error.span().map_or(0, |it| it.start)))?;
    Ok((map(table.get_ref(), 0..0, 0, maker)?, comments))
}

/// Finds the comments, and refuses what is nested deeper than `depth` before anything recurses into it.
///
/// Each bracket and each dot of a key goes one deeper; the dot of a number counts as well.
fn look(text: &str, depth: usize) -> Result<Vec<Range<usize>>, Stop> {
    let mut comments = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let (mut outer, mut dots) = (0, 0);
    for token in Source::new(text).lex() {
        match token.kind() {
            TokenKind::Comment => {
                let span = token.span();
                comments.push(span.start()..span.end());
            }
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                open.push(dots);
                outer += dots;
                dots = 0;
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                dots = open.pop().unwrap_or(0);
                outer -= dots;
            }
            TokenKind::Dot => dots += 1,
            TokenKind::Comma => dots = 0,
            TokenKind::Newline if open.is_empty() => dots = 0,
            _ => {}
        }
        // The members of a header stand below it.
        if open.len() + outer + dots > depth / 2 {
            return Err(Stop::Deep);
        }
    }
    Ok(comments)
}

fn map(table: &DeTable<'_>, source: Range<usize>, depth: usize, maker: &mut Maker) -> Result<Node, Stop> {
    if depth == maker.depth {
        return Err(Stop::Deep);
    }
    let mut sorted: Vec<_> = table.iter().collect();
    sorted.sort_by_key(|(key, _)| key.span().start);
    let mut members = Vec::with_capacity(sorted.len());
    for (key, value) in sorted {
        let node = node(value.get_ref(), value.span(), depth, maker)?;
        members.push(maker.member(key.get_ref(), key.span(), node));
    }
    // The header of a table, or the first of its keys, is not all of it.
    let source = if members.is_empty() { source } else { 0..0 };
    maker.map(members, source)
}

fn node(value: &DeValue<'_>, source: Range<usize>, depth: usize, maker: &mut Maker) -> Result<Node, Stop> {
    match value {
        DeValue::String(text) => maker.leaf(Sort::Text, text, source),
        DeValue::Integer(number) => maker.leaf(Sort::Number, &integer(number), source),
        DeValue::Float(number) => {
            let text = number.as_str();
            let exact = exact(text).unwrap_or_else(|| text.trim_start_matches('+').to_owned());
            maker.leaf(Sort::Number, &format!("float {exact}"), source)
        }
        DeValue::Boolean(value) => maker.leaf(Sort::Bool, if *value { "true" } else { "false" }, source),
        DeValue::Datetime(value) => maker.leaf(Sort::Date, &value.to_string(), source),
        DeValue::Array(items) => {
            if depth == maker.depth {
                return Err(Stop::Deep);
            }
            let nodes = items.iter().map(|it| node(it.get_ref(), it.span(), depth + 1, maker));
            let nodes = nodes.collect::<Result<Vec<_>, _>>()?;
            let source = if nodes.is_empty() { source } else { 0..0 };
            maker.list(nodes, source)
        }
        DeValue::Table(table) => map(table, source, depth + 1, maker),
    }
}

fn integer(number: &DeInteger<'_>) -> String {
    let text = number.as_str();
    match i128::from_str_radix(text, number.radix()) {
        Ok(value) => value.to_string(),
        Err(_) => format!("{} {text}", number.radix()),
    }
}
