//! A real agent, Claude Code as its makers ship it, against a scripted model.
//!
//! Compiled only with the feature `all`, because the package has to be
//! fetched: `cargo xtask test --all`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;

use countersign_tests::model::{Model, call};
use countersign_tests::process::Process;
use countersign_tests::programs::target;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate, sealed};
use serde_json::json;

/// Claude Code's program for this machine.
fn claude() -> PathBuf {
    let folder = target().join("agents/node_modules/@anthropic-ai");
    let found = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|it| it.path().join("claude"));
    let of_this_machine =
        |path: &PathBuf| path.is_file() && path.to_string_lossy().contains("claude-code-linux-");
    found.into_iter().find(of_this_machine).unwrap_or_else(|| {
        panic!(
            "there is no agent in {}; fetch it:\n  npm install --prefix target/agents @anthropic-ai/claude-code@2.1.329",
            folder.display()
        )
    })
}

/// Starts it with the settings that `countersign` prints, and nothing else between it and its tools.
fn ask(desktop: &Desktop, model: &Model, prompt: &str) -> Process {
    let settings = gate::output(desktop, &["hook", "claude-code", "--print-settings"]);
    let mut command = desktop.command(claude());
    command.args(["-p", prompt, "--output-format", "json", "--dangerously-skip-permissions", "--settings"]);
    command.arg(String::from_utf8(settings.stdout).unwrap());
    command.env("ANTHROPIC_BASE_URL", model.address()).env("ANTHROPIC_API_KEY", "none");
    command.env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1").env("IS_SANDBOX", "1");
    command.env("SHELL", "/bin/bash").current_dir(desktop.folder("work"));
    desktop.start_command("claude", &mut command)
}

#[test]
fn claude_code_asked_to_analyse_changes_and_runs_nothing_without_a_signature() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::begin(&desktop);
        let work = desktop.folder("work").canonicalize().unwrap();
        let (notes, ran) = (work.join("notes.txt"), work.join("ran"));
        std::fs::write(&notes, "as it was\n").unwrap();
        let write = || call("Write", json!({ "file_path": notes, "content": "overwritten\n" }));
        let run = |what: &str| {
            let command = format!("echo {what} >> {}", ran.display());
            call("Bash", json!({ "command": command, "description": "Only look around" }))
        };
        let read = call("Read", json!({ "file_path": notes }));
        let edit = json!({ "file_path": notes, "old_string": "overwritten", "new_string": "edited" });
        let model =
            Model::start(vec![read, write(), run("denied"), write(), run("approved"), call("Edit", edit)]);
        let mut agent = ask(&desktop, &model, "Analyse notes.txt for me.");
        let picture = |name: &str| person.window.picture(&target().join("pictures").join(name));

        // It is asked to analyse, and would overwrite: shown as what it is, denied, told why.
        person.open_waiting("notes.txt");
        assert!(person.window.part("asked").text().contains("Analyse notes.txt"));
        assert_eq!(person.window.part("compared").text(), "asked to analyse, would edit");
        let shown = person.window.part_saying("document", "overwritten").text();
        assert!(shown.contains("as it was"), "{shown}");
        person.read("overwritten");
        picture("agent-write.png");
        person.deny("You were asked to analyse it, not to write it.");

        // It would run a command: the same.
        person.open_waiting("bash");
        person.window.part_saying("document", "echo denied >>");
        assert!(person.window.part("claim").text().contains("Only look around"));
        picture("agent-run.png");
        person.deny("Run nothing for this.");
        until_so("the agent is told", || model.results().len() >= 3);
        let told = model.results();
        assert!(told[1].contains("You were asked to analyse it, not to write it."), "{told:?}");
        assert!(told[2].contains("Run nothing for this."), "{told:?}");
        assert_eq!(gate::text(&notes), "as it was\n");
        assert!(!ran.exists());

        // The same again, and this time it may.
        for (what, file) in [("notes.txt", &notes), ("bash", &ran), ("notes.txt", &notes)] {
            let before = gate::text(file);
            person.open_waiting(what);
            let window = &person.window;
            until_so("it can be answered", || window.has("unlock-open") || window.has("approve"));
            if window.has("unlock-open") {
                person.unlock();
            }
            assert_eq!(gate::text(file), before);
            person.approve();
            assert_eq!(person.receipt(), ["released"]);
        }
        assert!(agent.wait().success(), "{}", agent.log());
        assert_eq!(gate::text(&notes), "edited\n");
        assert_eq!(gate::text(&ran), "approved\n");
        assert_eq!(model.results().len(), 6);
        person.window.close();
    });
}
