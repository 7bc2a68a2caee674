//! Each row of the tables finds numbers that are made by its shapes and check, and none that fail it.
//!
//! The numbers are made at random until the check of the row takes one, so that none stands here
//! that somebody could hold. A row that is added has its examples by itself.

use std::collections::BTreeSet;

use super::{Alone, RULES, Rule};
use crate::examples::Generator;
use crate::personal::contexts::WORDS;
use crate::{Category, Reach, Rules};

/// Numbers that are tried of each shape. A date and two check digits let through one of some thousands.
const TRIES: usize = 60_000;

fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().flatten()
}

/// A number of `shape`. Dates are in many, so that half of the digits are those that dates have most.
fn number(shape: &str, generator: &mut Generator) -> String {
    let mut made = String::new();
    for sign in shape.chars() {
        let letter = match sign {
            'd' if generator.number().is_multiple_of(2) => generator.one(b"01"),
            'd' => generator.one(b"0123456789"),
            'L' => generator.one(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            'x' => generator.one(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            '=' => '-',
            '~' | '?' => continue,
            other => other,
        };
        made.push(letter);
    }
    made
}

/// Numbers of `rule`: some that its check takes, and some that it does not.
fn numbers(rule: &Rule) -> (Vec<String>, Vec<String>) {
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for shape in rule.shapes {
        let mut generator = Generator::new(&format!("{} {shape}", rule.title));
        let (mut more_right, mut more_wrong) = (8, 4);
        for _ in 0..TRIES {
            let number = number(shape, &mut generator);
            let compact: Vec<u8> = number.bytes().filter(u8::is_ascii_alphanumeric).collect();
            let (kept, more) = match (rule.check)(&compact) {
                true => (&mut right, &mut more_right),
                false => (&mut wrong, &mut more_wrong),
            };
            if *more > 0 {
                kept.push(number);
                *more -= 1;
            }
            if more_right == 0 {
                break;
            }
        }
    }
    (right, wrong)
}

/// Whether `rule`, or one of the same title, finds `number` in `line`.
fn finds(rule: &Rule, line: &str, number: &str) -> bool {
    let found = Rules::built_in().scan(line.as_bytes(), Reach::Public);
    found.iter().any(|it| {
        it.category == Category::Personal && it.title == rule.title && line[it.range.clone()] == *number
    })
}

/// A word of each topic of `rule`.
fn words(rule: &Rule) -> Vec<&'static str> {
    let topics = WORDS.iter().filter(|(topic, _)| topic.set() & rule.near != 0);
    topics.flat_map(|(_, words)| words.iter().take(6)).copied().collect()
}

#[test]
fn every_row_finds_its_numbers_beside_a_word_of_its_topic() {
    let mut missed = Vec::new();
    for rule in rules() {
        let (right, _) = numbers(rule);
        // Another row can know the same number better: one that is found is enough.
        let is_found = |number: &String| {
            words(rule).iter().any(|word| finds(rule, &format!("{word}: {number}"), number))
        };
        if !right.iter().any(is_found) {
            missed.push(format!("{} {:?}, {} made", rule.title, rule.shapes, right.len()));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_number_that_fails_its_check_is_not_of_that_row() {
    let (mut found, mut checked) = (Vec::new(), BTreeSet::new());
    for rule in rules() {
        let (_, wrong) = numbers(rule);
        for number in &wrong {
            let others = rules().filter(|it| it.title == rule.title);
            let compact: Vec<u8> = number.bytes().filter(u8::is_ascii_alphanumeric).collect();
            if others.into_iter().any(|it| (it.check)(&compact)) {
                continue;
            }
            checked.insert(rule.title);
            let is_found = |word: &&str| finds(rule, &format!("{word}: {number}"), number);
            found.extend(
                words(rule)
                    .iter()
                    .filter(|it| is_found(it))
                    .map(|word| format!("{} {word} {number}", rule.title)),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(checked.len() > 100, "{}", checked.len());
}

#[test]
fn plain_numbers_are_of_no_row_without_a_word() {
    let mut found = Vec::new();
    let always: BTreeSet<_> = rules().filter(|it| it.alone == Alone::Always).map(|it| it.title).collect();
    for rule in rules().filter(|it| !always.contains(it.title)) {
        let (right, _) = numbers(rule);
        let is_found = |number: &&String| finds(rule, &format!("there are {number} of it in all"), number);
        found.extend(right.iter().filter(is_found).map(|number| format!("{} {number}", rule.title)));
    }
    assert!(found.is_empty(), "{found:#?}");
}
