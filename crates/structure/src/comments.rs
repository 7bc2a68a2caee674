//! Which comments came and went.

use std::collections::HashMap;
use std::ops::Range;

/// The comments of a YAML stream: what begins with `#`, after a space or at the start of a line, between scalars.
pub(crate) fn between(text: &str, scalars: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for scalar in scalars {
        within(text, at..scalar.start, &mut found);
        at = at.max(scalar.end);
    }
    within(text, at..text.len(), &mut found);
    found
}

fn within(text: &str, gap: Range<usize>, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut at = gap.start;
    while at < gap.end {
        let starts = at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b'\n' | b'\r');
        if bytes[at] == b'#' && starts {
            let end = bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let end = end.map_or(bytes.len(), |length| at + length);
            found.push(at..end);
            at = end;
        }
        at += 1;
    }
}

/// How many comments of each side the other does not have.
pub(crate) fn differ(before: (&str, &[Range<usize>]), after: (&str, &[Range<usize>])) -> (u64, u64) {
    let mut times: HashMap<&str, i64> = HashMap::new();
    for ((text, comments), one) in [(before, -1), (after, 1)] {
        for comment in comments {
            *times.entry(text[comment.clone()].trim_end()).or_default() += one;
        }
    }
    let sum = |sign: i64| times.values().map(|it| (it * sign).max(0) as u64).sum();
    (sum(1), sum(-1))
}
