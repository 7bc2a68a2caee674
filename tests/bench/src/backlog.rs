//! How fast the app takes in what arrived while it was closed.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use countersign_core::ack::Acknowledgement;
use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::json;
use countersign_sources::layout::Layout;
use countersign_sources::spool::{Arrival, Reader, Writer};

use crate::Failed;
use crate::app::{App, now};
use crate::figure::{Figure, Target};
use crate::gate::{Gate, leave};
use crate::sample::{median, milliseconds};
use crate::say;

const PROPOSALS: usize = 20_000;

/// Nothing takes ten times as long as it may.
const LIMIT: Duration = Duration::from_secs(200);

/// From the start of the app to the acknowledgement of the last one: all on the disk, acknowledged in batches.
pub(crate) fn measure(scratch: &Path) -> Result<Vec<Figure>, Failed> {
    let folder = tempfile::Builder::new().prefix("backlog").tempdir_in(scratch)?;
    let mut gate = Gate::new(now())?;
    let layout = Layout::at(folder.path());
    App::set_up(&layout, &gate)?;
    let fsync = fsync_latency(folder.path())?;
    say(&format!("backlog: leaving {PROPOSALS} proposals in the box"));
    let new = leave_all(&layout, &mut gate, PROPOSALS)?;
    let reader = Reader::open(&layout.gate_box(&gate.id))?;

    say("backlog: the app starts");
    let begun = Instant::now();
    let app = App::start(&layout)?;
    let (mut acknowledged, mut batches) = (0, 0);
    while acknowledged < PROPOSALS {
        for digests in acknowledgements(&reader)? {
            acknowledged += digests.len();
            batches += usize::from(!digests.is_empty());
        }
        if begun.elapsed() > LIMIT {
            return Err(format!("after {LIMIT:?} only {acknowledged} were acknowledged").into());
        }
        thread::sleep(Duration::from_millis(2));
    }
    let took = begun.elapsed();
    let left = std::fs::read_dir(&new)?.count();
    if acknowledged != PROPOSALS || left != 0 {
        return Err(format!("{acknowledged} acknowledged, {left} left in the box").into());
    }
    drop(app);
    #[expect(clippy::cast_precision_loss, reason = "20,000 is exact")]
    let rate = PROPOSALS as f64 / took.as_secs_f64();
    Ok(vec![
        Figure::new("backlog", rate, "proposals/s", Target::AtLeast(1000.0), PROPOSALS)
            .beside("seconds", took.as_secs_f64())
            .beside("batches", batches)
            .beside("fsync_ms", fsync)
            .beside("file_system", file_system(folder.path())?),
    ])
}

/// Puts `count` proposals of `gate` into the box of the app, which does not run.
pub(crate) fn leave_all(
    layout: &Layout,
    gate: &mut Gate,
    count: usize,
) -> Result<std::path::PathBuf, Failed> {
    Writer::open(&layout.reviewer_box())?;
    let new = layout.reviewer_box().join("new");
    for _ in 0..count {
        leave(&new, &gate.propose("")?)?;
    }
    // What is measured must not have to write what was left here.
    rustix::fs::sync();
    Ok(new)
}

/// What the app acknowledged since the last look, by batch.
pub(crate) fn acknowledgements(reader: &Reader) -> Result<Vec<Vec<Digest>>, Failed> {
    let mut batches = vec![];
    for arrival in reader.scan()? {
        let Arrival::Message { name, bytes, .. } = arrival else { continue };
        let envelope = Envelope::parse(&bytes)?;
        if let Ok(acknowledgement) = json::exactly::<Acknowledgement>(&envelope.payload) {
            batches.push(acknowledgement.digests);
        }
        reader.done(&name)?;
    }
    Ok(batches)
}

/// What one small write costs that waits for the disk, in milliseconds: the limit beside which a rate stands.
fn fsync_latency(folder: &Path) -> Result<f64, Failed> {
    use std::io::Write as _;
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times = vec![];
    for _ in 0..200 {
        let begun = Instant::now();
        file.write_all(&[1; 4096])?;
        file.sync_all()?;
        times.push(milliseconds(begun.elapsed()));
    }
    Ok((median(&times) * 1000.0).round() / 1000.0)
}

/// What kind of file system `folder` is on.
fn file_system(folder: &Path) -> Result<String, Failed> {
    let mounts = std::fs::read_to_string("/proc/mounts")?;
    let folder = folder.canonicalize()?;
    let under = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (at, kind) = (words.next()?, words.next()?);
        folder.starts_with(at).then(|| (at.len(), kind.to_owned()))
    });
    let found = under.max_by_key(|(length, _)| *length).ok_or("its file system is not known")?.1;
    if found == "tmpfs" {
        return Err("it would be measured on a tmpfs, where no write waits for a disk".into());
    }
    Ok(found)
}
