//! What characters hide or pretend: [`characters`].
//!
//! What a character is comes from Unicode data. Where it is legitimate
//! depends on its neighbours: a joiner inside an emoji or a Persian word says
//! something, the same joiner inside a Latin word hides something.

mod bidi;
mod class;
mod controls;
mod invisible;
mod lookalikes;
mod spelling;

use std::ops::Range;

use crate::found::Found;
use crate::{Finding, Severity};

/// What the characters of `text` hide or pretend. `docs/findings.md` has the rules.
#[must_use]
pub fn characters(text: &[u8]) -> Vec<Finding> {
    let mut found = Found::default();
    controls::find(text, &mut found);
    if !text.is_ascii() {
        let mut homes = lookalikes::Homes::default();
        // Most texts are text from end to end, which is quicker to learn at once.
        if let Ok(text) = std::str::from_utf8(text) {
            lines(text).for_each(|line| homes.count(&text[line]));
            lines(text).for_each(|line| judge(&text[line.clone()], line.start, &homes, &mut found));
        } else {
            text.utf8_chunks().for_each(|chunk| homes.count(chunk.valid()));
            let mut at = 0;
            for chunk in text.utf8_chunks() {
                judge(chunk.valid(), at, &homes, &mut found);
                at += chunk.valid().len() + chunk.invalid().len();
            }
            no_text(text, &mut found);
        }
    }
    found.finish()
}

/// The lines of `text` that are not ASCII. What a character may do depends on nothing beyond its line, but for the
/// scripts that are at home.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let first = at + class::skip(&text.as_bytes()[at..], |byte| byte < 0x80)?;
        let start = text[at..first].rfind('\n').map_or(at, |it| at + it + 1);
        at = text[first..].find('\n').map_or(text.len(), |it| first + it);
        Some(start..at)
    })
}

/// Judges `text`, which begins at `base`.
fn judge(text: &str, base: usize, homes: &lookalikes::Homes, found: &mut Found) {
    bidi::find(text, base, found);
    invisible::find(text, base, found);
    spelling::find(text, base, found);
    lookalikes::find(text, base, homes, found);
}

/// Bytes that are not UTF-8; a run of them is one finding.
fn no_text(text: &[u8], found: &mut Found) {
    let mut report = |run: Range<usize>| {
        if !run.is_empty() {
            let title = format_args!("No text ({} bytes)", run.len());
            let why = "These bytes are not UTF-8, and programs may drop them or read something else in them.";
            found.add("invalid-utf8", Severity::Warning, run, title, why);
        }
    };
    let (mut run, mut at) = (0..0, 0);
    for chunk in text.utf8_chunks() {
        let start = at + chunk.valid().len();
        at = start + chunk.invalid().len();
        if run.end == start {
            run.end = at;
        } else {
            report(std::mem::replace(&mut run, start..at));
        }
    }
    report(run);
}
