//! The key of the marks by which masks are told apart, and what a person asked to see of what they hide.

use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_sheet::{MaskKey, Sheet};
use countersign_sources::layout::Layout;

use crate::core::Inner;
use crate::{Error, files};

/// The key of this installation, made when there is none. What is no key is replaced: marks are then others.
pub(crate) fn key(layout: &Layout) -> Result<MaskKey, Error> {
    let path = layout.app().join("mask.key");
    let known = files::read(&path)?.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    if let Some(key) = known {
        return Ok(MaskKey::new(key));
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key)
        .map_err(|error| Error::File { path: path.clone(), cause: std::io::Error::other(error) })?;
    files::write(&path, &key)?;
    Ok(MaskKey::new(key))
}

impl Inner {
    /// The sheet with what its findings `asked` hide, which counts as revealed from then on where that sheet is on
    /// screen.
    pub(crate) fn reveal(&self, digest: &Digest, sheet: &Digest, asked: &[u32]) -> Result<Arc<Sheet>, Error> {
        let made = self.made(digest)?;
        let mut shown = Sheet::clone(made.whole(sheet)?);
        let which = (*digest, *sheet);
        {
            let mut core = self.core();
            // One that is only read again has nothing to arm.
            if core.screen.shows(which)
                && let Some(tally) = core.screen.tally_mut(which)
            {
                tally.noted.revealed(asked);
            }
        }
        if let Some(hidden) = &made.hidden {
            hidden.show(&mut shown, asked);
        }
        Ok(Arc::new(shown))
    }
}
