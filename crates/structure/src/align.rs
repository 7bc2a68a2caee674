//! Which item of a list became which.
//!
//! Never more than sorting costs: what is there once on both sides holds the
//! rest in place, and what lies between is paired in order.

use std::collections::HashMap;
use std::sync::Arc;

use crate::tree::{Kind, Meaning, Member, Node};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pair {
    Both(usize, usize),
    Before(usize),
    After(usize),
}

/// Pairs in the order of both lists.
pub(crate) fn align(before: &[Node], after: &[Node]) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(before.len().max(after.len()));
    let (mut a, mut b) = (0, 0);
    for (x, y) in anchors(before, after).into_iter().chain([(before.len(), after.len())]) {
        gap(&mut pairs, (before, a, x), (after, b, y));
        if x < before.len() {
            pairs.push(Pair::Both(x, y));
        }
        (a, b) = (x + 1, y + 1);
    }
    pairs
}

/// Equal items that are there once on both sides, as many of them as stand in the same order.
fn anchors(before: &[Node], after: &[Node]) -> Vec<(usize, usize)> {
    let mut times: HashMap<Meaning, [(usize, usize); 2]> = HashMap::new();
    for (side, list) in [before, after].into_iter().enumerate() {
        for (at, node) in list.iter().enumerate() {
            let seen = &mut times.entry(node.meaning).or_default()[side];
            *seen = (seen.0 + 1, at);
        }
    }
    let once = |node: &Node| match times.get(&node.meaning) {
        Some([(1, a), (1, b)]) => Some((*a, *b)),
        _ => None,
    };
    let unique: Vec<_> = before.iter().filter_map(once).collect();
    let places: Vec<_> = unique.iter().map(|(_, b)| *b).collect();
    increasing(&places).into_iter().map(|at| unique[at]).collect()
}

/// Pairs what lies between two anchors: equal ones from both ends, then one by one.
fn gap(
    pairs: &mut Vec<Pair>,
    (before, mut a, mut x): (&[Node], usize, usize),
    (after, mut b, mut y): (&[Node], usize, usize),
) {
    let same = |a: usize, b: usize| before[a].meaning == after[b].meaning;
    while a < x && b < y && same(a, b) {
        pairs.push(Pair::Both(a, b));
        (a, b) = (a + 1, b + 1);
    }
    let (end, mut tail) = (x, 0);
    while a < x && b < y && same(x - 1, y - 1) {
        (x, y, tail) = (x - 1, y - 1, tail + 1);
    }
    while a < x && b < y {
        if is_alike(&before[a], &after[b]) {
            pairs.push(Pair::Both(a, b));
        } else {
            pairs.extend([Pair::Before(a), Pair::After(b)]);
        }
        (a, b) = (a + 1, b + 1);
    }
    pairs.extend((a..x).map(Pair::Before));
    pairs.extend((b..y).map(Pair::After));
    pairs.extend((0..tail).map(|at| Pair::Both(end - tail + at, y + at)));
}

fn is_alike(one: &Node, other: &Node) -> bool {
    let whole = one.is_leaf() == other.is_leaf();
    whole && (one.is_leaf() || std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind))
}

/// Indices of a longest increasing part of `values`.
pub(crate) fn increasing(values: &[usize]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = vec![usize::MAX; values.len()];
    for (at, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values[*end] < *value);
        if length > 0 {
            previous[at] = ends[length - 1];
        }
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut found = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        found.push(index);
        at = previous.get(index).copied().filter(|it| *it != usize::MAX);
    }
    found.reverse();
    found
}

/// Rows of two lists, matched by what stands in one column.
pub(crate) struct Keyed {
    pub(crate) column: Arc<str>,
    /// What the name of the column means.
    pub(crate) id: Meaning,
    /// Pairs in the order of `before`, then what was added.
    pub(crate) pairs: Vec<Pair>,
    /// Of the pairs, those that no longer stand in order.
    pub(crate) moved: Vec<bool>,
}

/// Columns that are tried. Each costs a look at every row.
const CANDIDATES: usize = 6;

/// Matches rows by the first column that looks like an identity and is one: there in every row, and different in each.
///
/// Of records (`any_first`) the first column may be called anything.
pub(crate) fn keyed(before: &[Node], after: &[Node], any_first: bool) -> Option<Keyed> {
    let first = before.first()?.members()?;
    let mut candidates: Vec<_> = first
        .iter()
        .enumerate()
        .filter(|(_, member)| member.nth == 0)
        .filter_map(|(at, member)| Some((rank(&member.name, any_first && at == 0)?, at, member)))
        .collect();
    candidates.sort_by_key(|(rank, at, _)| (*rank, *at));
    candidates.iter().take(CANDIDATES).find_map(|(_, at, member)| by(before, after, member, *at))
}

/// How likely a column of this name tells rows apart; lower is likelier.
fn rank(name: &str, first: bool) -> Option<u8> {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "id" | "_id" | "uuid" | "guid" => Some(0),
        _ if lower.ends_with("_id") || lower.ends_with("-id") || name.ends_with("Id") => Some(1),
        "key" | "name" | "code" | "sku" | "slug" | "email" | "login" | "path" | "url" => Some(2),
        _ if first => Some(3),
        _ => None,
    }
}

fn by(before: &[Node], after: &[Node], member: &Member, at: usize) -> Option<Keyed> {
    let was = column(before, member.id, at)?;
    let would = column(after, member.id, at)?;
    let mut pairs: Vec<Pair> = Vec::with_capacity(before.len());
    let (mut order, mut both) = (Vec::new(), Vec::new());
    let mut matched = vec![false; after.len()];
    let mut rows: Vec<(usize, Meaning)> = was.iter().map(|(key, row)| (*row, *key)).collect();
    rows.sort_unstable();
    for (row, key) in rows {
        match would.get(&key) {
            Some(other) => {
                both.push(pairs.len());
                order.push(*other);
                matched[*other] = true;
                pairs.push(Pair::Both(row, *other));
            }
            None => pairs.push(Pair::Before(row)),
        }
    }
    if both.is_empty() {
        return None;
    }
    pairs.extend((0..after.len()).filter(|row| !matched[*row]).map(Pair::After));
    let mut moved = vec![false; pairs.len()];
    both.iter().for_each(|at| moved[*at] = true);
    increasing(&order).into_iter().for_each(|at| moved[both[at]] = false);
    Some(Keyed { column: Arc::clone(&member.name), id: member.id, pairs, moved })
}

/// Where each value of a column stands, when every row has one of its own.
fn column(rows: &[Node], id: Meaning, at: usize) -> Option<HashMap<Meaning, usize>> {
    let mut found = HashMap::with_capacity(rows.len());
    for (row, node) in rows.iter().enumerate() {
        let key = cell(node, id, at)?;
        if !matches!(key.kind, Kind::Leaf(_)) || found.insert(key.meaning, row).is_some() {
            return None;
        }
    }
    Some(found)
}

/// What stands in the column `id` of a row, most likely as number `at`.
pub(crate) fn cell(row: &Node, id: Meaning, at: usize) -> Option<&Node> {
    let members = row.members()?;
    let is = |it: &&Member| it.id == id && it.nth == 0;
    members.get(at).filter(is).or_else(|| members.iter().find(is)).map(|it| &it.value)
}
