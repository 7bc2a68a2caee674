//! Shows notifications, through whatever daemon the session has.
//!
//! At most one call waits for the daemon, for as long as it takes; meanwhile
//! notices are taken as before. A daemon that dies ends the call with an
//! error, and the bus says when one is there again. Clicks are signals of
//! the bus, so no thread waits for one. Of those that our own connection
//! hears, only the daemon's count.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use async_io::Timer;
use futures_lite::{FutureExt as _, future};
use notify_rust::{Hint, Notification, NotificationHandle, NotificationResponse, Timeout, Urgency};
use zbus::{Connection, Message};

use super::{Shared, bus};
use crate::notify::{Desk, Notice, Slot, Text};

const DAEMON: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

const NOBODY: &str =
    "Nothing on this desktop shows notifications. What is to be said waits for something that does.";
const REFUSED: &str = "The notification daemon refused the last notification. What it said waits.";

/// How long to wait before a daemon that is there, and did not take it, is asked again.
const SOON: Duration = Duration::from_secs(1);
const LATE: Duration = Duration::from_secs(60);

/// How much is kept of what is heard of notifications whose number is not known yet.
const EARLY: usize = 64;

/// A notification expired, was closed by the person, or was closed on demand (Desktop
/// Notifications Specification 1.2, `NotificationClosed`).
type Closed = (u32, u32);

type Call = Pin<Box<dyn Future<Output = Done>>>;

enum Done {
    Shown(Slot, Result<Box<NotificationHandle>, String>),
    Closed,
}

enum Step {
    Notice(Notice),
    NoApp,
    Bus(zbus::Result<Message>),
    Call(Done),
    Gone(u32, bool),
    Time,
}

/// What became of a notification: its number, and whether somebody clicked on it.
type Wait = Pin<Box<dyn Future<Output = (u32, bool)>>>;

/// A notification. Some daemons tell only the connection that showed it what becomes of it, and
/// some take it from the screen when the connection goes away that showed it first: of those by
/// which it was shown, the first and the last are kept.
struct OnScreen {
    id: u32,
    waits: Vec<Wait>,
}

/// Waits for what becomes of it.
fn wait(handle: Box<NotificationHandle>) -> Wait {
    let waits = async move {
        let id = handle.id();
        let mut click = None;
        handle
            .wait_for_action_async(|response| {
                click = Some(!matches!(response, NotificationResponse::Closed(_)));
            })
            .await;
        match click {
            Some(click) => (id, click),
            // Its connection ended; the bus says the rest.
            None => future::pending().await,
        }
    };
    // notify-rust panics when the bus goes away in the wrong moment.
    Box::pin(async move {
        match AssertUnwindSafe(waits).catch_unwind().await {
            Ok(gone) => gone,
            Err(_) => future::pending().await,
        }
    })
}

/// What one connection to the bus knows.
struct Screen<'a> {
    desk: &'a mut Desk,
    known: &'a Shared,
    bus: Connection,
    signals: bus::Signals,
    call: Option<Call>,
    handles: [Option<OnScreen>; 3],
    // Numbers of what is to go from the screen.
    close: Vec<u32>,
    // What was heard of notifications whose number is not known yet: the number, and whether it was a click.
    early: Vec<(u32, bool)>,
    // Until when the daemon is left alone, and for how long the next time.
    pause: Option<(Instant, Duration)>,
}

/// Shows what the desk has to say until the app ends.
pub(super) async fn run(mut desk: Desk, known: &Shared) {
    loop {
        match bus::soon(Screen::open(&mut desk, known)).await {
            Ok(mut screen) => {
                let done = screen.run().await;
                let shown = screen.on_screen();
                drop(screen);
                match done {
                    Ok(()) => return,
                    Err(error) => tracing::debug!(%error, "the session bus is gone"),
                }
                desk.lost(&shown);
            }
            Err(error) => tracing::debug!(%error, "there is no session bus"),
        }
        known.lock().not_shown = Some("There is no session bus to show notifications over.".to_owned());
        // Meanwhile what comes is kept.
        let until = Instant::now() + LATE / 6;
        while Instant::now() < until {
            let notice = async { desk.notices.recv().await.ok() };
            let late = async {
                Timer::at(until).await;
                Some(Notice::Look)
            };
            match future::or(notice, late).await {
                Some(notice) => desk.take(notice),
                None => return,
            }
            // Nobody is to wait for an answer that does not come.
            if let Some((Slot::Said, _)) = desk.due(Instant::now()) {
                desk.not_shown(Slot::Said, "there is no session bus");
            }
        }
    }
}

impl<'a> Screen<'a> {
    async fn open(desk: &'a mut Desk, known: &'a Shared) -> zbus::Result<Self> {
        // One without a time-out: a daemon takes as long as it takes.
        let (bus, asks) = (Connection::session().await?, bus::session().await?);
        let heard = |member| bus::signal(DAEMON, member).sender(DAEMON);
        let rules = vec![heard("ActionInvoked"), heard("NotificationClosed")];
        let signals = bus::listen(&bus, &asks, &[DAEMON], rules).await?;
        let there = signals.has_owner(DAEMON) || bus::can_be_started(&asks, DAEMON).await.unwrap_or(false);
        known.lock().not_shown = (!there).then(|| NOBODY.to_owned());
        let handles = Default::default();
        Ok(Self { desk, known, bus, signals, call: None, handles, close: vec![], early: vec![], pause: None })
    }

    /// Until the bus is gone; `Ok` when the app ends.
    async fn run(&mut self) -> zbus::Result<()> {
        loop {
            let now = Instant::now();
            for slot in self.desk.tick(now) {
                self.take_away(slot);
            }
            self.begin(now);
            match self.step(now).await {
                Step::Notice(notice) => {
                    self.desk.take(notice);
                    // Of many at once, one notification is made.
                    while let Ok(notice) = self.desk.notices.try_recv() {
                        self.desk.take(notice);
                    }
                }
                Step::NoApp => return Ok(()),
                Step::Bus(message) => self.heard(&message?),
                Step::Call(done) => self.done(done),
                Step::Gone(id, click) => self.gone(id, click),
                Step::Time => {}
            }
        }
    }

    /// Begins the next call to the daemon, unless one is under way.
    fn begin(&mut self, now: Instant) {
        if self.call.is_some() {
            return;
        }
        if let Some(id) = self.close.pop() {
            let bus = self.bus.clone();
            return self.call(async move {
                // One that is not there any more is what was wanted.
                let _ = bus.call_method(Some(DAEMON), PATH, Some(DAEMON), "CloseNotification", &id).await;
                Done::Closed
            });
        }
        if self.pause.is_some_and(|(until, _)| until > now) {
            return;
        }
        if let Some((slot, Duration::ZERO)) = self.desk.due(now)
            && let Some(text) = self.desk.text(slot)
        {
            self.desk.showing(slot, now);
            let notification = made(&text, self.handles[slot.index()].as_ref().map(|it| it.id));
            self.call(async move {
                Done::Shown(
                    slot,
                    notification.show_async().await.map(Box::new).map_err(|error| error.to_string()),
                )
            });
        }
    }

    fn call(&mut self, call: impl Future<Output = Done> + 'static) {
        self.known.lock().asked = Some(Instant::now());
        self.call = Some(Box::pin(call));
    }

    /// Waits for whatever comes first.
    async fn step(&mut self, now: Instant) -> Step {
        let due = self.desk.due(now).map(|(_, wait)| match self.pause {
            Some((until, _)) => wait.max(until.saturating_duration_since(now)),
            None => wait,
        });
        // While a call is under way, its end decides when the next is.
        let due = due.filter(|_| self.call.is_none());
        let wait = due.into_iter().chain(self.desk.wait(now)).min();
        let notices = &self.desk.notices;
        let (call, handles, signals) = (&mut self.call, &mut self.handles, &mut self.signals);
        let gone = future::poll_fn(|context| {
            for wait in handles.iter_mut().flatten().flat_map(|shown| &mut shown.waits) {
                if let Poll::Ready((id, click)) = wait.as_mut().poll(context) {
                    return Poll::Ready(Step::Gone(id, click));
                }
            }
            Poll::Pending
        });
        let notice = async { notices.recv().await.map_or(Step::NoApp, Step::Notice) };
        let message = async { Step::Bus(signals.next().await) };
        let call = async {
            match call {
                Some(call) => Step::Call(call.await),
                None => future::pending().await,
            }
        };
        let time = async {
            match wait {
                Some(wait) => Timer::after(wait).await,
                None => future::pending().await,
            };
            Step::Time
        };
        // What the bus says first: a click counts for what it was made on.
        future::or(message, future::or(gone, future::or(call, future::or(notice, time)))).await
    }

    fn done(&mut self, done: Done) {
        self.call = None;
        self.known.lock().asked = None;
        let early = std::mem::take(&mut self.early);
        match done {
            Done::Closed => {}
            Done::Shown(slot, Ok(handle)) => {
                self.pause = None;
                self.known.lock().not_shown = None;
                let id = handle.id();
                tracing::debug!(?slot, id, "a notification is on the screen");
                let mut waits = match self.handles[slot.index()].take() {
                    Some(before) if before.id == id => before.waits,
                    _ => vec![],
                };
                waits.truncate(1);
                waits.push(wait(handle));
                self.handles[slot.index()] = Some(OnScreen { id, waits });
                self.desk.shown(slot);
                early.into_iter().filter(|(of, _)| *of == id).for_each(|(of, click)| self.gone(of, click));
            }
            Done::Shown(slot, Err(why)) => {
                tracing::info!(why, "a notification was not shown; it waits");
                self.desk.not_shown(slot, &why);
                let there = self.signals.has_owner(DAEMON);
                let says = if there { REFUSED } else { NOBODY };
                self.known.lock().not_shown = Some(says.to_owned());
                let last =
                    self.pause.map_or(if there { SOON } else { LATE / 2 }, |(_, last)| (last * 2).min(LATE));
                self.pause = Some((Instant::now() + last, last));
            }
        }
    }

    fn heard(&mut self, message: &Message) {
        match bus::member(message).as_str() {
            "ActionInvoked" => {
                if let Ok((id, _)) = message.body().deserialize::<(u32, String)>() {
                    self.gone(id, true);
                }
            }
            "NotificationClosed" => {
                if let Ok((id, _)) = message.body().deserialize::<Closed>() {
                    self.gone(id, false);
                }
            }
            "NameOwnerChanged" => {
                let there = self.signals.has_owner(DAEMON);
                tracing::debug!(there, "the notification daemon changed");
                if bus::new_owner(message).is_some_and(|it| it.was) {
                    // Another daemon, or none: what was on the screen is not any more.
                    let shown = self.on_screen();
                    self.handles = Default::default();
                    self.desk.lost(&shown);
                }
                if there {
                    self.pause = None;
                    self.known.lock().not_shown = None;
                }
            }
            _ => {}
        }
    }

    /// A person clicked on it, or it left the screen.
    fn gone(&mut self, id: u32, click: bool) {
        tracing::debug!(id, click, ours = ?self.slot_of(id), "a notification left the screen");
        match self.slot_of(id) {
            Some(slot) if click => {
                self.desk.clicked(slot);
                // Not every daemon closes what was clicked on. Said again by another way, it is nobody's.
                self.take_away(slot);
            }
            Some(slot) => {
                self.handles[slot.index()] = None;
                self.desk.told(slot);
            }
            None if self.call.is_some() && self.early.len() < EARLY => self.early.push((id, click)),
            // Somebody else's.
            None => {}
        }
    }

    fn take_away(&mut self, slot: Slot) {
        self.close.extend(self.handles[slot.index()].take().map(|shown| shown.id));
    }

    fn slot_of(&self, id: u32) -> Option<Slot> {
        let is = |slot: &Slot| self.handles[slot.index()].as_ref().is_some_and(|it| it.id == id);
        Slot::ALL.into_iter().find(is)
    }

    fn on_screen(&self) -> Vec<Slot> {
        Slot::ALL.into_iter().filter(|slot| self.handles[slot.index()].is_some()).collect()
    }
}

fn made(text: &Text, replaces: Option<u32>) -> Notification {
    let mut made = Notification::new();
    made.appname("Countersign")
        .summary(&text.summary)
        .body(&text.body)
        .icon("countersign")
        .hint(Hint::DesktopEntry("app.countersign.desktop".to_owned()))
        .urgency(Urgency::Normal);
    if let Some(button) = text.button {
        made.action("default", button).action("review", button);
    }
    if text.stays {
        made.timeout(Timeout::Never);
    }
    if let Some(id) = replaces {
        made.id(id);
    }
    made
}
