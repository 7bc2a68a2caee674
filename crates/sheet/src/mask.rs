//! Hides secrets: a mask stands for each, as wide as it is, and says what it is and how long where that fits.
//!
//! Two masks with the same mark stand for the same secret. The mark is made with a key of the
//! machine, so that nobody who sees a mask, or a picture of one, can try out what is behind it.
//!
//! A sheet is made, compared and hashed with its secrets. It is drawn, written to a terminal, copied and searched
//! without them, until a person asks for one.

use std::borrow::Cow;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::count;
use crate::model::{Secret, Segment, SegmentKind};
use crate::unicode;

/// The key of the marks, of one machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MaskKey([u8; 32]);

impl MaskKey {
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }
}

impl fmt::Debug for MaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaskKey")
    }
}

impl Secret {
    /// Four hexadecimal digits that tell it from others, here and nowhere else.
    #[must_use]
    pub fn mark(&self, key: &MaskKey) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key.0) else { return String::new() };
        mac.update(self.sha256.as_bytes());
        let tag = mac.finalize().into_bytes();
        format!("{:02x}{:02x}", tag[0], tag[1])
    }

    /// `GitLab token, 26 characters, mark 3f9a`
    #[must_use]
    pub fn says(&self, key: &MaskKey) -> String {
        format!("{}, {}, mark {}", self.what, count::of(self.characters, "character"), self.mark(key))
    }

    /// What stands in its place, `columns` wide: as much of [`Secret::says`] as fits.
    fn stands(&self, key: &MaskKey, columns: usize) -> String {
        let (long, mark) = (count::of(self.characters, "character"), self.mark(key));
        let says = [
            format!(" {}, {long}, {mark} ", self.what),
            format!(" {long}, {mark} "),
            format!(" {}, {mark} ", self.characters),
        ];
        // A dot on each side, at least.
        let says = says.into_iter().find(|it| it.chars().count() + 2 <= columns).unwrap_or_default();
        let left = columns.saturating_sub(says.chars().count());
        format!("{}{says}{}", DOT.repeat(left / 2), DOT.repeat(left - left / 2))
    }
}

const DOT: &str = "\u{2022}";

/// `segments` with a mask in the place of each secret of which `is_shown` does not say that a person asked for it.
#[must_use]
pub fn masked<'s>(
    segments: &'s [Segment],
    key: &MaskKey,
    is_shown: &dyn Fn(&Segment) -> bool,
) -> Cow<'s, [Segment]> {
    let hides = |it: &Segment| it.secret.is_some() && !is_shown(it);
    if !segments.iter().any(hides) {
        return Cow::Borrowed(segments);
    }
    let made = segments.chunk_by(|one, next| hides(one) && hides(next) && one.secret == next.secret);
    let one = |piece: &[Segment]| match piece {
        [first, ..] if hides(first) => vec![mask(piece, first, key)],
        _ => piece.to_vec(),
    };
    Cow::Owned(made.flat_map(one).collect())
}

fn mask(piece: &[Segment], first: &Segment, key: &MaskKey) -> Segment {
    let columns = piece.iter().flat_map(|it| it.display.chars()).map(unicode::width).sum::<usize>();
    let mut findings: Vec<u32> = piece.iter().flat_map(|it| it.findings.iter().copied()).collect();
    findings.sort_unstable();
    findings.dedup();
    Segment {
        source: first.source.start..piece.last().map_or(first.source.end, |it| it.source.end),
        display: first.secret.as_ref().map(|it| it.stands(key, columns.max(1))).unwrap_or_default(),
        kind: SegmentKind::Mask,
        rtl: false,
        findings,
        secret: first.secret.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use countersign_core::digest::Digest;

    use super::*;
    use crate::segments::words;

    fn secret(text: &str) -> Segment {
        let secret = Secret {
            what: "GitLab token".to_owned(),
            characters: text.chars().count() as u64,
            sha256: Digest::of(text.as_bytes()),
        };
        Segment {
            source: 0..text.len(),
            kind: SegmentKind::Text,
            findings: vec![1],
            secret: Some(Arc::new(secret)),
            ..words(text)
        }
    }

    fn drawn(segments: &[Segment]) -> String {
        masked(segments, &MaskKey::new([7; 32]), &|_| false).iter().map(|it| it.display.as_str()).collect()
    }

    #[test]
    fn a_mask_is_as_wide_as_the_secret_and_has_nothing_of_it() {
        for length in 1..80 {
            let text = "Zq9".repeat(30)[..length].to_owned();
            let made = drawn(&[words("a "), secret(&text), words(" b")]);
            assert_eq!(made.chars().count(), length + 4, "{made}");
            assert!(
                !made.contains("Zq9")
                    && !made.contains('Z')
                    && made.starts_with("a ")
                    && made.ends_with(" b")
            );
        }
    }

    #[test]
    fn it_says_what_fits() {
        let says = |length: usize| drawn(&[secret(&"x".repeat(length))]);
        let mark =
            secret(&"x".repeat(50)).secret.map(|it| it.mark(&MaskKey::new([7; 32]))).unwrap_or_default();
        assert!(says(50).contains(&format!(" GitLab token, 50 characters, {mark} ")), "{}", says(50));
        assert!(says(26).contains(" 26 characters, "), "{}", says(26));
        assert!(says(12).contains(" 12, "), "{}", says(12));
        assert_eq!(says(4), DOT.repeat(4));
    }

    #[test]
    fn a_mark_depends_on_the_key_and_on_the_secret() {
        let of = |text: &str, key: u8| secret(text).secret.map(|it| it.mark(&MaskKey::new([key; 32])));
        assert_eq!(of("one", 1), of("one", 1));
        assert_ne!(of("one", 1), of("one", 2));
        assert_ne!(of("one", 1), of("two", 1));
        assert!(!format!("{:?}", MaskKey::new([201; 32])).contains("201"));
    }

    #[test]
    fn what_a_person_asked_for_is_shown_and_its_neighbour_is_not() {
        let (shown, hidden) = (secret("first secret"), secret("other secret"));
        let hidden = Segment { findings: vec![2], ..hidden };
        let all = [shown, hidden];
        let made = masked(&all, &MaskKey::new([7; 32]), &|it| it.findings == [1]);
        assert_eq!(made[0].display, "first secret");
        assert_eq!(made[1].kind, SegmentKind::Mask);
    }
}
