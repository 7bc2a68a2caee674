//! Everything of Countersign on this machine, and taking it away.
//!
//! Only names that we gave are removed, never what a link leads to. The keys
//! go first; from then on a mark says that the rest is to go, and a start
//! that finds it goes on where a kill came in between.

use std::fs::{FileType, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use countersign_core::name::GateId;
use countersign_keys::{Error as Keys, Kept, LossUnderstood};
use countersign_sources::layout::Layout;
use countersign_sources::milestone::milestone;

use crate::core::Inner;
use crate::{Error, Event, files, processes};

/// What a person types to have everything removed; spaces at the ends and capitals do not matter.
pub const REMOVAL_WORDS: &str = "remove everything";

/// Something of Countersign on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovalItem {
    /// What it is.
    pub what: Removable,
    /// Where; `None` is the keyring.
    pub place: Option<PathBuf>,
    /// Bytes on the disk, as far as they can be counted.
    pub size: u64,
}

/// What can be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removable {
    /// The keys that approve and administer.
    ReviewerKeys,
    /// The key of this installation.
    DeviceKey,
    /// Proposals, decisions, receipts, settings.
    Records,
    /// Messages between app and gates.
    Spool,
    /// A gate that was made here, with its key, ledger and log.
    Gate(GateId),
    /// What a gate counts outside of its folder.
    Anchor(GateId),
    /// Who is trusted.
    Root,
    /// What practising left.
    Practice,
    /// What the desktop keeps for this app.
    Desktop,
}

impl Inner {
    /// What is here. `desktop` is what others keep for this app.
    pub(crate) fn removal(&self, desktop: &[PathBuf]) -> Result<Vec<RemovalItem>, Error> {
        let mut items = Vec::new();
        let about = self.keys.about(self.seconds())?;
        let ring = about.ring.map(|it| (Removable::ReviewerKeys, it.kept, countersign_keys::Slot::Ring));
        let device = about.device.map(|it| (Removable::DeviceKey, it.kept, countersign_keys::Slot::Device));
        for (what, kept, slot) in ring.into_iter().chain(device) {
            let place = matches!(kept, Kept::File { .. }).then(|| self.keys.file_of(slot));
            let size = place.as_deref().map_or(0, size);
            items.push(RemovalItem { what, place, size });
        }
        items.extend(folders(&self.layout));
        for path in desktop.iter().filter(|path| there(path)) {
            items.push(RemovalItem { what: Removable::Desktop, size: size(path), place: Some(path.clone()) });
        }
        Ok(items)
    }

    pub(crate) fn remove_all(&self, words: &str, desktop: &[PathBuf]) -> Result<(), Error> {
        if words.trim().to_lowercase() != REMOVAL_WORDS {
            return Err(Error::NotConfirmed);
        }
        let _one = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        // No gate is being started while this is held, and none is afterwards.
        let _starting = self.starting.lock().unwrap_or_else(PoisonError::into_inner);
        // No look is under way while this is held, and none follows.
        let _looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        self.lock();
        // It may be called again for what could not be removed.
        if !self.is_removed() {
            self.remove_keys()?;
            self.core().gone = true;
        }
        // Also one that was being unlocked meanwhile.
        self.lock();
        // Each is tried. Before the mark: a start that goes on with it does not know of these.
        let desktop = desktop.iter().map(|path| remove(path)).fold(Ok(()), Result::and);
        let folders = self.remove_ours();
        desktop.and(folders)?;
        self.tell(Event::Removed);
        Ok(())
    }

    /// Whether the keys are gone, and with them all that this could do.
    pub(crate) fn is_removed(&self) -> bool {
        self.core().gone
    }

    fn remove_keys(&self) -> Result<(), Error> {
        for gate in gates(&self.layout) {
            processes::stop_gate(&self.layout, &gate)?;
        }
        // What cannot be deleted now, because a keyring is locked for example, keeps everything as it is.
        let understood = LossUnderstood::confirm(LossUnderstood::WORDS)?;
        gone(self.keys.delete(understood))?;
        gone(self.keys.delete_device())?;
        milestone("keys removed");
        Ok(())
    }

    fn remove_ours(&self) -> Result<(), Error> {
        if !there(self.layout.data()) {
            return Ok(());
        }
        files::write(&mark(&self.layout), b"")?;
        milestone("removal marked");
        remove_folders(&self.layout)
    }
}

fn gone(deleted: Result<(), Keys>) -> Result<(), Error> {
    match deleted {
        Err(Keys::NoKey) => Ok(()),
        other => Ok(other?),
    }
}

/// Goes on with a removal that was cut short; `true` when there was one.
pub(crate) fn finish(layout: &Layout) -> Result<bool, Error> {
    if !there(&mark(layout)) {
        return Ok(false);
    }
    for gate in gates(layout) {
        processes::stop_gate(layout, &gate)?;
    }
    remove_folders(layout)?;
    Ok(true)
}

fn mark(layout: &Layout) -> PathBuf {
    layout.data().join("removing")
}

fn folders(layout: &Layout) -> Vec<RemovalItem> {
    let mut all = vec![
        (Removable::Records, layout.app()),
        (Removable::Spool, layout.spool()),
        (Removable::Practice, layout.practice()),
        (Removable::Root, layout.root()),
    ];
    for gate in gates(layout) {
        all.push((Removable::Gate(gate.clone()), layout.gate(&gate)));
    }
    for gate in named(&layout.anchors()) {
        all.push((Removable::Anchor(gate.clone()), layout.anchor(&gate)));
    }
    let here = all.into_iter().filter(|(_, path)| there(path));
    here.map(|(what, path)| RemovalItem { what, size: size(&path), place: Some(path) }).collect()
}

fn remove_folders(layout: &Layout) -> Result<(), Error> {
    let (gates, anchors_of) = (gates(layout), named(&layout.anchors()));
    let ours = folders(layout).into_iter().filter_map(|it| it.place);
    for path in ours {
        remove(&path)?;
    }
    for gate in gates.iter().chain(&anchors_of) {
        remove(&layout.socket(gate))?;
    }
    // Folders that others could have put something into go only when they are empty.
    let mut emptied = vec![layout.gates(), layout.anchors(), layout.state().to_owned()];
    emptied.extend(gates.first().and_then(|gate| Some(layout.socket(gate).parent()?.to_owned())));
    for folder in emptied {
        let _ = std::fs::remove_dir(folder);
    }
    // Last: until here a start goes on with it.
    remove(&mark(layout))?;
    let _ = std::fs::remove_dir(layout.data());
    Ok(())
}

fn remove(path: &Path) -> Result<(), Error> {
    let failed = |cause| Error::File { path: path.to_owned(), cause };
    let removed = match std::fs::symlink_metadata(path) {
        // It removes links and does not follow them, also when they come while it works.
        Ok(meta) if meta.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(cause) => Err(cause),
    };
    match removed {
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
        other => other.map_err(failed),
    }?;
    milestone("removed");
    Ok(())
}

/// The gates that were made here.
fn gates(layout: &Layout) -> Vec<GateId> {
    named(&layout.gates())
}

/// What in a folder, which is no link, is called like a gate.
fn named(folder: &Path) -> Vec<GateId> {
    if !std::fs::symlink_metadata(folder).is_ok_and(|it| it.is_dir()) {
        return vec![];
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut gates: Vec<GateId> =
        entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    gates.sort();
    gates
}

fn there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// Bytes of a file, or of all that is in a folder. Links count as links.
fn size(path: &Path) -> u64 {
    let Ok(meta) = std::fs::symlink_metadata(path) else { return 0 };
    if !Metadata::is_dir(&meta) {
        return if FileType::is_file(&meta.file_type()) { meta.len() } else { 0 };
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size(&entry.path())).sum()
}
