//! The key of the marks by which masks are told apart, and what a person asked to see of what they hide.

use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_sheet::{MaskKey, Sheet};
use countersign_sources::layout::Layout;

use crate::core::Inner;
use crate::{Error, files};

/// The key of this installation; where it can be neither read nor kept, one of this run, and why. Marks are then
/// others, and nothing that was said to be no secret is known to be none.
pub(crate) fn key(layout: &Layout) -> Result<(MaskKey, Option<Error>), Error> {
    match kept(layout) {
        Ok(key) => Ok((key, None)),
        Err(error) => Ok((MaskKey::new(drawn(layout)?), Some(error))),
    }
}

/// It is made when there is none. What is no key is replaced.
fn kept(layout: &Layout) -> Result<MaskKey, Error> {
    let path = layout.app().join("mask.key");
    let known = files::read(&path)?.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    if let Some(key) = known {
        return Ok(MaskKey::new(key));
    }
    let key = drawn(layout)?;
    files::write(&path, &key)?;
    Ok(MaskKey::new(key))
}

fn drawn(layout: &Layout) -> Result<[u8; 32], Error> {
    let mut key = [0; 32];
    let failed =
        |error| Error::File { path: layout.app().join("mask.key"), cause: std::io::Error::other(error) };
    getrandom::fill(&mut key).map_err(failed)?;
    Ok(key)
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
