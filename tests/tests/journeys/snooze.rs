//! Put aside for a while, and taken back.

use countersign_tests::until::until_so;
use countersign_tests::{Person, sealed};

use crate::{open, propose, row_saying, set_up};

fn is_in(person: &Person, section: &str, digest: &str) -> bool {
    let row = format!("[data-testid=\"section-{section}\"] [data-digest=\"{digest}\"]");
    !person.window.all(&row).is_empty()
}

/// Opens the section of what is put aside, which is closed to begin with.
fn look_at_snoozed(person: &Person, digest: &str) {
    person.window.css("[data-testid=\"section-snoozed\"] h2 button[aria-expanded=\"false\"]").click();
    until_so("it is listed there", || is_in(person, "snoozed", digest));
    assert!(!is_in(person, "waiting", digest));
    row_saying(person, digest, "Until ");
}

#[test]
fn what_is_snoozed_is_out_of_the_way_until_it_is_woken() {
    sealed(|| {
        let (desktop, person) = set_up();
        let later = propose(&desktop, &["run", "--", "echo", "later"]);
        let now = propose(&desktop, &["run", "--", "echo", "now"]);
        open(&person, &later);
        person.window.part_saying("document", "later");
        person.window.part("snooze").click();
        until_so("both wait", || is_in(&person, "waiting", &later) && is_in(&person, "waiting", &now));
        let choice = person.window.part_saying("snooze-choice", "In 1 hour");
        choice.wait_enabled().click();
        until_so("it is out of the way", || !is_in(&person, "waiting", &later));
        assert!(is_in(&person, "waiting", &now));
        // The next one that waits is open now.
        person.window.part_saying("document", "now");
        look_at_snoozed(&person, &later);
        person.close();

        let person = Person::open(&desktop);
        look_at_snoozed(&person, &later);
        open(&person, &later);
        person.window.part_saying("snoozed-strip", "Snoozed until");
        person.window.part("wake").wait_enabled().click();
        until_so("it waits again", || is_in(&person, "waiting", &later));
        until_so("nothing is put aside", || !person.window.has("section-snoozed"));
        // It can be answered at once.
        person.deny("Not now either.");
        person.strip_saying("Denied");
        person.close();
    });
}
