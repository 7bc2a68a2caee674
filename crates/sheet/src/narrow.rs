//! Rows for a window that is too narrow for them: each as several lines, nothing left out.
//!
//! It is no part of a sheet. The same row, counted and seen as one, is drawn as more lines of the same height.

use crate::model::{Row, Segment, SegmentKind, WIDTH};
use crate::page::{LABEL, LEAF, PATH};
use crate::unicode;
use crate::wrap::{CHIP_FRAME, wrap_columns};

/// No line is made narrower.
const LEAST: usize = 16;

/// The least columns with which no row needs more than one line.
const WIDEST: usize = WIDTH + LABEL;

/// How many lines `row` needs in `columns` columns.
#[must_use]
pub fn height(row: &Row, columns: usize) -> usize {
    if fits(row, columns) { 1 } else { narrow(row, columns).len() }
}

/// `row` as lines of at most `columns` columns, its margins not counted. All but the first are marked as continued.
#[must_use]
pub fn narrow(row: &Row, columns: usize) -> Vec<Row> {
    if fits(row, columns) {
        return vec![row.clone()];
    }
    let texts = texts(row).into_iter().cloned().zip(widths(row, columns)).collect();
    let lines = wrap_columns(texts).into_iter().enumerate();
    lines.map(|(at, texts)| with(row, texts, at > 0)).collect()
}

fn fits(row: &Row, columns: usize) -> bool {
    texts(row).into_iter().zip(widths(row, columns)).all(|(text, width)| {
        let mut used = 0;
        text.iter().all(|it| {
            used += taken(it);
            used <= width
        })
    })
}

/// Columns that a segment takes, as `wrap` counts them.
fn taken(segment: &Segment) -> usize {
    let columns = || segment.display.chars().map(unicode::width).sum::<usize>();
    match segment.kind {
        SegmentKind::Chip { .. } => segment.display.chars().count() + CHIP_FRAME,
        SegmentKind::Joined { .. } if !segment.rtl => columns().max(2),
        SegmentKind::Bytes => segment.display.len(),
        _ if segment.display.is_ascii() => segment.display.len(),
        _ => columns(),
    }
}

/// What of `columns` each text of `row` has, in the proportions of a whole row.
fn widths(row: &Row, columns: usize) -> Vec<usize> {
    let columns = columns.max(LEAST);
    let part = |of: usize| (columns * of / WIDTH).clamp(4, of);
    match row {
        Row::Line { .. } | Row::Argument { .. } | Row::Note { .. } => vec![columns],
        Row::Field { .. } => {
            // Its margins are narrower than those of other rows, and it is wider.
            let whole = (columns + 10).min(WIDEST);
            let label = (whole * LABEL / WIDEST).clamp(8, LABEL);
            vec![label, whole.saturating_sub(label).max(LEAST / 2)]
        }
        Row::Grant { .. } => vec![part(WIDTH / 2), part(WIDTH / 4), part(WIDTH / 4)],
        Row::Entry { .. } => vec![part(PATH), part(LEAF), part(LEAF)],
        // In smaller letters.
        Row::Object { sha256, .. } if !sha256.is_empty() => vec![columns * 12 / 11],
        Row::Object { columns: all, .. } => {
            // Beside them stands a size.
            let left = columns.saturating_sub(19).clamp(LEAST, WIDTH);
            vec![(left / all.len().max(1)).clamp(4, WIDTH / all.len().clamp(1, 4)); all.len()]
        }
        Row::Heading { .. } => vec![],
    }
}

fn texts(row: &Row) -> Vec<&Vec<Segment>> {
    match row {
        Row::Line { segments, .. } | Row::Argument { segments, .. } | Row::Note { segments, .. } => {
            vec![segments]
        }
        Row::Field { label, segments, .. } => vec![label, segments],
        Row::Grant { name: first, before, after, .. } | Row::Entry { path: first, before, after, .. } => {
            vec![first, before, after]
        }
        Row::Object { sha256, .. } if !sha256.is_empty() => vec![sha256],
        Row::Object { columns, .. } => columns.iter().collect(),
        Row::Heading { .. } => vec![],
    }
}

/// A line of `row` with these texts.
fn with(row: &Row, texts: Vec<Vec<Segment>>, below: bool) -> Row {
    let mut line = row.clone();
    let mut texts = texts.into_iter();
    let mut next = || texts.next().unwrap_or_default();
    match &mut line {
        Row::Line { before, after, moved, continued, segments, .. } => {
            *segments = next();
            *continued |= below;
            if below {
                (*before, *after, *moved) = (None, None, None);
            }
        }
        Row::Argument { continued, segments, .. } | Row::Note { continued, segments, .. } => {
            *segments = next();
            *continued |= below;
        }
        Row::Field { label, continued, segments } => {
            (*label, *segments) = (next(), next());
            *continued |= below;
        }
        Row::Grant { name: first, before, after, continued, .. }
        | Row::Entry { path: first, before, after, continued, .. } => {
            (*first, *before, *after) = (next(), next(), next());
            *continued |= below;
        }
        Row::Object { columns, size, sha256, continued } => {
            if sha256.is_empty() {
                columns.iter_mut().for_each(|column| *column = next());
            } else {
                *sha256 = next();
            }
            *continued |= below;
            if below {
                size.clear();
            }
        }
        Row::Heading { .. } => {}
    }
    if below && let Row::Grant { tag, .. } = &mut line {
        *tag = None;
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Mark;
    use crate::segments::segments;
    use crate::wrap::wrap;

    fn line(text: &str) -> Row {
        let segments = wrap(segments(text.as_bytes()), WIDTH).swap_remove(0);
        Row::Line {
            before: Some(1),
            after: Some(1),
            moved: None,
            mark: Mark::Same,
            continued: false,
            segments,
        }
    }

    fn shown(row: &Row) -> Vec<String> {
        texts(row).iter().map(|text| text.iter().map(|it| it.display.as_str()).collect()).collect()
    }

    #[test]
    fn a_row_that_fits_is_one_line_and_another_several_with_one_number() {
        let row = line("let x = call(one, two, three);");
        assert_eq!(narrow(&row, 40), std::slice::from_ref(&row));
        let cut = narrow(&row, 20);
        assert_eq!(cut.iter().flat_map(shown).collect::<Vec<_>>(), ["let x = call(one,", " two, three);"]);
        assert!(matches!(cut[1], Row::Line { before: None, after: None, continued: true, .. }));
        assert_eq!(height(&row, 20), 2);
    }

    #[test]
    fn columns_keep_their_proportions() {
        let text = |text: &str| segments(text.as_bytes());
        let row = Row::Object {
            columns: vec![text(&"a".repeat(30)), text("b")],
            size: text("1 byte"),
            sha256: Vec::new(),
            continued: false,
        };
        let cut = narrow(&row, 39);
        assert_eq!(
            cut.iter().map(shown).collect::<Vec<_>>(),
            [["a".repeat(10), "b".into()], ["a".repeat(10), String::new()], ["a".repeat(10), String::new()]]
        );
        assert!(matches!(&cut[1], Row::Object { size, continued: true, .. } if size.is_empty()));
        let sha256 = text(&format!("SHA-256 {}", "0".repeat(64)));
        let digest = Row::Object { columns: vec![vec![]; 2], size: vec![], sha256, continued: true };
        assert_eq!(narrow(&digest, 66), std::slice::from_ref(&digest));
        assert_eq!(narrow(&digest, 40).iter().flat_map(shown).collect::<String>(), shown(&digest).concat());
    }

    proptest! {
        #[test]
        fn nothing_is_left_out_and_nothing_is_too_wide(text in "([ -~]|é|字|\u{202e}|👨‍👩‍👧|\t){0,120}", columns in 16_usize..100) {
            let row = line(&text);
            let cut = narrow(&row, columns);
            prop_assert_eq!(cut.len(), height(&row, columns));
            let joined: String = cut.iter().flat_map(shown).collect();
            prop_assert_eq!(joined, shown(&row).concat());
            for it in &cut {
                let parts = texts(it)[0];
                let used: usize = parts.iter().map(taken).sum();
                prop_assert!(used <= columns || parts.len() == 1, "{used} in {columns}");
            }
        }
    }
}
