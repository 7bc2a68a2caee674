//! Hundreds at once, while somebody reads.

use std::collections::BTreeSet;

use countersign_tests::process::running;
use countersign_tests::until::until_so;
use countersign_tests::{Person, gate, sealed};
use rustix::process::{Signal, kill_process};

use crate::{open, propose, set_up};

const MANY: usize = 300;

/// What a person sees of the list: the rows in view, and where each begins.
const IN_VIEW: &str = "const box = document.querySelector('#queue .viewport').getBoundingClientRect(); \
    return [...document.querySelectorAll('#queue [data-digest]')].map((it) => [it.dataset.digest, \
    Math.round(it.getBoundingClientRect().top - box.top)]).filter(([, top]) => top > 36 && top < box.height - 36) \
    .sort((a, b) => a[1] - b[1]);";

/// Every digest that waits, page by page, as the page asks for them.
fn waiting(person: &Person) -> Vec<String> {
    let all = "const invoke = window.__TAURI_INTERNALS__.invoke; \
        return invoke('queue').then(async (queue) => { \
          const part = queue.sections.find((it) => it.id === 'waiting'); \
          const out = part.rows.map((it) => it.digest); let next = part.next; \
          while (next !== null) { const page = await invoke('queue_page', { section: 'waiting', after: next }); \
            out.push(...page.rows.map((it) => it.digest)); next = page.next; } \
          return out; });";
    let found = person.window.script(all);
    found.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[test]
fn hundreds_at_once_move_nothing_that_is_looked_at_and_none_is_lost() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        let first = propose(&desktop, &["run", "--expires", "7d", "--", "echo", "the one that is read"]);
        open(&person, &first);
        window.part_saying("document", "the one that is read");
        // They are all there at once when the app goes on.
        let app = running("countersign-app")[0];
        kill_process(app, Signal::STOP).unwrap();
        let made: Vec<std::thread::JoinHandle<Vec<String>>> = (0..3)
            .map(|part| {
                let mut command = desktop.command("sh");
                command.env("CS", countersign_tests::programs::countersign());
                let loops =
                    "for n in $(seq $1); do \"$CS\" --json run --no-wait -- echo \"$2 $n\"; done; true";
                command.args(["-c", loops, "sh", &(MANY / 3).to_string(), &part.to_string()]);
                std::thread::spawn(move || {
                    let said = command.output().unwrap();
                    let said = String::from_utf8_lossy(&said.stdout).into_owned();
                    let digests = said.split("\"digest\":").skip(1);
                    digests.filter_map(|rest| Some(rest.split('"').nth(1)?.to_owned())).collect()
                })
            })
            .collect();
        let mut expected: BTreeSet<String> = made.into_iter().flat_map(|it| it.join().unwrap()).collect();
        assert_eq!(expected.len(), MANY);
        expected.insert(first.clone());
        kill_process(app, Signal::CONT).unwrap();
        until_so("all of them are counted", || {
            let head = window.all("[data-testid=\"section-waiting\"] h2 em");
            head.first().and_then(|it| it.try_text()).as_deref() == Some("301")
        });
        let listed = waiting(&person);
        assert_eq!(listed.len(), MANY + 1, "none is lost and none is there twice");
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected);
        window.part_saying("document", "the one that is read");
        let current = "return document.querySelector('#queue [aria-current=true]')?.dataset.digest ?? null";
        let selected = window.script(current);
        assert!(selected == *first || selected.is_null(), "{selected}");

        // Far down, what is in view stays where it is while more arrive.
        window.script("document.querySelector('#queue .viewport').scrollTop = 9000;");
        until_so("rows are drawn there", || window.script(IN_VIEW).as_array().is_some_and(|it| it.len() > 3));
        until_so("they stand still", || {
            let before = window.script(IN_VIEW);
            std::thread::sleep(std::time::Duration::from_millis(200));
            before == window.script(IN_VIEW)
        });
        let before = window.script(IN_VIEW);
        propose(&desktop, &["run", "--expires", "1h", "--", "echo", "before all others"]);
        propose(&desktop, &["run", "--expires", "6d", "--", "echo", "after all others"]);
        until_so("they are counted", || {
            let head = window.all("[data-testid=\"section-waiting\"] h2 em");
            head.first().and_then(|it| it.try_text()).as_deref() == Some("303")
        });
        assert_eq!(window.script(IN_VIEW), before);
        // The one before it is opened by its key, which is taken as ever.
        window.press(&[], &["k"]);
        until_so("another one is open", || {
            window.script(current) != *first && !window.script(current).is_null()
        });
        assert!(gate::output(&desktop, &["status"]).status.success());
        person.window.close();
    });
}
