//! Where characters that are drawn as nothing belong to the text.
//!
//! They do in emoji of several characters, and where a joiner changes how the
//! letters beside it are drawn. Both are closed by Unicode data: what is not
//! found there is a chip. Each has one spelling, so that nothing fits in beside
//! what is seen.

use icu_properties::CodePointMapData;
use icu_properties::props::{IndicSyllabicCategory, JoiningType, Script};

use crate::unicode;

/// Non-joiner and joiner.
pub(crate) const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// More characters than any emoji has.
const LONGEST: usize = 16;

/// Marks between a joiner and its letter.
const MARKS: usize = 3;

/// Bytes of the emoji of more than one character that `text` begins with.
///
/// Only what Unicode recommends for interchange (RGI), and only fully
/// qualified: of `❤` ZWJ `🔥` with and without a variation selector one is
/// joined. The grammar of emoji alone would take any text in tags for a flag.
pub(crate) fn emoji(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    // A digit with a frame, two letters of a flag, a picture with something after it.
    let begins = if first.is_ascii() {
        matches!(first, '0'..='9' | '#' | '*') && chars.next() == Some('\u{fe0f}')
    } else {
        unicode::is_pictograph(first) || is_flag_letter(first)
    };
    if !begins {
        return None;
    }
    let ends = text.char_indices().map(|(at, ch)| at + ch.len_utf8());
    let ends: Vec<usize> = ends.take(LONGEST).collect();
    let known = |end: &&usize| {
        let it = &text[..**end];
        emojis::get(it).is_some_and(|known| known.as_str() == it)
            && it.chars().all(|ch| unicode::is_in_emoji(ch) || unicode::chip(ch).is_none())
    };
    ends[1..].iter().rev().find(known).copied()
}

/// Whether the joiner at `at` changes how the letters beside it are drawn
/// (RFC 5892, appendix A.1 and A.2, made narrower: one script, letters directly after it).
pub(crate) fn joins(text: &str, at: usize) -> bool {
    let mut after = text[at..].chars();
    let Some(joiner) = after.next().filter(|it| JOINERS.contains(it)) else { return false };
    let after = after.next();
    let mut before = text[..at].chars().rev();
    let last = before.clone().next();
    let marks = before.clone().take_while(|ch| unicode::is_mark(*ch)).take(MARKS + 1).count();
    let Some(letter) = before.nth(marks).filter(|ch| marks <= MARKS && unicode::is_letter(*ch)) else {
        return false;
    };
    let same_script = |ch: char| {
        let script = CodePointMapData::<Script>::new();
        unicode::is_letter(ch) && script.get(ch) == script.get(letter)
    };
    let follows = after.is_some_and(same_script);
    let virama =
        |ch| CodePointMapData::<IndicSyllabicCategory>::new().get(ch) == IndicSyllabicCategory::Virama;
    if last.is_some_and(virama) {
        // At the end of a word a joiner makes a half form; a non-joiner does nothing there.
        return follows || (joiner == '\u{200d}' && !after.is_some_and(is_joined_on));
    }
    let joining = |ch: char| CodePointMapData::<JoiningType>::new().get(ch);
    let forwards = matches!(joining(letter), JoiningType::LeftJoining | JoiningType::DualJoining);
    let backwards = |ch| matches!(joining(ch), JoiningType::RightJoining | JoiningType::DualJoining);
    joiner == '\u{200c}' && forwards && follows && after.is_some_and(backwards)
}

/// What would be drawn with what stands before it.
fn is_joined_on(ch: char) -> bool {
    unicode::is_mark(ch) || JOINERS.contains(&ch)
}

fn is_flag_letter(ch: char) -> bool {
    ('\u{1f1e6}'..='\u{1f1ff}').contains(&ch)
}
