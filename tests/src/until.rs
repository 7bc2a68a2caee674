//! Waits for something to become so, instead of for a time to pass.

use std::thread;
use std::time::{Duration, Instant};

/// When nothing has come of it by now, nothing will: a hundred times what the slowest wait takes.
const LIMIT: Duration = Duration::from_secs(30);

/// Asks `look` again and again until it gives something.
///
/// # Panics
///
/// When it gives nothing for half a minute; says `what` was waited for.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < LIMIT, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(30));
    }
}

/// As [`until`], for what is either so or not.
///
/// # Panics
///
/// As [`until`].
#[track_caller]
pub fn until_so(what: &str, mut look: impl FnMut() -> bool) {
    until(what, || look().then_some(()));
}
