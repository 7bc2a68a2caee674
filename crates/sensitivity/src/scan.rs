//! Looks for everything at once: [`Rules::scan`].
//!
//! An automaton goes over the text once and meets the words of all detectors. What a
//! detector does where one of its words stands is bounded, so that the work grows with the text.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use crate::found::{Found, each_once};
use crate::hidden::Hidden;
use crate::team::{At, TeamRules};
use crate::text::Text;
use crate::words::Words;
use crate::{
    Category, Finding, Severity, access, commands, hidden, internal, links, personal, phrases, secrets, team,
};

/// Who can read what the text is in. What is not known is [`Reach::Public`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Its writer alone.
    Private,
    /// Those who work together.
    Team,
    /// Everyone.
    Public,
}

/// Whose word it is, and which of its words.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Secret(u16),
    Personal(u16),
    Internal(u16),
    /// A name that the owner listed.
    Name,
    Command(u16),
    Access(u16),
    Link(u16),
    Phrase(u16),
    /// A `%`, which may begin an escape.
    Escape,
    /// A keyword of a rule of the team.
    Team(u16),
}

/// All rules, ready to look with.
pub struct Rules {
    words: Words,
    /// Whose the words of the automaton are, one word after the other.
    owners: Vec<Owner>,
    /// Of each word, where its owners end.
    ends: Vec<usize>,
    team: TeamRules,
}

impl Rules {
    /// The rules that are built in.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| Self::with(TeamRules::default(), &[]))
    }

    /// The rules that are built in, those of a team, and `names` that are not to be known outside.
    ///
    /// # Panics
    ///
    /// If there are so many words that no automaton can be made of them: gigabytes.
    #[must_use]
    pub fn with(team: TeamRules, names: &[String]) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut owners: Vec<Vec<Owner>> = Vec::new();
        let mut known = std::collections::HashMap::new();
        let mut own = |word: &str, owner: Owner| {
            let word = word.to_ascii_lowercase();
            let at = *known.entry(word.clone()).or_insert_with(|| {
                words.push(word);
                owners.push(Vec::new());
                owners.len() - 1
            });
            owners[at].push(owner);
        };
        team.words().for_each(|(word, rule)| own(word, Owner::Team(rule as u16)));
        let mut take = |of: Vec<&str>, owner: fn(u16) -> Owner| {
            (0..).zip(of).for_each(|(number, word)| own(word, owner(number)));
        };
        take(secrets::words(), Owner::Secret);
        take(personal::words(), Owner::Personal);
        take(internal::words(), Owner::Internal);
        take(commands::words(), Owner::Command);
        take(access::words(), Owner::Access);
        take(links::words(), Owner::Link);
        take(phrases::words(), Owner::Phrase);
        take(vec!["%"], |_| Owner::Escape);
        let names = internal::Names::new(names);
        take(names.words(), |_| Owner::Name);
        let ends = owners.iter().scan(0, |end, of| {
            *end += of.len();
            Some(*end)
        });
        Self { words: Words::new(&words), ends: ends.collect(), owners: owners.concat(), team }
    }

    /// Whose the word is that has this number.
    fn owners(&self, word: usize) -> &[Owner] {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.owners[start..self.ends[word]]
    }

    /// How many words of detectors stand in `text`: what the automaton does alone, to be measured against.
    #[must_use]
    pub fn words_met(&self, text: &[u8]) -> usize {
        let mut met = 0;
        self.words.each(text, |_, _| met += 1);
        met
    }

    /// What is sensitive in `text`, for those who can read it.
    #[must_use]
    pub fn scan(&self, text: &[u8], reach: Reach) -> Vec<Finding> {
        self.scan_file(text, None, reach)
    }

    /// As [`Rules::scan`], for what is at this path: some rules of a team are for some paths.
    #[must_use]
    pub fn scan_file(&self, text: &[u8], path: Option<&str>, reach: Reach) -> Vec<Finding> {
        self.scan_at(text, path.map_or(At::Nowhere, At::Path), reach)
    }

    /// As [`Rules::scan`], for what was at a path that nobody says any more: rules for some paths look there too.
    #[must_use]
    pub fn scan_anywhere(&self, text: &[u8], reach: Reach) -> Vec<Finding> {
        self.scan_at(text, At::Anywhere, reach)
    }

    fn scan_at(&self, text: &[u8], place: At<'_>, reach: Reach) -> Vec<Finding> {
        let mut all = self.look(text, place, true);
        all.extend(crate::characters(text));
        if all.is_empty() {
            return all;
        }
        for finding in &mut all {
            let could_do = |it: &Range<usize>| could_do(&text[it.clone()]);
            let hides = could_do(&finding.range) || finding.also.iter().any(could_do);
            if finding.category != Category::Secret || !hides {
                finding.severity = weighed(finding.category, finding.severity, reach);
            }
            // An edge inside a character takes the whole of it.
            for range in [&mut finding.range].into_iter().chain(&mut finding.also) {
                range.start = character(text, range.start).map_or(range.start, |it| it.start);
                range.end = character(text, range.end).map_or(range.end, |it| it.end);
            }
        }
        all.sort_by(|a, b| (a.range.start, a.range.end, &a.rule).cmp(&(b.range.start, b.range.end, &b.rule)));
        // What was met twice at one place is one finding.
        all.dedup_by(|next, first| {
            let same = next.rule == first.rule && next.range == first.range;
            if same {
                first.severity = first.severity.max(next.severity);
                first.others = first.others.max(next.others);
                first.also.append(&mut next.also);
                first.also = each_once(std::mem::take(&mut first.also), std::slice::from_ref(&first.range));
            }
            same
        });
        all
    }

    /// What the detectors find; with `within` also in what is hidden in the text.
    fn look(&self, text: &[u8], place: At<'_>, within: bool) -> Vec<Finding> {
        let text = Text { bytes: text };
        let mut found = Found::default();
        let mut secrets = secrets::Look::default();
        let mut personal = personal::Look::default();
        let mut internal = internal::Look::default();
        let mut commands = commands::Look::default();
        let mut access = access::Look::default();
        let mut links = links::Look::default();
        let mut phrases = phrases::Look::default();
        let mut hidden = hidden::Look::default();
        let mut team = team::Look::default();
        let mut blobs = Vec::new();
        self.words.each(text.bytes, |at, word| {
            for owner in self.owners(word) {
                match *owner {
                    Owner::Secret(word) => secrets.hit(&text, &at, word, &mut found),
                    Owner::Personal(word) => personal.hit(&text, &at, word, &mut found),
                    Owner::Internal(word) => internal.hit(&text, &at, word, &mut found),
                    Owner::Name => internal::named(&text, &at, &mut found),
                    Owner::Command(word) => commands.hit(&text, &at, word, &mut found),
                    Owner::Access(word) => access.hit(&text, &at, word, &mut found),
                    Owner::Link(word) => links.hit(&text, &at, word, &mut found),
                    Owner::Phrase(word) => phrases.hit(&text, &at, word, &mut found),
                    Owner::Escape if within => blobs.extend(hidden.escape(&text, at.start)),
                    Owner::Escape => {}
                    Owner::Team(rule) => team.hit(&at, usize::from(rule)),
                }
            }
        });
        personal.numbers(&text, &mut found);
        secrets.sort(&mut found);
        secrets::tokens(text.bytes, &mut |range| {
            secrets.token(&text, &range, &mut found);
            if within {
                blobs.extend(hidden.token(&text, &range));
            }
        });
        self.look_within(blobs, place, &mut found);
        team.finish(&self.team, &text, place, &mut found);
        found.finish()
    }
}

impl Rules {
    /// Looks into blobs, at all of them as one text: beginning anew for each of many small ones takes longer.
    fn look_within(&self, blobs: Vec<Hidden>, place: At<'_>, found: &mut Found) {
        if blobs.is_empty() {
            return;
        }
        let mut joined = Vec::new();
        let mut ends = Vec::new();
        for blob in &blobs {
            joined.extend_from_slice(&blob.text);
            ends.push(joined.len());
            // Nothing that is found goes on over an empty line.
            joined.extend_from_slice(b"\n\n");
        }
        for inner in self.look(&joined, place, false) {
            let at = ends.partition_point(|end| *end <= inner.range.start);
            let places = inner.also.clone();
            if let Some(blob) = blobs.get(at) {
                found.hidden(inner.clone(), blob);
            }
            for place in places {
                let at = ends.partition_point(|end| *end <= place.start);
                if let Some(blob) = blobs.get(at) {
                    found.hidden(inner.clone(), blob);
                }
            }
        }
    }
}

impl Rules {
    /// `text` with the name of each secret in its place, in brackets: for where it is kept or told on, which is not where
    /// it was. Rules of a team for some paths look there too.
    #[must_use]
    pub fn without_secrets<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let found = self.scan_anywhere(text, Reach::Public);
        let secrets = found.into_iter().filter(|it| it.category == Category::Secret);
        let mut places: Vec<(Range<usize>, String)> = secrets
            .flat_map(|it| {
                let what = it.title;
                let all: Vec<_> =
                    [it.range].into_iter().chain(it.also).map(|range| (range, what.clone())).collect();
                all
            })
            .collect();
        if places.is_empty() {
            return Cow::Borrowed(text);
        }
        places.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut made, mut at) = (Vec::with_capacity(text.len()), 0);
        for (range, what) in places {
            if range.start >= at {
                made.extend_from_slice(&text[at..range.start]);
                made.push(b'[');
                made.extend_from_slice(what.as_bytes());
                made.push(b']');
            }
            at = at.max(range.end);
        }
        made.extend_from_slice(&text[at..]);
        Cow::Owned(made)
    }
}

/// The character that an edge at `at` would cut.
fn character(text: &[u8], at: usize) -> Option<Range<usize>> {
    let goes_on = |at: usize| text.get(at).is_some_and(|it| it & 0xc0 == 0x80);
    if !goes_on(at) {
        return None;
    }
    let start = (at.saturating_sub(3)..at).rev().find(|it| !goes_on(*it))?;
    let end = (at + 1..at + 4).find(|it| !goes_on(*it))?;
    // Of bytes that are no text each stands by itself.
    let first = text[start..end].utf8_chunks().next()?.valid().chars().next()?;
    let end = start + first.len_utf8();
    (end > at).then_some(start..end)
}

/// Whether more than one word is in it, or what a shell would do something by. Such a secret hides enough of a text to be
/// looked at, whoever can read it.
fn could_do(secret: &[u8]) -> bool {
    secret.iter().any(|it| it.is_ascii_whitespace() || b";&|<>()`$".contains(it))
}

/// Whether more than a secret is hidden with `text`: lines in it that do something.
#[must_use]
pub fn hides_more(text: &[u8]) -> bool {
    could_do(text) && !secrets::is_only_key(text)
}

/// How much it matters to those who can read it.
fn weighed(category: Category, severity: Severity, reach: Reach) -> Severity {
    match (category, reach) {
        // A secret is never only good to know.
        (Category::Secret, Reach::Private) => Severity::Warning,
        (Category::Personal | Category::Internal, Reach::Private) => Severity::Note,
        (Category::Internal, Reach::Team) => Severity::Note,
        (Category::Personal, Reach::Team) => severity.min(Severity::Warning),
        _ => severity,
    }
}
