//! Takes a command line apart into simple commands: [`commands`].
//!
//! Works on pieces of scripts too, where `if` and `do` have no end: words come from the
//! crate's own reader of shell words, which is bounded in depth; where it fails, the rest of
//! the line is split at blanks. No byte is read more than a few times.

use std::ops::Range;

use crate::shell::Kind;
use crate::shell::words::word;

/// The most words of one command that are looked at.
const MOST_WORDS: usize = 200;

/// One word, without quotes.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    /// As it is written: whether quotes or a backslash are in it.
    pub(super) quoted: bool,
}

/// A program with its arguments, or what stands between two separators.
#[derive(Debug, Clone, Default)]
pub(super) struct Simple {
    pub(super) words: Vec<Word>,
    /// The target of `>`: what was there is gone. `>>` is not in it.
    pub(super) writes: Vec<String>,
    /// The text of `<<<`.
    pub(super) given: Option<String>,
    /// Command lines in `$(…)` and backticks.
    pub(super) inside: Vec<String>,
    /// Bytes of the line.
    pub(super) range: Range<usize>,
    /// Reads what the command before it prints.
    pub(super) piped: bool,
}

impl Simple {
    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.writes.is_empty() && self.inside.is_empty()
    }
}

/// The simple commands of `line`.
pub(super) fn commands(line: &[u8]) -> Vec<Simple> {
    let mut all = Vec::new();
    let mut one = Simple::default();
    let (mut at, mut broken) = (0, false);
    while let Some(&byte) = line.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' => at += 1,
            b'\\' if matches!(line.get(at + 1), Some(b'\n' | b'\r')) => at += 2,
            b'#' if !one.words.is_empty() || line.get(at + 1).is_none_or(|it| *it == b' ') => break,
            b'&' if line.get(at + 1) == Some(&b'>') => at += 1,
            b';' | b'|' | b'&' | b'\n' | b'(' | b')' => {
                let piped = byte == b'|' && line.get(at + 1) != Some(&b'|');
                let double = matches!(byte, b'|' | b'&') && line.get(at + 1) == Some(&byte);
                at += if double { 2 } else { 1 };
                end(&mut one, &mut all, piped);
            }
            b'<' | b'>' if line.get(at + 1) != Some(&b'(') => at = redirect(line, at, &mut one, &mut broken),
            _ => at = take(line, at, &mut one, &mut broken),
        }
    }
    end(&mut one, &mut all, false);
    all
}

fn end(one: &mut Simple, all: &mut Vec<Simple>, piped: bool) {
    let done = std::mem::take(one);
    one.piped = piped;
    if !done.is_empty() {
        all.push(done);
    }
}

/// Takes the word at `at`. Where it ends.
fn take(line: &[u8], at: usize, one: &mut Simple, broken: &mut bool) -> usize {
    let (found, quoted, inside, end) = read(line, at, broken);
    let digits = !found.is_empty() && found.bytes().all(|it| it.is_ascii_digit());
    if digits && matches!(line.get(end), Some(b'<' | b'>')) {
        return end;
    }
    if one.words.is_empty() && one.writes.is_empty() {
        one.range.start = at;
    }
    one.range.end = end;
    one.inside.extend(inside);
    if one.words.len() < MOST_WORDS {
        one.words.push(Word { text: found, quoted });
    }
    end
}

/// The word at `at`: what it says, whether it is quoted, command lines in it, and its end, which is after `at`.
fn read(line: &[u8], at: usize, broken: &mut bool) -> (String, bool, Vec<String>, usize) {
    if !*broken {
        match word(line, at, 0) {
            Ok(it) if it.range.end > at => {
                let lines = it.filled.iter().filter(|it| {
                    matches!(it.0, Kind::Substitution | Kind::Backticks | Kind::Process) && !it.2.is_empty()
                });
                let inside = lines.map(|it| String::from_utf8_lossy(&line[it.2.clone()]).into_owned());
                let text = String::from_utf8_lossy(&it.plain).into_owned();
                return (text, it.quoted, inside.collect(), it.range.end);
            }
            _ => *broken = true,
        }
    }
    let rest = &line[at..];
    let stops = |it: &u8| it.is_ascii_whitespace() || b";|&<>()".contains(it);
    let length = rest.iter().position(stops).unwrap_or(rest.len()).max(1);
    let written = String::from_utf8_lossy(&rest[..length]);
    let text = written.trim_matches(['"', '\'', '`']);
    (text.to_owned(), text.len() != written.len(), Vec::new(), at + length)
}

/// Takes the redirect at `at`. Where it ends.
fn redirect(line: &[u8], at: usize, one: &mut Simple, broken: &mut bool) -> usize {
    let rest = &line[at..];
    let length = rest.iter().take(3).take_while(|it| b"<>&|".contains(it)).count();
    let (operator, rest) = rest.split_at(length);
    let blank = rest.iter().take_while(|it| matches!(it, b' ' | b'\t')).count();
    let target = at + length + blank;
    if one.words.is_empty() && one.writes.is_empty() {
        one.range.start = at;
    }
    one.range.end = one.range.end.max(at + length);
    if line.get(target).is_none_or(|it| b"\n;|&()<>".contains(it)) {
        return target.max(at + 1);
    }
    let (text, _, inside, end) = read(line, target, broken);
    one.range.end = end;
    one.inside.extend(inside);
    match operator {
        b">" | b">|" | b"&>" => one.writes.push(text),
        b"<<<" => one.given = Some(text),
        _ => {}
    }
    end
}

#[cfg(test)]
mod tests {
    use super::commands;

    fn check(line: &str, wanted: &[&str]) {
        let all = commands(line.as_bytes());
        let seen: Vec<_> = all
            .iter()
            .map(|it| it.words.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("·"))
            .collect();
        assert_eq!(seen, wanted, "{line}");
    }

    #[test]
    fn separators_end_a_command() {
        check("cd /x && rm -r y; ls | wc -l", &["cd·/x", "rm·-r·y", "ls", "wc·-l"]);
        check("if test -d x; then rm -r x; fi", &["if·test·-d·x", "then·rm·-r·x", "fi"]);
        check("a 'b c' \"d e\" f\\ g", &["a·b c·d e·f g"]);
    }

    #[test]
    fn what_is_not_closed_is_split_at_blanks() {
        check("rm -r it's here; ls", &["rm·-r·it's·here", "ls"]);
    }

    #[test]
    fn redirects_are_no_words() {
        let all = commands(b"echo a >b 2>&1 >>c");
        assert_eq!(all[0].writes, ["b"]);
        assert_eq!(all[0].words.len(), 2);
    }
}
