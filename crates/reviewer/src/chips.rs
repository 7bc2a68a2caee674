//! What a chip stands for, read from its label; and what needs none.

/// Control characters that are named on chips without their number.
const C0: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS",
    "US",
];

/// The character behind a chip and how many of it; `None` for a chip that says what is not there, and for line
/// ends of more than one character.
pub(crate) fn character(label: &str) -> Option<(char, usize)> {
    let counted = label.rsplit_once(" x").and_then(|(name, count)| Some((name, count.parse().ok()?)));
    let (name, count) = counted.unwrap_or((label, 1));
    let ch = match name.rsplit_once("U+") {
        Some((_, code)) => char::from_u32(u32::from_str_radix(code, 16).ok()?)?,
        None if name == "SP" => ' ',
        None => char::from_u32(u32::try_from(C0.iter().position(|it| *it == name)?).ok()?)?,
    };
    Some((ch, count))
}

/// What stands unseen in text, where it belongs there: joiners, and the tags and selectors of emoji.
pub(crate) fn is_unseen_in_text(ch: char) -> bool {
    matches!(ch, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use countersign_sheet::{SegmentKind, segments, value};

    use super::character;

    /// Every character that a sheet draws as a chip, alone and many times, can be read from the chip.
    #[test]
    fn a_label_tells_its_character() {
        let mut chips = 0;
        for ch in '\0'..=char::MAX {
            for text in [format!("a{ch}a"), format!("a{}a", String::from(ch).repeat(12))] {
                let made = segments(text.as_bytes());
                for chip in made.iter().filter(|it| matches!(it.kind, SegmentKind::Chip { .. })) {
                    let (read, count) = character(&chip.display).unwrap();
                    let source = &text.as_bytes()[chip.source.clone()];
                    assert_eq!(read.to_string().repeat(count).as_bytes(), source, "{}", chip.display);
                    chips += 1;
                }
            }
        }
        assert!(chips > 100_000, "{chips}");
        for (text, wanted) in [("a   ", Some((' ', 3))), ("a ", Some((' ', 1))), ("", None)] {
            let made = value(text.as_bytes());
            assert_eq!(character(&made.last().unwrap().display), wanted);
        }
    }
}
