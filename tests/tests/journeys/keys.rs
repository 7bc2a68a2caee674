//! The key's own ways: another passphrase, a backup, deleted, restored, and used again.

use countersign_tests::person::{NAME, PASSPHRASE};
use countersign_tests::until::until_so;
use countersign_tests::{Person, gate, sealed};

use crate::{go, open, propose, set_up};

const NEXT: &str = "nine purple staplers hum";

/// Tries to unlock; whether it did.
#[track_caller]
fn unlocks(person: &Person, passphrase: &str) -> bool {
    let window = &person.window;
    if !window.has("unlock-pass") {
        window.part("page-unlock").click();
    }
    // After a wrong one the next try waits for a while.
    window.part("unlock-go").wait_enabled();
    window.part("unlock-pass").type_text(passphrase);
    window.part("unlock-go").click();
    until_so("it is answered", || !window.has("unlock-pass") || window.has("error"));
    !window.has("unlock-pass")
}

#[test]
fn a_key_gets_another_passphrase_is_backed_up_deleted_restored_and_signs() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        go(&person, "keys");
        let fingerprint = window.part("fingerprint").text();
        window.part("page-passphrase").click();
        window.part("old-pass").type_text(PASSPHRASE);
        window.part("new-pass").type_text(NEXT);
        window.part("new-pass2").type_text("something else by mistake");
        window.part("passphrase-go").wait_enabled().click();
        window.part_saying("error", "differ");
        window.part("old-pass").type_text(PASSPHRASE);
        window.part("new-pass").type_text(NEXT);
        window.part("new-pass2").type_text(NEXT);
        window.part("passphrase-go").wait_enabled().click();
        window.part_saying("toast", "The passphrase was changed");
        assert!(!unlocks(&person, PASSPHRASE), "the old one does not open it any more");
        assert!(unlocks(&person, NEXT));
        window.part("page-lock").click();

        window.part("page-backup").click();
        window.part("backup-pass").type_text(NEXT);
        window.part("backup-go").wait_enabled().click();
        let said = window.part_saying("toast", "An encrypted backup was saved").text();
        let path =
            said.split_whitespace().find(|word| word.starts_with('/')).expect("it says where").to_owned();
        let backup = gate::text(path.as_ref());
        assert!(!backup.is_empty(), "{path}");

        // Where it was saved is read before anything else.
        window.part_saying("toast", "An encrypted backup was saved");
        while let Some(dismiss) = window.all("[data-testid=\"toast\"] .close").first() {
            dismiss.try_click();
        }
        window.part("page-delete").click();
        let words = person.words_above("delete-words");
        window.part("delete-words").type_text(&words);
        window.part("delete-go").wait_enabled().click();
        window.part("restore-name").replace_text(NAME);
        window.part("restore-device").replace_text("desk");
        window.part("restore-file").type_text(&path);
        until_so("the file is read", || {
            window.script("return document.querySelector('[data-testid=restore-text]').value") == *backup
        });
        // The one from before the change opens with the passphrase of its time alone.
        window.part("restore-pass").type_text(PASSPHRASE);
        window.part("restore-go").wait_enabled().click();
        window.part("error");
        window.part("restore-pass").type_text(NEXT);
        window.part("restore-go").wait_enabled().click();
        assert_eq!(window.part("fingerprint").text(), fingerprint);

        // It signs what the gate takes, which knew it before.
        let digest = propose(&desktop, &["run", "--", "echo", "signed by what was restored"]);
        go(&person, "queue");
        open(&person, &digest);
        window.part_saying("document", "signed by what was restored");
        // A command cannot be taken back: the passphrase is for this very sheet.
        window.part("unlock-open").click();
        assert!(unlocks(&person, NEXT));
        person.approve_by_key();
        assert_eq!(person.receipt(), ["done"]);
        // And what needs no passphrase goes by the key of the device, which is there, too.
        let other = propose(&desktop, &["run", "--", "echo", "denied after that"]);
        open(&person, &other);
        window.part_saying("document", "denied after that");
        person.deny("No.");
        person.strip_saying("Denied");
        let told = gate::output(&desktop, &["wait", &other]);
        assert_eq!(told.status.code(), Some(84), "{told:?}");
        person.window.close();
    });
}
