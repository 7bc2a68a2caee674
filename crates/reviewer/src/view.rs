//! What the reviewer shows: plain values, each a picture of one moment.
//!
//! Texts of an agent are always segments of the sheet. Words for people are
//! not made here.

mod amending;
mod deciding;
mod earlier;
mod event;
mod item;
mod lists;
mod opened;
mod state;

pub use amending::{Editable, NewText, NotEditable, TextState};
pub use deciding::{Answer, ApproveState, Bar, Decide, Reason, Signed};
pub use earlier::{Denied, Earlier};
pub use event::{Event, Need};
pub use item::{Cause, ItemState};
pub use lists::{FoundIn, FoundRow, FoundRows, HistoryFilter, Mark, Page, Queue, Row, Section, SectionId};
pub use opened::{
    AnswerState, DecisionState, Evidence, Member, Opened, ReceiptState, ResolutionState, Together,
};
pub use state::{GateState, HaltState, Held, KeyState, Lock, Obstacle, Setup, State};
