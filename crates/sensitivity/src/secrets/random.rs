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
    let (mut counts, mut seen) = ([0u32; 256], [0u64; 4]);
    for byte in text {
        counts[usize::from(*byte)] += 1;
        seen[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }
    let all = text.len() as f64;
    let (mut sum, mut last) = (0.0, (0, 0.0));
    for (first, mut bits) in (0..).step_by(64).zip(seen) {
        while bits != 0 {
            let count = counts[first + bits.trailing_zeros() as usize];
            bits &= bits - 1;
            // Most bytes stand in a token once, and a logarithm takes long.
            if count != last.0 {
                let part = f64::from(count) / all;
                last = (count, part * part.log2());
            }
            sum += last.1;
        }
    }
    -sum
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

/// Of two letters by their place in the alphabet, whether they are in [`FREQUENT`].
static IS_FREQUENT: [[bool; 32]; 32] = {
    let (mut table, mut at) = ([[false; 32]; 32], 0);
    while at < FREQUENT.len() {
        let pair = FREQUENT[at].as_bytes();
        table[place(pair[0])][place(pair[1])] = true;
        at += 1;
    }
    table
};

/// The place of a letter in the alphabet, whatever its case.
const fn place(letter: u8) -> usize {
    (letter & 31) as usize
}

/// Whether a byte is a digit (1), a capital (2), a small letter (3), or none of them; with [`HEX`], whether it is a
/// digit of base 16.
static KIND: [u8; 256] = {
    let (mut table, mut at) = ([0; 256], 0);
    while at < 256 {
        table[at] = match at as u8 {
            b'0'..=b'9' => 1,
            b'A'..=b'Z' => 2,
            b'a'..=b'z' => 3,
            _ => 0,
        };
        table[at] |= if (at as u8).is_ascii_hexdigit() { HEX } else { 0 };
        at += 1;
    }
    table
};
const HEX: u8 = 4;

/// What it is to go from one kind of byte to another: by both kinds, a turn, a pair of letters, or nothing.
static STEP: [[u8; 4]; 4] = [[0, 0, 0, 0], [0, 0, TURN, TURN], [0, TURN, PAIR, PAIR], [0, TURN, TURN, PAIR]];
const TURN: u8 = 1;
const PAIR: u8 = 2;

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
        let mut made = Self { length: text.len(), ..Self::default() };
        let (mut before, mut other, mut hex) = (0, 0, HEX);
        for byte in text {
            let kind = KIND[usize::from(*byte)];
            let now = kind & 3;
            hex &= kind;
            made.digits += usize::from(now == 1);
            made.letters += usize::from(now >> 1);
            made.upper += usize::from(now == 2);
            let step = STEP[usize::from(before)][usize::from(now)];
            made.turns += usize::from(step & TURN);
            made.pairs += usize::from(step >> 1);
            made.frequent += usize::from((step == PAIR) & IS_FREQUENT[place(other)][place(*byte)]);
            (before, other) = (now, *byte);
        }
        made.hex = hex == HEX;
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

/// Bytes of a text in which it says that it stands for a secret.
const LONGEST: usize = 200;

/// How many of [`STANDS_FOR`] are rows of letters or digits, which can also be the beginning of a secret.
const ROWS: usize = 4;

/// Whether `text` only stands for a secret: stars, one letter many times, a word that says so.
pub(crate) fn stands_for(text: &[u8]) -> bool {
    let text = &text[..text.len().min(LONGEST)];
    says_so(text) || repeats(text)
}

/// Whether `body` says that it stands for a secret, or is one byte for the most part.
pub(crate) fn says(body: &[u8]) -> bool {
    let body = &body[..body.len().min(LONGEST)];
    most(body) * 3 > body.len() * 2 || says_so(body)
}

/// How often the most frequent byte stands in `text`, capitals and small letters being one.
fn most(text: &[u8]) -> usize {
    let mut counts = [0u8; 256];
    text[..text.len().min(LONGEST)].iter().for_each(|it| counts[usize::from(it.to_ascii_lowercase())] += 1);
    counts.iter().fold(0, |most, it| most.max(*it)).into()
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

/// Whether one letter or digit is more than half of those of `text`, or there is none.
fn repeats(text: &[u8]) -> bool {
    let (mut kinds, mut all) = ([0; LONGEST], 0);
    for byte in text.iter().filter(|it| KIND[usize::from(**it)] & 3 > 0).take(LONGEST) {
        kinds[all] = *byte;
        all += 1;
    }
    all == 0 || text.len() >= 8 && most(&kinds[..all]) * 2 > all
}

/// Whether `text` is a UUID.
pub(crate) fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
