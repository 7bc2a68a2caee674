//! Texts without their secrets.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sensitivity::Rules;

fn without(text: &str) -> String {
    String::from_utf8(Rules::built_in().without_secrets(text.as_bytes()).into_owned()).unwrap()
}

#[test]
fn the_name_of_a_secret_stands_in_its_place() {
    let token = ["glpat", "-", "x7Kq2", "mVt9R", "bW4cZ", "p8LsQ"].concat();
    let made = without(&format!("use {token} \u{2192} and {token}.\n"));
    assert!(!made.contains("x7Kq2"), "{made}");
    assert!(
        made.starts_with("use [") && made.ends_with("].\n") && made.contains("] \u{2192} and ["),
        "{made}"
    );
}

#[test]
fn none_of_very_many_is_left() {
    let alphabet: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
    let token = |n: usize| -> String {
        let letter = |at: usize| alphabet[(n * 7919 + at * 613 + at * at * 17 + n / 13) % alphabet.len()];
        format!("glpat-{}", (0..20).map(letter).collect::<String>())
    };
    let text: String = (0..400).map(|n| format!("- {}\n", token(n))).collect();
    assert!(text.contains("glpat-"));
    assert!(!without(&text).contains("glpat-"));
    assert_eq!(without(&text).lines().count(), 400);
}

#[test]
fn what_has_none_stays_as_it_is() {
    for text in [
        "",
        "Nothing to see here.\n",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ] {
        assert_eq!(without(text), text);
    }
}
