//! Reads rows of fields (RFC 4180) and makes records of them.
//!
//! The tree is `{columns: [names], rows: [{name: field}]}`; all fields are texts.

use std::ops::Range;
use std::sync::Arc;

use crate::Sort;
use crate::limits::Stop;
use crate::number::exact;
use crate::tree::{Maker, Meaning, Member, Node};

pub(crate) struct Field {
    range: Range<usize>,
    text: String,
}

pub(crate) type Fields = Vec<Vec<Field>>;

/// What separates the fields of `text`: the first of these on its first line.
pub(crate) fn separator(text: &str) -> u8 {
    let line = text.lines().next().unwrap_or_default();
    [b',', b';', b'\t'].into_iter().find(|it| line.contains(char::from(*it))).unwrap_or(b',')
}

/// The fields of `text`, at most `limit` of them. Empty lines are no rows.
pub(crate) fn split(text: &str, separator: u8, limit: usize) -> Result<Fields, Stop> {
    let bytes = text.as_bytes();
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let mut left = limit;
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while at < bytes.len() {
        left = left.checked_sub(1).ok_or(Stop::Many)?;
        let field = field(text, at, separator)?;
        at = field.range.end;
        row.push(field);
        if bytes.get(at) == Some(&separator) {
            at += 1;
            if at < bytes.len() {
                continue;
            }
            row.push(Field { range: at..at, text: String::new() });
        }
        at += usize::from(bytes.get(at) == Some(&b'\r'));
        at += usize::from(bytes.get(at) == Some(&b'\n'));
        let row = std::mem::take(&mut row);
        if row.len() > 1 || row.iter().any(|it| !it.range.is_empty()) {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn field(text: &str, start: usize, separator: u8) -> Result<Field, Stop> {
    let bytes = text.as_bytes();
    let ends = |at: usize| match bytes.get(at) {
        None | Some(b'\n') => true,
        Some(b'\r') => matches!(bytes.get(at + 1), None | Some(b'\n')),
        Some(byte) => *byte == separator,
    };
    let mut at = start;
    if bytes.get(at) != Some(&b'"') {
        while !ends(at) {
            at += 1;
        }
        return Ok(Field { range: start..at, text: text[start..at].to_owned() });
    }
    let mut made = String::new();
    at += 1;
    loop {
        let quote = text[at..].find('"').ok_or(Stop::Syntax(start))?;
        made.push_str(&text[at..at + quote]);
        at += quote + 1;
        if bytes.get(at) != Some(&b'"') {
            break;
        }
        made.push('"');
        at += 1;
    }
    if ends(at) { Ok(Field { range: start..at, text: made }) } else { Err(Stop::Syntax(at)) }
}

/// Whether the first row is names: none of them empty, twice there or a number.
pub(crate) fn has_header(rows: &Fields) -> bool {
    let Some(first) = rows.first() else { return true };
    let mut names: Vec<_> = first.iter().map(|it| it.text.as_str()).collect();
    names.sort_unstable();
    names.windows(2).all(|it| it[0] != it[1]) && names.iter().all(|it| !it.is_empty() && exact(it).is_none())
}

/// How many rows have more or fewer fields than the first one, and the first of them.
pub(crate) fn ragged(rows: &Fields, header: bool) -> Option<(u64, usize)> {
    let width = rows.first()?.len();
    let mut odd = rows.iter().enumerate().filter(|(_, row)| row.len() != width).map(|(at, _)| at);
    let first = odd.next()?;
    Some((1 + odd.count() as u64, first - usize::from(header)))
}

pub(crate) fn tree(rows: Fields, header: bool, maker: &mut Maker) -> Result<Node, Stop> {
    let mut rows = rows.into_iter();
    let names = if header { rows.next().unwrap_or_default() } else { Vec::new() };
    let columns = names.iter().map(|it| maker.leaf(Sort::Text, &it.text, it.range.clone()));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let mut named: Vec<(Arc<str>, Meaning)> = Vec::new();
    let mut records = Vec::new();
    for row in rows {
        let source = row.first().map_or(0, |it| it.range.start)..row.last().map_or(0, |it| it.range.end);
        let mut members = Vec::with_capacity(row.len());
        for (at, field) in row.into_iter().enumerate() {
            let value = maker.leaf(Sort::Text, &field.text, field.range)?;
            if named.len() == at {
                let name = names.get(at).map_or_else(|| format!("column {}", at + 1), |it| it.text.clone());
                named.push((name.as_str().into(), maker.says(Sort::Text, &name)));
            }
            let (name, id) = (Arc::clone(&named[at].0), named[at].1);
            members.push(Member { name, key: 0..0, id, nth: 0, value });
        }
        records.push(maker.row(members, source)?);
    }
    let columns = maker.list(columns, 0..0)?;
    let records = maker.list(records, 0..0)?;
    let members = vec![maker.member("columns", 0..0, columns), maker.member("rows", 0..0, records)];
    maker.map(members, 0..0)
}
