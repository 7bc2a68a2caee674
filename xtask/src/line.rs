//! A command to run, which prints as the line that repeats it.

use crate::house::House;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Below the root of the checkout; empty is the root itself.
    folder: PathBuf,
    env: Vec<(String, String)>,
    words: Vec<String>,
}

impl Line {
    /// Words are split at spaces; one that holds a space is added with [`Line::word`].
    pub(crate) fn new(words: &str) -> Line {
        Line {
            folder: PathBuf::new(),
            env: Vec::new(),
            words: words.split_whitespace().map(str::to_owned).collect(),
        }
    }

    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Line {
        self.folder = folder.as_ref().to_path_buf();
        self
    }

    pub(crate) fn word(mut self, word: impl Into<String>) -> Line {
        self.words.push(word.into());
        self
    }

    pub(crate) fn words<'a>(mut self, words: impl IntoIterator<Item = &'a String>) -> Line {
        self.words.extend(words.into_iter().cloned());
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Line {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn command(&self, house: &House) -> Command {
        let (program, words) = self.words.split_first().expect("a line has a first word");
        let mut command = Command::new(program);
        if let Some(path) = house.path() {
            command.env("PATH", path);
        }
        command.args(words).current_dir(house.root.join(&self.folder));
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.folder.as_os_str().is_empty() {
            write!(f, "cd {} && ", quoted(&self.folder.to_string_lossy()))?;
        }
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        let words: Vec<String> = self.words.iter().map(|word| quoted(word)).collect();
        f.write_str(&words.join(" "))
    }
}

/// `word` as a shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_prints_as_a_shell_would_repeat_it() {
        let line = Line::new("npm test")
            .within("ui")
            .env("RUSTDOCFLAGS", "-D warnings")
            .word("it's")
            .word("")
            .word("a/b=c");
        assert_eq!(line.to_string(), r"cd ui && RUSTDOCFLAGS='-D warnings' npm test 'it'\''s' '' a/b=c");
    }
}
