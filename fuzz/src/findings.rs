//! What is found in any text.

use std::collections::BTreeSet;

use countersign_core::digest::Digest;
use countersign_sensitivity::{Finding, MOST_OF_A_RULE, Reach, Rules, characters, id};

pub(crate) fn run(input: &[u8]) {
    check(input, characters);
    check(input, |text| Rules::built_in().scan(text, Reach::Public));
}

fn check(input: &[u8], find: fn(&[u8]) -> Vec<Finding>) {
    let found = find(input);
    let digest = Digest::of(input);
    let boundaries = boundaries(input);
    for it in &found {
        assert!(!it.range.is_empty(), "{it:?}");
        assert!(boundaries.contains(&it.range.start) && boundaries.contains(&it.range.end), "{it:?}");
        assert!(it.title.is_ascii() && it.why.is_ascii() && it.why.ends_with('.'), "{it:?}");
        assert!(found.iter().filter(|other| other.rule == it.rule).count() <= MOST_OF_A_RULE);
    }
    assert!(found.is_sorted_by_key(|it| (it.range.start, it.range.end, it.rule.clone())));
    let ids: BTreeSet<_> = found.iter().map(|it| id(&it.rule, &digest, &it.range)).collect();
    assert_eq!(ids.len(), found.len(), "each has an id of its own");
    assert_eq!(found, find(input));
}

/// Where characters begin and end; of bytes that are no text, each by itself.
fn boundaries(input: &[u8]) -> BTreeSet<usize> {
    let mut all = BTreeSet::from([input.len()]);
    let mut at = 0;
    for chunk in input.utf8_chunks() {
        all.extend(chunk.valid().char_indices().map(|(offset, _)| at + offset));
        at += chunk.valid().len();
        all.extend(at..at + chunk.invalid().len());
        at += chunk.invalid().len();
    }
    all
}
