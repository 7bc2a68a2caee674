//! Secrets: what lets whoever reads it act as somebody.
//!
//! Known by how they begin ([`shapes`]), by the name before them ([`named`]), by where they
//! stand (in a link, a header, a command line), or as blocks with a beginning and an end.
//! What only stands for a secret, like `<your token>`, is none.

#[cfg(test)]
mod examples;
mod named;
mod names;
mod places;
pub(crate) mod random;
mod shapes;
mod tokens;

use std::ops::Range;

use crate::finding::Kind;
use crate::found::Found;
use crate::text::Text;
use crate::{Category, Severity};
pub(crate) use places::is_only_key;
use shapes::SHAPES;
pub(crate) use tokens::each as tokens;

const WHY: &str = "Whoever reads it can use it, and it stays readable in every copy.";
const FIX: &str =
    "Replace it by a placeholder and send it back. If it was readable anywhere, make a new one.";

pub(crate) const fn kind(id: &'static str) -> Kind {
    Kind { id, category: Category::Secret, why: WHY, fix: Some(FIX) }
}

/// Words that announce a secret of which the form is not known.
const NAMES: &[&str] = &[
    "passw",
    "pwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "api key",
    "pass:",
    "pass=",
    "credential",
    "access_key",
    "access-key",
    "accesskey",
    "private_key",
    "private-key",
    "privatekey",
    "auth_key",
    "authkey",
    "auth=",
    "auth:",
    "pass\"",
    "pass'",
    "_pass",
    "pw=",
    "kennwort",
    "passwort",
    "mot de passe",
    "contraseña",
    "senha",
    "identified by",
];

/// Beginnings so short that every text is full of them. They are met with each of the digits that go on with them.
const SHORT: &[(&str, [&str; 16])] = &[
    (
        "AC",
        [
            "AC0", "AC1", "AC2", "AC3", "AC4", "AC5", "AC6", "AC7", "AC8", "AC9", "ACa", "ACb", "ACc", "ACd",
            "ACe", "ACf",
        ],
    ),
    (
        "SK",
        [
            "SK0", "SK1", "SK2", "SK3", "SK4", "SK5", "SK6", "SK7", "SK8", "SK9", "SKa", "SKb", "SKc", "SKd",
            "SKe", "SKf",
        ],
    ),
];

/// Where a word leads.
enum Lead {
    /// To the shape with this number, and its beginning.
    Shape(usize, &'static str),
    Named,
    Place(places::Place),
}

fn leads() -> &'static [(&'static str, Lead)] {
    static LEADS: std::sync::OnceLock<Vec<(&'static str, Lead)>> = std::sync::OnceLock::new();
    LEADS.get_or_init(|| {
        let met = |prefix: &'static &'static str| {
            let longer = SHORT.iter().find(|it| it.0 == *prefix);
            longer.map_or(std::slice::from_ref(prefix), |it| &it.1)
        };
        let shapes = SHAPES.iter().enumerate().flat_map(|(at, it)| {
            let lead = move |prefix| met(prefix).iter().map(move |word| (*word, Lead::Shape(at, prefix)));
            it.prefixes.iter().flat_map(lead)
        });
        let names = NAMES.iter().map(|word| (*word, Lead::Named));
        let places = places::WORDS.iter().map(|(word, place)| (*word, Lead::Place(*place)));
        shapes.chain(names).chain(places).collect()
    })
}

/// The words at which this detector looks. A hit names one by its place in the list.
pub(crate) fn words() -> Vec<&'static str> {
    leads().iter().map(|(word, _)| *word).collect()
}

/// What was looked at so far in one text.
#[derive(Default)]
pub(crate) struct Look {
    /// Where what is known to be a secret ends: nothing within is looked at again.
    taken: Vec<Range<usize>>,
    /// Where the last value ends that a name announced.
    named: usize,
    /// A value that only its name or place announces, until it is known that nothing better says what it is.
    pending: Option<(Kind, Range<usize>, &'static str)>,
    /// How many of `taken` end before the tokens that are looked at.
    passed: usize,
}

impl Look {
    /// Looks where a word stands. Called in the order of the ends of the words.
    pub(crate) fn hit(&mut self, text: &Text<'_>, at: &Range<usize>, word: u16, found: &mut Found) {
        let Some((_, lead)) = leads().get(usize::from(word)) else { return };
        match lead {
            Lead::Shape(shape, prefix) => {
                let shape = &SHAPES[*shape];
                if let Some(range) = shaped(text, &(at.start..at.start + prefix.len()), prefix, shape)
                    && !begins_longer(text, at.start, prefix)
                {
                    self.take(&kind(shape.id), range, shape.name, found);
                }
            }
            Lead::Named => {
                if at.end > self.named
                    && let Some(range) = named::value(text, at)
                {
                    self.named = range.end;
                    self.wait(kind("named-secret"), range, "Value with the name of a secret", found);
                }
            }
            Lead::Place(place) => {
                if let Some((range, name)) = places::look(*place, text, at) {
                    match place {
                        places::Place::Bearer => self.wait(kind(place.id()), range, name, found),
                        _ => self.take(&kind(place.id()), range, name, found),
                    }
                }
            }
        }
    }

    /// Keeps what is not known well until what stands there was looked at whole.
    fn wait(&mut self, kind: Kind, range: Range<usize>, name: &'static str, found: &mut Found) {
        self.settle(found);
        self.pending = Some((kind, range, name));
    }

    fn settle(&mut self, found: &mut Found) {
        if let Some((kind, range, name)) = self.pending.take() {
            self.report(&kind, range, name, found);
        }
    }

    /// Takes what is known by its form; it says more than the name before it.
    fn take(&mut self, kind: &Kind, range: Range<usize>, name: &str, found: &mut Found) {
        let touches = |it: &Range<usize>| it.start < range.end && range.start < it.end;
        if self.pending.as_ref().is_some_and(|(_, it, _)| touches(it)) {
            self.pending = None;
        }
        self.settle(found);
        self.report(kind, range, name, found);
    }

    fn report(&mut self, kind: &Kind, range: Range<usize>, name: &str, found: &mut Found) {
        if self.taken.iter().rev().take(4).any(|it| it.start <= range.start && it.end >= range.end) {
            return;
        }
        found.report(kind, Severity::Blocking, range.clone(), format_args!("{name}"));
        self.taken.push(range);
    }

    /// Puts what was found in order, before tokens are looked at.
    pub(crate) fn sort(&mut self, found: &mut Found) {
        self.settle(found);
        self.taken.sort_by_key(|it| it.start);
    }

    /// Looks at a long token, whatever stands before it. Called in their order, after [`Look::sort`].
    pub(crate) fn token(&mut self, text: &Text<'_>, range: &Range<usize>, found: &mut Found) {
        while self.taken.get(self.passed).is_some_and(|it| it.end <= range.start) {
            self.passed += 1;
        }
        if self.taken.get(self.passed).is_some_and(|it| it.start < range.end) {
            return;
        }
        if let Some((range, name)) = tokens::secret(text, range.clone()) {
            found.report(&kind("random-token"), Severity::Blocking, range, format_args!("{name}"));
        }
    }
}

/// The secret that begins with `prefix` at `at`, if one of this shape does.
fn shaped(text: &Text<'_>, at: &Range<usize>, prefix: &str, shape: &shapes::Shape) -> Option<Range<usize>> {
    if text.part(at.clone()) != prefix.as_bytes() {
        return None;
    }
    let before = at.start.checked_sub(1).map(|it| text.bytes[it]);
    let starts_word = prefix.as_bytes()[0].is_ascii_alphanumeric();
    if starts_word && before.is_some_and(|it| it.is_ascii_alphanumeric()) && !escaped(text, at.start) {
        return None;
    }
    let rest = text.after(at.end, shape.most.min(4000) + 1);
    let mut length = rest.iter().position(|it| !shape.class.has(*it)).unwrap_or(rest.len());
    // What ends a sentence is not a part of it.
    while length > 0
        && matches!(rest[length - 1], b'.' | b'-' | b'/' | b'=' | b'_' | b':' | b'$')
        && length > shape.least
    {
        length -= 1;
    }
    if length < shape.least || length > shape.most {
        return None;
    }
    let body = &rest[..length];
    if random::says(body) || !made(body) {
        return None;
    }
    Some(at.start..at.end + length)
}

/// Whether a secret at `start` has a longer beginning than `prefix`, which says more: `sk-ant-` than `sk-`.
fn begins_longer(text: &Text<'_>, start: usize, prefix: &str) -> bool {
    let all = SHAPES.iter().flat_map(|shape| shape.prefixes.iter().map(move |it| (it, shape)));
    let mut longer = all.filter(|(it, _)| it.len() > prefix.len() && it.starts_with(prefix));
    longer.any(|(it, shape)| shaped(text, &(start..start + it.len()), it, shape).is_some())
}

/// Whether a letter before `at` belongs to an escape like `\n` or `%20`.
fn escaped(text: &Text<'_>, at: usize) -> bool {
    let before = text.before(at, 3);
    before.len() >= 2 && before[before.len() - 2] == b'\\'
        || before.len() == 3 && before[0] == b'%'
        || before.ends_with(b"[0m")
        || before.ends_with(b"3m")
}

/// Whether this is not a name that somebody wrote: of enough different bytes, and no row of words.
fn made(body: &[u8]) -> bool {
    let looks = random::Looks::of(body);
    let least = if body.len() < 20 { 2.0 } else { 2.6 };
    random::entropy(body) >= least && !(looks.digits == 0 && looks.pairs >= 6 && looks.wordy() > 0.8)
}
