//! `tests/vectors`: one case a file, readable from any language; `docs/formats/vectors.md` says how.
//!
//! Two tests hold them: the files are what the cases below make (write them
//! anew with `UPDATE_VECTORS=1`), and the code does with each file what the
//! file says, read from the file alone.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic and read files")]

mod common;
mod vectors {
    pub(crate) mod cases;
    pub(crate) mod reader;
    pub(crate) mod spellings;
}

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Once;

use vectors::{cases, reader};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

/// The files, after they were written anew where that was asked for.
fn files() -> BTreeMap<String, String> {
    static WRITTEN: Once = Once::new();
    WRITTEN.call_once(|| {
        if std::env::var_os("UPDATE_VECTORS").is_some() {
            write();
        }
    });
    read()
}

fn read() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "txt") {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    files
}

fn write() {
    let made = cases::all();
    std::fs::create_dir_all(folder()).unwrap();
    for name in read().keys().filter(|name| !made.contains_key(*name)) {
        std::fs::remove_file(folder().join(name)).unwrap();
    }
    for (name, text) in &made {
        std::fs::write(folder().join(name), text).unwrap();
    }
}

#[test]
fn the_files_are_what_the_cases_make() {
    let made = cases::all();
    let files = files();
    let names = |of: &BTreeMap<String, String>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&files), names(&made));
    for (name, text) in &made {
        assert!(files[name] == *text, "{name} is not what its case makes");
    }
}

#[test]
fn the_code_does_what_each_file_expects() {
    let mut wrong = Vec::new();
    let files = files();
    assert!(files.len() > 90, "there are only {} vectors", files.len());
    for (name, text) in &files {
        let case = reader::Case::read(text);
        let got = case.run();
        if got != case.field("expect") {
            wrong.push(format!("{name}: expected {}, got {got}", case.field("expect")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_of_verify_is_reached_by_a_vector() {
    use countersign_core::refusal::Code;
    // Preconditions and the disk are the gate's; its own tests reach these two.
    let elsewhere = [Code::Precondition, Code::StateUnavailable];
    let files = files();
    for code in Code::ALL {
        let reached = files.values().any(|text| reader::Case::read(text).field("expect") == code.as_str());
        let expected = !Code::RESERVED.contains(code) && !elsewhere.contains(code);
        assert_eq!(reached, expected, "{code}");
    }
}
