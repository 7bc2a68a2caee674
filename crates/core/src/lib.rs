//! Words and bytes: what all parts of Countersign must agree on.
//!
//! Strict JSON, digests, keys, envelopes, every signed format, the root of
//! trust, and [`verify`], which turns bytes into an [`verify::Approval`] or a
//! [`refusal::Refusal`].
//!
//! Pure: no clock, no file, no network, no randomness, no async. Time enters
//! as [`time::Timestamp`], randomness as bytes.

#![warn(missing_docs)]

pub mod ack;
pub mod action;
pub mod amendment;
pub mod batch;
pub mod content;
pub mod decision;
pub mod digest;
pub mod envelope;
pub mod halt;
pub mod json;
pub mod key;
pub mod name;
pub mod ostext;
pub mod proposal;
pub mod receipt;
pub mod refusal;
pub mod root;
pub mod statement;
pub mod time;
pub mod verify;
