//! What holds for every input: parsing inverts printing, and a flipped bit is refused.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{MADE, NOW, decide, decision, proposal, propose, trusted};
use countersign_core::content::{Content, Listing};
use countersign_core::decision::{Decision, Verdict};
use countersign_core::envelope::Envelope;
use countersign_core::json;
use countersign_core::ostext::OsText;
use countersign_core::proposal::Proposal;
use countersign_core::statement::Statement;
use countersign_core::verify::signed;
use proptest::prelude::*;

proptest! {
    #[test]
    fn os_text_comes_back(bytes: Vec<u8>) {
        let text = OsText::from(bytes);
        prop_assert_eq!(json::from_bytes::<OsText>(&json::to_bytes(&text)).unwrap(), text);
    }

    #[test]
    fn contents_come_back(bytes: Vec<u8>) {
        let content = Content::inline("text/plain", bytes);
        prop_assert_eq!(json::from_bytes::<Content>(&json::to_bytes(&content)).unwrap(), content);
    }

    #[test]
    fn listings_come_back(items: Vec<String>, copies in 1usize..2000) {
        let items: Vec<String> = items.iter().cycle().take(items.len() * copies % 5000).cloned().collect();
        let (listing, blob) = Listing::of(items.clone());
        let read: Listing<String> = json::from_bytes(&json::to_bytes(&listing)).unwrap();
        prop_assert_eq!(read.items(|_| blob.clone()), Some(items));
    }

    #[test]
    fn envelopes_come_back(kind in "[a-z/+.]{1,40}", payload: Vec<u8>) {
        let envelope = Envelope::sign(&kind, payload, &common::key("mara"));
        prop_assert_eq!(Envelope::parse(&envelope.to_bytes()).unwrap(), envelope);
    }

    #[test]
    fn no_bytes_make_the_parsers_panic(bytes: Vec<u8>) {
        let _ = json::parse(&bytes);
        let _ = json::parse_foreign(&bytes);
        let _ = Envelope::parse(&bytes);
        let _ = Proposal::parse(&bytes);
    }

    #[test]
    fn a_flipped_bit_is_refused(position in any::<prop::sample::Index>(), bit in 0u8..8) {
        let root = trusted();
        let good = decide(propose(&proposal()).digest(), decision(&proposal(), Verdict::Approve), "mara");
        prop_assert!(signed::<Statement<Decision>>(&good.to_bytes(), &root, NOW).is_ok());

        let mut changed = good.clone();
        let at = position.index(changed.payload.len() + 64);
        match at.checked_sub(changed.payload.len()) {
            None => changed.payload[at] ^= 1 << bit,
            Some(at) => changed.signatures[0].bytes[at] ^= 1 << bit,
        }
        prop_assert!(signed::<Statement<Decision>>(&changed.to_bytes(), &root, NOW).is_err());
    }
}

#[test]
fn a_proposal_comes_back() {
    let made = proposal();
    assert_eq!(Proposal::parse(&made.to_payload().unwrap()).unwrap(), made);
}

#[test]
fn contents_over_64_mib_together_are_refused() {
    let blob = |size: usize| Content::blob("text/plain", &vec![b'x'; size]);
    let mut made = proposal();
    made.rationale = Some(blob(40 << 20));
    assert!(made.to_payload().is_ok());
    made.asked = Some(countersign_core::proposal::Asked {
        by: None,
        text: blob(25 << 20),
        at: Some(MADE),
        origin: countersign_core::proposal::Origin::Caller,
    });
    assert!(made.to_payload().unwrap_err().to_string().contains("64 MiB"));
}
