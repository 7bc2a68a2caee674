//! Exit statuses: one number for each way things can end.

use std::process::ExitCode;

use countersign_core::receipt::Outcome;
use countersign_gate::wire::{Standing, View};
use countersign_gate::{Error, client};

/// An exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exit(u8);

impl Exit {
    pub(crate) const DONE: Self = Self(0);
    pub(crate) const WENT_WRONG: Self = Self(1);
    /// Of `diff` alone, as of diff(1).
    pub(crate) const DIFFERENT: Self = Self(1);
    /// Of `scan` alone, as of grep(1) the other way round: what was found keeps a commit from being made.
    pub(crate) const FOUND: Self = Self(1);
    pub(crate) const TROUBLE: Self = Self(2);
    pub(crate) const CHANGES_REQUESTED: Self = Self(83);
    pub(crate) const WITHDRAWN: Self = Self(85);
    pub(crate) const UNREACHABLE: Self = Self(96);
    pub(crate) const UNKNOWN: Self = Self(97);
    pub(crate) const WAITING: Self = Self(98);
    pub(crate) const OURS: Self = Self(99);

    /// Of something that did not work.
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::Refused(refusal) => Self(refusal.code.exit_status()),
            Error::Unreachable { .. } | Error::Closed => Self::UNREACHABLE,
            _ => Self::OURS,
        }
    }

    /// Of how a proposal stands.
    pub(crate) fn of_view(view: &View) -> Self {
        match view.standing {
            Standing::ChangesRequested => return Self::CHANGES_REQUESTED,
            Standing::Ended => {}
            // There is nothing more to wait for: its agent may come for what is in it.
            Standing::Approved if view.is_over() => return Self::DONE,
            Standing::Waiting | Standing::Approved | Standing::Acting => return Self::WAITING,
        }
        if let Some(refusal) = client::refusal(view) {
            return Self(refusal.code.exit_status());
        }
        match view.ending.as_deref() {
            Some("done") => Self(status_of_program(view).unwrap_or(0)),
            Some("released") => Self::DONE,
            Some("unknown") => Self::UNKNOWN,
            // A program that could not be run, as shells say it.
            Some("failed") if ran_a_program(view) => Self(126),
            _ => Self::WENT_WRONG,
        }
    }
}

impl Exit {
    /// The number.
    pub(crate) fn number(self) -> u8 {
        self.0
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.0.into()
    }
}

/// What the program of a proposal returned, when it ran one.
pub(crate) fn status_of_program(view: &View) -> Option<u8> {
    let outcomes = client::receipt(view)?.outcomes;
    let exit = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Done { exit, .. } | Outcome::Failed { exit, .. } => *exit,
        _ => None,
    });
    exit.map(|exit| u8::try_from(exit & 0xff).unwrap_or(u8::MAX))
}

fn ran_a_program(view: &View) -> bool {
    let outcomes = client::receipt(view).map(|it| it.outcomes).unwrap_or_default();
    matches!(outcomes.as_slice(), [Outcome::Failed { why, .. }] if why.starts_with("it could not be run"))
}
