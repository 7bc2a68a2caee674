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

/// Rows of the queue that are opened in each turn: first one that is beside nothing that was open, whose sheet
/// has to be made, and then the one after it, whose sheet was made meanwhile.
const OPENED: [(usize, usize); 3] = [(3, 4), (6, 7), (9, 10)];

/// Changes of 100,000 lines in the queue.
const CHANGES: u64 = 12;

/// Each begins with a start of the app, so that no sheet is at hand.
const TURNS: usize = 3;

/// What is not the person's turn: sheets are made ahead, and frames drawn.
const REST: Duration = Duration::from_secs(3);

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
let elements = 0;
return new Promise((done) => {
  const step = () => {
    frames.push(window.bench.spent);
    if (frames.length % 10 === 0) {
      most = Math.max(most, nodes());
      elements = Math.max(elements, document.getElementsByTagName("*").length);
    }
    if (frames.length > 400) return done({ frames: frames.slice(1), most, elements, drawn: document.querySelectorAll("[data-testid=row]").length, rows: scroller.scrollTop / 20 });
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

/// What waits, in the order of the queue.
const QUEUE: &str = r#"
const { sections } = await window.__TAURI_INTERNALS__.invoke("queue");
return sections.find((it) => it.id === "waiting").rows.map((row) => row.digest);
"#;

/// One that waits in the queue.
#[derive(Clone)]
struct Waiting {
    digest: String,
    name: String,
}

pub(crate) fn measure(_scratch: &Path) -> Result<Vec<Figure>, Failed> {
    let mut desk = Desk::set_up()?;
    let writer = Writer::open(&desk.layout.reviewer_box())?;
    say("sheet: changes of 100,000 lines arrive");
    let others = send(&mut desk, &writer, 0, &foreign())?;
    let mut sent = vec![others.clone()];
    for number in 1..=CHANGES {
        sent.push(send(&mut desk, &writer, number, &code_of(number + 10))?);
    }
    let window = open(&desk)?;
    until("all of it arrived", || (queue(&window).len() == sent.len()).then_some(()));
    window.close();
    let (mut made, mut ready) = (vec![], vec![]);
    let mut turn = 0;
    let (window, last) = loop {
        turn += 1;
        say(&format!("sheet: opens, turn {turn} of {TURNS}"));
        let window = open(&desk)?;
        window.part("document");
        thread::sleep(REST);
        let rows = queue(&window);
        let mut last = None;
        for (far, near) in OPENED {
            for (at, times) in [(far, &mut made), (near, &mut ready)] {
                let one = rows.get(at).and_then(|digest| sent.iter().find(|it| it.digest == *digest));
                let one = one.ok_or("the queue is not what was sent")?;
                let took = run(&window, OPEN, &json!([one.digest, one.name]));
                times.push(took.as_f64().ok_or("the page does not tell the time")?);
                last = Some(one.clone());
                thread::sleep(REST);
            }
        }
        if turn == TURNS {
            break (window, last.ok_or("nothing was opened")?);
        }
        window.close();
    };
    let mut figures = vec![
        Figure::new("sheet-open", median(&made), "ms", Target::AtMost(300.0), made.len())
            .beside("worst_ms", worst(&made).round()),
        Figure::new("sheet-open-ahead", median(&ready), "ms", Target::AtMost(300.0), ready.len())
            .beside("worst_ms", worst(&ready).round()),
    ];
    figures.extend(scrolled(&window, &last, &sent)?);
    for (name, of) in [("sheet-seek", &last), ("sheet-seek-others", &others)] {
        say(&format!("{name}: {SEARCHES} times each"));
        figures.push(sought(name, &window, of));
    }
    window.close();
    Ok(figures)
}

/// The bytes until the rows are on the screen, and what frames of scrolling take and draw.
fn scrolled(window: &Window, last: &Waiting, sent: &[Waiting]) -> Result<Vec<Figure>, Failed> {
    window.script(WATCH);
    // Another one and this one again: its sheet is at hand, its rows are not in the page any more.
    let rows = queue(window);
    let other = rows.get(OPENED[0].0).and_then(|digest| sent.iter().find(|it| it.digest == *digest));
    let other = other.ok_or("the queue is not what was sent")?;
    run(window, OPEN, &json!([other.digest, other.name]));
    thread::sleep(REST);
    window.script("Object.assign(window.bench, { bytes: 0, answers: 0 });");
    run(window, OPEN, &json!([last.digest, last.name]));
    thread::sleep(REST);
    let asked = window.script("return window.bench");
    let bytes = asked["bytes"].as_f64().filter(|bytes| *bytes > 0.0).ok_or("no answer was counted")?;
    say("sheet: scrolls");
    let scrolled = window.script(SCROLL);
    let frames: Vec<f64> = numbers(&scrolled["frames"]);
    let most = scrolled["most"].as_f64().unwrap_or(f64::NAN);
    Ok(vec![
        Figure::new("sheet-bytes", bytes, "bytes", Target::AtMost(1_048_576.0), 1)
            .beside("answers", asked["answers"].clone()),
        Figure::new("sheet-frame", percentile(&frames, 0.95), "ms", Target::AtMost(10.0), frames.len())
            .beside("median_ms", median(&frames))
            .beside("worst_ms", worst(&frames))
            .beside("rows", scrolled["rows"].clone()),
        Figure::new("sheet-nodes", most, "", Target::AtMost(1999.0), frames.len() / 10)
            .beside("elements", scrolled["elements"].clone())
            .beside("rows_in_page", scrolled["drawn"].clone()),
    ])
}

fn open(desk: &Desk) -> Result<Window, Failed> {
    let window = Window::open(&desk.desktop, &program("countersign-app")?, &[]);
    window.part("queue-row");
    Ok(window)
}

/// Sends a change that nobody reads yet.
fn send(desk: &mut Desk, writer: &Writer, number: u64, (before, after): &Pair) -> Result<Waiting, Failed> {
    let name = format!("src/long-{number}.rs");
    let sealed = desk.gate.propose_change(&name, before, after)?;
    for content in sealed.proposal.blobs() {
        let bytes = if content.is(before) { before } else { after };
        writer.put_blob(content.sha256(), bytes)?;
    }
    writer.send(Kind::Proposal, &sealed.digest, &sealed.envelope)?;
    Ok(Waiting { digest: sealed.digest.to_string(), name })
}

fn queue(window: &Window) -> Vec<String> {
    let rows = run(window, QUEUE, &Value::Null);
    rows.as_array().into_iter().flatten().filter_map(|it| Some(it.as_str()?.to_owned())).collect()
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
