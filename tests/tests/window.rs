//! The whole house through the real window, cut off from every network.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_tests::desktop::Keyring;
use countersign_tests::{Desktop, Person, sealed};

#[test]
fn a_key_is_made_in_the_keyring() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::open(&desktop);
        person.make_key();
        person.window.picture(&countersign_tests::programs::target().join("pictures/made-key.png"));
        desktop.picture(&countersign_tests::programs::target().join("pictures/made-key-screen.png"));
        person.window.close();
    });
}

#[test]
fn without_a_keyring_the_app_goes_on_with_a_file() {
    sealed(|| {
        let desktop = Desktop::with(Keyring::None);
        let person = Person::open(&desktop);
        person.make_key();
        person.window.close();
    });
}
