//! Allowlists: what a rule matches and does not mean.

use regex::bytes::Regex;
use serde::Deserialize;

use super::{Match, expression};

/// An allowlist as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Table {
    #[serde(default)]
    condition: String,
    #[serde(default)]
    commits: Vec<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    regex_target: String,
    #[serde(default)]
    regexes: Vec<String>,
    #[serde(default)]
    stopwords: Vec<String>,
    #[serde(default)]
    target_rules: Vec<String>,
}

/// What the expressions of an allowlist look at.
#[derive(Debug, Clone, Copy)]
enum Target {
    Secret,
    Match,
    Line,
}

#[derive(Debug)]
pub(super) struct Allow {
    /// Whether all of its kinds have to match, not one.
    all: bool,
    /// It also asks for a commit. There is none here.
    commits: bool,
    paths: Vec<Regex>,
    target: Target,
    regexes: Vec<Regex>,
    stopwords: Vec<Vec<u8>>,
    rules: Vec<String>,
}

impl Allow {
    pub(super) fn of(table: Table) -> Result<Self, String> {
        let target = match table.regex_target.as_str() {
            "" | "secret" => Target::Secret,
            "match" => Target::Match,
            "line" => Target::Line,
            _ => return Err("the `regexTarget` of its allowlist is not known".to_owned()),
        };
        let all = match table.condition.to_ascii_uppercase().as_str() {
            "" | "OR" | "||" => false,
            "AND" | "&&" => true,
            _ => return Err("the `condition` of its allowlist is not known".to_owned()),
        };
        let expressions =
            |texts: Vec<String>| texts.iter().map(|it| expression(it)).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            all,
            commits: !table.commits.is_empty(),
            paths: expressions(table.paths)?,
            target,
            regexes: expressions(table.regexes)?,
            stopwords: table.stopwords.into_iter().map(|it| it.to_lowercase().into_bytes()).collect(),
            rules: table.target_rules,
        })
    }

    /// Whether it is for this rule, as one of the whole file.
    pub(super) fn is_for(&self, rule: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|it| it == rule)
    }

    /// Whether it allows what was matched.
    pub(super) fn allows(&self, of: &Match<'_>) -> bool {
        let target = match self.target {
            Target::Secret => of.secret,
            Target::Match => of.whole,
            Target::Line => of.line,
        };
        let path = of.path.unwrap_or_default().as_bytes();
        let lower = of.secret.to_ascii_lowercase();
        let kinds = [
            (self.commits, false),
            (!self.paths.is_empty(), of.path.is_some() && self.paths.iter().any(|it| it.is_match(path))),
            (!self.regexes.is_empty(), self.regexes.iter().any(|it| it.is_match(target))),
            (!self.stopwords.is_empty(), self.stopwords.iter().any(|word| contains(&lower, word))),
        ];
        let mut there =
            kinds.iter().filter(|(is_there, _)| *is_there).map(|(_, matches)| *matches).peekable();
        if self.all { there.peek().is_some() && there.all(|it| it) } else { there.any(|it| it) }
    }
}

/// Whether `word` stands in `text`.
pub(super) fn contains(text: &[u8], word: &[u8]) -> bool {
    word.is_empty() || text.windows(word.len()).any(|it| it == word)
}
