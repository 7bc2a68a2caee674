//! `hook`: how agents that know nothing of a gate come to it.
//!
//! An agent that hears any status but 2 from its hook may go on as if nothing
//! had happened, so everything that goes wrong here ends with 2.

use std::process::ExitCode;

use countersign_gate::adapter::claude_code;

use crate::args::{Hook, HookVerb};
use crate::setup::Place;
use crate::{ask, out};

/// What blocks a call in the agents that there are hooks for.
const BLOCK: u8 = 2;

/// Ends a hook that could not even begin.
pub(crate) fn blocked() -> ExitCode {
    out::note("the hook could not begin. The call was blocked; nothing was done.");
    ExitCode::from(BLOCK)
}

pub(crate) fn hook(place: &Place, hook: &Hook) -> ExitCode {
    let HookVerb::ClaudeCode { print_settings } = &hook.agent;
    if !print_settings {
        return claude_code::run(&place.layout.client_socket(&place.gate), ask::token().as_deref());
    }
    let Ok(program) = std::env::current_exe() else { return blocked() };
    let gate = if place.gate.as_str() == "home" { String::new() } else { format!(" --gate {}", place.gate) };
    out::json(&claude_code::settings(&format!(
        "{} hook claude-code{gate}",
        quoted(&program.to_string_lossy())
    )));
    ExitCode::SUCCESS
}

/// `word` as a shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./+".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
