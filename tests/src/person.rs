//! A person at the window: what they do there, by what they see there.

use std::time::Duration;

use crate::desktop::Desktop;
use crate::gate;
use crate::process::running;
use crate::programs;
use crate::until::{until, until_so};
use crate::window::{Window, key};

/// Of the key that a test makes.
pub const PASSPHRASE: &str = "correct horse battery staple";

/// Who signs.
pub const NAME: &str = "Robin Example";

/// A person at the open window.
pub struct Person {
    /// The window.
    pub window: Window,
}

impl Person {
    /// Opens the window.
    #[track_caller]
    pub fn open(desktop: &Desktop) -> Self {
        let window = Window::open(desktop, &programs::app(), &[]);
        until_so("the window shows something", || {
            !window.all("main, [data-testid=\"setup-make\"]").is_empty()
        });
        Self { window }
    }

    /// Opens the window where nothing is yet, and goes through the first start until the gate answers.
    #[track_caller]
    pub fn begin(desktop: &Desktop) -> Self {
        let person = Self::open(desktop);
        person.set_up();
        gate::wait(desktop);
        person
    }

    /// Closes the window and waits until the app has ended, so that the next start is one of its own.
    #[track_caller]
    pub fn close(self) {
        self.window.close();
        app_ended();
    }

    /// Goes through the first start: a key, then the gate of this machine.
    #[track_caller]
    pub fn set_up(&self) {
        self.make_key();
        self.window.part("setup-skip-backup").wait_enabled().click();
        self.window.part("setup-gate-pass").type_text(PASSPHRASE);
        self.window.part("setup-gate").wait_enabled().click();
        until_so("the gate is made", || !self.window.has("setup-gate"));
    }

    /// Makes a key.
    #[track_caller]
    pub fn make_key(&self) {
        let window = &self.window;
        window.part("setup-name").replace_text(NAME);
        window.part("setup-device").replace_text("desk");
        window.part("setup-pass").type_text(PASSPHRASE);
        window.part("setup-pass2").type_text(PASSPHRASE);
        window.part("setup-understood").type_text(&self.words_above("setup-understood"));
        window.part("setup-make").wait_enabled().click();
        window.part("setup-skip-backup");
    }

    /// The words in quotes above the field `name`, which have to be typed into it.
    #[track_caller]
    pub fn words_above(&self, name: &str) -> String {
        let asks = self.window.css(&format!("label:has([data-testid=\"{name}\"]) span")).text();
        asks.split(['\u{201c}', '\u{201d}']).nth(1).expect("the words are quoted").to_owned()
    }

    /// Opens the first proposal that says `text` in the queue, and waits until its sheet is shown.
    #[track_caller]
    pub fn open_proposal(&self, text: &str) {
        self.window.part_saying("queue-row", text).click();
        self.window.part("sheet-headline");
        self.window.part("document");
    }

    /// Opens the proposal that waits and says `text`, once there is one.
    #[track_caller]
    pub fn open_waiting(&self, text: &str) {
        let waiting = "[data-testid=\"section-waiting\"] [data-testid=\"queue-row\"]";
        until_so(&format!("a proposal that says {text:?} waits, and is open"), || {
            let rows = self.window.all(waiting);
            let row = rows.iter().find(|it| it.try_text().is_some_and(|said| said.contains(text)));
            let open = row.and_then(|row| row.try_attribute("aria-current")).is_some_and(|it| it == "true");
            // Rows move while others are decided: a click may go to none.
            if let Some(row) = row.filter(|_| !open) {
                row.try_click();
            }
            open
        });
        self.window.part("sheet-headline");
        self.window.part("document");
    }

    /// Unlocks the key.
    #[track_caller]
    pub fn unlock(&self) {
        self.window.part("unlock-open").click();
        self.window.part("unlock-pass").type_text(PASSPHRASE);
        self.window.part("unlock-go").click();
        until_so("the key is unlocked", || !self.window.has("unlock-pass"));
    }

    /// Waits until the open sheet shows `text` and every row of it was on the screen.
    #[track_caller]
    pub fn read(&self, text: &str) {
        self.window.part_saying("document", text);
        self.go_on_until("every row was on the screen", || !self.window.has("unseen-go"));
    }

    /// Signs by holding the button down.
    #[track_caller]
    pub fn approve(&self) {
        self.wait_for_approve();
        self.window.part("approve").hold(Duration::from_millis(3300));
        self.wait_signed();
    }

    /// Signs by Control and Enter.
    #[track_caller]
    pub fn approve_by_key(&self) {
        self.wait_for_approve();
        self.window.press(&[key::CONTROL], &[key::ENTER]);
        self.wait_signed();
    }

    /// Denies with a comment.
    #[track_caller]
    pub fn deny(&self, comment: &str) {
        self.answer("deny", comment);
    }

    /// Requests changes.
    #[track_caller]
    pub fn request_changes(&self, comment: &str) {
        self.answer("request-changes", comment);
    }

    /// What the state strip says, once it says `text`.
    #[track_caller]
    pub fn strip_saying(&self, text: &str) -> String {
        self.window.part_saying("state-strip", text).text()
    }

    /// How each action ended, from the receipt on the screen: `done`, `refused`, ...
    #[track_caller]
    pub fn receipt(&self) -> Vec<String> {
        self.window.part("receipt");
        until("the receipt lists its outcomes", || {
            let outcomes: Option<Vec<String>> =
                self.window.parts("outcome").iter().map(|it| it.attribute("data-result")).collect();
            outcomes.filter(|all| !all.is_empty())
        })
    }

    fn answer(&self, which: &str, comment: &str) {
        // Answers count only once the sheet is armed.
        until_so("it asks for a comment", || {
            if let Some(button) = self.window.parts(which).first().filter(|it| it.enabled()) {
                button.click();
            }
            self.window.has("comment")
        });
        self.window.part("comment").type_text(comment);
        self.window.part("comment-send").wait_enabled().click();
        until_so("it is answered", || !self.window.has("comment"));
    }

    /// Reads on until the button may be held.
    #[track_caller]
    pub fn wait_for_approve(&self) {
        self.go_on_until("approve is ready", || self.approve_state().as_deref() == Some("ready"));
    }

    /// Goes on to what was not on the screen yet, as a reader does, until something is so.
    #[track_caller]
    fn go_on_until(&self, what: &str, is_so: impl Fn() -> bool) {
        let mut looks = 0;
        until_so(what, || {
            looks += 1;
            if is_so() {
                return true;
            }
            // What is gone to must stay on the screen for a while to count.
            if looks % 20 == 0
                && let Some(go) = self.window.parts("unseen-go").first()
            {
                go.try_click();
            }
            false
        });
    }

    fn approve_state(&self) -> Option<String> {
        self.window.parts("approve").first()?.try_attribute("data-state")
    }

    fn wait_signed(&self) {
        until_so("it is signed", || self.approve_state().as_deref() != Some("ready"));
    }
}

/// Waits until the app has ended.
#[track_caller]
pub fn app_ended() {
    until_so("the app has ended", || running("countersign-app").is_empty());
}
