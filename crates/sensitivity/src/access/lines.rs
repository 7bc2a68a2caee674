//! The settings on a line: pairs of names and values, and items of a list whose name stands above it.

use std::ops::Range;

use super::near::{is_comment, name_above};
use super::pairs::{Pair, pairs, plain};
use super::{ANYONE, Look, RIGHTS, SETTING, settings};
use crate::Severity;
use crate::found::Found;
use crate::text::Text;

impl Look {
    /// Looks at the line in `range`.
    pub(super) fn line(&mut self, text: &Text<'_>, range: Range<usize>, found: &mut Found) {
        let bytes = text.part(range.clone());
        let Ok(line) = std::str::from_utf8(bytes) else { return };
        if is_comment(bytes) {
            return;
        }
        let all = pairs(line);
        if all.is_empty() {
            return self.item(text, range, line, found);
        }
        for pair in &all {
            self.pair(text, range.start, pair, found);
        }
    }

    /// An item of a list, or a way in that is switched on in the line after it.
    fn item(&mut self, text: &Text<'_>, range: Range<usize>, line: &str, found: &mut Found) {
        let lead = line.len() - line.trim_start().len();
        let item = line.trim().trim_start_matches("- ").trim_end_matches(',');
        if let Some(end) = switched_on(text, item, range.end) {
            let range = range.start + lead..end;
            return found.report(&ANYONE, Severity::Blocking, range, format_args!("Open to anyone"));
        }
        if item.is_empty() || item.len() > 120 || item.ends_with([':', '[', '{', '}', ']']) {
            return;
        }
        if self.list.0 == 0 || self.list.0 + 1 != range.start {
            self.list.1 = name_above(text, range.start);
        }
        self.list.0 = range.end;
        let Some(name) = self.list.1.clone() else { return };
        let pair = Pair { name: plain(&name), value: item, range: lead..line.trim_end().len() };
        self.pair(text, range.start, &pair, found);
    }

    fn pair(&mut self, text: &Text<'_>, base: usize, pair: &Pair<'_>, found: &mut Found) {
        let Some(severity) = settings::judged(pair) else { return };
        let range = base + pair.range.start..base + pair.range.end;
        let star = pair.value.contains('*');
        if star || pair.name.starts_with("source") {
            let block = self.block(text, range.start);
            if block.refuses {
                return;
            }
        }
        match (severity, star) {
            (Severity::Blocking, _) => found.report(&ANYONE, severity, range, format_args!("Open to anyone")),
            (_, true) => {
                found.report(&RIGHTS, severity, range, format_args!("Everything is meant, not one thing"))
            }
            _ => found.report(&SETTING, severity, range, format_args!("Opens more than before")),
        }
    }
}

/// Where `enabled: true` ends on the line after that of a way in without a name, which ends at `end`.
fn switched_on(text: &Text<'_>, item: &str, end: usize) -> Option<usize> {
    const WAYS: [&str; 6] =
        ["anonymous:", "guest:", "auth.anonymous:", "[auth.anonymous]", "publicAccess:", "anonymousAccess:"];
    if !WAYS.iter().any(|it| it.eq_ignore_ascii_case(item)) {
        return None;
    }
    let next = text.after(end + 1, 80);
    let line = &next[..next.iter().position(|it| *it == b'\n').unwrap_or(next.len())];
    let plain: Vec<u8> =
        line.iter().filter(|it| it.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect();
    (plain == b"enabledtrue").then(|| end + 1 + line.trim_ascii_end().len())
}
