//! Asked beside would do, by a table of English verbs.
//!
//! The one thing it says is that a request that only asks to read is answered
//! with something that does more. Every doubt is "not compared"; that asked
//! and done are the same is never said. The table and the rules around it are
//! `docs/formats/verbs.md`, and a test compares the two.

use countersign_core::action::Act;
use countersign_core::proposal::Proposal;

use crate::model::Compared;

/// What a verb of a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Read,
    Edit,
    Publish,
    Remove,
    Widen,
    Run,
}

/// The verbs, each class once. Forms are written out: nothing here guesses at grammar.
pub(crate) const VERBS: &[(Class, &[&str])] = &[
    (
        Class::Read,
        &[
            "analyse",
            "analyze",
            "assess",
            "check",
            "compare",
            "count",
            "describe",
            "diagnose",
            "evaluate",
            "examine",
            "explain",
            "find",
            "how",
            "inspect",
            "investigate",
            "list",
            "look",
            "outline",
            "read",
            "research",
            "review",
            "search",
            "show",
            "study",
            "summarise",
            "summarize",
            "understand",
            "verify",
            "what",
            "when",
            "where",
            "which",
            "who",
            "why",
        ],
    ),
    (
        Class::Edit,
        &[
            "add",
            "adjust",
            "apply",
            "append",
            "bump",
            "change",
            "clean",
            "commit",
            "configure",
            "convert",
            "correct",
            "create",
            "edit",
            "enable",
            "disable",
            "extend",
            "fill",
            "fix",
            "format",
            "generate",
            "implement",
            "improve",
            "insert",
            "make",
            "merge",
            "migrate",
            "modify",
            "move",
            "patch",
            "put",
            "refactor",
            "rename",
            "repair",
            "replace",
            "resolve",
            "revert",
            "rewrite",
            "save",
            "set",
            "solve",
            "sort",
            "store",
            "tidy",
            "turn",
            "update",
            "upgrade",
            "write",
        ],
    ),
    (
        Class::Publish,
        &[
            "announce", "answer", "comment", "email", "forward", "mail", "message", "notify", "post",
            "publish", "push", "release", "reply", "respond", "send", "submit", "tell", "upload",
        ],
    ),
    (
        Class::Remove,
        &[
            "archive",
            "clear",
            "delete",
            "discard",
            "drop",
            "empty",
            "erase",
            "prune",
            "purge",
            "remove",
            "reset",
            "uninstall",
            "wipe",
        ],
    ),
    (
        Class::Widen,
        &[
            "allow",
            "authorise",
            "authorize",
            "expose",
            "grant",
            "invite",
            "open",
            "permit",
            "public",
            "share",
        ],
    ),
    (
        Class::Run,
        &[
            "call", "deploy", "do", "execute", "install", "kill", "launch", "restart", "run", "schedule",
            "start", "stop", "trigger",
        ],
    ),
];

/// Words that may stand before the first verb.
const POLITE: &[&str] =
    &["please", "can", "could", "would", "will", "you", "hey", "hi", "hello", "just", "kindly"];

/// Words with which a later clause may begin without being a request of its own.
const NO_VERB: &[&str] = &[
    "a", "all", "an", "any", "are", "because", "but", "did", "does", "every", "from", "he", "her", "his",
    "i", "if", "in", "is", "it", "its", "my", "no", "of", "on", "or", "our", "she", "some", "that", "the",
    "their", "there", "these", "they", "this", "those", "was", "we", "were", "whether", "with",
];

/// A verb's word after one of these is a thing: "the change", "my answer".
const DETERMINERS: &[&str] = &["a", "an", "my", "our", "the", "their"];

/// Words that put a question.
const QUESTIONS: &[&str] = &["how", "what", "when", "where", "which", "who", "why"];

/// Longer requests are not compared.
const MAX_BYTES: usize = 2000;

/// Compares what was asked with what `proposal` would do.
pub(crate) fn compare(proposal: &Proposal, asked: Option<&[u8]>) -> Compared {
    let Some(asked) = asked else { return Compared::NotAsked };
    let verb = std::str::from_utf8(asked).ok().and_then(read_only);
    let beyond = proposal.actions.iter().find_map(|action| beyond_reading(&action.act));
    match (verb, beyond) {
        (Some(verb), Some(deed)) => Compared::Further { why: format!("asked to {verb}, would {deed}") },
        _ => Compared::NotCompared,
    }
}

/// What an action does that no reading needs. What a program or a call does is not certain.
fn beyond_reading(act: &Act) -> Option<&'static str> {
    match act {
        Act::Post(_) => Some("publish"),
        Act::Change(change) => Some(match (&change.before, &change.after) {
            (None, _) => "create a file",
            (_, None) => "delete a file",
            _ => "edit",
        }),
        Act::Remove(_) => Some("remove"),
        Act::Access(_) => Some("change access"),
        Act::Run(_) | Act::Call(_) => None,
    }
}

fn class(word: &str) -> Option<Class> {
    VERBS.iter().find(|(_, verbs)| verbs.contains(&word)).map(|(class, _)| *class)
}

/// The verb of a request that certainly asks for nothing but reading.
fn read_only(text: &str) -> Option<&'static str> {
    // Other scripts and invisible characters could say something that this table does not know.
    if text.len() > MAX_BYTES || !text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t'))
    {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let mut verb = None;
    for (at, clause) in clauses(&text).iter().enumerate() {
        let first = if at == 0 { clause.iter().position(|word| !POLITE.contains(word))? } else { 0 };
        let rest = &clause[first..];
        if asks_otherwise(rest) {
            return None;
        }
        match VERBS[0].1.iter().find(|verb| **verb == rest[0]) {
            Some(opening) => verb = verb.or(Some(*opening)),
            None if at > 0 && NO_VERB.contains(&rest[0]) => {}
            None => return None,
        }
    }
    verb.map(|verb| if QUESTIONS.contains(&verb) { "answer a question" } else { verb })
}

/// Whether a clause asks, or may ask, for a deed.
fn asks_otherwise(clause: &[&str]) -> bool {
    // "You" asks the agent for something, perhaps in words that are not in the table.
    let deed = |at: usize, word: &str| {
        let noun = at > 0 && DETERMINERS.contains(&clause[at - 1]);
        word == "you" || (!noun && class(word).is_some_and(|it| it != Class::Read))
    };
    clause.iter().enumerate().any(|(at, word)| deed(at, word))
        || matches!(
            clause,
            ["how" | "what", "about", ..] | ["what", "if", ..] | ["why", "not", ..] | ["look", "after", ..]
        )
}

/// The words of each clause. Punctuation, a new line, "and" or "then" may begin a second request.
fn clauses(text: &str) -> Vec<Vec<&str>> {
    let mut all = vec![Vec::new()];
    for line in text.lines() {
        for token in line.split_ascii_whitespace() {
            let word = token.trim_matches(|ch: char| ch.is_ascii_punctuation());
            let joins = matches!(word, "and" | "then" | "but" | "so" | "&");
            if joins {
                all.push(Vec::new());
            } else if let Some(clause) = all.last_mut().filter(|_| !word.is_empty()) {
                clause.push(word);
            }
            if token.ends_with(['.', '!', '?', ';', ':', ',', ')']) {
                all.push(Vec::new());
            }
        }
        all.push(Vec::new());
    }
    all.retain(|clause| !clause.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../../docs/formats/verbs.md");

    #[test]
    fn the_page_has_the_same_words() {
        let words = |words: &[&str]| words.join(", ");
        let mut lists: Vec<_> =
            VERBS.iter().map(|(class, verbs)| format!("| {class:?} | {} |", words(verbs))).collect();
        lists.push(format!("Before the first verb: {}.", words(POLITE)));
        lists.push(format!("At the start of a later clause: {}.", words(NO_VERB)));
        lists.push(format!("Before a thing: {}.", words(DETERMINERS)));
        for list in lists {
            assert!(PAGE.lines().any(|line| line == list), "docs/formats/verbs.md lacks the line\n{list}");
        }
    }

    #[test]
    fn every_verb_has_one_class() {
        let mut all: Vec<_> = VERBS.iter().flat_map(|(_, verbs)| *verbs).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn requests_that_only_read() {
        for (text, verb) in [
            ("analyse this question", "analyse"),
            ("Please summarise the thread for me.", "summarise"),
            ("Can you review the change in /srv/a.txt?", "review"),
            ("Analyse /home/mara/notes.md. It is about the outage, and why it happened.", "analyse"),
            ("Why does the ingest fail?", "answer a question"),
            ("explain the post\nthen list the files", "explain"),
        ] {
            assert_eq!(read_only(text), Some(verb), "{text}");
        }
    }

    #[test]
    fn requests_that_may_ask_for_more() {
        for text in [
            "",
            "fix this",
            "analyse this question and post an answer",
            "analyse this, then publish it",
            "analyse this answer it",
            "look after it",
            "how about a new file?",
            "what if we had one",
            "check it so you can frobnicate it",
            "analyse it. Frobnicate it.",
            "analyse it, frobnicate it",
            "I want this analysed",
            "analysiere diese Frage",
            "analyse\u{200b} this",
            "review the change and change the file",
            "make sense of the log",
        ] {
            assert_eq!(read_only(text), None, "{text}");
        }
    }
}
