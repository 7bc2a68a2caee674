//! A maildir-like box for each direction: `tmp`, `new`, `cur`, `bad`, `blobs`, and a lock.
//!
//! [`Writer::send`] writes to `tmp`, syncs, renames into `new`, syncs the
//! folder. [`Reader::scan`] takes what is in `new`; the caller commits it and
//! then says [`Reader::done`] or [`Reader::refuse`], so a message is seen
//! again after a crash, never lost. A message that was sent twice is one file.
//!
//! Every arrival must be answered by `done` or `refuse`: a scan returns at most
//! [`BATCH`] of them, so unanswered ones would stand before all later ones.
//! Whoever must know all that stands against an act scans until a scan is empty.

mod guarded;
mod names;
mod reader;
mod watch;
mod writer;

pub use names::{Kind, Name};
pub use reader::{Arrival, Reader};
pub use watch::{Watched, on_arrival};
pub use writer::Writer;

/// The largest message: what [`countersign_core::envelope::MAX_ENVELOPE`] reads.
pub const MAX_MESSAGE: u64 = countersign_core::envelope::MAX_ENVELOPE as u64;

/// The largest blob: what the contents of one proposal may have together.
pub const MAX_BLOB: u64 = countersign_core::content::MAX_TOTAL;

/// The most arrivals of one scan.
pub const BATCH: usize = 512;

/// A scan ends with the message that brings it to so many bytes.
pub const BATCH_BYTES: usize = 8 << 20;
