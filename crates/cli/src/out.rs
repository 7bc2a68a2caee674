//! What people and programs are told, with whatever is foreign escaped.

use std::io::Write as _;

use countersign_gate::Error;
use countersign_gate::client;
use countersign_gate::wire::{Standing, View};
use serde::Serialize;
use serde_json::json;

use crate::exit::{Exit, status_of_program};

/// A line on standard output.
pub(crate) fn say(text: &str) {
    // Whoever reads us may be gone; there is nobody left to tell.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A line on standard error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "countersign: {text}");
}

/// Lines on standard error that repeat foreign text.
pub(crate) fn usage(text: &str) {
    for line in text.lines() {
        let _ = writeln!(std::io::stderr(), "{}", plain(line));
    }
}

/// JSON on standard output. It may end on a terminal all the same, so what is not plain ASCII is escaped.
pub(crate) fn json(value: &impl Serialize) {
    say(&ascii(&serde_json::to_string_pretty(value).unwrap_or_default()));
}

/// The same JSON; such characters stand in its strings only.
pub(crate) fn ascii(json: &str) -> String {
    let mut ascii = String::new();
    for c in json.chars() {
        match c {
            ' '..='~' | '\n' => ascii.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    ascii.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    ascii
}

/// Foreign text, in one line of printable characters: no control, no direction, nothing that hides.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '\\' => plain.push_str("\\\\"),
            ' '..='~' => plain.push(c),
            '\n' => plain.push_str("\\n"),
            // Letters that are read from left to right. All else could be mistaken for something.
            '\u{a1}'..='\u{52f}' if c.is_alphanumeric() => plain.push(c),
            _ => plain.extend(c.escape_unicode()),
        }
    }
    plain
}

/// Says what did not work: what was wrong, what did not happen, what to do next.
pub(crate) fn error(error: &Error, json: bool) {
    if json {
        let code = match error {
            Error::Refused(refusal) => Some(refusal.code.as_str()),
            _ => None,
        };
        self::json(&json!({ "error": { "code": code, "why": error.to_string() } }));
        return;
    }
    match error {
        Error::Refused(refusal) => {
            note(&format!("refused ({}): {}", refusal.code, plain(&refusal.why)));
            note(refusal.code.says());
        }
        Error::Unreachable { .. } => {
            note(&plain(&error.to_string()));
            note("Nothing was proposed or done. Start the gate with `countersign gate`, then try again.");
        }
        Error::Closed => {
            note("The gate went away before it answered. `countersign status` shows what became of it.")
        }
        Error::Running { .. } => note(&format!("{}; this one did not start", plain(&error.to_string()))),
        other => {
            note(&plain(&other.to_string()));
            note("Nothing was done.");
        }
    }
}

/// Says in sentences, which are escaped by now, what kept a verb without a gate from its work.
pub(crate) fn trouble(why: &str, json: bool) {
    if json {
        self::json(&json!({ "error": { "code": null, "why": why } }));
    } else {
        note(why);
    }
}

/// How a proposal ended, for people.
pub(crate) fn ended(view: &View) {
    if view.standing == Standing::ChangesRequested {
        said(view, "requested changes");
        note("Nothing was done. Propose it again with --supersedes, changed as they ask.");
        return;
    }
    let batch = view.uses.as_ref().filter(|_| view.used.is_none());
    if let Some(refusal) = client::refusal(view) {
        let done = match batch.map(|it| it.used.len()) {
            None | Some(0) => "Nothing was done".to_owned(),
            Some(used) => format!("What remained of it is void; {used} were used before"),
        };
        note(&format!("refused ({}): {}. {done}.", refusal.code, plain(&refusal.why)));
        said(view, "wrote");
        note(refusal.code.says());
        return;
    }
    if let Some(uses) = batch {
        note(&match view.standing {
            Standing::Approved => format!(
                "approved; used {} of {} times. `countersign use {} -- COMMAND` uses an entry",
                uses.used.len(),
                uses.most,
                view.id
            ),
            _ => format!("all {} uses are over; `countersign show {}` tells how", uses.most, view.id),
        });
        return;
    }
    match view.ending.as_deref() {
        Some("done") => match status_of_program(view) {
            None => note("done"),
            Some(0) => {}
            Some(status) => note(&format!("it ran, and returned {status}")),
        },
        Some("released") => note("the agent may go on with it, once"),
        Some("unknown") => {
            note("The outcome is unknown: it was begun, and the gate did not see its end.");
            note("It is not tried again. A person has to find out whether it happened.");
        }
        _ => failed(view),
    }
}

fn failed(view: &View) {
    use countersign_core::receipt::Outcome;
    let outcomes = client::receipt(view).map(|it| it.outcomes).unwrap_or_default();
    for (at, outcome) in outcomes.iter().enumerate() {
        let at = at + 1;
        match outcome {
            Outcome::Done { .. } => note(&format!("action {at}: done")),
            Outcome::Failed { why, results, .. } => {
                note(&format!("action {at}: went wrong: {}", plain(why)));
                for (name, content) in results {
                    let text =
                        String::from_utf8_lossy(content.inline_bytes().unwrap_or_default()).into_owned();
                    note(&format!("  {}: {}", plain(name.as_str()), plain(&text)));
                }
            }
            Outcome::Refused { code, why } => note(&format!("action {at}: refused ({code}): {}", plain(why))),
            Outcome::NotAttempted {} => note(&format!("action {at}: not attempted")),
            Outcome::Unknown { .. } | Outcome::Released { .. } => {}
        }
    }
    note("What was done stays as it is; nothing is rolled back.");
}

fn said(view: &View, verb: &str) {
    if let Some(said) = &view.said {
        let by = plain(said.by.as_str());
        match &said.comment {
            Some(comment) => note(&format!("{by} {verb}: {}", plain(comment))),
            None if view.standing == Standing::ChangesRequested => note(&format!("{by} {verb}")),
            None => {}
        }
    }
}

/// How a proposal stands, for programs.
pub(crate) fn view_json(view: &View, exit: Exit, changes: Option<serde_json::Value>) -> serde_json::Value {
    let mut value = serde_json::to_value(view).unwrap_or_default();
    if let serde_json::Value::Object(fields) = &mut value {
        // The envelope is text in the view; what it says is easier to use.
        if let Some(receipt) = client::receipt(view) {
            fields.insert("outcomes".to_owned(), json!(receipt.outcomes));
        }
        if let Some(changes) = changes {
            fields.insert("changes".to_owned(), changes);
        }
        fields.insert("exit_status".to_owned(), json!(exit.number()));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_holds_nothing_that_a_terminal_obeys_and_is_the_same_json() {
        let text = "a\x1b[2J\u{9b}31m\u{7f}\u{202e}\u{1f600}\u{fc}\"\\";
        let escaped = ascii(&serde_json::to_string_pretty(&json!({ "why": text })).unwrap_or_default());
        assert!(escaped.chars().all(|c| matches!(c, ' '..='~' | '\n')), "{escaped}");
        let read: Option<serde_json::Value> = serde_json::from_str(&escaped).ok();
        assert_eq!(read, Some(json!({ "why": text })));
    }

    #[test]
    fn what_moves_a_cursor_or_turns_text_round_is_spelled_out() {
        assert_eq!(plain("a\x1b[2Jb\rc\u{202e}d\ne\\f"), r"a\u{1b}[2Jb\u{d}c\u{202e}d\ne\\f");
        assert_eq!(plain("\u{fc}ber"), "\u{fc}ber");
        assert_eq!(plain("\u{5d0}\u{200b}\u{ff41}"), r"\u{5d0}\u{200b}\u{ff41}");
    }
}
