//! Small things about texts.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// What is left of a key when case and spelling are taken away.
pub(crate) fn folded(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(name);
    }
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    let lower = nfkc.normalize(name).to_lowercase();
    Cow::Owned(nfkc.normalize(&lower).into_owned())
}

/// The line, from 1, in which the byte `at` stands.
pub(crate) fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count()
}
