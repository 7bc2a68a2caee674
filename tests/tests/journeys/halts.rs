//! One agent stopped while all others go on, everything stopped, and started again.

use countersign_tests::person::PASSPHRASE;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Keyboard, Person, gate, sealed};

use crate::{go, open, propose_as, row_saying, set_up};

/// What the gate says by an exit status when it is halted.
const HALTED: i32 = 87;

fn token(desktop: &Desktop, name: &str) -> String {
    let made = gate::output(desktop, &["token", "add", name, "--json"]);
    let made = countersign_core::json::parse(&made.stdout).unwrap();
    made["token"].as_str().unwrap().to_owned()
}

/// The gate refuses what the agent asks for, because of a halt.
#[track_caller]
fn is_refused(desktop: &Desktop, token: &str) {
    let mut asks = gate::countersign(desktop, &["run", "--no-wait", "--", "echo", "refused"]);
    let told = desktop.output(asks.env("COUNTERSIGN_TOKEN", token));
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(HALTED), "{said}");
    assert!(said.contains("HALTED"), "{said}");
}

fn waits(person: &Person, digest: &str) -> bool {
    let row = format!("[data-testid=\"section-waiting\"] [data-digest=\"{digest}\"]");
    !person.window.all(&row).is_empty()
}

#[track_caller]
fn halts(person: &Person, number: usize) {
    until_so(&format!("{number} halts stand and the gate obeys"), || {
        let listed = person.window.parts("halt");
        let obeyed = |text: String| text.contains("The gate obeys");
        listed.len() == number && listed.iter().all(|it| it.try_text().is_some_and(obeyed))
    });
}

#[test]
fn one_agent_is_halted_alone_then_everything_and_both_are_lifted() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        let (gull, heron) = (token(&desktop, "gull"), token(&desktop, "heron"));
        gate::stop(&desktop);
        let running = gate::start_gate(&desktop);
        let first = propose_as(&desktop, Some(&gull), &["run", "--", "echo", "of the gull"]);
        let second = propose_as(&desktop, Some(&heron), &["run", "--", "echo", "of the heron"]);

        // From the sheet.
        open(&person, &first);
        window.part_saying("document", "of the gull");
        window.part("halt-agent").click();
        window.part_saying("halt-go", "Halt this agent");
        window.part("halt-reason").type_text("It repeats itself.");
        window.part("halt-go").wait_enabled().click();
        window.part_saying("halt-strip", "gull");
        row_saying(&person, &first, "Halted");
        until_so("it says why it is void", || person.strip_saying("Halted").contains("It repeats itself"));
        until_so("the gate has it", || !window.part("halt-strip").text().contains("not confirmed"));
        is_refused(&desktop, &gull);
        assert!(waits(&person, &second), "what others asked for goes on");
        open(&person, &second);
        person.window.part_saying("document", "of the heron");
        person.unlock();
        person.approve_by_key();
        assert_eq!(person.receipt(), ["done"]);

        // Lifted from the page of agents, and halted again there.
        go(&person, "agents");
        halts(&person, 1);
        window.part("halt-lift").click();
        window.part("lift-pass").type_text(PASSPHRASE);
        window.part("lift-go").click();
        halts(&person, 0);
        window.part_saying("agent-row", "gull").click();
        until_so("it can be halted again", || window.has("agent-halt"));
        window.part("agent-halt").click();
        window.part_saying("halt-go", "Halt this agent").wait_enabled().click();
        halts(&person, 1);
        window.part_saying("agent-row", "Halted");
        is_refused(&desktop, &gull);

        // Everything, from the top bar, with the key locked.
        let third = propose_as(&desktop, Some(&heron), &["run", "--", "echo", "still waiting"]);
        window.part_saying("key-menu", "Key locked");
        window.part("halt-open").click();
        window.part_saying("halt-go", "Halt everything").wait_enabled().click();
        halts(&person, 2);
        is_refused(&desktop, &heron);
        go(&person, "queue");
        row_saying(&person, &third, "Halted");

        // It stands after the gate was started anew.
        running.stop();
        let _running = gate::start_gate(&desktop);
        is_refused(&desktop, &heron);
        is_refused(&desktop, &gull);

        // Both are lifted by keys alone.
        let keys = Keyboard::of(window);
        keys.press(&[], "g");
        keys.press(&[], "a");
        for left in [1, 0] {
            keys.use_part("halt-lift");
            keys.wait_at("lift-pass");
            keys.write(PASSPHRASE);
            keys.enter();
            halts(&person, left);
        }
        propose_as(&desktop, Some(&gull), &["run", "--", "echo", "again"]);
        let last = propose_as(&desktop, Some(&heron), &["run", "--", "echo", "again, too"]);
        keys.press(&[], "g");
        keys.press(&[], "q");
        until_so("it waits for an answer", || waits(&person, &last));
        person.window.close();
    });
}
