//! What people see in place of any bytes, and in a terminal.

use std::ops::Range;

use countersign_sensitivity::{Category, Reach, Rules};
use countersign_sheet::{ChipTone, Segment, SegmentKind, plain, segments, value};

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
    reads_or_names(input);
}

/// Lines beside a sheet draw every byte as above, and a chip in the place of each secret.
fn reads_or_names(input: &[u8]) {
    let secrets = secrets(input);
    let (lines, more) = countersign_sheet::lines(input, 8);
    let mut at = 0;
    for (line, text) in lines.iter().zip(input.split(|byte| *byte == b'\n')) {
        let end = at + text.len();
        for segment in line {
            assert_eq!(segment.source.start, at, "{segment:?}");
            at = segment.source.end;
            let is_secret = |it: &Range<usize>| it.start < at && segment.source.start < it.end;
            if secrets.iter().any(is_secret) {
                assert_eq!(segment.kind, SegmentKind::Chip { tone: ChipTone::Neutral }, "{segment:?}");
                assert!(segment.display.contains(" character"), "{segment:?}");
            } else {
                let own = bytes_of_display(std::slice::from_ref(segment));
                assert_eq!(own.as_deref(), input.get(segment.source.clone()), "{segment:?}");
            }
        }
        assert_eq!(at, end, "{line:?}");
        at += 1;
    }
    assert!(lines.len() <= 8);
    assert_eq!(more, input.len().saturating_sub(at) as u64);
}

fn secrets(input: &[u8]) -> Vec<Range<usize>> {
    let found = Rules::built_in().scan(input, Reach::Public);
    let secrets = found.into_iter().filter(|it| it.category == Category::Secret);
    secrets.flat_map(|it| [it.range].into_iter().chain(it.also)).collect()
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
