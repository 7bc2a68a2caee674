//! The tables of the file.

use serde::Deserialize;

use super::allow::{self, Allow};
use super::filter::Filter;
use super::{LeftOut, NoRules, TeamRule, TeamRules, expression};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    extend: Option<toml::Table>,
    #[serde(default)]
    rules: Vec<Rule>,
    allowlist: Option<allow::Table>,
    #[serde(default)]
    allowlists: Vec<allow::Table>,
    filter: Option<String>,
    prefilter: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    #[serde(default)]
    description: String,
    regex: Option<String>,
    #[serde(default)]
    secret_group: usize,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    keywords: Vec<String>,
    path: Option<String>,
    #[serde(default)]
    skip_report: bool,
    allowlist: Option<allow::Table>,
    #[serde(default)]
    allowlists: Vec<allow::Table>,
    filter: Option<String>,
    required: Option<toml::Value>,
    components: Option<toml::Value>,
    validate: Option<String>,
}

/// Bytes of the name of a rule.
const MOST_NAME: usize = 80;

pub(super) fn read(text: &str) -> Result<TeamRules, NoRules> {
    let file: File = toml::from_str(text).map_err(|error| no_rules(text, &error))?;
    let mut made = TeamRules::default();
    let mut out =
        |reason: &str| made.left_out.push(LeftOut { rule: String::new(), reason: reason.to_owned() });
    if file.extend.is_some() {
        out("it extends other rules, which are not in this file; the rules that are built in run as well");
    }
    if file.filter.is_some() || file.prefilter.is_some() {
        out("its filter for all rules is not read");
    }
    for table in file.allowlist.into_iter().chain(file.allowlists) {
        match Allow::of(table) {
            Ok(allow) => made.allow.push(allow),
            Err(reason) => made.left_out.push(LeftOut { rule: String::new(), reason }),
        }
    }
    for rule in file.rules {
        made.take(rule);
    }
    Ok(made)
}

/// What is wrong and where, without a word of the file: it may hold secrets.
fn no_rules(text: &str, error: &toml::de::Error) -> NoRules {
    let line = error.span().map(|it| text.get(..it.start).unwrap_or(text).lines().count().max(1));
    let what =
        error.message().split(['`', '"', '\'']).next().unwrap_or_default().trim_end_matches([',', ' ', ':']);
    NoRules { reason: line.map_or_else(|| what.to_owned(), |line| format!("{what} (line {line})")) }
}

impl TeamRules {
    fn take(&mut self, rule: Rule) {
        let id = rule.id.clone();
        let out = |reason: String| LeftOut { rule: id.clone(), reason };
        if rule.required.is_some() || rule.components.is_some() {
            self.left_out.push(out(
                "it also wants another rule to match near by, which is not asked here: more is found"
                    .to_owned(),
            ));
        }
        if rule.validate.is_some() {
            self.left_out.push(out(
                "it would ask its service whether a secret is valid; nothing is sent anywhere".to_owned(),
            ));
        }
        match self.made(rule) {
            Ok(made) => self.rules.push(made),
            Err(reason) => self.left_out.push(out(reason)),
        }
    }

    fn made(&mut self, rule: Rule) -> Result<TeamRule, String> {
        // A finding is named by it, in what is signed.
        if rule.id.is_empty() || rule.id.len() > MOST_NAME || !rule.id.bytes().all(|it| it.is_ascii_graphic())
        {
            return Err(format!("its id is not 1 to {MOST_NAME} visible ASCII characters without a space"));
        }
        if rule.skip_report {
            return Err("it reports nothing by itself (`skipReport`)".to_owned());
        }
        let Some(regex) = &rule.regex else {
            return Err("it looks at the names of files alone".to_owned());
        };
        let regex = expression(regex)?;
        if rule.secret_group >= regex.captures_len() {
            return Err(format!("its expression has no group {}", rule.secret_group));
        }
        let path = rule.path.as_deref().map(expression).transpose()?;
        let mut allow = Vec::new();
        for table in rule.allowlist.into_iter().chain(rule.allowlists) {
            allow.push(Allow::of(table)?);
        }
        let (filter, unknown) = Filter::parse(rule.filter.as_deref().unwrap_or_default());
        if let Some(reason) = unknown {
            self.left_out.push(LeftOut { rule: rule.id.clone(), reason });
        }
        let description = if rule.description.is_empty() { rule.id.clone() } else { rule.description };
        let keywords = rule.keywords.into_iter().filter(|it| !it.is_empty()).collect();
        Ok(TeamRule {
            id: rule.id,
            description,
            regex,
            group: rule.secret_group,
            entropy: rule.entropy,
            keywords,
            path,
            allow,
            filter,
        })
    }
}
