//! From the start of the app to a queue that is drawn and answers, and the memory of it all, beside a bare window.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use countersign_reviewer::Reviewer;
use countersign_sources::spool::{Kind, Writer};
use serde_json::{Map, Value, json};

use crate::Failed;
use crate::app::options;
use crate::desk::{Desk, family, field, program};
use crate::figure::{Figure, Target};
use crate::sample::{median, milliseconds};
use crate::say;
use crate::screen::{Part, Screen, likeness};

/// Starts of each, in turns.
const TURNS: usize = 9;

/// Proposals that wait in the queue.
const WAITING: usize = 20;

/// A part of the window where the app has its queue and the bare one its page. Both fill the screen.
const PART: Part = (0, 100, 270, 300);

/// After it is usable, until everything that a start brings has come.
const SETTLED: Duration = Duration::from_secs(3);

/// As much of a picture is as it was at rest when all of it is drawn: a frame may be a shade off.
const DRAWN: f64 = 0.9995;

/// And as much at most once something in it answered: a row that is chosen has another edge.
const ANSWERED: f64 = 0.999;

/// One of the two windows.
struct Shown<'a> {
    desk: &'a Desk,
    screen: &'a Screen,
    name: &'static str,
    /// What it shows when it is at rest.
    rest: Vec<u8>,
}

/// What one start took.
struct Start {
    drawn: f64,
    usable: f64,
    pss: f64,
    parts: Vec<(String, f64)>,
}

/// Both figures, from the same starts.
pub(crate) fn measure(_scratch: &Path) -> Result<Vec<Figure>, Failed> {
    let mut desk = Desk::set_up()?;
    let writer = Writer::open(&desk.layout.reviewer_box())?;
    for _ in 0..WAITING {
        let sealed = desk.gate.propose("waits")?;
        writer.send(Kind::Proposal, &sealed.digest, &sealed.envelope)?;
    }
    let reviewer = Reviewer::start(desk.layout.clone(), options(program("countersign")?)?, |_| {})?;
    reviewer.look()?;
    drop(reviewer);
    let screen = Screen::of(&desk.desktop)?;
    let window = |name| Shown::new(&desk, &screen, name);
    let (app, bare) = (window("countersign-app")?, window("countersign-bench-bare")?);
    let (mut ours, mut bares) = (vec![], vec![]);
    for turn in 0..TURNS {
        say(&format!("start: turn {} of {TURNS}", turn + 1));
        // Not always in the same order.
        if turn % 2 == 0 {
            ours.push(app.start()?);
            bares.push(bare.start()?);
        } else {
            bares.push(bare.start()?);
            ours.push(app.start()?);
        }
    }
    let of = |starts: &[Start], what: fn(&Start) -> f64| median(&starts.iter().map(what).collect::<Vec<_>>());
    let drawn = of(&ours, |it| it.drawn).round();
    Ok(vec![
        Figure::new("start-usable", of(&ours, |it| it.usable), "ms", Target::RatioAtMost(1.5), TURNS)
            .peer("bare window", of(&bares, |it| it.usable))
            .beside("drawn_ms", drawn)
            .beside("bare_drawn_ms", of(&bares, |it| it.drawn).round()),
        Figure::new("start-pss", of(&ours, |it| it.pss), "MiB", Target::RatioAtMost(1.3), TURNS)
            .peer("bare window", of(&bares, |it| it.pss))
            .beside("processes", processes(&ours))
            .beside("bare_processes", processes(&bares)),
    ])
}

impl<'a> Shown<'a> {
    /// Starts it once to see what it shows when it is at rest.
    fn new(desk: &'a Desk, screen: &'a Screen, name: &'static str) -> Result<Self, Failed> {
        let process = desk.start(name)?;
        thread::sleep(Duration::from_secs(8));
        let rest = screen.pixels(PART)?;
        desk.desktop.picture(&crate::scratch()?.join(format!("{name}.png")));
        drop(process);
        let window = Self { desk, screen, name, rest };
        window.wait_gone()?;
        Ok(window)
    }

    /// Starts it, and ends it again.
    fn start(&self) -> Result<Start, Failed> {
        let begun = Instant::now();
        let process = self.desk.start(self.name)?;
        let (drawn, usable) = self.watch().map_err(|error| self.explain(&error))?;
        thread::sleep(SETTLED);
        let parts = memory(process.id());
        // As somebody who ends the session: all of it goes.
        drop(process);
        self.wait_gone()?;
        let pss = parts.iter().map(|(_, mib)| mib).sum();
        let since = |at: Instant| milliseconds(at.duration_since(begun));
        Ok(Start { drawn: since(drawn), usable: since(usable), pss, parts })
    }

    /// When its page is drawn, and when it answered a key.
    fn watch(&self) -> Result<(Instant, Instant), Failed> {
        let drawn = self
            .screen
            .wait("what it shows at rest", PART, |pixels| Ok(likeness(pixels, &self.rest) >= DRAWN))?;
        // The first key may come before somebody listens.
        let mut pressed: Option<Instant> = None;
        let usable = self.screen.wait("an answer to a key", PART, |pixels| {
            if likeness(pixels, &self.rest) < ANSWERED {
                return Ok(true);
            }
            if pressed.is_none_or(|at| at.elapsed() > Duration::from_millis(100)) {
                self.screen.press(b'j')?;
                pressed = Some(Instant::now());
            }
            Ok(false)
        })?;
        Ok((drawn, usable))
    }

    fn explain(&self, error: &Failed) -> Failed {
        let Ok(folder) = crate::scratch() else { return error.to_string().into() };
        let picture = folder.join(format!("{}-failed.png", self.name));
        self.desk.desktop.picture(&picture);
        let log = self.desk.desktop.log(self.name);
        let said = std::fs::read_to_string(log).unwrap_or_default();
        format!("{error}; the screen is in {}; {} said: {said}", picture.display(), self.name).into()
    }

    /// Until its window is no longer on the screen, and a little more for what it leaves behind.
    fn wait_gone(&self) -> Result<(), Failed> {
        let gone = |pixels: &[u8]| Ok(pixels.chunks(4).all(|pixel| pixel[..3] == pixels[..3]));
        self.screen.wait("that the window is gone", PART, gone)?;
        thread::sleep(Duration::from_millis(700));
        Ok(())
    }
}

/// The share of every process of the family in the memory of the machine, in MiB.
fn memory(root: u32) -> Vec<(String, f64)> {
    let one = |number: u32| {
        let folder = Path::new("/proc").join(number.to_string());
        let name = std::fs::read_to_string(folder.join("comm")).ok()?.trim().to_owned();
        Some((name, field(&folder.join("smaps_rollup"), "Pss")? as f64 / 1024.0))
    };
    family(root).into_iter().filter_map(one).collect()
}

/// The median of each process by its name.
fn processes(starts: &[Start]) -> Value {
    let mut all: Map<String, Value> = Map::new();
    for name in starts.iter().flat_map(|start| start.parts.iter().map(|(name, _)| name)) {
        if !all.contains_key(name) {
            let of =
                |start: &Start| start.parts.iter().filter(|(it, _)| it == name).map(|(_, mib)| mib).sum();
            let values: Vec<f64> = starts.iter().map(of).collect();
            all.insert(name.clone(), json!(median(&values).round()));
        }
    }
    all.into()
}
