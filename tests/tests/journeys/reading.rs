//! A long change, read by keys alone: a word found in it, also where something invisible parts it, steps from change
//! to change, and a copy. Reading decides nothing.

use countersign_tests::until::until_so;
use countersign_tests::window::key;
use countersign_tests::{Desktop, Keyboard, sealed};
use serde_json::json;

use crate::{open, propose, set_up};

/// Keys, as WebDriver names them.
const SHIFT: &str = "\u{e008}";
const HOME: &str = "\u{e011}";

/// So many lines, of which these say something else.
fn text(others: &[(usize, &str)]) -> String {
    let line =
        |n: usize| others.iter().find(|(at, _)| *at == n).map_or(format!("line {n}"), |it| it.1.to_owned());
    (1..=600).map(|n| line(n) + "\n").collect()
}

/// Proposes to write `after` over `before`; gives the digest.
fn propose_change(desktop: &Desktop, before: &str, after: &str) -> String {
    let file = desktop.folder("site").join("notes.txt");
    std::fs::write(&file, before).unwrap();
    let list = json!([{ "write": { "path": file, "content": after } }]);
    let request = desktop.path("apply.json");
    std::fs::write(&request, list.to_string()).unwrap();
    propose(desktop, &["apply", &request.to_string_lossy()])
}

/// Whether what `css` selects is on the screen with nothing over it.
fn in_view(css: &str) -> String {
    format!(
        "const it = document.querySelector('{css}'); if (!it) return false; const box = it.getBoundingClientRect(); \
         const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2); \
         return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && (it.contains(at) || at.contains(it));"
    )
}

#[test]
fn a_long_change_is_searched_stepped_through_and_copied_by_keys() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        let before = text(&[(100, "old"), (500, "old")]);
        let after = text(&[(100, "pass\u{200b}word: hunter2"), (500, "new")]);
        let digest = propose_change(&desktop, &before, &after);
        open(&person, &digest);
        window.part_saying("document", "old");
        let keys = Keyboard::of(window);
        let says = |part: &str, wanted: &str| {
            until_so(&format!("{part} says {wanted:?}"), || {
                window.parts(part).first().and_then(|it| it.try_text()).is_some_and(|it| it == wanted)
            });
        };

        // As one would type it, though something invisible parts it.
        keys.press(&[key::CONTROL], "f");
        keys.wait_at("seek-text");
        keys.write("password");
        says("seek-says", "1 of 1");
        until_so("the hit is in view", || window.script(&in_view("mark.here")) == true);
        assert_eq!(window.css("mark.here").text(), "passZWSP U+200Bword");
        // In a fold: it opens, and the hit is in view.
        keys.write_anew("line 3");
        says("seek-says", "1 of 111");
        keys.write_anew("line 30");
        says("seek-says", "1 of 11");
        keys.enter();
        says("seek-says", "2 of 11");
        until_so("a hit in a fold is in view", || window.script(&in_view("mark.here")) == true);
        let row = "return document.querySelector('mark.here').closest('[data-testid=row]').textContent";
        assert!(window.script(row).as_str().unwrap().contains("line 300"));
        keys.press(&[SHIFT], key::ENTER);
        says("seek-says", "1 of 11");
        keys.write_anew("nowhere");
        says("seek-says", "None");
        keys.press(&[], key::ESCAPE);
        until_so("it is closed", || !window.has("seek") && !window.has("hit"));

        keys.press(&[], HOME);
        until_so("it is at its beginning", || {
            window.script("return document.querySelector('.scroller').scrollTop") == 0
        });
        for (step, wanted) in [(".", "1 of 2"), (".", "2 of 2"), (".", "1 of 2"), (",", "2 of 2")] {
            keys.press(&[], step);
            says("change-says", &format!("Change {wanted}"));
            until_so("it is in view", || window.script(&in_view(".line.here")) == true);
        }

        // What is pasted is what was copied, without what an exact copy would have brought along.
        keys.use_part("copy");
        assert!(window.part("copy-warns").text().contains("1 ZWSP U+200B"));
        keys.use_part("copy-escaped-after");
        until_so("it is copied", || {
            let said = window.part("copy-says").text();
            if said.contains("once more") {
                keys.enter();
            }
            said.starts_with("Copied, escaped")
        });
        keys.press(&[key::CONTROL], "f");
        keys.wait_at("seek-text");
        keys.press(&[key::CONTROL], "v");
        until_so("it is pasted", || {
            let value = window.script("return document.querySelector('[data-testid=seek-text]').value");
            value.as_str().is_some_and(|it| it.starts_with("line 1") && !it.contains('\u{200b}'))
        });
        keys.press(&[], key::ESCAPE);

        // Nothing of this decided anything, and what was not on the screen still is not counted.
        assert!(!window.has("comment"));
        assert_eq!(
            window.all(&format!("[data-testid=\"section-waiting\"] [data-digest=\"{digest}\"]")).len(),
            1
        );
        println!("{} keys", keys.steps());
        person.close();
    });
}
