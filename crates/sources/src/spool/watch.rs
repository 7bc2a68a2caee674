//! Says when to look into boxes again. A wake-up tells nothing but "look".

use std::path::PathBuf;

use notify::event::{ModifyKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// Folders that are watched, for as long as this lives.
#[derive(Debug)]
pub struct Watched {
    _watcher: RecommendedWatcher,
}

/// Calls `look` when something may have arrived in `dirs`, and at no other time. `None` where they cannot all be
/// watched (a limit of the system, a network file system): looking now and then is what is left.
///
/// Watch first, then scan: what arrives in between is then seen. Whoever calls this looks now and
/// then in any case, for what the operating system forgot to say.
pub fn on_arrival(dirs: &[PathBuf], look: impl Fn() + Send + 'static) -> Option<Watched> {
    let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| arrives(event.kind)) {
            look();
        }
    });
    let mut watcher = watcher.ok()?;
    let watched = dirs.iter().filter(|dir| watcher.watch(dir, RecursiveMode::NonRecursive).is_ok()).count();
    (watched == dirs.len()).then_some(Watched { _watcher: watcher })
}

/// Our own reading and moving must not wake us.
fn arrives(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Create(_)
            | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both | RenameMode::Any))
            | EventKind::Other
    )
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, AccessMode, CreateKind, RemoveKind};

    use super::*;

    #[test]
    fn looking_into_a_box_and_taking_from_it_wake_nobody() {
        let ours = [
            EventKind::Access(AccessKind::Open(AccessMode::Any)),
            EventKind::Access(AccessKind::Close(AccessMode::Read)),
            EventKind::Modify(ModifyKind::Name(RenameMode::From)),
            EventKind::Remove(RemoveKind::File),
        ];
        assert!(!ours.into_iter().any(arrives));
        assert!(arrives(EventKind::Modify(ModifyKind::Name(RenameMode::To))));
        assert!(arrives(EventKind::Create(CreateKind::File)));
    }
}
