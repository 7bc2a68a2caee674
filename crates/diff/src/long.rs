//! Aligns sequences that are too long to be compared in one piece.

use gix_imara_diff::{Algorithm, Diff, InternedInput, Token};

use crate::align::Change;
use crate::anchors::{gaps, trimmed};
use crate::slide::Flags;
use crate::work::{self, Work};

/// Aligns `region`, outside of which the sides are equal, and says whether the work could be paid: where it
/// could not, everything counts as changed. A stretch of up to `short` tokens on a side is compared as it is.
pub(crate) fn compare<T>(
    input: &InternedInput<T>,
    region: Change,
    short: usize,
    work: &mut Work,
) -> (Flags, bool) {
    let distinct = input.interner.num_tokens() as usize;
    let mut sides = Sides {
        before: &input.before,
        after: &input.after,
        flags: Flags::new(input.before.len(), input.after.len()),
        names: vec![UNNAMED; distinct],
        short,
    };
    let (start_before, start_after) = (region.before.start, region.after.start);
    let mut complete = true;
    for gap in gaps(&input.before[region.before], &input.after[region.after], distinct) {
        complete &= sides.align(gap.shifted(start_before, start_after), work);
    }
    (sides.flags, complete)
}

const UNNAMED: u32 = u32::MAX;

struct Sides<'a> {
    before: &'a [Token],
    after: &'a [Token],
    flags: Flags,
    /// Numbers of the tokens of one stretch, in which there are few: [`UNNAMED`] between two stretches.
    names: Vec<u32>,
    short: usize,
}

/// A stretch, with numbers of its own for its tokens.
struct Stretch {
    before: Vec<Token>,
    after: Vec<Token>,
    /// Which numbers are on both sides.
    shared: Vec<bool>,
}

impl Stretch {
    fn is_shared(&self, token: Token) -> bool {
        self.shared[token.0 as usize]
    }

    fn kept(&self, side: &[Token]) -> usize {
        side.iter().filter(|token| self.is_shared(**token)).count()
    }

    fn distinct(&self) -> u32 {
        self.shared.len() as u32
    }

    /// The shared tokens of `side`, and where they stand.
    fn only_shared(&self, side: &[Token]) -> (Vec<Token>, Vec<usize>) {
        side.iter()
            .enumerate()
            .filter(|(_, token)| self.is_shared(**token))
            .map(|(at, token)| (*token, at))
            .unzip()
    }
}

impl Sides<'_> {
    /// Marks what differs in `gap`; says no, and marks all that may, when that is too much work.
    fn align(&mut self, gap: Change, work: &mut Work) -> bool {
        if gap.is_one_sided() {
            self.flags.fill(&gap);
            return true;
        }
        let stretch = self.stretch(&gap);
        let kept = (stretch.kept(&stretch.before), stretch.kept(&stretch.after));
        if kept.0 == 0 {
            self.flags.fill(&gap);
            return true;
        }
        if gap.longer() > self.short {
            return self.align_shared(&gap, &stretch, work);
        }
        if !work.pay(work::price(Algorithm::Histogram, (gap.before.len(), gap.after.len()), kept)) {
            self.flags.fill(&gap);
            return false;
        }
        let mut diff = Diff::default();
        diff.compute_with(Algorithm::Histogram, &stretch.before, &stretch.after, stretch.distinct());
        self.flags.set(gap, &diff);
        true
    }

    /// Compares only the tokens that are on both sides: often little of them differs.
    fn align_shared(&mut self, gap: &Change, stretch: &Stretch, work: &mut Work) -> bool {
        let (before, old_places) = stretch.only_shared(&stretch.before);
        let (after, new_places) = stretch.only_shared(&stretch.after);
        let region = trimmed(&before, &after, Change::whole(&before, &after));
        let (old, new) = (&before[region.before.clone()], &after[region.after.clone()]);
        let mut diff = Diff::default();
        let compared = region.is_one_sided()
            || work.pay(work::price(Algorithm::Myers, (old.len(), new.len()), (old.len(), new.len())));
        if compared {
            diff.compute_with(Algorithm::Myers, old, new, stretch.distinct());
        }
        self.flags.fill(gap);
        for (index, place) in old_places.iter().enumerate() {
            let differs = region.before.contains(&index)
                && (!compared || diff.is_removed((index - region.before.start) as u32));
            self.flags.removed[gap.before.start + place] = differs;
        }
        for (index, place) in new_places.iter().enumerate() {
            let differs = region.after.contains(&index)
                && (!compared || diff.is_added((index - region.after.start) as u32));
            self.flags.added[gap.after.start + place] = differs;
        }
        compared
    }

    fn stretch(&mut self, gap: &Change) -> Stretch {
        let names = &mut self.names;
        let mut count = 0;
        let before: Vec<Token> = self.before[gap.before.clone()]
            .iter()
            .map(|token| {
                let name = &mut names[token.0 as usize];
                if *name == UNNAMED {
                    *name = count;
                    count += 1;
                }
                Token(*name)
            })
            .collect();
        // All that only `after` has may be called the same: it stays nowhere.
        let unknown = count;
        let after: Vec<Token> = self.after[gap.after.clone()]
            .iter()
            .map(|token| Token(names[token.0 as usize].min(unknown)))
            .collect();
        let mut shared = vec![false; count as usize + 1];
        after.iter().for_each(|token| shared[token.0 as usize] = true);
        shared[unknown as usize] = false;
        for token in &self.before[gap.before.clone()] {
            names[token.0 as usize] = UNNAMED;
        }
        Stretch { before, after, shared }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn input(before: &[u8], after: &[u8]) -> InternedInput<u8> {
        let mut input = InternedInput::default();
        input.update_before(before.iter().copied());
        input.update_after(after.iter().copied());
        input
    }

    fn stays(side: &[u8], changes: &[bool]) -> Vec<u8> {
        side.iter().zip(changes).filter(|(_, changes)| !**changes).map(|(byte, _)| *byte).collect()
    }

    /// Few kinds, so that they repeat, and many, so that some stand once.
    fn side() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![proptest::collection::vec(0_u8..4, 0..80), proptest::collection::vec(any::<u8>(), 0..80)]
    }

    fn sides() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
        let edited = (side(), side(), side(), side()).prop_map(|(start, old, new, end)| {
            ([&*start, &old, &end].concat(), [&*start, &new, &end].concat())
        });
        prop_oneof![(side(), side()), edited]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

        #[test]
        fn what_stays_is_the_same_on_both_sides((before, after) in sides(), short in 0_usize..20, budget in 0_u64..4000) {
            let input = input(&before, &after);
            let mut work = Work::new(budget);
            let (flags, _) = compare(&input, Change::whole(&before, &after), short, &mut work);
            prop_assert!(work.spent <= budget);
            prop_assert_eq!(stays(&before, &flags.removed), stays(&after, &flags.added));
        }

        #[test]
        fn what_is_new_is_all_that_changes(side in side(), at in 0_usize..80, new in 200_u8..210, short in 0_usize..20) {
            prop_assume!(!side.contains(&new));
            let at = at.min(side.len());
            let after = [&side[..at], &[new], &side[at..]].concat();
            let (flags, complete) = compare(&input(&side, &after), Change::whole(&side, &after), short, &mut Work::new(1 << 20));
            prop_assert!(complete);
            let count = |changes: &[bool]| changes.iter().filter(|changes| **changes).count();
            prop_assert_eq!((count(&flags.removed), count(&flags.added)), (0, 1));
        }
    }

    #[test]
    fn what_cannot_be_paid_leaves_the_other_stretches_as_they_are() {
        // `y` and `z` hold the sides together; only between `x` and `y` is anything to search.
        let (before, after) = (b"xabababy1z", b"xbbaaay2z");
        let (flags, complete) =
            compare(&input(before, after), Change::whole(before, after), 100, &mut Work::new(0));
        assert!(!complete);
        assert_eq!(stays(before, &flags.removed), b"xyz");
        assert_eq!(stays(after, &flags.added), b"xyz");
        let (_, complete) =
            compare(&input(before, after), Change::whole(before, after), 100, &mut Work::new(10_000));
        assert!(complete);
    }
}
