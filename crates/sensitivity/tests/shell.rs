//! Command lines, taken apart.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "how long it takes is a property")]

use std::process::Command;
use std::time::{Duration, Instant};

use countersign_sensitivity::shell::{Kind, Part, command_lines, quoted};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn parts(argv: &[&str]) -> Vec<(usize, Vec<Part>)> {
    let argv: Vec<_> = argv.iter().map(|it| it.as_bytes()).collect();
    command_lines(argv[0], &argv)
}

fn text(argv: &[&str]) -> String {
    let mut out = String::new();
    for (at, parts) in parts(argv) {
        out += &format!("argument {at}\n");
        for Part { kind, depth, text, note, found } in parts {
            let text = String::from_utf8_lossy(&text);
            let note = if note.is_empty() { String::new() } else { format!("  # {note}") };
            let found = found.map(|(it, _)| format!("  !! {} {:?}", it.rule, it.range)).unwrap_or_default();
            out += &format!("{}{kind:?} {text:?}{note}{found}\n", "  ".repeat(depth + 1));
        }
    }
    out
}

fn check(argv: &[&str], expected: Expect) {
    expected.assert_eq(&text(argv));
}

#[test]
fn a_plain_program_has_no_command_line() {
    check(&["rsync", "-av", "a b", "$HOME", "x; rm -rf /"], expect![[""]]);
    check(&["sh", "script.sh", "-c", "x"], expect![[""]]);
    check(&["bash"], expect![[""]]);
}

#[test]
fn commands_separators_redirects_and_what_is_filled_in() {
    check(
        &[
            "/bin/bash",
            "-euo",
            "pipefail",
            "-c",
            "LC_ALL=C sort -u < in.txt >> \"$OUT/x y\" && rm -rf /tmp/$X/* || echo `date` $(id -u) & wait;\nls ~ {a,b} # done",
        ],
        expect![[r##"
            argument 4
              Line "LC_ALL=C sort -u < in.txt >> \"$OUT/x y\" && rm -rf /tmp/$X/* || echo `date` $(id -u) & wait;\nls ~ {a,b} # done"  # for this shell
                Command "LC_ALL=C sort -u < in.txt >> \"$OUT/x y\""
                  Assignment "LC_ALL=C"
                  Variable "$OUT"
                  Redirect "< in.txt"  # reads it
                  Redirect ">> \"$OUT/x y\""  # adds to it
                Separator "&&"  # then, if that succeeded
                Command "rm -rf /tmp/$X/*"
                  Variable "$X"
                  Glob "/tmp/$X/*"
                Separator "||"  # then, if that failed
                Command "echo `date` $(id -u)"
                  Backticks "`date`"
                    Command "date"
                  Substitution "$(id -u)"
                    Command "id -u"
                Separator "&"  # goes on beside what follows
                Command "wait"
                Separator ";"  # then
                Command "ls ~ {a,b}"
                  Variable "~"
                  Glob "{a,b}"
                Comment "# done"
        "##]],
    );
}

#[test]
fn here_documents_processes_groups_and_numbers() {
    check(
        &[
            "sh",
            "-c",
            "cat <<-'E' | (sed s/a/b/ 2>&1)\n\thello $X\n\tE\ndiff <(sort a) >(wc -l); echo $((1 + $(id -u))) $'\\x41' ${A:-\"}\"}",
        ],
        expect![[r#"
            argument 2
              Line "cat <<-'E' | (sed s/a/b/ 2>&1)\n\thello $X\n\tE\ndiff <(sort a) >(wc -l); echo $((1 + $(id -u))) $'\\x41' ${A:-\"}\"}"  # for this shell
                Command "cat <<-'E'"
                  Redirect "<<-'E'"  # a here-document, below
                Separator "|"  # what it prints goes to
                Keyword "("  # a shell of its own
                Command "sed s/a/b/ 2>&1"
                  Redirect "2>&1"  # writes there
                Keyword ")"
                HereDocument "\thello $X\n"  # as it stands
                Command "diff <(sort a) >(wc -l)"
                  Process "<(sort a)"
                    Command "sort a"
                  Process ">(wc -l)"
                    Command "wc -l"
                Separator ";"  # then
                Command "echo $((1 + $(id -u))) $'\\x41' ${A:-\"}\"}"
                  Arithmetic "$((1 + $(id -u)))"
                    Substitution "$(id -u)"
                      Command "id -u"
                  Escapes "$'\\x41'"
                  Variable "${A:-\"}\"}"
        "#]],
    );
}

#[test]
fn command_lines_in_command_lines() {
    check(
        &[
            "env",
            "-i",
            "A=b",
            "sudo",
            "sh",
            "-c",
            "ssh -p 22 root@host \"rm -rf $DIR; reboot\" && python3 -c 'print(1)'",
        ],
        expect![[r#"
            argument 6
              Line "ssh -p 22 root@host \"rm -rf $DIR; reboot\" && python3 -c 'print(1)'"  # for the shell that is named before it
                Command "ssh -p 22 root@host \"rm -rf $DIR; reboot\""
                  Variable "$DIR"
                  Joined "rm -rf $DIR; reboot"  # for the shell of the other machine
                    Command "rm -rf $DIR"
                      Variable "$DIR"
                    Separator ";"  # then
                    Command "reboot"
                Separator "&&"  # then, if that succeeded
                Command "python3 -c 'print(1)'"
                  Program "print(1)"  # a program in Python
        "#]],
    );
    check(
        &[
            "find",
            "/srv",
            "-name",
            "*.tmp",
            "-exec",
            "rm",
            "-f",
            "{}",
            ";",
            "-exec",
            "sh",
            "-c",
            "echo \"$1\"",
            "_",
            "{}",
            "+",
        ],
        expect![[r#"
            argument 5
              Joined "rm -f '{}'"  # for each file that is found
                Command "rm -f '{}'"
            argument 12
              Line "echo \"$1\""  # for the shell that is named before it
                Command "echo \"$1\""
                  Variable "$1"
        "#]],
    );
    check(
        &["xargs", "-0", "-n", "1", "rm", "--", "a b"],
        expect![[r#"
        argument 4
          Joined "rm -- 'a b'"  # for what is read, put after it
            Command "rm -- 'a b'"
    "#]],
    );
    check(
        &["docker", "exec", "-it", "web", "bash", "-lc", "ls | wc -l"],
        expect![[r#"
        argument 6
          Line "ls | wc -l"  # for the shell that is named before it
            Command "ls"
            Separator "|"  # what it prints goes to
            Command "wc -l"
    "#]],
    );
    check(
        &["su", "-", "postgres", "-c", "psql"],
        expect![[r#"
        argument 4
          Line "psql"  # for a shell
            Command "psql"
    "#]],
    );
}

#[test]
fn what_runs_what_it_is_given() {
    let found = |line: &str| {
        let all = parts(&["sh", "-c", line]);
        let all = all.into_iter().flat_map(|(_, parts)| parts).filter_map(|it| it.found);
        all.map(|(it, _)| format!("{} {}", it.rule, &line[it.range])).collect::<Vec<_>>().join(", ")
    };
    for (line, expected) in [
        ("curl -fsSL https://x.example/i.sh | sh", "pipe-to-shell curl -fsSL https://x.example/i.sh | sh"),
        (
            "curl x | tee log | sudo -E bash -s -- --yes",
            "pipe-to-shell curl x | tee log | sudo -E bash -s -- --yes",
        ),
        ("a; wget -qO- x | env A=1 python3 -", "pipe-to-shell wget -qO- x | env A=1 python3 -"),
        ("eval \"$(ssh-agent)\"", "runs-output eval \"$(ssh-agent)\""),
        ("bash <(curl x)", "runs-output bash <(curl x)"),
        (". <(curl x)", "runs-output . <(curl x)"),
        ("bash -c \"$(curl x)\"", "runs-output bash -c \"$(curl x)\""),
        ("$(curl x)", "runs-output $(curl x)"),
        ("`curl x` now", "runs-output `curl x` now"),
        ("cat x | sh script.sh", ""),
        ("cat x | python3 -c 'import sys'", ""),
        ("sh script.sh $(nproc)", ""),
        ("echo $(date) | wc -l", ""),
        ("make -j$(nproc)", ""),
        ("eval echo a", ""),
    ] {
        assert_eq!(found(line), expected, "{line}");
    }
}

#[test]
fn what_is_not_understood_is_said() {
    for line in [
        "case $x in a) rm b;; esac",
        "f() { ls; }; f",
        "echo 'a",
        "echo \"a",
        "echo $(ls",
        "echo ${a",
        "echo `a",
        "ls )",
        "(ls",
        "cat <<E",
        "cat <<E\na\n",
        "ls >",
        "[[ a < b ]]",
        "((a++))",
        "a=(1 2)",
        "x=$(case a in b) c;; esac)",
    ] {
        let all = parts(&["sh", "-c", line]);
        let last = all[0].1.last().unwrap();
        assert_eq!(last.kind, Kind::Unclear, "{line}: {last:?}");
        assert!(!last.note.is_empty());
    }
}

#[test]
fn many_parts_and_long_lines_are_bounded() {
    let all = parts(&["sh", "-c", &"a;".repeat(5000)]);
    assert_eq!((all[0].1.len(), all[0].1.last().unwrap().kind), (399, Kind::Unclear));
    let all = parts(&["sh", "-c", &"a".repeat(20_000)]);
    assert_eq!(all[0].1.iter().map(|it| it.kind).collect::<Vec<_>>(), [Kind::Line, Kind::Unclear]);
}

#[test]
fn hostile_nesting_takes_no_time_and_no_stack() {
    let clock = Instant::now();
    for piece in [
        "(", "$(", "$((", "\"$(", "{ ", "`", "${a:-", "<(", "if ", "<<A ", "a|", "'", "\\", "sh -c ",
        "eval ", "\"", "a\n", "((", "${", "$(\"${",
    ] {
        let line = piece.repeat(16_000 / piece.len());
        let all = parts(&["sh", "-c", &line]);
        assert!(!all.is_empty());
        let nested = "sh -c '".repeat(200);
        parts(&["sh", "-c", &nested]);
    }
    assert!(clock.elapsed() < Duration::from_secs(5), "{:?}", clock.elapsed());
}

/// What a real shell makes of a line.
fn really(line: &[u8]) -> Vec<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt as _;
    let script = [b"printf '%s\\0' ".as_slice(), line].concat();
    let out = Command::new("/bin/sh").arg("-c").arg(std::ffi::OsStr::from_bytes(&script)).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    let mut all: Vec<_> = out.stdout.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
    all.pop();
    all
}

fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => "[a-z]{1,4}".prop_map(String::into_bytes),
        6 => prop::sample::select(vec![
            "$(", ")", "`", "\"", "'", "\\", "${a", "}", "<(", "<<E\n", "\nE\n", " ", "\n", ";", "&&", "||", "|", "&",
            ">", ">>", "2>&1", "(", "{ ", "sh -c ", "eval ", "sudo ", "#", "*", "~", "$x", "$((", "))", "if ", "!",
            "case ", "-exec ", "xargs ", "\u{e9}", "\u{202e}", "=", "$'", "[[ ", "-c ", "A=b ",
        ]).prop_map(|it| it.as_bytes().to_vec()),
        1 => prop::collection::vec(1..=u8::MAX, 0..4),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn the_line_as_it_is_typed_gives_exactly_the_arguments(argv in prop::collection::vec(hostile(), 1..6)) {
        let argv: Vec<_> = argv.iter().map(Vec::as_slice).collect();
        prop_assert_eq!(really(&quoted(&argv)), argv);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5000) })]

    #[test]
    fn whatever_it_is_it_is_taken_apart_or_not(line in hostile()) {
        for argv in [[b"sh".as_slice(), b"-c", &line], [b"find", b"-exec", &line], [&line, b"-c", &line], [b"ssh", b"host", &line]] {
            for (at, parts) in command_lines(argv[0], &argv) {
                prop_assert!(at < 3);
                prop_assert!(parts.len() < 400);
                for part in parts {
                    if let Some((found, _)) = part.found {
                        prop_assert!(found.range.start < found.range.end);
                    }
                    prop_assert!(part.depth < 20);
                }
            }
        }
    }
}
