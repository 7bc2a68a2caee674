//! Runs a test where there is no network but loopback, and from where nothing can outlive it.
//!
//! The test starts its own program again, for itself alone, as the child of
//! `unshare` with namespaces of its own for network, processes and mounts.
//! When that child ends, for whatever reason, the kernel ends everything
//! that it started.
//!
//! Needs root, or a kernel that lets everyone make namespaces, as Debian's does.

use std::any::type_name;
use std::env;
use std::fs::File;
use std::io::ErrorKind;
use std::net::UdpSocket;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Set in the inner program.
const MARK: &str = "COUNTERSIGN_SEALED";

/// Longer than any one test takes on two slow cores; what takes longer hangs. With all of them some go on for minutes.
const LIMIT: Duration = Duration::from_secs(if cfg!(feature = "all") { 15 * 60 } else { 4 * 60 });

/// X sockets of their own, because a display's number is free only where no one else sees its socket.
const INSIDE: &str = r#"
set -e
ip link set lo up
mkdir -p -m 1777 /tmp/.X11-unix
mount -t tmpfs -o mode=1777 countersign /tmp/.X11-unix
# X servers of one number would write one keymap file.
if [ -d /var/lib/xkb ]; then mount -t tmpfs -o mode=1777 countersign /var/lib/xkb; fi
"$@"
exit $?
"#;

/// Runs `test`, the whole body of a `#[test]` function, sealed off.
///
/// # Panics
///
/// When the body panics, or the namespaces cannot be made.
#[track_caller]
pub fn sealed<F: FnOnce()>(test: F) {
    if is_sealed() {
        assert_cut_off();
        return test();
    }
    // The function around the closure, without the crate: libtest's name for the test.
    let name = type_name::<F>().strip_suffix("::{{closure}}").expect("the body of a test is a closure");
    let name = name.split_once("::").expect("a test is in a crate").1;
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = outer();
    command.arg(env::current_exe().unwrap()).args(["--exact", name, "--nocapture", "--test-threads=1"]);
    let status = run(&mut command, log.as_file());
    let said = String::from_utf8_lossy(&std::fs::read(log.path()).unwrap()).into_owned();
    // Not at the beginning of its lines: the run outside counts what it says itself.
    said.lines().for_each(|line| println!("| {line}"));
    let status = status.expect("it ended in time");
    assert!(status.success(), "failed where it was sealed off ({status}); what it said is above");
    assert!(said.contains("1 passed"), "no test of the name {name} was run");
}

/// Starts this program again, sealed off, with its arguments, and ends as it ends; returns once inside.
pub fn seal_program() {
    if is_sealed() {
        return assert_cut_off();
    }
    let mut command = outer();
    command.arg(env::current_exe().unwrap()).args(env::args_os().skip(1));
    let status = command.status().unwrap();
    std::process::exit(status.code().unwrap_or(1));
}

/// Whether this is the inner program.
pub fn is_sealed() -> bool {
    env::var_os(MARK).is_some()
}

/// Proves that no packet can leave.
///
/// # Panics
///
/// When one could.
pub fn assert_cut_off() {
    let interfaces = std::fs::read_to_string("/proc/net/dev").unwrap();
    let names: Vec<&str> = interfaces
        .lines()
        .skip(2)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name.trim())
        .collect();
    assert_eq!(names, ["lo"], "there is a network");
    // RFC 5737 and RFC 3849: addresses that belong to nobody, yet would be routed.
    for (from, to) in [("0.0.0.0:0", "192.0.2.1:9"), ("[::]:0", "[2001:db8::1]:9")] {
        let error = UdpSocket::bind(from).and_then(|socket| socket.connect(to)).unwrap_err();
        let none = [ErrorKind::NetworkUnreachable, ErrorKind::AddrNotAvailable, ErrorKind::Unsupported];
        assert!(none.contains(&error.kind()), "{to}: {error}");
    }
    UdpSocket::bind("127.0.0.1:0").expect("loopback is up");
}

fn outer() -> Command {
    let mut command = Command::new("setpriv");
    // If this program is killed, so is `unshare`; if that is, so is everything inside.
    command.args(["--pdeathsig", "KILL", "--", "unshare"]);
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["--net", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--"]);
    command.args(["sh", "-c", INSIDE, "sealed"]).env(MARK, "1");
    command
}

fn run(command: &mut Command, log: &File) -> Option<ExitStatus> {
    let (out, err) = (log.try_clone().unwrap(), log.try_clone().unwrap());
    let mut child = command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0).spawn().unwrap();
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        if begun.elapsed() > LIMIT {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        thread::sleep(Duration::from_millis(20));
    }
}
