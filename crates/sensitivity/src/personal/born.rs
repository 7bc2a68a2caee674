//! Dates of birth: a date directly after a word that says so.

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::text::Text;

/// How far after its word a date begins and ends at most.
const BEGINS: usize = 32;
const ENDS: usize = 64;

/// The date of birth that a word before `at` announces.
pub(super) fn date(text: &Text<'_>, at: usize) -> Option<Range<usize>> {
    static DATE: OnceLock<Option<Regex>> = OnceLock::new();
    if !text.after(at, BEGINS).iter().any(u8::is_ascii_digit) {
        return None;
    }
    let month = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez|janv|f.{1,2}v|avr|juin|juil|ao.{1,2}t|ene|abr|ago|dic|mrt|mei|out|set|m.{1,2}rz|m.{1,2}r|lip|gru)[a-z]{0,7}\.?";
    let date = DATE.get_or_init(|| {
        let digits = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}|\d{4}\x{5e74}\d{1,2}|(?:19|20)\d{6}";
        let words = format!(r"\d{{1,2}}(?:st|nd|rd|th|er|\.)?(?: of| de)? {month}(?: de)?,? \d{{4}}|{month} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}");
        let digits = digits.replace(r"|\d{4}\x{5e74}\d{1,2}", r"|\d{4}\xe5\xb9\xb4\d{1,2}");
        Regex::new(&format!(r"(?i-u)^[^0-9;{{}}()!?\n]{{0,24}}?\b({digits}|{words})")).ok()
    });
    let found = date.as_ref()?.captures(text.after(at, ENDS))?.get(1)?;
    Some(at + found.start()..at + found.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_forms_follow_the_word() {
        for (text, expected) in [
            (": 1984-02-29", Some("1984-02-29")),
            (" on 3/14/1975 in Ulm", Some("3/14/1975")),
            (" am 14. M\u{e4}rz 1879", Some("14. M\u{e4}rz 1879")),
            (" on March 14, 1879", Some("March 14, 1879")),
            (" in a village", None),
            ("() { return 1984-02-29 }", None),
            (" to run", None),
        ] {
            let found = date(&Text { bytes: text.as_bytes() }, 0);
            assert_eq!(found.map(|it| &text[it]), expected, "{text}");
        }
    }
}
