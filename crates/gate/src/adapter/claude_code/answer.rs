//! What the hook answers, and the settings that make Claude Code ask it.

use serde_json::{Value, json};

/// The longest that Claude Code is told to wait: a week, in seconds.
const TIMEOUT: u64 = 7 * 24 * 3600;

/// An answer to one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// No decision: the agent's own rules apply.
    Pass,
    /// The call may be made.
    Allow {
        /// Said to the person at the agent.
        reason: String,
    },
    /// The call must not be made.
    Deny {
        /// Said to the agent, which may act on it.
        reason: String,
    },
}

impl Answer {
    /// What goes to standard output.
    pub fn to_json(&self) -> String {
        let decided = |decision: &str, reason: &str| {
            json!({ "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": decision,
                "permissionDecisionReason": reason,
            } })
        };
        let said = match self {
            Self::Pass => json!({}),
            Self::Allow { reason } => decided("allow", reason),
            Self::Deny { reason } => decided("deny", reason),
        };
        said.to_string()
    }
}

/// The settings of Claude Code that send every call of every tool through `command`, and block it
/// when the command fails or takes too long.
pub fn settings(command: &str) -> Value {
    let hook = json!({ "type": "command", "command": command, "timeout": TIMEOUT, "onFailure": "block" });
    json!({ "hooks": { "PreToolUse": [{ "matcher": "*", "hooks": [hook] }] } })
}
