//! What must hold of tables.

use countersign_structure::{About, Budget, Change, Format, Table, compare};

/// What must hold of any table at all.
pub(crate) fn sound(made: &Table, before: &str, after: &str) {
    let counts = made.counts;
    let listed = made.entries.len() as u64 + made.more;
    assert_eq!(listed, counts.added + counts.removed + counts.changed + counts.moved);
    for entry in &made.entries {
        for (side, leaf) in [(before, &entry.before), (after, &entry.after)] {
            assert!(leaf.as_ref().is_none_or(|it| side.get(it.source.clone()).is_some()), "{entry:?}");
        }
        let (was, would) = (entry.before.is_some(), entry.after.is_some());
        assert_eq!((was, would), (entry.change != Change::Added, entry.change != Change::Removed));
    }
    let same = made.remarks.iter().any(|it| it.about == About::SameMeaning);
    assert!(!same || listed == 0);
}

/// Compares, and holds to what is promised, whatever the bytes are.
pub(crate) fn run(format: Format, before: &[u8], after: &[u8]) {
    if let Ok(made) = compare(format, Some(before), Some(after), Budget::default()) {
        sound(&made, std::str::from_utf8(before).unwrap(), std::str::from_utf8(after).unwrap());
        assert_eq!(compare(format, Some(before), Some(after), Budget::default()), Ok(made));
    }
    let _ = compare(format, None, Some(after), Budget::default());
    let same = compare(format, Some(after), Some(after), Budget::default());
    assert!(
        same.is_ok_and(|it| it.entries.is_empty() && it.more == 0)
            || std::str::from_utf8(after).is_err()
            || compare(format, None, Some(after), Budget::default()).is_err()
    );
}
