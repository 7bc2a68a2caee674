//! The key locks with the desktop.

use countersign_tests::bus::{self, Logind, Speaker};
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, sealed};

use crate::{key_state, lacks, propose};

#[test]
fn the_key_locks_when_the_machine_sleeps_and_when_the_screen_locks() {
    sealed(|| {
        let mut desktop = Desktop::start();
        let _system = bus::system_bus(&mut desktop);
        let logind = Logind::start(&bus::system_address(&desktop));
        let savers = ["org.gnome.ScreenSaver", "org.freedesktop.ScreenSaver"];
        let speaker = Speaker::on(&bus::session_address(&desktop), &savers);
        let person = Person::begin(&desktop);
        propose(&desktop, "something to unlock for");
        person.open_proposal("echo");
        until_so("the app listens", || lacks(&person.window, "no_lock_signals").is_none());

        let unlock = || {
            person.unlock();
            assert_eq!(key_state(&person.window), "unlocked");
        };
        let locked = |why: &str| until_so(why, || key_state(&person.window) == "locked");
        unlock();
        assert_eq!(logind.delays(), 1, "the machine waits for the key before it sleeps");
        logind.sleep();
        assert_eq!(key_state(&person.window), "locked", "by the time that the machine sleeps");
        logind.wake();
        until_so("it would wait again", || logind.delays() == 1);
        unlock();
        logind.lock_session("ours");
        locked("it locks with the session");
        unlock();
        for interface in [
            "org.gnome.ScreenSaver",
            "org.freedesktop.ScreenSaver",
            "org.cinnamon.ScreenSaver",
            "org.mate.ScreenSaver",
            "org.xfce.ScreenSaver",
        ] {
            speaker.signal("/org/gnome/ScreenSaver", interface, "ActiveChanged", &true);
            locked("it locks with the screen");
            unlock();
        }
        // Neither the end of a lock nor the session of somebody else locks it.
        speaker.signal("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", &false);
        logind.lock_session("theirs");
        logind.wake();
        until_so("all of that was heard", || logind.delays() == 2);
        assert_eq!(key_state(&person.window), "unlocked");
        // That nobody says it any more is said, and whoever comes back counts.
        drop(logind);
        until_so("the app says so", || lacks(&person.window, "no_lock_signals").is_some());
        let logind = Logind::start(&bus::system_address(&desktop));
        until_so("the app listens again", || lacks(&person.window, "no_lock_signals").is_none());
        until_so("it would wait again", || logind.delays() == 1);
        logind.sleep();
        locked("it locks as before");
        person.window.close();
    });
}

#[test]
fn only_logind_says_that_the_machine_sleeps() {
    sealed(|| {
        let mut desktop = Desktop::start();
        let _system = bus::system_bus(&mut desktop);
        let logind = Logind::start(&bus::system_address(&desktop));
        let _saver = Speaker::on(&bus::session_address(&desktop), &["org.gnome.ScreenSaver"]);
        let person = Person::begin(&desktop);
        propose(&desktop, "something to unlock for");
        person.open_proposal("echo");
        until_so("the app listens", || lacks(&person.window, "no_lock_signals").is_none());
        person.unlock();
        until_so("the machine waits for the key", || logind.held() == 1);

        // As another user of the machine can: to the app alone, whatever it listens to.
        let stranger = Speaker::on(&bus::system_address(&desktop), &[]);
        let (manager, session) = ("org.freedesktop.login1.Manager", "org.freedesktop.login1.Session");
        let gone = ("org.freedesktop.login1", ":1.0", "");
        stranger.signal_each("/org/freedesktop/login1", manager, "PrepareForSleep", &true);
        stranger.signal_each("/org/freedesktop/login1/session/ours", session, "Lock", &());
        stranger.signal_each("/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged", &gone);
        stranger.signal("/org/freedesktop/login1", manager, "PrepareForSleep", &true);
        logind.wake();
        until_so("all of that was heard", || logind.delays() == 2);
        assert_eq!(key_state(&person.window), "unlocked");
        assert_eq!(logind.held(), 1, "the machine waits for the key as before");
        assert_eq!(lacks(&person.window, "no_lock_signals"), None);
        logind.sleep();
        assert_eq!(key_state(&person.window), "locked");
        person.window.close();
    });
}
