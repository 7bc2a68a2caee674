//! Further views of a content, beside its exact rows and never in their place.
//!
//! Promises: what comes out has nothing in it that acts, whatever goes in, and
//! work and size are bounded by what is counted.
//!
//! Left to others: the exact bytes, which alone count as read; what is drawn where.
//!
//! Pure: no clock, no file, no network.

mod code;
mod link;
mod markdown;

pub use code::{Class, Piece, pieces};
pub use markdown::{HASH, STYLE, markdown};
