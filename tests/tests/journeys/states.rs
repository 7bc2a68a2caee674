//! What went wrong, and what only looks like a proposal: shown as what it is.

use std::os::unix::fs::PermissionsExt as _;

use countersign_tests::person::{NAME, PASSPHRASE};
use countersign_tests::until::until_so;
use countersign_tests::window::key;
use countersign_tests::{Keyboard, Person, gate, sealed};
use rustix::process::Signal;

use crate::{data, go, open, propose, row_saying, set_up};

#[test]
fn an_unknown_outcome_is_settled_by_keys_alone() {
    sealed(|| {
        let (desktop, person) = set_up();
        gate::stop(&desktop);
        let mut running = gate::start_gate(&desktop);
        let begun = desktop.path("begun");
        let script = format!("echo begun >> {}; exec sleep 600", begun.display());
        let digest = propose(&desktop, &["run", "--", "sh", "-c", &script]);
        open(&person, &digest);
        person.window.part_saying("document", "begun");
        person.unlock();
        person.approve_by_key();
        until_so("it has begun", || gate::text(&begun) == "begun\n");
        running.signal(Signal::KILL);
        running.wait();
        let _running = gate::start_gate(&desktop);

        person.strip_saying("It may have run");
        row_saying(&person, &digest, "Outcome unknown");
        let keys = Keyboard::of(&person.window);
        keys.to_css("#found");
        keys.write("The file has its line.");
        keys.use_part("resolve-ran");
        // It is signed, and what was signed last locked the key. What was written stays meanwhile.
        keys.wait_at("unlock-pass");
        keys.write(PASSPHRASE);
        keys.enter();
        until_so("the key is unlocked", || !person.window.has("unlock-pass"));
        // To unlock records nothing.
        person.window.part_saying("resolve-again", "Press It ran again");
        row_saying(&person, &digest, "Outcome unknown");
        keys.use_part("resolve-ran");
        person.strip_saying("it ran");
        row_saying(&person, &digest, "Recorded: it ran");
        person.window.part_saying("resolution", NAME);
        person.window.part_saying("finding", "The file has its line.");
        // What was found is kept with it, and found by it.
        go(&person, "activity");
        person.window.part("activity-query").replace_text("file has its line");
        person.window.part_saying("activity-row", "In what you found out");
        assert_eq!(gate::text(&begun), "begun\n", "it was not begun again");
        person.close();

        let person = Person::open(&desktop);
        open(&person, &digest);
        person.strip_saying("it ran");
        person.window.part_saying("finding", "The file has its line.");
        person.close();
    });
}

#[test]
fn what_is_not_all_here_is_refused_until_the_rest_arrives() {
    sealed(|| {
        let (desktop, person) = set_up();
        gate::stop(&desktop);
        let running = gate::start_gate(&desktop);
        person.close();
        // Longer than what a proposal carries itself.
        let source = desktop.path("long.txt");
        std::fs::write(&source, "a long line that repeats itself\n".repeat(2000)).unwrap();
        let write = format!("{}={}", desktop.path("written.txt").display(), source.display());
        let digest = propose(&desktop, &["apply", "--write", &write]);
        running.stop();
        let blobs = data(&desktop).join("spool/reviewer/blobs");
        let withheld: Vec<_> = std::fs::read_dir(&blobs).unwrap().flatten().map(|it| it.path()).collect();
        assert!(!withheld.is_empty());
        withheld.iter().for_each(|path| std::fs::remove_file(path).unwrap());

        let person = Person::open(&desktop);
        open(&person, &digest);
        person.strip_saying("not arrived");
        row_saying(&person, &digest, "Not all here yet");
        assert!(!person.window.has("approve") && !person.window.has("document"));
        assert!(person.window.has("deny"), "it can be refused all the same");
        // The gate sends the rest by itself.
        let _running = gate::start_gate(&desktop);
        person.window.part_saying("document", "a long line");
        until_so("it waits as any other", || !person.window.has("state-strip"));
        person.close();
    });
}

#[test]
fn failed_replaced_expired_and_forged_are_shown_as_what_they_are() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        // What ran and says of itself that it went wrong did run: the receipt says how it ended.
        let wrong = propose(&desktop, &["run", "--", "sh", "-c", "echo half done; exit 3"]);
        open(&person, &wrong);
        window.part_saying("document", "half done");
        person.unlock();
        person.approve_by_key();
        window.part_saying("receipt", "Ended with status 3");
        window.part_saying("receipt", "half done");
        person.strip_saying("Ended with status 3");
        row_saying(&person, &wrong, "Ended with status 3");
        // What could not even begin, though it was approved, has failed.
        let script = desktop.path("script");
        std::fs::write(&script, "\x7fELF and nothing else\n").unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        let failing = propose(&desktop, &["run", "--", &script.to_string_lossy()]);
        open(&person, &failing);
        window.part_saying("document", "script");
        person.unlock();
        person.approve_by_key();
        assert_eq!(person.receipt(), ["failed"]);
        person.strip_saying("failed");
        row_saying(&person, &failing, "Failed");

        let older = propose(&desktop, &["run", "--", "echo", "the first try"]);
        open(&person, &older);
        window.part_saying("document", "the first try");
        let newer = propose(&desktop, &["run", "--supersedes", &older, "--", "echo", "the second try"]);
        person.strip_saying("A newer version replaced");
        assert!(!window.has("approve") && !window.has("deny"));
        window.part("open-newer").click();
        window.part_saying("document", "the second try");
        window.wait_for_text("This replaced an earlier version");
        row_saying(&person, &older, "Replaced");
        row_saying(&person, &newer, "root");

        let short = propose(&desktop, &["run", "--expires", "3s", "--", "echo", "too late"]);
        open(&person, &short);
        window.part_saying("document", "too late");
        person.strip_saying("Expired");
        assert!(!window.has("approve") && !window.has("deny"));
        window.press(&[key::CONTROL], &[key::ENTER]);
        row_saying(&person, &short, "Expired");

        // An envelope whose signature is not the gate's, under the name of what it says.
        let real = std::fs::read_dir(data(&desktop).join("spool/reviewer/cur")).unwrap().flatten();
        let real = real.map(|it| it.path()).find(|it| it.to_string_lossy().contains(&older)).unwrap();
        let mut forged = countersign_core::json::parse(&std::fs::read(&real).unwrap()).unwrap();
        let signature = forged["signatures"][0]["sig"].as_str().unwrap();
        let other = if signature.starts_with('A') { "B" } else { "A" };
        forged["signatures"][0]["sig"] = format!("{other}{}", &signature[1..]).into();
        let name = real.file_name().unwrap();
        let new = data(&desktop).join("spool/reviewer/new").join(name);
        std::fs::write(&new, forged.to_string()).unwrap();
        let row = "[data-testid=\"section-evidence\"] [data-testid=\"queue-row\"]";
        window.css(row).click();
        window.part_saying("evidence", "cannot be approved");
        for part in ["approve", "deny", "request-changes", "document", "sheet-headline"] {
            assert!(!window.has(part), "{part} of what is no proposal");
        }
        person.close();
    });
}
