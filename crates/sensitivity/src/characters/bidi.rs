//! Characters that change the direction of other text.
//!
//! They are judged line by line, as the bidirectional algorithm acts: what is
//! open at the end of a line ends there. Set around right-to-left text, or
//! around a word within such text, they are usual; across quotes, braces or
//! comments, or where nothing is read from right to left, they are not.

use std::ops::Range;

use super::class::{Class, class, is_rtl, not_ascii};
use crate::Severity;
use crate::found::Found;

/// Judges `text`, which begins at `base`.
pub(super) fn find(text: &str, base: usize, found: &mut Found) {
    let ends = ['\n', '\r', '\u{85}', '\u{2029}'];
    let mut done = 0;
    for (at, _) in not_ascii(text).filter(|(_, ch)| class(*ch) == Class::Bidi) {
        if at < done {
            continue;
        }
        let start = text[done..at]
            .rfind(ends)
            .map_or(done, |it| done + it + text[done + it..].chars().next().map_or(0, char::len_utf8));
        done = text[at..].find(ends).map_or(text.len(), |it| at + it);
        let line = &text[start..done];
        Line { text: line, base: base + start, rtl: line.chars().any(is_rtl) }.find(found);
    }
}

struct Line<'a> {
    text: &'a str,
    base: usize,
    /// Something in it is read from right to left.
    rtl: bool,
}

/// From a control to the one that ends it.
struct Scope {
    range: Range<usize>,
    overrides: bool,
    unbalanced: bool,
    /// Makes what is in it run from right to left.
    turns: bool,
}

impl Line<'_> {
    fn find(&self, found: &mut Found) {
        let mut scope: Option<Scope> = None;
        let mut open = Open::default();
        for (at, ch) in self.text.char_indices().filter(|(_, ch)| class(*ch) == Class::Bidi) {
            let end = at + ch.len_utf8();
            if matches!(ch, '\u{61c}' | '\u{200e}' | '\u{200f}') {
                self.mark(at..end, ch, found);
                continue;
            }
            // What touches is one finding: such controls come in runs.
            if open.kinds.is_empty()
                && let Some(done) = scope.take_if(|it| it.range.end != at)
            {
                self.judge(&done, found);
            }
            let scope = scope.get_or_insert(Scope {
                range: at..end,
                overrides: false,
                unbalanced: false,
                turns: false,
            });
            scope.range.end = end;
            scope.overrides |= matches!(ch, '\u{202d}' | '\u{202e}');
            scope.turns |= matches!(ch, '\u{202b}' | '\u{2067}');
            scope.unbalanced |= !open.step(ch);
        }
        if let Some(mut last) = scope {
            if !open.kinds.is_empty() {
                last.unbalanced = true;
                last.range.end = self.text.len();
            }
            self.judge(&last, found);
        }
    }

    fn judge(&self, scope: &Scope, found: &mut Found) {
        let inside = &self.text[scope.range.clone()];
        let code = is_code(inside);
        let (severity, title, why) = if scope.overrides {
            (
                Severity::Blocking,
                "Text direction overridden",
                "It can be shown in another order than the one that programs read.",
            )
        } else if scope.unbalanced {
            (
                Severity::Blocking,
                "Text direction changed and not changed back",
                "The rest of the line can be shown in another order than the one that programs read.",
            )
        } else if code {
            (
                Severity::Blocking,
                "Text direction changed across code",
                "Quotes, braces or comments can be shown elsewhere than where programs read them.",
            )
        } else if self.rtl {
            (
                Severity::Note,
                "Text direction changed",
                "It is usual beside text that is read from right to left.",
            )
        } else if scope.turns {
            (
                Severity::Blocking,
                "Text turned around",
                "Nothing here is read from right to left, but it can be shown so.",
            )
        } else {
            (
                Severity::Warning,
                "Text direction changed without need",
                "Nothing here is read from right to left, so what is invisible here has no use.",
            )
        };
        let range = self.base + scope.range.start..self.base + scope.range.end;
        found.add("bidi-control", severity, range, format_args!("{title}"), why);
    }

    /// LRM, RLM and ALM: invisible letters that have a direction.
    fn mark(&self, range: Range<usize>, ch: char, found: &mut Found) {
        let (severity, why) = if self.rtl {
            (Severity::Note, "It is usual beside text that is read from right to left.")
        } else if super::invisible::is_inside(self.text, &range) {
            (Severity::Blocking, "It is invisible, and nothing here is read from right to left.")
        } else {
            (Severity::Warning, "It is invisible, and nothing here is read from right to left.")
        };
        let title = format_args!("Invisible direction mark (U+{:04X})", u32::from(ch));
        found.add("bidi-mark", severity, self.base + range.start..self.base + range.end, title, why);
    }
}

/// Whether quotes, braces, a sign that ends a statement or one that begins or ends a comment are in `text`.
fn is_code(text: &str) -> bool {
    const SIGNS: [&str; 9] = ["\"", "`", ";", "{", "}", "/*", "*/", "<!--", "-->"];
    let before = |at: usize| text[..at].chars().next_back();
    let any = |sign: &str, is: &dyn Fn(usize) -> bool| text.match_indices(sign).any(|(at, _)| is(at));
    SIGNS.iter().any(|it| text.contains(it))
        // Within a word it is an apostrophe, and so it is at the end of one that is not Latin.
        || any("'", &|at| {
            let goes_on = text[at + 1..].starts_with(char::is_alphanumeric);
            !before(at).is_some_and(|ch| ch.is_alphanumeric() && (goes_on || !ch.is_ascii()))
        })
        // Of an address, or of a word that others find it by.
        || any("//", &|at| before(at) != Some(':'))
        || any("#", &|at| text[at + 1..].starts_with(char::is_whitespace))
}

/// What is open.
#[derive(Default)]
struct Open {
    /// Whether each is an isolate, which only PDI closes, or one that PDF closes.
    kinds: Vec<bool>,
    isolates: usize,
}

impl Open {
    /// Opens or closes; `false` where there is nothing to close, or something inside was left open.
    fn step(&mut self, ch: char) -> bool {
        let isolate = matches!(ch, '\u{2066}'..='\u{2069}');
        if !matches!(ch, '\u{202c}' | '\u{2069}') {
            self.isolates += usize::from(isolate);
            self.kinds.push(isolate);
            return true;
        }
        if self.kinds.last() == Some(&isolate) {
            self.kinds.pop();
            self.isolates -= usize::from(isolate);
            return true;
        }
        // PDI closes an isolate further out together with all that is open in it.
        if isolate && self.isolates > 0 {
            while self.kinds.pop() == Some(false) {}
            self.isolates -= 1;
        }
        false
    }
}
