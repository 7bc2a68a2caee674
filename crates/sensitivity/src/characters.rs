//! What characters hide or pretend: [`characters`].
//!
//! What a character is comes from Unicode data. Where it is legitimate
//! depends on its neighbours: a joiner inside an emoji or a Persian word says
//! something, the same joiner inside a Latin word hides something.

mod bidi;
mod class;
mod controls;
mod invisible;

use crate::Finding;
use crate::found::Found;

/// What the characters of `text` hide or pretend. `docs/findings.md` has the rules.
#[must_use]
pub fn characters(text: &[u8]) -> Vec<Finding> {
    let mut found = Found::default();
    controls::find(text, &mut found);
    if !text.is_ascii() {
        let mut at = 0;
        for chunk in text.utf8_chunks() {
            let valid = chunk.valid();
            bidi::find(valid, at, &mut found);
            invisible::find(valid, at, &mut found);
            at += valid.len() + chunk.invalid().len();
        }
    }
    found.finish()
}
