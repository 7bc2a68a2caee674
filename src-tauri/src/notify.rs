//! Notifications: who wants to do what kind of thing, never its content.
//!
//! Nothing approves from here; "Review" opens the item in the window. A
//! daemon that is missing, slow or dying holds up nothing: each notification
//! has a thread of its own, and there are never more than a few.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign_core::digest::Digest;
use countersign_sheet::{Kind, Segment};
use notify_rust::{Notification, Urgency};
use tauri::AppHandle;

use crate::start;

/// Threads that wait for a click at the same time. Beyond it a proposal only appears in the queue.
const AT_ONCE: usize = 8;

/// Tells the desktop of arrivals.
pub(crate) struct Notifier {
    app: AppHandle,
    waiting: Arc<AtomicUsize>,
}

impl Notifier {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app, waiting: Arc::default() }
    }

    /// Says that a proposal arrived.
    pub(crate) fn arrived(&self, digest: Digest, agent: &[Segment], kind: Kind) {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= AT_ONCE {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            tracing::info!(%digest, "no notification: several wait for an answer already");
            return;
        }
        let summary = format!("{} wants to {}", plain(agent), verb(kind));
        let (app, waiting) = (self.app.clone(), self.waiting.clone());
        let spawned = std::thread::Builder::new().name("notification".into()).spawn(move || {
            show(&app, &summary, digest);
            waiting.fetch_sub(1, Ordering::Relaxed);
        });
        if let Err(cause) = spawned {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            tracing::warn!(%cause, "no notification: no thread to be had");
        }
    }
}

/// Shows it and waits for a click. A daemon that dies keeps this thread until the app ends.
fn show(app: &AppHandle, summary: &str, digest: Digest) {
    let shown = Notification::new()
        .appname("Countersign")
        .summary(summary)
        .body("Nothing happens until you sign. Open it to read what exactly it would do.")
        .icon("countersign")
        .urgency(Urgency::Normal)
        .action("default", "Review")
        .action("review", "Review")
        .show();
    match shown {
        Ok(handle) => handle.wait_for_action(|action| {
            if matches!(action, "default" | "review") {
                start::open_item(app, digest.to_string());
            }
        }),
        Err(cause) => tracing::warn!(%cause, "no notification: no daemon took it"),
    }
}

/// The agent's name in letters that cannot act: notification daemons read markup.
fn plain(agent: &[Segment]) -> String {
    let text: String = agent.iter().map(|segment| segment.display.as_str()).collect();
    let harmless: String = text.chars().map(|c| if matches!(c, '<' | '>' | '&') { '?' } else { c }).collect();
    harmless.chars().take(60).collect()
}

fn verb(kind: Kind) -> &'static str {
    match kind {
        Kind::Post => "post something",
        Kind::Change => "change something",
        Kind::Remove => "remove something",
        Kind::Access => "change who has access",
        Kind::Run => "run a program",
        Kind::Call => "call a tool",
        Kind::Several => "do several things",
    }
}
