//! The system's bus: logind says when the machine sleeps and when a session is told to lock.
//!
//! The machine is asked to wait with sleeping until the key is locked (a
//! "delay" of logind, a few seconds at most), so that no unlocked key lies in
//! the memory of a machine that sleeps.

use rustix::process::geteuid;
use zbus::Connection;
use zbus::{OwnedFd, OwnedObjectPath};

use super::{Shared, Signal, Tell, bus};

const LOGIND: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";

/// Listens until the bus goes away.
pub(super) async fn listen(known: &Shared, tell: &Tell) -> zbus::Result<()> {
    let done = until_gone(known, tell).await;
    known.lock().logind = false;
    done
}

async fn until_gone(known: &Shared, tell: &Tell) -> zbus::Result<()> {
    let system = bus::system().await?;
    // On this bus there are other users, too: only logind itself is believed.
    let rules = vec![
        bus::signal(MANAGER, "PrepareForSleep").sender(LOGIND),
        bus::signal(SESSION, "Lock").sender(LOGIND),
    ];
    let mut signals = bus::listen(&bus::system().await?, &system, &[LOGIND], rules).await?;
    known.lock().logind = signals.has_owner(LOGIND);
    let mut delay = wait_for_us(&system).await;
    loop {
        let message = signals.next().await?;
        match bus::member(&message).as_str() {
            "PrepareForSleep" if message.body().deserialize::<bool>().unwrap_or(true) => {
                tell(Signal::Sleeps);
                // Locked: the machine may sleep.
                delay = None;
            }
            "PrepareForSleep" => {
                delay = wait_for_us(&system).await;
                tell(Signal::Woke);
            }
            "Lock" => {
                let path = message.header().path().map(|it| OwnedObjectPath::from(it.to_owned()));
                if is_ours(&system, path).await {
                    tell(Signal::ScreenLocked);
                }
            }
            "NameOwnerChanged" => {
                let there = signals.has_owner(LOGIND);
                known.lock().logind = there;
                // What another logind gave is worth nothing.
                delay = if there { wait_for_us(&system).await } else { None };
            }
            _ => {}
        }
        let _ = &delay;
    }
}

/// While it is held, the machine waits a few seconds before it sleeps.
async fn wait_for_us(system: &Connection) -> Option<OwnedFd> {
    let why = ("sleep", "Countersign", "Locks the signing key first", "delay");
    let given =
        system.call_method(Some(LOGIND), "/org/freedesktop/login1", Some(MANAGER), "Inhibit", &why).await;
    match given.and_then(|it| it.body().deserialize::<OwnedFd>()) {
        Ok(delay) => Some(delay),
        Err(error) => {
            tracing::debug!(%error, "the machine does not wait before it sleeps");
            None
        }
    }
}

/// Whether the session that was locked is one of this user. In doubt it is.
async fn is_ours(system: &Connection, session: Option<OwnedObjectPath>) -> bool {
    let Some(session) = session else { return true };
    let asked = system
        .call_method(
            Some(LOGIND),
            session,
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &(SESSION, "User"),
        )
        .await;
    let user = asked.and_then(|it| it.body().deserialize::<zbus::OwnedVariant>());
    let user = user.ok().and_then(|it| <(u32, OwnedObjectPath)>::try_from(it).ok());
    user.is_none_or(|(uid, _)| uid == geteuid().as_raw())
}
