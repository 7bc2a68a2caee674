//! A secret is on the screen only while somebody asks for it, and in nothing that is kept to be read by others.

use std::path::Path;

use countersign_tests::notifications::Daemon;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Keyboard, Person, gate, sealed};

use crate::{data, go, open, propose, row_saying, set_up};

/// Made up, and of the right shape; another one for each number.
fn token(number: usize) -> String {
    let five = ["x7Kq2", "mVt9R", "bW4cZ", "p8LsQ", "h3YdN", "f6GjT"];
    ["glpat", "-", five[number], five[(number + 2) % 6], five[(number + 3) % 6], five[(number + 5) % 6]]
        .concat()
}

/// Files below `folder` that have `text` in them, whatever they are.
fn having(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|it| it.unwrap().path()) {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path)
                && bytes.windows(text.len()).any(|it| it == text.as_bytes())
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// Everything that the page has, drawn or not.
fn page(person: &Person) -> String {
    let all = "return document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((it) => it.value).join()";
    person.window.script(all).as_str().unwrap().to_owned()
}

#[track_caller]
fn nowhere(desktop: &Desktop, person: &Person, daemon: &Daemon, tokens: &[String]) {
    let (page, logs) = (page(person), desktop.logs());
    let shown = format!("{:?}", daemon.shown());
    assert!(!shown.is_empty() && page.len() > 1000 && logs.len() > 100);
    for token in tokens {
        assert!(!page.contains(token), "it is in the page: {token}");
        assert!(!logs.contains(token), "it is in a log: {token}");
        assert!(!shown.contains(token), "it was notified: {token}");
        // The store has the bytes of what is signed, and has to; they are not in it as a text that can be searched.
        for folder in
            [data(desktop).join("app"), desktop.home().join(".cache"), desktop.home().join(".config")]
        {
            assert_eq!(having(&folder, token), [""; 0], "{token}");
        }
    }
}

#[test]
fn a_planted_secret_is_drawn_when_asked_for_and_told_nowhere() {
    sealed(|| {
        let (desktop, person) = set_up();
        let daemon = Daemon::instead(&desktop);
        let tokens: Vec<String> = (0..5).map(token).collect();
        let target = desktop.path(&format!("notes-{}.txt", tokens[1]));
        let source = desktop.path("draft.txt");
        let text = format!("# How the job signs in\ntoken = {}\nretries = 3\n", tokens[0]);
        std::fs::write(&source, &text).unwrap();
        let write = format!("{}={}", target.display(), source.display());
        let (asked, because) = (format!("use {}", tokens[3]), format!("{} still works", tokens[4]));
        let words = [
            "apply",
            "--write",
            &write,
            "--calls-itself",
            &tokens[2],
            "--asked",
            &asked,
            "--because",
            &because,
        ];
        let digest = propose(&desktop, &words);
        row_saying(&person, &digest, "blocking finding");
        until_so("it was notified", || !daemon.shown().is_empty());
        nowhere(&desktop, &person, &daemon, &tokens);
        open(&person, &digest);
        person.window.part_saying("findings", "blocking left");
        nowhere(&desktop, &person, &daemon, &tokens);

        // What is shown to an agent or on a terminal names it, too.
        let shown = gate::output(&desktop, &["show", &digest]);
        let said =
            format!("{}{}", String::from_utf8_lossy(&shown.stdout), String::from_utf8_lossy(&shown.stderr));
        assert!(said.len() > 200, "{said}");
        for token in &tokens {
            assert!(!said.contains(token.as_str()), "{said}");
        }

        // It cannot be acknowledged unseen, is drawn by its key, and only it.
        let keys = Keyboard::of(&person.window);
        person.unlock();
        let card = (1..10)
            .map(|it| format!("#finding-{it}"))
            .find(|it| person.window.css(it).text().contains("line 2"))
            .unwrap();
        until_so("it is the one that is looked at", || {
            keys.press(&[], "n");
            !person.window.all(&format!("{card}[aria-current=\"true\"]")).is_empty()
        });
        assert!(person.window.all(&format!("{card} [data-testid=acknowledge]")).is_empty());
        keys.press(&[], "x");
        until_so("it is drawn", || page(&person).contains(&tokens[0]));
        let drawn = page(&person);
        let others: Vec<_> = tokens[1..].iter().filter(|it| drawn.contains(it.as_str())).collect();
        assert!(others.is_empty(), "{others:?}");
        keys.press(&[], "x");
        until_so("it is masked again", || !page(&person).contains(&tokens[0]));

        // Each that blocks: looked at, revealed, acknowledged.
        until_so("nothing is left", || {
            let left = person.window.all("[data-finding][data-severity=blocking]:not(.done)");
            let Some(first) = left.first().and_then(|it| it.try_attribute("data-finding")) else {
                return true;
            };
            let card = format!("[data-finding=\"{first}\"]");
            if person.window.all(&format!("{card}[aria-current=\"true\"]")).is_empty() {
                keys.press(&[], "n");
            } else if !person.window.all(&format!("{card} [data-reason]")).is_empty() {
                keys.press(&[], "1");
            } else if person.window.all(&format!("{card} [data-testid=acknowledge]")).is_empty() {
                keys.press(&[], "x");
            } else {
                keys.press(&[], "a");
            }
            false
        });
        assert!(!target.exists());
        person.approve_by_key();
        assert_eq!(person.receipt(), ["done"]);
        assert_eq!(std::fs::read_to_string(&target).unwrap(), text);
        until_so("it is masked again", || tokens.iter().all(|it| !page(&person).contains(it.as_str())));
        nowhere(&desktop, &person, &daemon, &tokens);

        // Whoever looks for it finds nothing by it, and finds the rest.
        go(&person, "activity");
        person.window.part("activity-query").type_text("retries");
        until_so("it is found by its other words", || person.window.has("activity-row"));
        person.window.part("activity-query").replace_text(&tokens[0]);
        until_so("it is not found by its secret", || !person.window.has("activity-row"));
        person.window.part("activity-query").replace_text("retries");
        until_so("it is there by them", || person.window.has("activity-row"));
        nowhere(&desktop, &person, &daemon, &tokens);
        person.close();
        for token in &tokens {
            assert!(!desktop.logs().contains(token.as_str()));
        }
    });
}

#[test]
fn what_is_no_secret_here_is_none_here_alone_and_taken_back_in_the_settings() {
    sealed(|| {
        let (desktop, person) = set_up();
        let text = format!("token = {}\n", token(0));
        let source = desktop.path("draft.txt");
        std::fs::write(&source, &text).unwrap();
        let write = |name: &str| {
            let write = format!("{}={}", desktop.path(name).display(), source.display());
            propose(&desktop, &["apply", "--write", &write])
        };
        let (here, there) = (write("here.conf"), write("there.conf"));
        open(&person, &here);
        person.window.part_saying("findings", "blocking left");
        assert!(!person.window.has("no-secret"), "who did not see it cannot know");
        person.window.part("reveal").click();
        until_so("it is drawn", || page(&person).contains(&token(0)));
        // Nobody answers for what they only just saw.
        std::thread::sleep(std::time::Duration::from_millis(1500));
        person.window.part("no-secret").wait_enabled().click();
        person.window.part_saying("findings", "none blocking");
        until_so("what is no secret is not hidden", || page(&person).contains(&token(0)));
        open(&person, &there);
        person.window.part_saying("findings", "blocking left");
        assert!(!page(&person).contains(&token(0)));

        // Nothing else is asked, and the gate takes it: the decision says that it is none.
        open(&person, &here);
        person.window.part_saying("findings", "none blocking");
        person.unlock();
        person.approve();
        assert_eq!(person.receipt(), ["done"]);
        assert_eq!(std::fs::read_to_string(desktop.path("here.conf")).unwrap(), text);

        go(&person, "settings");
        person.window.part_saying("no-secrets", "here.conf");
        person.window.part("secret-again").click();
        until_so("it is listed no more", || !person.window.has("no-secrets"));

        // Names of one's own are found from the next sheet on.
        person.window.part("own-names").type_text("Project Larch");
        person.window.part("keep-names").click();
        until_so("they are kept", || {
            !person.window.all("[data-testid=keep-names][aria-disabled=true]").is_empty()
        });
        std::fs::write(&source, "project larch begins on Monday\n").unwrap();
        let named = write("plan.txt");
        go(&person, "queue");
        open(&person, &named);
        person.window.part_saying("findings", "Name from your list");
        person.close();
    });
}
