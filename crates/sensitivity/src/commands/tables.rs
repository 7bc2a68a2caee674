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
