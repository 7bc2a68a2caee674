//! Folds away long runs of unchanged rows.

use std::ops::Range;

use crate::{Kind, Row};

/// Unchanged rows that stay open on each side of what is shown.
pub const CONTEXT: usize = 3;

/// Unchanged rows that may be closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Indices into the rows.
    pub rows: Range<usize>,
}

/// The folds of `rows`, in order: runs of more than twice `context` unchanged
/// rows, without the `context` rows beside a row that is shown.
///
/// `shown` names unchanged rows that must stay open, because a finding lies
/// in them for example; they get context as a change does. The first and the
/// last row have nothing beside them, so there a fold reaches to the end.
#[must_use]
pub fn folds(rows: &[Row], context: usize, shown: impl Fn(usize) -> bool) -> Vec<Fold> {
    let mut folds = Vec::new();
    let mut start = 0;
    for end in 0..=rows.len() {
        if rows.get(end).is_some_and(|row| row.kind == Kind::Same && !shown(end)) {
            continue;
        }
        if end - start > context.saturating_mul(2) {
            let first = if start == 0 { 0 } else { start + context };
            let last = if end == rows.len() { end } else { end - context };
            folds.push(Fold { rows: first..last });
        }
        start = end + 1;
    }
    folds
}
