//! The keys: made, unlocked, locked again by themselves.
//!
//! Argon2 and the keyring are slow, so nothing here holds the lock of the
//! core while it asks for them.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use countersign_core::name::Label;
use countersign_keys::{Backup, DeviceKey, Error as Keys, Kept, LossUnderstood, Passphrase, Wanted};

use crate::core::{Device, Inner, Unlocked};
use crate::settings::Settings;
use crate::{Error, Event, SetUp};

/// How long to leave a keyring alone that did not give the device key.
const ASK_AGAIN: Duration = Duration::from_secs(30);

impl Inner {
    pub(crate) fn set_up(&self, it: SetUp) -> Result<Backup, Error> {
        let _one = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        self.core().still_here()?;
        if self.core().settings.is_some() && self.keys.about(self.seconds())?.ring.is_some() {
            return Err(Error::SetUpBefore);
        }
        let wanted = it.place.unwrap_or(self.options.wanted);
        // A set-up that was cut short after the keys were made goes on from there.
        let backup = match self.keys.about(self.seconds())?.ring {
            None => self.keys.create(&it.passphrase, it.understood, wanted, self.seconds())?.backup,
            Some(_) => self.keys.backup(&it.passphrase, self.seconds())?,
        };
        self.introduce(it.person, it.device, wanted)?;
        Ok(backup)
    }

    pub(crate) fn restore(
        &self,
        text: &str,
        passphrase: &Passphrase,
        person: Label,
        device: Label,
    ) -> Result<(), Error> {
        let _one = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        self.core().still_here()?;
        self.keys.restore(text, passphrase, self.options.wanted, self.seconds())?;
        self.introduce(person, device, self.options.wanted)
    }

    /// Makes the device key where there is none, and keeps who this is. A root that was made stays.
    fn introduce(&self, person: Label, device: Label, wanted: Wanted) -> Result<(), Error> {
        let key = match self.keys.about(self.seconds())?.device {
            None => Some(self.keys.create_device(wanted)?),
            Some(_) => self.keys.device()?,
        };
        let root = self.core().settings.as_ref().and_then(|settings| settings.root.clone());
        let settings = Settings { person, device, root };
        settings.write(&self.layout)?;
        let mut core = self.core();
        core.settings = Some(settings);
        core.device = Device::with(key);
        drop(core);
        self.tell(Event::KeyChanged);
        Ok(())
    }

    pub(crate) fn unlock(&self, passphrase: &Passphrase) -> Result<(), Error> {
        // What was on screen when the passphrase was given, not when the slow part was over.
        let (before, locks) = {
            let core = self.core();
            (core.screen.current(), core.locks)
        };
        let key = self.keys.reviewer()?.unlock(&self.keys, passphrase, self.seconds())?;
        let mut core = self.core();
        if core.locks != locks {
            return Err(Error::KeyLocked);
        }
        let on = core.screen.current().filter(|now| before == Some(*now));
        core.unlocked = Some(Unlocked { key, used: self.monotonic(), on });
        drop(core);
        self.tell(Event::KeyChanged);
        Ok(())
    }

    pub(crate) fn lock(&self) {
        let was_open = self.core().lock();
        if was_open {
            self.tell(Event::KeyChanged);
        }
    }

    pub(crate) fn delete_key(&self, understood: LossUnderstood) -> Result<(), Error> {
        self.lock();
        self.keys.delete(understood)?;
        // Also one that was being unlocked meanwhile.
        self.lock();
        self.tell(Event::KeyChanged);
        Ok(())
    }

    /// Locks a key that nobody used for long.
    pub(crate) fn lock_when_idle(&self) {
        let (now, idle) = (self.monotonic(), self.options.idle);
        let expired = self.core().unlocked.as_ref().is_some_and(|it| now.saturating_sub(it.used) >= idle);
        if expired {
            self.lock();
        }
    }

    /// Asks for the device key, in a thread of its own: a keyring may wait for a person.
    pub(crate) fn fetch_device_key(self: &Arc<Self>) {
        let now = self.monotonic();
        let may_prompt = {
            let mut core = self.core();
            if core.settings.is_none() {
                return;
            }
            let device = &mut core.device;
            if device.key.is_some() || device.asking || now < device.ask_again {
                return;
            }
            device.asking = true;
            std::mem::take(&mut device.may_prompt)
        };
        let inner = Arc::clone(self);
        let ask = move || {
            let key = inner.device_key(may_prompt);
            let mut core = inner.core();
            core.device.asking = false;
            core.device.ask_again = inner.monotonic() + ASK_AGAIN;
            match key {
                Ok(Some(key)) => core.device.key = Some(key),
                Ok(None) => tracing::warn!("there is no device key"),
                Err(error) => tracing::warn!(%error, "the device key is not at hand"),
            }
            let found = core.device.key.is_some();
            drop(core);
            if found {
                inner.tell(Event::KeyChanged);
            }
        };
        if std::thread::Builder::new().name("device-key".to_owned()).spawn(ask).is_err() {
            self.core().device.asking = false;
        }
    }

    fn device_key(&self, may_prompt: bool) -> Result<Option<DeviceKey>, Error> {
        let device = self.keys.about(self.seconds())?.device;
        if !may_prompt && device.is_some_and(|it| it.kept == Kept::Keyring) {
            self.options.keyring.look().map_err(Keys::from)?;
        }
        Ok(self.keys.device()?)
    }

    pub(crate) fn seconds(&self) -> u64 {
        self.now().seconds()
    }
}
