//! What a machine must have for the commands, why, and which Debian package brings it.
//!
//! A need is looked for by what it gives (a program, a library, a file), not by its package, so that one
//! that came another way counts too.

use crate::house::program;
use std::path::Path;
use std::process::{Command, Stdio};

pub(crate) struct Need {
    pub(crate) what: &'static str,
    pub(crate) why: &'static str,
    pub(crate) probe: Probe,
    pub(crate) from: From,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Probe {
    Program(&'static str),
    /// By its pkg-config name.
    Library(&'static str),
    File(&'static str),
    PythonModule(&'static str),
    CargoCommand(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum From {
    Apt(&'static [&'static str]),
    /// A component of the Rust toolchain.
    Rustup(&'static str),
}

const fn apt(what: &'static str, why: &'static str, probe: Probe, packages: &'static [&'static str]) -> Need {
    Need { what, why, probe, from: From::Apt(packages) }
}

use Probe::{CargoCommand, File, Library, Program, PythonModule};

/// To build the window.
pub(crate) const BUILD: &[Need] = &[
    apt("a C compiler", "SQLite is compiled in", Program("cc"), &["gcc", "libc6-dev"]),
    apt("pkg-config", "finds the libraries of the window", Program("pkg-config"), &["pkg-config"]),
    apt(
        "WebKitGTK 4.1 with its headers",
        "draws the window",
        Library("webkit2gtk-4.1"),
        &["libwebkit2gtk-4.1-dev"],
    ),
    apt("Node", "builds what the window shows", Program("node"), &["nodejs"]),
    apt("npm", "fetches what the ui is built with", Program("npm"), &["npm"]),
];

/// Where Debian puts the library by which an icon gets into a tray; it is loaded when the app starts.
#[cfg(target_arch = "x86_64")]
const TRAY: &str = "/usr/lib/x86_64-linux-gnu/libayatana-appindicator3.so.1";
#[cfg(target_arch = "aarch64")]
const TRAY: &str = "/usr/lib/aarch64-linux-gnu/libayatana-appindicator3.so.1";
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const TRAY: &str = "/usr/lib/libayatana-appindicator3.so.1";

/// For a desktop of its own, without a display.
pub(crate) const DESKTOP: &[Need] = &[
    apt("Xvfb", "an X server without a screen", Program("Xvfb"), &["xvfb"]),
    apt(
        "a session bus",
        "the keyring and notifications speak over it",
        Program("dbus-launch"),
        &["dbus-x11"],
    ),
    apt("gnome-keyring", "a real Secret Service", Program("gnome-keyring-daemon"), &["gnome-keyring"]),
    apt("dunst", "shows notifications for real", Program("dunst"), &["dunst"]),
    // `dunstctl history` is a script around it.
    apt("busctl", "asks for the notifications that were shown", Program("busctl"), &["systemd"]),
    apt(
        "libayatana-appindicator3",
        "puts the icon into the tray",
        File(TRAY),
        &["libayatana-appindicator3-1"],
    ),
    apt("openbox", "gives windows focus, as on a real desktop", Program("openbox"), &["openbox"]),
    apt(
        "DejaVu fonts",
        "text in pictures is text",
        File("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
        &["fonts-dejavu-core"],
    ),
    apt(
        "a font with Chinese, Japanese and Korean",
        "text in pictures is text in every script",
        File("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"),
        &["fonts-droid-fallback"],
    ),
    apt("WebKitWebDriver", "clicks in the real window", Program("WebKitWebDriver"), &["webkit2gtk-driver"]),
    apt("ip", "brings up loopback where there is no other network", Program("ip"), &["iproute2"]),
    apt("ImageMagick", "takes pictures of the screen", Program("import"), &["imagemagick"]),
];

/// For the tests, beside what builds and what makes a desktop.
pub(crate) const TEST: &[Need] = &[
    Need {
        what: "rustfmt",
        why: "checks how the code is set",
        probe: CargoCommand("fmt"),
        from: From::Rustup("rustfmt"),
    },
    Need {
        what: "clippy",
        why: "reads the code for mistakes",
        probe: CargoCommand("clippy"),
        from: From::Rustup("clippy"),
    },
    apt("secret-tool", "looks into the keyring from outside", Program("secret-tool"), &["libsecret-tools"]),
    apt("notify-send", "tries the notifications", Program("notify-send"), &["libnotify-bin"]),
    apt("xdotool", "types and moves windows", Program("xdotool"), &["xdotool"]),
    apt("xprop and xdpyinfo", "ask the X server", Program("xdpyinfo"), &["x11-utils"]),
    apt(
        "setpriv, unshare and mount",
        "run tests as other users, sealed off, on small disks",
        Program("setpriv"),
        &["util-linux", "mount"],
    ),
    apt("openssl", "checks signatures a second way", Program("openssl"), &["openssl"]),
    apt("Python 3", "checks signatures a third way", Program("python3"), &["python3"]),
    apt(
        "Python's venv",
        "keeps the tests' Python packages in target/venv",
        PythonModule("ensurepip"),
        &["python3-venv"],
    ),
];

/// For `--all`, beside all of these.
pub(crate) const ALL: &[Need] =
    &[apt("strace", "lets the system calls of a running program fail", Program("strace"), &["strace"])];

/// What is missing, and how to get it.
#[derive(Default)]
pub(crate) struct Plan<'a> {
    pub(crate) missing: Vec<&'a Need>,
    pub(crate) packages: Vec<&'static str>,
    pub(crate) components: Vec<&'static str>,
}

/// Looks for every need with `present`.
pub(crate) fn plan<'a>(
    needs: impl IntoIterator<Item = &'a Need>,
    present: impl Fn(Probe) -> bool,
) -> Plan<'a> {
    let mut plan = Plan::default();
    for need in needs.into_iter().filter(|need| !present(need.probe)) {
        plan.missing.push(need);
        match need.from {
            From::Apt(packages) => plan.packages.extend(packages),
            From::Rustup(component) => plan.components.push(component),
        }
    }
    plan
}

/// Looks on this machine.
pub(crate) fn present(probe: Probe) -> bool {
    match probe {
        Program(name) => program(name).is_some(),
        Library(name) => succeeds("pkg-config", &["--exists", name]),
        File(path) => Path::new(path).exists(),
        PythonModule(name) => succeeds("python3", &["-c", &format!("import {name}")]),
        CargoCommand(name) => succeeds("cargo", &[name, "--version"]),
    }
}

fn succeeds(program: &str, words: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_with_everything_needs_nothing() {
        let plan = plan(BUILD.iter().chain(DESKTOP).chain(TEST).chain(ALL), |_| true);
        assert!(plan.missing.is_empty() && plan.packages.is_empty() && plan.components.is_empty());
    }

    #[test]
    fn what_is_missing_is_named_with_its_packages_and_nothing_else() {
        let plan = plan(BUILD.iter().chain(TEST), |probe| {
            probe != Program("cc") && probe != Library("webkit2gtk-4.1") && probe != CargoCommand("clippy")
        });
        let what: Vec<_> = plan.missing.iter().map(|need| need.what).collect();
        assert_eq!(what, ["a C compiler", "WebKitGTK 4.1 with its headers", "clippy"]);
        assert_eq!(plan.packages, ["gcc", "libc6-dev", "libwebkit2gtk-4.1-dev"]);
        assert_eq!(plan.components, ["clippy"]);
    }

    #[test]
    fn no_need_and_no_package_is_listed_twice() {
        let plan = plan(BUILD.iter().chain(DESKTOP).chain(TEST).chain(ALL), |_| false);
        let mut packages = plan.packages.clone();
        packages.sort_unstable();
        packages.dedup();
        assert_eq!(packages.len(), plan.packages.len());
    }

    #[test]
    fn probes_see_this_machine() {
        assert!(present(Program("sh")));
        assert!(!present(Program("no-such-program-at-all")));
        assert!(present(File("/proc")));
        assert!(!present(PythonModule("no_such_module_at_all")));
        assert!(present(CargoCommand("fmt")));
        assert!(!present(CargoCommand("no-such-command-at-all")));
    }
}
