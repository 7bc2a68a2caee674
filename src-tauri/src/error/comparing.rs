//! Words for copies that another program was to show, and did not.

use countersign_reviewer::NotCompared;

use super::say;
use crate::wire::{ErrorCode, UserError};

/// None is chosen, or none that is known.
pub(crate) fn no_comparer() -> UserError {
    say(
        ErrorCode::NotOffered,
        "No program for comparing is chosen.",
        "Nothing was opened. Choose one in the settings, under “Comparing”.",
    )
}

/// What has no two sides, or too long ones.
pub(crate) fn no_sides() -> UserError {
    say(
        ErrorCode::BadInput,
        "This has no sides that another program could compare.",
        "Nothing was opened. It is a list, or longer than 64 MiB, or not at hand; its exact rows are on the sheet.",
    )
}

pub(crate) fn not_compared(error: &NotCompared) -> UserError {
    let said = match error {
        NotCompared::Missing(name) => say(
            ErrorCode::NotOffered,
            format!("{name} is not on this machine any more."),
            "Nothing was opened. Install it again, or choose another in the settings, under “Comparing”.",
        ),
        NotCompared::Failed(name, _) => say(
            ErrorCode::NotOffered,
            format!("{name} did not start."),
            "Nothing was opened, and the copies for it are removed. What the system said is below.",
        ),
        NotCompared::NotWritten(_) => say(
            ErrorCode::Broken,
            "The copies could not be written.",
            "Nothing was opened. What the system said is below; put that right, then try again.",
        ),
    };
    UserError { detail: Some(error.to_string()), ..said }
}
