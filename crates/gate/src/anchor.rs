//! The anchor: how many nonces were burned or stopped in which epoch, in a file outside the gate's folder.
//!
//! A ledger that was restored from an old copy is behind its anchor, which is
//! how the gate notices. Ledger and anchor restored together are not noticed.

use std::path::{Path, PathBuf};

use countersign_core::json;
use countersign_core::name::{Epoch, Nonce};
use serde::{Deserialize, Serialize};

use crate::{Error, private};

/// What the anchor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mark {
    /// The life of the ledger.
    pub(crate) epoch: Epoch,
    /// Nonces burned in it, and changes that kept one from being burned.
    pub(crate) count: u64,
    /// The change that was counted last: the nonce, when it was a burn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last: Option<Nonce>,
}

/// The anchor file.
#[derive(Debug)]
pub(crate) struct Anchor {
    path: PathBuf,
}

impl Anchor {
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// What it says; `None` when it is missing or says nothing that can be read, which is the same.
    pub(crate) fn read(&self) -> Result<Option<Mark>, Error> {
        let bytes = private::read(&self.path, 1024)?;
        Ok(bytes.and_then(|bytes| json::from_bytes(&bytes).ok()))
    }

    /// Makes it say `mark`; on return it is on the disk.
    pub(crate) fn write(&self, mark: Mark) -> Result<(), Error> {
        if let Some(folder) = self.path.parent() {
            private::make_dir(folder)?;
        }
        private::write(&self.path, &json::to_bytes(&mark), 0o600)
    }
}
