//! Wrong passphrases and the wait that grows with them.
//!
//! A try is written down before it is made, so that ending the program in the
//! middle of one does not make it free. The count survives restarts in the
//! notes file. It slows a person at the keyboard; it does not stop whoever
//! can copy the blob or edit the notes.

use serde::{Deserialize, Serialize};

const LONGEST: u64 = 300;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attempts {
    /// Tries since the last right one.
    wrong: u32,
    /// When the last of them began.
    last: u64,
}

impl Attempts {
    /// Seconds until a try at `now` is accepted.
    pub(crate) fn wait(self, now: u64) -> u64 {
        let due = delay(self.wrong);
        match now.checked_sub(self.last) {
            Some(passed) => due.saturating_sub(passed),
            None => due,
        }
    }

    /// A clock that was put back starts the wait anew, instead of stretching it until the clock catches up.
    pub(crate) fn notice_clock(&mut self, now: u64) -> bool {
        let back = now < self.last;
        if back {
            self.last = now;
        }
        back
    }

    pub(crate) fn begin(&mut self, now: u64) {
        self.wrong = self.wrong.saturating_add(1);
        self.last = now;
    }
}

/// 0, 0, 1, 2, 4, … up to [`LONGEST`] seconds after the first, second, third, … wrong try.
fn delay(wrong: u32) -> u64 {
    match wrong.checked_sub(3) {
        None => 0,
        Some(doublings) => 1_u64.checked_shl(doublings).map_or(LONGEST, |it| it.min(LONGEST)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_five_minutes_and_stay() {
        let delays: Vec<u64> = (0..14).map(delay).collect();
        assert_eq!(delays, [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(delay(67), 300);
        assert_eq!(delay(u32::MAX), 300);
    }

    #[test]
    fn a_wait_runs_down_and_a_clock_put_back_starts_it_anew() {
        let mut attempts = Attempts { wrong: 6, last: 1000 };
        assert_eq!((attempts.wait(1000), attempts.wait(1003), attempts.wait(1008)), (8, 5, 0));
        assert_eq!(attempts.wait(10), 8);
        assert!(attempts.notice_clock(10));
        assert_eq!((attempts.wait(10), attempts.wait(18)), (8, 0));
        assert!(!attempts.notice_clock(18));
    }
}
