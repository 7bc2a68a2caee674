//! One signature for a bounded batch: used as it is listed and not otherwise, until what remains is denied.

use countersign_tests::{gate, sealed};

use crate::{open, propose, row_saying, set_up};

/// What the gate says by an exit status of arguments that nobody approved.
const UNLISTED: i32 = 89;

#[test]
fn a_batch_is_signed_once_used_twice_and_what_remains_is_denied() {
    sealed(|| {
        let (desktop, person) = set_up();
        let (lists, ran) = (desktop.path("lists.json"), desktop.path("ran"));
        std::fs::write(&lists, r#"[["north"], ["south"], ["east"]]"#).unwrap();
        let script = format!("echo $1 >> {}", ran.display());
        let command = ["--", "dash", "-c", &script, "deploy"];
        let asks = ["run", "--batch", &lists.to_string_lossy()];
        let digest = propose(&desktop, &[&asks[..], &command].concat());
        let exit = |argument: &str| {
            let words = [&["use", &digest], &command[..], &[argument]].concat();
            gate::output(&desktop, &words).status.code().unwrap()
        };

        open(&person, &digest);
        let headline = person.window.part_saying("sheet-headline", "up to 3 times").text();
        assert!(headline.contains("each with another of these 3 lists of arguments"), "{headline}");
        // Each entry is listed whole; the last one is in view when every row was.
        person.read("north");
        person.window.part_saying("document", "east");
        person.unlock();
        person.approve();
        assert_eq!(gate::output(&desktop, &["wait", &digest]).status.code(), Some(0));
        assert_eq!(gate::text(&ran), "", "approved, it does nothing by itself");

        assert_eq!((exit("south"), exit("north")), (0, 0));
        assert_eq!(exit("west"), UNLISTED);
        assert_ne!(exit("north"), 0, "each is used once");
        row_saying(&person, &digest, "2 of 3 used");
        open(&person, &digest);
        person.strip_saying("2 of 3 used so far");
        assert_eq!(person.window.parts("use").len(), 2);

        person.deny("That is enough.");
        let strip = person.strip_saying("Denied");
        assert!(strip.contains("What remained of it is void"), "{strip}");
        assert_eq!(person.receipt(), ["done", "done", "refused"], "two uses, and the rest");
        assert_ne!(exit("east"), 0);
        assert_eq!(gate::text(&ran), "south\nnorth\n");
        assert_eq!(person.window.parts("use").len(), 2, "what was used stays known");
        person.close();
    });
}
