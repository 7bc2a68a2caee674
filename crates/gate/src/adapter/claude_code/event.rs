//! What Claude Code tells its hook about a call, read with suspicion.

use std::io::Read;
use std::path::PathBuf;

use countersign_core::json;
use countersign_core::name::Label;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::Error;

/// More than any call needs: contents of a whole proposal, escaped.
const MAX_EVENT: u64 = 256 * 1024 * 1024;

/// One call of a tool that the agent is about to make.
#[derive(Debug)]
pub struct Event {
    /// The agent's conversation; of a helper agent in it, also the helper.
    pub session: Label,
    /// What tells this call from all others of the session.
    pub call: String,
    /// The tool.
    pub tool: String,
    /// Its input.
    pub input: Value,
    /// Its input as it was written.
    pub input_text: String,
    /// The folder that the agent is in.
    pub cwd: PathBuf,
    /// Its record of the conversation.
    pub transcript: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Spelling {
    session_id: String,
    agent_id: Option<String>,
    transcript_path: Option<PathBuf>,
    cwd: PathBuf,
    hook_event_name: String,
    tool_name: String,
    tool_input: Value,
    tool_use_id: String,
}

#[derive(Deserialize)]
struct Exact<'a> {
    #[serde(borrow)]
    tool_input: &'a RawValue,
}

impl Event {
    /// Reads one event to its end.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] when it is not what Claude Code sends before a tool call.
    pub fn read(from: impl Read) -> Result<Self, Error> {
        let mut bytes = Vec::new();
        let read = from.take(MAX_EVENT + 1).read_to_end(&mut bytes);
        read.map_err(|error| refuse(format!("standard input could not be read: {error}")))?;
        if bytes.len() as u64 > MAX_EVENT {
            return Err(refuse("the call has more than 256 MiB"));
        }
        Self::parse(&bytes)
    }

    /// Reads the bytes of one event.
    ///
    /// # Errors
    ///
    /// As [`Event::read`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        // The rules first: with a key that stands twice, two readers see two calls.
        let value = json::parse_foreign(bytes).map_err(|error| refuse(error.to_string()))?;
        let event: Spelling = json::from_value(value).map_err(|error| refuse(error.to_string()))?;
        let exact: Exact<'_> = serde_json::from_slice(bytes).map_err(|error| refuse(error.to_string()))?;
        if event.hook_event_name != "PreToolUse" {
            return Err(refuse(format!("it is a {:?} event, not PreToolUse", event.hook_event_name)));
        }
        if !event.cwd.is_absolute() {
            return Err(refuse("`cwd` is not absolute"));
        }
        let session = match &event.agent_id {
            Some(agent) => format!("{}/{agent}", event.session_id),
            None => event.session_id.clone(),
        };
        let session = session.parse().map_err(|_| refuse("`session_id` is not 1 to 200 bytes long"))?;
        if event.tool_use_id.is_empty() || event.tool_use_id.len() > 200 {
            return Err(refuse("`tool_use_id` is not 1 to 200 bytes long"));
        }
        Ok(Self {
            session,
            call: event.tool_use_id,
            tool: event.tool_name,
            input: event.tool_input,
            input_text: exact.tool_input.get().to_owned(),
            cwd: event.cwd,
            transcript: event.transcript_path,
        })
    }
}

fn refuse(why: impl std::fmt::Display) -> Error {
    Error::Request(format!("this is not a call that Claude Code announces to its hook: {why}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    const CALL: &str = r#"{"session_id":"s1","transcript_path":"/t.jsonl","cwd":"/w","prompt_id":"p",
        "permission_mode":"default","effort":{"level":"medium"},"hook_event_name":"PreToolUse",
        "tool_name":"Bash","tool_input":{ "command":"echo \u0041","timeout":1.5 },"tool_use_id":"toolu_1"}"#;

    #[test]
    fn a_call_is_read_with_its_exact_input() {
        let event = Event::parse(CALL.as_bytes()).unwrap();
        assert_eq!((event.tool.as_str(), event.session.as_str()), ("Bash", "s1"));
        assert_eq!(event.input["command"], "echo A");
        assert_eq!(event.input_text, r#"{ "command":"echo \u0041","timeout":1.5 }"#);
    }

    #[test]
    fn a_helper_agent_is_a_session_of_its_own() {
        let call = CALL.replace(r#""prompt_id":"p""#, r#""agent_id":"a7""#);
        assert_eq!(Event::parse(call.as_bytes()).unwrap().session.as_str(), "s1/a7");
    }

    #[test]
    fn what_could_be_read_two_ways_is_refused() {
        let refused = [
            (CALL.replace(r#""command":"#, r#""comm\u0061nd":"true","command":"#), "twice"),
            (CALL.replace(r#""cwd":"#, r#""cwd":"/x","cwd":"#), "twice"),
            (CALL.replace("PreToolUse", "PostToolUse"), "not PreToolUse"),
            (CALL.replace("\"/w\"", "\"w\""), "not absolute"),
            (CALL.replace("toolu_1", ""), "tool_use_id"),
            (CALL.replace(r"\u0041", r"\ud800"), "escape"),
            (CALL.replace("\"tool_name\":\"Bash\",", ""), "tool_name"),
            (format!("{CALL}{{}}"), "trailing"),
            (String::new(), "EOF"),
        ];
        for (text, expected) in refused {
            let error = Event::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }
}
