//! As large as it gets: a whole inbox that would be removed, and contents of 64 MiB. All of it is there, or
//! counted; it is read and searched as anything else.

use std::time::{Duration, Instant};

use countersign_tests::until::until_so;
use countersign_tests::window::key;
use countersign_tests::{Keyboard, Person, programs, sealed};
use serde_json::{Value, json};

use crate::{open, propose, set_up};

const MAILS: usize = 50_000;

/// How long the sheet of 64 MiB may take here, where nothing is compiled to be quick.
const MOST: Duration = Duration::from_secs(120);

/// Nodes of the whole page, and what the sheet shows now.
const NODES: &str = "
const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
let count = 1;
while (walker.nextNode()) count += 1;
return count;";
const PAGE: &str = "return document.querySelector('.scroller').innerText";
const TO_END: &str =
    "const it = document.querySelector('.scroller'); it.scrollTop = it.scrollHeight; return true";

/// Waits until the visible part of the sheet says `text`, after `act` was done, again and again.
#[track_caller]
fn shows(person: &Person, text: &str, act: &str) {
    until_so(&format!("{text:?} is in view"), || {
        person.window.script(act);
        person.window.script(PAGE).as_str().is_some_and(|it| it.contains(text))
    });
}

fn inbox() -> Value {
    let from = ["News of the week", "Hana Sato", "Build machine", "Accounts"];
    let mail = |n: usize| {
        let subject = format!("Number {n}");
        json!({ "id": format!("inbox/{n:05}"), "known_by": [["From", from[n % 4]], ["Subject", subject]], "size": 9000 })
    };
    (0..MAILS).map(mail).collect()
}

#[test]
fn fifty_thousand_removals_are_all_there_in_groups_and_one_is_found() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        let request = json!({
            "asked": { "by": "mara", "text": "Suggest what I could delete. Confirm before you act.", "at": 1_790_000_000, "origin": "caller" },
            "want": { "release": [{
                "target": "inbox", "environment": "mail", "reversibility": "irreversible",
                "act": { "kind": "remove", "what": "mail", "kept": false, "objects": { "inline": inbox() } },
            }] },
        });
        let file = desktop.path("request.json");
        std::fs::write(&file, request.to_string()).unwrap();
        let digest = propose(&desktop, &["propose", &file.to_string_lossy()]);
        let clicked = Instant::now();
        open(&person, &digest);
        window.part_saying("document", "50,000 mails, all of them listed");
        println!("50,000 removals are there after {} ms, by a test's clock", clicked.elapsed().as_millis());
        shows(&person, "12,500 of 50,000", "");
        assert!(window.script(NODES).as_u64().unwrap() < 2000);
        window.picture(&programs::target().join("pictures/removals-begin.png"));

        let keys = Keyboard::of(window);
        keys.press(&[key::CONTROL], "f");
        keys.wait_at("seek-text");
        keys.write("inbox/31337");
        until_so("one of 50,000 is found", || window.part("seek-says").text() == "1 of 1");
        shows(&person, "Number 31337", "");
        window.picture(&programs::target().join("pictures/removals-found.png"));
        keys.press(&[], key::ESCAPE);

        // The last row is the last of the last group, and not a word that stands for others.
        shows(&person, "Number 49999", TO_END);
        assert!(window.script(NODES).as_u64().unwrap() < 2000);
        let bar = window.css("[aria-label=\"Decision\"]").text();
        assert!(bar.contains("rows not displayed"), "{bar}");
        window.picture(&programs::target().join("pictures/removals-end.png"));
        person.close();
    });
}

#[test]
fn contents_of_64_mebibytes_are_opened_and_what_is_not_drawn_is_counted() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        // 32 MiB on each side: a million lines, every hundredth of them another one.
        let line =
            |n: usize, word: &str| format!("{n:07} {word} of a log that nobody reads, which is long.\n");
        let side = |other: bool| -> String {
            let mut text: String = (0..)
                .map(|n| line(n, if other && n % 100 == 50 { "changed" } else { "a line" }))
                .take(550_000)
                .collect();
            text.truncate(32 * 1024 * 1024);
            text
        };
        let file = desktop.folder("logs").join("all.log");
        std::fs::write(&file, side(false)).unwrap();
        let source = desktop.path("draft.log");
        std::fs::write(&source, side(true)).unwrap();
        let write = format!("{}={}", file.display(), source.display());
        let digest = propose(&desktop, &["apply", "--write", &write]);
        let clicked = Instant::now();
        open(&person, &digest);
        until_so("it says that its sheet is being made", || window.has("making") || window.has("document"));
        let mut said = String::new();
        while !window.has("document") && clicked.elapsed() < MOST {
            said = window.parts("making").first().and_then(|it| it.try_text()).unwrap_or(said);
        }
        println!("{said}");
        window.part_saying("document", "too many lines to compare: all removed, all added");
        println!("64 MiB are there after {} ms, by a test's clock", clicked.elapsed().as_millis());
        assert!(window.script(NODES).as_u64().unwrap() < 2000);
        window.picture(&programs::target().join("pictures/large-begin.png"));
        // What there is no room for is counted in red at the end, and in what approving would take.
        shows(&person, "Not shown, or not wholly", TO_END);
        assert!(window.script(NODES).as_u64().unwrap() < 2000);
        window.picture(&programs::target().join("pictures/large-end.png"));
        let page = window.script(PAGE).as_str().unwrap_or_default().to_owned();
        assert!(page.contains("450,000 removed lines") && page.contains("a line of a log"), "{page}");
        let bar = window.css("[aria-label=\"Decision\"]").text();
        assert!(bar.contains("rows not displayed"), "{bar}");
        person.close();
    });
}
