//! Cuts two long sequences apart at tokens that stand once on each side.

use gix_imara_diff::Token;

use crate::align::Change;

const NOWHERE: u32 = u32::MAX;
const MANY: u32 = u32::MAX - 1;

/// The stretches in which `before` and `after` may differ, in order: what lies between the longest chain of
/// tokens that each side has once, and in one order, without the equal tokens at both ends of each stretch.
///
/// Takes about as long as reading both sides. There are `distinct` tokens.
pub(crate) fn gaps(before: &[Token], after: &[Token], distinct: usize) -> Vec<Change> {
    let mut gaps = Vec::new();
    let (mut from_before, mut from_after) = (0, 0);
    let end = (before.len(), after.len());
    for (to_before, to_after) in anchors(before, after, distinct).into_iter().chain([end]) {
        let gap =
            trimmed(before, after, Change { before: from_before..to_before, after: from_after..to_after });
        if !gap.before.is_empty() || !gap.after.is_empty() {
            gaps.push(gap);
        }
        (from_before, from_after) = (to_before, to_after);
    }
    gaps
}

/// `change` without the equal tokens at its start, then at its end.
pub(crate) fn trimmed<T: PartialEq>(before: &[T], after: &[T], change: Change) -> Change {
    let (old, new) = (&before[change.before.clone()], &after[change.after.clone()]);
    let start = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    Change {
        before: change.before.start + start..change.before.end - end,
        after: change.after.start + start..change.after.end - end,
    }
}

/// Where the anchors stand on both sides: ever further down.
fn anchors(before: &[Token], after: &[Token], distinct: usize) -> Vec<(usize, usize)> {
    let (old, new) = (places(before, distinct), places(after, distinct));
    let pairs: Vec<(u32, u32)> = after
        .iter()
        .map(|token| (old[token.0 as usize], new[token.0 as usize]))
        .filter(|(old, new)| *old < MANY && *new < MANY)
        .collect();
    longest_chain(&pairs).into_iter().map(|(old, new)| (old as usize, new as usize)).collect()
}

/// Where each token stands.
fn places(side: &[Token], distinct: usize) -> Vec<u32> {
    let mut places = vec![NOWHERE; distinct];
    for (at, token) in (0..MANY).zip(side) {
        let place = &mut places[token.0 as usize];
        *place = if *place == NOWHERE { at } else { MANY };
    }
    places
}

/// The most of `pairs`, in their order, whose first numbers grow. Of equally long chains, the one that ends least.
fn longest_chain(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    // For each length, the last pair of the chain of that length that ends least.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let grows = |end: &usize| pairs[*end].0 < pair.0;
        // Most pairs go on where the last one was.
        let length = if ends.last().is_some_and(grows) { ends.len() } else { ends.partition_point(grows) };
        previous.push(length.checked_sub(1).map_or(at, |shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut chain = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(pair) = at {
        chain.push(pairs[pair]);
        at = Some(previous[pair]).filter(|before| *before != pair);
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        text.bytes().map(|byte| Token(byte.into())).collect()
    }

    /// The stretches of both sides that differ.
    fn between(before: &str, after: &str) -> Vec<(String, String)> {
        let gaps = gaps(&tokens(before), &tokens(after), 256);
        gaps.into_iter().map(|gap| (before[gap.before].to_owned(), after[gap.after].to_owned())).collect()
    }

    fn pair(before: &str, after: &str) -> (String, String) {
        (before.to_owned(), after.to_owned())
    }

    #[test]
    fn what_stands_once_on_each_side_holds_both_together() {
        assert_eq!(between("..a..b..c..", "..a.!.b...c.."), [pair("", "!"), pair("", ".")]);
        assert_eq!(between("abc", "abc"), []);
        assert_eq!(between("....", "..-.."), [pair("", "-")]);
        assert_eq!(between("", "ab"), [pair("", "ab")]);
        assert_eq!(between("", ""), []);
    }

    #[test]
    fn what_changed_places_holds_nothing() {
        assert_eq!(between("Xabcd", "abcdX"), [pair("X", ""), pair("", "X")]);
        assert_eq!(between("dcba", "abcd"), [pair("", "abc"), pair("cba", "")]);
    }
}
