//! Calls about the keys: made, unlocked, locked, backed up, restored, deleted.

use std::path::Path;
use std::time::Duration;

use countersign_core::name::Label;
use countersign_keys::{Backup, LossUnderstood, Passphrase, Wanted};

use super::Reviewer;
use crate::{Error, Event};

/// What the first start asks for.
#[derive(Debug)]
pub struct SetUp {
    /// Whose app this is.
    pub person: Label,
    /// What this installation is called.
    pub device: Label,
    /// What wraps the keys.
    pub passphrase: Passphrase,
    /// That the person knows what losing the key means.
    pub understood: LossUnderstood,
    /// Where the keys are to be kept; as the options say where nothing is said.
    pub place: Option<Wanted>,
}

impl Reviewer {
    /// Makes the keys. Slow. The backup is for the person to save, by [`Reviewer::save_backup`].
    ///
    /// # Errors
    ///
    /// [`Error::SetUpBefore`], [`Error::Keys`], [`Error::File`]. It can be called again, with the same passphrase.
    pub fn set_up(&self, set_up: SetUp) -> Result<Backup, Error> {
        self.inner.set_up(set_up)
    }

    /// Unlocks the reviewer key, for as long as it is used. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<(), Error> {
        self.inner.unlock(passphrase)?;
        // It locks by itself. And a keyring that gave this key may give the other by now.
        self.ask_for_the_device_key(true);
        Ok(())
    }

    /// Asks for the device key now, where it is not there, whatever was said a moment ago. The keyring may ask the
    /// person for it, where it `may_prompt`.
    pub(super) fn ask_for_the_device_key(&self, may_prompt: bool) {
        {
            let device = &mut self.inner.core().device;
            device.ask_again = Duration::ZERO;
            device.may_prompt |= may_prompt;
        }
        self.rounds.wake();
    }

    /// Whoever was told that the device key is not at hand may put that right and try again at once.
    pub(super) fn heal(&self, error: &Error) {
        if matches!(error, Error::DeviceKey | Error::CannotHalt { .. }) {
            self.ask_for_the_device_key(true);
        }
    }

    /// Locks it.
    pub fn lock(&self) {
        self.inner.lock();
    }

    /// Wraps the keys under another passphrase. Slow. Backups made before keep the old one.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn change_passphrase(&self, old: &Passphrase, new: &Passphrase) -> Result<(), Error> {
        Ok(self.inner.keys.change_passphrase(old, new, self.inner.seconds())?)
    }

    /// A backup, read back and opened once. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn backup(&self, passphrase: &Passphrase) -> Result<Backup, Error> {
        Ok(self.inner.keys.backup(passphrase, self.inner.seconds())?)
    }

    /// Saves a backup where the person says, and notes when.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn save_backup(&self, backup: &Backup, path: &Path) -> Result<(), Error> {
        self.inner.keys.save_backup(backup, path, self.inner.seconds())?;
        self.inner.core().backup = Some(path.to_owned());
        self.inner.tell(Event::KeyChanged);
        Ok(())
    }

    /// Takes the keys out of a backup, where there are none. Slow.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`], [`Error::File`].
    pub fn restore(
        &self,
        text: &str,
        passphrase: &Passphrase,
        person: Label,
        device: Label,
    ) -> Result<(), Error> {
        self.inner.restore(text, passphrase, person, device)
    }

    /// Deletes the reviewer's keys from this machine. Denying goes on to work.
    ///
    /// # Errors
    ///
    /// [`Error::Keys`].
    pub fn delete_key(&self, understood: LossUnderstood) -> Result<(), Error> {
        self.inner.delete_key(understood)
    }
}
