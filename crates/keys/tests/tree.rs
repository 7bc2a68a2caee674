//! What this crate may not bring into the house.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

/// With `tokio` turned on in zbus, a keyring call inside a runtime panics.
#[test]
fn no_async_runtime_of_tokio_comes_with_the_keyring() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--prefix", "none"])
        .args(["--package", env!("CARGO_PKG_NAME"), "--edges", "normal,features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    // That it would be seen: the runtime that zbus does use is.
    assert!(cfg!(not(target_os = "linux")) || text.contains("zbus feature \"async-io\""), "{text}");
    let found: Vec<&str> = text.lines().filter(|it| it.contains("tokio")).collect();
    assert!(found.is_empty(), "{found:?}");
}
