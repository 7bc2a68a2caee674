//! The keyring of the operating system, with an end to every wait.
//!
//! A keyring may show a prompt and answer when a person does, or never. So
//! one plain thread makes the calls, one at a time, and callers wait for it
//! no longer than a time-out. A call that runs out keeps the thread; later
//! calls hear [`Trouble::Busy`] at once, until the prompt is answered. Nobody
//! ever joins the thread, so the program can end at any time. It is a plain
//! thread also because D-Bus calls that block do not stand an async runtime
//! around them.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::{Error, SecretPlace, Slot, Trouble, entry};

/// How long a person has to answer a prompt of the keyring before we go on without.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// The keyring of the operating system, as a [`SecretPlace`].
pub struct Keyring {
    profile: String,
    timeout: Duration,
    worker: Mutex<Option<Worker>>,
}

struct Worker {
    jobs: Sender<Job>,
    /// The stage of the job that the thread is at.
    current: Arc<Mutex<Arc<Stage>>>,
}

type Answer = Result<Option<Zeroizing<String>>, Trouble>;

struct Job {
    request: Request,
    stage: Arc<Stage>,
    answer: SyncSender<Answer>,
}

enum Request {
    Read(Slot),
    Write(Slot, Zeroizing<String>),
    Delete(Slot),
    Look,
}

/// How far a job is; both sides move it, and only forwards.
#[derive(Default)]
struct Stage(AtomicU8);

const QUEUED: u8 = 0;
const RUNNING: u8 = 1;
/// Too late to call it off.
const CHANGING: u8 = 2;
/// Its caller has left.
const LEFT: u8 = 3;
const ENDED: u8 = 4;

impl Stage {
    fn step(&self, from: u8, to: u8) -> bool {
        self.0.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    fn is(&self, stage: u8) -> bool {
        self.0.load(Ordering::SeqCst) == stage
    }
}

impl Keyring {
    /// The items named `profile`; nothing is asked of the keyring yet.
    ///
    /// Two data folders of one user need two profiles.
    pub fn new(profile: &str, timeout: Duration) -> Self {
        Self { profile: profile.to_owned(), timeout, worker: Mutex::new(None) }
    }

    fn call(&self, request: Request) -> Answer {
        let stage = Arc::new(Stage::default());
        let answered = self.send(request, Arc::clone(&stage))?;
        match answered.recv_timeout(self.timeout) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Disconnected) => return Err(ended()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if stage.step(QUEUED, LEFT) {
            return Err(Trouble::Busy);
        }
        if stage.step(RUNNING, LEFT) {
            return Err(Trouble::NoAnswer(self.timeout.as_secs()));
        }
        // It is being changed, or the answer arrives just now.
        match answered.recv_timeout(self.timeout) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Disconnected) => Err(ended()),
            Err(RecvTimeoutError::Timeout) => {
                stage.step(CHANGING, LEFT);
                Err(Trouble::Unsure)
            }
        }
    }

    fn send(&self, request: Request, stage: Arc<Stage>) -> Result<Receiver<Answer>, Trouble> {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(worker) = &*worker
            && worker.current.lock().unwrap_or_else(PoisonError::into_inner).is(LEFT)
        {
            return Err(Trouble::Busy);
        }
        let (answer, answered) = sync_channel(1);
        let mut job = Job { request, stage, answer };
        // A thread that panicked is replaced, once.
        for _ in 0..2 {
            let running = match worker.take() {
                Some(running) => running,
                None => Worker::start(&self.profile)?,
            };
            match running.jobs.send(job) {
                Ok(()) => {
                    *worker = Some(running);
                    return Ok(answered);
                }
                Err(unsent) => job = unsent.0,
            }
        }
        Err(ended())
    }
}

impl Worker {
    fn start(profile: &str) -> Result<Self, Trouble> {
        let (jobs, todo) = channel();
        let current = Arc::new(Mutex::new(Arc::new(Stage::default())));
        let (profile, at) = (profile.to_owned(), Arc::clone(&current));
        // The handle is dropped on purpose: joining could last for ever.
        std::thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || work(&profile, &todo, &at))
            .map_err(|error| Trouble::Failed(error.to_string()))?;
        Ok(Self { jobs, current })
    }
}

fn work(profile: &str, todo: &Receiver<Job>, current: &Mutex<Arc<Stage>>) {
    for job in todo {
        if !job.stage.step(QUEUED, RUNNING) {
            continue;
        }
        *current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&job.stage);
        let ends = Ends(&job.stage);
        let answer = visit(profile, &job.request, &job.stage);
        drop(ends);
        // A caller who left does not hear it.
        let _ = job.answer.send(answer);
    }
}

/// Ends the job also when the visit panics: a dead thread must not look busy.
struct Ends<'s>(&'s Stage);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.0.store(ENDED, Ordering::SeqCst);
    }
}

fn visit(profile: &str, request: &Request, stage: &Stage) -> Answer {
    let may_change = || stage.step(RUNNING, CHANGING);
    match request {
        Request::Read(slot) => entry::read(profile, *slot),
        Request::Write(slot, text) => entry::write(profile, *slot, text, may_change).map(|()| None),
        Request::Delete(slot) => entry::delete(profile, *slot, may_change).map(|()| None),
        Request::Look => entry::look().map(|()| None),
    }
}

fn ended() -> Trouble {
    Trouble::Failed("the thread that talks to it ended".to_owned())
}

impl SecretPlace for Keyring {
    fn read(&self, slot: Slot) -> Result<Option<Zeroizing<String>>, Error> {
        Ok(self.call(Request::Read(slot))?)
    }

    fn write(&self, slot: Slot, text: &str) -> Result<(), Error> {
        self.call(Request::Write(slot, Zeroizing::new(text.to_owned())))?;
        Ok(())
    }

    fn delete(&self, slot: Slot) -> Result<(), Error> {
        self.call(Request::Delete(slot))?;
        Ok(())
    }

    fn look(&self) -> Result<(), Trouble> {
        self.call(Request::Look).map(drop)
    }
}
