//! What lets in more than before, and what only looks so.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sensitivity::{Category, Reach, Rules};

fn found(text: &str) -> Vec<String> {
    let all = Rules::built_in().scan(text.as_bytes(), Reach::Public);
    all.into_iter().filter(|it| it.category == Category::Access).map(|it| text[it.range].to_owned()).collect()
}

/// The texts of `list`, divided by lines of `---`, in which nothing is found, or something, when `wanted` is the other.
#[track_caller]
fn check(list: &str, wanted: bool) {
    let wrong: Vec<_> = list
        .split("\n---\n")
        .map(str::trim)
        .filter(|it| !it.is_empty() && found(it).is_empty() == wanted)
        .map(|it| format!("{it}\n   {:?}", found(it)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_opens_is_found() {
    check(include_str!("access/found.txt"), true);
}

#[test]
fn what_stays_closed_is_not() {
    check(include_str!("access/closed.txt"), false);
}

#[test]
fn own_set() {
    let own = include_str!("own/access.txt");
    let plain = |it: &str| {
        it[2..].replace(['⟦', '⟧', '‸'], "").replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
    };
    for line in own.lines().filter(|it| !it.starts_with('#')) {
        let seen = found(&plain(line));
        assert_eq!(line.starts_with('+'), !seen.is_empty(), "{line}: {seen:?}");
    }
}
