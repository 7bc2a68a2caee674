//! Words and signs that look like others, by the confusables of Unicode
//! (UTS #39).
//!
//! Languages have words all of whose letters look Latin. Such a word is
//! nothing where the text shows that its script is at home: it has at least
//! as many words of that script that cannot be misread. In the name of a host
//! that ends in Latin letters no script but Latin is at home.

use std::collections::BTreeMap;
use std::ops::Range;

use icu_properties::props::{GeneralCategory as Gc, Script};
use unicode_security::skeleton;

use super::class::{self, Class, class};
use crate::Severity;
use crate::found::Found;

/// Which scripts are at home in a text.
#[derive(Default)]
pub(super) struct Homes {
    /// For each script, the words that cannot be misread and those that can.
    words: BTreeMap<Script, (usize, usize)>,
}

impl Homes {
    /// Counts the words of `text`.
    pub(super) fn count(&mut self, text: &str) {
        for range in words(text) {
            let word = Word::of(&text[range]);
            if let (Some(script), false) = (word.script, word.mixed) {
                let counts = self.words.entry(script).or_default();
                *(if word.misread == Misread::Whole { &mut counts.1 } else { &mut counts.0 }) += 1;
            }
        }
    }

    fn has(&self, word: &Word) -> bool {
        let at_home =
            |script| self.words.get(&script).is_some_and(|(plain, misread)| *plain > 0 && plain >= misread);
        match word.script {
            // Wide Latin letters belong to East Asian text.
            Some(Script::Latin) if word.wide => EAST_ASIAN.iter().any(|it| at_home(*it)),
            Some(Script::Latin | Script::Common) | None => false,
            Some(script) => at_home(script),
        }
    }
}

/// Judges `text`, which begins at `base` of the text that `homes` has counted.
pub(super) fn find(text: &str, base: usize, homes: &Homes, found: &mut Found) {
    let mut hosts = Hosts { text, until: 0, latin: false };
    for range in words(text) {
        let word = Word::of(&text[range.clone()]);
        let place = base + range.start..base + range.end;
        if let Some(severity) = word.pretends() {
            let why = "Letters of different alphabets that look alike make another word than the one that people see.";
            found.add("mixed-scripts", severity, place, format_args!("Word of mixed alphabets"), why);
        } else if let Some(severity) = word.misread_here(homes, || hosts.is_latin_after(range.end)) {
            let why =
                "Every character in it looks like a plain Latin one, but to a program it is another word.";
            found.add("lookalike-word", severity, place, format_args!("Word that looks like another"), why);
        }
    }
    signs(text, base, found);
}

/// Judges what stands in links and looks like a sign that has a meaning there.
fn signs(text: &str, base: usize, found: &mut Found) {
    // Where the word began that was looked at last, and whether a link begins in it.
    let (mut seen, mut link) = (0, false);
    for (at, ch) in class::not_ascii(text).filter(|(_, ch)| looks_like_sign(*ch)) {
        let end = at + ch.len_utf8();
        let near = &text[seen..at];
        let word = near.rfind(char::is_whitespace).map_or(near, |space| &near[space..]);
        link = link && word.len() == near.len() || word.contains("://") || word.contains("www.");
        seen = at;
        if link && text[end..].starts_with(|ch: char| ch.is_ascii_alphanumeric()) {
            let why = "It looks like a sign that divides a link, but the link goes on to another place.";
            let title = format_args!("Sign that looks like another (U+{:04X})", u32::from(ch));
            found.add("lookalike-sign", Severity::Warning, base + at..base + end, title, why);
        }
    }
}

fn looks_like_sign(ch: char) -> bool {
    if class::is_in_word(ch) || class(ch) != Class::Plain || class::ascii_skeleton(ch) != Some(1) {
        return false;
    }
    let mut buffer = [0; 4];
    let sign = skeleton(ch.encode_utf8(&mut buffer)).next();
    matches!(sign, Some('/' | '.' | ':' | '?' | '#' | '@' | '\\' | '&' | '='))
}

/// The words of `text` that are not ASCII.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let (near, ch) = class::not_ascii(&text[at..]).next()?;
            let (before, rest) = text.split_at(at + near);
            let length = rest.find(|ch| !class::is_in_word(ch)).unwrap_or(rest.len());
            let start = before[at..]
                .rfind(|ch| !class::is_in_word(ch))
                .map_or(at, |it| at + it + before[at + it..].chars().next().map_or(0, char::len_utf8));
            at = before.len() + length.max(ch.len_utf8());
            if length > 0 {
                return Some(start..before.len() + length);
            }
        }
    })
}

/// How much of a word can be taken for ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Misread {
    Nothing,
    Part,
    Whole,
}

/// What the letters of a word that is not ASCII are.
struct Word {
    letters: usize,
    misread: Misread,
    /// Of its first letter that is not ASCII; `Common` for letters of formulas.
    script: Option<Script>,
    /// Has Latin letters that are drawn wide.
    wide: bool,
    /// Has letters of several scripts that are not written together in one word.
    mixed: bool,
    /// Latin capitals and then an ending of another script, as an abbreviation is inflected.
    inflected: bool,
    /// Only ligatures and Roman numerals are not what they seem.
    ligatures: bool,
}

impl Word {
    fn of(text: &str) -> Self {
        let mut word = Self {
            letters: 0,
            misread: Misread::Nothing,
            script: None,
            wide: false,
            mixed: false,
            inflected: false,
            ligatures: true,
        };
        let (mut looks, mut whole, mut latin) = (0, true, false);
        let mut scripts = Scripts::default();
        for ch in text.chars() {
            let known = class::known(ch);
            whole = whole && known.skeleton.is_some();
            let modifier = known.category == Gc::ModifierLetter;
            if !known.is_letter() && known.category != Gc::LetterNumber {
                continue;
            }
            word.letters += 1;
            let script = known.script;
            if !modifier {
                scripts.add(script);
            }
            if ch.is_ascii() {
                latin = true;
                continue;
            }
            word.wide |= ('\u{ff21}'..='\u{ff5a}').contains(&ch);
            if word.script.is_none_or(|it| it == Script::Latin) {
                word.script = Some(script);
            }
            if let Some(length) = known.looks_ascii() {
                looks += 1;
                word.ligatures &= length > 1;
            } else if script != Script::Latin && !modifier {
                whole = false;
            }
        }
        if looks > 0 {
            word.misread = if whole { Misread::Whole } else { Misread::Part };
            word.mixed = whole && latin || scripts.are_mixed(whole);
            word.inflected = is_inflected(text);
        }
        word
    }

    /// How bad it is that its letters are of several alphabets and look alike.
    fn pretends(&self) -> Option<Severity> {
        if !self.mixed || self.misread == Misread::Nothing {
            return None;
        }
        let formula =
            self.letters < 3 && matches!(self.script, Some(Script::Greek | Script::Common | Script::Latin));
        if formula || self.misread == Misread::Part && self.inflected {
            return None;
        }
        Some(if self.ligatures { Severity::Note } else { Severity::Warning })
    }

    /// How bad it is that the whole of it can be taken for a Latin word.
    fn misread_here(&self, homes: &Homes, in_latin_host: impl FnOnce() -> bool) -> Option<Severity> {
        if self.misread != Misread::Whole {
            return None;
        }
        if self.letters > 1 && in_latin_host() {
            return Some(Severity::Warning);
        }
        if homes.has(self) {
            return None;
        }
        match (self.letters, self.script) {
            (1, Some(Script::Cyrillic)) => Some(Severity::Note),
            (2, Some(Script::Cyrillic)) => Some(Severity::Warning),
            (0..=2, _) => None,
            _ if self.ligatures => Some(Severity::Note),
            _ => Some(Severity::Warning),
        }
    }
}

const EAST_ASIAN: [Script; 5] =
    [Script::Han, Script::Hiragana, Script::Katakana, Script::Hangul, Script::Bopomofo];

/// Scripts of which nobody mistakes a letter in a Latin word for a Latin one, though single letters look alike.
fn stands_apart(script: Script) -> bool {
    EAST_ASIAN.contains(&script)
        || matches!(
            script,
            Script::Arabic
                | Script::Bengali
                | Script::Devanagari
                | Script::Ethiopic
                | Script::Georgian
                | Script::Gujarati
                | Script::Gurmukhi
                | Script::Hebrew
                | Script::Kannada
                | Script::Khmer
                | Script::Lao
                | Script::Malayalam
                | Script::Myanmar
                | Script::Oriya
                | Script::Sinhala
                | Script::Tamil
                | Script::Telugu
                | Script::Thaana
                | Script::Thai
                | Script::Tibetan
        )
}

/// The first few scripts of a word.
#[derive(Default)]
struct Scripts {
    seen: [Option<Script>; 4],
    formula: bool,
}

impl Scripts {
    fn add(&mut self, script: Script) {
        match script {
            Script::Inherited => {}
            // Letters of formulas are common to all scripts, but not part of any word.
            Script::Common => self.formula = true,
            _ if self.seen.contains(&Some(script)) => {}
            _ => {
                if let Some(free) = self.seen.iter_mut().find(|it| it.is_none()) {
                    *free = Some(script);
                }
            }
        }
    }

    /// Whether they are not written together in one word, all of which may look Latin.
    fn are_mixed(&self, whole: bool) -> bool {
        let own = || self.seen.iter().flatten();
        let alone = own().count() + usize::from(whole && self.formula) < 2;
        let together = !whole && own().all(|it| *it == Script::Latin || stands_apart(*it));
        !alone && !together
    }
}

fn is_inflected(text: &str) -> bool {
    let ending = text.trim_start_matches(|ch: char| ch.is_ascii_uppercase() || ch.is_ascii_digit());
    text.len() - ending.len() > 1 && ending.chars().all(|ch| !ch.is_ascii() && !ch.is_uppercase())
}

/// Names like `host.example`, each of which is looked at once.
struct Hosts<'a> {
    text: &'a str,
    /// Up to here the answer is known.
    until: usize,
    latin: bool,
}

impl Hosts<'_> {
    /// Whether the name that goes on at `at` has a last part in Latin letters.
    fn is_latin_after(&mut self, at: usize) -> bool {
        if at > self.until || at == 0 {
            let ends = |ch: char| ch.is_whitespace() || "/\\\"'<>()[]{}|`,;?#=:*".contains(ch);
            let rest = &self.text[at..];
            let rest = rest.find(ends).map_or(rest, |length| &rest[..length]);
            self.until = at + rest.len();
            let last = rest.trim_end_matches('.').rsplit_once('.').map(|(_, last)| last);
            self.latin = last.is_some_and(|it| {
                it.len() > 1 && it.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
            });
        }
        self.latin
    }
}
