//! Other spellings of the same text (Unicode normalization form C).

use icu_normalizer::ComposingNormalizerBorrowed;

use super::class::{Class, Composed, class, composed, is_in_word, is_mark};
use crate::Severity;
use crate::found::Found;

/// Judges `text`, which begins at `base`. A word with another spelling is one finding.
pub(super) fn find(text: &str, base: usize, found: &mut Found) {
    if text.is_ascii() {
        return;
    }
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let mut done = 0;
    loop {
        let (_, tail) = nfc.split_normalized(&text[done..]);
        let at = text.len() - tail.len();
        let Some(first) = tail.chars().next() else { return };
        let (mut start, mut end) = (at, at + first.len_utf8());
        if in_word(&first) {
            start -= width(text[done..at].chars().rev().take_while(in_word));
            end += width(text[end..].chars().take_while(in_word));
        } else {
            // A sign that is in order by itself joins with what follows it.
            if nfc.is_normalized(&text[at..end]) {
                end += text[end..].chars().next().map_or(0, char::len_utf8);
            }
            end += width(text[end..].chars().take_while(|ch| is_mark(*ch)));
        }
        let word = &text[start..end];
        if class(first) != Class::Space && !is_usual(&nfc, word) {
            report(word, base + start, found);
        }
        done = end;
    }
}

fn report(word: &str, at: usize, found: &mut Found) {
    let (severity, why) = if word.chars().any(|ch| composed(ch) == Composed::Ascii) {
        (Severity::Warning, "It looks like plain letters and signs, but to a program it is something else.")
    } else {
        (
            Severity::Note,
            "It looks like a text that is spelled otherwise, and programs may not take the two for one.",
        )
    };
    found.add(
        "other-spelling",
        severity,
        at..at + word.len(),
        format_args!("Unusual spelling of a character"),
        why,
    );
}

/// Whether all that is unusual in `word` are letters that have no composed spelling, such as `\u{9df}` in
/// Bengali: every keyboard writes them so.
fn is_usual(nfc: &ComposingNormalizerBorrowed<'_>, word: &str) -> bool {
    let mut buffer = [0; 4];
    let spelled: String =
        word.chars().map(|ch| nfc.normalize(ch.encode_utf8(&mut buffer)).into_owned()).collect();
    word.chars().all(|ch| matches!(composed(ch), Composed::Same | Composed::Several))
        && nfc.is_normalized(&spelled)
}

fn in_word(ch: &char) -> bool {
    is_in_word(*ch)
}

fn width(chars: impl Iterator<Item = char>) -> usize {
    chars.map(char::len_utf8).sum()
}
