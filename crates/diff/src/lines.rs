//! Cuts a side into lines that keep their terminators.
//!
//! A line ends with LF or CRLF. A CR that no LF follows is text: editors
//! disagree about it and a terminal overwrites with it, so it stays visible
//! inside its line and is counted in [`Endings`].

use std::ops::Range;

use gix_imara_diff::sources::byte_lines;

/// How one line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Eol {
    Lf,
    CrLf,
    /// The last line of a side without a final newline.
    None,
}

impl Eol {
    /// How `line`, with its terminator, ends.
    #[must_use]
    pub fn of(line: &[u8]) -> Eol {
        if line.ends_with(b"\r\n") {
            Eol::CrLf
        } else if line.ends_with(b"\n") {
            Eol::Lf
        } else {
            Eol::None
        }
    }

    /// Bytes of the terminator.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Eol::Lf => 1,
            Eol::CrLf => 2,
            Eol::None => 0,
        }
    }
}

/// The line endings of one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Endings {
    pub lf: usize,
    pub crlf: usize,
    /// CR without LF: text, not a line end.
    pub lone_cr: usize,
    /// There is a last line and nothing ends it.
    pub unterminated: bool,
}

impl Endings {
    /// Those of `side`, which has these `lines`.
    pub(crate) fn of(side: &[u8], lines: &[Range<usize>]) -> Endings {
        let unterminated = is_unterminated(side);
        let ends = lines.len() - usize::from(unterminated);
        // Looking whether there is one is many times faster than counting, and most texts have none.
        if !side.contains(&b'\r') {
            return Endings { lf: ends, crlf: 0, lone_cr: 0, unterminated };
        }
        let crlf = lines.iter().filter(|line| side[(*line).clone()].ends_with(b"\r\n")).count();
        let cr = side.iter().filter(|byte| **byte == b'\r').count();
        Endings { lf: ends - crlf, crlf, lone_cr: cr - crlf, unterminated }
    }

    /// The same, of a side with more lines than anybody wants to have in memory.
    pub(crate) fn counted(side: &[u8]) -> Endings {
        let mut found = Endings { unterminated: is_unterminated(side), ..Endings::default() };
        let mut previous = 0;
        for &byte in side {
            match (previous, byte) {
                (b'\r', b'\n') => {
                    found.crlf += 1;
                    found.lone_cr -= 1;
                }
                (_, b'\n') => found.lf += 1,
                (_, b'\r') => found.lone_cr += 1,
                _ => {}
            }
            previous = byte;
        }
        found
    }

    /// Lines of the side, the unterminated one included.
    #[must_use]
    pub fn lines(self) -> usize {
        self.lf + self.crlf + usize::from(self.unterminated)
    }
}

fn is_unterminated(side: &[u8]) -> bool {
    side.last().is_some_and(|&last| last != b'\n')
}

/// The lines of `side`, unless there are more than `most`.
pub(crate) fn lines(side: &[u8], most: usize) -> Option<Vec<Range<usize>>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in byte_lines(side) {
        if lines.len() == most {
            return None;
        }
        lines.push(at..at + line.len());
        at += line.len();
    }
    Some(lines)
}

/// The ranges of `side`, `per` (at least 1) lines in each.
pub(crate) fn groups(side: &[u8], per: usize) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let (mut start, mut at) = (0, 0);
    for (index, line) in byte_lines(side).enumerate() {
        at += line.len();
        if (index + 1).is_multiple_of(per) {
            groups.push(start..at);
            start = at;
        }
    }
    if start < at {
        groups.push(start..at);
    }
    groups
}
