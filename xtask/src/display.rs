//! Whether there is a display that answers, asked before anything is built for it.
//!
//! Not here: whether it lets this user in, which the window finds out.

use std::env;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::Path;
use std::time::Duration;

const HOW: &str = "\
Nothing was built or started. To get a display:
  - at this machine: run it from a terminal inside the desktop;
  - from another machine: connect again with `ssh -X`, then run it;
  - with nobody looking, in a private X server: cargo xtask desktop cargo xtask run";

/// Says what is wrong with the display and how to get one.
pub(crate) fn check() -> Result<(), String> {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    match (set("WAYLAND_DISPLAY"), set("DISPLAY")) {
        (None, None) => Err(format!(
            "There is no display to show the window on: neither DISPLAY nor WAYLAND_DISPLAY is set.\n{HOW}"
        )),
        (Some(name), _) if wayland_answers(&name) => Ok(()),
        (_, Some(name)) if x_answers(&name) => Ok(()),
        (wayland, x) => {
            let names: Vec<String> = [("WAYLAND_DISPLAY", wayland), ("DISPLAY", x)]
                .into_iter()
                .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
                .collect();
            Err(format!("Nothing answers at the display that is set ({}).\n{HOW}", names.join(", ")))
        }
    }
}

fn wayland_answers(name: &str) -> bool {
    let folder = env::var_os("XDG_RUNTIME_DIR").unwrap_or_default();
    // An absolute name replaces the folder.
    UnixStream::connect(Path::new(&folder).join(name)).is_ok()
}

fn x_answers(name: &str) -> bool {
    let Some((host, number)) = parse_display(name) else { return false };
    if host.is_empty() || host == "unix" {
        let path = format!("/tmp/.X11-unix/X{number}");
        return UnixStream::connect(&path).is_ok()
            || SocketAddr::from_abstract_name(&path).is_ok_and(|at| UnixStream::connect_addr(&at).is_ok());
    }
    let Ok(addresses) = (host, 6000 + number).to_socket_addrs() else { return false };
    addresses.into_iter().any(|at| TcpStream::connect_timeout(&at, Duration::from_secs(5)).is_ok())
}

/// Reads `host:number.screen`; an empty host is this machine.
fn parse_display(name: &str) -> Option<(&str, u16)> {
    let (host, rest) = name.rsplit_once(':')?;
    let number = rest.split_once('.').map_or(rest, |(number, _)| number);
    let number: u16 = number.parse().ok()?;
    (number < 60_000 - 6000).then_some((host, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names() {
        assert_eq!(parse_display(":0"), Some(("", 0)));
        assert_eq!(parse_display("localhost:10.0"), Some(("localhost", 10)));
        assert_eq!(parse_display("unix:1"), Some(("unix", 1)));
        assert_eq!(parse_display("0"), None);
        assert_eq!(parse_display(":x"), None);
        assert_eq!(parse_display(":65000"), None);
    }

    #[test]
    fn a_display_that_nobody_serves_does_not_answer() {
        assert!(!x_answers(":53999"));
        assert!(!wayland_answers("/proc/no-such-display"));
    }
}
