//! Examples of every rule on secrets, made by a generator: no text that looks like a live secret stands here.

mod named;
mod places;
mod shapes;
mod tokens;

use std::ops::Range;

use crate::examples::Generator;
use crate::{Category, Reach, Rules};

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";
const DIGITS: &[u8] = b"0123456789";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What is found in `text`: the rule, and where.
fn found(text: &str) -> Vec<(String, Range<usize>)> {
    let all = Rules::built_in().scan(text.as_bytes(), Reach::Public);
    let secrets = all.into_iter().filter(|it| it.category == Category::Secret);
    secrets.map(|it| (it.rule.into_owned(), it.range)).collect()
}

/// Whether `rule` finds something in `text`.
fn finds(rule: &str, text: &str) -> bool {
    found(text).iter().any(|it| it.0 == rule)
}

/// A line of a table, made into a text: `<a 20>` becomes twenty letters and digits, `<h 32>` hexadecimal digits,
/// `<d 8>` digits, `<b 40>` base64, `<u 20>` base32. What has to be found stands in brackets, which go.
fn made(line: &str) -> (String, Vec<Range<usize>>) {
    let mut generator = Generator::new(line);
    let (mut text, mut places, mut start, mut rest) = (String::new(), Vec::new(), 0, line);
    while let Some(letter) = rest.chars().next() {
        if let Some((of, length, after)) = wish(rest) {
            text.push_str(&generator.letters(of, length));
            rest = after;
            continue;
        }
        match letter {
            '⟦' => start = text.len(),
            '⟧' => places.push(start..text.len()),
            _ => text.push(letter),
        }
        rest = &rest[letter.len_utf8()..];
    }
    (text, places)
}

/// The alphabet and length that `rest` begins with a wish for, and what stands after it.
fn wish(rest: &str) -> Option<(&'static [u8], usize, &str)> {
    let (wish, after) = rest.strip_prefix('<')?.split_once('>')?;
    let (kind, length) = wish.split_once(' ')?;
    let of = match kind {
        "a" => LETTERS,
        "h" => HEX,
        "d" => DIGITS,
        "b" => BASE64,
        "u" => BASE32,
        _ => return None,
    };
    Some((of, length.parse().ok()?, after))
}

/// The lines of which not just what stands in brackets is found by `rule`.
fn missed<'l>(rule: &str, lines: &[&'l str]) -> Vec<&'l str> {
    let is_missed = |line: &&&str| {
        let (text, places) = made(line);
        let found = found(&text);
        let is_found = |place: &Range<usize>| found.iter().any(|it| it.0 == rule && it.1 == *place);
        places.is_empty() || !places.iter().all(is_found) || found.len() != places.len()
    };
    lines.iter().filter(is_missed).copied().collect()
}

/// The lines in which `rule` finds something.
fn wrongly_found<'l>(rule: &str, lines: &[&'l str]) -> Vec<&'l str> {
    lines.iter().filter(|line| finds(rule, &made(line).0)).copied().collect()
}
