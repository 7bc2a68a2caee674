//! What blocks is looked at and answered for, one by one, before anything is signed; and what a text
//! tries to do to the page that shows it comes to nothing.

use std::net::TcpListener;
use std::time::Duration;

use countersign_tests::until::until_so;
use countersign_tests::window::key;
use countersign_tests::{Keyboard, Person, gate, sealed};

use crate::{open, propose, row_saying, set_up};

/// A source file that reads otherwise than it is: at its beginning, and far below.
fn hidden() -> String {
    let plain: String = (3..90).map(|line| format!("    check({line});\n")).collect();
    format!("if admin {{ \u{202e} }} // \u{2066}\n{plain}    log(\"al\u{200b}lowed\");\n")
}

fn state(person: &Person) -> String {
    person.window.part("approve").attribute("data-state").unwrap_or_default()
}

/// What the decision bar says, and nothing of the sheet.
fn bar(person: &Person) -> String {
    person.window.css("[aria-label=\"Decision\"]").text()
}

#[test]
fn what_blocks_is_acknowledged_one_by_one_by_keys_before_anything_is_signed() {
    sealed(|| {
        let (desktop, person) = set_up();
        let (target, source) = (desktop.path("access.rs"), desktop.path("draft.rs"));
        std::fs::write(&source, hidden()).unwrap();
        let write = format!("{}={}", target.display(), source.display());
        let digest = propose(&desktop, &["apply", "--write", &write]);
        // Who looks for what needs time finds it in the queue.
        row_saying(&person, &digest, "2 blocking findings");
        open(&person, &digest);
        person.window.part_saying("findings", "blocking left");
        // Much is at stake: it takes a passphrase of its own, and until then says what is left.
        person.unlock();
        until_so("it says what is left", || bar(&person).contains("blocking findings left: 1 and 2."));
        assert_eq!(state(&person), "off");

        let keys = Keyboard::of(&person.window);
        // Neither keys nor the button sign meanwhile, and one far below is not acknowledged unseen.
        keys.press(&[key::CONTROL], key::ENTER);
        person.window.part("approve").hold(Duration::from_millis(3300));
        assert_eq!(state(&person), "off");
        let far = person.window.css("#finding-2");
        assert!(person.window.all("#finding-2 [data-testid=acknowledge]").is_empty(), "{:?}", far.try_text());

        for number in ["1", "2"] {
            let card = format!("#finding-{number}");
            until_so("it is the one that is looked at", || {
                keys.press(&[], "n");
                !person.window.all(&format!("{card}[aria-current=\"true\"]")).is_empty()
            });
            until_so("it is acknowledged", || {
                if person.window.all(&format!("{card} [data-reason]")).is_empty() {
                    keys.press(&[], "a");
                } else {
                    keys.press(&[], "2");
                }
                person.window.css(&card).try_text().is_some_and(|it| it.contains("it does no harm here"))
            });
        }
        assert!(!target.exists());
        person.approve_by_key();
        assert_eq!(person.receipt(), ["done"]);
        assert_eq!(std::fs::read_to_string(&target).unwrap(), hidden());
        person.close();
    });
}

/// Notes each key and each press of the pointer that comes from now on: what it is, and how many milliseconds after the
/// last press on the queue.
const LISTEN: &str = r#"
window.heard = [];
let opened = 0;
const note = (it) => {
  const now = performance.now();
  if (it.target.closest("[data-testid=queue-row]")) opened = it.type === "pointerdown" ? now : opened;
  else window.heard.push([it.key ?? it.type, now - opened]);
};
addEventListener("keydown", note, true);
addEventListener("pointerdown", note, true);
"#;

/// In milliseconds. A sheet arms for a second from when it is on the screen, which is after it was asked for.
const EARLY: f64 = 900.0;

/// What is done a moment after a click.
enum Does {
    Press(&'static [&'static str]),
    Hold(&'static str, Duration),
}

/// Opens another proposal, does something at once, and looks what came of it when the sheet was armed.
#[track_caller]
fn while_it_arms(person: &Person, digest: &str, does: &Does) {
    let window = &person.window;
    let row = window.css(&format!("[data-testid=\"queue-row\"][data-digest=\"{digest}\"]"));
    window.script("window.heard.length = 0");
    let moment = Duration::from_millis(250);
    match does {
        Does::Press(keys) => window.click_and_press(&row, moment, keys),
        Does::Hold(part, time) => {
            let middle = format!(
                "const it = document.querySelector('[data-testid={part}]').getBoundingClientRect();
                 return [it.left + it.width / 2, it.top + it.height / 2];"
            );
            let middle = window.script(&middle);
            let middle = (middle[0].as_f64().unwrap(), middle[1].as_f64().unwrap());
            window.click_and_hold(&row, moment, middle, *time);
        }
    }
    let heard = window.script("return window.heard");
    let early = heard.as_array().unwrap().iter().filter(|it| it[1].as_f64().unwrap() < EARLY);
    assert!(early.count() > 0, "nothing was heard while it armed: {heard}");
    window.css(&format!("[data-digest=\"{digest}\"][aria-current=\"true\"]"));
    // Had any of it counted, there would be no such button: a reason would be asked for, or it would be signed.
    until_so(&format!("it is armed, and nothing else: {heard}"), || {
        let all = window.parts("approve");
        all.first().and_then(|it| it.try_attribute("data-state")).as_deref() == Some("ready")
    });
    assert!(!window.has("comment"), "{heard}");
}

#[test]
fn keys_and_clicks_while_it_arms_do_nothing() {
    sealed(|| {
        let (desktop, person) = set_up();
        let two = ["one", "two"].map(|name| {
            let source = desktop.path(&format!("{name}.draft"));
            std::fs::write(&source, format!("{name}\n")).unwrap();
            let write = format!("{}={}", desktop.path(name).display(), source.display());
            propose(&desktop, &["apply", "--write", &write])
        });
        // Little is at stake: once unlocked, the key stays so.
        open(&person, &two[0]);
        person.unlock();
        person.wait_for_approve();
        open(&person, &two[1]);
        person.wait_for_approve();
        person.window.script(LISTEN);

        let all = [
            Does::Press(&["d"]),
            Does::Press(&["r"]),
            Does::Press(&["e"]),
            Does::Press(&[key::CONTROL, key::ENTER]),
            Does::Hold("deny", Duration::from_millis(50)),
            Does::Hold("request-changes", Duration::from_millis(50)),
            // Held on, for longer than arming and a signature take together.
            Does::Hold("approve", Duration::from_millis(3000)),
        ];
        for (turn, does) in all.iter().enumerate() {
            while_it_arms(&person, &two[turn % 2], does);
        }
        for digest in &two {
            let view = gate::output(&desktop, &["--json", "show", digest]);
            let said = countersign_core::json::parse_foreign(&view.stdout).unwrap();
            assert_eq!(said["view"]["standing"], "waiting", "{said}");
        }
        // And now that it is armed, the same key is heard.
        person.window.press(&[], &["d"]);
        person.window.part("comment");
        person.close();
    });
}

#[test]
fn what_hides_at_the_end_of_a_long_claim_is_displayed_before_it_can_be_acknowledged() {
    sealed(|| {
        let (desktop, person) = set_up();
        let (target, source) = (desktop.path("notes.txt"), desktop.path("draft.txt"));
        std::fs::write(&source, "plain\n").unwrap();
        let reasons: String = (1..300).map(|line| format!("reason {line}\n")).collect();
        let claim = format!("{reasons}it is \u{202e}ssel");
        let write = format!("{}={}", target.display(), source.display());
        let digest = propose(&desktop, &["apply", "--write", &write, "--because", &claim]);
        open(&person, &digest);
        person.window.part_saying("findings", "1 blocking left");
        person.unlock();
        until_so("it says what is left", || bar(&person).contains("1 blocking finding left: 1."));
        // What is open and not shortened is not displayed for that, however long one waits.
        std::thread::sleep(Duration::from_secs(3));
        let keys = Keyboard::of(&person.window);
        keys.press(&[], "a");
        let drawn = |css: &str| !person.window.all(css).is_empty();
        assert!(drawn("#finding-1 [data-testid=finding-see]"), "there is a way to it");
        assert!(!drawn("[data-reason]") && !drawn("#finding-1 [data-testid=acknowledge]"));
        person.window.part("approve").hold(Duration::from_millis(3300));
        assert_eq!(state(&person), "off");

        until_so("its mark was displayed", || {
            if let Some(see) = person.window.all("#finding-1 [data-testid=finding-see]").first() {
                see.try_click();
            }
            drawn("#finding-1 [data-testid=acknowledge]") || drawn("[data-reason]")
        });
        let whole = "const mark = document.querySelector('[data-testid=claim] mark').getBoundingClientRect();
                     const window = document.querySelector('.scroller').getBoundingClientRect();
                     return mark.top > window.top && mark.bottom < window.bottom";
        assert_eq!(person.window.script(whole), serde_json::Value::Bool(true));
        until_so("it is acknowledged", || {
            keys.press(&[], if drawn("#finding-1 [data-reason]") { "2" } else { "a" });
            let said = person.window.css("#finding-1").try_text();
            said.is_some_and(|it| it.contains("it does no harm here"))
        });
        assert!(!target.exists());
        person.approve_by_key();
        assert_eq!(person.receipt(), ["done"]);
        person.close();
    });
}

#[test]
fn a_blocking_finding_keeps_it_from_arming() {
    sealed(|| {
        let (desktop, person) = set_up();
        let source = desktop.path("draft.rs");
        std::fs::write(&source, hidden()).unwrap();
        let write = format!("{}={}", desktop.path("access.rs").display(), source.display());
        let first = propose(&desktop, &["run", "--", "echo", "plain"]);
        let digest = propose(&desktop, &["apply", "--write", &write]);
        // The passphrase is for this very sheet, and stays so while another is looked at.
        open(&person, &digest);
        person.unlock();
        open(&person, &first);
        open(&person, &digest);
        // From the first moment on, what answers is pressed without a pause.
        for _ in 0..12 {
            person.window.press(&[], &["d", "r", "a", "s"]);
            person.window.press(&[key::CONTROL], &[key::ENTER]);
            let states: Vec<_> =
                person.window.parts("approve").iter().map(|it| it.try_attribute("data-state")).collect();
            assert!(states.iter().all(|it| it.as_deref() == Some("off")), "{states:?}");
            if person.window.has("comment") {
                // What was pressed once it was armed opened this, and is no answer yet.
                break;
            }
        }
        let view = gate::output(&desktop, &["--json", "show", &digest]);
        let said = countersign_core::json::parse_foreign(&view.stdout).unwrap();
        assert_eq!(said["view"]["standing"], "waiting", "{said}");
        person.close();
    });
}

#[test]
fn content_swapped_under_the_pointer_is_not_signed() {
    sealed(|| {
        let (desktop, person) = set_up();
        let (old, new) = (desktop.path("old"), desktop.path("new"));
        let digest = propose(&desktop, &["run", "--", "touch", old.to_str().unwrap()]);
        open(&person, &digest);
        person.window.part_saying("document", "old");
        person.unlock();
        person.wait_for_approve();
        // What takes three seconds to sign is replaced after one.
        let words = ["run", "--no-wait", "--supersedes", &digest, "--", "touch", new.to_str().unwrap()];
        let mut replace = gate::countersign(&desktop, &words);
        let replaced = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(1));
            replace.output().unwrap()
        });
        person.window.part("approve").hold(Duration::from_millis(5000));
        let replaced = replaced.join().unwrap();
        assert_eq!(replaced.status.code(), Some(98), "{replaced:?}");
        person.strip_saying("replaced");
        let told = gate::output(&desktop, &["wait", &digest]);
        assert!(!told.status.success(), "{told:?}");
        std::thread::sleep(Duration::from_secs(1));
        assert!(!old.exists() && !new.exists(), "neither was signed");
        person.close();
    });
}

#[test]
fn a_text_opens_no_connection_runs_no_script_and_moves_no_focus() {
    sealed(|| {
        let (desktop, person) = set_up();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let there = format!("http://{}", listener.local_addr().unwrap());
        let hostile = format!(
            "<script>window.__ran = 1; fetch('{there}/script')</script>\n\
             <img src=\"{there}/image\" onerror=\"window.__ran = 2\">\n\
             ![x]({there}/markdown) [y](javascript:window.__ran=3)\n\
             <iframe src=\"{there}/frame\"></iframe><link rel=stylesheet href=\"{there}/style\">\n\
             <input autofocus onfocus=\"window.__ran = 4\"><style>@import '{there}/import';</style>\n\
             <svg onload=\"window.__ran = 5\"><base href=\"{there}/\"><meta http-equiv=refresh content=\"0;url={there}/\">\n"
        );
        let source = desktop.path("draft.html");
        std::fs::write(&source, &hostile).unwrap();
        let write = format!("{}={}", desktop.path("page.html").display(), source.display());
        let digest =
            propose(&desktop, &["apply", "--write", &write, "--because", &hostile, "--asked", &hostile]);
        open(&person, &digest);
        person.window.part_saying("document", "<script>window.__ran = 1");
        until_so("it settled", || person.window.has("deny"));
        let at = "return document.activeElement?.dataset?.testid ?? document.activeElement?.tagName";
        let focus = person.window.script(at);
        std::thread::sleep(Duration::from_secs(2));
        assert_eq!(person.window.script("return window.__ran ?? null"), serde_json::Value::Null);
        assert_eq!(person.window.script(at), focus);
        assert_ne!(focus, "INPUT");
        let made =
            "return document.querySelectorAll('iframe, img, script:not([src]), base, object, embed').length";
        assert_eq!(person.window.script(made), 0);
        assert!(listener.accept().is_err(), "something connected");
        let address = person.window.script("return location.href");
        assert!(address.as_str().unwrap().starts_with("tauri://"), "{address}");
        person.close();
    });
}
