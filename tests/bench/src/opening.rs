//! A long change in the real window: until its first rows are on the screen, each frame of scrolling, a search.

use std::path::Path;
use std::thread;
use std::time::Duration;

use countersign_sources::spool::{Kind, Writer};
use countersign_tests::Window;
use countersign_tests::until;
use serde_json::{Value, json};

use crate::Failed;
use crate::desk::{Desk, program};
use crate::figure::{Figure, Target};
use crate::sample::{median, percentile, worst};
use crate::say;
use crate::texts::{Pair, code_of, foreign};

/// Changes that are opened one after the other; each is another, so that no sheet is at hand.
const TURNS: usize = 5;

/// Some before those that count.
const WARM_UP: usize = 1;

/// Times that each text is sought.
const SEARCHES: usize = 7;

/// Texts to be sought: a word, one with a capital, letters that are everywhere, none, and such beyond ASCII.
const SOUGHT: [&str; 7] = ["offset", "Some", "return Some(m", "e", "nowhere", "größer", "日本"];

/// Clicks on a row of the queue, and waits for the second frame that has rows of its sheet: the first one is then
/// on the screen.
const OPEN: &str = r#"
const [digest, name] = ARGUMENTS;
const there = () => {
  const documents = [...document.querySelectorAll("[data-testid=document]")];
  const one = documents.find((it) => it.getAttribute("aria-label").includes(name));
  return one && one.querySelectorAll("[data-testid=row]").length > 9;
};
return new Promise((done) => {
  const row = document.querySelector(`[data-testid=queue-row][data-digest="${digest}"]`);
  const begun = performance.now();
  row.click();
  const look = () => {
    if (there()) requestAnimationFrame(() => done(performance.now() - begun));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
"#;

/// Counts from here on the bytes of every answer, and the time that a frame's callbacks and what an answer brings
/// about take, with the layout that comes of it.
const WATCH: &str = r#"
window.bench = { bytes: 0, answers: 0, spent: 0 };
const frame = window.requestAnimationFrame.bind(window);
const ask = window.fetch.bind(window);
// What was asked for is done in microtasks, which take turns with these.
const settle = async (begun) => {
  for (let turn = 0; turn < 60; turn += 1) await null;
  void document.body.offsetHeight;
  window.bench.spent += performance.now() - begun;
};
window.requestAnimationFrame = (work) => frame((now) => {
  const begun = performance.now();
  work(now);
  void settle(begun);
});
window.fetch = async (...what) => {
  const answer = await ask(...what);
  const bytes = await answer.arrayBuffer();
  window.bench.bytes += bytes.byteLength;
  window.bench.answers += 1;
  const { status, statusText, headers } = answer;
  const taken = (of) => async () => {
    void settle(performance.now());
    return of();
  };
  const text = () => new TextDecoder().decode(bytes);
  const made = new Response(null, { status, statusText, headers });
  return Object.assign(made, { arrayBuffer: taken(() => bytes), text: taken(text), json: taken(() => JSON.parse(text())) });
};
window.bench.frame = frame;
"#;

/// Scrolls by twelve rows in each frame.
const SCROLL: &str = r#"
const scroller = document.querySelector(".scroller");
const nodes = () => {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
  let count = 1;
  while (walker.nextNode()) count += 1;
  return count;
};
const frames = [];
let most = 0;
return new Promise((done) => {
  const step = () => {
    frames.push(window.bench.spent);
    if (frames.length % 10 === 0) most = Math.max(most, nodes());
    if (frames.length > 400) return done({ frames: frames.slice(1), most, rows: scroller.scrollTop / 20 });
    const begun = performance.now();
    scroller.scrollTop += 240;
    void document.body.offsetHeight;
    window.bench.spent = performance.now() - begun;
    window.bench.frame(step);
  };
  window.bench.spent = 0;
  window.bench.frame(step);
});
"#;

/// Has the window's own command look for a text through a whole sheet, and for another one before each time: the
/// last one is kept.
const SEEK: &str = r#"
const [digest, text, turns] = ARGUMENTS;
const invoke = window.__TAURI_INTERNALS__.invoke;
const { sheet } = await invoke("open", { digest });
const seek = (text) => invoke("seek", { sheet: sheet.digest, text, from: { kind: "row", document: 0, row: 0 } });
const times = [];
let hits = 0;
for (let turn = 0; turn < turns; turn += 1) {
  await seek("something else");
  const begun = performance.now();
  hits = (await seek(text)).total;
  times.push(performance.now() - begun);
}
return { times, hits, rows: sheet.rows };
"#;

/// One that waits in the queue.
struct Waiting {
    digest: String,
    name: String,
}

pub(crate) fn measure(_scratch: &Path) -> Result<Vec<Figure>, Failed> {
    let mut desk = Desk::set_up()?;
    let writer = Writer::open(&desk.layout.reviewer_box())?;
    let window = Window::open(&desk.desktop, &program("countersign-app")?, &[]);
    window.part("nothing-waits");
    // What arrives while nothing is open is opened.
    let first = desk.gate.propose("is open already")?;
    writer.send(Kind::Proposal, &first.digest, &first.envelope)?;
    window.part("document");
    say("sheet: changes of 100,000 lines arrive");
    let mut waiting = vec![];
    for turn in 0..WARM_UP + TURNS {
        waiting.push(arrive(&mut desk, &writer, &window, turn, &code_of(turn as u64 + 10))?);
    }
    let others = arrive(&mut desk, &writer, &window, waiting.len(), &foreign())?;
    // Whatever is done with what arrived has been done.
    thread::sleep(Duration::from_secs(5));
    let mut opened = vec![];
    for (turn, one) in waiting.iter().enumerate() {
        say(&format!("sheet: opens {} of {}", turn + 1, waiting.len()));
        let took = run(&window, OPEN, &json!([one.digest, one.name]));
        opened.push(took.as_f64().ok_or("the page does not tell the time")?);
        thread::sleep(Duration::from_secs(1));
    }
    // The first of all again, as if for the first time: its sheet is at hand, its rows are not in the page.
    window.script(WATCH);
    let (Some(again), Some(last)) = (waiting.first(), waiting.last()) else { return Err("none".into()) };
    run(&window, OPEN, &json!([again.digest, again.name]));
    thread::sleep(Duration::from_secs(2));
    let asked = window.script("return window.bench");
    let bytes = asked["bytes"].as_f64().filter(|bytes| *bytes > 0.0).ok_or("no answer was counted")?;
    say("sheet: scrolls");
    let scrolled = window.script(SCROLL);
    let frames: Vec<f64> = numbers(&scrolled["frames"]);
    let counted = opened.get(WARM_UP..).unwrap_or_default();
    let mut figures = vec![
        Figure::new("sheet-open", median(counted), "ms", Target::AtMost(300.0), counted.len())
            .beside("worst_ms", worst(counted).round()),
        Figure::new("sheet-bytes", bytes, "bytes", Target::AtMost(1_048_576.0), 1)
            .beside("answers", asked["answers"].clone()),
        Figure::new("sheet-frame", percentile(&frames, 0.95), "ms", Target::AtMost(10.0), frames.len())
            .beside("median_ms", median(&frames))
            .beside("worst_ms", worst(&frames))
            .beside("rows", scrolled["rows"].clone()),
        Figure::new(
            "sheet-nodes",
            scrolled["most"].as_f64().unwrap_or(f64::NAN),
            "",
            Target::AtMost(1999.0),
            40,
        ),
    ];
    for (name, of) in [("sheet-seek", last), ("sheet-seek-others", &others)] {
        say(&format!("{name}: {SEARCHES} times each"));
        figures.push(sought(name, &window, of));
    }
    window.close();
    Ok(figures)
}

/// Sends a change and waits until the queue has it.
fn arrive(
    desk: &mut Desk,
    writer: &Writer,
    window: &Window,
    number: usize,
    (before, after): &Pair,
) -> Result<Waiting, Failed> {
    let name = format!("src/long-{number}.rs");
    let sealed = desk.gate.propose_change(&name, before, after)?;
    for content in sealed.proposal.blobs() {
        let bytes = if content.is(before) { before } else { after };
        writer.put_blob(content.sha256(), bytes)?;
    }
    writer.send(Kind::Proposal, &sealed.digest, &sealed.envelope)?;
    let digest = sealed.digest.to_string();
    let row = format!("[data-testid=queue-row][data-digest=\"{digest}\"]");
    until("it is in the queue", || (!window.all(&row).is_empty()).then_some(()));
    Ok(Waiting { digest, name })
}

/// Runs a script that begins with its arguments.
fn run(window: &Window, script: &str, arguments: &Value) -> Value {
    let script = script.replace("ARGUMENTS", &arguments.to_string());
    window.script(&format!("return (async () => {{ {script} }})();"))
}

/// The slowest of the texts, each by the median of its times.
fn sought(name: &'static str, window: &Window, of: &Waiting) -> Figure {
    let (mut medians, mut each, mut rows) = (vec![], vec![], Value::Null);
    for text in SOUGHT {
        let found = run(window, SEEK, &json!([of.digest, text, SEARCHES]));
        let times = numbers(&found["times"]);
        medians.push(median(&times));
        each.push(json!({
            "text": text, "hits": found["hits"], "median_ms": median(&times), "worst_ms": worst(&times),
        }));
        rows = found["rows"].clone();
    }
    Figure::new(name, worst(&medians), "ms", Target::AtMost(100.0), medians.len() * SEARCHES)
        .beside("rows", rows)
        .beside("texts", each)
}

fn numbers(of: &Value) -> Vec<f64> {
    of.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}
