//! Reads back what segments draw.

use countersign_sheet::{Mark, Row, Segment, SegmentKind};
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory as Gc;

/// The bytes that a chip stands for, read off its label alone.
pub(crate) fn bytes_of_label(label: &str) -> Option<Vec<u8>> {
    let (label, count) = match label.rsplit_once(" x") {
        Some((label, count)) if count.bytes().all(|byte| byte.is_ascii_digit()) => {
            (label, count.parse().ok()?)
        }
        _ => (label, 1),
    };
    let one = match label {
        "empty" => String::new(),
        "SP" => " ".to_owned(),
        "TAB" => "\t".to_owned(),
        "LF" => "\n".to_owned(),
        "CR" => "\r".to_owned(),
        _ => {
            let code = label.rsplit(' ').next()?.strip_prefix("U+")?;
            char::from_u32(u32::from_str_radix(code, 16).ok()?)?.to_string()
        }
    };
    Some(one.repeat(count).into_bytes())
}

pub(crate) fn bytes_of_numbers(text: &str) -> Option<Vec<u8>> {
    let (digits, rest) = text.as_bytes().as_chunks::<4>();
    let byte = |it: &[u8; 4]| u8::from_str_radix(std::str::from_utf8(&it[2..]).ok()?, 16).ok();
    rest.is_empty().then(|| digits.iter().map(byte).collect())?
}

/// What a reader who sees only the drawn segments knows about the bytes.
pub(crate) fn bytes_of_display(segments: &[Segment]) -> Option<Vec<u8>> {
    let one = |it: &Segment| match it.kind {
        SegmentKind::Text | SegmentKind::Changed | SegmentKind::Joined { .. } => {
            Some(it.display.clone().into_bytes())
        }
        SegmentKind::Chip { .. } => bytes_of_label(&it.display),
        SegmentKind::Bytes => bytes_of_numbers(&it.display),
        SegmentKind::Words | SegmentKind::Mask => None,
    };
    Some(segments.iter().map(one).collect::<Option<Vec<_>>>()?.concat())
}

/// Reads back what `plain` wrote.
pub(crate) fn bytes_of_plain(mut text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(first) = text.chars().next() {
        let rest = &text[first.len_utf8()..];
        text = if first != '\\' {
            bytes.extend(first.to_string().bytes());
            rest
        } else if let Some(rest) = rest.strip_prefix('\\') {
            bytes.push(b'\\');
            rest
        } else if let Some(rest) = rest.strip_prefix('x') {
            bytes.push(u8::from_str_radix(rest.get(..2)?, 16).ok()?);
            &rest[2..]
        } else if let Some(rest) = rest.strip_prefix("u{") {
            let (code, rest) = rest.split_once('}')?;
            bytes.extend(char::from_u32(u32::from_str_radix(code, 16).ok()?)?.to_string().bytes());
            rest
        } else {
            let (label, rest) = rest.strip_prefix('<')?.split_once('>')?;
            bytes.extend(bytes_of_label(label)?);
            rest
        };
    }
    Some(bytes)
}

/// One side, read off the drawn rows alone; `end` is how all lines end when that is a fact of the document.
pub(crate) fn side_of_rows(rows: &[Row], side: Mark, end: &str) -> Option<Vec<u8>> {
    let mut lines: Vec<Vec<Segment>> = Vec::new();
    for row in rows {
        let Row::Line { mark, continued, segments, .. } = row else { continue };
        if *mark == side || *mark == Mark::Same {
            if *continued {
                lines.last_mut()?.extend_from_slice(segments)
            } else {
                lines.push(segments.clone())
            }
        }
    }
    let mut all = Vec::new();
    for mut line in lines {
        let end = match line.last().map(|it| (it.kind, it.display.as_str())) {
            Some((SegmentKind::Chip { .. }, label @ ("LF" | "CRLF" | "no newline"))) => {
                let end = match label {
                    "LF" => "\n",
                    "CRLF" => "\r\n",
                    _ => "",
                };
                line.pop();
                end
            }
            _ => end,
        };
        all.extend(bytes_of_display(&line)?);
        all.extend(end.bytes());
    }
    Some(all)
}

/// One side, read off rows of numbers with their places before them.
pub(crate) fn side_of_bytes(rows: &[Row], side: Mark) -> Option<Vec<u8>> {
    let of_side = rows.iter().filter_map(|row| match row {
        Row::Line { mark, segments, .. } if *mark == side || *mark == Mark::Same => Some(segments),
        _ => None,
    });
    let numbers = of_side.flatten().filter(|it| it.kind == SegmentKind::Bytes);
    let numbers = numbers.flat_map(|it| it.display.split_whitespace());
    numbers.map(|it| u8::from_str_radix(it, 16).ok()).collect()
}

/// Whether nothing in a segment is drawn as nothing, but where it says so by its kind.
pub(crate) fn is_seen(segment: &Segment) -> bool {
    let joins = |ch: char| matches!(ch, '\u{200c}' | '\u{200d}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}');
    match segment.kind {
        SegmentKind::Text | SegmentKind::Changed => segment.display.chars().all(is_plain),
        SegmentKind::Joined { .. } => {
            // Each hidden character follows a seen one, or is the joiner between a selector and a seen one; but in
            // three flags.
            let flag = segment.display.starts_with('\u{1f3f4}');
            let chars: Vec<char> = segment.display.chars().collect();
            let seen = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|ch| !joins(*ch));
            let between = |at: usize| {
                at > 0 && (chars[at - 1], chars[at]) == ('\u{fe0f}', '\u{200d}') && seen(Some(at + 1))
            };
            chars.iter().enumerate().all(|(at, ch)| match joins(*ch) {
                true => seen(at.checked_sub(1)) || between(at) || (flag && at > 0),
                false => is_plain(*ch),
            })
        }
        SegmentKind::Words | SegmentKind::Chip { .. } | SegmentKind::Bytes | SegmentKind::Mask => true,
    }
}

fn is_plain(ch: char) -> bool {
    let class = CodePointMapData::<Gc>::new().get(ch);
    let unseen = [
        Gc::Control,
        Gc::Format,
        Gc::LineSeparator,
        Gc::ParagraphSeparator,
        Gc::PrivateUse,
        Gc::Surrogate,
        Gc::Unassigned,
    ];
    ch == ' '
        || !(unseen.contains(&class) || class == Gc::SpaceSeparator || matches!(ch, '\u{fe00}'..='\u{fe0f}'))
}
