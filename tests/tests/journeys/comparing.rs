//! Both sides of a change in a program of the person's own choice, which gets copies and nothing else; and wide rows
//! in a small window.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Keyboard, Person, sealed};
use serde_json::json;

use crate::{go, open, propose};

/// Writes down what it gets, and ends when it may.
const MELD: &str = "#!/bin/sh\ncd \"$HOME\"\nenv >env\ncat \"$1\" >was\ncat \"$2\" >would\necho \"$#\" \"$1\" \"$2\" \
                    >argv.new\nmv argv.new argv\nwhile [ ! -e end ]; do sleep 0.05; done\n";

fn begin() -> (Desktop, Person) {
    let mut desktop = Desktop::start();
    let bin = desktop.folder("bin");
    fs::write(bin.join("meld"), MELD).unwrap();
    fs::set_permissions(bin.join("meld"), fs::Permissions::from_mode(0o755)).unwrap();
    desktop.set("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").unwrap()));
    desktop.set("SOME_TOKEN", "hunter2");
    let person = Person::begin(&desktop);
    until_so("practice is offered", || person.window.has("coach"));
    person.window.part("practice-end").click();
    (desktop, person)
}

fn propose_change(desktop: &Desktop, name: &str, before: &str, after: &str) -> String {
    let file = desktop.folder("site").join(name);
    fs::write(&file, before).unwrap();
    let request = desktop.path("apply.json");
    fs::write(&request, json!([{ "write": { "path": file, "content": after } }]).to_string()).unwrap();
    propose(desktop, &["apply", &request.to_string_lossy()])
}

#[test]
fn a_chosen_program_gets_copies_of_both_sides_and_they_are_removed() {
    sealed(|| {
        let (desktop, person) = begin();
        let window = &person.window;
        let digest = propose_change(&desktop, ".vimrc", "set one\n", "set two\u{202e}\n");
        open(&person, &digest);
        window.part_saying("document", "two");
        let keys = Keyboard::of(window);
        let page_says = |wanted: &str| {
            until_so(&format!("the page says {wanted:?}"), || window.css("body").text().contains(wanted));
        };
        // Nothing is started that nobody chose.
        keys.press(&[], "o");
        page_says("No program for comparing is chosen.");
        assert!(!desktop.home().join("argv").exists());

        go(&person, "settings");
        window.part("set-compare-meld").click();
        until_so("it is chosen", || {
            window.script("return document.querySelector('[data-testid=set-compare-meld]').checked") == true
        });
        go(&person, "queue");
        open(&person, &digest);
        window.part_saying("document", "two");
        keys.press(&[], "o");
        page_says("Opened in Meld.");
        let read = |name: &str| fs::read_to_string(desktop.home().join(name)).unwrap();
        until_so("it was started", || desktop.home().join("argv").exists());
        assert_eq!((read("was").as_str(), read("would").as_str()), ("set one\n", "set two\u{202e}\n"));
        let argv = read("argv");
        let argv: Vec<_> = argv.trim().split(' ').collect();
        assert!(argv[0] == "2" && argv[1].ends_with("/before-.vimrc") && argv[2].ends_with("/after-.vimrc"));
        assert!(!read("env").contains("hunter2") && read("env").contains("DISPLAY="));

        let copies = desktop.path("run").join("countersign/copies");
        assert_eq!(fs::read_dir(&copies).unwrap().count(), 1);
        fs::write(desktop.home().join("end"), "").unwrap();
        until_so("the copies are removed", || fs::read_dir(&copies).unwrap().count() == 0);
    });
}

#[test]
fn in_a_small_window_wide_rows_take_several_lines_until_one_scrolls_sideways() {
    sealed(|| {
        let (desktop, person) = begin();
        let window = &person.window;
        let wide = format!("let wide = \"{}\"; // end\n", "word ".repeat(14));
        let digest =
            propose_change(&desktop, "a.rs", &wide.repeat(3), &format!("{}let x = 1;\n", wide.repeat(3)));
        open(&person, &digest);
        window.resize(640, 760);
        until_so("the window is small", || window.script("return innerWidth <= 640") == true);
        let keys = Keyboard::of(window);
        let sideways =
            "const it = document.querySelector('.scroller'); return it.scrollWidth > it.clientWidth + 1";
        let heights = "return [...document.querySelectorAll('[data-testid=document] .line')].map((it) => it.offsetHeight)";
        let tall = || window.script(heights).as_array().unwrap().iter().any(|it| it.as_u64() == Some(40));
        until_so("a row has two lines", tall);
        assert_eq!(window.script(sideways), false, "nothing is out of sight");
        assert!(window.has("row") && !window.all("[data-syntax=string]").is_empty());
        keys.press(&[], "w");
        until_so("it scrolls sideways", || window.script(sideways) == true && !tall());
        keys.press(&[], "w");
        until_so("it is wrapped again", || window.script(sideways) == false && tall());
    });
}
