//! The palette: it finds and opens, and never decides.

use countersign_tests::sealed;
use countersign_tests::until::until_so;
use countersign_tests::window::key;

use crate::{open, propose, set_up};

#[test]
fn the_palette_finds_and_opens_and_decides_nothing() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        let wanted = propose(&desktop, &["run", "--", "echo", "albatross"]);
        let other = propose(&desktop, &["run", "--", "echo", "cormorant"]);
        open(&person, &other);
        window.part_saying("document", "cormorant");
        person.unlock();
        person.wait_for_approve();
        // Every command there is, and what the words for deciding find.
        window.press(&[key::CONTROL], &["k"]);
        window.part("palette-query");
        let offered: Vec<String> = window.parts("palette-command").iter().map(|it| it.text()).collect();
        assert!(offered.iter().any(|it| it.contains("Halt")), "{offered:?}");
        for word in ["Approve", "Sign", "Deny", "Accept"] {
            assert!(!offered.iter().any(|it| it.starts_with(word)), "{offered:?}");
        }
        window.part("palette-query").type_text("approve");
        until_so("only the search is offered", || {
            !window.has("palette-command") && !window.has("palette-row") && window.has("palette-all")
        });
        window.press(&[key::CONTROL], &[key::ENTER]);
        assert!(window.has("palette"), "the key that signs does nothing here");
        window.part("palette-query").replace_text("albatr");
        window.part_saying("palette-row", "albatross");
        window.press(&[key::CONTROL], &[key::ENTER]);
        assert!(window.has("palette"));
        until_so("the first that was found is marked", || {
            window.all("[data-testid=\"palette-row\"][aria-selected=\"true\"]").len() == 1
        });
        window.press(&[], &[key::ENTER]);
        window.part_saying("document", "albatross");
        assert!(!window.has("palette"));
        for digest in [&wanted, &other] {
            let row = format!("[data-testid=\"section-waiting\"] [data-digest=\"{digest}\"]");
            assert_eq!(window.all(&row).len(), 1, "both still wait");
        }
        person.window.close();
    });
}
