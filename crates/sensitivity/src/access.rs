//! Who can reach or do something, and would be more: settings and statements that open.
//!
//! Works on what configuration of all kinds has in common: names with values, in blocks.
//! A table of names says which values let in more; words such as `allUsers` do by themselves;
//! a network that is everything counts where something is let in from it. Commands that do the
//! same are found where commands are read.
//!
//! Not here: whether it was so before. What is found does not depend on where it stands, so
//! that the findings of an old and a new text can be compared.

mod blocks;
mod grants;
mod lines;
mod marks;
mod missing;
mod near;
mod networks;
mod pairs;
mod settings;
mod values;

use std::ops::Range;

use crate::finding::Kind;
use crate::found::Found;
use crate::text::Text;
use crate::{Category, Severity};
use blocks::Block;
use marks::{MARKS, Mark, NAMES};

const fn kind(id: &'static str, why: &'static str, fix: &'static str) -> Kind {
    Kind { id, category: Category::Access, why, fix: Some(fix) }
}

const SETTING: Kind = kind(
    "opens-access",
    "More people or programs can reach it or act on it than before.",
    "Name those who need it, and leave everything else closed.",
);
const ANYONE: Kind = kind(
    "open-to-anyone",
    "Whoever finds it can read it or act on it, without being asked who they are.",
    "Name the people or accounts that need it.",
);
const NETWORK: Kind = kind(
    "open-network",
    "It can be reached from every address there is.",
    "Name the addresses that need it.",
);
const RIGHTS: Kind = kind(
    "wide-rights",
    "Whoever has these rights can do far more than one task, or give themselves more.",
    "Give the rights that the task needs, on what it needs.",
);
const DEFAULT: Kind = kind(
    "open-by-default",
    "Where nothing is said, this kind of resource can be reached by everyone.",
    "Set it to private.",
);
const OUTWARD: Kind = kind(
    "open-outward",
    "Everything can be reached from there: what runs there can send data anywhere.",
    "Name the addresses that it needs to reach.",
);

/// The words at which this detector looks. A hit names one by its place in the list.
pub(crate) fn words() -> Vec<&'static str> {
    MARKS.iter().map(|it| it.0).chain(NAMES.iter().copied()).collect()
}

/// What was looked at so far in one text.
#[derive(Default)]
pub(crate) struct Look {
    /// Up to here, lines are read.
    done: usize,
    /// The block that was looked at last.
    block: Block,
    /// The last line in which a word was looked at, and whether it closes or is a comment.
    near: (Range<usize>, bool),
    /// The last item of a list: where its line ends, and the name above the list.
    list: (usize, Option<String>),
    /// Up to here, statements are read.
    stated: usize,
    /// Bytes around places that may still be read; `None` before the first.
    budget: Option<usize>,
}

impl Look {
    /// Looks where a word stands. Called in the order of the ends of the words.
    pub(crate) fn hit(&mut self, text: &Text<'_>, at: &Range<usize>, word: u16, found: &mut Found) {
        match MARKS.get(usize::from(word)) {
            Some((name, mark, severity)) => self.mark(text, at, (name, *mark, *severity), found),
            None if at.end > self.done => {
                let line = text.line(at.start);
                self.done = line.end.max(at.end);
                self.line(text, line, found);
            }
            None => {}
        }
    }

    fn mark(&mut self, text: &Text<'_>, at: &Range<usize>, mark: (&str, Mark, Severity), found: &mut Found) {
        let (name, mark, severity) = mark;
        let exact = text.part(at.clone()) == name.as_bytes();
        let edge = |at: Option<&u8>| !at.is_some_and(u8::is_ascii_alphanumeric);
        let whole = edge(at.start.checked_sub(1).and_then(|at| text.bytes.get(at)));
        match mark {
            Mark::Network => self.network(text, at, found),
            Mark::Resource if exact => self.resource(text, at, found),
            Mark::Statement if at.start >= self.stated && edge(text.bytes.get(at.end)) && whole => {
                self.stated = grants::look(text, at, found);
            }
            Mark::Option if whole => values::option(text, at, severity, found),
            Mark::Resource | Mark::Statement | Mark::Option => {}
            _ if !exact => {}
            Mark::Value => self.value(text, at, (name, whole), severity, found),
            Mark::Capability => self.capability(text, at, severity, found),
            Mark::Right => self.right(text, at, name, severity, found),
            Mark::Organization => self.organization(text, at, severity, found),
            Mark::Sudo => values::sudo(text, at, severity, found),
            Mark::Flag => values::flag(text, at, severity, found),
            Mark::Secret if whole => values::secret(text, at, severity, found),
            Mark::Secret => {}
            Mark::Scope => self.scope(text, at, severity, found),
            Mark::Docker => values::docker(text, at, severity, found),
        }
    }

    /// The block around `at`, found anew where the last one ends.
    fn block(&mut self, text: &Text<'_>, at: usize) -> &Block {
        if !self.block.range.contains(&at) || self.block.is_open {
            self.block = blocks::around(text, at, self.budget(text));
        }
        &self.block
    }

    /// What may still be read around places. It grows with the text, so that many of them in one place stay cheap.
    fn budget(&mut self, text: &Text<'_>) -> &mut usize {
        self.budget.get_or_insert(text.bytes.len().saturating_mul(4) + 64 * 1024)
    }

    /// Whether the line at `at` is a comment, or closes something again.
    fn is_closed(&mut self, text: &Text<'_>, at: usize) -> bool {
        if !self.near.0.contains(&at) {
            let range = text.line(at);
            let line = text.part(range.clone());
            self.near = (range, near::is_comment(line) || near::is_taken_back(line));
        }
        self.near.1
    }
}
