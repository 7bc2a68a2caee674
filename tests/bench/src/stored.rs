//! How fast the queue and the search are with a great many proposals stored.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use countersign_reviewer::{Reviewer, SectionId};
use countersign_sources::layout::Layout;
use countersign_sources::spool::Reader;
use serde_json::json;

use crate::Failed;
use crate::app::{App, now};
use crate::backlog::{acknowledgements, leave_all};
use crate::figure::{Figure, Target};
use crate::gate::Gate;
use crate::sample::{median, milliseconds, worst};
use crate::say;

const PROPOSALS: usize = 100_000;

/// At a time: no app is ever asked to take so many in at once.
const PORTION: usize = 20_000;

/// Times that each query and each page is asked for.
const TURNS: usize = 31;

/// What a store depends on: with another schema, or other proposals, it is made anew.
const SCHEMA: &str = include_str!("../../../crates/store/src/schema.rs");

/// Counts the forms of the proposals that are stored.
const FORM: u32 = 1;

/// What is searched for, and why that.
const QUERIES: [(&str, &str); 10] = [
    ("rare word", "77777"),
    ("common word", "deploy"),
    ("two words", "review incident"),
    ("beginning of a word", "certif"),
    ("part of a word", "igratio"),
    ("no hit", "aardvark"),
    // What an index of three letters together is worst at.
    ("two letters", "ti"),
    ("one letter", "y"),
    ("a common word and none", "deploy aardvark"),
    ("common pieces in no word", "ploydeplo"),
];

/// The first look at the queue, a page from its middle, and the slowest of several searches.
pub(crate) fn measure(scratch: &Path) -> Result<Vec<Figure>, Failed> {
    let folder = stored(scratch)?;
    let app = App::start(&Layout::at(&folder))?;
    wait_for_index(&app)?;
    let queue = app.queue()?;
    let after = middle(&app)?;
    // The searches as well: one that was slow must not have left the page slower.
    let (mut first, mut page) = (vec![], vec![]);
    let mut searches: Vec<Vec<f64>> = vec![vec![]; QUERIES.len()];
    let mut found = vec![0; QUERIES.len()];
    for turn in 0..TURNS {
        say(&format!("stored: turn {} of {TURNS}", turn + 1));
        first.push(timed(|| app.queue().map(drop))?);
        page.push(timed(|| app.queue_page(SectionId::Waiting, &after).map(drop))?);
        for (at, (_, words)) in QUERIES.iter().enumerate() {
            searches[at].push(timed(|| app.search(words, None).map(|it| found[at] = it.rows.len()))?);
        }
    }
    let medians: Vec<f64> = searches.iter().map(|times| median(times)).collect();
    let each: Vec<_> = QUERIES.iter().enumerate().map(|(at, (what, words))| {
        json!({ "query": what, "words": words, "rows": found[at], "median_ms": round(medians[at]), "worst_ms": round(worst(&searches[at])) })
    }).collect();
    let all: Vec<f64> = searches.concat();
    Ok(vec![
        Figure::new("queue-first", median(&first), "ms", Target::AtMost(20.0), TURNS)
            .beside("stored", PROPOSALS)
            .beside("waiting", queue.waiting.rows.len())
            .beside("worst_ms", round(worst(&first))),
        Figure::new("queue-page", median(&page), "ms", Target::AtMost(20.0), TURNS)
            .beside("stored", PROPOSALS)
            .beside("worst_ms", round(worst(&page))),
        Figure::new("search", worst(&medians), "ms", Target::AtMost(100.0), TURNS * QUERIES.len())
            .beside("stored", PROPOSALS)
            .beside("worst_ms", round(worst(&all)))
            .beside("queries", each),
    ])
}

/// What asks for the page in the middle of the longest section.
fn middle(app: &Reviewer) -> Result<String, Failed> {
    let mut after = app.queue()?.waiting.next.ok_or("the queue has one page only")?;
    for _ in 0..100 {
        match app.queue_page(SectionId::Waiting, &after)?.next {
            Some(next) => after = next,
            None => break,
        }
    }
    Ok(after)
}

fn timed(work: impl FnOnce() -> Result<(), countersign_reviewer::Error>) -> Result<f64, Failed> {
    let begun = Instant::now();
    work()?;
    Ok(milliseconds(begun.elapsed()))
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A folder with so many proposals stored, made once for each form of the store, through the real ingest.
fn stored(scratch: &Path) -> Result<PathBuf, Failed> {
    let form = Digest::of(format!("{SCHEMA}\n{PROPOSALS} {FORM}").as_bytes()).short();
    let folder = scratch.join(format!("stored-{form}"));
    // They expire, and are then no longer in the queue.
    let age = fs::metadata(folder.join("whole")).and_then(|it| it.modified()).map(|it| it.elapsed());
    if age.is_ok_and(|age| age.is_ok_and(|age| age < Duration::from_secs(5 * 24 * 3600))) {
        say(&format!("stored: {} is there from before", folder.display()));
        return Ok(folder);
    }
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let layout = Layout::at(&folder);
    let mut gate = Gate::new(now())?;
    App::set_up(&layout, &gate)?;
    let reader = Reader::open(&layout.gate_box(&gate.id))?;
    let mut kept = 0;
    while kept < PROPOSALS {
        leave_all(&layout, &mut gate, PORTION)?;
        let app = App::start(&layout)?;
        let until = kept + PORTION;
        let begun = Instant::now();
        while kept < until {
            kept += acknowledgements(&reader)?.iter().map(Vec::len).sum::<usize>();
            if begun.elapsed() > Duration::from_secs(300) {
                return Err(format!("after five minutes only {kept} were acknowledged").into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        say(&format!("stored: {kept} of {PROPOSALS}, {:.0} s", begun.elapsed().as_secs_f64()));
        wait_for_index(&app)?;
        drop(app);
        // Copies of what the store has.
        let cur = layout.reviewer_box().join("cur");
        fs::remove_dir_all(&cur)?;
    }
    fs::write(folder.join("whole"), "")?;
    Ok(folder)
}

/// A search says how much of what is stored it cannot find yet.
fn wait_for_index(app: &Reviewer) -> Result<(), Failed> {
    let begun = Instant::now();
    while app.search("aardvark", None)?.unindexed > 0 {
        if begun.elapsed() > Duration::from_secs(600) {
            return Err("after ten minutes the index is not whole".into());
        }
        thread::sleep(Duration::from_millis(100));
    }
    say(&format!("stored: the index is whole after {:.1} s more", begun.elapsed().as_secs_f64()));
    Ok(())
}
