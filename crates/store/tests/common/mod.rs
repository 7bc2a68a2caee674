//! Names and times, as short as a test wants them.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_core::digest::Digest;
use countersign_core::name::{Epoch, GateId, Label};
use countersign_core::time::Timestamp;

pub(crate) fn digest(of: &str) -> Digest {
    Digest::of(of.as_bytes())
}

pub(crate) fn gate() -> GateId {
    "home".parse().unwrap()
}

pub(crate) fn epoch(n: u8) -> Epoch {
    Epoch::from_bytes([n; 16])
}

pub(crate) fn person() -> Label {
    "Ada".parse().unwrap()
}

pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}
