//! Programs that run what they are given: shells, interpreters, `xargs`.

use super::programs::INTERPRETERS;
use crate::commands::lines::{Simple, Word};
use crate::commands::rule::Act;
use crate::commands::{tables, wrap};

/// What a program does that runs others, by its own options; and a shell that is given what is downloaded.
pub(super) fn before_unwrapping(words: &[Word], one: &Simple) -> Option<(Act, bool)> {
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
pub(super) fn fed(words: &[Word]) -> Option<&[Word]> {
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

/// The arguments of a shell or the like, after `sudo` and `env`.
pub(super) fn interpreted(words: &[Word]) -> Option<&[Word]> {
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
pub(super) fn deletes_by_code(program: &str, args: &[Word]) -> bool {
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
