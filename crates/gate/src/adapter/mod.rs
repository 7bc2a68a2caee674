//! How agents that know nothing of a gate come to it: by the hooks they offer.
//!
//! A hook is a way in, not the lock: an agent that is started without its
//! hooks runs without the gate. What cannot be talked round is a credential
//! that only the gate holds.

pub mod claude_code;
