//! What the tests of the whole house share: a desktop of their own, cut off
//! from every network, the real programs in it, and a scripted model.
//!
//! A test says what should happen and waits until it has; no wall time is
//! asserted. What goes wrong panics, with the log of the part concerned.

#![allow(clippy::unwrap_used, reason = "only tests call this, and a test may panic")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what a test says is read where it failed")]

pub mod bus;
pub mod desktop;
pub mod faults;
pub mod gallery;
pub mod gate;
pub mod keyboard;
pub mod model;
pub mod notifications;
pub mod person;
pub mod process;
pub mod programs;
pub mod rig;
pub mod sealed;
pub mod table;
pub mod tray;
pub mod until;
pub mod window;

pub use desktop::Desktop;
pub use keyboard::Keyboard;
pub use person::Person;
pub use sealed::sealed;
pub use until::until;
pub use window::Window;
