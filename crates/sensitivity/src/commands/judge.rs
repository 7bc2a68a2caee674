//! What a command line does: [`Judge`].

use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

use super::lines::{Simple, Word, commands};
use super::rule::{Act, any_of};
use super::wrap::{self, Run, unwrapped};
use super::{prose, sql, tables};
use crate::Severity;
use crate::found::Found;

/// How deep command lines in command lines are looked at.
const DEEPEST: usize = 4;

/// Programs that show or search, and run nothing of what they are given.
const HARMLESS: &[&str] = &[
    "echo",
    "printf",
    "grep",
    "egrep",
    "fgrep",
    "rg",
    "ag",
    "ack",
    "man",
    "tldr",
    "which",
    "type",
    "whereis",
    "hash",
    "help",
    "info",
    "apropos",
    "whatis",
    "cat",
    "less",
    "more",
    "head",
    "tail",
    "ls",
    "vim",
    "vi",
    "nano",
    "emacs",
    "logger",
    "notify-send",
    "say",
    "test",
    "[",
    "[[",
    "touch",
    "mkdir",
    "cd",
    "git",
    "awk",
    "sed",
    "read",
    "export",
    "alias",
    "write-host",
    "write-output",
    "select-string",
    "jq",
    "yq",
    "diff",
    "wc",
    "sort",
    "cut",
    "tr",
    "code",
];

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
        if let Some((act, mild)) = before_unwrapping(words, one) {
            return self.report(act, range, "", mild);
        }
        let (run, fed) = match fed(words) {
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
        let args = &args[..args
            .iter()
            .position(|it| !it.quoted && prose::is_function_word(&it.text))
            .map_or(args.len(), |at| if prose::is_english(&program) || at == 0 { 0 } else { at })];
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
            return remove(args, fed, mention).map(|act| (act, false));
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
        if !HARMLESS.contains(&program) {
            if runs_code(program, args) {
                return Some((Act::Files, false));
            }
            return self.statement(args, one).map(|act| (act, false));
        }
        None
    }

    /// A statement of SQL in an argument, or made of several as after `-c`.
    fn statement(&mut self, args: &[Word], one: &Simple) -> Option<Act> {
        for (at, arg) in args.iter().enumerate() {
            let text = arg
                .text
                .split_once('=')
                .filter(|it| it.0.starts_with('-'))
                .map_or(arg.text.as_str(), |it| it.1);
            if text.contains(' ') {
                for part in text.split(';') {
                    if let Some((act, _)) = sql::act(part, self.parses) {
                        return Some(act);
                    }
                }
            }
            if at > 0
                && matches!(
                    args[at - 1].text.as_str(),
                    "-c" | "-e" | "-Q" | "-q" | "--command" | "--execute" | "--query"
                )
            {
                let rest: Vec<_> = args[at..].iter().take(40).map(|it| it.text.as_str()).collect();
                if let Some((act, _)) = sql::act(&rest.join(" "), self.parses) {
                    return Some(act);
                }
            }
        }
        one.given.as_ref().and_then(|it| sql::act(it, self.parses)).map(|it| it.0)
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
        let empties = match one.words.as_slice() {
            [] => one.inside.is_empty(),
            [only] => matches!(only.text.as_str(), ":" | "true"),
            [cat, of] => {
                cat.text == "cat" && of.text == "/dev/null" || cat.text == "echo" && of.text.is_empty()
            }
            [echo, n, of] => echo.text == "echo" && n.text == "-n" && of.text.is_empty(),
            _ => false,
        };
        for target in &one.writes {
            if is_disk(target) {
                self.report(Act::Disk, range.clone(), "", false);
            } else if is_of_system(target) || empties && is_file(target) {
                self.report(Act::Overwrites, range.clone(), "", false);
            }
        }
    }

    /// `curl … | sh`, `history | bash`, `echo "rm -r x" | sh`.
    fn piped(&mut self, before: &[Simple], one: &Simple, range: &Range<usize>, depth: usize) {
        let words = match unwrapped_interpreter(&one.words) {
            Some(args) => args,
            None => return,
        };
        if words.iter().any(|it| !it.text.starts_with('-') && it.text != "/dev/stdin") && !any_of("-s", words)
        {
            return;
        }
        // Not the whole of a long pipe: each part of it asks.
        let before = &before[before.len().saturating_sub(6)..];
        let start = before.iter().rposition(|it| !it.piped).unwrap_or(0);
        for source in &before[start..] {
            let Run::Command([first, args @ ..]) = unwrapped(&source.words) else { continue };
            match wrap::name(&first.text) {
                "curl" | "wget" | "fetch" | "http" | "https" | "history" | "aria2c" | "lynx" | "iwr"
                | "irm" | "xxd" | "base64" | "openssl" => {
                    return self.report(Act::Runs, range.clone(), "", false);
                }
                "echo" | "printf" => {
                    let line = args.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
                    return self.line(line.as_bytes(), &Place::Within(range.clone()), depth + 1, false);
                }
                _ => {}
            }
        }
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

pub(super) fn report(act: Act, range: Range<usize>, program: &str, mild: bool, found: &mut Found) {
    let (kind, severity, title) = act.kind();
    let severity = if mild { severity.min(Severity::Warning) } else { severity };
    match program {
        "" => found.report(kind, severity, range, format_args!("{title}")),
        _ => found.report(kind, severity, range, format_args!("{title} ({program})")),
    }
}

/// The name of `program` as our tables have it, for a title.
fn known(program: &str) -> &str {
    if tables::rules_on(program).is_empty() { "" } else { program }
}

/// Whether `program` is one that is known here.
pub(super) fn is_known(program: &str) -> bool {
    static KNOWN: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let services = tables::SERVICES.split_ascii_whitespace();
        let listed = [HARMLESS, CLIENTS, INTERPRETERS].into_iter().flatten().copied();
        tables::programs().chain(wrap::programs()).chain(services).chain(listed).collect()
    });
    let name = wrap::name(program).as_bytes();
    let mut lower = [0; 40];
    let Some(lower) = lower.get_mut(..name.len()) else { return false };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).is_ok_and(|it| known.contains(it) || is_service(it))
}

/// Programs that are given statements of SQL.
const CLIENTS: &[&str] = &[
    "psql", "mysql", "mariadb", "sqlite3", "mysqlsh", "sqlite", "litecli", "gradle", "source", "wget", "iex",
];

fn is_service(program: &str) -> bool {
    static SET: OnceLock<HashSet<&str>> = OnceLock::new();
    let set = SET.get_or_init(|| tables::SERVICES.split_ascii_whitespace().collect());
    if matches!(program, "systemctl" | "journalctl" | "sysctl" | "localectl" | "timedatectl") {
        return false;
    }
    let made = |end: &str| program.len() > end.len() + 1 && program.ends_with(end);
    set.contains(program)
        || program.len() < 40 && (made("ctl") || made("-cli") || made("-admin") || made("adm"))
}

/// What a program does that runs others, by its own options; and a shell that is given what is downloaded.
fn before_unwrapping(words: &[Word], one: &Simple) -> Option<(Act, bool)> {
    let downloads = |it: &String| {
        let it = it.trim_start();
        ["curl ", "wget ", "fetch "].iter().any(|program| it.starts_with(program))
    };
    if one.inside.iter().any(downloads)
        && words.iter().take(3).any(|it| {
            let name = wrap::name(&it.text);
            matches!(name, "eval" | "." | "source") || INTERPRETERS.contains(&name)
        })
    {
        return Some((Act::Runs, false));
    }
    let (first, args) = words.split_first()?;
    let program = wrap::name(&first.text);
    let rule =
        wrap::is_wrapper(program).then(|| tables::rules_on(program).iter().find(|it| it.is_about(args)));
    rule.flatten().map(|it| (it.act, it.mild))
}

/// The words after `xargs` or `parallel` and their options, as far as they name a program.
fn fed(words: &[Word]) -> Option<&[Word]> {
    let at = words.iter().take(4).position(|it| wrap::name(&it.text) == "xargs")?;
    let mut rest = &words[at + 1..];
    while let Some((first, more)) = rest.split_first() {
        let takes = matches!(first.text.as_str(), "-I" | "-n" | "-P" | "-L" | "-d" | "-a" | "-E" | "-s");
        match first.text.starts_with('-') {
            true if takes => rest = more.get(1..).unwrap_or(&[]),
            true => rest = more,
            false => break,
        }
    }
    Some(rest)
}

/// What `rm` does with `args`.
fn remove(args: &[Word], fed: bool, mention: bool) -> Option<Act> {
    if fed {
        return Some(Act::Files);
    }
    let targets: Vec<_> = args.iter().map(|it| it.text.as_str()).filter(|it| !it.starts_with('-')).collect();
    if any_of("-r -R --recursive", args) {
        let scratch = !targets.is_empty() && targets.iter().all(|it| is_scratch(it));
        return (!scratch && (!mention || !targets.is_empty())).then_some(Act::Files);
    }
    let much = |it: &&str| {
        it.contains(['*', '?'])
            || matches!(*it, "." | ".." | "/" | "~")
            || it.starts_with('~')
            || it.starts_with('/') && !is_scratch(it)
    };
    targets.iter().any(much).then_some(Act::Files)
}

/// Whether `path` is in a folder that is emptied anyway.
fn is_scratch(path: &str) -> bool {
    const SCRATCH: [&str; 6] =
        ["/tmp/", "/var/tmp/", "$TMPDIR/", "${TMPDIR}/", "${TMPDIR:-/tmp}/", "/private/tmp/"];
    SCRATCH.iter().any(|it| path.starts_with(it)) && !path.contains("..")
}

/// Whether it only says what it would do.
fn is_help(args: &[Word], program: &str) -> bool {
    let help = args.iter().any(|it| {
        let text = it.text.as_str();
        matches!(
            text,
            "--help" | "--dry-run" | "--dryrun" | "--dry_run" | "--what-if" | "--whatif" | "/?" | "-?"
        ) || text.eq_ignore_ascii_case("-whatif")
            || text.starts_with("--dry-run=") && !text.ends_with("=false") && !text.ends_with("=none")
    });
    let short = args.last().is_some_and(|it| matches!(it.text.as_str(), "-h" | "--version"))
        && !matches!(program, "shutdown" | "halt");
    help || short || args.first().is_some_and(|it| it.text == "help")
}

const INTERPRETERS: &[&str] = &[
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "ash",
    "fish",
    "python",
    "python2",
    "python3",
    "perl",
    "ruby",
    "node",
    "php",
    "pwsh",
    "powershell",
    "deno",
    "bun",
    "lua",
    "iex",
    "invoke-expression",
    "source",
    "osascript",
];

/// The arguments of a shell or the like, after `sudo` and `env`.
fn unwrapped_interpreter(words: &[Word]) -> Option<&[Word]> {
    let mut words = words;
    for _ in 0..4 {
        let (first, rest) = words.split_first()?;
        let name = wrap::name(&first.text);
        if INTERPRETERS.contains(&name.to_ascii_lowercase().as_str()) {
            return Some(rest);
        }
        if !matches!(name, "sudo" | "env" | "exec" | "nohup" | "doas")
            && !wrap::is_assignment(name)
            && !name.starts_with('-')
        {
            return None;
        }
        words = rest;
    }
    None
}

/// Whether the code that an interpreter is given deletes files.
fn runs_code(program: &str, args: &[Word]) -> bool {
    const CALLS: [&str; 16] = [
        "rmtree",
        "os.remove",
        "os.unlink",
        "removedirs",
        "rmSync",
        "unlinkSync",
        "rm_rf",
        "rm_r(",
        "File.delete",
        "remove_tree",
        "unlink(",
        "unlink ",
        "rmdirSync",
        "fs.rm(",
        "Dir.rmdir",
        "rm -r",
    ];
    let at = INTERPRETERS.contains(&program).then(|| {
        args.iter().position(|it| matches!(it.text.as_str(), "-c" | "-e" | "-r" | "--eval" | "-le" | "-ne"))
    });
    let code = at.flatten().and_then(|at| args.get(at + 1));
    code.is_some_and(|it| CALLS.iter().any(|call| it.text.contains(call)))
}

fn is_disk(path: &str) -> bool {
    let name = path.strip_prefix("/dev/").unwrap_or("");
    ["sd", "hd", "vd", "xvd", "nvme", "mmcblk", "disk", "loop", "md", "mapper/", "rdisk", "dm-"]
        .iter()
        .any(|it| name.starts_with(it))
}

fn is_of_system(path: &str) -> bool {
    const SYSTEM: [&str; 13] = [
        "/etc/",
        "/boot/",
        "/bin/",
        "/sbin/",
        "/usr/",
        "/lib/",
        "/lib64/",
        "/proc/sys",
        "/sys/",
        "/root/.ssh",
        "/var/lib/",
        "/var/log/",
        "/var/spool/cron",
    ];
    SYSTEM.iter().any(|it| path.starts_with(it)) && !path.ends_with('/') || path.ends_with("authorized_keys")
}

fn is_file(path: &str) -> bool {
    !path.starts_with("/dev/")
        && !path.starts_with('&')
        && !path.is_empty()
        && (path.contains(['/', '.', '_', '$']) || path.len() > 2)
}
