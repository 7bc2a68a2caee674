//! Clicks and types in the real window, through WebKit's own driver.
//!
//! W3C WebDriver over HTTP on loopback, only what the tests use. Parts of
//! the page are named by their `data-testid`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::desktop::Desktop;
use crate::process::Process;
use crate::programs;
use crate::until::{until, until_so};

/// What WebDriver calls the reference of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys without a character of their own.
pub mod key {
    /// Return.
    pub const ENTER: &str = "\u{e007}";
    /// Escape.
    pub const ESCAPE: &str = "\u{e00c}";
    /// Control.
    pub const CONTROL: &str = "\u{e009}";
    /// Tab.
    pub const TAB: &str = "\u{e004}";
    /// Page down.
    pub const PAGE_DOWN: &str = "\u{e00f}";
    /// Arrow down.
    pub const DOWN: &str = "\u{e015}";
    /// Arrow up.
    pub const UP: &str = "\u{e013}";
}

/// A program with a web view, driven from outside. Dropping it ends the program.
pub struct Window {
    session: String,
    http: ureq::Agent,
    driver: Process,
    // Takes a picture of the screen, for when a test fails.
    last_look: Command,
}

/// Has frames drawn by what nobody can see, for as long as it is there.
const MOVES: &str = "
const it = document.createElement('i');
it.id = 'moves';
it.style = 'position:fixed;left:0;top:0;width:1px;height:1px;pointer-events:none;opacity:0.004';
document.body.append(it);
(function move() {
  it.style.backgroundColor = it.style.backgroundColor === 'gray' ? 'silver' : 'gray';
  if (it.isConnected) requestAnimationFrame(move);
})();
";

impl Window {
    /// Starts `program` in `desktop` and waits until its page is there.
    #[track_caller]
    pub fn open(desktop: &Desktop, program: &Path, args: &[&str]) -> Self {
        // Free, because the test has loopback to itself; still, a second window needs a second port.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = desktop.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = desktop.start_command("window", &mut command);
        let http: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .proxy(None)
            .build()
            .into();
        let base = format!("http://127.0.0.1:{port}");
        until_so("the driver answers", || http.get(format!("{base}/status")).call().is_ok());
        let mut last_look = desktop.command("import");
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let picture = programs::target().join("pictures").join(format!("failed-{test}.png"));
        last_look.args(["-window", "root"]).arg(picture);
        let mut window = Self { session: base.clone(), http, driver, last_look };
        let wanted = json!({ "binary": program.to_string_lossy(), "args": args });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": wanted } } });
        let made =
            window.ask("POST", "/session", &wanted).unwrap_or_else(|error| panic!("no window: {error}"));
        window.session = format!("{base}/session/{}", made["sessionId"].as_str().unwrap());
        window
    }

    /// Waits for the part `name`.
    #[track_caller]
    pub fn part(&self, name: &str) -> Element<'_> {
        self.css(&testid(name))
    }

    /// Waits for the first element that `css` selects.
    #[track_caller]
    pub fn css(&self, css: &str) -> Element<'_> {
        until(&format!("the page has {css}"), || self.all(css).into_iter().next())
    }

    /// Waits for the element of name `part` whose text contains `text`.
    #[track_caller]
    pub fn part_saying(&self, part: &str, text: &str) -> Element<'_> {
        until(&format!("{part} says {text:?}"), || {
            self.all(&testid(part))
                .into_iter()
                .find(|it| it.try_text().is_some_and(|said| said.contains(text)))
        })
    }

    /// Whether there is such a part now.
    pub fn has(&self, name: &str) -> bool {
        !self.all(&testid(name)).is_empty()
    }

    /// Every part of this name, now.
    pub fn parts(&self, name: &str) -> Vec<Element<'_>> {
        self.all(&testid(name))
    }

    /// Every element that `css` selects, now.
    pub fn all(&self, css: &str) -> Vec<Element<'_>> {
        let found = self.ask("POST", "/elements", &json!({ "using": "css selector", "value": css }));
        let found = found.unwrap_or_default();
        let ids = found.as_array().into_iter().flatten().filter_map(|it| it[ELEMENT].as_str());
        ids.map(|id| Element { window: self, id: id.to_owned() }).collect()
    }

    /// All text of the page, as a person could read it.
    pub fn text(&self) -> String {
        self.css("body").text()
    }

    /// Waits until the page says `text`.
    #[track_caller]
    pub fn wait_for_text(&self, text: &str) {
        let page = || self.all("body").first().and_then(Element::try_text).unwrap_or_default();
        let begun = std::time::Instant::now();
        while !page().contains(text) {
            let waited = begun.elapsed() < Duration::from_secs(60);
            assert!(waited, "the page never says {text:?}; it says:\n{}", page());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Goes to another address, and waits until its page is loaded.
    #[track_caller]
    pub fn go(&self, url: &str) {
        self.must("POST", "/url", &json!({ "url": url }));
    }

    /// Gives the window this size, frame and bars included, in CSS pixels.
    #[track_caller]
    pub fn resize(&self, width: u64, height: u64) {
        self.must("POST", "/window/rect", &json!({ "width": width, "height": height }));
    }

    /// Runs JavaScript in the page; `return` gives its value, that of a promise once it is kept.
    #[track_caller]
    pub fn script(&self, script: &str) -> Value {
        self.must("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// As [`Window::press`], where the program may end by it.
    pub fn try_press(&self, held: &[&str], keys: &[&str]) {
        let _ = self.ask("POST", "/actions", &presses(held, keys));
    }

    /// Presses `keys` one after another while the modifiers `held` are down.
    #[track_caller]
    pub fn press(&self, held: &[&str], keys: &[&str]) {
        self.must("POST", "/actions", &presses(held, keys));
    }

    /// Clicks on `first`, and so long after it presses `keys` together, in one go: nothing comes in between.
    #[track_caller]
    pub fn click_and_press(&self, first: &Element<'_>, later: Duration, keys: &[&str]) {
        let pauses = |times: &[u64]| -> Vec<Value> { times.iter().map(|time| pause(*time)).collect() };
        let keyboard = match presses(keys, &[])["actions"][0]["actions"].take() {
            Value::Array(steps) => [pauses(&[0, 0, 0, 0]), steps].concat(),
            _ => vec![],
        };
        let mouse = [first.click_steps(), vec![pause(milliseconds(later))]].concat();
        self.must(
            "POST",
            "/actions",
            &json!({ "actions": [
                { "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": mouse },
                { "type": "key", "id": "keyboard", "actions": keyboard },
            ] }),
        );
    }

    /// Clicks on `first`, and so long after it presses the pointer for `time` at a place of the page, in one go.
    #[track_caller]
    pub fn click_and_hold(&self, first: &Element<'_>, later: Duration, (x, y): (f64, f64), time: Duration) {
        let (x, y) = (x.round(), y.round());
        let hold = [
            pause(milliseconds(later)),
            json!({ "type": "pointerMove", "duration": 0, "origin": "viewport", "x": x, "y": y }),
            json!({ "type": "pointerDown", "button": 0 }),
            pause(milliseconds(time)),
            json!({ "type": "pointerUp", "button": 0 }),
        ];
        let steps = [first.click_steps(), hold.to_vec()].concat();
        self.act(&json!({
            "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": steps,
        }));
    }

    /// A picture of the page.
    #[track_caller]
    pub fn picture(&self, to: &Path) {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, BASE64.decode(self.screenshot().as_bytes()).unwrap()).unwrap();
    }

    /// The same, as PNG in base64.
    #[track_caller]
    pub fn screenshot(&self) -> String {
        // The driver waits for a frame, and of a page on which nothing moves none comes.
        self.script(MOVES);
        let taken = self.must("GET", "/screenshot", &Value::Null);
        self.script("document.getElementById('moves')?.remove()");
        taken.as_str().unwrap().to_owned()
    }

    /// Closes the window. Its program may go on for a moment: [`Person::close`](crate::Person::close) waits for that.
    pub fn close(self) {
        let _ = self.ask("DELETE", "", &Value::Null);
    }

    /// What the driver and the program printed.
    pub fn log(&self) -> String {
        self.driver.log()
    }

    fn act(&self, source: &Value) {
        self.must("POST", "/actions", &json!({ "actions": [source] }));
    }

    #[track_caller]
    fn must(&self, method: &str, path: &str, body: &Value) -> Value {
        match self.ask(method, path, body) {
            Ok(value) => value,
            Err(error) => panic!("{method} {path}: {error}\n{}", self.log()),
        }
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let url = format!("{}{path}", self.session);
        let answer = match method {
            "GET" => self.http.get(url).call(),
            "DELETE" => self.http.delete(url).call(),
            _ => self.http.post(url).content_type("application/json").send(body.to_string()),
        };
        let mut answer = answer.map_err(|error| error.to_string())?;
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_vec();
        let text = text.map_err(|error| error.to_string())?;
        let said = countersign_core::json::parse_foreign(&text).map_err(|error| error.to_string())?;
        if answer.status().is_success() { Ok(said["value"].clone()) } else { Err(said["value"].to_string()) }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = fs::create_dir_all(programs::target().join("pictures"));
            let _ = self.last_look.status();
            eprintln!("--- the screen is in {:?}; the page says", self.last_look.get_args().last());
            eprintln!("{}", self.all("body").first().and_then(Element::try_text).unwrap_or_default());
        }
    }
}

/// An element of the page.
pub struct Element<'w> {
    window: &'w Window,
    id: String,
}

impl Element<'_> {
    /// What a person could read of it.
    #[track_caller]
    pub fn text(&self) -> String {
        self.must("GET", "/text", &Value::Null).as_str().unwrap_or_default().to_owned()
    }

    /// As [`Element::text`]; nothing when the page has meanwhile replaced it.
    pub fn try_text(&self) -> Option<String> {
        self.ask("GET", "/text", &Value::Null).ok()?.as_str().map(str::to_owned)
    }

    /// An attribute.
    #[track_caller]
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.must("GET", &format!("/attribute/{name}"), &Value::Null).as_str().map(str::to_owned)
    }

    /// As [`Element::attribute`]; nothing when the page has meanwhile replaced it.
    pub fn try_attribute(&self, name: &str) -> Option<String> {
        self.ask("GET", &format!("/attribute/{name}"), &Value::Null).ok()?.as_str().map(str::to_owned)
    }

    /// Whether it can be clicked.
    #[track_caller]
    pub fn enabled(&self) -> bool {
        self.must("GET", "/enabled", &Value::Null) == Value::Bool(true)
    }

    /// As [`Element::enabled`]; nothing when the page has meanwhile replaced it.
    pub fn try_enabled(&self) -> Option<bool> {
        self.ask("GET", "/enabled", &Value::Null).ok()?.as_bool()
    }

    /// Waits until it can be clicked.
    #[track_caller]
    pub fn wait_enabled(&self) -> &Self {
        until_so("it can be clicked", || self.enabled());
        self
    }

    /// Clicks on its middle.
    #[track_caller]
    pub fn click(&self) {
        self.must("POST", "/click", &json!({}));
    }

    /// As [`Element::click`], where the page may just be replacing it.
    pub fn try_click(&self) {
        let _ = self.ask("POST", "/click", &json!({}));
    }

    /// Types into it, in place of what is there.
    #[track_caller]
    pub fn replace_text(&self, text: &str) {
        self.must("POST", "/clear", &json!({}));
        self.type_text(text);
    }

    /// Types into it.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.must("POST", "/value", &json!({ "text": text }));
    }

    /// Holds the mouse button down on it for so long.
    #[track_caller]
    pub fn hold(&self, time: Duration) {
        let origin = json!({ ELEMENT: self.id });
        let milliseconds = milliseconds(time);
        self.window.act(&json!({
            "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" },
            "actions": [
                { "type": "pointerMove", "duration": 0, "origin": origin, "x": 0, "y": 0 },
                { "type": "pointerDown", "button": 0 },
                { "type": "pause", "duration": milliseconds },
                { "type": "pointerUp", "button": 0 },
            ],
        }));
    }

    fn click_steps(&self) -> Vec<Value> {
        let origin = json!({ ELEMENT: self.id });
        vec![
            json!({ "type": "pointerMove", "duration": 0, "origin": origin, "x": 0, "y": 0 }),
            json!({ "type": "pointerDown", "button": 0 }),
            json!({ "type": "pointerUp", "button": 0 }),
        ]
    }

    #[track_caller]
    fn must(&self, method: &str, path: &str, body: &Value) -> Value {
        self.window.must(method, &format!("/element/{}{path}", self.id), body)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        self.window.ask(method, &format!("/element/{}{path}", self.id), body)
    }
}

fn testid(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

/// The actions that press `keys` while the modifiers `held` are down.
fn pause(milliseconds: u64) -> Value {
    json!({ "type": "pause", "duration": milliseconds })
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn presses(held: &[&str], keys: &[&str]) -> Value {
    let down = |key: &&str| json!({ "type": "keyDown", "value": key });
    let up = |key: &&str| json!({ "type": "keyUp", "value": key });
    let mut steps: Vec<Value> = held.iter().map(down).collect();
    for key in keys {
        steps.extend([down(key), up(key)]);
    }
    steps.extend(held.iter().rev().map(up));
    json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": steps }] })
}
