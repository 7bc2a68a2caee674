//! The session's bus: screen savers, and whoever shows icons in the tray.
//!
//! Any program of this user is believed, as any could take one of the names: all that it can do by these
//! signals is lock the key, and have it looked again whether there is a tray.

use zbus::Connection;

use super::{Shared, Signal, Tell, bus};

/// Each says `ActiveChanged(true)` when the screen locks. The names are interfaces, too.
const LOCKERS: [&str; 5] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
];

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Listens until the bus goes away.
pub(super) async fn listen(known: &Shared, tell: &Tell) -> zbus::Result<()> {
    let done = until_gone(known, tell).await;
    let had_tray = {
        let mut known = known.lock();
        known.session = false;
        known.locker = false;
        std::mem::take(&mut known.tray_host)
    };
    if had_tray {
        tell(Signal::TrayHost(false));
    }
    done
}

async fn until_gone(known: &Shared, tell: &Tell) -> zbus::Result<()> {
    let session = bus::session().await?;
    known.lock().session = true;
    let mut names = LOCKERS.to_vec();
    names.push(WATCHER);
    let mut rules = Vec::from(LOCKERS.map(|name| bus::signal(name, "ActiveChanged")));
    rules.extend(
        ["StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"].map(|it| bus::signal(WATCHER, it)),
    );
    let mut signals = bus::listen(&bus::session().await?, &session, &names, rules).await?;
    look_for_lockers(&signals, known);
    look_for_tray(&signals, &session, known, tell).await;
    loop {
        let message = signals.next().await?;
        match (bus::member(&message).as_str(), bus::new_owner(&message)) {
            ("ActiveChanged", _) if message.body().deserialize::<bool>().unwrap_or(false) => {
                tell(Signal::ScreenLocked);
            }
            ("NameOwnerChanged", Some(owner)) if owner.name != WATCHER => {
                look_for_lockers(&signals, known);
            }
            ("NameOwnerChanged" | "StatusNotifierHostRegistered" | "StatusNotifierHostUnregistered", _) => {
                look_for_tray(&signals, &session, known, tell).await;
            }
            _ => {}
        }
    }
}

fn look_for_lockers(signals: &bus::Signals, known: &Shared) {
    known.lock().locker = LOCKERS.iter().any(|name| signals.has_owner(name));
}

async fn look_for_tray(signals: &bus::Signals, session: &Connection, known: &Shared, tell: &Tell) {
    // A watcher that takes icons and shows them to nobody is as good as none.
    let there = signals.has_owner(WATCHER) && has_host(session).await;
    let was = std::mem::replace(&mut known.lock().tray_host, there);
    if was != there {
        tell(Signal::TrayHost(there));
    }
}

async fn has_host(session: &Connection) -> bool {
    let what = (WATCHER, "IsStatusNotifierHostRegistered");
    let properties = Some("org.freedesktop.DBus.Properties");
    // One that does not answer in a while has no host; it says so by a signal when it has one.
    let answer = session.call_method(Some(WATCHER), "/StatusNotifierWatcher", properties, "Get", &what).await;
    let value = |message: zbus::Message| message.body().deserialize::<zbus::OwnedVariant>().ok();
    answer.ok().and_then(value).and_then(|it| bool::try_from(it).ok()).unwrap_or(false)
}
