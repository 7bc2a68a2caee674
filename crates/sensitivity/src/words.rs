//! Meets the words of all detectors in a text: [`Words::each`].
//!
//! The words of ASCII and all others have an automaton each. Most texts are ASCII but for a few characters, and then the
//! second one reads only what is around these. Of one automaton for all words each state would need twice the memory.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

/// The most bytes of words of which a table of all steps is made. It is the fastest, and takes some 500 bytes for each.
const MOST: usize = 64 << 10;

/// The words to look for.
pub(crate) struct Words {
    ascii: Part,
    others: Part,
    /// The bytes of the longest of the others.
    longest: usize,
}

/// An automaton of some of the words, and the number of each.
struct Part {
    automaton: AhoCorasick,
    numbers: Vec<usize>,
}

impl Part {
    /// # Panics
    ///
    /// If there are so many words that no automaton can be made of them: gigabytes.
    fn of<'w>(words: impl Iterator<Item = (usize, &'w String)>) -> Self {
        let (numbers, words): (Vec<_>, Vec<_>) = words.unzip();
        let all: usize = words.iter().map(|it| it.len()).sum();
        let kind = if all <= MOST { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .kind(Some(kind))
            .build(words)
            .expect("the words are few");
        Self { automaton, numbers }
    }

    fn in_part<'t>(
        &'t self,
        text: &'t [u8],
        part: Range<usize>,
    ) -> impl Iterator<Item = (Range<usize>, usize)> + 't {
        let hits = self.automaton.find_overlapping_iter(Input::new(text).range(part));
        hits.map(|it| (it.range(), self.numbers[it.pattern().as_usize()]))
    }
}

impl Words {
    /// These words, whatever their case. A hit names one by its place in the list.
    pub(crate) fn new(words: &[String]) -> Self {
        let longest = words.iter().filter(|it| !it.is_ascii()).map(String::len).max().unwrap_or(0);
        Self {
            ascii: Part::of(words.iter().enumerate().filter(|it| it.1.is_ascii())),
            others: Part::of(words.iter().enumerate().filter(|it| !it.1.is_ascii())),
            longest,
        }
    }

    /// Calls `met` with every word in `text` and its number, in the order of their ends, the longest first.
    pub(crate) fn each(&self, text: &[u8], mut met: impl FnMut(Range<usize>, usize)) {
        let others = self.others(text);
        let mut others = others.into_iter().peekable();
        for (at, number) in self.ascii.in_part(text, 0..text.len()) {
            // Of two words with one end the one that is not ASCII is the longer one, or it would be a part of the other.
            while let Some((at, number)) = others.next_if(|it| it.0.end <= at.end) {
                met(at, number);
            }
            met(at, number);
        }
        others.for_each(|(at, number)| met(at, number));
    }

    /// The words that are not ASCII.
    fn others(&self, text: &[u8]) -> Vec<(Range<usize>, usize)> {
        let (mut met, mut from) = (Vec::new(), 0);
        while let Some(first) = not_ascii(text, from) {
            let mut last = first;
            // What is so near that a word around it can touch one around the last is read with it.
            let near = |last: usize| &text[last + 1..text.len().min(last + 1 + 2 * self.longest)];
            while let Some(next) = near(last).iter().rposition(|it| !it.is_ascii()) {
                last += 1 + next;
            }
            let part = first.saturating_sub(self.longest)..text.len().min(last + self.longest);
            met.extend(self.others.in_part(text, part));
            from = last + 1;
        }
        met
    }
}

/// The next byte that is not ASCII.
fn not_ascii(text: &[u8], from: usize) -> Option<usize> {
    let (blocks, _) = text[from..].as_chunks::<64>();
    let plain = |block: &[u8; 64]| block.iter().fold(0, |all, it| all | it) < 0x80;
    let from = from + blocks.iter().position(|it| !plain(it)).unwrap_or(blocks.len()) * 64;
    let rest = &text[from..];
    if rest.len() < 64 && rest.is_ascii() {
        return None;
    }
    rest.iter().position(|it| !it.is_ascii()).map(|it| from + it)
}

#[cfg(test)]
mod tests {
    use super::{MOST, Words};

    #[test]
    fn all_words_are_met_in_the_order_of_their_ends() {
        let words =
            ["se\u{f1}a", "contrase\u{f1}a", "a", "\u{43f}\u{430}\u{440}", "contra"].map(str::to_owned);
        let blank = " ".repeat(100);
        let text = format!("ContraSe\u{f1}a{blank}\u{43f}\u{430}\u{440}{blank}a{blank}\u{f1} a");
        let mut met = Vec::new();
        Words::new(&words).each(text.as_bytes(), |at, number| met.push((at.start, at.end, number)));
        let other_alphabet = (111, 117, 3);
        let contra = [(0, 6, 4), (5, 6, 2), (0, 11, 1), (6, 11, 0), (10, 11, 2)];
        assert_eq!(met[..5], contra);
        assert_eq!(met[5..], [other_alphabet, (217, 218, 2), (321, 322, 2)]);
    }

    fn memory(words: &[String]) -> usize {
        let words = Words::new(words);
        words.ascii.automaton.memory_usage() + words.others.automaton.memory_usage()
    }

    #[test]
    fn very_many_words_take_little_more_memory_than_few() {
        let word = |of: usize| {
            let digits = (0..25).map(|at| format!("{:08x}", (of + 1) * 0x9e37_79b1 * (at + 3) % 0xffff_fffb));
            digits.collect::<String>()
        };
        let many: Vec<String> = (0..5000).map(word).collect();
        let bytes: usize = many.iter().map(String::len).sum();
        let (all, few) = (memory(&many), memory(&many[..MOST / 200]));
        assert!(all < bytes * 64, "{all} of {bytes}");
        assert!(few < 64 << 20, "{few}");
        let mut met = 0;
        Words::new(&many).each(many[4999].to_uppercase().as_bytes(), |_, number| met += number);
        assert_eq!(met, 4999);
    }
}
