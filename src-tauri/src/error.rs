//! The one place that turns errors into words for people: what was wrong,
//! what did not happen, what to do next. No secret is ever in an error below,
//! so none can be in these.

mod comparing;
mod parts;
#[cfg(test)]
mod tests;

use countersign_keys::Error as Keys;
use countersign_reviewer::{Error, Held, Obstacle};
use countersign_sheet::{plain, value};

use crate::wire::{ErrorCode, UserError};

fn say(code: ErrorCode, title: impl Into<String>, hint: impl Into<String>) -> UserError {
    UserError { code, title: title.into(), hint: hint.into(), detail: None }
}

/// Something that the page sent and a person typed.
pub(crate) fn input(title: &str) -> UserError {
    say(ErrorCode::BadInput, title, "Nothing was changed. Correct it and try again.")
}

/// The page asks for a sheet that is no longer at hand.
pub(crate) fn sheet_gone() -> UserError {
    say(ErrorCode::Changed, "This sheet is no longer on screen.", "Nothing was signed. Open the item again.")
}

/// A text that is not to be had for the clipboard.
pub(crate) fn not_copied() -> UserError {
    say(
        ErrorCode::BadInput,
        "This cannot be copied as it is.",
        "Nothing was copied. The rows can be, escaped, as they are shown.",
    )
}

/// A view that a document does not have.
pub(crate) fn no_view() -> UserError {
    say(
        ErrorCode::BadInput,
        "This cannot be looked at like that.",
        "Nothing else is missing: its exact rows are on the sheet.",
    )
}

/// Why a text of a proposal cannot be edited, or not like this.
pub(crate) use parts::not_editable;

pub(crate) use comparing::{no_comparer, no_sides, not_compared};

/// The settings file.
pub(crate) fn settings(cause: &std::io::Error) -> UserError {
    let said = match cause.kind() {
        std::io::ErrorKind::StorageFull => say(
            ErrorCode::DiskFull,
            "The setting could not be kept: the disk is full.",
            "It was not changed. Make room, then set it again.",
        ),
        _ => say(
            ErrorCode::Broken,
            "The setting could not be kept.",
            "It was not changed. What the system said is below; put that right, then set it again.",
        ),
    };
    UserError { detail: Some(cause.to_string()), ..said }
}

/// What could not be removed, when the keys and all else are gone.
pub(crate) fn left_over(cause: &Error) -> UserError {
    let said = say(
        ErrorCode::Broken,
        "Not everything could be removed.",
        "The keys are gone, and nothing can be signed here any more. Put right what is said below, then remove the \
         rest, or close the app and remove it by hand.",
    );
    UserError { detail: Some(cause.to_string()), ..said }
}

/// Something that this desktop does not do; `why` is what it said.
pub(crate) fn not_offered(title: impl Into<String>, why: impl ToString) -> UserError {
    let said = say(
        ErrorCode::NotOffered,
        title,
        "Nothing was changed. Everything else works without it; the reason is below.",
    );
    UserError { detail: Some(why.to_string()), ..said }
}

/// What holds everything up, as long as it does.
pub(crate) fn held(it: &Held) -> UserError {
    let right = "Put that right";
    let (code, title, first) = match it.by {
        Obstacle::DiskFull => (ErrorCode::DiskFull, "The disk is full.", "Make room"),
        Obstacle::Records => (ErrorCode::Broken, "The app’s own records cannot be read or written.", right),
        Obstacle::Folders => {
            (ErrorCode::Broken, "The folders through which gate and app speak cannot be used.", right)
        }
        Obstacle::Other => (ErrorCode::Broken, "Something keeps the app from going on.", right),
    };
    let hint = format!(
        "What arrives is not taken in, and what was signed may not be sent. Nothing of it is lost: it waits, and is \
         tried again every few seconds. {first}; the rest happens by itself."
    );
    UserError { detail: Some(it.says.clone()), ..say(code, title, hint) }
}

/// Why there is no window at all.
pub(crate) fn at_start(cause: &Error) -> String {
    let said = UserError::from_error(cause);
    let detail = said.detail.map(|detail| format!("\n({detail})")).unwrap_or_default();
    format!("Countersign did not start. {} {}{detail}", said.title, said.hint)
}

impl From<Error> for UserError {
    fn from(error: Error) -> Self {
        Self::from_error(&error)
    }
}

impl UserError {
    fn from_error(error: &Error) -> Self {
        let said = words(error);
        Self { detail: detail(error), ..said }
    }
}

/// The particulars, where they help whoever is asked for help.
fn detail(error: &Error) -> Option<String> {
    match error {
        Error::NotArmed { .. }
        | Error::Changed
        | Error::NotSeen { .. }
        | Error::NotAcknowledged { .. }
        | Error::FindingNotSeen
        | Error::FindingMasked
        | Error::Names(_)
        | Error::TeamRules(_)
        | Error::TooSoon { .. }
        | Error::CommentTooLong(_)
        | Error::Cursor
        | Error::TooLateToSnooze
        | Error::NotEditable(_)
        | Error::KeyLocked
        | Error::UnlockAgain
        | Error::NotSetUp
        | Error::CannotHalt { .. }
        | Error::OnlyEverything
        | Error::NotConfirmed
        | Error::SetUpBefore => None,
        Error::Keys(
            Keys::PassphraseRule(_)
            | Keys::WrongPassphrase { .. }
            | Keys::TooSoon { .. }
            | Keys::LossNotConfirmed
            | Keys::NoKey,
        ) => None,
        other => Some(other.to_string()),
    }
}

/// Words about a file of somebody else, in which some of its own can be.
fn drawn(why: &str) -> String {
    let first = why.lines().next().unwrap_or_default();
    plain(&value(first.trim_end_matches('.').as_bytes()))
}

fn words(error: &Error) -> UserError {
    match error {
        Error::NotFound(_) => say(
            ErrorCode::NotFound,
            "This item is no longer here.",
            "Nothing was signed. Look at the queue again.",
        ),
        Error::NotOpen(_) => say(
            ErrorCode::NotOpen,
            "This cannot be done to it any more.",
            "Nothing was signed or sent. Its state changed; look at it again.",
        ),
        Error::OneNotOpen { which, .. } => say(
            ErrorCode::NotOpen,
            format!("{} cannot be answered any more.", which.short()),
            "Nothing was signed or sent for any of them. Look at what is left of them, then decide again.",
        ),
        Error::NotArmed { milliseconds } => say(
            ErrorCode::NotArmed,
            "It was shown only a moment ago.",
            format!(
                "Nothing was signed. It can be signed in {milliseconds} ms, so that nobody signs by accident."
            ),
        ),
        Error::Changed => say(
            ErrorCode::Changed,
            "This is not the sheet that is on screen.",
            "Nothing was signed. Read the sheet as it is now, then decide.",
        ),
        Error::NotSeen { unseen: 1 } => say(
            ErrorCode::NotShown,
            "1 row was not on screen yet.",
            "Nothing was signed. Go there and read it, or say that you sign it unread.",
        ),
        Error::NotSeen { unseen } => say(
            ErrorCode::NotShown,
            format!("{unseen} rows were not on screen yet."),
            "Nothing was signed. Scroll through them, or say that you sign them unread.",
        ),
        Error::NotAcknowledged { left } => say(
            ErrorCode::NotShown,
            if *left == 1 {
                "1 blocking finding is left.".to_owned()
            } else {
                format!("{left} blocking findings are left.")
            },
            "Nothing was signed. Go to each, look at it, and acknowledge it with a reason; or deny.",
        ),
        Error::FindingNotSeen => say(
            ErrorCode::NotShown,
            "This finding was not on screen yet.",
            "Nothing was said of it. Go to where it stands and look at it first.",
        ),
        Error::FindingMasked => say(
            ErrorCode::NotShown,
            "What this finding is about is masked.",
            "Nothing was said of it. Reveal it once, so that you know what you let stand.",
        ),
        Error::Names(why) => say(
            ErrorCode::BadInput,
            format!("The list of names cannot be used: {}.", drawn(why)),
            "It was not kept, and the names before it are looked for. Change that line and keep it again.",
        ),
        Error::TeamRules(why) => say(
            ErrorCode::BadInput,
            format!("These rules cannot be used: {}.", drawn(why)),
            "They were not taken, and those before them are used. The file has to be one of gitleaks (TOML).",
        ),
        Error::TooSoon { milliseconds } => say(
            ErrorCode::NotArmed,
            "It came on screen only a moment ago.",
            format!("Nothing was said of it. It can be in {milliseconds} ms, so that each is looked at."),
        ),
        Error::CommentTooLong(length) => say(
            ErrorCode::BadInput,
            format!("The comment has {},{:03} bytes, more than 4,000.", length / 1_000, length % 1_000),
            "Nothing was signed or sent. It is still here; shorten it and send it again.",
        ),
        Error::Cursor => say(
            ErrorCode::BadInput,
            "That is no place in this list.",
            "Nothing was changed. Open the list again from its beginning.",
        ),
        Error::TooLateToSnooze => say(
            ErrorCode::NotOpen,
            "It expires too soon to be put aside.",
            "It was not put aside and stays in the queue: it has to be back ten minutes before it expires.",
        ),
        Error::NotEditable(why) => say(ErrorCode::BadInput, not_editable(*why), parts::NOT_EDITED),
        Error::KeyLocked => say(
            ErrorCode::KeyLocked,
            "Your signing key is locked.",
            "Nothing was signed or sent. Unlock it, then decide again.",
        ),
        Error::UnlockAgain => say(
            ErrorCode::KeyLocked,
            "The risk is high, so it asks for your passphrase again.",
            "Nothing was signed. Unlock with this sheet on screen, then sign.",
        ),
        Error::DeviceKey => say(
            ErrorCode::KeyUnreachable,
            "The key of this installation is not at hand.",
            "Nothing was signed or sent. Unlock the system’s keyring, then try again.",
        ),
        Error::CannotHalt { gates } => say(
            ErrorCode::KeyUnreachable,
            "Nothing was halted: the key of this installation is not at hand.",
            format!("Unlock the system’s keyring, then halt again. {}", instead_of_a_halt(gates)),
        ),
        Error::OnlyEverything => say(
            ErrorCode::OnlyEverything,
            "Nothing tells this agent from others, so it cannot be halted alone.",
            "Nothing was halted. Halt everything instead; or give each agent a token, and halt one by one from then on.",
        ),
        Error::NotConfirmed => say(
            ErrorCode::NotUnderstood,
            "The words that confirm it were not typed.",
            "Nothing was removed. Read what would be, then type them.",
        ),
        Error::NotSetUp => say(
            ErrorCode::GateMissing,
            "This is not set up yet.",
            "Nothing was changed. Make a key and a gate first.",
        ),
        Error::SetUpBefore => say(
            ErrorCode::KeyExists,
            "This was set up before.",
            "Nothing was changed. What is there goes on.",
        ),
        Error::Root(refusal) => say(
            ErrorCode::Broken,
            "The list of whom to trust does not hold.",
            format!("Nothing is shown as a proposal and nothing can be signed. {}", refusal.code.says()),
        ),
        Error::GateMissing { .. } => say(
            ErrorCode::GateMissing,
            "The program `countersign` was not found or does not start.",
            "No gate was made or started. Install it beside this app, or on the search path.",
        ),
        Error::GateFailed { .. } => say(
            ErrorCode::GateFailed,
            "The gate did not come up.",
            "Nothing acts without it. What it said is below; try again when that is put right.",
        ),
        Error::Practice(_) => say(
            ErrorCode::GateFailed,
            "The practice proposal was not made.",
            "Nothing was proposed. The gate has to run, and not be halted; what it said is below. Then try again.",
        ),
        Error::File { cause, .. } if cause.kind() == std::io::ErrorKind::StorageFull => parts::disk_full(),
        Error::File { .. } => say(
            ErrorCode::Broken,
            "A file of Countersign could not be read or written.",
            "Nothing was signed or sent. The file and the system’s words are below.",
        ),
        Error::Damaged { .. } => say(
            ErrorCode::Broken,
            "A file of Countersign is damaged.",
            "It was not used, and nothing was changed. Put it back from a backup of this folder.",
        ),
        Error::Keys(keys) => parts::keys(keys),
        Error::Store(store) => parts::store(store),
        Error::Spool(spool) => parts::spool(spool),
    }
}

/// What stops a gate for certain.
fn instead_of_a_halt(gates: &[(countersign_core::name::GateId, Option<u32>)]) -> String {
    let kills: Vec<String> = gates
        .iter()
        .filter_map(|(gate, process)| Some(format!("`kill {}` (the gate {gate})", process.as_ref()?)))
        .collect();
    match kills.as_slice() {
        [] => "No gate runs here now, and a gate that does not run does nothing.".to_owned(),
        kills => {
            format!("To stop it now, end the gate: {}. While it is down nothing acts.", kills.join(", "))
        }
    }
}
