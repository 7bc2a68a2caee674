//! What is kept from one start to the next, and that nothing is after a removal.

use std::fs;
use std::path::Path;

use countersign_tests::notifications::Daemon;
use countersign_tests::person::app_ended;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, sealed};
use serde_json::{Value, json};

use crate::{close_by_frame, frame, invoke, prefer};

#[test]
fn preferences_survive_and_a_broken_file_is_kept_aside() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::open(&desktop);
        let file = desktop.home().join(".local/share/countersign/app/settings.json");
        let wanted = json!({ "theme": "dark", "single_keys": false, "keys": { "approve": "Ctrl+Y" },
            "quiet": { "from": 1320, "to": 420 } });
        let set = prefer(&person.window, &wanted);
        person.window.close();
        let person = Person::open(&desktop);
        assert_eq!(invoke(&person.window, "preferences", &json!({})), set);
        assert_eq!(set["keys"]["approve"], "Ctrl+Y");
        person.window.close();

        let daemon = Daemon::instead(&desktop);
        let broken = "{\"theme\": \"dark\", \"quiet\": ";
        fs::write(&file, broken).unwrap();
        let person = Person::open(&desktop);
        daemon.wait_for("settings could not be read");
        assert_eq!(invoke(&person.window, "preferences", &json!({}))["theme"], "system");
        prefer(&person.window, &json!({ "theme": "light" }));
        let aside = file.with_extension("unreadable-1.json");
        assert_eq!(fs::read_to_string(aside).unwrap(), broken);
        person.window.close();
        let person = Person::open(&desktop);
        assert_eq!(invoke(&person.window, "preferences", &json!({}))["theme"], "light");
        person.window.close();
    });
}

#[test]
fn the_window_comes_back_where_it_was_and_never_where_nobody_sees_it() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::open(&desktop);
        let id = || frame(&desktop).unwrap();
        let place = || {
            let said = desktop.run("xdotool", &["getwindowgeometry", "--shell", &id()]);
            let number = |name: &str| -> i64 {
                let line = said.lines().find_map(|line| line.strip_prefix(name)).unwrap();
                line.parse().unwrap()
            };
            (number("X="), number("Y="), number("WIDTH="), number("HEIGHT="))
        };
        desktop.run("xdotool", &["windowsize", "--sync", &id(), "900", "600"]);
        desktop.run("xdotool", &["windowmove", "--sync", &id(), "200", "120"]);
        until_so("it has moved", || place().2 == 900 && place().0 >= 190);
        let was = place();
        close_by_frame(&desktop);
        app_ended();
        drop(person);
        let file = desktop.home().join(".local/share/countersign/app/window.json");
        let kept = fs::read(&file).unwrap();

        let person = Person::open(&desktop);
        until_so("it has its size", || place().2 == was.2 && place().3 == was.3);
        let near = |a: i64, b: i64| (a - b).abs() <= 40;
        until_so("it has its place", || near(place().0, was.0) && near(place().1, was.1));
        close_by_frame(&desktop);
        app_ended();
        drop(person);

        // The screen that it was on is gone.
        let mut kept: Value = countersign_core::json::parse_foreign(&kept).unwrap();
        kept["main"]["x"] = json!(5000);
        kept["main"]["y"] = json!(-3000);
        fs::write(&file, kept.to_string()).unwrap();
        let person = Person::open(&desktop);
        until_so("it is on the screen", || {
            let (x, y, _, _) = place();
            (0..1280 - 100).contains(&x) && (0..800 - 24).contains(&y)
        });
        drop(person);
    });
}

/// Paths below `folder` with the app's name in them.
fn ours(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            let below = if entry.file_type().is_ok_and(|it| it.is_dir()) { ours(&path) } else { vec![] };
            let name = entry.file_name().to_string_lossy().into_owned();
            let here = name.contains("countersign").then(|| path.display().to_string());
            here.into_iter().chain(below).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn after_everything_was_removed_the_end_of_the_app_leaves_nothing() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::begin(&desktop);
        prefer(&person.window, &json!({ "autostart": true }));
        assert!(!ours(&desktop.home()).is_empty());
        let words = json!({ "words": "remove everything" });
        assert_eq!(invoke(&person.window, "remove_all", &words), Value::Null);
        app_ended();
        let left = ours(&desktop.home());
        // The copy of the key that a person was told to keep.
        let left: Vec<_> = left.iter().filter(|it| !it.contains("backup")).collect();
        assert!(left.is_empty(), "{left:#?}");
    });
}
