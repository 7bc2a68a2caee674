//! The gate: the one place that acts, and only on a valid approval.
//!
//! [`start::serve`] is the process: it takes requests over a Unix socket,
//! reads for itself how things are, proposes, hears decisions, checks them,
//! burns the nonce, acts on the signed bytes and writes a receipt. [`client`]
//! is how agents and the command line talk to it. [`request`] and [`config`]
//! are its two formats.
//!
//! Not here: the meaning of formats and checks 1 to 12 (`countersign-core`),
//! and how messages travel (`countersign-sources`).

#![warn(missing_docs)]

pub mod adapter;
pub mod client;
pub mod config;
pub mod folder;
pub mod request;
pub mod start;
pub mod wire;

mod act;
mod anchor;
mod engine;
mod error;
mod frame;
mod ledger;
mod paths;
mod private;
mod resolve;
mod seats;
mod server;
mod tail;
mod users;

pub use error::Error;
