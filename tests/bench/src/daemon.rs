//! A notification daemon that says when it was told what.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::SystemTime;

use countersign_tests::Desktop;
use countersign_tests::{bus, notifications};
use zbus::{Connection, OwnedVariant, interface};

use crate::Failed;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// What it was told.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) id: u32,
    pub(crate) at: SystemTime,
}

/// It is the one that the desktop's programs talk to.
pub(crate) struct Daemon {
    connection: Connection,
    pub(crate) told: Receiver<Told>,
}

struct Server {
    next: u32,
    tell: Sender<Told>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Server {
    #[allow(clippy::too_many_arguments, reason = "the specification says so")]
    fn notify(
        &mut self,
        _app: String,
        replaces: u32,
        _icon: String,
        _summary: String,
        _body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _expires: i32,
    ) -> u32 {
        let at = SystemTime::now();
        if replaces == 0 {
            self.next += 1;
        }
        let id = if replaces == 0 { self.next } else { replaces };
        let _ = self.tell.send(Told { id, at });
        id
    }

    fn close_notification(&mut self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body"].map(str::to_owned).into()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let text = str::to_owned;
        (text("bench"), text("countersign"), text("0"), text("1.2"))
    }
}

impl Daemon {
    /// Takes the place of the one that draws.
    pub(crate) fn instead(desktop: &Desktop) -> Result<Self, Failed> {
        notifications::stop(desktop);
        let (tell, told) = channel();
        let server = Server { next: 0, tell };
        let address = bus::session_address(desktop);
        let connection = zbus::block_on(async {
            let builder = zbus::connection::Builder::address(address.as_str()).serve_at(PATH, server);
            builder.name(NAME).build().await
        })?;
        Ok(Self { connection, told })
    }

    /// A person closes it.
    pub(crate) fn close(&self, id: u32) -> Result<(), Failed> {
        let body = (id, 2_u32);
        let said = self.connection.emit_signal(None::<&str>, PATH, NAME, "NotificationClosed", &body);
        Ok(zbus::block_on(said)?)
    }
}
