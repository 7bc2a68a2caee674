//! A person without a mouse: only keys, and what has the focus is what they act on.

use std::cell::Cell;

use crate::until::until_so;
use crate::window::{Window, key};

/// More controls than any screen has: who still has not come to one of them never will.
const MOST: usize = 150;

/// The keyboard of a window.
pub struct Keyboard<'w> {
    window: &'w Window,
    steps: Cell<u32>,
}

impl<'w> Keyboard<'w> {
    /// Whose keys go to `window`.
    pub fn of(window: &'w Window) -> Self {
        Self { window, steps: Cell::new(0) }
    }

    /// How many keys were pressed; a text counts as one.
    pub fn steps(&self) -> u32 {
        self.steps.get()
    }

    /// Presses a key while the modifiers `held` are down.
    #[track_caller]
    pub fn press(&self, held: &[&str], key: &str) {
        self.steps.set(self.steps.get() + 1);
        self.window.press(held, &[key]);
    }

    /// Presses Enter.
    #[track_caller]
    pub fn enter(&self) {
        self.press(&[], key::ENTER);
    }

    /// Types a text, one key after another.
    #[track_caller]
    pub fn write(&self, text: &str) {
        self.steps.set(self.steps.get() + 1);
        let keys: Vec<String> = text.chars().map(String::from).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        self.window.press(&[], &keys);
    }

    /// Types a text in place of what is in the field.
    #[track_caller]
    pub fn write_anew(&self, text: &str) {
        self.press(&[key::CONTROL], "a");
        self.write(text);
    }

    /// Goes on by Tab until the part `name`, or something in it, has the focus.
    #[track_caller]
    pub fn to(&self, name: &str) {
        self.window.part(name);
        self.to_css(&format!("[data-testid=\"{name}\"]"));
    }

    /// As [`Keyboard::to`], for what `css` selects.
    #[track_caller]
    pub fn to_css(&self, css: &str) {
        let mut met = vec![];
        while !self.is_at(css) {
            assert!(met.len() < MOST, "Tab never comes to {css}; it comes to {met:?}");
            self.press(&[], key::TAB);
            met.push(self.at());
        }
    }

    /// Goes to the part `name` and presses it.
    #[track_caller]
    pub fn use_part(&self, name: &str) {
        until_so(&format!("{name} can be used"), || {
            self.window.parts(name).first().is_some_and(|it| it.try_enabled() == Some(true))
        });
        self.to(name);
        self.enter();
    }

    /// Waits until the part `name`, or something in it, has the focus by itself.
    #[track_caller]
    pub fn wait_at(&self, name: &str) {
        let css = format!("[data-testid=\"{name}\"]");
        until_so(&format!("{name} has the focus, not {}", self.at()), || self.is_at(&css));
    }

    /// What has the focus.
    pub fn at(&self) -> String {
        let asked = "const at = document.activeElement; return at === null ? 'nothing' : \
            at.dataset.testid ?? `${at.localName} ${(at.id || at.textContent || '').trim().slice(0, 30)}`;";
        self.window.script(asked).as_str().unwrap_or_default().to_owned()
    }

    fn is_at(&self, css: &str) -> bool {
        let asked =
            format!("return document.activeElement?.closest({}) != null;", serde_json::Value::from(css));
        self.window.script(&asked) == serde_json::Value::Bool(true)
    }
}
