//! The page in the window: what it is to show when it listens, and what happens when its process ends.
//!
//! What is emitted before a page listens is lost, so what somebody wants to
//! see is kept here until the page asks for it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tauri::webview::PageLoadEvent;
use tauri::{AppHandle, Emitter as _, Manager as _, Runtime, WebviewWindow};

use crate::notify::Notifier;
use crate::opening;
use crate::window::MAIN;
use crate::wire::AppEvent;

/// A page whose process ends again within this time is not drawn anew: it would end again.
const AGAIN: Duration = Duration::from_secs(60);

/// What is known of the page.
#[derive(Default)]
pub(crate) struct Page(Mutex<Known>, Condvar);

#[derive(Default)]
struct Known {
    listens: bool,
    /// What it is to show first; the last that was wanted.
    wanted: Option<AppEvent>,
    /// When its process ended last.
    ended: Option<Instant>,
}

impl Page {
    /// It listens from now on. What it is to show first, if somebody wants something.
    pub(crate) fn listens(&self) -> Option<AppEvent> {
        let mut known = self.lock();
        known.listens = true;
        self.1.notify_all();
        known.wanted.take()
    }

    /// Waits until it listens, which is when it has what it shows first; at most for `time`.
    pub(crate) fn wait(&self, time: Duration) {
        drop(self.1.wait_timeout_while(self.lock(), time, |known| !known.listens));
    }

    /// It is loaded: it does not listen yet.
    pub(crate) fn loads(&self, event: PageLoadEvent) {
        if event == PageLoadEvent::Started {
            self.lock().listens = false;
        }
    }

    /// Its process ended; whether it ended a moment ago, too.
    fn ended(&self, now: Instant) -> bool {
        let mut known = self.lock();
        known.listens = false;
        let last = known.ended.replace(now);
        last.is_some_and(|last| now.duration_since(last) < AGAIN)
    }

    /// What is to be emitted now; else it is kept.
    fn want(&self, event: AppEvent) -> Option<AppEvent> {
        let mut known = self.lock();
        if known.listens {
            return Some(event);
        }
        known.wanted = Some(event);
        None
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the page, if it listens.
pub(crate) fn tell<R: Runtime>(app: &AppHandle<R>, event: &AppEvent) {
    let _ = app.emit_to(MAIN, "app", event);
}

/// Has the page show something, now or as soon as it can.
pub(crate) fn show(app: &AppHandle, event: AppEvent) {
    if let Some(event) = app.state::<Page>().want(event) {
        tell(app, &event);
    }
}

/// The process of the page ended, for whatever reason: it is drawn anew, once.
pub(crate) fn ended(window: &WebviewWindow) {
    let app = window.app_handle();
    // Before anything else: nothing is on the screen that could be signed.
    if let Some(reviewer) = opening::reviewer(app) {
        reviewer.nothing_shown();
    }
    let again = app.state::<Page>().ended(Instant::now());
    let drawn = !again && window.reload().is_ok();
    let (summary, body) = if drawn {
        (
            "The page was drawn anew",
            "The process that draws it ended. Nothing was signed by that; what you decided before is kept.",
        )
    } else {
        (
            "The page cannot be drawn",
            "The process that draws it ended again. Nothing was signed by that, and nothing is lost. Quit Countersign \
             and start it again.",
        )
    };
    tracing::error!(drawn, "the process of the page ended");
    app.state::<Notifier>().say(summary, body);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_is_wanted_before_the_page_listens_is_kept_and_given_once() {
        let page = Page::default();
        assert_eq!(page.want(AppEvent::ShowQueue), None);
        let item = AppEvent::OpenItem { digest: "d".to_owned() };
        assert_eq!(page.want(item.clone()), None);
        assert_eq!(page.listens(), Some(item), "the last that was wanted");
        assert_eq!(page.listens(), None);
        assert_eq!(page.want(AppEvent::ShowQueue), Some(AppEvent::ShowQueue));
        page.loads(PageLoadEvent::Finished);
        assert_eq!(page.want(AppEvent::ShowQueue), Some(AppEvent::ShowQueue));
        page.loads(PageLoadEvent::Started);
        assert_eq!(page.want(AppEvent::ShowQueue), None);
    }

    #[test]
    fn whoever_waits_for_the_page_goes_on_when_it_listens() {
        let page = Arc::new(Page::default());
        let waiting = page.clone();
        let waits = std::thread::spawn(move || {
            waiting.wait(Duration::from_secs(600));
            waiting.lock().listens
        });
        page.listens();
        assert!(waits.join().is_ok_and(|listens| listens));
    }

    #[test]
    fn a_page_that_ends_again_at_once_is_not_drawn_for_ever() {
        let page = Page::default();
        let begun = Instant::now();
        assert!(!page.ended(begun));
        assert!(page.ended(begun + AGAIN / 2));
        assert!(!page.ended(begun + AGAIN * 2));
        assert_eq!(page.want(AppEvent::ShowQueue), None, "it does not listen");
    }
}
