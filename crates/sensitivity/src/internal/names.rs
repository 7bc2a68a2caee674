//! Names that the owner listed: hosts, projects, customers, people. Any of them as a whole word is found, whatever its case.

use std::ops::Range;

use crate::finding::Kind;
use crate::found::Found;
use crate::text::Text;
use crate::{Category, Severity};

const NAME: Kind = Kind {
    id: "own-name",
    category: Category::Internal,
    why: "It is on the list of names that are not to be known outside.",
    fix: Some("Leave it out, or write what it is instead."),
};

/// The names, without what is empty and what is there twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    names: Vec<String>,
}

impl Names {
    pub(crate) fn new(names: &[String]) -> Self {
        let mut names: Vec<String> =
            names.iter().map(|it| it.trim().to_ascii_lowercase()).filter(|it| !it.is_empty()).collect();
        names.sort();
        names.dedup();
        Self { names }
    }

    /// The words to look for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }
}

/// Reports the name at `at`, if it is a whole word.
pub(crate) fn named(text: &Text<'_>, at: &Range<usize>, found: &mut Found) {
    if text.is_word(at) {
        found.report(&NAME, Severity::Warning, at.clone(), format_args!("Name from your list"));
    }
}
