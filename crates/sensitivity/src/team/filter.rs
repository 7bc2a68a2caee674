//! The filters of betterleaks, as far as they speak of the match alone.
//!
//! A filter is true for what is *not* to be reported. Read are alternatives (`||`) of
//! `entropy(finding["secret"]) <= N`, `matchesAny(finding["secret"], [...])` and `containsAny(...)`,
//! each with or without `filter.` before it and `!` before that. What is not read lets more be found,
//! never less.

use regex::bytes::Regex;

use super::allow::contains;
use super::{Match, expression};
use crate::secrets::random::entropy;

#[derive(Debug, Default)]
pub(super) struct Filter {
    any: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    not: bool,
    of: Of,
    test: Test,
}

#[derive(Debug, Clone, Copy)]
enum Of {
    Secret,
    Match,
    Line,
}

#[derive(Debug)]
enum Test {
    /// At most this; without `equal` less than it.
    Entropy {
        most: f64,
        equal: bool,
    },
    Matches(Vec<Regex>),
    Contains(Vec<Vec<u8>>),
}

impl Filter {
    /// The filter, and why a part of it is not read.
    pub(super) fn parse(text: &str) -> (Self, Option<String>) {
        let mut made = Self::default();
        let mut unknown = None;
        for part in alternatives(text) {
            match Part::parse(part.trim()) {
                Ok(part) => made.any.push(part),
                Err(reason) => unknown = Some(reason),
            }
        }
        (made, unknown)
    }

    /// Whether what was matched is not to be reported.
    pub(super) fn skips(&self, of: &Match<'_>) -> bool {
        self.any.iter().any(|part| part.holds(of) != part.not)
    }
}

/// The parts between `||` that stand in no quotes and no brackets.
fn alternatives(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut at) = (Vec::new(), 0, 0usize, 0);
    while at < text.len() {
        let rest = &text[at..];
        at += match rest.as_bytes()[0] {
            b'"' | b'`' | b'\'' => quoted(rest).map_or(rest.len(), |it| it.len),
            b'(' | b'[' => {
                depth += 1;
                1
            }
            b')' | b']' => {
                depth = depth.saturating_sub(1);
                1
            }
            b'|' if rest.starts_with("||") && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 2;
                2
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    parts.push(&text[start..]);
    parts.retain(|it| !it.trim().is_empty());
    parts
}

/// A quoted text, and how many bytes it takes with its quotes.
struct Quoted {
    text: String,
    len: usize,
}

fn quoted(text: &str) -> Option<Quoted> {
    let quote = ["\"\"\"", "\"", "`", "'"].into_iter().find(|it| text.starts_with(it))?;
    let inside = &text[quote.len()..];
    let escapes = quote == "\"";
    let mut at = 0;
    loop {
        let rest = inside.get(at..)?;
        if rest.is_empty() {
            return None;
        }
        if escapes && rest.starts_with('\\') {
            at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            continue;
        }
        if rest.starts_with(quote) {
            let text = if escapes {
                inside[..at].replace("\\\\", "\\").replace("\\\"", "\"")
            } else {
                inside[..at].to_owned()
            };
            return Some(Quoted { text, len: at + 2 * quote.len() });
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
}

impl Part {
    fn parse(text: &str) -> Result<Self, String> {
        let not_read = || "a part of its filter is not read here: more is found".to_owned();
        let (not, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest.trim()));
        let text = text.strip_prefix("filter.").unwrap_or(text);
        let (name, rest) = text.split_once('(').ok_or_else(not_read)?;
        let (of, rest) = target(rest.trim_start()).ok_or_else(not_read)?;
        let test = match name.trim() {
            "entropy" => {
                let rest = rest.strip_prefix(')').ok_or_else(not_read)?.trim_start();
                let equal = rest.starts_with("<=");
                let most = rest.trim_start_matches("<=").trim_start_matches('<').trim();
                if !rest.starts_with('<') {
                    return Err(not_read());
                }
                Test::Entropy { most: most.parse().map_err(|_| not_read())?, equal }
            }
            "matchesAny" => {
                let regexes = list(rest).ok_or_else(not_read)?;
                Test::Matches(regexes.iter().map(|it| expression(it)).collect::<Result<_, _>>()?)
            }
            "containsAny" => {
                let words = list(rest).ok_or_else(not_read)?;
                Test::Contains(words.into_iter().map(|it| it.to_lowercase().into_bytes()).collect())
            }
            _ => return Err(not_read()),
        };
        Ok(Self { not, of, test })
    }

    fn holds(&self, of: &Match<'_>) -> bool {
        let text = match self.of {
            Of::Secret => of.secret,
            Of::Match => of.whole,
            Of::Line => of.line,
        };
        match &self.test {
            Test::Entropy { most, equal } => {
                let bits = entropy(text);
                bits < *most || *equal && bits <= *most
            }
            Test::Matches(regexes) => regexes.iter().any(|it| it.is_match(text)),
            Test::Contains(words) => words.iter().any(|it| contains(&text.to_ascii_lowercase(), it)),
        }
    }
}

/// What `finding["…"]` names, and what follows it.
fn target(text: &str) -> Option<(Of, &str)> {
    let rest = text.strip_prefix("finding[")?;
    let name = quoted(rest)?;
    let rest = rest.get(name.len..)?.strip_prefix(']')?.trim_start();
    let of = match name.text.as_str() {
        "secret" => Of::Secret,
        "match" => Of::Match,
        "line" => Of::Line,
        _ => return None,
    };
    Some((of, rest))
}

/// The texts of `, ["…", r"…"])`, and nothing after it.
fn list(text: &str) -> Option<Vec<String>> {
    let mut rest = text.strip_prefix(',')?.trim_start().strip_prefix('[')?.trim_start();
    let mut made = Vec::new();
    while !rest.starts_with(']') {
        let raw = rest.strip_prefix('r').unwrap_or(rest);
        let it = quoted(raw)?;
        rest = raw[it.len..].trim_start().trim_start_matches(',').trim_start();
        made.push(it.text);
    }
    (rest[1..].trim() == ")").then_some(made)
}
