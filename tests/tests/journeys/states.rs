//! What is not all here: shown as that, and never signed.

use countersign_tests::until::until_so;
use countersign_tests::{Person, gate, sealed};

use crate::{close, data, open, propose, row_saying, set_up};

#[test]
fn what_is_not_all_here_is_refused_until_the_rest_arrives() {
    sealed(|| {
        let (desktop, person) = set_up();
        gate::stop(&desktop);
        let running = gate::start_gate(&desktop);
        close(person);
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
        close(person);
    });
}
