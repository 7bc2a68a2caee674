//! The app without its window, and its gate as a real process: practising, halting, starting, removing, remembering.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod home;

mod halting;
mod practice;
mod removal;
mod returning;
mod starting;
