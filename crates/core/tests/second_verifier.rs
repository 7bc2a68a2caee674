//! `tests/second-verifier/verify.py`, which was written from `docs/formats/` alone, agrees with every vector.
//!
//! `cargo xtask test` puts the Python of this test into `target/venv`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic and read files")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn python(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let python = target.join("venv/bin/python");
    assert!(python.exists(), "{} is missing: run `cargo xtask test` once, it makes it", python.display());
    python
}

#[test]
fn a_verifier_written_from_the_pages_agrees_with_every_vector() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let vectors = std::fs::read_dir(root.join("tests/vectors")).unwrap();
    let count =
        vectors.filter(|it| it.as_ref().unwrap().path().extension().is_some_and(|it| it == "txt")).count();

    let verifier = root.join("tests/second-verifier/verify.py");
    let output = Command::new(python(&root)).arg("-B").arg(verifier).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{wrong}");
    assert!(said.ends_with(&format!("{count} passed, 0 failed\n")), "{said}");
}
