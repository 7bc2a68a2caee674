//! Who this app is for, and the root that it made: one file, so that the two always agree.

use std::path::PathBuf;

use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::name::Label;
use countersign_core::verify::TrustedRoot;
use countersign_sources::layout::Layout;
use serde::{Deserialize, Serialize};

use crate::{Error, files};

/// What was said at the first start, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) person: Label,
    pub(crate) device: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) root: Option<Pinned>,
}

/// A root and its digest. The copy that gates read is made from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pinned {
    pub(crate) digest: Digest,
    pub(crate) envelope: String,
}

fn path(layout: &Layout) -> PathBuf {
    layout.app().join("reviewer.json")
}

impl Settings {
    pub(crate) fn read(layout: &Layout) -> Result<Option<Self>, Error> {
        let path = path(layout);
        let Some(bytes) = files::read(&path)? else { return Ok(None) };
        let read = json::from_bytes(&bytes);
        read.map(Some).map_err(|error| Error::Damaged { path, why: error.to_string() })
    }

    pub(crate) fn write(&self, layout: &Layout) -> Result<(), Error> {
        files::write(&path(layout), &json::to_bytes(self))?;
        self.publish(layout)
    }

    /// Puts the copy of the root where gates look for it, unless it is there.
    pub(crate) fn publish(&self, layout: &Layout) -> Result<(), Error> {
        let Some(root) = &self.root else { return Ok(()) };
        if files::read(&layout.root()).ok().flatten().is_some_and(|there| there == root.envelope.as_bytes()) {
            return Ok(());
        }
        files::write(&layout.root(), root.envelope.as_bytes())
    }

    pub(crate) fn trusted(&self) -> Result<Option<TrustedRoot>, Error> {
        let Some(root) = &self.root else { return Ok(None) };
        TrustedRoot::pinned(root.envelope.as_bytes(), &root.digest).map(Some).map_err(Error::Root)
    }
}
