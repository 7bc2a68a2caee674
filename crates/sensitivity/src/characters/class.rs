//! What a character is, from Unicode data.

use icu_properties::props::{
    BidiClass, BidiControl, DefaultIgnorableCodePoint, Emoji, EmojiModifier, ExtendedPictographic,
    GeneralCategory as Gc, GeneralCategoryGroup, HangulSyllableType, IndicSyllabicCategory, JoinControl,
    JoiningType, LineBreak, PrependedConcatenationMark, Script, VariationSelector,
};
use icu_properties::script::ScriptWithExtensions;
use icu_properties::{CodePointMapData, CodePointSetData};

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

pub(crate) fn class(ch: char) -> Class {
    if ch.is_ascii() {
        return if ch.is_ascii_control() { Class::Control } else { Class::Plain };
    }
    let category = category(ch);
    match category {
        Gc::Control => Class::Control,
        Gc::SpaceSeparator => Class::Space,
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
    CodePointMapData::<Gc>::new().get(ch)
}

pub(crate) fn script(ch: char) -> Script {
    ScriptWithExtensions::new().get_script_val(ch)
}

pub(crate) fn is_letter(ch: char) -> bool {
    if ch.is_ascii() { ch.is_ascii_alphabetic() } else { GeneralCategoryGroup::Letter.contains(category(ch)) }
}

pub(crate) fn is_mark(ch: char) -> bool {
    !ch.is_ascii() && GeneralCategoryGroup::Mark.contains(category(ch))
}

/// Whether `ch` is read from right to left.
pub(crate) fn is_rtl(ch: char) -> bool {
    !ch.is_ascii()
        && matches!(
            CodePointMapData::<BidiClass>::new().get(ch),
            BidiClass::RightToLeft | BidiClass::ArabicLetter | BidiClass::ArabicNumber
        )
        && class(ch) == Class::Plain
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
