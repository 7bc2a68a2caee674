//! Bytes that came from elsewhere: what is taken is written as it was meant.

use countersign_core::envelope::Envelope;
use countersign_core::json;
use countersign_core::proposal::Proposal;

pub(crate) fn run(input: &[u8]) {
    let ours = json::parse(input);
    if let Ok(value) = &ours {
        assert_eq!(json::parse(&json::to_bytes(value)).as_ref(), Ok(value));
        assert_eq!(json::parse_foreign(input).as_ref(), Ok(value), "what is strict is also read as foreign");
    }
    // A fraction may be written with one digit more: it is read to the nearest but one float.
    if let Ok(value) = json::parse_foreign(input) {
        assert!(json::parse_foreign(&json::to_bytes(&value)).is_ok());
    }
    if let Ok(envelope) = Envelope::parse(input) {
        assert_eq!(Envelope::parse(&envelope.to_bytes()), Ok(envelope));
    }
    if let Ok(proposal) = Proposal::parse(input) {
        let payload = proposal.to_payload().unwrap();
        assert_eq!(Proposal::parse(&payload).as_ref(), Ok(&proposal));
        assert_eq!(json::parse(&payload), ours);
    }
}
