//! What was found in a sheet, its changes, and what of it can be copied.

use countersign_reviewer::{
    Change, Compared, Copyable, Copying, Drawn, Fault, Hit, Marked, NotExact, Pair, Picture, PictureFormat,
    Pictured, Pixels, Seen, Side, Sought,
};
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

pub(crate) fn pictured(which: &wire::Pictured) -> Pictured {
    match which {
        wire::Pictured::Before => Pictured::Before,
        wire::Pictured::After => Pictured::After,
        wire::Pictured::Difference => Pictured::Difference,
    }
}

/// How long the words are, in four bytes, the words, and the pixels.
pub(crate) fn picture(picture: &Picture) -> Vec<u8> {
    let about = picture.about.as_ref().map(|it| wire::AboutPicture {
        format: match it.anatomy.format {
            PictureFormat::Png => "PNG",
            PictureFormat::Jpeg => "JPEG",
            PictureFormat::Gif => "GIF",
            PictureFormat::Webp => "WebP",
        }
        .to_owned(),
        size: it.size,
        says: it.anatomy.measure(),
        remarks: it.remarks.clone(),
    });
    let (seen, pixels) = seen(&picture.seen);
    let words = serde_json::to_vec(&wire::Picture { about, seen }).unwrap_or_default();
    [&count(words.len()).to_le_bytes()[..], &words, pixels.map_or(&[][..], |it| &it.rgba)].concat()
}

fn seen(seen: &Seen) -> (wire::SeenPicture, Option<&Pixels>) {
    let not = |why: &str| (wire::SeenPicture::Not { why: why.to_owned() }, None);
    match seen {
        Seen::Absent => (wire::SeenPicture::Absent, None),
        Seen::Drawn(Drawn { width, height, pixels }) => {
            let (across, down) = (pixels.width, pixels.height);
            (wire::SeenPicture::Drawn { width: *width, height: *height, across, down }, Some(pixels))
        }
        Seen::Compared(Compared::Same) => (wire::SeenPicture::Same, None),
        Seen::Compared(Compared::Sizes([before, after])) => {
            (wire::SeenPicture::Sizes { before: (*before).into(), after: (*after).into() }, None)
        }
        Seen::Compared(Compared::Differ(it)) => {
            let differ = wire::SeenPicture::Differ {
                width: it.width,
                height: it.height,
                across: it.pixels.width,
                down: it.pixels.height,
                changed: u32::try_from(it.changed).unwrap_or(u32::MAX),
                unseen: u32::try_from(it.unseen).unwrap_or(u32::MAX),
                area: it.area,
            };
            (differ, Some(&it.pixels))
        }
        Seen::Not(Fault::Unknown) => not("This is no picture that is drawn here."),
        Seen::Not(Fault::Large) => not("Not drawn: it has too many pixels. Its exact rows are below."),
        Seen::Not(Fault::Broken) => {
            not("Not drawn: it is not as a file of its kind has to be. Its exact rows are below.")
        }
        Seen::Stopped => not("Not drawn: reading it took too long or failed. Its exact rows are below."),
    }
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
