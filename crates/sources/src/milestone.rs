//! Points at which a test can end or stop this very process: "committed", "burned", "acted".
//!
//! Only builds with debug assertions know of them. There, `COUNTERSIGN_MILESTONE` names a signal,
//! a point, and which time it is reached: `kill:burned`, `stop:written receipt:2`. In every other
//! build a milestone is nothing: neither the variable nor the points are in the program.
//!
//! A kill from outside comes too early or too late; this one comes exactly there.

#[cfg(debug_assertions)]
mod armed;

use std::fmt::Display;

/// The process reached `point`. What stands before it has happened, what comes after it has not.
#[cfg(debug_assertions)]
pub fn milestone(point: impl Display) {
    armed::reached(&point);
}

/// Nothing.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub fn milestone(_: impl Display) {}
