//! Where in a block of bytes a word begins that can be anything here: [`in_block`].
//!
//! Nearly all words are none, so this is asked first, of all bytes of a block at once and without a branch.

use super::BLOCK;

/// What a byte can be a part of, as bits: a word, a number, what addresses of machines have between their numbers.
const WORD: u8 = 1;
const DIGIT: u8 = 2;
const SIGN: u8 = 4;

/// What the bytes of a block can be a part of, a bit for each, the first one the lowest.
#[derive(Clone, Copy, Default)]
pub(super) struct Kinds {
    word: u32,
    digit: u32,
    sign: u32,
}

impl Kinds {
    /// Those of the block at `start`. What stands behind the text is none of it.
    pub(super) fn of(text: &[u8], start: usize) -> Self {
        let rest = text.get(start..).unwrap_or_default();
        let mut last = [b' '; BLOCK];
        let block = rest.first_chunk().unwrap_or_else(|| {
            last[..rest.len()].copy_from_slice(rest);
            &last
        });
        let kinds = kinds(block);
        let mut of = Self::default();
        for (number, eight) in kinds.as_chunks().0.iter().enumerate() {
            let eight = u64::from_le_bytes(*eight);
            of.word |= packed(eight, WORD) << (number * 8);
            of.digit |= packed(eight, DIGIT) << (number * 8);
            of.sign |= packed(eight, SIGN) << (number * 8);
        }
        of
    }
}

/// Of eight bytes, a bit for each that has `kind`.
fn packed(eight: u64, kind: u8) -> u32 {
    let lowest = eight >> kind.trailing_zeros() & 0x0101_0101_0101_0101;
    // Moves the lowest bit of each byte into the highest byte.
    (lowest.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
}

/// The kinds of each byte. By itself and without a branch, so that many are asked at once.
#[inline(never)]
fn kinds(block: &[u8; BLOCK]) -> [u8; BLOCK] {
    let mut of = [0; BLOCK];
    for (of, byte) in of.iter_mut().zip(block) {
        let digit = byte.wrapping_sub(b'0') < 10;
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let sign = (*byte == b':') | (*byte == b'-') | (*byte == b'.');
        *of = u8::from(digit | letter) * WORD + u8::from(digit) * DIGIT + u8::from(sign) * SIGN;
    }
    of
}

/// The places in the block at `start` where a word begins with a digit among its first nine bytes, a sign of an
/// address among its first five, or as a wallet of letters alone does. `here` and `next` are of this block and the one
/// behind it.
pub(super) fn in_block(
    text: &[u8],
    start: usize,
    here: Kinds,
    next: Kinds,
) -> impl Iterator<Item = usize> + use<> {
    let before = start.checked_sub(1).is_some_and(|it| text[it].is_ascii_alphanumeric());
    let mut left = marked(here, next, before);
    std::iter::from_fn(move || {
        let at = (left != 0).then(|| left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(start + at)
    })
}

/// A bit for each byte of a block where such a word begins; `before` says whether one goes on into the block.
fn marked(here: Kinds, next: Kinds, before: bool) -> u32 {
    let both = |here: u32, next: u32| u64::from(here) | u64::from(next) << BLOCK;
    let word = both(here.word, next.word);
    // Each bit is joined with those of the bytes that follow: so many as the name says.
    let digit = both(here.digit, next.digit);
    let two = digit | digit >> 1;
    let four = two | two >> 2;
    let nine = four | four >> 4 | digit >> 8;
    let sign = both(here.sign, next.sign);
    let two = sign | sign >> 1;
    let five = two | two >> 2 | sign >> 4;
    let two = word & word >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    let sixteen = eight & eight >> 8;
    let wallet = sixteen & sixteen >> 9;
    let begin = word & !(word << 1 | u64::from(before));
    (begin & (nine | five | wallet)) as u32
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Kinds};

    fn in_block(text: &[u8], start: usize) -> Vec<usize> {
        super::in_block(text, start, Kinds::of(text, start), Kinds::of(text, start + BLOCK)).collect()
    }

    fn begins(text: &str) -> Vec<usize> {
        in_block(text.as_bytes(), 0)
    }

    #[test]
    fn words_with_a_digit_or_a_sign_near_begin_something() {
        assert_eq!(begins("a plain text"), Vec::<usize>::new());
        assert_eq!(begins("no 4 is"), [0, 3]);
        assert_eq!(begins("abcdefgh1 abcdefghi1"), [0]);
        assert_eq!(begins("abcd:e abcde:"), [0]);
        assert_eq!(begins("aa-bb"), [0]);
        assert_eq!(begins("abcdefghijklmnopqrstuvwxy"), [0]);
        assert_eq!(begins("abcdefghijklmnopqrstuvwx"), Vec::<usize>::new());
    }

    #[test]
    fn a_block_is_read_with_what_stands_around_it() {
        let text = format!("{}x{}7", " ".repeat(31), "y".repeat(8));
        assert!(in_block(text.as_bytes(), 0).is_empty(), "the digit is the tenth byte");
        assert!(in_block(&text.as_bytes()[2..], 0).is_empty());
        assert!(in_block(text.as_bytes(), 32).is_empty(), "it goes on there");
        let text = text.replacen('y', "", 1);
        assert_eq!(in_block(text.as_bytes(), 0), [31]);
    }
}
