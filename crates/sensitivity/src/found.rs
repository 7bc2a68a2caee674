//! Gathers findings, and counts those of a rule that has too many.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Arguments;
use std::ops::Range;

use crate::finding::Kind;
use crate::hidden::Hidden;
use crate::{Category, Finding, MOST_OF_A_RULE, Severity};

/// Findings so far.
#[derive(Default)]
pub(crate) struct Found {
    rules: BTreeMap<Cow<'static, str>, OfRule>,
}

#[derive(Default)]
struct OfRule {
    kept: Vec<Finding>,
    /// Places beyond those that are kept.
    rest: u64,
    /// The last of them.
    last: Range<usize>,
    /// What was found first of the most severe there.
    worst: Option<Finding>,
    /// All of them, of secrets.
    also: Vec<Range<usize>>,
}

impl Found {
    /// Adds what the characters of a text do. Those of one rule come in the order of the text.
    pub(crate) fn add(
        &mut self,
        rule: &'static str,
        severity: Severity,
        range: Range<usize>,
        title: Arguments<'_>,
        why: &'static str,
    ) {
        let category = match rule {
            "control-character" | "terminal-escape" => Category::Terminal,
            _ => Category::Unicode,
        };
        self.report(&Kind { id: rule, category, why, fix: None }, severity, range, title);
    }

    /// Adds what `kind` found.
    pub(crate) fn report(
        &mut self,
        kind: &Kind,
        severity: Severity,
        range: Range<usize>,
        title: Arguments<'_>,
    ) {
        debug_assert!(!range.is_empty());
        let of_rule = self.rules.entry(Cow::Borrowed(kind.id)).or_default();
        of_rule.add(severity, range, |severity, range| Finding {
            rule: Cow::Borrowed(kind.id),
            category: kind.category,
            severity,
            range,
            also: Vec::new(),
            others: 0,
            title: title.to_string(),
            why: Cow::Borrowed(kind.why),
            fix: kind.fix,
        });
    }

    /// Adds what a rule found that is not built in. The finding is made only if it is kept.
    pub(crate) fn take(
        &mut self,
        rule: &str,
        severity: Severity,
        range: Range<usize>,
        made: impl FnOnce(Severity, Range<usize>) -> Finding,
    ) {
        if !self.rules.contains_key(rule) {
            self.rules.insert(Cow::Owned(rule.to_owned()), OfRule::default());
        }
        if let Some(of_rule) = self.rules.get_mut(rule) {
            of_rule.add(severity, range, made);
        }
    }

    /// Adds what was found in a blob, unless the blob itself was found to be that.
    pub(crate) fn hidden(&mut self, inner: Finding, blob: &Hidden) {
        let same = |it: &Finding| {
            it.category == inner.category
                && it.range.start < blob.range.end
                && blob.range.start < it.range.end
        };
        if self.rules.values().any(|rule| rule.kept.iter().rev().take(8).any(same)) {
            return;
        }
        let title = format!("Hidden in {}: {}", blob.form, inner.title);
        let of_rule = self.rules.entry(inner.rule.clone()).or_default();
        // Other places of secrets are added by themselves; of all else they are only counted.
        if inner.category != Category::Secret {
            of_rule.rest += inner.others;
        }
        let inner = Finding { also: Vec::new(), others: 0, ..inner };
        of_rule.add(inner.severity, blob.range.clone(), |severity, range| Finding {
            severity,
            range,
            title,
            ..inner
        });
    }

    /// All of them, by their place in the text.
    pub(crate) fn finish(self) -> Vec<Finding> {
        if self.rules.is_empty() {
            return Vec::new();
        }
        let mut all: Vec<_> = self.rules.into_values().flat_map(OfRule::finish).collect();
        all.sort_by(|a, b| (a.range.start, a.range.end, &a.rule).cmp(&(b.range.start, b.range.end, &b.rule)));
        all
    }
}

impl OfRule {
    fn add(
        &mut self,
        severity: Severity,
        range: Range<usize>,
        made: impl FnOnce(Severity, Range<usize>) -> Finding,
    ) {
        // The same place can be met twice, by two words that stand in it.
        if let Some(same) = self.kept.iter_mut().rev().take(4).find(|it| it.range == range) {
            same.severity = same.severity.max(severity);
            return;
        }
        let full = self.kept.len() == MOST_OF_A_RULE;
        let worse = self.worst.as_ref().is_none_or(|it| severity > it.severity);
        // A blob is met once for each word in it.
        if full && self.last != range {
            self.last = range.clone();
            self.rest += 1;
            if self.kept.first().is_some_and(|it| it.category == Category::Secret) {
                self.also.push(range.clone());
            }
        }
        // Words are made only for what is shown: a hostile text has millions of these.
        if !full {
            self.kept.push(made(severity, range));
        } else if worse {
            self.worst = Some(made(severity, range));
        }
    }

    fn finish(mut self) -> Vec<Finding> {
        let Some(last) = self.kept.last_mut() else { return self.kept };
        if let Some(worst) = self.worst.filter(|it| it.severity > last.severity) {
            self.also.push(std::mem::replace(last, worst).range);
        }
        last.others = self.rest;
        if last.category == Category::Secret {
            let shown: Vec<_> = self.kept.iter().map(|it| it.range.clone()).collect();
            let also = each_once(self.also, &shown);
            if let Some(last) = self.kept.last_mut() {
                last.others = also.len() as u64;
                last.also = also;
            }
        }
        self.kept
    }
}

/// `places` in their order, each once, without those that are `shown`.
pub(crate) fn each_once(mut places: Vec<Range<usize>>, shown: &[Range<usize>]) -> Vec<Range<usize>> {
    places.sort_by_key(|it| (it.start, it.end));
    places.dedup();
    places.retain(|it| !shown.contains(it));
    places
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::secrets;

    fn hidden(range: Range<usize>) -> Hidden {
        Hidden { range, form: "base64", text: Vec::new() }
    }

    #[test]
    fn a_blob_that_holds_many_secrets_is_one_place() {
        let mut found = Found::default();
        let kind = secrets::kind("a");
        let report =
            |found: &mut Found, range| found.report(&kind, Severity::Blocking, range, format_args!("A"));
        (0..60).for_each(|at| report(&mut found, at * 10..at * 10 + 5));
        let mut other = Found::default();
        report(&mut other, 0..5);
        let inner = other.finish().remove(0);
        for blob in [1000..2000, 3000..4000] {
            (0..5000).for_each(|_| found.hidden(inner.clone(), &hidden(blob.clone())));
        }
        // A word of each of two blobs in turn.
        for _ in 0..100 {
            found.hidden(inner.clone(), &hidden(1000..2000));
            found.hidden(inner.clone(), &hidden(3000..4000));
        }
        let all = found.finish();
        let last = all.last().unwrap();
        assert_eq!(last.also.len(), 12, "{:?}", last.also);
        assert_eq!(last.others, 12);
    }

    #[test]
    fn what_a_hidden_finding_stands_for_is_counted_once() {
        let mut inner = Found::default();
        let kind = Kind { category: Category::Link, ..secrets::kind("a") };
        (0..80).for_each(|at| {
            inner.report(&kind, Severity::Note, at * 10..at * 10 + 5, format_args!("A"));
        });
        let (mut found, blob) = (Found::default(), hidden(0..4000));
        inner.finish().into_iter().for_each(|it| found.hidden(it, &blob));
        let all = found.finish();
        assert_eq!(all.len(), 1);

        let mut found = Found::default();
        (0..60).for_each(|at| {
            let inner = Finding { others: 2, ..all[0].clone() };
            found.hidden(inner, &hidden(at * 100..at * 100 + 50));
        });
        let all = found.finish();
        assert_eq!(all.iter().map(|it| 1 + it.others).sum::<u64>(), 180);
        assert_eq!(all.last().unwrap().others, 130);
    }

    #[test]
    fn of_very_many_only_those_that_are_shown_are_made() {
        let (mut found, mut made) = (Found::default(), 0);
        let kind = secrets::kind("a");
        found.report(&kind, Severity::Blocking, 0..1, format_args!("A"));
        let first = std::mem::take(&mut found).finish().remove(0);
        for at in 0..10_000 {
            found.take("a", Severity::Blocking, at * 2..at * 2 + 1, |severity, range| {
                made += 1;
                Finding { severity, range, ..first.clone() }
            });
        }
        assert_eq!(made, MOST_OF_A_RULE + 1);
        assert_eq!(found.finish().last().unwrap().others, 9950);
    }
}
