//! A passphrase on its way to Argon2: never printed, wiped when dropped.
//!
//! Taken byte for byte as typed: not trimmed, not normalised. A new one must
//! meet [`Passphrase::RULE`]; one that is tried need not, so a rule that
//! grows stricter locks nobody out.

use std::fmt;

use zeroize::Zeroizing;

use crate::Error;

const LEAST_CHARACTERS: usize = 12;
const MOST_BYTES: usize = 1024;

/// What a person typed.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// The rule for a new passphrase, for people.
    pub const RULE: &'static str = "At least 12 characters, not one of them over and over, no line breaks or \
        tabs. Four or five unrelated words are strong and easy to remember.";

    /// Takes what was typed. Any buffer that it came through is the caller's to wipe.
    pub fn new(typed: impl Into<Zeroizing<String>>) -> Self {
        Self(typed.into())
    }

    /// Whether this may become the passphrase of a key.
    ///
    /// # Errors
    ///
    /// [`Error::PassphraseRule`].
    pub(crate) fn check_rule(&self) -> Result<(), Error> {
        let text = self.0.as_str();
        let broken = if text.chars().any(char::is_control) {
            // A pasted line break would have to be typed again, and cannot be.
            "has a line break, tab or control character in it"
        } else if text.chars().count() < LEAST_CHARACTERS {
            "has fewer than 12 characters"
        } else if text.len() > MOST_BYTES {
            "is longer than 1024 bytes"
        } else if text.chars().all(|it| text.starts_with(it)) {
            "is one character over and over"
        } else {
            return Ok(());
        };
        Err(Error::PassphraseRule(broken))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn the_rule_says_what_it_refuses() {
        let cases = [
            ("correct horse battery", None),
            ("zwölf Zeichen", None),
            ("elf Zeichen", Some("fewer than 12")),
            ("correct horse\n", Some("line break")),
            ("aaaaaaaaaaaaaaaa", Some("over and over")),
            (&"ab".repeat(600), Some("longer than 1024")),
            ("", Some("fewer than 12")),
        ];
        for (text, expected) in cases {
            let said = Passphrase::new(text.to_owned()).check_rule();
            match expected {
                None => said.unwrap(),
                Some(words) => assert!(said.unwrap_err().to_string().contains(words), "{text:?}"),
            }
        }
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        let printed = format!("{:?}", Passphrase::new("correct horse battery".to_owned()));
        assert_eq!(printed, "Passphrase(..)");
    }
}
