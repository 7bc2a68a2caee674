//! What was posted, refused and let expire: found again, read, and left as it was.

use countersign_tests::until::until_so;
use countersign_tests::window::key;
use countersign_tests::{Desktop, Person, gate, sealed};
use serde_json::json;

use crate::{data, go, open, propose, row_saying, set_up};

/// Lets the gate post into a folder; gives the folder.
fn let_the_gate_post(desktop: &Desktop) -> std::path::PathBuf {
    let folder = desktop.folder("board");
    let file = data(desktop).join("gates/home/gate.json");
    let mut config = countersign_core::json::parse(&std::fs::read(&file).unwrap()).unwrap();
    config["places"] = json!([{
        "name": "board", "folder": folder, "readers": { "kind": "everyone" },
        "format": "markdown", "environment": "production",
    }]);
    std::fs::write(&file, config.to_string()).unwrap();
    folder
}

/// Waits until Activity lists these and nothing else.
#[track_caller]
fn lists(person: &Person, digests: &[&str]) {
    let listed = || -> Vec<Option<String>> {
        person.window.parts("activity-row").iter().map(|it| it.try_attribute("data-digest")).collect()
    };
    let wanted: Vec<Option<String>> = digests.iter().map(|it| Some((*it).to_owned())).collect();
    until_so(&format!("{wanted:?} are listed, not {:?}", listed()), || listed() == wanted);
}

#[test]
fn what_happened_is_found_filtered_read_and_left() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        gate::stop(&desktop);
        let board = let_the_gate_post(&desktop);
        let _gate = gate::start_gate(&desktop);

        let request = json!({ "want": { "post": {
            "place": "board", "name": "answer.md", "body": "A quinquereme has three rows of oars.\n" } } });
        let file = desktop.path("post.json");
        std::fs::write(&file, request.to_string()).unwrap();
        let posted = propose(&desktop, &["propose", &file.to_string_lossy()]);
        open(&person, &posted);
        window.part_saying("document", "quinquereme");
        person.unlock();
        person.approve_by_key();
        assert_eq!(person.receipt(), ["done"]);
        assert!(gate::text(&board.join("answer.md")).starts_with("A quinquereme"));

        let denied = propose(&desktop, &["run", "--", "echo", "barnacle"]);
        open(&person, &denied);
        window.part_saying("document", "barnacle");
        person.deny("This is flotsam.");
        person.strip_saying("Denied");
        let expired = propose(&desktop, &["run", "--expires", "2s", "--", "echo", "driftwood"]);
        row_saying(&person, &expired, "Expired");

        go(&person, "activity");
        lists(&person, &[&expired, &denied, &posted]);
        let query = window.part("activity-query");
        for (word, found, place) in [
            ("quinquer", &posted, "In the content"),
            ("flotsam", &denied, "In your comment"),
            ("driftwood", &expired, "In the content"),
            (&denied[..8], &denied, "In ids"),
        ] {
            query.replace_text(word);
            lists(&person, &[found]);
            let row = window.part("activity-row").text();
            assert!(row.contains(place), "{word}: {row}");
        }
        query.replace_text("nowhere-to-be-found");
        window.part_saying("activity-empty", "Nothing found");
        query.type_text(key::ESCAPE);
        for (filter, found) in [
            ("approved", &[&*posted][..]),
            ("denied", &[&*denied]),
            ("expired", &[&*expired]),
            ("failed", &[]),
            ("all", &[&*expired, &*denied, &*posted]),
        ] {
            window.part(&format!("filter-{filter}")).click();
            lists(&person, found);
            assert_eq!(window.has("activity-empty"), found.is_empty());
        }

        // Read from there: all of it, and nothing to answer with.
        window.css(&format!("[data-testid=\"activity-row\"][data-digest=\"{posted}\"]")).click();
        window.part_saying("document", "quinquereme");
        assert_eq!(person.receipt(), ["done"]);
        for part in ["approve", "deny", "request-changes", "withdraw", "unlock-open", "snooze"] {
            assert!(!window.has(part), "{part} is offered where one only reads");
        }
        window.part("activity-back").click();
        until_so("it is closed", || !window.has("sheet-headline"));
        lists(&person, &[&expired, &denied, &posted]);
        let at = "return document.activeElement.dataset.digest";
        assert_eq!(window.script(at), *posted, "the focus is where it was opened");
        person.window.close();
    });
}
