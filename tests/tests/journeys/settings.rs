//! What a person sets, and the keys that they choose.

use countersign_tests::until::until_so;
use countersign_tests::window::key;
use countersign_tests::{Person, sealed};

use crate::{go, open, propose, set_up};

/// What is set stands in a label, over the control itself.
#[track_caller]
fn set(person: &Person, name: &str) {
    person.window.part(name);
    person.window.css(&format!("label:has([data-testid=\"{name}\"])")).click();
}

/// Whether Deny asks for its comment once `pressed` was pressed on an armed sheet.
fn asks_after(person: &Person, pressed: &str) -> bool {
    let window = &person.window;
    until_so("the sheet is armed", || {
        window.parts("deny").first().is_some_and(|it| it.try_enabled() == Some(true))
    });
    // Longer than keys sleep after a sheet came.
    std::thread::sleep(std::time::Duration::from_millis(1300));
    window.press(&[], &[pressed]);
    let asks = window.has("comment");
    if asks {
        window.press(&[], &[key::ESCAPE]);
        until_so("the comment is left", || !window.has("comment"));
    }
    asks
}

/// The value of the field `name`.
fn value(person: &Person, name: &str) -> serde_json::Value {
    person.window.part(name);
    person.window.script(&format!("return document.querySelector('[data-testid=\"{name}\"]').value"))
}

#[test]
fn what_is_set_holds_at_once_and_after_a_new_start() {
    sealed(|| {
        let (desktop, person) = set_up();
        let digest = propose(&desktop, &["run", "--", "echo", "albatross"]);
        go(&person, "settings");
        set(&person, "set-theme-dark");
        let theme = "return document.documentElement.dataset.theme";
        until_so("it is dark", || person.window.script(theme) == "dark");
        set(&person, "set-quiet");
        person.window.part("quiet-from").replace_text("21:30");
        person.window.press(&[], &[key::TAB]);
        // What is given to two commands, or signs, is refused.
        person.window.part("key-deny").click();
        person.window.press(&[], &["r"]);
        person.window.wait_for_text("is already");
        person.window.press(&[], &["z"]);
        until_so("it is kept", || person.window.part("key-deny").text().contains('z'));

        let person = {
            open_in_queue(&person, &digest);
            assert!(asks_after(&person, "z"));
            assert!(!asks_after(&person, "d"), "its old key does nothing any more");
            person.close();
            Person::open(&desktop)
        };
        until_so("it is dark again", || person.window.script(theme) == "dark");
        open_in_queue(&person, &digest);
        assert!(asks_after(&person, "z"));
        person.window.part("nav-help").click();
        let help = person.window.part("help").text();
        assert!(help.contains("Deny, after a reasonz"), "{help:?}");
        person.window.part("help-close").click();
        go(&person, "settings");
        assert_eq!(value(&person, "quiet-from"), "21:30");
        set(&person, "set-single-keys");
        open_in_queue(&person, &digest);
        assert!(!asks_after(&person, "z"), "single keys are off");
        person.window.press(&[], &["?"]);
        assert!(!person.window.has("help"), "single keys are off");
        person.close();
    });
}

#[track_caller]
fn open_in_queue(person: &Person, digest: &str) {
    go(person, "queue");
    open(person, digest);
    person.window.part_saying("document", "albatross");
}
