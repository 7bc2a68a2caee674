//! What was typed after `cargo xtask`.

pub(crate) const HELP: &str = "\
cargo xtask run [--release] [--yes] [-- ARGS]   build the window and start it
cargo xtask test [--all] [--doc] [--yes]        every check and every test
cargo xtask test NAME...                        the Rust tests whose names contain NAME, nothing else
cargo xtask demo NAME [--yes]                   a demonstration without a display, e.g. `demo forum`
cargo xtask desktop [--yes] CMD...              CMD in a private desktop: X server, session bus, HOME,
                                                unlocked keyring, notifications, window manager
cargo xtask bench [--yes] [NAME...]             measures a release build: one line of JSON for each figure,
                                                a table, and 1 where a target is missed; or only NAME: gate, diff,
                                                backlog, stored, arrivals, sheet, start, idle
cargo xtask gallery [--yes] [NAME...]           pictures of every screen and state, or of those whose names
                                                contain NAME, into target/gallery
cargo xtask help                                this text

Each first looks for what it needs and says what is missing and why. Packages are installed with apt, as
root or through sudo, after asking; without a terminal only as root or with --yes.

  --all      also the tests with real agents (fetched with npm into target/agents), failing disks, minutes of
             standstill and 20,000 messages at once, a minute of fuzzing at each target, the documentation
             and the audits of dependencies
  --doc      also builds the documentation, warnings denied
  --release  builds as it is shipped: smaller and faster, and slower to build
  --yes      installs without asking";

#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Run(Run),
    Test(Test),
    Demo { name: String, yes: bool },
    Desktop { words: Vec<String>, yes: bool },
    Bench { names: Vec<String>, yes: bool },
    Gallery { names: Vec<String>, yes: bool },
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Run {
    pub(crate) release: bool,
    pub(crate) yes: bool,
    /// For the window, as they are.
    pub(crate) rest: Vec<String>,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Test {
    pub(crate) all: bool,
    pub(crate) doc: bool,
    pub(crate) yes: bool,
    pub(crate) names: Vec<String>,
}

/// Reads the words after `cargo xtask`.
pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut words = words;
    match words.next().as_deref() {
        None | Some("help" | "--help" | "-h") => Ok(Command::Help),
        Some("run") => parse_run(words),
        Some("test") => parse_test(words),
        Some("demo") => parse_demo(words),
        Some("desktop") => parse_desktop(words),
        Some("bench") => parse_names("bench", words)
            .map(|it| it.map_or(Command::Help, |(names, yes)| Command::Bench { names, yes })),
        Some("gallery") => parse_names("gallery", words)
            .map(|it| it.map_or(Command::Help, |(names, yes)| Command::Gallery { names, yes })),
        Some(other) => Err(format!("there is no command `{other}`")),
    }
}

fn parse_run(mut words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut run = Run::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--release" => run.release = true,
            "--yes" => run.yes = true,
            "--help" => return Ok(Command::Help),
            "--" => run.rest = words.by_ref().collect(),
            _ => return Err(format!("`run` does not know `{word}`")),
        }
    }
    Ok(Command::Run(run))
}

fn parse_test(words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut test = Test::default();
    for word in words {
        match word.as_str() {
            "--all" => test.all = true,
            "--doc" => test.doc = true,
            "--yes" => test.yes = true,
            "--help" => return Ok(Command::Help),
            _ if word.starts_with('-') => return Err(format!("`test` does not know `{word}`")),
            _ => test.names.push(word),
        }
    }
    test.doc |= test.all && test.names.is_empty();
    Ok(Command::Test(test))
}

fn parse_demo(words: impl Iterator<Item = String>) -> Result<Command, String> {
    let (mut name, mut yes) = (None, false);
    for word in words {
        match word.as_str() {
            "--yes" => yes = true,
            "--help" => return Ok(Command::Help),
            _ if name.is_none() && word.chars().all(|c| c.is_ascii_lowercase()) => name = Some(word),
            _ => return Err(format!("`demo` does not know `{word}`")),
        }
    }
    Ok(Command::Demo { name: name.ok_or("which demonstration? there is `demo forum`")?, yes })
}

fn parse_desktop(words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut words = words.peekable();
    let yes = words.next_if(|word| word == "--yes").is_some();
    let words: Vec<String> = words.collect();
    if words.is_empty() {
        return Err("`desktop` needs a command to run".into());
    }
    Ok(Command::Desktop { words, yes })
}

/// The names, and whether to install without asking; nothing where help was asked for.
fn parse_names(
    command: &str,
    words: impl Iterator<Item = String>,
) -> Result<Option<(Vec<String>, bool)>, String> {
    let (mut names, mut yes) = (Vec::new(), false);
    for word in words {
        match word.as_str() {
            "--yes" => yes = true,
            "--help" => return Ok(None),
            _ if word.starts_with('-') => return Err(format!("`{command}` does not know `{word}`")),
            _ => names.push(word),
        }
    }
    Ok(Some((names, yes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Command, String> {
        parse(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn nothing_typed_is_a_call_for_help() {
        assert_eq!(read(""), Ok(Command::Help));
    }

    #[test]
    fn what_follows_two_dashes_belongs_to_the_window() {
        let rest = vec!["--yes".to_owned(), "file".to_owned()];
        assert_eq!(
            read("run --release -- --yes file"),
            Ok(Command::Run(Run { release: true, yes: false, rest }))
        );
    }

    #[test]
    fn names_and_options_of_test_mix_and_all_brings_the_documentation() {
        let test = Test { all: true, doc: true, yes: true, names: vec![] };
        assert_eq!(read("test --yes --all"), Ok(Command::Test(test)));
        let test = Test { all: true, doc: false, yes: false, names: vec!["replay".into(), "expired".into()] };
        assert_eq!(read("test replay --all expired"), Ok(Command::Test(test)));
    }

    #[test]
    fn parts_of_the_bench_are_named() {
        let bench = Command::Bench { names: vec!["gate".into(), "idle".into()], yes: true };
        assert_eq!(read("bench gate --yes idle"), Ok(bench));
        assert_eq!(read("bench --fast"), Err("`bench` does not know `--fast`".into()));
        assert_eq!(read("gallery --help"), Ok(Command::Help));
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert_eq!(read("tset"), Err("there is no command `tset`".into()));
        assert_eq!(read("test --fast"), Err("`test` does not know `--fast`".into()));
        assert_eq!(read("demo ../forum"), Err("`demo` does not know `../forum`".into()));
    }

    #[test]
    fn the_command_of_a_desktop_keeps_its_own_options() {
        let words = vec!["ls".to_owned(), "--yes".to_owned()];
        assert_eq!(read("desktop --yes ls --yes"), Ok(Command::Desktop { words, yes: true }));
    }
}
