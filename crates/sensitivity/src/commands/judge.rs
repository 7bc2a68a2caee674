//! What a command line does: [`Judge`].
//!
//! Promises: what is reported would be done if the line ran. A command is taken out of those that
//! run it, to a bounded depth, and looked up; statements and code in its arguments are looked at too.
//!
//! Not here: where a command line may stand in a text, and what the tables say of a program.

mod files;
mod programs;
mod runs;

use std::ops::Range;

use super::lines::{Simple, Word, commands};
use super::rule::{Act, any_of};
use super::wrap::{self, Run, unwrapped};
use super::{prose, sql, tables};
use crate::Severity;
use crate::found::Found;
pub(super) use programs::is_known;
use programs::{HARMLESS, SENDS, is_help, is_service, known};

/// How deep command lines in command lines are looked at.
const DEEPEST: usize = 4;

/// Reads commands and reports what they do.
pub(super) struct Judge<'f> {
    parses: &'f mut usize,
    found: &'f mut Found,
    /// Where the last thing that was found ends in the text.
    pub(super) end: usize,
}

/// Where a command line stands.
#[derive(Clone)]
pub(super) enum Place {
    /// It begins there.
    At(usize),
    /// In an argument of what is there.
    Within(Range<usize>),
}

impl Place {
    fn of(&self, range: &Range<usize>) -> Range<usize> {
        match self {
            Self::At(base) => base + range.start..base + range.end.max(range.start + 1),
            Self::Within(outer) => outer.clone(),
        }
    }
}

impl<'f> Judge<'f> {
    pub(super) fn new(parses: &'f mut usize, found: &'f mut Found) -> Self {
        Self { parses, found, end: 0 }
    }

    fn report(&mut self, act: Act, range: Range<usize>, program: &str, mild: bool) {
        self.end = self.end.max(range.end);
        report(act, range, program, mild, self.found);
    }

    /// Judges a command line. `mention` is one in a sentence, where a name alone is no command.
    pub(super) fn line(&mut self, line: &[u8], place: &Place, depth: usize, mention: bool) {
        if depth > DEEPEST {
            return;
        }
        let all = commands(line);
        for (at, one) in all.iter().enumerate() {
            let range = place.of(&one.range);
            let inner = Place::Within(range.clone());
            for line in &one.inside {
                self.line(line.as_bytes(), &inner, depth + 1, false);
            }
            self.writes(one, &range);
            if one.piped && at > 0 {
                self.piped(&all[..at], one, &range, depth);
            }
            self.words(&one.words, one, range, depth, mention);
        }
    }

    /// Judges a command by its words.
    pub(super) fn words(
        &mut self,
        words: &[Word],
        one: &Simple,
        range: Range<usize>,
        depth: usize,
        mention: bool,
    ) {
        if depth > DEEPEST {
            return;
        }
        if let Some((act, mild)) = runs::before_unwrapping(words, one) {
            return self.report(act, range, "", mild);
        }
        let (run, fed) = match runs::fed(words) {
            Some(rest) => (unwrapped(rest), true),
            None => (unwrapped(words), false),
        };
        let words = match run {
            Run::Command(words) => words,
            Run::Line(line) => return self.line(line.as_bytes(), &Place::Within(range), depth + 1, false),
            Run::Nothing => return,
        };
        let Some((first, args)) = words.split_first() else { return };
        let program = wrap::name(&first.text).to_ascii_lowercase();
        let args = before_prose(&program, args);
        if is_help(args, &program) {
            return;
        }
        let access = tables::rules_on(&program).iter().find(|it| it.act.is_access() && it.is_about(args));
        if let Some(rule) = access {
            self.report(rule.act, range.clone(), known(&program), rule.mild);
        }
        if let Some((act, mild)) = self.act(&program, args, one, fed, mention) {
            return self.report(act, range, known(&program), mild);
        }
        if program == "find" || program == "fd" {
            self.after_exec(args, one, &range, depth);
        }
    }

    fn act(
        &mut self,
        program: &str,
        args: &[Word],
        one: &Simple,
        fed: bool,
        mention: bool,
    ) -> Option<(Act, bool)> {
        if matches!(program, "rm" | "grm") || fed && matches!(program, "unlink" | "shred") {
            return files::removed(args, fed, mention).map(|act| (act, false));
        }
        // Of what is copied, only the last word says where to.
        let args =
            if matches!(program, "scp" | "pscp") { &args[args.len().saturating_sub(1)..] } else { args };
        let rule = tables::rules_on(program).iter().find(|it| !it.act.is_access() && it.is_about(args));
        if let Some(rule) = rule {
            return Some((rule.act, rule.mild));
        }
        if is_service(program)
            && let Some(act) = tables::verb(args)
        {
            return Some((act, false));
        }
        if HARMLESS.contains(&program) {
            return None;
        }
        let act =
            if runs::deletes_by_code(program, args) { Some(Act::Files) } else { self.statement(args, one) };
        act.map(|act| (act, false))
    }

    /// A statement of SQL in an argument, or made of several as after `-c`.
    fn statement(&mut self, args: &[Word], one: &Simple) -> Option<Act> {
        for (at, arg) in args.iter().enumerate() {
            let act = self.quoted_statement(&arg.text).or_else(|| self.bare_statement(args, at));
            if act.is_some() {
                return act;
            }
        }
        one.given.as_ref().and_then(|it| sql::act(it, self.parses)).map(|it| it.0)
    }

    /// A statement in one argument, as in `"DROP TABLE x"` and `--query="DROP TABLE x"`.
    fn quoted_statement(&mut self, arg: &str) -> Option<Act> {
        let text = arg.split_once('=').filter(|it| it.0.starts_with('-')).map_or(arg, |it| it.1);
        let mut parts = text.split(';').filter(|_| text.contains(' '));
        parts.find_map(|part| sql::act(part, self.parses)).map(|it| it.0)
    }

    /// A statement whose quotes are gone: the words from `at` on, if an option before says that they are one.
    fn bare_statement(&mut self, args: &[Word], at: usize) -> Option<Act> {
        let option = &args[at.checked_sub(1)?].text;
        if !matches!(option.as_str(), "-c" | "-e" | "-Q" | "-q" | "--command" | "--execute" | "--query") {
            return None;
        }
        let rest: Vec<_> = args[at..].iter().take(40).map(|it| it.text.as_str()).collect();
        sql::act(&rest.join(" "), self.parses).map(|it| it.0)
    }

    /// What `find` runs on each file.
    fn after_exec(&mut self, args: &[Word], one: &Simple, range: &Range<usize>, depth: usize) {
        let starts = |it: &Word| matches!(it.text.as_str(), "-exec" | "-execdir" | "-x" | "-X" | "--exec");
        if let Some(at) = args.iter().position(starts) {
            let rest = &args[at + 1..];
            let end = rest.iter().position(|it| matches!(it.text.as_str(), ";" | "+")).unwrap_or(rest.len());
            let fed: Vec<Word> = std::iter::once(Word { text: "xargs".to_owned(), quoted: false })
                .chain(rest[..end].iter().cloned())
                .collect();
            self.words(&fed, one, range.clone(), depth + 1, false);
        }
    }

    /// `> file`, where nothing is written to it, or the file is one of the system's.
    fn writes(&mut self, one: &Simple, range: &Range<usize>) {
        let empties = files::is_nothing_written(one);
        for target in &one.writes {
            if files::is_disk(target) {
                self.report(Act::Disk, range.clone(), "", false);
            } else if files::is_of_system(target) || empties && files::is_file(target) {
                self.report(Act::Overwrites, range.clone(), "", false);
            }
        }
    }

    /// `curl … | sh`, `history | bash`, `echo "rm -r x" | sh`.
    fn piped(&mut self, before: &[Simple], one: &Simple, range: &Range<usize>, depth: usize) {
        let Some(args) = runs::interpreted(&one.words) else { return };
        // With a file to run it does not run what it is sent, unless it is told to.
        let has_file = args.iter().any(|it| !it.text.starts_with('-') && it.text != "/dev/stdin");
        if has_file && !any_of("-s", args) {
            return;
        }
        // Not the whole of a long pipe: each part of it asks.
        let before = &before[before.len().saturating_sub(6)..];
        let start = before.iter().rposition(|it| !it.piped).unwrap_or(0);
        let mut says = None;
        for source in &before[start..] {
            let Run::Command([first, args @ ..]) = unwrapped(&source.words) else { continue };
            match wrap::name(&first.text) {
                // Also of what was said in plain: `echo cm0= | base64 -d | sh`.
                program if SENDS.contains(&program) => {
                    return self.report(Act::Runs, range.clone(), "", false);
                }
                "echo" | "printf" => says = says.or(Some(args)),
                _ => {}
            }
        }
        let Some(args) = says else { return };
        let line = args.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
        self.line(line.as_bytes(), &Place::Within(range.clone()), depth + 1, false);
    }

    /// A statement of SQL at the start of `text`, which begins at `base`.
    pub(super) fn sql(&mut self, text: &[u8], base: usize) -> bool {
        let Ok(text) = std::str::from_utf8(text).or_else(|it| std::str::from_utf8(&text[..it.valid_up_to()]))
        else {
            return false;
        };
        let found = sql::act(text, self.parses);
        if let Some((act, end)) = found {
            let lead = text.len() - text.trim_start().len();
            self.report(act, base + lead..base + end.max(lead + 1), "", false);
        }
        found.is_some()
    }
}

/// What stands in `args` before a sentence goes on: `` `rm -rf` is what we ran ``.
fn before_prose<'w>(program: &str, args: &'w [Word]) -> &'w [Word] {
    let prose = args.iter().position(|it| !it.quoted && prose::is_function_word(&it.text));
    match prose {
        None => args,
        // The program was a word of the sentence too.
        Some(_) if prose::is_english(program) => &[],
        Some(at) => &args[..at],
    }
}

/// Reports what a command does; a mild one is no more than a warning.
pub(super) fn report(act: Act, range: Range<usize>, program: &str, mild: bool, found: &mut Found) {
    let (kind, severity, title) = act.kind();
    let severity = if mild { severity.min(Severity::Warning) } else { severity };
    match program {
        "" => found.report(kind, severity, range, format_args!("{title}")),
        _ => found.report(kind, severity, range, format_args!("{title} ({program})")),
    }
}
