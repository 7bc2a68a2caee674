//! The programs that are known, and what they do with their arguments: show them, run them, pass them on.
//!
//! Not here: the programs that destroy something. The tables have those.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::commands::lines::Word;
use crate::commands::{tables, wrap};

/// Programs that show or search, and run nothing of what they are given.
pub(super) const HARMLESS: &[&str] = &[
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
    "base64",
    "xxd",
    "openssl",
];

/// Programs whose output comes from elsewhere, or says nothing until it is decoded.
pub(super) const SENDS: &[&str] = &[
    "curl", "wget", "fetch", "http", "https", "history", "aria2c", "lynx", "iwr", "irm", "xxd", "base64",
    "openssl",
];

/// Programs that are given statements of SQL.
const CLIENTS: &[&str] = &[
    "psql", "mysql", "mariadb", "sqlite3", "mysqlsh", "sqlite", "litecli", "gradle", "source", "wget", "iex",
];

/// Programs that run what they are given as code.
pub(super) const INTERPRETERS: &[&str] = &[
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

/// The name of `program` as our tables have it, for a title.
pub(super) fn known(program: &str) -> &str {
    if tables::rules_on(program).is_empty() { "" } else { program }
}

/// Whether `program` is one that is known here.
pub(in crate::commands) fn is_known(program: &str) -> bool {
    static KNOWN: OnceLock<Names> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let services = tables::SERVICES.split_ascii_whitespace();
        let listed = [HARMLESS, CLIENTS, INTERPRETERS].into_iter().flatten().copied();
        Names::of(tables::programs().chain(wrap::programs()).chain(services).chain(listed))
    });
    let name = wrap::name(program).as_bytes();
    if !known.may_have(name) && !may_be_service(name) {
        return false;
    }
    let mut lower = [0; 40];
    let Some(lower) = lower.get_mut(..name.len()) else { return false };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).is_ok_and(|it| known.all.contains(it) || is_service(it))
}

/// Names to look one up in. Nearly all other words are told apart by how they begin and how long they are.
struct Names {
    all: HashSet<&'static str>,
    /// By the first two bytes of names, whatever their case, bits for their lengths.
    lengths: Vec<u64>,
}

impl Names {
    fn of(names: impl Iterator<Item = &'static str>) -> Self {
        let all: HashSet<_> = names.collect();
        let mut lengths = vec![0; 1 << 10];
        for name in &all {
            lengths[begin(name.as_bytes())] |= 1 << (name.len() & 63);
        }
        Self { all, lengths }
    }

    /// Whether `name`, in any case, can be one of them.
    fn may_have(&self, name: &[u8]) -> bool {
        self.lengths[begin(name)] >> (name.len() & 63) & 1 == 1
    }
}

/// A number for the first two bytes of `name`, whatever their case.
fn begin(name: &[u8]) -> usize {
    let byte = |at: usize| name.get(at).map_or(0, |it| usize::from(it & 31));
    byte(0) << 5 | byte(1)
}

/// Whether `program`, in any case, ends as names do that are made for a service.
fn may_be_service(program: &[u8]) -> bool {
    matches!(program.last(), Some(b'l' | b'L' | b'i' | b'I' | b'n' | b'N' | b'm' | b'M'))
}

/// Whether `program` speaks to a service, by its name.
pub(super) fn is_service(program: &str) -> bool {
    static SET: OnceLock<HashSet<&str>> = OnceLock::new();
    let set = SET.get_or_init(|| tables::SERVICES.split_ascii_whitespace().collect());
    if matches!(program, "systemctl" | "journalctl" | "sysctl" | "localectl" | "timedatectl") {
        return false;
    }
    let made = |end: &str| program.len() > end.len() + 1 && program.ends_with(end);
    set.contains(program)
        || program.len() < 40 && (made("ctl") || made("-cli") || made("-admin") || made("adm"))
}

/// Whether it only says what it would do.
pub(super) fn is_help(args: &[Word], program: &str) -> bool {
    let help = args.iter().any(|it| asks_for_help(&it.text));
    let short = args.last().is_some_and(|it| matches!(it.text.as_str(), "-h" | "--version"))
        && !matches!(program, "shutdown" | "halt");
    help || short || args.first().is_some_and(|it| it.text == "help")
}

/// Whether an option keeps every program from doing anything.
fn asks_for_help(option: &str) -> bool {
    matches!(
        option,
        "--help" | "--dry-run" | "--dryrun" | "--dry_run" | "--what-if" | "--whatif" | "/?" | "-?"
    ) || option.eq_ignore_ascii_case("-whatif")
        || option.starts_with("--dry-run=") && !option.ends_with("=false") && !option.ends_with("=none")
}
