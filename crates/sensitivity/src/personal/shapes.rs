//! Which shapes begin at a place: all shapes of all rules are one tree, walked once for each word.
//!
//! In a shape, `d` is a digit, `L` a letter, `x` either, `=` a dash or a blank, `~` nothing or one separator, which is
//! the same throughout; what has `?` after it can be left out; everything else is itself.

use super::identifiers::RULES;
use crate::text::Text;

/// The separators of `~`.
const SEPARATORS: [&str; 4] = ["", "-", " ", "."];

/// Nothing goes on here.
const NONE: u16 = u16::MAX;

/// Classes of bytes: digit, letter, and the signs that shapes name.
const CLASSES: usize = 8;
const SIGNS: &[u8] = b"- ./()";

/// The class of each byte, for asking one byte after another; [`OTHER`] of those that have none.
static CLASS: [u8; 256] = {
    let (mut table, mut byte) = ([OTHER; 256], 0_usize);
    while byte < 256 {
        if (byte as u8).is_ascii_digit() {
            table[byte] = 0;
        } else if (byte as u8).is_ascii_alphabetic() {
            table[byte] = 1;
        }
        byte += 1;
    }
    let mut sign = 0;
    while sign < SIGNS.len() {
        table[SIGNS[sign] as usize] = sign as u8 + 2;
        sign += 1;
    }
    table
};

/// The class of what is in no shape: no node has one after it.
const OTHER: u8 = CLASSES as u8;

/// A place in the tree.
struct Node {
    next: [u16; CLASSES + 1],
    /// The rules whose shape ends here.
    rules: Vec<u16>,
}

/// All shapes.
pub(super) struct Shapes {
    nodes: Vec<Node>,
}

impl Shapes {
    /// The shapes of [`RULES`].
    pub(super) fn of_rules() -> Self {
        let mut all = Self { nodes: vec![Node { next: [NONE; CLASSES + 1], rules: Vec::new() }] };
        for (number, rule) in (0..).zip(RULES.iter().copied().flatten()) {
            for shape in rule.shapes {
                for separator in SEPARATORS {
                    all.add(shape.replace('~', separator).as_bytes(), number);
                    if !shape.contains('~') {
                        break;
                    }
                }
            }
        }
        all
    }

    fn add(&mut self, shape: &[u8], rule: u16) {
        let mut places = vec![0_usize];
        for (at, sign) in shape.iter().enumerate().filter(|it| *it.1 != b'?') {
            let classes: &[u8] = match sign {
                b'd' => b"0",
                b'L' => b"A",
                b'x' => b"0A",
                b'=' => b"- ",
                other => std::slice::from_ref(other),
            };
            let mut next: Vec<usize> = Vec::new();
            for class in classes.iter().map(|it| CLASS[usize::from(*it)]).filter(|it| *it != OTHER) {
                for place in &places {
                    next.push(self.step(*place, usize::from(class)));
                }
            }
            if shape.get(at + 1) == Some(&b'?') {
                next.extend(&places);
            }
            next.sort_unstable();
            next.dedup();
            places = next;
        }
        for at in places {
            if !self.nodes[at].rules.contains(&rule) {
                self.nodes[at].rules.push(rule);
            }
        }
    }

    /// The node after `at`, made if there is none.
    fn step(&mut self, at: usize, class: usize) -> usize {
        let next = self.nodes[at].next[class];
        if next != NONE {
            return usize::from(next);
        }
        let made = self.nodes.len();
        self.nodes[at].next[class] = u16::try_from(made).unwrap_or(0);
        self.nodes.push(Node { next: [NONE; CLASSES + 1], rules: Vec::new() });
        made
    }

    /// Calls `met` with the end of each shape that begins at `start` and ends where a word does, and its rules.
    pub(super) fn walk<'a>(&'a self, text: &Text<'_>, start: usize, mut met: impl FnMut(usize, &'a [u16])) {
        let mut node = &self.nodes[0];
        let mut at = start;
        while let Some(byte) = text.bytes.get(at) {
            let next = node.next[usize::from(CLASS[usize::from(*byte)])];
            let Some(next) = self.nodes.get(usize::from(next)) else { return };
            node = next;
            at += 1;
            if !node.rules.is_empty() && !text.bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                met(at, &node.rules);
            }
        }
    }
}
