//! What people see in place of any bytes, and in a terminal.

use countersign_sheet::{Segment, SegmentKind, plain, segments, value};

use crate::read::{bytes_of_display, bytes_of_plain, is_seen};

pub(crate) fn run(input: &[u8]) {
    for made in [segments(input), value(input)] {
        covers(&made, input);
        let text = plain(&made);
        assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{text:?}");
        assert_eq!(bytes_of_plain(&text).as_deref(), Some(input), "{text}");
    }
    let made = value(input);
    let at_end = |it: Option<&Segment>, is_space: fn(&str) -> bool| {
        it.is_some_and(|it| it.kind == SegmentKind::Text && is_space(&it.display))
    };
    assert!(!at_end(made.first(), |text| text.starts_with(' ')));
    assert!(!at_end(made.last(), |text| text.ends_with(' ')));
    let (lines, more) = countersign_sheet::lines(input, 8);
    let drawn: Vec<_> = lines.iter().map(|line| bytes_of_display(line).unwrap()).collect();
    let drawn = drawn.join(b"\n".as_slice());
    let end = input.len() - more as usize;
    assert_eq!(input[..end].strip_prefix(drawn.as_slice()).map(|it| it == b"" || it == b"\n"), Some(true));
}

/// Every byte is in one segment, in order, and each segment draws its own so that they can be read off it.
fn covers(made: &[Segment], input: &[u8]) {
    let mut at = 0;
    for segment in made {
        assert_eq!(segment.source.start, at, "{segment:?}");
        at = segment.source.end;
        assert!(!segment.display.is_empty() && is_seen(segment), "{segment:?}");
        let own = bytes_of_display(std::slice::from_ref(segment));
        assert_eq!(own.as_deref(), input.get(segment.source.clone()), "{segment:?}");
    }
    assert_eq!(at, input.len());
}
