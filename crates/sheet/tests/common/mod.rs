//! What the tests of sheets share.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

pub(crate) mod proposals;
pub(crate) mod read;
pub(crate) mod stands;

use countersign_core::proposal::Proposal;
use countersign_sheet::{Sheet, sheet};

#[allow(unused_imports, reason = "each test file uses its own part")]
pub(crate) use proposals::*;

/// The sheet of a valid proposal.
pub(crate) fn sheet_of(proposal: &Proposal) -> Sheet {
    Proposal::parse(&proposal.to_payload().unwrap()).unwrap();
    sheet(proposal, &|_| None).unwrap()
}
