//! From nothing to a receipt, by the keyboard alone.

use std::time::Instant;

use countersign_tests::person::{NAME, PASSPHRASE};
use countersign_tests::until::until_so;
use countersign_tests::window::key;
use countersign_tests::{Desktop, Keyboard, Person, gate, sealed};

use crate::data;

#[test]
fn the_first_start_goes_from_nothing_to_a_receipt_by_keys_alone() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::open(&desktop);
        let window = &person.window;
        let keys = Keyboard::of(window);
        let begun = Instant::now();

        keys.to("setup-name");
        keys.write_anew(NAME);
        keys.to("setup-device");
        keys.write_anew("desk");
        keys.to("setup-pass");
        keys.write(PASSPHRASE);
        keys.to("setup-pass2");
        keys.write(PASSPHRASE);
        keys.to("setup-place-keyring");
        keys.press(&[], " ");
        let words = person.words_above("setup-understood");
        keys.to("setup-understood");
        keys.write(&words);
        keys.use_part("setup-make");

        // The first backup is saved with the key: what is read is where it lies.
        let backup = window.part("backup-path").text();
        assert!(!gate::text(backup.as_ref()).is_empty(), "{backup}");
        keys.wait_at("setup-skip-backup");
        keys.enter();

        keys.to("setup-gate-pass");
        keys.write(PASSPHRASE);
        keys.enter();

        keys.use_part("practice-begin");
        window.part_saying("coach", "1 of 2");
        let notes = data(&desktop).join("practice/notes");
        assert_eq!(std::fs::read_dir(&notes).unwrap().count(), 2);
        // Single keys sleep until the sheet was on the screen for a moment.
        until_so("it asks why", || {
            if !window.has("comment") {
                keys.press(&[], "d");
            }
            window.has("comment")
        });
        keys.write("Nobody asked to delete them.");
        keys.press(&[key::CONTROL], key::ENTER);
        person.strip_saying("Denied");
        keys.use_part("practice-next");

        window.part_saying("coach", "2 of 2");
        keys.use_part("unlock-open");
        keys.wait_at("unlock-pass");
        keys.write(PASSPHRASE);
        keys.enter();
        until_so("the key is unlocked", || !window.has("unlock-pass"));
        until_so("every row was on the screen", || {
            let ready = window.parts("approve").first().and_then(|it| it.try_attribute("data-state"));
            if ready.as_deref() == Some("ready") {
                return true;
            }
            if window.has("unseen-go") {
                keys.press(&[], key::PAGE_DOWN);
            }
            false
        });
        keys.press(&[key::CONTROL], key::ENTER);
        assert_eq!(person.receipt(), ["done"]);
        let took = begun.elapsed();
        println!("{} keys and texts, {:.1} s", keys.steps(), took.as_secs_f64());

        window.part_saying("coach", "Done, and here is the receipt");
        keys.use_part("practice-next");
        keys.use_part("practice-end");
        until_so("the guidance is gone", || !window.has("coach"));
        let greeting = gate::text(&data(&desktop).join("practice/hello.txt"));
        assert!(greeting.starts_with("Hello!"), "{greeting:?}");
        assert_eq!(std::fs::read_dir(&notes).unwrap().count(), 2, "what was refused was not deleted");
        person.window.close();
    });
}
