//! Two sides, their rows, and the patch between them.

use countersign_diff::unified::{File, unified};
use countersign_diff::{Budget, Diff, Kind, diff, diff_within};

use crate::{patch, sides};

pub(crate) fn run(input: &[u8]) {
    let (before, after) = sides(input);
    let made = diff(before, after);
    assert_eq!(made.fallback, None);
    covers(&made, before, after);
    assert_eq!(made, diff(before, after), "the same sides give the same rows");
    for line_work in [0, 40, 400] {
        let budget = Budget { lines: 6 + line_work as usize, line_work, word_work: 90 };
        let made = diff_within(before, after, budget);
        covers(&made, before, after);
        assert!(made.work <= budget.line_work + budget.word_work);
    }
    for (before, after) in [(Some(before), Some(after)), (None, Some(after)), (Some(before), None)] {
        let file = |bytes| File { bytes, executable: false };
        let made = unified(b"a file", before.map(file), after.map(file)).unwrap();
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        assert_eq!(patch::apply(&made, before).as_deref(), Some(after), "{}", made.escape_ascii());
    }
}

/// The checks of the diff itself, and the sides put together without them.
fn covers(made: &Diff, before: &[u8], after: &[u8]) {
    assert!(made.check(before, after));
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for row in &made.rows {
        if row.kind != Kind::Added {
            old.extend_from_slice(row.bytes(before, after));
        }
        if row.kind != Kind::Removed {
            new.extend_from_slice(row.bytes(before, after));
        }
    }
    assert_eq!((old.as_slice(), new.as_slice()), (before, after));
}
