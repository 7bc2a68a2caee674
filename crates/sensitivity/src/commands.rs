//! Commands and statements that cannot be taken back: `rm -rf`, `DROP TABLE`, `git push --force`.
//!
//! At a word that such a command has, the line is looked at once: where a command may begin in
//! it, it is taken apart as a shell does, programs that run others are gone through, and the
//! program is looked up in a table. A command that is only spoken of (`echo "rm -rf"`,
//! `man dd`) runs nothing and is nothing here.
//!
//! Not here: whether the command would be allowed, or what it would hit.

mod judge;
mod lines;
mod places;
mod prose;
mod rule;
mod sql;
mod tables;
mod words;
mod wrap;

use std::ops::Range;

use crate::found::Found;
use crate::text::Text;
use judge::Judge;
use words::Anchor;

/// Statements of SQL that are parsed in one text; more are judged by their words.
const MOST_PARSES: usize = 64;

/// The words at which this detector looks. A hit names one by its place in the list.
pub(crate) fn words() -> Vec<&'static str> {
    words::all().map(|(word, _)| word).collect()
}

/// What was looked at so far in one text.
pub(crate) struct Look {
    /// Up to here, lines are done.
    done: usize,
    parses: usize,
}

impl Default for Look {
    fn default() -> Self {
        Self { done: 0, parses: MOST_PARSES }
    }
}

impl Look {
    /// Looks where a word stands. Called in the order of the ends of the words.
    pub(crate) fn hit(&mut self, text: &Text<'_>, at: &Range<usize>, word: u16, found: &mut Found) {
        match words::anchor(word) {
            Anchor::Word | Anchor::Part if at.end <= self.done => {}
            Anchor::Word if goes_on(text, at) => {}
            Anchor::Word | Anchor::Part => self.line(text, at, found),
            Anchor::Bomb => {
                let before = text.before(at.start, 16);
                if before.windows(3).any(|it| it == b"(){" || it == b"() ") {
                    judge::report(rule::Act::Stops, at.clone(), "", false, found);
                }
            }
            Anchor::Call => {
                let before = text.before(at.start, 80);
                if before.ends_with(b".") || before.contains(&b'.') {
                    judge::report(rule::Act::Data, at.clone(), "", false, found);
                }
            }
        }
    }

    fn line(&mut self, text: &Text<'_>, at: &Range<usize>, found: &mut Found) {
        // A word can begin with the end of the line before.
        let line = places::whole_line(text, at.end.saturating_sub(1));
        let line = line.start.max(self.done)..line.end.max(at.end);
        self.done = line.end;
        let mut judge = Judge::new(&mut self.parses, found);
        places::look(text.part(line.clone()), line.start, &mut judge);
        // A statement goes on over several lines.
        self.done = self.done.max(judge.end.min(text.bytes.len()));
    }
}

/// Whether the word goes on after `at`, or is a part of a name before it.
fn goes_on(text: &Text<'_>, at: &Range<usize>) -> bool {
    text.bytes.get(at.end).is_some_and(u8::is_ascii_alphanumeric)
}
