//! Rules that a team brings along, in the format of gitleaks: [`TeamRules`].
//!
//! The file is read as it is: `id`, `description`, `regex`, `secretGroup`, `entropy`, `keywords`,
//! `path` and allowlists, and of the filters of its successor betterleaks those about entropy,
//! matches and stopwords. A rule, or a part of one, that cannot run here is named with the reason
//! in [`TeamRules::left_out`]; nothing is asked of a network.
//!
//! Format: <https://github.com/gitleaks/gitleaks#configuration>, <https://github.com/betterleaks/betterleaks>.

mod allow;
mod file;
mod filter;

use std::borrow::Cow;
use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use crate::found::Found;
use crate::secrets::random::entropy;
use crate::text::Text;
use crate::{Category, Finding, Severity};
use allow::Allow;
use filter::Filter;

/// Bytes before a keyword in which a match can begin, and after it in which it ends.
const BEFORE: usize = 256;
const AFTER: usize = 1024;

/// Memory that one expression may take.
const SIZE: usize = 64 << 20;

/// The rules of a file, ready to run, and those that cannot.
#[derive(Debug, Default)]
pub struct TeamRules {
    rules: Vec<TeamRule>,
    allow: Vec<Allow>,
    left_out: Vec<LeftOut>,
}

/// What of a file does not run here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The rule's `id`; empty for what belongs to none.
    pub rule: String,
    /// Why, in words of ours.
    pub reason: String,
}

/// Why a file of rules cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRules {
    /// What is wrong, and in which line.
    pub reason: String,
}

impl std::fmt::Display for NoRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the file is not a list of rules: {}", self.reason)
    }
}

impl std::error::Error for NoRules {}

#[derive(Debug)]
struct TeamRule {
    id: String,
    description: String,
    regex: Regex,
    group: usize,
    entropy: f64,
    keywords: Vec<String>,
    path: Option<Regex>,
    allow: Vec<Allow>,
    filter: Filter,
}

/// What a rule matched.
struct Match<'t> {
    whole: &'t [u8],
    secret: &'t [u8],
    line: &'t [u8],
    path: Option<&'t str>,
}

impl TeamRules {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`NoRules`] if it is not TOML, or its tables are not those of the format. A single rule that cannot
    /// run is no error.
    pub fn parse(text: &str) -> Result<Self, NoRules> {
        file::read(text)
    }

    /// What of the file does not run here, in its order.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// How many rules run.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether none runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The keywords, each with the number of its rule.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&str, usize)> {
        self.rules
            .iter()
            .enumerate()
            .flat_map(|(at, it)| it.keywords.iter().map(move |word| (word.as_str(), at)))
    }
}

/// Where rules have to look, gathered while the words are met.
#[derive(Default)]
pub(crate) struct Look {
    /// For each rule, stretches in their order that do not touch.
    windows: Vec<Vec<Range<usize>>>,
}

impl Look {
    /// Takes a keyword of a rule.
    pub(crate) fn hit(&mut self, at: &Range<usize>, rule: usize) {
        if self.windows.len() <= rule {
            self.windows.resize_with(rule + 1, Vec::new);
        }
        let window = at.start.saturating_sub(BEFORE)..at.end + AFTER;
        match self.windows[rule].last_mut() {
            Some(last) if last.end >= window.start => last.end = window.end,
            _ => self.windows[rule].push(window),
        }
    }

    /// What the rules find there; a rule without a keyword looks everywhere.
    pub(crate) fn finish(self, rules: &TeamRules, text: &Text<'_>, place: At<'_>, found: &mut Found) {
        let whole = 0..text.bytes.len();
        for (at, rule) in rules.rules.iter().enumerate() {
            if rule.path.as_ref().is_some_and(|it| !place.fits(it)) {
                continue;
            }
            let windows = self.windows.get(at).map_or(&[][..], Vec::as_slice);
            let windows = if rule.keywords.is_empty() { std::slice::from_ref(&whole) } else { windows };
            for window in windows {
                rule.look(rules, text, window.start..window.end.min(text.bytes.len()), place.path(), found);
            }
        }
    }
}

/// Where a text is, for rules that are for some paths.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At<'p> {
    Nowhere,
    Path(&'p str),
    Anywhere,
}

impl<'p> At<'p> {
    fn fits(self, paths: &Regex) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Path(path) => paths.is_match(path.as_bytes()),
            Self::Anywhere => true,
        }
    }

    fn path(self) -> Option<&'p str> {
        match self {
            Self::Path(path) => Some(path),
            Self::Nowhere | Self::Anywhere => None,
        }
    }
}

impl TeamRule {
    fn look(
        &self,
        rules: &TeamRules,
        text: &Text<'_>,
        window: Range<usize>,
        path: Option<&str>,
        found: &mut Found,
    ) {
        let name = format!("team/{}", self.id);
        let part = text.part(window.clone());
        for groups in self.regex.captures_iter(part) {
            let Some(whole) = groups.get(0) else { continue };
            // Without a number the first group that holds anything is the secret.
            let first = || (1..groups.len()).filter_map(|it| groups.get(it)).find(|it| !it.is_empty());
            let secret = if self.group == 0 { first() } else { groups.get(self.group) }.unwrap_or(whole);
            if secret.is_empty() {
                continue;
            }
            let range = window.start + secret.start()..window.start + secret.end();
            let line = text.part(text.line(range.start));
            let of = Match { whole: whole.as_bytes(), secret: secret.as_bytes(), line, path };
            let plain = self.entropy > 0.0 && entropy(of.secret) <= self.entropy;
            let mut allowed = self.allow.iter().chain(rules.allow.iter().filter(|it| it.is_for(&self.id)));
            if !plain && !self.filter.skips(&of) && !allowed.any(|it| it.allows(&of)) {
                // At once: of very many no more than their places are kept.
                found.take(&name, Severity::Blocking, range, |severity, range| Finding {
                    rule: Cow::Owned(name.clone()),
                    category: Category::Secret,
                    severity,
                    range,
                    also: Vec::new(),
                    others: 0,
                    title: self.description.clone(),
                    why: Cow::Borrowed("A rule of your team finds it."),
                    fix: Some("Replace it by a placeholder and send it back."),
                });
            }
        }
    }
}

/// An expression as this engine runs it: over bytes, with the classes of ASCII, as Go has them.
fn expression(text: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(text).unicode(false).size_limit(SIZE).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "its expression takes too much memory".to_owned(),
        // The last line of it says what is wrong, and quotes nothing.
        other => {
            let said = other.to_string();
            let last = said.lines().last().unwrap_or_default().trim_start_matches("error: ");
            format!("its expression cannot run here: {last}")
        }
    })
}
