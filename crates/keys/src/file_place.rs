//! Secrets in 0600 files of one private folder: the place that every system has.

use zeroize::Zeroizing;

use crate::private_dir::PrivateDir;
use crate::seal::MAX_TEXT;
use crate::{Error, SecretPlace, Slot};

impl SecretPlace for PrivateDir {
    fn read(&self, slot: Slot) -> Result<Option<Zeroizing<String>>, Error> {
        self.read(slot.name(), MAX_TEXT)
    }

    fn write(&self, slot: Slot, text: &str) -> Result<(), Error> {
        self.write(slot.name(), text)
    }

    fn delete(&self, slot: Slot) -> Result<(), Error> {
        self.delete(slot.name())
    }
}
