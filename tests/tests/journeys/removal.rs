//! Everything of Countersign taken away from a machine.

use countersign_tests::person::app_ended;
use countersign_tests::process::running;
use countersign_tests::{Desktop, Person, sealed};

use crate::{data, go, propose, set_up};

/// What the keyring holds for anybody.
fn kept(desktop: &Desktop) -> String {
    let words = ["--session", "--print-reply", "--dest=org.freedesktop.secrets"];
    let what = [
        "/org/freedesktop/secrets/collection/login",
        "org.freedesktop.DBus.Properties.Get",
        "string:org.freedesktop.Secret.Collection",
        "string:Items",
    ];
    desktop.run("dbus-send", &[&words[..], &what].concat())
}

#[test]
fn everything_is_removed_and_a_new_start_is_a_first_start() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        propose(&desktop, &["run", "--", "echo", "goes with the rest"]);
        assert!(kept(&desktop).contains("object path"), "{}", kept(&desktop));
        assert_eq!(running("countersign").len(), 1, "the gate runs");

        go(&person, "settings");
        window.part("remove-open").click();
        let listed = window.part_saying("remove-dialog", "Type").text();
        for what in
            ["Your signing key", "The key of this installation", "Proposals, decisions", "The gate home"]
        {
            assert!(listed.contains(what), "{what}: {listed}");
        }
        let data = data(&desktop);
        assert!(listed.contains(&*data.to_string_lossy()) && listed.contains("kB"), "{listed}");
        let go = window.part("remove-go");
        assert!(!go.enabled());
        window.part("remove-words").type_text("remove");
        assert!(!go.enabled());
        let words = person.words_above("remove-words");
        window.part("remove-words").replace_text(&words);
        go.wait_enabled().click();
        app_ended();
        assert!(running("countersign").is_empty(), "the gate goes on");
        assert!(!data.exists(), "{} is still there", data.display());
        assert!(!kept(&desktop).contains("object path"), "{}", kept(&desktop));
        let left: Vec<_> =
            walk(&desktop.home()).into_iter().filter(|it| it.contains("countersign")).collect();
        // What was saved for the day after stays, and it was said so.
        assert!(left.iter().all(|it| it.ends_with("countersign-key-backup.txt")), "{left:?}");
        drop(person);

        let person = Person::open(&desktop);
        person.window.part("setup-make");
        assert!(!data.join("gates").exists());
        person.close();
    });
}

fn walk(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            let below = if entry.file_type().unwrap().is_dir() { walk(&path) } else { vec![] };
            below.into_iter().chain([path.to_string_lossy().into_owned()])
        })
        .collect()
}
