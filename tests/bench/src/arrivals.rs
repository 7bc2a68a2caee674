//! From the rename of a message in the spool to the notification on the bus and to the row on the screen.

use std::collections::HashMap;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign_core::digest::Digest;
use countersign_sources::spool::{Kind, Writer};
use countersign_tests::Window;
use serde_json::Value;

use crate::Failed;
use crate::daemon::Daemon;
use crate::desk::{Desk, program};
use crate::figure::{Figure, Target};
use crate::sample::{median, milliseconds, percentile, worst};
use crate::say;

const ARRIVALS: usize = 500;

/// Some before those that count, so that what happens once has happened.
const WARM_UP: usize = 10;

/// From one arrival to the next: each is single.
const APART: Duration = Duration::from_millis(350);

/// What never comes is a failure and not a time.
const LIMIT: Duration = Duration::from_secs(10);

/// Notes for every row when the second frame after its insertion begins, on the calendar's clock.
const OBSERVE: &str = r#"
window.benchRows = {};
const note = (digest) => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.benchRows[digest] ??= performance.timeOrigin + performance.now();
}));
const look = (node) => {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  const rows = [node, ...node.querySelectorAll("[data-testid=queue-row]")];
  for (const row of rows) if (row.dataset?.testid === "queue-row") note(row.dataset.digest);
};
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") look(change.target);
    else change.addedNodes.forEach(look);
  }
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-digest"] });
return performance.timeOrigin + performance.now() - Date.now();
"#;

struct Sent {
    digest: Digest,
    at: SystemTime,
    notified: Duration,
}

/// Single arrivals, one after another, in the real window.
pub(crate) fn measure(_scratch: &Path) -> Result<Vec<Figure>, Failed> {
    let mut desk = Desk::set_up()?;
    let daemon = Daemon::instead(&desk.desktop)?;
    let window = Window::open(&desk.desktop, &program("countersign-app")?, &[]);
    window.part("nothing-waits");
    let skew = window.script(OBSERVE).as_f64().ok_or("the page does not tell the time")?;
    let writer = Writer::open(&desk.layout.reviewer_box())?;
    let mut sent = vec![];
    for number in 0..WARM_UP + ARRIVALS {
        if number % 50 == 0 {
            say(&format!("arrivals: {number} of {}", WARM_UP + ARRIVALS));
        }
        let begun = Instant::now();
        sent.push(one(&mut desk, &daemon, &writer)?);
        thread::sleep(APART.saturating_sub(begun.elapsed()));
    }
    let rows = window.script("return window.benchRows");
    let counted = sent.get(WARM_UP..).unwrap_or_default();
    let notified: Vec<f64> = counted.iter().map(|it| milliseconds(it.notified)).collect();
    let shown = rows_shown(counted, &rows)?;
    window.close();
    let figure = |name, times: &[f64], most| {
        Figure::new(name, percentile(times, 0.99), "ms", Target::AtMost(most), times.len())
            .beside("median_ms", median(times).round())
            .beside("worst_ms", worst(times).round())
            .beside("apart_ms", u64::try_from(APART.as_millis()).unwrap_or(0))
    };
    Ok(vec![
        figure("arrival-notification", &notified, 150.0),
        figure("arrival-row", &shown, 300.0).beside("clock_skew_ms", (skew * 100.0).round() / 100.0),
    ])
}

/// Sends one and closes its notification, as a person does who saw it.
fn one(desk: &mut Desk, daemon: &Daemon, writer: &Writer) -> Result<Sent, Failed> {
    let sealed = desk.gate.propose("arrives alone")?;
    // Taken before the message is written: its way to the disk, which comes before the rename, counts too.
    let at = SystemTime::now();
    writer.send(Kind::Proposal, &sealed.digest, &sealed.envelope)?;
    let told = daemon.told.recv_timeout(LIMIT).map_err(|_| "no notification came")?;
    let notified = told.at.duration_since(at)?;
    thread::sleep(Duration::from_millis(150));
    daemon.close(told.id)?;
    // A second one for the same arrival would be taken for that of the next.
    if let Ok(again) = daemon.told.try_recv() {
        return Err(format!("a notification came twice: {again:?}").into());
    }
    Ok(Sent { digest: sealed.digest, at, notified })
}

/// From being sent to the second frame, for each.
fn rows_shown(sent: &[Sent], rows: &Value) -> Result<Vec<f64>, Failed> {
    let rows: HashMap<&str, f64> = rows
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(digest, at)| Some((digest.as_str(), at.as_f64()?)))
        .collect();
    let mut times = vec![];
    for it in sent {
        let at = rows.get(it.digest.to_string().as_str()).ok_or("a row never came onto the screen")?;
        times.push(at - milliseconds(it.at.duration_since(UNIX_EPOCH)?));
    }
    Ok(times)
}
