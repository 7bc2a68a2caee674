//! A version takes the place of one that was read, and a proposal comes again that was denied.

use countersign_tests::sealed;

use crate::{open, propose, set_up};

#[test]
fn what_changed_is_shown_and_what_was_denied_is_remembered() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        let (target, source) = (desktop.path("answer.txt"), desktop.path("draft.txt"));
        let text = (1..=9).map(|n| format!("line {n}\n")).collect::<String>();
        let write = format!("{}={}", target.display(), source.display());
        std::fs::write(&source, &text).unwrap();
        let first = propose(&desktop, &["apply", "--write", &write]);
        open(&person, &first);
        person.unlock();
        person.read("line 9");

        std::fs::write(&source, text.replace("line 5", "line S")).unwrap();
        let second = propose(&desktop, &["apply", "--supersedes", &first, "--write", &write]);
        person.strip_saying("A newer version replaced");
        window.part("open-newer").click();
        window.part_saying("earlier", "You looked at that");
        window.part_saying("earlier", "the same stay seen");
        window.part_saying("difference", "What changed since you last looked");
        window.part_saying("difference", "line S");
        window.part_saying("difference", "The same: ");
        // What changed is on the sheet as on any other, below the difference.
        window.script("document.querySelector('.scroller').scrollTop = 9999");
        window.part_saying("document", "line S");

        person.deny("not in this folder");
        person.strip_saying("Denied");
        assert!(!window.has("difference"), "nobody has to compare any more");

        let again = propose(&desktop, &["apply", "--write", &write]);
        open(&person, &again);
        window.part_saying("denied-before", "A proposal like this was denied");
        window.part_saying("denied-before", "not in this folder");
        assert!(!window.has("difference"));
        window.part("denied-difference").click();
        window.part_saying("difference", "Nothing that would happen differs");
        assert_ne!(second, again);
        person.close();
    });
}
