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
    let mut rules = vec![bus::owner(WATCHER)];
    rules.extend(
        ["StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"].map(|it| bus::signal(WATCHER, it)),
    );
    rules.extend(LOCKERS.map(bus::owner));
    rules.extend(LOCKERS.map(|name| bus::signal(name, "ActiveChanged")));
    let mut signals = bus::listen(&bus::session().await?, &session, rules).await?;
    look_for_lockers(&session, known).await?;
    look_for_tray(&session, known, tell).await;
    loop {
        let message = signals.next().await?;
        match (bus::member(&message).as_str(), bus::new_owner(&message)) {
            ("ActiveChanged", _) if message.body().deserialize::<bool>().unwrap_or(false) => {
                tell(Signal::ScreenLocked);
            }
            ("NameOwnerChanged", Some(owner)) if owner.name != WATCHER => {
                look_for_lockers(&session, known).await?;
            }
            ("NameOwnerChanged" | "StatusNotifierHostRegistered" | "StatusNotifierHostUnregistered", _) => {
                look_for_tray(&session, known, tell).await;
            }
            _ => {}
        }
    }
}

async fn look_for_lockers(session: &Connection, known: &Shared) -> zbus::Result<()> {
    let mut there = false;
    for name in LOCKERS {
        there |= bus::has_owner(session, name).await?;
    }
    known.lock().locker = there;
    Ok(())
}

async fn look_for_tray(session: &Connection, known: &Shared, tell: &Tell) {
    // A watcher that takes icons and shows them to nobody is as good as none.
    let there = bus::has_owner(session, WATCHER).await.unwrap_or(false) && has_host(session).await;
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
