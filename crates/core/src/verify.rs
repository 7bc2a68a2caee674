//! Turns bytes into values that nothing else can make, or says why not.
//!
//! [`TrustedRoot`] comes only from a pinned digest or from the root before it;
//! [`Verified`] only from a signature by a key that the root trusts for this
//! purpose now; [`Approval`] only from a verified decision and the [`Facts`]
//! of the gate that is about to act. Holding one means that the checks before
//! it were made, in their order.
//!
//! Not here: checks 13 to 16 (preconditions, burning the nonce, acting,
//! writing the receipt), which need the gate's disk.

mod approval;
mod signed;
mod trusted;

pub use approval::{Approval, Approver, Clock, Facts, Ledger, NonceState, Ruling, Standing, Subject, verify};
pub use signed::{Signed, Verified, signed};
pub use trusted::TrustedRoot;
