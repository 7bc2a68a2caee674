//! The calendar against the clock that cannot be set: a step of the one, and a sleep of the machine.
//!
//! Nothing is decided by it here. A step makes everything that depends on
//! time be looked at again, and is said; a sleep locks the key, whatever the
//! desktop said about it.

use std::time::Duration;

use countersign_core::time::Timestamp;

use crate::core::Inner;
use crate::{Clock, Event};

/// A calendar that is off by so many seconds was set; less is how clocks are kept right.
const STEP: i64 = 5;

/// The machine slept when its two clocks are apart by more than this.
const SLEEP: Duration = Duration::from_secs(2);

/// Readings further apart than this do not belong together: something came in between.
const TOGETHER: Duration = Duration::from_millis(500);

/// The machine's clock was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockJump {
    /// How far it went ahead, or back.
    pub seconds: i64,
    /// When that was noticed, by the clock as it was then.
    pub at: Timestamp,
}

/// What the clocks said last.
#[derive(Debug)]
pub(crate) struct Watched {
    wall: Timestamp,
    running: Duration,
    awake: Duration,
    /// The last step, until it is dismissed.
    pub(crate) jump: Option<ClockJump>,
    // Found at the start, and not told yet.
    untold: bool,
}

/// What happened since the clocks were read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Passed {
    pub(crate) jump: Option<ClockJump>,
    pub(crate) slept: bool,
}

impl Watched {
    /// Begins to watch. `latest` is the latest time that was written down before.
    pub(crate) fn begin(clock: &dyn Clock, latest: Option<Timestamp>) -> Self {
        let (wall, running, awake) = (clock.now(), clock.monotonic(), clock.awake());
        let back = latest.map_or(0, |latest| step(latest, wall));
        let jump = (back < -STEP).then_some(ClockJump { seconds: back, at: wall });
        Self { wall, running, awake, jump, untold: jump.is_some() }
    }

    /// Reads the clocks again.
    pub(crate) fn look(&mut self, clock: &dyn Clock) -> Passed {
        let before = clock.monotonic();
        let (wall, awake, running) = (clock.now(), clock.awake(), clock.monotonic());
        let untold = std::mem::take(&mut self.untold);
        if running.saturating_sub(before) > TOGETHER {
            return Passed { jump: self.jump.filter(|_| untold), slept: false };
        }
        let passed = running.saturating_sub(self.running);
        let slept = passed.saturating_sub(awake.saturating_sub(self.awake)) > SLEEP;
        let seconds = step(self.wall, wall) - i64::try_from(passed.as_secs()).unwrap_or(i64::MAX);
        (self.wall, self.running, self.awake) = (wall, running, awake);
        let jump = (seconds.abs() > STEP).then_some(ClockJump { seconds, at: wall });
        self.jump = jump.or(self.jump);
        Passed { jump: jump.or(self.jump.filter(|_| untold)), slept }
    }
}

fn step(from: Timestamp, to: Timestamp) -> i64 {
    let seconds = |it: Timestamp| i64::try_from(it.seconds()).unwrap_or(i64::MAX);
    seconds(to) - seconds(from)
}

impl Inner {
    /// Looks at the clocks. `true` when the calendar was set, and all that depends on it is to be looked at again.
    pub(crate) fn watch_clocks(&self) -> bool {
        let passed = self.core().watched.look(&*self.options.clock);
        if passed.slept {
            tracing::info!("the machine slept");
            self.lock();
        }
        let Some(jump) = passed.jump else { return false };
        tracing::warn!(seconds = jump.seconds, "the machine's clock was set");
        self.tell(Event::ClockJumped { seconds: jump.seconds });
        true
    }

    pub(crate) fn dismiss_clock(&self) {
        self.core().watched.jump = None;
    }
}
