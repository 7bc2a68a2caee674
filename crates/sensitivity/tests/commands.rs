//! Commands that cannot be taken back, and those that only look so.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sensitivity::{Category, Reach, Rules};

fn found(text: &str) -> Vec<String> {
    let all = Rules::built_in().scan(text.as_bytes(), Reach::Public);
    all.into_iter()
        .filter(|it| it.category == Category::Destructive)
        .map(|it| text[it.range].to_owned())
        .collect()
}

/// The lines of `list` in which nothing is found, or something, when `wanted` is the other.
#[track_caller]
fn check(list: &str, wanted: bool) {
    let wrong: Vec<_> =
        list.lines().map(str::trim).filter(|it| !it.is_empty() && found(it).is_empty() == wanted).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_cannot_be_taken_back_is_found() {
    check(include_str!("commands/found.txt"), true);
}

#[test]
fn what_does_no_harm_is_not() {
    check(include_str!("commands/harmless.txt"), false);
}

#[test]
fn own_set() {
    let own = include_str!("own/destructive.txt");
    let plain = |it: &str| {
        it[2..].replace(['⟦', '⟧', '‸'], "").replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
    };
    for line in own.lines().filter(|it| !it.starts_with('#')) {
        let seen = found(&plain(line));
        assert_eq!(line.starts_with('+'), !seen.is_empty(), "{line}: {seen:?}");
    }
}

#[test]
fn each_is_named_as_what_it_is() {
    let rules = |text: &str| {
        found(text).iter().map(|it| it.split(' ').next().unwrap_or("").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rules("reg delete HKCU\\Software\\X /f").len(), 1);
    assert!(!rules("echo cm0gLXJmIC8K | base64 -d | sh").is_empty());
}

#[test]
fn a_name_alone_in_quotation_marks_is_spoken_of() {
    for text in ["The purpose is `halt`.", "{ \"purposes\": [\"deny\", \"halt\"] }", "| `halt` | device |"] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
    for text in ["halt", "$ reboot", "Run `reboot now` and wait.", "`halt -p`"] {
        assert!(!found(text).is_empty(), "{text}");
    }
}
