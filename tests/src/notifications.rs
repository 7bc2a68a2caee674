//! A notification daemon that keeps what it is told, in the place of the one that draws.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rustix::process::Signal;
use zbus::{Connection, OwnedVariant, interface};

use crate::bus::{self, Speaker};
use crate::desktop::Desktop;
use crate::process::Process;
use crate::until::until_so;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A notification that was shown, or shown anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its number.
    pub id: u32,
    /// The number of the one that it took the place of; 0 for none.
    pub replaces: u32,
    /// The first line.
    pub summary: String,
    /// The rest.
    pub body: String,
    /// Keys and what the buttons say, in turn.
    pub actions: Vec<String>,
}

#[derive(Default)]
struct Kept {
    next: u32,
    shown: Vec<Shown>,
    on_screen: Vec<u32>,
}

struct Server(Arc<Mutex<Kept>>);

#[interface(name = "org.freedesktop.Notifications")]
impl Server {
    #[allow(clippy::too_many_arguments, reason = "the specification says so")]
    fn notify(
        &mut self,
        _app: String,
        replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _expires: i32,
    ) -> u32 {
        let mut kept = self.0.lock().unwrap();
        let id = if replaces > 0 {
            replaces
        } else {
            kept.next += 1;
            kept.next
        };
        kept.on_screen.retain(|it| *it != id);
        kept.on_screen.push(id);
        kept.shown.push(Shown { id, replaces, summary, body, actions });
        id
    }

    fn close_notification(&mut self, id: u32) {
        self.0.lock().unwrap().on_screen.retain(|it| *it != id);
    }

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).into()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let text = str::to_owned;
        (text("capture"), text("countersign"), text("0"), text("1.2"))
    }
}

/// A daemon that keeps what it is told. It leaves the bus when it is dropped.
pub struct Daemon {
    connection: Connection,
    kept: Arc<Mutex<Kept>>,
}

impl Daemon {
    /// Takes the place of the one that draws.
    pub fn instead(desktop: &Desktop) -> Self {
        stop(desktop);
        Self::start(desktop)
    }

    /// Comes onto the bus where there is none.
    pub fn start(desktop: &Desktop) -> Self {
        let kept: Arc<Mutex<Kept>> = Arc::default();
        let server = Server(Arc::clone(&kept));
        let address = bus::session_address(desktop);
        let connection = zbus::block_on(async {
            let builder = zbus::connection::Builder::address(address.as_str()).serve_at(PATH, server);
            builder.name(NAME).build().await.unwrap()
        });
        Self { connection, kept }
    }

    /// Everything that was shown, the first first.
    pub fn shown(&self) -> Vec<Shown> {
        self.kept.lock().unwrap().shown.clone()
    }

    /// The last of what is on the screen.
    pub fn on_screen(&self) -> Option<Shown> {
        let kept = self.kept.lock().unwrap();
        let id = *kept.on_screen.last()?;
        kept.shown.iter().rev().find(|it| it.id == id).cloned()
    }

    /// Waits until one that says `text` is on the screen.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> Shown {
        let begun = std::time::Instant::now();
        loop {
            if let Some(shown) = self.on_screen().filter(|it| it.summary.contains(text)) {
                return shown;
            }
            let waited = begun.elapsed() < std::time::Duration::from_secs(30);
            assert!(waited, "no notification says {text:?}; said were {:?}", self.summaries());
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
    }

    /// The first lines of all that was shown.
    pub fn summaries(&self) -> Vec<String> {
        self.shown().into_iter().map(|it| it.summary).collect()
    }

    /// A person clicks on it.
    pub fn click(&self, id: u32, action: &str) {
        self.say("ActionInvoked", &(id, action));
        self.close(id, 2);
    }

    /// It leaves the screen: 1 its time ran out, 2 a person closed it.
    pub fn close(&self, id: u32, reason: u32) {
        self.kept.lock().unwrap().on_screen.retain(|it| *it != id);
        self.say("NotificationClosed", &(id, reason));
    }

    /// Leaves the bus.
    pub fn leave(self) {
        let _ = zbus::block_on(self.connection.close());
    }

    fn say(&self, member: &str, body: &(impl serde::Serialize + zbus::zvariant::DynamicType)) {
        zbus::block_on(self.connection.emit_signal(None::<&str>, PATH, NAME, member, body)).unwrap();
    }
}

/// Ends the daemon that draws, without asking it.
#[track_caller]
pub fn stop(desktop: &Desktop) {
    bus::signal_owner(desktop, NAME, Signal::KILL);
    let look = Speaker::on(&bus::session_address(desktop), &[]);
    until_so("no daemon shows notifications", || look.process_of(NAME).is_none());
}

/// Starts one that draws.
pub fn start_drawing(desktop: &Desktop) -> Process {
    let mut command = desktop.command("dunst");
    command.arg("-conf").arg(desktop.path("dunstrc"));
    let process = desktop.start_command("dunst-again", &mut command);
    desktop.wait_for_name(NAME);
    process
}
