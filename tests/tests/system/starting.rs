//! One app for all starts: a second one, one beside an app that hangs or dies, one with the session.

use std::fs;

use countersign_tests::bus::Calls;
use countersign_tests::tray::Tray;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, programs, sealed, until};
use rustix::process::Signal;
use serde_json::json;

use crate::{close_by_frame, invoke, is_visible, prefer, propose, wait_for_tray};

#[test]
fn a_second_start_brings_the_first_to_the_front_and_does_nothing_else() {
    sealed(|| {
        let desktop = Desktop::start();
        let tray = Tray::start(&desktop);
        let person = Person::begin(&desktop);
        wait_for_tray(&person.window);
        prefer(&person.window, &json!({ "close_to_tray": true }));
        propose(&desktop, "not from a command line");
        person.open_proposal("echo");
        person.unlock();
        let digest = person.window.css("[data-digest]").attribute("data-digest").unwrap();
        close_by_frame(&desktop);
        until_so("it is hidden", || !is_visible(&desktop));
        let arguments = ["approve", &digest, "--approve", "--unlock", "--halt", "--background"];
        for words in [&[][..], &arguments[..]] {
            let mut second = desktop.start_command("second", desktop.command(programs::app()).args(words));
            assert_eq!(second.wait().code(), Some(0), "{}", second.log());
            until_so("the first is in front", || is_visible(&desktop));
            assert_eq!(person.window.parts("queue-row").len(), 1);
        }
        let row = invoke(&person.window, "open", &json!({ "digest": digest }));
        assert_eq!(row["state"]["kind"], "waiting", "{row}");
        // Other folders are another app, on the same desktop.
        let other = desktop.folder("other");
        let mut command = desktop.command(programs::app());
        command.env("XDG_DATA_HOME", &other).env("XDG_STATE_HOME", other.join("state"));
        let mut another = desktop.start_command("another", &mut command);
        until_so("it has made its own folder", || other.join("countersign/app/store.db").exists());
        assert_eq!(another.ended(), None);
        another.kill();
        drop(tray);
        person.window.close();
    });
}

#[test]
fn a_second_start_says_when_the_first_one_hangs() {
    sealed(|| {
        let desktop = Desktop::start();
        let mut first = desktop.start_command("first", &mut desktop.command(programs::app()));
        until_so("it is on the screen", || is_visible(&desktop));
        first.signal(Signal::STOP);
        let mut second = desktop.start_command("second", &mut desktop.command(programs::app()));
        assert_eq!(second.wait().code(), Some(1), "{}", second.log());
        assert!(second.log().contains("runs already, and does not answer"), "{}", second.log());
        first.signal(Signal::CONT);
        assert_eq!(first.ended(), None, "it is as it was");
        first.kill();
    });
}

#[test]
fn a_start_while_the_first_one_is_dying_is_a_start_of_its_own() {
    sealed(|| {
        let mut desktop = Desktop::start();
        let first = desktop.start_command("first", &mut desktop.command(programs::app()));
        until_so("it is on the screen", || is_visible(&desktop));
        first.signal(Signal::STOP);
        desktop.set("COUNTERSIGN_LOG", "info");
        let mut calls = Calls::of(&desktop, "org.SingleInstance.DBus");
        let mut second = desktop.start_command("second", &mut desktop.command(programs::app()));
        calls.wait("ExecuteCallback");
        first.kill();
        until_so("the second takes its place", || is_visible(&desktop));
        assert!(second.log().contains("started anew"), "it had asked the first: {}", second.log());
        assert_eq!(second.ended(), None);
        second.kill();
    });
}

#[test]
fn it_starts_with_the_session_behind_everything() {
    sealed(|| {
        let desktop = Desktop::start();
        let tray = Tray::start(&desktop);
        let person = Person::begin(&desktop);
        wait_for_tray(&person.window);
        prefer(&person.window, &json!({ "close_to_tray": true, "autostart": true }));
        let entry = desktop.home().join(".config/autostart/app.countersign.desktop");
        let text = fs::read_to_string(&entry).unwrap();
        let exec = text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap().to_owned();
        person.close();

        // As a session does, which reads the line like a shell where nothing is special in the path.
        let _started = desktop.start_command("autostart", desktop.command("sh").args(["-c", &exec]));
        let line = until("the tray has its icon", || {
            tray.menu().into_iter().find(|it| it.text.contains("Open Countersign"))
        });
        assert!(line.enabled && !is_visible(&desktop));
        tray.click("Open Countersign");
        until_so("it is in front", || is_visible(&desktop));
        tray.click("Quit");
        // Where a person turned it off on the desktop, or removed it, it is off and stays as it is.
        let off = text.replace("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false");
        for there in [Some(off), None] {
            match &there {
                Some(text) => fs::write(&entry, text).unwrap(),
                None => fs::remove_file(&entry).unwrap(),
            }
            let person = Person::open(&desktop);
            assert_eq!(invoke(&person.window, "preferences", &json!({}))["autostart"], false);
            assert_eq!(fs::read_to_string(&entry).ok(), there);
            person.window.close();
        }
    });
}
