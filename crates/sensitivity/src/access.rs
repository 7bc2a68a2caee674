//! Who can reach or do something, and would be more: settings and statements that open.
//!
//! Works on what configuration of all kinds has in common: names with values, in blocks.
//! A table of names says which values let in more; words such as `allUsers` do by themselves;
//! a network that is everything counts where something is let in from it. Commands that do the
//! same are found where commands are read.
//!
//! Not here: whether it was so before. What is found does not depend on where it stands, so
//! that the findings of an old and a new text can be compared.

mod blocks;
mod grants;
mod marks;
mod missing;
mod networks;
mod pairs;
mod settings;

use std::ops::Range;

use crate::finding::Kind;
use crate::found::Found;
use crate::text::Text;
use crate::{Category, Severity};
use blocks::Block;
use marks::{MARKS, Mark, NAMES};
use networks::Way;
use pairs::{Pair, pairs, plain};

const fn kind(id: &'static str, why: &'static str, fix: &'static str) -> Kind {
    Kind { id, category: Category::Access, why, fix: Some(fix) }
}

const SETTING: Kind = kind(
    "opens-access",
    "More people or programs can reach it or act on it than before.",
    "Name those who need it, and leave everything else closed.",
);
const ANYONE: Kind = kind(
    "open-to-anyone",
    "Whoever finds it can read it or act on it, without being asked who they are.",
    "Name the people or accounts that need it.",
);
const NETWORK: Kind = kind(
    "open-network",
    "It can be reached from every address there is.",
    "Name the addresses that need it.",
);
const RIGHTS: Kind = kind(
    "wide-rights",
    "Whoever has these rights can do far more than one task, or give themselves more.",
    "Give the rights that the task needs, on what it needs.",
);
const DEFAULT: Kind = kind(
    "open-by-default",
    "Where nothing is said, this kind of resource can be reached by everyone.",
    "Set it to private.",
);
const OUTWARD: Kind = kind(
    "open-outward",
    "Everything can be reached from there: what runs there can send data anywhere.",
    "Name the addresses that it needs to reach.",
);

/// The words at which this detector looks. A hit names one by its place in the list.
pub(crate) fn words() -> Vec<&'static str> {
    MARKS.iter().map(|it| it.0).chain(NAMES.iter().copied()).collect()
}

/// What was looked at so far in one text.
#[derive(Default)]
pub(crate) struct Look {
    /// Up to here, lines are read.
    done: usize,
    /// The block that was looked at last.
    block: Block,
    /// The last line in which a word was looked at, and whether it closes or is a comment.
    near: (Range<usize>, bool),
    /// The last item of a list: where its line ends, and the name above the list.
    list: (usize, Option<String>),
    /// Up to here, statements are read.
    stated: usize,
    /// Bytes around places that may still be read; `None` before the first.
    budget: Option<usize>,
}

impl Look {
    /// Looks where a word stands. Called in the order of the ends of the words.
    pub(crate) fn hit(&mut self, text: &Text<'_>, at: &Range<usize>, word: u16, found: &mut Found) {
        match MARKS.get(usize::from(word)) {
            Some((name, mark, severity)) => self.mark(text, at, (name, *mark, *severity), found),
            None if at.end > self.done => {
                let line = text.line(at.start);
                self.done = line.end.max(at.end);
                self.line(text, line, found);
            }
            None => {}
        }
    }

    fn mark(&mut self, text: &Text<'_>, at: &Range<usize>, mark: (&str, Mark, Severity), found: &mut Found) {
        let (name, mark, severity) = mark;
        let exact = text.part(at.clone()) == name.as_bytes();
        let edge = |at: Option<&u8>| !at.is_some_and(u8::is_ascii_alphanumeric);
        let whole = edge(at.start.checked_sub(1).and_then(|at| text.bytes.get(at)));
        match mark {
            Mark::Network => self.network(text, at, found),
            Mark::Resource if exact => self.resource(text, at, found),
            Mark::Resource => {}
            Mark::Statement if at.start >= self.stated && edge(text.bytes.get(at.end)) && whole => {
                self.stated = grants::look(text, at, found);
            }
            Mark::Statement => {}
            Mark::Option if whole => {
                let rest = text.after(at.end, 16).trim_ascii_start();
                if rest.starts_with(b"yes") || rest.starts_with(b"without-password") {
                    found.report(&SETTING, severity, at.start..at.end + 4, format_args!("Lets more log in"));
                }
            }
            Mark::Option => {}
            _ if !exact => {}
            Mark::Value => {
                if whole
                    || !name.starts_with(|it: char| it.is_ascii_alphanumeric())
                    || name.contains("gserviceaccount")
                {
                    self.value(text, at, severity, found);
                }
            }
            Mark::Capability => {
                let budget = self.budget.get_or_insert(text.bytes.len().saturating_mul(4) + 64 * 1024);
                let range = if *budget < NEAR { Some(at.clone()) } else { added(text, at) };
                *budget = budget.saturating_sub(NEAR);
                if let Some(range) = range {
                    found.report(
                        &RIGHTS,
                        severity,
                        range,
                        format_args!("Gives a container rights on its host"),
                    );
                }
            }
            Mark::Right => self.right(text, at, name, severity, found),
            Mark::Organization => {
                let line = String::from_utf8_lossy(text.part(near(text, at))).to_ascii_lowercase();
                let block = self.block(text, at.start);
                let wide = |it: &str| it.contains("organization") || it.contains("folder");
                if wide(&line) || block.heads.iter().any(|it| wide(it)) {
                    found.report(
                        &RIGHTS,
                        severity,
                        at.clone(),
                        format_args!("Gives a role on everything there is"),
                    );
                }
            }
            Mark::Sudo => {
                let rest = text.after(at.end, 8).trim_ascii_start();
                if rest.starts_with(b":") {
                    found.report(
                        &RIGHTS,
                        severity,
                        at.clone(),
                        format_args!("Lets commands run as root without a password"),
                    );
                }
            }
            Mark::Flag => {
                let rest = text.after(at.end, 80).to_ascii_lowercase();
                let value = rest.windows(5).position(|it| it == b"value").map(|it| &rest[it + 5..]);
                let value = value.map(|it| &it[..it.len().min(10)]);
                if value.is_some_and(|it| it.windows(2).any(|it| it == b"on")) {
                    found.report(
                        &SETTING,
                        severity,
                        at.clone(),
                        format_args!("A flag that opens a database"),
                    );
                }
            }
            Mark::Secret => {
                let line = text.part(at.end..text.line(at.start).end);
                let value = line.trim_ascii_start();
                let written = value.first() == Some(&b'=')
                    && value[1..].trim_ascii_start().first() == Some(&b'"')
                    && !value.contains(&b'$');
                if written && whole {
                    found.report(
                        &SETTING,
                        severity,
                        at.clone(),
                        format_args!("A password of an administrator is written out"),
                    );
                }
            }
            Mark::Scope => {
                let body = &self.block(text, at.start).body;
                if !body.contains("email") || body.contains("compute@developer") {
                    found.report(
                        &RIGHTS,
                        severity,
                        at.clone(),
                        format_args!("Gives an account all rights of its kind"),
                    );
                }
            }
            Mark::Docker => {
                let line = text.line(at.start);
                if line.start == at.start && text.part(at.end..line.end).trim_ascii().is_empty() {
                    found.report(&RIGHTS, severity, at.clone(), format_args!("Runs as root"));
                }
            }
        }
    }

    /// The block around `at`, found anew where the last one ends.
    fn block(&mut self, text: &Text<'_>, at: usize) -> &Block {
        let budget = self.budget.get_or_insert(text.bytes.len().saturating_mul(4) + 64 * 1024);
        if !self.block.range.contains(&at) || self.block.is_open {
            self.block = blocks::around(text, at, budget);
        }
        &self.block
    }

    /// Whether the line at `at` is a comment, or closes something again.
    fn is_closed(&mut self, text: &Text<'_>, at: usize) -> bool {
        if !self.near.0.contains(&at) {
            let range = text.line(at);
            let line = text.part(range.clone());
            self.near = (range, is_comment(line) || is_taken_back(line));
        }
        self.near.1
    }

    fn value(&mut self, text: &Text<'_>, at: &Range<usize>, severity: Severity, found: &mut Found) {
        if self.is_closed(text, at.start) {
            return;
        }
        let anyone = severity == Severity::Blocking;
        let (kind, title) =
            if anyone { (&ANYONE, "Open to anyone") } else { (&SETTING, "Opens more than before") };
        found.report(kind, severity, at.clone(), format_args!("{title}"));
    }

    fn right(
        &mut self,
        text: &Text<'_>,
        at: &Range<usize>,
        name: &str,
        severity: Severity,
        found: &mut Found,
    ) {
        let block = self.block(text, at.start);
        let allows = !block.refuses;
        // A right to give rights matters where it holds for everything.
        let wide = name.ends_with('*') || block.body.contains("\"*\"");
        if allows && wide {
            found.report(&RIGHTS, severity, at.clone(), format_args!("Gives wide rights"));
        }
    }

    fn network(&mut self, text: &Text<'_>, at: &Range<usize>, found: &mut Found) {
        let edge = |at: Option<usize>| {
            !at.and_then(|it| text.bytes.get(it))
                .is_some_and(|it| it.is_ascii_hexdigit() || *it == b':' || *it == b'.')
        };
        if !edge(at.start.checked_sub(1)) || !edge(Some(at.end)) {
            return;
        }
        if self.is_closed(text, at.start) {
            return;
        }
        let budget = self.budget.get_or_insert(text.bytes.len().saturating_mul(4) + 64 * 1024);
        if *budget < NEAR {
            // So many in one place that what stands around them is not read again.
            return found.report(
                &NETWORK,
                Severity::Blocking,
                at.clone(),
                format_args!("Open to every address"),
            );
        }
        *budget -= NEAR;
        let range = near(text, at);
        let line = String::from_utf8_lossy(text.part(range.clone())).into_owned();
        let before = String::from_utf8_lossy(text.part(range.start..at.start)).into_owned();
        let name = name_before(&before).or_else(|| name_above(text, range.start)).unwrap_or_default();
        let address = text.part(at.clone()).starts_with(b"\"");
        if address && !networks::is_list_of_networks(&name) {
            return;
        }
        // From the first address to the last one; to the first one again lets in the cloud's own services.
        if plain(&name).starts_with("start") && !self.block(text, at.start).body.contains("255.255.255.255") {
            return;
        }
        let way = networks::way(&name, &line, self.block(text, at.start));
        match way {
            Way::In => {
                found.report(&NETWORK, Severity::Blocking, at.clone(), format_args!("Open to every address"))
            }
            Way::Unknown if networks::is_list_of_networks(&name) => {
                found.report(&NETWORK, Severity::Blocking, at.clone(), format_args!("Open to every address"));
            }
            Way::Out if networks::is_egress(&name, &line, &self.block) => {
                found.report(
                    &OUTWARD,
                    Severity::Note,
                    at.clone(),
                    format_args!("Every address can be reached"),
                );
            }
            _ => {}
        }
    }

    /// A resource of Terraform that is open unless it says otherwise.
    fn resource(&mut self, text: &Text<'_>, at: &Range<usize>, found: &mut Found) {
        const LONGEST: usize = 6 * 1024;
        let head = text.after(at.end, 120);
        let Some(length) = head.iter().position(|it| *it == b'"') else { return };
        let Ok(kind) = std::str::from_utf8(&head[..length]) else { return };
        let budget = self.budget.get_or_insert(text.bytes.len().saturating_mul(4) + 64 * 1024);
        if !missing::is_known(kind) || *budget < LONGEST {
            return;
        }
        let body = text.after(at.end, LONGEST);
        let (mut depth, mut end) = (0_usize, None);
        for (offset, byte) in body.iter().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' if depth <= 1 => {
                    end = Some(offset);
                    break;
                }
                b'}' => depth -= 1,
                _ => {}
            }
        }
        *budget -= end.unwrap_or(body.len());
        let Some(end) = end else { return };
        if missing::is_open(kind, &String::from_utf8_lossy(&body[..end])) {
            let range = at.start..at.end + length + 1;
            found.report(&DEFAULT, Severity::Warning, range, format_args!("Public unless it says otherwise"));
        }
    }

    /// The settings on a line.
    fn line(&mut self, text: &Text<'_>, range: Range<usize>, found: &mut Found) {
        let bytes = text.part(range.clone());
        let Ok(line) = std::str::from_utf8(bytes) else { return };
        if is_comment(bytes) {
            return;
        }
        let all = pairs(line);
        if all.is_empty() {
            // An item of a list: the name stands above.
            let item = line.trim().trim_start_matches("- ").trim_end_matches(',');
            if let Some(switch) = switched_on(text, item, range.end) {
                let range = range.start + (line.len() - line.trim_start().len())..switch;
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
            let lead = line.len() - line.trim_start().len();
            let pair = Pair { name: plain(&name), value: item, range: lead..line.trim_end().len() };
            return self.pair(text, range.start, &pair, found);
        }
        for pair in &all {
            self.pair(text, range.start, pair, found);
        }
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

/// Bytes that are read where a word stands, at most.
const NEAR: usize = 400;

/// What stands near `at` in its line.
fn near(text: &Text<'_>, at: &Range<usize>) -> Range<usize> {
    let before = text.before(at.start, NEAR / 2);
    let start = before.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
    let after = text.after(at.end, NEAR / 4);
    let end = after.iter().position(|it| *it == b'\n').unwrap_or(after.len());
    at.start - (before.len() - start)..at.end + end
}

fn is_comment(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.starts_with(b"# ") || line.starts_with(b"//") || line.starts_with(b"-- ")
}

/// Whether a line says that something is closed again.
fn is_taken_back(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line).to_ascii_lowercase();
    ["remove-", "revoke", "delete", "-d ", "!= ", "notprincipal", "not in", "remove_"]
        .iter()
        .any(|it| line.contains(it))
}

/// The place of a capability, if it is added to those of a container.
fn added(text: &Text<'_>, at: &Range<usize>) -> Option<Range<usize>> {
    let before = String::from_utf8_lossy(text.before(at.start, 240)).to_ascii_lowercase();
    let last = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    let add = last(&["add", "allow"]);
    (add.is_some() && add > last(&["drop", "forbidden", "required"])).then(|| at.clone())
}

/// The name of the setting that `before` ends in the value of.
fn name_before(before: &str) -> Option<String> {
    let at = before.rfind(['=', ':'])?;
    let name = before[..at].trim_end();
    let start =
        name.rfind(|it: char| !it.is_ascii_alphanumeric() && !"_-.\"'".contains(it)).map_or(0, |it| it + 1);
    let name = name.get(start..)?.trim_matches(['"', '\'', '-']);
    (!name.is_empty() && name.len() < 60).then(|| name.to_owned())
}

/// The name of the setting whose list the line that begins at `start` is in.
fn name_above(text: &Text<'_>, start: usize) -> Option<String> {
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
    use super::{name_before, pairs::bare};

    #[test]
    fn the_name_of_a_value_stands_before_it() {
        assert_eq!(name_before("  source_ranges = [").as_deref(), Some("source_ranges"));
        assert_eq!(name_before("\"CidrIp\": \"").as_deref(), Some("CidrIp"));
        assert_eq!(name_before("listen "), None);
        assert_eq!(bare("[\"a\"]"), "a");
    }
}
