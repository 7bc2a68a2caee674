//! What a milestone does where a test asked for it.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};

const VARIABLE: &str = "COUNTERSIGN_MILESTONE";

/// What the variable asks for.
#[derive(Debug, PartialEq, Eq)]
struct Ask {
    signal: Signal,
    point: String,
    // Which time, from 1.
    nth: u64,
}

impl FromStr for Ask {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.splitn(3, ':');
        let signal = match words.next() {
            Some("kill") => Signal::KILL,
            Some("stop") => Signal::STOP,
            _ => return Err(format!("{VARIABLE} begins with `kill:` or `stop:`, not as {text:?}")),
        };
        let point = words.next().filter(|point| !point.is_empty());
        let point = point.ok_or_else(|| format!("{VARIABLE} names no point: {text:?}"))?.to_owned();
        let nth = words.next().unwrap_or("1").parse();
        let nth = nth.map_err(|_| format!("{VARIABLE} ends with no number: {text:?}"))?;
        Ok(Self { signal, point, nth })
    }
}

/// # Panics
///
/// When the variable is none that can be read: a test that asks for nothing proves nothing.
pub(super) fn reached(point: &dyn Display) {
    static ASKED: OnceLock<Option<Ask>> = OnceLock::new();
    static TIMES: AtomicU64 = AtomicU64::new(0);
    let asked = ASKED.get_or_init(|| {
        let text = std::env::var(VARIABLE).ok()?;
        Some(text.parse().unwrap_or_else(|why: String| panic!("{why}")))
    });
    let Some(asked) = asked else { return };
    if point.to_string() != asked.point || TIMES.fetch_add(1, Ordering::SeqCst) + 1 != asked.nth {
        return;
    }
    let _ = kill_process(getpid(), asked.signal);
    // A stop reaches the other threads first; nothing more is to happen in this one until then.
    std::thread::sleep(Duration::from_millis(100));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn what_is_asked_for_is_read_whole_or_not_at_all() {
        let ask = |text: &str| text.parse::<Ask>();
        let burned = Ask { signal: Signal::KILL, point: "burned".to_owned(), nth: 1 };
        assert_eq!(ask("kill:burned").unwrap(), burned);
        let third = Ask { signal: Signal::STOP, point: "written ack".to_owned(), nth: 3 };
        assert_eq!(ask("stop:written ack:3").unwrap(), third);
        for wrong in ["", "burned", "kill", "kill:", "term:burned", "kill:burned:x"] {
            assert!(ask(wrong).is_err(), "{wrong}");
        }
    }
}
