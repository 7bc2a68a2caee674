//! TODO

use std::ops::Range;

use crate::found::Found;
use crate::text::Text;

/// The words at which this detector looks. A hit names one by its place in the list.
pub(crate) fn words() -> Vec<&'static str> {
    Vec::new()
}

/// What was looked at so far in one text.
#[derive(Default)]
pub(crate) struct Look {}

impl Look {
    /// Looks where a word stands. Called in the order of the ends of the words.
    pub(crate) fn hit(&mut self, _text: &Text<'_>, _at: &Range<usize>, _word: u16, _found: &mut Found) {}
}
