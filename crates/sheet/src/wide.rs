//! Texts in units of two bytes: named, and their letters beside the bytes.

use crate::unicode;

/// UTF-16 that says so by its first two bytes. What does not say so is not guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wide {
    Little,
    Big,
}

impl Wide {
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            // UTF-32, which has too few users to be read here.
            [0xff, 0xfe, 0, 0, ..] => None,
            [0xff, 0xfe, ..] => Some(Self::Little),
            [0xfe, 0xff, ..] => Some(Self::Big),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Little => "UTF-16LE with BOM, shown as bytes",
            Self::Big => "UTF-16BE with BOM, shown as bytes",
        }
    }

    /// The letters of `row`, of which each unit is whole; a dot for all that would not stand there by itself.
    pub(crate) fn letters(self, row: &[u8]) -> String {
        let (units, _) = row.as_chunks();
        let units = units.iter().map(|unit| match self {
            Self::Little => u16::from_le_bytes(*unit),
            Self::Big => u16::from_be_bytes(*unit),
        });
        let stands =
            |ch: &char| unicode::chip(*ch).is_none() && !unicode::is_mark(*ch) && !unicode::is_rtl(*ch);
        char::decode_utf16(units).map(|it| it.ok().filter(stands).unwrap_or('.')).collect()
    }
}
