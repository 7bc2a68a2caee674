//! Words that open something by themselves, each where it stands as its kind demands.
//!
//! What they demand is in [`super::marks`]. Not here: networks, resources and statements, which
//! are read as a whole.

use std::ops::Range;

use super::near::{NEAR, added, near};
use super::{ANYONE, Look, RIGHTS, SETTING};
use crate::Severity;
use crate::found::Found;
use crate::text::Text;

impl Look {
    /// A value that opens wherever it is set. `word` is its name, and whether nothing stands right before it.
    pub(super) fn value(
        &mut self,
        text: &Text<'_>,
        at: &Range<usize>,
        word: (&str, bool),
        severity: Severity,
        found: &mut Found,
    ) {
        let (name, whole) = word;
        let begins = whole
            || !name.starts_with(|it: char| it.is_ascii_alphanumeric())
            || name.contains("gserviceaccount");
        if !begins || self.is_closed(text, at.start) {
            return;
        }
        let anyone = severity == Severity::Blocking;
        let (kind, title) =
            if anyone { (&ANYONE, "Open to anyone") } else { (&SETTING, "Opens more than before") };
        found.report(kind, severity, at.clone(), format_args!("{title}"));
    }

    /// A right of a container on its host, if it is added to those that it has.
    pub(super) fn capability(
        &mut self,
        text: &Text<'_>,
        at: &Range<usize>,
        severity: Severity,
        found: &mut Found,
    ) {
        let budget = self.budget(text);
        // So many in one place that what stands around them is not read again: each counts.
        let range = if *budget < NEAR { Some(at.clone()) } else { added(text, at) };
        *budget = budget.saturating_sub(NEAR);
        if let Some(range) = range {
            found.report(&RIGHTS, severity, range, format_args!("Gives a container rights on its host"));
        }
    }

    /// A right in a policy. A right to give rights matters where it holds for everything.
    pub(super) fn right(
        &mut self,
        text: &Text<'_>,
        at: &Range<usize>,
        name: &str,
        severity: Severity,
        found: &mut Found,
    ) {
        let block = self.block(text, at.start);
        let allows = !block.refuses;
        let wide = name.ends_with('*') || block.body.contains("\"*\"");
        if allows && wide {
            found.report(&RIGHTS, severity, at.clone(), format_args!("Gives wide rights"));
        }
    }

    /// A role that is given on an organization or a folder, and so on all that is in it.
    pub(super) fn organization(
        &mut self,
        text: &Text<'_>,
        at: &Range<usize>,
        severity: Severity,
        found: &mut Found,
    ) {
        let line = String::from_utf8_lossy(text.part(near(text, at))).to_ascii_lowercase();
        let block = self.block(text, at.start);
        let wide = |it: &str| it.contains("organization") || it.contains("folder");
        if wide(&line) || block.heads.iter().any(|it| wide(it)) {
            let title = format_args!("Gives a role on everything there is");
            found.report(&RIGHTS, severity, at.clone(), title);
        }
    }

    /// A scope that is all of them. An account of its own has its rights elsewhere.
    pub(super) fn scope(
        &mut self,
        text: &Text<'_>,
        at: &Range<usize>,
        severity: Severity,
        found: &mut Found,
    ) {
        let body = &self.block(text, at.start).body;
        if !body.contains("email") || body.contains("compute@developer") {
            let title = format_args!("Gives an account all rights of its kind");
            found.report(&RIGHTS, severity, at.clone(), title);
        }
    }
}

/// An option of a server that lets more log in, if it is set to that.
pub(super) fn option(text: &Text<'_>, at: &Range<usize>, severity: Severity, found: &mut Found) {
    let rest = text.after(at.end, 16).trim_ascii_start();
    if rest.starts_with(b"yes") || rest.starts_with(b"without-password") {
        found.report(&SETTING, severity, at.start..at.end + 4, format_args!("Lets more log in"));
    }
}

/// `NOPASSWD` in a rule, after which the commands stand.
pub(super) fn sudo(text: &Text<'_>, at: &Range<usize>, severity: Severity, found: &mut Found) {
    if text.after(at.end, 8).trim_ascii_start().starts_with(b":") {
        let title = format_args!("Lets commands run as root without a password");
        found.report(&RIGHTS, severity, at.clone(), title);
    }
}

/// The name of a flag, if its value after it is `on`.
pub(super) fn flag(text: &Text<'_>, at: &Range<usize>, severity: Severity, found: &mut Found) {
    let rest = text.after(at.end, 80).to_ascii_lowercase();
    let value = rest.windows(5).position(|it| it == b"value").map(|it| &rest[it + 5..]);
    let value = value.map(|it| &it[..it.len().min(10)]);
    if value.is_some_and(|it| it.windows(2).any(|it| it == b"on")) {
        found.report(&SETTING, severity, at.clone(), format_args!("A flag that opens a database"));
    }
}

/// A password that is a text and no variable.
pub(super) fn secret(text: &Text<'_>, at: &Range<usize>, severity: Severity, found: &mut Found) {
    let line = text.part(at.end..text.line(at.start).end);
    let value = line.trim_ascii_start();
    let written = value.first() == Some(&b'=')
        && value[1..].trim_ascii_start().first() == Some(&b'"')
        && !value.contains(&b'$');
    if written {
        let title = format_args!("A password of an administrator is written out");
        found.report(&SETTING, severity, at.clone(), title);
    }
}

/// A line of a Dockerfile that is nothing else.
pub(super) fn docker(text: &Text<'_>, at: &Range<usize>, severity: Severity, found: &mut Found) {
    let line = text.line(at.start);
    if line.start == at.start && text.part(at.end..line.end).trim_ascii().is_empty() {
        found.report(&RIGHTS, severity, at.clone(), format_args!("Runs as root"));
    }
}
