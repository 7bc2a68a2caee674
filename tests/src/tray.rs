//! Whoever shows icons in a tray, as a panel does: what the icon looks like, its menu, and clicks in it.
//!
//! StatusNotifierItem and `com.canonical.dbusmenu`, over the session's bus.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::message::Header;
use zbus::{Connection, OwnedObjectPath, OwnedVariant, Variant, interface};

use crate::bus;
use crate::desktop::Desktop;
use crate::until::{until, until_so};

const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// Sender and path of each icon.
type Icons = Arc<Mutex<Vec<(String, String)>>>;

struct Watcher(Icons);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&mut self, service: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // Either a path, or a name whose icon has the usual path.
        let icon = if service.starts_with('/') {
            (sender, service)
        } else {
            (service, "/StatusNotifierItem".to_owned())
        };
        self.0.lock().unwrap().push(icon);
    }

    fn register_status_notifier_host(&mut self, _service: String) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(|(name, path)| format!("{name}{path}")).collect()
    }
}

/// A line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    id: i32,
    /// What it says.
    pub text: String,
    /// Whether it can be clicked.
    pub enabled: bool,
}

/// A tray. It leaves the bus when it is dropped.
pub struct Tray {
    connection: Connection,
    icons: Icons,
}

impl Tray {
    /// Comes onto the session's bus.
    pub fn start(desktop: &Desktop) -> Self {
        let icons = Icons::default();
        let watcher = Watcher(Arc::clone(&icons));
        let address = bus::session_address(desktop);
        let connection = zbus::block_on(async {
            let builder = zbus::connection::Builder::address(address.as_str());
            let builder = builder.serve_at("/StatusNotifierWatcher", watcher);
            builder.name("org.kde.StatusNotifierWatcher").build().await.unwrap()
        });
        Self { connection, icons }
    }

    /// Leaves the bus.
    pub fn leave(self) {
        let _ = zbus::block_on(self.connection.close());
    }

    /// The file name of the picture that is shown.
    #[track_caller]
    pub fn picture(&self) -> String {
        self.property("IconName")
    }

    /// The text beside it.
    #[track_caller]
    pub fn label(&self) -> String {
        self.property("XAyatanaLabel")
    }

    /// The lines of its menu, without those that only divide.
    #[track_caller]
    pub fn menu(&self) -> Vec<Line> {
        type Layout = (u32, (i32, HashMap<String, OwnedVariant>, Vec<OwnedVariant>));
        let (name, path) = self.menu_of();
        let all = (0_i32, -1_i32, Vec::<String>::new());
        let asked =
            self.connection.call_method(Some(name.as_str()), path.as_str(), Some(MENU), "GetLayout", &all);
        let (_, (_, _, lines)): Layout = zbus::block_on(asked).unwrap().body().deserialize().unwrap();
        lines.iter().filter_map(line).collect()
    }

    /// Waits until a line says `text`.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> Line {
        until(&format!("the menu says {text:?}"), || {
            self.menu().into_iter().find(|it| it.text.contains(text))
        })
    }

    /// Clicks on the line that says `text`, once it can be clicked.
    #[track_caller]
    pub fn click(&self, text: &str) {
        until_so(&format!("{text:?} can be clicked"), || self.wait_for(text).enabled);
        let line = self.wait_for(text);
        let (name, path) = self.menu_of();
        let event = (line.id, "clicked", Variant::from(""), 0_u32);
        let asked =
            self.connection.call_method(Some(name.as_str()), path.as_str(), Some(MENU), "Event", &event);
        zbus::block_on(asked).unwrap();
    }

    fn icon(&self) -> (String, String) {
        until("there is an icon", || self.icons.lock().unwrap().last().cloned())
    }

    fn menu_of(&self) -> (String, String) {
        let path: String = until("the icon has a menu", || {
            let path = self.ask("Menu")?;
            Some(OwnedObjectPath::try_from(path).ok()?.to_string()).filter(|it| it != "/")
        });
        (self.icon().0, path)
    }

    fn property(&self, name: &str) -> String {
        let value = self.ask(name).unwrap_or_else(|| panic!("the icon has no {name}"));
        String::try_from(value).unwrap()
    }

    fn ask(&self, name: &str) -> Option<OwnedVariant> {
        let (owner, path) = self.icon();
        let properties = Some("org.freedesktop.DBus.Properties");
        let what = (ITEM, name);
        let asked = self.connection.call_method(Some(owner), path, properties, "Get", &what);
        zbus::block_on(asked).ok()?.body().deserialize().ok()
    }
}

fn line(value: &OwnedVariant) -> Option<Line> {
    let value = value.try_clone().unwrap();
    let (id, properties, _): (i32, HashMap<String, OwnedVariant>, Vec<OwnedVariant>) =
        value.try_into().ok()?;
    let text = properties.get("label").and_then(|it| <&str>::try_from(it).ok())?.replace('_', "");
    let enabled = properties.get("enabled").and_then(|it| bool::try_from(it).ok()).unwrap_or(true);
    Some(Line { id, text, enabled })
}
