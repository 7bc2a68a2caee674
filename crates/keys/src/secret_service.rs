//! Unlocks, and does nothing else, in the freedesktop Secret Service.
//!
//! `keyring` unlocks and stores in one call, which a prompt answered late
//! would complete behind the back of a caller who has left. So what a change
//! needs is unlocked here first. A keyring that locks itself again in the
//! moment between makes `keyring` prompt after all; the caller then hears
//! [`Trouble::Unsure`], not that nothing was stored.

use std::collections::HashMap;

use secret_service::blocking::SecretService;
use secret_service::{EncryptionType, Error as BusError};

use crate::Trouble;
use crate::entry::{SERVICE, two_items};

/// Unlocks the item of `user`, or where a new one would go.
pub(crate) fn unlock_to_write(user: &str) -> Result<(), Trouble> {
    let service = connect()?;
    if unlock_item(&service, user)? {
        return Ok(());
    }
    let collection = service.get_default_collection().map_err(|error| match error {
        BusError::NoResult => Trouble::NoCollection,
        other => trouble(other),
    })?;
    if collection.is_locked().map_err(trouble)? {
        collection.unlock().map_err(trouble)?;
    }
    Ok(())
}

/// Whether a new item could be stored without a prompt.
pub(crate) fn look() -> Result<(), Trouble> {
    let service = connect()?;
    let collection = service.get_default_collection().map_err(|error| match error {
        BusError::NoResult => Trouble::NoCollection,
        other => trouble(other),
    })?;
    if collection.is_locked().map_err(trouble)? { Err(Trouble::Locked) } else { Ok(()) }
}

/// Unlocks the item of `user`, if there is one.
pub(crate) fn unlock_to_delete(user: &str) -> Result<(), Trouble> {
    unlock_item(&connect()?, user).map(|_| ())
}

/// Whether there is one.
fn unlock_item(service: &SecretService<'_>, user: &str) -> Result<bool, Trouble> {
    // The attributes by which `keyring` finds it again.
    let attributes = HashMap::from([("service", SERVICE), ("username", user)]);
    let found = service.search_items(attributes).map_err(trouble)?;
    let mut items = found.unlocked.into_iter().chain(found.locked);
    let Some(item) = items.next() else { return Ok(false) };
    if items.next().is_some() {
        return Err(two_items());
    }
    if item.is_locked().map_err(trouble)? {
        item.unlock().map_err(trouble)?;
    }
    Ok(true)
}

fn connect() -> Result<SecretService<'static>, Trouble> {
    // No secret goes over this connection.
    SecretService::connect(EncryptionType::Plain).map_err(|error| Trouble::Absent(error.to_string()))
}

fn trouble(error: BusError) -> Trouble {
    match error {
        BusError::Locked | BusError::Prompt => Trouble::Locked,
        BusError::Unavailable => Trouble::Absent(error.to_string()),
        other => Trouble::Failed(other.to_string()),
    }
}
