//! Wallets of cryptocurrencies: base58 with a checksum, Bech32 (BIP 173, BIP 350), and hexadecimal ones beside a word.

use sha2::{Digest, Sha256};

/// Whether `word` is an address whose checksum is right.
pub(super) fn is_wallet(word: &[u8]) -> bool {
    match word.len() {
        25..=36 if is_mixed(word) && is_base58check(word) => true,
        14..=110 => is_bech32(word),
        _ => false,
    }
}

/// Whether `word` has the form of an Ethereum address. Hashes have it too, so it needs a word beside it.
pub(super) fn is_hexadecimal(word: &[u8]) -> bool {
    word.len() == 42 && word.starts_with(b"0x") && word[2..].iter().all(u8::is_ascii_hexdigit)
}

fn is_mixed(word: &[u8]) -> bool {
    word.iter().any(u8::is_ascii_uppercase) && word.iter().any(u8::is_ascii_lowercase)
}

/// 21 or 22 bytes and the first four of their hash, hashed twice.
fn is_base58check(word: &[u8]) -> bool {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = [0_u8; 27];
    for sign in word {
        let Some(value) = ALPHABET.iter().position(|it| it == sign) else { return false };
        let mut carry = value;
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    // Bitcoin has one byte before the hash of the key, which can be zero; Zcash has two.
    [25, 26].into_iter().any(|length| {
        let all = &bytes[27 - length..];
        let (content, check) = all.split_at(length - 4);
        bytes[..27 - length].iter().all(|it| *it == 0)
            && Sha256::digest(Sha256::digest(content)).starts_with(check)
            && content.iter().any(|it| *it != 0)
    })
}

/// What stands before the `1` says of which currency it is.
const BEFORE: [&[u8]; 12] =
    [b"bc", b"tb", b"ltc", b"addr", b"cosmos", b"osmo", b"bnb", b"stake", b"terra", b"juno", b"zil", b"lnbc"];

fn is_bech32(word: &[u8]) -> bool {
    const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let lower = word.to_ascii_lowercase();
    if lower != word && word.to_ascii_uppercase() != word {
        return false;
    }
    let Some(one) = lower.iter().rposition(|it| *it == b'1') else { return false };
    let (before, data) = (&lower[..one], &lower[one + 1..]);
    if data.len() < 8 || !BEFORE.contains(&before) {
        return false;
    }
    let values = data
        .iter()
        .map(|it| ALPHABET.iter().position(|sign| sign == it).and_then(|at| u32::try_from(at).ok()));
    let high = before.iter().map(|it| Some(u32::from(it >> 5)));
    let low = before.iter().map(|it| Some(u32::from(it & 31)));
    let mut sum = Some(1);
    for value in high.chain([Some(0)]).chain(low).chain(values) {
        sum = sum.zip(value).map(|(sum, value)| polymod(sum, value));
    }
    matches!(sum, Some(1 | 0x2bc8_30a3))
}

fn polymod(sum: u32, value: u32) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let top = sum >> 25;
    let next = (sum & 0x01ff_ffff) << 5 ^ value;
    GENERATOR.iter().enumerate().filter(|(bit, _)| top >> bit & 1 == 1).fold(next, |sum, (_, it)| sum ^ it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_addresses_are_known_and_changed_ones_are_not() {
        // The first block's, and the examples of BIP 173 and BIP 350.
        assert!(is_wallet(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"));
        assert!(!is_wallet(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"));
        assert!(is_wallet(b"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"));
        assert!(is_wallet(b"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"));
        assert!(!is_wallet(b"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj1"));
        assert!(!is_wallet(b"1111111111111111111111111111") && !is_wallet(b""));
    }
}
