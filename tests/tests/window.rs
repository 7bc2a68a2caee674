//! The whole house through the real window, with a real Secret Service, cut off from every network.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_tests::desktop::Keyring;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate, sealed};

/// A desktop with a key and a gate, and the person at it.
fn set_up() -> (Desktop, Person) {
    let desktop = Desktop::start();
    let person = Person::begin(&desktop);
    (desktop, person)
}

fn signs_and_it_runs(desktop: &Desktop, person: Person) {
    let mut asks = gate::start(desktop, "run", &["run", "--", "true"]);
    person.open_proposal("true");
    person.unlock();
    person.approve();
    assert!(asks.wait().success(), "{}", asks.log());
    person.window.close();
}

#[test]
fn an_approved_command_runs_exactly_once() {
    sealed(|| {
        let (desktop, person) = set_up();
        let ran = desktop.path("ran");
        let script = format!("echo once >> {}; echo seen by the agent", ran.display());
        let words = ["run", "--asked", "Show me what is there", "--", "sh", "-c", &script];
        let mut asks = gate::start(&desktop, "run", &words);

        person.open_proposal("sh");
        assert!(person.window.part("asked").text().contains("Show me what is there"));
        person.window.part_saying("document", &script);
        assert_eq!(gate::text(&ran), "");
        person.unlock();
        person.approve();

        assert!(asks.wait().success(), "{}", asks.log());
        assert!(asks.log().contains("seen by the agent"), "{}", asks.log());
        assert_eq!(person.receipt(), ["done"]);
        assert_eq!(gate::text(&ran), "once\n");
        // Neither a new start of the gate nor one of the window makes it run again.
        gate::stop(&desktop);
        person.window.close();
        let _gate = gate::start_gate(&desktop);
        let person = Person::open(&desktop);
        person.open_proposal("sh");
        assert_eq!(person.receipt(), ["done"]);
        assert_eq!(gate::text(&ran), "once\n");
        person.window.close();
    });
}

#[test]
fn a_denied_command_never_runs() {
    sealed(|| {
        let (desktop, person) = set_up();
        let ran = desktop.path("ran");
        let mut asks = gate::start(&desktop, "run", &["run", "--", "touch", &ran.to_string_lossy()]);

        person.open_proposal("touch");
        person.deny("Not on this machine.");

        assert_eq!(asks.wait().code(), Some(84), "{}", asks.log());
        assert!(asks.log().contains("Not on this machine."), "{}", asks.log());
        person.strip_saying("Denied");
        assert!(!ran.exists());
        gate::stop(&desktop);
        let _gate = gate::start_gate(&desktop);
        assert!(!ran.exists());
        person.window.close();
    });
}

#[test]
fn a_notification_tells_of_a_new_proposal_and_opens_it() {
    sealed(|| {
        let (desktop, person) = set_up();
        let secret = "a-word-that-must-not-be-in-a-notification";
        gate::output(&desktop, &["run", "--no-wait", "--", "echo", "this one is open"]);
        person.open_proposal("echo");
        until_so("a notification is shown", || desktop.notifications_shown() == 1);
        desktop.run("dunstctl", &["close-all"]);

        gate::output(&desktop, &["run", "--no-wait", "--", "printf", secret]);
        until_so("a notification is shown", || desktop.notifications_shown() == 1);
        person.window.part_saying("document", "this one is open");
        desktop.click_notification();
        person.window.part_saying("document", secret);
        let said = desktop.notifications();
        assert!(said.len() == 2 && said[1].0.contains("wants to run a program"), "{said:?}");
        assert!(!format!("{said:?}").contains(secret), "{said:?}");
        person.window.close();
    });
}

#[test]
fn what_is_proposed_while_the_window_is_closed_is_there_when_it_opens() {
    sealed(|| {
        let (desktop, person) = set_up();
        person.window.close();
        let proposed = gate::output(&desktop, &["run", "--no-wait", "--", "echo", "while it was closed"]);
        assert_eq!(proposed.status.code(), Some(98));

        let person = Person::open(&desktop);
        person.open_proposal("echo");
        person.window.part_saying("document", "while it was closed");
        person.window.close();
    });
}

#[test]
fn what_is_signed_while_the_gate_is_down_is_delivered_when_it_comes_up() {
    sealed(|| {
        let (desktop, person) = set_up();
        let ran = desktop.path("ran");
        let script = format!("echo once >> {}", ran.display());
        gate::output(&desktop, &["run", "--no-wait", "--", "sh", "-c", &script]);
        person.open_proposal("sh");
        person.unlock();
        gate::stop(&desktop);

        person.approve_by_key();
        person.strip_saying("not yet delivered");
        assert_eq!(gate::text(&ran), "");
        // It survives the window, too.
        person.window.close();
        let person = Person::open(&desktop);
        person.open_proposal("sh");
        person.strip_saying("not yet delivered");

        let _gate = gate::start_gate(&desktop);
        assert_eq!(person.receipt(), ["done"]);
        assert_eq!(gate::text(&ran), "once\n");
        person.window.close();
    });
}

#[test]
fn the_gate_that_was_made_here_starts_with_the_app() {
    sealed(|| {
        let (desktop, person) = set_up();
        person.window.close();
        gate::end(&desktop);

        let person = Person::open(&desktop);
        gate::wait(&desktop);
        signs_and_it_runs(&desktop, person);
    });
}

#[test]
fn without_a_keyring_the_app_goes_on_with_a_file() {
    sealed(|| {
        let desktop = Desktop::with(Keyring::None);
        let person = Person::begin(&desktop);
        signs_and_it_runs(&desktop, person);
    });
}

#[test]
fn with_a_locked_keyring_the_window_opens_reads_and_signs_nothing() {
    sealed(|| {
        let (desktop, person) = set_up();
        person.window.close();
        desktop.lock_keyring();
        let ran = desktop.path("ran");
        gate::output(&desktop, &["run", "--no-wait", "--", "touch", &ran.to_string_lossy()]);

        let person = Person::open(&desktop);
        person.open_proposal("touch");
        person.window.part_saying("document", "touch");
        assert!(
            !person
                .window
                .parts("approve")
                .iter()
                .any(|it| { it.try_attribute("data-state").is_some_and(|state| state != "off") })
        );
        assert!(!ran.exists());
        person.window.close();
    });
}
