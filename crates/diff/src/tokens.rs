//! Cuts text into words, and words into chunks.
//!
//! Words follow Unicode's word boundaries (UAX #29), so a character with its
//! marks, an emoji sequence and CRLF stay whole and scripts without spaces
//! are cut finely. What is not UTF-8 is cut byte by byte.

use unicode_segmentation::UnicodeSegmentation;

/// A longer word (a digest, a base64 blob) is cut into its characters, so
/// that one that changed can be told from the rest.
const LONG_WORD: usize = 64;

/// A chunk ends after a token whose hash falls into one of this many classes.
const CHUNK_MEAN: u64 = 16;
/// And at the latest after this many tokens.
const CHUNK_MOST: usize = 256;

/// Cuts `text`, which starts at `at`, into tokens, and adds to `edges` where each ends.
pub(crate) fn cut(text: &[u8], mut at: usize, edges: &mut Vec<usize>) {
    if text.is_ascii() {
        cut_ascii(text, at, edges);
        return;
    }
    for stretch in stretches(text) {
        if stretch.is_ascii() {
            cut_ascii(stretch, at, edges);
        } else {
            cut_any(stretch, at, edges);
        }
        at += stretch.len();
    }
}

/// The parts of `text` that begin with an ASCII letter or digit behind a space or a line end: between those
/// two is a boundary of words, whatever else stands around.
fn stretches(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.chunk_by(|one, next| !(matches!(one, b' ' | b'\n') && next.is_ascii_alphanumeric()))
}

fn cut_any(text: &[u8], mut at: usize, edges: &mut Vec<usize>) {
    for piece in text.utf8_chunks() {
        for word in piece.valid().split_word_bounds() {
            if word.len() > LONG_WORD {
                for character in word.graphemes(true) {
                    at += character.len();
                    edges.push(at);
                }
            } else {
                cut_joined(word.as_bytes(), at, edges);
                at += word.len();
            }
        }
        for _ in piece.invalid() {
            at += 1;
            edges.push(at);
        }
    }
}

/// The same for ASCII alone, many times faster.
fn cut_ascii(text: &[u8], at: usize, edges: &mut Vec<usize>) {
    let mut start = 0;
    while start < text.len() {
        let (size, joined) = ascii_word(&text[start..]);
        let word = &text[start..start + size];
        if size > LONG_WORD {
            edges.extend((start + 1..=start + size).map(|end| at + end));
        } else if joined {
            cut_joined(word, at + start, edges);
        } else {
            edges.push(at + start + size);
        }
        start += size;
    }
}

/// How long the first word of `text` is by UAX #29, and whether marks join it from several.
fn ascii_word(text: &[u8]) -> (usize, bool) {
    let run = |from: usize, is: fn(&u8) -> bool| {
        from + text[from..].iter().position(|byte| !is(byte)).unwrap_or(text.len() - from)
    };
    match text {
        [b' ', ..] => (run(1, |byte| *byte == b' '), false),
        [b'\r', b'\n', ..] => (2, false),
        [first, ..] if is_word(first) => {
            let mut end = run(1, is_word);
            let mut joined = false;
            while let [one, mark, next, ..] = &text[end - 1..]
                && joins(*one, *mark, *next)
            {
                joined = true;
                end = run(end + 2, is_word);
            }
            (end, joined)
        }
        _ => (1, false),
    }
}

fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

fn joins(one: u8, mark: u8, next: u8) -> bool {
    match mark {
        b'.' | b'\'' => {
            one.is_ascii_alphabetic() && next.is_ascii_alphabetic()
                || one.is_ascii_digit() && next.is_ascii_digit()
        }
        b':' => one.is_ascii_alphabetic() && next.is_ascii_alphabetic(),
        b',' | b';' => one.is_ascii_digit() && next.is_ascii_digit(),
        _ => false,
    }
}

/// Unicode keeps `config.path` and `a:b` whole; in code and in addresses the parts matter.
fn cut_joined(word: &[u8], at: usize, edges: &mut Vec<usize>) {
    for (index, near) in word.windows(3).enumerate() {
        // Between ASCII letters or digits, so no mark loses its base.
        let joint = matches!(near[1], b'.' | b':')
            && near[0].is_ascii_alphanumeric()
            && near[2].is_ascii_alphanumeric();
        if joint {
            edges.extend([at + index + 1, at + index + 2]);
        }
    }
    edges.push(at + word.len());
}

/// After how many of `tokens` each chunk ends.
///
/// Where a chunk ends depends on its last token alone, so equal stretches on
/// the two sides are cut alike, whatever stands before them.
pub(crate) fn chunks<'a>(tokens: impl Iterator<Item = &'a [u8]>) -> Vec<usize> {
    let mut ends = Vec::new();
    let (mut start, mut at) = (0, 0);
    for token in tokens {
        at += 1;
        if at - start == CHUNK_MOST || hash(token).is_multiple_of(CHUNK_MEAN) {
            ends.push(at);
            start = at;
        }
    }
    if start < at {
        ends.push(at);
    }
    ends
}

/// FNV-1a, folded: the standard library's hash may differ between versions.
fn hash(token: &[u8]) -> u64 {
    let hash = token.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Text in which words, marks, spaces and line ends meet, some of it not ASCII and some not UTF-8.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        let plain = proptest::sample::select(b"aZ09_.:,;'\" \t\r\n\x0b\x0c-\0\x7f".to_vec());
        let piece = prop_oneof![
            20 => plain.prop_map(|byte| vec![byte]),
            1 => Just("\u{301}".as_bytes().to_vec()),
            1 => Just("\u{200d}\u{5d0}\u{30a2}".as_bytes().to_vec()),
            1 => Just(vec![b'a'; LONG_WORD]),
            1 => Just(vec![b' '; LONG_WORD]),
            1 => any::<char>().prop_map(|character| character.to_string().into_bytes()),
            1 => Just(vec![0xf0, 0x9f]),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5000) })]

        #[test]
        fn the_fast_ways_cut_as_unicode_says(text in text()) {
            let (mut slow, mut fast) = (vec![], vec![]);
            cut_any(&text, 7, &mut slow);
            cut(&text, 7, &mut fast);
            prop_assert_eq!(&fast, &slow);
            if text.is_ascii() {
                fast.clear();
                cut_ascii(&text, 7, &mut fast);
                prop_assert_eq!(fast, slow);
            }
        }
    }
}
