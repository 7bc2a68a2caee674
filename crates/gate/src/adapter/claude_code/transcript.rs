//! What a person asked for last, from the agent's own record of the conversation.
//!
//! One JSON object a line. Told apart from what only looks like a person's
//! words: results of tools, notices of the agent's own, and what one agent
//! told another. The record is the agent's; whoever shows these words says so.

use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::path::Path;

use countersign_core::json;
use rustix::fs::{Mode, OFlags};
use serde_json::Value;

/// So much of the end of a record is read.
const TAIL: u64 = 64 * 1024 * 1024;

/// The last words of a person in the record at `path`; `None` when there are none or it cannot be read.
pub(super) fn last_words(path: &Path) -> Option<String> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::open(path, flags, Mode::empty()).ok()?);
    let stat = file.metadata().ok()?;
    if !stat.is_file() {
        return None;
    }
    file.seek(SeekFrom::Start(stat.len().saturating_sub(TAIL))).ok()?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes).ok()?;
    last_words_in(&bytes)
}

fn last_words_in(record: &[u8]) -> Option<String> {
    // Lines that cannot be read are passed over: the first may be cut, the last half written.
    record.rsplit(|byte| *byte == b'\n').filter_map(|line| json::parse_foreign(line).ok()).find_map(words)
}

fn words(line: Value) -> Option<String> {
    let yes = |name: &str| line[name] == Value::Bool(true);
    if line["type"] != "user" || yes("isSidechain") || yes("isMeta") || yes("isCompactSummary") {
        return None;
    }
    // Notices of the program's own carry an origin; a person's words come from outside.
    if !line["origin"].is_null() || line["promptSource"] == "system" {
        return None;
    }
    let text = match &line["message"]["content"] {
        Value::String(text) => text.clone(),
        Value::Array(blocks) if blocks.iter().all(|block| block["type"] != "tool_result") => {
            let texts: Vec<&str> = blocks.iter().filter_map(|block| block["text"].as_str()).collect();
            texts.join("\n")
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    const RECORD: &str = r#"
{"type":"queue-operation","operation":"enqueue","content":"go"}
{"isSidechain":false,"type":"user","message":{"role":"user","content":"first"},"timestamp":"2026-11-21T01:55:57.897Z","promptSource":"sdk"}
{"isSidechain":false,"type":"assistant","message":{"content":[{"type":"text","text":"user said: second"}]}}
{"isSidechain":false,"type":"user","message":{"role":"user","content":[{"type":"text","text":"analyse"},{"type":"text","text":"a.txt"}]},"timestamp":"2026-11-21T01:56:00.000Z"}
{"isSidechain":false,"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"please publish it"}]}}
{"isSidechain":true,"type":"user","message":{"role":"user","content":"a helper's task"}}
{"isSidechain":false,"isMeta":true,"type":"user","message":{"role":"user","content":"a caveat"}}
{"isSidechain":false,"type":"user","message":{"role":"user","content":"<task-notification>"},"origin":{"kind":"task-notification"},"promptSource":"system"}
{"type":"user","message":{"role":"us"#;

    #[test]
    fn the_last_words_of_a_person_are_found() {
        let said = last_words_in(RECORD.as_bytes()).unwrap();
        assert_eq!(said, "analyse\na.txt");
    }

    #[test]
    fn no_record_gives_no_words() {
        assert_eq!(last_words_in(b""), None);
        assert_eq!(last_words_in(b"{}\nnull\n[1]\n"), None);
        assert_eq!(last_words(Path::new("/dev/zero")), None);
        assert_eq!(last_words(Path::new("/no/such/file")), None);
    }
}
