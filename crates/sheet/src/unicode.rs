//! What a character is: plain, or one that gets a chip with a label.
//!
//! The classes come from Unicode data. The only list by hand, besides the
//! names on the labels, is of characters that are drawn as nothing although
//! no property says so.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{
    BidiClass, BidiControl, DefaultIgnorableCodePoint, EastAsianWidth, ExtendedPictographic, GeneralCategory,
    GeneralCategoryGroup,
};
use icu_properties::{CodePointMapData, CodePointSetData};

use crate::model::ChipTone;

/// The label and tone of the chip that stands for `ch`; `None` for a plain character.
pub(crate) fn chip(ch: char) -> Option<(String, ChipTone)> {
    if (' '..='~').contains(&ch) {
        return None;
    }
    let tone = chip_tone(ch)?;
    Some((label(ch), tone))
}

fn chip_tone(ch: char) -> Option<ChipTone> {
    use GeneralCategory as Gc;
    if matches!(ch, '\t' | '\n') {
        return Some(ChipTone::Neutral);
    }
    let moves = CodePointSetData::new::<BidiControl>().contains(ch);
    let invisible = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(ch) || is_blank(ch);
    if moves || invisible {
        return Some(ChipTone::Red);
    }
    match CodePointMapData::<GeneralCategory>::new().get(ch) {
        Gc::Control | Gc::Format | Gc::LineSeparator | Gc::ParagraphSeparator | Gc::Surrogate => {
            Some(ChipTone::Red)
        }
        Gc::SpaceSeparator if ch != ' ' => Some(ChipTone::Neutral),
        Gc::PrivateUse | Gc::Unassigned => Some(ChipTone::Neutral),
        _ => None,
    }
}

/// Symbols whose glyph is empty, or is whatever was put in their place.
fn is_blank(ch: char) -> bool {
    matches!(ch, '\u{2800}' | '\u{fffc}' | '\u{1d159}' | '\u{13441}' | '\u{13442}')
}

/// `U+XXXX`, with a name before it where the character has a common one.
pub(crate) fn label(ch: char) -> String {
    let code = u32::from(ch);
    let name = match ch {
        '\t' | '\n' | '\r' => return C0[code as usize].to_owned(),
        '\0'..='\u{1f}' => C0[code as usize].to_owned(),
        '\u{180b}'..='\u{180d}' => format!("FVS{}", code - 0x180a),
        '\u{fe00}'..='\u{fe0f}' => format!("VS{}", code - 0xfdff),
        '\u{e0100}'..='\u{e01ef}' => format!("VS{}", code - 0xe0100 + 17),
        '\u{e0030}'..='\u{e007a}' => match char::from_u32(code - 0xe0000) {
            Some(tag) if tag.is_ascii_alphanumeric() => format!("TAG {tag}"),
            _ => "TAG".to_owned(),
        },
        _ => NAMES.iter().find(|(at, _)| *at == ch).map(|(_, name)| (*name).to_owned()).unwrap_or_default(),
    };
    if name.is_empty() { format!("U+{code:04X}") } else { format!("{name} U+{code:04X}") }
}

const C0: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS",
    "US",
];

const NAMES: &[(char, &str)] = &[
    ('\u{7f}', "DEL"),
    ('\u{85}', "NEL"),
    ('\u{9b}', "CSI"),
    ('\u{a0}', "NBSP"),
    ('\u{ad}', "SHY"),
    ('\u{34f}', "CGJ"),
    ('\u{61c}', "ALM"),
    ('\u{115f}', "HANGUL FILLER"),
    ('\u{1160}', "HANGUL FILLER"),
    ('\u{180e}', "MVS"),
    ('\u{2000}', "EN QUAD"),
    ('\u{2001}', "EM QUAD"),
    ('\u{2002}', "EN SPACE"),
    ('\u{2003}', "EM SPACE"),
    ('\u{2004}', "1/3 EM SPACE"),
    ('\u{2005}', "1/4 EM SPACE"),
    ('\u{2006}', "1/6 EM SPACE"),
    ('\u{2007}', "FIGURE SPACE"),
    ('\u{2008}', "PUNCTUATION SPACE"),
    ('\u{2009}', "THIN SPACE"),
    ('\u{200a}', "HAIR SPACE"),
    ('\u{200b}', "ZWSP"),
    ('\u{200c}', "ZWNJ"),
    ('\u{200d}', "ZWJ"),
    ('\u{200e}', "LRM"),
    ('\u{200f}', "RLM"),
    ('\u{2028}', "LINE SEPARATOR"),
    ('\u{2029}', "PARAGRAPH SEPARATOR"),
    ('\u{202a}', "LRE"),
    ('\u{202b}', "RLE"),
    ('\u{202c}', "PDF"),
    ('\u{202d}', "LRO"),
    ('\u{202e}', "RLO"),
    ('\u{202f}', "NNBSP"),
    ('\u{205f}', "MATH SPACE"),
    ('\u{2060}', "WJ"),
    ('\u{2066}', "LRI"),
    ('\u{2067}', "RLI"),
    ('\u{2068}', "FSI"),
    ('\u{2069}', "PDI"),
    ('\u{2800}', "BRAILLE BLANK"),
    ('\u{3000}', "IDEOGRAPHIC SPACE"),
    ('\u{3164}', "HANGUL FILLER"),
    ('\u{feff}', "BOM"),
    ('\u{ffa0}', "HANGUL FILLER"),
    ('\u{fffc}', "OBJECT"),
    ('\u{e0001}', "LANGUAGE TAG"),
    ('\u{e0020}', "TAG SPACE"),
    ('\u{e007f}', "CANCEL TAG"),
];

/// Whether `ch` joins the character before it.
pub(crate) fn is_mark(ch: char) -> bool {
    !ch.is_ascii() && GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(ch))
}

/// Whether `ch` may stand before a joiner or variation selector as people use them in emoji.
pub(crate) fn is_pictograph(ch: char) -> bool {
    !ch.is_ascii() && CodePointSetData::new::<ExtendedPictographic>().contains(ch)
}

/// Whether `ch` is drawn as nothing, or onto what stands before it, inside an emoji.
pub(crate) fn is_in_emoji(ch: char) -> bool {
    matches!(ch, '\u{200d}' | '\u{fe0f}' | '\u{20e3}' | '\u{e0020}'..='\u{e007f}')
}

pub(crate) fn is_letter(ch: char) -> bool {
    ch.is_ascii_alphabetic()
        || GeneralCategoryGroup::Letter.contains(CodePointMapData::<GeneralCategory>::new().get(ch))
}

/// Whether `ch` is a part of a word.
pub(crate) fn is_word(ch: char) -> bool {
    is_letter(ch) || is_mark(ch)
}

/// Whether `ch` is read from right to left, or makes what is beside it so.
pub(crate) fn is_rtl(ch: char) -> bool {
    !ch.is_ascii()
        && matches!(
            CodePointMapData::<BidiClass>::new().get(ch),
            BidiClass::RightToLeft | BidiClass::ArabicLetter | BidiClass::ArabicNumber
        )
}

/// Display columns of `ch`.
pub(crate) fn width(ch: char) -> usize {
    if ch.is_ascii() {
        return 1;
    }
    match CodePointMapData::<GeneralCategory>::new().get(ch) {
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark | GeneralCategory::Format => {
            return 0;
        }
        _ => {}
    }
    match CodePointMapData::<EastAsianWidth>::new().get(ch) {
        EastAsianWidth::Wide | EastAsianWidth::Fullwidth => 2,
        _ => 1,
    }
}

/// Byte offsets in `text` of the characters that another spelling of the same
/// text would not have (Unicode normalization form C), in order.
pub(crate) fn not_composed(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let mut rest = text;
    loop {
        let (_, tail) = nfc.split_normalized(rest);
        let at = text.len() - tail.len();
        let mut chars = tail.char_indices();
        let Some((_, first)) = chars.next() else { return found };
        let mut end = first.len_utf8();
        if nfc.is_normalized(&tail[..end]) {
            // The first character is in order; those that would join it or change places are not.
            for (offset, ch) in chars {
                if offset > first.len_utf8() && !is_mark(ch) {
                    break;
                }
                found.push(at + offset);
                end = offset + ch.len_utf8();
            }
        } else {
            found.push(at);
        }
        rest = &tail[end..];
    }
}
