//! How a text looks that nobody chose: alphabets, entropy, and what only stands for a secret.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Of which bytes a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// `0-9a-fA-F`
    Hex,
    /// `A-Za-z0-9`
    Letters,
    /// `a-z0-9`
    Lower,
    /// `A-Z0-9`
    Upper,
    /// Letters, digits, `_` and `-`.
    Token,
    /// As a token, with `.`, `=` and `~`.
    Dotted,
    /// As a token, with `+`, `/` and `=`.
    Base64,
    /// As a token, with `/`, `.`, `@`, `$` and `+`.
    Pathish,
    /// As a token, with `/` and `.`: what Slack was seen to use.
    Slackish,
    /// Digits, a colon, and a token: Telegram.
    Telegram,
}

impl Class {
    pub(crate) fn has(self, byte: u8) -> bool {
        let token = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        match self {
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Letters => byte.is_ascii_alphanumeric(),
            Self::Lower => byte.is_ascii_lowercase() || byte.is_ascii_digit(),
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Token => token,
            Self::Dotted => token || matches!(byte, b'.' | b'=' | b'~'),
            Self::Base64 => token || matches!(byte, b'+' | b'/' | b'='),
            Self::Pathish => token || matches!(byte, b'/' | b'.' | b'@' | b'$' | b'+'),
            Self::Slackish => token || matches!(byte, b'/' | b'.' | b'%'),
            Self::Telegram => token || byte == b':',
        }
    }
}

/// Bits per byte, by how often each byte stands in `text`.
pub(crate) fn entropy(text: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    text.iter().for_each(|it| counts[usize::from(*it)] += 1);
    let all = text.len() as f64;
    let parts = counts.iter().filter(|it| **it > 0).map(|it| f64::from(*it) / all);
    -parts.map(|it| it * it.log2()).sum::<f64>()
}

/// The pairs of letters that are frequent in words of English and of programs, and of its neighbours.
const FREQUENT: &[&str] = &[
    "th", "he", "in", "er", "an", "re", "on", "at", "en", "nd", "ti", "es", "or", "te", "of", "ed", "is",
    "it", "al", "ar", "st", "to", "nt", "ng", "se", "ha", "as", "ou", "io", "le", "ve", "co", "me", "de",
    "hi", "ri", "ro", "ic", "ne", "ea", "ra", "ce", "li", "ch", "ll", "be", "ma", "si", "om", "ur", "ca",
    "el", "ta", "la", "ns", "di", "fo", "ho", "pe", "ec", "pr", "no", "ct", "us", "ac", "ot", "il", "tr",
    "ly", "nc", "et", "ut", "ss", "so", "rs", "un", "lo", "wa", "ge", "ie", "wh", "ee", "wi", "em", "ad",
    "ol", "rt", "po", "we", "na", "ul", "ni", "ts", "mo", "ow", "pa", "im", "mi", "ai", "sh", "ir", "su",
    "id", "os", "iv", "ia", "am", "fi", "ci", "vi", "pl", "ig", "tu", "ev", "ld", "ry", "mp", "fe", "bl",
    "ab", "gh", "ty", "op", "wo", "sa", "ay", "ex", "ke", "fr", "oo", "av", "ag", "if", "ap", "gr", "od",
    "bo", "sp", "rd", "do", "uc", "bu", "ei", "ov", "by", "rm", "ep", "tt", "oc", "fa", "ef", "cu", "rn",
    "sc", "gi", "da", "yo", "cr", "cl", "du", "ga", "qu", "ue", "ff", "ba", "ey", "ls", "va", "um", "pp",
    "ua", "up", "lu", "go", "ht", "ru", "ug", "ds", "lt", "pi", "rc", "rr", "eg", "au", "ck", "ew", "mu",
    "br", "bi", "pt", "ak", "pu", "ui", "rg", "ib", "tl", "ny", "ki", "rk", "ys", "ob", "mm", "fu", "ph",
    "og", "ms", "ye", "ud", "mb", "ip", "ub", "oi", "rl", "gu", "dr", "hr", "cc", "tw", "ft", "wn", "nu",
    "af", "hu", "nn", "eo", "vo", "rv", "nf", "xp", "gn", "sm", "fl", "iz", "ok", "nl", "my", "gl", "aw",
    "ju", "oa", "eq", "sy", "sl", "ps", "jo", "lf", "nv", "je", "nk", "kn", "gs", "dy", "hy", "ze", "ks",
    "xt", "bs", "ik", "dd", "pt", "eb", "db", "js", "ws", "cp", "sq", "ws", "tp", "az", "zu",
];

fn is_frequent(one: u8, two: u8) -> bool {
    static TABLE: OnceLock<[[bool; 26]; 26]> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = [[false; 26]; 26];
        for pair in FREQUENT {
            let pair = pair.as_bytes();
            table[usize::from(pair[0] - b'a')][usize::from(pair[1] - b'a')] = true;
        }
        table
    });
    table[usize::from(one.to_ascii_lowercase() - b'a')][usize::from(two.to_ascii_lowercase() - b'a')]
}

/// How much of a text looks as if somebody had written it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Looks {
    pub(crate) length: usize,
    pub(crate) digits: usize,
    pub(crate) letters: usize,
    pub(crate) upper: usize,
    /// Neighbouring letters.
    pub(crate) pairs: usize,
    /// Those of them that are frequent in words.
    pub(crate) frequent: usize,
    /// Changes between digits, capitals and small letters, but for the capital that begins a word.
    pub(crate) turns: usize,
    pub(crate) hex: bool,
}

impl Looks {
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut made = Self { length: text.len(), hex: true, ..Self::default() };
        let class = |it: u8| match it {
            b'0'..=b'9' => 1,
            b'A'..=b'Z' => 2,
            b'a'..=b'z' => 3,
            _ => 0,
        };
        let mut before = 0;
        for (at, byte) in text.iter().enumerate() {
            let now = class(*byte);
            made.digits += usize::from(now == 1);
            made.letters += usize::from(now > 1);
            made.upper += usize::from(now == 2);
            made.hex &= byte.is_ascii_hexdigit();
            if now > 1 && before > 1 {
                let starts = before == 3 && now == 2;
                if !starts {
                    made.pairs += 1;
                    made.frequent += usize::from(is_frequent(text[at - 1], *byte));
                }
                made.turns += usize::from(starts);
            } else if now > 0 && before > 0 && now != before {
                made.turns += 1;
            }
            before = now;
        }
        made
    }

    /// The part of neighbouring letters that is frequent in words; chance gives some 0.4.
    pub(crate) fn wordy(&self) -> f64 {
        if self.pairs == 0 { 0.0 } else { self.frequent as f64 / self.pairs as f64 }
    }
}

/// Whether `text` looks as if a generator had made it.
pub(crate) fn is_random(text: &[u8]) -> bool {
    is_random_of(text, &Looks::of(text))
}

/// As [`is_random`], for what was looked at.
pub(crate) fn is_random_of(text: &[u8], looks: &Looks) -> bool {
    if looks.length < 12 || looks.letters + looks.digits < looks.length / 2 {
        return false;
    }
    let wordy = looks.wordy();
    if looks.pairs >= 8 && wordy > 0.8 && !looks.hex || looks.digits == 0 && wordy >= 0.66 && !looks.hex {
        return false;
    }
    let distinct = entropy(text);
    if looks.hex {
        return looks.length >= 16 && looks.digits >= 2 && looks.letters >= 2 && distinct >= 2.4;
    }
    if distinct < 2.9 {
        return false;
    }
    if looks.digits == 0 {
        // Letters alone: few are frequent pairs, and there are enough to tell.
        return looks.length >= 20 && (wordy < 0.55 || (looks.turns * 4 > looks.length && wordy < 0.66));
    }
    // Names with a number at the end have one turn; what is made has many.
    looks.turns >= 4 && looks.turns * 8 >= looks.length
        || (looks.turns >= 3 && wordy < 0.6 && looks.pairs >= 6)
        || (looks.turns >= 2 && wordy < 0.5 && looks.length >= 16)
}

/// Whether `text` may be made where a name says that it is: nothing that can be read as words.
pub(crate) fn may_be_random(text: &[u8], looks: &Looks) -> bool {
    if looks.length < 8 || looks.letters + looks.digits < looks.length * 2 / 3 {
        return false;
    }
    if looks.hex && looks.length >= 32 {
        return entropy(text) >= 2.3;
    }
    let mixed = looks.digits >= 2 && looks.letters >= 3 && entropy(text) >= 2.6;
    mixed && (looks.wordy() < 0.6 || looks.turns >= 4)
        || looks.length >= 20 && looks.pairs >= 12 && looks.wordy() < 0.55
}

/// Words by which people say that this is no secret.
const STANDS_FOR: &[&str] = &[
    "abcdefgh",
    "12345678",
    "0123456789",
    "deadbeef",
    "example",
    "xxxx",
    "your",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "redacted",
    "dummy",
    "insert",
    "replace",
    "sample",
    "secret_here",
    "token_here",
    "key_here",
    "tokenhere",
    "keyhere",
    "secrethere",
    "stringhere",
    "randomstring",
    "foobar",
    "****",
    "....",
    "todo",
    "fixme",
    "notreal",
    "not-real",
    "not_real",
    "fake",
    "undefined",
    "lorem",
    "<your",
    "xxx-xxx",
    "yyyy",
    "____",
    "----",
    "#####",
];

/// How many of [`STANDS_FOR`] are rows of letters or digits, which can also be the beginning of a secret.
const ROWS: usize = 4;

/// Whether `text` only stands for a secret: stars, one letter many times, a word that says so.
pub(crate) fn stands_for(text: &[u8]) -> bool {
    let text = &text[..text.len().min(200)];
    says_so(text) || repeats(&text.to_ascii_lowercase())
}

/// Whether `body` says that it stands for a secret, or is one byte for the most part.
pub(crate) fn says(body: &[u8]) -> bool {
    let body = &body[..body.len().min(200)];
    let mut counts = [0usize; 256];
    body.iter().for_each(|it| counts[usize::from(it.to_ascii_lowercase())] += 1);
    let most = counts.iter().max().copied().unwrap_or(0);
    most * 3 > body.len() * 2 || says_so(body)
}

/// Whether a word in `text` says that it stands for a secret. A row of an alphabet does not where so much stands
/// beside it that it is not all of it.
fn says_so(text: &[u8]) -> bool {
    static WORDS: OnceLock<AhoCorasick> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let builder =
            AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).clone();
        builder.build(STANDS_FOR).expect("the words are few")
    });
    let mut row = false;
    for hit in words.find_overlapping_iter(text) {
        if hit.pattern().as_usize() >= ROWS {
            return true;
        }
        row = true;
    }
    row && !(text.len() >= 24 && entropy(text) > 3.3)
}

/// Whether one byte is more than half of `text`, or four in a row are most of it.
fn repeats(lower: &[u8]) -> bool {
    let kinds = lower.iter().filter(|it| it.is_ascii_alphanumeric());
    let (mut counts, mut all) = ([0usize; 256], 0);
    for byte in kinds {
        counts[usize::from(*byte)] += 1;
        all += 1;
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    all == 0 || (lower.len() >= 8 && most * 2 > all)
}

/// Whether `text` is a UUID.
pub(crate) fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
