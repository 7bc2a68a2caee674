//! What stands around a setting: the block it is in, and the ones around that.

use std::ops::Range;

use crate::text::Text;

/// Bytes to each side that are looked at.
const FAR: usize = 1500;

/// The block around a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) range: Range<usize>,
    /// What stands in it, as far as it was looked at, in lower case.
    pub(super) body: String,
    /// What stands before its brace and those around it, the nearest first.
    pub(super) heads: Vec<String>,
    /// No brace was found: a list of lines as in YAML.
    pub(super) is_open: bool,
    /// It is a rule that refuses.
    pub(super) refuses: bool,
}

/// The block around `at`. `budget` is what may still be read in this text.
pub(super) fn around(text: &Text<'_>, at: usize, budget: &mut usize) -> Block {
    if *budget < 2 * FAR {
        return Block { range: at..at + 1, is_open: true, ..Block::default() };
    }
    let before = text.before(at, FAR);
    let after = text.after(at, FAR);
    let base = at - before.len();
    let (mut depth, mut start, mut heads) = (0_usize, None, Vec::new());
    for (offset, byte) in before.iter().enumerate().rev() {
        match byte {
            b'}' => depth += 1,
            b'{' if depth > 0 => depth -= 1,
            b'{' => {
                start.get_or_insert(offset + 1);
                heads.push(head(&before[..offset]));
                if heads.len() == 4 {
                    break;
                }
            }
            _ => {}
        }
    }
    let is_open = start.is_none();
    let (mut depth, mut end) = (0_usize, after.len());
    for (offset, byte) in after.iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b'}' => {
                end = offset;
                break;
            }
            _ => {}
        }
    }
    // Without braces, lines nearby are what there is.
    let start = start.unwrap_or(before.len().saturating_sub(500));
    let end = if is_open { end.min(400) } else { end };
    *budget -= before.len() + end;
    let range = base + start..at + end.max(1);
    let body = String::from_utf8_lossy(text.part(range.clone())).to_ascii_lowercase();
    Block { refuses: is_refused(&body), body, range, heads, is_open }
}

/// Whether a rule in `body` refuses.
fn is_refused(body: &str) -> bool {
    if !body.contains("deny") && !body.contains("drop") {
        return false;
    }
    let packed: String =
        body.chars().filter(|it| !it.is_whitespace() && !matches!(it, '"' | '\'' | '\\')).collect();
    let refuses = [
        "effect=deny",
        "effect:deny",
        "access=deny",
        "access:deny",
        "action=deny",
        "action:deny",
        "policy=drop",
    ];
    let allows = ["effect=allow", "effect:allow", "access=allow", "access:allow"];
    refuses.iter().any(|it| packed.contains(it)) && !allows.iter().any(|it| packed.contains(it))
}

/// The last line before a brace, in lower case.
fn head(before: &[u8]) -> String {
    let before = &before[before.len().saturating_sub(200)..];
    let line = before.rsplit(|it| matches!(it, b'\n' | b'{' | b'}' | b',')).next().unwrap_or(b"");
    String::from_utf8_lossy(line).to_ascii_lowercase()
}
