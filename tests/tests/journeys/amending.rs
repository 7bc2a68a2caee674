//! A person writes a text of an agent anew, signs that, and the gate acts on exactly that.

use countersign_tests::person::PASSPHRASE;
use countersign_tests::until::until_so;
use countersign_tests::window::key;
use countersign_tests::{Keyboard, Person, gate, sealed};

use crate::{open, propose, row_saying, set_up};

#[test]
fn a_file_is_edited_signed_and_written_by_keys_alone() {
    sealed(|| {
        let (desktop, person) = set_up();
        let (target, source) = (desktop.path("answer.txt"), desktop.path("draft.txt"));
        std::fs::write(&source, "Use my token.\r\nIt works.\r\n").unwrap();
        let write = format!("{}={}", target.display(), source.display());
        let digest = propose(&desktop, &["apply", "--write", &write]);
        let other = propose(&desktop, &["run", "--", "echo", "another"]);
        open(&person, &digest);
        person.window.part_saying("document", "Use my token.");
        let keys = Keyboard::of(&person.window);
        // Answers count only once the sheet is armed.
        until_so("the editor is open", || {
            keys.press(&[], "e");
            person.window.has("edit-text")
        });
        keys.wait_at("edit-text");
        keys.write("Ask the owner.");
        keys.enter();
        // The result is a sheet at once.
        person.window.part_saying("document", "What you changed");
        person.window.part_saying("document", "Ask the owner.");
        keys.press(&[key::CONTROL], key::ENTER);
        until_so("the editor is closed", || !person.window.has("edit-text"));
        person.window.part_saying("with-changes", "With your changes");

        // Leaving it asks, and to stay leaves everything as it is.
        // Which of the two stands above is a matter of the second in which they expire.
        until_so("it is asked whether to leave", || {
            keys.press(&[], "k");
            keys.press(&[], "j");
            person.window.has("leave-stay")
        });
        keys.wait_at("leave-stay");
        keys.enter();
        until_so("it is asked no more", || !person.window.has("leave-dialog"));
        person.window.part_saying("document", "What you changed");

        until_so("a passphrase is asked for", || {
            keys.press(&[key::CONTROL], key::ENTER);
            person.window.has("unlock-pass")
        });
        keys.wait_at("unlock-pass");
        keys.write(PASSPHRASE);
        keys.enter();
        until_so("the key is unlocked", || !person.window.has("unlock-pass"));
        person.approve_by_key();
        assert_eq!(person.receipt(), ["done"]);
        // Exactly that: the person's line, the agent's others, and the agent's line ends.
        let expected = "Ask the owner.\r\nUse my token.\r\nIt works.\r\n";
        assert_eq!(std::fs::read_to_string(&target).unwrap(), expected);
        person.window.part_saying("receipt-amended", "your changes");
        person.strip_saying("Approved with changes");
        row_saying(&person, &digest, "approved with your changes");

        // The agent is told.
        let told = gate::output(&desktop, &["wait", &digest]);
        let err = String::from_utf8_lossy(&told.stderr).into_owned();
        assert_eq!(told.status.code(), Some(0), "{err}");
        assert!(err.contains("their text, not yours") && err.contains("+Ask the owner.\\u{d}"), "{err}");
        person.close();

        // It is shown so after a restart as well, and the other one was never touched.
        let person = Person::open(&desktop);
        open(&person, &digest);
        person.window.part_saying("document", "What you changed");
        row_saying(&person, &other, "echo");
        person.close();
    });
}
