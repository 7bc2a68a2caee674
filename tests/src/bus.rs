//! Speaks on a bus: a private one in the place of the system's, and whoever says things there.

use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};

use futures_lite::StreamExt as _;
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{Pid, Signal};
use zbus::fdo::MonitoringProxy;
use zbus::zvariant::DynamicType;
use zbus::{Connection, MatchRule, MessageStream, OwnedFd, OwnedObjectPath, interface, message};

use crate::desktop::Desktop;
use crate::process::Process;
use crate::until::until_so;

const CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Starts a bus that every later program of the desktop takes for the system's. It ends with the value.
pub fn system_bus(desktop: &mut Desktop) -> Process {
    let socket = desktop.path("run/system");
    let _ = std::fs::remove_file(&socket);
    let config = desktop.path("system.conf");
    std::fs::write(&config, CONFIG.replace("SOCKET", &socket.to_string_lossy())).unwrap();
    let mut command = desktop.command("dbus-daemon");
    command.args(["--nofork", "--nopidfile", &format!("--config-file={}", config.display())]);
    let process = desktop.start_command("system-bus", &mut command);
    // The file is there a moment before anybody listens.
    until_so("the system bus listens", || UnixStream::connect(&socket).is_ok());
    desktop.set("DBUS_SYSTEM_BUS_ADDRESS", system_address(desktop));
    process
}

/// Where it listens.
pub fn system_address(desktop: &Desktop) -> String {
    format!("unix:path={}", desktop.path("run/system").display())
}

/// Where the session's bus of the desktop listens.
pub fn session_address(desktop: &Desktop) -> String {
    format!("unix:path={}", desktop.path("run/bus").display())
}

/// Somebody on a bus.
pub struct Speaker(Connection);

impl Speaker {
    /// Comes onto the bus at `address`, by the names `names`.
    pub fn on(address: &str, names: &[&str]) -> Self {
        let connection = zbus::block_on(async {
            let connection = zbus::connection::Builder::address(address).build().await.unwrap();
            for name in names {
                connection.request_name(*name).await.unwrap();
            }
            connection
        });
        Self(connection)
    }

    /// Says something to everybody.
    pub fn signal(
        &self,
        path: &str,
        interface: &str,
        member: &str,
        body: &(impl serde::Serialize + DynamicType),
    ) {
        zbus::block_on(self.0.emit_signal(None::<&str>, path, interface, member, body)).unwrap();
    }

    /// Says something to each of the others alone, which the bus delivers whatever they listen to.
    /// When it returns, the bus has taken it all.
    pub fn signal_each(
        &self,
        path: &str,
        interface: &str,
        member: &str,
        body: &(impl serde::Serialize + DynamicType),
    ) {
        zbus::block_on(async {
            for name in self.names().await {
                let name = Some(name.as_str()).filter(|it| it.starts_with(':'));
                if name.is_some() && name != self.0.unique_name().map(|it| it.as_str()) {
                    self.0.emit_signal(name, path, interface, member, body).await.unwrap();
                }
            }
            self.names().await;
        });
    }

    async fn names(&self) -> Vec<String> {
        let bus = "org.freedesktop.DBus";
        let asked = self.0.call_method(Some(bus), "/", Some(bus), "ListNames", &()).await;
        asked.unwrap().body().deserialize().unwrap()
    }

    /// The number of the process that has the name, if anybody does.
    pub fn process_of(&self, name: &str) -> Option<Pid> {
        let bus = "org.freedesktop.DBus";
        let asked = self.0.call_method(Some(bus), "/", Some(bus), "GetConnectionUnixProcessID", &name);
        let number: u32 = zbus::block_on(asked).ok()?.body().deserialize().unwrap();
        Pid::from_raw(i32::try_from(number).unwrap())
    }
}

/// Sends a signal to the process that has the name on the session's bus.
#[track_caller]
pub fn signal_owner(desktop: &Desktop, name: &str, signal: Signal) -> Pid {
    assert!(crate::sealed::is_sealed(), "a process is sent a signal only where there are no others");
    let owner = Speaker::on(&session_address(desktop), &[]).process_of(name).expect("somebody has the name");
    rustix::process::kill_process(owner, signal).unwrap();
    owner
}

/// logind, as far as it says when the machine sleeps: whoever asks it to wait is asked to let go.
pub struct Logind {
    connection: Connection,
    // The other ends of what was given to those who want it to wait.
    delays: Arc<Mutex<Vec<std::io::PipeReader>>>,
}

struct Manager {
    delays: Arc<Mutex<Vec<std::io::PipeReader>>>,
}

#[interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    fn inhibit(&mut self, what: String, _who: String, _why: String, mode: String) -> OwnedFd {
        assert_eq!((what.as_str(), mode.as_str()), ("sleep", "delay"));
        let (reader, writer) = std::io::pipe().unwrap();
        self.delays.lock().unwrap().push(reader);
        std::os::fd::OwnedFd::from(writer).into()
    }
}

struct Session {
    user: u32,
}

#[interface(name = "org.freedesktop.login1.Session")]
impl Session {
    #[zbus(property)]
    fn user(&self) -> (u32, OwnedObjectPath) {
        let path = format!("/org/freedesktop/login1/user/_{}", self.user);
        (self.user, path.try_into().unwrap())
    }
}

impl Logind {
    /// Comes onto the bus at `address`, with a session of this user and one of another.
    pub fn start(address: &str) -> Self {
        let delays = Arc::default();
        let manager = Manager { delays: Arc::clone(&delays) };
        let user = rustix::process::geteuid().as_raw();
        let connection = zbus::block_on(async {
            zbus::connection::Builder::address(address)
                .serve_at("/org/freedesktop/login1", manager)
                .serve_at("/org/freedesktop/login1/session/ours", Session { user })
                .serve_at("/org/freedesktop/login1/session/theirs", Session { user: user + 1 })
                .name("org.freedesktop.login1")
                .build()
                .await
                .unwrap()
        });
        Self { connection, delays }
    }

    /// Says that the machine is about to sleep, waits until everybody let go, and says that it woke.
    #[track_caller]
    pub fn sleep(&self) {
        self.prepare(true);
        for delay in std::mem::take(&mut *self.delays.lock().unwrap()) {
            // At its end whoever held it has let go of it.
            let read = std::io::Read::read(&mut &delay, &mut [0]);
            assert_eq!(read.unwrap(), 0);
        }
    }

    /// Says that it woke.
    pub fn wake(&self) {
        self.prepare(false);
    }

    /// How many want it to wait before it sleeps.
    pub fn delays(&self) -> usize {
        self.delays.lock().unwrap().len()
    }

    /// How many of them have not let go.
    pub fn held(&self) -> usize {
        let lets_go = |delay: &&std::io::PipeReader| {
            let mut look = [PollFd::new(*delay, PollFlags::IN)];
            rustix::event::poll(&mut look, Some(&Timespec::default())).unwrap() > 0
        };
        let delays = self.delays.lock().unwrap();
        delays.len() - delays.iter().filter(lets_go).count()
    }

    /// Tells a session to lock: `ours` or `theirs`.
    pub fn lock_session(&self, which: &str) {
        let path = format!("/org/freedesktop/login1/session/{which}");
        let signal = self.connection.emit_signal(
            None::<&str>,
            path.as_str(),
            "org.freedesktop.login1.Session",
            "Lock",
            &(),
        );
        zbus::block_on(signal).unwrap();
    }

    fn prepare(&self, sleeps: bool) {
        let signal = self.connection.emit_signal(
            None::<&str>,
            "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager",
            "PrepareForSleep",
            &sleeps,
        );
        zbus::block_on(signal).unwrap();
    }
}

/// Hears the calls of an interface on the session's bus, whoever is called.
pub struct Calls(MessageStream);

impl Calls {
    /// From now on.
    pub fn of(desktop: &Desktop, interface: &'static str) -> Self {
        let address = session_address(desktop);
        zbus::block_on(async {
            let bus = zbus::connection::Builder::address(address.as_str()).build().await.unwrap();
            let rule = MatchRule::builder().msg_type(message::Type::MethodCall).interface(interface);
            let stream = MessageStream::from(&bus);
            let monitoring = MonitoringProxy::new(&bus).await.unwrap();
            monitoring.become_monitor(&[rule.build().unwrap()], 0).await.unwrap();
            Self(stream)
        })
    }

    /// Waits for one of `member`.
    pub fn wait(&mut self, member: &str) {
        zbus::block_on(async {
            let called = |message: &message::Message| {
                message.header().member().is_some_and(|it| it.as_str() == member)
            };
            while !self.0.next().await.unwrap().is_ok_and(|it| called(&it)) {}
        });
    }
}
