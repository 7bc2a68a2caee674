//! The process that draws the page ends: it is drawn anew, and nothing that was on the screen can be signed meanwhile.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_tests::notifications::Daemon;
use countersign_tests::process::running;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate, sealed};
use rustix::process::{Pid, Signal, kill_process};

/// The processes that draw pages here, of whose name the system keeps the beginning. There is one for each window.
fn drawing() -> Vec<Pid> {
    running("WebKitWebProces")
}

fn kill_page() {
    let [page] = drawing()[..] else { panic!("one process draws: {:?}", drawing()) };
    kill_process(page, Signal::KILL).unwrap();
    until_so("it ended", || !drawing().contains(&page));
}

#[test]
fn a_page_whose_process_is_killed_is_drawn_anew_once() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let person = Person::begin(&desktop);
        let mut asks = gate::start(&desktop, "run", &["run", "--", "echo", "still here"]);
        person.open_waiting("echo");
        person.unlock();

        kill_page();
        daemon.wait_for("The page was drawn anew");
        until_so("another process draws", || drawing().len() == 1);
        assert_eq!(asks.ended(), None, "nothing was signed by that");
        // The driver has lost the page; a person has not.
        until_so("the page answers to keys", || {
            for key in ["d", "ctrl+Return"] {
                desktop.run("xdotool", &["key", key]);
            }
            asks.ended().is_some()
        });
        assert!(!asks.wait().success(), "it was denied: {}", asks.log());

        // One that ends again at once would end for ever.
        kill_page();
        daemon.wait_for("The page cannot be drawn");
        assert!(gate::output(&desktop, &["status"]).status.success(), "the rest goes on");
    });
}
