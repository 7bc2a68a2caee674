//! Names and contents that would move a cursor, turn text round or pass for our own words.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::bed::Bed;

fn is_harmless(said: &[u8]) -> bool {
    said.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n'))
}

const NAMES: &[&[u8]] = &[
    b"a\x1b[2Jb",
    b"\xff\x9b",
    b"line\nbreak",
    "\u{202e}txt".as_bytes(),
    "\u{9b}31m\u{200b}".as_bytes(),
    b"\"' \\<RLO>",
];

#[test]
fn no_character_of_a_content_reaches_the_terminal_that_is_not_plain() {
    let bed = Bed::with("", "");
    let every: String = (0..=0x10_ffff_u32)
        .filter_map(char::from_u32)
        .filter(|ch| *ch != '\0')
        .enumerate()
        .flat_map(|(at, ch)| if at % 64 == 0 { vec!['\n', 'a', ch] } else { vec!['a', ch] })
        .collect();
    bed.put("new", every.as_bytes());
    for words in [["old", "new"].as_slice(), &["new", "old"], &["--json", "old", "new"]] {
        let said = bed.diff(words);
        assert_eq!(said.status.code(), Some(1));
        assert!(is_harmless(&said.stdout) && said.stdout.len() > every.len() && said.stderr.is_empty());
    }
}

#[test]
fn no_byte_does_either_as_text_or_as_numbers() {
    let bed = Bed::new();
    let bytes: Vec<u8> = (0..=255).collect();
    let mut text = b"some text around it, so that it is one\n".repeat(100);
    text.extend_from_slice(&bytes[1..]);
    for (old, new) in [(bytes.as_slice(), text.as_slice()), (&text, b""), (b"", &bytes)] {
        bed.put("old", old);
        bed.put("new", new);
        for words in [["old", "new"].as_slice(), &["--json", "old", "new"]] {
            let said = bed.diff(words);
            assert_eq!(said.status.code(), Some(1));
            assert!(is_harmless(&said.stdout) && said.stderr.is_empty(), "{said:?}");
        }
    }
}

#[test]
fn names_are_escaped_wherever_they_are_said() {
    let bed = Bed::with("a\n", "b\n");
    for name in NAMES {
        let name = OsStr::from_bytes(name);
        let missing = bed.diff(&[name, OsStr::new("old")]);
        assert_eq!(missing.status.code(), Some(2));
        assert!(is_harmless(&missing.stderr) && missing.stdout.is_empty(), "{missing:?}");
        bed.put(name, b"c\n");
        for words in [[name, OsStr::new("old")].as_slice(), &[OsStr::new("--json"), OsStr::new("old"), name]]
        {
            let said = bed.diff(words);
            assert_eq!(said.status.code(), Some(1));
            assert!(is_harmless(&said.stdout) && said.stderr.is_empty(), "{said:?}");
        }
        let patch = bed.diff(&[OsStr::new("--unified"), name, OsStr::new("old")]);
        // With a tab behind a name with a space.
        let text: Vec<u8> = patch.stdout.iter().copied().filter(|byte| *byte != b'\t').collect();
        assert!(is_harmless(&text), "{patch:?}");
    }
}

#[test]
fn a_name_that_looks_like_an_option_is_escaped_as_well() {
    let bed = Bed::with("a\n", "b\n");
    for name in NAMES {
        let name = [b"-", *name].concat();
        for words in
            [[OsStr::from_bytes(&name), OsStr::new("old")], [OsStr::new("old"), OsStr::from_bytes(&name)]]
        {
            let said = bed.diff(&words);
            assert_eq!(said.status.code(), Some(2));
            assert!(is_harmless(&said.stderr) && said.stdout.is_empty(), "{said:?}");
            assert!(said.stderr.starts_with(b"error: unexpected argument"), "{said:?}");
        }
    }
}

#[test]
fn a_name_or_a_line_cannot_pass_for_another() {
    let bed = Bed::new();
    bed.put("x\"\n+++ \"y", b"a\n     1      1   b\r     2      2   c\\<RLO U+202E>\n");
    bed.put("new", b"");
    let said = bed.diff(&["x\"\n+++ \"y", "new"]);
    let text = String::from_utf8(said.stdout).unwrap();
    let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with("  *")).collect();
    assert_eq!(
        rows,
        [
            r#"--- "x\"\<LF>+++ \"y""#,
            r#"+++ "new""#,
            "     1        - a",
            r"     2        -      1      1   b\<CR>     2      2   c\\<RLO U+202E>",
        ]
    );
}

#[test]
fn a_terminal_gets_no_patch_that_it_would_obey() {
    let bed = Bed::with("a\n", "\x1b]0;x\x07\n");
    bed.put("plain", b"b\tc\n");
    for (new, status) in [("new", 2), ("plain", 1)] {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let end = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
        let end = fs::OpenOptions::new().read(true).write(true).open(end).unwrap();
        let said = bed.command(&["--unified", "old", new]).stdout(end.try_clone().unwrap()).output().unwrap();
        assert_eq!(said.status.code(), Some(status), "{said:?}");
        if status == 1 {
            let mut shown = [0; 10];
            File::from(terminal).read_exact(&mut shown).unwrap();
            assert_eq!(&shown, b"diff --git");
        } else {
            assert!(String::from_utf8_lossy(&said.stderr).contains("Nothing was printed."), "{said:?}");
        }
    }
}
