//! The app without its window, set up as a person does at the first start.

use std::path::PathBuf;
use std::time::Duration;

use countersign_core::time::Timestamp;
use countersign_keys::{LossUnderstood, Passphrase, Wanted};
use countersign_reviewer::{Options, Reviewer, SetUp};
use countersign_sources::layout::Layout;

use crate::Failed;
use crate::gate::Gate;

const PASSPHRASE: &str = "correct horse battery staple";

/// Makes and starts it.
pub(crate) struct App;

impl App {
    /// Makes keys and a root that names `gate`.
    pub(crate) fn set_up(layout: &Layout, gate: &Gate) -> Result<(), Failed> {
        let reviewer = Self::start(layout)?;
        Self::make_key(&reviewer)?;
        reviewer.enrol(&gate.id, gate.key.public(), &passphrase())?;
        Ok(())
    }

    /// Makes the keys, in files.
    pub(crate) fn make_key(reviewer: &Reviewer) -> Result<(), Failed> {
        reviewer.set_up(SetUp {
            person: "Robin Example".parse()?,
            device: "desk".parse()?,
            passphrase: passphrase(),
            place: None,
            understood: LossUnderstood::confirm(LossUnderstood::WORDS)
                .map_err(|error| Failed::from(error.to_string()))?,
        })?;
        Ok(())
    }

    /// Starts it; it ends when it is dropped.
    pub(crate) fn start(layout: &Layout) -> Result<Reviewer, Failed> {
        Ok(Reviewer::start(layout.clone(), options(PathBuf::from("countersign"))?, |_| {})?)
    }
}

/// As the window's, with the keys in files: a keyring is another program, and not what is measured.
pub(crate) fn options(gate_program: PathBuf) -> Result<Options, Failed> {
    let wanted = Wanted::File;
    Ok(Options { wanted, ..Options::new(gate_program, "home".parse()?) })
}

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE.to_owned())
}

/// The calendar's time.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_seconds(std::time::UNIX_EPOCH.elapsed().unwrap_or(Duration::ZERO).as_secs())
}
