//! Programs that run other programs: `sudo`, `ssh host "…"`, `xargs`, `bash -c '…'`.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::lines::Word;

/// What follows a program that runs another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// A command, after as many words that are no options.
    After(usize),
    /// A command line, after as many words that are no options; made of all words that are left.
    Joined(usize),
    /// A command after `--`.
    Dashes,
    /// A command line, in the value of the option that the third column ends with.
    Value,
}

type Wrapper = (&'static str, Rest, &'static str);

/// Program and first words; what follows; the options that take a value. By their manuals.
const WRAPPERS: &[Wrapper] = &[
    ("sudo", Rest::After(0), "-u -g -h -p -C -D -R -T -U -r -t --user --group --host"),
    ("doas", Rest::After(0), "-u -C"),
    ("pkexec", Rest::After(0), "--user"),
    ("run0", Rest::After(0), "-u"),
    ("env", Rest::After(0), "-u -C -S"),
    ("nohup", Rest::After(0), ""),
    ("time", Rest::After(0), "-f -o"),
    ("nice", Rest::After(0), "-n"),
    ("ionice", Rest::After(0), "-c -n -p"),
    ("timeout", Rest::After(1), "-s -k"),
    ("gtimeout", Rest::After(1), "-s -k"),
    ("watch", Rest::Joined(0), "-n --interval"),
    ("command", Rest::After(0), ""),
    ("builtin", Rest::After(0), ""),
    ("exec", Rest::After(0), "-a"),
    ("stdbuf", Rest::After(0), "-i -o -e"),
    ("setsid", Rest::After(0), ""),
    ("chroot", Rest::After(1), ""),
    ("arch-chroot", Rest::After(1), "-u"),
    ("unshare", Rest::After(0), ""),
    ("nsenter", Rest::After(0), "-t -S -G"),
    ("strace", Rest::After(0), "-e -o -p -s"),
    ("flock", Rest::After(1), "-w -E"),
    ("parallel", Rest::Joined(0), "-j -P -I"),
    ("caffeinate", Rest::After(0), "-t -w"),
    ("proxychains", Rest::After(0), "-f"),
    ("proxychains4", Rest::After(0), "-f"),
    ("torsocks", Rest::After(0), ""),
    ("runuser", Rest::Value, "-u -g -s -c"),
    ("su", Rest::Value, "-s -g -c"),
    ("gosu", Rest::After(1), ""),
    ("su-exec", Rest::After(1), ""),
    ("tini", Rest::After(0), ""),
    ("dumb-init", Rest::After(0), ""),
    ("systemd-run", Rest::After(0), "-p --unit --property"),
    ("systemd-inhibit", Rest::After(0), ""),
    ("npx", Rest::After(0), "-p --package"),
    ("bunx", Rest::After(0), ""),
    ("uvx", Rest::After(0), "--from"),
    ("pipx run", Rest::After(0), ""),
    ("pnpm exec", Rest::After(0), ""),
    ("pnpm dlx", Rest::After(0), ""),
    ("yarn dlx", Rest::After(0), ""),
    ("npm exec", Rest::After(0), ""),
    ("poetry run", Rest::After(0), ""),
    ("pipenv run", Rest::After(0), ""),
    ("uv run", Rest::After(0), ""),
    ("rye run", Rest::After(0), ""),
    ("bundle exec", Rest::After(0), ""),
    ("doppler run", Rest::Dashes, "-p -c"),
    ("op run", Rest::Dashes, "--env-file"),
    ("direnv exec", Rest::After(1), ""),
    ("aws-vault exec", Rest::After(1), ""),
    ("heroku run", Rest::Joined(0), "-a --app"),
    ("ssh", Rest::Joined(1), "-i -p -l -o -F -J -L -R -D -E -W -c -m -b -e"),
    ("sshpass", Rest::After(0), "-p -f"),
    ("mosh", Rest::After(1), "-p"),
    ("vagrant ssh", Rest::Value, "-c"),
    ("gcloud compute ssh", Rest::Value, "--command"),
    ("fly ssh console", Rest::Value, "-C"),
    ("flyctl ssh console", Rest::Value, "-C"),
    ("docker exec", Rest::After(1), "-u -w -e --user --workdir --env"),
    ("docker container exec", Rest::After(1), "-u -w -e"),
    ("podman exec", Rest::After(1), "-u -w -e"),
    ("docker compose exec", Rest::After(1), "-u -w -e --user"),
    ("docker-compose exec", Rest::After(1), "-u -w -e --user"),
    ("docker compose run", Rest::After(1), "-u -w -e -v"),
    ("docker-compose run", Rest::After(1), "-u -w -e -v"),
    ("kubectl exec", Rest::Dashes, "-n -c"),
    ("k exec", Rest::Dashes, "-n -c"),
    ("oc exec", Rest::Dashes, "-n -c"),
    ("lxc exec", Rest::Dashes, ""),
    ("incus exec", Rest::Dashes, ""),
    ("bash", Rest::Value, "-c"),
    ("sh", Rest::Value, "-c"),
    ("zsh", Rest::Value, "-c"),
    ("dash", Rest::Value, "-c"),
    ("ksh", Rest::Value, "-c"),
    ("ash", Rest::Value, "-c"),
    ("fish", Rest::Value, "-c"),
    ("busybox", Rest::After(0), ""),
    ("script", Rest::Value, "-c"),
    ("eval", Rest::Joined(0), ""),
    ("trap", Rest::Joined(0), ""),
    ("cmd", Rest::Joined(0), ""),
    ("cmd.exe", Rest::Joined(0), ""),
    ("powershell", Rest::Value, "-Command"),
    ("powershell.exe", Rest::Value, "-Command"),
    ("pwsh", Rest::Value, "-Command"),
    ("wsl", Rest::After(0), "-d -u"),
    ("start-process", Rest::After(0), ""),
    ("ansible", Rest::Value, "-m -i -u -a"),
    ("salt", Rest::Joined(2), "-b"),
    // Words of the shell's own.
    ("then", Rest::After(0), ""),
    ("else", Rest::After(0), ""),
    ("elif", Rest::After(0), ""),
    ("do", Rest::After(0), ""),
    ("if", Rest::After(0), ""),
    ("while", Rest::After(0), ""),
    ("until", Rest::After(0), ""),
    ("!", Rest::After(0), ""),
    ("{", Rest::After(0), ""),
];

/// What a command runs in the end.
pub(super) enum Run<'w> {
    /// The program and its arguments.
    Command(&'w [Word]),
    /// A command line.
    Line(String),
    Nothing,
}

/// The rows of [`WRAPPERS`] by the program they begin with.
fn by_program() -> &'static HashMap<&'static str, Vec<&'static Wrapper>> {
    static TABLE: OnceLock<HashMap<&'static str, Vec<&'static Wrapper>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut made: HashMap<_, Vec<_>> = HashMap::new();
        for row in WRAPPERS {
            made.entry(row.0.split(' ').next().unwrap_or("")).or_default().push(row);
        }
        made
    })
}

/// The names of all of them.
pub(super) fn programs() -> impl Iterator<Item = &'static str> {
    by_program().keys().copied().chain(["xargs"])
}

/// Whether `program` runs another one.
pub(super) fn is_wrapper(program: &str) -> bool {
    program == "xargs" || by_program().contains_key(program)
}

/// The name of a program without its folders and the `\` that undoes an alias; `None` of what is no name.
pub(super) fn name(word: &str) -> &str {
    if !word.bytes().any(|it| matches!(it, b'\\' | b'/' | b'@' | b'.')) {
        return word;
    }
    let word = word.trim_start_matches(['\\', '@']);
    let base = word.rsplit(['/', '\\']).next().unwrap_or(word);
    base.strip_suffix(".exe").or(base.strip_suffix(".cmd")).unwrap_or(base)
}

/// Goes through the programs that run others, as far as eight deep.
pub(super) fn unwrapped(mut words: &[Word]) -> Run<'_> {
    for _ in 0..8 {
        while words.first().is_some_and(|it| is_assignment(&it.text)) {
            words = &words[1..];
        }
        let Some((program, args)) = words.split_first() else { return Run::Nothing };
        let program = name(&program.text);
        if program == "command" && args.first().is_some_and(|it| matches!(it.text.as_str(), "-v" | "-V")) {
            return Run::Nothing;
        }
        let lower = program.to_ascii_lowercase();
        let Some((rest, values, args)) = wrapper(&lower, args) else { return Run::Command(words) };
        words = match rest {
            Rest::After(skipped) => after(args, skipped, values),
            Rest::Joined(skipped) => {
                let mut args = after(args, skipped, values);
                while args.first().is_some_and(|it| it.text.starts_with('/') && it.text.len() == 2) {
                    args = &args[1..];
                }
                return joined(args);
            }
            Rest::Dashes => match args.iter().position(|it| it.text == "--") {
                Some(at) => &args[at + 1..],
                None => after(args, 1, values),
            },
            Rest::Value => match value(args, values) {
                Some(line) => return Run::Line(line),
                None => return Run::Nothing,
            },
        };
    }
    Run::Nothing
}

fn wrapper<'w>(program: &str, args: &'w [Word]) -> Option<(Rest, &'static str, &'w [Word])> {
    let rows = by_program().get(program)?;
    rows.iter().find_map(|(call, rest, values)| {
        let more = call.split(' ').skip(1);
        let count = more.clone().count();
        let fits = args.len() >= count && more.zip(args).all(|(a, b)| a == b.text);
        fits.then(|| (*rest, *values, &args[count..]))
    })
}

/// `args` after options and `skipped` other words.
fn after<'w>(mut args: &'w [Word], mut skipped: usize, values: &str) -> &'w [Word] {
    while let Some((first, rest)) = args.split_first() {
        let text = first.text.as_str();
        if text == "--" {
            return rest;
        }
        if text.starts_with('-') && text.len() > 1 {
            let takes = values.split(' ').any(|it| it == text);
            args = if takes { rest.get(1..).unwrap_or(&[]) } else { rest };
        } else if is_assignment(text) {
            args = rest;
        } else if skipped > 0 {
            skipped -= 1;
            args = rest;
        } else {
            break;
        }
    }
    args
}

fn joined(args: &[Word]) -> Run<'_> {
    match args {
        [] => Run::Nothing,
        [one] => Run::Line(one.text.clone()),
        _ if args.iter().any(|it| it.quoted) && !args[0].text.contains(' ') => Run::Command(args),
        _ => Run::Line(args.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ")),
    }
}

/// The value of the last of the options `values`; after `-c` of a shell that stands among other letters, too.
fn value(args: &[Word], values: &str) -> Option<String> {
    let option = values.rsplit(' ').next()?;
    let at = args.iter().position(|it| {
        let long = option.len() > 2;
        it.text.eq_ignore_ascii_case(option)
            || long && it.text.strip_prefix(option).is_some_and(|it| it.starts_with('='))
            || !long
                && it.text.starts_with('-')
                && !it.text.starts_with("--")
                && it.text.len() <= 6
                && it.text.ends_with(&option[1..])
    })?;
    match args[at].text.split_once('=') {
        Some((_, value)) => Some(value.to_owned()),
        None if option == "-Command" => {
            Some(args[at + 1..].iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" "))
        }
        None => args.get(at + 1).map(|it| it.text.clone()),
    }
}

pub(super) fn is_assignment(word: &str) -> bool {
    word.as_bytes().contains(&b'=')
        && word.split_once('=').is_some_and(|(name, _)| {
            let name = name.strip_suffix('+').unwrap_or(name);
            !name.is_empty()
                && !name.starts_with(|it: char| it.is_ascii_digit())
                && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
        })
}
