//! A private desktop: X server, session bus, HOME, keyring, window manager, notifications.
//!
//! All of it is real. Nothing of the surroundings enters it but `PATH`; it
//! ends when the value is dropped.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::process::Process;
use crate::until::{until, until_so};

/// Nobody else's service is started by a name on this bus.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

const DUNST: &str = "[global]\nfont = DejaVu Sans 10\norigin = bottom-left\nwidth = 260\noffset = 6x6\nhistory_length = 50\nnotification_limit = 20\n";

/// In which state the Secret Service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// There, and open.
    Unlocked,
    /// There, locked, and nobody answers its prompt.
    Locked,
    /// Not there.
    None,
}

/// A desktop of this test's own.
pub struct Desktop {
    // Ended in the order of their start, before the folder goes.
    parts: Vec<Process>,
    env: BTreeMap<OsString, OsString>,
    folder: TempDir,
}

impl Desktop {
    /// A desktop whose keyring is open.
    pub fn start() -> Self {
        Self::with(Keyring::Unlocked)
    }

    /// A desktop whose keyring is as told.
    pub fn with(keyring: Keyring) -> Self {
        // A short name: the path of a socket has at most 108 bytes.
        let folder = tempfile::Builder::new().prefix("cs").tempdir_in("/tmp").unwrap();
        let mut desktop = Self { parts: vec![], env: BTreeMap::new(), folder };
        for name in ["home", "run", "logs"] {
            DirBuilder::new().mode(0o700).create(desktop.path(name)).unwrap();
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        desktop.set("PATH", path);
        desktop.set("HOME", desktop.path("home"));
        desktop.set("XDG_RUNTIME_DIR", desktop.path("run"));
        desktop.set("LANG", "C.UTF-8");
        // No accessibility bus: nothing reads it, and it would start more processes.
        desktop.set("NO_AT_BRIDGE", "1");
        desktop.screen();
        desktop.bus();
        if keyring != Keyring::None {
            desktop.keyring();
        }
        if keyring == Keyring::Locked {
            desktop.lock_keyring();
        }
        desktop.background("openbox", &[]);
        let dunstrc = desktop.write("dunstrc", DUNST);
        desktop.background("dunst", &["-conf", &dunstrc]);
        desktop.wait_for_name("org.freedesktop.Notifications");
        desktop
    }

    /// A path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where what belongs to the person lies.
    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// A new folder in it.
    pub fn folder(&self, name: &str) -> PathBuf {
        let made = self.path(name);
        fs::create_dir_all(&made).unwrap();
        made
    }

    /// Sets a variable for every later program.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.env.insert(name.into(), value.into());
    }

    /// Takes a variable away from every later program.
    pub fn unset(&mut self, name: &str) {
        self.env.remove(std::ffi::OsStr::new(name));
    }

    /// A program with nothing but this desktop's environment.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().envs(&self.env).stdin(Stdio::null()).current_dir(self.home());
        command
    }

    /// Runs a program of the machine to its end.
    ///
    /// # Panics
    ///
    /// When it fails.
    #[track_caller]
    pub fn run(&self, program: &str, words: &[&str]) -> String {
        let output = self.output(self.command(program).args(words));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let wrong = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {words:?}: {}\n{said}{wrong}", output.status);
        said
    }

    /// What a command prints, and how it ends.
    #[track_caller]
    pub fn output(&self, command: &mut Command) -> Output {
        match command.output() {
            Ok(output) => output,
            Err(error) => panic!("{:?} could not be started: {error}", command.get_program()),
        }
    }

    /// Starts a command in the background.
    pub fn start_command(&self, name: &str, command: &mut Command) -> Process {
        Process::start(command, &self.log(name))
    }

    /// The file with what the program `name` prints.
    pub fn log(&self, name: &str) -> PathBuf {
        self.path("logs").join(name).with_extension("log")
    }

    /// What all programs of the desktop printed, for when something went wrong.
    pub fn logs(&self) -> String {
        let mut all = String::new();
        for entry in fs::read_dir(self.path("logs")).unwrap().flatten() {
            let text = fs::read(entry.path()).unwrap_or_default();
            all += &format!("--- {}\n{}\n", entry.path().display(), String::from_utf8_lossy(&text));
        }
        all
    }

    /// A picture of the whole screen.
    pub fn picture(&self, to: &Path) {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        self.run("import", &["-window", "root", &to.to_string_lossy()]);
    }

    /// The notifications that are on the screen and those that were, oldest first: summary and body.
    pub fn notifications(&self) -> Vec<(String, String)> {
        let shown = self.run("dunstctl", &["count", "displayed"]).trim().parse::<u64>().unwrap();
        if shown > 0 {
            // dunst lists only what it no longer shows.
            self.run("dunstctl", &["close-all"]);
        }
        let history = self.run("dunstctl", &["history"]);
        let history = countersign_core::json::parse_foreign(history.as_bytes()).unwrap();
        let text =
            |it: &serde_json::Value, name: &str| it[name]["data"].as_str().unwrap_or_default().to_owned();
        let mut all: Vec<_> = history["data"][0]
            .as_array()
            .map(|all| all.iter().map(|it| (text(it, "summary"), text(it, "body"))).collect())
            .unwrap_or_default();
        all.reverse();
        all
    }

    /// How many notifications are on the screen.
    pub fn notifications_shown(&self) -> u64 {
        self.run("dunstctl", &["count", "displayed"]).trim().parse().unwrap()
    }

    /// Takes the first action of the newest notification, as a click on it does.
    pub fn click_notification(&self) {
        self.run("dunstctl", &["action", "0"]);
    }

    fn screen(&mut self) {
        let log = self.log("Xvfb");
        let number = self.path("display");
        let file = fs::File::create(&number).unwrap();
        let mut command = self.command("Xvfb");
        // Without lock files: they name process numbers, which other namespaces do not know.
        command.args(["-displayfd", "0", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"]);
        command.arg("-nolock");
        self.parts.push(Process::start_reading(&mut command, file.into(), &log));
        let display = until("the X server runs", || {
            let text = fs::read_to_string(&number).ok()?;
            text.ends_with('\n').then(|| format!(":{}", text.trim()))
        });
        self.set("DISPLAY", display);
    }

    fn bus(&mut self) {
        let socket = self.path("run/bus");
        let config = self.write("bus.conf", &BUS.replace("SOCKET", &socket.to_string_lossy()));
        self.background("dbus-daemon", &["--nofork", "--nopidfile", &format!("--config-file={config}")]);
        self.set("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display()));
        until_so("the session bus listens", || UnixStream::connect(&socket).is_ok());
    }

    fn keyring(&mut self) {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"countersign").unwrap();
        drop(writer);
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        let log = self.log("gnome-keyring-daemon");
        self.parts.push(Process::start_reading(&mut command, reader.into(), &log));
        self.wait_for_name("org.freedesktop.secrets");
    }

    /// Locks the collection that keys go into.
    pub fn lock_keyring(&self) {
        let words = ["--session", "--print-reply", "--dest=org.freedesktop.secrets"];
        let what = [
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        ];
        self.run("dbus-send", &[words, what].concat());
    }

    fn background(&mut self, program: &str, words: &[&str]) {
        let process = self.start_command(program, self.command(program).args(words));
        self.parts.push(process);
    }

    /// Waits until somebody on the session bus has the name.
    pub fn wait_for_name(&self, name: &str) {
        until_so(&format!("somebody is {name}"), || {
            let mut ask = self.command("dbus-send");
            ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
            ask.arg("org.freedesktop.DBus.NameHasOwner").arg(format!("string:{name}"));
            String::from_utf8_lossy(&self.output(&mut ask).stdout).contains("boolean true")
        });
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name).to_string_lossy().into_owned()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.logs());
        }
    }
}
