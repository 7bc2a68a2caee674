//! One visit to the freedesktop Secret Service: connect, do one thing, leave.
//!
//! Blocks as long as the service does, which is for ever when a prompt is not
//! answered; [`crate::keyring`] puts a time on it. A new connection each time
//! costs milliseconds and sees a keyring that started later. Locked things
//! are unlocked first and alone, so that a write whose caller has left can
//! still be called off.

use std::collections::HashMap;

use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error as BusError};
use zeroize::Zeroizing;

use crate::{Slot, Trouble};

pub(crate) fn read(profile: &str, slot: Slot) -> Result<Option<Zeroizing<String>>, Trouble> {
    let service = connect()?;
    let Some(item) = find(&service, profile, slot)? else { return Ok(None) };
    let secret = Zeroizing::new(item.get_secret().map_err(trouble)?);
    let text =
        std::str::from_utf8(&secret).map_err(|_| Trouble::Failed("its item is not text".to_owned()))?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

/// Stores `text`, unless `may_write` says after the unlocking that nobody waits for it any more.
pub(crate) fn write(
    profile: &str,
    slot: Slot,
    text: &str,
    may_write: impl FnOnce() -> bool,
) -> Result<(), Trouble> {
    let service = connect()?;
    if let Some(item) = find(&service, profile, slot)? {
        return if may_write() {
            item.set_secret(text.as_bytes(), "text/plain").map_err(trouble)
        } else {
            Ok(())
        };
    }
    let collection = service.get_default_collection().map_err(|error| match error {
        BusError::NoResult => Trouble::NoCollection,
        other => trouble(other),
    })?;
    if collection.is_locked().map_err(trouble)? {
        collection.unlock().map_err(trouble)?;
    }
    if may_write() {
        let label = format!("Countersign: {}", slot.name().replace('-', " "));
        collection
            .create_item(&label, attributes(profile, slot), text.as_bytes(), true, "text/plain")
            .map_err(trouble)?;
    }
    Ok(())
}

/// Deletes the item, unless `may_delete` says after the unlocking that nobody waits for it any more.
pub(crate) fn delete(profile: &str, slot: Slot, may_delete: impl FnOnce() -> bool) -> Result<(), Trouble> {
    let service = connect()?;
    match find(&service, profile, slot)? {
        Some(item) if may_delete() => item.delete().map_err(trouble),
        _ => Ok(()),
    }
}

/// The one item of the slot, unlocked.
fn find<'s>(service: &'s SecretService<'_>, profile: &str, slot: Slot) -> Result<Option<Item<'s>>, Trouble> {
    let found = service.search_items(attributes(profile, slot)).map_err(trouble)?;
    let mut items = found.unlocked.into_iter().chain(found.locked);
    let Some(item) = items.next() else { return Ok(None) };
    if items.next().is_some() {
        // Guessing which one is ours could sign with a key that somebody put there.
        return Err(Trouble::Failed("it holds two items of that name".to_owned()));
    }
    if item.is_locked().map_err(trouble)? {
        item.unlock().map_err(trouble)?;
    }
    Ok(Some(item))
}

fn attributes(profile: &str, slot: Slot) -> HashMap<&str, &str> {
    HashMap::from([("application", "countersign"), ("profile", profile), ("slot", slot.name())])
}

fn connect() -> Result<SecretService<'static>, Trouble> {
    // The session key keeps the secret out of a recording of the bus.
    SecretService::connect(EncryptionType::Dh).map_err(|error| Trouble::Absent(error.to_string()))
}

fn trouble(error: BusError) -> Trouble {
    match error {
        BusError::Locked | BusError::Prompt => Trouble::Locked,
        BusError::Unavailable => Trouble::Absent(error.to_string()),
        other => Trouble::Failed(other.to_string()),
    }
}
