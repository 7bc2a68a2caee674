//! Which arguments are command lines, which commands run what they are given, and how arguments are quoted.

use std::borrow::Cow;
use std::ops::Range;

use super::Kind;
use super::words::Word;
use crate::{Category, Finding, Severity};

/// An argument, and whether it is known as a whole before a shell fills something in.
pub(super) struct Arg {
    pub(super) text: Vec<u8>,
    pub(super) whole: bool,
}

/// A command line in arguments, of which number `at` is its first.
pub(super) struct Inside {
    pub(super) at: usize,
    pub(super) kind: Kind,
    pub(super) note: &'static str,
    pub(super) text: Vec<u8>,
}

const SHELLS: [&str; 11] =
    ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "rbash", "busybox", "posh", "yash"];

/// Programs, the options that take a program's text, and the language.
const OTHERS: [(&str, &[&str], &str); 9] = [
    ("python", &["-c"], "a program in Python"),
    ("perl", &["-e", "-E"], "a program in Perl"),
    ("ruby", &["-e"], "a program in Ruby"),
    ("node", &["-e", "-p", "--eval", "--print"], "a program in JavaScript"),
    ("bun", &["-e"], "a program in JavaScript"),
    ("php", &["-r"], "a program in PHP"),
    ("lua", &["-e"], "a program in Lua"),
    ("pwsh", &["-c", "-Command"], "a program in PowerShell"),
    ("fish", &["-c"], "a program in fish"),
];

/// Programs that run the one that follows.
const BEFORE: [&str; 16] = [
    "sudo", "doas", "env", "nohup", "time", "nice", "ionice", "exec", "command", "builtin", "setsid",
    "stdbuf", "timeout", "xargs", "chroot", "unbuffer",
];

/// The last part of a path, without a version: `python` of `/usr/bin/python3.11`.
fn base(path: &[u8]) -> &str {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let name = std::str::from_utf8(name).unwrap_or_default();
    name.trim_start_matches('-').trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == '.')
}

fn is_shell(name: &[u8]) -> bool {
    SHELLS.contains(&base(name))
}

fn language(name: &[u8]) -> Option<&'static (&'static str, &'static [&'static str], &'static str)> {
    OTHERS.iter().find(|(of, ..)| *of == base(name))
}

/// The argument of `-c`, counted in `args`, which follow the name of a shell.
fn of_shell(args: &[Arg]) -> Option<usize> {
    let (mut command, mut at) = (false, 0);
    while let Some(Arg { text, .. }) = args.get(at) {
        at += match text.as_slice() {
            b"--rcfile" | b"--init-file" | b"-o" | b"+o" | b"-O" | b"+O" => 2,
            b"--" | b"-" => return (command && at + 1 < args.len()).then_some(at + 1),
            [b'-', b'-', ..] | [b'+', ..] => 1,
            [b'-', rest @ ..] => {
                command |= rest.contains(&b'c');
                1 + usize::from(rest.ends_with(b"o"))
            }
            _ => return command.then_some(at),
        };
    }
    None
}

/// The command lines in `args`; `program` is what really runs, where that is known.
pub(super) fn inside(program: Option<&[u8]>, args: &[Arg]) -> Vec<Inside> {
    let mut found = Vec::new();
    let Some(first) = args.first() else { return found };
    let is =
        |name: &str| [Some(first.text.as_slice()), program].into_iter().flatten().any(|it| base(it) == name);
    let one = |at: usize, kind, note| Inside { at, kind, note, text: args[at].text.clone() };
    // Wherever a shell is named with a command line for it: `env`, `sudo`, `find`, `docker` and many others run it.
    let mut at = 0;
    while at < args.len() {
        let name = &args[at].text;
        let really = program.filter(|_| at == 0);
        let rest = &args[at + 1..];
        if (is_shell(name) || really.is_some_and(is_shell))
            && let Some(line) = of_shell(rest)
        {
            let note = match (at, args[at + 1 + line].whole) {
                (0, true) => "for this shell",
                (0, false) => "for this shell, as far as it is known before",
                _ => "for the shell that is named before it",
            };
            at += 1 + line;
            found.push(one(at, Kind::Line, note));
        } else if let Some((_, options, note)) = language(name).or_else(|| really.and_then(language)) {
            let option = rest.iter().position(|it| options.iter().any(|option| option.as_bytes() == it.text));
            if let Some(option) = option.filter(|option| option + 1 < rest.len()) {
                at += option + 2;
                found.push(one(at, Kind::Program, note));
            }
        }
        at += 1;
    }
    let mut joined = |at: usize, kind, note, quote: bool| {
        if let Some(args) = args.get(at..).filter(|it| !it.is_empty() && found.iter().all(|it| it.at < at)) {
            let words = args.iter().map(|it| if quote { quoted_one(&it.text) } else { it.text.clone() });
            let text = words.collect::<Vec<_>>().join(&b' ');
            found.push(Inside { at, kind, note, text });
        }
    };
    let options = |from: usize, with: &[u8]| {
        let mut at = from;
        while let Some([b'-', rest @ ..]) = args.get(at).map(|it| it.text.as_slice()) {
            at += 1 + usize::from(rest.last().is_some_and(|last| rest.len() == 1 && with.contains(last)));
        }
        at
    };
    if is("ssh") {
        joined(
            options(1, b"BbcDEeFIiJLlmOopQRSWw") + 1,
            Kind::Joined,
            "for the shell of the other machine",
            false,
        );
    } else if is("eval") {
        joined(1, Kind::Joined, "for this shell, once more", false);
    } else if is("watch") {
        joined(options(1, b"nq"), Kind::Joined, "for a shell, again and again", false);
    } else if is("xargs") {
        joined(options(1, b"IadEnPsL"), Kind::Joined, "for what is read, put after it", true);
    } else if is("su") || is("script") || is("runuser") {
        let option = args.iter().position(|it| matches!(it.text.as_slice(), b"-c" | b"--command"));
        if let Some(at) = option.map(|at| at + 1).filter(|at| *at < args.len() && found.is_empty()) {
            found.push(one(at, Kind::Line, "for a shell"));
        }
    } else if is("find") {
        find(args, &mut found);
    }
    found
}

/// What `find` does with each file.
fn find(args: &[Arg], found: &mut Vec<Inside>) {
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        at += 1;
        if matches!(arg.text.as_slice(), b"-exec" | b"-execdir" | b"-ok" | b"-okdir") {
            let length = args[at..].iter().position(|it| matches!(it.text.as_slice(), b";" | b"+"));
            let end = at + length.unwrap_or(args.len() - at);
            let named = found.iter().any(|it| (at..end).contains(&it.at));
            if end > at && !named {
                let text =
                    args[at..end].iter().map(|it| quoted_one(&it.text)).collect::<Vec<_>>().join(&b' ');
                found.push(Inside { at, kind: Kind::Joined, note: "for each file that is found", text });
            }
            at = end;
        }
    }
    found.sort_by_key(|it| it.at);
}

/// What is found about a command of a command line: that it runs what it is given.
pub(super) fn runs(
    words: &[Word],
    args: &[Arg],
    pipe: Option<usize>,
    range: &Range<usize>,
) -> Option<Finding> {
    let made = [Kind::Substitution, Kind::Backticks, Kind::Process];
    let finding = |rule, start, title: &str, why: &'static str| Finding {
        also: Vec::new(),
        others: 0,
        rule: Cow::Borrowed(rule),
        category: Category::Change,
        severity: Severity::Warning,
        range: start..range.end,
        title: title.to_owned(),
        why: Cow::Borrowed(why),
        fix: None,
    };
    let why =
        "What would run is known only when it runs. It is not shown here, and not bound by your signature.";
    let first = program_of(args);
    let (word, name) = (words.get(first)?, &args[first].text);
    let rest = &args[first + 1..];
    let here = |words: &[Word]| words.iter().any(|word| word.has(&made));
    let line = if is_shell(name) { of_shell(rest) } else { None };
    let output = match base(name) {
        _ if word.range.is_empty() => false,
        // The output itself is the name of the program, or all of it.
        _ if word.has(&made) && word.filled.first().is_some_and(|it| it.1.start <= word.range.start + 1) => {
            true
        }
        "eval" | "source" => here(&words[first + 1..]),
        _ if name == b"." => here(&words[first + 1..]),
        _ if is_shell(name) => match line {
            Some(at) => words[first + 1 + at].has(&made),
            None => words[first + 1..].iter().any(|word| word.has(&[Kind::Process])),
        },
        _ => false,
    };
    if output {
        return Some(finding("runs-output", range.start, "It runs what another command prints", why));
    }
    let reads = is_shell(name) || language(name).is_some();
    let text = |arg: &Arg| arg.text.first().is_none_or(|byte| *byte != b'-') || arg.text == b"--command";
    let given = rest.iter().any(|it| it.text == b"-s");
    let alone = given || !(rest.iter().any(text) || line.is_some());
    match pipe {
        Some(start) if reads && alone => {
            Some(finding("pipe-to-shell", start, "It runs what is piped to it", why))
        }
        _ => None,
    }
}

/// The number of the argument that names the program, after `sudo`, `env` and the like.
fn program_of(args: &[Arg]) -> usize {
    let mut at = 0;
    while at + 1 < args.len() && args[at].whole && BEFORE.contains(&base(&args[at].text)) {
        at += 1;
        let skipped =
            |it: &Arg| it.text.starts_with(b"-") || it.text.contains(&b'=') || it.text[..].is_empty();
        while at + 1 < args.len() && skipped(&args[at]) {
            at += 1;
        }
    }
    at.min(args.len().saturating_sub(1))
}

/// `argv` as one line, from which a shell makes exactly these arguments.
#[must_use]
pub fn quoted(argv: &[&[u8]]) -> Vec<u8> {
    argv.iter().map(|it| quoted_one(it)).collect::<Vec<_>>().join(&b' ')
}

fn quoted_one(argument: &[u8]) -> Vec<u8> {
    // Words of the shell's own, such as `if` and `!`, mean nothing special in quotes.
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./:,@+".contains(byte);
    let own = argument.iter().all(u8::is_ascii_lowercase) && argument.len() <= 8 && is_own(argument);
    if !argument.is_empty() && argument.iter().all(plain) && !own {
        return argument.to_vec();
    }
    let mut made = vec![b'\''];
    for byte in argument {
        match byte {
            b'\'' => made.extend(b"'\\''"),
            _ => made.push(*byte),
        }
    }
    made.push(b'\'');
    made
}

fn is_own(word: &[u8]) -> bool {
    const OWN: [&str; 17] = [
        "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "in",
        "select", "function", "time", "coproc",
    ];
    OWN.iter().any(|own| own.as_bytes() == word)
}
