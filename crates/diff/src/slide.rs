//! Which tokens of two sequences change, and where their hunks are best put.
//!
//! Many hunks can be moved: of `a b | a b` either half may be the new one. The rules are those of git and of
//! the library that aligns. Its own way to them takes time that grows with the square of the hunks, and cannot be
//! stopped.

use std::ops::Range;

use gix_imara_diff::{Diff, SliderHeuristic, Token};

use crate::align::Change;
use crate::work::Work;

/// What changes of each side. What does not is the same on both sides, in one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flags {
    pub(crate) removed: Vec<bool>,
    pub(crate) added: Vec<bool>,
}

impl Flags {
    /// Of sides of so many tokens that are the same.
    pub(crate) fn new(before: usize, after: usize) -> Flags {
        Flags { removed: vec![false; before], added: vec![false; after] }
    }

    /// Takes over what `diff` says of the stretch `at`.
    pub(crate) fn set(&mut self, at: Change, diff: &Diff) {
        for (index, removed) in (0..).zip(&mut self.removed[at.before]) {
            *removed = diff.is_removed(index);
        }
        for (index, added) in (0..).zip(&mut self.added[at.after]) {
            *added = diff.is_added(index);
        }
    }

    pub(crate) fn fill(&mut self, at: &Change) {
        self.removed[at.before.clone()].fill(true);
        self.added[at.after.clone()].fill(true);
    }

    pub(crate) fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        let (mut before, mut after) = (0, 0);
        while before < self.removed.len() || after < self.added.len() {
            let change =
                Change { before: before..end(&self.removed, before), after: after..end(&self.added, after) };
            // One token behind a change stays.
            (before, after) = (change.before.end + 1, change.after.end + 1);
            if !change.before.is_empty() || !change.after.is_empty() {
                changes.push(change);
            }
        }
        changes
    }

    /// Moves hunks to where people expect them: joined where they can be, beside what they replace, and else
    /// where `best` says. Those for which the work cannot be paid stay, which is as true.
    pub(crate) fn slide(
        &mut self,
        before: &[Token],
        after: &[Token],
        best: &mut impl SliderHeuristic,
        work: &mut Work,
    ) {
        // What goes first, so that what comes can be put beside it.
        Slider::new(before, &mut self.removed, &self.added, best, work).run();
        Slider::new(after, &mut self.added, &self.removed, best, work).run();
    }
}

/// Moves the hunks of one side.
struct Slider<'a, B> {
    tokens: &'a [Token],
    changed: &'a mut [bool],
    other: &'a [bool],
    /// The hunk that is moved, and what changes on the other side just there.
    hunk: Range<usize>,
    beside: Range<usize>,
    best: &'a mut B,
    work: &'a mut Work,
}

impl<'a, B: SliderHeuristic> Slider<'a, B> {
    fn new(
        tokens: &'a [Token],
        changed: &'a mut [bool],
        other: &'a [bool],
        best: &'a mut B,
        work: &'a mut Work,
    ) -> Self {
        Self { tokens, changed, other, hunk: 0..0, beside: 0..0, best, work }
    }

    fn run(mut self) {
        while self.next() && self.place().is_some() {}
    }

    fn next(&mut self) -> bool {
        let (mut at, mut beside) = (self.hunk.end, self.beside.end);
        while at < self.changed.len() {
            let end_beside = end(self.other, beside);
            if self.changed[at] {
                self.hunk = at..end(self.changed, at);
                self.beside = beside..end_beside;
                return true;
            }
            (at, beside) = (at + 1, end_beside + 1);
        }
        false
    }

    /// Moves the hunk to its place, unless there is no work left.
    fn place(&mut self) -> Option<()> {
        let mut earliest;
        let mut replaces;
        loop {
            while self.up()? {}
            earliest = self.hunk.end;
            replaces = !self.beside.is_empty();
            let size = self.hunk.len();
            while self.down()? {
                replaces |= !self.beside.is_empty();
            }
            // One that was joined to another may now move further up.
            if size == self.hunk.len() {
                break;
            }
        }
        if self.hunk.end == earliest {
            return Some(());
        }
        if replaces {
            while self.beside.is_empty() && self.up()? {}
            return Some(());
        }
        let hunk = self.hunk.start as u32..self.hunk.end as u32;
        let end = self.best.best_slider_end(self.tokens, hunk, earliest as u32) as usize;
        while self.hunk.end > end && self.up()? {}
        Some(())
    }

    fn down(&mut self) -> Option<bool> {
        let Range { start, end } = self.hunk;
        if self.tokens.get(end) != Some(&self.tokens[start]) {
            return Some(false);
        }
        self.work.pay(1).then_some(())?;
        self.changed[start] = false;
        self.changed[end] = true;
        self.hunk = start + 1..self::end(self.changed, end);
        self.beside = self.beside.end + 1..self::end(self.other, self.beside.end + 1);
        Some(true)
    }

    fn up(&mut self) -> Option<bool> {
        let Range { start, end } = self.hunk;
        if start == 0 || self.tokens[start - 1] != self.tokens[end - 1] {
            return Some(false);
        }
        self.work.pay(1).then_some(())?;
        self.changed[start - 1] = true;
        self.changed[end - 1] = false;
        self.hunk = self::start(self.changed, start - 1)..end - 1;
        self.beside = self::start(self.other, self.beside.start - 1)..self.beside.start - 1;
        Some(true)
    }
}

/// Where the run of set flags ends that starts at `at`, or `at`.
fn end(flags: &[bool], at: usize) -> usize {
    at + flags[at.min(flags.len())..].iter().take_while(|flag| **flag).count()
}

/// Where the run of set flags starts that ends before `at`, or `at`.
fn start(flags: &[bool], at: usize) -> usize {
    at - flags[..at].iter().rev().take_while(|flag| **flag).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gix_imara_diff::{Algorithm, IndentHeuristic, IndentLevel, InternedInput, NoSliderHeuristic};
    use proptest::prelude::*;

    const LINES: [&str; 6] = ["\n", "}\n", "  }\n", "  a\n", "b\n", "    c\n"];

    /// Lines that repeat, so that hunks move, join and pass one another.
    fn side() -> impl Strategy<Value = Vec<&'static str>> {
        proptest::collection::vec(proptest::sample::select(LINES.to_vec()), 0..60)
    }

    fn flags(diff: &Diff, input: &InternedInput<&str>) -> Flags {
        let mut flags = Flags::new(input.before.len(), input.after.len());
        flags.set(Change::whole(&input.before, &input.after), diff);
        flags
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

        #[test]
        fn hunks_end_up_where_the_library_puts_them(before in side(), after in side(), indent: bool) {
            let mut input = InternedInput::default();
            input.update_before(before.iter().copied());
            input.update_after(after.iter().copied());
            let mut theirs = Diff::compute(Algorithm::Myers, &input);
            let mut ours = flags(&theirs, &input);
            let changes = theirs.hunks().map(|hunk| (hunk.before.end, hunk.after.start));
            prop_assert!(ours.changes().iter().map(|it| (it.before.end as u32, it.after.start as u32)).eq(changes));
            let level = |token: Token| IndentLevel::for_ascii_line(input.interner[token].bytes(), 8);
            let mut work = Work::new(1 << 20);
            if indent {
                theirs.postprocess_with_heuristic(&input, IndentHeuristic::new(level));
                ours.slide(&input.before, &input.after, &mut IndentHeuristic::new(level), &mut work);
            } else {
                theirs.postprocess_no_heuristic(&input);
                ours.slide(&input.before, &input.after, &mut NoSliderHeuristic, &mut work);
            }
            prop_assert_eq!(ours, flags(&theirs, &input));
        }

        #[test]
        fn hunks_that_cannot_be_paid_stay_true(before in side(), after in side(), budget in 0_u64..30) {
            let mut input = InternedInput::default();
            input.update_before(before.iter().copied());
            input.update_after(after.iter().copied());
            let mut ours = flags(&Diff::compute(Algorithm::Myers, &input), &input);
            let mut work = Work::new(budget);
            ours.slide(&input.before, &input.after, &mut NoSliderHeuristic, &mut work);
            prop_assert!(work.spent <= budget);
            let stays = |side: &[Token], flags: &[bool]| -> Vec<Token> {
                side.iter().zip(flags).filter(|(_, changes)| !**changes).map(|(token, _)| *token).collect()
            };
            prop_assert_eq!(stays(&input.before, &ours.removed), stays(&input.after, &ours.added));
        }
    }
}
