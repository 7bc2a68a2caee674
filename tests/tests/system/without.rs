//! What the desktop does not offer is said and done without.

use std::fs;
use std::process::Command;

use countersign_tests::tray::Tray;
use countersign_tests::{Desktop, Person, programs, sealed};
use serde_json::json;

use crate::{lacks, propose};

#[test]
fn without_any_bus_the_app_works_and_says_what_it_cannot() {
    sealed(|| {
        let mut desktop = Desktop::start();
        desktop.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
        desktop.set("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/system");
        let person = Person::begin(&desktop);
        propose(&desktop, "read without a bus");
        person.open_proposal("echo");
        for what in ["no_notifications", "no_lock_signals", "no_tray"] {
            assert!(lacks(&person.window, what).is_some(), "{what}");
        }
        let refused =
            "return window.__TAURI_INTERNALS__.invoke('try_notification').then(() => 'sent', it => it.code);";
        assert_eq!(person.window.script(refused), "not_offered");
        let wanted = json!({ "preferences": { "theme": "dark", "notify": "everything", "notify_names": true,
            "quiet": null, "close_to_tray": true, "autostart": false, "start_gate": false, "single_keys": true,
            "keys": {} } });
        let refused = format!(
            "return window.__TAURI_INTERNALS__.invoke('set_preferences', {wanted}).then(() => 'set', it => it.code);"
        );
        assert_eq!(
            person.window.script(&refused),
            "not_offered",
            "a window that is hidden could not be found"
        );
        // Without a bus to tell the first, a second one still does not run beside it.
        let mut second = desktop.start_command("second", &mut desktop.command(programs::app()));
        assert_eq!(second.wait().code(), Some(1), "{}", second.log());
        assert!(second.log().contains("did not start"), "{}", second.log());
        person.window.close();
    });
}

#[test]
fn without_the_library_of_the_tray_the_app_says_so_and_goes_on() {
    sealed(|| {
        let desktop = Desktop::start();
        let tray = Tray::start(&desktop);
        // Only here, in this test's own view of the file system.
        for entry in fs::read_dir("/usr/lib/x86_64-linux-gnu").unwrap().flatten() {
            if entry.file_name().to_string_lossy().contains("appindicator3.so") {
                let hidden = Command::new("mount").arg("--bind").arg("/dev/null").arg(entry.path()).status();
                assert!(hidden.unwrap().success());
            }
        }
        let person = Person::begin(&desktop);
        let why = lacks(&person.window, "no_tray").unwrap();
        assert!(why.contains("libayatana-appindicator3-1"), "{why}");
        assert!(!person.window.log().contains("panicked"), "{}", person.window.log());
        drop(tray);
        person.window.close();
    });
}
