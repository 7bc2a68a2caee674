//! How often the app wakes up while nothing happens.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use countersign_sources::spool::{Kind, Writer};

use crate::Failed;
use crate::desk::{Desk, field};
use crate::figure::{Figure, Target};
use crate::say;

const WATCHED: Duration = Duration::from_secs(60);

/// After its start, until everything that a start brings has come.
const SETTLED: Duration = Duration::from_secs(15);

/// The app's own process, its window open and one proposal waiting; beside it, the gate.
pub(crate) fn measure(_scratch: &Path) -> Result<Vec<Figure>, Failed> {
    let mut desk = Desk::set_up()?;
    let sealed = desk.gate.propose("waits")?;
    let writer = Writer::open(&desk.layout.reviewer_box())?;
    writer.send(Kind::Proposal, &sealed.digest, &sealed.envelope)?;
    let app = desk.start("countersign-app")?;
    let gate = gate_process()?;
    say("idle: watching for a minute");
    thread::sleep(SETTLED);
    let begun = Instant::now();
    let (ours, gates) = (Watch::new(app.id()), Watch::new(gate));
    thread::sleep(WATCHED);
    let seconds = begun.elapsed().as_secs_f64();
    let (ours, gates) = (ours.since(), gates.since());
    let per_second = |count: u64| (count as f64 / seconds * 1000.0).round() / 1000.0;
    let threads: HashMap<String, f64> =
        ours.by_thread.iter().map(|(name, count)| (name.clone(), per_second(*count))).collect();
    Ok(vec![
        Figure::new("idle-wakeups", ours.wakeups as f64 / seconds, "per s", Target::AtMost(1.0), 60)
            .beside("by_thread", serde_json::to_value(threads)?)
            .beside("app_cpu_ms", ours.cpu_ms)
            .beside("gate_wakeups_per_s", per_second(gates.wakeups))
            .beside("gate_cpu_ms", gates.cpu_ms),
    ])
}

/// The gate that the set-up started: the only one that this process can see.
fn gate_process() -> Result<u32, Failed> {
    for folder in std::fs::read_dir("/proc")?.flatten() {
        let line = std::fs::read(folder.path().join("cmdline")).unwrap_or_default();
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        if words[0].ends_with(b"/countersign") && words.contains(&b"gate".as_slice()) {
            return Ok(folder.file_name().to_str().ok_or("it has no number")?.parse()?);
        }
    }
    Err("no gate runs".into())
}

/// What a process has done so far.
struct Watch {
    process: PathBuf,
    switches: HashMap<PathBuf, u64>,
    ticks: u64,
}

struct Done {
    wakeups: u64,
    by_thread: Vec<(String, u64)>,
    cpu_ms: u64,
}

impl Watch {
    fn new(process: u32) -> Self {
        let process = PathBuf::from(format!("/proc/{process}"));
        Self { switches: switches(&process), ticks: ticks(&process), process }
    }

    fn since(&self) -> Done {
        let mut by_thread: Vec<(String, u64)> = vec![];
        for (thread, count) in switches(&self.process) {
            let before = self.switches.get(&thread).copied().unwrap_or(0);
            let name = std::fs::read_to_string(thread.join("comm")).unwrap_or_default().trim().to_owned();
            if count > before {
                by_thread.push((name, count - before));
            }
        }
        let wakeups = by_thread.iter().map(|(_, count)| count).sum();
        // The kernel counts hundredths of a second.
        Done { wakeups, by_thread, cpu_ms: (ticks(&self.process) - self.ticks) * 10 }
    }
}

/// How often each thread gave up its processor to wait: each time it was woken before.
fn switches(process: &Path) -> HashMap<PathBuf, u64> {
    let threads = std::fs::read_dir(process.join("task")).into_iter().flatten().flatten();
    threads
        .filter_map(|it| Some((it.path(), field(&it.path().join("status"), "voluntary_ctxt_switches")?)))
        .collect()
}

fn ticks(process: &Path) -> u64 {
    let stat = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
    let rest = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    rest.split(' ').skip(11).take(2).filter_map(|it| it.parse::<u64>().ok()).sum()
}
