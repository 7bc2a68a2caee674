//! What files may be called in a patch, and how it is written.

use countersign_diff::unified::{Error, unified};
use proptest::prelude::*;

use crate::bed::{Folder, applies, program, text};

#[test]
fn every_name_applies() {
    let odd = [
        "a b",
        " a",
        "a ",
        "a\tb",
        "a\nb",
        "a\rb",
        "\"a\"",
        "a\"",
        "\\a",
        "a\\tb",
        "'",
        "\u{7}\u{8}\u{b}\u{c}\u{1b}",
        "\u{fc}",
        "\u{1f600} \u{202e}x",
        "a/b/c",
        "a b/a b",
        "x b/x",
        "a/x b/a/x",
        "b",
        "a",
        "-a",
        "--",
        "...",
        ".gitx",
        ".git.x",
        "git~2",
        ".gitignore",
        "dev/null",
        "\u{7f}",
        "a\t",
        "a => b",
        "{a => b}/c",
    ];
    for name in odd {
        for (before, after) in [
            (text(b"one\n"), text(b"two\n")),
            (text(b"one\n"), program(b"one\n")),
            (text(b"\0"), text(b"")),
            (None, text(b"")),
            (None, program(b"new\n")),
            (program(b"old"), None),
            (text(b""), None),
            (None, text(b"\0")),
        ] {
            applies(name, before, after);
        }
    }
}

#[test]
fn names_that_git_does_not_take_are_refused() {
    let refused = [
        "",
        "/a",
        "a//b",
        "a/",
        "./a",
        "a/./b",
        "../a",
        "a/..",
        ".git",
        ".GIT/config",
        "a/.git/b",
        ".git ",
        ".git. .",
        ".git:x",
        "git~1",
        "GIT~1.",
        "a\\.git",
        ".git\\a",
    ];
    for name in refused {
        assert_eq!(unified(name.as_bytes(), text(b"a\n"), text(b"b\n")), Err(Error::Name), "{name:?}");
    }
    assert_eq!(unified(b"a\0b", text(b"a\n"), text(b"b\n")), Err(Error::Name));
    // Where nothing is to be written, nothing has to be called anything.
    assert_eq!(unified(b"..", text(b"a\n"), text(b"a\n")), Ok(vec![]));
}

#[test]
fn git_itself_refuses_the_names_of_its_own_folder() {
    let patch = String::from_utf8(unified(b"NAME", None, text(b"a\n")).unwrap()).unwrap();
    for name in ["../a", ".GIT/config", "a/.git/b", ".git ", ".git. .", ".git:x", "GIT~1.", "a/../b"] {
        let said = Folder::new().git(&["apply"], patch.replace("NAME", name).as_bytes());
        assert!(!said.status.success(), "{name:?}");
    }
}

#[test]
fn names_that_are_not_utf8_are_quoted() {
    let patch = unified(b"\xff \xc3", text(b""), program(b"")).unwrap();
    assert_eq!(patch, b"diff --git \"a/\\377 \\303\" \"b/\\377 \\303\"\nold mode 100644\nnew mode 100755\n");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn random_names_apply(name in "[a-c \t\n\"\\\\\u{e9}./+{}=>~-]{1,12}", after in "[a\n]{0,6}") {
        let (before, after) = (text(b"a\nb\n"), text(after.as_bytes()));
        match unified(name.as_bytes(), before, after) {
            Ok(_) => applies(&name, before, after),
            Err(Error::Name) => {
                prop_assert!(name.split('/').any(|part| matches!(part, "" | "." | "..")), "{name:?}");
            }
        }
    }
}
