//! Characters that are drawn as nothing, or as what nobody expects: invisible
//! ones, unusual spaces, and code points without a meaning of their own.

use std::ops::Range;

use icu_properties::props::{GeneralCategory as Gc, Script};

use super::class::{self, Class, class};
use crate::Severity;
use crate::found::Found;

/// Judges `text`, which begins at `base`.
pub(super) fn find(text: &str, base: usize, found: &mut Found) {
    let mut run: Option<Run> = None;
    for (at, ch) in text.char_indices().filter(|(_, ch)| !ch.is_ascii()) {
        let Some(kind) = judge(text, base, at, ch) else { continue };
        let range = at..at + ch.len_utf8();
        match &mut run {
            Some(run) if run.kind == kind && run.range.end == at => {
                run.range.end = range.end;
                run.count += 1;
            }
            _ => {
                if let Some(done) = run.replace(Run { kind, range, first: ch, count: 1 }) {
                    done.report(text, base, found);
                }
            }
        }
    }
    if let Some(last) = run {
        last.report(text, base, found);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Invisible,
    /// Invisible, at a place where people use it.
    Usual,
    /// Selects a form that this base does not have.
    Selector,
    Tag,
    Space,
    LineBreak,
    PrivateUse,
    Unassigned,
}

/// What `ch` at `at` is to a reader; `None` for what is as it seems.
fn judge(text: &str, base: usize, at: usize, ch: char) -> Option<Kind> {
    let class = class(ch);
    if class == Class::Plain {
        return None;
    }
    let before = text[..at].chars().next_back();
    let after = text[at + ch.len_utf8()..].chars().next();
    match class {
        // Directions are judged by the line, and controls as bytes.
        Class::Plain | Class::Control | Class::Bidi => None,
        Class::Space if is_set(ch, before, after) => None,
        Class::Space => Some(Kind::Space),
        Class::LineBreak => Some(Kind::LineBreak),
        Class::PrivateUse => Some(Kind::PrivateUse),
        Class::Unassigned => Some(Kind::Unassigned),
        Class::Tag if is_flag(text, at) => None,
        Class::Tag => Some(Kind::Tag),
        Class::Around => match after {
            Some(next) if !next.is_ascii() && is_counted(next) => None,
            _ => Some(Kind::Usual),
        },
        Class::Joiner => joiner(text, at, ch, before, after),
        Class::Selector => selector(ch, before, after),
        // The mark of the encoding; facts of the text speak of it.
        Class::Invisible if ch == '\u{feff}' && base + at == 0 => None,
        Class::Invisible if is_usual(ch, before, after) => Some(Kind::Usual),
        Class::Invisible => Some(Kind::Invisible),
    }
}

/// Whether the space `ch` is one that is set there by the rules of a language: a narrow or fixed one beside a
/// dash, inside a number, before the marks that French sets off; a wide one between the characters of East Asia.
fn is_set(ch: char, before: Option<char>, after: Option<char>) -> bool {
    let dash = |it: char| !it.is_ascii() && class::category(it) == Gc::DashPunctuation;
    let digit = |it: char| it.is_ascii_digit();
    let wide = |it: char| {
        matches!(class::script(it), Script::Han | Script::Hiragana | Script::Katakana | Script::Hangul)
            || matches!(it, '\u{3001}'..='\u{301f}' | '\u{ff01}'..='\u{ff5e}')
    };
    match ch {
        '\u{a0}' | '\u{2009}' | '\u{200a}' | '\u{202f}' => {
            before.is_some_and(|it| dash(it) || it == '\u{ab}')
                || after.is_some_and(|it| {
                    dash(it) || matches!(it, '\u{bb}' | ':' | ';' | '!' | '?' | '%' | '\u{20ac}')
                })
                || before.is_some_and(digit) && after.is_some_and(digit)
        }
        '\u{3000}' => before.is_some_and(wide) || after.is_some_and(wide),
        _ => false,
    }
}

/// Whether `ch` is a letter or digit, around which a sign can be drawn.
fn is_counted(ch: char) -> bool {
    class::category(ch) == Gc::DecimalNumber || class::is_letter(ch)
}

/// ZWJ and ZWNJ: in emoji, and in scripts whose letters have several forms.
fn joiner(text: &str, at: usize, ch: char, before: Option<char>, after: Option<char>) -> Option<Kind> {
    let (Some(before), after) = (before, after.unwrap_or(' ')) else { return Some(Kind::Invisible) };
    if ch == '\u{200d}' && class::is_pictograph(after) && ends_in_pictograph(&text[..at]) {
        return None;
    }
    // Two in a row, or one beside another invisible character, choose no form.
    if class(before) != Class::Plain || !matches!(class(after), Class::Plain | Class::Control | Class::Space)
    {
        return Some(Kind::Invisible);
    }
    if class::is_virama(before) || class::is_virama(after) && class::is_of_joining_script(before) {
        return None;
    }
    let forms = match ch {
        '\u{200d}' => class::joins_next(before) || class::joins_previous(after),
        _ => class::joins_next(before) && class::joins_previous(after),
    };
    // Marks of vowels may stand between the letter and the joiner.
    let near = class::is_of_joining_script(before) && !class::is_letter(before)
        || class::is_of_joining_script(before) && class::is_of_joining_script(after);
    match (forms, near) {
        (true, _) => None,
        (false, true) => Some(Kind::Usual),
        _ => Some(Kind::Invisible),
    }
}

/// Whether an emoji that another may join ends `text`: a pictograph, its skin tone, its form.
fn ends_in_pictograph(text: &str) -> bool {
    let mut back =
        text.chars().rev().take(3).skip_while(|ch| *ch == '\u{fe0f}' || class::is_emoji_modifier(*ch));
    back.next().is_some_and(class::is_pictograph)
}

fn selector(ch: char, before: Option<char>, after: Option<char>) -> Option<Kind> {
    let Some(before) = before else { return Some(Kind::Selector) };
    let (script, category) = (class::script(before), class::category(before));
    match ch {
        '\u{fe0e}' | '\u{fe0f}' if before.is_ascii() => match (class::is_emoji(before), after) {
            (true, Some('\u{20e3}')) => None,
            (true, _) => Some(Kind::Usual),
            _ => Some(Kind::Selector),
        },
        '\u{fe0e}' | '\u{fe0f}' if class::is_emoji(before) => None,
        '\u{180b}'..='\u{180f}' if script == Script::Mongolian => None,
        '\u{e0100}'..='\u{e01ef}' if script == Script::Han => Some(Kind::Usual),
        '\u{fe00}'..='\u{fe0f}' if has_forms(before, script, category) => Some(Kind::Usual),
        _ => Some(Kind::Selector),
    }
}

/// Whether `ch` is of a kind of which some have standardized forms.
fn has_forms(ch: char, script: Script, category: Gc) -> bool {
    let symbol = matches!(category, Gc::MathSymbol | Gc::OtherSymbol | Gc::OtherPunctuation);
    let written = matches!(
        script,
        Script::Han | Script::Myanmar | Script::PhagsPa | Script::Manichaean | Script::EgyptianHieroglyphs
    );
    !ch.is_ascii() && class(ch) == Class::Plain && (symbol || written)
}

/// Other invisible characters beside what they are made for.
fn is_usual(ch: char, before: Option<char>, after: Option<char>) -> bool {
    let (before, after) = (before.unwrap_or(' '), after.unwrap_or(' '));
    let beside = |wanted: fn(char) -> bool| wanted(before) || wanted(after);
    match ch {
        // A place where a line may end, in scripts without spaces.
        '\u{200b}' => class::is_written_without_spaces(before) && class::is_written_without_spaces(after),
        '\u{34f}' => class::is_mark(before) && class(before) == Class::Plain,
        '\u{115f}' | '\u{1160}' => beside(class::is_hangul_jamo) && class(before) != Class::Invisible,
        '\u{180e}' => class::script(before) == Script::Mongolian,
        '\u{2800}' => beside(|it| ('\u{2801}'..='\u{28ff}').contains(&it)),
        '\u{13430}'..='\u{1343f}' | '\u{13441}' | '\u{13442}' => {
            beside(|it| ('\u{13000}'..='\u{1342f}').contains(&it))
        }
        '\u{1bca0}'..='\u{1bca3}' => {
            beside(|it| class::script(it) == Script::Duployan && class(it) == Class::Plain)
        }
        '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' => {
            beside(|it| ('\u{1d100}'..='\u{1d1ff}').contains(&it) && class(it) == Class::Plain)
        }
        _ => false,
    }
}

/// Whether the tag at `at` is part of one of the three flags that are spelled with tags.
fn is_flag(text: &str, at: usize) -> bool {
    let tags = |it: &char| class(*it) == Class::Tag;
    // The flag and at most six tags: more of them is no flag, wherever one looks.
    let before: Vec<char> = text[..at].chars().rev().take(7).collect();
    let Some(start) = before.iter().position(|ch| !tags(ch)) else { return false };
    if before[start] != '\u{1f3f4}' {
        return false;
    }
    let spelled: String = before[..start]
        .iter()
        .rev()
        .copied()
        .chain(text[at..].chars().take(7))
        .take_while(tags)
        .filter_map(|ch| char::from_u32(u32::from(ch) - 0xe0000))
        .collect();
    ["gbeng\u{7f}", "gbsct\u{7f}", "gbwls\u{7f}"].contains(&spelled.as_str())
}

/// Whether what stands at `range` is inside of something that is read as one: a word, a link, a command.
pub(super) fn is_inside(text: &str, range: &Range<usize>) -> bool {
    let word = |ch: char| ch == '_' || ch.is_alphanumeric();
    let before = text[..range.start].chars().next_back().unwrap_or(' ');
    let after = text[range.end..].chars().next().unwrap_or(' ');
    word(before) || word(after) || !before.is_whitespace() && !after.is_whitespace()
}

struct Run {
    kind: Kind,
    range: Range<usize>,
    first: char,
    count: usize,
}

impl Run {
    fn report(&self, text: &str, base: usize, found: &mut Found) {
        let range = self.range.start + base..self.range.end + base;
        let (rule, what) = match self.kind {
            Kind::Invisible | Kind::Usual => ("invisible-character", "Invisible character"),
            Kind::Selector | Kind::Tag if self.count > 1 || self.kind == Kind::Tag => {
                ("hidden-text", "Hidden text")
            }
            Kind::Selector | Kind::Tag => ("invisible-character", "Variation selector"),
            Kind::Space => ("unusual-space", "Unusual space"),
            Kind::LineBreak => ("line-separator", "Line end"),
            Kind::PrivateUse => ("private-use", "Character without a public meaning"),
            Kind::Unassigned => ("unassigned", "Character that does not exist"),
        };
        let (severity, why) = match self.kind {
            Kind::Usual => (Severity::Note, "It chooses a form of the characters beside it."),
            Kind::Selector | Kind::Tag if rule == "hidden-text" => (
                Severity::Blocking,
                "People do not see it, but programs read it: a text can be spelled with such characters.",
            ),
            Kind::Selector if text[..self.range.start].ends_with(['\u{fe0e}', '\u{fe0f}']) => {
                (Severity::Warning, "The form was chosen already, so what is invisible here has no use.")
            }
            Kind::Selector | Kind::Tag => {
                (Severity::Blocking, "It is invisible, and the character before it has no other form.")
            }
            Kind::Invisible if is_inside(text, &self.range) => {
                (Severity::Blocking, "To a program this is another word than the one that people see.")
            }
            Kind::Invisible => (Severity::Warning, "People do not see it, but programs read it."),
            Kind::Space => {
                (Severity::Note, "It looks like a space, but many programs do not take it for one.")
            }
            Kind::LineBreak => (Severity::Warning, "Some programs end the line here and others do not."),
            Kind::PrivateUse => (Severity::Warning, "Each font draws something else for it, or nothing."),
            Kind::Unassigned => {
                (Severity::Warning, "Programs may draw nothing for it, or disagree on what it is.")
            }
        };
        let (code, count) = (u32::from(self.first), self.count);
        if count == 1 {
            found.add(rule, severity, range, format_args!("{what} (U+{code:04X})"), why);
        } else {
            let title = format_args!("{what} ({count} in a row, first U+{code:04X})");
            found.add(rule, severity, range, title, why);
        }
    }
}
