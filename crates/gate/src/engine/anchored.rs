//! Changes that a restored ledger must not forget: burns, and whatever stops one.
//!
//! Three steps, each on the disk before the next: the ledger says which
//! change it is about to make, the anchor moves on and names it, the ledger
//! makes it. A crash in between leaves an anchor that is one ahead and names
//! the very change that the ledger was about to make; any other difference is
//! a ledger that was restored, replaced or lost.

use countersign_core::name::Nonce;
use countersign_core::time::Timestamp;
use countersign_sources::milestone::milestone;
use rusqlite::Connection;

use crate::anchor::{Anchor, Mark};
use crate::ledger::{Ledger, Meta};
use crate::{Error, private};

/// Makes a change that is counted in the anchor. `Err` inside: it was not made, for a reason that is no failure.
pub(super) fn anchored<T, R>(
    ledger: &mut Ledger,
    anchor: &Anchor,
    id: Nonce,
    now: Timestamp,
    change: impl FnOnce(&Connection) -> Result<Result<T, R>, Error>,
) -> Result<Result<T, R>, Error> {
    let saying = ledger.write()?;
    let known = Meta::of(&saying)?;
    Meta { intent: Some(id), highest: known.highest.max(now), ..known }.write(&saying)?;
    saying.commit()?;

    let before = anchor.read()?;
    let making = ledger.write()?;
    let made = match change(&making)? {
        Ok(made) => made,
        Err(reason) => return Ok(Err(reason)),
    };
    let count = known.count + 1;
    Meta { count, intent: None, ..Meta::of(&making)? }.write(&making)?;
    anchor.write(Mark { epoch: known.epoch, count, last: Some(id) })?;
    milestone("counted");
    if let Err(error) = making.commit() {
        // Should this fail too, the next look finds a change that was cut short.
        if let Some(before) = before {
            let _ = anchor.write(before);
        }
        return Err(error.into());
    }
    Ok(Ok(made))
}

/// The same for a change that has no nonce of its own and is always made.
pub(super) fn counted<T>(
    ledger: &mut Ledger,
    anchor: &Anchor,
    now: Timestamp,
    change: impl FnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let id = Nonce::from_bytes(private::random()?);
    let made =
        anchored(ledger, anchor, id, now, |ledger| Ok(Ok::<T, std::convert::Infallible>(change(ledger)?)))?;
    let Ok(made) = made;
    Ok(made)
}
