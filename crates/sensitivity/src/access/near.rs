//! What stands near a place: the name of its setting, and what takes back what it says.
//!
//! Every answer reads a bounded piece of the text. Not here: the block around a place.

use std::ops::Range;

use crate::text::Text;

/// Bytes that are read where a word stands, at most.
pub(super) const NEAR: usize = 400;

/// What stands near `at` in its line.
pub(super) fn near(text: &Text<'_>, at: &Range<usize>) -> Range<usize> {
    let before = text.before(at.start, NEAR / 2);
    let start = before.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
    let after = text.after(at.end, NEAR / 4);
    let end = after.iter().position(|it| *it == b'\n').unwrap_or(after.len());
    at.start - (before.len() - start)..at.end + end
}

/// Whether `line` says nothing to a program.
pub(super) fn is_comment(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.starts_with(b"# ") || line.starts_with(b"//") || line.starts_with(b"-- ")
}

/// Whether a line says that something is closed again.
pub(super) fn is_taken_back(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line).to_ascii_lowercase();
    ["remove-", "revoke", "delete", "-d ", "!= ", "notprincipal", "not in", "remove_"]
        .iter()
        .any(|it| line.contains(it))
}

/// The place of a capability, if it is added to those of a container.
pub(super) fn added(text: &Text<'_>, at: &Range<usize>) -> Option<Range<usize>> {
    let before = String::from_utf8_lossy(text.before(at.start, 240)).to_ascii_lowercase();
    let last = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    let add = last(&["add", "allow"]);
    (add.is_some() && add > last(&["drop", "forbidden", "required"])).then(|| at.clone())
}

/// The name of the setting that `before` ends in the value of.
pub(super) fn name_before(before: &str) -> Option<String> {
    let at = before.rfind(['=', ':'])?;
    let name = before[..at].trim_end();
    let start =
        name.rfind(|it: char| !it.is_ascii_alphanumeric() && !"_-.\"'".contains(it)).map_or(0, |it| it + 1);
    let name = name.get(start..)?.trim_matches(['"', '\'', '-']);
    (!name.is_empty() && name.len() < 60).then(|| name.to_owned())
}

/// The name of the setting whose list the line that begins at `start` is in.
pub(super) fn name_above(text: &Text<'_>, start: usize) -> Option<String> {
    let before = String::from_utf8_lossy(text.before(start, 300)).into_owned();
    for line in before.lines().rev().take(6) {
        let line = line.trim_end();
        if let Some(head) =
            line.strip_suffix('[').map(str::trim_end).and_then(|it| it.strip_suffix(['=', ':']).or(Some(it)))
        {
            return name_before(&format!("{head}="));
        }
        if let Some(head) = line.strip_suffix(':') {
            return name_before(&format!("{head}:"));
        }
        let item = line.trim_start();
        let continues = item.starts_with("- ")
            || item.starts_with('"')
            || item.starts_with('\'')
            || item.is_empty()
            || item.starts_with('#');
        if !continues {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::name_before;

    #[test]
    fn the_name_of_a_value_stands_before_it() {
        assert_eq!(name_before("  source_ranges = [").as_deref(), Some("source_ranges"));
        assert_eq!(name_before("\"CidrIp\": \"").as_deref(), Some("CidrIp"));
        assert_eq!(name_before("listen "), None);
    }
}
