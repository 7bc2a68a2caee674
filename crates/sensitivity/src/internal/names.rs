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

/// The most names, and the most bytes of one. Shorter ones than the least would be found everywhere.
const MOST_NAMES: usize = 5000;
const MOST_BYTES: usize = 200;
const LEAST_LETTERS: usize = 3;

/// The names of a list: one on a line, without empty lines and those that begin with `#`.
///
/// # Errors
///
/// Why the list cannot be used, with its line and without a word of it.
pub fn own_names(text: &str) -> Result<Vec<String>, String> {
    let lines = (1..).zip(text.lines()).map(|(at, line)| (at, line.trim()));
    let mut made = Vec::new();
    for (at, name) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        if name.chars().count() < LEAST_LETTERS {
            return Err(format!(
                "line {at} has fewer than {LEAST_LETTERS} characters and would be found everywhere"
            ));
        }
        if name.len() > MOST_BYTES {
            return Err(format!("line {at} has more than {MOST_BYTES} bytes"));
        }
        made.push(name.to_owned());
    }
    if made.len() > MOST_NAMES {
        return Err(format!("there are more than {MOST_NAMES} names"));
    }
    Ok(made)
}

/// The names, without what is empty and what is there twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    names: Vec<String>,
}

impl Names {
    pub(crate) fn new(names: &[String]) -> Self {
        // Of ASCII letters the case makes no difference where they are looked for; of others these three are.
        let cases = |it: &String| {
            let name = it.trim();
            [name.to_owned(), name.to_lowercase(), name.to_uppercase()].map(|it| it.to_ascii_lowercase())
        };
        let mut names: Vec<String> = names.iter().flat_map(cases).filter(|it| !it.is_empty()).collect();
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
    if text.is_word(at) && !goes_on(text.bytes, at) {
        found.report(&NAME, Severity::Warning, at.clone(), format_args!("Name from your list"));
    }
}

/// Whether a letter of another alphabet stands directly before or after it.
fn goes_on(text: &[u8], at: &Range<usize>) -> bool {
    let is_letter = |it: &char| !it.is_ascii() && it.is_alphanumeric();
    let before = text[at.start.saturating_sub(4)..at.start].utf8_chunks().last();
    let before = before.filter(|it| it.invalid().is_empty()).and_then(|it| it.valid().chars().next_back());
    let after = text[at.end..text.len().min(at.end + 4)].utf8_chunks().next();
    let after = after.and_then(|it| it.valid().chars().next());
    before.as_ref().is_some_and(is_letter) || after.as_ref().is_some_and(is_letter)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_list_of_names_has_one_on_a_line_and_none_that_would_be_found_everywhere() {
        assert_eq!(
            own_names("# ours\n\n Project Larch \nMüller & Co\r\n").unwrap(),
            ["Project Larch", "Müller & Co"]
        );
        assert!(own_names("a\nbc\n").unwrap_err().starts_with("line 1 "));
        assert!(own_names(&format!("ok so far\n{}\n", "x".repeat(201))).unwrap_err().starts_with("line 2 "));
        assert!(own_names(&"name\n".repeat(MOST_NAMES + 1)).is_err());
        assert_eq!(own_names("").unwrap(), [""; 0]);
    }
}
