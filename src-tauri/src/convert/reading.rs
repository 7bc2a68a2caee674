//! What was found in a sheet, its changes, and what of it can be copied.

use countersign_reviewer::{Change, Copyable, Copying, Hit, Marked, NotExact, Pair, Side, Sought};
use countersign_sheet::Sheet;

use super::count;
use crate::wire;

pub(crate) fn sought(sheet: &Sheet, sought: &Sought, from: &wire::SeekFrom) -> wire::Sought {
    let hit = match from {
        wire::SeekFrom::Row { document, row } => sought.from(sheet, *document as usize, *row as usize),
        wire::SeekFrom::Hit { index } => sought.hit(sheet, *index as usize),
    };
    wire::Sought { total: count(sought.total()), above: count(sought.above()), hit: hit.map(one) }
}

fn one(hit: Hit) -> wire::Hit {
    wire::Hit { index: count(hit.index), document: count(hit.document), row: count(hit.row) }
}

/// As JSON.
pub(crate) fn marks(marked: &[Marked]) -> Vec<u8> {
    let one = |it: &Marked| wire::HitMark {
        row: count(it.row),
        column: count(it.column),
        from: count(it.units.start),
        to: count(it.units.end),
        first: count(it.hits.start),
        last: count(it.hits.end),
    };
    countersign_core::json::to_bytes(&marked.iter().map(one).collect::<Vec<_>>())
}

pub(crate) fn step(change: Change) -> wire::Step {
    wire::Step {
        index: count(change.index),
        of: count(change.of),
        document: count(change.document),
        from: count(change.rows.start),
        to: count(change.rows.end),
    }
}

pub(crate) fn pairs(all: &[Pair]) -> Vec<u8> {
    let one = |it: &Pair| wire::Pair {
        from: count(it.removed.start),
        middle: count(it.added.start),
        to: count(it.added.end),
    };
    countersign_core::json::to_bytes(&all.iter().map(one).collect::<Vec<_>>())
}

pub(crate) fn copying(what: &wire::Copying) -> Copying {
    let side = |side: &wire::Side| match side {
        wire::Side::Before => Side::Before,
        wire::Side::After => Side::After,
    };
    match what {
        wire::Copying::Exact { side: of } => Copying::Exact(side(of)),
        wire::Copying::Escaped { side: of } => Copying::Escaped(side(of)),
        wire::Copying::Rows => Copying::Rows,
    }
}

pub(crate) fn copyable(it: Copyable) -> wire::Copyable {
    wire::Copyable {
        side: match it.side {
            Side::Before => wire::Side::Before,
            Side::After => wire::Side::After,
        },
        size: it.size,
        exact: it.exact.is_ok(),
        escaped: it.exact != Err(NotExact::TooLong),
        says: match &it.exact {
            Ok(unseen) => unseen_says(unseen),
            Err(NotExact::NotText) => Some("Not exactly: it is not UTF-8 text.".to_owned()),
            Err(NotExact::Nul) => {
                Some("Not exactly: it contains NUL, where a clipboard ends a text.".to_owned())
            }
            Err(NotExact::TooLong) => Some("Not copied: it is longer than 8 MiB.".to_owned()),
        },
    }
}

/// Kinds of characters that are named.
const NAMED: usize = 3;

fn unseen_says(unseen: &[(String, usize)]) -> Option<String> {
    let total: usize = unseen.iter().map(|(_, count)| count).sum();
    let named: Vec<_> = unseen.iter().take(NAMED).map(|(label, count)| format!("{count} {label}")).collect();
    let more = match unseen.len().saturating_sub(NAMED) {
        0 => String::new(),
        1 => " and 1 more kind".to_owned(),
        more => format!(" and {more} more kinds"),
    };
    let (characters, come) = if total == 1 { ("character", "comes") } else { ("characters", "come") };
    (total > 0).then(|| {
        format!(
            "With the exact bytes {come} {total} invisible or control {characters}: {}{more}. A terminal or an editor \
             may act on them.",
            named.join(", ")
        )
    })
}

pub(crate) fn compared(name: &str) -> wire::Decided {
    wire::Decided {
        digest: String::new(),
        title: format!("Opened in {name}."),
        hint: "What it shows are copies, which are removed when it is closed. Editing them changes nothing, and what                is read there does not count as displayed here."
            .to_owned(),
    }
}
