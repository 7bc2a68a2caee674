//! One visit to the keyring of the operating system: open the entry, do one thing, leave.
//!
//! `keyring` reads, stores and deletes. Blocks as long as the system does,
//! which is for ever when a prompt is not answered; [`crate::keyring`] puts a
//! time on it. On Linux a change is made only after everything is unlocked,
//! so that it can still be called off when its caller has left; elsewhere the
//! system prompts in the middle of a change, and a late answer is
//! [`Trouble::Unsure`].

use keyring::{Entry, Error as EntryError};
use zeroize::Zeroizing;

use crate::{Slot, Trouble};

pub(crate) const SERVICE: &str = "countersign";

pub(crate) fn read(profile: &str, slot: Slot) -> Result<Option<Zeroizing<String>>, Trouble> {
    // Not as a password: that error would carry the bytes.
    let secret = match open(profile, slot)?.get_secret() {
        Ok(secret) => Zeroizing::new(secret),
        Err(EntryError::NoEntry) => return Ok(None),
        Err(other) => return Err(trouble(other)),
    };
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
    let entry = open(profile, slot)?;
    #[cfg(target_os = "linux")]
    crate::secret_service::unlock_to_write(&user(profile, slot))?;
    if may_write() { entry.set_secret(text.as_bytes()).map_err(trouble) } else { Ok(()) }
}

/// Deletes the item, unless `may_delete` says after the unlocking that nobody waits for it any more.
pub(crate) fn delete(profile: &str, slot: Slot, may_delete: impl FnOnce() -> bool) -> Result<(), Trouble> {
    let entry = open(profile, slot)?;
    #[cfg(target_os = "linux")]
    crate::secret_service::unlock_to_delete(&user(profile, slot))?;
    if !may_delete() {
        return Ok(());
    }
    match entry.delete_credential() {
        Ok(()) | Err(EntryError::NoEntry) => Ok(()),
        Err(other) => Err(trouble(other)),
    }
}

/// Whether something could be stored now. Prompts for nothing.
pub(crate) fn look() -> Result<(), Trouble> {
    #[cfg(target_os = "linux")]
    crate::secret_service::look()?;
    Ok(())
}

/// A connection of its own each time: `Entry::new` keeps the first one for the life of the
/// process, also a failed one, and would never see a keyring that starts later or again.
#[cfg(target_os = "linux")]
fn open(profile: &str, slot: Slot) -> Result<Entry, Trouble> {
    use keyring_core::api::CredentialStoreApi as _;
    // It agrees on a session key, which keeps the secret out of a recording of the bus.
    let store =
        zbus_secret_service_keyring_store::Store::new().map_err(|error| Trouble::Absent(words(error)))?;
    let label = format!("Countersign: {}", slot.name().replace('-', " "));
    let inner = store
        .build(SERVICE, &user(profile, slot), Some(&[("label", label.as_str())].into()))
        .map_err(trouble)?;
    Ok(Entry { inner })
}

#[cfg(not(target_os = "linux"))]
fn open(profile: &str, slot: Slot) -> Result<Entry, Trouble> {
    Entry::new(SERVICE, &user(profile, slot)).map_err(trouble)
}

/// Two profiles never share a name, whatever they are called: no slot has a slash in its name.
fn user(profile: &str, slot: Slot) -> String {
    format!("{}/{profile}", slot.name())
}

fn trouble(error: EntryError) -> Trouble {
    match error {
        EntryError::NoDefaultStore => Trouble::Absent(error.to_string()),
        EntryError::NoStorageAccess(_) => Trouble::Locked,
        // Guessing which one is ours could sign with a key that somebody put there.
        EntryError::Ambiguous(_) => two_items(),
        other => Trouble::Failed(words(other)),
    }
}

pub(crate) fn two_items() -> Trouble {
    Trouble::Failed("it holds two items of that name".to_owned())
}

/// What the system said, without what `keyring` puts before it.
fn words(error: EntryError) -> String {
    match error {
        EntryError::PlatformFailure(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
