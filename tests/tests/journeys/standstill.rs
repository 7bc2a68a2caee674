//! The window stands still, as under a debugger or a machine out of memory, and goes on.

use std::thread;
use std::time::Duration;

use countersign_tests::process::running;
use countersign_tests::until::until_so;
use countersign_tests::{gate, sealed};
use rustix::process::{Signal, kill_process};

use crate::{propose, row_saying, set_up};

/// How long it stands still.
const FOR: Duration = Duration::from_secs(if cfg!(feature = "all") { 60 } else { 3 });

#[test]
fn a_window_that_stood_still_shows_what_came_meanwhile_and_signs_it_once() {
    sealed(|| {
        let (desktop, person) = set_up();
        let ran = desktop.path("ran");
        let script = format!("echo ran >> {}", ran.display());
        let apps = running("countersign-app");
        // What draws the page stands still with it, or alone.
        for (name, stopped) in [("bash", apps.clone()), ("dash", running("WebKitWebProces"))] {
            assert!(!stopped.is_empty(), "nothing to stop");
            stopped.iter().for_each(|pid| kill_process(*pid, Signal::STOP).unwrap());
            let digest = propose(&desktop, &["run", "--", name, "-c", &script]);
            thread::sleep(FOR);
            stopped.iter().for_each(|pid| kill_process(*pid, Signal::CONT).unwrap());
            row_saying(&person, &digest, name);
            person.open_waiting(name);
            person.unlock();
            person.approve();
            assert_eq!(person.receipt(), ["done"], "{name}");
        }
        assert_eq!(gate::text(&ran), "ran\nran\n");
        assert_eq!(running("countersign-app"), apps, "it is the same app");
        until_so("nothing waits any more", || {
            person.window.css("body").text().contains("Nothing waits for you")
        });
        person.close();
    });
}
