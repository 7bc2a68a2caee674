//! Which proposal a call comes to: typed actions, with what was asked beside them.

use std::path::{Path, PathBuf};

use countersign_core::action::{Act, Action, Call, Change, Environment, Executable, Reversibility, Run};
use countersign_core::content::{Content, Encoding};
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::ostext::OsText;
use countersign_core::proposal::Origin;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::edit::{self, Edit};
use super::event::Event;
use super::{file, transcript};
use crate::request::{Asked, Data, MAX_WORDS, Request, Uploads, Want};
use crate::{paths, users};

/// Tools that change nothing outside the conversation and send nothing out of the machine. A helper
/// agent is among them because its own calls come here too.
const ONLY_READ: &[&str] = &[
    "Agent",
    "AskUserQuestion",
    "BashOutput",
    "EnterPlanMode",
    "ExitPlanMode",
    "Glob",
    "Grep",
    "LS",
    "ListAgents",
    "NotebookRead",
    "Read",
    "Task",
    "TaskOutput",
    "TodoRead",
    "TodoWrite",
    "ToolSearch",
];

/// Contents of so many bytes together stand inside the request, longer ones beside it.
const MAX_INLINE: usize = 8 * 1024;

/// What to do about a call.
#[derive(Debug)]
pub enum Plan {
    /// It only reads.
    Pass,
    /// It cannot be proposed; says why, to the agent.
    Deny(String),
    /// A person is asked.
    Ask(Box<Asking>),
}

/// What a person is asked.
#[derive(Debug)]
pub struct Asking {
    /// The request to the gate.
    pub request: Request,
    /// Bytes that go beside it.
    pub uploads: Uploads,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Write {
    file_path: String,
    content: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneEdit {
    file_path: String,
    old_string: String,
    new_string: String,
    #[serde(default)]
    replace_all: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManyEdits {
    file_path: String,
    edits: Vec<Replacement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement {
    old_string: String,
    new_string: String,
    #[serde(default)]
    replace_all: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bash {
    command: String,
    description: Option<String>,
    /// Says how long it may take, which changes nothing about what it is.
    #[serde(rename = "timeout")]
    _timeout: Option<serde_json::Number>,
    #[serde(default)]
    run_in_background: bool,
    #[serde(default, rename = "dangerouslyDisableSandbox")]
    outside_sandbox: bool,
}

/// Finds out what `event` would do.
pub fn plan(event: &Event) -> Plan {
    if ONLY_READ.contains(&event.tool.as_str()) {
        return Plan::Pass;
    }
    let mut uploads = Uploads::new();
    let (action, claim) = match action(event, &mut uploads) {
        Ok(found) => found,
        Err(why) => return Plan::Deny(why),
    };
    let mut request = Request::new(Want::Release(vec![action]));
    request.calls_itself = Some(users::label("claude-code"));
    request.session = Some(event.session.clone());
    request.asked = event.transcript.as_deref().and_then(|path| asked(path, &mut uploads));
    request.rationale = claim.map(|text| words(text, &mut uploads));
    Plan::Ask(Box::new(Asking { request, uploads }))
}

/// The action, and what the agent says that it is for.
///
/// An input with a field that is not known here is shown raw instead: part of it would not be shown.
fn action(event: &Event, uploads: &mut Uploads) -> Result<(Action, Option<String>), String> {
    let raw = |uploads: &mut Uploads| Ok((call(event, uploads), None));
    match event.tool.as_str() {
        "Write" => {
            let Some(write) = input::<Write>(event) else { return raw(uploads) };
            let place = file::look(&write.file_path)?;
            let before = place.before.as_ref().map(|(bytes, _)| bytes.as_slice());
            let after = edit::written(before, &write.content)?;
            Ok((change(place, &after, uploads), None))
        }
        "Edit" => {
            let Some(it) = input::<OneEdit>(event) else { return raw(uploads) };
            let edit = Edit { old: it.old_string, new: it.new_string, all: it.replace_all };
            Ok((edits(&it.file_path, &[edit], uploads)?, None))
        }
        "MultiEdit" => {
            let Some(it) = input::<ManyEdits>(event) else { return raw(uploads) };
            let edit = |it: Replacement| Edit { old: it.old_string, new: it.new_string, all: it.replace_all };
            let all: Vec<Edit> = it.edits.into_iter().map(edit).collect();
            Ok((edits(&it.file_path, &all, uploads)?, None))
        }
        "Bash" => {
            let Some(bash) = input::<Bash>(event) else { return raw(uploads) };
            let claim = bash.description.clone().filter(|text| !text.is_empty());
            Ok((run(event, &bash)?, claim))
        }
        _ => raw(uploads),
    }
}

fn input<T: DeserializeOwned>(event: &Event) -> Option<T> {
    json::from_value(event.input.clone()).ok()
}

fn edits(named: &str, all: &[Edit], uploads: &mut Uploads) -> Result<Action, String> {
    let place = file::look(named)?;
    let after = edit::edited(place.before.as_ref().map(|(bytes, _)| bytes.as_slice()), all)?;
    Ok(change(place, &after, uploads))
}

fn change(place: file::Place, after: &[u8], uploads: &mut Uploads) -> Action {
    let (before, mode_before) = place.before.unzip();
    let size = before.as_ref().map_or(0, Vec::len) + after.len();
    let mut content = |bytes: &[u8]| {
        let media_type = match Encoding::of(bytes) {
            Encoding::Utf8 => "text/plain",
            Encoding::Binary => "application/octet-stream",
        };
        if size <= MAX_INLINE {
            return Content::inline(media_type, bytes.to_vec());
        }
        let content = Content::blob(media_type, bytes);
        uploads.insert(*content.sha256(), bytes.to_vec());
        content
    };
    let change = Change {
        resource: paths::text(&place.path),
        before: before.as_deref().map(&mut content),
        after: Some(content(after)),
        mode_before,
        // The tools keep the bits of a file and make new files with the agent's mask, which is also ours.
        mode_after: Some(mode_before.unwrap_or_else(|| 0o666 & !mask())),
    };
    Action {
        target: change.resource.clone(),
        environment: users::label("this machine"),
        reversibility: Reversibility::Effort,
        preconditions: vec![],
        act: Act::Change(change),
    }
}

fn mask() -> u32 {
    use rustix::fs::Mode;
    use rustix::process::umask;
    let mask = umask(Mode::from_raw_mode(0o077));
    umask(mask);
    mask.as_raw_mode()
}

fn run(event: &Event, bash: &Bash) -> Result<Action, String> {
    if bash.command.contains('\0') {
        return Err("the command has a NUL in it".to_owned());
    }
    let shell = shell().ok_or("neither bash nor zsh is on this machine, so what would run is not known")?;
    let real = shell.canonicalize().map_err(|error| format!("{}: {error}", shell.display()))?;
    let sha256 = std::fs::File::open(&real).and_then(|mut file| paths::hash(&mut file));
    let sha256: Digest = sha256.map_err(|error| format!("{}: {error}", real.display()))?;
    let environment = match (bash.run_in_background, bash.outside_sandbox) {
        (false, false) => "this machine",
        (true, false) => "this machine, in the background",
        (false, true) => "this machine, outside the agent's sandbox",
        (true, true) => "this machine, in the background, outside the agent's sandbox",
    };
    let run = Run {
        argv: vec![paths::text(&shell), "-c".into(), bash.command.as_str().into()],
        executable: Executable { path: paths::text(&real), sha256 },
        cwd: paths::text(&event.cwd),
        environment: Environment::Unbound,
        stdin: None,
        script: None,
        user: users::user(rustix::process::geteuid().as_raw()),
        host: users::host(),
    };
    Ok(Action {
        target: OsText::from(run.host.as_str()),
        environment: users::label(environment),
        reversibility: Reversibility::Unknown,
        preconditions: vec![],
        act: Act::Run(run),
    })
}

/// The shell that Claude Code takes: the person's, when it is bash or zsh, else what it finds of the two.
fn shell() -> Option<PathBuf> {
    let known = |path: &Path| {
        path.is_absolute()
            && path.is_file()
            && path.file_name().is_some_and(|name| name == "bash" || name == "zsh")
    };
    let persons = std::env::var_os("SHELL").map(PathBuf::from).filter(|path| known(path));
    let others = ["/bin/zsh", "/usr/bin/zsh", "/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"];
    persons.or_else(|| others.map(PathBuf::from).into_iter().find(|path| known(path)))
}

/// A tool that is not understood, shown with the exact text of its input.
fn call(event: &Event, uploads: &mut Uploads) -> Action {
    // Tools of MCP servers are named `mcp__server__tool`.
    let (server, tool) = event
        .tool
        .strip_prefix("mcp__")
        .and_then(|rest| rest.split_once("__"))
        .unwrap_or(("claude-code", event.tool.as_str()));
    let bytes = event.input_text.as_bytes();
    let arguments = if bytes.len() <= MAX_INLINE {
        Content::inline("application/json", bytes.to_vec())
    } else {
        uploads.insert(Digest::of(bytes), bytes.to_vec());
        Content::blob("application/json", bytes)
    };
    let call = Call { server: users::label(server), tool: users::label(tool), definition: None, arguments };
    Action {
        target: OsText::from(server),
        environment: users::label("not known"),
        reversibility: Reversibility::Unknown,
        preconditions: vec![],
        act: Act::Call(call),
    }
}

fn asked(path: &Path, uploads: &mut Uploads) -> Option<Asked> {
    let text = words(transcript::last_words(path)?, uploads);
    Some(Asked { by: None, text, at: None, origin: Origin::Transcript(paths::text(path)) })
}

/// Words of a person or agent, cut to what a proposal carries; that they were cut is said.
fn words(text: String, uploads: &mut Uploads) -> Data {
    const CUT: &str = "\n[the rest is not here: it was too long]";
    let text = if text.len() <= MAX_WORDS {
        text
    } else {
        let end = (0..=MAX_WORDS - CUT.len()).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        format!("{}{CUT}", &text[..end])
    };
    if text.len() <= MAX_INLINE {
        return Data::from(text.as_str());
    }
    let sha256 = Digest::of(text.as_bytes());
    uploads.insert(sha256, text.into_bytes());
    Data::Uploaded(crate::request::Uploaded { sha256 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::{Value, json};

    use super::*;

    fn planned(tool: &str, input: &Value) -> Plan {
        let call = json!({
            "session_id": "s1", "cwd": "/tmp", "hook_event_name": "PreToolUse",
            "tool_name": tool, "tool_input": input, "tool_use_id": "toolu_1",
        });
        plan(&Event::parse(call.to_string().as_bytes()).unwrap())
    }

    #[track_caller]
    fn asking(tool: &str, input: &Value) -> Asking {
        match planned(tool, input) {
            Plan::Ask(asking) => *asking,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn act(asking: &Asking) -> &Act {
        let Want::Release(actions) = &asking.request.want else { panic!("{:?}", asking.request.want) };
        let [action] = actions.as_slice() else { panic!("{actions:?}") };
        &action.act
    }

    #[test]
    fn a_command_is_shown_as_the_shell_gets_it() {
        let asking =
            asking("Bash", &json!({ "command": "rm -rf ~/x", "description": "tidy", "timeout": 5000 }));
        let Act::Run(run) = act(&asking) else { panic!("{asking:?}") };
        assert_eq!(run.argv[1..], ["-c".into(), "rm -rf ~/x".into()]);
        assert_eq!((run.cwd.as_str(), &run.environment), (Some("/tmp"), &Environment::Unbound));
        assert_eq!(asking.request.rationale, Some(Data::from("tidy")));
        assert_eq!(asking.request.session.unwrap().as_str(), "s1");
    }

    #[test]
    fn a_write_is_shown_with_what_it_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().canonicalize().unwrap().join("a.txt");
        let input = json!({ "file_path": file, "content": "new\n" });

        let asked = asking("Write", &input);
        let Act::Change(change) = act(&asked) else { panic!("{asked:?}") };
        assert_eq!(change.before, None);
        assert_eq!(change.after.as_ref().unwrap().inline_bytes(), Some(&b"new\n"[..]));

        std::fs::write(&file, "old\n".repeat(5000)).unwrap();
        let asked = asking("Write", &input);
        let Act::Change(change) = act(&asked) else { panic!("{asked:?}") };
        let before = change.before.as_ref().unwrap();
        assert_eq!(before.bytes(|digest| asked.uploads.get(digest).cloned()).unwrap().len(), 20_000);
        assert_eq!(change.mode_before, change.mode_after);
    }

    #[test]
    fn what_is_not_understood_is_shown_raw_and_word_for_word() {
        let tools = [
            ("NotebookEdit", "claude-code", "NotebookEdit"),
            ("mcp__forum__post_answer", "forum", "post_answer"),
            // A field that is not known could change what the call means.
            ("Bash", "claude-code", "Bash"),
            ("Write", "claude-code", "Write"),
        ];
        for (tool, server, name) in tools {
            let input = json!({ "command": "true", "file_path": "/x", "content": "", "new_field": 1 });
            let asking = asking(tool, &input);
            let Act::Call(call) = act(&asking) else { panic!("{asking:?}") };
            assert_eq!((call.server.as_str(), call.tool.as_str()), (server, name));
            assert_eq!(call.arguments.inline_bytes().unwrap(), input.to_string().as_bytes());
        }
    }

    #[test]
    fn what_only_reads_passes_and_what_cannot_be_computed_is_denied() {
        assert!(matches!(planned("Read", &json!({ "file_path": "/x" })), Plan::Pass));
        let edit = json!({ "file_path": "/no/such/file", "old_string": "a", "new_string": "b" });
        assert!(matches!(planned("Edit", &edit), Plan::Deny(why) if why.contains("does not exist")));
        assert!(matches!(planned("Bash", &json!({ "command": "a\0b" })), Plan::Deny(_)));
    }
}
