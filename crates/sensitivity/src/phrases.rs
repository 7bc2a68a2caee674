//! Texts that give orders to whoever reads them: to another agent, or to a person who has access.
//!
//! Promises: what is found is an order, not a report of one: what stands before it says who is
//! meant. The rules are made of small vocabularies (what is dropped, what is revealed, who is
//! addressed), so that an order is found in other words than those of the examples.
//!
//! A rule is looked at where one of its words stands, and reads a bounded length from there.

mod advice;
mod disguise;
mod injection;
mod languages;
mod stance;
mod vocabulary;

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};

use crate::finding::Kind;
use crate::found::Found;
use crate::text::{self, Text};
use crate::{Category, Severity};

use stance::Stance;

/// The most bytes that a rule reads.
const LONGEST: usize = 320;

/// What has to stand before the words of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// They are an order wherever they stand.
    Always,
    /// Nothing that makes a warning of them.
    Unwarned,
    /// Nothing that makes a report or a warning of them.
    Order,
    /// Something that makes an order of what is none by itself: a verb, the number of a step.
    Told,
}

/// What gives an order.
#[cfg_attr(not(test), allow(dead_code, reason = "the examples are read by tests"))]
struct Rule {
    kind: &'static Kind,
    severity: Severity,
    title: &'static str,
    /// The words at which the rule is looked at. A pattern begins with one of them.
    words: &'static [&'static str],
    /// What stands there, in the language of [`vocabulary`].
    pattern: &'static str,
    when: When,
    /// Texts with such an order. Run as a test.
    yes: &'static [&'static str],
    /// Texts with the same words and none.
    no: &'static [&'static str],
}

/// All rules.
fn rules() -> impl Iterator<Item = &'static Rule> {
    injection::rules().chain(languages::RULES).chain(advice::rules())
}

/// The words at which this detector looks. A hit names one by its place in the list.
pub(crate) fn words() -> Vec<&'static str> {
    rules().flat_map(|it| it.words).chain(disguise::WORDS).copied().collect()
}

/// A rule that is ready to look with.
struct Ready {
    rule: &'static Rule,
    pattern: OnceLock<Option<Regex>>,
}

impl Ready {
    /// The length of what stands at the begin of `text`.
    fn length(&self, text: &[u8]) -> Option<usize> {
        let made = || {
            let pattern = vocabulary::expanded(self.rule.pattern);
            RegexBuilder::new(&pattern).unicode(false).case_insensitive(true).build().ok()
        };
        let pattern = self.pattern.get_or_init(made).as_ref();
        pattern?.find(text).map(|it| it.end()).filter(|it| *it > 0)
    }
}

struct Table {
    rules: Vec<Ready>,
    /// Of each word, its rule. Words beyond are those of disguises.
    owners: Vec<usize>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table {
        rules: rules().map(|rule| Ready { rule, pattern: OnceLock::new() }).collect(),
        owners: rules().enumerate().flat_map(|(at, it)| it.words.iter().map(move |_| at)).collect(),
    })
}

/// What was looked at so far in one text.
#[derive(Default)]
pub(crate) struct Look {
    /// Where the last order ends that was found: one is reported once.
    until: usize,
    /// Where the last disguise ends that was looked at.
    disguise: usize,
}

impl Look {
    /// Looks where a word stands. Called in the order of the ends of the words.
    pub(crate) fn hit(&mut self, text: &Text<'_>, at: &Range<usize>, word: u16, found: &mut Found) {
        let table = table();
        let Some(owner) = table.owners.get(usize::from(word)) else {
            return disguise::look(text, at, &mut self.disguise, found);
        };
        let inside = text.part(at.start.saturating_sub(1)..at.start);
        if text.bytes[at.start].is_ascii_alphanumeric() && inside.first().is_some_and(|it| text::is_word(*it))
        {
            return;
        }
        let ready = &table.rules[*owner];
        let Some(length) = ready.length(text.after(at.start, LONGEST)) else { return };
        let range = at.start..at.start + length;
        let counts = match ready.rule.when {
            When::Always => true,
            When::Unwarned => stance::of(text, at.start) != Stance::Warning,
            When::Order => stance::of(text, at.start) == Stance::Order,
            When::Told => stance::is_told(text, at.start),
        };
        let denied =
            || ready.rule.kind.category == Category::Advice && stance::is_denied(text.part(range.clone()));
        if !counts || denied() || stance::is_quoted(text, &range) {
            return;
        }
        // Longer words of the same rule end later and begin at the same place.
        if range.start >= self.until || range.end > self.until {
            self.until = range.end;
            let rule = ready.rule;
            found.report(rule.kind, rule.severity, range, format_args!("{}", rule.title));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The titles of what is found in `text` by the rules of `kind`.
    fn found(rule: &Rule, text: &str) -> bool {
        let text = Text { bytes: text.as_bytes() };
        let ready = table().rules.iter().find(|it| std::ptr::eq(it.rule, rule)).expect("a rule");
        let lower = text.bytes.to_ascii_lowercase();
        rule.words.iter().any(|word| {
            let word = word.to_ascii_lowercase();
            let hits = (0..lower.len()).filter(|at| lower[*at..].starts_with(word.as_bytes()));
            hits.into_iter().any(|at| {
                let mut found = Found::default();
                let owner = table().rules.iter().position(|it| std::ptr::eq(it, ready)).expect("a rule");
                let number = table().owners.iter().position(|it| *it == owner).expect("a word");
                let number = u16::try_from(number).expect("few words");
                Look::default().hit(&text, &(at..at + word.len()), number, &mut found);
                !found.finish().is_empty()
            })
        })
    }

    #[test]
    fn every_pattern_is_one() {
        for rule in rules() {
            let pattern = vocabulary::expanded(rule.pattern);
            let made = RegexBuilder::new(&pattern).unicode(false).case_insensitive(true).build();
            assert!(made.is_ok(), "{}: {:?}", rule.pattern, made.err());
            assert!(!rule.words.is_empty() && !rule.yes.is_empty(), "{}", rule.pattern);
        }
    }

    #[test]
    fn every_rule_finds_its_examples_and_nothing_else() {
        let mut wrong = Vec::new();
        for rule in rules() {
            let missed =
                rule.yes.iter().filter(|text| !found(rule, text)).map(|text| format!("missed: {text}"));
            wrong.extend(
                missed.chain(
                    rule.no.iter().filter(|text| found(rule, text)).map(|text| format!("found: {text}")),
                ),
            );
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}
