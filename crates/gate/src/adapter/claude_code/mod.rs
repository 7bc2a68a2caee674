//! Claude Code's `PreToolUse` hook: each tool call that acts becomes a proposal.
//!
//! What would happen is computed here just as the tool would do it, from the
//! files as they are, and shown before it happens; the agent does it, once,
//! when a person has approved exactly that. Whatever cannot be computed is
//! denied with the reason, never shown as something else. Tools that only
//! read pass without a decision, so that the agent's own rules apply.
//!
//! Every error here blocks the call: exit status 2 and a reason, a panic too.
//! What Claude Code does when this program is killed is in its settings,
//! which [`settings`] prints: it blocks then as well.
//!
//! Observed with Claude Code 2.1.329 on Linux.

mod answer;
mod edit;
mod event;
mod file;
mod hook;
mod plan;
mod transcript;

pub use answer::{Answer, settings};
pub use event::Event;
pub use hook::run;
pub use plan::{Asking, Plan, plan};
