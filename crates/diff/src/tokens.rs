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

/// The tokens of `text`; put one after the other they are `text`.
pub(crate) fn words(text: &[u8]) -> Vec<&[u8]> {
    let mut tokens = Vec::new();
    for piece in text.utf8_chunks() {
        for word in piece.valid().split_word_bounds() {
            if word.len() > LONG_WORD {
                tokens.extend(word.graphemes(true).map(str::as_bytes));
            } else {
                split_joined(word, &mut tokens);
            }
        }
        tokens.extend(piece.invalid().chunks(1));
    }
    tokens
}

/// Unicode keeps `config.path` and `a:b` whole; in code and in addresses the parts matter.
fn split_joined<'a>(word: &'a str, tokens: &mut Vec<&'a [u8]>) {
    let bytes = word.as_bytes();
    let mut start = 0;
    for at in 1..bytes.len().saturating_sub(1) {
        // Between ASCII letters or digits, so no mark loses its base.
        let joint = matches!(bytes[at], b'.' | b':')
            && bytes[at - 1].is_ascii_alphanumeric()
            && bytes[at + 1].is_ascii_alphanumeric();
        if joint {
            tokens.extend([&bytes[start..at], &bytes[at..=at]]);
            start = at + 1;
        }
    }
    tokens.push(&bytes[start..]);
}

/// How many tokens each chunk of `tokens` holds.
///
/// Where a chunk ends depends on its last token alone, so equal stretches on
/// the two sides are cut alike, whatever stands before them.
pub(crate) fn chunks(tokens: &[&[u8]]) -> Vec<usize> {
    let mut sizes = Vec::new();
    let mut size = 0;
    for token in tokens {
        size += 1;
        if size == CHUNK_MOST || hash(token).is_multiple_of(CHUNK_MEAN) {
            sizes.push(size);
            size = 0;
        }
    }
    if size > 0 {
        sizes.push(size);
    }
    sizes
}

/// FNV-1a, folded: the standard library's hash may differ between versions.
fn hash(token: &[u8]) -> u64 {
    let hash = token.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash ^ (hash >> 32)
}
