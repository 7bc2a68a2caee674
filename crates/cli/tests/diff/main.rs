//! `countersign diff` as a process, on real files.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bed;
mod hostile;
mod patches;

use std::fs::{self, File};

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use bed::Bed;

fn check(before: &str, after: &str, expected: Expect) {
    let bed = Bed::with(before, after);
    let said = bed.diff(&["old", "new"]);
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    expected.assert_eq(&String::from_utf8(said.stdout).unwrap());
}

#[test]
fn lines_and_words_that_changed_are_marked() {
    let lines = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    check(
        &format!("the old word\n{lines}"),
        &format!("the new word\n{lines}added\n"),
        expect![[r#"
        --- "old"
        +++ "new"
          * size: 31 bytes -> 37 bytes
             1        - the old word
                            ^^^
                    1 + the new word
                            ^^^
             2      2   1
             3      3   2
             4      4   3
          * 3 unchanged lines
             8      8   7
             9      9   8
            10     10   9
                   11 + added
    "#]],
    );
}

#[test]
fn facts_are_told_where_they_differ() {
    check(
        "\u{feff}a\r\nb\rc\n",
        "a\n\u{e9}  ",
        expect![[r#"
        --- "old"
        +++ "new"
          * size: 10 bytes -> 6 bytes
          * byte order mark: UTF-8 -> none
          * line ends: 1 LF, 1 CRLF, 1 CR -> LF
          * final newline: yes -> no
             1        - \<BOM U+FEFF>a\<CRLF>
                        ^^^^^^^^^^^^^ ^^^^^^^
             2        - b\<CR>c\<LF>
                    1 + a\<LF>
                    2 + \u{e9}\<SP x2>\<no newline>
    "#]],
    );
}

#[test]
fn a_long_line_is_continued_and_marked_below_each_row() {
    let line = "\\ \u{202e}".repeat(12);
    check(
        &format!("{line}old end\n"),
        &format!("{line}new end\n"),
        expect![[r#"
            --- "old"
            +++ "new"
                 1        - \\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \
                      ... - \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \
                      ... - \<RLO U+202E>\\ \<RLO U+202E>old end
                                                         ^^^
                        1 + \\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \
                      ... + \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \<RLO U+202E>\\ \
                      ... + \<RLO U+202E>\\ \<RLO U+202E>new end
                                                         ^^^
        "#]],
    );
}

#[test]
fn bytes_are_shown_where_they_differ() {
    check(
        "same\0one\u{1b}same",
        "same\0another\nsame",
        expect![[r#"
        --- "old"
        +++ "new"
          * size: 13 bytes -> 17 bytes
          * line ends: none -> LF
          * Bytes, not text. The first 5 bytes and the last 4 bytes are the same.
        00000005 - 6f 6e 65 1b                                      one.
        00000005 + 61 6e 6f 74 68 65 72 0a                          another.
    "#]],
    );
}

#[test]
fn too_many_lines_are_said_to_be() {
    let bed = Bed::with("\n".repeat(500_001), "\n".repeat(500_000));
    let said = bed.diff(&["old", "new"]);
    let text = String::from_utf8(said.stdout).unwrap();
    let note = "  ! Too many lines to compare: all are shown as removed and as added.\n";
    assert!(text.contains(note), "{}", &text[..400]);
    assert!(
        text.contains("\n500001        -\n") && text.ends_with("\n       500000 +\n"),
        "{}",
        &text[..400]
    );
    let said = bed.json(&["old", "new"], 1);
    assert_eq!(said["fallback"], "too_many_lines");
}

#[test]
fn json_tells_everything_that_was_found() {
    let bed = Bed::new();
    bed.put("old", b"one old\r\nsame\n\xff\n");
    bed.put("new", b"one new\nsame\n");
    bed.mode("new", 0o755);
    assert_eq!(
        bed.json(&["old", "new"], 1),
        json!({
            "version": 1,
            "same": false,
            "before": { "path": "old", "file": {
                "size": 16, "mode": "0644", "encoding": "binary", "invalid_bytes": 1,
                "sha256": "SHA-256 of old",
                "line_ends": { "lf": 2, "crlf": 1, "cr": 0 }, "final_newline": true,
            } },
            "after": { "path": "new", "file": {
                "size": 13, "mode": "0755", "encoding": "utf-8", "invalid_bytes": 0,
                "sha256": "SHA-256 of new",
                "line_ends": { "lf": 2, "crlf": 0, "cr": 0 }, "final_newline": true,
            } },
            "binary": false,
            "unrefined": 0,
            "removed": 2, "added": 1, "unchanged": 1,
            "hunks": [
                { "rows": [0, 2], "before": [0, 1], "after": [0, 1] },
                { "rows": [3, 4], "before": [2, 3], "after": [2, 2] },
            ],
            "rows": [
                { "kind": "removed", "before_line": 1, "before": [0, 9], "text": "one old\r\n", "words": [[4, 9]] },
                { "kind": "added", "after_line": 1, "after": [0, 8], "text": "one new\n", "words": [[4, 8]] },
                { "kind": "same", "before_line": 2, "after_line": 2, "before": [9, 14], "after": [8, 13], "text": "same\n" },
                { "kind": "removed", "before_line": 3, "before": [14, 16], "text": { "b64": "/wo=" } },
            ],
        })
    );
}

#[test]
fn json_tells_what_is_not_there_and_what_is_the_same() {
    let bed = Bed::with("\u{feff}", "");
    let said = bed.json(&["old", "/dev/null"], 1);
    assert_eq!(said["after"], json!({ "path": "/dev/null" }));
    assert_eq!(said["before"]["file"]["bom"], "utf-8");
    assert_eq!(said["before"]["file"]["final_newline"], false);
    let said = bed.json(&["new", "new"], 0);
    assert_eq!((&said["same"], &said["rows"], &said["hunks"]), (&json!(true), &json!([]), &json!([])));
    // A file that is empty is not one that is missing.
    assert_eq!(bed.json(&["/dev/null", "new"], 1)["same"], false);
    assert_eq!(bed.json(&["/dev/null", "/dev/null"], 0)["same"], true);
    bed.put("new", b"\0");
    assert_eq!(bed.json(&["old", "new"], 1)["binary"], true);
}

#[test]
fn the_rows_of_json_are_both_files() {
    let bed = Bed::new();
    let sides: [Vec<u8>; 2] = [3_u32, 7].map(|step| (0..4000_u32).map(|at| (at * step / 13) as u8).collect());
    bed.put("old", &sides[0]);
    bed.put("new", &sides[1]);
    let said = bed.json(&["old", "new"], 1);
    for (side, bytes) in ["before", "after"].into_iter().zip(&sides) {
        let held = said["rows"].as_array().unwrap().iter().filter(|row| row.get(side).is_some());
        let joined: Vec<u8> = held.flat_map(|row| bytes_of(&row["text"])).collect();
        assert_eq!(&joined, bytes);
    }
}

fn bytes_of(text: &Value) -> Vec<u8> {
    match text {
        Value::String(text) => text.as_bytes().to_vec(),
        other => data_encoding::BASE64.decode(other["b64"].as_str().unwrap().as_bytes()).unwrap(),
    }
}

#[test]
fn it_ends_as_diff_does_and_prints_nothing_of_the_same() {
    let bed = Bed::with("a\n", "a\n");
    for words in [["old", "new"].as_slice(), &["--unified", "old", "new"], &["old", "old"]] {
        let said = bed.diff(words);
        assert_eq!((said.status.code(), said.stdout.len(), said.stderr.len()), (Some(0), 0, 0), "{said:?}");
    }
    bed.mode("new", 0o600);
    let said = bed.diff(&["old", "new"]);
    let text = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.status.code(), Some(1));
    assert!(text.contains("  * mode: 0644 -> 0600\n  * The bytes are the same.\n"), "{text}");
    for wrong in [["old"].as_slice(), &[], &["old", "new", "more"], &["--unified", "--json", "old", "new"]] {
        assert_eq!(bed.diff(wrong).status.code(), Some(2), "{wrong:?}");
    }
    assert_eq!(bed.diff(&["--help"]).status.code(), Some(0));
}

#[test]
fn what_cannot_be_written_whole_is_trouble() {
    let bed = Bed::with("a\n", "b\n");
    for words in [["old", "new"].as_slice(), &["--unified", "old", "new"], &["--json", "old", "new"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let said = bed.command(words).stdout(full).output().unwrap();
        assert_eq!(said.status.code(), Some(2), "{said:?}");
        assert!(String::from_utf8_lossy(&said.stderr).contains("could not be written whole"), "{said:?}");
    }
}

#[test]
fn links_are_followed_and_all_that_is_no_file_is_refused_at_once() {
    let bed = Bed::with("a\n", "b\n");
    std::os::unix::fs::symlink("old", bed.path("link")).unwrap();
    assert_eq!(bed.diff(&["link", "old"]).status.code(), Some(0));
    fs::create_dir(bed.path("folder")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, bed.path("pipe"), 0o600.into()).unwrap();
    std::os::unix::fs::symlink("pipe", bed.path("link to a pipe")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(bed.path("socket")).unwrap();
    for (name, why) in [
        ("folder", "is a folder"),
        ("pipe", "is a pipe"),
        ("link to a pipe", "is a pipe"),
        ("socket", "is a socket"),
        ("/dev/zero", "is a device"),
        ("nothing", "could not be read"),
        ("old/x", "could not be read"),
    ] {
        for words in [[name, "old"], ["old", name], [name, "/dev/null"]] {
            let said = bed.diff(&words);
            let text = String::from_utf8(said.stderr).unwrap();
            assert_eq!((said.status.code(), said.stdout.len()), (Some(2), 0), "{name}");
            assert!(text.contains(why) && text.contains("Nothing was compared."), "{text}");
        }
    }
    let said = bed.json(&["pipe", "old"], 2);
    assert!(said["error"]["why"].as_str().unwrap().contains("is a pipe"), "{said}");
}

#[test]
fn files_of_64_mib_are_compared_and_larger_ones_are_not() {
    let bed = Bed::with("", "");
    let size = 64 * 1024 * 1024;
    for name in ["old", "new"] {
        File::options().write(true).open(bed.path(name)).unwrap().set_len(size).unwrap();
    }
    assert_eq!(bed.diff(&["old", "new"]).status.code(), Some(0));
    File::options().write(true).open(bed.path("new")).unwrap().set_len(size + 1).unwrap();
    let said = bed.diff(&["old", "new"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stderr).contains("larger than 64 MiB"), "{said:?}");
}

#[test]
fn it_needs_no_home_and_no_gate() {
    let bed = Bed::with("a\n", "b\n");
    let said = bed.command(&["old", "new"]).env_clear().output().unwrap();
    assert_eq!(said.status.code(), Some(1), "{said:?}");
}
