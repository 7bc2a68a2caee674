//! What is known of the keys without asking for them: `keys.json`.
//!
//! Public halves, where each key is kept, when the ring was made and backed
//! up, wrong passphrases. No secret. The file is as hostile as any other:
//! strict JSON, bounded, 0600 in a private folder.

use countersign_core::json;
use countersign_core::key::PublicKey;
use serde::{Deserialize, Serialize};

use crate::attempts::Attempts;
use crate::private_dir::PrivateDir;
use crate::{Error, Kept, Slot, Which};

const NAME: &str = "keys.json";
const LIMIT: usize = 16 * 1024;

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notes {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ring: Option<RingNote>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<DeviceNote>,
    pub(crate) attempts: Attempts,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RingNote {
    pub(crate) reviewer: PublicKey,
    pub(crate) administrator: PublicKey,
    pub(crate) kept: Kept,
    pub(crate) created: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backed_up: Option<u64>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceNote {
    pub(crate) public: PublicKey,
    pub(crate) kept: Kept,
}

impl RingNote {
    pub(crate) fn public(&self, which: Which) -> PublicKey {
        match which {
            Which::Reviewer => self.reviewer,
            Which::Administrator => self.administrator,
        }
    }
}

impl Notes {
    pub(crate) fn read(dir: &PrivateDir) -> Result<Self, Error> {
        let Some(text) = dir.read(NAME, LIMIT)? else { return Ok(Self { version: 1, ..Self::default() }) };
        let notes: Self =
            json::from_bytes(text.as_bytes()).map_err(|error| Error::Damaged(format!("{NAME}: {error}")))?;
        if notes.version != 1 {
            return Err(Error::Damaged(format!("{NAME} is of version {}, not 1", notes.version)));
        }
        Ok(notes)
    }

    pub(crate) fn save(&self, dir: &PrivateDir) -> Result<(), Error> {
        dir.write(NAME, &String::from_utf8_lossy(&json::to_bytes(self)))
    }

    pub(crate) fn ring(&self) -> Result<&RingNote, Error> {
        self.ring.as_ref().ok_or(Error::NoKey)
    }

    pub(crate) fn kept(&self, slot: Slot) -> Option<Kept> {
        match slot {
            Slot::Ring => self.ring.map(|it| it.kept),
            Slot::Device => self.device.map(|it| it.kept),
        }
    }

    pub(crate) fn set_kept(&mut self, slot: Slot, kept: Kept) {
        match slot {
            Slot::Ring => self.ring.iter_mut().for_each(|it| it.kept = kept),
            Slot::Device => self.device.iter_mut().for_each(|it| it.kept = kept),
        }
    }
}
