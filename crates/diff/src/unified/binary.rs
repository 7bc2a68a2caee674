//! The form in which git writes bytes that are no text, and its names for contents.
//!
//! The data is a zlib stream of stored blocks: nothing is compressed, so
//! nothing can be compressed wrongly.

use std::fmt::Write as _;

/// Git's alphabet for base 85.
const ALPHABET: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// Bytes in one line of base 85.
const LINE: usize = 52;

/// Bytes in one stored block.
const BLOCK: usize = 65_535;

/// The name for a content that does not exist.
pub(super) const NOTHING: &str = "0000000000000000000000000000000000000000";

/// `GIT binary patch` and what follows it, there and back.
pub(super) fn patch(out: &mut Vec<u8>, before: &[u8], after: &[u8]) {
    out.extend_from_slice(b"GIT binary patch\n");
    for side in [after, before] {
        out.extend_from_slice(format!("literal {}\n", side.len()).as_bytes());
        base85(out, &zlib(side));
        out.push(b'\n');
    }
}

fn base85(out: &mut Vec<u8>, bytes: &[u8]) {
    for line in bytes.chunks(LINE) {
        let size = line.len() as u8;
        out.push(if size <= 26 { b'A' + size - 1 } else { b'a' + size - 27 });
        for group in line.chunks(4) {
            let mut four = [0; 4];
            four[..group.len()].copy_from_slice(group);
            let mut rest = u32::from_be_bytes(four);
            let mut digits = [0; 5];
            for digit in digits.iter_mut().rev() {
                *digit = ALPHABET[(rest % 85) as usize];
                rest /= 85;
            }
            out.extend_from_slice(&digits);
        }
        out.push(b'\n');
    }
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut stream = Vec::with_capacity(bytes.len() + bytes.len() / BLOCK * 5 + 16);
    stream.extend_from_slice(&[0x78, 0x01]);
    let mut blocks = bytes.chunks(BLOCK).peekable();
    loop {
        let block = blocks.next().unwrap_or_default();
        let last = blocks.peek().is_none();
        let size = block.len() as u16;
        stream.push(u8::from(last));
        stream.extend_from_slice(&size.to_le_bytes());
        stream.extend_from_slice(&(!size).to_le_bytes());
        stream.extend_from_slice(block);
        if last {
            break;
        }
    }
    stream.extend_from_slice(&adler32(bytes).to_be_bytes());
    stream
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    // As many bytes as cannot overflow the sums.
    for stretch in bytes.chunks(5552) {
        for byte in stretch {
            low += u32::from(*byte);
            high += low;
        }
        low %= 65_521;
        high %= 65_521;
    }
    (high << 16) | low
}

/// Git's name for a content: the SHA-1 of it behind a header. It protects nothing here.
pub(super) fn blob_id(bytes: &[u8]) -> String {
    let mut message = Vec::with_capacity(bytes.len() + 160);
    message.extend_from_slice(format!("blob {}\0", bytes.len()).as_bytes());
    message.extend_from_slice(bytes);
    let mut name = String::with_capacity(40);
    for word in sha1(message) {
        let _ = write!(name, "{word:08x}");
    }
    name
}

fn sha1(mut message: Vec<u8>) -> [u32; 5] {
    let bits = message.len() as u64 * 8;
    message.push(0x80);
    message.resize((message.len() + 8).next_multiple_of(64) - 8, 0);
    message.extend_from_slice(&bits.to_be_bytes());
    let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0_u32];
    for block in message.chunks_exact(64) {
        let mut words = [0_u32; 80];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = bytes.iter().fold(0, |word, byte| (word << 8) | u32::from(*byte));
        }
        for at in 16..80 {
            let mixed = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16];
            words[at] = mixed.rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.iter().enumerate() {
            let (mixed, constant) = match at / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e);
            let next = sum.wrapping_add(constant).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, part) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(part);
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_have_the_names_that_git_gives_them() {
        assert_eq!(blob_id(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(blob_id(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
        // The last bytes of the padding get a block of their own or not.
        let million = sha1(vec![b'a'; 1_000_000]).map(|word| format!("{word:08x}")).concat();
        assert_eq!(million, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
        let two_blocks = sha1(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".to_vec());
        assert_eq!(
            two_blocks.map(|word| format!("{word:08x}")).concat(),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        );
    }

    #[test]
    fn sums_are_those_of_zlib() {
        assert_eq!(adler32(b""), 1);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }
}
