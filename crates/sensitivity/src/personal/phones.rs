//! Telephone numbers.
//!
//! An international number, one of North America and one with a trunk prefix and groups say by their form what they
//! are. Any other needs a word beside it. Whether a number can exist says libphonenumber's data, which is asked last
//! and only so often for one text: after that the form alone decides, and says too much rather than too little.

use std::ops::{Deref, DerefMut, Range};

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use super::checks::{is_day, number};
use crate::text::Text;

/// What is known of where a number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// Nothing.
    No,
    /// The number is the whole text.
    Whole,
    /// A word for a telephone is near.
    Near,
    /// A word for a telephone stands beside it.
    Label,
}

/// How often libphonenumber is asked for one text.
const MOST_ASKED: usize = 200;
/// How many places of one piece of text can begin a number.
const MOST_TRIES: u8 = 3;
/// The most bytes of a number.
const LONGEST: usize = 28;

/// Regions whose national numbers begin with a trunk zero.
const WITH_ZERO: [Region; 18] = [
    Region::GB,
    Region::DE,
    Region::FR,
    Region::TR,
    Region::AU,
    Region::NL,
    Region::BE,
    Region::CH,
    Region::AT,
    Region::SE,
    Region::IL,
    Region::IN,
    Region::JP,
    Region::KR,
    Region::IT,
    Region::ZA,
    Region::NZ,
    Region::FI,
];
/// Regions whose national numbers do not.
const WITHOUT: [Region; 9] = [
    Region::US,
    Region::TR,
    Region::IN,
    Region::ES,
    Region::PL,
    Region::PT,
    Region::NO,
    Region::DK,
    Region::SG,
];

/// A piece of text that can be a number.
struct Shape<'t> {
    range: Range<usize>,
    text: &'t [u8],
    /// The lengths of the groups of digits.
    groups: Few,
    digits: Few,
    is_international: bool,
    /// Whether digits stand before it, so that it can be the end of something longer.
    is_piece: bool,
    /// Whether one kind of sign stands between all groups, but for an area code in brackets.
    is_even: bool,
}

/// A few small numbers, without an allocation: shapes are many, and nearly none is a number of a telephone.
#[derive(Default)]
struct Few {
    all: [u8; LONGEST],
    count: usize,
}

impl Few {
    fn push(&mut self, number: u8) {
        if let Some(free) = self.all.get_mut(self.count) {
            *free = number;
            self.count += 1;
        }
    }
}

impl Deref for Few {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.all[..self.count]
    }
}

impl DerefMut for Few {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.all[..self.count]
    }
}

/// What was asked so far.
#[derive(Default)]
pub(super) struct Phones {
    asked: usize,
    /// The end of the last piece of text that was looked at, and how often something in it was.
    last: usize,
    tries: u8,
    /// The end of the last number that was found.
    found: usize,
}

impl Phones {
    /// The number whose first digit stands at `first`. `said` is asked what is known of a range.
    pub(super) fn at(
        &mut self,
        text: &Text<'_>,
        first: usize,
        said: impl FnOnce(&Range<usize>) -> Said,
    ) -> Option<Range<usize>> {
        // Digits with signs between them are one piece of text, not as many as there are digits.
        if first < self.last && self.tries >= MOST_TRIES {
            return None;
        }
        if first >= self.last && has_few_digits(text, first) {
            return None;
        }
        let shape = shape(text, first, self.found)?;
        if shape.range.start >= self.last {
            (self.last, self.tries) = (shape.range.end, 0);
        }
        self.tries += 1;
        if !(7..=15).contains(&shape.digits.len()) || is_date(&shape) || is_address(&shape) {
            return None;
        }
        let said = said(&shape.range);
        if shape.is_piece && said < Said::Near {
            return None;
        }
        let is_phone = if shape.is_international {
            said == Said::Label || self.is_valid(shape.text, None)
        } else if let Some(rest) =
            shape.digits.strip_prefix(b"00").filter(|_| said > Said::No || shape.groups.len() > 3)
        {
            self.is_valid(&[b"+", rest].concat(), None)
        } else if is_american(&shape) {
            self.is_valid(shape.text, Some(Region::US)) || said == Said::Label
        } else {
            self.is_national(&shape, said)
        };
        if is_phone {
            self.found = shape.range.end;
        }
        is_phone.then_some(shape.range)
    }

    /// Numbers as they are dialled within a country.
    fn is_national(&mut self, shape: &Shape<'_>, said: Said) -> bool {
        let has_trunk = shape.digits[0] == b'0' && matches!(shape.digits.get(1), Some(b'1'..=b'9'));
        // Four groups and a zero before them: hardly anything else is written so.
        let is_grouped = has_trunk
            && shape.is_even
            && (9..=11).contains(&shape.digits.len())
            && (shape.groups.len() >= 4 || shape.groups.len() == 3 && shape.groups[2] >= 3)
            && shape.groups.iter().all(|it| *it >= 2);
        match said {
            // Whoever writes the word and groups of digits means a number, even one that does not exist.
            Said::Label if shape.groups.len() > 1 || has_trunk => true,
            Said::Near if shape.groups.len() > 1 && shape.is_even => {
                self.is_valid_somewhere(shape, has_trunk)
            }
            Said::Label | Said::Whole => self.is_valid_somewhere(shape, has_trunk),
            Said::Near if shape.digits.len() >= 10 => self.is_valid_somewhere(shape, has_trunk),
            Said::No | Said::Near => is_grouped && self.is_valid_somewhere(shape, has_trunk),
        }
    }

    fn is_valid_somewhere(&mut self, shape: &Shape<'_>, has_trunk: bool) -> bool {
        let regions: &[Region] = if has_trunk { &WITH_ZERO } else { &WITHOUT };
        regions.iter().any(|it| self.is_valid(shape.text, Some(*it)))
    }

    fn is_valid(&mut self, text: &[u8], region: Option<Region>) -> bool {
        self.asked += 1;
        if self.asked > MOST_ASKED {
            return true;
        }
        let Ok(text) = std::str::from_utf8(text) else { return false };
        PHONE_NUMBER_UTIL.parse(text, region).is_ok_and(|it| it.is_valid())
    }
}

/// Whether so few digits stand at `first` and after it that no number does. Most numbers are such ones.
fn has_few_digits(text: &Text<'_>, first: usize) -> bool {
    let next = text.bytes[first..].first_chunk::<LONGEST>();
    next.is_some_and(|it| it.iter().map(|it| u8::from(it.is_ascii_digit())).sum::<u8>() < 7)
}

/// The digits at `first` and those that follow with signs of telephone numbers between them.
fn shape<'t>(text: &Text<'t>, first: usize, last: usize) -> Option<Shape<'t>> {
    let before = text.before(first, 2);
    let start = match before {
        [.., b'+'] => first - 1,
        [.., b'('] => first - 1,
        _ => first,
    };
    let is_international = before.ends_with(b"+");
    let is_piece = start != last + 1
        && matches!(text.before(start, 2), [digit, b' ' | b'-' | b'.'] if digit.is_ascii_digit());
    let outside = text.before(start, 1).first().copied().unwrap_or(b' ');
    if outside.is_ascii_alphanumeric() || b"._/\\@%$-+&#".contains(&outside) {
        return None;
    }
    let (mut groups, mut digits, mut between) = (Few::default(), Few::default(), Few::default());
    let (mut end, mut length, mut gap) = (start, 0, 0);
    for (at, byte) in (first..).zip(text.after(first, LONGEST)) {
        match byte {
            b'0'..=b'9' => {
                if gap > 0 || length == 0 {
                    groups.push(0);
                    length = 0;
                }
                (gap, length, end) = (0, length + 1, at + 1);
                *groups.last_mut()? = length;
                digits.push(*byte);
            }
            // Another number follows.
            b' ' if matches!(*groups, [3, 3, 4] | [1, 3, 3, 4]) => break,
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' if gap < 2 => {
                gap += 1;
                between.push(*byte);
            }
            _ => break,
        }
    }
    // The signs after the last digit are none of its own, and brackets are none between groups.
    let signs = &between[..between.len() - gap];
    let mut signs = signs.iter().filter(|it| !matches!(it, b'(' | b')'));
    let first_sign = signs.next();
    let brackets = text.part(start..end).contains(&b')');
    let is_even = signs.all(|it| Some(it) == first_sign) || brackets;
    let after = text.after(end, 2);
    let goes_on = match after {
        [b'.' | b'-' | b'/' | b',' | b':', next] => next.is_ascii_alphanumeric(),
        [next, ..] => next.is_ascii_alphanumeric() || b"_@%".contains(next),
        [] => false,
    };
    let range = start..end;
    (!goes_on && end > first).then(|| Shape {
        text: text.part(range.clone()),
        range,
        groups,
        digits,
        is_international,
        is_piece,
        is_even,
    })
}

/// `ddd-ddd-dddd`, `(ddd) ddd-dddd` and the like, with codes of areas and exchanges that can be.
fn is_american(shape: &Shape<'_>) -> bool {
    let (groups, digits) = match &*shape.groups {
        [1, rest @ ..] if shape.digits[0] == b'1' => (rest, &shape.digits[1..]),
        rest => (rest, &shape.digits[..]),
    };
    let signs = shape.text.iter().any(|it| matches!(it, b'-' | b'.' | b')'));
    groups == [3, 3, 4] && shape.is_even && digits[0] >= b'2' && digits[3] >= b'2' && signs
}

/// Years, months and days in any order.
fn is_date(shape: &Shape<'_>) -> bool {
    let part = |from: usize, to: usize| number(&shape.digits[from..to]);
    match &*shape.groups {
        [4, 2, 2, ..] => is_day(0, part(4, 6), part(6, 8)) && matches!(part(0, 4), 1800..=2200),
        [2, 2, 4, ..] => {
            (is_day(0, part(2, 4), part(0, 2)) || is_day(0, part(0, 2), part(2, 4)))
                && matches!(part(4, 8), 1800..=2200)
        }
        [8] => matches!(part(0, 4), 1900..=2100) && is_day(0, part(4, 6), part(6, 8)),
        [14] => matches!(part(0, 4), 1900..=2100) && is_day(0, part(4, 6), part(6, 8)),
        // A version and its day.
        [.., 4, 2, 2] => {
            let end = shape.digits.len();
            matches!(part(end - 8, end - 4), 1900..=2100)
                && is_day(0, part(end - 4, end - 2), part(end - 2, end))
        }
        [4, 4, ..] | [4, 1..=2, 1..=2, ..] => matches!(part(0, 4), 1900..=2100),
        _ => false,
    }
}

/// Four numbers with dots between are an address of the internet.
fn is_address(shape: &Shape<'_>) -> bool {
    let numbers = shape.text.split(|it| *it == b'.').map(number);
    shape.groups.len() == 4 && numbers.filter(|it| (1..=255).contains(it)).count() == 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, said: Said) -> Option<&str> {
        let first = text.find(|it: char| it.is_ascii_digit())?;
        Phones::default().at(&Text { bytes: text.as_bytes() }, first, |_| said).map(|it| &text[it])
    }

    #[test]
    fn forms_that_speak_for_themselves() {
        assert_eq!(found("at +49 30 901820, please", Said::No), Some("+49 30 901820"));
        assert_eq!(found("(212) 555-2368", Said::No), Some("(212) 555-2368"));
        assert_eq!(found("01 84 17 61 18", Said::No), Some("01 84 17 61 18"));
        assert_eq!(found("020 7946 0958", Said::No), Some("020 7946 0958"));
    }

    #[test]
    fn others_need_a_word() {
        assert_eq!(found("72 128 827", Said::No), None);
        assert_eq!(found("72 128 827", Said::Label), Some("72 128 827"));
        assert_eq!(found("943 476 5910 cycles", Said::No), None);
    }

    #[test]
    fn what_is_something_else_is_not() {
        for text in [
            "2024-02-29",
            "29.02.2024",
            "84.118.37.201",
            "20240229143000",
            "1,234,567.89",
            "12345678-1234-1234",
            "+1",
        ] {
            assert_eq!(found(text, Said::Label), None, "{text}");
        }
    }
}
