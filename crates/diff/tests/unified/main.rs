//! Patches, applied by git itself.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "the files are for git; the crate itself sees none")]

mod bed;
mod names;

use countersign_diff::unified::{File, unified};
use expect_test::{Expect, expect};
use proptest::prelude::*;

use bed::{Folder, applies, program, text};

/// As [`applies`], both ways round, and as a file that comes and goes.
fn applies_all_ways(one: &[u8], other: &[u8]) {
    for (before, after) in [
        (text(one), text(other)),
        (program(other), program(one)),
        (text(one), program(other)),
        (None, text(one)),
        (program(other), None),
    ] {
        applies("file", before, after);
    }
}

const NASTY: &[&[u8]] = &[
    b"",
    b"\n",
    b"\n\n",
    b"\r",
    b"\r\n",
    b"a",
    b"a\n",
    b"a\n\n",
    b"a\r",
    b"a\r\n",
    b"a\rb\rc",
    b"a\rb\rc\r",
    b"a\r\nb\nc\r\n",
    b"a\nb\r\nc\n",
    b"a\nb\nc",
    b"\0",
    b"a\0b\n",
    b"a\n\0\nc\n",
    b" \n\t\n \t \n",
    b"a \nb\t\n\n\n\n",
    b"-- \n2.47.3\n",
    b"--- a/file\n+++ b/file\n@@ -1 +1 @@\n-a\n+b\n",
    b"diff --git a/file b/file\nnew mode 100755\n",
    b"\\ No newline at end of file\n",
    b"\\ No newline at end of file",
    b"GIT binary patch\nliteral 0\nHcmV?d00001\n\n",
    b"\xff\xfe\x00\x41",
    b"\xef\xbb\xbfa\n",
    b"\xe9t\xe9\n\xc3\n\xf0\x9f",
    b"\x1b[2J\x1b]0;x\x07\n\x08\x7f",
    b"1\n2\n3\n4\n5\n6\n7\n8\n9\n",
    b"1\n2\n3\n4\n5\n6\n7\n8\n9",
    b"x\n1\n2\n3\n4\n5\n6\n7\n8\n9\ny\n",
    b"1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n1\n",
    b"1\n1\n1\n1\n1\n1\n1\n2\n1\n1\n1\n1\n1\n1\n1\n1\n1",
];

#[test]
fn nasty_pairs_apply() {
    for one in NASTY {
        for other in NASTY {
            applies("file", text(one), text(other));
        }
    }
}

#[test]
fn nasty_files_come_go_and_change_their_mode() {
    for pair in NASTY.windows(2) {
        applies_all_ways(pair[0], pair[1]);
        applies_all_ways(pair[0], pair[0]);
    }
}

#[test]
fn bytes_of_every_length_and_many_of_them_apply() {
    let bytes: Vec<u8> = (0..200_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for size in (0..60).chain([103, 104, 105, 65_534, 65_535, 65_536, 131_070, 131_071, 200_000]) {
        let mut one = bytes[..size].to_vec();
        one.push(0);
        applies("file", text(&one), text(&one[..size / 2]));
    }
}

fn check(before: &[u8], after: &[u8], expected: Expect) {
    let patch = unified(b"file", text(before), text(after)).unwrap();
    expected.assert_eq(&String::from_utf8(patch).unwrap());
}

#[test]
fn a_patch_reads_as_git_writes_it() {
    check(
        b"one\ntwo\nthree\nfour\nfive\n",
        b"one\ntwo\nthree\nfour\nfive",
        expect![[r#"
            diff --git a/file b/file
            index b2f931a67315c95c5daab3aac6de62e534808476..da9dfd0f0ca08670a550cbfcd2af61526f9eede1 100644
            --- a/file
            +++ b/file
            @@ -2,4 +2,4 @@
             two
             three
             four
            -five
            +five
            \ No newline at end of file
        "#]],
    );
    check(
        b"",
        b"a\n",
        expect![[r#"
        diff --git a/file b/file
        index e69de29bb2d1d6434b8b29ae775ad8c2e48c5391..78981922613b2afb6025042ff6bd878ac1994e85 100644
        --- a/file
        +++ b/file
        @@ -0,0 +1 @@
        +a
    "#]],
    );
    check(
        b"a\0\n",
        b"",
        expect![[r#"
        diff --git a/file b/file
        index 633d14c3fc64c9357966de51b04beac5a60041a2..e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 100644
        GIT binary patch
        literal 0
        KcmV+b0RR6000031

        literal 3
        NcmV+e0Q~=9015#x0BisN

    "#]],
    );
}

/// A hundred lines, every `gap` th of them changed.
fn spaced(gap: usize) -> (Vec<u8>, Vec<u8>) {
    let line =
        |at: usize, new: bool| if new && at % gap == 5 { format!("new {at}\n") } else { format!("{at}\n") };
    let side = |new| (0..100).map(|at| line(at, new)).collect::<String>().into_bytes();
    (side(false), side(true))
}

#[test]
fn hunks_are_joined_and_patches_written_as_git_does() {
    for gap in 1..20 {
        let (before, after) = spaced(gap);
        let folder = Folder::new();
        folder.put("a/file", text(&before).unwrap());
        folder.put("b/file", text(&after).unwrap());
        let words = ["diff", "--no-index", "--no-prefix", "--full-index", "--histogram", "a/file", "b/file"];
        let gits = String::from_utf8(folder.git(&words, b"").stdout).unwrap();
        // What follows the second @@ is a guess at what the hunk is in.
        let cut = |line: &str| match line.strip_prefix("@@ ").and_then(|rest| rest.split_once(" @@")) {
            Some((lines, _)) => format!("@@ {lines} @@\n"),
            None => format!("{line}\n"),
        };
        let ours = String::from_utf8(unified(b"file", text(&before), text(&after)).unwrap()).unwrap();
        assert_eq!(ours, gits.lines().map(cut).collect::<String>(), "{gap}");
    }
}

#[test]
fn a_file_of_too_many_lines_to_compare_applies() {
    let before = b"\n".repeat(700_000);
    let mut after = b"\n".repeat(600_000);
    after.extend_from_slice(b"last");
    applies("file", text(&before), text(&after));
}

/// Pieces that meet at line ends, and now and then bytes of any kind.
fn side() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => Just(b"\n".to_vec()),
        2 => Just(b"\r\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        4 => Just(b"a\n".to_vec()),
        3 => Just(b"b\n".to_vec()),
        2 => Just(b" \t".to_vec()),
        1 => Just(b"+-\\ @@".to_vec()),
        1 => Just("\u{e9}".as_bytes().to_vec()),
        1 => proptest::collection::vec(1_u8.., 0..6),
    ];
    proptest::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

/// A side and the same with some stretches replaced, so that there is context.
fn edited() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..4, side()), 0..4);
    (proptest::collection::vec(side(), 1..4).prop_map(|sides| sides.concat()), edits).prop_map(
        |(before, edits)| {
            let mut after = before.clone();
            for (at, size, mut new) in edits {
                let start = at.index(after.len() + 1);
                let end = (start + size).min(after.len());
                new.truncate(12);
                after.splice(start..end, new);
            }
            (before, after)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn random_pairs_apply((before, after) in prop_oneof![edited(), (side(), side())], was: bool, would: bool) {
        applies(
            "file",
            Some(File { bytes: &before, executable: was }),
            Some(File { bytes: &after, executable: would }),
        );
    }

    #[test]
    fn random_bytes_apply(
        before in proptest::collection::vec(any::<u8>(), 0..300),
        after in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        applies("file", text(&before), text(&after));
    }
}
