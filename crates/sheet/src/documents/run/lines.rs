//! The arguments as one line, and what is in those that are command lines themselves.
//!
//! Both are additions: the exact arguments stand on rows of their own, and what
//! is found in their characters is marked there.

use std::ops::Range;

use countersign_core::action::Run;
use countersign_core::ostext::OsText;
use countersign_sensitivity::shell::{self, Kind, Part};

use crate::marks::{Marks, Place, mark};
use crate::model::Tone;
use crate::page::Page;
use crate::segments::{value, words};

/// Steps by which parts are set in; deeper ones stand below each other.
const STEPS: usize = 4;

/// All arguments as one would type them, and what they were found to do together.
pub(super) struct Line {
    text: Vec<u8>,
    /// Of each argument, where it stands in `text`.
    places: Vec<Range<usize>>,
    marks: Marks,
}

impl Line {
    pub(super) fn new(page: &mut Page<'_>, run: &Run) -> Self {
        let (mut text, mut places) = (Vec::new(), Vec::new());
        for argument in &run.argv {
            if !text.is_empty() {
                text.push(b' ');
            }
            let start = text.len();
            text.extend(shell::quoted(&[argument.as_bytes()]));
            places.push(start..text.len());
        }
        let marks = page.findings().scan_command(&text);
        Self { text, places, marks }
    }

    /// The same marks where each argument stands by itself.
    pub(super) fn by_argument(&self, run: &Run) -> Vec<Marks> {
        let of = |(argument, place): (&OsText, &Range<usize>)| {
            let touching = self.marks.iter().filter(|it| it.overlaps(place));
            let mut touching = touching.peekable();
            if touching.peek().is_none() {
                return Vec::new();
            }
            let typed = typed(argument.as_bytes(), &self.text[place.clone()]);
            let exact = |it: &Range<usize>| {
                let at = |at: usize| typed.partition_point(|end| place.start + *end <= at);
                let start = at(it.start).min(typed.len().saturating_sub(1));
                start
                    ..at(it.end.saturating_sub(1))
                        .saturating_add(1)
                        .clamp(start + 1, typed.len().max(start + 1))
            };
            touching.map(|it| Place { range: exact(&it.range), ..it.clone() }).collect()
        };
        run.argv.iter().zip(&self.places).map(of).collect()
    }
}

/// Where each byte of `argument` ends in what one types for it.
fn typed(argument: &[u8], typed: &[u8]) -> Vec<usize> {
    let quoted = argument != typed;
    let mut at = usize::from(quoted);
    let ends = argument.iter().map(|byte| {
        at += if quoted && *byte == b'\'' { 4 } else { 1 };
        at
    });
    ends.collect()
}

/// All arguments as one would type them.
pub(super) fn whole(page: &mut Page<'_>, run: &Run) -> Line {
    page.heading("As a shell would take it", "quoted so that it gives exactly the arguments below");
    let line = Line::new(page, run);
    page.field(vec![words("line")], mark(value(&line.text), &line.marks));
    line
}

/// The arguments that are command lines, taken apart. False when there are none.
pub(super) fn apart(page: &mut Page<'_>, run: &Run, line: &Line) -> bool {
    let unseen = line.marks.iter().map(|it| it.finding).find(|it| page.findings().is(*it, "runs-unseen"));
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
        rest.iter().for_each(|it| part(page, it, unseen));
    }
    !all.is_empty()
}

/// `unseen` is what was found already to run what it is sent.
fn part(page: &mut Page<'_>, part: &Part, unseen: Option<u32>) {
    let mut text = if part.text.is_empty() { Vec::new() } else { value(&part.text) };
    if part.kind == Kind::Unclear {
        let why = format!("Not taken apart: {}.{}", part.note, if text.is_empty() { "" } else { " " });
        text.insert(0, words(why));
        return page.note(Tone::Amber, text);
    }
    if let Some((found, digest)) = &part.found {
        let known = unseen.filter(|_| found.rule == "pipe-to-shell");
        let number = known.unwrap_or_else(|| page.findings().add(found.clone(), digest));
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
