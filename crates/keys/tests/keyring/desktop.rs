//! A desktop of a test's own: folders, a bus, a keyring, an X server. All of
//! it ends with the value, also when the test panics or is killed.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What takes longer than this hangs. No claim about speed.
pub(crate) const HANG: Duration = Duration::from_secs(120);

const PROMPTER: &str = "org.gnome.keyring.SystemPrompter.service";

/// What there is on the desktop.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Bus {
    /// No bus at all.
    None,
    /// A bus that starts nothing by itself.
    Bare,
    /// A bus that starts the prompter of gnome-keyring, and a display for it.
    WithPrompts,
}

pub(crate) struct Desktop {
    home: TempDir,
    has_bus: bool,
    display: Option<String>,
    // In the order in which they end: the bus last.
    keyring: Option<Leash>,
    _x_server: Option<Leash>,
    _bus: Option<Leash>,
}

impl Desktop {
    pub(crate) fn new(bus: Bus) -> Self {
        let home = tempfile::tempdir().unwrap();
        for made in ["run", "data", "services"] {
            fs::create_dir(home.path().join(made)).unwrap();
        }
        fs::set_permissions(home.path().join("run"), fs::Permissions::from_mode(0o700)).unwrap();
        let mut desktop =
            Self { home, has_bus: false, display: None, keyring: None, _x_server: None, _bus: None };
        if bus == Bus::WithPrompts {
            desktop.start_x_server();
            let service = PathBuf::from("/usr/share/dbus-1/services").join(PROMPTER);
            fs::copy(&service, desktop.path("services").join(PROMPTER))
                .unwrap_or_else(|error| panic!("{} (install gcr): {error}", service.display()));
        }
        if bus != Bus::None {
            desktop.start_bus();
        }
        desktop
    }

    /// The folder of the keys under test.
    pub(crate) fn keys_dir(&self) -> PathBuf {
        self.path("data").join("keys")
    }

    /// What lies in it.
    pub(crate) fn key_files(&self) -> Vec<String> {
        let names = fs::read_dir(self.keys_dir()).unwrap();
        let mut names: Vec<_> =
            names.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// A command that knows this desktop and nothing of the one around it.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        for needed in [OsStr::new("setpriv"), program.as_ref()] {
            let there = std::env::split_paths(&path).any(|it| it.join(needed).is_file());
            assert!(there, "{} is not installed; this test cannot do without", needed.display());
        }
        // The kernel ends it when this thread does, whatever happened to the thread.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program).env_clear();
        command.env("PATH", path);
        command.env("HOME", self.home.path()).env("XDG_DATA_HOME", self.path("data"));
        command.env("XDG_RUNTIME_DIR", self.path("run")).env("NO_AT_BRIDGE", "1");
        if self.has_bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", self.bus_address());
        }
        if let Some(display) = &self.display {
            command.env("DISPLAY", display);
        }
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts gnome-keyring, with its login keyring unlocked by `password`, or with no keyring at all.
    pub(crate) fn start_keyring(&mut self, password: Option<&str>) {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if password.is_some() {
            command.arg("--unlock");
        }
        let mut leash = Leash::start(command.stdin(Stdio::piped()));
        let mut input = leash.0.stdin.take().unwrap();
        input.write_all(password.unwrap_or_default().as_bytes()).unwrap();
        drop(input);
        self.keyring = Some(leash);
        self.until("the keyring is on the bus", || self.has_keyring());
    }

    pub(crate) fn stop_keyring(&mut self) {
        self.keyring = None;
        self.until("the keyring has left the bus", || !self.has_keyring());
    }

    /// Waits until the prompt of the keyring is on the screen.
    pub(crate) fn await_prompt(&self) {
        self.until("the prompt is on the screen", || !self.prompts().is_empty());
    }

    pub(crate) fn type_into_prompt(&self, password: &str) {
        // Without a window manager nobody gives the window the focus.
        let window = self.prompts().pop().unwrap();
        self.run("xdotool", &["windowfocus", "--sync", &window]);
        self.run("xdotool", &["type", "--delay", "20", password]);
        self.run("xdotool", &["key", "Return"]);
        self.until("the prompt is gone", || self.prompts().is_empty());
    }

    fn prompts(&self) -> Vec<String> {
        let found = self.run("xdotool", &["search", "--onlyvisible", "--class", "gcr-prompter"]);
        String::from_utf8(found.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    fn has_keyring(&self) -> bool {
        let bus = format!("--bus={}", self.bus_address());
        let said = self.run(
            "dbus-send",
            &[
                &bus,
                "--print-reply=literal",
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ],
        );
        String::from_utf8_lossy(&said.stdout).contains("true")
    }

    fn start_bus(&mut self) {
        let config = self.path("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>{}</listen><auth>EXTERNAL</auth>\
             <servicedir>{}</servicedir><policy context=\"default\"><allow send_destination=\"*\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            self.bus_address(),
            self.path("services").display(),
        );
        fs::write(&config, text).unwrap();
        let mut command = self.command("dbus-daemon");
        command.arg("--nofork").arg(format!("--config-file={}", config.display()));
        self._bus = Some(Leash::start(&mut command));
        self.has_bus = true;
        self.until("the bus listens", || self.path("run/bus").exists());
    }

    fn start_x_server(&mut self) {
        let mut command = self.command("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
        let mut leash = Leash::start(command.stdout(Stdio::piped()));
        let mut number = String::new();
        BufReader::new(leash.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb did not start");
        self.display = Some(format!(":{}", number.trim()));
        self._x_server = Some(leash);
    }

    fn run(&self, program: &str, args: &[&str]) -> Output {
        self.command(program).args(args).stdout(Stdio::piped()).output().unwrap()
    }

    fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < HANG, "waited in vain until {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn bus_address(&self) -> String {
        format!("unix:path={}", self.path("run/bus").display())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }
}

/// A process, and with it its whole group, that does not outlive this value.
pub(crate) struct Leash(pub(crate) Child);

impl Leash {
    pub(crate) fn start(command: &mut Command) -> Self {
        let words: Vec<_> = command.get_args().map(|it| it.to_string_lossy().into_owned()).collect();
        Self(command.spawn().unwrap_or_else(|error| panic!("setpriv {}: {error}", words.join(" "))))
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            match self.0.try_wait().unwrap() {
                Some(status) => return status,
                None => assert!(start.elapsed() < HANG, "the process does not end"),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        // Services that the bus started are in its group. That the group is gone already is as good.
        if let Ok(Some(group)) = i32::try_from(self.0.id()).map(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.0.wait();
    }
}
