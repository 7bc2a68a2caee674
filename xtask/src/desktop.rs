//! A private desktop: X server, session bus, HOME, unlocked keyring, notifications, window manager.
//!
//! Everything in it ends with it, and its folder is removed. It shares nothing with a desktop that the
//! machine may have, except the file system and the network.

use crate::house::House;
use crate::leash::Leash;
use crate::line::Line;
use crate::run::FEATURES;
use crate::steps::{Steps, code};
use crate::{install, needs, tools, ui};
use std::env;
use std::fs::{self, DirBuilder, File};
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

/// Of a keyring that lives for minutes, with nothing in it but what runs in the desktop.
const KEYRING_PASSWORD: &[u8] = b"countersign";

/// What a person's own session would let in.
const NOT_INHERITED: &[&str] = &[
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "SSH_AUTH_SOCK",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "XDG_CURRENT_DESKTOP",
    "GNOME_KEYRING_CONTROL",
];

/// Settings of the toolchains that are looked for in HOME: variable, place below HOME.
const KEPT_FROM_HOME: &[(&str, &str)] =
    &[("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup"), ("NPM_CONFIG_USERCONFIG", ".npmrc")];

pub(crate) fn desktop(house: &House, words: &[String], yes: bool) -> Result<ExitCode, String> {
    install::ensure(needs::DESKTOP, yes)?;
    let (program, rest) = words.split_first().ok_or("`desktop` needs a command to run")?;
    let mut command = Command::new(program);
    command.args(rest);
    in_desktop(house, &mut command).map(code)
}

/// Builds everything and runs the program `demo-NAME` of the tests in a private desktop.
pub(crate) fn demo(mut house: House, name: &str, yes: bool) -> Result<ExitCode, String> {
    install::ensure(needs::BUILD.iter().chain(needs::DESKTOP), yes)?;
    let mut steps = Steps::start();
    tools::node(&mut house, &mut steps)?;
    ui::fetch(&house, &mut steps)?;
    ui::build(&house, &mut steps)?;
    let build = Line::new(&format!("cargo build --workspace {FEATURES}"));
    steps.run(&house, "build", "the command, the window and the demonstration", &build)?;
    let program = house.built(&format!("demo-{name}"), false);
    if !program.exists() {
        return Err(format!("There is no demonstration `{name}`: {} was not built.", program.display()));
    }
    println!("\n== demo {name}: {}", program.display());
    let mut command = Command::new(program);
    command.current_dir(&house.root);
    in_desktop(&house, &mut command).map(code)
}

fn in_desktop(house: &House, command: &mut Command) -> Result<ExitStatus, String> {
    let mut desktop = Desktop::start(house).map_err(|error| format!("No private desktop: {error}"))?;
    let ended = desktop.run(command);
    ended.map_err(|error| format!("{} could not be run: {error}", command.get_program().display()))
}

struct Desktop {
    leash: Leash,
    folder: PathBuf,
    env: Vec<(&'static str, String)>,
}

impl Desktop {
    fn start(house: &House) -> io::Result<Desktop> {
        let folder = private_folder()?;
        let mut leash = Leash::new()?;
        leash.remove_at_end(&folder)?;
        let mut desktop = Desktop { leash, env: Vec::new(), folder };
        let home = desktop.folder.join("home");
        let run = desktop.folder.join("run");
        for made in [&home, &run] {
            DirBuilder::new().mode(0o700).create(made)?;
        }
        if let Some(path) = house.path() {
            desktop.set("PATH", path.to_string_lossy());
        }
        if let Some(before) = env::var_os("HOME") {
            for (name, place) in KEPT_FROM_HOME {
                let place = Path::new(&before).join(place);
                if env::var_os(name).is_none() && place.exists() {
                    desktop.set(name, place.to_string_lossy());
                }
            }
        }
        desktop.set("HOME", home.to_string_lossy());
        desktop.set("XDG_RUNTIME_DIR", run.to_string_lossy());
        // No accessibility bus: nothing reads it, and it would start more processes.
        desktop.set("NO_AT_BRIDGE", "1");

        let number = desktop.first_line(
            "Xvfb",
            &["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"],
        )?;
        desktop.set("DISPLAY", format!(":{number}"));
        let socket = format!("--address=unix:path={}", run.join("bus").display());
        let address = desktop.first_line(
            "dbus-daemon",
            &["--session", "--nofork", "--nopidfile", "--print-address=1", &socket],
        )?;
        desktop.set("DBUS_SESSION_BUS_ADDRESS", address);

        let (reader, mut writer) = io::pipe()?;
        writer.write_all(KEYRING_PASSWORD)?;
        drop(writer);
        let words = ["--foreground", "--unlock", "--components=secrets"];
        desktop.background("gnome-keyring-daemon", &words, reader.into())?;
        desktop.background("openbox", &[], Stdio::null())?;
        desktop.background("dunst", &[], Stdio::null())?;
        desktop.wait_for("org.freedesktop.secrets")?;
        desktop.wait_for("org.freedesktop.Notifications")?;
        Ok(desktop)
    }

    /// Runs `command` to its end. It reads what xtask reads, except from a terminal, out of whose group it is.
    fn run(&mut self, command: &mut Command) -> io::Result<ExitStatus> {
        let stdin = if io::stdin().is_terminal() { Stdio::null() } else { Stdio::inherit() };
        self.dress(command);
        self.leash.spawn(command, stdin)?.wait()
    }

    fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.env.push((name, value.into()));
    }

    fn dress(&self, command: &mut Command) {
        for name in NOT_INHERITED {
            command.env_remove(name);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
    }

    /// Starts a part of the desktop that prints one line when it is ready.
    fn first_line(&mut self, program: &str, words: &[&str]) -> io::Result<String> {
        let log = self.log(program);
        let mut command = Command::new(program);
        command.args(words).stdout(Stdio::piped()).stderr(File::create(&log)?);
        self.dress(&mut command);
        let mut child = self.leash.spawn(&mut command, Stdio::null()).map_err(|e| named(program, &e))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        if line.trim().is_empty() {
            let said = fs::read_to_string(log).unwrap_or_default();
            return Err(io::Error::other(format!("{program} did not start\n{said}")));
        }
        Ok(line.trim().to_owned())
    }

    fn background(&mut self, program: &str, words: &[&str], stdin: Stdio) -> io::Result<()> {
        let log = File::create(self.log(program))?;
        let mut command = Command::new(program);
        command.args(words).stdout(log.try_clone()?).stderr(log);
        self.dress(&mut command);
        self.leash.spawn(&mut command, stdin).map_err(|error| named(program, &error))?;
        Ok(())
    }

    /// Waits until somebody on the session bus has the name.
    fn wait_for(&self, name: &str) -> io::Result<()> {
        for _ in 0..200 {
            let mut ask = Command::new("dbus-send");
            ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
            ask.arg("org.freedesktop.DBus.NameHasOwner").arg(format!("string:{name}")).stdin(Stdio::null());
            self.dress(&mut ask);
            if String::from_utf8_lossy(&ask.output()?.stdout).contains("boolean true") {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(io::Error::other(format!("nobody on the session bus became {name} within ten seconds")))
    }

    fn log(&self, program: &str) -> PathBuf {
        self.folder.join(program).with_extension("log")
    }
}

fn named(program: &str, error: &io::Error) -> io::Error {
    io::Error::other(format!("{program} could not be started: {error}"))
}

/// A new folder that only this user can enter, with a short name: the path of a socket has 108 bytes.
fn private_folder() -> io::Result<PathBuf> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let folder =
        env::temp_dir().join(format!("countersign-{}-{:x}", std::process::id(), now.subsec_micros()));
    DirBuilder::new().mode(0o700).create(&folder)?;
    Ok(folder)
}
