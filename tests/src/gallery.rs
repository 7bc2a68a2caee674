//! Every screen in every state, in the engine that the window is drawn with.
//!
//! The page of `ui/dev` comes with a stand-in for Rust and a list of scenes;
//! here it is served on loopback, opened in WebKitGTK's own small browser,
//! looked at and measured. What it finds is a list of lines; the caller judges.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tiny_http::{Header, Response, Server};

use crate::desktop::Desktop;
use crate::programs;
use crate::until::until_so;
use crate::window::{Window, key};

/// What the scene is drawn in.
pub const THEMES: [&str; 2] = ["light", "dark"];

/// WebKitGTK's small browser, which Debian brings with the library.
const BROWSER: &str = "webkit2gtk-4.1/MiniBrowser";

/// A window of a certain size, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// How wide.
    pub width: u64,
    /// How high.
    pub height: u64,
    /// How many pixels of the screen make one, along each side.
    pub zoom: u64,
}

/// The sizes that pictures are taken at: usual, the smallest, and the usual one at 200 %.
pub const SIZES: [Size; 3] = [
    Size { width: 1280, height: 800, zoom: 1 },
    Size { width: 860, height: 700, zoom: 1 },
    Size { width: 640, height: 400, zoom: 2 },
];

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.width, self.height)?;
        if self.zoom > 1 { write!(f, "@{}", self.zoom) } else { Ok(()) }
    }
}

/// The gallery, open at one size.
pub struct Gallery {
    window: Window,
    /// The names of all scenes, in the order of the gallery.
    pub scenes: Vec<String>,
}

impl Gallery {
    /// Opens it in `desktop`, drawn as the app is: by the processor.
    ///
    /// # Panics
    ///
    /// When the page was not built, or the browser is not there.
    #[track_caller]
    pub fn open(desktop: &mut Desktop, size: Size) -> Self {
        // What `HardwareAccelerationPolicy::Never` is to the app; the browser has no option for that.
        desktop.set("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
        Self::open_composited(desktop, size)
    }

    /// Opens it in `desktop`, drawn in layers by a graphics card or what imitates one: WebKitGTK's own choice.
    ///
    /// # Panics
    ///
    /// Like [`open`](Self::open).
    #[track_caller]
    pub fn open_composited(desktop: &mut Desktop, size: Size) -> Self {
        desktop.set("GDK_SCALE", size.zoom.to_string());
        // Times of day in pictures do not depend on who takes them.
        desktop.set("TZ", "UTC");
        let address = serve(page());
        let mut args = vec!["--automation"];
        if size.zoom > 1 {
            // The screen is as large as the usual window.
            args.push("--full-screen");
        }
        let window = Window::open(desktop, &browser(), &args);
        window.go(&address);
        until_so("the gallery is there", || window.script("return typeof gallery === 'object'") == true);
        let scenes = window.script("return gallery.scenes.map((it) => it.name)");
        let scenes = scenes.as_array().into_iter().flatten();
        let scenes = scenes.map(|it| it.as_str().unwrap().to_owned()).collect();
        let gallery = Self { window, scenes };
        gallery.fit(size);
        gallery
    }

    /// Shows a scene and waits until it is there. What went wrong on its way is a line.
    #[track_caller]
    pub fn show(&self, scene: &str, theme: &str) -> Vec<String> {
        let _last = Last(scene);
        let (scene, theme) = (json!(scene), json!(theme));
        self.lines(&format!(
            "gallery.show({scene}, {theme}).then(() => [], (error) => [`the scene does not come: ${{error}}`])"
        ))
    }

    /// The scene as it is, in another theme.
    #[track_caller]
    pub fn dress(&self, theme: &str) {
        self.window.script(&format!("return gallery.dress({})", json!(theme)));
    }

    /// What axe-core finds at WCAG 2.2 AA.
    #[track_caller]
    pub fn accessible(&self) -> Vec<String> {
        self.lines("gallery.measure.accessible()")
    }

    /// What is wrong by measure: scrolls sideways, is cut, is too small, lies under something.
    #[track_caller]
    pub fn measured(&self) -> Vec<String> {
        self.lines("gallery.measure.measured()")
    }

    /// What is there and not in a picture of the scene. Something can come between the picture and the look at what is
    /// there; what is never painted is in no later picture either.
    #[track_caller]
    pub fn painted(&self) -> Vec<String> {
        // A text can change meanwhile.
        let place = |line: &str| line.split(" “").next().map(str::to_owned);
        let look = || self.lines(&format!("gallery.measure.painted({})", json!(self.window.screenshot())));
        let mut found = look();
        for _ in 0..10 {
            if found.is_empty() {
                break;
            }
            thread::sleep(Duration::from_millis(500));
            let still = look();
            found.retain(|line| still.iter().any(|it| place(it) == place(line)));
        }
        found
    }

    /// Walks through the scene with Tab: what has no ring, what is covered, what is never reached.
    #[track_caller]
    pub fn walked(&self) -> Vec<String> {
        let mut found = vec![];
        self.window.script("gallery.measure.begin()");
        // More stops than any scene has.
        for _ in 0..200 {
            self.window.press(&[], &[key::TAB]);
            match self.window.script("return gallery.measure.stop()") {
                Value::Null => break,
                lines => found.extend(strings(&lines)),
            }
        }
        let mut missed = self.lines("gallery.measure.missed()");
        // What came while the walk went on is met the next time round.
        for _ in 0..200 {
            if missed.is_empty() {
                break;
            }
            self.window.press(&[], &[key::TAB]);
            if let lines @ Value::Array(_) = self.window.script("return gallery.measure.stop()") {
                found.extend(strings(&lines));
            }
            missed = self.lines("gallery.measure.missed()");
        }
        found.extend(missed);
        found
    }

    /// A picture of the scene.
    #[track_caller]
    pub fn picture(&self, to: &Path) {
        self.window.picture(to);
    }

    /// Runs JavaScript beside the scene.
    #[track_caller]
    pub fn script(&self, script: &str) -> Value {
        self.window.script(script)
    }

    /// Closes the browser.
    pub fn close(self) {
        self.window.close();
    }

    fn lines(&self, script: &str) -> Vec<String> {
        strings(&self.window.script(&format!("return {script}")))
    }

    /// Its bars are part of the window's size, and nobody says how high they are.
    #[track_caller]
    fn fit(&self, size: Size) {
        if size.zoom > 1 {
            return self.wait_for(size);
        }
        let (mut width, mut height) = (size.width, size.height);
        until_so(&format!("the page is {size}"), || {
            let inner = self.inner();
            if inner == (size.width, size.height) {
                return true;
            }
            self.window.resize(width, height);
            thread::sleep(Duration::from_millis(100));
            let inner = self.inner();
            (width, height) = (width + size.width - inner.0, height + size.height - inner.1);
            false
        });
    }

    #[track_caller]
    fn wait_for(&self, size: Size) {
        until_so(&format!("the page is {size}"), || self.inner() == (size.width, size.height));
    }

    fn inner(&self) -> (u64, u64) {
        let inner = self.window.script("return [innerWidth, innerHeight]");
        (inner[0].as_u64().unwrap(), inner[1].as_u64().unwrap())
    }
}

/// Says which scene it was that the page did not come back from.
struct Last<'a>(&'a str);

impl Drop for Last<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("--- it went wrong on the way to the scene {}, or in the one before", self.0);
        }
    }
}

fn strings(lines: &Value) -> Vec<String> {
    let lines = lines.as_array().unwrap_or_else(|| panic!("no list: {lines}"));
    lines.iter().map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
}

/// The page, as `npm run gallery` in `ui` builds it.
fn page() -> PathBuf {
    let page = programs::target().join("gallery-page");
    assert!(
        page.join("index.html").exists(),
        "{} is missing; build it first:\n  cd ui && npm run gallery",
        page.display()
    );
    page
}

fn browser() -> PathBuf {
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec", "/usr/lib"];
    let found = folders.iter().map(|folder| Path::new(folder).join(BROWSER)).find(|file| file.exists());
    found.unwrap_or_else(|| panic!("{BROWSER} is not in any of {folders:?}"))
}

/// Gives out the files of `folder` on loopback until the program ends.
fn serve(folder: PathBuf) -> String {
    let server = Server::http("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", server.server_addr().to_ip().unwrap());
    thread::spawn(move || {
        for request in server.incoming_requests() {
            let path = request.url().split('?').next().unwrap_or_default().trim_start_matches('/').to_owned();
            let path = if path.is_empty() { "index.html".to_owned() } else { path };
            // Only names that the build makes: none leads out of the folder.
            let plain = |it: &str| !it.is_empty() && !it.starts_with('.');
            let file = path.split('/').all(plain).then(|| std::fs::read(folder.join(&path)).ok()).flatten();
            let _ = match file {
                Some(bytes) => request.respond(Response::from_data(bytes).with_header(content_type(&path))),
                None => request.respond(Response::empty(404)),
            };
        }
    });
    address
}

fn content_type(path: &str) -> Header {
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    Header::from_bytes("content-type", kind).unwrap()
}

/// Everything that was found, as one text: the scene before each line.
pub fn report(found: &[(String, String)]) -> String {
    found.iter().map(|(scene, line)| format!("{scene}: {line}\n")).collect()
}

/// A page with the pictures, to look through.
pub fn index(scenes: &BTreeMap<&str, Vec<&str>>) -> String {
    let mut page = String::from(
        "<!doctype html><meta charset=\"utf-8\"><title>Gallery</title>\
         <style>body{font:14px sans-serif;margin:24px}img{max-width:48%;border:1px solid #999;margin:4px}</style>",
    );
    for (scene, pictures) in scenes {
        page += &format!("<h2 id=\"{scene}\">{scene}</h2>");
        for picture in pictures {
            page += &format!(
                "<a href=\"{picture}\"><img loading=\"lazy\" src=\"{picture}\" alt=\"{picture}\"></a>"
            );
        }
    }
    page
}

/// Where the pictures go.
pub fn folder() -> PathBuf {
    programs::target().join("gallery")
}

/// The name of a picture.
pub fn picture_name(scene: &str, theme: &str, size: Size) -> String {
    format!("{scene}-{theme}-{size}.png")
}

/// For [`Window::script`]: adds `html` to the end of the scene.
pub fn plant(html: &str) -> String {
    format!("document.querySelector('#app').insertAdjacentHTML('beforeend', {})", json!(html))
}
