//! The key of the marks by which masks are told apart, and what a person asked to see of what they hide.

use std::sync::Arc;

use countersign_core::digest::Digest;
use countersign_sheet::{MaskKey, Sheet};
use countersign_sources::layout::Layout;
use countersign_store::Store;

use crate::core::Inner;
use crate::{Error, files};

/// The key of this installation, and what a person has to know of it.
///
/// Where there is none, or what is no key, another is made: marks are then others, and what was said to be no secret is
/// forgotten, for nobody can tell any more what it was said of. Where it can be neither read nor kept, it is one of
/// this run.
pub(crate) fn key(layout: &Layout, store: &mut Store) -> Result<(MaskKey, Option<String>), Error> {
    match kept(layout, store) {
        Ok(it) => Ok(it),
        Err(error) => {
            tracing::warn!(%error, "the key of masks cannot be used");
            let why = "The key of masks (mask.key) can be neither read nor kept. What you said to be no secret counts as one until it can.";
            Ok((MaskKey::new(drawn(layout)?), Some(why.to_owned())))
        }
    }
}

fn kept(layout: &Layout, store: &mut Store) -> Result<(MaskKey, Option<String>), Error> {
    let path = layout.app().join("mask.key");
    let known = files::read(&path)?.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    if let Some(key) = known {
        return Ok((MaskKey::new(key), None));
    }
    // Before there is another: whenever this is cut short, the next start begins with it.
    let forgotten = store.write(|tx| {
        let said = tx.no_secrets()?;
        said.iter().try_for_each(|it| tx.remove_no_secret(&it.here).map(drop))?;
        Ok::<_, Error>(said.len())
    })?;
    let key = drawn(layout)?;
    files::write(&path, &key)?;
    let why = match forgotten {
        0 => return Ok((MaskKey::new(key), None)),
        1 => "What you said to be no secret counts as one again".to_owned(),
        many => format!("The {many} texts that you said to be no secret count as secrets again"),
    };
    let lost = "The key of masks (mask.key) was lost, and another was made.";
    Ok((MaskKey::new(key), Some(format!("{lost} {why}: without it nobody can tell what that was said of."))))
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
        let (which, now) = ((*digest, *sheet), self.monotonic());
        {
            let mut core = self.core();
            // One that is only read again has nothing to arm.
            if core.screen.shows(which)
                && let Some(tally) = core.screen.tally_mut(which)
            {
                tally.noted.revealed(asked, now);
            }
        }
        if let Some(hidden) = &made.hidden {
            hidden.show(&mut shown, asked);
        }
        Ok(Arc::new(shown))
    }
}
