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
    /// Findings beyond those that are kept.
    rest: usize,
    /// The first of the most severe of them.
    worst: Option<Finding>,
    /// Their places, of secrets.
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

    /// Adds a finding of a rule that is not built in.
    pub(crate) fn take(&mut self, found: Finding) {
        let of_rule = self.rules.entry(found.rule.clone()).or_default();
        of_rule.add(found.severity, found.range.clone(), |severity, range| Finding {
            severity,
            range,
            ..found
        });
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
        let inner = Finding { also: Vec::new(), ..inner };
        let of_rule = self.rules.entry(inner.rule.clone()).or_default();
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
        if full {
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
        if let (Some(worst), Some(last)) = (self.worst, self.kept.last_mut()) {
            if worst.severity > last.severity {
                self.also.push(std::mem::replace(last, worst).range);
            }
            last.others = self.rest as u64;
            if last.category == Category::Secret {
                self.also.retain(|it| *it != last.range);
                last.also = self.also;
            }
        }
        self.kept
    }
}
