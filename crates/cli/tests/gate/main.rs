//! The gate and its command line, as real processes. The reviewer is played
//! by keys of the test, which sign with the core and write into the spool.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bed;

mod agents;
mod amendments;
mod apply;
mod batches;
mod findings;
mod halts;
mod hostile;
mod look;
mod memory;
mod refusals;
mod release;
mod thread;
