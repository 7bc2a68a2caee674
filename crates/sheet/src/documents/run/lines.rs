//! The arguments as one line, and what is in those that are command lines themselves.
//!
//! Both are additions: the exact arguments stand on rows of their own, and what
//! is found in their characters is marked there.

use countersign_core::action::Run;
use countersign_sensitivity::shell::{self, Kind, Part};

use crate::model::Tone;
use crate::page::Page;
use crate::segments::{value, words};

/// Steps by which parts are set in; deeper ones stand below each other.
const STEPS: usize = 4;

/// All arguments as one would type them.
pub(super) fn whole(page: &mut Page<'_>, run: &Run) {
    page.heading("As a shell would take it", "quoted so that it gives exactly the arguments below");
    let argv: Vec<_> = run.argv.iter().map(|it| it.as_bytes()).collect();
    page.field(vec![words("line")], value(&shell::quoted(&argv)));
}

/// The arguments that are command lines, taken apart. False when there are none.
pub(super) fn apart(page: &mut Page<'_>, run: &Run) -> bool {
    let argv: Vec<_> = run.argv.iter().map(|it| it.as_bytes()).collect();
    let all = shell::command_lines(run.executable.path.as_bytes(), &argv);
    for (at, parts) in &all {
        let Some((first, rest)) = parts.split_first() else { continue };
        let text = match first.kind {
            Kind::Program => format!("Argument {at} is {}", first.note),
            Kind::Joined => format!("Arguments from {at} on are a command line"),
            _ => format!("Argument {at} is a command line"),
        };
        let note = if first.kind == Kind::Program { "it is not taken apart" } else { first.note };
        page.heading(&text, note);
        if first.kind == Kind::Joined {
            page.field(vec![words("together")], value(&first.text));
        }
        rest.iter().for_each(|it| part(page, it));
    }
    !all.is_empty()
}

fn part(page: &mut Page<'_>, part: &Part) {
    let mut text = if part.text.is_empty() { Vec::new() } else { value(&part.text) };
    if part.kind == Kind::Unclear {
        let why = format!("Not taken apart: {}.{}", part.note, if text.is_empty() { "" } else { " " });
        text.insert(0, words(why));
        return page.note(Tone::Amber, text);
    }
    if let Some((found, digest)) = &part.found {
        let number = page.findings().add(found.clone(), digest);
        text.iter_mut().for_each(|it| it.findings.push(number));
    }
    let name = match part.kind {
        Kind::Line | Kind::Joined => "command line",
        Kind::Program => "program",
        Kind::Command => "command",
        Kind::Keyword => "shell word",
        Kind::Separator => "separator",
        Kind::Redirect => "redirect",
        Kind::Substitution | Kind::Backticks => "substitution",
        Kind::Process => "process",
        Kind::Variable => "variable",
        Kind::Assignment => "sets",
        Kind::Arithmetic => "number",
        Kind::Escapes => "escapes",
        Kind::Glob => "pattern",
        Kind::HereDocument => "here-document",
        Kind::Comment => "comment",
        Kind::Unclear => "",
    };
    let step = "  ".repeat(part.depth.saturating_sub(1).min(STEPS));
    match part.note {
        "" => {}
        // A row ends after each line feed: what we say would stand on one of its own.
        note if part.text == b"\n" => text = vec![words(format!("new line: {note}"))],
        note if part.text.contains(&b'\n') => text.insert(0, words(format!("{note}: "))),
        note => text.push(words(format!("  {note}"))),
    }
    page.field(vec![words(format!("{step}{name}"))], text);
}
