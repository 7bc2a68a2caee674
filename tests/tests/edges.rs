//! Which part knows which: the promises of the house that are absences.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::process::Command;

use countersign_core::json;
use countersign_tests::programs::house;
use expect_test::{Expect, expect};

#[test]
fn crates_depend_only_downwards() {
    check_edges(expect![[r#"
        app: core keys reviewer sheet sources
        bench-bare:
        bench: core diff keys reviewer sensitivity sources tests
        cli: core diff gate sensitivity sheet sources
        core:
        diff:
        fuzz: core diff images sensitivity sheet structure
        gate: core sheet sources
        images:
        keys: core
        reviewer: core images keys sensitivity sheet sources store views
        sensitivity: core
        sheet: core diff sensitivity structure
        sources: core
        store: core
        structure:
        tests: core
        views: sheet
        windowless: core keys reviewer sources tests
    "#]]);
}

#[test]
fn the_pure_crates_know_no_async_runtime() {
    let known = ["tokio", "async-std", "smol", "async-executor", "async-io", "futures-executor", "mio"];
    assert_without(
        &[
            "countersign-core",
            "countersign-diff",
            "countersign-images",
            "countersign-sensitivity",
            "countersign-sheet",
            "countersign-structure",
            "countersign-views",
        ],
        &known,
    );
}

#[test]
fn the_gate_knows_neither_a_window_nor_a_persons_keys() {
    let known = [
        "tauri",
        "tauri-runtime",
        "wry",
        "tao",
        "webkit2gtk",
        "gtk",
        "countersign-keys",
        "countersign-reviewer",
        // What reads pictures and Markdown is for eyes alone.
        "countersign-images",
        "image",
        "countersign-views",
        "countersign-app",
        "keyring",
        "keyring-core",
        "secret-service",
        "zbus",
    ];
    assert_without(&["countersign-gate", "countersign-cli"], &known);
}

#[test]
fn numbers_are_read_by_serde_json_as_they_were_when_the_strict_parser_was_written() {
    // With it, a number could keep any text, and the limit on integers would not see it.
    let tree = cargo(&[
        "tree",
        "--workspace",
        "-e",
        "all",
        "--target",
        "all",
        "--prefix",
        "none",
        "--format",
        "{p} {f}",
    ]);
    let lines: Vec<&str> = tree.lines().filter(|line| line.starts_with("serde_json v")).collect();
    assert!(!lines.is_empty() && lines.iter().any(|line| line.contains("std")), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("arbitrary_precision")), "{lines:?}");
}

fn check_edges(expected: Expect) {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata = json::parse_foreign(metadata.as_bytes()).unwrap();
    let short = |name: &str| name.strip_prefix("countersign-").map(str::to_owned);
    let mut lines = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let Some(name) = short(package["name"].as_str().unwrap()) else { continue };
        let known: BTreeSet<String> = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["kind"] != "dev")
            .filter_map(|it| short(it["name"].as_str().unwrap()))
            .collect();
        let known: Vec<String> = known.into_iter().collect();
        lines.insert(format!("{name}: {}", known.join(" ")).trim_end().to_owned());
    }
    let lines: Vec<String> = lines.into_iter().map(|line| line + "\n").collect();
    expected.assert_eq(&lines.concat());
}

/// Nothing that `packages` are built from, on any target, has one of the names in `absent`.
fn assert_without(packages: &[&str], absent: &[&str]) {
    for package in packages {
        let words = ["tree", "-p", package, "-e", "normal,build", "--target", "all", "--prefix", "none"];
        let tree = cargo(&words);
        let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(names.contains(package), "{package} is in its own tree");
        let found: Vec<_> = absent.iter().filter(|name| names.contains(**name)).collect();
        assert!(found.is_empty(), "{package} is built from {found:?}");
    }
}

fn cargo(words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    let output = command.args(words).arg("--locked").current_dir(house()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
