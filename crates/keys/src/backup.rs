//! The ring as a text file that a person takes away, and what losing it means.
//!
//! The same wrapping as the stored ring, under the same passphrase, with a
//! salt of its own. A [`Backup`] exists only after its text was read back and
//! opened with the passphrase. A backup keeps the passphrase that it was made
//! under: changing the passphrase later does not reach it.

use std::fmt::Write as _;
use std::path::Path;

use countersign_core::key::PublicKey;

use crate::private_dir::write_elsewhere;
use crate::seal::{Cost, SealedRing, Seeds};
use crate::{Error, Passphrase, Which};

const BEGIN: &str = "-----BEGIN COUNTERSIGN KEY BACKUP-----";
const END: &str = "-----END COUNTERSIGN KEY BACKUP-----";
const LINE: usize = 64;

/// A person's word that they know what losing the key means.
///
/// Made only by typing [`LossUnderstood::WORDS`], after reading
/// [`LossUnderstood::EXPLANATION`]; a key is neither made nor deleted without.
#[derive(Debug)]
pub struct LossUnderstood(());

impl LossUnderstood {
    /// What losing the key means.
    pub const EXPLANATION: &'static str = "Nobody can recover this key for you: there is no reset and no \
        other copy than the backups you make. Forget the passphrase, or lose this machine without a backup, and \
        you can no longer approve anything with it. Somebody else who is an administrator can then put a new \
        key of yours in its place. If you are the only administrator, every gate that trusts you has to be set \
        up again. A backup file brings the key back together with the passphrase it was made under, and \
        neither does so alone.";

    /// What a person types to confirm it.
    pub const WORDS: &'static str = "nobody can recover it";

    /// Takes what was typed; spaces at the ends and capitals do not matter.
    ///
    /// # Errors
    ///
    /// [`Error::LossNotConfirmed`].
    pub fn confirm(typed: &str) -> Result<Self, Error> {
        if typed.trim().to_lowercase() == Self::WORDS { Ok(Self(())) } else { Err(Error::LossNotConfirmed) }
    }
}

/// A backup that was read back and opened once.
#[derive(Debug, Clone)]
pub struct Backup {
    text: String,
    reviewer: PublicKey,
}

impl Backup {
    pub(crate) fn make(seeds: &Seeds, passphrase: &Passphrase, cost: Cost) -> Result<Self, Error> {
        let text = armour(&SealedRing::seal(seeds, passphrase, cost)?);
        // The rehearsal: a backup that does not open is found out now, not on the day it is needed.
        let opened = parse(&text)?.open_both(passphrase)?.ok_or(Error::ReadBack("backup"))?;
        if opened.reviewer.public() != seeds.reviewer.public()
            || opened.administrator.public() != seeds.administrator.public()
        {
            return Err(Error::ReadBack("backup"));
        }
        Ok(Self { text, reviewer: seeds.reviewer.public() })
    }

    /// The text, to be kept by the person. It opens with the passphrase alone.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The reviewer key that it holds.
    pub fn reviewer(&self) -> PublicKey {
        self.reviewer
    }

    /// Writes it to a 0600 file and compares what is on the disk then.
    pub(crate) fn save(&self, path: &Path) -> Result<(), Error> {
        write_elsewhere(path, &self.text)?;
        let cause = |cause| Error::File { path: path.to_owned(), cause };
        if std::fs::read(path).map_err(cause)? == self.text.as_bytes() {
            Ok(())
        } else {
            Err(Error::ReadBack("backup"))
        }
    }
}

/// Reads a backup: exactly what [`Backup`] writes, but for line ends and spaces around lines.
pub(crate) fn parse(text: &str) -> Result<SealedRing, Error> {
    let damaged = |how: &str| Error::Damaged(format!("the backup {how}"));
    if text.len() > 4 * crate::seal::MAX_TEXT {
        return Err(damaged("is too long"));
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    let [BEGIN, _key, body @ .., END] = lines.as_slice() else {
        return Err(damaged("does not begin and end as a Countersign key backup"));
    };
    let ring = SealedRing::parse(&body.concat())?;
    // Whatever a stranger added or changed outside the body shows here.
    if lines != armour(&ring).lines().filter(|it| !it.is_empty()).collect::<Vec<_>>() {
        return Err(damaged("has been changed"));
    }
    Ok(ring)
}

fn armour(ring: &SealedRing) -> String {
    let body = ring.to_text();
    let mut text = format!("{BEGIN}\nReviewer-Key: {}\n\n", ring.public(Which::Reviewer).id());
    for line in body.as_bytes().chunks(LINE) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", String::from_utf8_lossy(line));
    }
    text + END + "\n"
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use countersign_core::key::SecretKey;

    use super::*;

    fn seeds() -> Seeds {
        Seeds { reviewer: SecretKey::from_seed(&[1; 32]), administrator: SecretKey::from_seed(&[2; 32]) }
    }

    fn passphrase() -> Passphrase {
        Passphrase::new("correct horse battery".to_owned())
    }

    #[test]
    fn a_backup_opens_again_whatever_mail_did_to_its_line_ends() {
        let backup = Backup::make(&seeds(), &passphrase(), Cost::LEAST).unwrap();
        for text in
            [backup.text.clone(), backup.text.replace('\n', "\r\n"), format!("\n  {}\n\n", backup.text)]
        {
            let opened = parse(&text).unwrap().open_both(&passphrase()).unwrap().unwrap();
            assert_eq!(opened.reviewer.public(), seeds().reviewer.public());
            assert_eq!(opened.administrator.public(), seeds().administrator.public());
        }
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let text = Backup::make(&seeds(), &passphrase(), Cost::LEAST).unwrap().text;
        for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| !byte.is_ascii_whitespace()) {
            let mut changed = text.clone().into_bytes();
            changed[at] = if byte == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(parse(&changed).is_err(), "byte {at} of the backup");
        }
    }

    #[test]
    fn a_foreign_or_longer_text_is_refused() {
        let text = Backup::make(&seeds(), &passphrase(), Cost::LEAST).unwrap().text;
        let key = "Reviewer-Key: ";
        for changed in [
            String::new(),
            "x".repeat(100_000),
            text.replace(key, "Reviewer-Key: 0"),
            text.replace(key, &format!("Comment: hello\n{key}")),
            text.replace(END, ""),
            format!("{text}{text}"),
        ] {
            assert!(matches!(parse(&changed), Err(Error::Damaged(_))), "{changed}");
        }
    }

    #[test]
    fn only_the_exact_words_confirm() {
        assert!(LossUnderstood::confirm(" Nobody can recover it ").is_ok());
        for typed in ["", "yes", "nobody can recover", "nobody can recover it."] {
            assert!(matches!(LossUnderstood::confirm(typed), Err(Error::LossNotConfirmed)), "{typed}");
        }
    }
}
