//! The hook of Claude Code, answered by a person at the real window.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use countersign_core::json;
use countersign_tests::process::Process;
use countersign_tests::{Desktop, Person, gate, programs, sealed};
use rustix::process::Signal;
use serde_json::{Value, json};

/// A call on its way through the hook.
struct Hooked {
    process: Process,
    answer: std::path::PathBuf,
}

/// Starts the hook as Claude Code would for this call.
fn hook(desktop: &Desktop, name: &str, tool: &str, input: Value) -> Hooked {
    let transcript = desktop.path("transcript.jsonl");
    let said =
        json!({ "type": "user", "message": { "role": "user", "content": "Please analyse notes.txt" } });
    std::fs::write(&transcript, format!("{said}\n")).unwrap();
    let event = json!({
        "session_id": "s1", "transcript_path": transcript, "cwd": desktop.home(),
        "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input, "tool_use_id": name,
    });
    let file = desktop.path(&format!("{name}.json"));
    std::fs::write(&file, event.to_string()).unwrap();
    let answer = desktop.path(&format!("{name}.answer"));
    // Standard output is the answer; the log has what else is said.
    let script = "exec \"$0\" hook claude-code >\"$1\"";
    let mut command = desktop.command("sh");
    command.args(["-c", script]).arg(programs::countersign()).arg(&answer);
    let stdin = Stdio::from(File::open(file).unwrap());
    Hooked { process: Process::start_reading(&mut command, stdin, &desktop.log(name)), answer }
}

impl Hooked {
    #[track_caller]
    fn answer(mut self) -> (String, String) {
        assert!(self.process.wait().success(), "{}", self.process.log());
        let said = json::parse_foreign(&std::fs::read(&self.answer).unwrap()).unwrap();
        let said = &said["hookSpecificOutput"];
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        (text("permissionDecision"), text("permissionDecisionReason"))
    }
}

fn set_up() -> (Desktop, Person, std::path::PathBuf) {
    let desktop = Desktop::start();
    let person = Person::begin(&desktop);
    let notes = desktop.home().canonicalize().unwrap().join("notes.txt");
    std::fs::write(&notes, "as it was\n").unwrap();
    (desktop, person, notes)
}

fn overwrite(notes: &Path) -> Value {
    json!({ "file_path": notes, "content": "overwritten\n" })
}

#[test]
fn an_approved_call_is_let_go_once_and_to_its_own_session() {
    sealed(|| {
        let (desktop, person, notes) = set_up();
        let hooked = hook(&desktop, "toolu_1", "Write", overwrite(&notes));
        person.open_proposal("notes.txt");
        assert!(person.window.part("asked").text().contains("Please analyse notes.txt"));
        let shown = person.window.part_saying("document", "overwritten").text();
        assert!(shown.contains("as it was"), "{shown}");
        assert_eq!(person.window.part("compared").text(), "asked to analyse, would edit");
        person.unlock();
        person.approve();
        assert_eq!(hooked.answer().0, "allow");
        assert_eq!(person.receipt(), ["released"]);

        // The same call again was answered already.
        let mut again = hook(&desktop, "toolu_1", "Write", overwrite(&notes));
        assert_eq!(again.process.wait().code(), Some(2));
        assert!(again.process.log().contains("REPLAY"), "{}", again.process.log());
        person.window.close();
    });
}

#[test]
fn a_denied_call_is_blocked_and_the_agent_is_told_why() {
    sealed(|| {
        let (desktop, person, notes) = set_up();
        let hooked = hook(&desktop, "toolu_1", "Write", overwrite(&notes));
        person.open_proposal("notes.txt");
        person.deny("You were asked to analyse it.");
        let (decision, reason) = hooked.answer();
        assert_eq!(decision, "deny");
        assert!(reason.contains("You were asked to analyse it."), "{reason}");

        let command = json!({ "command": "rm notes.txt", "description": "Tidy up" });
        let hooked = hook(&desktop, "toolu_2", "Bash", command);
        person.open_proposal("bash");
        person.window.part_saying("document", "rm notes.txt");
        person.request_changes("Move it away instead.");
        let (decision, reason) = hooked.answer();
        assert_eq!(decision, "deny");
        assert!(reason.contains("Move it away instead."), "{reason}");
        person.window.close();
    });
}

#[test]
fn a_file_that_changed_after_it_was_shown_is_not_let_go() {
    sealed(|| {
        let (desktop, person, notes) = set_up();
        let hooked = hook(&desktop, "toolu_1", "Write", overwrite(&notes));
        person.open_proposal("notes.txt");
        person.unlock();
        std::fs::write(&notes, "somebody else wrote this\n").unwrap();
        person.approve();
        let (decision, reason) = hooked.answer();
        assert_eq!(decision, "deny");
        assert!(reason.contains("PRECONDITION"), "{reason}");
        assert_eq!(person.receipt(), ["refused"]);
        person.window.close();
    });
}

#[test]
fn what_ends_the_hook_withdraws_the_proposal_and_blocks_the_call() {
    sealed(|| {
        let (desktop, person, notes) = set_up();
        let mut hooked = hook(&desktop, "toolu_1", "Write", overwrite(&notes));
        person.open_proposal("notes.txt");
        hooked.process.signal(Signal::TERM);
        assert_eq!(hooked.process.wait().code(), Some(2));
        person.strip_saying("Withdrawn");

        gate::stop(&desktop);
        let mut hooked = hook(&desktop, "toolu_2", "Write", overwrite(&notes));
        assert_eq!(hooked.process.wait().code(), Some(2));
        assert!(hooked.process.log().contains("no gate answers"), "{}", hooked.process.log());
        person.window.close();
    });
}

#[test]
fn whatever_goes_wrong_in_the_hook_blocks_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let run = |home: Option<&Path>, words: &[&str], event: &str| {
        let file = folder.path().join("event");
        std::fs::write(&file, event).unwrap();
        let mut command = std::process::Command::new(programs::countersign());
        command.env_clear().args(words).stdin(File::open(file).unwrap());
        if let Some(home) = home {
            command.env("HOME", home);
        }
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let home = Some(folder.path());
    let event = |tool: &str, input: Value| {
        let event = json!({
            "session_id": "s1", "cwd": folder.path(), "hook_event_name": "PreToolUse",
            "tool_name": tool, "tool_input": input, "tool_use_id": "toolu_1",
        });
        event.to_string()
    };
    let hook = ["hook", "claude-code"];
    let command = event("Bash", json!({ "command": "true" }));
    for (home, words, event) in [
        (home, hook.as_slice(), "not JSON"),
        (home, hook.as_slice(), ""),
        (home, hook.as_slice(), command.as_str()),
        (None, hook.as_slice(), command.as_str()),
        (home, ["hook", "claude-code", "--no-such-flag"].as_slice(), command.as_str()),
        (home, ["hook", "another-agent"].as_slice(), command.as_str()),
        (home, ["--gate", "NO SUCH NAME", "hook", "claude-code"].as_slice(), command.as_str()),
    ] {
        assert_eq!(run(home, words, event), (Some(2), String::new()), "{words:?} {event}");
    }
    // What only reads is left to the agent's own rules, and what cannot be shown is denied, without a gate.
    let read = event("Read", json!({ "file_path": "/x" }));
    assert_eq!(run(home, &hook, &read), (Some(0), "{}\n".to_owned()));
    let edit = event("Edit", json!({ "file_path": "notes.txt", "old_string": "a", "new_string": "b" }));
    let (status, said) = run(home, &hook, &edit);
    assert!(status == Some(0) && said.contains("\"deny\"") && said.contains("plain absolute path"), "{said}");
}
