//! Long tokens that look random, and what the words before them say they are.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::names::{OPEN, PUBLIC_PREFIXES, RATHER, SECRET, SERVICES};
use super::random::{Looks, is_random, is_random_of, is_uuid, may_be_random, stands_for};
use crate::text::Text;

/// The shortest token that is looked at.
const SHORTEST: usize = 16;

/// The longest: a longer one is data.
const LONGEST: usize = 1024;

/// Bytes before a token that can say what it is.
const BEFORE: usize = 160;

/// Bytes that are asked together. A token of [`SHORTEST`] bytes holds a whole quarter of such a block.
const BLOCK: usize = 32;

/// Whether tokens are of such bytes. Without a branch: letters, what stands between `-` and `9`, and a few more.
const fn is_token(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'a') < 26)
        | (byte.wrapping_sub(b'-') < 13)
        | (byte == b'+')
        | (byte == b'_')
        | (byte == b'~')
}

/// Calls `each` with the tokens of at least [`SHORTEST`] bytes, in order, and reads few bytes of other texts.
pub(crate) fn each(text: &[u8], each: &mut dyn FnMut(Range<usize>)) {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut last = [b' '; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let mut done = 0;
    for (number, block) in blocks.iter().chain((!rest.is_empty()).then_some(&last)).enumerate() {
        let mut others = [0; BLOCK];
        others.iter_mut().zip(block).for_each(|(other, byte)| *other = u8::from(!is_token(*byte)));
        let all = others.as_chunks().0;
        // Most blocks have no such quarter.
        if !all.iter().fold(false, |any, it| any | (u64::from_le_bytes(*it) == 0)) {
            continue;
        }
        for (quarter, others) in all.iter().enumerate() {
            let at = number * BLOCK + quarter * size_of::<u64>();
            if u64::from_le_bytes(*others) == 0 && at >= done && !is_short(all, quarter) {
                let token = around(text, done, at);
                done = token.end;
                if token.len() >= SHORTEST {
                    each(token);
                }
            }
        }
    }
}

/// Whether what stands around this quarter of a block, which is of a token, shows that the token is too short.
fn is_short(others: &[[u8; 8]], quarter: usize) -> bool {
    let Some([before, _, after]) = quarter.checked_sub(1).and_then(|it| others.get(it..it + 3)) else {
        return false;
    };
    let (before, after) = (u64::from_le_bytes(*before), u64::from_le_bytes(*after));
    // The first byte is the lowest.
    before != 0 && after != 0 && (before.leading_zeros() / 8 + after.trailing_zeros() / 8) < 8
}

/// Of which bytes tokens are, for asking one byte after another.
static IS_TOKEN: [bool; 256] = {
    let (mut table, mut at) = ([false; 256], 0);
    while at < 256 {
        table[at] = is_token(at as u8);
        at += 1;
    }
    table
};

/// The token that goes over the eight bytes at `at`, and begins after `from`.
fn around(text: &[u8], from: usize, at: usize) -> Range<usize> {
    let is_other = |it: &u8| !IS_TOKEN[usize::from(*it)];
    let start = text[from..at].iter().rposition(is_other).map_or(from, |it| from + it + 1);
    let known = at + size_of::<u64>();
    start..text[known..].iter().position(is_other).map_or(text.len(), |it| known + it)
}

/// The part of the token in `range` that is a secret, and what it is.
pub(super) fn secret(text: &Text<'_>, range: Range<usize>) -> Option<(Range<usize>, &'static str)> {
    // The host and the path of a link: what is secret in one is a value of a parameter, or has a known form.
    if text.part(range.start.saturating_sub(1)..range.start + 2) == b"://" {
        return None;
    }
    let range = trimmed(text, range);
    if range.len() < SHORTEST || range.len() > LONGEST || is_public(text.part(range.clone())) {
        return None;
    }
    let whole = telling(text, range.clone(), range.start);
    whole.or_else(|| {
        let tail = tail(text, &range)?;
        telling(text, tail, range.start)
    })
}

/// What is random after a name that hangs on it: `service-key-…`.
fn tail(text: &Text<'_>, range: &Range<usize>) -> Option<Range<usize>> {
    let token = text.part(range.clone());
    if token.len() > 40 && is_uuid(&token[token.len() - 36..]) {
        return Some(range.end - 36..range.end);
    }
    let cut = token.iter().rposition(|it| matches!(it, b'-' | b'_' | b'/' | b'.'))? + 1;
    (token.len() - cut >= SHORTEST).then(|| range.start + cut..range.end)
}

/// The secret in `range`, a part of the token that starts at `start`.
fn telling(text: &Text<'_>, range: Range<usize>, start: usize) -> Option<(Range<usize>, &'static str)> {
    let token = text.part(range.clone());
    // So few letters alone are never taken for random, and they are most of what comes here.
    if token.len() < 20 && !token.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let uuid = is_uuid(token);
    let looks = Looks::of(token);
    let random = uuid || is_random_of(token, &looks);
    if !random && !may_be_random(token, &looks) {
        return None;
    }
    let context = Context::before(text, range.start, start);
    if context.said == Said::Open || context.said == Said::Nothing && (uuid || looks.hex) && !is_seed(token) {
        return None;
    }
    if is_path(token) || stands_for(token) {
        return None;
    }
    if is_seed(token) {
        return Some((range, "Seed of a key"));
    }
    let plain = uuid || looks.hex;
    // What is less random needs to be given to the name, and what could be a digest too.
    let given = context.assigned || context.gap <= 12;
    let enough =
        (random || context.assigned && !context.in_link) && (context.said == Said::Secret || !plain || given);
    if matches!(context.said, Said::Secret | Said::Service) && enough {
        let end = padded(text, range.end);
        return Some((range.start..end, "Random value with the name of a secret"));
    }
    if !random || plain || context.in_link || context.said == Said::Open {
        return None;
    }
    if prefixed(token) {
        return Some((range, "Random value with the prefix of a key"));
    }
    (context.assigned && is_mixed(&looks)).then(|| (range.clone(), "Random value that is given a name"))
}

/// A seed of NATS: 58 bytes of base32 that begin with `S` and the kind.
fn is_seed(token: &[u8]) -> bool {
    token.len() == 58
        && token[0] == b'S'
        && matches!(token[1], b'A' | b'C' | b'N' | b'O' | b'U' | b'X')
        && token.iter().all(|it| it.is_ascii_uppercase() || (b'2'..=b'7').contains(it))
}

/// Enough capitals, small letters and digits to be nothing else.
fn is_mixed(looks: &Looks) -> bool {
    looks.length >= 24
        && looks.upper >= 4
        && looks.letters - looks.upper >= 4
        && looks.digits >= 3
        && looks.turns * 3 >= looks.length
        && looks.letters + looks.digits + 2 >= looks.length
}

/// Without the marks that end a sentence or begin an option.
fn trimmed(text: &Text<'_>, range: Range<usize>) -> Range<usize> {
    let token = text.part(range.clone());
    let mark = |it: &u8| !matches!(it, b'-' | b'.' | b'/' | b'~' | b'+' | b'_');
    let first = token.iter().position(mark).unwrap_or(token.len());
    let last = token.iter().rposition(|it| !matches!(it, b'.' | b'/' | b'~')).map_or(first, |it| it + 1);
    range.start + first..range.start + last.max(first)
}

/// With the padding of base64.
fn padded(text: &Text<'_>, end: usize) -> usize {
    end + text.after(end, 2).iter().take_while(|it| **it == b'=').count()
}

/// What is published by its nature: keys of SSH, and names of files.
fn is_public(token: &[u8]) -> bool {
    [&b"AAAAB3Nza"[..], b"AAAAC3Nza", b"AAAAE2V", b"AAAAGnN", b"iVBORw0KGgo", b"R0lGOD", b"/9j/"]
        .iter()
        .any(|it| token.starts_with(it))
}

/// Whether parts between slashes or dots are words: a path, a host, a name in a program.
fn is_path(token: &[u8]) -> bool {
    let parts: Vec<&[u8]> = token.split(|it| matches!(it, b'/' | b'.')).collect();
    if parts.len() < 2 {
        return false;
    }
    let random = parts.iter().filter(|it| is_random(it) && !is_uuid(it)).map(|it| it.len()).sum::<usize>();
    random * 3 < token.len() * 2
}

/// Whether it is `ab_` or the like before something random.
fn prefixed(token: &[u8]) -> bool {
    let Some(cut) = token.iter().rposition(|it| *it == b'_') else { return false };
    let (prefix, body) = (&token[..cut], &token[cut + 1..]);
    let looks = Looks::of(body);
    let name = prefix.iter().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || *it == b'_');
    let known = PUBLIC_PREFIXES.iter().any(|it| it.as_bytes() == prefix);
    let mixed = looks.upper >= 3 && looks.letters - looks.upper >= 3;
    name && !known
        && (2..=20).contains(&prefix.len())
        && prefix[0].is_ascii_lowercase()
        && body.len() >= if mixed { 24 } else { 32 }
        && body.iter().all(u8::is_ascii_alphanumeric)
        && looks.digits >= 3
        && is_random(body)
}

/// What the words before a token say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Secret,
    Service,
    Open,
    Nothing,
}

struct Context {
    said: Said,
    /// The token is a part of a link.
    in_link: bool,
    /// A name and a sign stand before it.
    assigned: bool,
    /// Letters and digits between the word and the token.
    gap: usize,
}

impl Context {
    /// What stands before `at`, which is within a token that begins at `start`.
    fn before(text: &Text<'_>, at: usize, start: usize) -> Self {
        let before = text.before(at, BEFORE);
        // What stands two lines above says nothing.
        let lines: Vec<&[u8]> = before.rsplitn(3, |it| *it == b'\n').collect();
        let own = lines.first().copied().unwrap_or_default();
        let blank = own.iter().all(|it| it.is_ascii_whitespace());
        let from =
            if blank { lines.get(1).map_or(own.len(), |it| own.len() + 1 + it.len()) } else { own.len() };
        let window = &before[before.len() - from..];
        let link = in_link(window);
        let window = match link {
            // In a link only the name of a parameter says something.
            Some(link) => parameter(&window[link..]),
            None => window,
        };
        let assigned = start == at && is_assigned(window);
        let (said, gap) = said(window);
        Self { said, in_link: link.is_some(), assigned, gap }
    }
}

/// Where the link begins that what follows `window` is a part of.
fn in_link(window: &[u8]) -> Option<usize> {
    let ends = |it: &u8| it.is_ascii_whitespace() || matches!(it, b'"' | b'\'' | b'<' | b'(' | b'`' | b'{');
    let unbroken = window.iter().rposition(ends).map_or(0, |it| it + 1);
    window[unbroken..].windows(3).any(|it| it == b"://").then_some(unbroken)
}

/// `name=` at the end of a link.
fn parameter(link: &[u8]) -> &[u8] {
    if !link.ends_with(b"=") {
        return &[];
    }
    let start =
        link.iter().rposition(|it| matches!(it, b'?' | b'&' | b';' | b'#' | b'/')).map_or(0, |it| it + 1);
    &link[start..]
}

/// Whether `window` ends with a name, a sign and perhaps a quote.
fn is_assigned(window: &[u8]) -> bool {
    let quoted = window.iter().rposition(|it| !matches!(it, b'"' | b'\'' | b'`')).map_or(0, |it| it + 1);
    let end = window[..quoted].iter().rposition(|it| !matches!(it, b' ')).map_or(0, |it| it + 1);
    let sign = window[..end].iter().rposition(|it| !matches!(it, b'=' | b':' | b'>')).map_or(0, |it| it + 1);
    let name = window[..sign].iter().rposition(|it| !matches!(it, b' ' | b'"' | b'\''));
    sign < end && name.is_some_and(|it| window[it].is_ascii_alphanumeric())
}

/// What the last telling word of `window` says, if it stands near enough to the end.
fn said(window: &[u8]) -> (Said, usize) {
    let mut best: Option<(Range<usize>, Said)> = None;
    let mut rather: Option<usize> = None;
    for hit in words().find_overlapping_iter(window) {
        let (range, index) = (hit.range(), hit.pattern().as_usize());
        if !begins_part(window, range.start, range.len()) || !is_near(&window[range.end..]) {
            continue;
        }
        let said = match index {
            _ if index < SECRET.len() => Said::Secret,
            _ if index < SECRET.len() + OPEN.len() => Said::Open,
            _ if index < SECRET.len() + OPEN.len() + RATHER.len() => {
                rather = Some(range.end);
                continue;
            }
            _ => Said::Service,
        };
        // Of words that end alike the longer one says more.
        let later = |it: &Range<usize>| range.end > it.end || range.end == it.end && range.len() > it.len();
        if best.as_ref().is_none_or(|(it, _)| later(it)) {
            best = Some((range, said));
        }
    }
    let Some((range, said)) = best else { return (Said::Nothing, 0) };
    let gap = window[range.end..].iter().filter(|it| it.is_ascii_alphanumeric()).count();
    let name = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b' ' | b'.');
    let same = rather.is_some_and(|it| window[it.min(range.start)..range.end.max(it)].iter().all(name));
    (if same { Said::Open } else { said }, gap)
}

/// Whether the word of `length` at `start` begins a part of a name: `key` does in `apiKey`, not in `monkey`.
fn begins_part(window: &[u8], start: usize, length: usize) -> bool {
    let Some(before) = start.checked_sub(1).map(|it| window[it]) else { return true };
    length >= 6
        || !before.is_ascii_alphabetic()
        || (before.is_ascii_lowercase() && window[start].is_ascii_uppercase())
        || (window[start..start + length].iter().all(u8::is_ascii_uppercase)
            && length >= 3
            && window[start..start + length] == *b"KEY")
}

/// Whether what stands between a name and its value is short, and holds few words.
fn is_near(gap: &[u8]) -> bool {
    let words = gap
        .split(|it| !it.is_ascii_alphanumeric() && *it != b'_')
        .filter(|it| it.iter().any(u8::is_ascii_alphanumeric));
    words.count() <= 3 && gap.iter().filter(|it| it.is_ascii_alphanumeric()).count() <= 24
}

fn words() -> &'static AhoCorasick {
    static WORDS: OnceLock<AhoCorasick> = OnceLock::new();
    WORDS.get_or_init(|| {
        let words = SECRET.iter().chain(OPEN).chain(RATHER).chain(SERVICES);
        let builder =
            AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).clone();
        builder.build(words).expect("the words are few")
    })
}
