//! What a reviewer is told at its start, and the clock that it owns.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::name::GateId;
use countersign_core::time::Timestamp;
use countersign_keys::{ANSWER_WITHIN, Cost, Keyring, SecretPlace, Wanted};

/// How long approving is off after a sheet was shown, its content changed, or its window came to the front.
pub const ARMING: Duration = Duration::from_secs(1);

/// How long an unlocked key waits for its next use.
pub const IDLE: Duration = Duration::from_secs(15 * 60);

/// What is different from one installation to another.
#[derive(Clone)]
pub struct Options {
    /// The `countersign` program, which makes and runs gates.
    pub gate_program: PathBuf,
    /// What decodes pictures when it is started with [`DRAW`](crate::DRAW): the app itself.
    pub picture_program: PathBuf,
    /// The name of the gate that is made at the first start.
    pub gate: GateId,
    /// The keyring of the operating system.
    pub keyring: Arc<dyn SecretPlace>,
    /// Where keys are to be kept.
    pub wanted: Wanted,
    /// What wrapping a key costs.
    pub cost: Cost,
    /// How long an unlocked key waits for its next use.
    pub idle: Duration,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl Options {
    /// The usual ones; `gate_program` is the `countersign` that was installed with the app.
    pub fn new(gate_program: PathBuf, gate: GateId) -> Self {
        Self {
            gate_program,
            // This very program, also when another version was put in its place meanwhile.
            picture_program: PathBuf::from("/proc/self/exe"),
            gate,
            keyring: Arc::new(Keyring::new("default", ANSWER_WITHIN)),
            wanted: Wanted::KeyringElseFile,
            cost: Cost::STANDARD,
            idle: IDLE,
            clock: Arc::new(SystemClock),
        }
    }
}

/// Two clocks: one to date things, one to wait by.
pub trait Clock: Send + Sync {
    /// What the calendar says. It can be set, also backwards.
    fn now(&self) -> Timestamp;

    /// Time since some beginning. It never goes backwards, and goes on while the machine sleeps.
    fn monotonic(&self) -> Duration;

    /// The same, but it stands still while the machine sleeps.
    fn awake(&self) -> Duration;
}

/// The clocks of the operating system.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock before 1970 is at 0, where nothing is valid yet.
        Timestamp::from_seconds(std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs()))
    }

    fn monotonic(&self) -> Duration {
        // `CLOCK_MONOTONIC` stands still while the machine sleeps, and a key would stay unlocked.
        since(rustix::time::ClockId::Boottime)
    }

    fn awake(&self) -> Duration {
        since(rustix::time::ClockId::Monotonic)
    }
}

fn since(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}
