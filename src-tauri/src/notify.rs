//! Notifications: who wants to do what kind of thing, never its content.
//!
//! Nothing approves from here; "Review" opens the item, or the queue. One
//! thread shows them, whatever the daemon does: what it does not show waits
//! and is shown as one when a daemon takes it. A person chooses how much is
//! said, and when nothing is.
//!
//! Here is what is to be said and when; how it gets onto a screen is the
//! platform's.

mod pile;
mod quiet;
mod words;

use std::sync::mpsc::{Receiver as Answer, Sender as Answerer, channel};
use std::time::{Duration, Instant};

use async_channel::{Receiver, Sender};
use countersign_core::digest::Digest;
use countersign_reviewer::Need;
use countersign_sheet::{Kind, Segment};
use jiff::Zoned;

use crate::wire::{NotifyLevel, Preferences};
use pile::{About, Item, Pile};
pub(crate) use words::Text;

/// What reaches the thread that shows.
pub(crate) enum Notice {
    Add {
        digest: Option<Digest>,
        about: About,
        serious: bool,
        slot: Slot,
    },
    Say {
        summary: String,
        body: String,
        answer: Option<Answerer<Result<(), String>>>,
    },
    /// A proposal came, went or changed its state; or what a person wants was changed; or it is
    /// another time than it was.
    Look,
}

/// There is at most one notification of each on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// What a person did just now.
    Said,
    /// What was approved and went wrong, or stopped.
    Trouble,
    Proposals,
}

impl Slot {
    pub(crate) const ALL: [Self; 3] = [Self::Said, Self::Trouble, Self::Proposals];

    pub(crate) fn index(self) -> usize {
        match self {
            Self::Said => 0,
            Self::Trouble => 1,
            Self::Proposals => 2,
        }
    }
}

/// What the rest of the app is asked, from the thread that shows.
pub(crate) trait Host: Send {
    fn preferences(&self) -> Preferences;
    /// The clock on the wall.
    fn now(&self) -> Zoned;
    /// Whether the proposal still waits for the person.
    fn waits(&self, digest: &Digest) -> bool;
    /// Whether a halt stands that was not signed here.
    fn halted(&self) -> bool;
    /// How many do, where that is known.
    fn waiting(&self) -> Option<u32>;
    /// Shows it in the window.
    fn open(&self, digest: Digest);
    /// Shows the queue in the window.
    fn open_queue(&self);
}

/// Tells the desktop of things. Never waits.
#[derive(Clone)]
pub(crate) struct Notifier(Sender<Notice>);

impl Notifier {
    /// A notifier, and the desk that its notices arrive at.
    pub(crate) fn new(host: Box<dyn Host>) -> (Self, Desk) {
        let (sender, receiver) = async_channel::unbounded();
        (Self(sender), Desk::new(receiver, host))
    }

    /// Says that a proposal arrived.
    pub(crate) fn arrived(&self, digest: Digest, agent: &[Segment], kind: Kind, serious: bool) {
        let about = About::Arrived { agent: words::name(agent), kind };
        self.send(Notice::Add { digest: Some(digest), about, serious, slot: Slot::Proposals });
    }

    /// Says that a snooze ended. A person asked for it, so it is said at every level but nothing.
    pub(crate) fn returned(&self, digest: Digest, agent: &[Segment], kind: Kind) {
        let about = About::Returned { agent: words::name(agent), kind };
        self.send(Notice::Add { digest: Some(digest), about, serious: true, slot: Slot::Proposals });
    }

    /// Says that something that was approved needs the person again.
    pub(crate) fn needs(&self, digest: Digest, why: Need) {
        let about = match why {
            Need::OutcomeUnknown => About::Unknown,
            Need::Failed => About::Failed,
        };
        self.send(Notice::Add { digest: Some(digest), about, serious: true, slot: Slot::Trouble });
    }

    /// Says that a gate is halted, and not from here.
    pub(crate) fn gate_halted(&self) {
        let about = About::GateHalted;
        self.send(Notice::Add { digest: None, about, serious: true, slot: Slot::Trouble });
    }

    /// Says something about the app itself, whatever the time and the level.
    pub(crate) fn say(&self, summary: impl Into<String>, body: impl Into<String>) {
        self.send(Notice::Say { summary: summary.into(), body: body.into(), answer: None });
    }

    /// As [`Notifier::say`]; what became of it comes over the channel.
    pub(crate) fn try_to_say(&self, summary: &str, body: &str) -> Answer<Result<(), String>> {
        let (answer, answered) = channel();
        self.send(Notice::Say { summary: summary.to_owned(), body: body.to_owned(), answer: Some(answer) });
        answered
    }

    /// Something changed that a notification may depend on.
    pub(crate) fn look(&self) {
        self.send(Notice::Look);
    }

    fn send(&self, notice: Notice) {
        // The thread ends with the app; what is said after it is said to nobody.
        let _ = self.0.try_send(notice);
    }
}

/// How often it is asked whether what is on the screen still waits.
const LOOK: Duration = Duration::from_millis(500);

/// How often the clock on the wall is looked at, where hours are quiet.
const MINUTE: Duration = Duration::from_secs(60);

/// What is to be said, and what is on the screen.
pub(crate) struct Desk {
    pub(crate) notices: Receiver<Notice>,
    host: Box<dyn Host>,
    piles: [Pile; 3],
    quiet: bool,
    look: Option<Instant>,
    looked: Option<Instant>,
    answers: Vec<Answerer<Result<(), String>>>,
}

impl Desk {
    fn new(notices: Receiver<Notice>, host: Box<dyn Host>) -> Self {
        let quiet = quiet::is_quiet(host.preferences().quiet.as_ref(), &host.now());
        Self { notices, host, piles: Default::default(), quiet, look: None, looked: None, answers: vec![] }
    }

    pub(crate) fn take(&mut self, notice: Notice) {
        match notice {
            Notice::Add { digest, about, serious, slot } => {
                let wanted = match self.host.preferences().notify {
                    NotifyLevel::Everything => true,
                    NotifyLevel::Serious => serious,
                    NotifyLevel::Nothing => false,
                };
                if wanted {
                    let pile = &mut self.piles[slot.index()];
                    pile.add(Item { digest, about });
                    // It may be one of them.
                    if pile.counts_others() {
                        self.take(Notice::Look);
                    }
                }
            }
            Notice::Say { summary, body, answer } => {
                let about = About::Said { summary, body };
                self.piles[Slot::Said.index()].replace(Item { digest: None, about });
                self.answers.extend(answer);
            }
            Notice::Look => {
                let soon = self.looked.map_or_else(Instant::now, |it| it + LOOK);
                self.look.get_or_insert(soon);
            }
        }
    }

    /// What is to be done now: slots whose notification is to go from the screen.
    pub(crate) fn tick(&mut self, now: Instant) -> Vec<Slot> {
        let mut close = self.turn_of_hours();
        if self.look.is_some_and(|at| at <= now) {
            self.look = None;
            self.looked = Some(now);
            if self.host.preferences().notify == NotifyLevel::Nothing {
                self.piles[Slot::Trouble.index()].clear();
                self.piles[Slot::Proposals.index()].clear();
                close.extend([Slot::Trouble, Slot::Proposals]);
            }
            if self.nothing_waits() {
                close.push(Slot::Proposals);
            }
            let trouble = &mut self.piles[Slot::Trouble.index()];
            let halts = trouble.items().iter().any(|it| it.about == About::GateHalted);
            if halts && !self.host.halted() {
                trouble.prune(|it| it.about == About::GateHalted);
                // Nobody can say it of those that are only counted, so the known ones stand for them.
                if trouble.items().is_empty() {
                    trouble.clear();
                    close.push(Slot::Trouble);
                }
            }
        }
        close
    }

    /// Takes out what does not wait any more. Whether there is nothing left.
    fn nothing_waits(&mut self) -> bool {
        let (host, pile) = (&self.host, &mut self.piles[Slot::Proposals.index()]);
        pile.prune(|it| it.digest.is_some_and(|digest| !host.waits(&digest)));
        // Nobody can say it of those that are only counted: there are no more of them than wait.
        if pile.counts_others()
            && let Some(waiting) = host.waiting()
        {
            pile.recount(waiting.min(pile.count()));
        }
        pile.count() == 0
    }

    /// At the end of the quiet hours, what still waits is said as one.
    fn turn_of_hours(&mut self) -> Vec<Slot> {
        let wanted = self.host.preferences();
        let quiet = quiet::is_quiet(wanted.quiet.as_ref(), &self.host.now());
        let ended = std::mem::replace(&mut self.quiet, quiet) && !quiet;
        if !ended || wanted.notify != NotifyLevel::Everything {
            return vec![];
        }
        self.nothing_waits();
        // Those that wait since before have no names here.
        let pile = &mut self.piles[Slot::Proposals.index()];
        if let Some(waiting) = self.host.waiting() {
            pile.recount(waiting);
        }
        if pile.count() == 0 { vec![Slot::Proposals] } else { vec![] }
    }

    /// The next notification to show, and in how long.
    pub(crate) fn due(&self, now: Instant) -> Option<(Slot, Duration)> {
        let may = |slot: &Slot| *slot == Slot::Said || !self.quiet;
        let due = |slot: Slot| Some((slot, self.piles[slot.index()].due(now)?));
        Slot::ALL.into_iter().filter(may).filter_map(due).min_by_key(|(_, wait)| *wait)
    }

    /// In how long there is something to do besides; `None` when only a notice can bring it.
    pub(crate) fn wait(&self, now: Instant) -> Option<Duration> {
        let look = self.look.map(|at| at.saturating_duration_since(now));
        let minute = self.host.preferences().quiet.map(|_| MINUTE);
        look.into_iter().chain(minute).min()
    }

    /// What the notification in `slot` says now.
    pub(crate) fn text(&self, slot: Slot) -> Option<Text> {
        words::text(&self.piles[slot.index()], slot, self.host.preferences().notify_names)
    }

    pub(crate) fn showing(&mut self, slot: Slot, now: Instant) {
        self.piles[slot.index()].showing(now);
    }

    /// The daemon took it.
    pub(crate) fn shown(&mut self, slot: Slot) {
        if slot == Slot::Said {
            self.answer(&Ok(()));
        }
    }

    /// The daemon did not take it: it waits. What a person asks to try does not.
    pub(crate) fn not_shown(&mut self, slot: Slot, why: &str) {
        self.piles[slot.index()].not_shown();
        if slot == Slot::Said {
            if !self.answers.is_empty() {
                self.piles[slot.index()].clear();
            }
            self.answer(&Err(why.to_owned()));
        }
    }

    fn answer(&mut self, answer: &Result<(), String>) {
        for asked in self.answers.drain(..) {
            // Who asked may have given up.
            let _ = asked.send(answer.clone());
        }
    }

    /// A person closed it, or its time on the screen ran out.
    pub(crate) fn told(&mut self, slot: Slot) {
        self.piles[slot.index()].told();
    }

    /// A person clicked on it.
    pub(crate) fn clicked(&mut self, slot: Slot) {
        let pile = &self.piles[slot.index()];
        match (pile.count(), pile.items()) {
            (1, [Item { digest: Some(digest), .. }]) => self.host.open(*digest),
            _ if slot == Slot::Said => {}
            _ => self.host.open_queue(),
        }
        self.told(slot);
    }

    /// The daemon is gone with what it showed. What only said something was said.
    pub(crate) fn lost(&mut self, on_screen: &[Slot]) {
        for slot in on_screen {
            match slot {
                Slot::Said => self.told(*slot),
                Slot::Trouble | Slot::Proposals => self.piles[slot.index()].lost(),
            }
        }
        self.take(Notice::Look);
    }
}

#[cfg(test)]
mod tests;
