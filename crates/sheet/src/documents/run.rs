//! A program: every argument on its own row, the command lines among them taken apart, where it runs, what it is given.

mod lines;

use countersign_core::action::{Environment, Run};
use countersign_core::proposal::Effect;

use self::lines::Line;
use super::{AFTER_ENTRIES, Blobs, ENTRY, Made, Sum, bytes_of, path_field, text_document};
use crate::Error;
use crate::count;
use crate::findings::TextKind;
use crate::marks::{Marks, mark};
use crate::model::{Tone, View};
use crate::page::{Page, Room, between};
use crate::segments::{value, words};
use crate::text::is_binary;
use crate::types::Said;

pub(super) fn ran(at: usize, run: &Run, blobs: Blobs<'_>, room: &mut Room) -> Result<Made, Error> {
    shown(at, "What would run", run, blobs, room, |page| {
        let line = lines::whole(page, run);
        arguments(page, run, "Arguments", &line.by_argument(run));
        lines::apart(page, run, &line)
    })
}

/// Runs that differ in their arguments alone: each list of them, and once what `first` shares with the others.
pub(super) fn listed(
    at: usize,
    first: &Run,
    all: &[&Run],
    blobs: Blobs<'_>,
    room: &mut Room,
) -> Result<Made, Error> {
    shown(at, "What may run", first, blobs, room, |page| {
        let mut lines = false;
        for (entry, run) in all.iter().enumerate() {
            let line = Line::new(page, run);
            arguments(page, run, &format!("{ENTRY}{} of {}", entry + 1, all.len()), &line.by_argument(run));
            lines |= lines::apart(page, run, &line);
        }
        lines
    })
}

/// A program with what `arguments` shows of its arguments; whether there are command lines among them.
fn shown(
    at: usize,
    title: &str,
    run: &Run,
    blobs: Blobs<'_>,
    room: &mut Room,
    arguments: impl FnOnce(&mut Page<'_>) -> bool,
) -> Result<Made, Error> {
    let release = room.effect == Effect::Release;
    let mut page = Page::new(at, View::Argv, vec![words(title)], room);
    program(&mut page, run, release);
    let lines = arguments(&mut page);
    page.heading(AFTER_ENTRIES, "");
    path_field(&mut page, "working directory", &run.cwd);
    for (name, text) in [("user", &run.user), ("host", &run.host)] {
        let text = page.value(text.as_str().as_bytes());
        page.field(vec![words(name)], text);
    }
    environment(&mut page, run);
    page.heading(
        "Standard input",
        if run.stdin.is_some() { "a document of its own, below" } else { "empty" },
    );
    let mut unbound = |text: &str| page.note(Tone::Amber, vec![words(text)]);
    unbound(if release {
        "The agent starts it itself: your signature binds neither the program nor other files that it reads, \
         and who runs it and where is the agent's word."
    } else {
        "Other files that this program reads are not bound by your signature."
    });
    if lines {
        unbound(
            "Nor are the programs that its command lines start: which they are is settled when they run.",
        );
    }
    let first = page.done();
    let mut others = Vec::new();
    if let Some(script) = &run.script {
        let title = between("Script ", room.findings.value(script.path.as_bytes(), TextKind::Name), "");
        let bytes = bytes_of(&script.content, blobs)?;
        let said = is_binary(&bytes).then_some(Said { media: "text/x-script", name: b"" });
        others.push(text_document(at, title, &bytes, said, room).0);
    }
    if let Some(stdin) = &run.stdin {
        others.push(text_document(at, vec![words("Standard input")], &bytes_of(stdin, blobs)?, None, room).0);
    }
    Ok((first, others, Sum::default()))
}

fn program(page: &mut Page<'_>, run: &Run, release: bool) {
    page.heading("Program", "");
    let name = if run.script.is_some() { "interpreter" } else { "program" };
    path_field(page, name, &run.executable.path);
    page.field(vec![words("SHA-256")], vec![words(run.executable.sha256.to_string())]);
    let Some(script) = &run.script else { return };
    path_field(page, "script", &script.path);
    if let Some(argument) = &script.interpreter_argument {
        let argument = page.value(argument.as_bytes());
        page.field(vec![words("interpreter argument")], argument);
    }
    let from = if release { "these bytes are below" } else { "it runs from a copy of these bytes, below" };
    let digest = format!("{}; {from}", script.content.sha256());
    page.field(vec![words("script SHA-256")], vec![words(digest)]);
}

/// `marks` are those of each argument, of what the whole line was found to do.
fn arguments(page: &mut Page<'_>, run: &Run, name: &str, marks: &[Marks]) {
    let given = count::of(run.argv.len() as u64 - 1, "argument");
    page.heading(name, format!("{given}; number 0 is the name that the program sees"));
    for (index, argument) in run.argv.iter().enumerate() {
        let bytes = argument.as_bytes();
        let mut found = page.findings().scan_characters(bytes);
        found.extend(marks.get(index).into_iter().flatten().cloned());
        let argument = mark(value(bytes), &found);
        page.argument(u32::try_from(index).unwrap_or(u32::MAX), argument);
    }
}

fn environment(page: &mut Page<'_>, run: &Run) {
    match &run.environment {
        Environment::Complete(variables) => {
            let given = count::of(variables.len() as u64, "variable");
            page.heading("Environment", format!("{given}, and no others"));
            for variable in variables {
                let [name, text] = page.findings().named(variable.name.as_bytes(), variable.value.as_bytes());
                page.field(name, text);
            }
        }
        Environment::Unbound => {
            page.heading("Environment", "not known");
            let text = "The environment is the agent's own. It is not shown and not bound by your signature.";
            page.note(Tone::Red, vec![words(text)]);
        }
    }
}
