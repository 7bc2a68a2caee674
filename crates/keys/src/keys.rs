//! A person's keys in one folder and one keyring: the whole life of a ring.
//!
//! Every change takes the folder's lock, puts the secret into its place,
//! reads it back, and only then writes the note. So a crash leaves a key
//! without a note at worst ([`Error::Unclaimed`], [`Keys::adopt`]), never a
//! note without a key. Calls block: up to two time-outs of the keyring, and a
//! run of Argon2.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_core::key::{PublicKey, SecretKey};

use crate::backup::{self, Backup, LossUnderstood};
use crate::notes::{Notes, RingNote};
use crate::private_dir::PrivateDir;
use crate::seal::{Cost, SealedRing, Seeds};
use crate::{Error, Kept, LockedKey, Passphrase, SecretPlace, Slot, Wanted, Which};

mod keeping;

/// The keys of one person on this machine.
pub struct Keys {
    dir: PrivateDir,
    keyring: Arc<dyn SecretPlace>,
    /// What new wrappings cost; existing ones keep their own.
    cost: Cost,
}

/// What is known without unlocking anything or asking the keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The ring, when one was made.
    pub ring: Option<AboutRing>,
    /// The device key, when one was made.
    pub device: Option<AboutDevice>,
    /// Seconds until a passphrase is looked at again.
    pub wait: u64,
}

/// The ring of reviewer and administrator key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutRing {
    /// Approves.
    pub reviewer: LockedKey,
    /// Changes the root.
    pub administrator: LockedKey,
    /// Where, and why there.
    pub kept: Kept,
    /// When it was made, restored or adopted.
    pub created: u64,
    /// When a backup was last saved or restored from.
    pub backed_up: Option<u64>,
}

/// The device key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AboutDevice {
    /// Its public half.
    pub public: PublicKey,
    /// Where, and why there.
    pub kept: Kept,
}

/// A ring that was just made or restored.
#[derive(Debug)]
pub struct Created {
    /// Approves.
    pub reviewer: LockedKey,
    /// Changes the root.
    pub administrator: LockedKey,
    /// Where, and why there.
    pub kept: Kept,
    /// Rehearsed, for the person to save ([`Keys::save_backup`]).
    pub backup: Backup,
}

impl Keys {
    /// Opens the folder, making it 0700 when it is missing. Asks nothing of the keyring.
    ///
    /// # Errors
    ///
    /// [`Error::Exposed`] when others could use the folder, [`Error::File`].
    pub fn open(dir: &Path, keyring: Arc<dyn SecretPlace>, cost: Cost) -> Result<Self, Error> {
        let dir = PrivateDir::open(dir)?;
        dir.sweep()?;
        Ok(Self { dir, keyring, cost })
    }

    /// The file that holds `slot` when it is kept in one.
    pub fn file_of(&self, slot: Slot) -> PathBuf {
        self.dir.path_of(slot.name())
    }

    /// What is known without unlocking anything.
    ///
    /// # Errors
    ///
    /// The notes cannot be read.
    pub fn about(&self, now: u64) -> Result<About, Error> {
        let notes = Notes::read(&self.dir)?;
        Ok(About {
            ring: notes.ring.map(|it| AboutRing {
                reviewer: locked(&it, Which::Reviewer),
                administrator: locked(&it, Which::Administrator),
                kept: it.kept,
                created: it.created,
                backed_up: it.backed_up,
            }),
            device: notes.device.map(|it| AboutDevice { public: it.public, kept: it.kept }),
            wait: notes.attempts.wait(now),
        })
    }

    /// The key that approves; unlock this one in the daily course of things.
    ///
    /// # Errors
    ///
    /// [`Error::NoKey`].
    pub fn reviewer(&self) -> Result<LockedKey, Error> {
        Ok(locked(Notes::read(&self.dir)?.ring()?, Which::Reviewer))
    }

    /// The key that changes the root; unlock it for that, and lock it at once.
    ///
    /// # Errors
    ///
    /// [`Error::NoKey`].
    pub fn administrator(&self) -> Result<LockedKey, Error> {
        Ok(locked(Notes::read(&self.dir)?.ring()?, Which::Administrator))
    }

    /// Makes a ring of two fresh keys, and a backup of it.
    ///
    /// # Errors
    ///
    /// [`Error::PassphraseRule`], [`Error::KeyExists`], [`Error::Unclaimed`]; nothing was made then.
    pub fn create(
        &self,
        passphrase: &Passphrase,
        _understood: LossUnderstood,
        wanted: Wanted,
        now: u64,
    ) -> Result<Created, Error> {
        passphrase.check_rule()?;
        self.establish(&Seeds::random()?, passphrase, wanted, now, None)
    }

    /// Makes the ring of a backup the ring of this folder, wrapped anew under the same passphrase.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`], [`Error::WrongPassphrase`] and those of [`Keys::create`]; nothing was changed then.
    pub fn restore(
        &self,
        text: &str,
        passphrase: &Passphrase,
        wanted: Wanted,
        now: u64,
    ) -> Result<Created, Error> {
        // No growing delay: whoever holds the text can try elsewhere.
        let seeds = backup::parse(text)?.open_both(passphrase)?.ok_or(Error::WrongPassphrase { wait: 0 })?;
        self.establish(&seeds, passphrase, wanted, now, Some(now))
    }

    /// A backup under the present passphrase, read back and opened once.
    ///
    /// # Errors
    ///
    /// As [`LockedKey::unlock`].
    pub fn backup(&self, passphrase: &Passphrase, now: u64) -> Result<Backup, Error> {
        let _lock = self.dir.lock()?;
        let seeds = self.try_passphrase(now, |ring| ring.open_both(passphrase))?;
        Backup::make(&seeds, passphrase, self.cost)
    }

    /// Saves a backup to a 0600 file of the person's choosing, replacing one that is there, and notes when.
    ///
    /// # Errors
    ///
    /// [`Error::File`] and [`Error::ReadBack`]: do not count on that file then.
    pub fn save_backup(&self, backup: &Backup, path: &Path, now: u64) -> Result<(), Error> {
        let _lock = self.dir.lock()?;
        let mut notes = Notes::read(&self.dir)?;
        backup.save(path)?;
        match &mut notes.ring {
            Some(ring) if ring.reviewer == backup.reviewer() => {
                ring.backed_up = Some(now);
                notes.save(&self.dir)
            }
            _ => Ok(()),
        }
    }

    /// Wraps the ring under another passphrase, in one step. Backups made before keep the old one.
    ///
    /// # Errors
    ///
    /// [`Error::PassphraseRule`] for the new one; as [`LockedKey::unlock`] for the old one.
    pub fn change_passphrase(&self, old: &Passphrase, new: &Passphrase, now: u64) -> Result<(), Error> {
        new.check_rule()?;
        let _lock = self.dir.lock()?;
        let seeds = self.try_passphrase(now, |ring| ring.open_both(old))?;
        let text = SealedRing::seal(&seeds, new, self.cost)?.to_text();
        let kept = Notes::read(&self.dir)?.ring()?.kept;
        self.place(kept).write(Slot::Ring, &text)?;
        self.check_read_back(Slot::Ring, &text, kept)
    }

    /// Removes the ring from its place, then its note. Backups stay where they are.
    ///
    /// # Errors
    ///
    /// [`Error::NoKey`], or the place cannot be used; the key is still there then.
    pub fn delete(&self, _understood: LossUnderstood) -> Result<(), Error> {
        let _lock = self.dir.lock()?;
        let mut notes = Notes::read(&self.dir)?;
        self.place(notes.ring()?.kept).delete(Slot::Ring)?;
        notes.ring = None;
        notes.save(&self.dir)
    }

    pub(crate) fn open_key(
        &self,
        key: LockedKey,
        passphrase: &Passphrase,
        now: u64,
    ) -> Result<SecretKey, Error> {
        let _lock = self.dir.lock()?;
        let note = *Notes::read(&self.dir)?.ring()?;
        if note.public(key.which) != key.public {
            return Err(Error::AnotherKey(note.kept.name()));
        }
        self.try_passphrase(now, |ring| ring.open(key.which, passphrase))
    }

    fn establish(
        &self,
        seeds: &Seeds,
        passphrase: &Passphrase,
        wanted: Wanted,
        now: u64,
        backed_up: Option<u64>,
    ) -> Result<Created, Error> {
        let _lock = self.dir.lock()?;
        let mut notes = Notes::read(&self.dir)?;
        if notes.ring.is_some() {
            return Err(Error::KeyExists);
        }
        let backup = Backup::make(seeds, passphrase, self.cost)?;
        let text = SealedRing::seal(seeds, passphrase, self.cost)?.to_text();
        let kept = self.put(Slot::Ring, &text, wanted)?;
        let (reviewer, administrator) = (seeds.reviewer.public(), seeds.administrator.public());
        let note = RingNote { reviewer, administrator, kept, created: now, backed_up };
        notes.ring = Some(note);
        notes.attempts = Default::default();
        notes.save(&self.dir)?;
        Ok(Created {
            reviewer: locked(&note, Which::Reviewer),
            administrator: locked(&note, Which::Administrator),
            kept,
            backup,
        })
    }

    /// Counts the try, makes it, and forgets the count when it was right.
    fn try_passphrase<T>(
        &self,
        now: u64,
        open: impl FnOnce(&SealedRing) -> Result<Option<T>, Error>,
    ) -> Result<T, Error> {
        let mut notes = Notes::read(&self.dir)?;
        let note = *notes.ring()?;
        if notes.attempts.notice_clock(now) {
            notes.save(&self.dir)?;
        }
        match notes.attempts.wait(now) {
            0 => {}
            wait => return Err(Error::TooSoon { wait }),
        }
        let ring = SealedRing::parse(&self.take(Slot::Ring, note.kept)?)?;
        let noted = |which| ring.public(which) == note.public(which);
        if !noted(Which::Reviewer) || !noted(Which::Administrator) {
            return Err(Error::AnotherKey(note.kept.name()));
        }
        // Written down first: a try that is cut short is not free.
        notes.attempts.begin(now);
        notes.save(&self.dir)?;
        let Some(opened) = open(&ring)? else {
            return Err(Error::WrongPassphrase { wait: notes.attempts.wait(now) });
        };
        notes.attempts = Default::default();
        // The passphrase was right; a full disk must not keep a person from denying it.
        let _ = notes.save(&self.dir);
        Ok(opened)
    }
}

fn locked(note: &RingNote, which: Which) -> LockedKey {
    LockedKey { which, public: note.public(which) }
}
