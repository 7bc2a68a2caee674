//! As little room as a window has: the queue, a sheet and an answer, by keys.

use countersign_tests::until::until_so;
use countersign_tests::window::key;
use countersign_tests::{Keyboard, sealed};

use crate::{propose, set_up};

/// Whether all of the element is on the screen, and nothing lies over its middle.
fn in_view(part: &str) -> String {
    format!(
        "const it = document.querySelector('[data-testid=\"{part}\"]'); const box = it.getBoundingClientRect(); \
         const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2); \
         return box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth && it.contains(at);"
    )
}

#[test]
fn in_the_smallest_window_one_reads_and_denies_by_keys() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        window.resize(640, 400);
        until_so("the window is small", || {
            window.script("return innerWidth <= 640 && innerHeight <= 400") == true
        });
        let first = propose(&desktop, &["run", "--", "echo", "first"]);
        let second = propose(&desktop, &["run", "--", "echo", "second"]);
        let keys = Keyboard::of(window);
        // The first that comes is opened by itself, where nothing else is.
        window.part("sheet-headline");
        keys.use_part("drawer");
        until_so("both are listed", || window.parts("queue-row").len() == 2);
        keys.to("queue-row");
        let row = |digest: &str| format!("[data-testid=\"queue-row\"][data-digest=\"{digest}\"]");
        let focused = format!("{}:focus", row(&second));
        // Those that expire in the same second stand in any order.
        let place = |digest: &str| {
            let place = "closest('[role=listitem]').getAttribute('aria-posinset')";
            let place = format!("return Number(document.querySelector('{}').{place})", row(digest));
            window.script(&place).as_u64().unwrap()
        };
        let above = place(&second) < place(&first);
        until_so("the second is at hand", || {
            let there = !window.all(&focused).is_empty();
            if !there {
                keys.press(&[], if above { key::UP } else { key::DOWN });
            }
            there
        });
        keys.enter();
        let open = |digest: &str| !window.all(&format!("{}[aria-current=true]", row(digest))).is_empty();
        until_so("the second is open", || open(&second));
        until_so("the drawer is closed", || {
            window.css("[data-testid=drawer]").attribute("aria-expanded").is_none_or(|it| it != "true")
        });
        for part in ["sheet-headline", "deny"] {
            until_so(&format!("{part} is in view"), || window.script(&in_view(part)) == true);
        }
        until_so("it asks why", || {
            if !window.has("comment") {
                keys.press(&[], "d");
            }
            window.has("comment")
        });
        until_so("the comment is in view", || window.script(&in_view("comment")) == true);
        until_so("what sends it is in view", || window.script(&in_view("comment-send")) == true);
        keys.write("Too small to tell.");
        keys.press(&[key::CONTROL], key::ENTER);
        person.strip_saying("Denied");
        // Until then what is typed is typed there.
        until_so("the comment is gone", || !window.has("comment"));
        until_so("the state is in view", || window.script(&in_view("state-strip")) == true);
        // What was decided stands below what waits.
        keys.press(&[], "k");
        until_so("the other one is open", || open(&first));
        window.part("deny");
        assert!(!window.has("state-strip"), "it waits");
        until_so("deny is in view", || window.script(&in_view("deny")) == true);
        person.window.close();
    });
}
