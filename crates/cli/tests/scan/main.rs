//! `countersign scan` as a process, on real files and pipes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use expect_test::{Expect, expect};
use serde_json::Value;

/// Not a key: its letters are made here.
fn key() -> String {
    let letters = b"Zq8Yt3Kd0wVb6NfLx2Rj9Hs7Mc4Pa1Ug5EiT";
    format!("gh{}_{}", 'p', std::str::from_utf8(letters).unwrap())
}

fn scan(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.arg("scan").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    running.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    running.wait_with_output().unwrap()
}

/// What is printed for `input`, which never repeats the key.
fn check(arguments: &[&str], input: &str, status: i32, expected: Expect) {
    let said = scan(arguments, input);
    let printed = [said.stdout, said.stderr].concat();
    let printed = String::from_utf8(printed).unwrap();
    assert!(!printed.contains(&key()[8..20]), "{printed}");
    assert_eq!(said.status.code(), Some(status), "{printed}");
    expected.assert_eq(&printed);
}

#[test]
fn what_is_found_is_told_and_never_repeated() {
    let text = format!("first\n  use {} now\n", key());
    check(
        &[],
        &text,
        1,
        expect![[r#"
        -:2:7: blocking: GitHub token (github-token, 40 bytes)
            Whoever reads it can use it, and it stays readable in every copy. Replace it by a placeholder and send it back. If it was readable anywhere, make a new one.
    "#]],
    );
}

#[test]
fn nothing_is_said_of_ordinary_text() {
    check(&[], "The build is green again.\n", 0, expect![""]);
}

#[test]
fn where_a_text_goes_decides_how_much_it_matters() {
    let text = format!("use {}\n", key());
    check(
        &["--to", "private"],
        &text,
        1,
        expect![[r#"
        -:1:5: warning: GitHub token (github-token, 40 bytes)
            Whoever reads it can use it, and it stays readable in every copy. Replace it by a placeholder and send it back. If it was readable anywhere, make a new one.
    "#]],
    );
    check(
        &["--to", "forum:announcements"],
        &text,
        1,
        expect![[r#"
        -:1:5: blocking: GitHub token (github-token, 40 bytes)
            Whoever reads it can use it, and it stays readable in every copy. Replace it by a placeholder and send it back. If it was readable anywhere, make a new one.
    "#]],
    );
}

#[test]
fn a_file_is_named_in_each_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.env");
    std::fs::write(&path, format!("TOKEN={}\n", key())).unwrap();
    let said = scan(&[path.to_str().unwrap()], "");
    let printed = String::from_utf8(said.stdout).unwrap();
    let start = format!("{}:1:7: blocking: GitHub token", path.display());
    assert!(printed.starts_with(&start), "{printed}");
}

#[test]
fn each_line_is_answered_before_the_next_comes() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    let mut running =
        command.args(["scan", "--jsonl"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = running.stdin.take().unwrap();
    let mut output = BufReader::new(running.stdout.take().unwrap());
    let mut ask = |line: String| -> Value {
        writeln!(input, "{line}").unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    };
    let first = ask(format!(r#"{{"id": 1, "text": "ä {}"}}"#, key()));
    assert_eq!(first["id"], 1);
    assert_eq!(first["findings"][0]["start"], 3);
    assert_eq!(first["findings"][0]["end"], 43);
    assert_eq!(first["findings"][0]["category"], "secret");
    assert_eq!(first["findings"][0]["severity"], "blocking");
    let second = ask(format!(r#"{{"id": "b", "text": "{}", "to": "private"}}"#, key()));
    assert_eq!(second["findings"][0]["severity"], "warning");
    assert_eq!(ask(r#"{"id": null, "text": ""}"#.to_owned())["findings"], Value::Array(Vec::new()));
    drop(input);
    assert_eq!(running.wait().unwrap().code(), Some(1));
}

#[test]
fn a_line_that_is_none_ends_it() {
    check(
        &["--jsonl"],
        "{\"id\": 1, \"text\": \"\"}\n{\"id\": 2}\n",
        2,
        expect![[r#"
        {"id":1,"findings":[]}
        countersign: Line 2 is not a JSON object with `id` and `text`. What was before it is answered; nothing after it was looked at.
    "#]],
    );
}

#[test]
fn rules_of_ones_own_run_with_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.toml");
    let rules = "[[rules]]\nid = 'badge'\ndescription = 'A \u{202e}badge'\nregex = 'badge-(\\d{4})'\nkeywords = ['badge-']\n[[rules]]\nid = 'ahead'\nregex = 'a(?=b)'\n";
    std::fs::write(&path, rules).unwrap();
    check(
        &["--rules", path.to_str().unwrap()],
        "badge-4711\n",
        1,
        expect![[r#"
        -:1:7: blocking: A \<RLO U+202E>badge (team/badge, 4 bytes)
            A rule of your team finds it. Replace it by a placeholder and send it back.
        countersign: rule ahead: its expression cannot run here: look-around, including look-ahead and look-behind, is not supported
    "#]],
    );
}

#[test]
fn names_of_ones_own_are_found_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.txt");
    std::fs::write(&path, "# ours\nProject Larch\n").unwrap();
    let arguments = ["--names", path.to_str().unwrap()];
    check(
        &arguments,
        "project larch begins\n",
        1,
        expect![[r#"
        -:1:1: warning: Name from your list (own-name, 13 bytes)
            It is on the list of names that are not to be known outside. Leave it out, or write what it is instead.
    "#]],
    );
    std::fs::write(&path, "Project Larch\nx\n").unwrap();
    let refused = scan(&arguments, "project larch begins\n");
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("line 2 ") && said.contains("Nothing was looked at."), "{said}");
}
