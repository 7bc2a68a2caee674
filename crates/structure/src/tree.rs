//! What a document says, whatever it was written in, with the place of each part.
//!
//! A [`Meaning`] is a number that two nodes share exactly when they mean the
//! same. It is not a hash: nobody can make two meanings meet.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::limits::Stop;
use crate::{Leaf, Sort};

pub(crate) type Meaning = u32;

#[derive(Debug)]
pub(crate) struct Node {
    /// All of it, or empty when no one range holds all of it.
    pub(crate) source: Range<usize>,
    pub(crate) meaning: Meaning,
    pub(crate) leaves: u64,
    /// 0, or what its tag means: containers of different tags have nothing in common.
    pub(crate) tag: Meaning,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Leaf(Sort),
    List(Vec<Node>),
    Map(Vec<Member>),
    /// A map that is one row: it comes and goes as a whole.
    Row(Vec<Member>),
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: Arc<str>,
    /// The key as it is written; empty where it is not.
    pub(crate) key: Range<usize>,
    /// What the key means; it counts, not the name.
    pub(crate) id: Meaning,
    pub(crate) nth: u32,
    pub(crate) value: Node,
}

impl Node {
    /// The leaf that it is, or what stands for it as a whole.
    pub(crate) fn leaf(&self) -> Leaf {
        let sort = match &self.kind {
            Kind::Leaf(sort) => *sort,
            Kind::List(items) if items.is_empty() => Sort::EmptyList,
            Kind::Map(members) if members.is_empty() => Sort::EmptyMap,
            Kind::List(_) | Kind::Map(_) | Kind::Row(_) => Sort::Whole,
        };
        Leaf { source: self.source.clone(), sort }
    }

    pub(crate) fn is_leaf(&self) -> bool {
        match &self.kind {
            Kind::Leaf(_) => true,
            Kind::List(items) => items.is_empty(),
            Kind::Map(members) | Kind::Row(members) => members.is_empty(),
        }
    }

    pub(crate) fn members(&self) -> Option<&[Member]> {
        match &self.kind {
            Kind::Map(members) | Kind::Row(members) => Some(members),
            Kind::Leaf(_) | Kind::List(_) => None,
        }
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Shape {
    Leaf(Sort, Box<str>, Meaning),
    List(Box<[Meaning]>),
    Map(Box<[(Meaning, u32, Meaning)]>),
}

/// Makes the nodes of both sides.
#[derive(Debug)]
pub(crate) struct Maker {
    known: HashMap<Shape, Meaning>,
    /// Nodes that may still be made on this side.
    left: usize,
    pub(crate) depth: usize,
}

impl Maker {
    pub(crate) fn new(depth: usize) -> Self {
        Self { known: HashMap::new(), left: 0, depth }
    }

    /// The nodes of one side are counted apart.
    pub(crate) fn begin(&mut self, values: usize) {
        self.left = values;
    }

    fn take(&mut self) -> Result<(), Stop> {
        self.left = self.left.checked_sub(1).ok_or(Stop::Many)?;
        Ok(())
    }

    fn meaning(&mut self, shape: Shape) -> Meaning {
        // There are fewer of them than nodes and keys on both sides, which are far fewer than numbers.
        let next = self.known.len() as Meaning;
        *self.known.entry(shape).or_insert(next)
    }

    /// What a leaf says, in one spelling, means.
    pub(crate) fn says(&mut self, sort: Sort, text: &str) -> Meaning {
        self.meaning(Shape::Leaf(sort, text.into(), 0))
    }

    pub(crate) fn leaf(&mut self, sort: Sort, text: &str, source: Range<usize>) -> Result<Node, Stop> {
        self.leaf_of(sort, text, 0, source)
    }

    /// A leaf that says `text` about something else: a tag, or what an alias stands for.
    pub(crate) fn leaf_of(
        &mut self,
        sort: Sort,
        text: &str,
        of: Meaning,
        source: Range<usize>,
    ) -> Result<Node, Stop> {
        self.take()?;
        let meaning = self.meaning(Shape::Leaf(sort, text.into(), of));
        Ok(Node { source, meaning, leaves: 1, tag: 0, kind: Kind::Leaf(sort) })
    }

    pub(crate) fn list(&mut self, items: Vec<Node>, source: Range<usize>) -> Result<Node, Stop> {
        self.take()?;
        let meaning = self.meaning(Shape::List(items.iter().map(|it| it.meaning).collect()));
        let leaves = items.iter().map(|it| it.leaves).sum::<u64>().max(1);
        Ok(Node { source, meaning, leaves, tag: 0, kind: Kind::List(items) })
    }

    pub(crate) fn map(&mut self, members: Vec<Member>, source: Range<usize>) -> Result<Node, Stop> {
        let (meaning, leaves, members) = self.members(members)?;
        Ok(Node { source, meaning, leaves, tag: 0, kind: Kind::Map(members) })
    }

    pub(crate) fn row(&mut self, members: Vec<Member>, source: Range<usize>) -> Result<Node, Stop> {
        let (meaning, leaves, members) = self.members(members)?;
        Ok(Node { source, meaning, leaves, tag: 0, kind: Kind::Row(members) })
    }

    fn members(&mut self, mut members: Vec<Member>) -> Result<(Meaning, u64, Vec<Member>), Stop> {
        self.take()?;
        let mut seen: HashMap<Meaning, u32> = HashMap::with_capacity(members.len());
        for member in &mut members {
            let times = seen.entry(member.id).or_insert(0);
            member.nth = *times;
            *times += 1;
        }
        let mut shape: Box<[_]> = members.iter().map(|it| (it.id, it.nth, it.value.meaning)).collect();
        shape.sort_unstable();
        let leaves = members.iter().map(|it| it.value.leaves).sum::<u64>().max(1);
        Ok((self.meaning(Shape::Map(shape)), leaves, members))
    }

    /// A member whose key is a text.
    pub(crate) fn member(&mut self, name: &str, key: Range<usize>, value: Node) -> Member {
        Member { name: name.into(), key, id: self.says(Sort::Text, name), nth: 0, value }
    }

    /// The same thing with a tag is another thing.
    pub(crate) fn tagged(&mut self, node: &mut Node, tag: &str) {
        let sort = node.leaf().sort;
        node.tag = self.says(Sort::Text, tag) + 1;
        node.meaning = self.meaning(Shape::Leaf(sort, format!("tag {tag}").into(), node.meaning + 1));
    }
}
