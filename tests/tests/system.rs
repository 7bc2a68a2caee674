//! The app at home in a desktop: notifications, the tray, locks, settings, one window for all. Through the
//! real window, on a private desktop, with a real keyring, a real notification daemon and the real gate.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use countersign_tests::bus::{self, Logind, Speaker};
use countersign_tests::notifications::{self, Daemon};
use countersign_tests::process::Process;
use countersign_tests::tray::Tray;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, Window, gate, programs, sealed, until};
use rustix::process::Signal;
use serde_json::{Value, json};

/// A key and a gate, and the person at the window.
fn set_up(desktop: &Desktop) -> Person {
    let person = Person::open(desktop);
    person.set_up();
    gate::wait(desktop);
    person
}

/// Calls a command as the page does.
#[track_caller]
fn invoke(window: &Window, command: &str, arguments: &Value) -> Value {
    let call = format!("return window.__TAURI_INTERNALS__.invoke({command:?}, {arguments});");
    window.script(&call)
}

/// Sets some preferences, as the page does.
#[track_caller]
fn prefer(window: &Window, changes: &Value) -> Value {
    let mut wanted = invoke(window, "preferences", &json!({}));
    for (name, value) in changes.as_object().unwrap() {
        wanted[name] = value.clone();
    }
    invoke(window, "set_preferences", &json!({ "preferences": wanted }))
}

fn key_state(window: &Window) -> String {
    invoke(window, "state", &json!({}))["key"]["state"].as_str().unwrap().to_owned()
}

/// What the desktop does not offer, if it does not.
fn lacks(window: &Window, what: &str) -> Option<String> {
    invoke(window, "desktop", &json!({}))[what].as_str().map(str::to_owned)
}

/// Proposes to print `text`, and does not wait for an answer.
fn propose(desktop: &Desktop, text: &str) {
    let made = gate::output(desktop, &["run", "--no-wait", "--", "echo", text]);
    assert_eq!(made.status.code(), Some(98), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Whether there is a window of the app that a person can see.
fn is_visible(desktop: &Desktop) -> bool {
    let mut look = desktop.command("xdotool");
    look.args(["search", "--onlyvisible", "--name", "^Countersign$"]);
    !desktop.output(&mut look).stdout.is_empty()
}

/// Closes the window as the key for it does: by its frame.
#[track_caller]
fn close_by_frame(desktop: &Desktop) {
    let search = ["search", "--onlyvisible", "--name", "^Countersign$"];
    until_so("the frame is closed", || {
        let id = desktop.output(desktop.command("xdotool").args(search)).stdout;
        let id = String::from_utf8_lossy(&id).into_owned();
        let Some(id) = id.lines().next() else { return true };
        // A frame that has no focus yet does not hear the key; one that is going is not there to have it.
        desktop.output(desktop.command("xdotool").args(["windowactivate", id.trim()]));
        desktop.output(desktop.command("xdotool").args(["key", "alt+F4"]));
        (0..20).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            !is_visible(desktop)
        })
    });
}

fn wait_for_tray(window: &Window) {
    until_so("the app knows of the tray", || lacks(window, "no_tray").is_none());
}

#[test]
fn a_notification_is_seen_opened_and_signed() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let person = set_up(&desktop);
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
        let person = set_up(&desktop);
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
        let person = set_up(&desktop);
        notifications::stop(&desktop);
        propose(&desktop, "first");
        propose(&desktop, "second");
        until_so("both are in the queue", || person.window.parts("queue-row").len() == 2);
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
        let person = set_up(&desktop);
        let dunst = bus::signal_owner(&desktop, "org.freedesktop.Notifications", Signal::STOP);
        propose(&desktop, "first");
        propose(&desktop, "second");
        until_so("both are in the queue", || person.window.parts("queue-row").len() == 2);
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
        let person = set_up(&desktop);
        propose(&desktop, "decided elsewhere");
        daemon.wait_for("wants to run a program");
        person.open_proposal("echo");
        person.deny("Not now.");
        until_so("nothing is on the screen", || daemon.on_screen().is_none());
        person.window.close();
    });
}

#[test]
fn levels_names_and_quiet_hours_are_kept_to() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let person = set_up(&desktop);
        // From an hour ago to an hour from now, over midnight where it must be.
        let minute = desktop.run("date", &["+%H %M"]);
        let (hour, minute) = minute.trim().split_once(' ').unwrap();
        let now: i64 = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
        let at = |minutes: i64| (now + minutes).rem_euclid(24 * 60);
        prefer(&person.window, &json!({ "quiet": { "from": at(-60), "to": at(60) } }));
        propose(&desktop, "in the quiet hours");
        propose(&desktop, "in them, too");
        until_so("both are in the queue", || person.window.parts("queue-row").len() == 2);
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
        until_so("it is in the queue", || person.window.parts("queue-row").len() == 4);
        invoke(&person.window, "try_notification", &json!({}));
        assert_eq!(daemon.shown().len(), 4, "{:?}", daemon.shown());
        person.window.close();
    });
}

#[test]
fn everything_is_halted_from_the_tray_and_the_gate_obeys() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let tray = Tray::start(&desktop);
        let person = set_up(&desktop);
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
        let person = set_up(&desktop);
        propose(&desktop, "something to unlock for");
        person.open_proposal("echo");
        person.unlock();
        tray.click("Lock key");
        until_so("the key is locked", || key_state(&person.window) == "locked");
        tray.wait_for("The key is locked");
        let app = app_process();
        tray.click("Quit");
        until_so("the app has ended", || !Path::new(&app).exists());
    });
}

/// The folder of the app's process.
fn app_process() -> String {
    let is_app = |name: &str| {
        let line = std::fs::read(format!("/proc/{name}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).next().is_some_and(|it| it.ends_with(b"/countersign-app"))
    };
    let names = fs::read_dir("/proc").unwrap().flatten().filter_map(|it| it.file_name().into_string().ok());
    format!("/proc/{}", names.filter(|name| is_app(name)).last().expect("the app runs"))
}

#[test]
fn closed_to_the_tray_it_goes_on_and_nothing_is_armed() {
    sealed(|| {
        let desktop = Desktop::start();
        let daemon = Daemon::instead(&desktop);
        let tray = Tray::start(&desktop);
        let person = set_up(&desktop);
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
        let app = app_process();
        let mut raise = desktop.command(programs::app());
        assert!(desktop.output(&mut raise).status.success());
        until_so("it is in front", || is_visible(&desktop));
        close_by_frame(&desktop);
        until_so("closing ends the app where there is no tray", || !Path::new(&app).exists());
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

#[test]
fn a_second_start_brings_the_first_to_the_front_and_does_nothing_else() {
    sealed(|| {
        let desktop = Desktop::start();
        let tray = Tray::start(&desktop);
        let person = set_up(&desktop);
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

/// Whether the app with this number has come so far that it asks whether another one runs.
fn asks_and_waits(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let names = threads.filter_map(|it| fs::read_to_string(it.path().join("comm")).ok());
    // Its clock starts just before it asks.
    names.into_iter().any(|name| name.trim() == "second-start")
}

#[test]
fn a_start_while_the_first_one_is_dying_is_a_start_of_its_own() {
    sealed(|| {
        let mut desktop = Desktop::start();
        let mut first = desktop.start_command("first", &mut desktop.command(programs::app()));
        until_so("it is on the screen", || is_visible(&desktop));
        first.signal(Signal::STOP);
        desktop.set("COUNTERSIGN_LOG", "info");
        let mut second = desktop.start_command("second", &mut desktop.command(programs::app()));
        until_so("the second waits for an answer", || asks_and_waits(second.id()));
        first.kill();
        until_so("the second takes its place", || is_visible(&desktop));
        assert!(second.log().contains("started anew"), "it had asked the first: {}", second.log());
        assert_eq!(second.ended(), None);
        second.kill();
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
        let person = set_up(&desktop);
        prefer(&person.window, &json!({ "autostart": true }));
        assert!(!ours(&desktop.home()).is_empty());
        let app = app_process();
        let words = json!({ "words": "remove everything" });
        assert_eq!(invoke(&person.window, "remove_all", &words), Value::Null);
        until_so("the app has ended", || !Path::new(&app).exists());
        let left = ours(&desktop.home());
        // The copy of the key that a person was told to keep.
        let left: Vec<_> = left.iter().filter(|it| !it.contains("backup")).collect();
        assert!(left.is_empty(), "{left:#?}");
    });
}

#[test]
fn the_key_locks_when_the_machine_sleeps_and_when_the_screen_locks() {
    sealed(|| {
        let mut desktop = Desktop::start();
        let _system = bus::system_bus(&mut desktop);
        let logind = Logind::start(&bus::system_address(&desktop));
        let savers = ["org.gnome.ScreenSaver", "org.freedesktop.ScreenSaver"];
        let speaker = Speaker::on(&bus::session_address(&desktop), &savers);
        let person = set_up(&desktop);
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
fn without_any_bus_the_app_works_and_says_what_it_cannot() {
    sealed(|| {
        let mut desktop = Desktop::start();
        desktop.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
        desktop.set("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/system");
        let person = set_up(&desktop);
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
        let person = set_up(&desktop);
        let why = lacks(&person.window, "no_tray").unwrap();
        assert!(why.contains("libayatana-appindicator3-1"), "{why}");
        assert!(!person.window.log().contains("panicked"), "{}", person.window.log());
        drop(tray);
        person.window.close();
    });
}

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
        std::fs::write(&file, broken).unwrap();
        let person = Person::open(&desktop);
        daemon.wait_for("settings could not be read");
        assert_eq!(invoke(&person.window, "preferences", &json!({}))["theme"], "system");
        prefer(&person.window, &json!({ "theme": "light" }));
        let aside = file.with_extension("unreadable-1.json");
        assert_eq!(std::fs::read_to_string(aside).unwrap(), broken);
        person.window.close();
        let person = Person::open(&desktop);
        assert_eq!(invoke(&person.window, "preferences", &json!({}))["theme"], "light");
        person.window.close();
    });
}

#[test]
fn it_starts_with_the_session_behind_everything() {
    sealed(|| {
        let desktop = Desktop::start();
        let tray = Tray::start(&desktop);
        let person = set_up(&desktop);
        wait_for_tray(&person.window);
        prefer(&person.window, &json!({ "close_to_tray": true, "autostart": true }));
        let entry = desktop.home().join(".config/autostart/app.countersign.desktop");
        let text = std::fs::read_to_string(&entry).unwrap();
        let exec = text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap().to_owned();
        let app = app_process();
        person.window.close();
        until_so("it has ended", || !Path::new(&app).exists());

        // As a session does, which reads the line like a shell where nothing is special in the path.
        let _started = desktop.start_command("autostart", desktop.command("sh").args(["-c", &exec]));
        let line = until("the tray has its icon", || {
            tray.menu().into_iter().find(|it| it.text.contains("Open Countersign"))
        });
        assert!(line.enabled && !is_visible(&desktop));
        tray.click("Open Countersign");
        until_so("it is in front", || is_visible(&desktop));
        // Where a person removed the entry on the desktop, it is off.
        std::fs::remove_file(&entry).unwrap();
        tray.click("Quit");
        let person = Person::open(&desktop);
        assert_eq!(invoke(&person.window, "preferences", &json!({}))["autostart"], false);
        assert!(!entry.exists());
        person.window.close();
    });
}

#[test]
fn the_window_comes_back_where_it_was_and_never_where_nobody_sees_it() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::open(&desktop);
        let id = || {
            let found = desktop.run("xdotool", &["search", "--onlyvisible", "--name", "^Countersign$"]);
            found.lines().next().unwrap().trim().to_owned()
        };
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
        let app = app_process();
        close_by_frame(&desktop);
        until_so("it has ended", || !Path::new(&app).exists());
        drop(person);
        let file = desktop.home().join(".local/share/countersign/app/window.json");
        let kept = std::fs::read(&file).unwrap();

        let person = Person::open(&desktop);
        until_so("it has its size", || place().2 == was.2 && place().3 == was.3);
        let near = |a: i64, b: i64| (a - b).abs() <= 40;
        until_so("it has its place", || near(place().0, was.0) && near(place().1, was.1));
        let app = app_process();
        close_by_frame(&desktop);
        until_so("it has ended", || !Path::new(&app).exists());
        drop(person);

        // The screen that it was on is gone.
        let mut kept: Value = countersign_core::json::parse_foreign(&kept).unwrap();
        kept["main"]["x"] = json!(5000);
        kept["main"]["y"] = json!(-3000);
        std::fs::write(&file, kept.to_string()).unwrap();
        let person = Person::open(&desktop);
        until_so("it is on the screen", || {
            let (x, y, _, _) = place();
            (0..1280 - 100).contains(&x) && (0..800 - 24).contains(&y)
        });
        drop(person);
    });
}
