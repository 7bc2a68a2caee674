//! Random tokens, and the tables of names that say what they are.

use super::{HEX, LETTERS, finds, missed, wrongly_found};
use crate::examples::Generator;
use crate::secrets::names::{OPEN, PUBLIC_PREFIXES, RATHER, SECRET, SERVICES};

const RULE: &str = "random-token";

fn random(of: &[u8], length: usize, seed: &str) -> String {
    Generator::new(seed).letters(of, length)
}

/// The names of `table` for which `is_right` does not hold.
#[track_caller]
fn check(table: &[&'static str], is_right: impl Fn(&str) -> bool) {
    let wrong: Vec<_> = table.iter().filter(|name| !is_right(name)).collect();
    assert!(!table.is_empty() && wrong.is_empty(), "{wrong:?}");
}

/// Whether any rule finds a secret in `line`.
fn is_secret(line: &str) -> bool {
    !super::found(line).is_empty()
}

#[test]
fn each_name_of_a_secret_makes_one_of_what_could_be_a_digest() {
    check(SECRET, |name| {
        let hex = random(HEX, 32, name);
        is_secret(&format!("{name} = {hex}")) && is_secret(&format!("x_{name}: \"{hex}\""))
    });
}

#[test]
fn each_service_makes_a_secret_of_what_could_be_a_digest() {
    check(SERVICES, |name| {
        let hex = random(HEX, 40, name);
        is_secret(&format!("{name} = {hex}"))
    });
}

#[test]
fn each_name_of_what_is_open_leaves_it_alone() {
    check(OPEN, |name| {
        let (hex, mixed) = (random(HEX, 40, name), random(LETTERS, 40, name));
        !is_secret(&format!("{name} = {hex}")) && !is_secret(&format!("{name}: \"{mixed}\""))
    });
}

#[test]
fn each_word_that_says_rather_takes_a_name_back() {
    check(RATHER, |name| {
        let hex = random(HEX, 40, name);
        !finds(RULE, &format!("{name}_key = {hex}")) && !finds(RULE, &format!("{name} session {hex}"))
    });
}

#[test]
fn a_prefix_that_is_shown_to_everyone_makes_no_key() {
    check(PUBLIC_PREFIXES, |name| {
        !finds(RULE, &format!("the value {name}_{} is old", random(LETTERS, 32, name)))
    });
    for name in ["zq", "qk7", "my_app", "kqzw"] {
        let line = format!("the value {name}_{}2907 is old", random(LETTERS, 32, name));
        assert!(finds(RULE, &line), "{line}");
    }
}

#[test]
fn a_random_token_is_found_where_something_says_what_it_is() {
    let yes = [
        "key ⟦<a 40>⟧",
        "the key is ⟦<a 40>⟧.",
        "let session = f(\"⟦<a 40>⟧\")",
        "https://x.example/y?key=⟦<h 32>⟧&z=1",
        "name = \"⟦<a 40>⟧\"",
        "key=⟦service-<h 8>-<h 4>-<h 4>-<h 4>-<h 12>⟧",
        "the value ⟦SU<u 56>⟧ x",
    ];
    let no = [
        "the value <h 40> is old",
        "the value <h 64> is old",
        "the value <h 8>-<h 4>-<h 4>-<h 4>-<h 12> is old",
        "key\n\n\n<h 40>",
        "key of the third shelf in the last room <h 40>",
        "monkey <h 40>",
        "https://x.example/key/<h 40>",
        "https://x.example/y?page=<h 32>",
        "key = example<a 40>",
        "key = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "key = <a 15>",
        "key = some/folder/with/names.txt",
        "key = thisIsTheNameOfSomethingInTheProgram",
        "ssh AAAAC3NzaC1lZDI1NTE5<a 48>",
    ];
    assert_eq!(missed(RULE, &yes), [""; 0]);
    assert_eq!(wrongly_found(RULE, &no), [""; 0]);
}
