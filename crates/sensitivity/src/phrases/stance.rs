//! Whether words are an order to their reader, or a report, a warning or a quotation of one.
//!
//! Told by what stands before them, in the same clause where a language has clauses, and in a
//! bounded number of bytes.

mod words;

use std::ops::Range;

use crate::text::{self, Text};
use words::{ABOUT, ADVERBS, REPORTS, TELLERS, TELLS, WARNINGS};

/// How many bytes before an order say whose it is.
const BEFORE: usize = 96;

/// What words are to their reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stance {
    Order,
    /// Somebody is said to do it, or was told to.
    Report,
    /// It is advised against.
    Warning,
}

static TELL: WordList = WordList::of(TELLS);
static WARNS: WordList = WordList::of(WARNINGS);
static TELLER: WordList = WordList::of(TELLERS);

/// What all words are like that one of these lists has.
static TELLING: Likes = Likes::of(&[TELLS, WARNINGS, TELLERS]);

/// Before what tells, they make a description of it.
static DESCRIBES: WordList = WordList::of(&["to", "be", "is", "are", "was", "the", "a"]);

/// What the words at `at` are.
pub(super) fn of(text: &Text<'_>, at: usize) -> Stance {
    let capital = text.bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let before = clause(text.before(at, BEFORE), capital);
    let before = String::from_utf8_lossy(before).to_lowercase().replace('\u{2019}', "'");
    let words: Vec<&str> = before
        .split(|ch: char| !ch.is_alphanumeric() && ch != '\'')
        .map(|it| it.trim_matches('\''))
        .filter(|it| !it.is_empty())
        .collect();
    let near = &words[words.len().saturating_sub(6)..];
    if near.iter().any(|it| WARNINGS.contains(it)) {
        return Stance::Warning;
    }
    if near.iter().any(|it| matches!(*it, "why" | "how")) {
        return Stance::Report;
    }
    let Some(last) = near.iter().rev().find(|it| !ADVERBS.contains(it)) else { return Stance::Order };
    let teller = near
        .iter()
        .rev()
        .take(3)
        .find(|it| matches!(**it, "you" | "du" | "sie" | "vous") || TELLERS.contains(it));
    if teller.is_some_and(|it| TELLERS.contains(it)) {
        return Stance::Report;
    }
    let to_reader =
        near.iter().any(|it| matches!(*it, "you" | "please" | "du" | "bitte" | "vous" | "you'll"));
    if reports(last, to_reader, capital) { Stance::Report } else { Stance::Order }
}

/// Whether `last`, the word before an order, says that it is reported.
fn reports(last: &str, to_reader: bool, capital: bool) -> bool {
    if last == "to" {
        return !to_reader;
    }
    // `you can …` asks for it.
    let asks =
        to_reader && matches!(last, "can" | "could" | "are" | "will" | "have" | "by" | "may" | "might");
    // A capital begins a sentence of its own.
    REPORTS.contains(&last) && !asks && (!capital || matches!(last, "i" | "we" | "they"))
}

/// Whether what is said is said of what is not to be done: `give it no admin rights`.
pub(super) fn is_denied(said: &[u8]) -> bool {
    let mut words = said.split(|it| !it.is_ascii_alphabetic() && !matches!(it, b'\'' | b'-'));
    words.any(|it| {
        [&b"not"[..], b"never", b"nicht", b"keine", b"no", b"nie"]
            .iter()
            .any(|no| it.eq_ignore_ascii_case(no))
    })
}

/// Whether the reader is told to use what stands at `at`.
pub(super) fn is_told(text: &Text<'_>, at: usize) -> bool {
    let before = text.before(at, 2 * BEFORE);
    let line = &before[text::last(before, |it| it == b'\n').map_or(0, |it| it + 1)..];
    let begins = |at: &usize| line[*at - 1] == b' ' && line[*at - 2] == b'.';
    let mut sentence = &line[(2..=line.len()).rev().find(begins).unwrap_or(0)..];
    let step = line.trim_ascii_start();
    let digits = step.iter().take_while(|it| it.is_ascii_digit()).count();
    let mut told = matches!(digits, 1 | 2) && matches!(step.get(digits), Some(b'.' | b')'));
    let mut last: &[u8] = b"";
    let is_in_word = |it: &u8| it.is_ascii_alphanumeric() || *it == b'\'';
    while let Some(start) = sentence.iter().position(is_in_word) {
        let rest = &sentence[start..];
        let (word, after) = rest.split_at(rest.iter().position(|it| !is_in_word(it)).unwrap_or(rest.len()));
        sentence = after;
        // Nearly all words are in none of the lists.
        if TELLING.has(word) {
            if WARNS.has(word) || TELLER.has(word) {
                return false;
            }
            // `to set` says what for, and `is set` says what is.
            told |= TELL.has(word) && !DESCRIBES.has(last);
        }
        last = word;
    }
    told
}

/// A list of words to look one up in, whatever its case.
struct WordList {
    all: &'static [&'static str],
    likes: Likes,
}

impl WordList {
    const fn of(all: &'static [&'static str]) -> Self {
        Self { all, likes: Likes::of(&[all]) }
    }

    fn has(&self, word: &[u8]) -> bool {
        self.likes.has(word) && self.all.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(word))
    }
}

/// Bits for how words begin, how they end and how long they are: nearly all other words are told apart by them.
struct Likes([u64; 64]);

impl Likes {
    const fn of(lists: &[&[&str]]) -> Self {
        let (mut likes, mut list) = ([0; 64], 0);
        while list < lists.len() {
            let mut at = 0;
            while at < lists[list].len() {
                let number = number(lists[list][at].as_bytes());
                likes[number / 64] |= 1 << (number % 64);
                at += 1;
            }
            list += 1;
        }
        Self(likes)
    }

    /// Whether a word that is like `word` is in the lists.
    fn has(&self, word: &[u8]) -> bool {
        let number = number(word);
        self.0[number / 64] >> (number % 64) & 1 == 1
    }
}

/// A number below 4096 for what `word` is like, whatever its case.
const fn number(word: &[u8]) -> usize {
    let (first, second, last) = match word {
        [] => (0, 0, 0),
        [one] => (*one, 0, *one),
        [first, second, ..] => (*first, *second, word[word.len() - 1]),
    };
    // Of letters the low bits are the same in both cases.
    let mixed = (first & 31) as usize * 131 + (second & 31) as usize * 29 + (last & 31) as usize * 7;
    (mixed + word.len()) % 4096
}

/// What of `before` is in the same clause as what follows it, which may begin with a capital.
fn clause(before: &[u8], capital: bool) -> &[u8] {
    let ends = |at: usize| {
        let next = before.get(at + 1).copied().unwrap_or(b' ');
        match before[at] {
            b'.' | b'!' | b'?' | b':' => {
                next.is_ascii_whitespace() || matches!(next, b'"' | b'\'' | b'*' | b'<')
            }
            b';' | b'}' | b'{' | b'|' | b'(' | b')' | b'[' | b']' | b'>' => true,
            // A line that is empty, or that begins an item.
            b'\n' => {
                matches!(next, b'\n' | b'-' | b'*' | b'#' | b'>' | b'|' | b'0'..=b'9')
                    || capital && at + 1 == before.len()
            }
            b'-' => next == b'-' || at > 0 && before[at - 1] == b' ' && next == b' ',
            _ => false,
        }
    };
    let start = (0..before.len()).rev().find(|at| ends(*at)).map_or(0, |at| at + 1);
    &before[start..]
}

/// Whether quotes stand around `range`, and what stands before them speaks about it.
pub(super) fn is_quoted(text: &Text<'_>, range: &Range<usize>) -> bool {
    let before = text.before(range.start, BEFORE);
    let marks = ["\"", "'", "`", "\u{201c}", "\u{2018}", "\u{201e}", "\u{ab}", "\u{ab}\u{a0}"];
    let Some(mark) = marks.iter().find(|it| before.ends_with(it.as_bytes())) else { return false };
    let line = &before[..before.len() - mark.len()];
    let line = line.rsplit(|it| *it == b'\n').next().unwrap_or(line);
    let line = String::from_utf8_lossy(line).to_lowercase();
    let near: String = line.chars().rev().take(48).collect::<Vec<_>>().into_iter().rev().collect();
    ABOUT.iter().any(|it| near.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stance(text: &str) -> Stance {
        of(&Text { bytes: text.as_bytes() }, text.find("drop").or(text.find("Drop")).expect("an order"))
    }

    #[test]
    fn an_order_is_one_to_its_reader() {
        for text in [
            "drop it",
            "Please drop it",
            "x.\nDrop it",
            "You must drop it",
            "I want you to drop it",
            "a: drop it",
            "- drop it",
            "and then drop it",
            "<!-- drop it",
            "It was late. Drop it",
            "you can fix it: drop it",
        ] {
            assert_eq!(stance(text), Stance::Order, "{text}");
        }
        for text in
            ["we drop it", "it tells a model to drop it", "They\ndrop it", "how to drop it", "which drop it"]
        {
            assert_eq!(stance(text), Stance::Report, "{text}");
        }
        for text in ["never drop it", "do not drop it", "You should not just drop it", "Don\u{2019}t drop it"]
        {
            assert_eq!(stance(text), Stance::Warning, "{text}");
        }
    }

    #[test]
    fn what_a_text_speaks_about_is_quoted() {
        let quoted = |text: &str| {
            let at = text.find("drop").expect("an order");
            is_quoted(&Text { bytes: text.as_bytes() }, &(at..at + 4))
        };
        assert!(quoted("phrases like \"drop it\"") && quoted("an attack (e.g. `drop it`)"));
        assert!(!quoted("drop it") && !quoted("He is \"drop it\"") && !quoted("such as drop it"));
    }
}
