//! Putting a secret into its place, finding it again, moving it; and the device key.

use zeroize::Zeroizing;

use super::{About, Keys};
use crate::device::DeviceKey;
use crate::notes::{DeviceNote, Notes, RingNote};
use crate::seal::{SealedRing, random_key};
use crate::{Error, Kept, SecretPlace, Slot, Wanted, Which, Why};

impl Keys {
    /// The device key; `None` when none was made yet.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::AnotherKey`], or its place cannot be used.
    pub fn device(&self) -> Result<Option<DeviceKey>, Error> {
        let Some(note) = Notes::read(&self.dir)?.device else { return Ok(None) };
        let key = DeviceKey::parse(&self.take(Slot::Device, note.kept)?)?;
        if key.public() != note.public {
            return Err(Error::AnotherKey(note.kept.name()));
        }
        Ok(Some(key))
    }

    /// Makes a device key. It is not wrapped: who can read its place has it.
    ///
    /// # Errors
    ///
    /// [`Error::KeyExists`], [`Error::Unclaimed`], or no place could be used.
    pub fn create_device(&self, wanted: Wanted) -> Result<DeviceKey, Error> {
        let _lock = self.dir.lock()?;
        let mut notes = Notes::read(&self.dir)?;
        if notes.device.is_some() {
            return Err(Error::KeyExists);
        }
        let key = DeviceKey(random_key()?);
        let kept = self.put(Slot::Device, &key.to_text(), wanted)?;
        notes.device = Some(DeviceNote { public: key.public(), kept });
        notes.save(&self.dir)?;
        Ok(key)
    }

    /// Removes the device key from its place, then its note.
    ///
    /// # Errors
    ///
    /// [`Error::NoKey`], or its place cannot be used; the key is still there then.
    pub fn delete_device(&self) -> Result<(), Error> {
        let _lock = self.dir.lock()?;
        let mut notes = Notes::read(&self.dir)?;
        self.place(notes.device.ok_or(Error::NoKey)?.kept).delete(Slot::Device)?;
        notes.device = None;
        notes.save(&self.dir)
    }

    /// Moves both secrets into the keyring, for instance when one has appeared. Never done unasked.
    ///
    /// # Errors
    ///
    /// The keyring cannot be used; what was not moved is where it was.
    pub fn move_to_keyring(&self) -> Result<(), Error> {
        self.move_to(Kept::Keyring)
    }

    /// Moves both secrets into files.
    ///
    /// # Errors
    ///
    /// As [`Keys::move_to_keyring`].
    pub fn move_to_file(&self) -> Result<(), Error> {
        self.move_to(Kept::File { why: Why::Asked })
    }

    /// Writes notes for keys that lie in a place without one, after a crash or a lost folder.
    ///
    /// Nothing is proved by it; unlocking does that.
    ///
    /// # Errors
    ///
    /// [`Error::NoKey`] when there is nothing to adopt.
    pub fn adopt(&self, now: u64) -> Result<About, Error> {
        let _lock = self.dir.lock()?;
        let mut notes = Notes::read(&self.dir)?;
        let mut found = false;
        for slot in Slot::ALL {
            if notes.kept(slot).is_some() {
                continue;
            }
            let Some((text, kept)) = self.look_for(slot)? else { continue };
            found = true;
            match slot {
                Slot::Ring => {
                    let ring = SealedRing::parse(&text)?;
                    let (reviewer, administrator) =
                        (ring.public(Which::Reviewer), ring.public(Which::Administrator));
                    notes.ring =
                        Some(RingNote { reviewer, administrator, kept, created: now, backed_up: None });
                }
                Slot::Device => {
                    notes.device = Some(DeviceNote { public: DeviceKey::parse(&text)?.public(), kept });
                }
            }
        }
        if !found {
            return Err(Error::NoKey);
        }
        notes.save(&self.dir)?;
        self.about(now)
    }

    /// Puts `text` where it is wanted, and says where that was.
    pub(super) fn put(&self, slot: Slot, text: &str, wanted: Wanted) -> Result<Kept, Error> {
        let why = match wanted {
            Wanted::File => Why::Asked,
            Wanted::KeyringElseFile => match self.put_into(Kept::Keyring, slot, text) {
                Ok(()) => return Ok(Kept::Keyring),
                Err(Error::Keyring(trouble)) => trouble.why().ok_or(trouble)?,
                Err(other) => return Err(other),
            },
        };
        let kept = Kept::File { why };
        self.put_into(kept, slot, text)?;
        Ok(kept)
    }

    /// What lies where the note says.
    pub(super) fn take(&self, slot: Slot, kept: Kept) -> Result<Zeroizing<String>, Error> {
        self.place(kept).read(slot)?.ok_or(Error::Missing(kept.name()))
    }

    pub(super) fn place(&self, kept: Kept) -> &dyn SecretPlace {
        match kept {
            Kept::Keyring => &*self.keyring,
            Kept::File { .. } => &self.dir,
        }
    }

    pub(super) fn check_read_back(&self, slot: Slot, text: &str, kept: Kept) -> Result<(), Error> {
        match self.place(kept).read(slot)? {
            Some(there) if *there == text => Ok(()),
            _ => Err(Error::ReadBack(kept.name())),
        }
    }

    fn put_into(&self, kept: Kept, slot: Slot, text: &str) -> Result<(), Error> {
        // A key without a note may be somebody's only copy.
        if self.place(kept).read(slot)?.is_some_and(|there| *there != text) {
            return Err(Error::Unclaimed(kept.name()));
        }
        self.place(kept).write(slot, text)?;
        self.check_read_back(slot, text, kept)
    }

    fn move_to(&self, to: Kept) -> Result<(), Error> {
        let _lock = self.dir.lock()?;
        let mut notes = Notes::read(&self.dir)?;
        for slot in Slot::ALL {
            let Some(from) = notes.kept(slot) else { continue };
            if from.name() == to.name() {
                continue;
            }
            let text = self.take(slot, from)?;
            self.put_into(to, slot, &text)?;
            notes.set_kept(slot, to);
            notes.save(&self.dir)?;
            // Last, so that at every moment the note names a place that has the key.
            self.place(from).delete(slot)?;
        }
        Ok(())
    }

    fn look_for(&self, slot: Slot) -> Result<Option<(Zeroizing<String>, Kept)>, Error> {
        let file = Kept::File { why: Why::Asked };
        if let Some(text) = self.place(file).read(slot)? {
            return Ok(Some((text, file)));
        }
        Ok(self.place(Kept::Keyring).read(slot)?.map(|text| (text, Kept::Keyring)))
    }
}
