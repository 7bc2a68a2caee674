//! What ends a process at an exact point is in no program that is shipped.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command;

use countersign_tests::programs::house;

const VARIABLE: &str = "COUNTERSIGN_MILESTONE";

/// The module by itself, compiled without debug assertions, as a release is.
#[test]
fn without_debug_assertions_a_milestone_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let compile = |assertions: &str| {
        let made = folder.path().join(format!("{assertions}.o"));
        let compiled = Command::new("rustc")
            .args(["--edition", "2024", "--crate-type", "lib", "--emit", "obj", "-O", "-C"])
            .arg(format!("debug-assertions={assertions}"))
            .arg("-o")
            .arg(&made)
            .arg(house().join("crates/sources/src/milestone.rs"))
            .output()
            .unwrap();
        compiled.status.success().then(|| std::fs::read(made).unwrap())
    };
    // With them it needs what it signals with, which is not here; without, it needs nothing at all.
    assert_eq!(compile("on"), None);
    let made = compile("off").expect("it compiles by itself");
    let named = |bytes: &[u8]| bytes.windows(VARIABLE.len()).any(|at| at == VARIABLE.as_bytes());
    assert!(!named(&made));
}

/// Nothing else reads the variable.
#[test]
fn only_one_file_of_the_programs_names_the_variable() {
    let mut named = Vec::new();
    for folder in ["crates", "src-tauri/src"] {
        look(&house().join(folder), &mut named);
    }
    assert_eq!(named, ["crates/sources/src/milestone.rs", "crates/sources/src/milestone/armed.rs"]);
}

fn look(folder: &Path, named: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            look(&path, named);
        } else if path.extension().is_some_and(|it| it == "rs")
            && std::fs::read_to_string(&path).unwrap().contains(VARIABLE)
        {
            named.push(path.strip_prefix(house()).unwrap().to_string_lossy().into_owned());
        }
    }
    named.sort();
}
