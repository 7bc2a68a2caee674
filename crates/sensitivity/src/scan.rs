//! Looks for everything at once: [`Rules::scan`].
//!
//! One automaton goes over the text once and meets the words of all detectors. What a
//! detector does where one of its words stands is bounded, so that the work grows with the text.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::found::Found;
use crate::text::Text;
use crate::{Category, Finding, Severity, access, commands, internal, links, personal, phrases, secrets};

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
}

/// All rules, ready to look with.
pub struct Rules {
    automaton: AhoCorasick,
    /// Of each word of the automaton, whose it is.
    owners: Vec<Vec<Owner>>,
}

impl Rules {
    /// The rules that are built in.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| Self::with_names(&[]))
    }

    /// The rules that are built in, and `names` that are not to be known outside.
    ///
    /// # Panics
    ///
    /// If there are so many names that no automaton can be made of them: gigabytes.
    #[must_use]
    pub fn with_names(names: &[String]) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut owners: Vec<Vec<Owner>> = Vec::new();
        let mut known = std::collections::HashMap::new();
        let mut take = |of: Vec<&str>, owner: fn(u16) -> Owner| {
            for (number, word) in (0..).zip(of) {
                let word = word.to_ascii_lowercase();
                let at = *known.entry(word.clone()).or_insert_with(|| {
                    words.push(word);
                    owners.push(Vec::new());
                    owners.len() - 1
                });
                owners[at].push(owner(number));
            }
        };
        take(secrets::words(), Owner::Secret);
        take(personal::words(), Owner::Personal);
        take(internal::words(), Owner::Internal);
        take(commands::words(), Owner::Command);
        take(access::words(), Owner::Access);
        take(links::words(), Owner::Link);
        take(phrases::words(), Owner::Phrase);
        let names = internal::Names::new(names);
        take(names.words(), |_| Owner::Name);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(&words)
            .expect("the words are few");
        Self { automaton, owners }
    }

    /// What is sensitive in `text`, for those who can read it.
    #[must_use]
    pub fn scan(&self, text: &[u8], reach: Reach) -> Vec<Finding> {
        let text = Text { bytes: text };
        let mut found = Found::default();
        let mut secrets = secrets::Look::default();
        let mut personal = personal::Look::default();
        let mut internal = internal::Look::default();
        let mut commands = commands::Look::default();
        let mut access = access::Look::default();
        let mut links = links::Look::default();
        let mut phrases = phrases::Look::default();
        for hit in self.automaton.find_overlapping_iter(text.bytes) {
            let at = hit.start()..hit.end();
            for owner in &self.owners[hit.pattern().as_usize()] {
                match *owner {
                    Owner::Secret(word) => secrets.hit(&text, &at, word, &mut found),
                    Owner::Personal(word) => personal.hit(&text, &at, word, &mut found),
                    Owner::Internal(word) => internal.hit(&text, &at, word, &mut found),
                    Owner::Name => internal::named(&text, &at, &mut found),
                    Owner::Command(word) => commands.hit(&text, &at, word, &mut found),
                    Owner::Access(word) => access.hit(&text, &at, word, &mut found),
                    Owner::Link(word) => links.hit(&text, &at, word, &mut found),
                    Owner::Phrase(word) => phrases.hit(&text, &at, word, &mut found),
                }
            }
        }
        personal.numbers(&text, &mut found);
        secrets.tokens(&text, &mut found);
        let mut all = found.finish();
        all.extend(crate::characters(text.bytes));
        for finding in &mut all {
            finding.severity = weighed(finding.category, finding.severity, reach);
            // An edge inside a character takes the whole of it.
            while finding.range.start > 0 && is_inside(text.bytes, finding.range.start) {
                finding.range.start -= 1;
            }
            while is_inside(text.bytes, finding.range.end) {
                finding.range.end += 1;
            }
        }
        all.sort_by(|a, b| (a.range.start, a.range.end, &a.rule).cmp(&(b.range.start, b.range.end, &b.rule)));
        all
    }
}

/// Whether the byte at `at` goes on a character.
fn is_inside(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|it| it & 0xc0 == 0x80)
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
