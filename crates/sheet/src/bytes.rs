//! Documents of bytes that are no text: rows of sixteen, as numbers.

use std::ops::Range;

use countersign_core::digest::Digest;

use crate::changes;
use crate::count;
use crate::model::{Mark, Segment, SegmentKind, Stats, Tone, View};
use crate::page::Page;
use crate::segments::words;
use crate::text::is_binary;
use crate::wide::Wide;

/// Bytes in one row.
const ROW: usize = 16;

/// Equal rows that stay open on each side of a difference.
const CONTEXT: usize = 2;

/// Fills `page` with bytes. They take at most half of the room that is left, so that others keep some.
pub(crate) fn fill(page: &mut Page<'_>, before: Option<&[u8]>, after: Option<&[u8]>) {
    let text = changes::text(before.unwrap_or_default(), after.unwrap_or_default());
    let was_text = before.is_some_and(|it| !it.is_empty() && !is_binary(it)) && after.is_some_and(is_binary);
    page.fact_found("bytes, not text", vec![changes::not_text(was_text)], &text);
    let names = [before, after].map(|side| side.and_then(Wide::of).map(Wide::name));
    match names {
        [Some(was), Some(would)] if was != would => page.fact(format!("{was}, to {would}")),
        [Some(was), None] if after.is_some() => page.fact(format!("before: {was}")),
        [None, Some(would)] if before.is_some() => page.fact(format!("after: {would}")),
        [Some(name), _] | [_, Some(name)] => page.fact(name),
        [None, None] => {}
    }
    match (before, after) {
        (Some(before), Some(after)) if before == after && !page.claimed() => {
            page.fact("the same bytes before and after");
            page.document.view = View::Raw;
            listed(page, "Before and after", Mark::Same, after, page.left() / 2);
        }
        (Some(before), Some(after)) if is_binary(before) && is_binary(after) => {
            compared(page, before, after);
        }
        _ => {
            page.document.view = View::Raw;
            let room = page.left() / 2 / [before, after].iter().flatten().count().max(1);
            for (side, mark, name) in [(before, Mark::Removed, "Before"), (after, Mark::Added, "After")] {
                let Some(side) = side else { continue };
                listed(page, name, mark, side, room);
            }
        }
    }
}

/// All of one side, as far as there is `room`.
fn listed(page: &mut Page<'_>, name: &str, mark: Mark, side: &[u8], room: usize) {
    let digest = Digest::of(side);
    page.heading(name, format!("{}, SHA-256 {digest}", count::of(side.len() as u64, "byte")));
    let shown = rows(page, mark, side, 0..side.len(), room);
    page.hide((side.len() - shown) as u64, "byte", &format!("SHA-256 of the whole {digest}"), Vec::new());
}

/// What is the same on both sides, or in place of each other.
#[derive(Debug, PartialEq, Eq)]
struct Stretch {
    before: Range<usize>,
    after: Range<usize>,
    same: bool,
}

/// What differs, with what stays folded around it.
fn compared(page: &mut Page<'_>, before: &[u8], after: &[u8]) {
    page.document.view = View::Diff;
    let whole = format!("SHA-256 before {}, after {}", Digest::of(before), Digest::of(after));
    let sizes = [before, after].map(|side| count::of(side.len() as u64, "byte"));
    page.fact(if before.len() == after.len() { sizes[0].clone() } else { sizes.join(" to ") });
    page.fact("in rows of 16 bytes");
    page.heading("Before and after", whole.clone());
    let stretches = stretches(before, after);
    let size = |range: &Range<usize>| range.len().div_ceil(ROW);
    let all: usize = stretches.iter().map(|it| size(&it.before).max(size(&it.after))).sum();
    let mut room = page.left() / 2;
    // Where not all of it fits, what differs comes first and what stays as it is is not listed.
    let whole_fits = all * 2 <= room;
    let (mut hidden, mut passed, mut moved) = (0, 0, 0);
    for stretch in &stretches {
        let Stretch { before: from, after: to, same } = stretch;
        if *same && !whole_fits && page.claimed() {
            hidden += to.len();
            continue;
        }
        if *same && !whole_fits && room == 0 {
            // A row for each would be as many as there are stretches.
            passed += to.len();
            continue;
        }
        if *same {
            let by = to.start as i64 - from.start as i64;
            if by != moved {
                moved = by;
                let text = format!(
                    "What follows stands at {:08x} before, and at {:08x} after",
                    from.start, to.start
                );
                page.note(Tone::Plain, vec![words(text)]);
            }
            if whole_fits {
                let first = page.rows();
                rows(page, Mark::Same, after, to.clone(), usize::MAX);
                let open = |at: usize, end: usize| if at == end { 0 } else { CONTEXT };
                let fold = first + open(to.start, 0)..page.rows() - open(to.end, after.len());
                if fold.len() > 1 {
                    page.fold(fold);
                }
                page.document.stats.unchanged += size(to) as u64;
            } else {
                let text = format!("{} not listed", count::of(to.len() as u64, "unchanged byte"));
                page.note(Tone::Plain, vec![words(text)]);
            }
            continue;
        }
        for (side, range, mark) in [(before, from, Mark::Removed), (after, to, Mark::Added)] {
            let shown = rows(page, mark, side, range.clone(), room);
            room = room.saturating_sub(shown.div_ceil(ROW));
            hidden += range.len() - shown;
        }
        let Stats { added, removed, .. } = &mut page.document.stats;
        *added += size(to) as u64;
        *removed += size(from) as u64;
    }
    if passed > 0 {
        let text = format!("{} not listed further down", count::of(passed as u64, "unchanged byte"));
        page.note(Tone::Plain, vec![words(text)]);
    }
    page.hide(hidden as u64, "byte", &whole, Vec::new());
}

/// Both sides in stretches. Of two ways to lay them side by side the one with more that is the same.
fn stretches(before: &[u8], after: &[u8]) -> Vec<Stretch> {
    let in_place = in_place(before, after);
    if before.len() == after.len() {
        return in_place;
    }
    let inserted = inserted(before, after);
    let same = |all: &[Stretch]| all.iter().filter(|it| it.same).map(|it| it.after.len()).sum::<usize>();
    if same(&inserted) > same(&in_place) { inserted } else { in_place }
}

/// Row by row at the same place; the longer side has an end of its own.
fn in_place(before: &[u8], after: &[u8]) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let row = |side: &[u8], at: usize| at.min(side.len())..(at + ROW).min(side.len());
    for at in (0..before.len().max(after.len())).step_by(ROW) {
        let (from, to) = (row(before, at), row(after, at));
        let same = before[from.clone()] == after[to.clone()];
        match all.last_mut() {
            Some(last) if last.same == same => (last.before.end, last.after.end) = (from.end, to.end),
            _ => all.push(Stretch { before: from, after: to, same }),
        }
    }
    all
}

/// One beginning, one end, and something else between them.
fn inserted(before: &[u8], after: &[u8]) -> Vec<Stretch> {
    let begins = before.iter().zip(after).take_while(|(one, other)| one == other).count() / ROW * ROW;
    let (rest, other) = (&before[begins..], &after[begins..]);
    let ends = rest.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
    let middle = (begins..before.len() - ends, begins..after.len() - ends);
    let all = [
        Stretch { before: 0..begins, after: 0..begins, same: true },
        Stretch { before: middle.0.clone(), after: middle.1.clone(), same: false },
        Stretch { before: middle.0.end..before.len(), after: middle.1.end..after.len(), same: true },
    ];
    all.into_iter().filter(|it| it.before.len() + it.after.len() > 0).collect()
}

/// The rows of a range, at most `most` of them; how many bytes are on them.
fn rows(page: &mut Page<'_>, mark: Mark, side: &[u8], range: Range<usize>, most: usize) -> usize {
    let wide = Wide::of(side);
    let mut shown = 0;
    for row in side[range.clone()].chunks(ROW).take(most) {
        if !page.line(None, None, None, mark, hex_row(row, range.start + shown, wide)) {
            break;
        }
        shown += row.len();
    }
    shown
}

/// `00000010  7f 45 4c 46 …  .ELF…`
fn hex_row(row: &[u8], at: usize, wide: Option<Wide>) -> Vec<Segment> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = String::with_capacity(row.len() * 3);
    for byte in row {
        if !hex.is_empty() {
            hex.push(' ');
        }
        hex.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
    }
    let ascii = |byte: &u8| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '.' };
    let gap = " ".repeat((ROW - row.len()) * 3 + 2);
    let letters = match wide {
        None => row.iter().map(ascii).collect(),
        Some(wide) => wide.letters(row),
    };
    // Somebody's letters, which stand for no bytes of their own: those are beside them.
    let letters = Segment { kind: SegmentKind::Text, display: letters, ..words("") };
    let bytes = Segment { source: at..at + row.len(), kind: SegmentKind::Bytes, ..words(hex) };
    vec![words(format!("{at:08x}  ")), bytes, words(gap), letters]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(before: &[u8], after: &[u8]) -> Vec<(usize, usize, bool)> {
        let all = stretches(before, after);
        for (side, of) in [(before, 0), (after, 1)] {
            let mut end = 0;
            for it in &all {
                let range = if of == 0 { &it.before } else { &it.after };
                assert_eq!(range.start, end, "{all:?}");
                end = range.end;
            }
            assert_eq!(end, side.len(), "{all:?}");
        }
        for it in all.iter().filter(|it| it.same) {
            assert_eq!(before[it.before.clone()], after[it.after.clone()]);
        }
        all.iter().map(|it| (it.before.len(), it.after.len(), it.same)).collect()
    }

    fn noise(size: usize) -> Vec<u8> {
        (0..size as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    #[test]
    fn one_byte_is_one_row() {
        let before = noise(1000);
        let mut after = before.clone();
        after[500] ^= 1;
        assert_eq!(laid(&before, &after), [(496, 496, true), (16, 16, false), (488, 488, true)]);
    }

    #[test]
    fn what_is_put_in_moves_the_rest_and_leaves_it_the_same() {
        let before = noise(1000);
        let after = [&before[..500], b"new", &before[500..]].concat();
        assert_eq!(laid(&before, &after), [(496, 496, true), (4, 7, false), (500, 500, true)]);
        assert_eq!(laid(&after, &before), [(496, 496, true), (7, 4, false), (500, 500, true)]);
    }

    #[test]
    fn what_is_appended_leaves_pages_in_place() {
        let before = noise(1000);
        let mut after = [before.clone(), noise(300)].concat();
        after[20] ^= 1;
        let laid = laid(&before, &after);
        assert_eq!(laid[..3], [(16, 16, true), (16, 16, false), (960, 960, true)]);
        assert_eq!(laid.len(), 4);
    }

    #[test]
    fn sides_without_anything_in_common_or_without_bytes_are_covered() {
        assert_eq!(laid(&[0; 40], &[1; 20]), [(40, 20, false)]);
        assert_eq!(laid(b"", &[1; 20]), [(0, 20, false)]);
        assert_eq!(laid(&[1; 20], b""), [(20, 0, false)]);
        for size in 0..70 {
            laid(&[7; 33], &vec![7; size]);
        }
    }
}
