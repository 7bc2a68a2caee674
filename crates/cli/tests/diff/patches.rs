//! `--unified`, applied by git to what it was made of.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;

use crate::bed::Bed;

fn patch(bed: &Bed, old: impl AsRef<OsStr>, new: impl AsRef<OsStr>) -> Vec<u8> {
    let said = bed.diff(&[OsStr::new("--unified"), old.as_ref(), new.as_ref()]);
    assert_eq!((said.status.code(), said.stderr.len()), (Some(1), 0), "{said:?}");
    said.stdout
}

fn applied(bed: &Bed, patch: &[u8]) {
    let said = bed.apply(patch);
    assert!(said.status.success(), "{said:?}\n{}", String::from_utf8_lossy(patch));
}

const CONTENTS: &[&[u8]] = &[
    b"",
    b"\n",
    b"a",
    b"a\nb\n",
    b"a\r\nb",
    b"a\rb\r",
    b"\0",
    b"a\0\nb",
    b"caf\xe9\n",
    b"\xef\xbb\xbfa \n\t\n",
    b"--- a/old\n+++ b/old\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n",
];

#[test]
fn old_becomes_new_with_its_mode() {
    for (at, old) in CONTENTS.iter().enumerate() {
        for (step, new) in CONTENTS.iter().enumerate().filter(|(step, _)| *step != at) {
            let bed = Bed::with(old, new);
            if (at + step) % 2 == 0 {
                bed.mode("new", 0o755);
            }
            let patch = patch(&bed, "old", "new");
            applied(&bed, &patch);
            assert_eq!(fs::read(bed.path("old")).unwrap(), *new, "{}", String::from_utf8_lossy(&patch));
            let mode = |name| fs::metadata(bed.path(name)).unwrap().permissions().mode() & 0o100;
            assert_eq!(mode("old"), mode("new"));
        }
    }
}

#[test]
fn a_file_of_any_name_changes_comes_and_goes() {
    let names: &[&[u8]] = &[
        b"a b",
        b"a ",
        b"\"a\"",
        b"a\nb\tc",
        b"back\\slash",
        b"\xff\xfe",
        "\u{e9}\u{1f600}".as_bytes(),
        b"folder x/a",
        b"-a",
        b"\x1b\x7f",
    ];
    for name in names {
        let name = OsStr::from_bytes(name);
        // A dash in front would be an option; "./" is not part of the name in the patch.
        let named = OsStr::from_bytes(&[b"./", name.as_bytes()].concat()).to_owned();
        for content in [b"one\n".as_slice(), b"\0", b""] {
            let bed = Bed::new();
            bed.put(name, content);
            let gone = patch(&bed, &named, "/dev/null");
            let came = patch(&bed, "/dev/null", &named);
            applied(&bed, &gone);
            assert!(!bed.path(name).exists());
            applied(&bed, &came);
            assert_eq!(fs::read(bed.path(name)).unwrap(), content);
            bed.put("new", b"another\n");
            applied(&bed, &patch(&bed, &named, "new"));
            assert_eq!(fs::read(bed.path(name)).unwrap(), b"another\n");
        }
    }
}

#[test]
fn a_file_elsewhere_is_called_by_its_last_part() {
    let bed = Bed::new();
    bed.put("a/./old", b"1\n");
    bed.put("b/old", b"2\n");
    let header = |old: &OsStr| {
        String::from_utf8(patch(&bed, old, "b/old")).unwrap().lines().next().unwrap().to_owned()
    };
    assert_eq!(header(OsStr::new("a//./old")), "diff --git a/a/old b/a/old");
    assert_eq!(header(OsStr::new("b/../a/old")), "diff --git a/old b/old");
    assert_eq!(header(bed.path("a/old").as_os_str()), "diff --git a/old b/old");
}

#[test]
fn what_git_does_not_take_is_refused_or_said() {
    let bed = Bed::with("a\n", "a\n");
    bed.put(".git/config", b"[core]\n");
    let said = bed.diff(&["--unified", ".git/config", "new"]);
    assert_eq!((said.status.code(), said.stdout.len()), (Some(2), 0));
    let text = String::from_utf8(said.stderr).unwrap();
    assert!(text.contains("\".git/config\" cannot be named in a patch"), "{text}");
    // Git knows no such modes.
    bed.mode("new", 0o600);
    let said = bed.diff(&["--unified", "old", "new"]);
    assert_eq!((said.status.code(), said.stdout.len()), (Some(1), 0));
    let text = String::from_utf8(said.stderr).unwrap();
    assert!(text.contains("0644 to 0600 is not in the patch"), "{text}");
    bed.mode("new", 0o755);
    let said = bed.diff(&["--unified", "old", "new"]);
    assert_eq!((said.status.code(), said.stderr.len()), (Some(1), 0), "{said:?}");
}
