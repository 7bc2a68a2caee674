//! Where in a block of bytes a word begins that can be anything here: [`in_block`].
//!
//! Nearly all words are none, so this is asked first, of all bytes of a block at once and without a branch.

use super::BLOCK;

/// The block, a byte before it, and those after it that are asked.
const NEAR: usize = 64;

/// What a byte can be a part of, as bits: a word, a number, what addresses of machines have between their numbers.
const WORD: u8 = 1;
const DIGIT: u8 = 2;
const SIGN: u8 = 4;

/// The places in the block at `start` where a word begins with a digit among its first nine bytes, a sign of an
/// address among its first five, or as a wallet of letters alone does.
pub(super) fn in_block(text: &[u8], start: usize) -> impl Iterator<Item = usize> {
    let marked = marked(text, start);
    // In most eight of them none does.
    (0..BLOCK).step_by(8).flat_map(move |part| {
        let mut eight = [0; 8];
        eight.copy_from_slice(&marked[part..part + 8]);
        let mut left = u64::from_le_bytes(eight);
        std::iter::from_fn(move || {
            let next = (left != 0).then(|| left.trailing_zeros() as usize / 8)?;
            left &= left - 1;
            Some(start + part + next)
        })
    })
}

/// Of each byte of the block at `start`, whether such a word begins there.
fn marked(text: &[u8], start: usize) -> [u8; BLOCK] {
    let of = kinds(&near(text, start));
    let two = joined::<1>(&of, |one, other| one | other);
    let four = joined::<2>(&two, |one, other| one | other);
    let words = joined::<1>(&of, |one, other| one & other);
    let words = joined::<2>(&words, |one, other| one & other);
    let words = joined::<4>(&words, |one, other| one & other);
    let words = joined::<8>(&words, |one, other| one & other);
    let mut begins = [0; BLOCK];
    for at in 0..BLOCK {
        // The first byte is the one before the block.
        let here = at + 1;
        let five = four[here] | of[here + 4];
        let nine = four[here] | four[here + 4] | of[here + 8];
        let wallet = words[here] & words[here + 9] & WORD;
        let begin = of[here] & !of[at] & WORD;
        begins[at] = u8::from((begin != 0) & (((five & SIGN) | (nine & DIGIT) | wallet) != 0));
    }
    begins
}

/// What stands around the block: blanks where nothing does.
fn near(text: &[u8], start: usize) -> [u8; NEAR] {
    let mut near = [b' '; NEAR];
    let from = start.saturating_sub(1);
    let part = &text[from..text.len().min(start + NEAR - 1)];
    // Before the begin of the text is a blank.
    let skip = from + 1 - start;
    near[skip..skip + part.len()].copy_from_slice(part);
    near
}

fn kinds(bytes: &[u8; NEAR]) -> [u8; NEAR] {
    let mut of = [0; NEAR];
    for (of, byte) in of.iter_mut().zip(bytes) {
        let digit = byte.wrapping_sub(b'0') < 10;
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let sign = (*byte == b':') | (*byte == b'-') | (*byte == b'.');
        *of = u8::from(digit | letter) * WORD + u8::from(digit) * DIGIT + u8::from(sign) * SIGN;
    }
    of
}

/// Each byte joined with the one that stands `FURTHER` on.
fn joined<const FURTHER: usize>(of: &[u8; NEAR], join: impl Fn(u8, u8) -> u8) -> [u8; NEAR] {
    let mut joined = [0; NEAR];
    for at in 0..NEAR - FURTHER {
        joined[at] = join(of[at], of[at + FURTHER]);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::in_block;

    fn begins(text: &str) -> Vec<usize> {
        in_block(text.as_bytes(), 0).collect()
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
        assert_eq!(in_block(text.as_bytes(), 0).next(), None, "the digit is the tenth byte");
        assert_eq!(in_block(&text.as_bytes()[2..], 0).next(), None);
        assert_eq!(in_block(text.as_bytes(), 32).next(), None, "it goes on there");
        let text = text.replacen('y', "", 1);
        assert_eq!(in_block(text.as_bytes(), 0).collect::<Vec<_>>(), [31]);
    }
}
