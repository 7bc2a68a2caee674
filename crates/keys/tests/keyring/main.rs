//! Our keys against a real Secret Service, in every state that one can be in.
//!
//! Each test starts its own bus, gnome-keyring and, for prompts, X server,
//! and runs the keys in a child process (this program again) with that
//! environment. A program that is missing fails the test and says so.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::print_stdout, reason = "the child answers on it")]

mod child;
mod desktop;

use child::Child;
use desktop::{Bus, Desktop};
use libtest_mimic::{Arguments, Failed, Trial};

const GOOD: &str = "correct horse battery";

fn main() {
    if std::env::var_os(child::MARK).is_some() {
        return child::run();
    }
    let test = |name: &str, body: fn()| {
        Trial::test(name, move || {
            body();
            Ok::<(), Failed>(())
        })
    };
    let tests = vec![
        test("without_a_bus_keys_go_to_a_file_that_says_so", without_a_bus),
        test("on_a_bus_without_a_keyring_keys_go_to_a_file_that_says_so", bus_without_keyring),
        test("a_keyring_without_a_collection_means_a_file_that_says_so", no_collection),
        test("an_unlocked_keyring_keeps_keys_over_restarts", unlocked_round_trip),
        test("a_keyring_that_appears_later_is_used_when_asked_for", appearing_later),
        test("a_keyring_that_restarts_is_found_again", restarting),
        test("a_locked_keyring_without_a_display_refuses_and_the_app_goes_on", locked_without_display),
        test("a_prompt_that_nobody_answers_times_out_and_the_process_can_end", unanswered_prompt),
        test("a_prompt_that_is_answered_late_frees_the_keyring", answered_late),
        test("nothing_is_stored_behind_a_caller_who_has_left", nothing_behind_the_back),
        test("nothing_is_deleted_behind_a_caller_who_has_left", nothing_deleted_behind_the_back),
        test("two_profiles_do_not_touch_each_other", two_profiles),
        test("a_second_item_of_our_name_is_not_guessed_at", second_item),
        test("a_hardened_process_cannot_dump_or_be_traced", hardened),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn without_a_bus() {
    let desktop = Desktop::new(Bus::None);
    let mut keys = Child::start(&desktop, 10);
    keys.refuses("look", "no keyring answers");
    assert_eq!(keys.ask("create"), "file NoKeyring");
    assert_eq!(keys.ask("device"), "file NoKeyring");
    keys.unlocks(GOOD);
    keys.refuses("move-to-keyring", "no keyring answers");
    keys.unlocks(GOOD);
}

fn bus_without_keyring() {
    let desktop = Desktop::new(Bus::Bare);
    let mut keys = Child::start(&desktop, 10);
    assert_eq!(keys.ask("create"), "file NoKeyring");
    keys.unlocks(GOOD);
}

fn no_collection() {
    let mut desktop = Desktop::new(Bus::Bare);
    desktop.start_keyring(None);
    let mut keys = Child::start(&desktop, 10);
    keys.refuses("look", "no default keyring");
    assert_eq!(keys.ask("create"), "file NoCollection");
    keys.unlocks(GOOD);
}

fn unlocked_round_trip() {
    let mut desktop = Desktop::new(Bus::Bare);
    desktop.start_keyring(Some("login"));
    let mut keys = Child::start(&desktop, 10);
    assert_eq!(keys.ask("look"), "ready");
    assert_eq!(keys.ask("create"), "keyring");
    assert_eq!(keys.ask("device"), "keyring");
    let public = keys.unlocks(GOOD);
    assert_eq!(desktop.key_files(), ["keys.json", "keys.lock"]);
    keys.refuses("unlock wrong horse battery", "wrong passphrase");
    keys.end();

    // Another process, the same keys.
    let mut keys = Child::start(&desktop, 10);
    assert_eq!(keys.unlocks(GOOD), public);
    assert_eq!(keys.ask("device"), "keyring");
    assert_eq!(keys.ask("change-passphrase another good one"), "done");
    keys.refuses(&format!("unlock {GOOD}"), "wrong passphrase");
    assert_eq!(keys.unlocks("another good one"), public);
    assert_eq!(keys.ask("move-to-file"), "done");
    assert_eq!(desktop.key_files(), ["device-key", "key-ring", "keys.json", "keys.lock"]);
    assert_eq!(keys.ask("look-in-keyring"), "nothing");
    assert_eq!(keys.unlocks("another good one"), public);
    assert_eq!(keys.ask("move-to-keyring"), "done");
    assert_eq!(keys.ask("delete"), "done");
    assert_eq!(keys.ask("look-in-keyring"), "nothing");
    assert_eq!(keys.ask("create"), "keyring");
}

fn appearing_later() {
    let mut desktop = Desktop::new(Bus::Bare);
    let mut keys = Child::start(&desktop, 10);
    assert_eq!(keys.ask("create"), "file NoKeyring");
    let public = keys.unlocks(GOOD);
    desktop.start_keyring(Some("login"));

    // Not silently: it stays where it was until somebody asks.
    assert_eq!(keys.unlocks(GOOD), public);
    assert_eq!(keys.ask("where"), "file NoKeyring");
    assert_eq!(keys.ask("look-in-keyring"), "nothing");
    assert_eq!(keys.ask("move-to-keyring"), "done");
    assert_eq!(keys.ask("where"), "keyring");
    assert_eq!(keys.ask("look-in-keyring"), "something");
    assert_eq!(desktop.key_files(), ["keys.json", "keys.lock"]);
    assert_eq!(keys.unlocks(GOOD), public);
}

fn restarting() {
    let mut desktop = Desktop::new(Bus::Bare);
    desktop.start_keyring(Some("login"));
    let mut keys = Child::start(&desktop, 10);
    assert_eq!(keys.ask("create"), "keyring");
    let public = keys.unlocks(GOOD);
    desktop.stop_keyring();
    keys.refuses(&format!("unlock {GOOD}"), "no keyring answers");
    desktop.start_keyring(Some("login"));
    assert_eq!(keys.unlocks(GOOD), public);
}

fn locked_without_display() {
    let mut desktop = Desktop::new(Bus::Bare);
    desktop.start_keyring(Some("login"));
    let mut keys = Child::start(&desktop, 30);
    assert_eq!(keys.ask("create"), "keyring");
    keys.ask("lock-keyring");
    keys.refuses(&format!("unlock {GOOD}"), "the keyring is locked");
    assert_eq!(keys.ask("where"), "keyring");
    // There is no second device key behind a lock: it goes to a file, and says why.
    assert_eq!(keys.ask("device"), "file Locked");
}

fn unanswered_prompt() {
    let mut desktop = Desktop::new(Bus::WithPrompts);
    desktop.start_keyring(Some("login"));
    let mut keys = Child::start(&desktop, 2);
    assert_eq!(keys.ask("create"), "keyring");
    keys.ask("lock-keyring");
    // A look prompts for nothing, so it has its answer at once.
    keys.refuses("look", "the keyring is locked");
    keys.refuses(&format!("unlock {GOOD}"), "did not answer within 2 s");
    // It really was a prompt that kept it, and it still stands there.
    desktop.await_prompt();
    keys.refuses(&format!("unlock {GOOD}"), "an earlier prompt of it waits");
    keys.refuses("look-in-keyring", "an earlier prompt of it waits");
    // Everything that needs no keyring goes on, and the process ends with the thread still waiting.
    assert_eq!(keys.ask("where"), "keyring");
    assert_eq!(keys.ask("device"), "file Locked");
    keys.end();
}

fn answered_late() {
    let mut desktop = Desktop::new(Bus::WithPrompts);
    desktop.start_keyring(Some("login"));
    let mut keys = Child::start(&desktop, 2);
    assert_eq!(keys.ask("create"), "keyring");
    keys.ask("lock-keyring");
    keys.refuses(&format!("unlock {GOOD}"), "did not answer within 2 s");
    desktop.await_prompt();
    desktop.type_into_prompt("login");
    keys.until_not_busy(&format!("unlock {GOOD}"));
}

fn nothing_behind_the_back() {
    let mut desktop = Desktop::new(Bus::WithPrompts);
    desktop.start_keyring(Some("login"));
    let mut keys = Child::start(&desktop, 2);
    keys.ask("lock-keyring");
    // The write waits for the prompt, its caller leaves for a file, then the prompt is answered.
    assert_eq!(keys.ask("create"), "file Locked");
    desktop.await_prompt();
    desktop.type_into_prompt("login");
    assert_eq!(keys.until_not_busy("look-in-keyring"), "nothing");
    keys.unlocks(GOOD);
}

fn nothing_deleted_behind_the_back() {
    let mut desktop = Desktop::new(Bus::WithPrompts);
    desktop.start_keyring(Some("login"));
    let mut keys = Child::start(&desktop, 2);
    assert_eq!(keys.ask("create"), "keyring");
    keys.ask("lock-keyring");
    keys.refuses("delete", "did not answer within 2 s");
    desktop.await_prompt();
    desktop.type_into_prompt("login");
    assert_eq!(keys.until_not_busy("look-in-keyring"), "something");
    keys.unlocks(GOOD);
}

fn two_profiles() {
    let mut desktop = Desktop::new(Bus::Bare);
    desktop.start_keyring(Some("login"));
    let mut keys = Child::start(&desktop, 10);
    assert_eq!(keys.ask("create"), "keyring");
    assert_eq!(keys.ask("look-in-keyring-of test"), "something");
    for other in ["other", "tes", "test/", "key-ring/test", ""] {
        assert_eq!(keys.ask(&format!("look-in-keyring-of {other}")), "nothing", "{other}");
        assert_eq!(keys.ask(&format!("empty-keyring-of {other}")), "done", "{other}");
    }
    keys.unlocks(GOOD);
}

fn second_item() {
    let mut desktop = Desktop::new(Bus::Bare);
    desktop.start_keyring(Some("login"));
    let mut keys = Child::start(&desktop, 10);
    assert_eq!(keys.ask("create"), "keyring");
    keys.ask("plant-second-item");
    keys.refuses(&format!("unlock {GOOD}"), "two items of that name");
    keys.refuses("change-passphrase another good one", "two items of that name");
    keys.refuses("delete", "two items of that name");
}

fn hardened() {
    let desktop = Desktop::new(Bus::None);
    let mut keys = Child::start(&desktop, 10);
    assert_ne!(keys.ask("dumpable"), "NotDumpable");
    assert_eq!(keys.ask("harden"), "done");
    assert_eq!(keys.ask("dumpable"), "NotDumpable");
    assert_eq!(keys.ask("core-limit"), "Some(0) Some(0)");
}
