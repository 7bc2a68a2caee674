//! Gathers findings, and counts those of a rule that has too many.

use std::collections::BTreeMap;
use std::fmt::Arguments;
use std::ops::Range;

use crate::{Finding, MOST_OF_A_RULE, Severity};

/// Findings so far. Those of one rule are added in the order of the text.
#[derive(Default)]
pub(crate) struct Found {
    rules: BTreeMap<&'static str, Rule>,
}

#[derive(Default)]
struct Rule {
    kept: Vec<Finding>,
    /// Findings beyond those that are kept.
    rest: usize,
    /// The first of the most severe of them.
    worst: Option<Finding>,
}

impl Found {
    pub(crate) fn add(
        &mut self,
        rule: &'static str,
        severity: Severity,
        range: Range<usize>,
        title: Arguments<'_>,
        why: &str,
    ) {
        debug_assert!(!range.is_empty());
        let of_rule = self.rules.entry(rule).or_default();
        let full = of_rule.kept.len() == MOST_OF_A_RULE;
        let worse = of_rule.worst.as_ref().is_none_or(|it| severity > it.severity);
        if full {
            of_rule.rest += 1;
        }
        // Words are made only for what is shown: a hostile text has millions of these.
        if !full || worse {
            let made = Finding { rule, severity, range, title: title.to_string(), why: why.to_owned() };
            if full { of_rule.worst = Some(made) } else { of_rule.kept.push(made) }
        }
    }

    /// All of them, by their place in the text.
    pub(crate) fn finish(self) -> Vec<Finding> {
        let mut all: Vec<_> = self.rules.into_values().flat_map(Rule::finish).collect();
        all.sort_by(|a, b| (a.range.start, a.range.end, a.rule).cmp(&(b.range.start, b.range.end, b.rule)));
        all
    }
}

impl Rule {
    fn finish(mut self) -> Vec<Finding> {
        if let (Some(worst), Some(last)) = (self.worst, self.kept.last_mut()) {
            if worst.severity > last.severity {
                *last = worst;
            }
            last.title = format!("{} places like this: {}", self.rest + 1, last.title);
        }
        self.kept
    }
}
