//! Walks both trees side by side.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

use crate::align::{Keyed, Pair, align, cell, keyed};
use crate::read::{Read, read, text};
use crate::tree::{Kind, Meaning, Member, Node};
use crate::{
    About, Budget, Change, Counts, Entry, Format, Leaf, Remark, RowKey, Rows, Side, Sort, Step, Table, Why,
};
use crate::{comments, number, remarks, resolve};

/// What differs between `before` and `after`. A side that is absent does not exist.
///
/// # Errors
///
/// [`Why`] there is no table. The exact difference then stands alone.
pub fn compare(
    format: Format,
    before: Option<&[u8]>,
    after: Option<&[u8]>,
    budget: Budget,
) -> Result<Table, Why> {
    let texts = [text(before, Side::Before, budget)?, text(after, Side::After, budget)?];
    let read = read(format, texts, budget)?;
    let mut walk = Walk::new(format, texts.map(Option::unwrap_or_default), budget);
    walk.sides(&read, before == after);
    Ok(walk.table)
}

struct Walk<'t> {
    texts: [&'t str; 2],
    budget: Budget,
    table: Table,
    path: Vec<Step>,
    said: HashMap<Discriminant<About>, usize>,
    respelled: u64,
}

impl<'t> Walk<'t> {
    fn new(format: Format, texts: [&'t str; 2], budget: Budget) -> Self {
        let table = Table {
            format,
            entries: Vec::new(),
            more: 0,
            counts: Counts::default(),
            same: 0,
            remarks: Vec::new(),
            more_remarks: 0,
            rows: None,
        };
        Self { texts, budget, table, path: Vec::new(), said: HashMap::new(), respelled: 0 }
    }

    fn sides(&mut self, [before, after]: &[Read; 2], same_bytes: bool) {
        if let Some(root) = &after.root {
            let mut path = Vec::new();
            remarks::keys(root, &mut path, &mut |path, about| self.say(path, || about));
        }
        match (&before.root, &after.root) {
            (Some(was), Some(would)) => self.both(was, would),
            (Some(was), None) => self.all(was, Change::Removed),
            (None, Some(would)) => self.all(would, Change::Added),
            (None, None) => {}
        }
        let compared = before.root.is_some() && after.root.is_some();
        if compared && !same_bytes && self.total() == 0 {
            self.remark(About::SameMeaning);
        }
        if compared {
            let was = (self.texts[0], before.comments.as_slice());
            let (added, removed) = comments::differ(was, (self.texts[1], &after.comments));
            if added + removed > 0 {
                self.remark(About::Comments { added, removed });
            }
        }
        if self.respelled > 0 {
            self.remark(About::Respelled { count: self.respelled });
        }
        after.about.iter().for_each(|about| self.remark(about.clone()));
    }

    fn total(&self) -> u64 {
        let counts = self.table.counts;
        counts.added + counts.removed + counts.changed + counts.moved
    }

    fn remark(&mut self, about: About) {
        self.say(&[], || about);
    }

    fn say(&mut self, path: &[Step], about: impl FnOnce() -> About) {
        let about = about();
        let times = self.said.entry(discriminant(&about)).or_default();
        *times += 1;
        if *times > self.budget.remarks {
            self.table.more_remarks += 1;
        } else {
            self.table.remarks.push(Remark { path: path.to_vec(), about });
        }
    }

    fn here(&mut self, about: About) {
        let path = std::mem::take(&mut self.path);
        self.say(&path, || about);
        self.path = path;
    }

    fn entry(&mut self, change: Change, before: Option<Leaf>, after: Option<Leaf>) {
        let counts = &mut self.table.counts;
        match change {
            Change::Added => counts.added += 1,
            Change::Removed => counts.removed += 1,
            Change::Changed => counts.changed += 1,
            Change::Moved => counts.moved += 1,
        }
        if let Some(after) = after.as_ref().filter(|_| change != Change::Moved) {
            self.value(after);
        }
        if self.table.entries.len() == self.budget.entries {
            self.table.more += 1;
        } else {
            self.table.entries.push(Entry { path: self.path.clone(), change, before, after });
        }
    }

    /// What there is to say of a value that is new.
    fn value(&mut self, after: &Leaf) {
        let text = &self.texts[1][after.source.clone()];
        match (after.sort, self.table.format) {
            (Sort::Number, format) => {
                let bare = text.replace('_', "");
                let float = format != Format::Toml || bare.contains('.');
                if float && number::exact(&bare).is_some() && !number::survives(&bare) {
                    self.here(About::Imprecise { after: after.clone() });
                }
            }
            (Sort::Doubtful, _) => self.doubt(after.clone()),
            _ => {}
        }
    }

    fn doubt(&mut self, after: Leaf) {
        let text = &self.texts[1][after.source.clone()];
        if let Some((old, new)) = resolve::doubt(text).or_else(|| resolve::doubt(bare(text))) {
            self.here(About::Doubtful { after, old, new });
        }
    }

    /// All of `node` came or went.
    fn all(&mut self, node: &Node, change: Change) {
        let added = change == Change::Added;
        match &node.kind {
            Kind::List(items) if !items.is_empty() => {
                for (at, item) in items.iter().enumerate() {
                    let (before, after) = if added { (None, Some(at)) } else { (Some(at), None) };
                    self.within(Step::Item { before, after, row: None }, |walk| walk.all(item, change));
                }
                let records = items.iter().all(|it| it.members().is_some());
                if self.table.rows.is_none() && records && self.is_records() {
                    let count = items.len() as u64;
                    let rows = Rows::default();
                    self.table.rows = Some(match added {
                        true => Rows { added: count, ..rows },
                        false => Rows { removed: count, ..rows },
                    });
                }
            }
            Kind::Map(members) if !members.is_empty() => {
                for member in members {
                    self.within(step(member), |walk| walk.member(member, change));
                }
            }
            _ if added => self.entry(change, None, Some(node.leaf())),
            _ => self.entry(change, Some(node.leaf()), None),
        }
    }

    fn member(&mut self, member: &Member, change: Change) {
        if change == Change::Added && self.table.format == Format::Yaml {
            self.doubt(Leaf { source: member.key.clone(), sort: Sort::Doubtful });
        }
        self.all(&member.value, change);
    }

    fn within(&mut self, step: Step, then: impl FnOnce(&mut Self)) {
        self.path.push(step);
        then(self);
        self.path.pop();
    }

    fn both(&mut self, was: &Node, would: &Node) {
        if was.meaning == would.meaning {
            self.table.same += would.leaves;
            return self.spelling(was, would);
        }
        let listed = self.total();
        let full = |it: &Node| !it.is_leaf();
        match (&was.kind, &would.kind) {
            _ if !full(was) && !full(would) => {
                self.entry(Change::Changed, Some(was.leaf()), Some(would.leaf()));
            }
            _ if !full(was) || !full(would) => self.replaced(was, would),
            // Below, it finds the same things on both sides: the entry is of the whole.
            _ if was.tag != would.tag => {}
            (Kind::List(was), Kind::List(would)) => self.items(was, would),
            (Kind::Map(was), Kind::Map(would)) | (Kind::Row(was), Kind::Row(would)) => {
                self.members(was, would);
            }
            _ => self.replaced(was, would),
        }
        if self.total() == listed {
            // Nothing that differs is left out.
            self.entry(Change::Changed, Some(was.leaf()), Some(would.leaf()));
        }
    }

    fn replaced(&mut self, was: &Node, would: &Node) {
        self.all(was, Change::Removed);
        self.all(would, Change::Added);
    }

    fn members(&mut self, was: &[Member], would: &[Member]) {
        let to = matched(was, would);
        self.order(&to);
        for (member, other) in was.iter().zip(&to) {
            self.within(step(member), |walk| match other {
                Some(other) => {
                    walk.key(member, &would[*other]);
                    walk.both(&member.value, &would[*other].value);
                }
                None => walk.all(&member.value, Change::Removed),
            });
        }
        let mut there = vec![false; would.len()];
        to.iter().flatten().for_each(|at| there[*at] = true);
        for (member, _) in would.iter().zip(there).filter(|(_, there)| !there) {
            self.within(step(member), |walk| walk.member(member, Change::Added));
        }
    }

    fn order(&mut self, to: &[Option<usize>]) {
        let records = matches!(self.table.format, Format::Csv | Format::Tsv);
        if !records && !to.iter().flatten().is_sorted() {
            self.here(About::KeyOrder);
        }
    }

    fn key(&mut self, was: &Member, would: &Member) {
        self.respelled += u64::from(self.texts[0][was.key.clone()] != self.texts[1][would.key.clone()]);
    }

    /// Whether the list at this path is the records of a document.
    fn is_records(&self) -> bool {
        match (self.table.format, self.path.as_slice()) {
            (Format::Csv | Format::Tsv, [Step::Key { name, .. }]) => &**name == "rows",
            (Format::Json | Format::JsonLines, path) => path.is_empty(),
            _ => false,
        }
    }

    fn items(&mut self, was: &[Node], would: &[Node]) {
        let rows = [was, would].iter().all(|side| side.iter().all(|it| it.members().is_some()));
        let records = rows && self.is_records();
        let any_first = records && !matches!(self.table.format, Format::Json);
        let key = if rows { keyed(was, would, any_first) } else { None };
        let aligned;
        let pairs = match &key {
            Some(key) => &key.pairs,
            None => {
                aligned = align(was, would);
                &aligned
            }
        };
        let mut sum = Rows { key: key.as_ref().map(|it| Arc::clone(&it.column)), ..Rows::default() };
        for (at, pair) in pairs.iter().enumerate() {
            match *pair {
                Pair::Both(a, b) => {
                    let moved = key.as_ref().filter(|it| it.moved[at]);
                    let same = was[a].meaning == would[b].meaning;
                    *if same { &mut sum.same } else { &mut sum.changed } += 1;
                    let step = Step::Item {
                        before: Some(a),
                        after: Some(b),
                        row: key
                            .as_ref()
                            .filter(|_| !same || moved.is_some())
                            .and_then(|it| self.row(it, &would[b], 1)),
                    };
                    self.within(step, |walk| {
                        if let Some(moved) = moved {
                            let leaf = |row: &Node| cell(row, moved.id, 0).map(Node::leaf);
                            walk.entry(Change::Moved, leaf(&was[a]), leaf(&would[b]));
                        }
                        walk.both(&was[a], &would[b]);
                    });
                }
                Pair::Before(a) => {
                    sum.removed += 1;
                    let row = key.as_ref().and_then(|it| self.row(it, &was[a], 0));
                    let step = Step::Item { before: Some(a), after: None, row };
                    self.within(step, |walk| walk.all(&was[a], Change::Removed));
                }
                Pair::After(b) => {
                    sum.added += 1;
                    let row = key.as_ref().and_then(|it| self.row(it, &would[b], 1));
                    let step = Step::Item { before: None, after: Some(b), row };
                    self.within(step, |walk| walk.all(&would[b], Change::Added));
                }
            }
        }
        if records {
            self.table.rows = Some(sum);
        }
    }

    fn row(&self, key: &Keyed, row: &Node, side: usize) -> Option<RowKey> {
        let value = self.texts[side][cell(row, key.id, 0)?.source.clone()].into();
        Some(RowKey { column: Arc::clone(&key.column), value })
    }

    /// Two nodes that mean the same, and may be written in two ways.
    fn spelling(&mut self, was: &Node, would: &Node) {
        let texts = [&self.texts[0][was.source.clone()], &self.texts[1][would.source.clone()]];
        let whole = !was.source.is_empty() || was.is_leaf();
        if whole && texts[0] == texts[1] {
            return;
        }
        match (&was.kind, &would.kind) {
            (Kind::List(was), Kind::List(would)) => {
                for (at, (was, would)) in was.iter().zip(would).enumerate() {
                    let step = Step::Item { before: Some(at), after: Some(at), row: None };
                    self.within(step, |walk| walk.spelling(was, would));
                }
            }
            (Kind::Map(was), Kind::Map(would)) | (Kind::Row(was), Kind::Row(would)) => {
                let to = matched(was, would);
                self.order(&to);
                for (member, other) in was.iter().zip(&to) {
                    let Some(other) = other.map(|at| &would[at]) else { continue };
                    self.key(member, other);
                    self.within(step(member), |walk| walk.spelling(&member.value, &other.value));
                }
            }
            (Kind::Leaf(Sort::Number), _) if bare(texts[0]) != bare(texts[1]) => {
                self.here(About::NumberForm { before: was.leaf(), after: would.leaf() });
            }
            _ => self.respelled += 1,
        }
    }
}

/// A scalar of YAML without the anchor before it.
fn bare(text: &str) -> &str {
    text.rsplit([' ', '\n']).next().unwrap_or(text)
}

fn step(member: &Member) -> Step {
    Step::Key { name: Arc::clone(&member.name), nth: member.nth }
}

/// For each of `was`, which of `would` has the same key.
fn matched(was: &[Member], would: &[Member]) -> Vec<Option<usize>> {
    let key = |it: &Member| (it.id, it.nth);
    if was.len() == would.len() && was.iter().map(key).eq(would.iter().map(key)) {
        return (0..was.len()).map(Some).collect();
    }
    let places: HashMap<(Meaning, u32), usize> =
        would.iter().enumerate().map(|(at, it)| (key(it), at)).collect();
    was.iter().map(|it| places.get(&key(it)).copied()).collect()
}
