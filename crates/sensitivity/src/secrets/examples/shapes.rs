//! Each row of [`SHAPES`] finds what is made by it, and nothing that is nearly so.
//!
//! The examples are made of the rows: a row that is added has its examples, and one that another
//! row hides is told by name. What the services say of their own forms stands in [`PUBLISHED`].

use std::collections::BTreeSet;

use super::{HEX, LETTERS, finds, found, made};
use crate::examples::Generator;
use crate::secrets::random::Class;
use crate::secrets::shapes::{SHAPES, Shape};

/// A row, one of its beginnings, and a generator for what follows it.
struct Example {
    row: &'static Shape,
    prefix: &'static str,
    generator: Generator,
}

impl Example {
    /// `length` letters of the class, of which none begins an escape. The last is no mark: one at the end
    /// belongs to the sentence.
    fn body(&mut self, length: usize) -> String {
        let all: Vec<u8> = (b'!'..=b'~').filter(|it| *it != b'%' && self.row.class.has(*it)).collect();
        let last: Vec<u8> = all.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
        self.generator.letters(&all, length - 1) + &self.generator.letters(&last, 1)
    }

    fn secret(&mut self, length: usize) -> String {
        self.prefix.to_owned() + &self.body(length)
    }

    fn finds(&self, text: &str) -> bool {
        finds(self.row.id, text)
    }

    /// Whether just `secret` is found by this row in `before`, `secret` and `after`.
    fn finds_just(&self, before: &str, secret: &str, after: &str) -> bool {
        let place = before.len()..before.len() + secret.len();
        let found = found(&[before, secret, after].concat());
        found.iter().any(|it| it.0 == self.row.id && it.1 == place) && found.len() == 1
    }
}

fn examples() -> impl Iterator<Item = Example> {
    SHAPES.iter().flat_map(|row| {
        row.prefixes.iter().map(move |prefix| Example {
            row,
            prefix,
            generator: Generator::new(&format!("{} {prefix}", row.id)),
        })
    })
}

/// Those of which no other beginning is a part: what is nearly one of these is not one of its neighbours.
fn examples_apart() -> impl Iterator<Item = Example> {
    examples()
        .filter(|it| it.row.prefixes.iter().all(|other| *other == it.prefix || !it.prefix.contains(other)))
}

/// Checks `is_right` of all `examples`, which have to be of `rows` rows at least.
#[track_caller]
fn check(examples: impl Iterator<Item = Example>, rows: usize, is_right: impl Fn(&mut Example) -> bool) {
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for mut example in examples {
        seen.insert((example.row.id, example.row.prefixes));
        if !is_right(&mut example) {
            wrong.push(format!("{} {}", example.row.id, example.prefix));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen.len() >= rows, "{} rows have such an example", seen.len());
}

#[test]
fn every_row_finds_what_it_is_made_for() {
    check(examples(), SHAPES.len(), |it| {
        let (least, most) = (it.row.least, it.row.most);
        [least, (least + most.min(400)) / 2, most].into_iter().all(|length| {
            let secret = it.secret(length);
            it.finds_just("the value ", &secret, " is old") && it.finds_just("", &secret, "")
        })
    });
}

#[test]
fn a_sign_around_a_secret_is_no_part_of_it() {
    check(examples(), SHAPES.len(), |it| {
        let secret = it.secret(it.row.least);
        [
            ("\"", "\","),
            ("(", ")"),
            ("`", "`."),
            ("x = '", "';"),
            ("- ", "\n- y"),
            ("see ", ". And"),
            ("see ", "- y"),
        ]
        .into_iter()
        .all(|(before, after)| it.finds_just(before, &secret, after))
    });
}

#[test]
fn the_letter_of_an_escape_before_a_secret_is_no_part_of_it() {
    check(examples(), SHAPES.len(), |it| {
        let secret = it.secret(it.row.least);
        ["a\\n", "a\\t", "\u{1b}[0m"].into_iter().all(|before| it.finds_just(before, &secret, " b"))
    });
}

#[test]
fn one_letter_too_few_or_too_many_is_nothing() {
    check(examples_apart(), SHAPES.len(), |it| {
        [it.row.least - 1, it.row.most + 1].into_iter().all(|length| {
            let secret = it.secret(length);
            !it.finds(&format!("the value {secret} is old"))
        })
    });
}

#[test]
fn a_letter_of_another_alphabet_ends_it() {
    check(examples_apart(), SHAPES.len(), |it| {
        let (length, foreign) = (it.row.least, foreign(it.row.class));
        let (first, second) = (it.secret(length / 2), it.body(length - length / 2));
        !it.finds(&format!("the value {first}{foreign}{second} is old"))
    });
}

/// A letter that a class does not have, and its neighbours do.
fn foreign(class: Class) -> char {
    match class {
        Class::Hex | Class::Upper => 'g',
        Class::Letters => '_',
        Class::Lower => 'G',
        Class::Token | Class::Base64 | Class::Telegram => '.',
        Class::Dotted => '/',
        Class::Pathish => ':',
        Class::Slackish => '+',
    }
}

#[test]
fn within_a_longer_word_it_is_nothing() {
    check(examples_apart(), SHAPES.len(), |it| {
        let secret = it.secret(it.row.least);
        !["k", "Q", "7"].into_iter().any(|before| it.finds(&format!("the value {before}{secret} is old")))
    });
}

#[test]
fn letters_of_the_beginning_have_their_case() {
    let swapped = |it: &str| -> String {
        let swap = |it: char| {
            if it.is_ascii_lowercase() { it.to_ascii_uppercase() } else { it.to_ascii_lowercase() }
        };
        it.chars().map(swap).collect()
    };
    // Numbers have none.
    let examples = examples_apart().filter(|it| swapped(it.prefix) != it.prefix);
    check(examples, SHAPES.len() - 2, |it| {
        let body = it.body(it.row.least);
        !it.finds(&format!("the value {}{body} is old", swapped(it.prefix)))
    });
}

#[test]
fn what_stands_for_a_secret_is_none() {
    check(examples(), SHAPES.len(), |it| {
        let (length, class) = (it.row.least, it.row.class);
        let has = |word: &str| word.bytes().all(|letter| class.has(letter));
        let mut bodies: Vec<String> = Vec::new();
        for word in ["EXAMPLE", "example", "your", "YOUR", "placeholder", "REDACTED"] {
            if has(word) && word.len() <= length {
                let (before, body) = ((length - word.len()) / 2, it.body(length));
                bodies.push(format!("{}{word}{}", &body[..before], &body[before + word.len()..]));
            }
        }
        let of_words = bodies.iter().any(|body| it.finds(&format!("the value {}{body} is old", it.prefix)));
        let rows = ["x", "X", "0", "a", "A", "deadbeef"].into_iter().filter(|row| has(row));
        let mut rows = rows.map(|row| row.repeat(length)[..length].to_owned());
        !of_words && !rows.any(|body| !found(&format!("the value {}{body} is old", it.prefix)).is_empty())
    });
}

#[test]
fn words_after_the_beginning_are_none() {
    let words = "theotherinterestinthelastandfirstlinesofthatisnotherebutstaysonalltheshelvesandbooks";
    let fits =
        |it: &Example| words.bytes().all(|letter| it.row.class.has(letter)) && it.row.least <= words.len();
    check(examples_apart().filter(fits), 120, |it| {
        !it.finds(&format!("the value {}{} is old", it.prefix, &words[..it.row.least]))
    });
}

#[test]
fn a_row_has_a_name_and_can_be_met() {
    let mut names = BTreeSet::new();
    for row in SHAPES {
        assert!(names.insert(row.id), "{} is there twice", row.id);
        assert!(!row.name.is_empty() && !row.prefixes.is_empty() && row.least <= row.most, "{}", row.id);
        let is_name = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        assert!(row.id.bytes().all(is_name), "{}", row.id);
    }
}

/// Forms that services publish: rule, beginning, alphabet, length. The table may let in more, and never less.
const PUBLISHED: &[(&str, &str, &[u8], usize)] = &[
    ("github-token", "ghp_", LETTERS, 36),
    ("github-token", "ghs_", LETTERS, 36),
    ("gitlab-token", "glpat-", LETTERS, 20),
    ("npm-token", "npm_", LETTERS, 36),
    ("crates-token", "cio", LETTERS, 32),
    ("rubygems-key", "rubygems_", HEX, 48),
    ("aws-access-key", "AKIA", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
    ("aws-access-key", "ASIA", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
    ("google-key", "AIza", LETTERS, 35),
    ("google-oauth-secret", "GOCSPX-", LETTERS, 28),
    ("digitalocean-token", "dop_v1_", HEX, 64),
    ("databricks-token", "dapi", HEX, 32),
    ("stripe-key", "sk_live_", LETTERS, 24),
    ("stripe-key", "rk_live_", LETTERS, 99),
    ("shopify-token", "shpat_", HEX, 32),
    ("sendgrid-key", "SG.", b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", 66),
    ("mailgun-key", "key-", HEX, 32),
    ("twilio-key", "SK", HEX, 32),
    ("huggingface-token", "hf_", LETTERS, 34),
    ("linear-key", "lin_api_", LETTERS, 40),
    ("postman-key", "PMAK-", HEX, 59),
    ("pulumi-token", "pul-", HEX, 40),
    ("openrouter-key", "sk-or-v1-", HEX, 64),
    ("anthropic-key", "sk-ant-api03-", LETTERS, 95),
    ("age-key", "AGE-SECRET-KEY-1", b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
];

#[test]
fn what_services_publish_of_their_forms_is_found() {
    let mut wrong = Vec::new();
    for (rule, prefix, letters, length) in PUBLISHED {
        let mut generator = Generator::new(prefix);
        let last = generator.one(&letters[..letters.len().min(32)]);
        let secret = format!("{prefix}{}{last}", generator.letters(letters, length - 1));
        let place = 4..4 + secret.len();
        if found(&format!("use {secret} here")) != [((*rule).to_owned(), place)] {
            wrong.push(prefix);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_secret_with_escapes_in_it_is_found_whole() {
    let (text, places) = made("d=⟦xoxd-<a 20>%2F<a 20>%2Bq<a 20>%3D⟧;");
    assert!(found(&text).contains(&("slack-token".to_owned(), places[0].clone())), "{:?}", found(&text));
}

#[test]
fn of_two_beginnings_the_longer_one_says_what_it_is() {
    let (text, places) = made("use ⟦sk-ant-api03-<a 95>⟧ here");
    assert_eq!(found(&text), [("anthropic-key".to_owned(), places[0].clone())]);
    let (text, places) = made("use ⟦sk-ant-<a 20>⟧ here");
    assert_eq!(found(&text), [("model-key".to_owned(), places[0].clone())]);
}
