//! What is said by notifications, to whom and how often: a daemon that is there, missing, killed or hanging.

use countersign_tests::bus::{self, Speaker};
use countersign_tests::notifications::{self, Daemon};
use countersign_tests::process::Process;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate, sealed};
use rustix::process::Signal;
use serde_json::json;

use crate::{invoke, lacks, prefer, propose, wait_for_rows};

#[test]
fn a_notification_is_seen_opened_and_signed() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let person = Person::begin(&desktop);
        let secret = "a-word-that-is-in-no-notification";
        let mut asks = gate::start(&desktop, "run", &["run", "--", "printf", secret]);

        let shown = daemon.wait_for("wants to run a program");
        person.unlock();
        daemon.click(shown.id, "review");
        person.window.part_saying("document", secret);
        person.approve();
        assert!(asks.wait().success(), "{}", asks.log());
        assert!(!format!("{:?}", daemon.shown()).contains(secret), "{:?}", daemon.shown());
        assert_eq!(shown.actions, ["default", "Review", "review", "Review"], "nothing approves from it");
        person.window.close();
    });
}

#[test]
fn many_at_once_become_one_that_opens_the_queue() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let person = Person::begin(&desktop);
        let start =
            |number: i32| gate::start(&desktop, &format!("run{number}"), &["run", "--", "echo", "many"]);
        let _asking: Vec<Process> = (0..12).map(start).collect();

        let last = daemon.wait_for("12 proposals wait");
        let shown = daemon.shown();
        assert!(shown.iter().all(|it| it.id == last.id), "{shown:?}");
        assert_eq!(shown[0].replaces, 0);
        assert!(shown[1..].iter().all(|it| it.replaces == last.id), "{shown:?}");
        daemon.click(last.id, "default");
        // What was said is not said again with what comes later.
        propose(&desktop, "one more");
        daemon.wait_for("wants to run a program");
        person.window.close();
    });
}

#[test]
fn without_a_daemon_nothing_is_lost_and_what_waits_comes_as_one() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::begin(&desktop);
        notifications::stop(&desktop);
        propose(&desktop, "first");
        propose(&desktop, "second");
        wait_for_rows(&person.window, 2);
        until_so("the app says so", || lacks(&person.window, "no_notifications").is_some());

        let daemon = Daemon::start(&desktop);
        daemon.wait_for("2 proposals wait");
        assert_eq!(daemon.shown().len(), 1, "{:?}", daemon.shown());
        until_so("the app says so", || lacks(&person.window, "no_notifications").is_none());
        // It dies with them on the screen; one that draws takes its place.
        daemon.leave();
        let drawing = notifications::start_drawing(&desktop);
        until_so("they are shown again", || desktop.notifications_shown() == 1);
        desktop.click_notification();
        until_so("the click is taken", || desktop.notifications_shown() == 0);
        // It is killed, and one that keeps comes: what was clicked on is not said again.
        drawing.kill();
        let daemon = Daemon::start(&desktop);
        propose(&desktop, "third");
        daemon.wait_for("wants to run a program");
        assert_eq!(daemon.shown().len(), 1, "{:?}", daemon.shown());
        person.window.close();
    });
}

#[test]
fn a_daemon_that_hangs_holds_up_nothing() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::begin(&desktop);
        let dunst = bus::signal_owner(&desktop, "org.freedesktop.Notifications", Signal::STOP);
        propose(&desktop, "first");
        propose(&desktop, "second");
        wait_for_rows(&person.window, 2);
        until_so("the app says so", || {
            lacks(&person.window, "no_notifications").is_some_and(|it| it.contains("does not answer"))
        });
        rustix::process::kill_process(dunst, Signal::CONT).unwrap();
        until_so("both are said as one", || {
            let said = desktop.notifications();
            said.last().is_some_and(|(summary, _)| summary.contains("2 proposals wait"))
        });
        until_so("the app says so", || lacks(&person.window, "no_notifications").is_none());
        person.window.close();
    });
}

#[test]
fn what_is_decided_or_withdrawn_leaves_the_screen() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let person = Person::begin(&desktop);
        propose(&desktop, "decided elsewhere");
        daemon.wait_for("wants to run a program");
        person.open_proposal("echo");
        person.deny("Not now.");
        until_so("nothing is on the screen", || daemon.on_screen().is_none());
        person.window.close();
    });
}

#[test]
fn only_the_bus_says_that_the_daemon_went_away() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let person = Person::begin(&desktop);
        propose(&desktop, "first");
        let first = daemon.wait_for("wants to run a program");

        let stranger = Speaker::on(&bus::session_address(&desktop), &[]);
        let gone = ("org.freedesktop.Notifications", ":1.0", "");
        stranger.signal_each("/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged", &gone);
        // What is on the screen counts, and is replaced.
        propose(&desktop, "second");
        let both = daemon.wait_for("2 proposals wait");
        assert_eq!((both.replaces, daemon.shown().len()), (first.id, 2), "{:?}", daemon.shown());
        daemon.close(both.id, 2);
        propose(&desktop, "third");
        daemon.wait_for("wants to run a program");
        person.window.close();
    });
}

#[test]
fn levels_names_and_quiet_hours_are_kept_to() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let person = Person::begin(&desktop);
        // From an hour ago to an hour from now, over midnight where it must be.
        let minute = desktop.run("date", &["+%H %M"]);
        let (hour, minute) = minute.trim().split_once(' ').unwrap();
        let now: i64 = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
        let at = |minutes: i64| (now + minutes).rem_euclid(24 * 60);
        prefer(&person.window, &json!({ "quiet": { "from": at(-60), "to": at(60) } }));
        propose(&desktop, "in the quiet hours");
        propose(&desktop, "in them, too");
        wait_for_rows(&person.window, 2);
        invoke(&person.window, "try_notification", &json!({}));
        assert_eq!(daemon.summaries(), ["This is how Countersign reaches you"]);
        // They end: what still waits is said once.
        prefer(&person.window, &json!({ "quiet": { "from": at(-60), "to": at(-30) } }));
        let said = daemon.wait_for("2 proposals wait");
        assert_eq!(daemon.shown().len(), 2, "{:?}", daemon.shown());
        daemon.close(said.id, 2);

        prefer(&person.window, &json!({ "notify_names": false }));
        propose(&desktop, "without names");
        let said = daemon.wait_for("A proposal waits for you");
        assert!(!format!("{said:?}").contains("run"), "{said:?}");
        daemon.close(said.id, 2);
        prefer(&person.window, &json!({ "notify": "nothing" }));
        propose(&desktop, "said by nobody");
        wait_for_rows(&person.window, 4);
        invoke(&person.window, "try_notification", &json!({}));
        assert_eq!(daemon.shown().len(), 4, "{:?}", daemon.shown());
        person.window.close();
    });
}
