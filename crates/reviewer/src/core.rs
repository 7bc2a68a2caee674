//! What a reviewer holds, behind one lock, and the pictures that it makes of it.
//!
//! Everything under the lock is short. What is slow (a sheet, Argon2, a
//! keyring, a child process) is done outside, on copies. The box's lock is
//! taken before this one, never after; events are told when this one is free.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countersign_core::digest::Digest;
use countersign_core::name::GateId;
use countersign_core::time::Timestamp;
use countersign_core::verify::TrustedRoot;
use countersign_keys::{DeviceKey, Keys, UnlockedKey};
use countersign_sheet::{Marking, MaskKey, Sheet};
use countersign_sources::layout::Layout;
use countersign_sources::spool::{Reader, Writer};
use countersign_store::Store;

use crate::ahead::Wishes;
use crate::amending::Drafts;
use crate::clock::Watched;
use crate::deliver::Posted;
use crate::earlier::Differences;
use crate::marking::Own;
use crate::places::Places;
use crate::queue::Settling;
use crate::screen::{Screen, Which};
use crate::settings::Settings;
use crate::sheets::Sheets;
use crate::together::Groups;
use crate::{Error, Event, Held, Options, masking};

pub(crate) struct Inner {
    pub(crate) layout: Layout,
    pub(crate) options: Options,
    pub(crate) keys: Keys,
    pub(crate) mask: MaskKey,
    reader: Mutex<Reader>,
    core: Mutex<Core>,
    // A sheet was made, or could not be.
    pub(crate) sheet_made: Condvar,
    pub(crate) wishes: Wishes,
    pub(crate) looking: Mutex<()>,
    // Held while a picture is decoded, and with nothing else.
    pub(crate) drawing: Mutex<()>,
    // Held through a set-up, so that two clicks do not make two gates.
    pub(crate) one_at_a_time: Mutex<()>,
    pub(crate) starting: Mutex<()>,
    on_event: Box<dyn Fn(Event) + Send + Sync>,
}

pub(crate) struct Core {
    pub(crate) store: Settling,
    pub(crate) settings: Option<Settings>,
    // Present when the settings hold a root that verified.
    pub(crate) root: Option<TrustedRoot>,
    pub(crate) device: Device,
    pub(crate) unlocked: Option<Unlocked>,
    // How often the key was locked: an unlocking that was begun before is not to undo it.
    pub(crate) locks: u64,
    pub(crate) screen: Screen,
    // What is looked for on sheets, and where that comes from.
    pub(crate) marking: Arc<Marking>,
    pub(crate) own: Own,
    // The sheet that was on screen when what is looked for changed: a proposal, its sheet, and the digest of that.
    pub(crate) remarked: Option<(Digest, Arc<Sheet>, Digest)>,
    pub(crate) sheets: Sheets,
    // What was edited and not signed.
    pub(crate) drafts: Drafts,
    pub(crate) differences: Differences,
    // What can be answered together.
    pub(crate) groups: Groups,
    pub(crate) writers: HashMap<GateId, Writer>,
    pub(crate) posted: Posted,
    // Gates to which this run's epoch was announced.
    pub(crate) announced: BTreeSet<GateId>,
    pub(crate) alive: BTreeMap<GateId, bool>,
    pub(crate) watched: Watched,
    pub(crate) places: Places,
    // Why the gate of this machine did not start.
    pub(crate) not_started: Option<String>,
    // Why what arrives is not kept, or what was signed not sent; it is tried again.
    pub(crate) trouble: Option<Held>,
    // Halts whose lift was begun and is not signed yet, once for each time.
    pub(crate) lifting: Vec<Digest>,
    // Everything was removed: nothing more is read or sent.
    pub(crate) gone: bool,
    // Where the last backup of this run was put.
    pub(crate) backup: Option<PathBuf>,
}

/// The device key, which a keyring may be slow to give.
pub(crate) struct Device {
    pub(crate) key: Option<DeviceKey>,
    // Somebody is asking the keyring for it.
    pub(crate) asking: bool,
    pub(crate) ask_again: Duration,
    // A locked keyring may ask the person: at the start, and when something needs the key. Otherwise each window
    // that a person closes would bring the next one.
    pub(crate) may_prompt: bool,
}

impl Device {
    pub(crate) fn with(key: Option<DeviceKey>) -> Self {
        Self { key, asking: false, ask_again: Duration::ZERO, may_prompt: true }
    }
}

pub(crate) struct Unlocked {
    pub(crate) key: UnlockedKey,
    pub(crate) used: Duration,
    /// The sheet that was on screen when it was unlocked.
    pub(crate) on: Option<Which>,
}

impl Inner {
    pub(crate) fn open(
        layout: Layout,
        options: Options,
        on_event: Box<dyn Fn(Event) + Send + Sync>,
    ) -> Result<Self, Error> {
        // The box first: its lock keeps a second app out of the store.
        let mut reader = Reader::open(&layout.reviewer_box())?;
        let mut store = Store::open(&layout.store())?;
        let keys = Keys::open(&layout.keys(), Arc::clone(&options.keyring), options.cost)?;
        let (mask, of_key) = masking::key(&layout, &mut store)?;
        let own = Own::read(&layout).with_trouble(of_key);
        if own.rules_changed(&layout) {
            // What is a secret by the new ones is not to be searched for.
            store.write(|tx| tx.index_anew())?;
            own.rules_indexed(&layout);
        }
        let marking = store.read(|tx| own.marking(tx, mask))?;
        let settings = Settings::read(&layout)?;
        let root = settings.as_ref().map(Settings::trusted).transpose()?.flatten();
        if let Some(settings) = &settings {
            settings.publish(&layout)?;
        }
        allow_pinned(&mut reader, root.as_ref());
        let watched = Watched::begin(&*options.clock, store.read(|tx| tx.latest())?);
        let core = Core {
            watched,
            places: Places::default(),
            not_started: None,
            trouble: None,
            lifting: Vec::new(),
            gone: false,
            backup: None,
            store: Settling::new(store, Arc::clone(&options.clock)),
            settings,
            root,
            device: Device::with(None),
            unlocked: None,
            locks: 0,
            screen: Screen::new(),
            marking: Arc::new(marking),
            own,
            remarked: None,
            sheets: Sheets::default(),
            drafts: Drafts::default(),
            differences: Differences::default(),
            groups: Groups::default(),
            writers: HashMap::new(),
            posted: Posted::default(),
            announced: BTreeSet::new(),
            alive: BTreeMap::new(),
        };
        Ok(Self {
            layout,
            options,
            keys,
            mask,
            reader: Mutex::new(reader),
            core: Mutex::new(core),
            sheet_made: Condvar::new(),
            wishes: Wishes::default(),
            looking: Mutex::new(()),
            drawing: Mutex::new(()),
            one_at_a_time: Mutex::new(()),
            starting: Mutex::new(()),
            on_event,
        })
    }

    // A panic while it was held left whole transactions behind, and nothing else that lasts.
    pub(crate) fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reader(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tell(&self, event: Event) {
        (self.on_event)(event);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.options.clock.now()
    }

    pub(crate) fn monotonic(&self) -> Duration {
        self.options.clock.monotonic()
    }

    /// Takes a root that was just written.
    pub(crate) fn take_root(&self, settings: Settings, root: TrustedRoot) {
        allow_pinned(&mut self.reader(), Some(&root));
        let mut core = self.core();
        core.settings = Some(settings);
        core.root = Some(root);
    }
}

impl Core {
    /// The gates of the root.
    pub(crate) fn gates(&self) -> Vec<GateId> {
        use countersign_core::root::Holder;
        let entries = self.root.iter().flat_map(|root| &root.root().entries);
        let gate = |entry: &countersign_core::root::Entry| match &entry.holder {
            Holder::Gate { gate } if entry.revoked_at.is_none() => Some(gate.clone()),
            _ => None,
        };
        entries.filter_map(gate).collect()
    }

    /// Whether `gate` read its box when that was last looked at.
    pub(crate) fn is_alive(&self, gate: &GateId) -> bool {
        self.alive.get(gate).copied().unwrap_or(false)
    }

    pub(crate) fn root(&self) -> Result<&TrustedRoot, Error> {
        self.still_here()?;
        self.root.as_ref().ok_or(Error::NotSetUp)
    }

    /// Forgets the unlocked key, which wipes it, and any that is being unlocked. Whether there was one.
    pub(crate) fn lock(&mut self) -> bool {
        self.locks += 1;
        self.unlocked.take().is_some()
    }

    /// Whether anything may be made: not after all of it was removed.
    pub(crate) fn still_here(&self) -> Result<(), Error> {
        if self.gone { Err(Error::NotSetUp) } else { Ok(()) }
    }
}

fn allow_pinned(reader: &mut Reader, root: Option<&TrustedRoot>) {
    for uid in root.iter().flat_map(|root| &root.root().entries).filter_map(|entry| entry.uid) {
        reader.allow(uid);
    }
}
