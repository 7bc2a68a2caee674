//! All rules on commands, by the program they are about.

mod access;
mod data;
mod git;
mod hosts;
mod machines;
mod services;
mod storage;

use std::collections::HashMap;
use std::sync::OnceLock;

use super::rule::Rule;
pub(super) use services::{SERVICES, verb};

/// The rules on `program`, whose name is in lower case.
pub(super) fn rules_on(program: &str) -> &'static [&'static Rule] {
    rules().get(program).map_or(&[], Vec::as_slice)
}

fn rules() -> &'static HashMap<&'static str, Vec<&'static Rule>> {
    static RULES: OnceLock<HashMap<&'static str, Vec<&'static Rule>>> = OnceLock::new();
    RULES.get_or_init(|| {
        let mut made: HashMap<_, Vec<_>> = HashMap::new();
        for rule in all() {
            for program in rule.call.split(' ').next().unwrap_or("").split('|') {
                made.entry(program).or_default().push(rule);
            }
        }
        made
    })
}

/// The programs there are rules on.
pub(super) fn programs() -> impl Iterator<Item = &'static str> {
    rules().keys().copied()
}

/// All rules there are.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    [storage::RULES, git::RULES, machines::RULES, hosts::RULES, data::RULES, services::RULES, access::RULES]
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use crate::{Category, Reach, Rules};

    /// The first of alternatives, without what stands for anything.
    fn first(alternatives: &str) -> String {
        alternatives.split(['|', ' ']).next().unwrap_or("").trim_matches('*').to_owned()
    }

    /// A word is met in nearly every command that the rules are about: a rule that no word leads to finds nothing.
    #[test]
    fn words_lead_to_the_rules() {
        let (mut all, mut missed) = (0, Vec::new());
        for rule in super::all() {
            for program in rule.call.split(' ').next().unwrap_or("").split('|').take(3) {
                let mut words = vec![program.to_owned()];
                words.extend(rule.call.split(' ').skip(1).map(first));
                words.extend(rule.with.split(" & ").map(first));
                words.push("x".to_owned());
                let line = words.join(" ");
                let found = Rules::built_in().scan(line.as_bytes(), Reach::Public);
                all += 1;
                if !found.iter().any(|it| matches!(it.category, Category::Destructive | Category::Access)) {
                    missed.push(line);
                }
            }
        }
        assert!(missed.len() * 10 < all, "{} of {all}: {missed:#?}", missed.len());
    }
}
