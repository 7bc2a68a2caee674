//! The tray: what it says and does, and a window that is closed to it.

use countersign_tests::notifications::Daemon;
use countersign_tests::person::app_ended;
use countersign_tests::tray::Tray;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate, programs, sealed};
use serde_json::json;

use crate::{close_by_frame, invoke, is_visible, key_state, lacks, prefer, propose, wait_for_tray};

#[test]
fn everything_is_halted_from_the_tray_and_the_gate_obeys() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let tray = Tray::start(&desktop);
        let person = Person::begin(&desktop);
        let ran = desktop.path("ran");
        let mut asks = gate::start(&desktop, "run", &["run", "--", "touch", &ran.to_string_lossy()]);
        tray.wait_for("1 waits for you");
        until_so("the icon says so", || tray.picture().ends_with(".png") && tray.label() == "1");
        // The key was never unlocked: a halt does not wait for a passphrase.
        tray.click("Halt everything");
        daemon.wait_for("You halted everything");
        tray.wait_for("Everything is halted");
        assert_ne!(asks.wait().code(), Some(0), "{}", asks.log());
        assert!(!ran.exists());
        let refused = gate::output(&desktop, &["run", "--", "touch", &ran.to_string_lossy()]);
        assert!(!refused.status.success() && !ran.exists());
        // It stands when both are started anew.
        gate::stop(&desktop);
        person.window.close();
        let _gate = gate::start_gate(&desktop);
        let person = Person::open(&desktop);
        tray.wait_for("Everything is halted");
        let refused = gate::output(&desktop, &["run", "--", "touch", &ran.to_string_lossy()]);
        assert!(!refused.status.success() && !ran.exists());
        person.window.close();
    });
}

#[test]
fn the_tray_locks_the_key_and_ends_the_app() {
    sealed(|| {
        let desktop = Desktop::start();
        let tray = Tray::start(&desktop);
        let person = Person::begin(&desktop);
        propose(&desktop, "something to unlock for");
        person.open_proposal("echo");
        person.unlock();
        tray.click("Lock key");
        until_so("the key is locked", || key_state(&person.window) == "locked");
        tray.wait_for("The key is locked");
        tray.click("Quit");
        app_ended();
    });
}

#[test]
fn closed_to_the_tray_it_goes_on_and_nothing_is_armed() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let tray = Tray::start(&desktop);
        let person = Person::begin(&desktop);
        wait_for_tray(&person.window);
        prefer(&person.window, &json!({ "close_to_tray": true }));
        propose(&desktop, "shown before it is hidden");
        person.open_proposal("echo");
        person.unlock();
        close_by_frame(&desktop);
        until_so("it is hidden", || !is_visible(&desktop));
        daemon.wait_for("goes on in the tray");
        let open = person.window.all("[data-digest]");
        let digest = open[0].try_attribute("data-digest").unwrap();
        let bar = invoke(&person.window, "bar", &json!({ "proposal": digest }));
        assert_eq!(bar["approve"]["kind"], "not_shown", "{bar}");
        // Proposals still reach the person.
        propose(&desktop, "while it is hidden");
        let said = daemon.wait_for("2 proposals wait");
        daemon.click(said.id, "default");
        until_so("a click brings it back", || is_visible(&desktop));
        close_by_frame(&desktop);
        until_so("it is hidden again", || !is_visible(&desktop));
        tray.click("Open Countersign");
        until_so("the tray brings it back", || is_visible(&desktop));
        let told = daemon.summaries().iter().filter(|it| it.contains("goes on in the tray")).count();
        assert_eq!(told, 1, "it is explained once");
        // Without anybody who shows the icon, a hidden window would be lost.
        close_by_frame(&desktop);
        until_so("it is hidden once more", || !is_visible(&desktop));
        tray.leave();
        until_so("it comes out of the tray", || {
            lacks(&person.window, "no_tray").is_some() && has_window(&desktop)
        });
        let mut raise = desktop.command(programs::app());
        assert!(desktop.output(&mut raise).status.success());
        until_so("it is in front", || is_visible(&desktop));
        // Where there is no tray, closing ends the app.
        close_by_frame(&desktop);
        app_ended();
    });
}

/// Whether there is a window of the app in the list of windows, seen or minimised.
fn has_window(desktop: &Desktop) -> bool {
    let listed = desktop.run("xprop", &["-root", "_NET_CLIENT_LIST"]);
    let ids = listed.split(['#', ',']).map(str::trim).filter(|it| it.starts_with("0x"));
    let named = |id: &str| {
        let mut ask = desktop.command("xprop");
        let said = desktop.output(ask.args(["-id", id, "WM_NAME"])).stdout;
        String::from_utf8_lossy(&said).contains("\"Countersign\"")
    };
    ids.into_iter().any(named)
}
