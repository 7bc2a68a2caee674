//! A text as a text field holds it, and back.
//!
//! A field has one line end, and its own ideas of some characters. What it could not give back exactly as it was
//! is not put into it: what a person did not touch stays byte for byte.

use crate::NotEditable;

/// The longest text that is edited here, in bytes.
pub(super) const MOST: usize = 512 * 1024;

const BOM: char = '\u{feff}';

/// A text, and what of its bytes is kept outside of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) text: String,
    // A byte order mark at its beginning.
    marked: bool,
    // Every line that ends does so with CR and LF.
    crlf: bool,
}

impl Field {
    /// The field that holds `bytes`.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, NotEditable> {
        if bytes.len() > MOST {
            return Err(NotEditable::TooLong { bytes: bytes.len() as u64, most: MOST as u64 });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| NotEditable::NotText)?;
        let (marked, text) = text.strip_prefix(BOM).map_or((false, text), |rest| (true, rest));
        let count = |what: &str| text.matches(what).count();
        let (crlf, lf, cr) = (count("\r\n"), count("\n"), count("\r"));
        if cr > 0 && (cr != crlf || lf != crlf) {
            return Err(NotEditable::LineEnds);
        }
        let text = text.replace("\r\n", "\n");
        holds(&text)?;
        Ok(Self { text, marked, crlf: crlf > 0 })
    }

    /// The bytes of `text`, as it came out of the field.
    pub(super) fn back(&self, text: &str) -> Result<Vec<u8>, NotEditable> {
        holds(text)?;
        let text = if self.crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        let bytes = if self.marked { format!("{BOM}{text}") } else { text }.into_bytes();
        match bytes.len() {
            long if long > MOST => Err(NotEditable::TooLong { bytes: long as u64, most: MOST as u64 }),
            _ => Ok(bytes),
        }
    }
}

/// Controls that are no tab or line feed: some of them a field drops, and none of them shows.
fn holds(text: &str) -> Result<(), NotEditable> {
    let first = text.chars().find(|it| it.is_control() && !matches!(it, '\t' | '\n'));
    first.map_or(Ok(()), |it| Err(NotEditable::Control(it)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn line_ends_and_a_mark_stay_as_they_were() {
        let back = |before: &str, text: &str| Field::of(before.as_bytes()).unwrap().back(text).unwrap();
        assert_eq!(Field::of(b"\xef\xbb\xbfa\r\nb\r\n").unwrap().text, "a\nb\n");
        assert_eq!(back("\u{feff}a\r\nb\r\n", "a\nc\nb"), "\u{feff}a\r\nc\r\nb".as_bytes());
        assert_eq!(back("a\nb", "a\nb\n"), b"a\nb\n");
        assert_eq!(back("a", "\u{202e}b\u{2028}\n"), "\u{202e}b\u{2028}\n".as_bytes());
    }

    #[test]
    fn what_a_field_cannot_hold_is_not_put_into_it() {
        let of = |bytes: &[u8]| Field::of(bytes).unwrap_err();
        assert_eq!(of(b"a\xff"), NotEditable::NotText);
        for mixed in ["a\r\nb\n", "a\rb", "a\n\r", "a\r\r\n"] {
            assert_eq!(of(mixed.as_bytes()), NotEditable::LineEnds, "{mixed:?}");
        }
        for control in ['\0', '\u{1b}', '\u{7f}', '\u{85}', '\u{b}'] {
            assert_eq!(of(format!("a{control}").as_bytes()), NotEditable::Control(control));
            assert_eq!(
                Field::of(b"a").unwrap().back(&format!("{control}")),
                Err(NotEditable::Control(control))
            );
        }
        assert_eq!(Field::of(b"a").unwrap().back("a\r\n"), Err(NotEditable::Control('\r')));
        assert!(matches!(of(&vec![b'a'; MOST + 1]), NotEditable::TooLong { .. }));
        assert!(Field::of(b"a\n\r".as_slice()).is_err() && Field::of(&vec![b'a'; MOST]).is_ok());
    }

    proptest! {
        /// Whatever goes in comes out, and an edit of one line leaves all others as they were.
        #[test]
        fn what_is_not_touched_stays_byte_for_byte(
            lines in prop::collection::vec("[^\r\n]{0,8}", 1..6),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            marked: bool,
            at: prop::sample::Index,
        ) {
            let whole = |lines: &[String]| {
                format!("{}{}", if marked { "\u{feff}" } else { "" }, lines.join(end)).into_bytes()
            };
            if let Ok(field) = Field::of(&whole(&lines)) {
                prop_assert_eq!(field.back(&field.text).unwrap(), whole(&lines));
                let at = at.index(lines.len());
                let mut typed: Vec<String> = field.text.split('\n').map(str::to_owned).collect();
                prop_assume!(typed.len() == lines.len());
                typed[at] = "typed".to_owned();
                let mut expected = lines.clone();
                expected[at] = "typed".to_owned();
                // A mark within the first line is the line's own where the text has none at its beginning.
                prop_assume!(at != 0 || !lines[0].starts_with('\u{feff}'));
                prop_assert_eq!(field.back(&typed.join("\n")).unwrap(), whole(&expected));
            }
        }

        #[test]
        fn any_bytes_come_back_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(field) = Field::of(&bytes) {
                prop_assert_eq!(field.back(&field.text).unwrap(), bytes);
            }
        }
    }
}
