//! What a character is, from Unicode data.

use std::sync::OnceLock;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{
    BidiClass, BidiControl, DefaultIgnorableCodePoint, Emoji, EmojiModifier, ExtendedPictographic,
    GeneralCategory as Gc, GeneralCategoryGroup, HangulSyllableType, IndicSyllabicCategory, JoinControl,
    JoiningType, LineBreak, PrependedConcatenationMark, Script, VariationSelector,
};
use icu_properties::script::ScriptWithExtensions;
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_security::GeneralSecurityProfile;

/// What kind of unusual character one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Plain,
    /// U+0000 to U+001F and U+007F to U+009F, which are looked at as bytes.
    Control,
    /// Acts on the direction of other text, or marks one.
    Bidi,
    /// ZWJ and ZWNJ.
    Joiner,
    Selector,
    Tag,
    /// Everything else that is drawn as nothing.
    Invisible,
    /// A sign that is drawn around the digits after it.
    Around,
    Space,
    LineBreak,
    PrivateUse,
    Unassigned,
}

/// What one looks up of each character of a text.
#[derive(Clone, Copy)]
pub(super) struct Known {
    class: Class,
    pub(super) category: Gc,
    pub(super) script: Script,
    /// Characters of its skeleton (UTS #39), if all of them are ASCII.
    pub(super) skeleton: Option<u8>,
    /// A letter that is taken for another one: not for a digit, nor for two, unless it is a ligature.
    looks: bool,
    composed: Composed,
    rtl: bool,
    in_word: bool,
}

/// 256 characters each; made when the first of them is met, because making them takes longer than asking.
static PAGES: [OnceLock<Box<[Known]>>; 0x1100] = [const { OnceLock::new() }; 0x1100];

impl Known {
    pub(super) fn is_letter(&self) -> bool {
        GeneralCategoryGroup::Letter.contains(self.category)
    }

    /// How many ASCII characters the letter can be taken for, though it is none.
    pub(super) fn looks_ascii(&self) -> Option<usize> {
        self.skeleton.filter(|length| *length > 0 && self.looks).map(usize::from)
    }
}

/// What is known of `ch`, for asking several things of it.
pub(super) fn known(ch: char) -> &'static Known {
    let code = u32::from(ch);
    let page = PAGES[(code >> 8) as usize].get_or_init(|| {
        let all = (code & !0xff..=code | 0xff).map(|it| char::from_u32(it).unwrap_or('\u{fffd}'));
        all.map(look_up).collect()
    });
    &page[(code & 0xff) as usize]
}

fn look_up(ch: char) -> Known {
    let category = CodePointMapData::<Gc>::new().get(ch);
    let class = class_of(ch, category);
    let mut buffer = [0; 4];
    let mut skeleton = unicode_security::skeleton(ch.encode_utf8(&mut buffer));
    let mut digits = false;
    let length = skeleton.try_fold(0, |length, it| {
        digits |= it.is_ascii_digit();
        it.is_ascii().then_some(length + 1)
    });
    let script = ScriptWithExtensions::new().get_script_val(ch);
    // Latin alphabets have `\u{131}` and `\u{fe}`, which are what they seem.
    let is_latin = matches!(script, Script::Latin | Script::Common);
    let direction = CodePointMapData::<BidiClass>::new().get(ch);
    Known {
        class,
        category,
        script,
        skeleton: length,
        looks: !ch.is_ascii()
            && (is_latin && !ch.identifier_allowed()
                || !is_latin && category != Gc::ModifierLetter && !digits && length == Some(1)),
        composed: composed_of(ch),
        rtl: class == Class::Plain
            && matches!(
                direction,
                BidiClass::RightToLeft | BidiClass::ArabicLetter | BidiClass::ArabicNumber
            ),
        in_word: ch.is_alphanumeric()
            || GeneralCategoryGroup::Mark.contains(category)
            || matches!(class, Class::Joiner | Class::Invisible),
    }
}

/// What stands for a character in normalization form C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Composed {
    Same,
    /// An ASCII character.
    Ascii,
    /// One other character.
    Other,
    /// A letter and marks.
    Several,
}

fn composed_of(ch: char) -> Composed {
    let mut buffer = [0; 4];
    let spelled: &str = ch.encode_utf8(&mut buffer);
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    if nfc.is_normalized(spelled) {
        return Composed::Same;
    }
    let nfc = nfc.normalize(spelled);
    match nfc.chars().next() {
        Some(first) if nfc.len() > first.len_utf8() => Composed::Several,
        Some(first) if first.is_ascii() => Composed::Ascii,
        _ => Composed::Other,
    }
}

pub(crate) fn composed(ch: char) -> Composed {
    known(ch).composed
}

pub(crate) fn class(ch: char) -> Class {
    known(ch).class
}

fn class_of(ch: char, category: Gc) -> Class {
    match category {
        Gc::Control => Class::Control,
        Gc::SpaceSeparator if ch != ' ' => Class::Space,
        Gc::LineSeparator | Gc::ParagraphSeparator => Class::LineBreak,
        Gc::PrivateUse => Class::PrivateUse,
        // Hangul fillers are letters, some selectors are marks, and some of what is not assigned is ignorable.
        Gc::Format | Gc::NonspacingMark | Gc::OtherLetter | Gc::Unassigned | Gc::OtherSymbol => {
            hidden(ch, category)
        }
        _ => Class::Plain,
    }
}

fn hidden(ch: char, category: Gc) -> Class {
    if !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(ch) {
        return match category {
            _ if is_blank(ch) => Class::Invisible,
            Gc::Format if CodePointSetData::new::<PrependedConcatenationMark>().contains(ch) => Class::Around,
            Gc::Format => Class::Invisible,
            Gc::Unassigned => Class::Unassigned,
            _ => Class::Plain,
        };
    }
    match ch {
        _ if CodePointSetData::new::<BidiControl>().contains(ch) => Class::Bidi,
        _ if CodePointSetData::new::<JoinControl>().contains(ch) => Class::Joiner,
        _ if CodePointSetData::new::<VariationSelector>().contains(ch) => Class::Selector,
        '\u{e0000}'..='\u{e007f}' => Class::Tag,
        _ => Class::Invisible,
    }
}

/// Symbols whose glyph is empty, or is whatever was put in their place. No property says so.
fn is_blank(ch: char) -> bool {
    matches!(ch, '\u{2800}' | '\u{fffc}' | '\u{1d159}' | '\u{13441}' | '\u{13442}')
}

pub(crate) fn category(ch: char) -> Gc {
    known(ch).category
}

pub(crate) fn script(ch: char) -> Script {
    known(ch).script
}

pub(crate) fn is_letter(ch: char) -> bool {
    known(ch).is_letter()
}

pub(crate) fn is_mark(ch: char) -> bool {
    GeneralCategoryGroup::Mark.contains(category(ch))
}

/// Whether `ch` is read from right to left.
pub(crate) fn is_rtl(ch: char) -> bool {
    known(ch).rtl
}

/// Whether `ch` belongs to a word. What is not seen does not end one.
pub(crate) fn is_in_word(ch: char) -> bool {
    known(ch).in_word
}

/// How many ASCII characters `ch` can be taken for; 0 for what is not seen.
pub(crate) fn ascii_skeleton(ch: char) -> Option<usize> {
    known(ch).skeleton.map(usize::from)
}

pub(crate) fn is_emoji(ch: char) -> bool {
    CodePointSetData::new::<Emoji>().contains(ch)
}

pub(crate) fn is_pictograph(ch: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(ch)
}

pub(crate) fn is_emoji_modifier(ch: char) -> bool {
    CodePointSetData::new::<EmojiModifier>().contains(ch)
}

/// Whether `ch` takes another form beside a letter that follows it.
pub(crate) fn joins_next(ch: char) -> bool {
    matches!(
        CodePointMapData::<JoiningType>::new().get(ch),
        JoiningType::DualJoining | JoiningType::LeftJoining | JoiningType::JoinCausing
    )
}

/// Whether `ch` takes another form beside a letter that stands before it.
pub(crate) fn joins_previous(ch: char) -> bool {
    matches!(
        CodePointMapData::<JoiningType>::new().get(ch),
        JoiningType::DualJoining | JoiningType::RightJoining | JoiningType::JoinCausing
    )
}

/// Whether `ch` takes the vowel from a consonant of an Indic script, so that a joiner beside it chooses a form.
pub(crate) fn is_virama(ch: char) -> bool {
    matches!(
        CodePointMapData::<IndicSyllabicCategory>::new().get(ch),
        IndicSyllabicCategory::Virama
            | IndicSyllabicCategory::InvisibleStacker
            | IndicSyllabicCategory::PureKiller
    )
}

/// Whether `ch` is a letter or mark of a script in which joiners choose between forms.
pub(crate) fn is_of_joining_script(ch: char) -> bool {
    let joins = CodePointMapData::<JoiningType>::new().get(ch) != JoiningType::NonJoining;
    let indic = CodePointMapData::<IndicSyllabicCategory>::new().get(ch) != IndicSyllabicCategory::Other;
    (is_letter(ch) || is_mark(ch))
        && (joins || indic)
        && !matches!(script(ch), Script::Common | Script::Inherited)
}

/// Whether `ch` is of a script that is written without spaces.
pub(crate) fn is_written_without_spaces(ch: char) -> bool {
    matches!(CodePointMapData::<LineBreak>::new().get(ch), LineBreak::ComplexContext | LineBreak::Ideographic)
        || matches!(script(ch), Script::Tibetan | Script::Hiragana | Script::Katakana)
}

pub(crate) fn is_hangul_jamo(ch: char) -> bool {
    matches!(
        CodePointMapData::<HangulSyllableType>::new().get(ch),
        HangulSyllableType::LeadingJamo | HangulSyllableType::VowelJamo | HangulSyllableType::TrailingJamo
    ) || ('\u{3131}'..='\u{318e}').contains(&ch)
}

/// The characters of `text` that are not ASCII, with their places. Most texts have few, so the rest is skipped fast.
pub(super) fn not_ascii(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += skip(&text.as_bytes()[at..], |byte| byte < 0x80)?;
        let here = at;
        let ch = text[at..].chars().next()?;
        at += ch.len_utf8();
        Some((here, ch))
    })
}

/// How many bytes of `bytes` are `plain` before the first that is not, if there is one. Asks for 32 at once; those that
/// are left at the end are filled up with `a`, which has to be plain.
pub(super) fn skip(bytes: &[u8], plain: impl Fn(u8) -> bool) -> Option<usize> {
    // In texts of other alphabets one follows the other, or a blank.
    if let Some(at) = bytes.iter().take(4).position(|it| !plain(*it)) {
        return Some(at);
    }
    let (blocks, rest) = bytes.as_chunks::<32>();
    let all_plain = |block: &[u8; 32]| block.iter().fold(true, |all, it| all & plain(*it));
    let at = match blocks.iter().position(|it| !all_plain(it)) {
        Some(block) => block * 32,
        None => {
            let mut last = [b'a'; 32];
            last[..rest.len()].copy_from_slice(rest);
            if all_plain(&last) {
                return None;
            }
            bytes.len() - rest.len()
        }
    };
    bytes[at..].iter().position(|it| !plain(*it)).map(|it| at + it)
}
